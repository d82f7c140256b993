//! A call, with its attempts and the waits between them.

use super::path_parameters::path_parameters;
use super::rate_limit::{Permit, Place, RateLimiter};
use super::report::{CallOutcome, CallReport};
use super::retry::RetryContext;
use super::timeouts::{Elapsed, Timeouts};
use super::trace::Span;
use super::{Request, Response, Transport, retry, runtime};
use crate::client::Settings;
use crate::client::defaults;
use crate::error::{self, Error, ErrorKind, Result};
use crate::json::decode::DecodeLimits;
use crate::operation::{Idempotency, Operation};
use http::StatusCode;
use http::header::HeaderValue;
use std::future::Future;
use std::pin::pin;
use std::time::Duration;
use tokio::time::{Instant, sleep_until, timeout, timeout_at};

/// A response may contain one value for each of these bytes of the maximum size of a response.
const BYTES_PER_VALUE: usize = 64;
/// The number of values that a response may always contain.
const MIN_VALUES: usize = 100_000;

/// The wait for its turn after which a call requests its token again.
const MAX_TOKEN_AGE: Duration = Duration::from_secs(1);
/// The maximum time for requesting the token again.
const MAX_TOKEN_WAIT: Duration = Duration::from_secs(1);

/// The attempts of a call that an HTTP/2 server may leave unprocessed before they count as others.
const MAX_UNPROCESSED: u32 = 6;

/// A call in progress.
pub(crate) struct Call<'a> {
    pub(super) transport: &'a Transport,
    pub(super) settings: &'a Settings,
    pub(super) request: Request,
    pub(super) operation: Option<&'static Operation>,
    pub(super) idempotency: Idempotency,
    start: Instant,
    deadline: Option<Instant>,
    attempts: u32,
    /// The attempts that the server rejected with status 429, after which the call waited.
    refusals: u32,
    first_refusal: Option<Instant>,
    /// The attempts that an HTTP/2 server did not process, after which the call was retried.
    unprocessed: u32,
    /// The place of the call in the client's queue.
    place: Place,
    /// The place in the queue of the call's separate rate limit, if it has one.
    own_place: Place,
    /// The time for which the call waited for its turn.
    waited: Duration,
    /// The bytes of the bodies that were received.
    bytes: u64,
    /// The status of the last response.
    status: Option<StatusCode>,
    /// The kind of the error with which the call ended.
    error_kind: Option<ErrorKind>,
    outcome: CallOutcome,
    /// The header of the last attempt; `None` if it was anonymous.
    pub(super) authorization: Option<HeaderValue>,
    /// The error of the last attempt that failed.
    previous: Option<Error>,
    /// True if a failed attempt may have taken effect.
    may_have_been_done: bool,
    span: Span,
}

impl<'a> Call<'a> {
    pub fn new(
        transport: &'a Transport,
        settings: &'a Settings,
        operation: Option<&'static Operation>,
        idempotency: Idempotency,
        request: Request,
        deadline: Option<Instant>,
    ) -> Self {
        let start = Instant::now();
        Self {
            transport,
            settings,
            operation,
            idempotency,
            start,
            deadline,
            attempts: 0,
            refusals: 0,
            first_refusal: None,
            unprocessed: 0,
            place: Place::default(),
            own_place: Place::default(),
            waited: Duration::ZERO,
            bytes: 0,
            status: None,
            error_kind: None,
            // The initial value, because the call may be dropped at any time.
            outcome: CallOutcome::Cancelled,
            authorization: None,
            previous: None,
            may_have_been_done: false,
            span: Span::new(operation, &request),
            request,
        }
    }

    /// Returns the limits of decoding a response.
    pub fn decode_limits(&self) -> DecodeLimits {
        let max_values = (self.settings.max_response_size / BYTES_PER_VALUE).max(MIN_VALUES);
        DecodeLimits::new(self.deadline, max_values)
    }

    /// Sends the request, with retries, until the response is a success.
    ///
    /// After decoding it, the caller calls [`succeed`](Self::succeed). If decoding fails, it calls
    /// [`recover`](Self::recover) and then this method again.
    pub async fn run(&mut self) -> Result<Response> {
        let span = self.span.clone();
        // The future is large, so it is pinned here and not copied into the future of the span.
        let attempts = pin!(self.run_attempts());
        span.instrument(attempts).await
    }

    async fn run_attempts(&mut self) -> Result<Response> {
        loop {
            let attempts_before = self.attempts;
            let error = match self.attempt().await {
                Ok(response) => return Ok(response),
                Err(error) => error,
            };
            if self.attempts > attempts_before {
                self.recover(error).await?;
                continue;
            }
            // The deadline expired before the retry: return the earlier error, which says more.
            let previous = self.previous.take();
            let error = match error.kind() {
                ErrorKind::Timeout | ErrorKind::RateLimited => previous.unwrap_or(error),
                _ => error,
            };
            let error = self.describe_refusals(error, "the deadline passed");
            return Err(self.finish_error(error));
        }
    }

    /// Records a success that was decoded.
    pub fn succeed(&mut self, status: StatusCode) {
        self.transport.retry_budget.deposit();
        self.outcome = CallOutcome::Success;
        self.span.record_response(status, self.attempts, self.start);
    }

    /// Waits until the request may be sent again after a failed attempt.
    ///
    /// # Errors
    ///
    /// Returns the error of the call if the request is not sent again.
    pub async fn recover(&mut self, error: Error) -> Result<()> {
        let error = match &self.authorization {
            Some(authorization) => error.redact_token(authorization),
            None => error.by_anonymous(),
        };
        let default_headers = self.transport.default_headers.values();
        let error = default_headers.fold(error, Error::redact_header);
        if error.kind() == ErrorKind::RateLimited && self.settings.retry.max_attempts > 1 {
            return self.wait_after_refusal(error).await;
        }
        let Some(next) = self.schedule_retry(&error) else {
            return Err(self.finish_error(error));
        };
        self.record_delivery(&error);
        self.span.record_retry(
            &error,
            self.attempts,
            next.saturating_duration_since(Instant::now()),
        );
        self.previous = Some(error);
        sleep_until(next).await;
        Ok(())
    }

    /// Waits after a response with status 429.
    ///
    /// The rejected request had no effect. It counts neither as an attempt nor as a retry of the
    /// budget, so only the deadline limits how often it is sent.
    async fn wait_after_refusal(&mut self, error: Error) -> Result<()> {
        let now = Instant::now();
        self.refusals += 1;
        self.first_refusal.get_or_insert(now);
        let rate_limiter = &self.transport.rate_limiter;
        let is_limit_of_operation = retry::is_limit_of_operation(&error);
        let next = if is_limit_of_operation {
            // The limit does not concern other calls, and a lower rate would not help.
            now.checked_add(self.settings.retry.wait(self.refusals, &error))
        } else {
            rate_limiter.paused_until().filter(|until| *until > now)
        };
        let is_too_late = match (next, self.turn_deadline()) {
            (Some(next), Some(deadline)) => next >= deadline,
            _ => false,
        };
        if is_too_late {
            let error =
                self.describe_refusals(error, "it requests a wait that ends after the deadline");
            return Err(self.finish_error(error));
        }
        let wait = match next {
            Some(next) => next.saturating_duration_since(now),
            None => rate_limiter.time_to_next(now),
        };
        self.span.record_retry(&error, self.attempts, wait);
        self.previous = Some(error);
        // A pause of all calls takes place in the queue.
        if let Some(next) = next.filter(|_| is_limit_of_operation) {
            let _waiting = Waiting::start(&mut self.waited);
            sleep_until(next).await;
        }
        Ok(())
    }

    /// Returns the time until which the call waits for its turn.
    ///
    /// A call without a deadline waits for the default operation time-out after the first 429.
    fn turn_deadline(&self) -> Option<Instant> {
        self.deadline
            .or_else(|| self.first_refusal?.checked_add(defaults::OPERATION_TIMEOUT))
    }

    /// Adds the number of responses with status 429, and the reason why the call ends, to an error.
    fn describe_refusals(&self, error: Error, end: &str) -> Error {
        if self.refusals == 0 || error.kind() != ErrorKind::RateLimited {
            return error;
        }
        let times = match self.refusals {
            1 => "once".to_owned(),
            times => format!("{times} times"),
        };
        let message = format!(
            "{}; the server rejected the request {times} with status 429, and {end}",
            error.message()
        );
        error.map_response_message(|_| message)
    }

    /// Withdraws a retry from the budget and returns its time; `None` if the call is not retried.
    fn schedule_retry(&mut self, error: &Error) -> Option<Instant> {
        let Settings { retry: policy, .. } = self.settings;
        let may_retry = retry::may_retry(self.idempotency, error);
        // The end of a connection concerns all calls on it, and does not mean that the server is
        // overloaded.
        let is_free = may_retry
            && policy.max_attempts > 1
            && self.unprocessed < MAX_UNPROCESSED
            && error::is_unprocessed(error);
        let wait = if is_free {
            self.unprocessed += 1;
            policy.wait(self.unprocessed, error)
        } else {
            let failed = RetryContext {
                error,
                operation: self.operation,
                attempts: self.counted_attempts(),
                elapsed: self.start.elapsed(),
            };
            let may_retry = self.counted_attempts() < policy.max_attempts
                && (may_retry || policy.is_wanted(self.idempotency, &failed));
            if !may_retry {
                return None;
            }
            policy.wait(self.counted_attempts(), error)
        };
        let next = Instant::now().checked_add(wait)?;
        // A retry after the deadline is not made.
        (self.deadline.is_none_or(|deadline| next < deadline)
            && (is_free || self.transport.retry_budget.withdraw()))
        .then_some(next)
    }

    /// Returns the number of attempts, without those that the server rejected with status 429 and
    /// those that it did not process.
    fn counted_attempts(&self) -> u32 {
        self.attempts - self.refusals - self.unprocessed
    }

    /// Adds the data of the call to the error with which it ends.
    fn finish_error(&mut self, error: Error) -> Error {
        self.record_delivery(&error);
        self.error_kind = Some(error.kind());
        self.outcome = match error::is_expected(&error) {
            true => CallOutcome::Expected,
            false => CallOutcome::Failure,
        };
        self.span
            .record_error(&error, self.outcome, self.attempts, self.start);
        let error =
            error.with_attempts(self.attempts, self.start.elapsed(), self.may_have_been_done);
        match self.operation {
            None => error,
            Some(operation) => {
                let base = &self.transport.base;
                let parameters = path_parameters(operation, &self.request.url, base);
                error.with_operation(operation, parameters)
            }
        }
    }

    fn record_delivery(&mut self, error: &Error) {
        self.may_have_been_done |=
            self.idempotency != Idempotency::Safe && retry::may_have_taken_effect(error);
    }

    async fn attempt(&mut self) -> Result<Response> {
        let Transport {
            rate_limiter,
            tokens,
            ..
        } = self.transport;
        runtime::check()?;
        if let Some(reason) = &self.settings.invalid {
            return Err(Error::invalid_input(reason.as_str()));
        }
        // The token comes first: while its source blocks, the call does not count as in flight.
        let own = self.request.authorization.clone();
        let fixed = own.map(Some).or_else(|| tokens.static_header());
        let is_fixed = fixed.is_some();
        self.authorization = match fixed {
            Some(header) => header,
            None => {
                self.wait_before_sending("for a token", tokens.header())
                    .await??
            }
        };
        let waited = self.waited;
        if let Some(own_limiter) = &self.settings.rate_limiter {
            let mut place = self.own_place;
            let turn = self.wait_for_turn(own_limiter, &mut place).await;
            self.own_place = place;
            drop(turn?);
        }
        let mut place = self.place;
        let permit = match rate_limiter.try_acquire(&mut place) {
            Some(permit) => Ok(permit),
            None => self.wait_for_turn(rate_limiter, &mut place).await,
        };
        self.place = place;
        let permit = permit?;
        if !is_fixed && self.waited - waited >= MAX_TOKEN_AGE {
            // The token may have been replaced. The wait is short, because the request counts as in
            // flight now.
            if let Ok(Ok(header)) = timeout(MAX_TOKEN_WAIT, tokens.header()).await {
                self.authorization = header;
            }
        }
        let timeouts = Timeouts::start(self.settings, self.deadline)
            .map_err(|Elapsed| too_late("before the request was sent"))?;
        self.attempts += 1;
        let result = self.exchange(&timeouts).await;
        self.record_response(&result, permit);
        result
    }

    /// Waits until the request may be sent.
    async fn wait_for_turn<'l>(
        &mut self,
        rate_limiter: &'l RateLimiter,
        place: &mut Place,
    ) -> Result<Permit<'l>> {
        let deadline = self.turn_deadline();
        let is_paused_beyond = |deadline| {
            let paused_until = rate_limiter.paused_until();
            paused_until.is_some_and(|until| until > Instant::now() && until >= deadline)
        };
        if deadline.is_some_and(is_paused_beyond) {
            let message = "the server requested a pause that ends after the deadline";
            return Err(Error::new(ErrorKind::RateLimited, message));
        }
        let waiting = Waiting::start(&mut self.waited);
        let turn = rate_limiter.acquire(place);
        let permit = match deadline {
            Some(deadline) => timeout_at(deadline, turn).await.ok(),
            None => Some(turn.await),
        };
        drop(waiting);
        permit.ok_or_else(|| {
            let error = too_late("while the request waited for its turn");
            match rate_limiter.is_throttled() {
                true => error.with_kind(ErrorKind::RateLimited),
                false => error,
            }
        })
    }

    /// Records the response of an attempt, which is no longer in flight.
    fn record_response(&mut self, result: &Result<Response>, permit: Permit<'_>) {
        let (status, body) = match result {
            Ok(response) => (Some(response.status), Some(response.body.as_ref())),
            Err(error) => {
                let status = error.status();
                (
                    status.and_then(|s| StatusCode::from_u16(s).ok()),
                    error.body(),
                )
            }
        };
        self.bytes += body.map_or(0, <[u8]>::len) as u64;
        self.status = status;
        match result {
            Err(error)
                if error.kind() == ErrorKind::RateLimited
                    && !retry::is_limit_of_operation(error) =>
            {
                let pause = self.settings.retry.requested_wait(error);
                permit.refused(pause.and_then(|wait| Instant::now().checked_add(wait)));
            }
            _ if status.is_some() => permit.accepted(),
            _ => {}
        }
    }

    /// Awaits a future that precedes the request, until the deadline.
    async fn wait_before_sending<T>(
        &self,
        what: &str,
        future: impl Future<Output = T>,
    ) -> Result<T> {
        let Some(deadline) = self.deadline else {
            return Ok(future.await);
        };
        timeout_at(deadline, future)
            .await
            .map_err(|_| too_late(&format!("while the request waited {what}")))
    }
}

/// Adds the time of a wait to a total, also if the call is dropped while it waits.
struct Waiting<'a> {
    start: Instant,
    total: &'a mut Duration,
}

impl<'a> Waiting<'a> {
    fn start(total: &'a mut Duration) -> Self {
        let start = Instant::now();
        Self { start, total }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        *self.total += self.start.elapsed();
    }
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        self.span.record_end(self.outcome, self.waited);
        if let Some(on_call) = &self.settings.on_call {
            on_call.report(&CallReport {
                operation: self.operation,
                outcome: self.outcome,
                kind: self.error_kind,
                status: self.status.map(|status| status.as_u16()),
                attempts: self.attempts,
                refusals: self.refusals,
                bytes: self.bytes,
                waited: self.waited,
                elapsed: self.start.elapsed(),
            });
        }
    }
}

/// Returns the error of a call whose deadline passed before the request was sent.
fn too_late(when: &str) -> Error {
    let message = format!("the deadline passed {when}");
    Error::new(ErrorKind::Timeout, message)
}
