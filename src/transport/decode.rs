//! From the body of a success to a type.

use crate::error::{Answer, Error, Misfit, Result};
use serde::de::{DeserializeOwned, Error as _};

/// Reads a success as a type. serde_json goes no deeper than 128 levels, so that no answer can exhaust the stack.
///
/// A body is read as the text that it is found to be: to check each text in it on its own takes longer, and reading of bytes would be compiled beside.
pub(crate) fn decode<T: DeserializeOwned>(answer: Answer) -> Result<T> {
    let misfit = match std::str::from_utf8(&answer.body) {
        Ok(text) => match serde_json::from_str(text) {
            Ok(value) => return Ok(value),
            Err(error) => misfit::<T>(text, &error),
        },
        Err(error) => Misfit::new(None, &serde_json::Error::custom(error), &answer.body),
    };
    Err(Error::unreadable(answer, misfit))
}

/// Reads it once more, to learn where it does not fit.
fn misfit<T: DeserializeOwned>(text: &str, error: &serde_json::Error) -> Misfit {
    match serde_path_to_error::deserialize::<_, T>(&mut serde_json::Deserializer::from_str(text)) {
        Err(error) => Misfit::new(Some(error.path()), error.inner(), text.as_bytes()),
        Ok(_) => Misfit::new(None, error, text.as_bytes()),
    }
}
