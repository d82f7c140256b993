//! The sandbox's HTTP side: receives requests, finds their operation, and writes what the state
//! says as Quay does.

pub mod call;
pub mod listener;
pub mod recorded_request;
pub mod refusal;
pub mod response;
pub mod router;
pub mod routes;
pub mod server;
