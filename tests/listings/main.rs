//! Listings over a socket: every style of paging, what goes wrong with each, and where it goes on.

mod ahead;
mod changes;
mod fan_out;
mod guards;
mod logs;
mod resume;
mod server;
mod styles;
