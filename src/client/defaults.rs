//! The defaults and limits of a client.
//!
//! Each number is written once, in [`default!`]: the constants below take it from there, and so
//! does the documentation of builders, by `#[doc = concat!(…, default!(attempt_timeout_secs), …)]`.
//! A test compares the guide's table with the constants.

use std::time::Duration;

/// Expands to the literal of a default.
macro_rules! default {
    (base_url) => {
        "https://quay.io"
    };
    (connect_timeout_secs) => {
        10
    };
    (read_timeout_secs) => {
        60
    };
    // Some responses, such as the logs of a busy organization, take Quay long.
    (attempt_timeout_secs) => {
        120
    };
    (operation_timeout_secs) => {
        300
    };
    // Over HTTP/1.1, each is a connection of its own.
    (max_in_flight) => {
        100
    };
    // The largest responses, security reports, have some MiB.
    (max_response_mib) => {
        64
    };
    (max_error_body_kib) => {
        64
    };
    (max_attempts) => {
        4
    };
    (initial_backoff_ms) => {
        250
    };
    (max_backoff_secs) => {
        20
    };
    (retry_budget) => {
        50
    };
    (successes_per_retry) => {
        10
    };
}

pub(crate) use default;

pub(crate) const BASE_URL: &str = default!(base_url);

pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_secs(default!(connect_timeout_secs));
pub(crate) const READ_TIMEOUT: Duration = Duration::from_secs(default!(read_timeout_secs));
pub(crate) const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(default!(attempt_timeout_secs));
pub(crate) const OPERATION_TIMEOUT: Duration =
    Duration::from_secs(default!(operation_timeout_secs));

pub(crate) const MAX_IN_FLIGHT: usize = default!(max_in_flight);
pub(crate) const MAX_RESPONSE_SIZE: usize = default!(max_response_mib) * 1024 * 1024;
/// The limit for the body of an error response, and for one whose content is not needed.
pub(crate) const MAX_ERROR_BODY: usize = default!(max_error_body_kib) * 1024;

pub(crate) const MAX_ATTEMPTS: u32 = default!(max_attempts);
pub(crate) const INITIAL_BACKOFF: Duration = Duration::from_millis(default!(initial_backoff_ms));
pub(crate) const MAX_BACKOFF: Duration = Duration::from_secs(default!(max_backoff_secs));
pub(crate) const RETRY_BUDGET: u32 = default!(retry_budget);
pub(crate) const SUCCESSES_PER_RETRY: u32 = default!(successes_per_retry);
