//! Requests to endpoints that this crate lacks.

use super::Quay;
use crate::http::generated_runtime::QueryParam;
use crate::http::percent_encode;
use crate::http::token_source::TokenSource;
use crate::http::{Request, RequestBuilder, decode};
use crate::operation::Idempotency;
use crate::types::Secret;
use crate::{Error, Result};
use http::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt;

/// A request with any method and path: [`Quay::request`].
#[must_use = "a request is not sent until it is awaited"]
pub struct RawRequest {
    quay: Quay,
    idempotency: Idempotency,
    builder: RequestBuilder,
    credentials: Option<(String, Secret)>,
}

impl fmt::Debug for RawRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The path, the query and the body are left out: each may contain a secret.
        f.debug_struct("RawRequest")
            .field("method", self.builder.method())
            .finish_non_exhaustive()
    }
}

/// Builds the request, and sets its credentials if the caller gave any.
fn build(builder: RequestBuilder, credentials: Option<(String, Secret)>) -> Result<Request> {
    let mut request = builder.request()?;
    if let Some((user, password)) = credentials {
        request.authorization = TokenSource::basic(&user, &password)?
            .static_header()
            .flatten();
    }
    Ok(request)
}

impl RawRequest {
    /// Validates the method and the path: see [`Quay::request`].
    pub(super) fn new(quay: &Quay, method: &str, path: String) -> Result<Self> {
        // The message does not contain the path: an invalid one may be a whole URL, or have a query
        // with a secret.
        let invalid = |reason: &str| {
            Err(Error::invalid_input(format!(
                "the path of the request is not valid: {reason}"
            )))
        };
        let Ok(method) = Method::from_bytes(method.as_bytes()) else {
            return Err(Error::invalid_input("invalid HTTP method"));
        };
        if !path.starts_with('/') || path.starts_with("//") {
            return invalid("it must begin with exactly one slash");
        }
        if path.contains(['?', '#']) {
            return invalid("it contains a query or a fragment: set parameters with `query`");
        }
        if path.contains(|c: char| c == '\\' || c.is_control() || c.is_whitespace()) {
            return invalid("it contains a backslash, whitespace or control characters");
        }
        let mut segments = path.split('/').map(percent_encode::decode);
        if segments.any(|segment| matches!(&*segment, "." | "..")) {
            return invalid("its segments `.` or `..` would change the route");
        }
        let idempotency = Idempotency::of(method.as_str());
        let base = &quay.transport.base;
        let builder = RequestBuilder::new(base, method, format!("{}{path}", base.path()));
        Ok(Self {
            quay: quay.clone(),
            idempotency,
            builder,
            credentials: None,
        })
    }

    /// Adds a query parameter.
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let (name, value) = (name.into(), value.into());
        let value = value.as_str();
        self.builder = self.builder.query(&QueryParam::new(&name, &value));
        self
    }

    /// Sets the body, which is sent as JSON.
    ///
    /// A [`Secret`](crate::types::Secret) in it is sent with its value.
    pub fn json(mut self, body: &impl Serialize) -> Self {
        self.builder = self.builder.json(body);
        self
    }

    /// Sets a user name and a password, which are sent as HTTP Basic instead of the client's token.
    ///
    /// They are validated when the request is sent.
    pub fn basic_auth(mut self, user: impl Into<String>, password: impl Into<Secret>) -> Self {
        self.credentials = Some((user.into(), password.into()));
        self
    }

    /// Sets whether the request is idempotent, so that it is retried if the response is lost.
    ///
    /// The default depends on the method, as in HTTP: `PUT`, `DELETE` and methods that only read
    /// are idempotent. Some `PUT` requests of Quay are not.
    pub fn idempotent(mut self, is_idempotent: bool) -> Self {
        self.idempotency = if is_idempotent {
            Idempotency::Idempotent
        } else {
            Idempotency::NonIdempotent
        };
        self
    }

    /// Sends the request and decodes the JSON of the response, for example into
    /// `serde_json::Value`.
    ///
    /// # Errors
    ///
    /// Returns the errors of all calls: see the [guide](crate::guide::errors). The error is of the
    /// kind [`ErrorKind::InvalidResponse`](crate::ErrorKind::InvalidResponse) if the response does
    /// not fit the type.
    pub async fn send<T: DeserializeOwned>(self) -> Result<T> {
        let request = build(self.builder, self.credentials)?;
        let Quay {
            transport,
            settings,
        } = &self.quay;
        let mut call = transport.raw_call(settings, self.idempotency, request);
        loop {
            let response = call.run().await?;
            let status = response.status;
            let error = match decode(response) {
                Ok(value) => {
                    call.succeed(status);
                    return Ok(value);
                }
                Err(error) => error,
            };
            call.recover(error).await?;
        }
    }

    /// Sends the request and returns the body of the response, even if it is a web page.
    ///
    /// # Errors
    ///
    /// Returns the errors of all calls: see the [guide](crate::guide::errors).
    pub async fn send_bytes(self) -> Result<Vec<u8>> {
        let request = build(self.builder, self.credentials)?;
        let Quay {
            transport,
            settings,
        } = &self.quay;
        let mut call = transport.raw_call(settings, self.idempotency, request);
        let response = call.run().await?;
        call.succeed(response.status);
        Ok(response.body.to_vec())
    }
}
