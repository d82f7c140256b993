//! Operations that only superusers may call.

use crate::api::server::read_health;
use crate::api::shared::{Parent, path_segment};
use crate::api::{
    LogsHandle, ServiceKeyHandle, ServiceKeysHandle, SuperuserAppTokensHandle,
    SuperuserBuildHandle, SuperuserOrganizationHandle, SuperuserOrganizationsHandle,
    SuperuserUserHandle, SuperuserUsersHandle,
};
use crate::types::{MirrorHealth, RegistrySize, RegistryStatus, ServerConfig, TakenNamespace};
use crate::{Quay, Result};

/// Operations that only superusers may call: [`Quay::superuser`].
#[derive(Debug, Clone)]
pub struct SuperuserHandle {
    pub(crate) quay: Quay,
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
    pub fn users(&self) -> SuperuserUsersHandle {
        SuperuserUsersHandle {
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
    pub fn user(&self, name: impl AsRef<str>) -> Result<SuperuserUserHandle> {
        Ok(SuperuserUserHandle {
            quay: self.quay.clone(),
            name: path_segment("user name", name.as_ref())?,
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
    #[doc(alias = "usage logs")]
    pub fn logs(&self) -> LogsHandle {
        LogsHandle {
            quay: self.quay.clone(),
            parent: Parent::Server,
        }
    }

    /// All organizations of the server.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let organizations = quay.superuser().organizations();
    /// # Ok(())
    /// # }
    /// ```
    pub fn organizations(&self) -> SuperuserOrganizationsHandle {
        SuperuserOrganizationsHandle {
            quay: self.quay.clone(),
        }
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
    pub fn organization(&self, name: impl AsRef<str>) -> Result<SuperuserOrganizationHandle> {
        let name = path_segment("organization", name.as_ref())?;
        Ok(SuperuserOrganizationHandle {
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
    pub fn build(&self, build: impl AsRef<str>) -> Result<SuperuserBuildHandle> {
        let build = path_segment("build identifier", build.as_ref())?;
        Ok(SuperuserBuildHandle {
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
    #[doc(alias = "keys")]
    pub fn service_keys(&self) -> ServiceKeysHandle {
        ServiceKeysHandle {
            quay: self.quay.clone(),
        }
    }

    /// One key that a service signs with, by identifier.
    ///
    /// # Errors
    ///
    /// Returns an error if it can't be an identifier; nothing is sent then.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let key = quay.superuser().service_key("kid1")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn service_key(&self, kid: impl AsRef<str>) -> Result<ServiceKeyHandle> {
        Ok(ServiceKeyHandle {
            quay: self.quay.clone(),
            kid: path_segment("key identifier", kid.as_ref())?,
        })
    }

    /// Takes a namespace over: the caller becomes an owner of an organization, and a user becomes
    /// an organization of the caller's.
    ///
    /// Scope: `super:user`. Endpoint: `POST /api/v1/superuser/takeownership/{namespace}`.
    /// Operation: `takeOwnership`. Feature: `FEATURE_SUPER_USERS`.
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
    #[doc(alias = "takeOwnership")]
    #[doc(alias = "takeownership")]
    pub async fn take_ownership(&self, namespace: impl AsRef<str>) -> Result<TakenNamespace> {
        let namespace = path_segment("namespace", namespace.as_ref())?;
        self.quay
            .send(self.quay.api().take_ownership(&namespace))
            .await
    }

    /// The tokens with which applications of all users log in to the registry.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let app_tokens = quay.superuser().app_tokens();
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "apptoken")]
    pub fn app_tokens(&self) -> SuperuserAppTokensHandle {
        SuperuserAppTokensHandle {
            quay: self.quay.clone(),
        }
    }

    /// Reads how much storage the server takes, when it was last counted.
    ///
    /// Scope: `super:user`. Endpoint: `GET /api/v1/superuser/registrysize/`.
    /// Operation: `getRegistrySize`. Since: 3.9. Feature: `FEATURE_SUPER_USERS`.
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
    #[doc(alias = "getRegistrySize")]
    pub async fn registry_size(&self) -> Result<RegistrySize> {
        self.quay.send(self.quay.api().get_registry_size()).await
    }

    /// Asks the server to count how much storage it takes.
    ///
    /// Scope: `super:user`. Endpoint: `POST /api/v1/superuser/registrysize/`.
    /// Operation: `queueRegistrySizeCalculation`. Since: 3.9. Feature: `FEATURE_SUPER_USERS`.
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
    #[doc(alias = "queueRegistrySizeCalculation")]
    pub async fn count_registry_size(&self) -> Result<()> {
        self.quay
            .send(self.quay.api().queue_registry_size_calculation())
            .await
    }

    /// Reads whether the server is ready.
    ///
    /// Scope: none. Endpoint: `GET /api/v1/superuser/registrystatus`.
    /// Operation: `scRegistryStatus`. Feature: `FEATURE_SUPER_USERS`.
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
    #[doc(alias = "scRegistryStatus")]
    pub async fn registry_status(&self) -> Result<RegistryStatus> {
        self.quay.send(self.quay.api().sc_registry_status()).await
    }

    /// Shuts the server down, so that it starts again with new settings.
    ///
    /// Scope: none. Endpoint: `POST /api/v1/superuser/shutdown`.
    /// Operation: `scShutdownContainer`. Feature: `FEATURE_SUPER_USERS`.
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
    #[doc(alias = "scShutdownContainer")]
    pub async fn shutdown(&self) -> Result<()> {
        self.quay
            .send(self.quay.api().sc_shutdown_container())
            .await
    }

    /// Reads what changed between the versions of the server, in Markdown.
    ///
    /// Scope: `super:user`. Endpoint: `GET /api/v1/superuser/changelog/`.
    /// Operation: `getChangeLog`. Feature: `FEATURE_SUPER_USERS`.
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
    #[doc(alias = "getChangeLog")]
    pub async fn change_log(&self) -> Result<String> {
        self.quay
            .send(self.quay.api().get_change_log())
            .await
            .map(|found| found.log)
    }

    /// Reads the configuration of the server, with its environment.
    ///
    /// Scope: `super:user`. Endpoint: `GET /api/v1/superuser/config`.
    /// Operation: `getSuperUserConfig`. Since: 3.15. Feature: `FEATURE_SUPERUSER_CONFIGDUMP` and
    /// `FEATURE_SUPER_USERS`.
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
    #[doc(alias = "getSuperUserConfig")]
    pub async fn config(&self) -> Result<ServerConfig> {
        let config = self
            .quay
            .send(self.quay.api().get_super_user_config())
            .await;
        match config {
            // With the setting off, a superuser is refused like everyone else.
            Err(error)
                if error.is_insufficient_scope() && self.service_keys().list().await.is_ok() =>
            {
                Err(error.into_missing_operation("the server refuses it to a superuser"))
            }
            config => config,
        }
    }

    /// Reads whether the mirrors of the whole system work: the report, whether they do or not. The
    /// server answers 503 when they do not.
    ///
    /// Scope: none. Endpoint: `GET /api/v1/superuser/mirror/health`.
    /// Operation: `getSuperUserRepositoryMirrorHealth`. Since: 3.18. Feature: `FEATURE_REPO_MIRROR`
    /// and `FEATURE_SUPER_USERS`.
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
    #[doc(alias = "getSuperUserRepositoryMirrorHealth")]
    pub async fn mirror_health(&self) -> Result<MirrorHealth> {
        read_health(
            self.quay
                .send(self.quay.api().get_super_user_repository_mirror_health())
                .await,
        )
    }
}
