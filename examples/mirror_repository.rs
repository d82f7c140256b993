//! A repository that mirrors one of another registry: with what is needed and no more, or with
//! everything that can be set.
//!
//! The token needs the scope `repo:admin`. The server needs its mirroring feature.
//!
//! ```sh
//! cargo run --example mirror_repository
//! cargo run --example mirror_repository -- acme/alpine docker.io/library/alpine \
//!     --tag 'v*' --tag latest --robot acme+mirror --every 6 \
//!     --username reader --password-file password --architecture amd64 --sync
//! ```
//!
//! Exit codes: 0 done, 1 failed, 2 bad usage.

use anyhow::Context;
use clap::Parser;
use quay_api::testing::Server;
use quay_api::types::{
    CreateMirror, CreateRepository, CreateRobot, MirrorRegistryConfig, MirrorRule, RepositoryName,
    RepositoryState, RobotName, Secret, Timestamp, UpdateMirror, Visibility,
};
use std::path::PathBuf;

/// Makes a repository that mirrors one of another registry.
#[derive(Parser)]
struct Options {
    /// The repository that is to be a mirror; made if it is not there
    #[arg(default_value = "acme/alpine")]
    repository: RepositoryName,
    /// The repository that it mirrors
    #[arg(default_value = "docker.io/library/alpine")]
    source: String,
    /// Which tags: patterns as a shell has them
    #[arg(long = "tag", default_value = "latest")]
    tags: Vec<String>,
    /// The robot account that writes what is mirrored; made if it is not there
    #[arg(long, default_value = "acme+mirror")]
    robot: RobotName,
    /// Hours between two synchronisations
    #[arg(long, default_value_t = 24)]
    every: u32,
    /// The user name at the other registry
    #[arg(long, requires = "password_file")]
    username: Option<String>,
    /// A file with the password for it
    #[arg(long)]
    password_file: Option<PathBuf>,
    /// Only these architectures of images that are there for several
    #[arg(long = "architecture")]
    architectures: Vec<String>,
    /// Accepts any certificate of the other registry
    #[arg(long)]
    insecure: bool,
    /// Begins at once
    #[arg(long)]
    sync: bool,
    /// Says what would be done, and does nothing
    #[arg(long)]
    dry_run: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let server = Server::from_env_or_sandbox().await?;
    let quay = server.quay();
    let name = &options.repository;
    let repository = quay.repository(name.clone())?;
    if options.dry_run {
        println!(
            "{name} would mirror {}, tags {}, every {} hours",
            options.source,
            options.tags.join(", "),
            options.every
        );
        return Ok(());
    }

    // The repository, in the state that takes no pushes but the mirror's own; and the robot account
    // that makes them.
    let request =
        CreateRepository::new(name.name(), Visibility::Private, "").namespace(name.namespace());
    quay.repositories().create_if_absent(request).await?;
    let robots = quay.organization(options.robot.owner())?.robots();
    let robot = CreateRobot::new().description("writes what is mirrored");
    robots
        .create_if_absent(options.robot.short(), robot)
        .await?;
    repository.set_state(RepositoryState::Mirror).await?;

    // The required settings of a mirror.
    let rule = MirrorRule::tags(&options.tags);
    let minimal = CreateMirror::new(
        &options.source,
        Timestamp::now(),
        i64::from(options.every) * 3600,
        rule,
    )
    .robot_username(options.robot.to_string());
    match repository.mirror().create(minimal).await {
        Ok(mirror) => println!("{name} mirrors {}", mirror.external_reference),
        Err(error) if error.is_conflict() => println!("{name} is a mirror already"),
        Err(error) => return Err(error.into()),
    }

    // Other operations of a mirror.
    let mut extended = UpdateMirror::new().is_enabled(true);
    if let (Some(username), Some(file)) = (&options.username, &options.password_file) {
        let password = std::fs::read_to_string(file)
            .with_context(|| format!("{} can't be read", file.display()))?;
        extended = extended
            .external_registry_username(username)
            .external_registry_password(Secret::from(password.trim()));
    }
    if !options.architectures.is_empty() {
        extended = extended.architecture_filter(&options.architectures);
    }
    if options.insecure {
        extended = extended.external_registry_config(MirrorRegistryConfig::new().verify_tls(false));
    }
    repository.mirror().update(extended).await?;
    if options.sync {
        repository.mirror().sync_now().await?;
    }
    let mirror = repository.mirror().get().await?;
    println!(
        "enabled: {}, status: {}, every {} s, as {}",
        mirror.is_enabled, mirror.sync_status, mirror.sync_interval, options.robot
    );
    Ok(())
}
