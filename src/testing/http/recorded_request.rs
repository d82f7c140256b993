//! Requests that the server received.

use crate::http::route;
use crate::{Error, ErrorKind, Result};
use bytes::Bytes;
use http::request::Parts;
use serde::de::DeserializeOwned;

/// A request that the server received.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The HTTP method.
    pub method: String,
    /// Path and query as they were on the wire.
    pub path: String,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, if it is JSON.
    pub body: Option<serde_json::Value>,
    /// The bytes of the body.
    pub(in crate::testing) raw: Bytes,
}

impl RecordedRequest {
    pub(in crate::testing) fn new(parts: &Parts, raw: Bytes) -> Self {
        let text =
            |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        Self {
            method: parts.method.to_string(),
            path: parts
                .uri
                .path_and_query()
                .map_or_else(String::new, ToString::to_string),
            headers: parts
                .headers
                .iter()
                .map(|(name, value)| (name.to_string(), text(value)))
                .collect(),
            body: serde_json::from_slice(&raw).ok(),
            raw,
        }
    }

    /// Returns the value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Returns the value of a query parameter, decoded.
    pub fn query(&self, name: &str) -> Option<String> {
        let (_, query) = self.path.split_once('?')?;
        url::form_urlencoded::parse(query.as_bytes())
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.into_owned())
    }

    /// Returns the operation that was called, if it is one of [`OPERATIONS`](crate::OPERATIONS).
    pub fn operation(&self) -> Option<&'static crate::Operation> {
        route::match_request(&self.method, &self.path)
            .filter(|found| !found.lacks_slash)
            .map(|found| found.operation)
    }

    /// Decodes the body into the type of the request, such as
    /// [`CreateRepository`](crate::types::CreateRepository).
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example() -> quay_api::Result<()> {
    /// use quay_api::testing::Sandbox;
    /// use quay_api::types::CreateRobot;
    ///
    /// let sandbox = Sandbox::demo().await?;
    /// let robots = sandbox.quay().organization("acme")?.robots();
    /// robots.create("scanner", CreateRobot::new().description("nightly")).await?;
    /// let sent = sandbox.requests_of("createOrgRobot");
    /// assert_eq!(sent[0].json::<CreateRobot>()?.description.as_deref(), Some("nightly"));
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if there is no body, or if it does not fit the type.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        let invalid = |e: serde_json::Error| {
            Error::new(
                ErrorKind::InvalidInput,
                format!("the body that was received does not fit: {e}"),
            )
        };
        serde_json::from_slice(&self.raw).map_err(invalid)
    }
}
