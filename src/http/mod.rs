//! Between the operations and the network: what every request gets, how often it is sent, and what
//! becomes of its answer.
//!
//! ```text
//! draft.rs     a request is written, mostly by the generated client
//! call.rs      a call: attempts and waits ── retry.rs, retry_after.rs   whether again, and when
//!                                         ── rate_limit.rs, budget.rs      what all calls of a client share
//!                                         ── redirect.rs, body.rs       one exchange
//!                                         ── timeouts.rs                how long it may take
//!                                         ── trace.rs                   what is told of it
//! decode.rs    a success becomes a type
//! ```

mod body;
mod call;
mod decode;
pub(crate) mod generated_runtime;
mod percent_encode;
mod rate_limit;
mod redirect;
mod request;
mod retry;
mod retry_after;
mod retry_budget;
mod settings;
mod timeouts;
mod trace;

pub(crate) use decode::decode;
use decode::decode_into;
pub(crate) use request::{OperationRequest, Request, RequestBuilder};
pub use retry::RetryPolicy;
pub use settings::CallSettings;
pub(crate) use settings::Settings;

use crate::auth::TokenSource;
use crate::base_url::BaseUrl;
use crate::error::Response;
use crate::generated;
use crate::json::decode::{Decode, Place};
use crate::operation::{Idempotency, Operation};
use crate::{Delivery, Error, ErrorKind, Result};
use bytes::Bytes;
use call::Call;
use futures::future::BoxFuture;
use http::HeaderValue;
use rate_limit::RateLimiter;
use retry_budget::RetryBudget;

/// What all calls of a `Quay` and its clones share.
#[derive(Debug)]
pub(crate) struct Transport {
    /// Writes the requests of the operations.
    pub api: generated::Client,
    pub http: reqwest::Client,
    pub base: BaseUrl,
    pub tokens: TokenSource,
    user_agent: HeaderValue,
    rate_limit: RateLimiter,
    retry_budget: RetryBudget,
}

/// How many requests a client may have out, and how fast it may send them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub max_in_flight: usize,
    pub requests_per_second: Option<f64>,
    pub retries: u32,
}

impl Transport {
    pub fn new(
        http: reqwest::Client,
        base: BaseUrl,
        tokens: TokenSource,
        user_agent: HeaderValue,
        limits: Limits,
    ) -> Self {
        let rate_limit = RateLimiter::new(limits.max_in_flight, limits.requests_per_second);
        let api = generated::Client::new(&base);
        Self {
            api,
            http,
            base,
            tokens,
            user_agent,
            rate_limit,
            retry_budget: RetryBudget::new(limits.retries),
        }
    }

    /// Sends the request of an operation, and reads its answer.
    pub async fn send<T: Decode + Send>(
        &self,
        settings: &Settings,
        draft: Result<OperationRequest<T>>,
    ) -> Result<T> {
        let OperationRequest {
            operation, request, ..
        } = draft?;
        let mut place = None;
        self.send_into(&mut place, settings, operation, request)
            .await?;
        place.ok_or_else(|| {
            Error::new(ErrorKind::InvalidResponse, "the answer is nothing")
                .with_delivery(Delivery::Responded)
        })
    }

    /// What of a call does not depend on its type. A boxed future is compiled here; any other would
    /// be in every crate that makes a call.
    fn send_into<'a>(
        &'a self,
        place: &'a mut (dyn Place + Send),
        settings: &'a Settings,
        operation: &'static Operation,
        request: Request,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let mut call = Call::new(
                self,
                settings,
                Some(operation),
                operation.idempotency(),
                request,
            );
            let mut answer = call.run().await?;
            if operation.is_empty() {
                answer.body = Bytes::from_static(b"null");
            }
            decode_into(place, answer).map_err(|error| call.failed(error))
        })
    }

    /// A call of no operation: the success as it came.
    pub fn raw<'a>(
        &'a self,
        settings: &'a Settings,
        idempotency: Idempotency,
        request: Request,
    ) -> BoxFuture<'a, Result<Response>> {
        Box::pin(async move {
            Call::new(self, settings, None, idempotency, request)
                .run()
                .await
        })
    }
}
