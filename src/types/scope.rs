//! The scopes of tokens.

use super::open_enum;

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
}
