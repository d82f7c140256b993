//! `xtask/prose.toml`: the rules that are data.

use super::{Findings, Violation};
use serde::Deserialize;

/// The rules, read from `xtask/prose.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    pub longest_first_sentence: usize,
    pub first_words_not_used: Vec<String>,
    pub verbs: Vec<String>,
    #[serde(rename = "word", default)]
    pub words: Vec<WordRule>,
    #[serde(rename = "exception", default)]
    exceptions: Vec<Exception>,
}

/// A word or phrase that is not used.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WordRule {
    not: String,
    pub instead: String,
    /// The words next to which it is used after all, within `near` words.
    #[serde(default)]
    pub unless: Vec<String>,
    #[serde(default = "one")]
    pub near: usize,
}

fn one() -> usize {
    1
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Exception {
    /// A file, or a folder if it ends with `/`.
    path: String,
    rule: String,
    /// A part of the violation's message.
    contains: String,
    reason: String,
}

impl WordRule {
    /// Returns the words of the phrase.
    pub fn pattern(&self) -> Vec<&str> {
        self.not.split(' ').collect()
    }
}

impl Rules {
    /// Parses the file.
    pub fn read(text: &str) -> Result<Rules, String> {
        let rules: Rules = toml::from_str(text).map_err(|error| error.to_string())?;
        match rules.exceptions.iter().find(|e| e.reason.is_empty()) {
            Some(exception) => Err(format!(
                "the exception for {} needs a reason",
                exception.path
            )),
            None => Ok(rules),
        }
    }

    /// Removes the violations that have an exception. An exception that excuses nothing is a
    /// violation.
    pub fn apply_exceptions(&self, findings: &mut Findings) {
        let mut used = vec![false; self.exceptions.len()];
        findings.violations.retain(|violation| {
            let mut excused = false;
            for (exception, used) in self.exceptions.iter().zip(&mut used) {
                if exception.excuses(violation) {
                    (excused, *used) = (true, true);
                }
            }
            !excused
        });
        for (exception, _) in self.exceptions.iter().zip(used).filter(|(_, used)| !used) {
            let Exception { path, rule, .. } = exception;
            let message = format!("no violation of `{rule}` in {path} is excused by it");
            findings.push("xtask/prose.toml", 1, "exception", message);
        }
    }
}

impl Exception {
    fn excuses(&self, violation: &Violation) -> bool {
        let in_path = match self.path.ends_with('/') {
            true => violation.path.starts_with(&self.path),
            false => violation.path == self.path,
        };
        in_path && violation.rule == self.rule && violation.message.contains(&self.contains)
    }
}
