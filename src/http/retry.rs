//! Retries: which failures are retried, and after which wait.

use super::retry_after::retry_after;
use crate::client::defaults::{self, default};
use crate::error::{Delivery, Error, ErrorKind};
use crate::operation::{Idempotency, Operation};
use std::fmt;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Arc;
use std::time::Duration;

/// The back-off after a 429 without `Retry-After`, as a multiple of the usual one.
const THROTTLED_FACTOR: u32 = 4;

/// The number of attempts of a call, and the waits between them. Set with
/// [`QuayBuilder::retry`](crate::QuayBuilder::retry).
///
/// # What is sent again
///
/// | what happened | was it done? | reads | [idempotent] writes | other writes |
/// | --- | --- | --- | --- | --- |
/// | nothing was sent: no connection, or it was closed before the request went out | certainly not | yes | yes | yes |
/// | 429: the request was turned away before it did anything | no, as the server says | yes, as no attempt | yes, as no attempt | yes, as no attempt |
/// | no response: the connection broke, or it took too long | unknown | yes | yes | **never** |
/// | 408, 502, 503 and 504 of a proxy; 520, a service behind the server failed | unknown | yes | yes | **never** |
/// | a success whose body broke off | yes, as the status says | yes | **never** | **never** |
/// | a success that can't be read: empty where it must not be, cut off, a web page | unknown | yes | **never** | **never** |
/// | 500 | unknown | never | never | never |
/// | a success of another type, or longer than the client reads | unknown | never | never | never |
/// | other error responses, redirects to elsewhere | no, as the server says | never | never | never |
/// | a certificate that is not accepted, an argument that is invalid | certainly not | never | never | never |
///
/// So **a request that may have reached the server and is not idempotent is never sent again**:
/// creating, regenerating a token, starting a build, sync now, whatever sends mail.
/// [`Error::may_have_been_done`] is true for a write in each row that says "unknown" or "yes", in
/// this attempt or an earlier one.
///
/// Waiting does not help after 500, which Quay gives for bad input, too, nor after 503 as Quay
/// itself says it: the registry or the repository takes no writes.
///
/// A `DELETE` is idempotent: if its response is lost and it is sent again, the server may say that
/// there is nothing to delete. That is reported as it is, [`is_not_found`](Error::is_not_found)
/// with [`may_have_been_done`](Error::may_have_been_done).
///
/// The caller adds other errors with [`retry_if`](Self::retry_if).
///
/// # How long is waited
///
/// A random time between nothing and a bound that starts at
/// [`initial_backoff`](Self::initial_backoff) and doubles with each attempt up to
/// [`max_backoff`](Self::max_backoff). What the server asks for with `Retry-After`, in seconds or
/// as a date, is waited at least, up to the same maximum.
///
/// # Rate limits
///
/// A call that is refused with 429 did nothing. It waits for its turn and is sent again, until it
/// is let through or its time is over; that uses no attempt and no budget. The calls of a client
/// and its clones queue in the order in which they came, a refused one keeps its place, and the
/// rate at which they are sent follows what the server lets through: see
/// [`requests_per_second`](crate::QuayBuilder::requests_per_second). Quay's 429 does not say how
/// long to wait; if a proxy's does (`Retry-After`), all calls wait so long, up to
/// [`max_backoff`](Self::max_backoff). A 429 of Quay itself (too many builds that wait, too many
/// failed sign-ins) concerns its operation only, and is waited for with back-off.
///
/// A call whose time is over is [`RateLimited`](ErrorKind::RateLimited), with the number of
/// refusals in its message. Its operation time-out bounds the wait; a call without one waits for
#[doc = concat!(default!(operation_timeout_secs), " seconds after its first refusal.")]
/// With a single attempt ([`never`](Self::never)), the first 429 is the result.
///
/// # Limits
///
/// A retry is not made if its wait would outlive the call's
/// [operation time-out](crate::QuayBuilder::operation_timeout), or if the client's
/// [`budget`](Self::budget) is spent: the call fails at once.
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
    /// The error of the attempt. What belongs to the whole call is not in it yet: see the other
    /// fields.
    pub error: &'a Error,
    /// The operation; `None` for [`Quay::request`](crate::Quay::request).
    pub operation: Option<&'static Operation>,
    /// The number of attempts so far, at least one.
    pub attempts: u32,
    /// The time since the call began.
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

    /// Returns a policy without retries: every call is sent once.
    pub fn never() -> Self {
        Self {
            max_attempts: 1,
            ..Self::new()
        }
    }

    /// Sets the maximum number of attempts of a call, including the first. Zero counts as one.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// Sets the upper bound of the wait before the second attempt.
    pub fn initial_backoff(mut self, wait: Duration) -> Self {
        self.initial_backoff = wait;
        self
    }

    /// Sets the upper bound of every wait, whatever the server asks for.
    pub fn max_backoff(mut self, wait: Duration) -> Self {
        self.max_backoff = wait;
        self
    }

    /// Sets how many retries the client and its clones may make
    #[doc = concat!("beyond one for every ", default!(successes_per_retry), " calls that succeed.")]
    /// Once they are used up, calls fail without a retry until others have succeeded: a server that
    /// is down gets no more requests than it would without retries.
    pub fn budget(mut self, retries: u32) -> Self {
        self.budget = retries;
        self
    }

    /// Sets a condition for further retries: of what the table above does not retry. It can add
    /// retries, and take none away.
    ///
    /// It is asked only where a repetition does no harm: for reads, for idempotent writes, and for
    /// other writes after an error response that says that nothing was done. **A write that is not
    /// idempotent and may have been done is never sent again**, whatever the condition. Attempts,
    /// waits, budget and deadline apply as to any retry.
    ///
    /// ```
    /// use quay_api::{Quay, RetryPolicy};
    ///
    /// // A registry that rejects a good token once in a while.
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

    /// Returns true if the caller wants a retry that does no harm.
    pub(super) fn is_wanted(&self, idempotency: Idempotency, failed: &RetryContext<'_>) -> bool {
        let is_harmless =
            idempotency != Idempotency::NonIdempotent || !may_have_taken_effect(failed.error);
        is_harmless && self.retry_if.as_ref().is_some_and(|wants| wants(failed))
    }

    /// Sets the source of the random part of waits, a number from 0 to 1. For tests: `|| 1.0` waits
    /// the whole bound, `|| 0.0` as little as allowed.
    pub fn jitter_from(mut self, source: impl Fn() -> f64 + Send + Sync + 'static) -> Self {
        self.jitter = Some(Arc::new(source));
        self
    }

    /// Returns the number of retries in a full budget.
    pub(crate) fn retry_budget(&self) -> u32 {
        self.budget
    }

    /// Returns the wait that the server asks for, up to the maximum. A little later than requested,
    /// so that throttled clients do not return all at once.
    pub(super) fn requested_wait(&self, error: &Error) -> Option<Duration> {
        let wait = retry_after(error)?.min(self.max_backoff);
        let later = self.random_part(self.initial_backoff.min(wait));
        Some(wait.saturating_add(later).min(self.max_backoff))
    }

    /// Returns the wait after a failed attempt, the first being 1.
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
            // A little later than requested, so that throttled clients do not return all at once.
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
            // Retries are rare enough for the standard library's own source of randomness, a new
            // seed for each.
            None => RandomState::new().build_hasher().finish() as f64 / u64::MAX as f64,
        };
        // `clamp` leaves what is no number; the cast inside `mul_f64` would panic on it.
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
            is_idempotent && matches!(kind, ErrorKind::Connection | ErrorKind::Timeout)
        }
        (Delivery::Responded, ErrorKind::RateLimited) => true,
        (Delivery::Responded, ErrorKind::Unavailable | ErrorKind::Downstream) => is_idempotent,
        // A success whose body broke off.
        (Delivery::Responded, ErrorKind::Connection | ErrorKind::Timeout) => is_safe,
        // A success whose body is cut off, empty or a web page.
        (Delivery::Responded, ErrorKind::InvalidResponse) => is_safe && error.is_unreadable(),
        (Delivery::Responded, _) => false,
    }
}

/// Returns true for a 429 that does not come from a limit of requests in front of the server, but
/// from Quay itself, for one operation: too many builds that wait, too many failed sign-ins.
/// Sending the client's other requests more slowly would not help.
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
        // 307 and 308 say that the request has to be made elsewhere. The other redirects may be the
        // response to a write that was made.
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
