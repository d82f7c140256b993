//! Puts a seed into a state.

use crate::testing::seed::{
    MirrorSeed, OrganizationMirrorSeed, PackageSeed, RepositorySeed, RobotSeed, Seed, TagSeed,
    VulnerabilitySeed,
};
use crate::testing::state::State;
use crate::testing::state::error::StateError;
use crate::testing::state::manifests::{self, Label, Manifest};
use crate::testing::state::mirrors::{RETRIES, RepositoryMirror, Synchronization};
use crate::testing::state::organization_mirrors;
use crate::testing::state::owned::Owner;
use crate::testing::state::progress::Progress;
use crate::testing::state::quotas::Quota;
use crate::testing::state::repositories;
use crate::testing::state::tags;
use crate::types::{
    RepositoryName, RepositoryState, ScanStatus, SyncStatus, Timestamp, Visibility,
};
use crate::{Error, Result};
use serde_json::json;

/// Applies a seed to a state, whose superuser `owner` owns the organizations.
pub fn apply(state: &mut State, seed: &Seed, owner: &str) -> Result<()> {
    let invalid =
        |error: StateError| Error::invalid_input(format!("the seed can't be applied: {error}"));
    for user in &seed.users {
        let email = user
            .email
            .clone()
            .unwrap_or_else(|| format!("{}@example.test", user.name));
        let made = state.create_user(&user.name, &email).map_err(invalid)?;
        (made.superuser, made.verified) = (user.superuser, true);
        made.password.clone_from(&user.password);
        seed_robots(state, &user.name, &user.robots).map_err(invalid)?;
    }
    for organization in &seed.organizations {
        let name = &organization.name;
        let email = organization
            .email
            .clone()
            .unwrap_or_else(|| format!("{name}@example.test"));
        state
            .create_organization(name, &email, Some(owner))
            .map_err(invalid)?;
        seed_robots(state, name, &organization.robots).map_err(invalid)?;
        if let Some(mirror) = &organization.mirror {
            seed_organization_mirror(state, name, mirror)?;
        }
        if let Some(bytes) = organization.quota {
            let id = state.next_id();
            state.quotas.insert(
                name.clone(),
                Quota {
                    id,
                    bytes,
                    limits: Vec::new(),
                },
            );
        }
        for team in &organization.teams {
            if let Some(member) = team.members.iter().find(|m| !state.is_user_or_robot(m)) {
                return Err(Error::invalid_input(format!(
                    "the team {} of {name} has a member {member:?} who does not exist",
                    team.name
                )));
            }
            let made = state
                .create_team(name, &team.name, team.role.clone(), &team.description)
                .map_err(invalid)?;
            let new = team
                .members
                .iter()
                .filter(|m| !made.members.contains(m))
                .cloned()
                .collect::<Vec<_>>();
            made.members.extend(new);
        }
    }
    seed.repositories
        .iter()
        .try_for_each(|repository| seed_repository(state, repository, owner))?;
    for entry in &seed.logs {
        if !state.is_namespace(&entry.namespace) {
            return Err(Error::invalid_input(format!(
                "an entry of the log is for the namespace {:?}, which does not exist",
                entry.namespace
            )));
        }
        let when = entry.when.unwrap_or_else(|| state.now());
        let metadata = entry
            .metadata
            .clone()
            .unwrap_or_else(|| json!({"namespace": entry.namespace, "repo": entry.repository}));
        let path = (entry.namespace.as_str(), entry.repository.as_deref());
        state.record(when, &entry.kind, path, entry.performer.clone(), metadata);
    }
    state.logs.sort_by_key(|entry| entry.when);
    for notice in &seed.notices {
        if !state.is_namespace(&notice.namespace) {
            return Err(Error::invalid_input(format!(
                "a notice is for {:?}, who does not exist",
                notice.namespace
            )));
        }
        let when = notice.when.unwrap_or_else(|| state.now());
        state.notify(
            &notice.namespace,
            &notice.kind,
            when,
            notice.metadata.clone().unwrap_or_else(|| json!({})),
        );
    }
    Ok(())
}

fn seed_robots(
    state: &mut State,
    namespace: &str,
    robots: &[RobotSeed],
) -> std::result::Result<(), StateError> {
    robots.iter().try_for_each(|r| {
        let robot = state.create_robot(namespace, &r.name, &r.description, json!({}))?;
        robot.created = r.created.unwrap_or(robot.created);
        robot.last_accessed = r.last_accessed;
        if let Some(token) = &r.token {
            token.expose().clone_into(&mut robot.token);
        }
        Ok(())
    })
}

fn seed_repository(state: &mut State, seed: &RepositorySeed, owner: &str) -> Result<()> {
    let whole: RepositoryName = seed.name.parse()?;
    let (namespace, name) = (whole.namespace(), whole.name());
    if !state.is_namespace(namespace) {
        return Err(Error::invalid_input(format!(
            "the repository {whole} is in the namespace {namespace:?}, which does not exist"
        )));
    }
    if state.repository(namespace, name).is_some() {
        return Err(Error::invalid_input(format!(
            "the repository {whole} exists already"
        )));
    }
    if let Some(user) = seed
        .users
        .keys()
        .chain(&seed.stars)
        .find(|user| !state.is_user_or_robot(user))
    {
        return Err(Error::invalid_input(format!(
            "the repository {whole} speaks of {user:?}, who does not exist"
        )));
    }
    let teams = state.organizations.get(namespace).map(|o| &o.teams);
    if let Some(team) = seed
        .teams
        .keys()
        .find(|team| teams.is_none_or(|teams| !teams.contains_key(*team)))
    {
        return Err(Error::invalid_input(format!(
            "the repository {whole} speaks of the team {team:?}, which does not exist"
        )));
    }
    let robots = seed.mirror.iter().map(|mirror| &mirror.robot);
    check_robots(state, &format!("the repository {whole}"), robots)?;
    let now = state.now();
    let ids: Vec<u64> = seed.tags.iter().map(|_| state.next_id()).collect();
    let repository = state.create_repository(
        namespace,
        name,
        Some(owner).filter(|owner| *owner != namespace),
    );
    seed.description.clone_into(&mut repository.description);
    repository.visibility = seed.visibility.clone().unwrap_or(Visibility::Private);
    repository.state = seed.state.clone().unwrap_or(if seed.mirror.is_some() {
        RepositoryState::Mirror
    } else {
        RepositoryState::Normal
    });
    repository.users.extend(seed.users.clone());
    repository.teams.extend(seed.teams.clone());
    repository.stars.extend(seed.stars.iter().cloned());
    for (tag, id) in seed.tags.iter().zip(ids) {
        let digest = add_image(repository, tag, now);
        let start = tag.pushed.unwrap_or(now).unix_seconds() * 1000;
        let manifest = repository.manifests.get(&digest);
        let end = end_of(tag, start, manifest);
        let immutable = tag.immutable || manifest.is_some_and(Manifest::makes_immutable);
        repository.tags.push(tags::Tag {
            id,
            name: tag.name.clone(),
            digest,
            start,
            end,
            reversion: false,
            immutable,
        });
    }
    for trigger in &seed.triggers {
        state.create_trigger((namespace, name), trigger.service.as_str(), &trigger.source);
    }
    if let Some(mirror) = &seed.mirror {
        seed_mirror(state, (namespace, name), mirror);
    }
    Ok(())
}

/// Returns when a tag ends: as the seed says, or else as a label of its manifest says.
fn end_of(tag: &TagSeed, start: i64, manifest: Option<&Manifest>) -> Option<i64> {
    match tag.ends {
        Some(end) => Some(end.unix_seconds() * 1000),
        None => start.checked_add(manifest?.tag_lifetime()?),
    }
}

/// Puts the image of a tag into a repository, and returns its digest.
fn add_image(repository: &mut repositories::Repository, tag: &TagSeed, now: Timestamp) -> String {
    let image = tag
        .image
        .clone()
        .unwrap_or_else(|| format!("{}/{}:{}", repository.namespace, repository.name, tag.name));
    let platforms = u64::from(tag.platforms.unwrap_or(1)).max(1);
    let images: Vec<Manifest> = (0..platforms)
        .map(|n| {
            described(
                Manifest::image(&format!("{image} {n}"), tag.size / platforms),
                tag,
                now,
            )
        })
        .collect();
    let index = (platforms > 1).then(|| Manifest::index(&images.iter().collect::<Vec<_>>()));
    let digest = index
        .as_ref()
        .or(images.first())
        .map(|m| m.digest.clone())
        .unwrap_or_default();
    repository.manifests.extend(
        images
            .into_iter()
            .chain(index)
            .map(|m| (m.digest.clone(), m)),
    );
    digest
}

/// Simulates a push: adds an image, a tag that points to it, and an entry in the log.
pub fn push(
    state: &mut State,
    repository: &RepositoryName,
    tag: &TagSeed,
    performer: &str,
) -> Result<String> {
    let path = (repository.namespace(), repository.name());
    let missing = || {
        Error::invalid_input(format!(
            "nothing can be pushed to {repository}, which does not exist"
        ))
    };
    let moment = state.now();
    let digest = add_image(
        state.repository_mut(path.0, path.1).ok_or_else(missing)?,
        tag,
        moment,
    );
    state.point_tag(path, &tag.name, &digest, false);
    let repository = state.repository_mut(path.0, path.1).ok_or_else(missing)?;
    let manifest = repository.manifests.get(&digest).cloned();
    // The new row. A search by name and time could find the one that it replaced.
    if let Some(row) = repository.tags.last_mut() {
        row.start = tag
            .pushed
            .map_or(row.start, |pushed| pushed.unix_seconds() * 1000);
        row.end = end_of(tag, row.start, manifest.as_ref());
        row.immutable |= tag.immutable;
    }
    let metadata = json!({"namespace": path.0, "repo": path.1, "tag": tag.name, "manifest_digest": digest, "username": performer});
    state.record(
        tag.pushed.unwrap_or(moment),
        "push_repo",
        (path.0, Some(path.1)),
        Some(performer.to_owned()),
        metadata,
    );
    state.logs.sort_by_key(|entry| entry.when);
    let pushed = json!({"updated_tags": [tag.name]});
    state.repository_event(path, "repo_push", pushed, None);
    state.expect_scan(path, &digest);
    state.announce_quota(path.0);
    Ok(digest)
}

/// Sets the labels and the scan of a tag in its manifest.
fn described(mut manifest: Manifest, tag: &TagSeed, now: Timestamp) -> Manifest {
    let label = |(number, (key, value)): (usize, (&String, &String))| Label {
        // The same in every run, as the digest is.
        uuid: format!("{}-0000-4000-8000-{number:012x}", &manifest.digest[7..15]),
        key: key.clone(),
        value: value.clone(),
        source: "manifest",
        media_type: "text/plain".to_owned(),
    };
    manifest.labels = tag.labels.iter().enumerate().map(label).collect();
    let Some(scan) = &tag.scan else {
        return manifest;
    };
    let vulnerability = |v: &VulnerabilitySeed| manifests::Vulnerability {
        name: v.name.clone(),
        severity: v.severity.to_string(),
        fixed_by: v.fixed_by.clone().unwrap_or_default(),
        description: v.description.clone(),
    };
    let package = |p: &PackageSeed| manifests::Package {
        name: p.name.clone(),
        version: p.version.clone(),
        vulnerabilities: p.vulnerabilities.iter().map(vulnerability).collect(),
    };
    manifest.scan = manifests::Scan {
        dead_end: (!matches!(scan.status, ScanStatus::Queued | ScanStatus::Scanned))
            .then(|| scan.status.to_string()),
        queued: (scan.status == ScanStatus::Queued)
            .then(|| Progress::new(now.unix_seconds() * 1000)),
        packages: scan.packages.iter().map(package).collect(),
    };
    manifest
}

fn check_robots<'a>(
    state: &State,
    who: &str,
    mut robots: impl Iterator<Item = &'a String>,
) -> Result<()> {
    let missing = robots.find(|robot| !state.robots.contains_key(*robot));
    missing.map_or(Ok(()), |robot| {
        Err(Error::invalid_input(format!(
            "{who} speaks of the robot account {robot:?}, which does not exist"
        )))
    })
}

/// The interval of synchronizations of a mirror: a day.
const DAILY: u64 = 24 * 60 * 60;

/// Returns the time of the next synchronization, as Quay writes it.
fn tomorrow(state: &State) -> String {
    let moment = state.now().unix_seconds().saturating_add_unsigned(DAILY);
    Timestamp::from_unix_seconds(moment)
        .unwrap_or_else(|| state.now())
        .to_string()
}

fn seed_mirror(state: &mut State, path: (&str, &str), seed: &MirrorSeed) {
    let status = seed.status.clone().unwrap_or(SyncStatus::NeverRun);
    let mirror = RepositoryMirror {
        is_enabled: true,
        reference: seed.reference.clone(),
        username: None,
        config: json!({"verify_tls": true}),
        interval: DAILY,
        start: tomorrow(state),
        rule: if seed.tags.is_empty() {
            vec!["*".to_owned()]
        } else {
            seed.tags.clone()
        },
        robot: seed.robot.clone(),
        timeout: 300,
        sync: Synchronization::new(status, seed.retries.unwrap_or(RETRIES), seed.synced),
    };
    let uuid = state.random_uuid();
    state.mirrors.add(Owner::repository(path), uuid, mirror);
}

fn seed_organization_mirror(
    state: &mut State,
    name: &str,
    seed: &OrganizationMirrorSeed,
) -> Result<()> {
    check_robots(
        state,
        &format!("the mirror of {name}"),
        std::iter::once(&seed.robot),
    )?;
    let now = state.now();
    let found = seed
        .found
        .iter()
        .map(|found| organization_mirrors::FoundRepository {
            name: found.name.clone(),
            status: found.status.clone().unwrap_or(SyncStatus::NeverRun),
            discovered: now,
            synced: (found.status == Some(SyncStatus::Success)).then_some(now),
            message: None,
        });
    let mirror = organization_mirrors::OrganizationMirror {
        is_enabled: true,
        registry: "quay".to_owned(),
        url: seed.url.clone(),
        namespace: seed.namespace.clone(),
        username: None,
        has_password: false,
        config: json!({"verify_tls": true}),
        filters: Vec::new(),
        robot: seed.robot.clone(),
        visibility: "private".to_owned(),
        interval: DAILY,
        start: tomorrow(state),
        timeout: 300,
        created: now,
        sync: Synchronization::new(SyncStatus::NeverRun, RETRIES, None),
        found: found.collect(),
    };
    let uuid = state.random_uuid();
    state
        .organization_mirrors
        .add(Owner::namespace_of(name), uuid, mirror);
    Ok(())
}
