//! A call: its attempts, and the waits between them.

use super::redirect::MAX_REDIRECTS;
use super::timeouts::{Elapsed, Timeouts};
use super::trace::Span;
use super::{Request, Response, Transport, body, redirect, retry};
use crate::client::Settings;
use crate::client::defaults::MAX_ERROR_BODY;
use crate::error::{Delivery, Error, ErrorKind, Result};
use crate::operation::{Idempotency, Operation};
use bytes::Bytes;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use std::future::Future;
use std::pin::pin;
use tokio::time::{Instant, sleep_until, timeout_at};
use url::Url;

/// A call in progress.
pub(super) struct Call<'a> {
    transport: &'a Transport,
    settings: &'a Settings,
    request: Request,
    operation: Option<&'static Operation>,
    idempotency: Idempotency,
    start: Instant,
    deadline: Option<Instant>,
    attempts: u32,
    /// Whether a failed attempt may have taken effect.
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
    ) -> Self {
        let start = Instant::now();
        let deadline = settings.deadline.and_then(|limit| start.checked_add(limit));
        Self {
            transport,
            settings,
            operation,
            idempotency,
            start,
            deadline,
            attempts: 0,
            may_have_been_done: false,
            span: Span::new(operation, &request),
            request,
        }
    }

    /// Sends the request, with retries.
    pub async fn run(&mut self) -> Result<Response> {
        let span = self.span.clone();
        let result = {
            // Pinned first: it is large, and would be copied into the future of the span.
            let attempts = pin!(self.run_attempts());
            span.instrument(attempts).await
        };
        match result {
            Ok(response) => {
                self.transport.retry_budget.deposit();
                self.span
                    .record_response(response.status, self.attempts, self.start);
                Ok(response)
            }
            Err(error) => Err(self.finish_error(error)),
        }
    }

    async fn run_attempts(&mut self) -> Result<Response> {
        let mut previous: Option<Error> = None;
        loop {
            let attempts_before = self.attempts;
            let error = match self.attempt().await {
                Ok(response) => return Ok(response),
                // The deadline expired before the retry: return the earlier error, which says
                // more.
                Err(error)
                    if self.attempts == attempts_before && error.kind() == ErrorKind::Timeout =>
                {
                    previous.take().unwrap_or(error)
                }
                Err(error) => error,
            };
            if error.kind() == ErrorKind::RateLimited {
                self.transport.rate_limiter.decrease_rate();
            }
            let was_sent = self.attempts > attempts_before;
            let Some(next) = self.schedule_retry(&error).filter(|_| was_sent) else {
                return Err(error);
            };
            self.record_delivery(&error);
            self.span.record_retry(
                &error,
                self.attempts,
                next.saturating_duration_since(Instant::now()),
            );
            previous = Some(error);
            sleep_until(next).await;
        }
    }

    /// Returns the time of the retry, withdrawn from the budget; `None` if there is none.
    fn schedule_retry(&self, error: &Error) -> Option<Instant> {
        let Settings { retry: policy, .. } = self.settings;
        if self.attempts >= policy.max_attempts || !retry::may_retry(self.idempotency, error) {
            return None;
        }
        let next = Instant::now().checked_add(policy.wait(self.attempts, error))?;
        // No sleep outlives the deadline.
        (self.deadline.is_none_or(|deadline| next < deadline)
            && self.transport.retry_budget.withdraw())
        .then_some(next)
    }

    /// Adds what is known of the call to the error that it ends with.
    pub fn finish_error(&mut self, error: Error) -> Error {
        self.record_delivery(&error);
        self.span.record_error(&error, self.attempts, self.start);
        error.with_operation(self.operation).with_attempts(
            self.attempts,
            self.start.elapsed(),
            self.may_have_been_done,
        )
    }

    fn record_delivery(&mut self, error: &Error) {
        let may_have_been_done = match error.delivery() {
            Delivery::NotSent => false,
            Delivery::Unknown => true,
            // These two say that the request has to be made elsewhere. The others may be the answer
            // to one that was done.
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
            ),
        };
        self.may_have_been_done |= may_have_been_done && self.idempotency != Idempotency::Safe;
    }

    async fn attempt(&mut self) -> Result<Response> {
        let Transport {
            rate_limiter,
            tokens,
            ..
        } = self.transport;
        // The token first: a source that hangs holds no place in flight.
        let authorization = match tokens.static_header() {
            Some(header) => header,
            None => {
                self.wait_before_sending("for a token", tokens.header())
                    .await??
            }
        };
        let _in_flight = match rate_limiter.try_acquire() {
            Some(permit) => Some(permit),
            None => {
                self.wait_before_sending("for its turn", rate_limiter.acquire())
                    .await?
            }
        };
        if self.has_no_time_left() {
            let message = "the deadline or a time-out passed before the request was sent";
            return Err(Error::new(ErrorKind::Timeout, message));
        }
        self.attempts += 1;
        let result = self
            .exchange(
                authorization.as_ref(),
                Timeouts::start(self.settings, self.deadline),
            )
            .await;
        match authorization {
            Some(authorization) => result.map_err(|error| error.redact_token(&authorization)),
            None => result,
        }
    }

    /// Waits until the deadline for something that has to precede the request.
    async fn wait_before_sending<T>(
        &self,
        what: &str,
        future: impl Future<Output = T>,
    ) -> Result<T> {
        let Some(deadline) = self.deadline else {
            return Ok(future.await);
        };
        timeout_at(deadline, future).await.map_err(|_| {
            let message = format!("the deadline passed while the request waited {what}");
            Error::new(ErrorKind::Timeout, message)
        })
    }

    /// Returns true if a response could not come in time.
    fn has_no_time_left(&self) -> bool {
        let Settings {
            timeout,
            read_timeout,
            ..
        } = self.settings;
        timeout.is_zero()
            || read_timeout.is_zero()
            || self.deadline.is_some_and(|end| end <= Instant::now())
    }

    fn expects_body(&self) -> bool {
        self.operation
            .is_none_or(|operation| !operation.has_empty_response())
    }

    /// Sends the request once, and again for each redirect.
    async fn exchange(
        &self,
        authorization: Option<&HeaderValue>,
        timeouts: Timeouts<'_>,
    ) -> Result<Response> {
        let Transport { http, base, .. } = self.transport;
        let mut target: Option<Url> = None;
        for _ in 0..=MAX_REDIRECTS {
            let url = target.as_ref().unwrap_or(&self.request.url);
            let request = self.build_request(url, authorization);
            let timed_out = |Elapsed| {
                Error::new(ErrorKind::Timeout, "the server did not answer in time")
                    .with_delivery(Delivery::Unknown)
            };
            let response = timeouts
                .wait(http.execute(request))
                .await
                .map_err(timed_out)?
                .map_err(|error| redirect::transport_error(error, url))?;
            if response.url() != url {
                return Err(redirect::unexpected_redirect(&response));
            }
            match redirect::target(response.status(), response.headers(), url, base) {
                Some(next) => target = Some(next),
                None => return self.read_response(response, timeouts).await,
            }
        }
        let message = format!("the server redirected more than {MAX_REDIRECTS} times");
        Err(Error::new(ErrorKind::Redirected, message).with_delivery(Delivery::Responded))
    }

    /// Returns the request of one exchange.
    fn build_request(&self, url: &Url, authorization: Option<&HeaderValue>) -> reqwest::Request {
        const JSON: HeaderValue = HeaderValue::from_static("application/json");
        let mut request = reqwest::Request::new(self.request.method.clone(), url.clone());
        let mut headers = HeaderMap::with_capacity(6);
        if self.expects_body() {
            headers.insert(header::ACCEPT, JSON);
        }
        if let Some(body) = &self.request.body {
            headers.insert(header::CONTENT_TYPE, JSON);
            *request.body_mut() = Some(body.clone().into());
        }
        headers.insert(header::USER_AGENT, self.transport.user_agent.clone());
        // Without it, the server takes some clients for a cross-site request of a browser.
        headers.insert(
            HeaderName::from_static("x-requested-with"),
            HeaderValue::from_static("XMLHttpRequest"),
        );
        if let Some(authorization) = authorization.filter(|_| self.transport.base.is_origin_of(url))
        {
            headers.insert(header::AUTHORIZATION, authorization.clone());
        }
        *request.headers_mut() = headers;
        request
    }

    /// Reads a response that is not a redirect to follow.
    async fn read_response(
        &self,
        mut response: reqwest::Response,
        timeouts: Timeouts<'_>,
    ) -> Result<Response> {
        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        if !status.is_success() {
            let body = body::read_prefix(&mut response, MAX_ERROR_BODY, timeouts).await;
            return Err(Error::from_response(Response {
                status,
                headers,
                body,
            }));
        }
        if !self.expects_body() {
            // Read to its end, so that the connection can be used again. The status reports the
            // success, whether the body breaks off or not.
            body::read_prefix(&mut response, MAX_ERROR_BODY, timeouts).await;
            return Ok(Response {
                status,
                headers,
                body: Bytes::new(),
            });
        }
        let with_body = |body| Response {
            status,
            headers,
            body,
        };
        match body::read_to_end(&mut response, self.settings.max_response_size, timeouts).await {
            Ok(body) => Ok(with_body(body)),
            Err(body::BodyError::TooLarge) => {
                let message = format!(
                    "the answer is longer than {} bytes",
                    self.settings.max_response_size
                );
                Err(Error::with_response(
                    ErrorKind::ResponseTooLarge,
                    message,
                    with_body(Bytes::new()),
                ))
            }
            Err(body::BodyError::TimedOut) => Err(Error::with_response(
                ErrorKind::Timeout,
                "the answer did not end in time",
                with_body(Bytes::new()),
            )),
            Err(body::BodyError::Broken(error)) => {
                let (kind, message) = match error.is_timeout() {
                    true => (ErrorKind::Timeout, "the answer did not end in time"),
                    false => (ErrorKind::Connection, "the answer broke off"),
                };
                Err(Error::with_response(kind, message, with_body(Bytes::new()))
                    .with_source(error.without_url()))
            }
        }
    }
}
