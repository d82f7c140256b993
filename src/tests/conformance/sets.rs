//! The sets of recorded exchanges, and the server that each was recorded with.

use crate::testing::Exchange;
use std::borrow::Cow;
use std::path::Path;

/// Exchanges with one server, a JSON object a line.
pub struct RecordedSet {
    /// The release, or the month of a server that is newer than the last release.
    pub server: Cow<'static, str>,
    pub text: Cow<'static, str>,
}

/// Returns the file of `QUAY_EXCHANGES`, or else the committed sets.
pub fn all() -> Vec<RecordedSet> {
    if let Some(file) = std::env::var_os("QUAY_EXCHANGES") {
        let path = Path::new(&file);
        let text = std::fs::read_to_string(path)
            .unwrap_or_else(|e| panic!("QUAY_EXCHANGES={}: {e}", path.display()));
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        return vec![RecordedSet {
            server: name.into_owned().into(),
            text: text.into(),
        }];
    }
    let mut sets = vec![RecordedSet {
        server: "2026-08".into(),
        text: Exchange::COMMITTED.into(),
    }];
    // Those that the library does not use are not packed, so the package has none of them, and they
    // are read by the test. `tests/docs` checks that the repository has them.
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tests/conformance/recordings");
    for file in std::fs::read_dir(folder).into_iter().flatten() {
        let path = file.expect("a readable folder").path();
        let text = std::fs::read_to_string(&path).expect("readable recordings");
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        sets.push(RecordedSet {
            server: name.into_owned().into(),
            text: text.into(),
        });
    }
    sets
}
