//! What the generated client is used for: it writes the request of an operation. Sending it is the crate's own.

use super::route;
use crate::error::Error;
use crate::operation::Operation;
use std::marker::PhantomData;

/// The request of an operation, which is answered with a `T`.
#[derive(Debug)]
pub(crate) struct Draft<T> {
    pub(super) operation: &'static Operation,
    pub(super) request: reqwest::Request,
    answer: PhantomData<fn() -> T>,
}

/// What a method of the generated client gives.
pub(crate) type Drafted<T> = std::result::Result<Draft<T>, Undrafted>;

/// Why a request can't be written.
#[derive(Debug)]
pub(crate) struct Undrafted(pub(super) Error);

impl From<reqwest::Error> for Undrafted {
    fn from(error: reqwest::Error) -> Self {
        Self(Error::transport(error))
    }
}

/// Takes a request over from the generated client. The build has put this at the end of each of its methods.
#[inline]
pub(crate) fn drafted<T>(operation: &'static Operation, mut request: reqwest::Request) -> Drafted<T> {
    route::strict(request.url_mut());
    Ok(Draft { operation, request, answer: PhantomData })
}

/// The name of a repository as it stands in a path: with its slashes. The build has put this into the generated client.
pub(crate) fn repository_path(name: &str) -> String {
    // Nearly every name is plain.
    match name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'.' | b'_' | b'-')) {
        true => name.to_owned(),
        false => progenitor_client::encode_path(name).replace("%2F", "/"),
    }
}
