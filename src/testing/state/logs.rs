//! Usage logs: every change writes an entry.

use crate::testing::state::State;
use crate::testing::state::access::Caller;
use crate::testing::state::error::StateError;
use crate::types::Timestamp;
use serde_json::{Value, json};

/// An entry of the usage logs.
#[derive(Debug, Clone)]
pub struct LogEntry {
    pub id: u64,
    pub when: Timestamp,
    pub kind: String,
    /// The namespace whose log it is in; empty for the log of the whole server.
    pub namespace: String,
    /// The name of the repository, without its namespace.
    pub repository: Option<String>,
    pub performer: Option<String>,
    pub ip: String,
    pub metadata: Value,
}

/// The log of the server, of a namespace or of a repository.
#[derive(Debug, Clone, Copy)]
pub enum LogScope<'c> {
    Server,
    Organization(&'c str),
    User(&'c str),
    Repository(&'c str, &'c str),
}

impl<'c> LogScope<'c> {
    pub fn namespace(self) -> &'c str {
        match self {
            Self::Server => "",
            Self::Organization(name) | Self::User(name) | Self::Repository(name, _) => name,
        }
    }

    /// Returns true for the log of an organization or a user.
    pub fn is_namespace(self) -> bool {
        matches!(self, Self::Organization(_) | Self::User(_))
    }

    fn has(self, entry: &LogEntry) -> bool {
        match self {
            Self::Server => true,
            Self::Organization(name) => entry.namespace == name,
            // Events about service keys are kept from a user's own log.
            Self::User(name) => entry.namespace == name && !entry.kind.starts_with("service_key_"),
            Self::Repository(namespace, name) => {
                entry.namespace == namespace && entry.repository.as_deref() == Some(name)
            }
        }
    }
}

impl State {
    /// Requires that the owner of a log exists.
    pub fn check_log(&self, log: LogScope<'_>) -> Result<(), StateError> {
        match log {
            LogScope::Repository(namespace, name) if self.repository(namespace, name).is_none() => {
                Err(StateError::NotFound)
            }
            LogScope::Organization(name) if !self.is_namespace(name) => {
                Err(StateError::NoSuchLogNamespace(name.to_owned()))
            }
            _ => Ok(()),
        }
    }

    /// Returns true for a name that can be the performer of an entry.
    pub fn is_performer(&self, name: &str) -> bool {
        self.is_namespace(name) || self.robots.contains_key(name)
    }

    /// Returns the entries of a log in a time, oldest first; of one performer only, if given.
    pub fn log_entries(
        &self,
        log: LogScope<'_>,
        (start, end): (Timestamp, Timestamp),
        performer: Option<&str>,
    ) -> Vec<&LogEntry> {
        let is_by = |e: &LogEntry| performer.is_none() || e.performer.as_deref() == performer;
        let mut entries: Vec<&LogEntry> = self
            .logs
            .iter()
            .filter(|e| log.has(e) && start <= e.when && e.when < end && is_by(e))
            .collect();
        entries.sort_by_key(|e| (e.when, e.id));
        entries
    }

    /// Returns the number of pulls of a repository.
    pub fn pulls_of(&self, namespace: &str, name: &str) -> usize {
        let is_pull = |l: &&LogEntry| {
            l.kind == "pull_repo"
                && l.namespace == namespace
                && l.repository.as_deref() == Some(name)
        };
        self.logs.iter().filter(is_pull).count()
    }

    /// Adds an entry for a change that a caller makes.
    ///
    /// The metadata have the names that Quay uses for this kind.
    pub fn log(
        &mut self,
        caller: &Caller,
        kind: &str,
        namespace: &str,
        repository: Option<&str>,
        metadata: Value,
    ) {
        let mut metadata = metadata;
        if let (Value::Object(members), Some(token)) = (&mut metadata, caller.token()) {
            members.insert("oauth_token_id".to_owned(), token.id.into());
            members.insert(
                "oauth_token_application_id".to_owned(),
                token.application.0.as_str().into(),
            );
            members.insert(
                "oauth_token_application".to_owned(),
                token.application.1.as_str().into(),
            );
        }
        let (when, performer) = (self.now(), caller.user().map(str::to_owned));
        self.record(when, kind, (namespace, repository), performer, metadata);
    }

    /// Writes an entry for a change to a repository, with its names among the metadata, as most of
    /// Quay's have them.
    pub fn log_repository(
        &mut self,
        caller: &Caller,
        kind: &str,
        (namespace, name): (&str, &str),
        metadata: Value,
    ) {
        let mut metadata = metadata;
        if let Value::Object(members) = &mut metadata {
            members.extend(
                json!({"repo": name, "namespace": namespace})
                    .as_object()
                    .cloned()
                    .unwrap_or_default(),
            );
        }
        self.log(caller, kind, namespace, Some(name), metadata);
    }

    /// Writes an entry without a caller, as seeds do.
    pub fn record(
        &mut self,
        when: Timestamp,
        kind: &str,
        (namespace, repository): (&str, Option<&str>),
        performer: Option<String>,
        metadata: Value,
    ) {
        let (id, repository) = (self.next_id(), repository.map(str::to_owned));
        let (kind, namespace, ip) = (
            kind.to_owned(),
            namespace.to_owned(),
            "127.0.0.1".to_owned(),
        );
        self.logs.push(LogEntry {
            id,
            when,
            kind,
            namespace,
            repository,
            performer,
            ip,
            metadata,
        });
    }
}
