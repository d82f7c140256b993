//! The client on real sockets: requests, retries, faults of a server and of the network, and what
//! traces and other output show.

#[path = "../support/mod.rs"]
mod support;

mod connections;
mod faults;
mod origins;
mod redirects;
mod retries;
mod secrets;
mod token_sources;
mod tracing;
mod transport;
