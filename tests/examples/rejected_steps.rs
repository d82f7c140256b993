//! Examples on a server that rejects a step: they undo the steps before it.

use super::{Result, folder, run_on, shop, writes};
use quay_api::testing::seed::{RepositorySeed, Seed};
use quay_api::testing::{ErrorResponse, Sandbox};
use quay_api::types::{RepositoryRole, RepositoryState};

async fn has_robot(sandbox: &Sandbox, short: &str) -> Result<bool> {
    let robot = sandbox.quay().organization("shop")?.robot(short)?;
    Ok(robot.get_opt().await?.is_some())
}

#[tokio::test]
async fn mirror_repository_undoes_its_changes_if_the_source_is_rejected() -> Result {
    let (sandbox, folder) = (shop().await?, folder("mirror_refused")?);
    let mirror = sandbox.quay().repository("shop/alpine")?;
    for source in ["https://quay.io/acme/web", "localhost/web", "web", "a b/c"] {
        let arguments = ["shop/alpine", source];
        let ended = run_on(&sandbox, "mirror_repository", &arguments, &folder).await?;
        assert!(
            ended.ends_with(1).err.starts_with("error: "),
            "{}",
            ended.err
        );
        assert!(
            mirror.get_opt().await?.is_none(),
            "{source}: the repository stayed"
        );
        assert!(
            !has_robot(&sandbox, "mirror").await?,
            "{source}: the robot account stayed"
        );
    }
    // The server fails, and may have created the mirror, so the example reads it.
    sandbox.fail("createRepoMirrorConfig").status(500).always();
    let arguments = ["shop/alpine", "quay.io/acme/web"];
    run_on(&sandbox, "mirror_repository", &arguments, &folder)
        .await?
        .ends_with(1);
    assert!(mirror.get_opt().await?.is_none() && !has_robot(&sandbox, "mirror").await?);
    Ok(())
}

#[tokio::test]
async fn mirror_repository_keeps_existing_resources_if_the_source_is_rejected() -> Result {
    let (sandbox, folder) = (shop().await?, folder("mirror_kept")?);
    sandbox.seed(&Seed::new().repository(RepositorySeed::new("shop/empty")))?;
    let arguments = ["shop/empty", "localhost/web", "--robot", "shop+ci"];
    run_on(&sandbox, "mirror_repository", &arguments, &folder)
        .await?
        .ends_with(1);
    let repository = sandbox.quay().repository("shop/empty")?.get().await?;
    assert_eq!(repository.state, Some(RepositoryState::Normal));
    assert!(has_robot(&sandbox, "ci").await?);

    // Tags that the source lacks would be deleted by the first synchronization.
    let before = writes(&sandbox);
    let arguments = ["shop/web", "quay.io/acme/web"];
    let ended = run_on(&sandbox, "mirror_repository", &arguments, &folder).await?;
    assert!(
        ended.ends_with(1).err.contains("shop/web has tags"),
        "{}",
        ended.err
    );
    let arguments = ["shop/new", "quay.io/acme/web", "--robot", "other+robot"];
    let ended = run_on(&sandbox, "mirror_repository", &arguments, &folder).await?;
    assert!(
        ended.ends_with(1).err.contains("must belong to shop"),
        "{}",
        ended.err
    );
    assert_eq!(writes(&sandbox), before);
    Ok(())
}

#[tokio::test]
async fn mirror_repository_updates_the_settings_of_an_earlier_run() -> Result {
    let (sandbox, folder) = (shop().await?, folder("mirror_again")?);
    let run = async |more: &[&str]| {
        let arguments = [&["--tag", "v*", "shop/alpine", "quay.io/acme/web"], more].concat();
        run_on(&sandbox, "mirror_repository", &arguments, &folder).await
    };
    run(&["--dry-run"]).await?.ends_with(0).prints(&[
        "repository shop/alpine: would be created",
        "robot account shop+mirror: would be created",
        "would be created",
    ]);
    assert_eq!(writes(&sandbox), 0, "a dry run changes nothing");
    run(&[])
        .await?
        .ends_with(0)
        .prints(&["as shop+mirror: created"]);
    let before = writes(&sandbox);
    run(&["--dry-run"])
        .await?
        .ends_with(0)
        .prints(&["would be unchanged"]);
    run(&[]).await?.ends_with(0).prints(&[": unchanged"]);
    run(&["--every", "6", "--dry-run"])
        .await?
        .ends_with(0)
        .prints(&["would be updated"]);
    assert_eq!(writes(&sandbox), before);
    run(&["--every", "6", "--sync"])
        .await?
        .ends_with(0)
        .prints(&[": updated"]);
    let mirror = sandbox
        .quay()
        .repository("shop/alpine")?
        .mirror()
        .get()
        .await?;
    assert_eq!(mirror.sync_interval, 6 * 3600);
    Ok(())
}

#[tokio::test]
async fn oauth_deletes_a_new_application_without_a_token() -> Result {
    let (sandbox, folder) = (shop().await?, folder("oauth_refused")?);
    let applications = sandbox.quay().organization("shop")?.applications();
    let arguments = [
        "token",
        "nightly",
        "--organization",
        "shop",
        "--file",
        "token",
    ];
    let fault = "createOrganizationApplicationToken";
    sandbox
        .fail(fault)
        .respond(ErrorResponse::Forbidden)
        .always();
    run_on(&sandbox, "oauth", &arguments, &folder)
        .await?
        .ends_with(1);
    assert!(applications.list().await?.is_empty());
    // An application that existed before is kept.
    run_on(
        &sandbox,
        "oauth",
        &["url", "--organization", "shop"],
        &folder,
    )
    .await?
    .ends_with(0);
    run_on(&sandbox, "oauth", &arguments, &folder)
        .await?
        .ends_with(1);
    assert_eq!(applications.list().await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn organization_robot_deletes_a_new_robot_without_its_permission() -> Result {
    let (sandbox, folder) = (shop().await?, folder("robot_refused")?);
    let run = async |robot: &str, repository: &str| {
        let names = [
            "--organization",
            "shop",
            "--robot",
            robot,
            "--repository",
            repository,
        ];
        run_on(&sandbox, "organization_robot", &names, &folder).await
    };
    run("new", "shop/missing").await?.ends_with(1);
    assert_eq!(writes(&sandbox), 0);
    sandbox
        .fail("changeUserPermissions")
        .respond(ErrorResponse::Forbidden);
    run("new", "shop/web").await?.ends_with(1);
    assert!(!has_robot(&sandbox, "new").await?);
    run("new", "shop/web")
        .await?
        .ends_with(0)
        .prints(&["shop+new was created"]);
    run("shop+new", "shop/web")
        .await?
        .ends_with(0)
        .prints(&["shop+new existed"]);
    Ok(())
}

#[tokio::test]
async fn organization_robot_keeps_the_role_admin() -> Result {
    let (sandbox, folder) = (shop().await?, folder("robot_admin")?);
    let permission = sandbox
        .quay()
        .repository("shop/web")?
        .user_permission("shop+ci")?;
    permission.set(RepositoryRole::Admin).await?;
    let arguments = [
        "--organization",
        "shop",
        "--robot",
        "ci",
        "--repository",
        "shop/web",
    ];
    run_on(&sandbox, "organization_robot", &arguments, &folder)
        .await?
        .ends_with(0);
    assert_eq!(permission.get().await?.role, RepositoryRole::Admin);
    Ok(())
}

#[tokio::test]
async fn superuser_users_reports_an_existing_user() -> Result {
    let (sandbox, folder) = (shop().await?, folder("user_exists")?);
    sandbox.seed(&Seed::new().user("alice"))?;
    for more in [&[][..], &["--dry-run"]] {
        let create = [
            "--create",
            "alice",
            "--email",
            "a@b.test",
            "--password-file",
            "password",
        ];
        let arguments = [&create[..], more].concat();
        let ended = run_on(&sandbox, "superuser_users", &arguments, &folder).await?;
        assert!(
            ended
                .ends_with(1)
                .err
                .contains("the user alice already exists"),
            "{}",
            ended.err
        );
        assert!(!folder.join("password").exists());
    }
    assert_eq!(writes(&sandbox), 0);
    Ok(())
}

#[tokio::test]
async fn dry_runs_read_the_resources_that_they_would_change() -> Result {
    let (sandbox, folder) = (shop().await?, folder("dry_runs")?);
    let missing: [(&str, &[&str]); 6] = [
        (
            "team_sync",
            &["off", "--organization", "shop", "--team", "nobody"],
        ),
        (
            "team_sync",
            &["ldap", "cn=a", "--organization", "shop", "--team", "nobody"],
        ),
        ("start_trigger", &["shop/nothing", "--branch", "main"]),
        (
            "start_trigger",
            &["shop/web", "--branch", "main", "--trigger", "nobody"],
        ),
        ("request_build", &["shop/nothing"]),
        ("oauth", &["--organization", "nobody"]),
    ];
    for (name, arguments) in missing {
        let arguments = [arguments, &["--dry-run"]].concat();
        let ended = run_on(&sandbox, name, &arguments, &folder).await?;
        assert!(ended.ends_with(1).out.is_empty(), "{name}: {}", ended.out);
    }
    let arguments = ["--dry-run", "--organization", "shop"];
    let found = run_on(&sandbox, "oauth", &arguments, &folder).await?;
    found
        .ends_with(0)
        .prints(&["the application automation of shop would be created"]);
    let arguments = ["shop/web", "--dry-run"];
    let found = run_on(&sandbox, "private_repository", &arguments, &folder).await?;
    found
        .ends_with(0)
        .prints(&["shop/web exists, and is private"]);
    assert_eq!(writes(&sandbox), 0);
    Ok(())
}
