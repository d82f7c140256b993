//! Decoding documents that are not responses: the bodies of webhooks, and JSON in a string.

use super::{DecodeError, Error, Result};
use crate::json::decode::{Decode, DecodeLimits, Place, fill};

/// Decodes a document. The error contains the subject and the position, but no values.
pub(crate) fn decode_document<T: Decode>(subject: &str, json: &[u8]) -> Result<T> {
    let mut place = None;
    decode_into(&mut place, subject, json)?;
    // A decoder that succeeds has filled its place.
    place.ok_or_else(|| Error::from_document(DecodeError::empty()))
}

/// Decodes a document of any type. This function is compiled once.
fn decode_into(place: &mut dyn Place, subject: &str, json: &[u8]) -> Result<()> {
    let limits = DecodeLimits::none();
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let Err(error) = fill(place, &limits, &mut deserializer).and_then(|()| deserializer.end())
    else {
        return Ok(());
    };
    let mut track = serde_path_to_error::Track::new();
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let deserializer = serde_path_to_error::Deserializer::new(&mut deserializer, &mut track);
    let decode_error = match fill(place, &limits, deserializer) {
        Err(error) => DecodeError::of(subject, Some(&track.path()), &error, json),
        // Other data follows the document.
        Ok(()) => DecodeError::of(subject, None, &error, json),
    };
    Err(Error::from_document(decode_error))
}
