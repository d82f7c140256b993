//! The error of all calls.

mod body;
mod certificate;
mod decode;
mod delivery;
mod display;
mod document;
mod expected;
mod kind;
mod predicates;
mod redact;
mod text;

pub(crate) use body::{is_html_type, is_web_page, only_failure, reported_failure};
pub(crate) use decode::DecodeError;
pub use delivery::Delivery;
pub(crate) use delivery::{is_go_away, is_unprocessed};
pub(crate) use document::decode_document;
pub(crate) use expected::{expect_missing, is_expected};
pub use kind::ErrorKind;

use crate::client::defaults::default;
use crate::http::Response;
use crate::operation::Operation;
use crate::types::InvalidValue;
use body::ErrorBody;
use std::time::Duration;

/// A result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The message of the error of an operation that the server does not list.
pub(crate) const NOT_LISTED: &str = "the server's discovery document does not list this operation";

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The error of a call.
///
/// It is the only error type of this crate. [`kind`](Self::kind) and the predicates (`is_…`)
/// classify the cause, although Quay's status is often misleading. [`status`](Self::status),
/// [`header`](Self::header) and [`body`](Self::body) return parts of the response.
///
/// # Examples
///
/// ```
/// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
/// match quay.repository("acme/web")?.get().await {
///     Ok(repository) => println!("{}", repository.description.unwrap_or_default()),
///     Err(e) if e.is_not_found() => println!("the repository does not exist"),
///     Err(e) if e.is_unauthenticated() => println!("the token is not valid"),
///     Err(e) => return Err(e),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(thiserror::Error)]
#[error(transparent)]
pub struct Error(Box<ErrorInner>);

/// The content of an error, which is boxed so that a `Result` is small.
#[derive(Debug, thiserror::Error)]
struct ErrorInner {
    kind: ErrorKind,
    message: String,
    operation: Option<&'static Operation>,
    /// The values in the request's path, without secrets.
    path_parameters: Vec<(&'static str, String)>,
    response: Option<Response>,
    server_kind: Option<String>,
    parameters: Vec<String>,
    /// The path in the body at which it does not fit its type.
    path: Option<String>,
    /// True for a success whose body is truncated or is not JSON.
    is_unreadable: bool,
    /// True if the request was sent without a token.
    is_anonymous: bool,
    delivery: Delivery,
    attempts: u32,
    elapsed: Duration,
    may_have_been_done: bool,
    /// True if an earlier step of the same call took effect.
    part_was_done: bool,
    source: Option<BoxError>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(ErrorInner {
            kind,
            // Some messages are from a server.
            message: text::visible(message.into()),
            operation: None,
            path_parameters: Vec::new(),
            response: None,
            server_kind: None,
            parameters: Vec::new(),
            path: None,
            is_unreadable: false,
            is_anonymous: false,
            delivery: Delivery::NotSent,
            attempts: 0,
            elapsed: Duration::ZERO,
            may_have_been_done: false,
            part_was_done: false,
            source: None,
        }))
    }

    /// Returns the error of an invalid argument. Nothing was sent.
    pub(crate) fn invalid_input(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidInput, message)
    }

    /// Returns the error of an error response.
    pub(crate) fn from_response(response: Response) -> Self {
        let body = ErrorBody::parse(&response);
        let kind = kind::classify(response.status, &body);
        let message = body
            .message
            .as_deref()
            // The title of Quay's own page is the name of the product.
            .filter(|title| kind != ErrorKind::FeatureDisabled || !body.is_page_of_quay(title))
            .and_then(|message| body::without_status(message, response.status))
            .unwrap_or_else(|| body::default_message(response.status));
        let mut error = Self::with_response(kind, message, response);
        error.0.server_kind = body.kind;
        error.0.parameters = body.parameters;
        error
    }

    /// Returns the error of a success whose body does not fit its type.
    pub(crate) fn from_decode_error(response: Response, decode_error: DecodeError) -> Self {
        let mut error =
            Self::with_response(ErrorKind::InvalidResponse, decode_error.message, response);
        error.0.path = decode_error.path;
        error.0.is_unreadable = decode_error.is_unreadable;
        error
    }

    /// Returns the error of a document that does not fit its type, such as the body of a webhook.
    fn from_document(decode_error: DecodeError) -> Self {
        let mut error = Self::new(ErrorKind::InvalidResponse, decode_error.message);
        error.0.path = decode_error.path;
        error.0.is_unreadable = decode_error.is_unreadable;
        error
    }

    /// Returns the error of a success whose body reports a failure.
    pub(crate) fn from_reported_failure(response: Response, message: &str) -> Self {
        let message = format!("the status is a success, but the body reports a failure: {message}");
        Self::with_response(ErrorKind::InvalidResponse, message, response)
    }

    /// Returns an error that keeps a response.
    pub(crate) fn with_response(
        kind: ErrorKind,
        message: impl Into<String>,
        response: Response,
    ) -> Self {
        let mut error = Self::new(kind, message).with_delivery(Delivery::Responded);
        error.0.response = Some(response);
        error
    }

    /// Replaces the message with one that is computed from the response.
    pub(crate) fn map_response_message(
        mut self,
        message: impl FnOnce(&Response) -> String,
    ) -> Self {
        if let Some(response) = &self.0.response {
            self.0.message = message(response);
        }
        self
    }

    /// Sets the progress of the request.
    pub(crate) fn with_delivery(mut self, delivery: Delivery) -> Self {
        self.0.delivery = delivery;
        self
    }

    /// Sets the attempts, the duration and the possible effect of the call.
    pub(crate) fn with_attempts(
        mut self,
        attempts: u32,
        elapsed: Duration,
        may_have_been_done: bool,
    ) -> Self {
        self.0.attempts = attempts;
        self.0.elapsed = elapsed;
        self.0.may_have_been_done = may_have_been_done;
        self
    }

    /// Marks the error of a call whose write took effect, but not as requested.
    pub(crate) fn after_a_write(mut self) -> Self {
        // This crate created the error for a response that was received.
        if self.0.attempts == 0 {
            self.0.delivery = Delivery::Responded;
        }
        self.0.part_was_done = true;
        self
    }

    /// Adds the effect of an earlier step of the same call to the message.
    pub(crate) fn after(mut self, done: &str) -> Self {
        if !done.is_empty() {
            self.0.message = format!("{}; before that, {done}", self.0.message);
            self.0.part_was_done = true;
        }
        self
    }

    pub(crate) fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Marks that a write may have taken effect before the call failed.
    pub(crate) fn after_write(mut self) -> Self {
        self.0.may_have_been_done = true;
        self
    }

    /// Turns the error into that of an operation that the server lacks.
    ///
    /// The server did not run it. If the response is a success, the server ran another operation,
    /// which may have taken effect.
    pub(crate) fn into_missing_operation(mut self, message: &str) -> Self {
        self.0.kind = ErrorKind::FeatureDisabled;
        message.clone_into(&mut self.0.message);
        self.0.may_have_been_done &= self.status().is_some_and(|status| status < 300);
        self
    }

    /// Turns the error into that of an object that does not exist.
    pub(crate) fn into_missing_object(mut self, message: &str) -> Self {
        self.0.kind = ErrorKind::NotFound;
        self.0.message = text::visible(message.to_owned());
        self
    }

    /// Replaces the kind, if more is known than the response shows.
    pub(crate) fn with_kind(mut self, kind: ErrorKind) -> Self {
        self.0.kind = kind;
        self
    }

    /// Copies the operation, the values in its path and the attempts from the error that this one
    /// explains.
    pub(crate) fn with_subject_of(mut self, explained: &Self) -> Self {
        self.0.operation = explained.0.operation;
        self.0
            .path_parameters
            .clone_from(&explained.0.path_parameters);
        self.0.attempts = explained.0.attempts;
        self.0.elapsed = explained.0.elapsed;
        self
    }

    /// Sets the operation whose response led to this error, and the values that its path contains,
    /// unless an operation is set already.
    pub(crate) fn with_response_to(
        mut self,
        operation: &str,
        values: &[(&'static str, &str)],
    ) -> Self {
        if self.0.operation.is_none() {
            self.0.attempts = self.0.attempts.max(1);
            if self.0.delivery == Delivery::NotSent {
                self.0.delivery = Delivery::Responded;
            }
            self.0.path_parameters = values
                .iter()
                .map(|(name, v)| (*name, (*v).to_owned()))
                .collect();
            return self.with_operation_id(operation);
        }
        self
    }

    /// Replaces the operation, for the error of a lookup that explains the response of another one.
    /// Values that the path of the operation does not contain are left out.
    pub(crate) fn with_operation_id(mut self, operation: &str) -> Self {
        if let Some(operation) = Operation::find(operation) {
            self.0.operation = Some(operation);
            self.0
                .path_parameters
                .retain(|(name, _)| operation.path().contains(&format!("{{{name}}}")));
        }
        self
    }

    /// Sets the operation and the values in its path, unless they are set already.
    pub(crate) fn with_operation(
        mut self,
        operation: &'static Operation,
        path_parameters: Vec<(&'static str, String)>,
    ) -> Self {
        if self.0.operation.is_none() {
            self.0.operation = Some(operation);
            self.0.path_parameters = path_parameters;
        }
        self
    }

    /// Marks that the request was sent without a token.
    pub(crate) fn by_anonymous(mut self) -> Self {
        self.0.is_anonymous = true;
        self
    }

    /// Returns true for a success whose body can't be read: it is empty, truncated, or a web page.
    pub(crate) fn is_unreadable(&self) -> bool {
        self.0.is_unreadable
    }

    /// Returns the kind of the error.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the operation that was called; `None` if the error occurred before the call.
    pub fn operation(&self) -> Option<&'static Operation> {
        self.0.operation
    }

    /// Returns the names and values of the parameters in the request's path, in their order.
    ///
    /// They identify the resource. The names are those in [`Operation::path`]. Secrets are left
    /// out: the codes of invitations and of repository tokens.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// if let Err(error) = quay.repository("acme/web")?.tag("v1")?.delete().await {
    ///     let parameters: Vec<_> = error.path_parameters().collect();
    ///     assert_eq!(parameters, [("repository", "acme/web"), ("tag", "v1")]);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn path_parameters(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let parameters = self.0.path_parameters.iter();
        parameters.map(|(name, value)| (*name, value.as_str()))
    }

    /// Returns the HTTP status of the response, if there was one.
    pub fn status(&self) -> Option<u16> {
        self.0.response.as_ref().map(|r| r.status.as_u16())
    }

    /// Returns the value of a response header, if it exists and is a string.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.0.response.as_ref()?.headers.get(name)?.to_str().ok()
    }

    /// Returns the body of the response,
    #[doc = concat!("of which at most ", default!(max_error_body_kib), " KiB are kept.")]
    ///
    /// It may contain data that the caller sent.
    pub fn body(&self) -> Option<&[u8]> {
        self.0.response.as_ref().map(|r| r.body.as_ref())
    }

    /// Returns the message, which is from the server or from this crate.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Returns the server's name of the kind, such as `insufficient_scope`, if the response has
    /// one.
    pub fn server_kind(&self) -> Option<&str> {
        self.0.server_kind.as_deref()
    }

    /// Returns the parameters that the server rejected, if it names them.
    pub fn parameters(&self) -> &[String] {
        &self.0.parameters
    }

    /// Returns the path in the JSON at which the response does not fit its type, such as
    /// `tags[0].name`.
    pub fn json_path(&self) -> Option<&str> {
        self.0.path.as_deref()
    }

    /// Returns the number of attempts; 0 if the request was invalid and was not sent.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Returns the duration of the call, including its attempts and the waits between them.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed
    }

    /// Returns the progress of the last attempt.
    ///
    /// Together with [`is_timeout`](Self::is_timeout), it distinguishes a time-out before anything
    /// was sent from a later one.
    pub fn delivery(&self) -> Delivery {
        self.0.delivery
    }

    /// Returns true if a write may have taken effect although the call failed.
    ///
    /// It covers all attempts of the call, and is false for calls that only read. If it is true,
    /// read the resource before you call the method again.
    ///
    /// - It is true if the response was lost, if the server or a proxy failed, if the response is a
    ///   redirect with a status other than 307 or 308, if the status is a success but the body is
    ///   lost or is something else, such as a web page, or if the caller's own HTTP client followed
    ///   a redirect. The write may or may not have taken effect.
    /// - It is false if nothing was sent, which is certain, or if the server rejected the request.
    ///   The latter would be wrong if a proxy passed the request on and then rejected it itself.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(robot: quay_api::api::RobotHandle) -> quay_api::Result<()> {
    /// match robot.regenerate().await {
    ///     Ok(robot) => println!("{:?}", robot.token),
    ///     Err(e) if e.may_have_been_done() => println!("is the old token still valid? {e}"),
    ///     Err(e) => println!("the old token is still valid: {e}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn may_have_been_done(&self) -> bool {
        self.0.may_have_been_done || self.0.part_was_done
    }

    /// Returns the scope that the operation needs, if
    /// [`is_insufficient_scope`](Self::is_insufficient_scope) is true.
    ///
    /// A token that has this scope gets the same response if its user lacks the permission.
    pub fn required_scope(&self) -> Option<&'static str> {
        match self.kind() {
            ErrorKind::InsufficientScope => self.0.operation.and_then(Operation::scope),
            _ => None,
        }
    }
}

impl From<InvalidValue> for Error {
    fn from(invalid: InvalidValue) -> Self {
        // The source is left out: a caller that prints all sources would print the message twice.
        Self::invalid_input(invalid.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_is_small() {
        assert!(
            size_of::<Result<()>>() <= 128,
            "{}",
            size_of::<Result<()>>()
        );
        fn is_usable<T: Send + Sync + std::error::Error + 'static>() {}
        is_usable::<Error>();
    }
}
