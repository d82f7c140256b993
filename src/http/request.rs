//! How a request is written: by the generated client for an operation, by `RawRequest` for any
//! other. Sending it is the transport's.

use super::percent_encode;
use crate::error::{Error, Result};
use crate::operation::Operation;
use bytes::Bytes;
use http::Method;
use serde::Serialize;
use std::marker::PhantomData;
use url::Url;
use url::form_urlencoded::byte_serialize;

/// A request as it is before an attempt, which a call can make as often as it has to.
#[derive(Clone)]
pub(crate) struct Request {
    pub method: Method,
    pub url: Url,
    /// JSON.
    pub body: Option<Bytes>,
}

/// The request of an operation, which is answered with a `T`.
pub(crate) struct OperationRequest<T> {
    pub(super) operation: &'static Operation,
    pub(super) request: Request,
    response: PhantomData<fn() -> T>,
}

impl<T> OperationRequest<T> {
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    pub fn request(&self) -> &Request {
        &self.request
    }
}

impl<T> Clone for OperationRequest<T> {
    fn clone(&self) -> Self {
        Self {
            operation: self.operation,
            request: self.request.clone(),
            response: PhantomData,
        }
    }
}

/// A request that is being written. The build lets the generated client write one of these, where
/// progenitor's would be reqwest's.
pub(crate) struct RequestBuilder {
    method: Method,
    /// With the query, once there is one.
    url: String,
    has_query: bool,
    body: Option<serde_json::Result<Vec<u8>>>,
}

impl RequestBuilder {
    pub fn new(method: Method, url: String) -> Self {
        Self {
            method,
            url,
            has_query: false,
            body: None,
        }
    }

    pub fn get(url: String) -> Self {
        Self::new(Method::GET, url)
    }

    pub fn post(url: String) -> Self {
        Self::new(Method::POST, url)
    }

    pub fn put(url: String) -> Self {
        Self::new(Method::PUT, url)
    }

    pub fn delete(url: String) -> Self {
        Self::new(Method::DELETE, url)
    }

    pub fn method(&self) -> &Method {
        &self.method
    }

    /// Adds a parameter to the query, if it has a value.
    pub fn query(mut self, name: &str, value: &impl Parameter) -> Self {
        value.add(name, &mut self);
        self
    }

    fn add(&mut self, name: &str, value: &str) {
        self.url.push(if self.has_query { '&' } else { '?' });
        self.has_query = true;
        self.url.extend(byte_serialize(name.as_bytes()));
        self.url.push('=');
        self.url.extend(byte_serialize(value.as_bytes()));
    }

    pub fn json(mut self, body: &impl Serialize) -> Self {
        self.body = Some(serde_json::to_vec(body));
        self
    }

    /// It is what calls an operation.
    #[inline]
    pub fn build<T>(self, operation: &'static Operation) -> Result<OperationRequest<T>> {
        let mut request = self.request()?;
        percent_encode::percent_encode_path(&mut request.url);
        Ok(OperationRequest {
            operation,
            request,
            response: PhantomData,
        })
    }

    pub fn request(self) -> Result<Request> {
        let Self {
            method, url, body, ..
        } = self;
        // Without the URL: it could hold what the caller wants hidden.
        let url = Url::parse(&url).map_err(|e| {
            Error::invalid_input("the request has no URL that can be used").with_source(e)
        })?;
        let body = body.transpose().map_err(|e| {
            Error::invalid_input("the body can't be written as JSON").with_source(e)
        })?;
        Ok(Request {
            method,
            url,
            body: body.map(Bytes::from),
        })
    }
}

/// What can be the value of a parameter of a query.
pub(crate) trait Parameter {
    fn add(&self, name: &str, to: &mut RequestBuilder);
}

impl Parameter for &str {
    fn add(&self, name: &str, to: &mut RequestBuilder) {
        to.add(name, self);
    }
}

impl Parameter for i64 {
    fn add(&self, name: &str, to: &mut RequestBuilder) {
        to.add(name, &self.to_string());
    }
}

impl<T: Parameter> Parameter for Option<T> {
    fn add(&self, name: &str, to: &mut RequestBuilder) {
        if let Some(value) = self {
            value.add(name, to);
        }
    }
}

/// The name of a repository as it stands in a path: with its slashes. The build has put this into
/// the generated client.
pub(crate) fn repository_path(name: &str) -> String {
    // Nearly every name is plain.
    match name
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'.' | b'_' | b'-'))
    {
        true => name.to_owned(),
        false => percent_encode::encode_segments(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_holds_what_has_a_value_and_is_escaped() -> Result<()> {
        let writing = RequestBuilder::get("https://quay.example.com/api/v1/x".to_owned());
        let writing = writing
            .query("none", &None::<&str>)
            .query("next_page", &Some("a b&c=ü'"))
            .query("limit", &Some(7))
            .query("a[]", &"");
        let request = writing.request()?;
        assert_eq!(
            request.url.as_str(),
            "https://quay.example.com/api/v1/x?next_page=a+b%26c%3D%C3%BC%27&limit=7&a%5B%5D="
        );
        let pairs: Vec<_> = request.url.query_pairs().collect();
        assert_eq!(
            pairs.first().map(|(name, value)| (&**name, &**value)),
            Some(("next_page", "a b&c=ü'"))
        );
        Ok(())
    }

    #[test]
    fn what_can_not_be_written_is_said() {
        let nowhere = RequestBuilder::get("x".to_owned())
            .request()
            .err()
            .map(|e| e.to_string())
            .unwrap_or_default();
        assert!(nowhere.contains("no URL that can be used"), "{nowhere}");
        let unnamed = std::collections::BTreeMap::from([((), 1)]);
        let body = RequestBuilder::put("https://quay.io".to_owned())
            .json(&unnamed)
            .request()
            .err()
            .map(|e| e.to_string())
            .unwrap_or_default();
        assert!(body.contains("can't be written as JSON"), "{body}");
    }
}
