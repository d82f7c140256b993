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
    /// The path of the base URL: the methods of this client write only the path of a URL.
    pub baseurl: String,
    pub client: Verbs,
}

impl Client {
    pub fn new(base: &BaseUrl) -> Self {
        Self {
            baseurl: base.path().to_owned(),
            client: Verbs { base: base.clone() },
        }
    }
}

/// The methods that begin a request, one for each HTTP method.
#[derive(Debug, Clone)]
pub(crate) struct Verbs {
    base: BaseUrl,
}

impl Verbs {
    #[inline]
    pub fn get(&self, path: String) -> RequestBuilder {
        RequestBuilder::new(&self.base, Method::GET, path)
    }

    #[inline]
    pub fn post(&self, path: String) -> RequestBuilder {
        RequestBuilder::new(&self.base, Method::POST, path)
    }

    #[inline]
    pub fn put(&self, path: String) -> RequestBuilder {
        RequestBuilder::new(&self.base, Method::PUT, path)
    }

    #[inline]
    pub fn delete(&self, path: String) -> RequestBuilder {
        RequestBuilder::new(&self.base, Method::DELETE, path)
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
