//! The schemas of the API. Written by the build (`build/write/types.rs`) from `overlay/`.

use super::{decode, encode};

include!(concat!(env!("OUT_DIR"), "/types.rs"));
