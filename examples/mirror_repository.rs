//! Creates or changes a repository that mirrors a repository of another registry.
//!
//! - Requires: a token with the scopes `repo:create`, `repo:admin` and `org:admin`.
//! - Prints: the mirror, and whether it was created, updated or unchanged. If the server rejects
//!   it, the other changes of the run are undone.
//! - Exit codes: 0 success, 1 failure, 2 usage error.
//!
//! ```sh
//! cargo run --example mirror_repository
//! cargo run --example mirror_repository -- acme/alpine docker.io/library/alpine \
//!     --tag 'v*' --tag latest --robot acme+mirror --every 6 \
//!     --username reader --password-file password --sync
//! ```

#[macro_use]
mod support;

use anyhow::{Context, Result, bail};
use clap::Parser;
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt};
use quay_api::Quay;
use quay_api::testing::Server;
use quay_api::types::{
    CreateMirror, CreateRepository, CreateRobot, MirrorRegistryConfig, MirrorRule, RepositoryName,
    RepositoryState, RobotName, Timestamp, UpdateMirror, Visibility,
};
use std::path::PathBuf;
use std::process::ExitCode;

/// Creates or changes a mirror of a repository of another registry
#[derive(Parser)]
#[command(after_help = support::SERVER)]
struct Options {
    /// The mirror, created if it does not exist
    #[arg(default_value = "acme/alpine")]
    repository: RepositoryName,
    /// The mirrored repository
    #[arg(default_value = "docker.io/library/alpine")]
    source: String,
    /// Tag pattern (v1.*); repeatable
    #[arg(long = "tag", value_name = "PATTERN", default_value = "latest")]
    tags: Vec<String>,
    /// Robot that pushes [default: NAMESPACE+mirror]
    #[arg(long)]
    robot: Option<RobotName>,
    /// Hours between synchronizations
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u32).range(1..=8760))]
    every: u32,
    /// User name at the other registry
    #[arg(long, requires = "password_file")]
    username: Option<String>,
    /// File with the password of that user
    #[arg(long, value_name = "FILE", requires = "username")]
    password_file: Option<PathBuf>,
    /// Architecture to mirror; repeatable [default: all]
    #[arg(long = "architecture", value_name = "NAME")]
    architectures: Vec<String>,
    /// Accept any certificate of the other registry
    #[arg(long)]
    insecure: bool,
    /// Start a synchronization immediately
    #[arg(long)]
    sync: bool,
    /// Change nothing; print what would be done
    #[arg(long)]
    dry_run: bool,
}

/// Steps that undo the changes of this run, in the order of the changes.
type Undo = Vec<BoxFuture<'static, quay_api::Result<()>>>;

#[tokio::main]
async fn main() -> ExitCode {
    support::exit_code(run(Options::parse()).await)
}

async fn run(options: Options) -> Result<ExitCode> {
    let (name, source) = (&options.repository, &options.source);
    let namespace = name.namespace();
    let default = || RobotName::within(namespace, "mirror");
    let robot = options.robot.clone().map_or_else(default, Ok)?;
    if robot.owner() != namespace {
        bail!("the robot account must belong to {namespace}, got {robot}");
    }
    let wanted = request(&options, &robot)?;
    let server = Server::from_env_or_sandbox().await?;
    let quay = server.quay();
    let repository = quay.repository(name)?;
    let mirror = repository.mirror();

    let has_repository = repository.get_opt().await?.is_some();
    let has_mirror = has_repository && mirror.get_opt().await?.is_some();
    if has_repository && !has_mirror {
        let mut tags = repository.tags().list().active().stream();
        if tags.next().await.transpose()?.is_some() {
            bail!("{name} has tags, which a mirror would delete");
        }
    }
    if options.dry_run {
        let account = quay.organization(namespace)?.robot(&robot)?;
        let fate = |exists| if exists { "exists" } else { "would be created" };
        println!("repository {name}: {}", fate(has_repository));
        println!(
            "robot account {robot}: {}",
            fate(account.get_opt().await?.is_some())
        );
        match has_mirror {
            true => println!(
                "mirror: would be {}",
                mirror.ensure(wanted).dry_run().await?
            ),
            false => println!("mirror of {source}: would be created"),
        }
        return Ok(ExitCode::SUCCESS);
    }

    let mut undo = Undo::new();
    let ensured = async {
        prepare(quay, name, &robot, &mut undo).await?;
        mirror.ensure(wanted.clone()).await
    };
    let ensured = match ensured.await {
        Ok(ensured) => ensured,
        Err(error) => {
            // The server may have created the mirror although it reported an error.
            if error.may_have_been_done() && !matches!(mirror.get_opt().await, Ok(None)) {
                return Err(error.into());
            }
            while let Some(step) = undo.pop() {
                let undone = step.await;
                undone.with_context(|| format!("not all changes were undone after: {error}"))?;
            }
            return Err(error.into());
        }
    };
    // The server returns no password to compare with, so it is sent again.
    if has_mirror && options.username.is_some() {
        let mut update = UpdateMirror::new();
        update.external_registry_username = wanted.external_registry_username;
        update.external_registry_password = wanted.external_registry_password;
        mirror.update(update).await?;
    }
    if options.sync {
        mirror.sync_now().await?;
    }
    println!("{name} mirrors {source} as {robot}: {ensured}");
    Ok(ExitCode::SUCCESS)
}

/// Returns the settings of the mirror.
fn request(options: &Options, robot: &RobotName) -> Result<CreateMirror> {
    let rule = MirrorRule::tags(&options.tags);
    let seconds = i64::from(options.every) * 3600;
    let mut request = CreateMirror::new(&options.source, Timestamp::now(), seconds, rule)
        .robot_username(robot.to_string())
        .is_enabled(true);
    if let (Some(username), Some(path)) = (&options.username, &options.password_file) {
        request = request
            .external_registry_username(username)
            .external_registry_password(support::read_secret(path)?);
    }
    if !options.architectures.is_empty() {
        let names = options.architectures.iter();
        request = request.architecture_filter(names.map(|name| name.to_ascii_lowercase()));
    }
    let config = MirrorRegistryConfig::new().verify_tls(!options.insecure);
    Ok(request.external_registry_config(config))
}

/// Creates the repository, sets its state to `MIRROR`, and creates the robot account.
async fn prepare(
    quay: &Quay,
    name: &RepositoryName,
    robot: &RobotName,
    undo: &mut Undo,
) -> quay_api::Result<()> {
    let repository = quay.repository(name)?;
    let request =
        CreateRepository::new(name.name(), Visibility::Private, "").namespace(name.namespace());
    let created = quay.repositories().create_if_absent(request).await?;
    if created.is_some() {
        let created = repository.clone();
        undo.push(async move { created.delete().await }.boxed());
    }
    let request = CreateRobot::new().description("Pushes what is mirrored");
    let robots = quay.organization(robot.owner())?.robots();
    let created = robots.create_if_absent(robot.short(), request).await?;
    if created.is_some() {
        let created = quay.organization(robot.owner())?.robot(robot)?;
        undo.push(async move { created.delete().await }.boxed());
    }
    let state = repository.get().await?.state;
    if state != Some(RepositoryState::Mirror) {
        repository.set_state(RepositoryState::Mirror).await?;
        let before = state.unwrap_or(RepositoryState::Normal);
        undo.push(async move { repository.set_state(before).await }.boxed());
    }
    Ok(())
}
