//! Calls that this crate does not know.

use super::Quay;
use crate::error::Response;
use crate::http::generated_runtime::QueryParam;
use crate::http::{RequestBuilder, decode};
use crate::operation::Idempotency;
use crate::{Error, Result};
use http::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt;

/// A request to a path of the caller's: [`Quay::request`].
#[must_use = "a request is not sent until it is awaited"]
pub struct RawRequest {
    quay: Quay,
    idempotency: Idempotency,
    path: String,
    writing: RequestBuilder,
}

impl fmt::Debug for RawRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Neither query nor body: both may hold a secret.
        f.debug_struct("RawRequest")
            .field("method", self.writing.method())
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl Quay {
    /// Calls what this crate does not know yet, with the same token, settings and errors.
    ///
    /// The path begins at the server's root, after the base URL's own path, and is sent as it is
    /// given: escape what a name could hold.
    ///
    /// # Errors
    /// A method or a path that can't be sent. Nothing was sent.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// #[derive(serde::Deserialize)]
    /// struct Plans {
    ///     plans: Vec<serde_json::Value>,
    /// }
    ///
    /// let plans: Plans = quay.request("GET", "/api/v1/plans/")?.query("region", "eu").send().await?;
    /// println!("{}", plans.plans.len());
    /// # Ok(())
    /// # }
    /// ```
    pub fn request(&self, method: &str, path: impl Into<String>) -> Result<RawRequest> {
        let path = path.into();
        let refused = |reason: &str| Err(Error::invalid_input(format!("path {path:?}: {reason}")));
        let Ok(method) = Method::from_bytes(method.as_bytes()) else {
            return Err(Error::invalid_input(format!(
                "{method:?} is no HTTP method"
            )));
        };
        if !path.starts_with('/') || path.starts_with("//") {
            return refused("it does not begin with one slash");
        }
        if path.contains(['?', '#']) {
            return refused("a query or fragment has no place in it: see `query`");
        }
        if path.contains('\\') || path.chars().any(|c| c.is_control() || c == ' ') {
            return refused("it has a backslash, a blank or a control character in it");
        }
        let decoded = path.to_ascii_lowercase().replace("%2e", ".");
        if decoded
            .split('/')
            .any(|segment| matches!(segment, "." | ".."))
        {
            return refused("a segment of it would change the route");
        }
        let idempotency = Idempotency::of(method.as_str());
        let writing = RequestBuilder::new(method, format!("{}{path}", self.base_url()));
        Ok(RawRequest {
            quay: self.clone(),
            idempotency,
            path,
            writing,
        })
    }
}

impl RawRequest {
    /// Adds a parameter to the query.
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let (name, value) = (name.into(), value.into());
        let value = value.as_str();
        self.writing = self.writing.query(&QueryParam::new(&name, &value));
        self
    }

    /// Sends this as JSON.
    pub fn json(mut self, body: &impl Serialize) -> Self {
        self.writing = self.writing.json(body);
        self
    }

    /// Says whether sending it twice leaves the server as sending it once does, so that it may be
    /// sent again when an answer is lost.
    ///
    /// Unless said, that is so of `PUT` and `DELETE`, as HTTP has it, and of what only reads. Not
    /// every `PUT` of Quay keeps to it.
    pub fn idempotent(mut self, is_idempotent: bool) -> Self {
        self.idempotency = if is_idempotent {
            Idempotency::Idempotent
        } else {
            Idempotency::NonIdempotent
        };
        self
    }

    /// Sends it, and reads the answer as a type of the caller's, such as `serde_json::Value`.
    ///
    /// # Errors
    /// As any call; [`ErrorKind::InvalidResponse`](crate::ErrorKind::InvalidResponse) if the answer
    /// does not fit the type.
    pub async fn send<T: DeserializeOwned>(self) -> Result<T> {
        decode(self.exchange().await?)
    }

    /// Sends it, and gives the answer's body as it is.
    ///
    /// # Errors
    /// As any call.
    pub async fn send_bytes(self) -> Result<Vec<u8>> {
        self.exchange().await.map(|answer| answer.body.to_vec())
    }

    async fn exchange(self) -> Result<Response> {
        self.quay
            .transport
            .raw(
                &self.quay.settings,
                self.idempotency,
                self.writing.request()?,
            )
            .await
    }
}
