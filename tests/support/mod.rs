//! The support module of the tests: servers that misbehave on real sockets, and what several test
//! binaries share. The servers share no code with the crate, nor with its own sandbox.

// Each binary that has this module uses a part of it.
#![allow(dead_code)]

pub mod calls;
pub mod frames;
pub mod http2;
pub mod leaky_bucket;
pub mod process;
pub mod proxy;
pub mod server;
pub mod tls;

use quay_api::testing::{RecordedRequest, Sandbox};

/// Returns the newest request that a sandbox received.
#[track_caller]
pub fn last_request(sandbox: &Sandbox) -> RecordedRequest {
    sandbox.requests().pop().expect("a request was received")
}
