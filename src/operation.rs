//! The table of operations.

mod semantics;

pub(crate) use semantics::Idempotency;
pub use semantics::Paging;

/// An operation of Quay's API.
///
/// # Examples
///
/// ```
/// let operation = quay_api::OPERATIONS.iter().find(|o| o.id() == "listRepoTags").unwrap();
/// assert_eq!((operation.method(), operation.scope()), ("GET", Some("repo:read")));
/// ```
#[derive(Debug, PartialEq, Eq)]
pub struct Operation {
    /// The index in both tables.
    index: u16,
    id: &'static str,
    method: &'static str,
    path: &'static str,
    scope: Option<&'static str>,
    internal: bool,
    fresh_login: bool,
    superuser: bool,
    empty: bool,
    documented: bool,
    body: bool,
    since: Option<&'static str>,
    listed: Option<&'static str>,
    features: &'static [&'static str],
    idempotency: Idempotency,
    paging: Option<Paging>,
}

/// The facts that calls do not need. They are in a separate table, which the linker leaves out of
/// programs that do not read it.
struct Details {
    tag: &'static str,
    summary: &'static str,
    session: Option<&'static str>,
    query: &'static [&'static str],
    hidden: &'static [&'static str],
}

/// Every operation that this crate can call, sorted by name.
///
/// # Examples
///
/// ```
/// assert!(quay_api::OPERATIONS.is_sorted_by_key(|operation| operation.id()));
/// ```
pub const OPERATIONS: &[Operation] = &TABLE;

include!(concat!(env!("OUT_DIR"), "/operations.rs"));

impl Operation {
    /// Returns the operation with an identifier.
    pub(crate) fn find(id: &str) -> Option<&'static Self> {
        let index = OPERATIONS.binary_search_by_key(&id, |operation| operation.id);
        OPERATIONS.get(index.ok()?)
    }

    /// Returns its index in [`OPERATIONS`].
    pub(crate) fn index(&self) -> usize {
        usize::from(self.index)
    }

    fn details(&self) -> &'static Details {
        &DETAILS[self.index()]
    }

    /// Returns its identifier in the server's discovery document, such as `listRepoTags`.
    pub fn id(&self) -> &'static str {
        self.id
    }

    /// Returns its HTTP method in upper case.
    pub fn method(&self) -> &'static str {
        self.method
    }

    /// Returns its path from the server's root, with parameters in braces.
    pub fn path(&self) -> &'static str {
        self.path
    }

    /// Returns the area of the API to which the server assigns it.
    pub fn tag(&self) -> &'static str {
        self.details().tag
    }

    /// Returns the OAuth scope that it requires of a token, or `None` if it requires none.
    pub fn scope(&self) -> Option<&'static str> {
        self.scope
    }

    /// Returns a sentence that describes it.
    pub fn summary(&self) -> &'static str {
        self.details().summary
    }

    /// Returns true if a server lists it only in its internal discovery document.
    pub fn is_internal(&self) -> bool {
        self.internal
    }

    /// Returns true if the server requires a recent login of a browser session.
    ///
    /// Tokens are exempt.
    pub fn needs_fresh_login(&self) -> bool {
        self.fresh_login
    }

    /// Returns why a bearer token can't call it, or `None` if it can.
    ///
    /// Operations with a reason need the session of a browser.
    pub fn needs_session(&self) -> Option<&'static str> {
        self.details().session
    }

    /// Returns the names of its query parameters.
    pub fn query_parameters(&self) -> &'static [&'static str] {
        self.details().query
    }

    /// Returns the query parameters that the server reads but does not list in its document.
    pub(crate) fn hidden_parameters(&self) -> &'static [&'static str] {
        self.details().hidden
    }

    /// Returns true if a server with all features turned on lists it.
    pub(crate) fn is_documented(&self) -> bool {
        self.documented
    }

    /// Returns true if it takes a request body.
    pub fn takes_body(&self) -> bool {
        self.body
    }

    /// Returns true if only a superuser may call it.
    pub fn needs_superuser(&self) -> bool {
        self.superuser
    }

    /// Returns the release of Quay that introduced it, or `None` if release 3.8 has it.
    ///
    /// Release 3.8 is the oldest one that this crate supports. The release is `3.17.2`, for
    /// example, if a patch release introduced the operation, and otherwise like `3.11`.
    ///
    /// # Examples
    ///
    /// ```
    /// use quay_api::OPERATIONS;
    ///
    /// let since = |id: &str| OPERATIONS.iter().find(|o| o.id() == id).unwrap().since();
    /// assert_eq!(since("listRepoTags"), None);
    /// assert_eq!(since("createRepositoryAutoPrunePolicy"), Some("3.11"));
    /// ```
    pub fn since(&self) -> Option<&'static str> {
        self.since
    }

    /// Returns the setting in the server's `config.yaml` that it requires, if any.
    ///
    /// It is nearly always a feature flag. If several settings are required, this is the most
    /// specific one; [`features`](Self::features) returns all.
    ///
    /// # Examples
    ///
    /// ```
    /// use quay_api::OPERATIONS;
    ///
    /// let feature = |id: &str| OPERATIONS.iter().find(|o| o.id() == id).unwrap().feature();
    /// assert_eq!(feature("listRepoTags"), None);
    /// assert_eq!(feature("getRepoManifestSecurity"), Some("FEATURE_SECURITY_SCANNER"));
    /// ```
    pub fn feature(&self) -> Option<&'static str> {
        self.features.first().copied()
    }

    /// Returns all settings in the server's `config.yaml` that it requires.
    ///
    /// The most specific one comes first. The settings are those of the newest release; an older
    /// release may require fewer.
    ///
    /// # Examples
    ///
    /// ```
    /// use quay_api::OPERATIONS;
    ///
    /// let quota = OPERATIONS.iter().find(|o| o.id() == "listUserQuota").unwrap();
    /// assert_eq!(
    ///     quota.features(),
    ///     ["FEATURE_QUOTA_MANAGEMENT", "FEATURE_EDIT_QUOTA", "FEATURE_SUPER_USERS"]
    /// );
    /// ```
    pub fn features(&self) -> &'static [&'static str] {
        self.features
    }

    /// Returns the first release whose discovery document lists it, if that is not
    /// [`since`](Self::since).
    ///
    /// The releases in between have the operation, but do not list it.
    ///
    /// # Examples
    ///
    /// ```
    /// use quay_api::OPERATIONS;
    ///
    /// let get = OPERATIONS.iter().find(|o| o.id() == "getOrgRobotFederation").unwrap();
    /// assert_eq!((get.since(), get.listed_since()), (Some("3.13"), Some("3.17.2")));
    /// ```
    pub fn listed_since(&self) -> Option<&'static str> {
        self.listed
    }

    /// Returns true if it only reads, so that it can be sent again at any time.
    ///
    /// This follows from the method, except where Quay differs from HTTP.
    pub fn is_safe(&self) -> bool {
        self.idempotency == Idempotency::Safe
    }

    /// Returns true if sending it twice has the same effect as sending it once.
    ///
    /// Safe operations are also idempotent.
    ///
    /// # Examples
    ///
    /// ```
    /// use quay_api::OPERATIONS;
    ///
    /// let operation = |id: &str| OPERATIONS.iter().find(|o| o.id() == id).unwrap();
    /// assert!(operation("deleteFullTag").is_idempotent());
    /// assert!(!operation("regenerateOrgRobotToken").is_idempotent());
    /// ```
    pub fn is_idempotent(&self) -> bool {
        self.idempotency != Idempotency::NonIdempotent
    }

    /// Returns the paging style of its listing.
    ///
    /// `None` if it returns the whole listing in one response, or returns no listing.
    ///
    /// # Examples
    ///
    /// ```
    /// use quay_api::{OPERATIONS, Paging};
    ///
    /// let paging = |id: &str| OPERATIONS.iter().find(|o| o.id() == id).unwrap().paging();
    /// assert_eq!(paging("listRepoTags"), Some(Paging::Page));
    /// assert_eq!(paging("getRepo"), None);
    /// ```
    pub fn paging(&self) -> Option<Paging> {
        self.paging
    }

    /// Returns the effect of sending it again.
    pub(crate) fn idempotency(&self) -> Idempotency {
        self.idempotency
    }

    /// Returns true if a success has no body, or one without content.
    pub(crate) fn has_empty_response(&self) -> bool {
        self.empty
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_found_by_identifier_and_index() {
        for (index, operation) in OPERATIONS.iter().enumerate() {
            assert_eq!(operation.index(), index);
            assert_eq!(Operation::find(operation.id()), Some(operation));
        }
        assert_eq!(Operation::find("listRepoTagz"), None);
    }
}
