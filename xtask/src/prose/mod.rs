//! The lint of prose: documentation, comments, messages, Markdown and the overlay.
//!
//! `xtask/prose.toml` has the words that are used and those that are not. A violation is reported
//! with its file and line, and the rule that it breaks.

mod code;
mod documentation;
mod files;
mod lexer;
mod markdown;
mod overlay;
mod rules;
#[cfg(test)]
mod tests;
mod words;

use crate::build::{codegen, spec};
use rules::Rules;
use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

/// A place in a file that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    pub path: String,
    pub line: usize,
    pub rule: &'static str,
    pub message: String,
}

/// The violations of one or more files, and the first words of their documentation.
#[derive(Debug, Default)]
pub struct Findings {
    pub violations: Vec<Violation>,
    /// The first words of public functions, and those of other public items.
    pub functions: BTreeMap<String, usize>,
    pub others: BTreeMap<String, usize>,
}

impl Findings {
    /// Adds a violation.
    fn push(&mut self, path: &str, line: usize, rule: &'static str, message: String) {
        self.violations.push(Violation {
            path: path.to_owned(),
            line,
            rule,
            message,
        });
    }
}

/// Checks all files below `root`, or prints counts with `--count`.
pub fn run(root: &Path, arguments: &[&str]) -> Result<(), Box<dyn Error>> {
    let count = match arguments {
        [] => false,
        ["--count"] => true,
        _ => return Err("usage: cargo xtask prose [--count]".into()),
    };
    let rules = Rules::read(&std::fs::read_to_string(root.join("xtask/prose.toml"))?)?;
    let mut findings = Findings::default();
    for path in files::list(root)? {
        let text = std::fs::read_to_string(root.join(&path))?;
        check(&path, &text, &rules, &mut findings)?;
    }
    // Else each violation in the overlay would be reported twice.
    if !findings
        .violations
        .iter()
        .any(|v| v.path.starts_with("overlay/"))
    {
        check_generated(root, &rules, &mut findings)?;
    }
    rules.apply_exceptions(&mut findings);
    findings.violations.sort();
    if count {
        print!("{}", counts(&findings));
        return Ok(());
    }
    for violation in &findings.violations {
        let Violation {
            path,
            line,
            rule,
            message,
        } = violation;
        println!("{path}:{line}: {rule}: {message}");
    }
    match findings.violations.len() {
        0 => Ok(()),
        count => Err(format!("{count} violations of the rules in xtask/prose.toml").into()),
    }
}

/// Checks the generated types. The rest of the generated sources is not public.
fn check_generated(
    root: &Path,
    rules: &Rules,
    findings: &mut Findings,
) -> Result<(), Box<dyn Error>> {
    let api = spec::read(root).map_err(|diagnostics| diagnostics.to_string())?;
    let sources = codegen::sources(&api).map_err(|diagnostic| diagnostic.to_string())?;
    for (name, text) in sources.iter().filter(|(name, _)| *name == "types.rs") {
        check(&format!("src/generated/{name}"), text, rules, findings)?;
    }
    Ok(())
}

/// Checks one file, by the extension of its name.
fn check(
    path: &str,
    text: &str,
    rules: &Rules,
    findings: &mut Findings,
) -> Result<(), Box<dyn Error>> {
    if path.ends_with(".rs") {
        return code::check(path, text, rules, findings)
            .map_err(|error| format!("{path}: {error}").into());
    }
    if path.ends_with(".md") {
        markdown::check(path, text, rules, findings);
    } else if path.starts_with("overlay/") {
        overlay::check(path, text, rules, findings);
    } else {
        files::check_comments(path, text, rules, findings);
    }
    Ok(())
}

/// Returns the counts of violations by rule and by folder, and the first words.
fn counts(findings: &Findings) -> String {
    let mut by_rule: BTreeMap<&str, usize> = BTreeMap::new();
    let mut by_folder: BTreeMap<String, usize> = BTreeMap::new();
    for violation in &findings.violations {
        *by_rule.entry(violation.rule).or_default() += 1;
        *by_folder.entry(folder(&violation.path)).or_default() += 1;
    }
    let total = findings.violations.len();
    let mut out = format!("{total} violations\n");
    for (title, map) in [
        ("by rule", owned(by_rule)),
        ("by folder", by_folder),
        (
            "first words of public functions",
            findings.functions.clone(),
        ),
        ("first words of other public items", findings.others.clone()),
    ] {
        let mut rows: Vec<(String, usize)> = map.into_iter().collect();
        rows.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        out.push_str(&format!("\n{title}\n"));
        for (name, number) in rows {
            out.push_str(&format!("{number:7} {name}\n"));
        }
    }
    out
}

fn owned(map: BTreeMap<&str, usize>) -> BTreeMap<String, usize> {
    map.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()
}

/// Returns the first two segments of a path's folder, or its file name at the root.
fn folder(path: &str) -> String {
    match path.split('/').collect::<Vec<_>>().as_slice() {
        [file] => (*file).to_owned(),
        [first, _] => (*first).to_owned(),
        [first, second, ..] => format!("{first}/{second}"),
        [] => String::new(),
    }
}
