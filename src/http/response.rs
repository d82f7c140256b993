//! Responses, and decoding the body of a success.

use crate::error::{DecodeError, Error, ErrorKind, Result, is_web_page, only_failure};
use crate::json::decode::{DecodeLimits, Exceeded, Place, fill};
use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use serde::de::{DeserializeOwned, Deserializer, Error as _};
use std::marker::PhantomData;

/// A response, with the part of its body that was read.
#[derive(Debug)]
pub(crate) struct Response {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// Decodes a success into a type of the caller.
///
/// serde_json limits the nesting to 128 levels, so no response can exhaust the stack.
pub(crate) fn decode<T: DeserializeOwned>(response: Response) -> Result<T> {
    decode_by(PhantomData, response)
}

/// Decodes a success into its place, within limits.
///
/// The function is compiled once for all types of the crate.
pub(super) fn decode_into(
    place: &mut dyn Place,
    limits: &DecodeLimits,
    response: Response,
) -> Result<()> {
    // In an object, null stands for an empty list. A response that is only null is an error: Quay
    // sends it if it did not find the resource.
    let expected = place.expected();
    if response.body.trim_ascii() == b"null" && matches!(expected, "a sequence" | "a map") {
        let reason = format!("invalid type: null, expected {expected}");
        let reason = serde_json::Error::custom(reason);
        let error = DecodeError::new(None, &reason, &response.body);
        return Err(Error::from_decode_error(response, error));
    }
    if let Some(message) = only_failure(&response.body) {
        return Err(Error::from_reported_failure(response, &message));
    }
    decode_by(PlaceDecoder { place, limits }, response)
}

/// Decodes a body after checking that all of it is UTF-8.
///
/// Checking each string separately takes longer, and serde's reader of bytes would be compiled in
/// addition to that of strings.
fn decode_by<D: BodyDecoder>(mut decoder: D, response: Response) -> Result<D::Value> {
    let decode_error = match std::str::from_utf8(&response.body) {
        Ok(text) => {
            let mut json = serde_json::Deserializer::from_str(text);
            match decoder
                .decode(&mut json)
                .and_then(|value| json.end().map(|()| value))
            {
                Ok(value) => return Ok(value),
                Err(error) => match decoder.exceeded() {
                    Some(limit) => return Err(limit_error(limit, response)),
                    None => locate_error(text, decoder, &error),
                },
            }
        }
        Err(error) => DecodeError::invalid_utf8(error),
    };
    Err(invalid_response(response, decode_error))
}

/// Returns the error of a success whose body does not fit its type, is empty, or is a web page.
fn invalid_response(response: Response, decode_error: DecodeError) -> Error {
    let error = if response.body.trim_ascii().is_empty() {
        DecodeError::empty()
    } else if response.headers.contains_key(header::CONTENT_ENCODING) {
        // reqwest removes the header of a body that it decoded.
        DecodeError::encoded()
    } else if is_web_page(&response.headers, &response.body) {
        DecodeError::web_page()
    } else {
        decode_error
    };
    Error::from_decode_error(response, error)
}

/// Returns the error of a success that exceeded a limit of decoding.
fn limit_error(limit: Exceeded, response: Response) -> Error {
    let (kind, message) = match limit {
        Exceeded::Deadline => (
            ErrorKind::Timeout,
            "the deadline passed while the response was decoded",
        ),
        Exceeded::MaxValues => (
            ErrorKind::ResponseTooLarge,
            "the response contains too many values: `max_response_size` limits their number",
        ),
    };
    Error::with_response(kind, message, response)
}

/// Decodes the body again to find the path of the error.
fn locate_error(
    text: &str,
    mut decoder: impl BodyDecoder,
    error: &serde_json::Error,
) -> DecodeError {
    let mut track = serde_path_to_error::Track::new();
    let mut json = serde_json::Deserializer::from_str(text);
    match decoder.decode(serde_path_to_error::Deserializer::new(
        &mut json, &mut track,
    )) {
        Err(error) if decoder.exceeded().is_none() => {
            DecodeError::new(Some(&track.path()), &error, text.as_bytes())
        }
        // A limit was exceeded before the position was reached again.
        _ => DecodeError::new(None, error, text.as_bytes()),
    }
}

/// A decoder of a body that can be used twice.
trait BodyDecoder {
    type Value;

    fn decode<'de, D: Deserializer<'de>>(
        &mut self,
        json: D,
    ) -> std::result::Result<Self::Value, D::Error>;

    /// Returns the limit that was exceeded.
    fn exceeded(&self) -> Option<Exceeded> {
        None
    }
}

impl<T: DeserializeOwned> BodyDecoder for PhantomData<T> {
    type Value = T;

    fn decode<'de, D: Deserializer<'de>>(&mut self, json: D) -> std::result::Result<T, D::Error> {
        T::deserialize(json)
    }
}

/// A decoder into the place of a value.
struct PlaceDecoder<'a> {
    place: &'a mut dyn Place,
    limits: &'a DecodeLimits,
}

impl BodyDecoder for PlaceDecoder<'_> {
    type Value = ();

    fn decode<'de, D: Deserializer<'de>>(&mut self, json: D) -> std::result::Result<(), D::Error> {
        fill(self.place, self.limits, json)
    }

    fn exceeded(&self) -> Option<Exceeded> {
        self.limits.exceeded()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::TagPage;
    use std::time::Duration;
    use tokio::time::Instant;

    fn decoded(rows: usize, limits: &DecodeLimits) -> Result<usize> {
        let rows = vec![r#"{"name": "v1"}"#; rows].join(",");
        let mut page: Option<TagPage> = None;
        let response = Response {
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            body: format!(r#"{{"tags": [{rows}], "page": 1, "has_additional": false}}"#).into(),
        };
        decode_into(&mut page, limits, response)?;
        Ok(page.map_or(0, |page| page.tags.len()))
    }

    #[test]
    fn decoding_ends_at_the_deadline_and_at_the_limit_of_values() -> Result<()> {
        let now = Instant::now();
        let (past, future) = (Some(now), now.checked_add(Duration::from_secs(600)));
        let kind = |rows, deadline, max_values| {
            let limits = DecodeLimits::new(deadline, max_values);
            decoded(rows, &limits).map_err(|error| error.kind())
        };
        assert_eq!(kind(5_000, future, 6_000), Ok(5_000));
        // The clock is not looked at for a few values.
        assert_eq!(kind(500, past, 6_000), Ok(500));
        assert_eq!(kind(5_000, past, 6_000), Err(ErrorKind::Timeout));
        assert_eq!(kind(5_000, future, 4_999), Err(ErrorKind::ResponseTooLarge));
        let error = decoded(5_000, &DecodeLimits::new(past, 6_000)).err();
        assert_eq!(
            error.map(|error| error.to_string()).as_deref(),
            Some("200: the deadline passed while the response was decoded")
        );
        Ok(())
    }
}
