//! The exchange of an identity token for a token of a robot account, which is below no `/api/v1`.

use crate::testing::state::State;
use crate::testing::{ErrorResponse, RecordedRequest, Response};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::json;

const PATH: &str = "/oauth2/federation/robot/token";

/// The response, if the request is one for the exchange and the server has it.
pub fn respond(state: &mut State, request: &RecordedRequest) -> Option<Response> {
    let path = request.path.split('?').next();
    if path != Some(PATH) || request.method != "GET" || !state.edition.is_since(Some("3.13")) {
        return None;
    }
    let refused = |reason: &str| Some(Response::json(401, &json!({"error": reason})));
    let Some(header) = request.header("authorization").filter(|h| !h.is_empty()) else {
        return refused("No auth header");
    };
    let mut words = header.split_whitespace();
    let credentials = match (words.next(), words.next(), words.next()) {
        (Some(scheme), Some(text), None) if scheme.eq_ignore_ascii_case("basic") => text,
        _ => return refused("Invalid basic auth header"),
    };
    let decoded = BASE64_STANDARD.decode(credentials).ok();
    let Some(credentials) = decoded.and_then(|text| String::from_utf8(text).ok()) else {
        return refused("Could not parse basic auth header");
    };
    let Some((robot, identity_token)) = credentials.split_once(':') else {
        return refused("Unexpected number of credentials found in basic auth header");
    };
    if !robot.contains('+') {
        return refused("Invalid robot");
    }
    Some(match state.exchange_identity_token(robot, identity_token) {
        Ok(token) => Response::ok(json!({"token": token})),
        Err(error) => ErrorResponse::from(error).into(),
    })
}
