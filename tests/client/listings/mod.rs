//! Listings over a socket: every paging style, its faults, and resuming.

mod ahead;
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
