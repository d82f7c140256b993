//! Lists the permissions in an organization: users, teams and robot accounts on each repository.
//!
//! - Requires: a token with the scopes `org:admin` and `repo:admin`. It changes nothing.
//! - Prints: a line for each team and each repository. `@devs` is a team, `+ci` a robot account,
//!   and `erin!` a user who is not a member of the organization. The CSV file has a line for each
//!   permission on a repository, and one for each member of a team that has one.
//! - Exit codes: 0 success, 1 failure, 2 usage error, 3 with `--check` if there are findings.
//!
//! ```sh
//! cargo run --example audit_permissions -- acme --csv audit.csv
//! QUAY_URL=https://quay.example.com QUAY_TOKEN=… \
//!     cargo run --example audit_permissions -- acme --check
//! ```

#[macro_use]
mod support;
#[path = "support/table.rs"]
mod table;

use anyhow::{Context, Result};
use clap::Parser;
use futures::TryStreamExt;
use quay_api::Quay;
use quay_api::testing::Server;
use quay_api::types::{RepositoryRole, RepositorySummary, TeamMember, TeamRole};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use table::table;

/// Lists the permissions in an organization
#[derive(Parser)]
#[command(after_help = support::SERVER)]
struct Options {
    /// The organization
    #[arg(default_value = "acme")]
    organization: String,
    /// Also write each permission to this CSV file
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Exit with 3 if a robot account has the role admin, or a
    /// user outside the organization may write
    #[arg(long, verbatim_doc_comment)]
    check: bool,
}

/// One line of the CSV.
#[derive(serde::Serialize)]
struct Grant {
    repository: String,
    visibility: &'static str,
    name: String,
    kind: &'static str,
    role: RepositoryRole,
    /// Empty for a direct permission, otherwise the team that has it.
    through_team: String,
    outside: bool,
}

/// The roles and members of the teams, by their names.
type Teams = BTreeMap<String, (TeamRole, Vec<TeamMember>)>;

#[tokio::main]
async fn main() -> ExitCode {
    support::exit_code(run(Options::parse()).await)
}

async fn run(options: Options) -> Result<ExitCode> {
    let server = Server::from_env_or_sandbox().await?;
    let organization = server.quay().organization(&options.organization)?;
    let mut teams = Teams::new();
    for team in organization.teams().list().await.context("the teams")? {
        let members = organization.team(&team.name)?.members().list().await?;
        teams.insert(team.name, (team.role, members));
    }
    let repositories = organization.repositories().list().stream();
    let grants: Vec<Grant> = repositories
        .map_err(anyhow::Error::from)
        .map_ok(|repository| grants(server.quay(), repository, &teams))
        .try_buffered(4)
        .try_concat()
        .await?;
    let is_own = |grant: &&Grant| grant.through_team.is_empty();
    let own: Vec<&Grant> = grants.iter().filter(is_own).collect();

    print_teams(&teams);
    print_repositories(&own);
    for outsider in organization.collaborators().await? {
        let repositories = outsider.repositories.join(", ");
        println!("outside collaborator: {} on {repositories}", outsider.name);
    }
    let mut findings = 0;
    for grant in &own {
        let (name, role, repository) = (&grant.name, &grant.role, &grant.repository);
        let is_robot_admin = grant.kind == "robot" && *role == RepositoryRole::Admin;
        if is_robot_admin || (grant.outside && *role != RepositoryRole::Read) {
            println!("finding: {name} has {role} on {repository}");
            findings += 1;
        }
    }
    if let Some(path) = &options.csv {
        let file = csv::Writer::from_path(path);
        let mut csv = file.with_context(|| format!("{} can't be written", path.display()))?;
        grants.iter().try_for_each(|grant| csv.serialize(grant))?;
        csv.flush()?;
        println!("{} permissions written to {}", grants.len(), path.display());
    }
    let (permissions, teams) = (own.len(), teams.len());
    println!("{permissions} permissions, {teams} teams, findings: {findings}");
    let code = if options.check && findings > 0 { 3 } else { 0 };
    Ok(ExitCode::from(code))
}

/// Returns the permissions on a repository: direct ones, and those through a team.
async fn grants(quay: &Quay, repository: RepositorySummary, teams: &Teams) -> Result<Vec<Grant>> {
    let handle = quay.repository(&repository)?;
    let (users, granted) = (handle.user_permissions(), handle.team_permissions());
    let read = tokio::try_join!(users.list(), granted.list());
    let (users, granted) = read.with_context(|| format!("the permissions of {}", handle.name()))?;
    let grant = |name: &str, kind, role: &RepositoryRole, team: &str| Grant {
        repository: repository.name.clone(),
        visibility: choose(repository.is_public, "public", "private"),
        name: name.to_owned(),
        kind,
        role: role.clone(),
        through_team: team.to_owned(),
        outside: false,
    };
    let kind = |is_robot| choose(is_robot == Some(true), "robot", "user");
    let mut grants = Vec::new();
    for user in users {
        grants.push(Grant {
            outside: user.is_robot != Some(true) && user.is_org_member == Some(false),
            ..grant(&user.name, kind(user.is_robot), &user.role, "")
        });
    }
    for team in &granted {
        grants.push(grant(&team.name, "team", &team.role, ""));
    }
    for (name, (role, members)) in teams {
        // A team with the role admin administers every repository.
        let role = match granted.iter().find(|team| team.name == *name) {
            _ if *role == TeamRole::Admin => &RepositoryRole::Admin,
            Some(team) => &team.role,
            None => continue,
        };
        for member in members {
            if let Some(account) = &member.name {
                grants.push(grant(account, kind(member.is_robot), role, name));
            }
        }
    }
    Ok(grants)
}

fn choose(is_first: bool, first: &'static str, second: &'static str) -> &'static str {
    if is_first { first } else { second }
}

fn print_teams(teams: &Teams) {
    let mut table = table("Team|Access|Members", 0..0);
    for (name, (role, members)) in teams {
        let may = match role {
            TeamRole::Admin => "all repositories",
            TeamRole::Creator => "may create repositories",
            _ => "granted repositories",
        };
        let members: Vec<&str> = members.iter().filter_map(|it| it.name.as_deref()).collect();
        table.add_row([name, may, &members.join(", ")]);
    }
    println!("{}\n", table.trim_fmt());
}

fn print_repositories(grants: &[&Grant]) {
    let mut rows: BTreeMap<(&str, &str), [Vec<String>; 3]> = BTreeMap::new();
    for grant in grants {
        let key = (grant.repository.as_str(), grant.visibility);
        let column = match grant.role {
            RepositoryRole::Admin => 0,
            RepositoryRole::Write => 1,
            _ => 2,
        };
        rows.entry(key).or_default()[column].push(match (grant.kind, grant.name.split_once('+')) {
            ("team", _) => format!("@{}", grant.name),
            ("robot", Some((_, short))) => format!("+{short}"),
            _ if grant.outside => format!("{}!", grant.name),
            _ => grant.name.clone(),
        });
    }
    let mut table = table("Repository|Visibility|Admin|Write|Read", 0..0);
    for ((repository, visibility), roles) in rows {
        let [admin, write, read] = roles.map(|names| names.join(" "));
        table.add_row([repository, visibility, &admin, &write, &read]);
    }
    println!("{}\n", table.trim_fmt());
}
