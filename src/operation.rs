//! The table of operations.

mod semantics;

pub(crate) use semantics::Idempotency;
pub use semantics::Paging;

/// One operation of Quay's API, as the crate knows it.
///
/// ```
/// let operation = quay_api::OPERATIONS.iter().find(|o| o.id() == "listRepoTags").unwrap();
/// assert_eq!((operation.method(), operation.scope()), ("GET", Some("repo:read")));
/// ```
#[derive(Debug, PartialEq, Eq)]
pub struct Operation {
    id: &'static str,
    method: &'static str,
    path: &'static str,
    tag: &'static str,
    scope: Option<&'static str>,
    summary: &'static str,
    internal: bool,
    fresh_login: bool,
    session: Option<&'static str>,
    superuser: bool,
    empty: bool,
    query: &'static [&'static str],
    hidden: &'static [&'static str],
    documented: bool,
    body: bool,
    since: Option<&'static str>,
    listed: Option<&'static str>,
    features: &'static [&'static str],
    idempotency: Idempotency,
    paging: Option<Paging>,
}

/// Every operation that this crate can call, sorted by name.
///
/// ```
/// assert!(quay_api::OPERATIONS.is_sorted_by_key(|operation| operation.id()));
/// ```
pub const OPERATIONS: &[Operation] = include!(concat!(env!("OUT_DIR"), "/operations.rs"));

impl Operation {
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

    /// The area of the API that the server counts it to.
    pub fn tag(&self) -> &'static str {
        self.tag
    }

    /// The OAuth scope that a token needs for it, if it needs one.
    pub fn scope(&self) -> Option<&'static str> {
        self.scope
    }

    /// Returns what it does, in a sentence.
    pub fn summary(&self) -> &'static str {
        self.summary
    }

    /// Returns true if a server lists it only in its internal discovery document.
    pub fn is_internal(&self) -> bool {
        self.internal
    }

    /// Returns true if the server asks a browser's session for a recent login before it does it.
    /// Tokens are exempt.
    pub fn needs_fresh_login(&self) -> bool {
        self.fresh_login
    }

    /// Returns why a bearer token can't call it, if only a browser's session can.
    pub fn needs_session(&self) -> Option<&'static str> {
        self.session
    }

    /// The names of its query parameters.
    pub fn query_parameters(&self) -> &'static [&'static str] {
        self.query
    }

    /// Those of its query parameters that the server reads and leaves out of its document.
    pub(crate) fn hidden_parameters(&self) -> &'static [&'static str] {
        self.hidden
    }

    /// Whether a server with all features on lists it.
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

    /// Returns the release of Quay that brought it, such as `3.11`, or `3.17.2` if a patch release
    /// did; `None` if release 3.8 has it, the oldest one that this crate supports.
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

    /// Returns the setting in the server's `config.yaml` without which the server does not have
    /// it, nearly always a feature flag. If several have to be on, it is the most specific one:
    /// [`features`](Self::features) has all.
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

    /// Returns all settings in the server's `config.yaml` that have to be on for it, the most
    /// specific one first. They are those of the newest release; an older one may require fewer.
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

    /// Returns the release from which on servers list it in their discovery documents, if that is
    /// later than [`since`](Self::since): in between, a server has it although its document does
    /// not say so.
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

    /// Returns true if it only reads, so that it can be sent again at any time. That is what its
    /// method promises, corrected where Quay does otherwise.
    pub fn is_safe(&self) -> bool {
        self.idempotency == Idempotency::Safe
    }

    /// Returns true if sending it twice leaves the server as sending it once does. Whatever is safe
    /// is idempotent as well.
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

    /// Returns how the listing is continued that it responds with; `None` if it comes whole, or is
    /// none.
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

    /// What sending it again does.
    pub(crate) fn idempotency(&self) -> Idempotency {
        self.idempotency
    }

    /// Returns true if a success has no body, or one without content.
    pub(crate) fn has_empty_response(&self) -> bool {
        self.empty
    }
}
