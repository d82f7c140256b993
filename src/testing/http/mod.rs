//! The HTTP side of the sandbox: receives requests, finds their operation, and writes as Quay does
//! what the state returns.
//!
//! ```text
//! listener.rs     connections, faults, scripted responses
//! routes/         a file for each area of the API: parses requests, asks the state, shows rows
//! api_request.rs  a request of an operation, and its JSON body
//! access.rs       the caller, and what the path of a request names, checked by the state
//! basic_auth.rs   user name and password in a header
//! go_registry.rs  the registry in Go, which has routes and errors of its own
//! federation.rs   the exchange of an identity token, which is no operation of the API
//! request_log.rs  the requests that were received, as many as fit
//! state_error.rs  which error response an error of the state becomes
//! ```

pub mod access;
pub mod api_request;
mod basic_auth;
pub mod error_response;
mod federation;
mod go_registry;
pub mod listener;
mod missing_route;
pub mod recorded_request;
pub mod request_log;
pub mod response;
pub mod routes;
pub mod state_error;
