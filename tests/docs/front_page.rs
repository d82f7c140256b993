//! The front page of the documentation, `src/lib.rs`.

/// The version in the snippet for `Cargo.toml` is the one of the crate.
#[test]
fn the_front_page_depends_on_this_version() {
    let page = super::read("src/lib.rs");
    let version = concat!(
        env!("CARGO_PKG_VERSION_MAJOR"),
        ".",
        env!("CARGO_PKG_VERSION_MINOR")
    );
    let line = format!("//! quay-api = \"{version}\"");
    assert!(
        page.lines().any(|l| l == line),
        "src/lib.rs should have: {line}"
    );
}

/// Every feature of the crate is in the table of features.
#[test]
fn the_front_page_lists_all_features() {
    let manifest: toml::Table = toml::from_str(&super::read("Cargo.toml")).expect("valid TOML");
    let page = super::read("src/lib.rs");
    let table = page.split("# Features").nth(1).expect("a section");
    let features = manifest["features"].as_table().expect("features");
    for feature in features.keys().filter(|feature| *feature != "default") {
        assert!(table.contains(&format!("`{feature}`")), "{feature}");
    }
}
