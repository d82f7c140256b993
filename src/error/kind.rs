//! The kinds of errors, found by status **and** body, since Quay's status is often misleading.

use super::body::ErrorBody;
use http::StatusCode;
use serde::{Serialize, Serializer};
use std::fmt;

/// Declares the kinds with their names, each once.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:literal,)+) => {
        /// The kind of an error, by its cause. The status alone often says something else.
        ///
        /// It displays and serializes as its [name](Self::as_str), for logs and metrics. Kinds are
        /// ordered as they are declared, which groups them and means nothing else.
        ///
        /// ```
        /// use quay_api::ErrorKind;
        ///
        /// assert_eq!(ErrorKind::TagImmutable.as_str(), "tag_immutable");
        /// assert_eq!(ErrorKind::NotFound.to_string(), "not_found");
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum ErrorKind {
            $($(#[$doc])* $kind,)+
        }

        impl ErrorKind {
            /// All kinds that this version of the crate has, in their order.
            pub const ALL: &'static [Self] = &[$(Self::$kind),+];

            /// Returns the name of the kind in snake case, such as `not_found`. It does not change
            /// from one version of the crate to the next.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)+
                }
            }
        }
    };
}

kinds! {
    /// An argument or a setting is invalid. Nothing was sent.
    InvalidInput = "invalid_input",
    /// The source of tokens returned an error. Nothing was sent.
    TokenUnavailable = "token_unavailable",
    /// The call was made outside a tokio runtime, or in one without timers or I/O, which a call
    /// needs. Nothing was sent.
    NoRuntime = "no_runtime",
    /// The server did not accept the token: it is missing, wrong, expired or revoked.
    Unauthenticated = "unauthenticated",
    /// The token lacks the scope that the operation needs.
    InsufficientScope = "insufficient_scope",
    /// The server requires a recent login, which only a browser's session can have.
    FreshLoginRequired = "fresh_login_required",
    /// The caller lacks the permission.
    Forbidden = "forbidden",
    /// The resource does not exist.
    NotFound = "not_found",
    /// The resource to be created exists already.
    AlreadyExists = "already_exists",
    /// The state of the resource does not allow the operation.
    Conflict = "conflict",
    /// The tag is immutable.
    TagImmutable = "tag_immutable",
    /// The server rejected the request as invalid.
    InvalidRequest = "invalid_request",
    /// The server received too many requests.
    RateLimited = "rate_limited",
    /// The quota or the plan is exceeded.
    QuotaExceeded = "quota_exceeded",
    /// The registry is in read-only mode. Waiting does not help: its operators have to change it.
    ReadOnly = "read_only",
    /// The repository rejects writes, since it is read-only or a mirror. Waiting does not help: its
    /// state has to be changed.
    RepositoryReadOnly = "repository_read_only",
    /// The server has no such endpoint, or its feature is off.
    FeatureDisabled = "feature_disabled",
    /// The server does not offer the feature any more.
    Gone = "gone",
    /// A service behind the server failed.
    Downstream = "downstream",
    /// The server failed. Quay also fails on some invalid input.
    Server = "server",
    /// The server, or a proxy in front of it, is temporarily unavailable.
    Unavailable = "unavailable",
    /// The connection could not be made, or broke. [`Error::delivery`](super::Error::delivery)
    /// tells which.
    Connection = "connection",
    /// The server's certificate is not trusted, or TLS failed for another reason. Nothing was sent.
    Tls = "tls",
    /// A time-out expired. [`Error::delivery`](super::Error::delivery) tells whether the request
    /// was sent.
    Timeout = "timeout",
    /// The runtime that drives the connection was shut down.
    Cancelled = "cancelled",
    /// The server redirects to a place that the client does not follow: another origin, in a
    /// circle, or an invalid address.
    Redirected = "redirected",
    /// The status is a success and the body is not: it does not fit its type, is cut off or empty,
    /// is a web page of a proxy or a sign-on, or reports a failure. Also a page token of the server
    /// that can't be sent.
    InvalidResponse = "invalid_response",
    /// The response is a success that is larger than the client's limit, or has too many values in
    /// it.
    ResponseTooLarge = "response_too_large",
    /// A listing started over, or the row after which it should resume was deleted. The rows that
    /// were yielded are rows of the listing, each once; whether others follow is not known
    /// ([`Listing`](crate::Listing#errors)).
    ListingRestarted = "listing_restarted",
    /// An error response of an unknown kind.
    Other = "other",
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for ErrorKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
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
        let message = body
            .message
            .as_deref()
            .unwrap_or_default()
            .to_ascii_lowercase();
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
