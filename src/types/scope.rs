//! The scopes of tokens.

use super::{CreateApplicationToken, open_enum};

open_enum! {
    /// What a token may do; each operation says which scope it needs.
    ///
    /// ```
    /// use quay_api::types::Scope;
    ///
    /// assert_eq!(Scope::RepoRead.as_str(), "repo:read");
    /// assert_eq!(Scope::ALL.len(), 8);
    /// ```
    Scope {
        /// To see repositories and what is in them.
        RepoRead = "repo:read",
        /// To change tags, and what [`RepoRead`](Self::RepoRead) allows.
        RepoWrite = "repo:write",
        /// To administer repositories, and what [`RepoWrite`](Self::RepoWrite) allows.
        RepoAdmin = "repo:admin",
        /// To create repositories.
        RepoCreate = "repo:create",
        /// To read who the caller is.
        UserRead = "user:read",
        /// To change what belongs to the caller.
        UserAdmin = "user:admin",
        /// To administer organizations.
        OrgAdmin = "org:admin",
        /// To do what only superusers may.
        SuperUser = "super:user",
    }
}

impl Scope {
    /// Every scope that there is.
    pub const ALL: &[Self] = &[
        Self::RepoRead,
        Self::RepoWrite,
        Self::RepoAdmin,
        Self::RepoCreate,
        Self::UserRead,
        Self::UserAdmin,
        Self::OrgAdmin,
        Self::SuperUser,
    ];

    /// Several scopes as the server writes them: with blanks between them.
    ///
    /// ```
    /// use quay_api::types::Scope;
    ///
    /// assert_eq!(Scope::join([Scope::RepoRead, Scope::OrgAdmin]), "repo:read org:admin");
    /// ```
    pub fn join(scopes: impl IntoIterator<Item = Self>) -> String {
        scopes
            .into_iter()
            .map(|scope| scope.as_str().to_owned())
            .collect::<Vec<_>>()
            .join(" ")
    }
}

impl CreateApplicationToken {
    /// A token of a name with these scopes.
    ///
    /// ```
    /// use quay_api::types::{CreateApplicationToken, Scope};
    ///
    /// let scopes = [Scope::RepoRead, Scope::RepoWrite];
    /// let token = CreateApplicationToken::with_scopes("nightly", scopes);
    /// assert_eq!(token.scope, "repo:read repo:write");
    /// ```
    pub fn with_scopes(name: impl Into<String>, scopes: impl IntoIterator<Item = Scope>) -> Self {
        Self::new(name, Scope::join(scopes))
    }
}
