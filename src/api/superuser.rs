//! What only superusers may do.

use super::logs::{LogsHandle, Subject};
use super::mirror_health::report;
use super::quotas::{AssignedQuotasHandle, Assignee};
use super::service_keys::ServiceKeysHandle;
use super::superuser_organizations::{AnyBuildHandle, OrganizationAccountHandle};
use super::{absent, optional, segment};
use crate::generated::params;
use crate::pagination::{
    Cursor, ListRequest, Listing, ListingId, Page, PageSize, RowKey, SinglePage, check_size,
};
use crate::types::{
    AppToken, CreateUser, CreatedUser, MirrorHealth, OrganizationAccount, RecoveryEmail,
    RegistrySize, RegistryStatus, ServerConfig, TakenNamespace, UpdateUserAccount, UserAccount,
};
use crate::{Quay, Result};
use std::sync::Arc;

/// What only superusers may do: [`Quay::superuser`].
#[derive(Debug, Clone)]
pub struct SuperuserHandle {
    pub(super) quay: Quay,
}

impl SuperuserHandle {
    /// All users of the server.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let users = quay.superuser().users();
    /// # Ok(())
    /// # }
    /// ```
    pub fn users(&self) -> UsersHandle {
        UsersHandle {
            quay: self.quay.clone(),
        }
    }

    /// One user of the server.
    ///
    /// # Errors
    /// The name can't be one, so nothing could be sent.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let user = quay.superuser().user("alice")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn user(&self, name: impl AsRef<str>) -> Result<UserHandle> {
        Ok(UserHandle {
            quay: self.quay.clone(),
            name: segment("user name", name.as_ref())?,
        })
    }

    /// The usage logs of the whole system. Scope: `super:user`.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let logs = quay.superuser().logs();
    /// # Ok(())
    /// # }
    /// ```
    pub fn logs(&self) -> LogsHandle {
        LogsHandle {
            quay: self.quay.clone(),
            subject: Subject::System,
        }
    }
}

/// All users of the server: [`SuperuserHandle::users`].
#[derive(Debug, Clone)]
pub struct UsersHandle {
    quay: Quay,
}

impl UsersHandle {
    /// Lists the users: all of them, unless [`enabled`](Listing::enabled) asks for fewer.
    ///
    /// Scope: `super:user`. Endpoint: `GET /api/v1/superuser/users/`, 100 a page, or from 1 to 100
    /// with [`page_size`](Listing::page_size).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// for user in quay.superuser().users().list().enabled().await? {
    ///     println!("{} {:?}", user.username, user.email);
    /// }
    /// # Ok(())
    /// # }
    /// ```
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
    ///
    /// # Errors
    /// [`is_already_exists`](crate::Error::is_already_exists); a name or an e-mail address that
    /// can't be one.
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
        self.quay
            .send(self.quay.api().create_install_user(&user))
            .await
    }

    /// Creates a user unless there is one of that name: `None` if there was.
    ///
    /// Scope and endpoint: as [`create`](Self::create).
    ///
    /// # Errors
    /// As [`create`](Self::create), but not for one that is there.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::CreateUser;
    ///
    /// let created = quay.superuser().users().create_if_absent(CreateUser::new("alice")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create_if_absent(&self, user: CreateUser) -> Result<Option<CreatedUser>> {
        absent(self.create(user).await)
    }
}

/// Which users are listed.
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

    fn identity(&self) -> ListingId {
        ListingId::new(
            &self.quay,
            "listAllUsers",
            (self.enabled_only, self.page_size),
        )
    }

    fn check(&self) -> Result<()> {
        check_size::<Self>(self.page_size)
    }

    fn row_key(&self, user: &UserAccount) -> Option<RowKey> {
        Some(RowKey::unique(&[&user.username]))
    }

    async fn fetch(&self, at: &Cursor) -> Result<Page<UserAccount>> {
        let disabled = Some(if self.enabled_only { "false" } else { "true" });
        let answer = self
            .quay
            .send(self.quay.api().list_all_users(params::ListAllUsers {
                disabled,
                limit: Some(self.page_size.into()),
                next_page: at.next_page(),
            }))
            .await?;
        Ok(Page::by_token(answer.users, answer.next_page))
    }
}

impl PageSize for ListUsers {
    // Without a size the server gives all users in one answer, however many there are.
    const MAX: u32 = 100;

    fn size(&mut self) -> &mut u32 {
        &mut self.page_size
    }
}

/// The organizations of the server.
#[derive(Debug, Clone)]
pub struct ListOrganizations {
    quay: Quay,
    page_size: u32,
}

impl ListRequest for ListOrganizations {
    type Row = OrganizationAccount;

    fn identity(&self) -> ListingId {
        ListingId::new(&self.quay, "listAllOrganizations", self.page_size)
    }

    fn check(&self) -> Result<()> {
        check_size::<Self>(self.page_size)
    }

    fn row_key(&self, organization: &OrganizationAccount) -> Option<RowKey> {
        Some(RowKey::unique(&[&organization.name]))
    }

    async fn fetch(&self, at: &Cursor) -> Result<Page<OrganizationAccount>> {
        let answer = self
            .quay
            .send(
                self.quay
                    .api()
                    .list_all_organizations(params::ListAllOrganizations {
                        limit: Some(self.page_size.into()),
                        next_page: at.next_page(),
                    }),
            )
            .await?;
        Ok(Page::by_token(answer.organizations, answer.next_page))
    }
}

impl PageSize for ListOrganizations {
    // As with users.
    const MAX: u32 = 100;

    fn size(&mut self) -> &mut u32 {
        &mut self.page_size
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
        self.quay
            .send(self.quay.api().delete_install_user(&self.name))
            .await
    }

    /// Deletes it if it is there: false if there was nothing to be done.
    ///
    /// Scope and endpoint: as [`delete`](Self::delete).
    ///
    /// # Errors
    /// As [`delete`](Self::delete), but not for what is not there.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.superuser().user("alice")?.delete_if_exists().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self) -> Result<bool> {
        Ok(optional(self.delete().await)?.is_some())
    }
}

impl SuperuserHandle {
    /// Lists the organizations of the server.
    ///
    /// Scope: `super:user`. Endpoint: `GET /api/v1/superuser/organizations/`, 100 a page, or from 1
    /// to 100 with [`page_size`](Listing::page_size).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let superuser = quay.superuser();
    /// let organizations = superuser.organizations().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn organizations(&self) -> Listing<ListOrganizations> {
        Listing::new(ListOrganizations {
            quay: self.quay.clone(),
            page_size: ListOrganizations::MAX,
        })
    }

    /// One organization of the server.
    ///
    /// # Errors
    /// The name can't be one, so nothing could be sent.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let organization = quay.superuser().organization("acme")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn organization(&self, name: impl AsRef<str>) -> Result<OrganizationAccountHandle> {
        let name = segment("organization", name.as_ref())?;
        Ok(OrganizationAccountHandle {
            quay: self.quay.clone(),
            name,
        })
    }

    /// One build of any repository.
    ///
    /// # Errors
    /// The name can't be one, so nothing could be sent.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let build = quay.superuser().build("2fc50f54-3d1a-498a-a5e4-b3dbbef1ccb7")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn build(&self, build: impl AsRef<str>) -> Result<AnyBuildHandle> {
        let build = segment("build identifier", build.as_ref())?;
        Ok(AnyBuildHandle {
            quay: self.quay.clone(),
            build,
        })
    }

    /// Keys that services sign with.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let service_keys = quay.superuser().service_keys();
    /// # Ok(())
    /// # }
    /// ```
    pub fn service_keys(&self) -> ServiceKeysHandle {
        ServiceKeysHandle {
            quay: self.quay.clone(),
        }
    }

    /// Takes a namespace over: the caller becomes an owner of an organization, and a user becomes
    /// an organization of the caller's.
    ///
    /// Scope: `super:user`. Endpoint: `POST /api/v1/superuser/takeownership/{namespace}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let superuser = quay.superuser();
    /// superuser.take_ownership("acme").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn take_ownership(&self, namespace: impl AsRef<str>) -> Result<TakenNamespace> {
        let namespace = segment("namespace", namespace.as_ref())?;
        self.quay
            .send(self.quay.api().take_ownership(&namespace))
            .await
    }

    /// Lists the application tokens of all users, without the tokens themselves.
    ///
    /// Scope: `super:user`. Endpoint: `GET /api/v1/superuser/apptokens`. All in one answer.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let superuser = quay.superuser();
    /// let tokens = superuser.app_tokens().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn app_tokens(&self) -> Listing<SinglePage<AppToken>> {
        let this = self.clone();
        Listing::whole(
            ListingId::new(&self.quay, "listAllAppTokens", ()),
            move || {
                let this = this.clone();
                async move {
                    Ok(this
                        .quay
                        .send(this.quay.api().list_all_app_tokens(None))
                        .await?
                        .tokens)
                }
            },
        )
    }

    /// Reads how much storage the server takes, when it was last counted.
    ///
    /// Scope: `super:user`. Endpoint: `GET /api/v1/superuser/registrysize/`.
    ///
    /// # Errors
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) where the server has it off.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let superuser = quay.superuser();
    /// println!("{:?}", superuser.registry_size().await?.size_bytes);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn registry_size(&self) -> Result<RegistrySize> {
        self.quay.send(self.quay.api().get_registry_size()).await
    }

    /// Asks the server to count how much storage it takes.
    ///
    /// Scope: `super:user`. Endpoint: `POST /api/v1/superuser/registrysize/`.
    ///
    /// # Errors
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) where the server has it off.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let superuser = quay.superuser();
    /// superuser.count_registry_size().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn count_registry_size(&self) -> Result<()> {
        self.quay
            .send(self.quay.api().queue_registry_size_calculation())
            .await
    }

    /// Reads whether the server is ready.
    ///
    /// Scope: none. Endpoint: `GET /api/v1/superuser/registrystatus`.
    ///
    /// # Errors
    /// None of its own.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let superuser = quay.superuser();
    /// println!("{}", superuser.registry_status().await?.status);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn registry_status(&self) -> Result<RegistryStatus> {
        self.quay.send(self.quay.api().sc_registry_status()).await
    }

    /// Shuts the server down, so that it starts again with new settings.
    ///
    /// Scope: none. Endpoint: `POST /api/v1/superuser/shutdown`.
    ///
    /// # Errors
    /// [`is_forbidden`](crate::Error::is_forbidden).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let superuser = quay.superuser();
    /// superuser.shutdown().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn shutdown(&self) -> Result<()> {
        self.quay
            .send(self.quay.api().sc_shutdown_container())
            .await
    }

    /// Reads what changed between the versions of the server, in Markdown.
    ///
    /// Scope: `super:user`. Endpoint: `GET /api/v1/superuser/changelog/`.
    ///
    /// # Errors
    /// [`is_forbidden`](crate::Error::is_forbidden).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let superuser = quay.superuser();
    /// println!("{}", superuser.change_log().await?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn change_log(&self) -> Result<String> {
        self.quay
            .send(self.quay.api().get_change_log())
            .await
            .map(|found| found.log)
    }

    /// Reads the configuration of the server, with its environment.
    ///
    /// Scope: `super:user`. Endpoint: `GET /api/v1/superuser/config`.
    ///
    /// # Errors
    /// [`is_forbidden`](crate::Error::is_forbidden).
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) where the server has it off.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let superuser = quay.superuser();
    /// let config = superuser.config().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn config(&self) -> Result<ServerConfig> {
        self.quay
            .send(self.quay.api().get_super_user_config())
            .await
    }

    /// Reads whether the mirrors of the whole system work: the report, whether they do or not. The
    /// server answers 503 when they do not.
    ///
    /// Scope: none. Endpoint: `GET /api/v1/superuser/mirror/health`.
    ///
    /// # Errors
    /// [`is_forbidden`](crate::Error::is_forbidden).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let superuser = quay.superuser();
    /// println!("{}", superuser.mirror_health().await?.healthy);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn mirror_health(&self) -> Result<MirrorHealth> {
        report(
            self.quay
                .send(self.quay.api().get_super_user_repository_mirror_health())
                .await,
        )
    }
}

impl UserHandle {
    /// Changes the user: password, e-mail address, whether they may log in.
    ///
    /// Scope: `super:user`. Endpoint: `PUT /api/v1/superuser/users/{username}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    /// [`is_invalid_request`](crate::Error::is_invalid_request).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let superuser = quay.superuser();
    /// superuser.user("alice")?.update(quay_api::types::UpdateUserAccount::new().enabled(false)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn update(&self, change: UpdateUserAccount) -> Result<UserAccount> {
        self.quay
            .send(
                self.quay
                    .api()
                    .change_install_user(params::ChangeInstallUser {
                        username: &self.name,
                        body: &change,
                    }),
            )
            .await
    }

    /// Sends a mail with which the user can set a new password.
    ///
    /// Scope: `super:user`. Endpoint: `POST /api/v1/superusers/users/{username}/sendrecovery`.
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
    pub fn quotas(&self) -> AssignedQuotasHandle {
        AssignedQuotasHandle {
            quay: self.quay.clone(),
            namespace: Assignee::User(Arc::clone(&self.name)),
        }
    }
}
