//! What the generated client is used for: it writes the request of an operation. Sending it is the crate's own.

use super::route;
use crate::error::{Error, Result};
use crate::generated;
use crate::operation::Operation;
use progenitor_client::{ClientHooks, ClientInfo, OperationInfo, ResponseValue};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What a method of the generated client returns.
pub(crate) type Generated<T> = std::result::Result<ResponseValue<T>, progenitor_client::Error<()>>;

/// The request that the generated client has written. It is the client's inner value, and so differs with each call.
#[derive(Debug, Clone, Default)]
pub(crate) struct Draft(Arc<Mutex<Option<Drafted>>>);

#[derive(Debug)]
pub(super) struct Drafted {
    pub operation: &'static Operation,
    pub request: reqwest::Request,
}

impl Draft {
    fn lock(&self) -> MutexGuard<'_, Option<Drafted>> {
        // Nothing panics while it holds the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The request; or why there is none, as the generated method says it.
    pub(super) fn take<T>(&self, outcome: Generated<T>) -> Result<Drafted> {
        use progenitor_client::Error as Generated;
        if let Some(drafted) = self.lock().take() {
            return Ok(drafted);
        }
        Err(match outcome {
            Err(Generated::CommunicationError(error)) => Error::transport(error),
            Err(Generated::InvalidRequest(reason) | Generated::Custom(reason)) => Error::invalid_input(reason),
            // All that is left has an answer in it, and nothing was sent.
            _ => Error::invalid_input("the request can't be built"),
        })
    }
}

/// The name of a repository as it stands in a path: with its slashes. The build has put this into the generated client.
pub(crate) fn repository_path(name: &str) -> String {
    // Nearly every name is plain.
    match name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'.' | b'_' | b'-')) {
        true => name.to_owned(),
        false => progenitor_client::encode_path(name).replace("%2F", "/"),
    }
}

impl ClientHooks<Draft> for generated::Client {
    /// Takes the request away before the generated client would send it, and read an answer without its status and headers.
    async fn pre<E>(&self, request: &mut reqwest::Request, info: &OperationInfo) -> std::result::Result<(), progenitor_client::Error<E>> {
        let Some(operation) = Operation::named(info.operation_id) else {
            // The table and the client are generated from the same document; a test calls every operation.
            return Err(progenitor_client::Error::Custom(format!("no operation is called {}", info.operation_id)));
        };
        let left = reqwest::Request::new(http::Method::GET, request.url().clone());
        let mut request = std::mem::replace(request, left);
        // progenitor sends the version of the document, which no Quay asks for.
        request.headers_mut().remove("api-version");
        route::strict(request.url_mut());
        *self.inner().lock() = Some(Drafted { operation, request });
        Err(progenitor_client::Error::Custom(String::new()))
    }
}
