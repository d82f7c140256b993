//! Builds of images, and the triggers that start them.

use crate::testing::state::State;
use crate::testing::state::access::Caller;
use crate::testing::state::error::StateError;
use crate::testing::state::owned::{Owned, Owner};
use crate::testing::state::progress::Progress;
use crate::testing::state::random::sha256;
use crate::types::TeamRole;
use serde_json::{Value, json};

#[derive(Debug, Clone)]
pub struct Build {
    pub started: i64,
    pub display_name: String,
    pub dockerfile: String,
    pub context: String,
    pub tags: Vec<String>,
    pub user: Option<String>,
    pub archive_url: Option<String>,
    pub file: Option<String>,
    pub pull_robot: Option<String>,
    /// The trigger that started it.
    pub trigger: Option<String>,
    pub metadata: Value,
    pub is_cancelled: bool,
    pub progress: Progress,
    /// The last phase that was reported as an event.
    pub announced: &'static str,
}

impl Build {
    /// Returns its phase: it waits, builds and completes.
    pub fn phase(&self, now: i64) -> &'static str {
        match (self.is_cancelled, self.progress.step(now)) {
            (true, _) => "cancelled",
            (_, 0) => "waiting",
            (_, 1) => "building",
            _ => "complete",
        }
    }
}

#[derive(Debug, Clone)]
pub struct Trigger {
    pub service: String,
    pub source: String,
    pub is_enabled: bool,
    pub token: String,
}

impl Build {
    /// Returns a build that starts now.
    pub fn new(started: i64, user: Option<&str>) -> Self {
        Self {
            started,
            display_name: String::new(),
            dockerfile: "/Dockerfile".to_owned(),
            context: "/".to_owned(),
            tags: Vec::new(),
            user: user.map(str::to_owned),
            archive_url: None,
            file: None,
            pull_robot: None,
            trigger: None,
            metadata: json!({}),
            is_cancelled: false,
            progress: Progress::new(started),
            announced: "waiting",
        }
    }
}

impl State {
    /// Requires that a caller administers the namespace of the robot account that a build pulls
    /// with.
    pub fn check_pull_robot(&self, caller: &Caller, robot: &str) -> Result<(), StateError> {
        let robot = self.robots.get(robot).ok_or(StateError::NotFound)?;
        self.require_organization_role(caller, robot.namespace(), TeamRole::Admin)
    }

    /// Starts a build of a repository.
    pub fn start_build(
        &mut self,
        caller: &Caller,
        path: (&str, &str),
        build: Build,
    ) -> Owned<Build> {
        let uuid = self.random_uuid();
        let row = Owned {
            owner: Owner::repository(path),
            uuid,
            data: build,
        };
        self.builds
            .add(row.owner.clone(), row.uuid.clone(), row.data.clone());
        let metadata = json!({
            "build_id": row.uuid, "docker_tags": row.data.tags, "is_manual": true,
            "manual_user": row.data.user,
        });
        self.log_repository(caller, "build_dockerfile", path, metadata);
        self.announce_queued_build(path, &row);
        row
    }

    fn announce_queued_build(&mut self, path: (&str, &str), row: &Owned<Build>) {
        let mut data = json!({
            "build_id": row.uuid, "docker_tags": row.data.tags, "repo": path.1,
            "is_manual": true, "manual_user": row.data.user,
        });
        if let Some(uuid) = &row.data.trigger {
            let trigger = self.triggers.get(&row.owner, uuid);
            data["trigger_kind"] = trigger.map(|row| row.data.service.as_str()).into();
            data["trigger_id"] = uuid.as_str().into();
            data["trigger_metadata"] = row.data.metadata.clone();
            data["trigger_manual"] = true.into();
        }
        let page = format!("build/{}", row.uuid);
        self.repository_event(path, "build_queued", data, Some(&page));
    }

    /// Cancels a build, which is possible while it waits.
    pub fn cancel_build(
        &mut self,
        caller: &Caller,
        path: (&str, &str),
        uuid: &str,
    ) -> Result<(), StateError> {
        let now = self.now_ms();
        let build = self
            .builds
            .get_mut(&Owner::repository(path), uuid)
            .ok_or(StateError::NotFound)?;
        if build.phase(now) != "waiting" {
            return Err(StateError::BuildRunning);
        }
        build.is_cancelled = true;
        let metadata = json!({"build_uuid": uuid});
        self.log(caller, "cancel_build", path.0, Some(path.1), metadata);
        Ok(())
    }

    /// Creates a trigger that is set up already.
    pub fn create_trigger(&mut self, path: (&str, &str), service: &str, source: &str) {
        let (uuid, token) = (self.random_uuid(), self.random_text(64));
        let trigger = Trigger {
            service: service.to_owned(),
            source: source.to_owned(),
            is_enabled: true,
            token,
        };
        self.triggers.add(Owner::repository(path), uuid, trigger);
    }

    /// Returns the repository of a trigger, which Quay looks for by its identifier alone, whatever
    /// the repository in the path.
    fn owner_of_trigger(&self, uuid: &str) -> Result<Owner, StateError> {
        let row = self.triggers.of_any_repository(uuid);
        row.map(|row| row.owner.clone()).ok_or(StateError::NotFound)
    }

    /// Enables or disables a trigger.
    pub fn toggle_trigger(
        &mut self,
        caller: &Caller,
        path: (&str, &str),
        uuid: &str,
        is_enabled: bool,
    ) -> Result<(), StateError> {
        let owner = self.owner_of_trigger(uuid)?;
        let trigger = self
            .triggers
            .get_mut(&owner, uuid)
            .ok_or(StateError::NotFound)?;
        trigger.is_enabled = is_enabled;
        let metadata = json!({
            "repo": path.1, "trigger_id": uuid, "service": trigger.service, "enabled": is_enabled,
        });
        self.log(
            caller,
            "toggle_repo_trigger",
            path.0,
            Some(path.1),
            metadata,
        );
        Ok(())
    }

    pub fn delete_trigger(
        &mut self,
        caller: &Caller,
        path: (&str, &str),
        uuid: &str,
    ) -> Result<(), StateError> {
        let owner = self.owner_of_trigger(uuid)?;
        let trigger = self
            .triggers
            .remove(&owner, uuid)
            .ok_or(StateError::NotFound)?;
        let metadata = json!({"repo": path.1, "trigger_id": uuid, "service": trigger.service});
        self.log(
            caller,
            "delete_repo_trigger",
            path.0,
            Some(path.1),
            metadata,
        );
        Ok(())
    }

    /// Returns a trigger that is enabled.
    pub fn enabled_trigger(
        &self,
        path: (&str, &str),
        uuid: &str,
    ) -> Result<&Owned<Trigger>, StateError> {
        let row = self
            .triggers
            .get(&Owner::repository(path), uuid)
            .ok_or(StateError::NotFound)?;
        if row.data.is_enabled {
            Ok(row)
        } else {
            Err(StateError::TriggerDisabled)
        }
    }

    /// Starts a build from a trigger: of a commit, or of the newest commit of a branch.
    pub fn start_trigger(
        &mut self,
        caller: &Caller,
        path: (&str, &str),
        uuid: &str,
        commit: Option<&str>,
        branch: Option<&str>,
    ) -> Result<Owned<Build>, StateError> {
        let row = self.enabled_trigger(path, uuid)?;
        // Quay can't list the branches of a git server of one's own.
        let branch = branch.filter(|_| row.data.service != "custom-git");
        let commit = match (commit, branch) {
            (Some(commit), _) => commit.to_owned(),
            (None, Some(branch)) => sha256(branch)[..40].to_owned(),
            (None, None) => return Err(StateError::NothingToBuild),
        };
        let short: String = commit.chars().take(7).collect();
        let mut metadata = json!({"commit": commit, "git_url": row.data.source});
        if let Some(branch) = branch {
            metadata["ref"] = format!("refs/heads/{branch}").into();
        }
        let build = Build {
            display_name: short.clone(),
            tags: vec![short],
            trigger: Some(row.uuid.clone()),
            metadata,
            ..Build::new(self.now_ms(), caller.user())
        };
        Ok(self.start_build(caller, path, build))
    }
}
