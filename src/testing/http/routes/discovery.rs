//! What the server says of its own API.

use super::{Outcome, Routes};
use crate::OPERATIONS;
use crate::testing::http::call::Call;
use crate::testing::state::State;
use crate::testing::{ErrorResponse, Response};
use serde_json::Value;

pub const ROUTES: Routes = &[("discovery", discovery)];

/// The document that the crate is generated from: that of a server with every feature on.
const DOCUMENT: &str = include_str!("../../../../discovery.json");

fn discovery(_: &mut State, call: &Call<'_>) -> Outcome {
    let mut document: Value =
        serde_json::from_str(DOCUMENT).map_err(|_| ErrorResponse::Internal)?;
    if !call.flag("internal", false) {
        let is_public = |operation: &Value| {
            let id = operation.get("operationId").and_then(Value::as_str);
            !OPERATIONS
                .iter()
                .any(|o| Some(o.id()) == id && o.is_internal())
        };
        let paths = document
            .get_mut("paths")
            .and_then(Value::as_object_mut)
            .ok_or(ErrorResponse::Internal)?;
        paths.retain(|_, path| {
            let Some(methods) = path.as_object_mut() else {
                return false;
            };
            methods.retain(|_, operation| is_public(operation));
            methods
                .values()
                .any(|operation| operation.get("operationId").is_some())
        });
    }
    Ok(Response::ok(document))
}
