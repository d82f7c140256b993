//! What happened: every change writes an entry.

use super::State;
use crate::testing::http::call::Call;
use crate::types::Timestamp;
use serde_json::{Value, json};

/// An entry of the usage logs.
#[derive(Debug, Clone)]
pub struct LogEntry {
    pub id: u64,
    pub when: Timestamp,
    pub kind: String,
    /// Whose log it is in; empty for what concerns the whole server.
    pub namespace: String,
    /// The name of the repository, without its namespace.
    pub repository: Option<String>,
    pub performer: Option<String>,
    pub ip: String,
    pub metadata: Value,
}

impl State {
    /// How often a repository was pulled.
    pub fn pulls_of(&self, namespace: &str, name: &str) -> usize {
        let is_pull = |l: &&LogEntry| {
            l.kind == "pull_repo"
                && l.namespace == namespace
                && l.repository.as_deref() == Some(name)
        };
        self.logs.iter().filter(is_pull).count()
    }

    /// Writes an entry for a change that a call makes. Metadata are named as Quay names them for
    /// this kind.
    pub fn log(
        &mut self,
        call: &Call<'_>,
        kind: &str,
        namespace: &str,
        repository: Option<&str>,
        metadata: Value,
    ) {
        let mut metadata = metadata;
        if let (Value::Object(members), Some(token)) = (&mut metadata, &call.token) {
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
        let (when, performer) = (self.now(), call.user().map(str::to_owned));
        self.record(when, kind, (namespace, repository), performer, metadata);
    }

    /// Writes an entry for a change to a repository, with its names among the metadata, as most of
    /// Quay's have them.
    pub fn log_repository(
        &mut self,
        call: &Call<'_>,
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
        self.log(call, kind, namespace, Some(name), metadata);
    }

    /// Writes an entry without a call, as seeds do.
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
