//! Checks that the recordings that are not packed are in the repository: the conformance test takes
//! those that there are.

use super::root;
use std::fs;

#[test]
fn older_servers_have_recordings() {
    let folder = root().join("src/tests/conformance/recordings");
    let mut exchanges = 0;
    for file in fs::read_dir(folder).expect("a folder of recordings") {
        let path = file.expect("a readable folder").path();
        assert!(
            path.extension()
                .is_some_and(|extension| extension == "jsonl"),
            "{}",
            path.display()
        );
        exchanges += fs::read_to_string(&path).expect("text").lines().count();
    }
    assert!(exchanges > 300, "{exchanges}");
}
