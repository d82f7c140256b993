//! Mirrors of repositories and organizations, and whether they work.

use super::{acme, assert_error, error_of};
use quay_api::testing::Sandbox;
use quay_api::testing::seed::{
    MirrorSeed, OrganizationMirrorSeed, OrganizationSeed, RepositorySeed, Seed,
};
use quay_api::types::{
    CreateMirror, CreateOrganizationMirror, MirrorRule, RegistryType, RepositoryState, SyncStatus,
    Timestamp, UpdateMirror, Visibility,
};
use quay_api::{ErrorKind, Result};

fn etcd(robot: &str) -> CreateMirror {
    let mirror = CreateMirror::new(
        "quay.io/coreos/etcd",
        Timestamp::now(),
        86_400,
        MirrorRule::tags(["v3.*"]),
    );
    mirror.skopeo_timeout_interval(300).robot_username(robot)
}

#[tokio::test]
async fn turns_a_repository_into_a_mirror_and_synchronizes_it() -> Result<()> {
    let sandbox = acme().await?;
    let web = sandbox.quay().repository("acme/web")?;
    let mirror = web.mirror();
    assert!(mirror.get_opt().await?.is_none());
    assert_eq!(error_of(mirror.sync_now().await).0, ErrorKind::NotFound);
    assert_eq!(
        error_of(mirror.create(etcd("acme+none")).await).2,
        "Could not find robot with specified username"
    );
    mirror.create(etcd("acme+ci")).await?;
    let again = mirror.create(etcd("acme+ci")).await;
    assert_error(
        again,
        ErrorKind::AlreadyExists,
        409,
        "Mirror configuration already exits for repository acme/web",
    );
    assert_eq!(web.get().await?.state, Some(RepositoryState::Mirror));
    assert_eq!(
        web.user_permission("acme+ci")?
            .get()
            .await?
            .role
            .to_string(),
        "write"
    );
    assert_eq!(mirror.get().await?.sync_status, SyncStatus::NeverRun);
    // There is nothing to be cancelled.
    assert_eq!(error_of(mirror.cancel_sync().await).0, ErrorKind::Conflict);

    mirror.sync_now().await?;
    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.push(mirror.get().await?.sync_status);
    }
    assert_eq!(
        seen,
        [
            SyncStatus::SyncNow,
            SyncStatus::Syncing,
            SyncStatus::Success
        ]
    );
    mirror.sync_now().await?;
    mirror.cancel_sync().await?;
    let found = mirror.get().await?;
    assert_eq!(
        (found.sync_status, found.sync_retries_remaining),
        (SyncStatus::Cancel, Some(0))
    );

    mirror
        .update(UpdateMirror::new().sync_interval(3600).is_enabled(false))
        .await?;
    let wrong = mirror
        .update(UpdateMirror::new().external_registry_password("secret"))
        .await;
    assert_eq!(
        error_of(wrong).2,
        "`external_registry_password` must be changed together with `external_registry_username`"
    );
    let found = mirror.get().await?;
    assert_eq!(
        (
            found.sync_interval,
            found.is_enabled,
            found.external_reference.as_str()
        ),
        (3600, false, "quay.io/coreos/etcd")
    );
    Ok(())
}

#[tokio::test]
async fn reports_bad_mirror_health_as_a_success() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let acme = OrganizationSeed::new("acme").robot("sync");
    let now = sandbox.clock().now();
    let mirror = |name: &str, status| {
        RepositorySeed::new(name).mirror(
            MirrorSeed::new("quay.io/a/b", "acme+sync")
                .synced(status, now)
                .retries(0),
        )
    };
    let seed = Seed::new()
        .organization(acme)
        .organization("globex")
        .repository(mirror("acme/a", SyncStatus::Success));
    sandbox.seed(&seed)?;
    let health = sandbox.quay().mirror_health();
    assert!(health.clone().namespace("acme").get().await?.healthy);
    sandbox.seed(&Seed::new().repository(mirror("acme/b", SyncStatus::Fail)))?;
    let report = health.clone().namespace("acme").get().await?;
    let issues: Vec<String> = report
        .issues
        .iter()
        .flatten()
        .map(|i| i.message.clone())
        .collect();
    assert_eq!(
        report.repositories.map(|r| (r.total, r.failed)),
        Some((2, Some(1)))
    );
    assert!(
        !report.healthy && issues[0] == "50.0% of repositories are failing (threshold: 20.0%)",
        "{issues:?}"
    );
    assert_eq!(
        issues[1],
        "Repository acme/b has exhausted all retry attempts"
    );
    assert!(health.clone().namespace("globex").get().await?.healthy);
    assert_eq!(
        error_of(health.clone().namespace("nosuch").get().await).0,
        ErrorKind::NotFound
    );
    let names: Vec<_> = health
        .list()
        .await?
        .into_iter()
        .map(|m| m.repository)
        .collect();
    assert_eq!(names.len(), 2);
    sandbox.seed(&Seed::new().user("alice"))?;
    let alice = sandbox.token("alice").quay()?;
    assert_eq!(error_of(alice.mirror_health().get().await).1, Some(403));
    Ok(())
}

#[tokio::test]
async fn mirrors_an_organization() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let full = OrganizationSeed::new("full").robot("sync");
    sandbox.seed(
        &Seed::new()
            .organization(OrganizationSeed::new("acme").robot("sync"))
            .organization(full)
            .repository("full/web"),
    )?;
    let coreos = |robot: &str| {
        let start = Timestamp::now();
        CreateOrganizationMirror::new(
            RegistryType::Quay,
            "https://quay.io",
            "coreos",
            robot,
            Visibility::Private,
            3600,
            start,
        )
    };
    let quay = sandbox.quay();
    let mirror = quay.organization("acme")?.mirror();
    assert!(mirror.get_opt().await?.is_none());
    assert_eq!(
        error_of(mirror.create(coreos("acme+none")).await).2,
        "Invalid robot account: acme+none"
    );
    assert_eq!(
        error_of(mirror.create(coreos("full+sync")).await).2,
        "Robot account must belong to the organization"
    );
    assert!(
        error_of(
            quay.organization("full")?
                .mirror()
                .create(coreos("full+sync"))
                .await
        )
        .2
        .contains("already contains repositories")
    );
    mirror.create(coreos("acme+sync")).await?;
    assert_eq!(
        error_of(mirror.create(coreos("acme+sync")).await).2,
        "Mirror configuration already exists for this organization"
    );
    mirror.sync_now().await?;
    assert_eq!(mirror.get().await?.sync_status, SyncStatus::SyncNow);
    mirror.cancel_sync().await?;
    assert_eq!(
        error_of(mirror.cancel_sync().await).2,
        "Cannot cancel: mirror is already cancelled"
    );
    mirror.verify().await?;
    mirror.delete().await?;
    assert!(!mirror.delete_if_exists().await?);

    // What it found, in pages of at most five hundred.
    let found = (0..501).fold(
        OrganizationMirrorSeed::new("https://quay.io", "coreos", "globex+sync"),
        |m, n| m.found(format!("r{n}"), None),
    );
    let found = found.found("broken", SyncStatus::Fail);
    sandbox.seed(
        &Seed::new().organization(OrganizationSeed::new("globex").robot("sync").mirror(found)),
    )?;
    let repositories = quay
        .organization("globex")?
        .mirror()
        .mirrored_repositories();
    assert_eq!(repositories.await?.len(), 502);
    let failed = quay
        .organization("globex")?
        .mirror()
        .mirrored_repositories()
        .status(SyncStatus::Fail)
        .await?;
    assert_eq!(
        failed.iter().map(|r| r.name.as_str()).collect::<Vec<_>>(),
        ["broken"]
    );
    Ok(())
}
