//! One call: its attempts, and the waits between them.

use super::timeouts::{Elapsed, Timeouts};
use super::trace::Span;
use super::{Request, Settings, Transport, body, redirect, retry};
use crate::error::{Delivery, Error, ErrorKind, Response, Result};
use crate::operation::{Idempotency, Operation};
use bytes::Bytes;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use std::future::Future;
use std::pin::pin;
use tokio::time::{Instant, sleep_until, timeout_at};
use url::Url;

/// Of a refusal's body, and of one that says nothing, no more than this is read.
const MAX_ERROR_BODY: usize = 64 * 1024;

/// A call that is under way.
pub(super) struct Call<'a> {
    transport: &'a Transport,
    settings: &'a Settings,
    request: Request,
    operation: Option<&'static Operation>,
    idempotency: Idempotency,
    start: Instant,
    deadline: Option<Instant>,
    attempts: u32,
    /// Whether an attempt that failed may have done what it asked for.
    may_be_done: bool,
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
            may_be_done: false,
            span: Span::new(operation, &request),
            request,
        }
    }

    /// Sends the request, as often as it may and has to be.
    pub async fn run(&mut self) -> Result<Response> {
        let span = self.span.clone();
        let outcome = {
            // Pinned first: it is large, and would be copied into what is around it.
            let attempts = pin!(self.attempts_of());
            span.around(attempts).await
        };
        match outcome {
            Ok(answer) => {
                self.transport.retry_budget.deposit();
                self.span.answered(answer.status, self.attempts, self.start);
                Ok(answer)
            }
            Err(error) => Err(self.failed(error)),
        }
    }

    async fn attempts_of(&mut self) -> Result<Response> {
        let mut met: Option<Error> = None;
        loop {
            let before = self.attempts;
            let error = match self.attempt().await {
                Ok(answer) => return Ok(answer),
                // The deadline passed before the request could be sent again: what was met with
                // before says more.
                Err(error) if self.attempts == before && error.kind() == ErrorKind::Timeout => {
                    met.take().unwrap_or(error)
                }
                Err(error) => error,
            };
            if error.kind() == ErrorKind::RateLimited {
                self.transport.rate_limit.slow_down();
            }
            let Some(next) = self.next_attempt(&error).filter(|_| self.attempts > before) else {
                return Err(error);
            };
            self.note(&error);
            self.span.will_retry(
                &error,
                self.attempts,
                next.saturating_duration_since(Instant::now()),
            );
            met = Some(error);
            sleep_until(next).await;
        }
    }

    /// When to try again after a failure, if at all. It is paid for.
    fn next_attempt(&self, error: &Error) -> Option<Instant> {
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

    /// What the caller gets to know of a failure.
    pub fn failed(&mut self, error: Error) -> Error {
        self.note(&error);
        self.span.failed(&error, self.attempts, self.start);
        error
            .of(self.operation)
            .after(self.attempts, self.start.elapsed(), self.may_be_done)
    }

    fn note(&mut self, error: &Error) {
        let may_be_done = match error.delivery() {
            Delivery::NotSent => false,
            Delivery::Unknown => true,
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
        self.may_be_done |= may_be_done && self.idempotency != Idempotency::Safe;
    }

    async fn attempt(&mut self) -> Result<Response> {
        let Transport {
            rate_limit, tokens, ..
        } = self.transport;
        let _in_flight = match rate_limit.try_enter() {
            Some(permit) => Some(permit),
            None => {
                self.before_sending("for its turn", rate_limit.enter())
                    .await?
            }
        };
        let authorization = match tokens.at_hand() {
            Some(header) => header,
            None => {
                self.before_sending("for a token", tokens.header())
                    .await??
            }
        };
        self.attempts += 1;
        let outcome = self
            .exchange(
                authorization.as_ref(),
                Timeouts::new(self.settings, self.deadline),
            )
            .await;
        match authorization {
            Some(authorization) => outcome.map_err(|error| error.without_token(&authorization)),
            None => outcome,
        }
    }

    /// Waits for something without which nothing can be sent, and not beyond the deadline.
    async fn before_sending<T>(&self, what: &str, future: impl Future<Output = T>) -> Result<T> {
        let Some(deadline) = self.deadline else {
            return Ok(future.await);
        };
        timeout_at(deadline, future).await.map_err(|_| {
            let message = format!("the deadline passed while the request waited {what}");
            Error::new(ErrorKind::Timeout, message)
        })
    }

    fn wants_body(&self) -> bool {
        self.operation.is_none_or(|operation| !operation.is_empty())
    }

    /// Sends the request once, and again to where it is redirected.
    async fn exchange(
        &self,
        authorization: Option<&HeaderValue>,
        timeouts: Timeouts<'_>,
    ) -> Result<Response> {
        let Transport { http, base, .. } = self.transport;
        let mut moved: Option<Url> = None;
        for _ in 0..=redirect::MAX {
            let asked = moved.as_ref().unwrap_or(&self.request.url);
            let request = self.request_to(asked, authorization);
            let late = |Elapsed| {
                Error::new(ErrorKind::Timeout, "the server did not answer in time")
                    .with_delivery(Delivery::Unknown)
            };
            let response = timeouts
                .wait(http.execute(request))
                .await
                .map_err(late)?
                .map_err(Error::transport)?;
            if response.url() != asked {
                return Err(unexpected_redirect(response));
            }
            match redirect::followed(&response, asked, base) {
                Some(target) => moved = Some(target),
                None => return self.receive(response, timeouts).await,
            }
        }
        let message = format!("the server redirected more than {} times", redirect::MAX);
        Err(Error::new(ErrorKind::Redirected, message).with_delivery(Delivery::Responded))
    }

    /// The request of one exchange.
    fn request_to(&self, url: &Url, authorization: Option<&HeaderValue>) -> reqwest::Request {
        const JSON: HeaderValue = HeaderValue::from_static("application/json");
        let mut request = reqwest::Request::new(self.request.method.clone(), url.clone());
        let mut headers = HeaderMap::with_capacity(6);
        if self.wants_body() {
            headers.insert(header::ACCEPT, JSON);
        }
        if let Some(body) = &self.request.body {
            headers.insert(header::CONTENT_TYPE, JSON);
            *request.body_mut() = Some(body.clone().into());
        }
        headers.insert(header::USER_AGENT, self.transport.user_agent.clone());
        // Without it, a server takes some clients for a page that somebody lured a browser to.
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

    /// Reads an answer that is not to be followed.
    async fn receive(
        &self,
        mut response: reqwest::Response,
        timeouts: Timeouts<'_>,
    ) -> Result<Response> {
        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        if !status.is_success() {
            let body = body::read_prefix(&mut response, MAX_ERROR_BODY, timeouts).await;
            return Err(Error::refused(Response {
                status,
                headers,
                body,
            }));
        }
        if !self.wants_body() {
            // Read to its end, so that the connection can be used again. The status has said that
            // it was done; a body that breaks off changes nothing.
            body::read_prefix(&mut response, MAX_ERROR_BODY, timeouts).await;
            return Ok(Response {
                status,
                headers,
                body: Bytes::new(),
            });
        }
        let answer = |body| Response {
            status,
            headers,
            body,
        };
        match body::read_to_end(&mut response, self.settings.max_response_size, timeouts).await {
            Ok(body) => Ok(answer(body)),
            Err(body::BodyError::TooLarge) => {
                let message = format!(
                    "the answer is longer than {} bytes",
                    self.settings.max_response_size
                );
                Err(Error::unread(
                    ErrorKind::ResponseTooLarge,
                    message,
                    answer(Bytes::new()),
                ))
            }
            Err(body::BodyError::TimedOut) => Err(Error::unread(
                ErrorKind::Timeout,
                "the answer did not end in time",
                answer(Bytes::new()),
            )),
            Err(body::BodyError::Broken(error)) => {
                let (kind, message) = match error.is_timeout() {
                    true => (ErrorKind::Timeout, "the answer did not end in time"),
                    false => (ErrorKind::Connection, "the answer broke off"),
                };
                Err(Error::unread(kind, message, answer(Bytes::new()))
                    .with_source(error.without_url()))
            }
        }
    }
}

/// The caller's own HTTP client has followed a redirect. Where it led, and whether as the same
/// method, can't be known.
fn unexpected_redirect(response: reqwest::Response) -> Error {
    let message =
        "the given HTTP client follows redirects by itself; it needs `redirect::Policy::none()`";
    let answer = Response {
        status: response.status(),
        headers: HeaderMap::new(),
        body: Bytes::new(),
    };
    Error::unread(ErrorKind::Redirected, message, answer)
}
