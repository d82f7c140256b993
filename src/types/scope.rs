//! The scopes of tokens.

use super::open_enum;

open_enum! {
    /// A permission of a token. The documentation of each operation names the scope that it needs.
    ///
    /// # Examples
    ///
    /// ```
    /// use quay_api::types::Scope;
    ///
    /// assert_eq!(Scope::RepoRead.as_str(), "repo:read");
    /// assert_eq!(Scope::ALL.len(), 8);
    /// ```
    Scope {
        /// Permission to read repositories and their content.
        RepoRead = "repo:read",
        /// Permission to change tags, in addition to [`RepoRead`](Self::RepoRead).
        RepoWrite = "repo:write",
        /// Permission to administer repositories, in addition to [`RepoWrite`](Self::RepoWrite).
        RepoAdmin = "repo:admin",
        /// Permission to create repositories.
        RepoCreate = "repo:create",
        /// Permission to read the caller's account.
        UserRead = "user:read",
        /// Permission to change the caller's account and its resources.
        UserAdmin = "user:admin",
        /// Permission to administer organizations.
        OrgAdmin = "org:admin",
        /// Permission to call the operations that only superusers may call.
        SuperUser = "super:user",
    }
}

impl Scope {
    /// All scopes.
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
}
