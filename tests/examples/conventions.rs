//! Conventions of all examples: they run without setup, have help, accept options in any order, and
//! report unusual conditions as errors.

use super::{Result, command, finish, folder, run, run_on, shop};
use futures::future::join_all;
use std::fs;
use std::path::Path;
use std::time::Duration;

/// Each example with arguments for a short run.
const EXAMPLES: [(&str, &[&str]); 25] = [
    ("activity_chart", &[]),
    ("audit_permissions", &[]),
    ("bootstrap_organization", &["--apply"]),
    ("compare_discovery", &[]),
    ("copy_organization", &["globex", "--apply"]),
    ("export_logs", &["--to", "logs.jsonl"]),
    ("first_user", &[]),
    ("mirror_repository", &[]),
    ("oauth", &[]),
    ("organization_robot", &[]),
    ("private_repository", &[]),
    ("prometheus_metrics", &["--once"]),
    ("prune_tags", &["--keep", "3"]),
    ("quickstart", &[]),
    ("registry_janitor", &["--apply"]),
    ("request_build", &["--interval", "0.1"]),
    ("rotate_robot_tokens", &[]),
    ("start_trigger", &[]),
    ("storage_report", &["--chart", "chart.svg"]),
    ("superuser_users", &[]),
    ("team_sync", &[]),
    ("usage_logs", &[]),
    ("vulnerability_report", &["--wait", "0s"]),
    ("watch_repository", &["--once", "--state", "state.json"]),
    (
        "webhook_receiver",
        &["--url", "http://hooks.example.test/quay"],
    ),
];

#[tokio::test]
async fn examples_run_without_setup() -> Result {
    for (name, arguments) in EXAMPLES {
        let folder = folder(&format!("embedded_{name}"))?;
        let ended = run(name, arguments, &folder).await?;
        // The second server has no users of the first one.
        ended.ends_with(i32::from(name == "copy_organization"));
        assert!(!ended.out.is_empty(), "{name} prints nothing");
    }
    Ok(())
}

#[tokio::test]
async fn examples_have_help_and_exit_with_2_on_a_usage_error() -> Result {
    let folder = folder("conventions_help")?;
    for (name, _) in EXAMPLES {
        let help = run(name, &["--help"], &folder).await?;
        help.ends_with(0).prints(&["Usage:", "QUAY_URL", "--help"]);
        let undocumented = |line: &&str| {
            let line = line.trim_start();
            line.starts_with("--") && !line.trim_end().contains("  ")
        };
        let undocumented: Vec<&str> = help.out.lines().filter(undocumented).collect();
        let next_is_text = |option: &&str| {
            let mut lines = help.out.lines().skip_while(|line| line != option).skip(1);
            lines
                .next()
                .is_some_and(|line| line.starts_with("          "))
        };
        assert!(
            undocumented.iter().all(next_is_text),
            "{name}: {undocumented:?}"
        );
        let bad = run(name, &["--no-such-option"], &folder).await?;
        assert!(
            bad.ends_with(2).err.contains("--no-such-option"),
            "{name}: {}",
            bad.err
        );
        assert!(bad.out.is_empty(), "{name}: {}", bad.out);
    }
    assert_eq!(fs::read_dir(&folder)?.count(), 0, "something was written");
    Ok(())
}

/// As in `example | head -0`: no one reads the output.
#[tokio::test]
async fn examples_do_not_panic_when_the_output_is_closed() -> Result {
    for (name, arguments) in EXAMPLES {
        let folder = folder(&format!("closed_{name}"))?;
        for arguments in [arguments, &["--help"]] {
            let mut child = command(name, arguments, &folder)?.spawn()?;
            drop(child.stdout.take());
            let output = tokio::task::spawn_blocking(move || child.wait_with_output()).await??;
            let err = String::from_utf8(output.stderr)?;
            assert!(!err.contains("panicked"), "{name} {arguments:?}: {err}");
            // As a program that SIGPIPE ends, or a success before anything was printed.
            let code = output.status.code();
            assert!(
                matches!(code, Some(0 | 141)),
                "{name} {arguments:?}: {code:?} {err}"
            );
        }
    }
    Ok(())
}

#[tokio::test]
async fn examples_report_an_unreachable_server_on_one_line() -> Result {
    let folder = folder("unreachable")?;
    fs::write(folder.join("password"), "password")?;
    let check = async |(name, arguments): (&str, &[&str])| -> Result {
        let mut command = command(name, arguments, &folder)?;
        command
            .env("QUAY_URL", "http://127.0.0.1:1")
            .env("QUAY_TOKEN", "a-secret-token")
            .env("TARGET_URL", "http://127.0.0.1:1")
            .env("TARGET_TOKEN", "a-secret-token")
            .env("WEBHOOK_SECRET", "0123456789abcdef")
            .env("RUST_BACKTRACE", "1");
        let ended = finish(command).await?;
        let Some(line) = ended
            .ends_with(1)
            .err
            .lines()
            .find(|line| line.starts_with("error: "))
        else {
            return Err(format!("{name}: {}", ended.err).into());
        };
        assert!(line.contains("Connection refused"), "{name}: {line}");
        // Nothing but the error, except for notes of what was done before.
        assert!(
            !ended.err.contains("Backtrace") && !ended.err.contains("Caused by"),
            "{name}"
        );
        assert!(
            !ended.err.contains("a-secret-token"),
            "{name}: {}",
            ended.err
        );
        Ok(())
    };
    // Without a file, these two fail earlier.
    let needs_file = ["bootstrap_organization", "registry_janitor"];
    let examples = EXAMPLES.into_iter();
    let examples = examples.filter(|(name, _)| !needs_file.contains(name));
    for result in join_all(examples.map(check)).await {
        result?;
    }
    Ok(())
}

#[tokio::test]
async fn examples_accept_options_in_any_order() -> Result {
    let (sandbox, folder) = (shop().await?, folder("order")?);
    let orders: [(&str, &[&str], &str); 4] = [
        (
            "oauth",
            &["--organization", "shop", "url", "--scope", "repo:read"],
            "/oauth/authorize",
        ),
        (
            "oauth",
            &["url", "--scope", "repo:read", "--organization", "shop"],
            "/oauth/authorize",
        ),
        (
            "team_sync",
            &["--organization", "shop", "--team", "owners", "show"],
            "shop/owners",
        ),
        (
            "team_sync",
            &["show", "--team", "owners", "--organization", "shop"],
            "shop/owners",
        ),
    ];
    for (name, arguments, text) in orders {
        let ended = run_on(&sandbox, name, arguments, &folder).await?;
        ended.ends_with(0).prints(&[text]);
    }
    for arguments in [["--keep", "3", "shop"], ["shop", "--keep", "3"]] {
        let ended = run_on(&sandbox, "prune_tags", &arguments, &folder).await?;
        ended.ends_with(0).prints(&["9 tags would be deleted"]);
    }
    Ok(())
}

#[tokio::test]
async fn oauth_accepts_scopes_in_any_letter_case() -> Result {
    let folder = folder("scopes")?;
    let arguments = ["url", "--scope", "REPO:Read", "--scope", "Org:Admin"];
    let ended = run("oauth", &arguments, &folder).await?;
    ended
        .ends_with(0)
        .prints(&["scope=repo%3Aread+org%3Aadmin"]);
    let ended = run("oauth", &["url", "--scope", "repo:everything"], &folder).await?;
    assert!(
        ended
            .ends_with(2)
            .err
            .contains("must be one of repo:read, "),
        "{}",
        ended.err
    );
    Ok(())
}

#[tokio::test]
async fn team_sync_accepts_directories_in_capitals() -> Result {
    let folder = folder("directories")?;
    for (directory, group) in [("LDAP", "cn=a"), ("ldap", "cn=a"), ("OIDC", "devs")] {
        let ended = run("team_sync", &["--dry-run", directory, group], &folder).await?;
        ended
            .ends_with(0)
            .prints(&[&format!("would be synchronized with {group}")]);
    }
    Ok(())
}

#[tokio::test]
async fn examples_reject_files_of_other_programs_by_name() -> Result {
    let folder = folder("strange_files")?;
    let commands: [(&str, &[&str]); 3] = [
        (
            "rotate_robot_tokens",
            &["--apply", "--resume", "--to", "strange"],
        ),
        ("usage_logs", &["--follow", "1", "--mark", "strange"]),
        ("watch_repository", &["--once", "--state", "strange"]),
    ];
    for contents in [&b"{"[..], b"\xff\xfe"] {
        for (name, arguments) in commands {
            fs::write(folder.join("strange"), contents)?;
            let ended = run(name, arguments, &folder).await?;
            assert!(
                ended.ends_with(1).err.starts_with("error: strange "),
                "{name}: {}",
                ended.err
            );
            assert_eq!(
                fs::read(folder.join("strange"))?,
                contents,
                "{name} changed the file"
            );
        }
    }
    Ok(())
}

#[tokio::test]
async fn examples_reject_values_out_of_range() -> Result {
    let folder = folder("ranges")?;
    let commands: [(&str, &[&str]); 11] = [
        ("activity_chart", &["--days", "0"]),
        ("mirror_repository", &["--every", "0"]),
        ("mirror_repository", &["acme"]),
        ("oauth", &["token", "name", "--file", "f", "--days", "0"]),
        ("prometheus_metrics", &["--every", "0s"]),
        ("prometheus_metrics", &["--listen", "nowhere"]),
        ("request_build", &["--interval", "nan"]),
        ("request_build", &["--interval", "-1"]),
        ("usage_logs", &["--follow", "0"]),
        ("watch_repository", &["--every", "0s"]),
        ("watch_repository", &["--every", "1000years"]),
    ];
    for (name, arguments) in commands {
        run(name, arguments, &folder).await?.ends_with(2);
    }
    // A time beyond the end of all clocks means no limit.
    let arguments = [
        "acme/web",
        "--state",
        "state.json",
        "--every",
        "10ms",
        "--for",
        "500000000000years",
    ];
    let mut child = command("watch_repository", &arguments, &folder)?.spawn()?;
    while !folder.join("state.json").exists() && child.try_wait()?.is_none() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let is_running = child.try_wait()?.is_none();
    child.kill()?;
    child.wait()?;
    assert!(is_running, "it ended immediately");
    Ok(())
}

#[tokio::test]
async fn missing_resources_are_errors_and_not_empty_results() -> Result {
    let (sandbox, folder) = (shop().await?, folder("missing_names")?);
    let commands: [(&str, &[&str]); 8] = [
        ("activity_chart", &["nobody"]),
        ("activity_chart", &["shop/nothing"]),
        ("prune_tags", &["nobody"]),
        ("prune_tags", &["shop/nothing"]),
        ("quickstart", &["--organization", "nobody"]),
        ("rotate_robot_tokens", &["nobody"]),
        ("usage_logs", &["--organization", "nobody"]),
        ("watch_repository", &["shop/nothing"]),
    ];
    for (name, arguments) in commands {
        let ended = run_on(&sandbox, name, arguments, &folder).await?;
        assert!(!ended.ends_with(1).err.is_empty(), "{name}");
    }
    Ok(())
}

#[test]
fn examples_are_all_tested_and_have_at_most_200_lines() -> Result {
    let mut files = Vec::new();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            let lines = fs::read_to_string(&path)?.lines().count();
            let limit = if name == "quickstart" { 62 } else { 200 };
            assert!(lines <= limit, "{name} has {lines} lines");
            files.push(name.into_owned());
        }
    }
    files.sort();
    // It serves until Ctrl-C; `cargo xtask ci openapi` calls it.
    files.retain(|name| name != "sandbox");
    assert_eq!(files, EXAMPLES.map(|(name, _)| name));
    Ok(())
}
