//! The schemas of the API. Written by the build (`build/write/types.rs`) from `overlay/`.

use super::{decode, encode, sparse};

include!(concat!(env!("OUT_DIR"), "/types.rs"));
