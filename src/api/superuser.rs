//! What only superusers may do.

use super::logs::{LogsHandle, Subject};
use super::{flag, optional, segment};
use crate::page::{Listing, Page, Position, Query};
use crate::types::{CreateUser, CreatedUser, UserAccount};
use crate::{Quay, Result};
use std::sync::Arc;

/// What only superusers may do: [`Quay::superuser`].
#[derive(Debug, Clone)]
pub struct SuperuserHandle {
    pub(super) quay: Quay,
}

impl SuperuserHandle {
    /// All users of the server.
    pub fn users(&self) -> UsersHandle {
        UsersHandle { quay: self.quay.clone() }
    }

    /// One user of the server.
    ///
    /// # Errors
    /// The name can't be one, so nothing could be sent.
    pub fn user(&self, name: impl AsRef<str>) -> Result<UserHandle> {
        Ok(UserHandle { quay: self.quay.clone(), name: segment("user name", name.as_ref())? })
    }

    /// The usage logs of the whole system. Scope: `super:user`.
    pub fn logs(&self) -> LogsHandle {
        LogsHandle { quay: self.quay.clone(), subject: Subject::System }
    }
}

/// All users of the server: [`SuperuserHandle::users`].
#[derive(Debug, Clone)]
pub struct UsersHandle {
    quay: Quay,
}

impl UsersHandle {
    /// Lists the users: the enabled ones, unless [`with_disabled`](Listing::with_disabled) asks for all.
    ///
    /// Scope: `super:user`. Endpoint: `GET /api/v1/superuser/users/`, 100 a page.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// for user in quay.superuser().users().list().with_disabled().await? {
    ///     println!("{} {:?}", user.username, user.email);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn list(&self) -> Listing<ListUsers> {
        Listing::new(ListUsers { quay: self.quay.clone(), disabled: false })
    }

    /// Creates a user. The server makes the password, which comes with the answer and is not to be had again.
    ///
    /// Scope: `super:user`. Endpoint: `POST /api/v1/superuser/users/`.
    ///
    /// # Errors
    /// [`is_already_exists`](crate::Error::is_already_exists); a name or an e-mail address that can't be one.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::CreateUser;
    ///
    /// let created = quay.superuser().users().create(CreateUser::new("alice").email("alice@example.com")).await?;
    /// let password = created.password.expose();
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create(&self, user: CreateUser) -> Result<CreatedUser> {
        self.quay.send(async |api| api.create_install_user(&user).await).await
    }
}

/// Which users are listed.
#[derive(Debug, Clone)]
pub struct ListUsers {
    quay: Quay,
    disabled: bool,
}

/// The most that the server gives. Without a size it gives all users in one answer, however many there are.
const PAGE_SIZE: i64 = 100;

impl Listing<ListUsers> {
    /// Also lists users that are disabled.
    pub fn with_disabled(mut self) -> Self {
        self.query.disabled = true;
        self
    }
}

impl Query for ListUsers {
    type Row = UserAccount;

    async fn fetch(&self, at: Position) -> Result<Page<UserAccount>> {
        let disabled = flag(self.disabled);
        let answer = self.quay.send(async |api| api.list_all_users(disabled, Some(PAGE_SIZE), at.token()).await).await?;
        Ok(Page::by_token(answer.users, answer.next_page))
    }
}

/// One user of the server: [`SuperuserHandle::user`].
#[derive(Debug, Clone)]
pub struct UserHandle {
    quay: Quay,
    name: Arc<str>,
}

impl UserHandle {
    /// Reads the user.
    ///
    /// Scope: `super:user`. Endpoint: `GET /api/v1/superuser/users/{username}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let alice = quay.superuser().user("alice")?.get().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get(&self) -> Result<UserAccount> {
        self.quay.send(async |api| api.get_install_user(&self.name).await).await
    }

    /// Reads the user; `None` if there is none.
    ///
    /// Scope and endpoint: as [`get`](Self::get).
    ///
    /// # Errors
    /// As [`get`](Self::get), but not for a missing one.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let is_there = quay.superuser().user("alice")?.get_opt().await?.is_some();
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<UserAccount>> {
        optional(self.get().await)
    }

    /// Deletes the user and everything that is theirs.
    ///
    /// Scope: `super:user`. Endpoint: `DELETE /api/v1/superuser/users/{username}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found); a superuser can't be deleted.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.superuser().user("alice")?.delete().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete(&self) -> Result<()> {
        self.quay.send(async |api| api.delete_install_user(&self.name).await).await
    }
}
