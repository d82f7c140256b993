//! Responses, and decoding the body of a success.

use crate::error::{DecodeError, Error, Result};
use crate::json::decode::{Place, fill};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::{DeserializeOwned, Deserializer, Error as _};
use std::marker::PhantomData;

/// A response as it was received, with as much of its body as was read.
#[derive(Debug)]
pub(crate) struct Response {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// Decodes a success into a type of the caller's. serde_json limits the nesting to 128 levels, so
/// that no response can exhaust the stack.
pub(crate) fn decode<T: DeserializeOwned>(response: Response) -> Result<T> {
    decode_by(PhantomData, response)
}

/// Decodes a success into its place. This is compiled once, for all types of the crate.
pub(super) fn decode_into(place: &mut dyn Place, response: Response) -> Result<()> {
    decode_by(place, response)
}

/// Checks UTF-8 once for the whole body: checking each string on its own takes longer, and serde's
/// reader of bytes would be compiled in addition to that of strings.
fn decode_by<D: BodyDecoder>(mut decoder: D, response: Response) -> Result<D::Value> {
    let decode_error = match std::str::from_utf8(&response.body) {
        Ok(text) => {
            let mut json = serde_json::Deserializer::from_str(text);
            match decoder
                .decode(&mut json)
                .and_then(|value| json.end().map(|()| value))
            {
                Ok(value) => return Ok(value),
                Err(error) => locate_error(text, decoder, &error),
            }
        }
        Err(error) => DecodeError::new(None, &serde_json::Error::custom(error), &response.body),
    };
    Err(Error::from_decode_error(response, decode_error))
}

/// Decodes the body once more, to find the path of the error.
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
        Err(error) => DecodeError::new(Some(&track.path()), &error, text.as_bytes()),
        Ok(_) => DecodeError::new(None, error, text.as_bytes()),
    }
}

/// A decoder of a body that can be used twice.
trait BodyDecoder {
    type Value;

    fn decode<'de, D: Deserializer<'de>>(
        &mut self,
        json: D,
    ) -> std::result::Result<Self::Value, D::Error>;
}

impl<T: DeserializeOwned> BodyDecoder for PhantomData<T> {
    type Value = T;

    fn decode<'de, D: Deserializer<'de>>(&mut self, json: D) -> std::result::Result<T, D::Error> {
        T::deserialize(json)
    }
}

impl BodyDecoder for &mut dyn Place {
    type Value = ();

    fn decode<'de, D: Deserializer<'de>>(&mut self, json: D) -> std::result::Result<(), D::Error> {
        fill(*self, json)
    }
}
