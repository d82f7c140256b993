//! Quotas, applications, default permissions, and what belongs to the whole server.

use super::{DAY, acme, assert_refused, refused};
use quay_api::testing::Sandbox;
use quay_api::types::{
    ActivatingUser, ApproveServiceKey, ByteSize, CreateApplication, CreateApplicationToken,
    CreateDefaultPermission, CreateOrganization, CreateQuotaLimit, CreateRepository,
    CreateServiceKey, Delegate, MessageMediaType, MessageSeverity, NewMessage, PrincipalKind,
    ProxyCache, QuotaLimitType, RepositoryRole, RobotFederation, SetQuota, TeamRole, Timestamp,
    UpdateApplication, UpdateQuotaLimit, UpdateServiceKey, UpdateUserAccount, Visibility,
};
use quay_api::{ErrorKind, Quay, Result};
use std::time::Duration;

const GIB: i64 = 1 << 30;

#[tokio::test]
async fn quotas_and_their_limits() -> Result<()> {
    let sandbox = acme().await?;
    let acme = sandbox.quay().organization("acme")?;
    let quotas = acme.quotas();
    assert_eq!(quotas.list().await?, []);
    assert_refused(
        quotas.create(SetQuota::new().limit_bytes(-5)).await,
        ErrorKind::InvalidRequest,
        400,
        "Invalid quota size limit value: '-5'",
    );
    assert!(
        refused(quotas.create(SetQuota::new().limit("much")).await)
            .2
            .starts_with("'much' does not match")
    );
    quotas.create(SetQuota::new().limit("10 GiB")).await?;
    let again = quotas.create(SetQuota::new().limit_bytes(1)).await;
    assert_refused(
        again,
        ErrorKind::AlreadyExists,
        400,
        "Organization quota for 'acme' already exists",
    );
    let listed = quotas.list().await?;
    assert_eq!(
        (listed[0].limit_bytes, listed[0].limit.as_deref()),
        (Some(ByteSize::new(10 * GIB)), Some("10.0 GiB"))
    );
    let id = listed[0].id.unwrap_or_default();
    let changed = quotas.update(id, SetQuota::new().limit("3 GB")).await?;
    assert_eq!(
        (changed.limit_bytes, changed.limit.as_deref()),
        (Some(ByteSize::new(3_000_000_000)), Some("2.8 GiB"))
    );

    quotas
        .create_limit(id, CreateQuotaLimit::new(QuotaLimitType::Warning, 80))
        .await?;
    let again = quotas
        .create_limit(id, CreateQuotaLimit::new(QuotaLimitType::Warning, 80))
        .await;
    assert_refused(
        again,
        ErrorKind::AlreadyExists,
        400,
        "Quota limit already exists",
    );
    let beyond = quotas
        .create_limit(id, CreateQuotaLimit::new(QuotaLimitType::Reject, 101))
        .await;
    assert_refused(
        beyond,
        ErrorKind::InvalidRequest,
        400,
        "Quota limit threshold must be between 1 and 100",
    );
    let limit = quotas.limits(id).await?[0].id.unwrap_or_default();
    // Changing a limit answers the quota.
    let changed = quotas
        .update_limit(id, limit, UpdateQuotaLimit::new().threshold_percent(70))
        .await?;
    assert_eq!(changed.limits.map(|l| l[0].limit_percent), Some(70));
    quotas.delete_limit(id, limit).await?;
    assert_refused(
        quotas.limit(id, limit).await,
        ErrorKind::NotFound,
        404,
        "Not Found",
    );

    // What is used is reported beside what may be.
    let account = sandbox.quay().superuser().organizations().first().await?;
    let report = account.and_then(|a| a.quota_report);
    let sizes = report.map(|r| (r.quota_bytes, r.configured_quota));
    assert_eq!(
        sizes,
        Some((
            Some(ByteSize::new(4000)),
            Some(ByteSize::new(3_000_000_000))
        ))
    );
    let row = sandbox.quay().repositories().list("acme").first().await?;
    assert_eq!(
        row.and_then(|r| r.quota_report)
            .and_then(|r| r.configured_quota),
        Some(ByteSize::new(3_000_000_000))
    );
    assert_eq!(acme.get().await?.quotas.map(|q| q.len()), Some(1));
    quotas.delete(id).await?;
    assert!(quotas.get_opt(id).await?.is_none());

    // Only a superuser sets them; a user sees their own.
    let alice = sandbox.token("alice").quay()?;
    assert_refused(
        alice
            .organization("acme")?
            .quotas()
            .create(SetQuota::new().limit_bytes(1))
            .await,
        ErrorKind::ScopeMissing,
        403,
        "Unauthorized",
    );
    sandbox
        .quay()
        .superuser()
        .user("alice")?
        .quotas()
        .create(SetQuota::new().limit_bytes(GIB))
        .await?;
    let again = sandbox
        .quay()
        .superuser()
        .user("alice")?
        .quotas()
        .create(SetQuota::new().limit_bytes(GIB))
        .await;
    assert_refused(
        again,
        ErrorKind::AlreadyExists,
        400,
        "Quota for 'alice' already exists",
    );
    assert_eq!(
        alice.me().quotas().list().await?[0].limit_bytes,
        Some(ByteSize::new(GIB))
    );
    Ok(())
}

#[tokio::test]
async fn tokens_of_applications_may_what_they_were_made_for() -> Result<()> {
    let sandbox = acme().await?;
    let acme = sandbox.quay().organization("acme")?;
    let made = acme
        .applications()
        .create(CreateApplication::new("deployer").description("rolls out"))
        .await?;
    let application = acme.application(&made.client_id)?;
    let changed = application
        .update(UpdateApplication::new(
            "deployer 2",
            "",
            "https://app.example.test",
        ))
        .await?;
    assert_eq!(
        (changed.name.as_str(), changed.description.as_deref()),
        ("deployer 2", Some(""))
    );
    assert_ne!(
        application.reset_client_secret().await?.client_secret,
        made.client_secret
    );
    let public = sandbox.anonymous()?.application(&made.client_id).await?;
    assert_eq!(
        (public.name.as_str(), public.uri.as_deref()),
        ("deployer 2", Some("https://app.example.test"))
    );

    let tokens = application.tokens();
    let create = |name: &str, scope: &str| tokens.create(CreateApplicationToken::new(name, scope));
    assert_refused(
        create("x", "repo:all").await,
        ErrorKind::InvalidRequest,
        400,
        "Invalid scope: repo:all",
    );
    assert_refused(
        create("  ", "repo:read").await,
        ErrorKind::InvalidRequest,
        400,
        "'name' must not be empty",
    );
    let token = tokens
        .create(CreateApplicationToken::new(" reader ", "repo:read,user:read").expiration(3600.0))
        .await?;
    assert_eq!(
        (token.name.as_deref(), token.scope.as_deref()),
        (Some("reader"), Some("repo:read user:read"))
    );
    let client = Quay::builder()
        .base_url(sandbox.quay().base_url())
        .token(token.token.clone())
        .build()?;
    assert_eq!(client.me().get().await?.username, Sandbox::ADMIN);
    assert_refused(
        client.repository("acme/web")?.describe("x").await,
        ErrorKind::ScopeMissing,
        403,
        "Unauthorized",
    );
    // No token makes one that may more than itself.
    let owner = sandbox.token(Sandbox::ADMIN).scopes(["org:admin"]).quay()?;
    let narrow = owner
        .organization("acme")?
        .application(&made.client_id)?
        .tokens();
    assert_refused(
        narrow
            .create(CreateApplicationToken::new("x", "repo:read"))
            .await,
        ErrorKind::ScopeMissing,
        403,
        "Unauthorized",
    );

    let listed = sandbox.quay().me().authorizations().list().await?;
    assert!(
        listed
            .iter()
            .any(|a| a.uuid == token.uuid && a.application.name == "deployer 2")
    );
    tokens.revoke(&token.uuid).await?;
    assert!(
        client
            .me()
            .get()
            .await
            .is_err_and(|e| e.is_token_not_accepted())
    );
    assert!(!tokens.revoke_if_exists(&token.uuid).await?);
    let short = tokens
        .create(CreateApplicationToken::new("short", "user:read").expiration(60.0))
        .await?;
    sandbox.clock().advance(Duration::from_secs(61));
    assert_eq!(tokens.list().await?, []);
    for number in 0..51 {
        create(&format!("t{number:02}"), "user:read").await?;
    }
    let before = sandbox
        .requests_of("listOrganizationApplicationTokens")
        .len();
    let names: Vec<_> = tokens
        .list()
        .await?
        .into_iter()
        .filter_map(|t| t.name)
        .collect();
    assert_eq!(
        (names.len(), names[0].as_str(), names[50].as_str()),
        (51, "t50", "t00")
    );
    assert_eq!(
        sandbox
            .requests_of("listOrganizationApplicationTokens")
            .len(),
        before + 2
    );
    assert!(short.expires_at.is_some());

    let last = create("last", "user:read").await?;
    let client = Quay::builder()
        .base_url(sandbox.quay().base_url())
        .token(last.token)
        .build()?;
    application.delete().await?;
    assert!(
        client
            .me()
            .get()
            .await
            .is_err_and(|e| e.is_token_not_accepted())
    );
    assert_refused(
        application.tokens().list().await,
        ErrorKind::NotFound,
        404,
        "Not Found",
    );
    Ok(())
}

#[tokio::test]
async fn new_repositories_grant_what_the_organization_says() -> Result<()> {
    let sandbox = acme().await?;
    let acme = sandbox.quay().organization("acme")?;
    let defaults = acme.default_permissions();
    let to = |name: &str, kind| {
        CreateDefaultPermission::new(RepositoryRole::Read, Delegate::new(name, kind))
    };
    let unknown = defaults.create(to("nosuch", PrincipalKind::User)).await;
    assert_refused(
        unknown,
        ErrorKind::InvalidRequest,
        400,
        "Missing delegate user or team",
    );
    assert_eq!(
        refused(defaults.create(to("nosuch", PrincipalKind::Team)).await).0,
        ErrorKind::NotFound
    );
    let made = defaults.create(to("devs", PrincipalKind::Team)).await?;
    assert_eq!(
        defaults.update(&made.id, RepositoryRole::Write).await?.role,
        RepositoryRole::Write
    );
    let bobs = defaults.create(to("bob", PrincipalKind::User)).await?;
    defaults
        .create(to("acme+ci", PrincipalKind::User).activating_user(ActivatingUser::new("alice")))
        .await?;
    let create =
        |name: &str| CreateRepository::new(name, Visibility::Private, "").namespace("acme");
    sandbox.quay().repositories().create(create("one")).await?;
    sandbox
        .token("alice")
        .quay()?
        .repositories()
        .create(create("two"))
        .await?;
    let granted = async |name: &str| -> Result<Vec<String>> {
        let permissions = sandbox
            .quay()
            .repository(format!("acme/{name}"))?
            .permissions();
        assert_eq!(permissions.team("devs").await?, RepositoryRole::Write);
        let mut names: Vec<String> = permissions
            .users()
            .await?
            .into_iter()
            .map(|u| u.name)
            .collect();
        names.sort();
        Ok(names)
    };
    assert_eq!(granted("one").await?, ["bob", Sandbox::ADMIN]);
    assert_eq!(granted("two").await?, ["acme+ci", "alice", "bob"]);

    // Who goes takes them along.
    sandbox.quay().superuser().user("bob")?.delete().await?;
    assert!(defaults.list().await?.iter().all(|d| d.id != bobs.id));
    acme.team("devs")?.delete().await?;
    let left: Vec<String> = defaults
        .list()
        .await?
        .into_iter()
        .map(|d| d.delegate.name)
        .collect();
    assert_eq!(left, ["acme+ci"]);
    assert!(!defaults.delete_if_exists(&made.id).await?);
    // A new name is one for robots, too.
    sandbox
        .quay()
        .superuser()
        .organization("acme")?
        .rename("initech")
        .await?;
    let renamed = sandbox
        .quay()
        .organization("initech")?
        .default_permissions()
        .list()
        .await?;
    assert_eq!(renamed[0].delegate.name, "initech+ci");
    Ok(())
}

#[tokio::test]
async fn what_is_not_there_is_told_from_what_is() -> Result<()> {
    let sandbox = acme().await?;
    let acme = sandbox.quay().organization("acme")?;
    let missing = sandbox
        .quay()
        .repository("acme/nosuch")?
        .set_visibility(Visibility::Public)
        .await;
    assert!(missing.is_err_and(|e| e.is_not_found()));
    let devs = acme.team("devs")?;
    let again = devs.members().add("alice").await;
    assert_refused(
        again,
        ErrorKind::AlreadyExists,
        400,
        "User alice is already a member of team devs",
    );
    Ok(())
}

#[tokio::test]
async fn messages_app_tokens_and_federation() -> Result<()> {
    let sandbox = acme().await?;
    let quay = sandbox.quay();
    let message = || {
        NewMessage::new(
            "Maintenance on Sunday",
            MessageMediaType::TextMarkdown,
            MessageSeverity::Warning,
        )
    };
    let alice = sandbox.token("alice").quay()?;
    assert_eq!(
        refused(alice.messages().create(message()).await).1,
        Some(403)
    );
    quay.messages().create(message()).await?;
    let seen = sandbox.anonymous()?.messages().list().await?;
    assert_eq!(seen[0].content, "Maintenance on Sunday");
    quay.messages().delete(&seen[0].uuid).await?;
    assert_eq!(quay.messages().list().await?, []);

    let made = alice.me().app_tokens().create("laptop").await?;
    assert!(made.token_code.is_some());
    assert_eq!(alice.me().app_tokens().list().await?[0].token_code, None);
    assert_eq!(
        alice.me().app_tokens().get(&made.uuid).await?.token_code,
        made.token_code
    );
    assert_eq!(alice.me().app_tokens().list_expiring().await?, []);
    assert_eq!(quay.me().app_tokens().get_opt(&made.uuid).await?, None);
    assert_eq!(quay.superuser().app_tokens().await?.len(), 1);
    alice.me().app_tokens().revoke(&made.uuid).await?;
    assert!(!alice.me().app_tokens().revoke_if_exists(&made.uuid).await?);

    let ci = quay.organization("acme")?.robot("ci")?;
    assert_eq!(ci.federation().await?, []);
    let issuer = || RobotFederation::new("https://issuer.example.test", "main");
    let twice = ci.set_federation([issuer(), issuer()]).await;
    assert_refused(
        twice,
        ErrorKind::InvalidRequest,
        400,
        "Duplicate federation config entry",
    );
    ci.set_federation([issuer()]).await?;
    assert_eq!(ci.federation().await?, [issuer()]);
    ci.delete_federation().await?;
    assert_eq!(ci.federation().await?, []);
    let nobody = quay
        .organization("acme")?
        .robot("nobody")?
        .federation()
        .await;
    assert_refused(
        nobody,
        ErrorKind::NotFound,
        400,
        "Could not find robot with specified username",
    );
    Ok(())
}

#[tokio::test]
async fn an_organization_caches_one_registry() -> Result<()> {
    let sandbox = acme().await?;
    let cache = sandbox.quay().organization("acme")?.proxy_cache();
    assert!(cache.get_opt().await?.is_none());
    assert_refused(cache.delete().await, ErrorKind::NotFound, 404, "Not Found");
    cache
        .create(ProxyCache::new("quay.example.com").expiration_s(3600))
        .await?;
    assert_eq!(
        cache
            .get_opt()
            .await?
            .map(|c| c.upstream_registry)
            .as_deref(),
        Some("quay.example.com")
    );
    let again = cache.create(ProxyCache::new("quay.example.com")).await;
    assert_refused(
        again,
        ErrorKind::AlreadyExists,
        400,
        "Proxy Cache Configuration already exists",
    );
    cache.delete().await?;
    cache.validate(ProxyCache::new("quay.example.com")).await?;
    assert!(cache.get_opt().await?.is_none());
    Ok(())
}

#[tokio::test]
async fn what_a_superuser_looks_after() -> Result<()> {
    let sandbox = acme().await?;
    let superuser = sandbox.quay().superuser();
    let keys = superuser.service_keys();
    let past = keys.create(CreateServiceKey::new("sample", 5.0)).await;
    assert_refused(
        past,
        ErrorKind::InvalidRequest,
        400,
        "Expiration date cannot be in the past",
    );
    let made = keys
        .create(
            CreateServiceKey::new("sample", None)
                .name("one")
                .metadata([("a", 1)])
                .notes("hm"),
        )
        .await?;
    let key = keys.get(&made.kid).await?;
    assert_eq!(
        (key.service.as_str(), key.expiration_date),
        ("sample", None)
    );
    let end = sandbox
        .clock()
        .now()
        .checked_add(Duration::from_secs(DAY))
        .map(Timestamp::unix_seconds)
        .unwrap_or_default();
    let changed = keys
        .update(
            &made.kid,
            UpdateServiceKey::new()
                .name("two")
                .metadata([("b", 2)])
                .expiration(end as f64),
        )
        .await?;
    assert_eq!(
        (
            changed.name.as_deref(),
            changed.expiration_date.map(Timestamp::unix_seconds)
        ),
        (Some("two"), Some(end))
    );
    let names: Vec<String> = changed.metadata.unwrap_or_default().into_keys().collect();
    assert_eq!(names, ["a", "b", "created_by", "creator", "ip"]);
    keys.approve(&made.kid, ApproveServiceKey::new()).await?;
    keys.delete(&made.kid).await?;
    assert!(!keys.delete_if_exists(&made.kid).await?);

    assert_eq!(
        superuser.registry_size().await?.size_bytes,
        Some(ByteSize::new(0))
    );
    superuser.count_registry_size().await?;
    let counted = superuser.registry_size().await?;
    assert_eq!(
        (
            counted.size_bytes,
            counted.last_ran.map(Timestamp::unix_seconds).is_some()
        ),
        (Some(ByteSize::new(4000)), true)
    );

    // A user who is taken becomes an organization, and nobody can use the name to log in any more.
    let alice = sandbox.token("alice").quay()?;
    superuser.take_ownership("alice").await?;
    assert_eq!(
        sandbox.quay().organization("alice")?.get().await?.is_admin,
        Some(true)
    );
    assert!(
        alice
            .me()
            .get()
            .await
            .is_err_and(|e| e.is_token_not_accepted())
    );
    assert_eq!(
        refused(superuser.take_ownership(Sandbox::ADMIN).await).2,
        "Cannot take ownership of a superuser"
    );
    let bob = superuser.user("bob")?;
    let changed = bob
        .update(
            UpdateUserAccount::new()
                .email("b@example.test")
                .enabled(false),
        )
        .await?;
    assert_eq!(
        (changed.email.as_deref(), changed.enabled),
        (Some("b@example.test"), Some(false))
    );
    sandbox
        .quay()
        .organizations()
        .create(CreateOrganization::new("globex"))
        .await?;
    sandbox
        .quay()
        .organization("globex")?
        .team("devs")?
        .create(TeamRole::Member, "")
        .await?;
    superuser.organization("globex")?.delete().await?;
    assert!(!superuser.organization("globex")?.delete_if_exists().await?);
    Ok(())
}
