//! Which kind of failure it is: by status **and** body, since Quay's status often says something
//! else than it means.

use super::body::ErrorBody;
use http::StatusCode;

/// What happened, whatever status and body the server found for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// What the caller gave can't be used. Nothing was sent.
    InvalidInput,
    /// The source of tokens gave none. Nothing was sent.
    NoToken,
    /// The server did not accept the token: it is missing, wrong, expired or revoked.
    TokenNotAccepted,
    /// The token lacks the scope that the operation needs.
    ScopeMissing,
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
    /// No connection, or it broke. [`Error::sent`](super::Error::sent) tells which.
    Connection,
    /// The server's certificate is not trusted, or there is no way of talking TLS with it. Nothing
    /// was sent.
    Tls,
    /// It took too long. [`Error::sent`](super::Error::sent) tells whether it was sent.
    Timeout,
    /// The runtime that drives the connection was shut down.
    Cancelled,
    /// The server redirects to where the client does not go: another origin, or in a circle.
    Redirected,
    /// The answer is a success, but does not fit its type.
    InvalidResponse,
    /// The answer is a success, but longer than the client reads.
    ResponseTooLarge,
    /// A listing started over; its rows can't be told apart from here on.
    ListingRestarted,
    /// A refusal of no known kind.
    Other,
}

/// Texts that mean something else than their status, in lower case.
const TEXTS: &[(&str, ErrorKind)] = &[
    (
        "csrf token was invalid or missing",
        ErrorKind::TokenNotAccepted,
    ),
    ("read only or mirror mode", ErrorKind::RepositoryReadOnly),
    ("already exists", ErrorKind::AlreadyExists),
    ("already exits", ErrorKind::AlreadyExists),
    ("existing robot with name", ErrorKind::AlreadyExists),
    ("already been taken", ErrorKind::AlreadyExists),
    ("already been used", ErrorKind::AlreadyExists),
    ("already used", ErrorKind::AlreadyExists),
    ("already in use", ErrorKind::AlreadyExists),
    ("existing policy with same values", ErrorKind::AlreadyExists),
    ("username is not available", ErrorKind::AlreadyExists),
    ("is already a member of team", ErrorKind::AlreadyExists),
    ("is already bound to", ErrorKind::AlreadyExists),
    ("could not find robot with", ErrorKind::NotFound),
    ("does not have permission for repo", ErrorKind::NotFound),
    ("does not belong to team", ErrorKind::NotFound),
    ("not a member of the organization", ErrorKind::NotFound),
    ("does not exist", ErrorKind::NotFound),
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

/// The kind of a refusal.
pub(super) fn classify(status: StatusCode, refusal: &ErrorBody) -> ErrorKind {
    if let Some(kind) = refusal.kind.as_deref().and_then(by_title) {
        return kind;
    }
    if refusal.is_read_only {
        return ErrorKind::ReadOnly;
    }
    // A 404 as a page: the route is not there, not the thing.
    if status == StatusCode::NOT_FOUND && refusal.is_page {
        return ErrorKind::FeatureDisabled;
    }
    if status.is_client_error() || status == StatusCode::SERVICE_UNAVAILABLE {
        let message = refusal
            .message
            .as_deref()
            .unwrap_or_default()
            .to_lowercase();
        if let Some((_, kind)) = TEXTS.iter().find(|(text, _)| message.contains(text)) {
            return *kind;
        }
    }
    match status.as_u16() {
        300..=399 => ErrorKind::Redirected,
        // Whoever is known and may not is answered 403; 401 means that nobody is known.
        401 => ErrorKind::TokenNotAccepted,
        402 => ErrorKind::QuotaExceeded,
        403 => ErrorKind::Forbidden,
        404 => ErrorKind::NotFound,
        // The route is there for other methods only: an older or newer server than the one this
        // crate knows.
        405 => ErrorKind::FeatureDisabled,
        // Of a proxy that waited for the request: it does not come so slowly the next time.
        408 => ErrorKind::Unavailable,
        409 => ErrorKind::Conflict,
        410 => ErrorKind::Gone,
        429 => ErrorKind::RateLimited,
        501 => ErrorKind::FeatureDisabled,
        // As Quay itself says it, it is a state that stays. As a page, or with a time to come back
        // at, it is a proxy's.
        503 if refusal.is_object && !refusal.has_retry_after => ErrorKind::Server,
        502..=504 => ErrorKind::Unavailable,
        520 => ErrorKind::Downstream,
        400..=499 => ErrorKind::InvalidRequest,
        500..=599 => ErrorKind::Server,
        _ => ErrorKind::Other,
    }
}

/// The kind that the server itself names.
fn by_title(title: &str) -> Option<ErrorKind> {
    Some(match title {
        "invalid_token" | "expired_token" => ErrorKind::TokenNotAccepted,
        "insufficient_scope" => ErrorKind::ScopeMissing,
        "fresh_login_required" => ErrorKind::FreshLoginRequired,
        "exceeds_license" => ErrorKind::QuotaExceeded,
        "not_found" => ErrorKind::NotFound,
        "tag_immutable" => ErrorKind::TagImmutable,
        "external_service_timeout" | "downstream_issue" => ErrorKind::Downstream,
        "token_rotation_failed" => ErrorKind::Server,
        _ => return None,
    })
}
