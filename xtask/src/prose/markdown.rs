//! Markdown files.

use super::Findings;
use super::code::without_examples;
use super::documentation;
use super::rules::Rules;
use super::words;

/// Checks the words of a file outside of its code, and the examples in it.
pub fn check(path: &str, text: &str, rules: &Rules, findings: &mut Findings) {
    let lines: Vec<(usize, String)> = (1..).zip(text.lines().map(str::to_owned)).collect();
    words::check(path, &without_examples(&lines), rules, findings);
    documentation::examples(path, &lines, findings);
}
