//! The files that are checked, and comments in those that are no Rust.

use super::Findings;
use super::rules::Rules;
use super::words;
use std::path::Path;
use std::process::Command;

/// The files that are written by the project's commands or by others.
const NOT_OURS: [&str; 6] = [
    "docs/operations.md",
    "docs/dependencies.md",
    "tests/golden/",
    "src/testing/recordings/",
    "src/tests/conformance/recordings/",
    "discovery.json",
];

/// Returns the paths of the files that git knows, relative to the root.
pub fn list(root: &Path) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let mut command = Command::new("git");
    let command = command.args(["ls-files", "--cached", "--others", "--exclude-standard"]);
    let output = command.current_dir(root).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let files = String::from_utf8(output.stdout)?;
    let is_checked = |path: &&str| {
        let ours = !NOT_OURS.iter().any(|theirs| path.starts_with(theirs));
        let is_prose = [".rs", ".md", ".toml", ".yml", ".yaml", ".sh", ".py"]
            .iter()
            .any(|ending| path.ends_with(ending))
            || path.starts_with("scripts/");
        ours && is_prose && path != &"xtask/prose.toml" && root.join(path).is_file()
    };
    let mut files: Vec<String> = files
        .lines()
        .filter(is_checked)
        .map(str::to_owned)
        .collect();
    files.sort();
    Ok(files)
}

/// Checks the comments that begin with `#`.
pub fn check_comments(path: &str, text: &str, rules: &Rules, findings: &mut Findings) {
    let mut block: Vec<(usize, String)> = Vec::new();
    for (line, text) in (1..).zip(text.lines()) {
        let text = text.trim_start();
        match text.strip_prefix('#') {
            Some(comment) if !comment.starts_with(['!', '[']) => {
                block.push((line, comment.trim().to_owned()));
            }
            _ => {
                words::check(path, &block, rules, findings);
                block.clear();
            }
        }
    }
    words::check(path, &block, rules, findings);
}
