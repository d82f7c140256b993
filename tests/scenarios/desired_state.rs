//! `ensure`: a second run finds nothing to do, also if the server stores a value in another form.

use crate::context::{TestContext, TestResult, scenario};
use quay_api::Result;
use quay_api::api::{Ensure, Ensured};
use quay_api::types::*;

/// Ensures one state and then another of the same identity, each twice.
async fn check<T: PartialEq + std::fmt::Debug + Send + 'static>(
    what: &str,
    first: impl Fn() -> Ensure<T>,
    second: impl Fn() -> Ensure<T>,
) -> Result<()> {
    assert_eq!(first().dry_run().await?, Ensured::Created(None), "{what}");
    let words = [first().await?, first().await?, second().await?];
    let words = words.map(|ensured| ensured.to_string());
    assert_eq!(words, ["created", "unchanged", "updated"], "{what}");
    let planned = second().dry_run().await?;
    assert!(!planned.is_changed(), "{what}: {planned:?}");
    assert!(!second().await?.is_changed(), "{what}");
    Ok(())
}

#[tokio::test]
async fn ensures_teams_members_and_permissions() {
    scenario(async |context| {
        let (organization, repository) = context.organization_with_repository().await?;
        let robots = organization.robots();
        let robot = robots.create("ci", CreateRobot::new()).await?.name;
        let teams = organization.teams();
        let team = |text: &str| {
            let request = CreateTeam::new(TeamRole::Member).description(text);
            teams.ensure("devs", request)
        };
        check("team", || team("one"), || team("two")).await?;
        let admin = teams
            .ensure("devs", CreateTeam::new(TeamRole::Admin))
            .await?;
        assert_eq!(admin.to_string(), "updated");
        assert_eq!(admin.into_inner().description.as_deref(), Some("two"));

        let members = organization.team("devs")?.members();
        assert_eq!(members.ensure(&robot).await?.to_string(), "created");
        assert_eq!(members.ensure(&robot).await?.to_string(), "unchanged");

        use RepositoryRole::{Read, Write};
        let users = repository.user_permissions();
        check(
            "user",
            || users.ensure(&robot, Read),
            || users.ensure(&robot, Write),
        )
        .await?;
        let granted = repository.team_permissions();
        check(
            "team",
            || granted.ensure("devs", Read),
            || granted.ensure("devs", Write),
        )
        .await?;

        let defaults = organization.default_permissions();
        for (name, kind) in [("devs", PrincipalKind::Team), ("ci", PrincipalKind::Robot)] {
            let ensure = |role| {
                let delegate = Delegate::new(name, kind.clone());
                defaults.ensure(CreateDefaultPermission::new(role, delegate))
            };
            check("default permission", || ensure(Read), || ensure(Write)).await?;
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn ensures_notifications() {
    scenario(async |context| {
        let (_, repository) = context.organization_with_repository().await?;
        let notifications = repository.notifications();
        let target = || WebhookTarget::new("https://hooks.example.com/1");
        let ensure = |event: NotificationEvent, config| {
            let target = NotificationTarget::Webhook(target());
            notifications.ensure(CreateNotification::new(event, config, target).title("one"))
        };
        let days = |days: i64| {
            let config = NotificationEventConfig::new().days(days);
            ensure(NotificationEvent::RepoImageExpiry, config)
        };
        // Older servers do not have the event.
        let has_expiry = context.is_since("3.13").await?;
        if has_expiry {
            check("days", || days(5), || days(7)).await?;
        }
        let builds = |config| ensure(NotificationEvent::BuildFailure, config);
        let only = || NotificationEventConfig::new().ref_regex("^main$");
        check(
            "branches",
            || builds(only()),
            || builds(NotificationEventConfig::new()),
        )
        .await?;
        let pushes = |template: &str| {
            let target = NotificationTarget::Webhook(target().template(template));
            let config = NotificationEventConfig::new();
            let event = NotificationEvent::RepoPush;
            notifications.ensure(CreateNotification::new(event, config, target))
        };
        check("template", || pushes("{\"a\": 1}"), || pushes("{\"b\": 1}")).await?;
        let count = notifications.list().await?.len();
        assert_eq!(count, if has_expiry { 3 } else { 2 });
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn ensures_quotas_and_their_limits() {
    scenario(async |context| {
        context.requires(&["createOrganizationQuota"]).await?;
        let organization = context.organization("org").await?;
        let quotas = organization.quotas();
        let size = |text: &str| quotas.ensure(SetQuota::new().limit(text));
        check("quota", || size("1 GiB"), || size("2048 MiB")).await?;
        let quota = size("2 GiB").await?.into_inner();
        let id = quota.id.expect("a quota of its own");
        let limits = organization.quota(id).limits();
        let ensure = |percents: [i64; 2]| {
            limits.ensure([
                CreateQuotaLimit::new(QuotaLimitType::Warning, percents[0]),
                CreateQuotaLimit::new(QuotaLimitType::Reject, percents[1]),
            ])
        };
        check("limits", || ensure([70, 90]), || ensure([80, 90])).await?;
        assert!(limits.ensure([]).await?.is_changed());
        assert_eq!(limits.list().await?, []);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn ensures_auto_prune_policies() {
    scenario(async |context| {
        context
            .requires(&["createRepositoryAutoPrunePolicy"])
            .await?;
        context
            .requires_release("3.13", "it ignores tag patterns")
            .await?;
        let (organization, repository) = context.organization_with_repository().await?;
        for policies in [
            organization.autoprune_policies(),
            repository.autoprune_policies(),
        ] {
            let newest = |count: i64| {
                let method = AutoPruneMethod::NumberOfTags;
                policies.ensure(SetAutoPrunePolicy::new(method, count))
            };
            check("number", || newest(5), || newest(7)).await?;
            let aged = |age: &str| {
                let method = AutoPruneMethod::CreationDate;
                let policy = SetAutoPrunePolicy::new(method, age.to_owned());
                policies.ensure(policy.tag_pattern(" ^dev- ").tag_pattern_matches(false))
            };
            check("age", || aged("7d"), || aged("2w")).await?;
            assert!(!aged("14d").await?.is_changed());
            assert_eq!(policies.list().await?.len(), 2);
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn ensures_immutability_policies() {
    scenario(async |context| {
        context.requires(&["createOrgImmutabilityPolicy"]).await?;
        let (organization, repository) = context.organization_with_repository().await?;
        for policies in [
            organization.immutability_policies(),
            repository.immutability_policies(),
        ] {
            let ensure = |matches| {
                let policy = SetImmutabilityPolicy::new(" ^v[0-9]+ ");
                policies.ensure(policy.tag_pattern_matches(matches))
            };
            check("policy", || ensure(true), || ensure(false)).await?;
        }
        Ok(())
    })
    .await;
}

fn mirror(context: &TestContext, robot: &str, seconds: i64) -> CreateMirror {
    let from = format!("{}/library/app", context.other_registry());
    let rule = MirrorRule::tags(["latest", "v*"]);
    CreateMirror::new(from, Timestamp::now(), seconds, rule).robot_username(robot)
}

#[tokio::test]
async fn ensures_a_mirror() {
    scenario(async |context| -> TestResult {
        let (organization, repository) = context.organization_with_repository().await?;
        let robots = organization.robots();
        let robot = robots.create("mirror", CreateRobot::new()).await?.name;
        repository.set_state(RepositoryState::Mirror).await?;
        let ours = repository.mirror();
        // The server's rules may forbid the registry.
        context
            .mirror(&repository, mirror(context, robot.as_str(), 600))
            .await?;
        let plain = || mirror(context, robot.as_str(), 600);
        assert_eq!(ours.ensure(plain()).await?.to_string(), "unchanged");
        let proxies = MirrorProxy::new()
            .http_proxy("http://proxy.example.com:3128")
            .no_proxy("internal.example.com");
        let config = MirrorRegistryConfig::new().verify_tls(false).proxy(proxies);
        let full = || {
            let mut mirror = mirror(context, robot.as_str(), 900);
            mirror.root_rule = MirrorRule::tags(["v2", "v1"]);
            mirror
                .is_enabled(false)
                .external_registry_username("robot")
                .external_registry_password("secret")
                .external_registry_config(config.clone())
        };
        let changed = ours.ensure(full()).await?;
        assert_eq!(changed.to_string(), "updated");
        let changed = changed.into_inner();
        assert_eq!(changed.external_registry_config.as_ref(), Some(&config));
        let mut again = full();
        again.root_rule = MirrorRule::tags(["v1", "v2"]);
        assert_eq!(ours.ensure(again).await?, Ensured::Unchanged(changed));
        Ok(())
    })
    .await;
}
