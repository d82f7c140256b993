//! Serialization of secrets on purpose.

use serde::ser::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::cell::Cell;

/// The string that serde writes instead of a secret.
pub(super) const REDACTED: &str = "***redacted***";

/// Returns true for a secret that was read from JSON in which it was redacted.
pub(crate) fn is_redacted(secret: &str) -> bool {
    secret == REDACTED
}

/// A wrapper that serializes a value including its secrets, for example for a file that stores
/// them.
///
/// It serializes like the value in it, and writes each [`Secret`](super::Secret) in that value, at
/// any depth, as its string. Without this wrapper, secrets are redacted.
///
/// It can be deserialized too, so it can be the type of a field that contains secrets. For a field
/// that keeps its own type, use [`exposed`](mod@super::exposed).
///
/// # Errors
///
/// Serialization fails if a secret is `***redacted***`. Such a secret was read from JSON that was
/// written without this wrapper, and can't be restored.
///
/// # Examples
///
/// ```
/// use quay_api::types::{Exposed, Secret};
/// use std::collections::BTreeMap;
///
/// let passwords = BTreeMap::from([("alice", Secret::from("hunter2"))]);
/// assert_eq!(serde_json::to_string(&passwords)?, r#"{"alice":"***redacted***"}"#);
/// assert_eq!(serde_json::to_string(&Exposed(&passwords))?, r#"{"alice":"hunter2"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Exposed<T>(pub T);

thread_local! {
    /// True while a value is serialized including its secrets. serde can't pass a context through
    /// other types, and serialization does not leave its thread.
    static IS_EXPOSING: Cell<bool> = const { Cell::new(false) };
}

/// Sets [`IS_EXPOSING`] until it is dropped, also by a panic.
struct Exposing {
    was_exposing: bool,
}

impl Exposing {
    fn start() -> Self {
        Self {
            was_exposing: IS_EXPOSING.replace(true),
        }
    }
}

impl Drop for Exposing {
    fn drop(&mut self) {
        IS_EXPOSING.set(self.was_exposing);
    }
}

impl<T: Serialize> Serialize for Exposed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let _exposing = Exposing::start();
        self.0.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Exposed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self)
    }
}

/// Serializes a field including its secrets, as [`Exposed`] does, for `#[serde(with)]`.
///
/// # Errors
///
/// Returns an error if a secret was redacted before, or if the serializer fails.
///
/// # Examples
///
/// ```
/// use quay_api::types::Secret;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize)]
/// struct Login {
///     user: String,
///     #[serde(with = "quay_api::types::exposed")]
///     password: Secret,
/// }
///
/// let login: Login = serde_json::from_str(r#"{"user":"acme+ci","password":"hunter2"}"#)?;
/// assert_eq!(serde_json::to_string(&login)?, r#"{"user":"acme+ci","password":"hunter2"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn serialize<T: Serialize + ?Sized, S: Serializer>(
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    Exposed(value).serialize(serializer)
}

/// Deserializes a field as its type does.
///
/// # Errors
///
/// Returns an error if the value has another type.
pub fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    T::deserialize(deserializer)
}

/// Writes a secret, or the redacted string.
pub(super) fn serialize_text<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    match check(Some(text))? {
        true => serializer.serialize_str(text),
        false => serializer.serialize_str(REDACTED),
    }
}

/// Writes JSON that may contain secrets, or the redacted string.
pub(super) fn serialize_value<S: Serializer>(
    value: &serde_json::Value,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match check(value.as_str())? {
        true => value.serialize(serializer),
        false => serializer.serialize_str(REDACTED),
    }
}

/// Returns true if secrets are written.
fn check<E: Error>(text: Option<&str>) -> Result<bool, E> {
    match IS_EXPOSING.get() {
        true if text.is_some_and(is_redacted) => Err(E::custom(
            "a secret was redacted when it was serialized, and can't be restored: serialize it \
             with `Exposed`",
        )),
        is_exposing => Ok(is_exposing),
    }
}
