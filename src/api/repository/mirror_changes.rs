//! Computes which mirror settings of a repository have to change to reach the desired state.

use crate::api::MirrorHandle;
use crate::api::shared::{Desired, ExistenceCheck, Parent, outcome};
use crate::types::{
    Clearable, CreateMirror, MirrorProxy, MirrorRegistryConfig, MirrorRule, RepositoryMirror,
    RobotName, UpdateMirror,
};
use crate::{Error, ErrorKind, Result};
use futures::FutureExt;
use futures::future::BoxFuture;
use std::collections::BTreeSet;
use std::sync::Arc;

pub(super) struct EnsureMirror {
    pub(super) handle: MirrorHandle,
    pub(super) mirror: CreateMirror,
}

impl EnsureMirror {
    /// Returns the changes that are needed. The request has no field if nothing differs.
    fn changes(&self, found: &RepositoryMirror) -> UpdateMirror {
        let mirror = self.mirror.clone();
        let wanted = UpdateMirror {
            is_enabled: mirror.is_enabled,
            external_reference: Some(mirror.external_reference),
            external_registry_username: mirror.external_registry_username,
            external_registry_password: mirror.external_registry_password,
            sync_interval: Some(mirror.sync_interval),
            robot_username: mirror.robot_username,
            root_rule: Some(mirror.root_rule),
            external_registry_config: mirror.external_registry_config,
            skopeo_timeout_interval: mirror.skopeo_timeout_interval,
            architecture_filter: mirror.architecture_filter,
            // It moves with each synchronization.
            sync_start_date: None,
        };
        remaining_changes(&wanted, found)
    }
}

/// Returns only the fields that differ from the settings of the mirror.
///
/// The start of the synchronizations is not compared, since it moves with each, and neither is the
/// password, which the server does not return.
fn remaining_changes(wanted: &UpdateMirror, found: &RepositoryMirror) -> UpdateMirror {
    let mut change = UpdateMirror::new();
    change.is_enabled = wanted.is_enabled.filter(|is| *is != found.is_enabled);
    change.external_reference = wanted
        .external_reference
        .clone()
        .filter(|reference| *reference != found.external_reference);
    change.sync_interval = wanted
        .sync_interval
        .filter(|seconds| *seconds != found.sync_interval);
    let rule = found.root_rule.as_ref();
    change.root_rule = wanted
        .root_rule
        .clone()
        .filter(|wanted| !rule.is_some_and(|rule| is_same_rule(rule, wanted)));
    let robot = found.robot_username.as_ref().map(RobotName::as_str);
    change.robot_username = wanted
        .robot_username
        .clone()
        .filter(|name| Some(name.as_str()) != robot);
    change.skopeo_timeout_interval = wanted
        .skopeo_timeout_interval
        .filter(|seconds| Some(*seconds) != found.skopeo_timeout_interval);
    if !has_architectures(found, &wanted.architecture_filter) {
        change.architecture_filter = wanted.architecture_filter.clone();
    }
    let user = &wanted.external_registry_username;
    if differs(user, found.external_registry_username.as_ref()) {
        // A password belongs to its user, so it is sent with a new user name.
        change.external_registry_username = user.clone();
        change.external_registry_password = wanted.external_registry_password.clone();
    }
    let config = found.external_registry_config.as_ref();
    change.external_registry_config = wanted
        .external_registry_config
        .as_ref()
        .and_then(|wanted| config_changes(wanted, config));
    change
}

/// Returns only the settings that differ, or `None` if all are equal.
fn config_changes(
    wanted: &MirrorRegistryConfig,
    found: Option<&MirrorRegistryConfig>,
) -> Option<MirrorRegistryConfig> {
    let none = MirrorRegistryConfig::new();
    let found = found.unwrap_or(&none);
    let mut change = MirrorRegistryConfig::new();
    change.verify_tls = wanted.verify_tls.filter(|is| Some(*is) != found.verify_tls);
    change.unsigned_images = wanted
        .unsigned_images
        // For a mirror that was created without it, the server returns nothing, which means false.
        .filter(|is| *is != found.unsigned_images.unwrap_or(false));
    if let Some(wanted) = &wanted.proxy {
        let none = MirrorProxy::new();
        let found = found.proxy.as_ref().unwrap_or(&none);
        let mut proxy = MirrorProxy::new();
        if differs(&wanted.https_proxy, set_value(&found.https_proxy)) {
            proxy.https_proxy = wanted.https_proxy.clone();
        }
        if differs(&wanted.http_proxy, set_value(&found.http_proxy)) {
            proxy.http_proxy = wanted.http_proxy.clone();
        }
        if differs(&wanted.no_proxy, set_value(&found.no_proxy)) {
            proxy.no_proxy = wanted.no_proxy.clone();
        }
        change.proxy = Some(proxy).filter(|proxy| *proxy != MirrorProxy::new());
    }
    Some(change).filter(|change| *change != MirrorRegistryConfig::new())
}

fn set_value<T>(field: &Clearable<T>) -> Option<&T> {
    match field {
        Clearable::Set(value) => Some(value),
        Clearable::Keep | Clearable::Clear => None,
    }
}

fn differs<T: PartialEq>(wanted: &Clearable<T>, found: Option<&T>) -> bool {
    match wanted {
        Clearable::Keep => false,
        Clearable::Clear => found.is_some(),
        Clearable::Set(wanted) => Some(wanted) != found,
    }
}

/// Compares rules without regard to order: a tag is mirrored if it matches any pattern. The server
/// ignores whitespace around a pattern.
fn is_same_rule(a: &MirrorRule, b: &MirrorRule) -> bool {
    a.rule_kind == b.rule_kind && set(&a.rule_value) == set(&b.rule_value)
}

fn set(values: &[String]) -> BTreeSet<&str> {
    values.iter().map(|value| value.trim()).collect()
}

fn has_architectures(found: &RepositoryMirror, wanted: &Clearable<Vec<String>>) -> bool {
    let found = set(found.architecture_filter.as_deref().unwrap_or_default());
    match wanted {
        Clearable::Keep => true,
        Clearable::Clear => found.is_empty(),
        Clearable::Set(wanted) => set(wanted) == found,
    }
}

/// Returns an error if the server accepted a change but did not make all of it.
///
/// Old servers ignore fields that they do not know. All servers apply one field after the other,
/// and skip a field if a synchronization begins at the same time.
pub(super) fn check_made(change: &UpdateMirror, found: &RepositoryMirror) -> Result<()> {
    let remaining = remaining_changes(change, found);
    if remaining.skopeo_timeout_interval.is_some() {
        return Err(outcome::ignored("skopeo_timeout_interval"));
    }
    if !remaining.architecture_filter.is_keep() {
        return Err(outcome::ignored("architecture_filter"));
    }
    let fields = [
        ("is_enabled", remaining.is_enabled.is_some()),
        ("external_reference", remaining.external_reference.is_some()),
        ("sync_interval", remaining.sync_interval.is_some()),
        ("robot_username", remaining.robot_username.is_some()),
        ("root_rule", remaining.root_rule.is_some()),
        (
            "external_registry_username",
            !remaining.external_registry_username.is_keep(),
        ),
        (
            "external_registry_config",
            remaining.external_registry_config.is_some(),
        ),
    ];
    match fields.into_iter().find(|(_, remains)| *remains) {
        None => Ok(()),
        Some((field, _)) => Err(Error::new(
            ErrorKind::Conflict,
            format!(
                "the server accepted the change but did not change `{field}`: a synchronization or \
                 another change may have begun at the same time"
            ),
        )
        .after_write()),
    }
}

impl Desired for EnsureMirror {
    type Item = RepositoryMirror;

    #[inline]
    fn existing(&self) -> BoxFuture<'_, Result<Vec<RepositoryMirror>>> {
        async move { Ok(self.handle.get_opt().await?.into_iter().collect()) }.boxed()
    }

    fn parent_check(&self) -> Option<ExistenceCheck> {
        let MirrorHandle { quay, repository } = &self.handle;
        Some(Parent::Repository(Arc::clone(repository)).check_exists(quay))
    }

    fn is_met(&self, found: &RepositoryMirror) -> bool {
        self.changes(found) == UpdateMirror::new()
    }

    #[inline]
    fn create(&self) -> BoxFuture<'_, Result<RepositoryMirror>> {
        self.handle.create(self.mirror.clone()).boxed()
    }

    #[inline]
    fn update(&self, found: RepositoryMirror) -> BoxFuture<'_, Result<RepositoryMirror>> {
        async move { self.handle.change(&self.changes(&found)).await }.boxed()
    }
}
