//! `cargo xtask ci`: the checks that every submission has to pass.
//!
//! Maintained tools make the checks if a registry has them as binaries: see `tools`. The other
//! checks are our own code, for these reasons:
//!
//! - `public_api`: `cargo public-api` would have to be compiled, and needs a nightly toolchain. Its
//!   library does the same here with a stable one.
//! - `dependencies`: cargo-deny compares versions, but neither features (crates that are compiled
//!   twice) nor the Rust version that dependencies require. The reasons in docs/dependencies.md are
//!   written by hand.
//! - `minimal-versions`: `cargo minimal-versions` would have to be compiled, for two calls of cargo.
//! - `package`: no tool builds and tests the packed crate together with a crate that uses it.
//! - Breaking changes show in docs/public-api.txt only, because compiling cargo-semver-checks (416
//!   crates) takes longer than all checks. It runs on request, and for pull requests.
//! - Not every machine has the toolchain of `rust-version`. Without it, clippy's
//!   `incompatible_msrv` and the comparison of dependencies find newer functions of the standard
//!   library and of dependencies, but not newer syntax.

mod package;
mod steps;
mod tools;

use crate::Result;
use crate::command::{cargo, output};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// A check.
struct Step {
    name: &'static str,
    checks: &'static str,
    run: fn(&Workspace) -> Result<()>,
}

const fn step(name: &'static str, checks: &'static str, run: fn(&Workspace) -> Result<()>) -> Step {
    Step { name, checks, run }
}

/// In the order in which they run: the README's test command first, then what fails fastest.
const STEPS: &[Step] = &[
    step("test", "the README's test command", steps::test),
    step("fmt", "formatting", steps::fmt),
    step("spelling", "spelling", steps::spelling),
    step(
        "prose",
        "words and form of documentation, comments and messages",
        steps::prose,
    ),
    step(
        "markdown",
        "links, headings and lines of Markdown",
        steps::markdown,
    ),
    step(
        "dependencies",
        "licenses, sources, versions and use of dependencies",
        steps::dependencies,
    ),
    step(
        "lint",
        "lints, and the standard library of `rust-version`",
        steps::lint,
    ),
    step("xtask", "the maintenance commands", steps::xtask),
    step(
        "proxy",
        "no proxy of the environment is used for plain http",
        steps::proxy,
    ),
    step(
        "features",
        "every feature, and every two of them",
        steps::features,
    ),
    step("public-api", "docs/public-api.txt", steps::public_api),
    step("openapi", "the OpenAPI document", steps::openapi),
    step(
        "example",
        "an example, as the README runs it",
        steps::example,
    ),
    step(
        "docs",
        "documentation, as docs.rs builds it from the package",
        package::docs,
    ),
    step(
        "package",
        "the package, and a crate that uses it",
        package::test,
    ),
    step(
        "minimal-versions",
        "the oldest dependencies allowed",
        package::minimal_versions,
    ),
];

/// Those that need what is not on every machine.
const ON_REQUEST: &[Step] = &[
    step(
        "msrv",
        "the toolchain of `rust-version`; it has to be installed",
        steps::msrv,
    ),
    step(
        "semver",
        "breaks since $BASELINE_REV, with cargo-semver-checks installed",
        steps::semver,
    ),
    step(
        "advisories",
        "vulnerabilities, from a list that is fetched",
        steps::advisories,
    ),
];

/// The repository, with the facts of its manifest.
pub struct Workspace {
    pub root: PathBuf,
    pub target: PathBuf,
    pub version: String,
    pub rust_version: String,
}

impl Workspace {
    pub fn read(root: &Path) -> Result<Self> {
        let root = root.canonicalize()?;
        let metadata = output(&mut cargo(
            &root,
            &["metadata", "--no-deps", "--format-version", "1"],
        ))?;
        let metadata: Value = serde_json::from_str(&metadata)?;
        let package = metadata["packages"]
            .as_array()
            .into_iter()
            .flatten()
            .find(|package| package["name"] == "quay-api")
            .ok_or("there is no package `quay-api`")?;
        let text = |value: &Value| value.as_str().map(str::to_owned);
        Ok(Self {
            root,
            target: text(&metadata["target_directory"])
                .ok_or("no target directory")?
                .into(),
            version: text(&package["version"]).ok_or("no version")?,
            rust_version: text(&package["rust_version"]).ok_or("no `rust-version`")?,
        })
    }

    /// Returns a rustdoc that accepts unstable options.
    ///
    /// Only rustdoc gets the variable for that: for all of cargo, it would run build scripts again
    /// and compile other code.
    pub fn unstable_rustdoc(&self) -> PathBuf {
        self.root.join("xtask/unstable-rustdoc")
    }
}

/// Runs all steps, those that are named, or those that are not named behind `--except`.
pub fn run(root: &Path, arguments: &[&str]) -> Result<()> {
    if arguments == ["--list"] {
        for (title, steps) in [("in this order:", STEPS), ("on request only:", ON_REQUEST)] {
            println!("{title}");
            for step in steps {
                println!("  {:<17} {}", step.name, step.checks);
            }
        }
        return Ok(());
    }
    let steps = selected(arguments)?;
    let workspace = Workspace::read(root)?;
    let start = Instant::now();
    let mut times = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        println!("\n== {}: {}", step.name, step.checks);
        let start = Instant::now();
        (step.run)(&workspace).map_err(|error| {
            let names: Vec<&str> = steps[index..].iter().map(|step| step.name).collect();
            format!("{error}\n{}", what_next(&names))
        })?;
        times.push(format!("{} {} s", step.name, start.elapsed().as_secs()));
    }
    println!(
        "\nall checks passed in {} s: {}",
        start.elapsed().as_secs(),
        times.join(", ")
    );
    Ok(())
}

/// Returns the commands that repeat the step that failed, and run those after it.
fn what_next(steps: &[&str]) -> String {
    let mut text = String::new();
    if let Some((failed, rest)) = steps.split_first() {
        text = format!("to repeat this step: cargo xtask ci {failed}");
        if !rest.is_empty() {
            text += &format!("\nto run the others: cargo xtask ci {}", rest.join(" "));
        }
    }
    text
}

fn selected(arguments: &[&str]) -> Result<Vec<&'static Step>> {
    let (names, except) = match arguments {
        ["--except", names @ ..] => (names, true),
        names => (names, false),
    };
    for name in names {
        if !STEPS
            .iter()
            .chain(ON_REQUEST)
            .any(|step| step.name == *name)
        {
            return Err(format!("there is no step `{name}`: see cargo xtask ci --list").into());
        }
    }
    let named = |step: &&Step| names.contains(&step.name);
    Ok(if names.is_empty() {
        STEPS.iter().collect()
    } else if except {
        STEPS.iter().filter(|step| !named(step)).collect()
    } else {
        STEPS.iter().chain(ON_REQUEST).filter(named).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(arguments: &[&str]) -> Result<Vec<&'static str>> {
        Ok(selected(arguments)?.iter().map(|step| step.name).collect())
    }

    #[test]
    fn a_failure_names_the_steps_that_did_not_run() {
        assert_eq!(
            what_next(&["docs"]),
            "to repeat this step: cargo xtask ci docs"
        );
        assert_eq!(
            what_next(&["fmt", "lint", "docs"]),
            "to repeat this step: cargo xtask ci fmt\nto run the others: cargo xtask ci lint docs"
        );
    }

    #[test]
    fn runs_the_steps_that_are_asked_for() -> Result<()> {
        assert_eq!(names(&[])?.len(), STEPS.len());
        assert_eq!(names(&["msrv", "fmt"])?, ["fmt", "msrv"]);
        let rest = names(&["--except", "test"])?;
        assert_eq!(rest.len(), STEPS.len() - 1);
        assert!(!rest.contains(&"test"));
        assert!(names(&["tests"]).is_err());
        assert!(names(&["--except", "tests"]).is_err());
        Ok(())
    }
}
