//! The mirroring of a repository of another registry.

use crate::api::shared::none_if_not_found;
use crate::generated::params;
use crate::types::{
    CreateMirror, MirrorRule, MirrorRuleKind, RepositoryMirror, RepositoryName, UpdateMirror,
};
use crate::{Quay, Result};
use std::sync::Arc;

/// Seconds; the least that newer servers take.
const SHORTEST_TIMEOUT: i64 = 300;

impl MirrorRule {
    /// Tags whose name fits any of these globs, such as `v1.*`.
    pub fn tags<T: Into<String>>(globs: impl IntoIterator<Item = T>) -> Self {
        Self::new(MirrorRuleKind::TagGlobCsv, globs)
    }
}

/// The mirroring of a repository:
/// [`RepositoryHandle::mirror`](crate::api::RepositoryHandle::mirror).
#[derive(Debug, Clone)]
pub struct MirrorHandle {
    pub(crate) quay: Quay,
    pub(crate) repository: Arc<RepositoryName>,
}

impl MirrorHandle {
    /// Reads the settings, and how the last synchronisation went.
    ///
    /// Scope: `repo:admin`. Endpoint: `GET /api/v1/repository/{repository}/mirror`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found) if it is no mirror.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let mirror = quay.repository("acme/etcd")?.mirror().get().await?;
    /// println!("{} of {}", mirror.sync_status, mirror.external_reference);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get(&self) -> Result<RepositoryMirror> {
        self.quay
            .send(
                self.quay
                    .api()
                    .get_repo_mirror_config(self.repository.as_str()),
            )
            .await
    }

    /// Reads the settings; `None` if it is no mirror.
    ///
    /// Scope: `repo:admin`. Endpoint: `GET /api/v1/repository/{repository}/mirror`.
    ///
    /// # Errors
    /// As [`get`](Self::get), but not for what is no mirror.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let mirror = quay.repository("acme/etcd")?.mirror().get_opt().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<RepositoryMirror>> {
        none_if_not_found(self.get().await)
    }

    /// Makes the settings. Servers from 3.15 on want `skopeo_timeout_interval`, older ones refuse
    /// it: unless it is set, five minutes are tried first, and then none. The repository has to be
    /// in the [state](crate::api::RepositoryHandle::set_state) of a mirror first.
    ///
    /// Scope: `repo:admin`. Endpoint: `POST /api/v1/repository/{repository}/mirror`.
    ///
    /// # Errors
    /// [`is_conflict`](crate::Error::is_conflict) if there are settings already; an address that
    /// the server does not allow.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::{CreateMirror, MirrorRule, Timestamp};
    ///
    /// // Minimal: every day, all tags of version 3.
    /// let request = CreateMirror::new(
    ///     "quay.io/coreos/etcd",
    ///     Timestamp::now(),
    ///     86400,
    ///     MirrorRule::tags(["v3.*"]),
    /// );
    /// // Extended: with credentials, a robot account that pushes, and two architectures.
    /// let request = request
    ///     .skopeo_timeout_interval(300)
    ///     .robot_username("acme+mirror")
    ///     .external_registry_username("reader")
    ///     .external_registry_password("a password")
    ///     .architecture_filter(["amd64", "arm64"]);
    /// quay.repository("acme/etcd")?.mirror().create(request).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create(&self, mirror: CreateMirror) -> Result<()> {
        let timeout = mirror.skopeo_timeout_interval;
        let newer = CreateMirror {
            skopeo_timeout_interval: timeout.or(Some(SHORTEST_TIMEOUT)),
            ..mirror
        };
        let Err(refused) = self.send_create(&newer).await else {
            return Ok(());
        };
        // A refusal of a member changes nothing on the server, so asking again does no harm.
        let is_unknown =
            refused.status() == Some(400) && refused.message().contains("skopeo_timeout_interval");
        match timeout.is_none() && is_unknown {
            true => {
                self.send_create(&CreateMirror {
                    skopeo_timeout_interval: None,
                    ..newer
                })
                .await
            }
            false => Err(refused),
        }
    }

    async fn send_create(&self, mirror: &CreateMirror) -> Result<()> {
        self.quay
            .send(
                self.quay
                    .api()
                    .create_repo_mirror_config(params::CreateRepoMirrorConfig {
                        repository: self.repository.as_str(),
                        body: mirror,
                    }),
            )
            .await
    }

    /// Changes what is set in the request, and nothing else. While a synchronisation runs, the
    /// server refuses.
    ///
    /// Scope: `repo:admin`. Endpoint: `PUT /api/v1/repository/{repository}/mirror`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found) if it is no mirror; a value that can't be.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::UpdateMirror;
    ///
    /// let request = UpdateMirror::new().is_enabled(false).clear_external_registry_password();
    /// quay.repository("acme/etcd")?.mirror().update(request).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn update(&self, mirror: UpdateMirror) -> Result<()> {
        self.quay
            .send(
                self.quay
                    .api()
                    .change_repo_mirror_config(params::ChangeRepoMirrorConfig {
                        repository: self.repository.as_str(),
                        body: &mirror,
                    }),
            )
            .await
    }

    /// Starts a synchronisation now.
    ///
    /// Scope: `repo:admin`. Endpoint: `POST /api/v1/repository/{repository}/mirror/sync-now`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found) if it is no mirror.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.repository("acme/etcd")?.mirror().sync_now().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn sync_now(&self) -> Result<()> {
        self.quay
            .send(self.quay.api().sync_now(self.repository.as_str()))
            .await
    }

    /// Cancels the synchronisation that runs or waits.
    ///
    /// Scope: `repo:admin`. Endpoint: `POST /api/v1/repository/{repository}/mirror/sync-cancel`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found) if it is no mirror.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.repository("acme/etcd")?.mirror().cancel_sync().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn cancel_sync(&self) -> Result<()> {
        self.quay
            .send(self.quay.api().sync_cancel(self.repository.as_str()))
            .await
    }
}
