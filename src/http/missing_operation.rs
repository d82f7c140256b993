//! Operations that a server lacks, as its responses show them.
//!
//! A server that lacks an operation, since it is older or a feature is off, rarely says so. Below
//! `/api/v1/repository/` it reads the path as the name of a repository and runs another operation:
//! a GET gets the 404 of a missing object, a PUT a 400, a DELETE a 204. Elsewhere, servers before
//! 3.14 fail with a 500. The document tells. It is read after such a response to an operation that
//! some servers lack, and before a DELETE that would delete something else.

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
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// The time that reading the document may add to a call.
const MAX_WAIT: Duration = Duration::from_secs(10);

const READ_AS_A_REPOSITORY: &str = "the server reads the path as the name of a repository";

/// Returns the error of a success that is that of reading a repository.
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

/// Returns true for an operation that would delete a repository on a server that lacks it, and be
/// acknowledged whether or not there is one of that name.
fn may_delete_a_repository(operation: &Operation) -> bool {
    operation.method() == "DELETE" && may_be_missing(operation) && may_be_a_repository(operation)
}

/// Returns true for an operation in whose place the registry in Go would delete a repository: it
/// takes the rest of every such path for a name. It is the only server that takes HTTP Basic for a
/// deletion, and has no document.
fn may_be_of_the_go_registry(
    operation: &Operation,
    request: &Request,
    tokens: &TokenSource,
) -> bool {
    operation.method() == "DELETE"
        && operation.id() != "deleteRepository"
        && may_be_a_repository(operation)
        && match &request.authorization {
            Some(header) => credentials::is_basic(header),
            None => tokens.is_basic(),
        }
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
            // A repository that a caller without a token may not read, or that is missing.
            | ErrorKind::Unauthenticated
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
                || may_be_of_the_go_registry(operation, request, &self.tokens)
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
            if served.is_none() && may_be_of_the_go_registry(operation, request, &self.tokens) {
                return refuse(
                    "the server has no discovery document, and the registry in Go would delete a \
                     repository of that name",
                );
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

    /// Returns true if the success is that of reading a repository, whose name a server without the
    /// operation takes the path for.
    pub(super) fn is_of_a_repository(&self, operation: &Operation, body: &[u8]) -> bool {
        operation.method() == "GET"
            && may_be_missing(operation)
            && may_be_a_repository(operation)
            && !self.document.is_proven(operation)
            && is_repository(body)
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
