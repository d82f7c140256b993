//! One recorded exchange: its typed call, and the comparison of request and response.

use super::compare::{difference, lost, round_trip, shortened, stated};
use crate::http::percent_encode::decode;
use crate::http::route::{PathParameters, match_request, match_route};
use crate::http::{OperationRequest, Response};
use crate::json::decode::Decode;
use crate::testing::{Exchange, RecordedRequest};
use crate::{ErrorKind, OPERATIONS, Operation, Quay, generated};
use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// The reason why an exchange does not conform.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The typed parameters cannot express the request.
    Inexpressible(String),
    Wrong(String),
}

impl Failure {
    fn unknown_operation(id: &str) -> Self {
        Self::Wrong(format!("there is no operation {id}"))
    }
}

/// The result of a call, and its `Debug` output.
pub(crate) struct Outcome(pub Result<Value, crate::Error>, pub String);

/// The source of the response of a case.
enum Source {
    /// A server.
    Server(Quay),
    /// These bytes with status 200: nothing is sent.
    Bytes(Bytes),
}

/// One exchange, as the generated dispatch reads it.
pub(crate) struct Case<'a> {
    source: Source,
    operation: &'static Operation,
    recorded: &'a Exchange,
    path: PathParameters,
    query: Vec<(String, String)>,
}

impl<'a> Case<'a> {
    pub fn new(quay: Quay, recorded: &'a Exchange, id: &str) -> Result<Self, Failure> {
        Self::from(Source::Server(quay), recorded, id)
    }

    /// Decodes bytes as if they were the response to a recorded request.
    pub fn decode(recorded: &'a Exchange, id: &str, body: Bytes) -> Result<Outcome, Failure> {
        Self::from(Source::Bytes(body), recorded, id)?
            .call()
            .now_or_never()
            .unwrap_or_else(|| Err(Failure::Wrong("the decoder waited".to_owned())))
    }

    fn from(source: Source, recorded: &'a Exchange, id: &str) -> Result<Self, Failure> {
        let operation = OPERATIONS
            .iter()
            .find(|o| o.id() == id)
            .ok_or_else(|| Failure::unknown_operation(id))?;
        let (path, query) = recorded
            .path
            .split_once('?')
            .unwrap_or((&recorded.path, ""));
        let path = match_route(operation, path).ok_or_else(|| {
            Failure::Inexpressible(format!(
                "{path} does not belong to the route {}",
                operation.path()
            ))
        })?;
        // What a server does for another operation is refused before it is sent.
        let found = match_request(operation.method(), &recorded.path);
        if !found.is_some_and(|found| found.operation.id() == id && !found.lacks_slash) {
            let path = &recorded.path;
            return Err(Failure::Inexpressible(format!(
                "no server runs {id} for {path}"
            )));
        }
        let query = url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        Ok(Self {
            source,
            operation,
            recorded,
            path,
            query,
        })
    }

    fn path(&self, name: &str) -> Result<&str, Failure> {
        self.path
            .get(name)
            .ok_or_else(|| Failure::Wrong(format!("the route has no {name}")))
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.as_str())
    }

    fn value<T: FromStr>(&self, name: &str) -> Result<Option<T>, Failure> {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        text.parse()
            .map(Some)
            .map_err(|_| Failure::Inexpressible(format!("query {name}={text} has another type")))
    }

    fn body<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        let empty = Value::Object(serde_json::Map::new());
        let body = self.recorded.request_body.as_ref().unwrap_or(&empty);
        serde_path_to_error::deserialize(body)
            .map_err(|e| Failure::Inexpressible(format!("body at {}: {}", e.path(), e.inner())))
    }

    async fn send<T: Serialize + DeserializeOwned + Decode + Send + fmt::Debug>(
        &self,
        call: impl FnOnce(&generated::Client) -> crate::Result<OperationRequest<T>> + Send,
    ) -> Result<Outcome, Failure> {
        let result = match &self.source {
            Source::Server(quay) => quay.send(call(quay.api())).await,
            Source::Bytes(body) => crate::http::decode(Response {
                status: http::StatusCode::OK,
                headers: http::HeaderMap::new(),
                body: body.clone(),
            }),
        };
        let json = result.as_ref().ok().map(serde_json::to_string);
        let shown = format!("{result:?} {result:#?} {json:?}");
        match result {
            Ok(value) => Ok(Outcome(Ok(round_trip(&value)?), shown)),
            Err(error) => Ok(Outcome(Err(error), shown)),
        }
    }

    /// Calls the operation with the recorded arguments.
    pub async fn call(&self) -> Result<Outcome, Failure> {
        let (exchange, id) = (self, self.operation.id());
        let call: BoxFuture<'_, _> = include!(concat!(env!("OUT_DIR"), "/conformance.rs"));
        call.await
    }

    /// Checks that the request on the wire is the recorded one.
    pub fn check_request(
        &self,
        received: &RecordedRequest,
        notes: &mut Vec<String>,
    ) -> Result<(), String> {
        let recorded = self.recorded;
        if received.method != recorded.method {
            return Err(format!(
                "method: recorded {}, sent {}",
                recorded.method, received.method
            ));
        }
        let (path, query) = received
            .path
            .split_once('?')
            .unwrap_or((&received.path, ""));
        let (recorded_path, _) = recorded
            .path
            .split_once('?')
            .unwrap_or((&recorded.path, ""));
        if decode(path) != decode(recorded_path) {
            return Err(format!("path: recorded {recorded_path}, sent {path}"));
        }
        let sent: BTreeSet<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let mut wanted: BTreeSet<(String, String)> = self.query.iter().cloned().collect();
        // The types cannot express a parameter that the server does not read; it is reported.
        wanted.retain(|(name, value)| {
            let known = self.operation.query_parameters().contains(&name.as_str());
            if !known {
                notes.push(format!(
                    "the recording sends {name}={value}, which the operation does not read"
                ));
            }
            known
        });
        if sent != wanted {
            return Err(format!("query: recorded {wanted:?}, sent {sent:?}"));
        }
        let (mut wanted, sent) = (
            stated(recorded.request_body.as_ref()),
            stated(received.body.as_ref()),
        );
        if !self.operation.takes_body()
            && let Some(body) = wanted.take()
        {
            notes.push(format!(
                "the recording sends a body, which the operation does not read: {}",
                shortened(body)
            ));
        }
        match difference(
            wanted.unwrap_or(&Value::Null),
            sent.unwrap_or(&Value::Null),
            "$",
        ) {
            Some(difference) => Err(format!("body: {difference}")),
            None => Ok(()),
        }
    }

    /// Checks that a success lost nothing, and that an error kept status and message.
    pub fn check_outcome(&self, outcome: &Outcome) -> Result<(), String> {
        match (&outcome.0, self.recorded.status < 300) {
            (Ok(_), true) if self.operation.has_empty_response() => Ok(()),
            (Ok(value), true) => {
                let recorded = self.recorded.response_body.as_ref().unwrap_or(&Value::Null);
                lost(recorded, value, "$").map_or(Ok(()), Err)
            }
            (Err(error), true) => Err(format!("a success became an error: {error}")),
            (Ok(_), false) => Err(format!("a {} became a success", self.recorded.status)),
            (Err(error), false) => {
                if error.status() != Some(self.recorded.status) {
                    return Err(format!(
                        "status: recorded {}, kept {:?}",
                        self.recorded.status,
                        error.status()
                    ));
                }
                if matches!(error.kind(), ErrorKind::InvalidResponse | ErrorKind::Other) {
                    return Err(format!(
                        "an error response has the kind {:?}: {error}",
                        error.kind()
                    ));
                }
                let message = self.recorded.message();
                // The crate leaves out the body of the request, which Quay repeats after this.
                let message = message
                    .split(" Failed validating ")
                    .next()
                    .unwrap_or_default();
                match message.is_empty()
                    || error
                        .message()
                        .starts_with(message.get(..40).unwrap_or(message))
                {
                    true => Ok(()),
                    false => Err(format!(
                        "message: recorded {message:?}, kept {:?}",
                        error.message()
                    )),
                }
            }
        }
    }
}
