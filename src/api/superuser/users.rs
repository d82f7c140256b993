//! The handles of all users of the server.

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

/// The handle of all users of the server:
/// [`SuperuserHandle::users`](crate::api::SuperuserHandle::users).
#[derive(Debug, Clone)]
pub struct SuperuserUsersHandle {
    pub(crate) quay: Quay,
}

impl SuperuserUsersHandle {
    /// Lists all users of the server.
    ///
    /// [`enabled`](Listing::enabled) restricts the list to enabled users.
    ///
    /// Scope: `super:user`. Endpoint: `GET /api/v1/superuser/users/`, 100 a page, or 1 to 100 a
    /// page with [`page_size`](Listing::page_size).
    /// Operation: `listAllUsers`. Feature: `FEATURE_SUPER_USERS`.
    ///
    /// # Examples
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

    /// Creates a user.
    ///
    /// The server generates the password and returns it only once. If it sends e-mails, it asks the
    /// user to confirm the address.
    ///
    /// Scope: `super:user`. Endpoint: `POST /api/v1/superuser/users/`.
    /// Operation: `createInstallUser`. Feature: `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_already_exists`](crate::Error::is_already_exists) is true if
    /// a user **or an organization** has this name. Returns an error for which
    /// [`is_conflict`](crate::Error::is_conflict) is true if the e-mail address is in use or the
    /// name was deleted recently. Returns an error for which
    /// [`is_invalid_request`](crate::Error::is_invalid_request) is true if the server rejects the
    /// name or the address. If [`may_have_been_done`](crate::Error::may_have_been_done) is true,
    /// the user may exist: for example, the server created it, but could not send it an e-mail.
    ///
    /// # Examples
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

    /// Creates a user, or returns `None` if one of that name exists.
    ///
    /// The method reads first: if the user exists, nothing is written. The e-mail address is not
    /// compared.
    ///
    /// Scope: `super:user`. Endpoints: `GET /api/v1/superuser/users/{username}`,
    /// `POST /api/v1/superuser/users/`.
    /// Operations: `getInstallUser`, `createInstallUser`. Feature: `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`create`](Self::create), except that an existing user is not an
    /// error. If an organization has the name or another user has the e-mail address,
    /// [`is_conflict`](crate::Error::is_conflict) is true.
    ///
    /// # Examples
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
    /// Lists only users that are enabled and may log in.
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
    // Without a size, the server sends all users in one response.
    const MAX: u32 = 100;

    fn size(&mut self) -> &mut u32 {
        &mut self.page_size
    }
}

/// The handle of one user of the server:
/// [`SuperuserHandle::user`](crate::api::SuperuserHandle::user).
#[derive(Debug, Clone)]
pub struct SuperuserUserHandle {
    pub(crate) quay: Quay,
    pub(crate) name: Arc<str>,
}

impl SuperuserUserHandle {
    /// Returns the name of the user.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Reads the user.
    ///
    /// Scope: `super:user`. Endpoint: `GET /api/v1/superuser/users/{username}`.
    /// Operation: `getInstallUser`. Feature: `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the user
    /// does not exist.
    ///
    /// # Examples
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

    /// Reads the user, or returns `None` if it does not exist.
    ///
    /// Scope and endpoint: as for [`get`](Self::get).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`get`](Self::get) other than "not found".
    ///
    /// # Examples
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

    /// Deletes the user and everything that belongs to them.
    ///
    /// Their organizations are kept, even if the user is the only owner. The method reads the user
    /// afterwards, since the server also acknowledges the deletion of a disabled user, but does not
    /// delete them. The method does not enable the user, who could then log in until the deletion.
    /// To delete a disabled user, call `update(UpdateUserAccount::new().enabled(true))` first.
    ///
    /// Scope: `super:user`. Endpoints: `DELETE` and `GET /api/v1/superuser/users/{username}`.
    /// Operations: `deleteInstallUser`, `getInstallUser`. Feature: `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the user
    /// does not exist, an error for which [`is_conflict`](crate::Error::is_conflict) is true if the
    /// server did not delete them because they are disabled, and an error for which
    /// [`is_invalid_request`](crate::Error::is_invalid_request) is true if the user is a superuser.
    ///
    /// # Examples
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
        let deleted = outcome::account_deleted(&self.name, result, self.get()).await;
        deleted.map_err(|error| {
            error.with_response_to("deleteInstallUser", &[("username", &self.name)])
        })
    }

    /// Deletes the user if it exists, and returns true if it existed.
    ///
    /// The method reads before it writes: see [what is certain](crate::api#what-is-certain).
    ///
    /// Scope and endpoints: as for [`get`](Self::get) and [`delete`](Self::delete).
    ///
    /// # Errors
    ///
    /// Returns the errors of both requests other than "not found".
    ///
    /// # Examples
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

    /// Changes the password, the e-mail address and the status of the user.
    ///
    /// The server responds with the state before the change, so the method reads the user
    /// afterwards and returns the new state. A new password ends all sessions of the user. The
    /// server changes one field after the other: password, e-mail address, `enabled`. If it rejects
    /// one, the fields before it have been changed.
    ///
    /// Scope: `super:user`. Endpoints: `PUT` and `GET /api/v1/superuser/users/{username}`.
    /// Operations: `changeInstallUser`, `getInstallUser`. Feature: `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the user
    /// does not exist, an error for which [`is_conflict`](crate::Error::is_conflict) is true if the
    /// e-mail address is in use, and an error for which
    /// [`is_invalid_request`](crate::Error::is_invalid_request) is true if the server rejects a
    /// value, or if the user is a superuser. If the change was made but the user could not be read,
    /// [`may_have_been_done`](crate::Error::may_have_been_done) is true.
    ///
    /// # Examples
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
        // Only the response to the change contains it.
        now.encrypted_password = before.encrypted_password;
        outcome::check_changed("enabled", change.enabled.as_ref(), now.enabled.as_ref()).map_err(
            |error| error.with_response_to("changeInstallUser", &[("username", &self.name)]),
        )?;
        Ok(now)
    }

    /// Sends the user an e-mail with which they can set a new password.
    ///
    /// Scope: `super:user`. Endpoint: `POST /api/v1/superusers/users/{username}/sendrecovery`.
    /// Operation: `sendInstallUserRecoveryEmail`. Feature: `FEATURE_MAILING` and
    /// `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the user
    /// does not exist, and an error for which
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) is true if the feature is off on
    /// the server.
    ///
    /// # Examples
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

    /// Returns the handle of the user's storage quotas.
    ///
    /// # Examples
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

    /// Returns the handle of one of the user's storage quotas.
    ///
    /// # Examples
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
