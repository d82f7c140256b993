//! Lists the permissions in an organization: users, teams and robot accounts, on every repository,
//! as a table and as CSV.
//!
//! The table has a line for each repository. `@devs` is a team, `+ci` a robot account, `mallory!`
//! somebody who is no member of the organization. The CSV has a line for each user, robot account
//! and team on each repository, members of teams included, with the way in which they got there:
//! for a spreadsheet, or to be compared with last month's.
//!
//! The token needs the scopes `org:admin` and `repo:admin`. Everything is only read.
//!
//! ```sh
//! cargo run --example audit_permissions -- acme --csv audit.csv
//! QUAY_URL=https://quay.example.com QUAY_TOKEN=… \
//!     cargo run --example audit_permissions -- acme --check
//! ```
//!
//! Exit codes: 0 done, 1 failed, 2 bad usage, 3 with `--check`: there are findings (see its help).

use anyhow::{Context, Result};
use clap::Parser;
use comfy_table::{ContentArrangement, LineStyle, Table, presets::NOTHING};
use futures::{StreamExt, TryStreamExt, stream};
use quay_api::Quay;
use quay_api::testing::Server;
use quay_api::types::{RepositoryRole, RepositorySummary, TeamRole};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Shows who may do what in an organization
#[derive(Parser)]
#[command(
    after_help = "Server: QUAY_URL and QUAY_TOKEN; an embedded one with demo data if QUAY_URL is \
                  not set."
)]
struct Options {
    /// The organization
    #[arg(default_value = "acme")]
    organization: String,
    /// Also write every single permission to this file
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// End with 3 if a robot account is an administrator, or somebody from outside may write
    #[arg(long)]
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

struct Team {
    role: TeamRole,
    /// Names, and whether they are robot accounts'.
    members: Vec<(String, bool)>,
}

#[tokio::main]
async fn main() -> ExitCode {
    run(Options::parse()).await.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

async fn run(options: Options) -> Result<ExitCode> {
    let mut out = std::io::stdout();
    let server = Server::from_env_or_sandbox().await?;
    let quay = server.quay();

    let teams = teams(quay, &options.organization)
        .await
        .with_context(|| format!("teams of {}", options.organization))?;
    let listed = quay
        .repositories()
        .list()
        .namespace(&options.organization)
        .stream();
    let audited = listed
        .map_err(anyhow::Error::from)
        .map_ok(|repository| grants(quay, repository, &teams))
        .try_buffered(4);
    let grants: Vec<Grant> = audited
        .map_ok(|grants| stream::iter(grants).map(anyhow::Ok))
        .try_flatten()
        .try_collect()
        .await?;
    let collaborators = quay
        .organization(&options.organization)?
        .collaborators()
        .await?;

    writeln!(out, "{}\n", table_of_teams(&teams).trim_fmt())?;
    writeln!(out, "{}\n", table_of_repositories(&grants).trim_fmt())?;
    for outsider in &collaborators {
        writeln!(
            out,
            "from outside: {} on {}",
            outsider.name,
            outsider.repositories.join(", ")
        )?;
    }
    let own = || grants.iter().filter(|grant| grant.through_team.is_empty());
    let findings: Vec<&Grant> = own()
        .filter(|g| {
            (g.kind == "robot" && g.role == RepositoryRole::Admin)
                || (g.outside && g.role != RepositoryRole::Read)
        })
        .collect();
    for Grant {
        name,
        role,
        repository,
        ..
    } in &findings
    {
        writeln!(out, "finding: {name} has {role} on {repository}")?;
    }
    if let Some(path) = &options.csv {
        let mut csv = csv::Writer::from_path(path)
            .with_context(|| format!("{} can't be written", path.display()))?;
        grants.iter().try_for_each(|grant| csv.serialize(grant))?;
        csv.flush()?;
        writeln!(
            out,
            "{} permissions written to {}",
            grants.len(),
            path.display()
        )?;
    }
    writeln!(
        out,
        "{} permissions, {} teams, findings: {}",
        own().count(),
        teams.len(),
        findings.len()
    )?;
    Ok(if options.check && !findings.is_empty() {
        ExitCode::from(3)
    } else {
        ExitCode::SUCCESS
    })
}

async fn teams(quay: &Quay, organization: &str) -> Result<BTreeMap<String, Team>> {
    let organization = quay.organization(organization)?;
    let members = |team: quay_api::types::Team| {
        let organization = &organization;
        async move {
            let members = organization.team(&team.name)?.members().list().await?;
            let members = members
                .into_iter()
                .filter_map(|member| Some((member.name?, member.is_robot == Some(true))))
                .collect();
            anyhow::Ok((
                team.name,
                Team {
                    role: team.role,
                    members,
                },
            ))
        }
    };
    stream::iter(organization.teams().list().await?)
        .map(members)
        .buffered(4)
        .try_collect()
        .await
}

/// Everybody who has a permission on a repository, of their own or through a team.
async fn grants(
    quay: &Quay,
    repository: RepositorySummary,
    teams: &BTreeMap<String, Team>,
) -> Result<Vec<Grant>> {
    let handle = quay.repository(&repository)?;
    let (users, granted) = tokio::try_join!(
        handle.user_permissions().list(),
        handle.team_permissions().list()
    )
    .with_context(|| format!("permissions of {}", handle.name()))?;
    let visibility = if repository.is_public {
        "public"
    } else {
        "private"
    };
    let grant = |who: &str, kind, role: &RepositoryRole, team: &str, outside| Grant {
        repository: repository.name.clone(),
        visibility,
        name: who.to_owned(),
        kind,
        role: role.clone(),
        through_team: team.to_owned(),
        outside,
    };
    let kind = |is_robot| if is_robot { "robot" } else { "user" };
    let mut grants = Vec::new();
    for user in &users {
        let is_robot = user.is_robot == Some(true);
        grants.push(grant(
            &user.name,
            kind(is_robot),
            &user.role,
            "",
            !is_robot && user.is_org_member == Some(false),
        ));
    }
    for team in &granted {
        grants.push(grant(&team.name, "team", &team.role, "", false));
    }
    // A team of administrators has every repository, whatever is granted to it.
    let admins = teams
        .iter()
        .filter(|(_, team)| team.role == TeamRole::Admin)
        .map(|(name, team)| (name, team, &RepositoryRole::Admin));
    let others = granted.iter().filter_map(|g| {
        Some((
            &g.name,
            teams.get(&g.name).filter(|t| t.role != TeamRole::Admin)?,
            &g.role,
        ))
    });
    for (name, team, role) in admins.chain(others) {
        grants.extend(
            team.members
                .iter()
                .map(|(member, is_robot)| grant(member, kind(*is_robot), role, name, false)),
        );
    }
    Ok(grants)
}

fn table(header: impl IntoIterator<Item = &'static str>) -> Table {
    let mut table = Table::new();
    table
        .load_style(NOTHING.header_separator(LineStyle::none().fill('─').junction('─')))
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(120)
        .set_header(header);
    table
}

fn table_of_teams(teams: &BTreeMap<String, Team>) -> Table {
    let mut table = table(["Team", "May", "Members"]);
    for (name, team) in teams {
        let may = match team.role {
            TeamRole::Admin => "everything",
            TeamRole::Creator => "create repositories",
            _ => "what repositories grant",
        };
        let members: Vec<&str> = team.members.iter().map(|(name, _)| name.as_str()).collect();
        table.add_row([name, may, &members.join(", ")]);
    }
    table
}

fn table_of_repositories(grants: &[Grant]) -> Table {
    let mut rows: BTreeMap<(&str, &str), [Vec<String>; 3]> = BTreeMap::new();
    for grant in grants {
        let row = rows
            .entry((&grant.repository, grant.visibility))
            .or_default();
        let column = match grant.role {
            RepositoryRole::Admin => 0,
            RepositoryRole::Write => 1,
            _ => 2,
        };
        if grant.through_team.is_empty() {
            let name = match (grant.kind, grant.name.split_once('+')) {
                ("team", _) => format!("@{}", grant.name),
                ("robot", Some((_, short))) => format!("+{short}"),
                _ => format!("{}{}", grant.name, if grant.outside { "!" } else { "" }),
            };
            row[column].push(name);
        }
    }
    let mut table = table(["Repository", "Visible", "Admin", "Write", "Read"]);
    for ((repository, visibility), [admin, write, read]) in rows {
        table.add_row([
            repository,
            visibility,
            &admin.join(" "),
            &write.join(" "),
            &read.join(" "),
        ]);
    }
    table
}
