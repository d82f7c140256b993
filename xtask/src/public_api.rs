//! `docs/public-api.txt`: the public items of the crate, one a line, as the library of
//! `cargo public-api` lists them.

use crate::Result;
use crate::ci::Workspace;
use crate::command::{cargo, run};
use public_api::Builder;
use std::collections::BTreeSet;
use std::fs;

/// Writes the list, or compares it with the one that is there.
pub fn update(workspace: &Workspace, check: bool) -> Result<()> {
    run(cargo(
        &workspace.root,
        &["rustdoc", "--quiet", "--lib", "--all-features", "--"],
    )
    .args(["-Z", "unstable-options", "--output-format", "json"])
    .args(["--cap-lints", "allow"])
    .env("RUSTDOC", workspace.unstable_rustdoc()))?;
    let api = Builder::from_rustdoc_json(workspace.target.join("doc/quay_api.json"))
        .omit_blanket_impls(true)
        .build()
        .map_err(|error| {
            format!(
                "the crate `public-api` can't read what this compiler's rustdoc writes: take \
                 another version of it in xtask/Cargo.toml ({error})"
            )
        })?;
    let new: String = api.items().map(|item| format!("{item}\n")).collect();
    let file = workspace.root.join("docs/public-api.txt");
    if !check {
        fs::write(&file, new)?;
        return Ok(());
    }
    let old = fs::read_to_string(&file)?;
    if old == new {
        println!("public API: {} items", new.lines().count());
        return Ok(());
    }
    for line in changes(&old, &new) {
        println!("{line}");
    }
    Err(
        "the public API differs from docs/public-api.txt: if that is intended, run \
         `cargo xtask public-api`, and name the change in CHANGELOG.md"
            .into(),
    )
}

/// Returns the lines that are removed and added.
fn changes(old: &str, new: &str) -> Vec<String> {
    let (before, after): (BTreeSet<&str>, BTreeSet<&str>) =
        (old.lines().collect(), new.lines().collect());
    let removed = before.difference(&after).map(|line| format!("-{line}"));
    let added = after.difference(&before).map(|line| format!("+{line}"));
    removed.chain(added).collect()
}

#[cfg(test)]
mod tests {
    use super::changes;

    #[test]
    fn shows_removed_and_added_items() {
        assert_eq!(changes("a\nb\n", "b\nc\n"), ["-a", "+c"]);
    }
}
