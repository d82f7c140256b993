//! The successes of operations that return nothing.
//!
//! The status alone does not prove a success. A sign-on page, a proxy or another server responds
//! with status 200 and a web page, and Quay itself responds with `null` if it did not find the
//! resource. Quay's acknowledgements are an empty body, a JSON string such as `"Created"`, or an
//! object without an error. The content type is ignored: Quay sends some of them as `text/html`.

use super::Response;
use super::body::PrefixEnd;
use crate::error::{
    DecodeError, Error, ErrorKind, Result, is_html_type, is_web_page, reported_failure,
};
use serde_json::Value;

/// Returns an error if the body is not an acknowledgement.
///
/// The response contains the beginning of a long body, and the received part of a truncated one.
pub(super) fn check(response: Response, end: PrefixEnd) -> Result<Response> {
    let body = response.body.trim_ascii();
    if body.is_empty() {
        return match end {
            // The lost body may have been a web page.
            PrefixEnd::Broken(reason) if is_html_type(&response.headers) => {
                Err(reason.into_error(response))
            }
            _ => Ok(response),
        };
    }
    let (kind, message) = match serde_json::from_slice(body) {
        Ok(Value::String(_)) => return Ok(response),
        Ok(Value::Object(object)) => match reported_failure(&object) {
            None => return Ok(response),
            Some(message) => return Err(Error::from_reported_failure(response, &message)),
        },
        Ok(Value::Null) => (
            ErrorKind::NotFound,
            "the server responded with null: it did not find the resource".to_owned(),
        ),
        // The rest of the body was lost, but the status reports a success.
        Err(error) if error.is_eof() && !matches!(end, PrefixEnd::Limit) && is_object(body) => {
            return Ok(response);
        }
        Err(_) if is_web_page(&response.headers, body) => {
            return Err(Error::from_decode_error(response, DecodeError::web_page()));
        }
        Ok(_) | Err(_) => (
            ErrorKind::InvalidResponse,
            "the response must be empty, or a JSON string or object".to_owned(),
        ),
    };
    Err(Error::with_response(kind, message, response))
}

/// Returns true if the body begins like a JSON string or object.
fn is_object(body: &[u8]) -> bool {
    body.starts_with(b"{") || body.starts_with(b"\"")
}
