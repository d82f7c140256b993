//! The data that examples show: two companies with their teams, robots, repositories and three
//! months of usage.

use crate::testing::Sandbox;
use crate::testing::seed::{
    LogEntrySeed, MirrorSeed, NoticeSeed, OrganizationSeed, PackageSeed, RepositorySeed, RobotSeed,
    ScanSeed, Seed, TagSeed, TeamSeed, TriggerSeed, UserSeed, VulnerabilitySeed,
};
use crate::types::{
    RepositoryRole, RepositoryState, Severity, SyncStatus, TeamRole, Timestamp, TriggerService,
};
use serde_json::json;
use std::time::Duration;

const DAY: u64 = 24 * 60 * 60;
const MIB: u64 = 1024 * 1024;

/// Name, description, whether it is public, number of versions, and size in MiB.
const REPOSITORIES: [(&str, &str, bool, u64, u64); 13] = [
    ("acme/web", "The shop's front end.", true, 48, 61),
    ("acme/api", "The shop's back end.", true, 52, 118),
    (
        "acme/worker",
        "Runs what takes longer than a request.",
        false,
        40,
        124,
    ),
    ("acme/billing", "Invoices and payments.", false, 31, 96),
    (
        "acme/search",
        "The index of everything on sale.",
        false,
        26,
        210,
    ),
    (
        "acme/base/jre",
        "What all services in Java start from.",
        true,
        18,
        187,
    ),
    (
        "acme/base/node",
        "What all services in JavaScript start from.",
        true,
        18,
        94,
    ),
    (
        "acme/migrations",
        "Changes of the database, one after the other.",
        false,
        12,
        44,
    ),
    (
        "acme/legacy",
        "The old shop, which only waits to be switched off.",
        false,
        6,
        340,
    ),
    (
        "globex/gateway",
        "Where every request comes in.",
        true,
        36,
        38,
    ),
    (
        "globex/telemetry",
        "Collects what the sensors say.",
        false,
        29,
        52,
    ),
    (
        "globex/firmware",
        "Images for the devices, on four platforms.",
        false,
        22,
        16,
    ),
    ("globex/sandbox", "Try things out here.", true, 0, 0),
];

/// Package, version, vulnerability, its severity, and the version that fixes it, if any does.
const PACKAGES: [(&str, &str, &str, Severity, &str); 8] = [
    (
        "openssl",
        "3.0.11-1~deb12u1",
        "CVE-2023-5363",
        Severity::High,
        "3.0.11-1~deb12u2",
    ),
    (
        "zlib",
        "1:1.2.13.dfsg-1",
        "CVE-2023-45853",
        Severity::Critical,
        "",
    ),
    (
        "nghttp2",
        "1.52.0-1",
        "CVE-2023-44487",
        Severity::High,
        "1.52.0-1+deb12u1",
    ),
    (
        "glibc",
        "2.36-9+deb12u3",
        "CVE-2024-2961",
        Severity::High,
        "2.36-9+deb12u6",
    ),
    (
        "gnutls28",
        "3.7.9-2",
        "CVE-2024-0553",
        Severity::Medium,
        "3.7.9-2+deb12u2",
    ),
    ("util-linux", "2.38.1-5", "CVE-2022-0563", Severity::Low, ""),
    (
        "libxml2",
        "2.9.14+dfsg-1.3~deb12u1",
        "CVE-2023-45322",
        Severity::Medium,
        "",
    ),
    ("apt", "2.6.1", "CVE-2011-3374", Severity::Negligible, ""),
];

/// Returns the data as of a time.
pub(in crate::testing) fn seed(now: Timestamp) -> Seed {
    let ago = |seconds: u64| now.checked_sub(Duration::from_secs(seconds)).unwrap_or(now);
    // Older than the first push, which is some 260 days old.
    let robot = |name: &str, text: &str| {
        let robot = RobotSeed::new(name).description(text);
        robot.created(ago(400 * DAY))
    };
    let acme = OrganizationSeed::new("acme")
        .team(
            TeamSeed::new("devs", TeamRole::Creator)
                .description("Who builds the shop")
                .member("alice")
                .member("bob")
                .member("acme+ci"),
        )
        .team(
            TeamSeed::new("ops", TeamRole::Admin)
                .description("Who keeps it running")
                .member("carol"),
        );
    let acme = acme.team(
        TeamSeed::new("readers", TeamRole::Member)
            .description("Who only looks")
            .member("dave"),
    );
    let acme = acme
        .robot(robot("ci", "Pushes what was built"))
        .robot(robot("deploy", "Pulls what is rolled out"));
    let globex = OrganizationSeed::new("globex")
        .team(TeamSeed::new("platform", TeamRole::Admin).member("dave"));
    let synced = ago(DAY / 2);
    let mirror = robot("mirror", "Copies from elsewhere");
    let globex = globex
        .robot(robot("ci", "Pushes what was built"))
        .robot(robot("devices", "Pulls firmware"))
        .robot(mirror.last_accessed(synced));
    let seed = Seed::new()
        .user(UserSeed::new("alice").robot(robot("laptop", "Alice's own machine")))
        .user("bob")
        .user("carol")
        .user("dave")
        .user("erin")
        .organization(
            acme.robot(robot("mirror", "Copies from elsewhere"))
                .quota(60 * 1024 * MIB),
        )
        .organization(globex.quota(4 * 1024 * MIB));
    let seed = REPOSITORIES
        .iter()
        .enumerate()
        .fold(seed, |seed, (number, row)| {
            seed.repository(repository(number as u64, row, &ago))
        });
    let mirror = MirrorSeed::new("quay.io/sclorg/postgresql-15-c9s", "globex+mirror")
        .tags("latest")
        .synced(SyncStatus::Success, synced);
    let seed = seed.repository(
        RepositorySeed::new("globex/postgres")
            .description("A copy of somebody else's database image.")
            .mirror(mirror),
    );
    last_used(logs(notices(seed, &ago), &ago))
}

/// Robot accounts that are in the logs were last used at their last entry.
fn last_used(mut seed: Seed) -> Seed {
    for organization in &mut seed.organizations {
        for robot in &mut organization.robots {
            let name = format!("{}+{}", organization.name, robot.name);
            let entries = seed.logs.iter();
            let own = entries.filter(|entry| entry.performer.as_ref() == Some(&name));
            robot.last_accessed = own
                .filter_map(|entry| entry.when)
                .max()
                .or(robot.last_accessed);
        }
    }
    seed
}

/// Returns notices of pushes for the superuser: more than a page of them.
fn notices(seed: Seed, ago: &dyn Fn(u64) -> Timestamp) -> Seed {
    (0..7).fold(seed, |seed, number| {
        let metadata = json!({"namespace": "acme", "repository": "web", "name": "web", "updated_tags": [format!("v3.1.{number}")]});
        seed.notice(NoticeSeed::new(Sandbox::ADMIN, "repo_push").when(ago((7 - number) * DAY / 3)).metadata(metadata))
    })
}

/// Returns the result of a scan of a version of a repository: the newest two have all fixes, and
/// the newest of one repository is still to be scanned.
fn scan(number: u64, version: u64, versions: u64) -> ScanSeed {
    let is_newest = version + 1 == versions;
    let scan = if is_newest && REPOSITORIES[number as usize].0 == "globex/gateway" {
        ScanSeed::queued()
    } else {
        ScanSeed::done()
    };
    let is_mended = |index: u64, fixed_by: &str| {
        !fixed_by.is_empty() && version + 2 >= versions && !(index + number).is_multiple_of(4)
    };
    (0..).zip(PACKAGES).fold(
        scan,
        |scan, (index, (name, package_version, cve, severity, fixed_by))| {
            if (index + number).is_multiple_of(3) {
                return scan;
            }
            if is_mended(index, fixed_by) {
                return scan.package(PackageSeed::new(name, fixed_by));
            }
            let mut found = VulnerabilitySeed::new(cve, severity)
                .description(format!("A flaw of {name}, as told in {cve}."));
            if !fixed_by.is_empty() {
                found = found.fixed_by(fixed_by);
            }
            scan.package(PackageSeed::new(name, package_version).vulnerability(found))
        },
    )
}

fn repository(
    number: u64,
    row: &(&str, &str, bool, u64, u64),
    ago: &dyn Fn(u64) -> Timestamp,
) -> RepositorySeed {
    let &(name, about, is_public, versions, mib) = row;
    let mut repository = RepositorySeed::new(name).description(format!("# {name}\n\n{about}"));
    if is_public {
        repository = repository.public().starred_by("alice");
    }
    repository = match name.split_once('/') {
        Some(("acme", _)) => repository
            .grant_team("devs", RepositoryRole::Write)
            .grant("acme+deploy", RepositoryRole::Read),
        _ => repository.grant("globex+ci", RepositoryRole::Write),
    };
    if name == "acme/search" {
        // From outside: a member of no team.
        repository = repository.grant("erin", RepositoryRole::Read);
    }
    if name == "acme/legacy" {
        repository = repository.state(RepositoryState::ReadOnly);
    }
    if name == "acme/web" {
        repository = repository.trigger(TriggerSeed::new(TriggerService::Gitlab, "acme/web"));
    }
    let platforms = if name == "globex/firmware" { 4 } else { 1 };
    // Versions come every five days, each somewhat larger than the one before it; `latest` moves
    // along.
    let pushed = |version: u64| {
        (versions - version) * 5 * DAY + (number * 7919 + version * 104_729) % (DAY / 2) + 600
    };
    for version in 0..versions {
        let size = mib * MIB + version * MIB / 3 + (number * 31 + version * 17) % 4096;
        let tag = |name: String, at: u64| {
            TagSeed::new(name, size)
                .pushed(ago(at))
                .image(format!("{number} {version}"))
                .platforms(platforms)
        };
        let tag = |text: String, at: u64| {
            tag(text, at)
                .label("org.opencontainers.image.title", name)
                .scan(scan(number, version, versions))
        };
        let text = format!("v{}.{}.{}", 1 + version / 20, version / 4 % 5, version % 4);
        repository = repository.tag(tag(text, pushed(version)));
        let latest = tag("latest".to_owned(), pushed(version));
        let is_kept = version + 3 >= versions;
        repository = match (version + 1 == versions, is_kept) {
            (true, _) => repository.tag(latest),
            (false, true) => repository.tag(latest.ends(ago(pushed(version + 1)))),
            // Longer ago than a deleted tag is kept.
            (false, false) => repository,
        };
    }
    repository
}

/// Ninety days of usage: much in the hours of work, little at night and at weekends.
fn logs(mut seed: Seed, ago: &dyn Fn(u64) -> Timestamp) -> Seed {
    let mut number: u64 = 0;
    for hour in (0..90 * 24).rev() {
        let when = ago(hour * 3600 + hour * 37 % 3600);
        let (day, hour_of_day) = (
            when.unix_seconds() / 86_400,
            when.unix_seconds() / 3600 % 24,
        );
        let entries = match (day % 7, hour_of_day) {
            // Saturday and Sunday: the first day of 1970 was a Thursday.
            (2 | 3, _) => u64::from(hour % 6 == 0),
            (_, 7..=18) => 1 + (hour * 7 + day.unsigned_abs()) % 3,
            _ => u64::from(hour % 5 == 0),
        };
        for _ in 0..entries {
            let (name, ..) = REPOSITORIES[(number * 5 % 12) as usize];
            let Some((namespace, repository)) = name.split_once('/') else {
                continue;
            };
            // Only those who may do it: members of teams, and robot accounts with permissions.
            let (robots, people) = match namespace {
                "acme" => (["acme+ci", "acme+deploy"], ["alice", "bob", "carol"]),
                _ => (["globex+ci"; 2], ["dave"; 3]),
            };
            let is_person = number.is_multiple_of(5);
            let (kind, performer) = match number * 31 % 23 {
                // It is read-only.
                0..=5 if repository == "legacy" => ("pull_repo", robots[1]),
                0..=3 => ("push_repo", if is_person { people[0] } else { robots[0] }),
                4 | 5 => ("delete_tag", people[0]),
                6 => ("change_repo_permission", people[2]),
                _ => ("pull_repo", if is_person { people[1] } else { robots[1] }),
            };
            let mut entry = LogEntrySeed::new(kind, namespace)
                .repository(repository)
                .performer(performer)
                .when(when);
            entry.metadata = Some(
                json!({"namespace": namespace, "repo": repository, "tag": "latest", "username": performer}),
            );
            seed = seed.log(entry);
            number += 1;
        }
    }
    seed
}
