//! Usage logs: what every change leaves behind.

use crate::scene::{refused, scenario};
use quay_api::api::Days;
use quay_api::types::*;
use quay_api::{ErrorKind, Result};
use serde_json::Value;
use std::time::Duration;

/// The kinds of entries of a log, sorted: entries of one second have no order to rely on.
fn kinds(entries: &[LogEntry]) -> Vec<&str> {
    let mut kinds: Vec<_> = entries.iter().map(|e| e.kind.as_str()).collect();
    kinds.sort_unstable();
    kinds
}

/// The entry of a kind, as JSON without what is not there.
fn metadata(entries: &[LogEntry], kind: &str) -> Value {
    let entry = entries.iter().find(|e| e.kind.as_str() == kind).unwrap_or_else(|| panic!("no {kind} in {:?}", kinds(entries)));
    let mut value = serde_json::to_value(&entry.metadata).expect("metadata is JSON");
    value.as_object_mut().expect("an object").retain(|_, value| !value.is_null());
    value
}

/// Expects that the entry of a kind says at least this.
#[track_caller]
fn says(entries: &[LogEntry], kind: &str, expected: Value) {
    let found = metadata(entries, kind);
    for (name, value) in expected.as_object().expect("an object") {
        assert_eq!(found.get(name).unwrap_or(&Value::Null), value, "{name} of {kind}: {found}");
    }
}

#[tokio::test]
async fn a_missing_log_is_missing() {
    scenario(async |scene| {
        let organization = scene.organization("org").await?;
        let nowhere = scene.quay().repository(format!("{}/nosuch", organization.name()))?;
        refused(nowhere.logs().list().await, 404, ErrorKind::NotFound, "Not Found");
        Ok(())
    })
    .await;
}
