//! Sending requests: headers, limits, retries, redirects, and decoding of responses.
//!
//! ```text
//! request.rs   a request, built by the generated client or by the caller
//! call.rs      a call with its attempts ── retry.rs, retry_after.rs       whether and when to retry
//!                                       ── rate_limit.rs, send_rate.rs    the next call and its time
//!                                       ── retry_budget.rs                retries of all calls
//!                                       ── exchange.rs                    one request and response
//!                                       ── redirect.rs, location.rs       redirects
//!                                       ── body.rs, acknowledgement.rs    bodies of responses
//!                                       ── path_parameters.rs             the resource of an error
//!                                       ── timeouts.rs                    time-outs of an attempt
//!                                       ── runtime.rs                     the tokio runtime
//!                                       ── token_source.rs, token_file.rs the token
//!                                       ── credentials.rs                 the header of credentials
//!                                       ── base_url.rs, address.rs        the address
//!                                       ── trace.rs                       spans and events
//!                                       ── report.rs                      the report of a call
//! response.rs  a response, and decoding its body
//! served.rs    the operations that the server has
//! missing_operation.rs   the responses of a server that lacks an operation
//! route.rs     the operation that a server runs for a method and a path
//! ```

mod acknowledgement;
pub(crate) mod address;
pub(crate) mod base_url;
mod body;
mod call;
pub(crate) mod credentials;
mod exchange;
pub(crate) mod generated_runtime;
mod location;
mod missing_operation;
mod path_parameters;
pub(crate) mod percent_encode;
mod rate_limit;
mod redirect;
mod report;
mod request;
mod request_body;
mod response;
mod retry;
mod retry_after;
mod retry_budget;
pub(crate) mod route;
pub(crate) mod runtime;
mod send_rate;
mod served;
pub(crate) mod small_file;
mod timeouts;
mod token_file;
pub(crate) mod token_source;
mod trace;

pub(crate) use rate_limit::RateLimiter;
pub(crate) use report::CallObserver;
pub use report::{CallOutcome, CallReport};
pub(crate) use request::{OperationRequest, Request, RequestBuilder};
pub(crate) use response::{Response, decode};
pub use retry::{RetryContext, RetryPolicy};
pub(crate) use served::ServedOperations;

use crate::client::Settings;
use crate::generated;
use crate::json::decode::{Decode, Place};
use crate::operation::{Idempotency, Operation};
use crate::{Delivery, Error, ErrorKind, Result};
use base_url::BaseUrl;
use bytes::Bytes;
use call::Call;
use futures::future::BoxFuture;
use http::{HeaderMap, HeaderValue, StatusCode};
use response::decode_into;
use retry_budget::RetryBudget;
use serde_json::Value;
use served::ServerDocument;
use std::collections::BTreeMap;
use token_source::TokenSource;

/// The part of a client that all calls of a `Quay` and its clones share.
#[derive(Debug)]
pub(crate) struct Transport {
    /// The generated client, which writes the requests of the operations.
    pub api: generated::Client,
    pub http: reqwest::Client,
    pub base: BaseUrl,
    pub tokens: TokenSource,
    user_agent: HeaderValue,
    /// The caller's own headers, marked as sensitive.
    default_headers: HeaderMap,
    rate_limiter: RateLimiter,
    retry_budget: RetryBudget,
    /// The server's discovery document, after it was needed.
    pub document: ServerDocument,
}

/// The limits that all calls of a client share.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub max_in_flight: usize,
    pub requests_per_second: Option<f64>,
    pub retry_budget: u32,
}

impl Transport {
    pub fn new(
        http: reqwest::Client,
        base: BaseUrl,
        tokens: TokenSource,
        user_agent: HeaderValue,
        default_headers: HeaderMap,
        limits: Limits,
    ) -> Self {
        let rate_limiter = RateLimiter::new(limits.max_in_flight, limits.requests_per_second);
        let api = generated::Client::new(&base);
        Self {
            api,
            http,
            base,
            tokens,
            user_agent,
            default_headers,
            rate_limiter,
            retry_budget: RetryBudget::new(limits.retry_budget),
            document: ServerDocument::default(),
        }
    }

    /// Sends the request of an operation, and decodes the response.
    pub async fn send<T: Decode + Send>(
        &self,
        settings: &Settings,
        request: Result<OperationRequest<T>>,
    ) -> Result<T> {
        let OperationRequest {
            operation, request, ..
        } = request?;
        let mut place = None;
        self.send_into(&mut place, settings, operation, request)
            .await?;
        place.ok_or_else(|| {
            Error::new(ErrorKind::InvalidResponse, "empty response body")
                .with_delivery(Delivery::Responded)
        })
    }

    /// Sends a request whose response may be any object: its type is not compiled for that.
    pub async fn send_for_any<T>(
        &self,
        settings: &Settings,
        request: Result<OperationRequest<T>>,
    ) -> Result<()> {
        let request = request.map(OperationRequest::with_response::<BTreeMap<String, Value>>);
        self.send(settings, request).await.map(drop)
    }

    /// Sends a request and decodes the response, independent of its type.
    ///
    /// The future is boxed so that it is compiled in this crate. Any other future would be compiled
    /// in every crate that makes a call.
    fn send_into<'a>(
        &'a self,
        place: &'a mut (dyn Place + Send),
        settings: &'a Settings,
        operation: &'static Operation,
        request: Request,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let deadline = settings.deadline_from_now();
            if self.must_check_before(settings, operation, &request) {
                self.check_before(settings, operation, &request, deadline)
                    .await?;
            }
            let idempotency = operation.idempotency();
            let mut call = Call::new(
                self,
                settings,
                Some(operation),
                idempotency,
                request,
                deadline,
            );
            let error = loop {
                let mut response = match call.run().await {
                    Ok(response) => response,
                    Err(error) => break error,
                };
                let status = response.status;
                if operation.has_empty_response() {
                    response.body = Bytes::from_static(b"null");
                }
                let is_another = self.is_of_a_repository(operation, &response.body);
                // The limits are dropped before the wait: they are not `Send`.
                let decoded = match is_another {
                    true => Err(missing_operation::read_as_a_repository()),
                    false => decode_into(place, &call.decode_limits(), response),
                };
                match decoded {
                    Ok(()) => {
                        call.succeed(status);
                        self.document.note_success(operation);
                        return Ok(());
                    }
                    Err(error) => match call.recover(error).await {
                        Ok(()) => {}
                        Err(error) => break error,
                    },
                }
            };
            Err(self.explain(settings, operation, error, deadline).await)
        })
    }

    /// Returns a call that belongs to no operation.
    pub fn raw_call<'a>(
        &'a self,
        settings: &'a Settings,
        idempotency: Idempotency,
        request: Request,
    ) -> RawCall<'a> {
        let deadline = settings.deadline_from_now();
        let call = Call::new(self, settings, None, idempotency, request, deadline);
        RawCall(Box::new(call))
    }
}

/// A call that belongs to no operation.
///
/// Its futures are boxed, so that they are compiled in this crate. The caller decodes the response,
/// whose type may lack `Send`.
pub(crate) struct RawCall<'a>(Box<Call<'a>>);

impl RawCall<'_> {
    /// Sends the request until the response is a success: see [`Call::run`].
    pub fn run(&mut self) -> BoxFuture<'_, Result<Response>> {
        Box::pin(self.0.run())
    }

    /// Records a success that was decoded.
    pub fn succeed(&mut self, status: StatusCode) {
        self.0.succeed(status);
    }

    /// Waits for a retry after a success that can't be decoded: see [`Call::recover`].
    pub fn recover(&mut self, error: Error) -> BoxFuture<'_, Result<()>> {
        Box::pin(self.0.recover(error))
    }
}
