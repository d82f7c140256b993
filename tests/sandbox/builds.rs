//! Builds and triggers.

use super::{acme, assert_error, error_of};
use quay_api::testing::Sandbox;
use quay_api::testing::seed::{RepositorySeed, Seed, TriggerSeed};
use quay_api::types::{BuildPhase, CreateBuild, StartBuildTrigger, TriggerService};
use quay_api::{ErrorKind, Result};
use std::time::Duration;

#[tokio::test]
async fn advances_a_build_with_each_read() -> Result<()> {
    let sandbox = acme().await?;
    let web = sandbox.quay().repository("acme/web")?;
    assert_eq!(
        error_of(web.builds().create(CreateBuild::new()).await).2,
        "file_id or archive_url required"
    );
    let ftp = web
        .builds()
        .create(CreateBuild::new().archive_url("ftp://example.test/a.tgz"))
        .await;
    assert_eq!(
        error_of(ftp).2,
        "Invalid Archive URL: Must be http or https"
    );
    let archive = || {
        CreateBuild::new()
            .archive_url("https://example.test/a.tgz")
            .docker_tags(["nightly"])
    };
    let created = web.builds().create(archive()).await?;
    assert_eq!(
        (created.phase.clone(), created.tags.clone()),
        (BuildPhase::Waiting, Some(vec!["nightly".to_owned()]))
    );
    let build = web.build(&created.id)?;
    let mut seen = Vec::new();
    for _ in 0..3 {
        let phase = build.phase().await?;
        seen.push((phase, build.log_page(0).await?.total));
    }
    let expected = [
        (BuildPhase::Waiting, Some(0)),
        (BuildPhase::Building, Some(4)),
        (BuildPhase::Complete, Some(7)),
    ];
    assert_eq!(seen, expected);
    let rest = build.log_page(5).await?;
    assert_eq!(
        (rest.start, rest.total, rest.logs.map(|l| l.len())),
        (Some(5), Some(7), Some(2))
    );
    let late = build.cancel().await;
    assert_eq!(
        error_of(late).2,
        "Build is currently running or has finished"
    );

    let second = web.builds().create(archive()).await?;
    web.build(&second.id)?.cancel().await?;
    assert_eq!(
        web.build(&second.id)?.get().await?.phase,
        BuildPhase::Cancelled
    );
    let third = web.builds().create(archive()).await?;
    sandbox.clock().advance(Duration::from_secs(120));
    assert_eq!(
        web.build(&third.id)?.get().await?.phase,
        BuildPhase::Complete
    );
    let ids: Vec<String> = web
        .builds()
        .list()
        .await?
        .into_iter()
        .map(|b| b.id)
        .collect();
    assert_eq!(ids, [third.id, second.id, created.id], "newest first");
    let none = web.build("00000000-0000-4000-8000-000000000000")?;
    assert_error(none.get().await, ErrorKind::NotFound, 404, "Not Found");
    assert_eq!(
        error_of(none.phase().await).2,
        "Unable to locate a build by id: 00000000-0000-4000-8000-000000000000"
    );
    Ok(())
}

#[tokio::test]
async fn trigger_starts_builds_until_it_is_disabled() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let trigger = TriggerSeed::new(
        TriggerService::CustomGit,
        "git@git.example.test:acme/web.git",
    );
    sandbox.seed(
        &Seed::new()
            .organization("acme")
            .repository(RepositorySeed::new("acme/web").trigger(trigger)),
    )?;
    let web = sandbox.quay().repository("acme/web")?;
    let found = web.triggers().list().await?.remove(0);
    assert_eq!(
        (found.service, found.enabled),
        (TriggerService::CustomGit, Some(true))
    );
    let trigger = web.trigger(&found.id)?;
    let commit = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    assert_eq!(
        error_of(trigger.start(StartBuildTrigger::new()).await).2,
        "missing required parameter"
    );
    let build = trigger
        .start(StartBuildTrigger::new().commit_sha(commit))
        .await?;
    assert_eq!(build.display_name.as_deref(), Some("aaaaaaa"));
    assert_eq!(
        trigger
            .builds()
            .list()
            .await?
            .into_iter()
            .map(|b| b.id)
            .collect::<Vec<_>>(),
        [build.id]
    );
    trigger.disable().await?;
    assert_eq!(
        error_of(
            trigger
                .start(StartBuildTrigger::new().commit_sha(commit))
                .await
        )
        .2,
        "Trigger is not enabled."
    );
    trigger.delete().await?;
    assert!(trigger.get_opt().await?.is_none());
    assert_eq!(
        Sandbox::demo()
            .await?
            .quay()
            .repository("acme/web")?
            .triggers()
            .list()
            .await?
            .len(),
        1
    );
    Ok(())
}
