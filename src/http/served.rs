//! The operations that a server has, which its discovery document lists.
//!
//! A server that lacks an operation, since it is older or a feature is off, rarely says so. Below
//! `/api/v1/repository/` it reads the path as the name of a repository and runs another operation:
//! a GET gets the 404 of a missing object, a PUT a 400, a DELETE a 204. Elsewhere, servers before
//! 3.14 fail with a 500. The document tells. It is read after such a response to an operation that
//! some servers lack, and before a DELETE that would delete something else.

use super::path_parameters::path_parameters;
use super::{Call, Request, Transport};
use crate::client::Settings;
use crate::error::{NOT_LISTED, expect_missing};
use crate::operation::{OPERATIONS, Operation};
use crate::types::{DiscoveryDocument, DiscoveryPath};
use crate::{Delivery, Error, ErrorKind, Result};
use futures::FutureExt;
use futures::future::BoxFuture;
use http::Method;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout_at};

/// The time for which a document is valid: a server may be updated.
const MAX_AGE: Duration = Duration::from_secs(600);
/// The time for which it is not read again after it could not be read.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(60);
/// The time that reading it may take: less than a call waits, so that one that takes too long
/// counts as a failure.
const MAX_READ: Duration = Duration::from_secs(8);
/// The time that it may add to a call.
const MAX_WAIT: Duration = Duration::from_secs(10);
/// The size up to which it is read. That of 2026 has 0.3 MiB.
const MAX_SIZE: usize = 8 * 1024 * 1024;

/// Fields of bodies that some servers ignore, or fail on after they have stored a part, where that
/// does harm that can't be undone: a policy that loses its pattern prunes tags of every name. A new
/// policy is deleted again if its pattern was ignored.
const OPTIONAL_FIELDS: [(&str, &str); 7] = [
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
    /// By identifier; without those of which the document says nothing.
    by_id: BTreeMap<&'static str, bool>,
    /// Those of [`OPTIONAL_FIELDS`] that the document lacks.
    lacks_fields: Vec<(&'static str, &'static str)>,
}

impl ServedOperations {
    /// Reads a document; returns `None` if it is not that of a Quay server.
    pub fn read(document: &DiscoveryDocument) -> Option<Self> {
        let paths: BTreeMap<String, &DiscoveryPath> = document
            .paths
            .iter()
            .map(|(path, item)| (without_names(path), item))
            .collect();
        let by_id: BTreeMap<_, _> = OPERATIONS
            .iter()
            .filter(|operation| operation.is_documented())
            .filter_map(|operation| {
                let item = paths.get(&without_names(operation.path()));
                Some((operation.id(), is_listed(operation, item.copied())?))
            })
            .collect();
        let lacks_fields = OPTIONAL_FIELDS
            .into_iter()
            .filter(|(id, field)| {
                let operation = OPERATIONS.iter().find(|o| o.id() == *id);
                operation
                    .and_then(|o| paths.get(&without_names(o.path())).map(|item| (o, item)))
                    .and_then(|(o, item)| takes_field(document, o, item, field))
                    == Some(false)
            })
            .collect();
        (by_id.get("discovery") == Some(&true)).then_some(Self {
            by_id,
            lacks_fields,
        })
    }

    /// Returns whether the server has an operation; `None` if the document does not tell.
    pub fn has(&self, operation: &Operation) -> Option<bool> {
        self.by_id.get(operation.id()).copied()
    }
}

/// Returns whether the body of an operation has a field; `None` if the document does not describe
/// the body.
fn takes_field(
    document: &DiscoveryDocument,
    operation: &Operation,
    item: &DiscoveryPath,
    field: &str,
) -> Option<bool> {
    let described = match operation.method() {
        "PUT" => item.put.as_ref()?,
        _ => item.post.as_ref()?,
    };
    let mut parameters = described.parameters.iter().flatten();
    let body = parameters.find(|parameter| parameter.in_ == "body")?;
    let schema = body.schema.as_ref()?.get("$ref")?.as_str()?;
    let name = schema.rsplit('/').next()?;
    let definition = document.definitions.as_ref()?.get(name)?;
    Some(definition.get("properties")?.get(field).is_some())
}

/// Returns whether a document lists an operation.
fn is_listed(operation: &Operation, item: Option<&DiscoveryPath>) -> Option<bool> {
    let Some(item) = item else {
        return Some(false);
    };
    let methods = [
        ("GET", item.get.is_some()),
        ("PUT", item.put.is_some()),
        ("POST", item.post.is_some()),
        ("DELETE", item.delete.is_some()),
        ("PATCH", item.patch.is_some()),
    ];
    if methods.contains(&(operation.method(), true)) {
        return Some(true);
    }
    // Some releases have operations without an identifier, of which they list the path only: robot
    // federation from 3.13 to 3.17.1.
    let lists_any = methods.iter().any(|(_, is_listed)| *is_listed);
    (lists_any || operation.listed_since().is_none()).then_some(false)
}

/// Returns a path whose parameters have no names: they may differ between releases.
fn without_names(path: &str) -> String {
    let segments = path
        .split('/')
        .map(|segment| match segment.starts_with('{') {
            true => "{}",
            false => segment,
        });
    segments.collect::<Vec<_>>().join("/")
}

/// The document of the server, as the clones of a client share it.
#[derive(Debug, Default)]
pub(crate) struct ServerDocument {
    /// Calls that wait for the document wait for this.
    cached: Mutex<Option<Cached>>,
    /// What operations that succeeded need of a server. It has others that need the same.
    proven: std::sync::Mutex<BTreeSet<Requirements>>,
}

/// The release and the settings that an operation needs.
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
    /// Notes that an operation succeeded.
    pub fn note_success(&self, operation: &Operation) {
        if may_be_missing(operation) {
            let mut proven = self.proven.lock().unwrap_or_else(PoisonError::into_inner);
            proven.insert(requirements(operation));
        }
    }

    fn is_proven(&self, operation: &Operation) -> bool {
        let proven = self.proven.lock().unwrap_or_else(PoisonError::into_inner);
        proven.contains(&requirements(operation))
    }

    /// Returns the operations that the server has; `None` if that can't be found out.
    async fn get(
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

    /// Reads the document again, for whoever asks for it; `None` if the server has none.
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
    settings.operation_timeout = Some(
        settings
            .operation_timeout
            .map_or(MAX_READ, |limit| limit.min(MAX_READ)),
    );
    let request = transport.api.discovery(Some("true"));
    let document: DiscoveryDocument = transport.send(&settings, request).await?;
    Ok(ServedOperations::read(&document).map(Arc::new))
}

/// Returns true for an operation that some servers since 3.8 lack.
fn may_be_missing(operation: &Operation) -> bool {
    operation.since().is_some() || operation.feature().is_some()
}

/// Returns true for a path that a server without its route reads as the name of a repository.
fn may_be_a_repository(operation: &Operation) -> bool {
    operation.path().starts_with("/api/v1/repository/")
}

/// Returns true for an operation that would delete a repository on a server that lacks it, and be
/// acknowledged whether or not there is one of that name.
fn may_delete_a_repository(operation: &Operation) -> bool {
    operation.method() == "DELETE" && may_be_missing(operation) && may_be_a_repository(operation)
}

/// Returns true for the response to reading a repository.
fn is_repository(body: &[u8]) -> bool {
    let body: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    body.get("namespace").is_some() && body.get("is_public").is_some()
}

/// Returns the fields of a body that some servers lack.
fn optional_fields(operation: &Operation, request: &Request) -> impl Iterator<Item = &'static str> {
    let fields = OPTIONAL_FIELDS
        .into_iter()
        .filter(|(id, _)| *id == operation.id());
    let body = request.body.clone().unwrap_or_default();
    fields.map(|(_, field)| field).filter(move |field| {
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
        body.get(field).is_some_and(|value| !value.is_null())
    })
}

/// Returns true if the error may be that of a server that lacks the operation.
fn is_ambiguous(operation: &Operation, error: &Error) -> bool {
    let is_of_another_route = may_be_a_repository(operation);
    error.delivery() == Delivery::Responded
        && match error.kind() {
            ErrorKind::Server => error.status() == Some(500) && operation.method() != "GET",
            // To the same path with a slash, which is no route either.
            ErrorKind::Redirected => error.status() == Some(308),
            ErrorKind::NotFound => is_of_another_route && error.status() == Some(404),
            ErrorKind::InvalidRequest
            | ErrorKind::Forbidden
            | ErrorKind::InsufficientScope
            | ErrorKind::InvalidResponse => is_of_another_route,
            _ => false,
        }
}

impl Transport {
    /// Returns the operations that the server has, unless that takes longer than the call may.
    async fn served(
        &self,
        settings: &Settings,
        deadline: Option<Instant>,
    ) -> Option<Arc<ServedOperations>> {
        let served = self.document.get(self, settings);
        timeout_at(wait_limit(deadline)?, served)
            .await
            .ok()
            .flatten()
    }

    /// Returns true if the server has to be looked at before the request is sent.
    pub(super) fn must_check_before(
        &self,
        settings: &Settings,
        operation: &Operation,
        request: &Request,
    ) -> bool {
        settings.consult_discovery
            && (may_delete_a_repository(operation) && !self.document.is_proven(operation)
                || optional_fields(operation, request).next().is_some())
    }

    /// Checks that the server has the operation of a write that it would otherwise take for another
    /// one, and takes all fields of the body. If its document does not tell, what is to be deleted
    /// is read.
    pub(super) fn check_before<'a>(
        &'a self,
        settings: &'a Settings,
        operation: &'static Operation,
        request: &'a Request,
        deadline: Option<Instant>,
    ) -> BoxFuture<'a, Result<()>> {
        async move {
            let served = self.served(settings, deadline).await;
            let refuse = |message: &str| {
                let parameters = path_parameters(operation, &request.url, &self.base);
                Err(Error::new(ErrorKind::FeatureDisabled, message)
                    .with_operation(operation, parameters))
            };
            if let Some(served) = &served {
                if served.has(operation) == Some(false) {
                    return refuse(NOT_LISTED);
                }
                let lacking =
                    |field: &&'static str| served.lacks_fields.contains(&(operation.id(), field));
                if let Some(field) = optional_fields(operation, request).find(lacking) {
                    return refuse(&format!(
                        "the server has no `{field}`, which its discovery document does not list"
                    ));
                }
            }
            let is_known = served.is_some_and(|served| served.has(operation).is_some());
            if is_known || !may_delete_a_repository(operation) || self.document.is_proven(operation)
            {
                return Ok(());
            }
            let reads = |other: &&'static Operation| {
                other.method() == "GET" && other.path() == operation.path()
            };
            let Some(sibling) = OPERATIONS.iter().find(reads) else {
                return Ok(());
            };
            let request = Request {
                method: Method::GET,
                url: request.url.clone(),
                body: None,
                authorization: None,
            };
            let idempotency = sibling.idempotency();
            let mut call = Call::new(
                self,
                settings,
                Some(sibling),
                idempotency,
                request,
                deadline,
            );
            let response = call.run().await?;
            call.succeed(response.status);
            match is_repository(&response.body) {
                true => refuse("the server reads the path as the name of a repository"),
                false => Ok(()),
            }
        }
        .boxed()
    }

    /// Returns the error of a call, or another one if the server lacks the operation and does not
    /// say so.
    pub(super) async fn explain(
        &self,
        settings: &Settings,
        operation: &'static Operation,
        error: Error,
        deadline: Option<Instant>,
    ) -> Error {
        if !settings.consult_discovery {
            return error;
        }
        // In boxes: nearly all calls do without.
        if may_be_missing(operation)
            && is_ambiguous(operation, &error)
            && !self.document.is_proven(operation)
        {
            let served = self.served(settings, deadline).boxed().await;
            if served.and_then(|served| served.has(operation)) == Some(false) {
                return error.into_missing_operation(NOT_LISTED);
            }
        }
        if error.kind() == ErrorKind::InsufficientScope && operation.id() != "getOrganization" {
            return self.explain_scope(settings, error, deadline).boxed().await;
        }
        error
    }

    /// Returns the error of a missing organization in the place of one that says that a scope is
    /// missing. Servers look for the permission first, which nobody has there.
    async fn explain_scope(
        &self,
        settings: &Settings,
        error: Error,
        deadline: Option<Instant>,
    ) -> Error {
        let name = error
            .path_parameters()
            .find(|(name, _)| *name == "orgname")
            .map(|(_, name)| name.to_owned());
        let Some(name) = name else {
            return error;
        };
        let Some(limit) = wait_limit(deadline) else {
            return error;
        };
        // That there is none explains the error, and is no failure of its own.
        let lookup = expect_missing(self.send(settings, self.api.get_organization(&name)));
        match timeout_at(limit, lookup).await {
            Ok(Err(missing)) if missing.is_not_found() => {
                error.into_missing_object(&format!("there is no organization {name}"))
            }
            _ => error,
        }
    }
}

/// Returns until when a look at the server may take that a call ends with.
fn wait_limit(deadline: Option<Instant>) -> Option<Instant> {
    let limit = Instant::now().checked_add(MAX_WAIT)?;
    Some(deadline.map_or(limit, |deadline| deadline.min(limit)))
}

#[cfg(test)]
#[path = "served_tests.rs"]
mod tests;
