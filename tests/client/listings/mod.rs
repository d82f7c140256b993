//! Listings over a socket: every style of paging, what goes wrong with each, and where it goes on.

mod ahead;
mod cancellation;
mod changes;
mod fan_out;
mod generic;
mod guards;
mod hostile;
mod joins;
mod logs;
pub mod pages;
mod raw_server;
mod resume;
mod runtimes;
mod styles;
