//! `docs/dependencies.md`: the code that a build of the crate runs, with the reason for each.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write;
use std::path::Path;
use std::process::Command;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The purpose of each build script and procedural macro. A dependency that is not here stops the command,
/// and so does an entry that is no dependency any more.
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

fn page(root: &Path) -> Result<String> {
    let tree = cargo(
        root,
        &[
            "tree",
            "--locked",
            "--package",
            "quay-api",
            "--edges",
            "normal,build",
            "--target",
            "x86_64-unknown-linux-gnu",
            "--features",
            "testing,tracing",
            "--prefix",
            "none",
            "--format",
            "{p}",
        ],
    )?;
    let crates: BTreeSet<&str> = tree
        .lines()
        .filter_map(|line| line.split(' ').next())
        .filter(|name| !name.is_empty())
        .collect();
    let metadata = cargo(
        root,
        &[
            "metadata",
            "--locked",
            "--format-version",
            "1",
            "--filter-platform",
            "x86_64-unknown-linux-gnu",
        ],
    )?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let reasons: BTreeMap<&str, &str> = REASONS.iter().copied().collect();
    let mut rows = String::new();
    let mut listed = BTreeSet::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
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
        "# What a build runs\n\n\
         Written by `cargo xtask dependencies`. `cargo build` runs the build scripts and procedural\n\
         macros of these {} packages, out of {} that it compiles on Linux with the features `testing`\n\
         and `tracing`. All come from crates.io, in the versions of `Cargo.lock`; licences and sources\n\
         are checked by `scripts/check-dependencies`.\n\n\
         | package | what it runs, and why |\n| --- | --- |\n{rows}",
        listed.len(),
        crates.len()
    ))
}

fn cargo(root: &Path, arguments: &[&str]) -> Result<String> {
    let output = Command::new(env!("CARGO"))
        .current_dir(root)
        .args(arguments)
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(String::from_utf8(output.stdout)?)
}
