//! The sets of recorded exchanges, and the server that each was recorded with.

use crate::testing::Exchange;
use std::borrow::Cow;

/// Exchanges with one server, a JSON object a line.
pub struct RecordedSet {
    /// The release, or the month of a server that is newer than the last release.
    pub server: Cow<'static, str>,
    pub text: Cow<'static, str>,
}

/// Returns the file of `QUAY_EXCHANGES`, or else the committed sets.
pub fn all() -> Vec<RecordedSet> {
    if let Some(file) = std::env::var_os("QUAY_EXCHANGES") {
        let path = std::path::Path::new(&file);
        let text = std::fs::read_to_string(path)
            .unwrap_or_else(|e| panic!("QUAY_EXCHANGES={}: {e}", path.display()));
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        return vec![RecordedSet {
            server: name.into_owned().into(),
            text: text.into(),
        }];
    }
    vec![
        RecordedSet {
            server: "2026-08".into(),
            text: Exchange::COMMITTED.into(),
        },
        RecordedSet {
            server: "3.8.15".into(),
            text: include_str!("recordings/3.8.15.jsonl").into(),
        },
    ]
}
