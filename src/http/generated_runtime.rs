//! The names that the generated client is compiled against.
//!
//! The code that progenitor generates is written for the crates progenitor-client and reqwest.
//! `build/codegen/cut.rs` reduces it to methods that build a request, and this module defines what
//! these methods name: a field `client` whose methods begin a request, `QueryParam`, `encode_path`.

use super::RequestBuilder;
use super::base_url::BaseUrl;
use http::Method;

pub(crate) use super::OperationRequest;
pub(crate) use super::percent_encode::{encode_segment as encode_path, encode_segments};

/// The generated client, with a method for each operation, which builds its request.
///
/// The methods are in `src/generated.rs`.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    pub baseurl: String,
    pub client: Verbs,
}

impl Client {
    pub fn new(base: &BaseUrl) -> Self {
        Self {
            baseurl: base.as_str().to_owned(),
            client: Verbs {
                base: base.as_str().len(),
            },
        }
    }
}

/// The methods that begin a request, one for each HTTP method.
#[derive(Debug, Clone)]
pub(crate) struct Verbs {
    /// The length of the base URL.
    base: usize,
}

impl Verbs {
    #[inline]
    pub fn get(&self, url: String) -> RequestBuilder {
        RequestBuilder::below(self.base, Method::GET, url)
    }

    #[inline]
    pub fn post(&self, url: String) -> RequestBuilder {
        RequestBuilder::below(self.base, Method::POST, url)
    }

    #[inline]
    pub fn put(&self, url: String) -> RequestBuilder {
        RequestBuilder::below(self.base, Method::PUT, url)
    }

    #[inline]
    pub fn delete(&self, url: String) -> RequestBuilder {
        RequestBuilder::below(self.base, Method::DELETE, url)
    }
}

/// A parameter of a query.
pub(crate) struct QueryParam<'a, T> {
    pub name: &'a str,
    pub value: &'a T,
}

impl<'a, T> QueryParam<'a, T> {
    #[inline]
    pub fn new(name: &'a str, value: &'a T) -> Self {
        Self { name, value }
    }
}
