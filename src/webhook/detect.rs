//! Detection of an event by the fields of its body.

use crate::types::NotificationEvent;
use crate::webhook::Event;
use crate::webhook::event::decode;
use crate::{Error, ErrorKind, Result};
use serde_json::{Map, Value};

/// The possible events of a body: see [`Event::detect`].
#[derive(Clone, Debug, PartialEq)]
pub enum Detected {
    /// The only event that has these fields.
    Certain(Box<Event>),
    /// Several events that have these fields. [`Event::parse`] parses the body as any of them.
    Ambiguous(Vec<NotificationEvent>),
}

/// Returns the events whose bodies have these fields. Each rule was checked against the server's
/// source code and its test calls.
fn candidates(fields: &Map<String, Value>) -> &'static [NotificationEvent] {
    use NotificationEvent as E;
    let has = |name: &str| fields.get(name).is_some_and(|value| !value.is_null());
    if !has("repository") {
        return match has("threshold_percent") && has("usage_bytes") {
            true => &[E::QuotaWarning, E::QuotaError],
            false => &[],
        };
    }
    if has("updated_tags") {
        &[E::RepoPush]
    } else if has("vulnerability") {
        &[E::VulnerabilityFound]
    } else if has("tags") && has("expiring_in") {
        &[E::RepoImageExpiry]
    } else if has("build_id") && has("is_manual") {
        &[E::BuildQueued]
    } else if has("build_id") && has("error_message") {
        &[E::BuildFailure]
    } else if has("build_id") && (has("image_id") || has("manifest_digests")) {
        // The server's test call for a cancelled build contains an image too.
        &[E::BuildSuccess, E::BuildCancelled]
    } else if has("build_id") {
        &[
            E::BuildStart,
            E::BuildSuccess,
            E::BuildFailure,
            E::BuildCancelled,
        ]
    } else if has("message") {
        // The message of a cancelled synchronization is the same as that of a successful one.
        &[
            E::RepoMirrorSyncStarted,
            E::RepoMirrorSyncSuccess,
            E::RepoMirrorSyncFailed,
        ]
    } else {
        &[]
    }
}

#[inline]
pub(super) fn detect(body: &[u8]) -> Result<Detected> {
    let value: Value = decode("a webhook", body)?;
    let found = value.as_object().map(candidates).unwrap_or_default();
    match found {
        [] => Err(Error::new(
            ErrorKind::InvalidResponse,
            "the fields of the webhook's body belong to no known event",
        )),
        [event] => Ok(Detected::Certain(Box::new(Event::parse(
            event.clone(),
            body,
        )?))),
        // They have the same type, so a body that is invalid for one is invalid for all.
        [first, ..] => {
            Event::parse(first.clone(), body)?;
            Ok(Detected::Ambiguous(found.to_vec()))
        }
    }
}
