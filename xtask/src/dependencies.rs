//! `docs/dependencies.md`: the code that a build of the crate runs, with the reason for each. And
//! what no tool checks in dependencies: the Rust that they ask for, and what is compiled twice.

use crate::Result;
use crate::ci::Workspace;
use crate::command::{cargo, output};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

/// The purpose of each build script and procedural macro. A dependency that is not here stops the
/// command, and so does an entry that is no dependency any more.
const REASONS: &[(&str, &str)] = &[
    (
        "aws-lc-rs",
        "Build script: selects features of `aws-lc-sys`. Cryptography of rustls.",
    ),
    (
        "aws-lc-sys",
        "Build script: compiles the C and assembly sources of AWS-LC, with `cc` (or CMake). \
         Cryptography of rustls; not with the feature `native-tls`.",
    ),
    (
        "displaydoc",
        "Macro: `Display` of errors of the ICU crates, which `url` needs for host names.",
    ),
    ("futures-macro", "Macro: `select!` and `join!` of futures."),
    (
        "generic-array",
        "Build script: probes the version of the compiler. Digests of the sandbox.",
    ),
    (
        "httparse",
        "Build script: probes the version and the SIMD instructions of the target.",
    ),
    (
        "icu_normalizer_data",
        "Build script: reads one environment variable.",
    ),
    (
        "icu_properties_data",
        "Build script: reads one environment variable.",
    ),
    (
        "libc",
        "Build script: probes the version of the compiler and of the C library.",
    ),
    (
        "prettyplease",
        "Build script: hands its version on. Formats the generated sources.",
    ),
    (
        "proc-macro2",
        "Build script: compiles probes of the compiler's features.",
    ),
    (
        "quay-api",
        "Build script: generates the client and the types from `discovery.json` and `overlay/`; it \
         reads and writes nothing outside the package and `OUT_DIR`, and needs no network.",
    ),
    ("quote", "Build script: probes the version of the compiler."),
    ("rustls", "Build script: looks for a nightly compiler."),
    (
        "schemars",
        "Build script: probes the target. A dependency of progenitor.",
    ),
    (
        "schemars_derive",
        "Macro: JSON schemas of progenitor's own types.",
    ),
    ("serde", "Build script: probes the version of the compiler."),
    (
        "serde_core",
        "Build script: probes the version of the compiler.",
    ),
    ("serde_derive", "Macro: `Serialize` and `Deserialize`."),
    (
        "serde_json",
        "Build script: probes the width of numbers of the target.",
    ),
    (
        "thiserror",
        "Build script: compiles a probe of the compiler's features.",
    ),
    ("thiserror-impl", "Macro: `Error` and `Display` of errors."),
    (
        "typify-macro",
        "Macro: part of typify, which progenitor brings; not used here.",
    ),
    (
        "yoke-derive",
        "Macro: data of the ICU crates, which `url` needs for host names.",
    ),
    ("zerofrom-derive", "Macro: data of the ICU crates."),
    ("zerovec-derive", "Macro: data of the ICU crates."),
    (
        "zmij",
        "Build script: probes the version of the compiler. Floating-point numbers of serde_json.",
    ),
];

/// Writes the page, or compares it with the one that is there.
pub fn run(root: &Path, check: bool) -> Result<()> {
    let page = page(root)?;
    let file = root.join("docs/dependencies.md");
    match check {
        true if std::fs::read_to_string(&file)? == page => {
            println!("docs/dependencies.md is up to date")
        }
        true => {
            return Err("docs/dependencies.md is outdated: run `cargo xtask dependencies`".into());
        }
        false => std::fs::write(&file, page)?,
    }
    Ok(())
}

/// Returns what `cargo tree` prints of the library and its build script, a package a line.
fn tree(root: &Path, arguments: &[&str]) -> Result<String> {
    let tree = [
        "tree",
        "--locked",
        "--package",
        "quay-api",
        "--prefix",
        "none",
    ];
    output(
        cargo(root, &tree)
            .args(["--edges", "normal,build"])
            .args(arguments),
    )
}

fn metadata(root: &Path, arguments: &[&str]) -> Result<Vec<Value>> {
    let metadata = ["metadata", "--locked", "--format-version", "1"];
    let text = output(cargo(root, &metadata).args(arguments))?;
    let metadata: Value = serde_json::from_str(&text)?;
    Ok(metadata["packages"].as_array().cloned().unwrap_or_default())
}

fn page(root: &Path) -> Result<String> {
    let target = "x86_64-unknown-linux-gnu";
    let features = ["--features", "testing,tracing", "--format", "{p}"];
    let tree = tree(root, &[&["--target", target], &features[..]].concat())?;
    let crates: BTreeSet<&str> = tree
        .lines()
        .filter_map(|line| line.split(' ').next())
        .filter(|name| !name.is_empty())
        .collect();
    let packages = metadata(root, &["--filter-platform", target])?;
    let reasons: BTreeMap<&str, &str> = REASONS.iter().copied().collect();
    let mut rows = String::new();
    let mut listed = BTreeSet::new();
    for package in &packages {
        let name = package["name"].as_str().unwrap_or_default();
        let runs = package["targets"]
            .as_array()
            .into_iter()
            .flatten()
            .any(|target| {
                let kinds = target["kind"].as_array().into_iter().flatten();
                kinds
                    .filter_map(Value::as_str)
                    .any(|kind| kind == "custom-build" || kind == "proc-macro")
            });
        if !runs || !crates.contains(name) || !listed.insert(name) {
            continue;
        }
        let Some(reason) = reasons.get(name) else {
            return Err(format!(
                "{name} runs code in a build: add its reason to xtask/src/dependencies.rs"
            )
            .into());
        };
        writeln!(rows, "| `{name}` | {reason} |")?;
    }
    let unused: Vec<&&str> = reasons
        .keys()
        .filter(|name| !listed.contains(**name))
        .collect();
    if !unused.is_empty() {
        return Err(
            format!("no dependency any more: {unused:?}, see xtask/src/dependencies.rs").into(),
        );
    }
    Ok(format!(
        "# Code that a build runs\n\n\
         Written by `cargo xtask dependencies`. `cargo build` runs the build scripts and procedural\n\
         macros of these {} packages, out of {} that it compiles on Linux with the features `testing`\n\
         and `tracing`. All come from crates.io, in the versions of `Cargo.lock`; licenses and sources\n\
         are checked by `cargo xtask ci dependencies`.\n\n\
         | package | what it runs, and why |\n| --- | --- |\n{rows}",
        listed.len(),
        crates.len()
    ))
}

/// Checks that no dependency asks for a newer Rust than the crate, and that none is compiled twice,
/// for the build script and for the library.
pub fn check_versions(workspace: &Workspace) -> Result<()> {
    let all = ["--target", "all", "--all-features", "--format", "{p}"];
    let tree_of_all = tree(&workspace.root, &all)?;
    let newer = newer(
        &tree_of_all,
        &metadata(&workspace.root, &[])?,
        &workspace.rust_version,
    );
    if !newer.is_empty() {
        return Err(format!(
            "these dependencies need a newer Rust than `rust-version`: {}",
            newer.join(", ")
        )
        .into());
    }
    let with_features = ["--no-dedupe", "--format", "{p} {f}"];
    let twice = twice(&tree(&workspace.root, &with_features)?);
    if !twice.is_empty() {
        let twice = twice.join(", ");
        return Err(format!(
            "compiled twice, since the build has other features of it than the library: {twice}"
        )
        .into());
    }
    Ok(())
}

/// Returns the packages of a tree that ask for a newer Rust.
fn newer(tree: &str, packages: &[Value], rust_version: &str) -> Vec<String> {
    // `1.88` and `1.88.0` are the same.
    let numbers = |version: &str| -> [u64; 3] {
        let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
        std::array::from_fn(|_| parts.next().unwrap_or(0))
    };
    let used: BTreeSet<String> = tree.lines().filter_map(name_and_version).collect();
    packages
        .iter()
        .filter_map(|package| {
            let version = package["version"].as_str()?;
            let needs = package["rust_version"].as_str()?;
            let name = format!("{} v{version}", package["name"].as_str()?);
            (used.contains(&name) && numbers(needs) > numbers(rust_version))
                .then(|| format!("{name} ({needs})"))
        })
        .collect()
}

/// Returns the packages of a tree that are in it with more than one set of features.
fn twice(tree: &str) -> Vec<String> {
    let lines: BTreeSet<&str> = tree.lines().collect();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for package in lines.into_iter().filter_map(name_and_version) {
        *counts.entry(package).or_default() += 1;
    }
    let twice = counts.into_iter().filter(|(_, count)| *count > 1);
    twice.map(|(package, _)| package).collect()
}

/// The first two words of a line of a tree: `serde v1.0.228`.
fn name_and_version(line: &str) -> Option<String> {
    let mut words = line.split(' ');
    Some(format!("{} {}", words.next()?, words.next()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn finds_packages_that_need_a_newer_rust() {
        let packages = [
            json!({"name": "a", "version": "1.0.0", "rust_version": "1.88.1"}),
            json!({"name": "b", "version": "1.0.0", "rust_version": "1.88.0"}),
            json!({"name": "c", "version": "1.0.0", "rust_version": "1.100"}),
            json!({"name": "d", "version": "1.0.0"}),
        ];
        let found = newer("a v1.0.0\nb v1.0.0 (/x)\nd v1.0.0\n", &packages, "1.88");
        assert_eq!(found, ["a v1.0.0 (1.88.1)"]);
    }

    #[test]
    fn finds_packages_that_are_compiled_twice() {
        let tree = "a v1.0.0 std\na v1.0.0 std\nb v1.0.0 std\nb v1.0.0 alloc,std\nb v2.0.0 std";
        assert_eq!(twice(tree), ["b v1.0.0"]);
    }
}
