//! Building a request, for the generated client and for `RawRequest`.

use super::base_url::BaseUrl;
use super::generated_runtime::QueryParam;
use super::route;
use crate::error::{Error, Result};
use crate::operation::Operation;
use crate::types::Exposed;
use bytes::Bytes;
use http::{HeaderValue, Method};
use serde::Serialize;
use std::marker::PhantomData;
use url::Url;
use url::form_urlencoded::byte_serialize;

/// A request before an attempt. A call may send it several times.
#[derive(Clone)]
pub(crate) struct Request {
    pub method: Method,
    pub url: Url,
    /// The body in JSON.
    pub body: Option<Bytes>,
    /// The credentials that replace the client's.
    pub authorization: Option<HeaderValue>,
}

/// The request of an operation whose success is a `T`.
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

impl<T> OperationRequest<T> {
    /// Returns the same request with another type of response.
    pub fn with_response<U>(self) -> OperationRequest<U> {
        OperationRequest {
            operation: self.operation,
            request: self.request,
            response: PhantomData,
        }
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

/// A request that is being built, with the methods of reqwest's builder that the generated client
/// calls.
pub(crate) struct RequestBuilder {
    method: Method,
    /// The base URL, of which the path is replaced: only the path is parsed for each request.
    base: Url,
    path: String,
    /// The length of the base URL's path, with which the path begins.
    prefix: usize,
    query: String,
    body: Option<serde_json::Result<Vec<u8>>>,
}

impl RequestBuilder {
    /// Creates a request to a path of the server, which begins with that of the base URL.
    pub fn new(base: &BaseUrl, method: Method, path: String) -> Self {
        Self {
            method,
            base: base.url().clone(),
            path,
            prefix: base.path().len(),
            query: String::new(),
            body: None,
        }
    }

    pub fn method(&self) -> &Method {
        &self.method
    }

    /// Adds a parameter to the query, if it has a value.
    pub fn query(mut self, parameter: &QueryParam<'_, impl QueryValue>) -> Self {
        parameter.value.add_to(&mut self, parameter.name);
        self
    }

    fn add(&mut self, name: &str, value: &str) {
        if !self.query.is_empty() {
            self.query.push('&');
        }
        self.query.extend(byte_serialize(name.as_bytes()));
        self.query.push('=');
        self.query.extend(byte_serialize(value.as_bytes()));
    }

    /// Sets the body, which contains its secrets.
    pub fn json(mut self, body: &impl Serialize) -> Self {
        self.body = Some(serde_json::to_vec(&Exposed(body)));
        self
    }

    /// Returns the request of an operation.
    ///
    /// # Errors
    ///
    /// Returns an error if a server would run another operation for the request.
    #[inline]
    pub fn build<T>(self, operation: &'static Operation) -> Result<OperationRequest<T>> {
        Ok(OperationRequest {
            operation,
            request: self.request_of(operation)?,
            response: PhantomData,
        })
    }

    fn request_of(self, operation: &'static Operation) -> Result<Request> {
        route::check(operation, self.path.get(self.prefix..).unwrap_or_default())?;
        self.request()
    }

    /// Returns the request.
    pub fn request(self) -> Result<Request> {
        let Self {
            method,
            base: mut url,
            path,
            query,
            body,
            ..
        } = self;
        url.set_path(&path);
        if !query.is_empty() {
            url.set_query(Some(&query));
        }
        let body = body.transpose().map_err(|e| {
            Error::invalid_input("the body can't be written as JSON").with_source(e)
        })?;
        Ok(Request {
            method,
            url,
            body: body.map(Bytes::from),
            authorization: None,
        })
    }
}

/// A value of a query parameter.
pub(crate) trait QueryValue {
    fn add_to(&self, request: &mut RequestBuilder, name: &str);
}

impl QueryValue for &str {
    fn add_to(&self, request: &mut RequestBuilder, name: &str) {
        request.add(name, self);
    }
}

impl QueryValue for i64 {
    fn add_to(&self, request: &mut RequestBuilder, name: &str) {
        request.add(name, &self.to_string());
    }
}

impl<T: QueryValue> QueryValue for Option<T> {
    fn add_to(&self, request: &mut RequestBuilder, name: &str) {
        if let Some(value) = self {
            value.add_to(request, name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodes_query_parameters_that_have_a_value() -> Result<()> {
        let base = BaseUrl::parse("https://quay.example.com/registry", false)?;
        let path = "/registry/api/v1/x".to_owned();
        let request = RequestBuilder::new(&base, Method::GET, path)
            .query(&QueryParam::new("none", &None::<&str>))
            .query(&QueryParam::new("next_page", &Some("a b&c=ü'")))
            .query(&QueryParam::new("limit", &Some(7)))
            .query(&QueryParam::new("a[]", &""))
            .request()?;
        assert_eq!(
            request.url.as_str(),
            "https://quay.example.com/registry/api/v1/x?next_page=a+b%26c%3D%C3%BC%27&limit=7&a%5B%5D="
        );
        let pairs: Vec<_> = request.url.query_pairs().collect();
        assert_eq!(
            pairs.first().map(|(name, value)| (&**name, &**value)),
            Some(("next_page", "a b&c=ü'"))
        );
        Ok(())
    }

    #[test]
    fn reports_an_invalid_body() -> Result<()> {
        let base = BaseUrl::parse("https://quay.io", false)?;
        let unnamed = std::collections::BTreeMap::from([((), 1)]);
        let request = RequestBuilder::new(&base, Method::PUT, "/x".to_owned()).json(&unnamed);
        let error = request.request().err().map(|e| e.to_string());
        let error = error.unwrap_or_default();
        assert!(error.contains("can't be written as JSON"), "{error}");
        Ok(())
    }
}
