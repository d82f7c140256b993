//! The operations that a server has, which its discovery document lists.

use super::missing_operation::may_be_missing;
use super::{OperationRequest, Transport};
use crate::Result;
use crate::client::Settings;
use crate::operation::{OPERATIONS, Operation};
use serde_json::Value;
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// The time for which a document is used. The server may be updated later.
const MAX_AGE: Duration = Duration::from_secs(600);
/// The pause after a document could not be read.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(60);
/// The maximum size of a document, in bytes. That of 2026 has 0.3 MiB.
const MAX_SIZE: usize = 8 * 1024 * 1024;

/// The fields of bodies whose support is checked before the request is sent.
///
/// Some servers ignore them, or fail after they stored a part of the request, and the harm can't be
/// undone: a policy that loses its pattern prunes tags with any name. For a new policy, no check is
/// necessary: it is deleted again if the server ignored its pattern.
pub(super) const OPTIONAL_FIELDS: [(&str, &str); 7] = [
    ("changeRepoMirrorConfig", "architecture_filter"),
    ("changeRepoMirrorConfig", "skopeo_timeout_interval"),
    ("createRepoMirrorConfig", "architecture_filter"),
    ("createRepoMirrorConfig", "skopeo_timeout_interval"),
    ("updateOrganizationAutoPrunePolicy", "tagPattern"),
    ("updateRepositoryAutoPrunePolicy", "tagPattern"),
    ("updateUserAutoPrunePolicy", "tagPattern"),
];

/// The operations that a document lists.
#[derive(Debug)]
pub(crate) struct ServedOperations {
    /// For each operation, as in [`OPERATIONS`], true if the server has it, or `None` if the
    /// document does not show it.
    has: Vec<Option<bool>>,
    /// The fields of [`OPTIONAL_FIELDS`] that the document lacks.
    pub(super) lacks_fields: Vec<(&'static str, &'static str)>,
}

impl ServedOperations {
    /// Reads a document; returns `None` if it is not a document of a Quay server.
    ///
    /// The document is read as plain JSON. Its types would be compiled into each application for
    /// the few fields that are read.
    pub fn read(document: &Value) -> Option<Self> {
        let paths = document.get("paths")?.as_object()?;
        let paths: Vec<(String, &Value)> = paths
            .iter()
            .map(|(path, item)| (without_names(path), item))
            .collect();
        let item_of = |operation: &Operation| {
            let path = without_names(operation.path());
            paths
                .iter()
                .find(|(p, _)| *p == path)
                .map(|(_, item)| *item)
        };
        let has = OPERATIONS
            .iter()
            .map(|operation| match operation.is_documented() {
                true => is_listed(operation, item_of(operation)),
                false => None,
            })
            .collect();
        let lacks_fields = OPTIONAL_FIELDS
            .into_iter()
            .filter(|(id, field)| {
                let takes_field =
                    Operation::find(id).and_then(|o| takes_field(document, o, item_of(o)?, field));
                takes_field == Some(false)
            })
            .collect();
        let served = Self { has, lacks_fields };
        let lists_itself = served.has(Operation::find("discovery")?) == Some(true);
        lists_itself.then_some(served)
    }

    /// Returns whether the server has an operation; `None` if the document does not show it.
    pub fn has(&self, operation: &Operation) -> Option<bool> {
        *self.has.get(operation.index())?
    }
}

/// Returns whether the body of an operation has a field; `None` if the document does not describe
/// the body.
fn takes_field(document: &Value, operation: &Operation, item: &Value, field: &str) -> Option<bool> {
    let described = item.get(operation.method().to_ascii_lowercase())?;
    let mut parameters = described.get("parameters")?.as_array()?.iter();
    let body = parameters.find(|parameter| parameter["in"] == "body")?;
    let schema = body.get("schema")?.get("$ref")?.as_str()?;
    let name = schema.rsplit('/').next()?;
    let definition = document.get("definitions")?.get(name)?;
    Some(definition.get("properties")?.get(field).is_some())
}

/// Returns whether a document lists an operation.
fn is_listed(operation: &Operation, item: Option<&Value>) -> Option<bool> {
    let Some(item) = item else {
        return Some(false);
    };
    let lists = |method: &str| item.get(method).is_some_and(Value::is_object);
    if lists(&operation.method().to_ascii_lowercase()) {
        return Some(true);
    }
    // Some releases only list the path of an operation that has no identifier: robot federation
    // from 3.13 to 3.17.1.
    let lists_any = ["get", "put", "post", "delete", "patch"]
        .into_iter()
        .any(lists);
    (lists_any || operation.listed_since().is_none()).then_some(false)
}

/// Returns a path without the names of its parameters, which differ between releases.
fn without_names(path: &str) -> String {
    let segments = path
        .split('/')
        .map(|segment| match segment.starts_with('{') {
            true => "{}",
            false => segment,
        });
    segments.collect::<Vec<_>>().join("/")
}

/// The document of the server, which all clones of a client share.
#[derive(Debug, Default)]
pub(crate) struct ServerDocument {
    /// The document. Calls that need it wait for the lock while another call reads it.
    cached: Mutex<Option<Cached>>,
    /// The requirements of operations that succeeded. The server has all operations with the same
    /// requirements.
    proven: std::sync::Mutex<Vec<Requirements>>,
}

/// The release and the settings that an operation requires.
type Requirements = (Option<&'static str>, &'static [&'static str]);

fn requirements(operation: &Operation) -> Requirements {
    (operation.since(), operation.features())
}

#[derive(Debug)]
struct Cached {
    until: Instant,
    /// `None` if the document could not be read.
    served: Option<Arc<ServedOperations>>,
}

impl ServerDocument {
    /// Records that an operation succeeded.
    pub fn note_success(&self, operation: &Operation) {
        if may_be_missing(operation) {
            let mut proven = self.proven.lock().unwrap_or_else(PoisonError::into_inner);
            let requirements = requirements(operation);
            if !proven.contains(&requirements) {
                proven.push(requirements);
            }
        }
    }

    pub(super) fn is_proven(&self, operation: &Operation) -> bool {
        let proven = self.proven.lock().unwrap_or_else(PoisonError::into_inner);
        proven.contains(&requirements(operation))
    }

    /// Returns the operations that the server has; `None` if the document can't be read.
    pub(super) async fn get(
        &self,
        transport: &Transport,
        settings: &Settings,
    ) -> Option<Arc<ServedOperations>> {
        let mut cached = self.cached.lock().await;
        if let Some(cached) = cached.as_ref().filter(|c| Instant::now() < c.until) {
            return cached.served.clone();
        }
        let served = read(transport, settings).await.ok().flatten();
        let age = match &served {
            Some(_) => MAX_AGE,
            None => PAUSE_AFTER_FAILURE,
        };
        let until = Instant::now().checked_add(age)?;
        *cached = Some(Cached {
            until,
            served: served.clone(),
        });
        served
    }

    /// Reads the document again; returns `None` if the server has no document.
    pub async fn refresh(
        &self,
        transport: &Transport,
        settings: &Settings,
    ) -> Result<Option<Arc<ServedOperations>>> {
        let mut cached = self.cached.lock().await;
        let served = match read(transport, settings).await {
            Err(error) if error.is_not_found() || error.is_feature_disabled() => None,
            result => result?,
        };
        *cached = Instant::now().checked_add(MAX_AGE).map(|until| Cached {
            until,
            served: served.clone(),
        });
        Ok(served)
    }
}

async fn read(transport: &Transport, settings: &Settings) -> Result<Option<Arc<ServedOperations>>> {
    let mut settings = settings.clone();
    settings.max_response_size = settings.max_response_size.min(MAX_SIZE);
    // Shorter than the time that a call waits, so that a slow document counts as a failure.
    let max_read = settings.max_check_wait * 4 / 5;
    settings.operation_timeout = Some(
        settings
            .operation_timeout
            .map_or(max_read, |limit| limit.min(max_read)),
    );
    let request = transport.api.discovery(Some("true"));
    let request = request.map(OperationRequest::with_response);
    let document: Value = transport.send(&settings, request).await?;
    Ok(ServedOperations::read(&document).map(Arc::new))
}

#[cfg(test)]
#[path = "served_tests.rs"]
mod tests;
