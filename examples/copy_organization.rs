//! Copies the set-up of an organization to another server: teams and members, robot accounts,
//! repositories, permissions and default permissions. No images, and no tokens.
//!
//! It first shows what the target lacks or has otherwise, and changes nothing without `--apply`.
//! What the target has beyond that is left alone. What can't be copied, such as the membership of
//! somebody whom the target does not know, is reported, and the rest goes on. A second run has
//! nothing to do.
//!
//! The source is the server of `QUAY_URL` and `QUAY_TOKEN`, whose token needs the scopes
//! `org:admin` and `repo:admin`; the target that of `TARGET_URL` and `TARGET_TOKEN`, with
//! `org:admin`, `repo:admin` and `repo:create`, and `user:admin` for a new organization. Without
//! `QUAY_URL` both are embedded servers.
//!
//! ```sh
//! cargo run --example copy_organization -- acme --as acme-copy --apply
//! QUAY_URL=https://quay.io QUAY_TOKEN=… TARGET_URL=https://quay.example.com TARGET_TOKEN=… \
//!     cargo run --example copy_organization -- acme
//! ```
//!
//! Exit codes: 0 done, or nothing to do, 1 failed, or something could not be copied, 2 bad usage, 3
//! without `--apply`: there are differences.

use anyhow::{Context, Result, bail};
use clap::Parser;
use futures::{StreamExt, TryStreamExt, stream};
use indicatif::{ProgressBar, ProgressStyle};
use quay_api::Quay;
use quay_api::api::OrganizationHandle;
use quay_api::testing::{Sandbox, Server};
use quay_api::types::{
    ActivatingUser, CreateDefaultPermission, CreateOrganization, CreateRepository, CreateRobot,
    CreateTeam, Delegate, PrincipalKind, RepositoryName, RepositoryRole, TeamRole, UpdateTeam,
    Visibility,
};
use std::collections::BTreeMap;
use std::fmt;
use std::process::ExitCode;

/// Copies the set-up of an organization to another server
#[derive(Parser)]
#[command(
    after_help = "Source: QUAY_URL and QUAY_TOKEN. Target: TARGET_URL and TARGET_TOKEN. Both are \
                  embedded if QUAY_URL is not set."
)]
struct Options {
    /// The organization on the source
    #[arg(default_value = "acme")]
    organization: String,
    /// Its name on the target, if another
    #[arg(long = "as", value_name = "NAME")]
    new_name: Option<String>,
    /// Make the changes; without this, only show them
    #[arg(long)]
    apply: bool,
}

/// A part of an organization. They are copied in this order: a permission needs the team that it is
/// for. Robot accounts are named without their organization: `+ci`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Robot(String),
    Team(String),
    Member {
        team: String,
        name: String,
    },
    Repository(String),
    UserPermission {
        repository: String,
        name: String,
    },
    TeamPermission {
        repository: String,
        team: String,
    },
    DefaultPermission {
        delegate: String,
        is_team: bool,
        creator: Option<String>,
    },
}

/// The settings of a part.
#[derive(Default, PartialEq)]
struct Details {
    /// The role or the visibility, where the part has one.
    value: String,
    description: String,
}

type Setup = BTreeMap<Part, Details>;

#[tokio::main]
async fn main() -> ExitCode {
    run(Options::parse()).await.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

async fn run(options: Options) -> Result<ExitCode> {
    let server = Server::from_env_or_sandbox().await?;
    // The sandbox runs until it is dropped.
    let second = if server.sandbox().is_some() {
        Some(Sandbox::start().await?)
    } else {
        None
    };
    let target = match &second {
        Some(sandbox) => sandbox.quay().clone(),
        None => {
            let variable = |name| {
                std::env::var(name).with_context(|| format!("{name} has to name the target"))
            };
            Quay::builder()
                .base_url(variable("TARGET_URL")?)
                .token(variable("TARGET_TOKEN")?)
                .build()?
        }
    };
    let source = server.quay().organization(&options.organization)?;
    let new_name = options.new_name.as_deref().unwrap_or(&options.organization);
    let copy = target.organization(new_name)?;

    let organization = source
        .get()
        .await
        .with_context(|| format!("the source has no organization {}", options.organization))?;
    let wanted = read(server.quay(), &source)
        .await
        .context("the source can't be read")?;
    let is_new = copy.get_opt().await?.is_none();
    let present = if is_new {
        Setup::new()
    } else {
        read(&target, &copy)
            .await
            .context("the target can't be read")?
    };

    if is_new {
        println!("+ organization {new_name}");
    }
    let differences: Vec<_> = wanted
        .iter()
        .filter(|(part, details)| present.get(part) != Some(details))
        .collect();
    for (part, details) in &differences {
        let line = format!(
            "{} {part} {}",
            if present.contains_key(part) { '~' } else { '+' },
            details.value
        );
        println!("{}", line.trim_end());
    }
    if differences.is_empty() && !is_new {
        println!(
            "nothing to do: {new_name} has everything that {} has",
            options.organization
        );
        return Ok(ExitCode::SUCCESS);
    }
    if !options.apply {
        println!(
            "{} differences; --apply removes them",
            differences.len() + usize::from(is_new)
        );
        return Ok(ExitCode::from(3));
    }

    if is_new {
        let request = CreateOrganization::new(new_name);
        let email = organization.email.filter(|email| !email.is_empty());
        target
            .organizations()
            .create(email.map_or(request.clone(), |email| request.email(email)))
            .await?;
    }
    let bar = ProgressBar::new(differences.len() as u64)
        .with_style(ProgressStyle::with_template("{bar:40} {pos}/{len} {msg}")?);
    let (all, mut copied, mut failed) = (differences.len(), 0, 0);
    let mut parts = stream::iter(differences).take_until(Box::pin(tokio::signal::ctrl_c()));
    while let Some((part, details)) = parts.next().await {
        match write(&target, &copy, part, details).await {
            Ok(()) => copied += 1,
            // In a new organization the caller is an owner already.
            Err(error)
                if error
                    .downcast_ref()
                    .is_some_and(quay_api::Error::is_already_exists) =>
            {
                copied += 1
            }
            Err(error) => {
                failed += 1;
                bar.suspend(|| eprintln!("not copied: {part}: {error:#}"));
            }
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    println!("{copied} of {all} parts copied, {failed} failed");
    if copied + failed < all {
        println!("stopped: run it again to go on");
    }
    Ok(if copied == all {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Reads everything of an organization that is copied.
async fn read(quay: &Quay, organization: &OrganizationHandle) -> Result<Setup> {
    let mut setup = Setup::new();
    let local = |name: &str| match name.split_once('+') {
        Some((owner, short)) if owner == organization.name() => format!("+{short}"),
        _ => name.to_owned(),
    };
    for robot in organization.robots().list().await? {
        let details = Details {
            description: robot.description.unwrap_or_default(),
            ..Details::default()
        };
        setup.insert(Part::Robot(local(robot.name.as_str())), details);
    }
    for team in organization.teams().list().await? {
        for member in organization
            .team(&team.name)?
            .members()
            .list()
            .with_invited()
            .await?
            .into_iter()
            .filter_map(|member| member.name)
        {
            setup.insert(
                Part::Member {
                    team: team.name.clone(),
                    name: local(&member),
                },
                Details::default(),
            );
        }
        let details = Details {
            value: team.role.to_string(),
            description: team.description.unwrap_or_default(),
        };
        setup.insert(Part::Team(team.name), details);
    }
    // Permissions take two requests for each repository: four repositories at once.
    let repositories = quay
        .repositories()
        .list()
        .namespace(organization.name())
        .stream();
    let permissions = repositories.map_ok(|repository| async move {
        let handle = quay.repository(&repository)?;
        let (users, teams) = tokio::try_join!(
            handle.user_permissions().list(),
            handle.team_permissions().list()
        )?;
        Ok((repository, users, teams))
    });
    let mut permissions = permissions.try_buffer_unordered(4);
    while let Some((repository, users, teams)) = permissions.try_next().await? {
        let role = |role: RepositoryRole| Details {
            value: role.into(),
            ..Details::default()
        };
        for user in users {
            setup.insert(
                Part::UserPermission {
                    repository: repository.name.clone(),
                    name: local(&user.name),
                },
                role(user.role),
            );
        }
        for team in teams {
            setup.insert(
                Part::TeamPermission {
                    repository: repository.name.clone(),
                    team: team.name,
                },
                role(team.role),
            );
        }
        let visibility = if repository.is_public {
            Visibility::Public
        } else {
            Visibility::Private
        };
        let details = Details {
            value: visibility.into(),
            description: repository.description.unwrap_or_default(),
        };
        setup.insert(Part::Repository(repository.name), details);
    }
    for default in organization.default_permissions().list().await? {
        let is_team = default.delegate.kind == Some(PrincipalKind::Team);
        let creator = default.activating_user.map(|user| local(&user.name));
        let details = Details {
            value: default.role.into(),
            ..Details::default()
        };
        setup.insert(
            Part::DefaultPermission {
                delegate: local(&default.delegate.name),
                is_team,
                creator,
            },
            details,
        );
    }
    Ok(setup)
}

/// Creates or changes one part of the target.
async fn write(
    quay: &Quay,
    organization: &OrganizationHandle,
    part: &Part,
    details: &Details,
) -> Result<()> {
    let full = |name: &str| {
        if name.starts_with('+') {
            format!("{}{name}", organization.name())
        } else {
            name.to_owned()
        }
    };
    let Details { value, description } = details;
    let repository =
        |name: &str| anyhow::Ok(quay.repository(&RepositoryName::new(organization.name(), name)?)?);
    match part {
        Part::Robot(name) => {
            let created = organization
                .robots()
                .create_if_absent(full(name), CreateRobot::new().description(description))
                .await?;
            // The server has no call that changes a robot account.
            if created.is_none() {
                bail!("the description of a robot account can't be changed");
            }
        }
        Part::Team(name) => {
            let role = TeamRole::from(value.as_str());
            let request = CreateTeam::new(role.clone()).description(description);
            let created = organization.teams().create_if_absent(name, request).await?;
            if created.is_none() {
                let update = UpdateTeam::new(role).description(description);
                organization.team(name)?.update(update).await?;
            }
        }
        Part::Member { team, name } => drop(
            organization
                .team(team)?
                .members()
                .create(full(name))
                .await?,
        ),
        Part::Repository(name) => {
            let visibility = Visibility::from(value.as_str());
            let request = CreateRepository::new(name, visibility.clone(), description)
                .namespace(organization.name());
            if quay
                .repositories()
                .create_if_absent(request)
                .await?
                .is_none()
            {
                repository(name)?.set_visibility(visibility).await?;
                repository(name)?.set_description(description).await?;
            }
        }
        Part::UserPermission {
            repository: name,
            name: user,
        } => {
            repository(name)?
                .user_permission(full(user))?
                .set(RepositoryRole::from(value.as_str()))
                .await?;
        }
        Part::TeamPermission {
            repository: name,
            team,
        } => {
            repository(name)?
                .team_permission(team)?
                .set(RepositoryRole::from(value.as_str()))
                .await?;
        }
        Part::DefaultPermission {
            delegate,
            is_team,
            creator,
        } => {
            let (defaults, role) = (
                organization.default_permissions(),
                RepositoryRole::from(value.as_str()),
            );
            let (delegate, creator) = (full(delegate), creator.as_deref().map(full));
            let known = defaults.list().await?;
            let same = known.iter().find(|d| {
                d.delegate.name == delegate
                    && d.activating_user.as_ref().map(|user| &user.name) == creator.as_ref()
            });
            if let Some(same) = same {
                let rule = organization.default_permission(&same.id)?;
                rule.set_role(role).await?;
            } else {
                let kind = if *is_team {
                    PrincipalKind::Team
                } else {
                    PrincipalKind::User
                };
                let request = CreateDefaultPermission::new(role, Delegate::new(delegate, kind));
                defaults
                    .create(creator.map_or(request.clone(), |user| {
                        request.activating_user(ActivatingUser::new(user))
                    }))
                    .await?;
            }
        }
    }
    Ok(())
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Robot(name) => write!(f, "robot account {name}"),
            Self::Team(name) => write!(f, "team {name}"),
            Self::Member { team, name } => write!(f, "member of {team}: {name}"),
            Self::Repository(name) => write!(f, "repository {name}"),
            Self::UserPermission { repository, name } => {
                write!(f, "permission on {repository}: {name}")
            }
            Self::TeamPermission { repository, team } => {
                write!(f, "permission on {repository}: team {team}")
            }
            Self::DefaultPermission {
                delegate,
                creator: None,
                ..
            } => write!(f, "default permission: {delegate}"),
            Self::DefaultPermission {
                delegate,
                creator: Some(creator),
                ..
            } => write!(f, "default permission of {creator}'s: {delegate}"),
        }
    }
}
