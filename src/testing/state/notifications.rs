//! Notifications of events, and the notices that the web UI shows to users.

use crate::testing::state::State;
use crate::testing::state::access::Caller;
use crate::testing::state::error::{NotificationTarget, StateError};
use crate::testing::state::owned::{Owned, Owner};
use crate::testing::state::template;
use crate::types::Timestamp;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The events of a repository.
const EVENTS: [&str; 13] = [
    "repo_push",
    "build_queued",
    "build_failure",
    "build_start",
    "build_success",
    "build_cancelled",
    "vulnerability_found",
    "repo_mirror_sync_started",
    "repo_mirror_sync_success",
    "repo_mirror_sync_failed",
    "repo_image_expiry",
    "quota_error",
    "quota_warning",
];

/// Hosts that a webhook can't have. Quay knows no other names of the server's machine.
const FORBIDDEN_HOSTS: [&str; 2] = ["localhost", "127.0.0.1"];

/// The events of a namespace.
pub const NAMESPACE_EVENTS: [&str; 2] = ["quota_error", "quota_warning"];

/// A notification of a repository or a namespace: which event is sent where.
#[derive(Debug, Clone)]
pub struct Notification {
    pub title: Option<String>,
    pub event: String,
    pub method: String,
    pub config: Value,
    pub event_config: Value,
    pub failures: u64,
    /// The expiring tags that were reported.
    pub told_tags: BTreeSet<u64>,
}

/// A notice for a user, or for the administrators of an organization.
#[derive(Debug, Clone)]
pub struct Notice {
    pub kind: String,
    pub created: Timestamp,
    pub metadata: Value,
    pub dismissed: bool,
}

impl State {
    /// Adds a notice for a user or an organization.
    pub fn notify(&mut self, namespace: &str, kind: &str, created: Timestamp, metadata: Value) {
        let uuid = self.random_uuid();
        let notice = Notice {
            kind: kind.to_owned(),
            created,
            metadata,
            dismissed: false,
        };
        self.notices
            .add(Owner::namespace_of(namespace), uuid, notice);
    }

    /// Checks the event of a new notification of a namespace.
    pub fn check_namespace_event(event: &str) -> Result<(), StateError> {
        if NAMESPACE_EVENTS.contains(&event) {
            Ok(())
        } else {
            Err(StateError::InvalidNamespaceEvent(event.to_owned()))
        }
    }

    /// Adds a notification whose event and method are valid for its owner.
    pub fn add_notification(
        &mut self,
        caller: &Caller,
        owner: &Owner,
        notification: Notification,
    ) -> Result<Owned<Notification>, StateError> {
        let of_repository = owner.name().is_some();
        if !of_repository {
            Self::check_namespace_event(&notification.event)?;
        }
        self.check_method(owner, &notification.method, &notification.config)?;
        // Quay misses neither the event nor the repository before it uses them.
        let is_known = EVENTS.contains(&notification.event.as_str())
            && (notification.event != "repo_image_expiry" || self.edition.is_since(Some("3.12")));
        if of_repository && (!is_known || self.require_owner(owner).is_err()) {
            return Err(StateError::Unhandled);
        }
        let row = Owned {
            owner: owner.clone(),
            uuid: self.random_uuid(),
            data: notification,
        };
        self.notifications
            .add(owner.clone(), row.uuid.clone(), row.data.clone());
        self.log_notification(caller, ("add_repo", "create_namespace"), &row);
        Ok(row)
    }

    /// Checks that a method of sending has the settings that it needs.
    fn check_method(&self, owner: &Owner, method: &str, config: &Value) -> Result<(), StateError> {
        let require = |field: &'static str| match config.get(field) {
            Some(value) if is_truthy(value) => Ok(value),
            _ => Err(StateError::MissingNotificationSetting {
                method: method.to_owned(),
                field,
            }),
        };
        match method {
            "webhook" => {
                check_webhook_url(require("url")?)?;
                check_webhook_template(config)
            }
            "slack" => require("url").map(drop),
            "flowdock" => require("flow_api_token").map(drop),
            "hipchat" => require("notification_token").and_then(|_| require("room_id").map(drop)),
            "email" if owner.name().is_none() => Ok(()),
            "email" => {
                require("email")?;
                // No mail is sent, so that no address is ever confirmed.
                Err(StateError::EmailNotAuthorized)
            }
            "quay_notification" => self.check_target(owner, config),
            other if owner.name().is_none() => {
                Err(StateError::UnknownNotificationMethod(other.to_owned()))
            }
            _ => Err(StateError::Unhandled),
        }
    }

    fn check_target(&self, owner: &Owner, config: &Value) -> Result<(), StateError> {
        let target = match config.get("target") {
            Some(target) if is_truthy(target) => target.as_object().ok_or(StateError::Unhandled)?,
            _ => return Err(StateError::MissingNotificationTarget),
        };
        if !target.get("kind").is_some_and(is_truthy) {
            return Err(StateError::MissingNotificationTarget);
        }
        let string = |name| target.get(name).and_then(Value::as_str);
        let (Some(kind), Some(name)) = (string("kind"), string("name")) else {
            return Err(StateError::Unhandled);
        };
        let unknown = match kind {
            "user" if !self.users.contains_key(name) => NotificationTarget::User,
            "org" if !self.organizations.contains_key(name) => NotificationTarget::Organization,
            "team" if self.team(owner.namespace(), name).is_none() => NotificationTarget::Team,
            "user" | "team" => return Ok(()),
            "org" if name == owner.namespace() => return Ok(()),
            _ => return Err(StateError::Unhandled),
        };
        Err(StateError::UnknownNotificationTarget(
            unknown,
            name.to_owned(),
        ))
    }

    /// Returns a notification that is to be read or tested.
    ///
    /// Quay finds it by its identifier in any repository.
    pub fn found_notification(&self, owner: &Owner, uuid: &str) -> Option<&Owned<Notification>> {
        match owner.name() {
            Some(_) => self.notifications.of_any_repository(uuid),
            None => self.notifications.get(owner, uuid),
        }
    }

    /// Returns a notification that is to be deleted or reset.
    pub fn notification(
        &self,
        owner: &Owner,
        uuid: &str,
    ) -> Result<Owned<Notification>, StateError> {
        self.notifications
            .get(owner, uuid)
            .cloned()
            .ok_or_else(|| no_such_notification(owner, uuid))
    }

    pub fn delete_notification(
        &mut self,
        caller: &Caller,
        owner: &Owner,
        uuid: &str,
    ) -> Result<(), StateError> {
        let row = self.notification(owner, uuid)?;
        self.notifications.remove(owner, uuid);
        self.log_notification(caller, ("delete_repo", "delete_namespace"), &row);
        Ok(())
    }

    /// Sets the number of failures of a notification to zero.
    pub fn reset_notification(
        &mut self,
        caller: &Caller,
        owner: &Owner,
        uuid: &str,
    ) -> Result<(), StateError> {
        let row = self.notification(owner, uuid)?;
        if let Some(notification) = self.notifications.get_mut(owner, uuid) {
            notification.failures = 0;
        }
        self.log_notification(caller, ("reset_repo", "reset_namespace"), &row);
        Ok(())
    }

    /// Queues a test of a notification.
    pub fn test_notification(&mut self, owner: &Owner, uuid: &str) -> Result<(), StateError> {
        let row = self.found_notification(owner, uuid).cloned();
        self.queue_test(&row.ok_or_else(|| no_such_notification(owner, uuid))?);
        Ok(())
    }

    /// Returns the users and organizations to which the web UI shows an event.
    pub fn recipients(&self, row: &Owned<Notification>) -> Vec<String> {
        let target = row
            .data
            .config
            .get("target")
            .filter(|_| row.data.method == "quay_notification")
            .unwrap_or(&Value::Null);
        let name = string_in(target, "name");
        match string_in(target, "kind") {
            "user" | "org" => vec![name.to_owned()],
            "team" => {
                let team = self.team(row.owner.namespace(), name);
                let members = team.map(|t| t.members.as_slice()).unwrap_or_default();
                members
                    .iter()
                    .filter(|m| self.users.contains_key(*m))
                    .cloned()
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    /// Logs a change of a notification; its kind begins with one word for those of repositories,
    /// and another for those of namespaces.
    fn log_notification(
        &mut self,
        caller: &Caller,
        (of_repository, of_namespace): (&str, &str),
        row: &Owned<Notification>,
    ) {
        let namespace = row.owner.namespace();
        let metadata = json!({
            "notification_id": row.uuid, "event": row.data.event, "method": row.data.method,
            "namespace": namespace,
        });
        match row.owner.name() {
            Some(name) => {
                let kind = format!("{of_repository}_notification");
                self.log_repository(caller, &kind, (namespace, name), metadata);
            }
            None => {
                let kind = format!("{of_namespace}_notification");
                self.log(caller, &kind, namespace, None, metadata);
            }
        }
    }
}

fn no_such_notification(owner: &Owner, uuid: &str) -> StateError {
    match owner.name() {
        Some(name) => StateError::NoSuchNotification {
            namespace: owner.namespace().to_owned(),
            repository: name.to_owned(),
            uuid: uuid.to_owned(),
        },
        None => StateError::NotFound,
    }
}

/// Returns true for a value that Python takes for true.
fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(rows) => !rows.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
    }
}

/// Returns true for a URL to which a webhook may be sent.
pub fn is_webhook_url(url: &str) -> bool {
    check_webhook_url(&url.into()).is_ok()
}

fn check_webhook_url(url: &Value) -> Result<(), StateError> {
    let url = url.as_str().ok_or(StateError::Unhandled)?;
    let scheme = url.split_once(':').map(|(scheme, _)| scheme);
    if !scheme.is_some_and(|s| ["http", "https"].contains(&s.to_lowercase().as_str())) {
        return Err(StateError::InvalidWebhookUrl);
    }
    let host = host_of(url).ok_or(StateError::Unhandled)?.to_lowercase();
    if FORBIDDEN_HOSTS.contains(&host.as_str()) {
        return Err(StateError::InvalidWebhookUrl);
    }
    Ok(())
}

/// Returns the host of a URL as Python splits one, which checks nothing; `None` if there is no
/// host.
fn host_of(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    let host = match host.strip_prefix('[') {
        Some(address) => address.split(']').next()?,
        None => host.split(':').next()?,
    };
    Some(host).filter(|host| !host.is_empty())
}

/// Checks the template of a webhook's body, which has to be JSON.
fn check_webhook_template(config: &Value) -> Result<(), StateError> {
    match config.get("template") {
        Some(Value::String(template)) if !template.is_empty() => {
            // The server fills it in from an empty event.
            let filled = template::apply(template, &json!({}));
            filled.map(drop).map_err(StateError::InvalidWebhookTemplate)
        }
        Some(other) if is_truthy(other) => Err(StateError::Unhandled),
        _ => Ok(()),
    }
}

fn string_in<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}
