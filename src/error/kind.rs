//! The kinds of errors, found by status **and** body, since Quay's status is often misleading.

use super::body::ErrorBody;
use http::StatusCode;

/// What happened, whatever status and body the server found for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// What the caller gave can't be used. Nothing was sent.
    InvalidInput,
    /// The source of tokens gave none. Nothing was sent.
    TokenUnavailable,
    /// The call was made outside a tokio runtime, which its timers and connections need. Nothing
    /// was sent.
    NoRuntime,
    /// The server did not accept the token: it is missing, wrong, expired or revoked.
    Unauthenticated,
    /// The token lacks the scope that the operation needs.
    InsufficientScope,
    /// The server wants a login that is not long ago; only a browser's session can give it.
    FreshLoginRequired,
    /// The caller may not do this.
    Forbidden,
    /// What was asked for is not there.
    NotFound,
    /// What should be created is there already.
    AlreadyExists,
    /// The state of the thing does not allow it.
    Conflict,
    /// The tag must not change.
    TagImmutable,
    /// The server found fault with the request.
    InvalidRequest,
    /// Too many requests.
    RateLimited,
    /// More than the quota or the plan allows.
    QuotaExceeded,
    /// The registry takes no writes at the moment. Waiting does not help: its operators have to
    /// change it.
    ReadOnly,
    /// The repository takes no writes: it is read-only, or a mirror. Waiting does not help: its
    /// state has to be changed.
    RepositoryReadOnly,
    /// The server has no such endpoint, or its feature is off.
    FeatureDisabled,
    /// The server had this once and has it no more.
    Gone,
    /// A service behind the server failed.
    Downstream,
    /// The server failed. Quay does so on some bad input as well.
    Server,
    /// The server, or a proxy before it, can't answer at the moment.
    Unavailable,
    /// No connection, or it broke. [`Error::delivery`](super::Error::delivery) tells which.
    Connection,
    /// The server's certificate is not trusted, or there is no way of talking TLS with it. Nothing
    /// was sent.
    Tls,
    /// It took too long. [`Error::delivery`](super::Error::delivery) tells whether it was sent.
    Timeout,
    /// The runtime that drives the connection was shut down.
    Cancelled,
    /// The server redirects to where the client does not go: another origin, in a circle, or to
    /// what is no address.
    Redirected,
    /// The status is a success, and the body is none: it does not fit its type, is cut off or
    /// empty, is a web page of a proxy or a sign-on, or reports a failure. Also a page token of the
    /// server that can't be sent.
    InvalidResponse,
    /// The answer is a success, but longer than the client reads, or has more values in it.
    ResponseTooLarge,
    /// A listing started over, or the row after which it should resume is gone. The rows that were
    /// yielded are rows of the listing, each once; whether others follow is not known
    /// ([`Listing`](crate::Listing#errors)).
    ListingRestarted,
    /// A refusal of no known kind.
    Other,
}

/// Messages that are more specific than their status, in lower case.
const MESSAGES: &[(&str, ErrorKind)] = &[
    (
        "csrf token was invalid or missing",
        ErrorKind::Unauthenticated,
    ),
    ("read only or mirror mode", ErrorKind::RepositoryReadOnly),
    // The address or the name is in use, but not necessarily by what should be created: a server
    // also keeps the name of what was deleted until its worker has removed it.
    ("user_email_unique", ErrorKind::Conflict),
    ("email has already been used", ErrorKind::Conflict),
    ("e-mail address already used", ErrorKind::Conflict),
    ("username is not available", ErrorKind::Conflict),
    ("already exists", ErrorKind::AlreadyExists),
    ("already exits", ErrorKind::AlreadyExists),
    ("existing robot with name", ErrorKind::AlreadyExists),
    ("already been taken", ErrorKind::AlreadyExists),
    ("already been used", ErrorKind::AlreadyExists),
    ("already used", ErrorKind::AlreadyExists),
    ("already in use", ErrorKind::AlreadyExists),
    ("existing policy with same values", ErrorKind::AlreadyExists),
    ("is already a member of team", ErrorKind::AlreadyExists),
    ("is already bound to", ErrorKind::AlreadyExists),
    ("could not find robot with", ErrorKind::NotFound),
    ("does not have permission for repo", ErrorKind::NotFound),
    ("does not belong to team", ErrorKind::NotFound),
    ("not a member of the organization", ErrorKind::NotFound),
    ("does not exist", ErrorKind::NotFound),
    ("invalid namespace requested", ErrorKind::NotFound),
    ("no longer exists", ErrorKind::NotFound),
    ("no repository notification found", ErrorKind::NotFound),
    ("no repository notifiation found", ErrorKind::NotFound),
    ("no namespace notification found", ErrorKind::NotFound),
    ("star not found", ErrorKind::NotFound),
    ("unknown user", ErrorKind::NotFound),
    // With the colon: a sign-in says "Invalid Username or Password".
    ("invalid username: ", ErrorKind::NotFound),
    ("is not a team in org", ErrorKind::NotFound),
    ("no team ", ErrorKind::NotFound),
    ("unable to locate a build", ErrorKind::NotFound),
    ("email address was not found", ErrorKind::NotFound),
    ("token limit reached", ErrorKind::QuotaExceeded),
    ("has probably changed", ErrorKind::Conflict),
    ("is being used by a mirror", ErrorKind::Conflict),
    ("is already cancelled", ErrorKind::Conflict),
    ("currently running or has finished", ErrorKind::Conflict),
    ("on an auth-synced team", ErrorKind::Conflict),
    ("trigger is disabled", ErrorKind::Conflict),
    ("trigger is not enabled", ErrorKind::Conflict),
    ("trigger is not active", ErrorKind::Conflict),
    ("would remove admin ability", ErrorKind::Conflict),
    ("only organization admin", ErrorKind::Conflict),
    ("from their only admin team", ErrorKind::Conflict),
    ("would no longer have admin on org", ErrorKind::Conflict),
    ("cannot delete immutable", ErrorKind::TagImmutable),
    ("contact stripe", ErrorKind::Downstream),
];

/// Returns the kind of an error response.
pub(super) fn classify(status: StatusCode, body: &ErrorBody) -> ErrorKind {
    if let Some(kind) = body.kind.as_deref().and_then(from_title) {
        return kind;
    }
    if body.is_read_only {
        return ErrorKind::ReadOnly;
    }
    // A 404 as a web page: the route does not exist, rather than the resource.
    if status == StatusCode::NOT_FOUND && (body.is_html || body.is_missing_route) {
        return ErrorKind::FeatureDisabled;
    }
    if status.is_client_error() || status == StatusCode::SERVICE_UNAVAILABLE {
        let message = body.message.as_deref().unwrap_or_default().to_lowercase();
        if let Some((_, kind)) = MESSAGES.iter().find(|(part, _)| message.contains(part)) {
            return *kind;
        }
    }
    match status.as_u16() {
        300..=399 => ErrorKind::Redirected,
        // A known caller without permission gets 403; 401 means that the caller is unknown.
        401 => ErrorKind::Unauthenticated,
        402 => ErrorKind::QuotaExceeded,
        403 => ErrorKind::Forbidden,
        404 => ErrorKind::NotFound,
        // The route exists for other methods only: the server is older or newer than those that
        // this crate is made for.
        405 => ErrorKind::FeatureDisabled,
        // From a proxy that received the request too slowly, which is worth a retry.
        408 => ErrorKind::Unavailable,
        409 => ErrorKind::Conflict,
        410 => ErrorKind::Gone,
        429 => ErrorKind::RateLimited,
        501 => ErrorKind::FeatureDisabled,
        // From Quay itself it is a lasting state. As a web page, or with `Retry-After`, it is from
        // a proxy.
        503 if body.is_object && !body.has_retry_after => ErrorKind::Server,
        502..=504 => ErrorKind::Unavailable,
        520 => ErrorKind::Downstream,
        400..=499 => ErrorKind::InvalidRequest,
        500..=599 => ErrorKind::Server,
        _ => ErrorKind::Other,
    }
}

/// Returns the kind that the server itself names.
fn from_title(title: &str) -> Option<ErrorKind> {
    Some(match title {
        "invalid_token" | "expired_token" => ErrorKind::Unauthenticated,
        "insufficient_scope" => ErrorKind::InsufficientScope,
        "fresh_login_required" => ErrorKind::FreshLoginRequired,
        "exceeds_license" => ErrorKind::QuotaExceeded,
        "not_found" => ErrorKind::NotFound,
        "tag_immutable" => ErrorKind::TagImmutable,
        "external_service_timeout" | "downstream_issue" => ErrorKind::Downstream,
        "token_rotation_failed" => ErrorKind::Server,
        _ => return None,
    })
}
