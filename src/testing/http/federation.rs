//! The exchange of an identity token for a token of a robot account, which is below no `/api/v1`.

use crate::testing::http::basic_auth;
use crate::testing::state::State;
use crate::testing::{ErrorResponse, RecordedRequest, Response};
use serde_json::json;

const PATH: &str = "/oauth2/federation/robot/token";

/// Returns the response, if the request is one for the exchange and the server has it.
pub fn respond(state: &mut State, request: &RecordedRequest) -> Option<Response> {
    let path = request.path.split('?').next();
    if path != Some(PATH) || request.method != "GET" || !state.edition.is_since(Some("3.13")) {
        return None;
    }
    let refused = |reason: &str| Some(Response::json(401, &json!({"error": reason})));
    let Some(header) = request.header("authorization").filter(|h| !h.is_empty()) else {
        return refused("No auth header");
    };
    let (robot, identity_token) = match basic_auth::parse(header) {
        Ok(credentials) => credentials,
        Err(reason) => return refused(reason),
    };
    if !robot.contains('+') {
        return refused("Invalid robot");
    }
    Some(
        match state.exchange_identity_token(&robot, &identity_token) {
            Ok(token) => Response::ok(json!({"token": token})),
            Err(error) => ErrorResponse::from(error).into(),
        },
    )
}
