//! Quotas, applications, default permissions, and what belongs to the whole server.

use super::{DAY, acme, assert_error, error_of};
use quay_api::testing::Sandbox;
use quay_api::types::{
    ApproveServiceKey, ByteSize, CreateOrganization, CreateServiceKey, CreateTeam,
    MessageMediaType, MessageSeverity, NewMessage, ProxyCache, RobotFederation, TeamRole,
    Timestamp, UpdateServiceKey, UpdateUserAccount, Visibility,
};
use quay_api::{ErrorKind, Result};
use std::time::Duration;

#[tokio::test]
async fn distinguishes_missing_repositories_from_existing_members() -> Result<()> {
    let sandbox = acme().await?;
    let acme = sandbox.quay().organization("acme")?;
    let missing = sandbox
        .quay()
        .repository("acme/nosuch")?
        .set_visibility(Visibility::Public)
        .await;
    assert!(missing.is_err_and(|e| e.is_not_found()));
    let devs = acme.team("devs")?;
    let again = devs.members().create("alice").await;
    assert_error(
        again,
        ErrorKind::AlreadyExists,
        400,
        "User alice is already a member of team devs",
    );
    Ok(())
}

#[tokio::test]
async fn manages_messages_app_tokens_and_federation() -> Result<()> {
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
        error_of(alice.messages().create(message()).await).1,
        Some(403)
    );
    quay.messages().create(message()).await?;
    let seen = sandbox.anonymous()?.messages().list().await?;
    assert_eq!(seen[0].content, "Maintenance on Sunday");
    quay.message(&seen[0].uuid)?.delete().await?;
    assert_eq!(quay.messages().list().await?, []);

    let created = alice.me().app_tokens().create("laptop").await?;
    assert!(created.token_code.is_some());
    assert_eq!(alice.me().app_tokens().list().await?[0].token_code, None);
    assert_eq!(
        alice.me().app_token(&created.uuid)?.get().await?.token_code,
        created.token_code
    );
    assert_eq!(alice.me().app_tokens().list().expiring().await?, []);
    assert_eq!(quay.me().app_token(&created.uuid)?.get_opt().await?, None);
    assert_eq!(quay.superuser().app_tokens().list().await?.len(), 1);
    alice.me().app_token(&created.uuid)?.delete().await?;
    assert!(
        !alice
            .me()
            .app_token(&created.uuid)?
            .delete_if_exists()
            .await?
    );

    let ci = quay.organization("acme")?.robot("ci")?;
    assert_eq!(ci.federation().get().await?, []);
    let issuer = || RobotFederation::new("https://issuer.example.test", "main");
    let twice = ci.federation().set([issuer(), issuer()]).await;
    assert_error(
        twice,
        ErrorKind::InvalidRequest,
        400,
        "Duplicate federation config entry",
    );
    ci.federation().set([issuer()]).await?;
    assert_eq!(ci.federation().get().await?, [issuer()]);
    ci.federation().delete().await?;
    assert_eq!(ci.federation().get().await?, []);
    let nobody = quay
        .organization("acme")?
        .robot("nobody")?
        .federation()
        .get()
        .await;
    assert_error(
        nobody,
        ErrorKind::NotFound,
        400,
        "Could not find robot with specified username",
    );
    Ok(())
}

#[tokio::test]
async fn allows_one_proxy_cache_per_organization() -> Result<()> {
    let sandbox = acme().await?;
    let cache = sandbox.quay().organization("acme")?.proxy_cache();
    assert!(cache.get_opt().await?.is_none());
    assert_error(cache.delete().await, ErrorKind::NotFound, 404, "Not Found");
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
    assert_error(
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
async fn superuser_manages_the_server() -> Result<()> {
    let sandbox = acme().await?;
    let superuser = sandbox.quay().superuser();
    let keys = superuser.service_keys();
    let past = keys.create(CreateServiceKey::new("sample", 5.0)).await;
    assert_error(
        past,
        ErrorKind::InvalidRequest,
        400,
        "Expiration date cannot be in the past",
    );
    let created = keys
        .create(
            CreateServiceKey::new("sample", None)
                .name("one")
                .metadata([("a", 1)])
                .notes("hm"),
        )
        .await?;
    let key = superuser.service_key(&created.kid)?.get().await?;
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
    let changed = superuser
        .service_key(&created.kid)?
        .update(
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
    superuser
        .service_key(&created.kid)?
        .approve(ApproveServiceKey::new())
        .await?;
    superuser.service_key(&created.kid)?.delete().await?;
    assert!(
        !superuser
            .service_key(&created.kid)?
            .delete_if_exists()
            .await?
    );

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

    // A user who is taken over becomes an organization, and the name can't be used to log in any
    // more.
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
            .is_err_and(|e| e.is_unauthenticated())
    );
    assert_eq!(
        error_of(superuser.take_ownership(Sandbox::ADMIN).await).2,
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
        .teams()
        .create("devs", CreateTeam::new(TeamRole::Member))
        .await?;
    superuser.organization("globex")?.delete().await?;
    assert!(!superuser.organization("globex")?.delete_if_exists().await?);
    Ok(())
}
