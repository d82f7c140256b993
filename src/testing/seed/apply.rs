//! How a seed becomes a world.

use super::{Mirror, OrganizationMirror, Package, Repository, Robot, Seed, Tag, Vulnerability};
use crate::testing::ErrorResponse;
use crate::testing::state::State;
use crate::testing::state::manifests::{self, Label};
use crate::testing::state::mirrors::{self, RETRIES, RepositoryMirror, Sync};
use crate::testing::state::places::Place;
use crate::testing::state::progress::Progress;
use crate::testing::state::quotas::Quota;
use crate::testing::state::repositories;
use crate::testing::state::tags::{self, Manifest};
use crate::types::{
    RepositoryName, RepositoryState, ScanStatus, SyncStatus, Timestamp, Visibility,
};
use crate::{Error, Result};
use serde_json::json;

/// Puts a seed into a world, whose superuser `owner` owns the organizations.
pub fn apply(world: &mut State, seed: &Seed, owner: &str) -> Result<()> {
    let refused = |refusal: ErrorResponse| {
        Error::invalid_input(format!("the seed can't be sown: {}", refusal.reason()))
    };
    for user in &seed.users {
        let email = user
            .email
            .clone()
            .unwrap_or_else(|| format!("{}@example.test", user.name));
        let made = world.create_user(&user.name, &email).map_err(refused)?;
        (made.superuser, made.verified) = (user.superuser, true);
        sow_robots(world, &user.name, &user.robots).map_err(refused)?;
    }
    for organization in &seed.organizations {
        let name = &organization.name;
        let email = organization
            .email
            .clone()
            .unwrap_or_else(|| format!("{name}@example.test"));
        world
            .create_organization(name, &email, Some(owner))
            .map_err(refused)?;
        sow_robots(world, name, &organization.robots).map_err(refused)?;
        if let Some(mirror) = &organization.mirror {
            sow_organization_mirror(world, name, mirror)?;
        }
        if let Some(bytes) = organization.quota {
            let id = world.next_id();
            world.quotas.insert(
                name.clone(),
                Quota {
                    id,
                    bytes,
                    limits: Vec::new(),
                },
            );
        }
        for team in &organization.teams {
            if let Some(member) = team.members.iter().find(|m| !is_known(world, m)) {
                return Err(Error::invalid_input(format!(
                    "the team {} of {name} has a member {member:?} who does not exist",
                    team.name
                )));
            }
            let made = world
                .create_team(name, &team.name, team.role.clone(), &team.description)
                .map_err(refused)?;
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
        .try_for_each(|repository| sow_repository(world, repository, owner))?;
    for entry in &seed.logs {
        let when = entry.when.unwrap_or_else(|| world.now());
        let metadata = entry
            .metadata
            .clone()
            .unwrap_or_else(|| json!({"namespace": entry.namespace, "repo": entry.repository}));
        let place = (entry.namespace.as_str(), entry.repository.as_deref());
        world.record(when, &entry.kind, place, entry.performer.clone(), metadata);
    }
    world.logs.sort_by_key(|entry| entry.when);
    for notice in &seed.notices {
        if !world.is_namespace(&notice.namespace) {
            return Err(Error::invalid_input(format!(
                "a notice is for {:?}, who does not exist",
                notice.namespace
            )));
        }
        let when = notice.when.unwrap_or_else(|| world.now());
        world.notify(
            &notice.namespace,
            &notice.kind,
            when,
            notice.metadata.clone().unwrap_or_else(|| json!({})),
        );
    }
    Ok(())
}

fn is_known(world: &State, name: &str) -> bool {
    world.users.contains_key(name) || world.robots.contains_key(name)
}

fn sow_robots(
    world: &mut State,
    namespace: &str,
    robots: &[Robot],
) -> std::result::Result<(), ErrorResponse> {
    robots.iter().try_for_each(|r| {
        world
            .create_robot(namespace, &r.name, &r.description, json!({}))
            .map(drop)
    })
}

fn sow_repository(world: &mut State, seed: &Repository, owner: &str) -> Result<()> {
    let whole: RepositoryName = seed.name.parse()?;
    let (namespace, name) = (whole.namespace(), whole.name());
    if !world.is_namespace(namespace) {
        return Err(Error::invalid_input(format!(
            "the repository {whole} is in the namespace {namespace:?}, which does not exist"
        )));
    }
    if world.repository(namespace, name).is_some() {
        return Err(Error::invalid_input(format!(
            "the repository {whole} exists already"
        )));
    }
    if let Some(user) = seed
        .users
        .keys()
        .chain(&seed.stars)
        .find(|user| !is_known(world, user))
    {
        return Err(Error::invalid_input(format!(
            "the repository {whole} speaks of {user:?}, who does not exist"
        )));
    }
    let teams = world.organizations.get(namespace).map(|o| &o.teams);
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
    check_robots(world, &format!("the repository {whole}"), robots)?;
    let now = world.now();
    let ids: Vec<u64> = seed.tags.iter().map(|_| world.next_id()).collect();
    let repository = world.create_repository(
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
        let (start, end) = (
            tag.pushed.unwrap_or(now).unix_seconds() * 1000,
            tag.ends.map(|end| end.unix_seconds() * 1000),
        );
        repository.tags.push(tags::Tag {
            id,
            name: tag.name.clone(),
            digest,
            start,
            end,
            reversion: false,
            immutable: false,
        });
    }
    for trigger in &seed.triggers {
        world.create_trigger(
            (namespace, name),
            &trigger.service.to_string(),
            &trigger.source,
        );
    }
    if let Some(mirror) = &seed.mirror {
        sow_mirror(world, (namespace, name), mirror);
    }
    Ok(())
}

/// Puts the image of a tag into a repository; gives its digest.
fn add_image(repository: &mut repositories::Repository, tag: &Tag, now: Timestamp) -> String {
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

/// Does what a push does: an image, a tag that points to it, an entry in the log.
pub fn push(
    world: &mut State,
    repository: &RepositoryName,
    tag: &Tag,
    performer: &str,
) -> Result<String> {
    let place = (repository.namespace(), repository.name());
    let missing = || {
        Error::invalid_input(format!(
            "nothing can be pushed to {repository}, which does not exist"
        ))
    };
    let (now, moment) = (world.now_ms(), world.now());
    let digest = add_image(
        world.repository_mut(place.0, place.1).ok_or_else(missing)?,
        tag,
        moment,
    );
    world.point_tag(place, &tag.name, &digest, false);
    if let Some(row) = world
        .repository_mut(place.0, place.1)
        .and_then(|r| r.tag_mut(&tag.name, now))
    {
        row.start = tag
            .pushed
            .map_or(row.start, |pushed| pushed.unix_seconds() * 1000);
        row.end = tag.ends.map(|end| end.unix_seconds() * 1000);
    }
    let metadata = json!({"namespace": place.0, "repo": place.1, "tag": tag.name, "manifest_digest": digest, "username": performer});
    world.record(
        tag.pushed.unwrap_or(moment),
        "push_repo",
        (place.0, Some(place.1)),
        Some(performer.to_owned()),
        metadata,
    );
    world.logs.sort_by_key(|entry| entry.when);
    Ok(digest)
}

/// Gives a manifest the labels and the scan of its tag.
fn described(mut manifest: Manifest, tag: &Tag, now: Timestamp) -> Manifest {
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
    let vulnerability = |v: &Vulnerability| manifests::Vulnerability {
        name: v.name.clone(),
        severity: v.severity.to_string(),
        fixed_by: v.fixed_by.clone().unwrap_or_default(),
        description: v.description.clone(),
    };
    let package = |p: &Package| manifests::Package {
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
    world: &State,
    who: &str,
    mut robots: impl Iterator<Item = &'a String>,
) -> Result<()> {
    let missing = robots.find(|robot| !world.robots.contains_key(*robot));
    missing.map_or(Ok(()), |robot| {
        Err(Error::invalid_input(format!(
            "{who} speaks of the robot account {robot:?}, which does not exist"
        )))
    })
}

/// How often a mirror is synchronized: once a day.
const DAILY: u64 = 24 * 60 * 60;

/// When it is synchronized next, as Quay writes it.
fn tomorrow(world: &State) -> String {
    let moment = world.now().unix_seconds().saturating_add_unsigned(DAILY);
    Timestamp::from_unix_seconds(moment)
        .unwrap_or_else(|| world.now())
        .to_string()
}

fn sow_mirror(world: &mut State, path: (&str, &str), seed: &Mirror) {
    let status = seed.status.clone().unwrap_or(SyncStatus::NeverRun);
    let mirror = RepositoryMirror {
        is_enabled: true,
        reference: seed.reference.clone(),
        username: None,
        config: json!({"verify_tls": true}),
        interval: DAILY,
        start: tomorrow(world),
        rule: if seed.tags.is_empty() {
            vec!["*".to_owned()]
        } else {
            seed.tags.clone()
        },
        robot: seed.robot.clone(),
        timeout: 300,
        sync: Sync::new(status, seed.retries.unwrap_or(RETRIES), seed.synced),
    };
    let uuid = world.random_uuid();
    world.mirrors.add(Place::repository(path), uuid, mirror);
}

fn sow_organization_mirror(world: &mut State, name: &str, seed: &OrganizationMirror) -> Result<()> {
    check_robots(
        world,
        &format!("the mirror of {name}"),
        std::iter::once(&seed.robot),
    )?;
    let now = world.now();
    let found = seed.found.iter().map(|found| mirrors::FoundRepository {
        name: found.name.clone(),
        status: found.status.clone().unwrap_or(SyncStatus::NeverRun),
        discovered: now,
        synced: (found.status == Some(SyncStatus::Success)).then_some(now),
        message: None,
    });
    let mirror = mirrors::OrganizationMirror {
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
        start: tomorrow(world),
        timeout: 300,
        created: now,
        sync: Sync::new(SyncStatus::NeverRun, RETRIES, None),
        found: found.collect(),
    };
    let uuid = world.random_uuid();
    world
        .organization_mirrors
        .add(Place::namespace_of(name), uuid, mirror);
    Ok(())
}
