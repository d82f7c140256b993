//! Runs the examples as programs, and checks their output, files and exit codes.
//!
//! Most tests start a sandbox and set `QUAY_URL` to it, so that the test can read the server's
//! state, and a second run finds the changes of the first one.

mod conventions;
mod first_look;
mod headers;
#[cfg(unix)]
mod interrupts;
mod janitor;
mod log_follow;
mod maintenance;
mod observability;
mod organizations;
#[cfg(unix)]
mod pushed_again;
mod rejected_steps;
mod reports;
mod secret_files;
mod usage;
mod webhooks;

use quay_api::testing::Sandbox;
use quay_api::testing::seed::{OrganizationSeed, RepositorySeed, RobotSeed, Seed, TagSeed};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

type Result<T = (), E = Box<dyn std::error::Error>> = std::result::Result<T, E>;

/// The exit code and the output of a program.
struct Run {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Run {
    /// Checks the exit code.
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

    /// Checks that all of these are printed.
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
            "{} does not exist; run `cargo build --examples`",
            path.display()
        )
        .into())
    }
}

/// A command without the variables that name a server in the environment.
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

/// Runs a command. The runtime of the test serves the sandbox in the meantime.
async fn finish(mut command: Command) -> Result<Run> {
    let output = tokio::task::spawn_blocking(move || command.output()).await??;
    let text = |bytes| String::from_utf8(bytes);
    Ok(Run {
        code: output.status.code(),
        out: text(output.stdout)?,
        err: text(output.stderr)?,
    })
}

/// Runs an example on its embedded server.
async fn run(name: &str, arguments: &[&str], folder: &Path) -> Result<Run> {
    finish(command(name, arguments, folder)?).await
}

/// Runs an example on a sandbox of the test.
async fn run_on(sandbox: &Sandbox, name: &str, arguments: &[&str], folder: &Path) -> Result<Run> {
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

/// Creates an empty folder for one test.
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

/// Counts the writing requests that a server has received.
fn writes(sandbox: &Sandbox) -> usize {
    sandbox
        .requests()
        .iter()
        .filter(|request| request.method != "GET")
        .count()
}

/// An organization with twelve tags, pushed a day apart, `v01` the oldest.
async fn shop() -> Result<Sandbox> {
    let sandbox = Sandbox::start().await?;
    let now = sandbox.clock().now();
    let mut repository = RepositorySeed::new("shop/web").description("The web site");
    for day in 1..=12_u64 {
        let pushed = now
            .checked_sub(Duration::from_secs((12 - day) * 86_400 + 60))
            .ok_or("no such time")?;
        repository = repository.tag(
            TagSeed::new(format!("v{day:02}"), 1 << 20)
                .pushed(pushed)
                .image(format!("image {day}")),
        );
    }
    let shop = OrganizationSeed::new("shop")
        .robot(RobotSeed::new("ci").description("Pushes"))
        .robot(RobotSeed::new("deploy"));
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
