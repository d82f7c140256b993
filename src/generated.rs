//! The generated client: `build/codegen/client.rs` writes its methods.

#![allow(missing_docs, dead_code, unused, rustdoc::all, clippy::all)]

use crate::http::generated_runtime::{self as progenitor_client, OperationRequest};
use crate::http::generated_runtime::{encode_path, encode_segments};

pub(crate) use crate::http::generated_runtime::Client;

include!(concat!(env!("OUT_DIR"), "/client.rs"));
