//! The kinds of errors, which depend on status **and** body: Quay's status is often misleading.

use super::body::ErrorBody;
use http::StatusCode;
use serde::{Serialize, Serializer};
use std::fmt;

/// Declares the kinds with their names, each once.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:literal,)+) => {
        /// The kind of an error, which names its cause.
        ///
        /// The status of the response is often misleading. A kind displays and serializes as its
        /// [name](Self::as_str), for logs and metrics. The order of kinds is that of their
        /// declaration and has no meaning.
        ///
        /// # Examples
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
            /// All kinds of this version of the crate, in their order.
            pub const ALL: &'static [Self] = &[$(Self::$kind),+];

            /// Returns the name of the kind in snake case, such as `not_found`.
            ///
            /// The name is the same in all versions of the crate.
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
    /// The call was made outside a tokio runtime, or in a runtime whose timers or I/O are not
    /// enabled. Nothing was sent.
    NoRuntime = "no_runtime",
    /// The server did not accept the token: it is missing, wrong, expired or revoked.
    Unauthenticated = "unauthenticated",
    /// The token lacks the scope that the operation needs, or its user lacks the permission: Quay
    /// sends the same response in both cases.
    InsufficientScope = "insufficient_scope",
    /// The server requires a recent login, which only a session of a browser can have.
    FreshLoginRequired = "fresh_login_required",
    /// The user lacks the permission.
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
    /// The registry is in read-only mode, until its operators turn that off.
    ReadOnly = "read_only",
    /// The repository rejects writes because its state is read-only or mirror.
    RepositoryReadOnly = "repository_read_only",
    /// The server lacks the endpoint, or its feature is turned off.
    FeatureDisabled = "feature_disabled",
    /// The server no longer offers the feature.
    Gone = "gone",
    /// A service behind the server failed.
    Downstream = "downstream",
    /// The server failed. Quay also fails for some invalid input.
    Server = "server",
    /// The server, or a proxy in front of it, is temporarily unavailable.
    Unavailable = "unavailable",
    /// The client could not connect, or the connection broke.
    /// [`Error::delivery`](super::Error::delivery) distinguishes them.
    Connection = "connection",
    /// The server's certificate is not trusted, or TLS failed for another reason. Nothing was sent.
    Tls = "tls",
    /// A time-out expired. [`Error::delivery`](super::Error::delivery) tells whether the request
    /// may have been sent.
    Timeout = "timeout",
    /// The runtime that runs the connection was shut down.
    Cancelled = "cancelled",
    /// The server sent a redirect that the client does not follow, such as one to another origin,
    /// to an invalid address, or in a loop.
    Redirected = "redirected",
    /// The status is a success, but the body does not fit its type, is truncated or empty, is a web
    /// page of a proxy or a sign-on service, or reports a failure. Or the server sent a page token
    /// that can't be sent back.
    InvalidResponse = "invalid_response",
    /// The response is a success that is larger than the client's limit, or contains too many
    /// values.
    ResponseTooLarge = "response_too_large",
    /// A listing started over, or the row after which it should resume was deleted. The rows that
    /// were yielded are correct, but others may be missing: see
    /// [`Listing`](crate::Listing#errors).
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
    // The address or the name is in use, but not necessarily by the object to be created: a server
    // also keeps the name of a deleted object until its worker has removed the object.
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
    // With the colon, because the message of a sign-in is "Invalid Username or Password".
    ("invalid username: ", ErrorKind::NotFound),
    ("is not a team in org", ErrorKind::NotFound),
    ("no team ", ErrorKind::NotFound),
    ("unable to locate a build", ErrorKind::NotFound),
    ("email address was not found", ErrorKind::NotFound),
    // The code of an invitation.
    ("invalid confirmation code", ErrorKind::NotFound),
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
    // The server sends the e-mail after it has made the change.
    ("could not send email", ErrorKind::Downstream),
    ("invalid repository name", ErrorKind::InvalidRequest),
    ("invalid repository ", ErrorKind::NotFound),
    // Servers before 3.17 respond so, with status 501, to operations on images if the repository is
    // of the kind `application`.
    (UNSUPPORTED_BY_REPOSITORY, ErrorKind::Conflict),
];

/// The beginning of the message of status 501 in werkzeug, the server's framework.
const UNSUPPORTED_BY_REPOSITORY: &str = "the server does not support the action requested";

/// Returns the kind of an error response.
pub(super) fn classify(status: StatusCode, body: &ErrorBody) -> ErrorKind {
    if let Some(kind) = body.kind.as_deref().and_then(from_title) {
        return kind;
    }
    if body.is_read_only {
        return ErrorKind::ReadOnly;
    }
    // A 404 with a web page means that the route does not exist, and not the resource.
    if status == StatusCode::NOT_FOUND && (body.is_html || body.is_missing_route) {
        return ErrorKind::FeatureDisabled;
    }
    let has_message = matches!(
        status,
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::NOT_IMPLEMENTED
    );
    if status.is_client_error() || has_message {
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
        // A known user without the permission gets 403. With 401, the user is unknown.
        401 => ErrorKind::Unauthenticated,
        402 => ErrorKind::QuotaExceeded,
        403 => ErrorKind::Forbidden,
        404 => ErrorKind::NotFound,
        // The route only exists for other methods: the server is older or newer than this crate
        // expects.
        405 => ErrorKind::FeatureDisabled,
        // A proxy received the request too slowly, so a retry may help.
        408 => ErrorKind::Unavailable,
        409 => ErrorKind::Conflict,
        410 => ErrorKind::Gone,
        429 => ErrorKind::RateLimited,
        501 => ErrorKind::FeatureDisabled,
        // From Quay itself, it is a lasting state. With a web page or `Retry-After`, it is from a
        // proxy.
        503 if body.is_object && !body.has_retry_after => ErrorKind::Server,
        502..=504 => ErrorKind::Unavailable,
        520 => ErrorKind::Downstream,
        400..=499 => ErrorKind::InvalidRequest,
        500..=599 => ErrorKind::Server,
        _ => ErrorKind::Other,
    }
}

/// Returns the kind that the server names.
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
