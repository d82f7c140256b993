//! The rules of retries: the failures that are retried, and the waits.

use super::retry_after::retry_after;
use crate::client::defaults::{self, default};
use crate::error::{Delivery, Error, ErrorKind};
use crate::operation::{Idempotency, Operation};
use std::fmt;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Arc;
use std::time::Duration;

/// The factor of the back-off after a 429 without `Retry-After`.
const THROTTLED_FACTOR: u32 = 4;

/// The number of attempts of a call, and the waits between them.
///
/// [`QuayBuilder::retry`](crate::QuayBuilder::retry) sets the policy of a client.
///
/// # Retried requests
///
/// | failure | did the request take effect? | read | [idempotent] write | other write |
/// | --- | --- | --- | --- | --- |
/// | nothing was sent: the client could not connect, or the connection was closed before | no | retried | retried | retried |
/// | an HTTP/2 server reported that it did not process the request | no | retried, see [below](#connections-that-end) | retried | retried |
/// | status 429 | no, because the server rejected it | sent again, see [below](#rate-limits) | sent again | sent again |
/// | no response: the connection broke, or a time-out expired | unknown | retried | retried | **never retried** |
/// | status 408, 502, 503 or 504 of a proxy, or 520: a service behind the server failed | unknown | retried | retried | **never retried** |
/// | a success, but the connection broke before the end of its body | yes, according to the status | retried | **never retried** | **never retried** |
/// | a success whose body can't be read: it is truncated, a web page, or empty although it must not be | unknown | retried | **never retried** | **never retried** |
/// | status 500 | unknown | not retried | not retried | not retried |
/// | a success whose body has another type, or exceeds the limits of the client | unknown | not retried | not retried | not retried |
/// | another error response, or a redirect that is not followed | no, because the server rejected it | not retried | not retried | not retried |
/// | a certificate that is not trusted, or an invalid argument | no | not retried | not retried | not retried |
///
/// **A request that may have reached the server and is not idempotent is never sent again.**
/// Examples are the creation of a resource, a new token, the start of a build or a synchronization,
/// and requests that send an e-mail. If an attempt of a write is in a row with "unknown" or "yes",
/// [`Error::may_have_been_done`] is true. It is also true after a redirect with a status other than
/// 307 or 308.
///
/// A retry does not help after status 500, which Quay also sends for some invalid input. Nor does
/// it help after status 503 of Quay itself, which means that the registry or the repository is
/// read-only.
///
/// A `DELETE` is idempotent. If its response is lost and it is sent again, the server may report
/// that the resource does not exist. The error is then one for which both
/// [`is_not_found`](Error::is_not_found) and [`may_have_been_done`](Error::may_have_been_done) are
/// true.
///
/// [`retry_if`](Self::retry_if) adds retries for other errors.
///
/// # Waits
///
/// The wait before a retry is random, between zero and a bound. The bound starts at
/// [`initial_backoff`](Self::initial_backoff), and doubles with each attempt until it reaches
/// [`max_backoff`](Self::max_backoff). If the server requests a wait with `Retry-After`, in seconds
/// or as a date, the client waits at least that long, but not longer than `max_backoff`.
///
/// # Rate limits
///
/// A request that the server rejected with status 429 had no effect. The call waits for its turn
/// and sends the request again, until the server accepts it or the operation time-out expires. This
/// counts neither as an attempt nor as a retry of the budget. The calls of a client and its clones
/// wait in one queue, in the order in which they were made, and a rejected call keeps its place.
/// The rate of requests adapts to the server: see
/// [`requests_per_second`](crate::QuayBuilder::requests_per_second).
///
/// Quay sends no `Retry-After` with a 429. If a proxy sends one, all calls wait for that time, but
/// not longer than [`max_backoff`](Self::max_backoff). A call whose operation time-out expires
/// earlier returns its error without waiting. Some responses with status 429 are from Quay
/// itself, for too many queued builds or too many failed sign-ins. They only affect that call,
/// which waits with the back-off above.
///
/// If the operation time-out expires, the error has the kind
/// [`RateLimited`](ErrorKind::RateLimited), and its message contains the number of responses with
/// status 429. A call without an operation time-out waits for
#[doc = concat!(default!(operation_timeout_secs), " seconds after the first one.")]
/// If only one attempt is allowed ([`never`](Self::never)), the first 429 is the result of the
/// call.
///
/// # Connections that end
///
/// An HTTP/2 server that closes a connection, for example because it is restarted, does not process
/// the newest requests on it. A server may also refuse requests that exceed its limit of concurrent
/// requests. Up to six such attempts of a call count neither as attempts nor as retries of the
/// budget.
///
/// # Limits
///
/// A retry is not made if it would begin after the
/// [operation time-out](crate::QuayBuilder::operation_timeout) of the call, or if the client's
/// [`budget`](Self::budget) is exhausted. The call then returns its error without waiting.
///
/// # Examples
///
/// ```
/// use quay_api::{Quay, RetryPolicy};
/// use std::time::Duration;
///
/// let policy = RetryPolicy::new().max_attempts(6).initial_backoff(Duration::from_millis(500));
/// let quay = Quay::builder().retry(policy).build()?;
/// # Ok::<(), quay_api::Error>(())
/// ```
///
/// [idempotent]: crate::Operation::is_idempotent
#[derive(Clone)]
#[must_use]
pub struct RetryPolicy {
    pub(super) max_attempts: u32,
    budget: u32,
    initial_backoff: Duration,
    max_backoff: Duration,
    jitter: Option<Arc<dyn Fn() -> f64 + Send + Sync>>,
    retry_if: Option<RetryCondition>,
}

/// The caller's own condition for a retry.
type RetryCondition = Arc<dyn Fn(&RetryContext<'_>) -> bool + Send + Sync>;

/// A failed attempt, for [`RetryPolicy::retry_if`].
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct RetryContext<'a> {
    /// The error of the attempt. Its methods about the whole call, such as
    /// [`attempts`](Error::attempts), do not return the final values yet: use the other fields.
    pub error: &'a Error,
    /// The operation; `None` for [`Quay::request`](crate::Quay::request).
    pub operation: Option<&'static Operation>,
    /// The number of attempts so far, at least 1.
    pub attempts: u32,
    /// The time since the start of the call.
    pub elapsed: Duration,
}

impl fmt::Debug for RetryPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryPolicy")
            .field("max_attempts", &self.max_attempts)
            .field("budget", &self.budget)
            .field("initial_backoff", &self.initial_backoff)
            .field("max_backoff", &self.max_backoff)
            .finish_non_exhaustive()
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::new()
    }
}

impl RetryPolicy {
    /// Returns the default policy:
    #[doc = concat!(default!(max_attempts), " attempts,")]
    #[doc = concat!("an initial back-off of ", default!(initial_backoff_ms), " ms,")]
    #[doc = concat!("a maximum back-off of ", default!(max_backoff_secs), " seconds,")]
    #[doc = concat!("and a budget of ", default!(retry_budget), " retries.")]
    pub fn new() -> Self {
        Self {
            max_attempts: defaults::MAX_ATTEMPTS,
            budget: defaults::RETRY_BUDGET,
            initial_backoff: defaults::INITIAL_BACKOFF,
            max_backoff: defaults::MAX_BACKOFF,
            jitter: None,
            retry_if: None,
        }
    }

    /// Returns a policy without retries, with which every request is sent once.
    pub fn never() -> Self {
        Self {
            max_attempts: 1,
            ..Self::new()
        }
    }

    /// Sets the maximum number of attempts of a call, including the first.
    ///
    /// The value 0 is treated as 1.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// Sets the upper bound of the wait before the second attempt.
    pub fn initial_backoff(mut self, wait: Duration) -> Self {
        self.initial_backoff = wait;
        self
    }

    /// Sets the upper bound of every wait, which also limits the waits that the server requests.
    pub fn max_backoff(mut self, wait: Duration) -> Self {
        self.max_backoff = wait;
        self
    }

    /// Sets the number of retries that the client and its clones may make,
    #[doc = concat!("in addition to one for every ", default!(successes_per_retry), " successful calls.")]
    ///
    /// When the budget is exhausted, calls are not retried until others have succeeded. A server
    /// that is down then receives no more requests than without retries.
    pub fn budget(mut self, retries: u32) -> Self {
        self.budget = retries;
        self
    }

    /// Sets a condition for additional retries, of failures that the table above does not retry.
    ///
    /// The condition can't prevent retries. It is only evaluated if a retry does no harm: for
    /// reads, for idempotent writes, and for other writes that the server rejected. **A write that
    /// is not idempotent and may have taken effect is never sent again**, whatever the condition
    /// returns. The number of attempts, the waits, the budget and the operation time-out apply as
    /// to all retries.
    ///
    /// # Examples
    ///
    /// ```
    /// use quay_api::{Quay, RetryPolicy};
    ///
    /// // This server sometimes rejects a valid token.
    /// let policy = RetryPolicy::new()
    ///     .retry_if(|failed| failed.error.is_unauthenticated() && failed.attempts == 1);
    /// let quay = Quay::builder().token("a-token").retry(policy).build()?;
    /// # Ok::<(), quay_api::Error>(())
    /// ```
    pub fn retry_if(
        mut self,
        condition: impl Fn(&RetryContext<'_>) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.retry_if = Some(Arc::new(condition));
        self
    }

    /// Returns true if the caller's condition allows a retry and the retry does no harm.
    pub(super) fn is_wanted(&self, idempotency: Idempotency, failed: &RetryContext<'_>) -> bool {
        let is_harmless =
            idempotency != Idempotency::NonIdempotent || !may_have_taken_effect(failed.error);
        is_harmless && self.retry_if.as_ref().is_some_and(|wants| wants(failed))
    }

    /// Sets the source of the random part of waits, which returns a number from 0 to 1.
    ///
    /// It is for tests: with `|| 1.0` each wait is the whole bound, with `|| 0.0` the minimum.
    pub fn jitter_from(mut self, source: impl Fn() -> f64 + Send + Sync + 'static) -> Self {
        self.jitter = Some(Arc::new(source));
        self
    }

    /// Returns the number of retries in a full budget.
    pub(crate) fn retry_budget(&self) -> u32 {
        self.budget
    }

    /// Returns the wait that the server requests, up to the maximum.
    ///
    /// It is slightly longer than requested, so that the clients do not all send at the same time.
    pub(super) fn requested_wait(&self, error: &Error) -> Option<Duration> {
        let wait = retry_after(error)?.min(self.max_backoff);
        let later = self.random_part(self.initial_backoff.min(wait));
        Some(wait.saturating_add(later).min(self.max_backoff))
    }

    /// Returns the wait after a failed attempt. The number of the first attempt is 1.
    pub(super) fn wait(&self, attempt: u32, error: &Error) -> Duration {
        let requested = retry_after(error).map(|wait| wait.min(self.max_backoff));
        let is_throttled = requested.is_none() && error.kind() == ErrorKind::RateLimited;
        let first = if is_throttled {
            self.initial_backoff.saturating_mul(THROTTLED_FACTOR)
        } else {
            self.initial_backoff
        };
        let bound = first
            .saturating_mul(2_u32.saturating_pow(attempt.saturating_sub(1)))
            .min(self.max_backoff);
        match requested {
            // Slightly longer than requested, so that the clients do not all send at the same time.
            Some(wait) => wait
                .saturating_add(self.random_part(bound.min(wait)))
                .min(self.max_backoff.max(wait)),
            None if is_throttled => bound / 2 + self.random_part(bound / 2),
            None => self.random_part(bound),
        }
    }

    fn random_part(&self, bound: Duration) -> Duration {
        let share = match &self.jitter {
            Some(source) => source(),
            // Retries are rare, so the standard library's source of randomness is fast enough.
            None => RandomState::new().build_hasher().finish() as f64 / u64::MAX as f64,
        };
        // `clamp` returns NaN for NaN, and `mul_f64` would then panic.
        if share.is_nan() {
            Duration::ZERO
        } else {
            bound.mul_f64(share.clamp(0.0, 1.0))
        }
    }
}

/// Returns true if a call that failed with this error may be sent again.
pub(super) fn may_retry(idempotency: Idempotency, error: &Error) -> bool {
    let is_safe = idempotency == Idempotency::Safe;
    let is_idempotent = idempotency != Idempotency::NonIdempotent;
    match (error.delivery(), error.kind()) {
        (Delivery::NotSent, kind) => matches!(kind, ErrorKind::Connection | ErrorKind::Timeout),
        (Delivery::Unknown, kind) => {
            is_idempotent
                && matches!(
                    kind,
                    // The retry uses a connection in a runtime that is running.
                    ErrorKind::Connection | ErrorKind::Timeout | ErrorKind::Cancelled
                )
        }
        (Delivery::Responded, ErrorKind::RateLimited) => true,
        (Delivery::Responded, ErrorKind::Unavailable | ErrorKind::Downstream) => is_idempotent,
        // A success, but the connection broke before the end of its body.
        (Delivery::Responded, ErrorKind::Connection | ErrorKind::Timeout) => is_safe,
        // A success whose body is truncated, empty or a web page.
        (Delivery::Responded, ErrorKind::InvalidResponse) => is_safe && error.is_unreadable(),
        (Delivery::Responded, _) => false,
    }
}

/// Returns true for a 429 of Quay itself: too many queued builds, or too many failed sign-ins.
///
/// Other responses with status 429 are from the rate limit of a proxy. A lower rate of requests
/// would not help with a limit of Quay itself.
pub(super) fn is_limit_of_operation(error: &Error) -> bool {
    let message = error.message().to_ascii_lowercase();
    ["queued build", "login attempts"]
        .iter()
        .any(|part| message.contains(part))
}

/// Returns true if a write may have taken effect although it failed with this error.
pub(super) fn may_have_taken_effect(error: &Error) -> bool {
    match error.delivery() {
        Delivery::NotSent => false,
        Delivery::Unknown => true,
        // 307 and 308 mean that the request was not processed. The other redirects may be responses
        // to a write that took effect.
        Delivery::Responded if error.kind() == ErrorKind::Redirected => {
            !matches!(error.status(), None | Some(307 | 308))
        }
        Delivery::Responded => matches!(
            error.kind(),
            ErrorKind::Unavailable
                | ErrorKind::Downstream
                | ErrorKind::Server
                | ErrorKind::Connection
                | ErrorKind::Timeout
                | ErrorKind::InvalidResponse
                | ErrorKind::ResponseTooLarge
                | ErrorKind::Other
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Response;
    use bytes::Bytes;
    use http::{HeaderMap, HeaderValue, StatusCode, header};

    fn error_response(status: StatusCode, headers: &[(header::HeaderName, &'static str)]) -> Error {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| (name.clone(), HeaderValue::from_static(value)))
            .collect();
        Error::from_response(Response {
            status,
            headers,
            body: Bytes::from_static(b"<html>"),
        })
    }

    /// Returns the shortest and the longest wait, in milliseconds.
    fn range(attempt: u32, error: &Error) -> [u128; 2] {
        [0.0, 1.0].map(|share| {
            RetryPolicy::new()
                .jitter_from(move || share)
                .wait(attempt, error)
                .as_millis()
        })
    }

    #[test]
    fn the_bound_doubles_up_to_the_maximum() {
        let error = error_response(StatusCode::BAD_GATEWAY, &[]);
        assert_eq!(
            [1, 2, 3, 8].map(|attempt| range(attempt, &error)),
            [[0, 250], [0, 500], [0, 1000], [0, 20_000]]
        );
        assert_eq!(range(u32::MAX, &error), [0, 20_000]);
    }

    #[test]
    fn waits_longer_if_throttled_without_retry_after() {
        let error = error_response(StatusCode::TOO_MANY_REQUESTS, &[]);
        assert_eq!(
            [1, 2, 3].map(|attempt| range(attempt, &error)),
            [[500, 1000], [1000, 2000], [2000, 4000]]
        );
    }

    #[test]
    fn waits_at_least_for_retry_after_up_to_the_maximum() {
        let after = |value| {
            error_response(
                StatusCode::TOO_MANY_REQUESTS,
                &[(header::RETRY_AFTER, value)],
            )
        };
        assert_eq!(range(1, &after("2")), [2000, 2250]);
        assert_eq!(range(1, &after("3600")), [20_000, 20_000]);
        assert_eq!(
            range(1, &after("99999999999999999999999999")),
            [20_000, 20_000]
        );
        let date = (
            "Wed, 21 Oct 2015 07:28:00 GMT",
            "Wed, 21 Oct 2015 07:28:05 GMT",
        );
        let error = error_response(
            StatusCode::SERVICE_UNAVAILABLE,
            &[(header::DATE, date.0), (header::RETRY_AFTER, date.1)],
        );
        assert_eq!(range(1, &error), [5000, 5250]);
    }

    #[test]
    fn clamps_invalid_random_numbers() {
        let error = error_response(StatusCode::BAD_GATEWAY, &[]);
        for share in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 7.0] {
            assert!(
                RetryPolicy::new()
                    .jitter_from(move || share)
                    .wait(1, &error)
                    <= Duration::from_millis(250)
            );
        }
        let waits: Vec<_> = (0..50)
            .map(|_| RetryPolicy::new().wait(3, &error))
            .collect();
        assert!(
            waits.iter().all(|w| *w <= Duration::from_secs(1))
                && waits.iter().any(|w| w != &waits[0]),
            "{waits:?}"
        );
    }
}
