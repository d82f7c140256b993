//! The successes of operations that return nothing: an empty body, or one that says no more than
//! the status.
//!
//! A status alone is no success. A sign-on page, a proxy or another host responds 200 with a web
//! page, and Quay itself with `null` where it found nothing to do. Its own acknowledgements are
//! empty, a JSON string such as `"Created"`, or an object without an error. The content type does
//! not help: Quay sends some of them as `text/html`.

use super::Response;
use super::body::PrefixEnd;
use crate::error::{
    DecodeError, Error, ErrorKind, Result, is_html_type, is_web_page, reported_failure,
};
use serde_json::Value;

/// Returns an error for a body that is no acknowledgement. Of a long one, the response has the
/// beginning, and of one that broke off, what came.
pub(super) fn check(response: Response, end: PrefixEnd) -> Result<Response> {
    let body = response.body.trim_ascii();
    if body.is_empty() {
        return match end {
            // The rest would have been a page as likely as an acknowledgement.
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
            "the server responded with null: it found nothing to do it to".to_owned(),
        ),
        // The rest got lost: the status reports the success.
        Err(error) if error.is_eof() && !matches!(end, PrefixEnd::Limit) && is_object(body) => {
            return Ok(response);
        }
        Err(_) if is_web_page(&response.headers, body) => {
            return Err(Error::from_decode_error(response, DecodeError::web_page()));
        }
        Ok(_) | Err(_) => (
            ErrorKind::InvalidResponse,
            "the response is no acknowledgement: neither empty, nor a JSON string or object"
                .to_owned(),
        ),
    };
    Err(Error::with_response(kind, message, response))
}

/// Returns true if the beginning of a body is that of a JSON string or object.
fn is_object(body: &[u8]) -> bool {
    body.starts_with(b"{") || body.starts_with(b"\"")
}
