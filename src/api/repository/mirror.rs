//! The mirror settings of a repository, which copies images from another registry.

use super::mirror_changes::{self, EnsureMirror};
use crate::api::shared::{Ensure, none_if_not_found, outcome};
use crate::generated::params;
use crate::types::{
    Clearable, CreateMirror, MirrorProxy, MirrorRegistryConfig, MirrorRule, MirrorRuleKind,
    RepositoryMirror, RepositoryName, UpdateMirror,
};
use crate::{Delivery, Error, ErrorKind, Quay, Result};
use std::sync::Arc;

/// The minimum time-out in seconds on servers that require one.
const SHORTEST_TIMEOUT: i64 = 300;

impl MirrorRule {
    /// Creates a rule that matches tags by globs, such as `v1.*`.
    ///
    /// A tag has to match one of them.
    pub fn tags<T: Into<String>>(globs: impl IntoIterator<Item = T>) -> Self {
        Self::new(MirrorRuleKind::TagGlobCsv, globs)
    }
}

/// The handle of a repository's mirror settings:
/// [`RepositoryHandle::mirror`](crate::api::RepositoryHandle::mirror).
#[derive(Debug, Clone)]
pub struct MirrorHandle {
    pub(crate) quay: Quay,
    pub(crate) repository: Arc<RepositoryName>,
}

impl MirrorHandle {
    /// Reads the mirror settings and the result of the last synchronization.
    ///
    /// Scope: `repo:admin`. Endpoint: `GET /api/v1/repository/{repository}/mirror`.
    /// Operation: `getRepoMirrorConfig`. Feature: `FEATURE_REPO_MIRROR`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// repository has no mirror settings.
    ///
    /// # Examples
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

    /// Reads the mirror settings, or returns `None` if the repository has none.
    ///
    /// Scope: `repo:admin`. Endpoint: `GET /api/v1/repository/{repository}/mirror`.
    /// Operation: `getRepoMirrorConfig`. Feature: `FEATURE_REPO_MIRROR`.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`get`](Self::get) other than "not found".
    ///
    /// # Examples
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

    /// Creates the mirror settings and reads them.
    ///
    /// The server sets the [state](crate::api::RepositoryHandle::set_state) of the repository to
    /// that of a mirror: users can't push to it any more, and each synchronization deletes the tags
    /// that do not match the rule. The request must name a robot account of the repository's owner,
    /// which the server grants write permission. No operation deletes the settings; another state
    /// stops the synchronization.
    ///
    /// `skopeo_timeout_interval` is in seconds. Servers from 3.15 on require it, and reject a
    /// request without it before they store anything. Older servers fail on it after they have
    /// stored a part of the request. If it is not set, the method therefore sends the request
    /// without it first and, if the server requires it, again with 300 seconds.
    /// `architecture_filter` requires a server of release 3.17 or later.
    ///
    /// Scope: `repo:admin`. Endpoints: `POST /api/v1/repository/{repository}/mirror`, whose
    /// response is empty, then that of [`get`](Self::get).
    /// Operation: `createRepoMirrorConfig`. Feature: `FEATURE_REPO_MIRROR`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_conflict`](crate::Error::is_conflict) is true if the
    /// repository has mirror settings already, and an error if the server does not allow the
    /// address of the source. Returns an error of the kind
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if the
    /// request has no robot account or no tag pattern: servers would respond with status 500 after
    /// they have stored a part of the request.
    ///
    /// Returns an error for which [`is_feature_disabled`](crate::Error::is_feature_disabled) is
    /// true, before anything is sent, if the request sets a field that is not in the server's
    /// discovery document. If the settings were created but can't be read, the message says so.
    ///
    /// # Examples
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
                "a mirror must have a `robot_username`: the robot account that pushes the images",
            ));
        }
        check_rule(Some(&mirror.root_rule))?;
        let created = format!("the mirror of {}", self.repository);
        let newer = CreateMirror {
            skopeo_timeout_interval: mirror.skopeo_timeout_interval.or(Some(SHORTEST_TIMEOUT)),
            ..mirror.clone()
        };
        // Older servers lack both fields. A request that sets one must not be sent without it.
        if mirror.skopeo_timeout_interval.is_some() || !mirror.architecture_filter.is_keep() {
            self.send_create(&self.quay, &newer).await?;
            return outcome::read_created(self.get().await, &created);
        }
        match self.send_create(&self.quay, &mirror).await {
            Err(refused)
                if refused.status() == Some(400)
                    && refused.message().contains("skopeo_timeout_interval") =>
            {
                // The server's response shows that it knows the field, so discovery need not be
                // asked.
                let quay = self.quay.with(|call| call.consult_discovery(false));
                self.send_create(&quay, &newer).await?
            }
            result => result?,
        }
        outcome::read_created(self.get().await, &created)
    }

    /// Sends the request with a client whose settings may differ from those of the handle.
    async fn send_create(&self, quay: &Quay, mirror: &CreateMirror) -> Result<()> {
        let request = quay
            .api()
            .create_repo_mirror_config(params::CreateRepoMirrorConfig {
                repository: self.repository.as_str(),
                body: mirror,
            });
        quay.send(request).await
    }

    /// Changes the fields that the request sets, and no others.
    ///
    /// The server applies the fields one after the other. It skips a field if a synchronization
    /// begins at the same time, and an older server ignores a field that it does not know, both
    /// with a success. The method therefore reads the settings afterwards, and fails if a field was
    /// not changed. A server loses the first proxy of a mirror that had none; the method sends it
    /// again. If a server of release 3.8 rejects one field, it may have changed others.
    ///
    /// Scope: `repo:admin`. Endpoints: `PUT /api/v1/repository/{repository}/mirror`, then that of
    /// [`get`](Self::get).
    /// Operation: `changeRepoMirrorConfig`. Feature: `FEATURE_REPO_MIRROR`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// repository has no mirror settings, and an error if the server rejects a value. Returns an
    /// error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput), before
    /// anything is sent, for a password without its user name, since the server requires both
    /// together, and for a rule without a pattern. Returns an error for which
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) is true, before anything is sent,
    /// for a time-out on a server before 3.15 and for architectures on a server before 3.17: such a
    /// server would ignore the field.
    ///
    /// Returns an error of the kind [`ErrorKind::Conflict`](crate::ErrorKind::Conflict), which
    /// names the field, if the server accepted the request but did not change a field.
    ///
    /// # Examples
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
        if mirror == UpdateMirror::new() {
            return self.send_update(&mirror).await;
        }
        self.change(&mirror).await.map(drop)
    }

    /// Changes the fields that the request sets, and returns the settings that the mirror then has.
    pub(super) async fn change(&self, mirror: &UpdateMirror) -> Result<RepositoryMirror> {
        check_credentials(mirror)?;
        check_rule(mirror.root_rule.as_ref())?;
        self.send_update(mirror).await?;
        let mut found = self.get().await.map_err(Error::after_write)?;
        let config = mirror.external_registry_config.as_ref();
        if let Some(proxy) = config.and_then(|config| config.proxy.as_ref())
            && !has_proxies(&found, proxy)
        {
            found = self.send_proxies_again(proxy).await?;
        }
        mirror_changes::check_made(mirror, &found).map_err(|error| self.of_change(error))?;
        Ok(found)
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

    /// Sends the proxies again after the server lost one, and returns the settings. If a mirror has
    /// no proxies yet, a server creates the place for them but does not store the first one.
    async fn send_proxies_again(&self, proxy: &MirrorProxy) -> Result<RepositoryMirror> {
        let config = MirrorRegistryConfig::new().proxy(proxy.clone());
        let again = UpdateMirror::new().external_registry_config(config);
        let sent = self.send_update(&again).await;
        sent.map_err(|error| error.after("the other changes were made"))?;
        let found = self.get().await.map_err(Error::after_write)?;
        let has_proxies = has_proxies(&found, proxy);
        outcome::check_changed("external_registry_config", Some(&true), Some(&has_proxies))
            .map_err(|error| self.of_change(error))?;
        Ok(found)
    }

    /// Adds the operation to the error of a change that was not made.
    fn of_change(&self, error: Error) -> Error {
        let repository = ("repository", self.repository.as_str());
        error.with_response_to("changeRepoMirrorConfig", &[repository])
    }

    /// Starts a synchronization now, also if the mirror is not enabled.
    ///
    /// Success means that it is scheduled. [`get`](Self::get) returns its status. The server
    /// synchronizes only while the state of the repository is `Mirror`.
    ///
    /// Scope: `repo:admin`. Endpoint: `POST /api/v1/repository/{repository}/mirror/sync-now`.
    /// Operation: `syncNow`. Feature: `FEATURE_REPO_MIRROR`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// repository has no mirror settings. Returns an error of the kind
    /// [`ErrorKind::Conflict`](crate::ErrorKind::Conflict) if a synchronization is running.
    ///
    /// # Examples
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
        self.explain(result, "a synchronization can't be started")
            .await
    }

    /// Cancels the synchronization that is running or waiting.
    ///
    /// Scope: `repo:admin`. Endpoint: `POST /api/v1/repository/{repository}/mirror/sync-cancel`.
    /// Operation: `syncCancel`. Feature: `FEATURE_REPO_MIRROR`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// repository has no mirror settings. Returns an error of the kind
    /// [`ErrorKind::Conflict`](crate::ErrorKind::Conflict) if no synchronization is running or
    /// waiting.
    ///
    /// # Examples
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
        self.explain(result, "there is no synchronization to cancel")
            .await
    }

    /// Ensures that the repository has these mirror settings: creates or changes them if necessary.
    ///
    /// A repository has at most one mirror. The fields that the request sets are compared, and only
    /// fields that differ are sent. The order of patterns and architectures is ignored, and so is
    /// whitespace around patterns. Two fields are not compared: `sync_start_date`, which the server
    /// moves with each synchronization, and `external_registry_password`, which the server does not
    /// return. Both are sent when the mirror is created. The password is also sent if the user name
    /// differs. Call [`update`](Self::update) to change the password alone. The
    /// [state](crate::api::RepositoryHandle::set_state) of the repository is not compared either:
    /// if it is not that of a mirror, existing settings have no effect. See [desired
    /// state](crate::guide::desired_state).
    ///
    /// The state of the repository is not compared either. The creation of a mirror sets it to
    /// `Mirror`; in another state, the server does not synchronize.
    ///
    /// Scope and endpoints: as for [`get`](Self::get), [`create`](Self::create) and
    /// [`update`](Self::update). The mirror is read after a change.
    ///
    /// # Errors
    ///
    /// Awaiting the result returns the errors of [`create`](Self::create) and
    /// [`update`](Self::update), and an error for which [`is_conflict`](crate::Error::is_conflict)
    /// is true if the server accepts a change but does not make it.
    ///
    /// # Examples
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
    #[inline]
    pub fn ensure(&self, mirror: CreateMirror) -> Ensure<RepositoryMirror> {
        Ensure::new(EnsureMirror {
            handle: self.clone(),
            mirror,
        })
    }

    /// Replaces a 404 that the server sends because of the mirror's status by a conflict.
    async fn explain(&self, result: Result<()>, what: &str) -> Result<()> {
        let error = match result {
            Err(error) if error.is_not_found() => error,
            other => return other,
        };
        match self.get_opt().await {
            Ok(Some(mirror)) => Err(Error::new(
                ErrorKind::Conflict,
                format!("{what} while its status is {}", mirror.sync_status.as_str()),
            )
            .with_subject_of(&error)
            .with_delivery(Delivery::Responded)
            .with_source(error)),
            _ => Err(error),
        }
    }
}

/// Returns true if the mirror has each proxy that the request sets.
fn has_proxies(found: &RepositoryMirror, requested: &MirrorProxy) -> bool {
    let config = found.external_registry_config.as_ref();
    let found = config
        .and_then(|config| config.proxy.clone())
        .unwrap_or_default();
    fn is_set<T>(requested: &Clearable<T>, found: &Clearable<T>) -> bool {
        found.value().is_some() || requested.value().is_none()
    }
    is_set(&requested.http_proxy, &found.http_proxy)
        && is_set(&requested.https_proxy, &found.https_proxy)
        && is_set(&requested.no_proxy, &found.no_proxy)
}

/// Rejects these before anything is sent, since servers before 3.17 store the other changes first.
fn check_credentials(mirror: &UpdateMirror) -> Result<()> {
    let reason = match (
        &mirror.external_registry_username,
        &mirror.external_registry_password,
    ) {
        (Clearable::Keep, Clearable::Set(_) | Clearable::Clear) => {
            "`external_registry_password` must be changed together with \
             `external_registry_username`"
        }
        (Clearable::Clear, Clearable::Set(_)) => {
            "`external_registry_username` can't be cleared while `external_registry_password` is \
             set"
        }
        _ => return Ok(()),
    };
    Err(Error::invalid_input(reason))
}

fn check_rule(rule: Option<&MirrorRule>) -> Result<()> {
    match rule {
        Some(rule) if rule.rule_value.is_empty() => Err(Error::invalid_input(
            "the rule of a mirror must have at least one tag pattern",
        )),
        _ => Ok(()),
    }
}
