//! Changes of a mirror's settings: all requested ones are made, and no others.

use crate::context::{TestContext, TestResult, assert_status, scenario};
use quay_api::ErrorKind;
use quay_api::api::RepositoryHandle;
use quay_api::types::{
    Clearable, CreateMirror, CreateRobot, MirrorProxy, MirrorRegistryConfig, MirrorRule,
    RepositoryState, SyncDate, Timestamp, UpdateMirror,
};
use serde_json::json;

fn first_of(month: u32) -> Timestamp {
    Timestamp::from_date(2030, month, 1).expect("a date")
}

/// A mirror of a repository of the server itself, with credentials, and a second robot account.
async fn mirror(context: &TestContext) -> TestResult<(RepositoryHandle, String)> {
    let (organization, repository) = context.organization_with_repository().await?;
    let robots = organization.robots();
    let robot = robots.create("mirror", CreateRobot::new()).await?.name;
    let other = robots.create("other", CreateRobot::new()).await?.name;
    repository.set_state(RepositoryState::Mirror).await?;
    let request = CreateMirror::new(
        format!("{}/library/app", context.other_registry()),
        SyncDate::from(first_of(1)),
        86_400,
        MirrorRule::tags(["latest", "v*"]),
    )
    .robot_username(robot.as_str())
    .external_registry_username("reader")
    .external_registry_password("a password");
    context.mirror(&repository, request).await?;
    Ok((repository, other.to_string()))
}

#[tokio::test]
async fn changes_several_settings_of_a_mirror_in_one_request() {
    scenario(async |context| {
        let (repository, robot) = mirror(context).await?;
        let reference = format!("{}/library/other", context.other_registry());
        let proxy = MirrorProxy::new()
            .http_proxy("http://proxy.example.test:3128")
            .no_proxy("example.test");
        let config = MirrorRegistryConfig::new().verify_tls(false).proxy(proxy);
        let change = UpdateMirror::new()
            .is_enabled(false)
            .external_reference(&reference)
            .sync_start_date(SyncDate::from(first_of(2)))
            .sync_interval(3600)
            .robot_username(&robot)
            .root_rule(MirrorRule::tags(["stable", "3.*", "nightly"]))
            .external_registry_username("writer")
            .external_registry_password("another password")
            .external_registry_config(config);
        repository.mirror().update(change).await?;
        let seen = repository.mirror().get().await?;
        assert_eq!(
            (seen.is_enabled, seen.external_reference, seen.sync_interval),
            (false, reference, 3600)
        );
        assert_eq!(seen.sync_start_date, Some(first_of(2)));
        assert_eq!(seen.robot_username.map(String::from), Some(robot));
        assert_eq!(seen.external_registry_username.as_deref(), Some("writer"));
        assert_eq!(
            seen.root_rule.map(|rule| rule.rule_value),
            Some(vec![
                "stable".to_owned(),
                "3.*".to_owned(),
                "nightly".to_owned()
            ])
        );
        let config = seen
            .external_registry_config
            .expect("settings of the registry");
        assert_eq!(config.verify_tls, Some(false));
        let proxy = config.proxy.expect("a proxy");
        let Clearable::Set(http) = &proxy.http_proxy else {
            panic!("no proxy for http");
        };
        assert_eq!(http.expose(), "http://proxy.example.test:3128");
        assert!(matches!(&proxy.no_proxy, Clearable::Set(hosts) if hosts == "example.test"));

        // The other settings stay.
        let change = UpdateMirror::new().sync_interval(7200);
        repository.mirror().update(change).await?;
        let seen = repository.mirror().get().await?;
        assert_eq!((seen.is_enabled, seen.sync_interval), (false, 7200));
        assert_eq!(seen.external_registry_username.as_deref(), Some("writer"));
        assert_eq!(seen.root_rule.map(|rule| rule.rule_value.len()), Some(3));
        let config = seen.external_registry_config.unwrap_or_default();
        assert_eq!(config.verify_tls, Some(false));

        let change = UpdateMirror::new()
            .clear_external_registry_username()
            .clear_external_registry_password();
        repository.mirror().update(change).await?;
        let seen = repository.mirror().get().await?;
        assert_eq!(seen.external_registry_username, None);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn timeout_of_a_mirror_is_changed_or_refused() {
    scenario(async |context| {
        let (repository, _) = mirror(context).await?;
        let change = UpdateMirror::new()
            .sync_interval(3600)
            .skopeo_timeout_interval(600);
        let changed = repository.mirror().update(change).await;
        let seen = repository.mirror().get().await?;
        if context.is_since("3.15").await? {
            changed?;
            assert_eq!(
                (seen.sync_interval, seen.skopeo_timeout_interval),
                (3600, Some(600))
            );
            return Ok(());
        }
        // Older servers would ignore it, so nothing is sent.
        assert!(changed.is_err_and(|e| e.kind() == ErrorKind::FeatureDisabled));
        assert_eq!(
            (seen.sync_interval, seen.skopeo_timeout_interval),
            (86_400, None)
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn refuses_a_password_without_its_user_name() {
    scenario(async |context| {
        let (repository, _) = mirror(context).await?;
        let change = UpdateMirror::new().external_registry_password("a password");
        let refused = repository.mirror().update(change).await;
        assert!(refused.is_err_and(|e| e.kind() == ErrorKind::InvalidInput));
        // The server refuses it as well.
        let path = format!("/repository/{}/mirror", repository.name());
        let sent = context
            .put(path, json!({"external_registry_password": "a password"}))
            .await;
        assert_status(
            sent,
            400,
            "Unable to set a new password without also specifying a username.",
        );
        let seen = repository.mirror().get().await?;
        assert_eq!(seen.external_registry_username.as_deref(), Some("reader"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn the_server_loses_the_first_proxy_of_a_mirror() {
    scenario(async |context| {
        let (repository, _) = mirror(context).await?;
        let path = format!("/repository/{}/mirror", repository.name());
        let proxies = json!({"external_registry_config": {"proxy": {
            "http_proxy": "http://proxy.example.test:3128", "no_proxy": "example.test",
        }}});
        let stored = async || -> quay_api::Result<_> {
            let body = context.get(&path).await?.unwrap_or_default();
            Ok(body["external_registry_config"]["proxy"].clone())
        };
        context.put(&path, proxies.clone()).await?;
        assert_eq!(stored().await?, json!({"no_proxy": "example.test"}));
        context.put(&path, proxies.clone()).await?;
        assert_eq!(
            stored().await?,
            proxies["external_registry_config"]["proxy"]
        );
        Ok(())
    })
    .await;
}
