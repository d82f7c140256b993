//! The public API as a caller uses it: handles, listings, errors and what is sent for an argument.

#[path = "../support/mod.rs"]
mod support;

mod errors;
mod guide;
mod handles;
mod listings;
mod misleading_responses;
mod outcomes_below_repository;
mod outcomes_repository;
mod properties;
