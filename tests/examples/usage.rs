//! Unreachable servers, expired tokens, and runs on the embedded server.

use super::{Result, command, finish, folder, run, shop};
use quay_api::testing::Sandbox;
use std::fs;
use std::path::Path;
use std::time::Duration;

#[tokio::test]
async fn readme_lists_every_example() -> Result {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let table = fs::read_to_string(examples.join("README.md"))?;
    for entry in fs::read_dir(&examples)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if let Some(name) = name.strip_suffix(".rs") {
            assert!(
                table.contains(&format!("[{name}]({name}.rs)")),
                "{name} is not in examples/README.md"
            );
        }
    }
    Ok(())
}

#[tokio::test]
async fn reports_print_an_unreachable_server_on_one_line() -> Result {
    let folder = folder("no_server")?;
    for name in [
        "prune_tags",
        "audit_permissions",
        "storage_report",
        "activity_chart",
    ] {
        let mut command = command(name, &[], &folder)?;
        // Nothing listens on port 1 of this machine.
        command
            .env("QUAY_URL", "http://127.0.0.1:1")
            .env("QUAY_TOKEN", "a-secret-token")
            .env("RUST_BACKTRACE", "1");
        let ended = finish(command).await?;
        ended.ends_with(1);
        let lines: Vec<&str> = ended.err.lines().collect();
        assert!(
            lines.len() == 1 && lines[0].starts_with("error: "),
            "{name}: {}",
            ended.err
        );
        assert!(
            !ended.err.contains("a-secret-token"),
            "{name}: {}",
            ended.err
        );
    }
    Ok(())
}

#[tokio::test]
async fn an_expired_token_is_noted_and_not_an_empty_organization() -> Result {
    let (sandbox, folder) = (shop().await?, folder("expired")?);
    let token = sandbox
        .token(Sandbox::ADMIN)
        .lifetime(Duration::from_secs(60))
        .secret()?;
    sandbox.clock().advance(Duration::from_secs(61));
    for name in ["prune_tags", "vulnerability_report", "storage_report"] {
        let mut command = command(name, &["shop"], &folder)?;
        command
            .env("QUAY_URL", sandbox.quay().base_url())
            .env("QUAY_TOKEN", token.expose());
        let ended = finish(command).await?;
        assert!(
            ended
                .err
                .contains("does not belong to a member of the organization shop"),
            "{name}: {} {}",
            ended.out,
            ended.err
        );
    }
    Ok(())
}

/// Watches a repository, and presses Ctrl-C when the deletion of a tag was seen.
#[cfg(unix)]
async fn watch_until_deleted(folder: &Path) -> Result<super::Run> {
    use std::io::{BufRead, BufReader};
    use std::process::Command;

    let arguments = ["acme/web", "--every", "100ms"];
    let mut child = command("watch_repository", &arguments, folder)?.spawn()?;
    let mut lines = BufReader::new(child.stdout.take().ok_or("no standard output")?).lines();
    let watching = tokio::task::spawn_blocking(move || {
        let mut out = String::new();
        while let Some(line) = lines.next().transpose()? {
            if line.contains("- demo") {
                let id = child.id().to_string();
                Command::new("kill").args(["-INT", &id]).status()?;
            }
            out += &format!("{line}\n");
        }
        Ok::<_, std::io::Error>((out, child.wait_with_output()?))
    });
    let (out, ended) = watching.await??;
    Ok(super::Run {
        code: ended.status.code(),
        out,
        err: String::from_utf8(ended.stderr)?,
    })
}

#[cfg(unix)]
#[tokio::test]
async fn jobs_run_on_the_embedded_server() -> Result {
    let folder = folder("embedded")?;
    let watch = watch_until_deleted(&folder).await?;
    watch.ends_with(0).prints(&[
        "acme/web: watching",
        "+ demo sha256:",
        "~ demo sha256:",
        "- demo",
        "stopped: 3 changes seen",
    ]);
    run("prune_tags", &["--keep", "5", "--apply"], &folder)
        .await?
        .ends_with(0)
        .prints(&["acme/web: ", "0 failed"]);
    run(
        "rotate_robot_tokens",
        &["--apply", "--to", "tokens.jsonl"],
        &folder,
    )
    .await?
    .ends_with(0);
    run("audit_permissions", &[], &folder)
        .await?
        .ends_with(0)
        .prints(&["findings: 0"]);
    run("bootstrap_organization", &["--apply"], &folder)
        .await?
        .ends_with(0)
        .prints(&["17 changes made"]);
    let copy = run(
        "copy_organization",
        &["--as", "acme-copy", "--apply"],
        &folder,
    )
    .await?;
    // The second server has no users of the first one.
    copy.ends_with(1)
        .prints(&["+ organization acme-copy", "changes made, "]);
    assert!(
        copy.err.lines().all(|line| line.starts_with("failed: ")
            && (line.contains("Unknown user") || line.contains("Invalid username"))),
        "{}",
        copy.err
    );
    let janitor = run("registry_janitor", &["--apply"], &folder).await?;
    janitor.ends_with(0).prints(&[
        "pushes and pulls",
        "~ quota: ",
        "- acme/web:v",
        "changes made",
    ]);
    let export = run("export_logs", &["--to", "logs.jsonl"], &folder).await?;
    export.ends_with(0);
    let lines = fs::read_to_string(folder.join("logs.jsonl"))?
        .lines()
        .count();
    export.prints(&[&format!("{lines} entries written")]);
    assert!(lines > 40, "{lines}");
    run("activity_chart", &["--days", "90"], &folder)
        .await?
        .ends_with(0)
        .prints(&["pulls ", "deletions ", "chart of 90 days"]);
    run("storage_report", &[], &folder)
        .await?
        .ends_with(0)
        .prints(&["acme ", "globex ", "acme/api"]);
    run("vulnerability_report", &["--wait", "0s"], &folder)
        .await?
        .ends_with(0)
        .prints(&["acme/web:latest", "scanned"]);
    Ok(())
}
