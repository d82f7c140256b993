//! Every form of error response that Quay sends.

use crate::testing::Response;
use serde_json::{Value, json};

/// An error response with Quay's status, text and shape.
///
/// The sandbox responds with these by itself; a test makes it do so with
/// [`Fault::respond`](crate::testing::Fault::respond) and
/// [`Sandbox::respond_next`](crate::testing::Sandbox::respond_next).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ErrorResponse {
    /// 401: the caller is anonymous, or the token is unknown (`invalid_token`).
    Unauthenticated,
    /// 401 of reading the current user, which a token without `user:read` gets as well
    /// (`invalid_token`).
    NotLoggedIn,
    /// 403: the token lacks the scope, or its owner the permission (`insufficient_scope`).
    InsufficientScope,
    /// 403 of a write without a valid token. The body is JSON, the content type is HTML.
    Csrf,
    /// 403 of the framework.
    Forbidden,
    /// 404 (`not_found`).
    NotFound,
    /// 404 of the framework.
    NoSuchThing,
    /// 404 of a route that does not exist, as an HTML page.
    NoSuchRoute,
    /// 400 with a reason (`invalid_request`).
    InvalidRequest(String),
    /// 400 with a reason (`invalid_response`), of a build that a superuser requests and that does
    /// not exist.
    InvalidResponse(String),
    /// 400 of the framework, without a reason.
    BadRequest,
    /// `{"message": …}` with a status. Most errors of Quay's database layer are one with 400.
    Message(u16, Value),
    /// `{"detail": …}` with a status.
    Detail(u16, String),
    /// 409: the tag can't be changed (`tag_immutable`): its name, and `delete` or `overwrite`.
    TagImmutable(String, String),
    /// 410: the feature is gone.
    Gone(String),
    /// 413 of the proxy in front, as an HTML page.
    TooLarge,
    /// 429 of the proxy in front, as an HTML page without `Retry-After`.
    RateLimited,
    /// 503: the registry takes no writes.
    ReadOnly,
    /// 500 of the server, as an HTML page.
    Internal,
    /// 502 of the proxy in front, as an HTML page.
    BadGateway,
    /// 503 of the proxy in front, as an HTML page.
    Unavailable,
    /// 504 of the proxy in front, as an HTML page.
    GatewayTimeout,
    /// 520: a service behind the server failed (`downstream_issue`).
    Downstream(String),
}

impl ErrorResponse {
    /// 400 with a reason (`invalid_request`).
    pub(in crate::testing) fn invalid(reason: impl Into<String>) -> Self {
        Self::InvalidRequest(reason.into())
    }

    /// 400 with a message of the database layer.
    pub(in crate::testing) fn message(text: impl Into<String>) -> Self {
        Self::Message(400, Value::String(text.into()))
    }

    /// Returns the same message in the shape of `invalid_request`, which some operations give to
    /// the errors of the database layer.
    pub(in crate::testing) fn into_invalid_request(self) -> Self {
        match self {
            Self::Message(400, Value::String(text)) => Self::InvalidRequest(text),
            other => other,
        }
    }
}

/// Returns an error response of the form that most have.
fn problem(status: u16, kind: &str, detail: &str, more: Value) -> Response {
    let mut body = json!({
        "detail": detail, "error_message": detail, "error_type": kind, "title": kind,
        "type": format!("https://quay.example.com/api/v1/error/{kind}"), "status": status,
    });
    if let (Value::Object(body), Value::Object(more)) = (&mut body, more) {
        body.extend(more);
    }
    Response::json(status, &body)
}

/// Returns a page of the proxy in front.
fn proxy_page(status: u16, title: &str) -> Response {
    let page = format!(
        "<html>\r\n<head><title>{status} {title}</title></head>\r\n<body>\r\n<center><h1>{status} {title}</h1></center>\r\n\
         <hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    );
    Response::text(status, "text/html", page)
}

const HTML: &str = "text/html; charset=utf-8";

impl From<ErrorResponse> for Response {
    fn from(error: ErrorResponse) -> Self {
        use ErrorResponse::*;
        let message = |status, text: &str| Response::json(status, &json!({"message": text}));
        match error {
            Unauthenticated => {
                problem(401, "invalid_token", "Requires authentication", Value::Null)
            }
            NotLoggedIn => problem(
                401,
                "invalid_token",
                "Requires authentication",
                json!({"session_required": false}),
            ),
            InsufficientScope => problem(403, "insufficient_scope", "Unauthorized", Value::Null),
            Csrf => Response::text(
                403,
                HTML,
                json!({"error": "CSRF token was invalid or missing."}).to_string(),
            ),
            Forbidden => message(
                403,
                "You don't have the permission to access the requested resource. It is either read-protected or not readable by the server.",
            ),
            NotFound => problem(404, "not_found", "Not Found", Value::Null),
            NoSuchThing => message(
                404,
                "The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.",
            ),
            NoSuchRoute => Response::text(
                404,
                HTML,
                "<!DOCTYPE html>\n<html>\n<head><title>Quay</title></head>\n<body></body>\n</html>\n",
            ),
            InvalidRequest(reason) => problem(400, "invalid_request", &reason, Value::Null),
            InvalidResponse(reason) => problem(400, "invalid_response", &reason, Value::Null),
            BadRequest => message(
                400,
                "The browser (or proxy) sent a request that this server could not understand.",
            ),
            Message(status, text) => Response::json(status, &json!({"message": text})),
            Detail(status, text) => Response::json(status, &json!({"detail": text})),
            TagImmutable(tag, verb) => problem(
                409,
                "tag_immutable",
                &format!("Cannot {verb} immutable tag '{tag}'"),
                Value::Null,
            ),
            Gone(text) => message(410, &text),
            TooLarge => proxy_page(413, "Request Entity Too Large"),
            RateLimited => proxy_page(429, "Too Many Requests"),
            ReadOnly => Response::json(
                503,
                &json!({
                    "message": "System is currently read-only. Pulls will succeed but all write operations are currently suspended.",
                    "is_readonly": true,
                }),
            ),
            Internal => proxy_page(500, "Internal Server Error"),
            BadGateway => proxy_page(502, "Bad Gateway"),
            Unavailable => proxy_page(503, "Service Temporarily Unavailable"),
            GatewayTimeout => proxy_page(504, "Gateway Time-out"),
            Downstream(reason) => problem(520, "downstream_issue", &reason, Value::Null),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::recordings::Exchange;

    /// Returns the body that was recorded with this status and contains this string.
    fn recorded(status: u16, text: &str) -> (Value, String) {
        let mut exchanges = Exchange::COMMITTED
            .lines()
            .filter_map(|line| serde_json::from_str::<Exchange>(line).ok());
        let body = |e: &Exchange| {
            e.response_body
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default()
        };
        let found = exchanges.find(|e| e.status == status && body(e).contains(text));
        let found = found.unwrap_or_else(|| panic!("{status} {text} is in no recording"));
        (
            found.response_body.unwrap_or_default(),
            found.content_type.unwrap_or_default(),
        )
    }

    #[test]
    fn error_responses_are_those_of_the_recordings() {
        for (error, text) in [
            (ErrorResponse::NotLoggedIn, "session_required"),
            (ErrorResponse::InsufficientScope, "insufficient_scope"),
            (ErrorResponse::Csrf, "CSRF"),
            (ErrorResponse::NotFound, "\"detail\":\"Not Found\""),
            (ErrorResponse::NoSuchThing, "requested URL was not found"),
            (ErrorResponse::NoSuchRoute, "<title>Quay"),
            (
                ErrorResponse::invalid("Repository already exists"),
                "Repository already exists",
            ),
            (ErrorResponse::BadRequest, "could not understand"),
            (
                ErrorResponse::message("Could not find robot with specified username"),
                "Could not find robot",
            ),
            (
                ErrorResponse::TagImmutable("stable".to_owned(), "delete".to_owned()),
                "tag_immutable",
            ),
            (ErrorResponse::TooLarge, "413"),
            (ErrorResponse::ReadOnly, "is_readonly"),
        ] {
            let response = Response::from(error);
            let (body, content_type) = recorded(response.status, text);
            let ours = String::from_utf8_lossy(&response.body);
            let ours: Value =
                serde_json::from_str(&ours).unwrap_or_else(|_| Value::String(ours.into_owned()));
            assert_eq!((ours, response.headers[0].1.clone()), (body, content_type));
        }
    }
}
