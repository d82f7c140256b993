//! The defaults and limits of a client.
//!
//! Each number is written once, in [`default!`]. The constants below use it, and so does the
//! documentation of the builders, with
//! `#[doc = concat!(…, default!(attempt_timeout_secs), …)]`.

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
    // As those of reqwest for TCP, and together shorter than the read time-out.
    (http2_ping_interval_secs) => {
        15
    };
    (http2_ping_timeout_secs) => {
        15
    };
    // Quay needs long for some responses, such as the logs of a busy organization.
    (attempt_timeout_secs) => {
        120
    };
    (operation_timeout_secs) => {
        300
    };
    // Over HTTP/1.1, each needs its own connection.
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
pub(crate) const HTTP2_PING_INTERVAL: Duration =
    Duration::from_secs(default!(http2_ping_interval_secs));
pub(crate) const HTTP2_PING_TIMEOUT: Duration =
    Duration::from_secs(default!(http2_ping_timeout_secs));
/// The limit for the headers of a response over HTTP/2, in bytes. hyper's own, 16 KiB, is less than
/// it allows over HTTP/1.1.
pub(crate) const MAX_HTTP2_HEADERS: u32 = 128 * 1024;
pub(crate) const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(default!(attempt_timeout_secs));
pub(crate) const OPERATION_TIMEOUT: Duration =
    Duration::from_secs(default!(operation_timeout_secs));

/// The maximum time that a check of the server, such as reading its discovery document, adds to a
/// call.
pub(crate) const MAX_CHECK_WAIT: Duration = Duration::from_secs(10);

pub(crate) const MAX_IN_FLIGHT: usize = default!(max_in_flight);
pub(crate) const MAX_RESPONSE_SIZE: usize = default!(max_response_mib) * 1024 * 1024;
/// The limit for the body of an error response, and for a body whose content is not needed.
pub(crate) const MAX_ERROR_BODY: usize = default!(max_error_body_kib) * 1024;

pub(crate) const MAX_ATTEMPTS: u32 = default!(max_attempts);
pub(crate) const INITIAL_BACKOFF: Duration = Duration::from_millis(default!(initial_backoff_ms));
pub(crate) const MAX_BACKOFF: Duration = Duration::from_secs(default!(max_backoff_secs));
pub(crate) const RETRY_BUDGET: u32 = default!(retry_budget);
pub(crate) const SUCCESSES_PER_RETRY: u32 = default!(successes_per_retry);
