//! The mirroring of a repository of another registry.

use super::mirror_changes::EnsureMirror;
use crate::api::shared::{Ensure, none_if_not_found, outcome};
use crate::generated::params;
use crate::types::{
    Clearable, CreateMirror, MirrorProxy, MirrorRegistryConfig, MirrorRule, MirrorRuleKind,
    RepositoryMirror, RepositoryName, UpdateMirror,
};
use crate::{Error, ErrorKind, Quay, Result};
use std::sync::Arc;

/// Seconds; the minimum of the servers that require it.
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
    /// Operation: `getRepoMirrorConfig`. Feature: `FEATURE_REPO_MIRROR`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if it is no
    /// mirror.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let mirror = quay.repository("acme/etcd")?.mirror().get().await?;
    /// println!("{} of {}", mirror.sync_status, mirror.external_reference);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get mirror")]
    #[doc(alias = "getRepoMirrorConfig")]
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
    /// Operation: `getRepoMirrorConfig`. Feature: `FEATURE_REPO_MIRROR`.
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get), but not for what is no mirror.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let mirror = quay.repository("acme/etcd")?.mirror().get_opt().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "getRepoMirrorConfig")]
    pub async fn get_opt(&self) -> Result<Option<RepositoryMirror>> {
        none_if_not_found(self.get()).await
    }

    /// Creates the settings, and reads them. Servers from 3.15 on require
    /// `skopeo_timeout_interval`, and refuse a request without it before they store anything; older
    /// ones fail on it after they have stored a part. Unless it is set, the request is therefore
    /// sent without it first, and then with five minutes. `architecture_filter` needs a server from
    /// 3.17 on. The repository has to be in the [state](crate::api::RepositoryHandle::set_state) of
    /// a mirror first. A robot account is needed, which is given the right to write.
    ///
    /// Scope: `repo:admin`. Endpoints: `POST /api/v1/repository/{repository}/mirror`, whose
    /// response is empty, then that of [`get`](Self::get).
    /// Operation: `createRepoMirrorConfig`. Feature: `FEATURE_REPO_MIRROR`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_conflict`](crate::Error::is_conflict) is true if there are
    /// settings already, and an error for an address that the server does not allow. Returns one of
    /// the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) without a robot account
    /// or a pattern of tags: servers fail with a 500 then, after they have stored a part. Returns
    /// an error for which [`is_feature_disabled`](crate::Error::is_feature_disabled) is true, with
    /// nothing sent, if the request has a field that the server's discovery document lacks. If the
    /// settings were created and can't be read, the message says so.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::{CreateMirror, MirrorRule, Timestamp};
    ///
    /// // Minimal: every day, all tags of version 3, pushed by a robot account.
    /// let request = CreateMirror::new(
    ///     "quay.io/coreos/etcd",
    ///     Timestamp::now(),
    ///     86400,
    ///     MirrorRule::tags(["v3.*"]),
    /// )
    /// .robot_username("acme+mirror");
    /// // Extended: with credentials, and two architectures.
    /// let request = request
    ///     .skopeo_timeout_interval(300)
    ///     .external_registry_username("reader")
    ///     .external_registry_password("a password")
    ///     .architecture_filter(["amd64", "arm64"]);
    /// let mirror = quay.repository("acme/etcd")?.mirror().create(request).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "create mirror")]
    #[doc(alias = "createRepoMirrorConfig")]
    pub async fn create(&self, mirror: CreateMirror) -> Result<RepositoryMirror> {
        if mirror.robot_username.is_none() {
            return Err(Error::invalid_input(
                "a mirror needs `robot_username`, the robot account that pushes what is mirrored",
            ));
        }
        check_rule(Some(&mirror.root_rule))?;
        let created = format!("the mirror of {}", self.repository);
        let newer = CreateMirror {
            skopeo_timeout_interval: mirror.skopeo_timeout_interval.or(Some(SHORTEST_TIMEOUT)),
            ..mirror.clone()
        };
        // Older servers lack both fields, and a request that has one must not be tried without it.
        if mirror.skopeo_timeout_interval.is_some() || !mirror.architecture_filter.is_keep() {
            self.send_create(&self.quay, &newer).await?;
            return outcome::read_created(self.get().await, &created);
        }
        match self.send_create(&self.quay, &mirror).await {
            Err(refused)
                if refused.status() == Some(400)
                    && refused.message().contains("skopeo_timeout_interval") =>
            {
                // The server has just said that it takes the field.
                let quay = self.quay.with(|call| call.consult_discovery(false));
                self.send_create(&quay, &newer).await?
            }
            result => result?,
        }
        outcome::read_created(self.get().await, &created)
    }

    /// Sends the request by a client that may have other settings than the handle's.
    async fn send_create(&self, quay: &Quay, mirror: &CreateMirror) -> Result<()> {
        let request = quay
            .api()
            .create_repo_mirror_config(params::CreateRepoMirrorConfig {
                repository: self.repository.as_str(),
                body: mirror,
            });
        quay.send(request).await
    }

    /// Changes what is set in the request, and nothing else.
    ///
    /// The server makes the changes one by one, and passes over one that meets the beginning of a
    /// synchronisation; older ones (3.8) have also made some of them when they refuse another.
    /// [`get`](Self::get) tells. The first proxy of a mirror that had none is lost by the server:
    /// if the request has proxies, the settings are read afterwards, and the proxies sent once
    /// more.
    ///
    /// Scope: `repo:admin`. Endpoint: `PUT /api/v1/repository/{repository}/mirror`.
    /// Operation: `changeRepoMirrorConfig`. Feature: `FEATURE_REPO_MIRROR`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if it is no
    /// mirror, and an error for a value that can't be one. Returns one of the kind
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) for a password without its user
    /// name, which the server wants together, and for a rule without a pattern. Returns an error
    /// for which [`is_feature_disabled`](crate::Error::is_feature_disabled) is true, with nothing
    /// sent, for a time-out before 3.15 and architectures before 3.17, which the server would
    /// ignore.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::UpdateMirror;
    ///
    /// let request = UpdateMirror::new()
    ///     .is_enabled(false)
    ///     .clear_external_registry_username()
    ///     .clear_external_registry_password();
    /// quay.repository("acme/etcd")?.mirror().update(request).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "update mirror")]
    #[doc(alias = "changeRepoMirrorConfig")]
    pub async fn update(&self, mirror: UpdateMirror) -> Result<()> {
        check_credentials(&mirror)?;
        check_rule(mirror.root_rule.as_ref())?;
        self.send_update(&mirror).await?;
        let config = mirror.external_registry_config.as_ref();
        match config.and_then(|config| config.proxy.as_ref()) {
            Some(proxy) => self.keep_proxies(proxy).await,
            None => Ok(()),
        }
    }

    async fn send_update(&self, mirror: &UpdateMirror) -> Result<()> {
        let request = self
            .quay
            .api()
            .change_repo_mirror_config(params::ChangeRepoMirrorConfig {
                repository: self.repository.as_str(),
                body: mirror,
            });
        self.quay.send(request).await
    }

    /// Sends the proxies again if the server lost one: where there were none, it makes room for
    /// them in the place of storing the first.
    async fn keep_proxies(&self, proxy: &MirrorProxy) -> Result<()> {
        if self.has_proxies(proxy).await? {
            return Ok(());
        }
        let config = MirrorRegistryConfig::new().proxy(proxy.clone());
        let again = UpdateMirror::new().external_registry_config(config);
        let sent = self.send_update(&again).await;
        sent.map_err(|error| error.after("the other changes were made"))?;
        let has_proxies = self.has_proxies(proxy).await?;
        outcome::check_changed("external_registry_config", Some(&true), Some(&has_proxies))
    }

    /// Returns true if the mirror has a proxy wherever the request sets one.
    async fn has_proxies(&self, requested: &MirrorProxy) -> Result<bool> {
        let seen = self.get().await.map_err(Error::after_write)?;
        let seen = seen.external_registry_config.and_then(|c| c.proxy);
        let seen = seen.unwrap_or_default();
        let is_set = |requested: bool, seen: bool| seen || !requested;
        Ok(is_set(
            matches!(requested.http_proxy, Clearable::Set(_)),
            matches!(seen.http_proxy, Clearable::Set(_)),
        ) && is_set(
            matches!(requested.https_proxy, Clearable::Set(_)),
            matches!(seen.https_proxy, Clearable::Set(_)),
        ) && is_set(
            matches!(requested.no_proxy, Clearable::Set(_)),
            matches!(seen.no_proxy, Clearable::Set(_)),
        ))
    }

    /// Starts a synchronisation now. Success means that it is due; the state of
    /// [`get`](Self::get) tells how it goes.
    ///
    /// Scope: `repo:admin`. Endpoint: `POST /api/v1/repository/{repository}/mirror/sync-now`.
    /// Operation: `syncNow`. Feature: `FEATURE_REPO_MIRROR`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if it is no
    /// mirror. Returns one of the kind [`ErrorKind::Conflict`](crate::ErrorKind::Conflict) if a
    /// synchronisation runs.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.repository("acme/etcd")?.mirror().sync_now().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "syncNow")]
    pub async fn sync_now(&self) -> Result<()> {
        let result = self
            .quay
            .send(self.quay.api().sync_now(self.repository.as_str()))
            .await;
        self.explain(result, "a synchronisation can't be started")
            .await
    }

    /// Cancels the synchronisation that runs or waits.
    ///
    /// Scope: `repo:admin`. Endpoint: `POST /api/v1/repository/{repository}/mirror/sync-cancel`.
    /// Operation: `syncCancel`. Feature: `FEATURE_REPO_MIRROR`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if it is no
    /// mirror. Returns one of the kind [`ErrorKind::Conflict`](crate::ErrorKind::Conflict) if no
    /// synchronisation runs or waits.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.repository("acme/etcd")?.mirror().cancel_sync().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "syncCancel")]
    pub async fn cancel_sync(&self) -> Result<()> {
        let result = self
            .quay
            .send(self.quay.api().sync_cancel(self.repository.as_str()))
            .await;
        self.explain(result, "there is no synchronisation to cancel")
            .await
    }

    /// Makes the repository have this mirror: creates it, changes it, or leaves it.
    ///
    /// A repository has one mirror. What the request sets is compared, and only fields that differ
    /// are sent. The order of patterns and architectures does not count, nor whitespace around
    /// patterns. Not compared are `sync_start_date`, which the server moves with each
    /// synchronisation, and `external_registry_password`, which it does not return: both are sent
    /// when the mirror is created, and the password also if the user name differs. To write a new
    /// password, [`update`](Self::update) it. See [desired state](crate::guide::desired_state).
    ///
    /// Scope and endpoints: as [`get`](Self::get), [`create`](Self::create) and
    /// [`update`](Self::update); the mirror is read after a change.
    ///
    /// # Errors
    ///
    /// When it is awaited: returns the errors of [`create`](Self::create) and
    /// [`update`](Self::update), and an error for which
    /// [`is_conflict`](crate::Error::is_conflict) is true if the server accepts the change and does
    /// not make it.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::{CreateMirror, MirrorRule, Timestamp};
    ///
    /// let start = Timestamp::now();
    /// let rule = MirrorRule::tags(["latest", "v*"]);
    /// let mirror = CreateMirror::new("docker.io/library/nginx", start, 86_400, rule)
    ///     .robot_username("acme+mirror");
    /// let ensured = quay.repository("acme/nginx")?.mirror().ensure(mirror).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn ensure(&self, mirror: CreateMirror) -> Ensure<RepositoryMirror> {
        Ensure::new(EnsureMirror {
            handle: self.clone(),
            mirror,
        })
    }

    /// Replaces the 404 with which the server also responds if the state does not allow it.
    async fn explain(&self, result: Result<()>, what: &str) -> Result<()> {
        let error = match result {
            Err(error) if error.is_not_found() => error,
            other => return other,
        };
        match self.get_opt().await {
            Ok(Some(mirror)) => Err(Error::new(
                ErrorKind::Conflict,
                format!("{what} while the state is {}", mirror.sync_status.as_str()),
            )
            .with_source(error)),
            _ => Err(error),
        }
    }
}

/// Servers before 3.17 store other changes before they refuse these.
fn check_credentials(mirror: &UpdateMirror) -> Result<()> {
    let reason = match (
        &mirror.external_registry_username,
        &mirror.external_registry_password,
    ) {
        (Clearable::Keep, Clearable::Set(_) | Clearable::Clear) => {
            "`external_registry_password` must be changed together with `external_registry_username`"
        }
        (Clearable::Clear, Clearable::Set(_)) => {
            "`external_registry_username` can't be cleared while a password is set"
        }
        _ => return Ok(()),
    };
    Err(Error::invalid_input(reason))
}

fn check_rule(rule: Option<&MirrorRule>) -> Result<()> {
    match rule {
        Some(rule) if rule.rule_value.is_empty() => Err(Error::invalid_input(
            "the rule of a mirror must have at least one pattern of tags",
        )),
        _ => Ok(()),
    }
}
