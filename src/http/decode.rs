//! From the body of a success to a type.

use crate::error::{DecodeError, Error, Response, Result};
use crate::json::decode::{Place, fill};
use serde::de::{DeserializeOwned, Deserializer, Error as _};
use std::marker::PhantomData;

/// Reads a success as a type of the caller's. serde_json goes no deeper than 128 levels, so that no
/// answer can exhaust the stack.
pub(crate) fn decode<T: DeserializeOwned>(answer: Response) -> Result<T> {
    read(answer, PhantomData)
}

/// Reads a success into its place. This is compiled here, for all types of the crate.
pub(super) fn decode_into(place: &mut dyn Place, answer: Response) -> Result<()> {
    read(answer, place)
}

/// A body is read as the text that it is found to be: to check each text in it on its own takes
/// longer, and reading of bytes would be compiled beside.
fn read<R: Reader>(answer: Response, mut reader: R) -> Result<R::Value> {
    let misfit = match std::str::from_utf8(&answer.body) {
        Ok(text) => {
            let mut json = serde_json::Deserializer::from_str(text);
            match reader
                .read(&mut json)
                .and_then(|value| json.end().map(|()| value))
            {
                Ok(value) => return Ok(value),
                Err(error) => misfit(text, reader, &error),
            }
        }
        Err(error) => DecodeError::new(None, &serde_json::Error::custom(error), &answer.body),
    };
    Err(Error::unreadable(answer, misfit))
}

/// Reads it once more, to learn where it does not fit.
fn misfit(text: &str, mut reader: impl Reader, error: &serde_json::Error) -> DecodeError {
    let mut track = serde_path_to_error::Track::new();
    let mut json = serde_json::Deserializer::from_str(text);
    match reader.read(serde_path_to_error::Deserializer::new(
        &mut json, &mut track,
    )) {
        Err(error) => DecodeError::new(Some(&track.path()), &error, text.as_bytes()),
        Ok(_) => DecodeError::new(None, error, text.as_bytes()),
    }
}

/// What is made of a body, more than once if need be.
trait Reader {
    type Value;

    fn read<'de, D: Deserializer<'de>>(
        &mut self,
        json: D,
    ) -> std::result::Result<Self::Value, D::Error>;
}

impl<T: DeserializeOwned> Reader for PhantomData<T> {
    type Value = T;

    fn read<'de, D: Deserializer<'de>>(&mut self, json: D) -> std::result::Result<T, D::Error> {
        T::deserialize(json)
    }
}

impl Reader for &mut dyn Place {
    type Value = ();

    fn read<'de, D: Deserializer<'de>>(&mut self, json: D) -> std::result::Result<(), D::Error> {
        fill(*self, json)
    }
}
