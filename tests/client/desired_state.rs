//! `ensure`: what it writes, what it reports, and that a second run writes nothing.

use crate::outcomes_account::error_of;
use quay_api::api::{Ensure, Ensured};
use quay_api::testing::seed::{OrganizationSeed, RepositorySeed, Seed, TeamSeed, UserSeed};
use quay_api::testing::{Response, Sandbox};
use quay_api::types::*;
use quay_api::{Quay, Result};
use serde_json::{Value, json};
use std::fmt::Debug;

async fn acme() -> Result<Sandbox> {
    let sandbox = Sandbox::start().await?;
    let organization = OrganizationSeed::new("acme")
        .team(TeamSeed::new("devs", TeamRole::Creator).member("alice"))
        .robot("ci");
    let seed = Seed::new()
        .user(UserSeed::new("alice"))
        .user("bob")
        .organization(organization)
        .repository(RepositorySeed::new("acme/web"));
    sandbox.seed(&seed)?;
    Ok(sandbox)
}

/// The methods of the writing requests since the last call, with their bodies.
fn written(sandbox: &Sandbox) -> Vec<(String, Value)> {
    let requests = sandbox.take_requests().into_iter();
    requests
        .filter(|request| request.method != "GET")
        .map(|request| (request.method, request.body.unwrap_or_default()))
        .collect()
}

fn methods(sandbox: &Sandbox) -> Vec<String> {
    written(sandbox)
        .into_iter()
        .map(|(method, _)| method)
        .collect()
}

/// Ensures one state and then another of the same resource, each twice. The first is a creation,
/// the second a change. Dry runs and second runs write nothing. The reported resource and the one
/// that is read afterwards must have the same essence.
async fn check<T: Debug + PartialEq + Send + 'static>(
    sandbox: &Sandbox,
    what: &str,
    ensure: [&dyn Fn() -> Ensure<T>; 2],
    writes: [&[&str]; 2],
) -> Result<()> {
    check_essence(sandbox, what, ensure, writes, |item| format!("{item:?}")).await
}

/// The same for a resource of which the response to a write has fewer fields than that to a read.
async fn check_essence<T: Debug + PartialEq + Send + 'static>(
    sandbox: &Sandbox,
    what: &str,
    ensure: [&dyn Fn() -> Ensure<T>; 2],
    writes: [&[&str]; 2],
    essence: fn(&T) -> String,
) -> Result<()> {
    methods(sandbox);
    let words = ["created", "updated"];
    for ((ensure, word), writes) in ensure.into_iter().zip(words).zip(writes) {
        let planned = ensure().dry_run().await?;
        assert_eq!(planned.to_string(), word, "{what}: {planned:?}");
        assert_eq!(methods(sandbox), [""; 0], "{what}: a dry run writes");
        let done = ensure().await?;
        assert_eq!(done.to_string(), word, "{what}");
        assert_eq!(methods(sandbox), writes, "{what}: {word}");
        let again = ensure().await?;
        assert_eq!(again.to_string(), "unchanged", "{what}");
        assert_eq!(methods(sandbox), [""; 0], "{what}: a second run writes");
        let [reported, found] = [done, again].map(|ensured| essence(ensured.get_ref()));
        assert_eq!(reported, found, "{what}: reported otherwise than it is");
    }
    Ok(())
}

fn policy(value: impl Into<AutoPruneValue>) -> SetAutoPrunePolicy {
    SetAutoPrunePolicy::new(AutoPruneMethod::CreationDate, value).tag_pattern(" ^dev- ")
}

fn webhook(config: NotificationEventConfig) -> CreateNotification {
    let event = NotificationEvent::VulnerabilityFound;
    let target = WebhookTarget::new("https://hooks.example.com/1");
    CreateNotification::new(event, config, NotificationTarget::Webhook(target)).title("security")
}

fn mirror(seconds: i64) -> CreateMirror {
    let rule = MirrorRule::tags(["v*", "latest"]);
    CreateMirror::new("quay.io/coreos/etcd", Timestamp::now(), seconds, rule)
        .skopeo_timeout_interval(300)
        .robot_username("acme+ci")
}

fn ruled<const N: usize>(mut mirror: CreateMirror, globs: [&str; N]) -> CreateMirror {
    mirror.root_rule = MirrorRule::tags(globs);
    mirror
}

#[tokio::test]
async fn each_kind_is_created_updated_or_unchanged() -> Result<()> {
    let sandbox = acme().await?;
    let quay: &Quay = sandbox.quay();
    let (acme, web) = (quay.organization("acme")?, quay.repository("acme/web")?);

    let quotas = acme.quotas();
    let size = |text: &str| quotas.ensure(SetQuota::new().limit(text));
    check(
        &sandbox,
        "quota",
        [&|| size("1 GiB"), &|| size("2 GiB")],
        [&["POST"], &["PUT"]],
    )
    .await?;
    let ensured = size("2048 MiB").await?;
    assert!(!ensured.is_changed(), "the same size in another unit");

    let limits = acme
        .quota(ensured.into_inner().id.expect("a number"))
        .limits();
    use QuotaLimitType::{Reject, Warning};
    let limit = |(kind, percent)| CreateQuotaLimit::new(kind, percent);
    let some = || limits.ensure([(Warning, 80), (Reject, 100)].map(limit));
    let other = || limits.ensure([(Reject, 100), (Warning, 90)].map(limit));
    check(
        &sandbox,
        "limits",
        [&some, &other],
        [&["POST", "POST"], &["PUT"]],
    )
    .await?;
    assert!(
        limits
            .ensure([(Warning, 90)].map(limit))
            .await?
            .is_changed()
    );
    assert_eq!(methods(&sandbox), ["DELETE"]);
    assert_eq!(limits.ensure([]).await?.to_string(), "updated");
    assert_eq!(limits.ensure([]).await?, Ensured::Unchanged(Vec::new()));

    let assigned = quay.superuser().user("bob")?.quotas();
    let size = |bytes: i64| assigned.ensure(SetQuota::new().limit_bytes(bytes));
    check(
        &sandbox,
        "user",
        [&|| size(1 << 30), &|| size(1 << 31)],
        [&["POST"], &["PUT"]],
    )
    .await?;

    for policies in [
        acme.autoprune_policies(),
        web.autoprune_policies(),
        quay.me().autoprune_policies(),
    ] {
        let ensure = |age: &str| policies.ensure(policy(age.to_owned()));
        check(
            &sandbox,
            "pruning",
            [&|| ensure("5d"), &|| ensure("7d")],
            [&["POST"], &["PUT"]],
        )
        .await?;
        assert!(
            !ensure("1w").await?.is_changed(),
            "the same age in another unit"
        );
        // A policy for tags that do not match the pattern is another policy.
        let others = policies
            .ensure(policy("5d".to_owned()).tag_pattern_matches(false))
            .await?;
        assert_eq!(others.to_string(), "created");
        assert!(!ensure("7d").await?.is_changed());
    }

    for policies in [acme.immutability_policies(), web.immutability_policies()] {
        let ensure = |matches| {
            policies.ensure(SetImmutabilityPolicy::new(" ^v ").tag_pattern_matches(matches))
        };
        check(
            &sandbox,
            "immutability",
            [&|| ensure(true), &|| ensure(false)],
            [&["POST"], &["PUT"]],
        )
        .await?;
    }

    let defaults = acme.default_permissions();
    for delegate in [
        Delegate::new("devs", PrincipalKind::Team),
        Delegate::new("ci", PrincipalKind::Robot),
        Delegate::new("bob", PrincipalKind::User),
    ] {
        let ensure = |role| defaults.ensure(CreateDefaultPermission::new(role, delegate.clone()));
        let ensure = [
            &(|| ensure(RepositoryRole::Read)) as &dyn Fn() -> _,
            &|| ensure(RepositoryRole::Write),
        ];
        check(&sandbox, "default", ensure, [&["POST"], &["PUT"]]).await?;
    }
    let for_alice = CreateDefaultPermission::new(
        RepositoryRole::Read,
        Delegate::new("devs", PrincipalKind::Team),
    )
    .activating_user(ActivatingUser::new("alice"));
    assert_eq!(defaults.ensure(for_alice).await?.to_string(), "created");

    let notifications = web.notifications();
    let level = |level| notifications.ensure(webhook(NotificationEventConfig::new().level(level)));
    let ensure = [&(|| level(Severity::High)) as &dyn Fn() -> _, &|| {
        level(Severity::Low)
    }];
    check(
        &sandbox,
        "notification",
        ensure,
        [&["POST"], &["POST", "DELETE"]],
    )
    .await?;
    assert!(
        !notifications
            .ensure(webhook(NotificationEventConfig::new().level("3")))
            .await?
            .is_changed()
    );
    assert_eq!(notifications.list().await?.len(), 1);

    let teams = acme.teams();
    let team = |text| teams.ensure("ops", CreateTeam::new(TeamRole::Member).description(text));
    check_essence(
        &sandbox,
        "team",
        [&|| team("a"), &|| team("b")],
        [&["PUT"], &["PUT"]],
        |team| format!("{} {} {:?}", team.name, team.role, team.description),
    )
    .await?;
    // Without a description in the request, it stays the same.
    let admin = teams
        .ensure("ops", CreateTeam::new(TeamRole::Admin))
        .await?;
    assert_eq!(
        (admin.is_changed(), admin.get_ref().description.as_deref()),
        (true, Some("b"))
    );

    let member = || Ok::<_, quay_api::Error>(acme.team("ops")?.members().ensure("bob"));
    methods(&sandbox);
    assert_eq!(member()?.dry_run().await?, Ensured::Created(None));
    assert_eq!(member()?.await?.to_string(), "created");
    assert!(!member()?.await?.is_changed());
    assert_eq!(methods(&sandbox), ["PUT"]);

    for (users, name) in [
        (web.user_permissions(), "bob"),
        (web.user_permissions(), "acme+ci"),
    ] {
        let ensure = |role| users.ensure(name, role);
        let ensure = [
            &(|| ensure(RepositoryRole::Read)) as &dyn Fn() -> _,
            &|| ensure(RepositoryRole::Write),
        ];
        check_essence(&sandbox, name, ensure, [&["PUT"], &["PUT"]], |granted| {
            format!("{} {}", granted.name, granted.role)
        })
        .await?;
    }
    let granted = web.team_permissions();
    let ensure = |role| granted.ensure("devs", role);
    let ensure = [
        &(|| ensure(RepositoryRole::Read)) as &dyn Fn() -> _,
        &|| ensure(RepositoryRole::Write),
    ];
    check_essence(
        &sandbox,
        "team permission",
        ensure,
        [&["PUT"], &["PUT"]],
        |granted| format!("{} {}", granted.name, granted.role),
    )
    .await?;

    let handle = web.mirror();
    let ensure = |seconds| handle.ensure(mirror(seconds));
    check(
        &sandbox,
        "mirror",
        [&|| ensure(600), &|| ensure(900)],
        [&["POST"], &["PUT"]],
    )
    .await
}

#[tokio::test]
async fn updates_only_the_fields_of_a_mirror_that_differ() -> Result<()> {
    let sandbox = acme().await?;
    let handle = sandbox.quay().repository("acme/web")?.mirror();
    let full = || {
        mirror(600)
            .external_registry_username("robot")
            .external_registry_password("first")
            .external_registry_config(MirrorRegistryConfig::new().verify_tls(true))
    };
    handle.ensure(full()).await?;
    let mut same = ruled(full(), [" latest", "v*"]);
    let later = Timestamp::from_unix_seconds(1_900_000_000).expect("a time");
    same.sync_start_date = later.into();
    assert!(
        !handle.ensure(same).await?.is_changed(),
        "only the form differs"
    );
    assert!(
        !handle
            .ensure(full().external_registry_password("second"))
            .await?
            .is_changed()
    );

    let proxy = MirrorProxy::new().http_proxy("http://proxy.example.com:3128");
    let config = |tls| MirrorRegistryConfig::new().verify_tls(tls);
    for (change, body) in [
        (full().is_enabled(false), json!({"is_enabled": false})),
        (
            full().is_enabled(false).external_registry_username("other"),
            json!({"external_registry_username": "other", "external_registry_password": "first"}),
        ),
        (
            ruled(full(), ["v2"]),
            json!({
                "root_rule": {"rule_kind": "tag_glob_csv", "rule_value": ["v2"]},
                "external_registry_username": "robot",
                "external_registry_password": "first",
            }),
        ),
        (
            ruled(full(), ["v2"]).external_registry_config(config(false)),
            json!({"external_registry_config": {"verify_tls": false}}),
        ),
    ] {
        written(&sandbox);
        assert!(handle.ensure(change.clone()).await?.is_changed());
        assert_eq!(written(&sandbox), [("PUT".to_owned(), body)]);
        assert!(!handle.ensure(change).await?.is_changed());
    }
    // The server loses the first proxy of a mirror, so it is sent again.
    let change = ruled(full(), ["v2"]).external_registry_config(config(false).proxy(proxy));
    assert!(handle.ensure(change.clone()).await?.is_changed());
    let body = json!({"external_registry_config": {
        "proxy": {"http_proxy": "http://proxy.example.com:3128"},
    }});
    let sent = || ("PUT".to_owned(), body.clone());
    assert_eq!(written(&sandbox), [sent(), sent()]);
    assert!(!handle.ensure(change).await?.is_changed());
    Ok(())
}

#[tokio::test]
async fn compares_the_matching_duplicate_or_the_first() -> Result<()> {
    let sandbox = acme().await?;
    let defaults = sandbox.quay().organization("acme")?.default_permissions();
    let devs =
        |role| CreateDefaultPermission::new(role, Delegate::new("devs", PrincipalKind::Team));
    let first = defaults.create(devs(RepositoryRole::Read)).await?;
    let second = defaults.create(devs(RepositoryRole::Write)).await?;
    let ensured = defaults.ensure(devs(RepositoryRole::Write)).await?;
    assert_eq!(ensured, Ensured::Unchanged(second));
    let ensured = defaults.ensure(devs(RepositoryRole::Admin)).await?;
    assert_eq!(
        (ensured.is_changed(), &ensured.get_ref().id),
        (true, &first.id)
    );
    assert_eq!(defaults.list().await?.len(), 2);
    Ok(())
}

#[tokio::test]
async fn compares_a_resource_that_another_caller_created() -> Result<()> {
    for (bytes, is_changed) in [(1 << 30, false), (1 << 31, true)] {
        let sandbox = acme().await?;
        let quotas = sandbox.quay().organization("acme")?.quotas();
        let made = quotas.create(SetQuota::new().limit_bytes(bytes)).await?;
        // The first read returns the state before the other caller's creation.
        sandbox.respond_next(Response::json(200, &json!([])));
        let ensured = quotas.ensure(SetQuota::new().limit("1 GiB")).await?;
        assert_eq!(ensured.is_changed(), is_changed);
        assert_eq!(ensured.is_changed(), ensured.to_string() == "updated");
        assert_eq!(ensured.into_inner().id, made.id);
    }
    Ok(())
}

#[tokio::test]
async fn creates_a_resource_that_another_caller_deleted() -> Result<()> {
    let sandbox = acme().await?;
    let policies = sandbox.quay().repository("acme/web")?.autoprune_policies();
    let old = policies.create(policy("1d".to_owned())).await?;
    let before = Response::json(
        200,
        &json!({"policies": [
            {"uuid": old.uuid, "method": "creation_date", "value": "1d", "tagPattern": "^dev-"},
        ]}),
    );
    sandbox
        .quay()
        .repository("acme/web")?
        .autoprune_policy(&old.uuid)?
        .delete()
        .await?;
    sandbox.respond_next(before);
    let ensured = policies.ensure(policy("2d".to_owned())).await?;
    assert_eq!(ensured.to_string(), "created");
    assert_ne!(ensured.into_inner().uuid, old.uuid);
    Ok(())
}

#[tokio::test]
async fn sends_nothing_for_an_invalid_request() -> Result<()> {
    let sandbox = acme().await?;
    let (acme, web) = (
        sandbox.quay().organization("acme")?,
        sandbox.quay().repository("acme/web")?,
    );
    sandbox.take_requests();
    let _ = acme.quotas().ensure(SetQuota::new().limit("1 GiB"));
    for error in [
        error_of(acme.quotas().ensure(SetQuota::new()).await),
        error_of(
            acme.autoprune_policies()
                .ensure(policy("0d".to_owned()))
                .await,
        ),
        error_of(
            acme.teams()
                .ensure("..", CreateTeam::new(TeamRole::Member))
                .await,
        ),
        error_of(acme.team("devs")?.members().ensure("").await),
        error_of(
            web.user_permissions()
                .ensure("..", RepositoryRole::Read)
                .await,
        ),
        error_of(
            web.team_permissions()
                .ensure("", RepositoryRole::Read)
                .await,
        ),
    ] {
        assert!(error.is_invalid_request(), "{error}");
    }
    assert_eq!(sandbox.take_requests(), []);
    Ok(())
}

#[tokio::test]
async fn requires_the_parent_to_exist() -> Result<()> {
    let sandbox = acme().await?;
    let (none, gone) = (
        sandbox.quay().organization("none")?,
        sandbox.quay().repository("acme/none")?,
    );
    for error in [
        error_of(
            none.teams()
                .ensure("devs", CreateTeam::new(TeamRole::Member))
                .await,
        ),
        error_of(none.team("devs")?.members().ensure("bob").await),
        error_of(
            none.autoprune_policies()
                .ensure(policy("1d".to_owned()))
                .await,
        ),
        error_of(
            gone.notifications()
                .ensure(webhook(NotificationEventConfig::new()))
                .await,
        ),
        error_of(
            gone.user_permissions()
                .ensure("bob", RepositoryRole::Read)
                .await,
        ),
        error_of(gone.mirror().ensure(mirror(600)).await),
    ] {
        assert!(error.is_not_found(), "{error}");
    }
    Ok(())
}
