//! Errors.

mod body;
mod decode;
mod delivery;
mod kind;

pub(crate) use decode::DecodeError;
pub use delivery::Delivery;
pub use kind::ErrorKind;

use crate::client::defaults::default;
use crate::http::Response;
use crate::operation::Operation;
use crate::types::InvalidValue;
use body::ErrorBody;
use http::HeaderValue;
use std::fmt;
use std::time::Duration;

/// A result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The error of a call.
///
/// One type for everything: [`kind`](Self::kind) and the predicates tell what happened, whatever
/// status and body the server chose; [`status`](Self::status), [`header`](Self::header) and
/// [`body`](Self::body) have the response as it was received.
///
/// ```
/// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
/// match quay.repository("acme/web")?.get().await {
///     Ok(repository) => println!("{}", repository.description.unwrap_or_default()),
///     Err(e) if e.is_not_found() => println!("there is none"),
///     Err(e) if e.is_token_not_accepted() => println!("time for a new token"),
///     Err(e) => return Err(e),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(thiserror::Error)]
#[error(transparent)]
pub struct Error(Box<ErrorInner>);

/// The content of an error. Boxed, so that a `Result` is small.
#[derive(Debug, thiserror::Error)]
struct ErrorInner {
    kind: ErrorKind,
    message: String,
    operation: Option<&'static Operation>,
    response: Option<Response>,
    server_kind: Option<String>,
    parameters: Vec<String>,
    /// The path in the body at which it does not fit its type.
    path: Option<String>,
    delivery: Delivery,
    attempts: u32,
    elapsed: Duration,
    may_have_been_done: bool,
    /// Whether an earlier step of the same call was done.
    part_was_done: bool,
    source: Option<BoxError>,
}

impl fmt::Display for ErrorInner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.operation {
            write!(f, "{}: ", operation.id())?;
        }
        if let Some(response) = &self.response {
            write!(f, "{}: ", response.status.as_u16())?;
        }
        f.write_str(&self.message)?;
        if let Some(hint) = self.hint() {
            write!(f, " ({hint})")?;
        }
        Ok(())
    }
}

impl ErrorInner {
    /// Returns what else the caller should know.
    fn hint(&self) -> Option<String> {
        match self.kind {
            ErrorKind::TokenNotAccepted => Some(
                "the token is missing, wrong, expired or revoked; \
                 the server went on as if nobody had asked"
                    .to_owned(),
            ),
            ErrorKind::ScopeMissing => {
                let operation = self.operation?;
                let (id, scope) = (operation.id(), operation.scope()?);
                Some(format!("{id} needs a token with the scope {scope}"))
            }
            ErrorKind::FeatureDisabled => {
                Some("the server has no such endpoint, or its feature is off".to_owned())
            }
            ErrorKind::NotFound if self.may_have_been_done => {
                Some("an earlier attempt, whose answer was lost, may have done it".to_owned())
            }
            _ if self.may_have_been_done && self.delivery != Delivery::Responded => {
                Some("it may have been done".to_owned())
            }
            _ => None,
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &self.0;
        let mut out = f.debug_struct("Error");
        out.field("kind", &inner.kind)
            .field("message", &inner.message);
        if let Some(operation) = inner.operation {
            out.field("operation", &operation.id());
        }
        if let Some(response) = &inner.response {
            // Without headers and body: both may contain secrets.
            out.field("status", &response.status.as_u16())
                .field("body_bytes", &response.body.len());
        }
        out.field("delivery", &inner.delivery)
            .field("attempts", &inner.attempts)
            .field("elapsed", &inner.elapsed);
        if let Some(server_kind) = &inner.server_kind {
            out.field("server_kind", server_kind);
        }
        if let Some(source) = &inner.source {
            out.field("source", source);
        }
        out.finish()
    }
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(ErrorInner {
            kind,
            message: message.into(),
            operation: None,
            response: None,
            server_kind: None,
            parameters: Vec::new(),
            path: None,
            delivery: Delivery::NotSent,
            attempts: 0,
            elapsed: Duration::ZERO,
            may_have_been_done: false,
            part_was_done: false,
            source: None,
        }))
    }

    /// Returns the error of an invalid argument; nothing was sent.
    pub(crate) fn invalid_input(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidInput, message)
    }

    /// Returns the error of an error response.
    pub(crate) fn from_response(response: Response) -> Self {
        let body = ErrorBody::parse(&response);
        let kind = kind::classify(response.status, &body);
        let message = body
            .message
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
        error
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

    /// Removes the token that was sent from the server's message, should it repeat it.
    pub(crate) fn redact_token(mut self, authorization: &HeaderValue) -> Self {
        // A few letters may occur in any message, and are not a token of a server.
        let token = authorization
            .to_str()
            .ok()
            .and_then(|header| header.strip_prefix("Bearer "))
            .filter(|token| token.len() > 5);
        if let Some(token) = token {
            for text in [Some(&mut self.0.message), self.0.server_kind.as_mut()]
                .into_iter()
                .flatten()
                .chain(&mut self.0.parameters)
            {
                if text.contains(token) {
                    *text = text.replace(token, "…");
                }
                // A long message is cut, possibly within the token.
                let end = text.trim_end_matches('…');
                if let Some(part) = (6..token.len())
                    .rev()
                    .find_map(|length| token.get(..length).filter(|part| end.ends_with(part)))
                {
                    text.truncate(end.len() - part.len());
                    text.push('…');
                }
            }
        }
        self
    }

    /// Sets how far the request got.
    pub(crate) fn with_delivery(mut self, delivery: Delivery) -> Self {
        self.0.delivery = delivery;
        self
    }

    /// Sets the effort and the possible effect of the call.
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

    /// Marks the error of a call whose request was done, though not as asked.
    pub(crate) fn after_a_write(mut self) -> Self {
        // An error of this crate, about a response that was received.
        if self.0.attempts == 0 {
            self.0.delivery = Delivery::Responded;
        }
        self.0.part_was_done = true;
        self
    }

    /// Says what an earlier step of the same call has done.
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

    /// Sets the operation, unless it is set already.
    pub(crate) fn with_operation(mut self, operation: Option<&'static Operation>) -> Self {
        self.0.operation = self.0.operation.or(operation);
        self
    }

    /// What happened.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The operation that was called; `None` if the mistake was found before one was chosen.
    pub fn operation(&self) -> Option<&'static Operation> {
        self.0.operation
    }

    /// The HTTP status of the answer, if there was one.
    pub fn status(&self) -> Option<u16> {
        self.0.response.as_ref().map(|r| r.status.as_u16())
    }

    /// A header of the answer, if it is there and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.0.response.as_ref()?.headers.get(name)?.to_str().ok()
    }

    /// Returns the body of the response as it was received,
    #[doc = concat!("up to ", default!(max_error_body_kib), " KiB of it.")]
    /// It may contain what the caller sent.
    pub fn body(&self) -> Option<&[u8]> {
        self.0.response.as_ref().map(|r| r.body.as_ref())
    }

    /// What the server says of it, or what this crate does.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What the server calls this kind of error, such as `insufficient_scope`, if it says.
    pub fn server_kind(&self) -> Option<&str> {
        self.0.server_kind.as_deref()
    }

    /// The parameters that the server found fault with, if it names them.
    pub fn parameters(&self) -> &[String] {
        &self.0.parameters
    }

    /// Where in the answer's JSON it does not fit its type, such as `tags[0].name`.
    pub fn json_path(&self) -> Option<&str> {
        self.0.path.as_deref()
    }

    /// How often the request was sent, or was tried to be. Zero if something was wrong with it
    /// before.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// How long the call took, with its attempts and the waits between them.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed
    }

    /// How far the last attempt came. With [`is_timeout`](Self::is_timeout) it tells a time that
    /// ran out before anything was sent from one that ran out afterwards.
    pub fn delivery(&self) -> Delivery {
        self.0.delivery
    }

    /// Whether what was asked for may have been done although the call failed: a write was sent, in
    /// this attempt or an earlier one, and nobody said what became of it. Look before it is sent
    /// again. Never of calls that only read.
    ///
    /// ```
    /// # async fn example(robot: quay_api::api::RobotHandle) -> quay_api::Result<()> {
    /// match robot.regenerate().await {
    ///     Ok(robot) => println!("{:?}", robot.token),
    ///     Err(e) if e.may_have_been_done() => println!("the old token may be invalid: {e}"),
    ///     Err(e) => println!("the old token is still valid: {e}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn may_have_been_done(&self) -> bool {
        self.0.may_have_been_done || self.0.part_was_done
    }

    /// The scope that the operation needs, if that is what the token lacks.
    pub fn missing_scope(&self) -> Option<&'static str> {
        match self.kind() {
            ErrorKind::ScopeMissing => self.0.operation.and_then(Operation::scope),
            _ => None,
        }
    }

    /// The server did not accept the token: it is missing, wrong, expired or revoked.
    ///
    /// Quay does not refuse such a token. It goes on as if nobody had asked, answers reads with
    /// what is public, and writes with a complaint about CSRF.
    pub fn is_token_not_accepted(&self) -> bool {
        self.kind() == ErrorKind::TokenNotAccepted
    }

    /// The token lacks a scope; see [`missing_scope`](Self::missing_scope).
    pub fn is_scope_missing(&self) -> bool {
        self.kind() == ErrorKind::ScopeMissing
    }

    /// The caller may not do this.
    pub fn is_forbidden(&self) -> bool {
        matches!(
            self.kind(),
            ErrorKind::Forbidden | ErrorKind::ScopeMissing | ErrorKind::FreshLoginRequired
        )
    }

    /// What was asked for is not there, in whatever disguise the server says so.
    pub fn is_not_found(&self) -> bool {
        self.kind() == ErrorKind::NotFound
    }

    /// What should be created is there already.
    pub fn is_already_exists(&self) -> bool {
        self.kind() == ErrorKind::AlreadyExists
    }

    /// The state of the thing does not allow it.
    pub fn is_conflict(&self) -> bool {
        self.status() == Some(409)
            || matches!(
                self.kind(),
                ErrorKind::Conflict
                    | ErrorKind::TagImmutable
                    | ErrorKind::ReadOnly
                    | ErrorKind::RepositoryReadOnly
            )
    }

    /// The request was wrong: found by this crate before sending, or by the server.
    pub fn is_invalid_request(&self) -> bool {
        matches!(
            self.kind(),
            ErrorKind::InvalidInput | ErrorKind::InvalidRequest
        )
    }

    /// The registry or the repository takes no writes: it is read-only, or a mirror.
    pub fn is_read_only(&self) -> bool {
        matches!(
            self.kind(),
            ErrorKind::ReadOnly | ErrorKind::RepositoryReadOnly
        )
    }

    /// More than the quota or the plan allows.
    pub fn is_quota_exceeded(&self) -> bool {
        self.kind() == ErrorKind::QuotaExceeded
    }

    /// The server asks for fewer requests.
    pub fn is_rate_limited(&self) -> bool {
        self.kind() == ErrorKind::RateLimited
    }

    /// The server has no such endpoint, or its feature is off.
    pub fn is_feature_disabled(&self) -> bool {
        self.kind() == ErrorKind::FeatureDisabled
    }

    /// It took too long.
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Timeout
    }

    /// Whether the same call may succeed a little later. Says nothing of whether a write was done:
    /// see [`may_have_been_done`](Self::may_have_been_done).
    pub fn is_temporary(&self) -> bool {
        matches!(
            self.kind(),
            ErrorKind::RateLimited
                | ErrorKind::Unavailable
                | ErrorKind::Downstream
                | ErrorKind::Connection
                | ErrorKind::Timeout
        )
    }
}

impl From<InvalidValue> for Error {
    fn from(invalid: InvalidValue) -> Self {
        Self::invalid_input(invalid.to_string()).with_source(invalid)
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
