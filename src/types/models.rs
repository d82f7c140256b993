//! The schemas of the API. Written by the build (`build/codegen/types.rs`) from `overlay/`.

use crate::json::{decode, encode, sparse};

include!(concat!(env!("OUT_DIR"), "/types.rs"));
