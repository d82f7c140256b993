//! Detection of operations that a server lacks.
//!
//! If a server lacks an operation, because it is older or a feature is turned off, its response
//! rarely shows it. Below `/api/v1/repository/`, the server reads the path as the name of a
//! repository and runs another operation. A GET then returns the 404 of a missing object, a PUT
//! returns 400, and a DELETE returns 204. For other paths, servers before 3.14 fail with status
//! 500. The discovery document lists the operations. It is read after such a response to an
//! operation that some servers lack, and before a DELETE that would delete something else.

use super::credentials;
use super::path_parameters::path_parameters;
use super::served::{OPTIONAL_FIELDS, ServedOperations};
use super::token_source::TokenSource;
use super::{Call, Request, Transport};
use crate::client::Settings;
use crate::error::{NOT_LISTED, expect_missing};
use crate::operation::{OPERATIONS, Operation};
use crate::{Delivery, Error, ErrorKind, Result};
use futures::FutureExt;
use futures::future::BoxFuture;
use http::Method;
use serde_json::Value;
use std::sync::Arc;
use tokio::time::{Instant, timeout_at};
use url::Url;

const READ_AS_A_REPOSITORY: &str = "the server reads the path as the name of a repository";

/// Returns the error of a success whose body is a repository.
pub(super) fn read_as_a_repository() -> Error {
    Error::new(ErrorKind::FeatureDisabled, READ_AS_A_REPOSITORY).with_delivery(Delivery::Responded)
}

/// Returns true for an operation that some servers since 3.8 lack.
pub(super) fn may_be_missing(operation: &Operation) -> bool {
    operation.since().is_some() || operation.feature().is_some()
}

/// Returns true for a path that a server without its route reads as the name of a repository.
fn may_be_a_repository(operation: &Operation) -> bool {
    operation.path().starts_with("/api/v1/repository/")
}

/// Returns true for an operation for which a server that lacks it would delete a repository.
///
/// The server acknowledges the deletion even if the repository does not exist.
fn may_delete_a_repository(operation: &Operation) -> bool {
    operation.method() == "DELETE" && may_be_missing(operation) && may_be_a_repository(operation)
}

/// Returns true for an operation for which Quay's registry in Go may delete a repository.
///
/// It reads the rest of every such path as a name. It is the only server that accepts HTTP Basic
/// for a deletion, and it has no discovery document. If the settings do not allow the client to
/// read that document, nothing distinguishes the servers.
fn may_be_of_the_go_registry(
    settings: &Settings,
    operation: &Operation,
    request: &Request,
    tokens: &TokenSource,
) -> bool {
    settings.consult_discovery
        && operation.method() == "DELETE"
        && operation.id() != "deleteRepository"
        && may_be_a_repository(operation)
        && match &request.authorization {
            Some(header) => credentials::is_basic(header),
            None => tokens.is_basic(),
        }
}

/// Returns the operation that lists the collection of a resource, and its URL.
fn collection(operation: &Operation, url: &Url) -> Option<(&'static Operation, Url)> {
    let (path, _) = operation.path().rsplit_once('/')?;
    let lists = |other: &&'static Operation| {
        other.method() == "GET" && other.path().strip_suffix('/') == Some(path)
    };
    let sibling = OPERATIONS.iter().find(lists)?;
    let mut url = url.clone();
    url.set_query(None);
    url.path_segments_mut().ok()?.pop().push("");
    Some((sibling, url))
}

/// Returns true if the body of a response is a repository.
fn is_repository(body: &[u8]) -> bool {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    body.get("namespace").is_some() && body.get("is_public").is_some()
}

/// Returns the fields of a body that some servers lack.
fn optional_fields(operation: &Operation, request: &Request) -> impl Iterator<Item = &'static str> {
    let fields = OPTIONAL_FIELDS
        .into_iter()
        .filter(|(id, _)| *id == operation.id());
    let body = request.body.clone().unwrap_or_default();
    fields.map(|(_, field)| field).filter(move |field| {
        let body: Value = serde_json::from_slice(&body).unwrap_or_default();
        body.get(field).is_some_and(|value| !value.is_null())
    })
}

/// Returns true if the error may be that of a server that lacks the operation.
fn is_ambiguous(operation: &Operation, error: &Error) -> bool {
    let is_of_another_route = may_be_a_repository(operation);
    error.delivery() == Delivery::Responded
        && match error.kind() {
            ErrorKind::Server => error.status() == Some(500) && operation.method() != "GET",
            // The target is the same path with a slash, which is not a route either.
            ErrorKind::Redirected => error.status() == Some(308),
            ErrorKind::NotFound => is_of_another_route && error.status() == Some(404),
            ErrorKind::InvalidRequest
            | ErrorKind::Forbidden
            | ErrorKind::InsufficientScope
            // The repository is missing, or an anonymous caller may not read it.
            | ErrorKind::Unauthenticated
            | ErrorKind::InvalidResponse => is_of_another_route,
            _ => false,
        }
}

impl Transport {
    /// Returns the operations that the server has; `None` if the document can't be read in time.
    ///
    /// The settings may forbid to read it.
    pub(crate) async fn served(
        &self,
        settings: &Settings,
        deadline: Option<Instant>,
    ) -> Option<Arc<ServedOperations>> {
        if !settings.consult_discovery {
            return None;
        }
        let served = self.document.get(self, settings);
        timeout_at(wait_limit(settings, deadline)?, served)
            .await
            .ok()
            .flatten()
    }

    /// Returns true if the server must be checked before the request is sent.
    pub(super) fn must_check_before(
        &self,
        settings: &Settings,
        operation: &Operation,
        request: &Request,
    ) -> bool {
        may_delete_a_repository(operation) && !self.document.is_proven(operation)
            || may_be_of_the_go_registry(settings, operation, request, &self.tokens)
            || settings.consult_discovery && optional_fields(operation, request).next().is_some()
    }

    /// Checks that the server has the operation and supports all fields of the body.
    ///
    /// If the document does not show it, the collection of the resource is listed. A server that
    /// lacks the operation lacks that of the collection too, and its response is definite, since
    /// the name of a repository can't end with a slash.
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
                        "the server does not support `{field}`: its discovery document does not \
                         list it"
                    ));
                }
            }
            if served.is_none()
                && may_be_of_the_go_registry(settings, operation, request, &self.tokens)
            {
                return refuse(
                    "the server's discovery document can't be read, and Quay's registry in Go, \
                     which has none, would delete a repository with that name",
                );
            }
            let is_known = served.is_some_and(|served| served.has(operation).is_some());
            if is_known || !may_delete_a_repository(operation) || self.document.is_proven(operation)
            {
                return Ok(());
            }
            let Some((sibling, url)) = collection(operation, &request.url) else {
                return Ok(());
            };
            let request = Request {
                method: Method::GET,
                url,
                body: None,
                authorization: request.authorization.clone(),
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
                true => refuse(READ_AS_A_REPOSITORY),
                false => Ok(()),
            }
        }
        .boxed()
    }

    /// Returns an error if the server's document does not list an operation.
    pub async fn check_has(
        &self,
        settings: &Settings,
        operation: &'static Operation,
    ) -> Result<()> {
        if !settings.consult_discovery || self.document.is_proven(operation) {
            return Ok(());
        }
        let served = self.served(settings, settings.deadline_from_now()).await;
        match served.and_then(|served| served.has(operation)) {
            Some(false) => Err(Error::new(ErrorKind::FeatureDisabled, NOT_LISTED)
                .with_operation(operation, Vec::new())),
            _ => Ok(()),
        }
    }

    /// Returns true if the body is a repository, because the server read the path as its name.
    pub(super) fn is_of_a_repository(&self, operation: &Operation, body: &[u8]) -> bool {
        operation.method() == "GET"
            && may_be_missing(operation)
            && may_be_a_repository(operation)
            && !self.document.is_proven(operation)
            && is_repository(body)
    }

    /// Returns the error of a call, or that of a missing operation if the document shows it.
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
        // These futures are boxed, because nearly all calls do without them.
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

    /// Returns the error of a missing organization, if that is the cause of a missing scope.
    ///
    /// Servers check the permission first, which no one has in an organization that does not exist.
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
        let Some(limit) = wait_limit(settings, deadline) else {
            return error;
        };
        // A missing organization explains the error, so it is not reported as a failure.
        let organization = self.api.get_organization(&name);
        let lookup = expect_missing(self.send_for_any(settings, organization));
        match timeout_at(limit, lookup).await {
            Ok(Err(missing)) if missing.is_not_found() => {
                error.into_missing_object(&format!("there is no organization {name}"))
            }
            _ => error,
        }
    }
}

/// Returns the deadline of a check of the server at the end of a call.
fn wait_limit(settings: &Settings, deadline: Option<Instant>) -> Option<Instant> {
    let limit = Instant::now().checked_add(settings.max_check_wait)?;
    Some(deadline.map_or(limit, |deadline| deadline.min(limit)))
}
