//! All users of the server.

use crate::api::shared::{Parent, none_if_not_found, outcome, query_bool};
use crate::api::{SuperuserQuotaHandle, SuperuserQuotasHandle};
use crate::generated::params;
use crate::pagination::{
    Cursor, ListRequest, Listing, Page, PageRequest, PageSize, RowKey, check_page_size,
};
use crate::types::{
    CreateUser, CreatedUser, QuotaId, RecoveryEmail, UpdateUserAccount, UserAccount,
};
use crate::{Error, Quay, Result};
use std::sync::Arc;

/// All users of the server: [`SuperuserHandle::users`](crate::api::SuperuserHandle::users).
#[derive(Debug, Clone)]
pub struct SuperuserUsersHandle {
    pub(crate) quay: Quay,
}

impl SuperuserUsersHandle {
    /// Lists the users: all of them, unless [`enabled`](Listing::enabled) asks for fewer.
    ///
    /// Scope: `super:user`. Endpoint: `GET /api/v1/superuser/users/`, 100 a page, or from 1 to 100
    /// with [`page_size`](Listing::page_size).
    /// Operation: `listAllUsers`. Feature: `FEATURE_SUPER_USERS`.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// for user in quay.superuser().users().list().enabled().await? {
    ///     println!("{} {:?}", user.username, user.email);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "list superuser users")]
    #[doc(alias = "listAllUsers")]
    pub fn list(&self) -> Listing<ListUsers> {
        Listing::new(ListUsers {
            quay: self.quay.clone(),
            enabled_only: false,
            page_size: ListUsers::MAX,
        })
    }

    /// Creates a user. The server makes the password, which comes with the answer and is not to be
    /// had again.
    ///
    /// Scope: `super:user`. Endpoint: `POST /api/v1/superuser/users/`.
    /// Operation: `createInstallUser`. Feature: `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_already_exists`](crate::Error::is_already_exists) is true if
    /// a user **or an organization** has this name, [`is_conflict`](crate::Error::is_conflict) if
    /// the e-mail address is in use or the name was deleted a moment ago, and
    /// [`is_invalid_request`](crate::Error::is_invalid_request) if the server does not allow the
    /// name or the address.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::CreateUser;
    ///
    /// let created = quay
    ///     .superuser()
    ///     .users()
    ///     .create(CreateUser::new("alice").email("alice@example.com"))
    ///     .await?;
    /// let password = created.password.expose();
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "create superuser user")]
    #[doc(alias = "createInstallUser")]
    pub async fn create(&self, user: CreateUser) -> Result<CreatedUser> {
        self.quay
            .send(self.quay.api().create_install_user(&user))
            .await
    }

    /// Creates a user unless there is one of that name: `None` if there is.
    ///
    /// It reads first: if the user exists, nothing is written, and the e-mail address is not
    /// compared.
    ///
    /// Scope: `super:user`. Endpoints: `GET /api/v1/superuser/users/{username}`,
    /// `POST /api/v1/superuser/users/`.
    /// Operations: `getInstallUser`, `createInstallUser`. Feature: `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`create`](Self::create), except for a user who exists. If an
    /// organization has the name or another user the e-mail address,
    /// [`is_conflict`](crate::Error::is_conflict) is true.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::CreateUser;
    ///
    /// let created = quay.superuser().users().create_if_absent(CreateUser::new("alice")).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "getInstallUser")]
    #[doc(alias = "createInstallUser")]
    pub async fn create_if_absent(&self, user: CreateUser) -> Result<Option<CreatedUser>> {
        let name = user.username.clone();
        let is_there = || async {
            let request = self.quay.api().get_install_user(&name);
            Ok(none_if_not_found(self.quay.send(request)).await?.is_some())
        };
        if is_there().await? {
            return Ok(None);
        }
        outcome::created(self.create(user).await, is_there()).await
    }
}

/// The request of a listing of users.
#[derive(Debug, Clone)]
pub struct ListUsers {
    quay: Quay,
    enabled_only: bool,
    page_size: u32,
}

impl Listing<ListUsers> {
    /// Only users that may log in.
    pub fn enabled(mut self) -> Self {
        self.query.enabled_only = true;
        self
    }
}

impl ListRequest for ListUsers {
    type Row = UserAccount;

    #[inline]
    fn page_request(&self, cursor: &Cursor) -> Result<PageRequest<UserAccount>> {
        let request = self.quay.api().list_all_users(params::ListAllUsers {
            disabled: query_bool(!self.enabled_only),
            limit: Some(self.page_size.into()),
            next_page: cursor.next_page(),
        });
        PageRequest::new(&self.quay, request, |response| {
            Ok(Page::by_token(response.users, response.next_page))
        })
    }

    fn rows_a_page(&self) -> Option<u32> {
        Some(self.page_size)
    }

    fn check(&self) -> Result<()> {
        check_page_size::<Self>(self.page_size)
    }

    fn row_key(&self, user: &UserAccount) -> Option<RowKey> {
        Some(RowKey::unique(&[&user.username]))
    }
}

impl PageSize for ListUsers {
    // Without a size the server gives all users in one answer, however many there are.
    const MAX: u32 = 100;

    fn size(&mut self) -> &mut u32 {
        &mut self.page_size
    }
}

/// One user of the server: [`SuperuserHandle::user`](crate::api::SuperuserHandle::user).
#[derive(Debug, Clone)]
pub struct SuperuserUserHandle {
    pub(crate) quay: Quay,
    pub(crate) name: Arc<str>,
}

impl SuperuserUserHandle {
    /// Their name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Reads the user.
    ///
    /// Scope: `super:user`. Endpoint: `GET /api/v1/superuser/users/{username}`.
    /// Operation: `getInstallUser`. Feature: `FEATURE_SUPER_USERS`.
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
    #[doc(alias = "get superuser user")]
    #[doc(alias = "getInstallUser")]
    pub async fn get(&self) -> Result<UserAccount> {
        self.quay
            .send(self.quay.api().get_install_user(&self.name))
            .await
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
        none_if_not_found(self.get()).await
    }

    /// Deletes the user and everything that is theirs. Organizations of theirs stay, even if they
    /// are the only owner.
    ///
    /// It looks whether the user is gone, since the server acknowledges the deletion of a disabled
    /// user, and keeps them. It does not enable them: until they were deleted, they could log in.
    /// Whoever wants that calls `update(UpdateUserAccount::new().enabled(true))` first.
    ///
    /// Scope: `super:user`. Endpoints: `DELETE` and `GET /api/v1/superuser/users/{username}`.
    /// Operations: `deleteInstallUser`, `getInstallUser`. Feature: `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if there is
    /// no such user, [`is_conflict`](crate::Error::is_conflict) if the server kept them because
    /// they are disabled, and [`is_invalid_request`](crate::Error::is_invalid_request) for a
    /// superuser.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.superuser().user("alice")?.delete().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "delete superuser user")]
    #[doc(alias = "deleteInstallUser")]
    #[doc(alias = "getInstallUser")]
    pub async fn delete(&self) -> Result<()> {
        let request = self.quay.api().delete_install_user(&self.name);
        let result = self.quay.send(request).await;
        outcome::account_deleted(&self.name, result, self.get()).await
    }

    /// Deletes it if it exists: true if it did and is gone now, false if there was nothing to do.
    /// It reads first: see [what is certain](crate::api#what-is-certain).
    ///
    /// Scope and endpoints: as [`get`](Self::get) and [`delete`](Self::delete).
    ///
    /// # Errors
    ///
    /// Returns the errors of both calls, except for what does not exist.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.superuser().user("alice")?.delete_if_exists().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self) -> Result<bool> {
        if self.get_opt().await?.is_none() {
            return Ok(false);
        }
        outcome::deleted(self.delete().await)
    }

    /// Changes the user: password, e-mail address, whether they may log in. Returns the user as
    /// they are afterwards, which is read again: the server responds with the state before the
    /// change.
    ///
    /// The server changes one after the other: password, e-mail address, `enabled`. If it refuses
    /// one, those before it are changed.
    ///
    /// Scope: `super:user`. Endpoints: `PUT` and `GET /api/v1/superuser/users/{username}`.
    /// Operations: `changeInstallUser`, `getInstallUser`. Feature: `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if there is
    /// no such user, [`is_conflict`](crate::Error::is_conflict) if the e-mail address is in use,
    /// and [`is_invalid_request`](crate::Error::is_invalid_request) for a value that the server
    /// does not allow, and for a superuser. If the change was made and reading the user failed,
    /// [`may_have_been_done`](crate::Error::may_have_been_done) is true.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let superuser = quay.superuser();
    /// superuser
    ///     .user("alice")?
    ///     .update(quay_api::types::UpdateUserAccount::new().enabled(false))
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "update superuser user")]
    #[doc(alias = "changeInstallUser")]
    #[doc(alias = "getInstallUser")]
    pub async fn update(&self, change: UpdateUserAccount) -> Result<UserAccount> {
        let request = self
            .quay
            .api()
            .change_install_user(params::ChangeInstallUser {
                username: &self.name,
                body: &change,
            });
        let before = self.quay.send(request).await?;
        let mut now = self.get().await.map_err(Error::after_write)?;
        // Only the response to the change has it.
        now.encrypted_password = before.encrypted_password;
        outcome::check_changed("enabled", change.enabled.as_ref(), now.enabled.as_ref())?;
        Ok(now)
    }

    /// Sends a mail with which the user can set a new password.
    ///
    /// Scope: `super:user`. Endpoint: `POST /api/v1/superusers/users/{username}/sendrecovery`.
    /// Operation: `sendInstallUserRecoveryEmail`. Feature: `FEATURE_MAILING` and
    /// `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) where the server has it off.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let superuser = quay.superuser();
    /// superuser.user("alice")?.send_recovery_email().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "sendInstallUserRecoveryEmail")]
    pub async fn send_recovery_email(&self) -> Result<RecoveryEmail> {
        self.quay
            .send(self.quay.api().send_install_user_recovery_email(&self.name))
            .await
    }

    /// Their storage quotas.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let quotas = quay.superuser().user("alice")?.quotas();
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "quota")]
    pub fn quotas(&self) -> SuperuserQuotasHandle {
        SuperuserQuotasHandle {
            quay: self.quay.clone(),
            parent: Parent::User(Arc::clone(&self.name)),
        }
    }

    /// One of their storage quotas.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let quota = quay.superuser().user("alice")?.quota(1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn quota(&self, id: impl Into<QuotaId>) -> SuperuserQuotaHandle {
        SuperuserQuotaHandle {
            quotas: self.quotas(),
            id: id.into(),
        }
    }
}
