//! What can go wrong.

mod body;
mod decode;
mod kind;
mod transport;

pub(crate) use decode::DecodeError;
pub use kind::ErrorKind;

use crate::operation::Operation;
use crate::types::InvalidValue;
use body::ErrorBody;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode};
use std::fmt;
use std::time::Duration;

/// A result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

type Source = Box<dyn std::error::Error + Send + Sync>;

/// Why a call did not succeed.
///
/// One type for everything: [`kind`](Self::kind) and the predicates tell what happened, whatever
/// status and body the server found for it; [`status`](Self::status), [`header`](Self::header) and
/// [`body`](Self::body) keep the answer as it came.
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

/// All that is known of a failure. Boxed, so that a `Result` stays small.
#[derive(Debug, thiserror::Error)]
struct ErrorInner {
    kind: ErrorKind,
    message: String,
    operation: Option<&'static Operation>,
    response: Option<Response>,
    server_kind: Option<String>,
    parameters: Vec<String>,
    /// Where in the body it does not fit.
    path: Option<String>,
    delivery: Delivery,
    attempts: u32,
    elapsed: Duration,
    may_have_been_done: bool,
    source: Option<Source>,
}

/// How far a request came.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Delivery {
    /// It did not leave: nothing was done.
    #[default]
    NotSent,
    /// It left, or may have left, and no answer came.
    Unknown,
    /// An answer came, from the server or from a proxy before it.
    Responded,
}

/// A response that was not a success, or did not fit.
#[derive(Debug)]
pub(crate) struct Response {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl fmt::Display for ErrorInner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.operation {
            write!(f, "{}: ", operation.id())?;
        }
        if let Some(answer) = &self.response {
            write!(f, "{}: ", answer.status.as_u16())?;
        }
        f.write_str(&self.message)?;
        if let Some(hint) = self.hint() {
            write!(f, " ({hint})")?;
        }
        Ok(())
    }
}

impl ErrorInner {
    /// What a caller can do about it.
    fn hint(&self) -> Option<String> {
        match self.kind {
            ErrorKind::TokenNotAccepted => {
                Some("the token is missing, wrong, expired or revoked; the server went on as if nobody had asked".to_owned())
            }
            ErrorKind::ScopeMissing => self
                .operation
                .and_then(Operation::scope)
                .map(|scope| format!("{} needs a token with the scope {scope}", self.operation.map_or("it", Operation::id))),
            ErrorKind::FeatureDisabled => Some("the server has no such endpoint, or its feature is off".to_owned()),
            ErrorKind::NotFound if self.may_have_been_done => {
                Some("an earlier attempt, whose answer was lost, may have done it".to_owned())
            }
            _ if self.may_have_been_done && self.delivery != Delivery::Responded => Some("it may have been done".to_owned()),
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
        if let Some(answer) = &inner.response {
            // Neither headers nor body: both may hold secrets.
            out.field("status", &answer.status.as_u16())
                .field("body_bytes", &answer.body.len());
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
            source: None,
        }))
    }

    /// Something the caller gave can't be used; nothing was sent.
    pub(crate) fn invalid_input(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidInput, message)
    }

    /// An answer that is no success.
    pub(crate) fn refused(response: Response) -> Self {
        let refusal = ErrorBody::read(&response);
        let kind = kind::classify(response.status, &refusal);
        let mut error = Self::new(
            kind,
            refusal
                .message
                .unwrap_or_else(|| body::reason(response.status)),
        );
        error.0.server_kind = refusal.kind;
        error.0.parameters = refusal.parameters;
        error.0.delivery = Delivery::Responded;
        error.0.response = Some(response);
        error
    }

    /// An answer that is a success, but does not fit its type.
    pub(crate) fn unreadable(response: Response, mismatch: DecodeError) -> Self {
        let mut error = Self::unread(ErrorKind::InvalidResponse, mismatch.message, response);
        error.0.path = mismatch.path;
        error
    }

    /// An answer of which no body was read.
    pub(crate) fn unread(kind: ErrorKind, message: impl Into<String>, response: Response) -> Self {
        let mut error = Self::new(kind, message).with_delivery(Delivery::Responded);
        error.0.response = Some(response);
        error
    }

    /// Without the token that was sent, should the server's own words repeat it.
    pub(crate) fn without_token(mut self, authorization: &HeaderValue) -> Self {
        // A word of a few letters may stand in any message, and is no token of a server's.
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
                // A long message is cut, and may be so within the token.
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

    /// Says how far the request came.
    pub(crate) fn with_delivery(mut self, delivery: Delivery) -> Self {
        self.0.delivery = delivery;
        self
    }

    /// Says what it took.
    pub(crate) fn after(
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

    pub(crate) fn with_source(mut self, source: impl Into<Source>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Names the operation, unless it is named already.
    pub(crate) fn of(mut self, operation: Option<&'static Operation>) -> Self {
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
        self.0.response.as_ref().map(|a| a.status.as_u16())
    }

    /// A header of the answer, if it is there and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.0.response.as_ref()?.headers.get(name)?.to_str().ok()
    }

    /// The body of the answer as it came, up to 64 KiB of it. It may hold what the caller sent.
    pub fn body(&self) -> Option<&[u8]> {
        self.0.response.as_ref().map(|a| a.body.as_ref())
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
    ///     Err(e) if e.may_have_been_done() => println!("the old token may be dead: read the new one"),
    ///     Err(e) => println!("the old token is still good: {e}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn may_have_been_done(&self) -> bool {
        self.0.may_have_been_done
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
    fn a_result_stays_small() {
        assert!(
            size_of::<Result<()>>() <= 128,
            "{}",
            size_of::<Result<()>>()
        );
        fn is_usable<T: Send + Sync + std::error::Error + 'static>() {}
        is_usable::<Error>();
    }
}
