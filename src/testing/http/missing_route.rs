//! The response to a request for which the server has no route.

use crate::http::route;
use crate::testing::state::release::Edition;
use crate::testing::{ErrorResponse, RecordedRequest, Response};
use serde_json::json;

/// Its route exists while its setting is off.
const INITIALIZE: &str = "/api/v1/user/initialize";

/// Operations whose routes exist while their settings are off, and have no handler: every server
/// fails.
const WITHOUT_HANDLER: [&str; 2] = ["changeRepoTrust", "createNewUser"];

const METHODS: [&str; 4] = ["GET", "PUT", "POST", "DELETE"];

/// Responds as a server of a release that lacks the route.
///
/// A server with all operations responds with the page of the web UI: a path outside of the API
/// belongs to the web UI, whose route only accepts GET and ends with a slash. Servers before 3.14
/// fail on the redirect to it.
pub fn respond(edition: &Edition, request: &RecordedRequest) -> Response {
    let has_method = |method: &&str| {
        route::match_among(method, &request.path, |operation| edition.has(operation)).is_some()
    };
    let path = request.path.split('?').next().unwrap_or_default();
    if edition.has_everything() || request.method == "GET" || path == INITIALIZE {
        return ErrorResponse::NoSuchRoute.into();
    }
    let is_without_handler = || {
        route::match_request(&request.method, &request.path)
            .is_some_and(|found| WITHOUT_HANDLER.contains(&found.operation.id()))
    };
    if is_without_handler() {
        return internal_error();
    }
    if METHODS.iter().any(has_method) {
        return Response::json(
            405,
            &json!({"message": "The method is not allowed for the requested URL."}),
        );
    }
    if !path.ends_with('/') && !edition.is_since(Some("3.14")) {
        return internal_error();
    }
    let page = "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 3.2 Final//EN\">\n\
                <title>405 Method Not Allowed</title>\n<h1>Method Not Allowed</h1>\n\
                <p>The method is not allowed for the requested URL.</p>\n";
    Response::text(405, "text/html; charset=utf-8", page)
}

/// Returns the page of a server that fails, as opposed to one of the proxy in front.
fn internal_error() -> Response {
    let page = "<html>\n  <head>\n    <title>Internal Server Error</title>\n  </head>\n  <body>\n    \
                <h1><p>Internal Server Error</p></h1>\n  </body>\n</html>\n";
    Response::text(500, "text/html", page)
}
