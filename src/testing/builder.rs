//! The settings of a sandbox.

use crate::testing::Sandbox;
use crate::testing::state::release::{self, Edition};
use crate::{Error, OPERATIONS, Result};

/// The settings of a [`Sandbox`]: [`Sandbox::builder`].
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct SandboxBuilder {
    release: Option<String>,
    off: Vec<String>,
    is_go_registry: bool,
}

impl SandboxBuilder {
    /// Sets the release of the server, such as `3.8` or `3.12.21`.
    ///
    /// The server lacks the operations that later releases introduced, and responds to them as a
    /// server of that release does. By default, the server is newer than any release.
    ///
    /// The operations of that release behave as on the newest server, with two exceptions.
    /// Arguments that later releases introduced are ignored or cause a failure, as on a server of
    /// that release. Superusers have the permissions that they have there.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example() -> quay_api::Result<()> {
    /// use quay_api::testing::Sandbox;
    ///
    /// let sandbox = Sandbox::builder().release("3.8").start().await?;
    /// let policies = sandbox.quay().me().autoprune_policies();
    /// assert!(policies.list().await.unwrap_err().is_feature_disabled());
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
    /// ```
    pub fn release(mut self, release: impl Into<String>) -> Self {
        self.release = Some(release.into());
        self
    }

    /// Turns a setting of the server off, such as `FEATURE_SECURITY_SCANNER`.
    ///
    /// The server then lacks the operations that require the setting:
    /// [`Operation::features`](crate::Operation::features) returns the settings of an operation.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example() -> quay_api::Result<()> {
    /// use quay_api::testing::Sandbox;
    ///
    /// let sandbox = Sandbox::builder().without_feature("FEATURE_PROXY_CACHE").start().await?;
    /// let cache = sandbox.quay().organization("acme")?.proxy_cache();
    /// assert!(cache.get_opt().await.unwrap_err().is_feature_disabled());
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
    /// ```
    pub fn without_feature(mut self, setting: impl Into<String>) -> Self {
        self.off.push(setting.into());
        self
    }

    /// Starts Quay's registry in Go instead, as it was in August 2026.
    ///
    /// That server has one operation, the deletion of a repository. It accepts [HTTP
    /// Basic](crate::QuayBuilder::basic_auth) from users with their
    /// [password](crate::testing::seed::UserSeed::password) and from robot accounts with their
    /// [token](crate::testing::seed::RobotSeed::token). It has no discovery document, and responds
    /// to all other requests with its own errors. [`Sandbox::quay`] returns a client of the
    /// superuser [`Sandbox::ADMIN`], with [`Sandbox::ADMIN_PASSWORD`].
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example() -> quay_api::Result<()> {
    /// use quay_api::testing::Sandbox;
    /// use quay_api::testing::seed::{OrganizationSeed, RepositorySeed, Seed};
    ///
    /// let sandbox = Sandbox::builder().go_registry().start().await?;
    /// let acme = OrganizationSeed::new("acme");
    /// sandbox.seed(&Seed::new().organization(acme).repository(RepositorySeed::new("acme/web")))?;
    /// let quay = sandbox.quay();
    /// assert!(!quay.server().get().await?.has_document());
    /// quay.repository("acme/web")?.delete().await?;
    /// let tags = quay.repository("acme/web")?.tags().list().await;
    /// assert!(tags.unwrap_err().is_feature_disabled());
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
    /// ```
    pub fn go_registry(mut self) -> Self {
        self.is_go_registry = true;
        self
    }

    /// Starts the server, as [`Sandbox::start`] does.
    ///
    /// # Errors
    ///
    /// Returns an error if no port can be opened, if the release is older than 3.8 or is not a
    /// release, if no operation requires a setting that was turned off, or if a release or a
    /// setting was set for the registry in Go.
    pub async fn start(self) -> Result<Sandbox> {
        Sandbox::start_as(self.edition()?).await
    }

    fn edition(self) -> Result<Edition> {
        if self.is_go_registry && (self.release.is_some() || !self.off.is_empty()) {
            return Err(Error::invalid_input(
                "`go_registry` must be set without `release` and `without_feature`",
            ));
        }
        let release = self.release.as_deref().map(|text| {
            release::parse(text, u32::MAX)
                .filter(|release| *release >= [3, 8, 0])
                .ok_or_else(|| {
                    let message = format!("`release` must be one from 3.8 on, got {text:?}");
                    Error::invalid_input(message)
                })
        });
        let is_known = |setting: &String| {
            OPERATIONS
                .iter()
                .any(|operation| operation.features().contains(&setting.as_str()))
        };
        if let Some(unknown) = self.off.iter().find(|setting| !is_known(setting)) {
            return Err(Error::invalid_input(format!(
                "`without_feature` must be a setting that an operation needs, got {unknown:?}"
            )));
        }
        Ok(Edition {
            release: release.transpose()?,
            off: self.off.into_iter().collect(),
            is_go_registry: self.is_go_registry,
        })
    }
}
