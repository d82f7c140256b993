//! The handle of the operations that only superusers may call.

use crate::api::server::read_health;
use crate::api::shared::{Parent, path_segment};
use crate::api::{
    LogsHandle, ServiceKeyHandle, ServiceKeysHandle, SuperuserAppTokensHandle,
    SuperuserBuildHandle, SuperuserOrganizationHandle, SuperuserOrganizationsHandle,
    SuperuserUserHandle, SuperuserUsersHandle,
};
use crate::types::{MirrorHealth, RegistrySize, RegistryStatus, ServerConfig, TakenNamespace};
use crate::{Quay, Result};

/// The handle of the operations that only superusers may call: [`Quay::superuser`].
#[derive(Debug, Clone)]
pub struct SuperuserHandle {
    pub(crate) quay: Quay,
}

impl SuperuserHandle {
    /// Returns the handle of all users of the server.
    ///
    /// # Examples
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

    /// Returns the handle of one user of the server.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if
    /// the name is empty or not valid in a path.
    ///
    /// # Examples
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

    /// Returns the handle of the usage logs of the whole server.
    ///
    /// Scope: `super:user`.
    ///
    /// # Examples
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

    /// Returns the handle of all organizations of the server.
    ///
    /// # Examples
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

    /// Returns the handle of one organization of the server.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if
    /// the name is empty or not valid in a path.
    ///
    /// # Examples
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

    /// Returns the handle of one build of any repository.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if
    /// the identifier is empty or not valid in a path.
    ///
    /// # Examples
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

    /// Returns the handle of the service keys, with which services sign their requests.
    ///
    /// # Examples
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

    /// Returns the handle of one service key, by its identifier.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if
    /// the identifier is empty or not valid in a path.
    ///
    /// # Examples
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

    /// Takes ownership of a namespace.
    ///
    /// The caller becomes an owner of an organization. A user is converted to an organization that
    /// the caller owns: the user can't log in any more, and this can't be undone.
    ///
    /// Scope: `super:user`. Endpoint: `POST /api/v1/superuser/takeownership/{namespace}`.
    /// Operation: `takeOwnership`. Feature: `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// namespace does not exist.
    ///
    /// # Examples
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

    /// Returns the handle of the app-specific tokens of all users.
    ///
    /// # Examples
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

    /// Reads the size of the server's storage as it was last computed.
    ///
    /// Scope: `super:user`. Endpoint: `GET /api/v1/superuser/registrysize/`.
    /// Operation: `getRegistrySize`. Since: 3.9. Feature: `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_feature_disabled`](crate::Error::is_feature_disabled) is
    /// true if the feature is off on the server.
    ///
    /// # Examples
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

    /// Starts the computation of the size of the server's storage.
    ///
    /// [`registry_size`](Self::registry_size) returns the result when it is ready.
    ///
    /// Scope: `super:user`. Endpoint: `POST /api/v1/superuser/registrysize/`.
    /// Operation: `queueRegistrySizeCalculation`. Since: 3.9. Feature: `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_feature_disabled`](crate::Error::is_feature_disabled) is
    /// true if the feature is off on the server.
    ///
    /// # Examples
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

    /// Reads the status of the server, which shows whether it is ready.
    ///
    /// Scope: none. Endpoint: `GET /api/v1/superuser/registrystatus`.
    /// Operation: `scRegistryStatus`. Feature: `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Returns only errors that every request can return, such as a time-out.
    ///
    /// # Examples
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

    /// Shuts the server down.
    ///
    /// The operation serves to load new settings: the environment that runs the server, such as a
    /// container platform, has to start it again. The caller must be a superuser whose token has
    /// the scope `super:user`, unless the server has no users yet.
    ///
    /// Scope: none. Endpoint: `POST /api/v1/superuser/shutdown`.
    /// Operation: `scShutdownContainer`. Feature: `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_forbidden`](crate::Error::is_forbidden) is true if the
    /// caller may not shut the server down.
    ///
    /// # Examples
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

    /// Reads the change log of the server's releases, in Markdown.
    ///
    /// Scope: `super:user`. Endpoint: `GET /api/v1/superuser/changelog/`.
    /// Operation: `getChangeLog`. Feature: `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_forbidden`](crate::Error::is_forbidden) is true if the
    /// caller is not a superuser.
    ///
    /// # Examples
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

    /// Reads the configuration of the server and its environment variables.
    ///
    /// Scope: `super:user`. Endpoint: `GET /api/v1/superuser/config`.
    /// Operation: `getSuperUserConfig`. Since: 3.15. Feature: `FEATURE_SUPERUSER_CONFIGDUMP` and
    /// `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_forbidden`](crate::Error::is_forbidden) is true if the
    /// caller is not a superuser or `FEATURE_SUPERUSER_CONFIGDUMP` is off, and an error for which
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) is true if the server does not
    /// have the operation.
    ///
    /// # Examples
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

    /// Reads the health report of all mirrors of the server.
    ///
    /// The server responds with status 503 if the report is not healthy. The method returns the
    /// report in this case too. The report names no repository. The token must have the scope
    /// `super:user`.
    ///
    /// Scope: none. Endpoint: `GET /api/v1/superuser/mirror/health`.
    /// Operation: `getSuperUserRepositoryMirrorHealth`. Since: 3.18. Feature: `FEATURE_REPO_MIRROR`
    /// and `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_forbidden`](crate::Error::is_forbidden) is true if the
    /// caller is not a superuser.
    ///
    /// # Examples
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
