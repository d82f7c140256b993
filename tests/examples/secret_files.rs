//! The examples that write a secret to a file: `oauth`, `organization_robot`, `superuser_users`,
//! `first_user` and `rotate_robot_tokens`.

use super::{Result, Run, command, finish, folder, pointed_at, run_on, shop, writes};
use quay_api::Quay;
use quay_api::testing::{ErrorResponse, Sandbox};
use std::fs;
use std::path::Path;
use std::time::Duration;

/// Each example with the arguments that make it write a secret to the file `secret`.
const COMMANDS: [(&str, &[&str]); 5] = [
    ("oauth", &["token", "nightly", "--file", "secret"]),
    ("organization_robot", &["--token-file", "secret"]),
    (
        "superuser_users",
        &[
            "--create",
            "zoe",
            "--email",
            "z@example.test",
            "--password-file",
            "secret",
        ],
    ),
    (
        "first_user",
        &["--password-file", "password", "--token-file", "secret"],
    ),
    ("rotate_robot_tokens", &["--apply", "--to", "secret"]),
];

/// A server without users for `first_user`, and one with the demo data for the others.
async fn server(name: &str) -> Result<Sandbox> {
    if name != "first_user" {
        return Ok(Sandbox::demo().await?);
    }
    let sandbox = Sandbox::start().await?;
    sandbox.quay().me().delete().await?;
    // The name of a deleted user is free after a while.
    sandbox.clock().advance(Duration::from_secs(86_400));
    Ok(sandbox)
}

async fn run(sandbox: &Sandbox, name: &str, arguments: &[&str], folder: &Path) -> Result<Run> {
    fs::write(folder.join("password"), "correct horse battery staple\n")?;
    if name != "first_user" {
        return run_on(sandbox, name, arguments, folder).await;
    }
    let mut command = command(name, arguments, folder)?;
    command.env("QUAY_URL", sandbox.quay().base_url());
    finish(command).await
}

#[tokio::test]
async fn secret_files_are_private_and_no_output_shows_the_secret() -> Result {
    for (name, arguments) in COMMANDS {
        let folder = folder(&format!("secret_{name}"))?;
        let sandbox = server(name).await?;
        let ended = run(&sandbox, name, arguments, &folder).await?;
        ended.ends_with(0);
        let secret = fs::read_to_string(folder.join("secret"))?;
        assert!(!secret.trim().is_empty(), "{name} wrote nothing");
        assert!(
            !ended.out.contains(secret.trim()) && !ended.err.contains(secret.trim()),
            "{name} shows the secret"
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(folder.join("secret"))?.permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn an_existing_file_is_an_error_before_anything_is_changed() -> Result {
    for (name, arguments) in COMMANDS {
        let folder = folder(&format!("kept_{name}"))?;
        let sandbox = server(name).await?;
        fs::write(folder.join("secret"), "of somebody else")?;
        let before = writes(&sandbox);
        let ended = run(&sandbox, name, arguments, &folder).await?;
        ended.ends_with(1);
        assert!(
            ended.err.starts_with("error: secret can't be created: "),
            "{name}: {}",
            ended.err
        );
        assert_eq!(
            fs::read_to_string(folder.join("secret"))?,
            "of somebody else"
        );
        assert_eq!(writes(&sandbox), before, "{name} changed the server");
    }
    Ok(())
}

#[tokio::test]
async fn a_file_that_cannot_be_created_is_an_error_before_anything_is_changed() -> Result {
    for (name, arguments) in COMMANDS {
        let folder = folder(&format!("nowhere_{name}"))?;
        let sandbox = server(name).await?;
        let before = writes(&sandbox);
        let nowhere = |argument: &&'static str| match *argument {
            "secret" => "no/such/folder/secret",
            other => other,
        };
        let arguments: Vec<&str> = arguments.iter().map(nowhere).collect();
        let ended = run(&sandbox, name, &arguments, &folder).await?;
        ended.ends_with(1);
        assert!(
            ended.err.contains("no/such/folder"),
            "{name}: {}",
            ended.err
        );
        assert_eq!(writes(&sandbox), before, "{name} changed the server");
    }
    Ok(())
}

#[tokio::test]
async fn a_dry_run_or_a_failure_leaves_no_empty_file() -> Result {
    for (name, arguments) in COMMANDS {
        let folder = folder(&format!("no_file_{name}"))?;
        let sandbox = server(name).await?;
        let before = writes(&sandbox);
        if name != "rotate_robot_tokens" {
            let arguments = [arguments, &["--dry-run"]].concat();
            run(&sandbox, name, &arguments, &folder).await?.ends_with(0);
            assert_eq!(writes(&sandbox), before, "{name} changed the server");
            assert!(!folder.join("secret").exists(), "{name} left a file");
            if name != "first_user" {
                let mut child = pointed_at(&sandbox, name, &arguments, &folder)?.spawn()?;
                drop(child.stdout.take());
                tokio::task::spawn_blocking(move || child.wait_with_output()).await??;
                assert!(!folder.join("secret").exists(), "{name} left a file");
            }
        }
        for operation in [
            "createOrganizationApplicationToken",
            "createOrgRobot",
            "createInstallUser",
            "initializeUser",
            "regenerateOrgRobotToken",
        ] {
            sandbox
                .fail(operation)
                .respond(ErrorResponse::Forbidden)
                .always();
        }
        run(&sandbox, name, arguments, &folder).await?.ends_with(1);
        assert!(!folder.join("secret").exists(), "{name} left a file");
    }
    Ok(())
}

#[tokio::test]
async fn first_user_searches_for_users_before_it_prints() -> Result {
    let folder = folder("first_user")?;
    let sandbox = shop().await?;
    for arguments in [&["--dry-run"][..], &["--token-file", "token"]] {
        let ended = run_on(&sandbox, "first_user", arguments, &folder).await?;
        ended.ends_with(3);
        assert!(ended.out.is_empty(), "{}", ended.out);
        assert!(ended.err.contains("already has users"), "{}", ended.err);
    }
    // Without a token, it searches for users in public data.
    let demo = Sandbox::demo().await?;
    let ended = run(&demo, "first_user", &["zoe", "--dry-run"], &folder).await?;
    assert!(
        ended.ends_with(3).err.contains("the repository "),
        "{}",
        ended.err
    );
    assert_eq!((writes(&sandbox), writes(&demo)), (0, 0));
    assert!(!folder.join("token").exists());
    Ok(())
}

#[tokio::test]
async fn the_token_of_the_first_user_works() -> Result {
    let folder = folder("first_token")?;
    let sandbox = server("first_user").await?;
    let arguments = [
        "zoe",
        "--password-file",
        "password",
        "--token-file",
        "token",
    ];
    let ended = run(&sandbox, "first_user", &arguments, &folder).await?;
    ended.ends_with(0).prints(&["created zoe, the first user"]);
    let quay = Quay::builder()
        .base_url(sandbox.quay().base_url())
        .token(fs::read_to_string(folder.join("token"))?)
        .build()?;
    assert_eq!(quay.me().get().await?.username, "zoe");
    Ok(())
}

#[cfg(unix)]
#[tokio::test]
async fn a_resumed_file_becomes_private_and_keeps_its_lines() -> Result {
    use std::os::unix::fs::PermissionsExt;
    let (sandbox, folder) = (shop().await?, folder("resume")?);
    let arguments = ["shop", "--apply", "--to", "secret", "--robot", "ci"];
    run_on(&sandbox, "rotate_robot_tokens", &arguments, &folder)
        .await?
        .ends_with(0);
    let path = folder.join("secret");
    fs::set_permissions(&path, PermissionsExt::from_mode(0o644))?;
    let before = fs::read_to_string(&path)?;
    let arguments = ["shop", "--apply", "--to", "secret", "--resume"];
    run_on(&sandbox, "rotate_robot_tokens", &arguments, &folder)
        .await?
        .ends_with(0);
    let after = fs::read_to_string(&path)?;
    assert!(
        after.starts_with(&before) && after.lines().count() == 2,
        "{}",
        after.lines().count()
    );
    assert_eq!(fs::metadata(&path)?.permissions().mode() & 0o777, 0o600);
    Ok(())
}

#[tokio::test]
async fn rotation_stops_when_the_output_is_closed_and_reports_lost_tokens() -> Result {
    let (sandbox, folder) = (Sandbox::demo().await?, folder("lost_tokens")?);
    let arguments = ["--apply", "--to", "-"];
    let mut child = pointed_at(&sandbox, "rotate_robot_tokens", &arguments, &folder)?.spawn()?;
    drop(child.stdout.take());
    let output = tokio::task::spawn_blocking(move || child.wait_with_output()).await??;
    let err = String::from_utf8(output.stderr)?;
    assert_eq!(output.status.code(), Some(1), "{err}");
    assert!(
        err.contains("rotated, but its new token is lost: "),
        "{err}"
    );
    Ok(())
}
