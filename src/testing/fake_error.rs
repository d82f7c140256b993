//! Errors that a test creates.

use crate::error::{Delivery, Error, ErrorKind};
use crate::http::Response;
use crate::operation::Operation;
use crate::testing::operation_name::operation;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use std::time::Duration;

/// A builder of an error, for tests of code that handles errors: [`Error::fake`].
#[derive(Debug, Clone)]
#[must_use]
pub struct FakeError {
    kind: ErrorKind,
    message: String,
    status: Option<StatusCode>,
    headers: HeaderMap,
    body: Bytes,
    operation: Option<&'static Operation>,
    path_parameters: Vec<(&'static str, String)>,
    delivery: Delivery,
    attempts: u32,
    elapsed: Duration,
    may_have_been_done: bool,
}

impl Error {
    /// Returns a builder of an error of any kind, for tests of code that handles errors.
    ///
    /// By default, status, delivery and number of attempts are those that errors of this kind
    /// usually have.
    ///
    /// # Examples
    ///
    /// ```
    /// use quay_api::{Error, ErrorKind, Result};
    ///
    /// fn is_done(deleted: Result<()>) -> bool {
    ///     deleted.is_ok() || deleted.is_err_and(|e| e.is_not_found())
    /// }
    ///
    /// assert!(is_done(Err(Error::fake(ErrorKind::NotFound).build())));
    ///
    /// let error = Error::fake(ErrorKind::TagImmutable)
    ///     .operation("deleteFullTag")
    ///     .path_parameter("repository", "acme/web")
    ///     .path_parameter("tag", "v1")
    ///     .message("the tag is immutable")
    ///     .build();
    /// assert_eq!(error.to_string(), "deleteFullTag acme/web:v1: 409: the tag is immutable");
    /// assert!(!is_done(Err(error)));
    /// ```
    pub fn fake(kind: ErrorKind) -> FakeError {
        let status = usual_status(kind);
        let delivery = match kind {
            _ if status.is_some() => Delivery::Responded,
            ErrorKind::Connection | ErrorKind::Timeout | ErrorKind::Cancelled => Delivery::Unknown,
            ErrorKind::ListingRestarted => Delivery::Responded,
            _ => Delivery::NotSent,
        };
        let attempts = match kind {
            ErrorKind::InvalidInput | ErrorKind::TokenUnavailable | ErrorKind::NoRuntime => 0,
            _ => 1,
        };
        FakeError {
            kind,
            message: kind.as_str().replace('_', " "),
            status: status.and_then(|status| StatusCode::from_u16(status).ok()),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            operation: None,
            path_parameters: Vec::new(),
            delivery,
            attempts,
            elapsed: Duration::ZERO,
            may_have_been_done: false,
        }
    }
}

/// Returns the status that an error of a kind usually has; `None` if there is usually no response.
fn usual_status(kind: ErrorKind) -> Option<u16> {
    Some(match kind {
        ErrorKind::Unauthenticated => 401,
        ErrorKind::InsufficientScope | ErrorKind::FreshLoginRequired | ErrorKind::Forbidden => 403,
        ErrorKind::NotFound | ErrorKind::FeatureDisabled => 404,
        ErrorKind::AlreadyExists | ErrorKind::InvalidRequest | ErrorKind::Other => 400,
        ErrorKind::Conflict | ErrorKind::TagImmutable => 409,
        ErrorKind::RateLimited => 429,
        ErrorKind::QuotaExceeded => 402,
        ErrorKind::ReadOnly | ErrorKind::RepositoryReadOnly | ErrorKind::Unavailable => 503,
        ErrorKind::Gone => 410,
        ErrorKind::Downstream => 520,
        ErrorKind::Server => 500,
        ErrorKind::Redirected => 302,
        ErrorKind::InvalidResponse | ErrorKind::ResponseTooLarge => 200,
        ErrorKind::InvalidInput
        | ErrorKind::TokenUnavailable
        | ErrorKind::NoRuntime
        | ErrorKind::Connection
        | ErrorKind::Tls
        | ErrorKind::Timeout
        | ErrorKind::Cancelled
        | ErrorKind::ListingRestarted => return None,
    })
}

impl FakeError {
    /// Sets the message.
    pub fn message(mut self, message: impl Into<String>) -> Self {
        self.message = message.into();
        self
    }

    /// Sets the status of the response.
    ///
    /// # Panics
    ///
    /// Panics if it is not between 100 and 999.
    #[track_caller]
    #[expect(clippy::panic, reason = "a mistake in a test ends it where it is made")]
    pub fn status(mut self, status: u16) -> Self {
        let Ok(status) = StatusCode::from_u16(status) else {
            panic!("a status must be between 100 and 999, got {status}");
        };
        self.status = Some(status);
        self.delivery = Delivery::Responded;
        self
    }

    /// Adds a header of the response.
    ///
    /// It is ignored if the error has no [`status`](Self::status).
    ///
    /// # Panics
    ///
    /// Panics if the name or the value is invalid.
    #[track_caller]
    #[expect(clippy::panic, reason = "a mistake in a test ends it where it is made")]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let header = (HeaderName::try_from(name), HeaderValue::try_from(value));
        let (Ok(name), Ok(value)) = header else {
            panic!("invalid header {name:?}: {value:?}");
        };
        self.headers.append(name, value);
        self
    }

    /// Sets the body of the response.
    ///
    /// It is ignored if the error has no [`status`](Self::status).
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Bytes::from(body.into());
        self
    }

    /// Sets the operation that was called, such as `deleteFullTag`.
    ///
    /// # Panics
    ///
    /// Panics if no operation has that name. The message contains the most similar name.
    #[track_caller]
    pub fn operation(mut self, name: &str) -> Self {
        self.operation = Some(operation(name));
        self
    }

    /// Adds a parameter of the operation's path, such as `repository` and `acme/web`.
    ///
    /// It is ignored if the error has no [`operation`](Self::operation).
    pub fn path_parameter(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.path_parameters.push((name, value.into()));
        self
    }

    /// Sets how far the last attempt got.
    ///
    /// An error without a response has no status.
    pub fn delivery(mut self, delivery: Delivery) -> Self {
        self.delivery = delivery;
        if delivery != Delivery::Responded {
            self.status = None;
        }
        self
    }

    /// Sets the number of attempts.
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// Sets the duration of the call.
    pub fn elapsed(mut self, elapsed: Duration) -> Self {
        self.elapsed = elapsed;
        self
    }

    /// Sets whether a write may have taken effect; it is false by default.
    pub fn may_have_been_done(mut self, may_have_been_done: bool) -> Self {
        self.may_have_been_done = may_have_been_done;
        self
    }

    /// Returns the error.
    pub fn build(self) -> Error {
        let error = match self.status {
            Some(status) => {
                let response = Response {
                    status,
                    headers: self.headers,
                    body: self.body,
                };
                Error::with_response(self.kind, self.message, response)
            }
            None => Error::new(self.kind, self.message),
        };
        let error = error.with_delivery(self.delivery).with_attempts(
            self.attempts,
            self.elapsed,
            self.may_have_been_done,
        );
        match self.operation {
            Some(operation) => error.with_operation(operation, self.path_parameters),
            None => error,
        }
    }
}

impl From<FakeError> for Error {
    fn from(fake: FakeError) -> Self {
        fake.build()
    }
}
