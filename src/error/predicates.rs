//! The predicates of errors.

use super::{Error, ErrorKind};

impl Error {
    /// Returns true if this crate or the server rejected the request as invalid.
    ///
    /// If this crate rejected it, nothing was sent.
    pub fn is_invalid_request(&self) -> bool {
        matches!(
            self.kind(),
            ErrorKind::InvalidInput | ErrorKind::InvalidRequest
        )
    }

    /// Returns true if the source of tokens returned an error.
    ///
    /// Nothing was sent.
    pub fn is_token_unavailable(&self) -> bool {
        self.kind() == ErrorKind::TokenUnavailable
    }

    /// Returns true if the token is missing, wrong, expired or revoked.
    ///
    /// For an anonymous client, the resource does not exist or is not public, or the call is a
    /// write. Quay does not reject an invalid token, but treats the request as anonymous: a read
    /// of public data succeeds, a read of private data fails with status 401, and a write fails
    /// with status 403 and a message about CSRF.
    pub fn is_unauthenticated(&self) -> bool {
        self.kind() == ErrorKind::Unauthenticated
    }

    /// Returns true if the token lacks the [scope](Self::required_scope), or if its user lacks the
    /// permission.
    ///
    /// Quay sends the same response in both cases. To an ordinary user, it also sends it for a
    /// repository that does not exist.
    pub fn is_insufficient_scope(&self) -> bool {
        self.kind() == ErrorKind::InsufficientScope
    }

    /// Returns true if the server requires a recent login, which only a browser session can have.
    pub fn is_fresh_login_required(&self) -> bool {
        self.kind() == ErrorKind::FreshLoginRequired
    }

    /// Returns true if the caller lacks a permission, a scope or a recent login.
    pub fn is_forbidden(&self) -> bool {
        matches!(
            self.kind(),
            ErrorKind::Forbidden | ErrorKind::InsufficientScope | ErrorKind::FreshLoginRequired
        )
    }

    /// Returns true if the resource does not exist, whatever status the server sends for it.
    pub fn is_not_found(&self) -> bool {
        self.kind() == ErrorKind::NotFound
    }

    /// Returns true if the resource to be created exists already.
    pub fn is_already_exists(&self) -> bool {
        self.kind() == ErrorKind::AlreadyExists
    }

    /// Returns true if the state of the resource does not allow the operation.
    ///
    /// This includes immutable tags, and registries and repositories that are read-only.
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

    /// Returns true if the tag is immutable.
    pub fn is_tag_immutable(&self) -> bool {
        self.kind() == ErrorKind::TagImmutable
    }

    /// Returns true if the registry or the repository rejects writes: it is read-only, or a mirror.
    pub fn is_read_only(&self) -> bool {
        matches!(
            self.kind(),
            ErrorKind::ReadOnly | ErrorKind::RepositoryReadOnly
        )
    }

    /// Returns true if the quota or the plan is exceeded.
    pub fn is_quota_exceeded(&self) -> bool {
        self.kind() == ErrorKind::QuotaExceeded
    }

    /// Returns true if the server received too many requests.
    pub fn is_rate_limited(&self) -> bool {
        self.kind() == ErrorKind::RateLimited
    }

    /// Returns true if the server lacks the endpoint, or its feature is turned off.
    pub fn is_feature_disabled(&self) -> bool {
        self.kind() == ErrorKind::FeatureDisabled
    }

    /// Returns true if the server no longer offers the feature.
    pub fn is_gone(&self) -> bool {
        self.kind() == ErrorKind::Gone
    }

    /// Returns true if the client could not connect, or the connection broke.
    pub fn is_connection(&self) -> bool {
        self.kind() == ErrorKind::Connection
    }

    /// Returns true if the server's certificate is not trusted, or TLS failed for another reason.
    pub fn is_tls(&self) -> bool {
        self.kind() == ErrorKind::Tls
    }

    /// Returns true if a time-out expired.
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Timeout
    }

    /// Returns true if the runtime that runs the connection was shut down.
    pub fn is_cancelled(&self) -> bool {
        self.kind() == ErrorKind::Cancelled
    }

    /// Returns true if the server sent a redirect that the client does not follow.
    pub fn is_redirected(&self) -> bool {
        self.kind() == ErrorKind::Redirected
    }

    /// Returns true if the status is a success but the body is not that of the operation.
    ///
    /// The body may be a web page of a proxy, for example.
    pub fn is_invalid_response(&self) -> bool {
        self.kind() == ErrorKind::InvalidResponse
    }

    /// Returns true if the response is larger than the client's limit.
    pub fn is_response_too_large(&self) -> bool {
        self.kind() == ErrorKind::ResponseTooLarge
    }

    /// Returns true if a listing started over and must be read again from the start.
    pub fn is_listing_restarted(&self) -> bool {
        self.kind() == ErrorKind::ListingRestarted
    }

    /// Returns true if the same call may succeed a little later.
    ///
    /// A write may nevertheless have taken effect: see
    /// [`may_have_been_done`](Self::may_have_been_done).
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A predicate and the kinds for which it is true.
    type Predicate = (fn(&Error) -> bool, &'static [ErrorKind]);

    const PREDICATES: &[Predicate] = &[
        (
            Error::is_invalid_request,
            &[ErrorKind::InvalidInput, ErrorKind::InvalidRequest],
        ),
        (Error::is_token_unavailable, &[ErrorKind::TokenUnavailable]),
        (Error::is_unauthenticated, &[ErrorKind::Unauthenticated]),
        (
            Error::is_insufficient_scope,
            &[ErrorKind::InsufficientScope],
        ),
        (
            Error::is_fresh_login_required,
            &[ErrorKind::FreshLoginRequired],
        ),
        (
            Error::is_forbidden,
            &[
                ErrorKind::Forbidden,
                ErrorKind::InsufficientScope,
                ErrorKind::FreshLoginRequired,
            ],
        ),
        (Error::is_not_found, &[ErrorKind::NotFound]),
        (Error::is_already_exists, &[ErrorKind::AlreadyExists]),
        (
            Error::is_conflict,
            &[
                ErrorKind::Conflict,
                ErrorKind::TagImmutable,
                ErrorKind::ReadOnly,
                ErrorKind::RepositoryReadOnly,
            ],
        ),
        (Error::is_tag_immutable, &[ErrorKind::TagImmutable]),
        (
            Error::is_read_only,
            &[ErrorKind::ReadOnly, ErrorKind::RepositoryReadOnly],
        ),
        (Error::is_quota_exceeded, &[ErrorKind::QuotaExceeded]),
        (Error::is_rate_limited, &[ErrorKind::RateLimited]),
        (Error::is_feature_disabled, &[ErrorKind::FeatureDisabled]),
        (Error::is_gone, &[ErrorKind::Gone]),
        (Error::is_connection, &[ErrorKind::Connection]),
        (Error::is_tls, &[ErrorKind::Tls]),
        (Error::is_timeout, &[ErrorKind::Timeout]),
        (Error::is_cancelled, &[ErrorKind::Cancelled]),
        (Error::is_redirected, &[ErrorKind::Redirected]),
        (Error::is_invalid_response, &[ErrorKind::InvalidResponse]),
        (Error::is_response_too_large, &[ErrorKind::ResponseTooLarge]),
        (Error::is_listing_restarted, &[ErrorKind::ListingRestarted]),
        (
            Error::is_temporary,
            &[
                ErrorKind::RateLimited,
                ErrorKind::Unavailable,
                ErrorKind::Downstream,
                ErrorKind::Connection,
                ErrorKind::Timeout,
            ],
        ),
    ];

    /// The kinds without a predicate, each with the reason.
    const WITHOUT: &[(ErrorKind, &str)] = &[
        (
            ErrorKind::NoRuntime,
            "a mistake in the program, not handled where it runs",
        ),
        (ErrorKind::Server, "a caller can't act on it"),
        (ErrorKind::Other, "a caller can't act on it"),
    ];

    #[test]
    fn each_kind_has_a_predicate_or_a_reason() {
        for kind in ErrorKind::ALL {
            let error = Error::new(*kind, "x");
            let mut is_covered = WITHOUT.iter().any(|(without, _)| without == kind);
            for (index, (predicate, kinds)) in PREDICATES.iter().enumerate() {
                assert_eq!(
                    predicate(&error),
                    kinds.contains(kind),
                    "predicate {index} of {kind}"
                );
                is_covered |= kinds.contains(kind);
            }
            assert!(is_covered, "{kind} has neither a predicate nor a reason");
        }
        assert!(WITHOUT.iter().all(|(kind, reason)| {
            !reason.is_empty() && PREDICATES.iter().all(|(_, kinds)| !kinds.contains(kind))
        }));
    }

    #[test]
    fn names_of_kinds_are_snake_case_of_their_variants() {
        for kind in ErrorKind::ALL {
            let mut name = String::new();
            for c in format!("{kind:?}").chars() {
                if c.is_ascii_uppercase() && !name.is_empty() {
                    name.push('_');
                }
                name.push(c.to_ascii_lowercase());
            }
            assert_eq!(kind.as_str(), name);
            assert_eq!(kind.to_string(), name);
            assert_eq!(serde_json::to_value(kind).ok(), Some(name.into()));
        }
        assert!(ErrorKind::ALL.is_sorted());
    }
}
