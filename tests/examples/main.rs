//! The examples as their users meet them: each program is run, and what it prints, writes, leaves
//! unchanged and ends with is looked at.
//!
//! Most run against a sandbox of the test, named by `QUAY_URL`, so that the server can be looked at
//! afterwards and a second run finds what the first one left.

#![cfg(feature = "testing")]

use quay_api::testing::seed::{Organization, Repository, Robot, Seed, Tag};
use quay_api::testing::{ErrorResponse, RecordedRequest, Response, Sandbox};
use quay_api::types::{
    CreateDefaultPermission, Delegate, PrincipalKind, RepositoryRole, Timestamp,
};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

type Result<T = (), E = Box<dyn std::error::Error>> = std::result::Result<T, E>;

/// What a user sees of a program that has ended.
struct Seen {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Seen {
    /// That it ended with this code; everything it said is shown otherwise.
    #[track_caller]
    fn ends_with(&self, code: i32) -> &Self {
        assert_eq!(
            self.code,
            Some(code),
            "\n--- standard output\n{}\n--- standard error\n{}",
            self.out,
            self.err
        );
        self
    }

    /// That all of these are printed.
    #[track_caller]
    fn prints(&self, texts: &[&str]) -> &Self {
        for text in texts {
            assert!(
                self.out.contains(text),
                "{text:?} is not in\n{}\n--- standard error\n{}",
                self.out,
                self.err
            );
        }
        self
    }
}

/// The program of an example. `cargo test` builds them before it runs a test;
/// `cargo test --test examples` alone does not.
fn program(name: &str) -> Result<PathBuf> {
    let deps = std::env::current_exe()?;
    let path = deps
        .parent()
        .and_then(Path::parent)
        .ok_or("no target directory")?
        .join("examples")
        .join(name);
    let path = path.with_extension(std::env::consts::EXE_EXTENSION);
    if path.exists() {
        Ok(path)
    } else {
        Err(format!(
            "{} is not there: `cargo build --examples` makes it",
            path.display()
        )
        .into())
    }
}

/// A command that knows nothing of the environment's servers.
fn command(name: &str, arguments: &[&str], folder: &Path) -> Result<Command> {
    let mut command = Command::new(program(name)?);
    command
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let is_ours = |name: &str| {
        ["QUAY_", "TARGET_"]
            .iter()
            .any(|prefix| name.starts_with(prefix))
    };
    for (name, _) in std::env::vars().filter(|(name, _)| is_ours(name)) {
        command.env_remove(name);
    }
    Ok(command)
}

/// Runs it, while this test's runtime goes on serving.
async fn finish(mut command: Command) -> Result<Seen> {
    let output = tokio::task::spawn_blocking(move || command.output()).await??;
    let text = |bytes| String::from_utf8(bytes);
    Ok(Seen {
        code: output.status.code(),
        out: text(output.stdout)?,
        err: text(output.stderr)?,
    })
}

/// Runs an example on the server that it brings.
async fn run(name: &str, arguments: &[&str], folder: &Path) -> Result<Seen> {
    finish(command(name, arguments, folder)?).await
}

/// Runs an example on a server of the test's.
async fn run_on(sandbox: &Sandbox, name: &str, arguments: &[&str], folder: &Path) -> Result<Seen> {
    finish(pointed_at(sandbox, name, arguments, folder)?).await
}

fn pointed_at(sandbox: &Sandbox, name: &str, arguments: &[&str], folder: &Path) -> Result<Command> {
    let token = sandbox.token(Sandbox::ADMIN).secret()?;
    let mut command = command(name, arguments, folder)?;
    command
        .env("QUAY_URL", sandbox.quay().base_url())
        .env("QUAY_TOKEN", token.expose());
    Ok(command)
}

/// An empty folder, of this test alone.
fn folder(test: &str) -> Result<PathBuf> {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("examples")
        .join(test);
    if path.exists() {
        fs::remove_dir_all(&path)?;
    }
    fs::create_dir_all(&path)?;
    Ok(path)
}

/// The writing requests that a server has received.
fn writes(sandbox: &Sandbox) -> usize {
    sandbox
        .requests()
        .iter()
        .filter(|request| request.method != "GET")
        .count()
}

const JOBS: [&str; 10] = [
    "activity_chart",
    "audit_permissions",
    "bootstrap_organization",
    "copy_organization",
    "export_logs",
    "prune_tags",
    "rotate_robot_tokens",
    "storage_report",
    "vulnerability_report",
    "watch_repository",
];

#[tokio::test]
async fn every_job_has_help_and_ends_with_2_on_bad_usage() -> Result {
    let folder = folder("help")?;
    for name in JOBS {
        let help = run(name, &["--help"], &folder).await?;
        help.ends_with(0).prints(&["Usage:", "QUAY_URL", "--help"]);
        let bad = run(name, &["--no-such-option"], &folder).await?;
        bad.ends_with(2);
        assert!(
            bad.err.contains("--no-such-option") && bad.out.is_empty(),
            "{name}: {}",
            bad.err
        );
    }
    assert_eq!(fs::read_dir(&folder)?.count(), 0, "something was written");
    Ok(())
}

#[tokio::test]
async fn every_example_is_in_the_table_of_the_folder() -> Result {
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
async fn a_server_that_is_not_there_is_one_clear_line() -> Result {
    let folder = folder("no_server")?;
    for name in [
        "prune_tags",
        "audit_permissions",
        "storage_report",
        "activity_chart",
    ] {
        let mut command = command(name, &[], &folder)?;
        // Port 1 of this machine: nobody listens.
        command
            .env("QUAY_URL", "http://127.0.0.1:1")
            .env("QUAY_TOKEN", "a-secret-token")
            .env("RUST_BACKTRACE", "1");
        let seen = finish(command).await?;
        seen.ends_with(1);
        let lines: Vec<&str> = seen.err.lines().collect();
        assert!(
            lines.len() == 1 && lines[0].starts_with("error: "),
            "{name}: {}",
            seen.err
        );
        assert!(!seen.err.contains("a-secret-token"), "{name}: {}", seen.err);
    }
    Ok(())
}

#[tokio::test]
async fn a_token_that_has_expired_is_not_taken_for_an_empty_organization() -> Result {
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
        let seen = finish(command).await?;
        assert!(
            seen.err
                .contains("does not take this token for a member's of shop"),
            "{name}: {} {}",
            seen.out,
            seen.err
        );
    }
    Ok(())
}

/// An organization with twelve tags, pushed a day apart, `v01` the oldest.
async fn shop() -> Result<Sandbox> {
    let sandbox = Sandbox::start().await?;
    let now = sandbox.clock().now();
    let mut repository = Repository::new("shop/web").description("The web site");
    for day in 1..=12_u64 {
        let pushed = now
            .checked_sub(Duration::from_secs((12 - day) * 86_400 + 60))
            .ok_or("no such moment")?;
        repository = repository.tag(
            Tag::new(format!("v{day:02}"), 1 << 20)
                .pushed(pushed)
                .image(format!("image {day}")),
        );
    }
    let shop = Organization::new("shop")
        .robot(Robot::new("ci").description("Pushes"))
        .robot(Robot::new("deploy"));
    sandbox.seed(&Seed::new().organization(shop).repository(repository))?;
    Ok(sandbox)
}

async fn tags(sandbox: &Sandbox, repository: &str) -> Result<Vec<String>> {
    let mut names: Vec<_> = sandbox
        .quay()
        .repository(repository)?
        .tags()
        .list()
        .active()
        .await?
        .into_iter()
        .map(|tag| tag.name)
        .collect();
    names.sort();
    Ok(names)
}

#[tokio::test]
async fn tags_are_pruned_by_count_age_and_name_and_only_with_apply() -> Result {
    let (sandbox, folder) = (shop().await?, folder("prune")?);
    sandbox
        .quay()
        .repository("shop/web")?
        .tag("v02")?
        .change(quay_api::types::ChangeTag::new().immutable(true))
        .await?;
    let before = writes(&sandbox);

    let seen = run_on(&sandbox, "prune_tags", &["shop", "--keep", "3"], &folder).await?;
    seen.ends_with(0).prints(&[
        "shop/web: 8 to delete, 4 to keep, 1 of them immutable",
        "8 tags would be deleted",
        "v01 ",
    ]);
    let seen = run_on(
        &sandbox,
        "prune_tags",
        &["shop/web", "--keep", "0", "--older-than", "9days"],
        &folder,
    )
    .await?;
    // Eleven, ten and nine days old, and of these one is immutable.
    seen.ends_with(0).prints(&["shop/web: 2 to delete"]);
    let seen = run_on(
        &sandbox,
        "prune_tags",
        &["shop/web", "--keep", "1", "--matching", "^v0[3-5]$"],
        &folder,
    )
    .await?;
    seen.ends_with(0)
        .prints(&["v03 ", "v04 ", "shop/web: 2 to delete, 1 to keep"]);
    assert_eq!(writes(&sandbox), before, "a dry run changes nothing");
    assert_eq!(tags(&sandbox, "shop/web").await?.len(), 12);

    // One deletion is refused, the others are done; the next run does the rest.
    sandbox
        .fail("deleteFullTag")
        .refuse(ErrorResponse::ReadOnly);
    let arguments = ["shop/web", "--keep", "3", "--apply"];
    let seen = run_on(&sandbox, "prune_tags", &arguments, &folder).await?;
    seen.ends_with(1)
        .prints(&["7 tags deleted, 0 immutable, 1 failed"]);
    assert!(
        seen.err.contains("shop/web:v0") && seen.err.contains("read-only"),
        "{}",
        seen.err
    );
    run_on(&sandbox, "prune_tags", &arguments, &folder)
        .await?
        .ends_with(0)
        .prints(&["1 tags deleted, 0 immutable, 0 failed"]);
    run_on(&sandbox, "prune_tags", &arguments, &folder)
        .await?
        .ends_with(0)
        .prints(&["0 tags deleted"]);
    assert_eq!(
        tags(&sandbox, "shop/web").await?,
        ["v02", "v10", "v11", "v12"]
    );

    // A repository whose tags can't be read is left alone, and the others are pruned.
    sandbox.seed(
        &Seed::new().repository(
            Repository::new("shop/api")
                .tag(Tag::new("a", 1))
                .tag(Tag::new("b", 1)),
        ),
    )?;
    sandbox.fail("listRepoTags").refuse(ErrorResponse::NotFound);
    let seen = run_on(
        &sandbox,
        "prune_tags",
        &["shop", "--keep", "1", "--apply"],
        &folder,
    )
    .await?;
    seen.ends_with(1);
    assert!(
        seen.err
            .contains("left alone, since its tags can't be read"),
        "{}",
        seen.err
    );
    assert_ne!(
        tags(&sandbox, "shop/web").await?.len() == 4,
        tags(&sandbox, "shop/api").await?.len() == 2,
        "one of the two is left alone"
    );
    Ok(())
}

#[cfg(unix)]
#[tokio::test]
async fn ctrl_c_ends_a_pruning_between_two_tags_and_says_so() -> Result {
    let (sandbox, folder) = (shop().await?, folder("interrupt")?);
    // Slow enough for the signal to come in the middle, and it comes when the first deletion has
    // arrived.
    sandbox
        .fail("deleteFullTag")
        .late()
        .delay(Duration::from_secs(1))
        .always();
    let child = pointed_at(
        &sandbox,
        "prune_tags",
        &["shop/web", "--keep", "0", "--apply"],
        &folder,
    )?
    .spawn()?;
    let id = child.id().to_string();
    let waiting = tokio::task::spawn_blocking(move || child.wait_with_output());
    while sandbox.requests_of("deleteFullTag").is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(Command::new("kill").args(["-INT", &id]).status()?.success());
    let output = waiting.await??;
    let said = String::from_utf8(output.stdout)?;
    assert_eq!(output.status.code(), Some(1), "{said}");
    let left = tags(&sandbox, "shop/web").await?.len();
    assert!((1..12).contains(&left), "{left} tags are left");
    assert!(
        said.contains(&format!("{} tags deleted", 12 - left)),
        "{said}"
    );
    assert!(
        said.contains(&format!("stopped: {left} were not tried")),
        "{said}"
    );
    Ok(())
}

#[tokio::test]
async fn robot_tokens_go_to_a_private_file_and_a_failed_one_is_rotated_by_the_next_run() -> Result {
    let (sandbox, folder) = (shop().await?, folder("rotate")?);
    let shop = sandbox.quay().organization("shop")?;
    let token = async |name: &str| -> Result<String> {
        Ok(shop
            .robot(name)?
            .get()
            .await?
            .token
            .ok_or("no token")?
            .expose()
            .to_owned())
    };
    let (old_ci, old_deploy) = (token("ci").await?, token("deploy").await?);

    let seen = run_on(&sandbox, "rotate_robot_tokens", &["shop"], &folder).await?;
    seen.ends_with(0)
        .prints(&["shop+ci", "shop+deploy", "2 tokens would be rotated"]);
    run_on(
        &sandbox,
        "rotate_robot_tokens",
        &["shop", "--apply"],
        &folder,
    )
    .await?
    .ends_with(2);
    run_on(
        &sandbox,
        "rotate_robot_tokens",
        &["shop", "--robot", "nobody"],
        &folder,
    )
    .await?
    .ends_with(1);
    assert_eq!((writes(&sandbox), token("ci").await?), (0, old_ci.clone()));

    sandbox
        .fail("regenerateOrgRobotToken")
        .refuse(ErrorResponse::ReadOnly);
    let arguments = ["shop", "--apply", "--to", "tokens.jsonl"];
    let seen = run_on(&sandbox, "rotate_robot_tokens", &arguments, &folder).await?;
    seen.ends_with(1);
    assert!(
        seen.err.contains("1 tokens rotated, 1 failed"),
        "{}",
        seen.err
    );
    // Not written over, and not rotated again.
    run_on(&sandbox, "rotate_robot_tokens", &arguments, &folder)
        .await?
        .ends_with(1);
    let seen = run_on(
        &sandbox,
        "rotate_robot_tokens",
        &[&arguments[..], &["--resume"]].concat(),
        &folder,
    )
    .await?;
    seen.ends_with(0);
    let (new_ci, new_deploy) = (token("ci").await?, token("deploy").await?);
    assert!(new_ci != old_ci && new_deploy != old_deploy);
    for secret in [&old_ci, &old_deploy, &new_ci, &new_deploy] {
        assert!(
            !seen.out.contains(secret.as_str()) && !seen.err.contains(secret.as_str()),
            "a token was shown"
        );
    }

    let path = folder.join("tokens.jsonl");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&path)?.permissions().mode() & 0o777, 0o600);
    }
    let lines: Vec<Value> = fs::read_to_string(path)?
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()?;
    let of = |robot: &str| {
        lines
            .iter()
            .filter(|l| l["robot"] == robot)
            .map(|l| l["token"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (of("shop+ci"), of("shop+deploy")),
        (vec![json!(new_ci)], vec![json!(new_deploy)])
    );

    // To standard output, and nothing else there.
    let seen = run_on(
        &sandbox,
        "rotate_robot_tokens",
        &["shop", "--robot", "ci", "--apply", "--to", "-"],
        &folder,
    )
    .await?;
    let line: Value = serde_json::from_str(&seen.ends_with(0).out)?;
    assert_eq!(
        (&line["robot"], &line["token"]),
        (&json!("shop+ci"), &json!(token("ci").await?))
    );
    Ok(())
}

#[tokio::test]
async fn the_audit_names_outsiders_and_robots_that_administer() -> Result {
    let (sandbox, folder) = (Sandbox::demo().await?, folder("audit")?);
    let seen = run_on(&sandbox, "audit_permissions", &["acme", "--check"], &folder).await?;
    seen.ends_with(0).prints(&[
        "base/jre",
        "@devs",
        "+deploy",
        "erin!",
        "from outside: erin on search",
        "findings: 0",
    ]);

    sandbox.seed(&Seed::new().user("mallory"))?;
    let permissions = sandbox.quay().repository("acme/web")?.permissions();
    permissions
        .grant_user("mallory", RepositoryRole::Write)
        .await?;
    permissions
        .grant_user("acme+ci", RepositoryRole::Admin)
        .await?;
    let before = writes(&sandbox);
    let seen = run_on(
        &sandbox,
        "audit_permissions",
        &["acme", "--check", "--csv", "audit.csv"],
        &folder,
    )
    .await?;
    seen.ends_with(3).prints(&[
        "mallory!",
        "finding: mallory has write on web",
        "finding: acme+ci has admin on web",
        "findings: 2",
    ]);
    assert_eq!(writes(&sandbox), before);
    let csv = fs::read_to_string(folder.join("audit.csv"))?;
    for line in [
        "repository,visibility,name,kind,role,through_team,outside",
        "web,public,mallory,user,write,,true",
        "web,public,acme+ci,robot,admin,,false",
        "web,public,devs,team,write,,false",
        "web,public,alice,user,write,devs,false",
        // A team of administrators may everything.
        "billing,private,carol,user,admin,ops,false",
    ] {
        assert!(csv.lines().any(|l| l == line), "{line} is not in\n{csv}");
    }
    Ok(())
}

#[tokio::test]
async fn an_organization_is_set_up_once() -> Result {
    let (sandbox, folder) = (Sandbox::start().await?, folder("bootstrap")?);
    sandbox.seed(&Seed::new().user("alice").user("bob").user("carol"))?;
    let sample = run("bootstrap_organization", &["--sample"], &folder).await?;
    fs::write(folder.join("initech.toml"), &sample.ends_with(0).out)?;

    let seen = run_on(
        &sandbox,
        "bootstrap_organization",
        &["initech.toml"],
        &folder,
    )
    .await?;
    seen.ends_with(3).prints(&[
        "+ organization initech",
        "+ member of developers: alice",
        "+ initech+ci on initech/web: write",
        "17 differences",
    ]);
    assert_eq!(writes(&sandbox), 0, "a dry run changes nothing");
    let seen = run_on(
        &sandbox,
        "bootstrap_organization",
        &["initech.toml", "--apply"],
        &folder,
    )
    .await?;
    seen.ends_with(0)
        .prints(&["17 changes made, nothing left to do"]);
    let before = writes(&sandbox);
    for arguments in [&["initech.toml"][..], &["initech.toml", "--apply"]] {
        let seen = run_on(&sandbox, "bootstrap_organization", arguments, &folder).await?;
        seen.ends_with(0)
            .prints(&["nothing to do: initech is as initech.toml says"]);
    }
    assert_eq!(writes(&sandbox), before);

    // What was changed by hand is put right, and nothing else is touched.
    let web = sandbox.quay().repository("initech/web")?;
    web.permissions()
        .grant_team("developers", RepositoryRole::Admin)
        .await?;
    web.describe("Something else").await?;
    let seen = run_on(
        &sandbox,
        "bootstrap_organization",
        &["initech.toml", "--apply"],
        &folder,
    )
    .await?;
    seen.ends_with(0).prints(&[
        "~ repository initech/web: description",
        "~ team developers on initech/web: write",
        "2 changes made",
    ]);
    assert_eq!(
        web.permissions().team("developers").await?,
        RepositoryRole::Write
    );

    fs::write(
        folder.join("wrong.toml"),
        "organization = \"initech\"\nteems = 1\n",
    )?;
    let seen = run_on(&sandbox, "bootstrap_organization", &["wrong.toml"], &folder).await?;
    seen.ends_with(1);
    assert!(
        seen.err.contains("wrong.toml") && seen.err.contains("teems"),
        "{}",
        seen.err
    );
    Ok(())
}

#[tokio::test]
async fn an_organization_is_copied_to_another_server() -> Result {
    let (source, target, folder) = (
        Sandbox::demo().await?,
        Sandbox::start().await?,
        folder("copy")?,
    );
    let devs = Delegate::new("devs", PrincipalKind::Team);
    let permission = CreateDefaultPermission::new(RepositoryRole::Write, devs);
    source
        .quay()
        .organization("acme")?
        .default_permissions()
        .create(permission)
        .await?;
    let before = writes(&source);
    // Carol is not known there.
    target.seed(
        &Seed::new()
            .user("alice")
            .user("bob")
            .user("dave")
            .user("erin"),
    )?;
    let copy = async |arguments: &[&str]| {
        let mut command = pointed_at(&source, "copy_organization", arguments, &folder)?;
        let token = target.token(Sandbox::ADMIN).secret()?;
        command
            .env("TARGET_URL", target.quay().base_url())
            .env("TARGET_TOKEN", token.expose());
        finish(command).await
    };
    let arguments = ["acme", "--as", "acme-copy", "--apply"];
    copy(&arguments[..3]).await?.ends_with(3).prints(&[
        "+ organization acme-copy",
        "+ repository base/jre public",
        "+ team ops admin",
    ]);
    assert_eq!(writes(&target), 0, "a dry run changes nothing");
    let seen = copy(&arguments).await?;
    seen.ends_with(1).prints(&["1 failed"]);
    assert!(
        seen.err.contains("not copied: member of ops: carol"),
        "{}",
        seen.err
    );

    target.seed(&Seed::new().user("carol"))?;
    copy(&arguments)
        .await?
        .ends_with(0)
        .prints(&["1 of 1 parts copied"]);
    let seen = copy(&arguments).await?;
    seen.ends_with(0)
        .prints(&["nothing to do: acme-copy has everything that acme has"]);
    let robot = target
        .quay()
        .repository("acme-copy/web")?
        .permissions()
        .user("acme-copy+deploy")
        .await?;
    assert_eq!(robot.role, RepositoryRole::Read);
    assert_eq!(
        target
            .quay()
            .organization("acme-copy")?
            .default_permissions()
            .list()
            .await?
            .len(),
        1
    );
    assert_eq!(writes(&source), before, "the source is only read");
    Ok(())
}

#[tokio::test]
async fn a_watcher_sees_tags_come_move_and_go() -> Result {
    let (sandbox, folder) = (shop().await?, folder("watch")?);
    let arguments = ["shop/web", "--once", "--state", "web.json"];
    run_on(&sandbox, "watch_repository", &arguments, &folder)
        .await?
        .ends_with(0)
        .prints(&["12 tags seen for the first time"]);
    run_on(&sandbox, "watch_repository", &arguments, &folder)
        .await?
        .ends_with(0);

    let repository = sandbox.quay().repository("shop/web")?;
    let digest = async |tag: &str| -> Result<quay_api::types::Digest> {
        let tag = repository.tag(tag)?.get_opt().await?.ok_or("no such tag")?;
        Ok(tag.manifest_digest.ok_or("no digest")?.parse()?)
    };
    let (one, twelve) = (digest("v01").await?, digest("v12").await?);
    repository.tag("latest")?.point_to(&twelve).await?;
    repository.tag("v11")?.point_to(&one).await?;
    repository.tag("v05")?.delete().await?;
    let seen = run_on(&sandbox, "watch_repository", &arguments, &folder).await?;
    seen.ends_with(3)
        .prints(&["+ latest sha256:", "~ v11 sha256:", "- v05"]);
    assert_eq!(seen.out.lines().count(), 3, "{}", seen.out);

    // Through a server that is away for a moment.
    sandbox.fail("listRepoTags").status(503).times(20);
    let seen = run_on(
        &sandbox,
        "watch_repository",
        &["shop/web", "--every", "100ms", "--for", "2s"],
        &folder,
    )
    .await?;
    seen.ends_with(0).prints(&["stopped: 0 changes seen"]);
    Ok(())
}

/// A page of a log that has three entries a day, newest first, and two a page.
fn log_page(request: &RecordedRequest) -> Response {
    let day = |name: &str| {
        request
            .query(name)
            .and_then(|text| text.parse::<Timestamp>().ok())
            .map_or(0, |day| day.unix_seconds() / 86_400)
    };
    let (first, last) = (day("starttime"), day("endtime"));
    let entries = (first..=last).rev().flat_map(|day| {
        (0..3)
            .rev()
            .map(move |hour| Timestamp::from_unix_seconds(day * 86_400 + hour * 3600))
    });
    let start: usize = request
        .query("next_page")
        .and_then(|token| token.rsplit('.').next()?.parse().ok())
        .unwrap_or(0);
    let rows: Vec<Value> = entries
        .flatten()
        .skip(start)
        .take(2)
        .map(|moment| json!({"kind": "push_repo", "datetime": moment.to_string(), "metadata": {"repo": "web", "at": moment.to_string()}}))
        .collect();
    // The last page is always an empty one, and no token comes twice.
    let next = (!rows.is_empty()).then(|| format!("{first}.{last}.{}", start + 2));
    Response::json(200, &json!({"logs": rows, "next_page": next}))
}

#[tokio::test]
async fn logs_are_exported_to_the_last_entry_and_go_on_where_they_stopped() -> Result {
    let (sandbox, folder) = (shop().await?, folder("export")?);
    sandbox.answer_with("listOrgLogs", log_page);
    let lines = || -> Result<Vec<String>> {
        let text = fs::read_to_string(folder.join("logs.jsonl"))?;
        let entries: Vec<Value> = text
            .lines()
            .map(serde_json::from_str)
            .collect::<Result<_, _>>()?;
        Ok(entries
            .iter()
            .map(|entry| entry["datetime"].as_str().unwrap_or_default().to_owned())
            .collect())
    };
    let day = |number: u32| {
        (0..3)
            .rev()
            .map(move |hour| format!("2026-11-{number:02}T{hour:02}:00:00Z"))
    };
    let until = |day| {
        [
            "shop",
            "--to",
            "logs.jsonl",
            "--since",
            "2026-11-01",
            "--until",
            day,
        ]
    };

    // In the middle of the second day the server refuses.
    sandbox.fail("listOrgLogs").late().times(2);
    sandbox.fail("listOrgLogs").refuse(ErrorResponse::NotFound);
    let seen = run_on(&sandbox, "export_logs", &until("2026-11-04"), &folder).await?;
    seen.ends_with(1);
    assert!(
        seen.err
            .contains("stopped after 4 entries; another run goes on"),
        "{}",
        seen.err
    );
    let whole: Vec<String> = (1..=4).rev().flat_map(day).collect();
    assert_eq!(lines()?, whole[..4]);
    // A crash may have left more than the state knows of, even half a line.
    fs::write(
        folder.join("logs.jsonl"),
        fs::read_to_string(folder.join("logs.jsonl"))? + "{\"kind\": \"pu",
    )?;
    run_on(&sandbox, "export_logs", &until("2026-11-04"), &folder)
        .await?
        .ends_with(0)
        .prints(&["8 entries written to logs.jsonl, from 2026-11-01"]);
    assert_eq!(lines()?, whole);

    let asked = sandbox.requests().len();
    run_on(&sandbox, "export_logs", &until("2026-11-04"), &folder)
        .await?
        .ends_with(0)
        .prints(&["nothing to do"]);
    assert_eq!(
        sandbox.requests().len(),
        asked,
        "nothing is asked for twice"
    );
    // The next days are appended.
    run_on(&sandbox, "export_logs", &until("2026-11-06"), &folder)
        .await?
        .ends_with(0)
        .prints(&["6 entries written", "from 2026-11-05 to 2026-11-06"]);
    assert_eq!(
        lines()?,
        whole
            .into_iter()
            .chain((5..=6).rev().flat_map(day))
            .collect::<Vec<_>>()
    );

    // Nothing is written over, and nothing is mixed.
    let other = run_on(
        &sandbox,
        "export_logs",
        &["acme", "--to", "logs.jsonl"],
        &folder,
    )
    .await?;
    assert!(
        other
            .ends_with(1)
            .err
            .contains("logs.jsonl is the export of shop"),
        "{}",
        other.err
    );
    fs::remove_file(folder.join("logs.jsonl.state"))?;
    run_on(&sandbox, "export_logs", &until("2026-11-07"), &folder)
        .await?
        .ends_with(1);
    assert_eq!(lines()?.len(), 18);
    Ok(())
}

#[tokio::test]
async fn activity_is_counted_month_by_month_and_drawn() -> Result {
    let (sandbox, folder) = (shop().await?, folder("activity")?);
    sandbox.answer_with("getAggregateOrgLogs", |request| {
        let row = |kind: &str, count: u32, day: Option<String>| json!({"kind": kind, "count": count, "datetime": format!("{} 00:00:00", iso(&day.unwrap_or_default()))});
        let (first, last) = (request.query("starttime"), request.query("endtime"));
        let rows = [row("pull_repo", 7, first.clone()), row("push_repo", 2, first), row("delete_tag", 1, last.clone()), row("a_new_kind", 4, last)];
        Response::json(200, &json!({"aggregated": rows}))
    });
    let arguments = [
        "shop",
        "--days",
        "61",
        "--until",
        "2026-11-24",
        "--chart",
        "chart.svg",
    ];
    let seen = run_on(&sandbox, "activity_chart", &arguments, &folder).await?;
    // Three spans: thirty days, thirty days and one.
    seen.ends_with(0).prints(&[
        "pulls              21, most on 2026-",
        "pushes              6",
        "deletions           3",
        "other changes      12",
        "chart of 61 days",
    ]);
    let asked: Vec<_> = sandbox
        .requests_of("getAggregateOrgLogs")
        .iter()
        .filter_map(|r| Some((r.query("starttime")?, r.query("endtime")?)))
        .collect();
    for span in [
        ("09/25/2026", "10/24/2026"),
        ("10/25/2026", "11/23/2026"),
        ("11/24/2026", "11/24/2026"),
    ] {
        assert!(
            asked.contains(&(span.0.to_owned(), span.1.to_owned())),
            "{span:?} is not in {asked:?}"
        );
    }
    let svg = fs::read_to_string(folder.join("chart.svg"))?;
    for text in [
        "<svg ",
        "Activity in shop",
        "pulls",
        "deletions",
        "09-25",
        "</svg>",
    ] {
        assert!(svg.contains(text), "{text} is not in the chart");
    }
    run_on(
        &sandbox,
        "activity_chart",
        &["shop", "--days", "0"],
        &folder,
    )
    .await?
    .ends_with(2);
    run_on(
        &sandbox,
        "activity_chart",
        &["shop", "--chart", "no/such/folder.svg"],
        &folder,
    )
    .await?
    .ends_with(1);
    Ok(())
}

/// `2026-11-24` of `11/24/2026`.
fn iso(day: &str) -> String {
    let parts: Vec<&str> = day.split('/').collect();
    match parts[..] {
        [month, day, year] => format!("{year}-{month}-{day}"),
        _ => panic!("{day} is no day"),
    }
}

#[tokio::test]
async fn the_vulnerability_report_waits_for_scans_and_counts_by_severity() -> Result {
    let (sandbox, folder) = (shop().await?, folder("vulnerabilities")?);
    let digest = |tag: &str| format!("/manifest/{tag}");
    let newest = sandbox
        .quay()
        .repository("shop/web")?
        .tag("v12")?
        .get_opt()
        .await?
        .and_then(|tag| tag.manifest_digest)
        .ok_or("no v12")?;
    let asked = AtomicUsize::new(0);
    sandbox.answer_with("getRepoManifestSecurity", move |request| {
        let is_newest = request.path.contains(&digest(&newest));
        // The newest is scanned when it is asked for the second time.
        if is_newest && asked.fetch_add(1, Ordering::SeqCst) == 0 {
            return Response::json(200, &json!({"status": "queued", "data": null}));
        }
        let found =
            |name: &str, severity: &str, fixed_by: &str| json!({"Name": name, "Severity": severity, "FixedBy": fixed_by, "Metadata": {}});
        let mut vulnerabilities = vec![found("CVE-1", "High", "3.0.2"), found("CVE-2", "Low", "")];
        if is_newest {
            vulnerabilities.push(found("CVE-3", "Medium", "1.1"));
        }
        let feature = json!({"Name": "openssl", "Version": "3.0.1", "Vulnerabilities": vulnerabilities});
        Response::json(200, &json!({"status": "scanned", "data": {"Layer": {"Features": [feature]}}}))
    });
    let arguments = ["shop", "--newest", "2", "--chart", "chart.svg"];
    let seen = run_on(
        &sandbox,
        "vulnerability_report",
        &[&arguments[..], &["--fail-on", "Critical"]].concat(),
        &folder,
    )
    .await?;
    seen.ends_with(0)
        .prints(&["2 tags, 0 not scanned yet, 2 would be better off with an update"]);
    let row = |tag: &str| {
        seen.out
            .lines()
            .find(|line| line.contains(tag))
            .map(|line| line.split_whitespace().skip(1).collect::<Vec<_>>())
            .unwrap_or_default()
    };
    // Status, critical, high, medium, low, other, fixable.
    assert_eq!(
        row("shop/web:v12"),
        ["scanned", "0", "1", "1", "1", "0", "2"]
    );
    assert_eq!(
        row("shop/web:v11"),
        ["scanned", "0", "1", "0", "1", "0", "1"]
    );
    assert!(!seen.out.contains("v10"), "only the newest are looked at");
    let listed = sandbox
        .requests_of("listRepoTags")
        .into_iter()
        .filter(|request| request.query("specificTag").is_none());
    assert_eq!(listed.count(), 1, "one page is enough for the newest");
    let svg = fs::read_to_string(folder.join("chart.svg"))?;
    assert!(svg.contains("Vulnerabilities in shop") && svg.contains("</svg>"));
    run_on(
        &sandbox,
        "vulnerability_report",
        &["shop", "--fail-on", "High"],
        &folder,
    )
    .await?
    .ends_with(3);
    run_on(
        &sandbox,
        "vulnerability_report",
        &["shop", "--fail-on", "Terrible"],
        &folder,
    )
    .await?
    .ends_with(2);

    // Time is over before the scanner is done, and: there is no scanner.
    sandbox.answer_with("getRepoManifestSecurity", |_| {
        Response::json(200, &json!({"status": "queued", "data": null}))
    });
    let seen = run_on(
        &sandbox,
        "vulnerability_report",
        &["shop", "--newest", "1", "--wait", "0s"],
        &folder,
    )
    .await?;
    seen.ends_with(0).prints(&["1 tags, 1 not scanned yet"]);
    sandbox.answer_with("getRepoManifestSecurity", |_| {
        Response::text(404, "text/html", "<html></html>")
    });
    let seen = run_on(&sandbox, "vulnerability_report", &["shop"], &folder).await?;
    seen.ends_with(1);
    assert!(seen.err.contains("its feature is off"), "{}", seen.err);
    assert_eq!(writes(&sandbox), 0);
    Ok(())
}

#[tokio::test]
async fn the_storage_report_warns_of_full_quotas() -> Result {
    let (sandbox, folder) = (shop().await?, folder("storage")?);
    let quota = json!([{"id": 1, "limit_bytes": 15 << 20, "limit": "15.0 MiB", "default_config": false, "default_config_exists": false,
        "limits": [{"id": 1, "type": "Warning", "limit_percent": 70}, {"id": 2, "type": "Reject", "limit_percent": 100}]}]);
    sandbox.answer_with("listOrganizationQuota", move |_| {
        Response::json(200, &quota)
    });
    let arguments = ["shop", "--chart", "chart.svg", "--warn-at"];
    let seen = run_on(
        &sandbox,
        "storage_report",
        &[&arguments[..], &["90"]].concat(),
        &folder,
    )
    .await?;
    seen.ends_with(0).prints(&[
        "shop/web",
        "12 MiB",
        "15 MiB",
        "80.0 %",
        "warning at 70 %, full at 100 %",
    ]);
    let seen = run_on(
        &sandbox,
        "storage_report",
        &[&arguments[..], &["75"]].concat(),
        &folder,
    )
    .await?;
    seen.ends_with(3)
        .prints(&["warning: shop has taken 80 % of its quota"]);
    let svg = fs::read_to_string(folder.join("chart.svg"))?;
    assert!(
        svg.contains("80 %, 12 MiB of 15 MiB")
            && svg.contains("shop/web")
            && svg.contains("</svg>")
    );
    run_on(&sandbox, "storage_report", &["nobody"], &folder)
        .await?
        .ends_with(1);
    run_on(&sandbox, "storage_report", &["--all"], &folder)
        .await?
        .ends_with(0)
        .prints(&["shop"]);
    assert_eq!(writes(&sandbox), 0);
    Ok(())
}

#[tokio::test]
async fn the_embedded_server_shows_each_job() -> Result {
    let folder = folder("embedded")?;
    let watch = run(
        "watch_repository",
        &["acme/web", "--every", "100ms", "--for", "3s"],
        &folder,
    )
    .await?;
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
        .prints(&["17 changes made, nothing left to do"]);
    let copy = run(
        "copy_organization",
        &["--as", "acme-copy", "--apply"],
        &folder,
    )
    .await?;
    // The second server does not know the people.
    copy.ends_with(1)
        .prints(&["+ organization acme-copy", "parts copied"]);
    assert!(
        copy.err.lines().all(|line| line.starts_with("not copied: ")
            && (line.contains("Unknown user") || line.contains("Invalid username"))),
        "{}",
        copy.err
    );
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
