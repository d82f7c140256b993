//! Between the generated client and the network: what every request gets, and what becomes of its answer.

mod route;

use crate::auth::TokenSource;
use crate::base_url::BaseUrl;
use crate::error::Answer;
use crate::generated;
use crate::operation::Operation;
use crate::{Error, Result};
use bytes::{Bytes, BytesMut};
use http::header::{self, HeaderName, HeaderValue};
use http::{HeaderMap, StatusCode};
use progenitor_client::{ClientHooks, ClientInfo, OperationInfo, ResponseValue};
use serde::de::DeserializeOwned;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Of a refusal's body, no more than this is read.
const LONGEST_REFUSAL: usize = 64 * 1024;

/// What all calls of a `Quay` and its clones share.
#[derive(Debug)]
pub(crate) struct Transport {
    pub http: reqwest::Client,
    pub base: BaseUrl,
    pub tokens: TokenSource,
    pub user_agent: HeaderValue,
    /// For a whole request, from connecting to the end of the answer.
    pub timeout: Duration,
}

/// One call: what the generated client carries to the hooks, and what they learn on the way.
#[derive(Debug)]
pub(crate) struct Call {
    transport: Arc<Transport>,
    seen: Mutex<Seen>,
}

/// What the generated client's own result does not keep.
#[derive(Debug, Default)]
struct Seen {
    operation: Option<&'static Operation>,
    status: StatusCode,
    headers: HeaderMap,
    /// A mistake found by the hook before sending; its signature has no room for it.
    failure: Option<Error>,
}

impl Call {
    fn seen(&self) -> MutexGuard<'_, Seen> {
        // Nothing panics while it holds the lock.
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Transport {
    /// Calls one operation of the generated client.
    pub async fn send<T: DeserializeOwned>(
        self: &Arc<Self>,
        operation: impl AsyncFnOnce(&generated::Client) -> GeneratedResult<T>,
    ) -> Result<T> {
        let call = Arc::new(Call { transport: Arc::clone(self), seen: Mutex::default() });
        let client = generated::Client { baseurl: self.base.as_str().to_owned(), client: self.http.clone(), inner: Arc::clone(&call) };
        match operation(&client).await {
            Ok(value) => Ok(value.into_inner()),
            Err(error) => {
                let seen = std::mem::take(&mut *call.seen());
                let operation = seen.operation;
                Err(failure::<T>(error, seen).await.of(operation))
            }
        }
    }

    /// Gives a request what every request has.
    async fn prepare(&self, request: &mut reqwest::Request) -> Result<()> {
        let authorization = match self.base.is_origin_of(request.url()) {
            true => self.tokens.header().await?,
            false => None,
        };
        *request.timeout_mut() = Some(self.timeout);
        let headers = request.headers_mut();
        // progenitor sends the version of the document, which no Quay asks for.
        headers.remove("api-version");
        headers.insert(header::USER_AGENT, self.user_agent.clone());
        // Without it, a server takes some clients for a page that somebody lured a browser to.
        headers.insert(HeaderName::from_static("x-requested-with"), HeaderValue::from_static("XMLHttpRequest"));
        if let Some(authorization) = authorization {
            headers.insert(header::AUTHORIZATION, authorization);
        }
        Ok(())
    }

    /// A call of no operation: the success as it came.
    pub async fn raw(
        &self,
        method: http::Method,
        path: &str,
        query: &[(String, String)],
        body: Option<Vec<u8>>,
    ) -> Result<(http::response::Parts, Bytes)> {
        let url = format!("{}{path}", self.base.as_str());
        let mut builder = self.http.request(method, url).header(header::ACCEPT, "application/json").query(query);
        if let Some(body) = body {
            builder = builder.header(header::CONTENT_TYPE, "application/json").body(body);
        }
        let mut request = builder.build().map_err(Error::transport)?;
        self.prepare(&mut request).await?;
        let response = self.http.execute(request).await.map_err(Error::transport)?;
        if !response.status().is_success() {
            return Err(refusal(response).await);
        }
        let response: http::Response<reqwest::Body> = response.into();
        let (parts, body) = response.into_parts();
        let body = reqwest::Response::from(http::Response::new(body)).bytes().await.map_err(Error::transport)?;
        Ok((parts, body))
    }
}

/// Reads a success as a type.
pub(crate) fn decode<T: DeserializeOwned>(parts: http::response::Parts, body: Bytes) -> Result<T> {
    serde_json::from_slice(&body).map_err(|error| {
        let seen = Seen { status: parts.status, headers: parts.headers, ..Seen::default() };
        unreadable::<T>(body, &error, seen)
    })
}

type GeneratedResult<T> = std::result::Result<ResponseValue<T>, progenitor_client::Error<()>>;

impl ClientHooks<Arc<Call>> for generated::Client {
    async fn pre<E>(&self, request: &mut reqwest::Request, info: &OperationInfo) -> std::result::Result<(), progenitor_client::Error<E>> {
        let call = self.inner();
        let Some(operation) = Operation::named(info.operation_id) else {
            // The table and the client are generated from the same document; a test calls every operation.
            return Err(progenitor_client::Error::Custom(format!("no operation is called {}", info.operation_id)));
        };
        call.seen().operation = Some(operation);
        route::plain_repository(request.url_mut(), operation, call.transport.base.depth());
        route::strict(request.url_mut());
        call.transport.prepare(request).await.map_err(|error| {
            call.seen().failure = Some(error);
            progenitor_client::Error::Custom(String::new())
        })
    }

    async fn exec(&self, request: reqwest::Request, _: &OperationInfo) -> reqwest::Result<reqwest::Response> {
        let response = self.client().execute(request).await?;
        if !response.status().is_success() {
            return Ok(response);
        }
        let operation = {
            let mut seen = self.inner().seen();
            seen.status = response.status();
            seen.headers = response.headers().clone();
            seen.operation
        };
        match operation {
            Some(operation) if operation.is_empty() => Ok(drained(response).await),
            _ => Ok(response),
        }
    }
}

/// Reads a body that says nothing, so that the connection can be used again. The generated client would drop it unread.
async fn drained(response: reqwest::Response) -> reqwest::Response {
    let status = response.status();
    // The status has said that it was done; a body that breaks off changes nothing.
    let _ = response.bytes().await;
    let mut drained = http::Response::new(Bytes::new());
    *drained.status_mut() = status;
    drained.into()
}

/// The error behind the generated client's.
async fn failure<T: DeserializeOwned>(error: progenitor_client::Error<()>, mut seen: Seen) -> Error {
    use progenitor_client::Error as Generated;
    if let Some(failure) = seen.failure.take() {
        return failure;
    }
    match error {
        Generated::UnexpectedResponse(response) => refusal(response).await,
        Generated::InvalidResponsePayload(body, error) => unreadable::<T>(body, &error, seen),
        Generated::CommunicationError(error) | Generated::InvalidUpgrade(error) => Error::transport(error),
        Generated::ResponseBodyError(error) => Error::transport(error),
        Generated::InvalidRequest(reason) | Generated::Custom(reason) => Error::invalid_input(reason),
        // No refusal is listed in the document, so none is decoded.
        Generated::ErrorResponse(_) => Error::unreadable(None, "an answer of an unknown kind".to_owned(), None),
    }
}

async fn refusal(mut response: reqwest::Response) -> Error {
    let status = response.status();
    let headers = response.headers().clone();
    let mut body = BytesMut::new();
    while body.len() < LONGEST_REFUSAL {
        match response.chunk().await {
            Ok(Some(chunk)) => body.extend_from_slice(&chunk[..chunk.len().min(LONGEST_REFUSAL - body.len())]),
            // The status is worth more than the end of the text.
            Ok(None) | Err(_) => break,
        }
    }
    Error::refused(Answer { status, headers, body: body.freeze() })
}

/// An error that says where in the body it does not fit.
fn unreadable<T: DeserializeOwned>(body: Bytes, error: &serde_json::Error, seen: Seen) -> Error {
    let deserializer = &mut serde_json::Deserializer::from_slice(&body);
    let reason = match serde_path_to_error::deserialize::<_, T>(deserializer) {
        Err(error) => format!("at {}: {}", error.path(), without_text(&error.inner().to_string())),
        Ok(_) => without_text(&error.to_string()),
    };
    let message = format!("the answer does not fit its type: {reason}");
    let answer = Answer { status: seen.status, headers: seen.headers, body };
    Error::unreadable(Some(answer), message, None)
}

/// A decoding error without the text that did not fit: it could be a secret.
fn without_text(reason: &str) -> String {
    match (reason.find('"'), reason.rfind('"')) {
        (Some(first), Some(last)) if first < last => format!("{}…{}", &reason[..=first], &reason[last..]),
        _ => reason.to_owned(),
    }
}
