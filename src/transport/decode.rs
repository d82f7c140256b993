//! From the body of a success to a type.

use crate::error::{Answer, Error, Misfit, Result};
use serde::de::DeserializeOwned;

/// Reads a success as a type. serde_json goes no deeper than 128 levels, so that no answer can exhaust the stack.
pub(crate) fn decode<T: DeserializeOwned>(answer: Answer) -> Result<T> {
    // Checked as a whole, a body is known to be UTF-8 sooner than text by text.
    let decoded = match std::str::from_utf8(&answer.body) {
        Ok(text) => serde_json::from_str(text),
        Err(_) => serde_json::from_slice(&answer.body),
    };
    decoded.map_err(|error| {
        // Once more, to learn where.
        let deserializer = &mut serde_json::Deserializer::from_slice(&answer.body);
        let misfit = match serde_path_to_error::deserialize::<_, T>(deserializer) {
            Err(error) => Misfit::new(Some(error.path()), error.inner(), &answer.body),
            Ok(_) => Misfit::new(None, &error, &answer.body),
        };
        Error::unreadable(answer, misfit)
    })
}
