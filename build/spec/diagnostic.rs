//! Mistakes in a source of the build.

use std::fmt;

/// A mistake: the file, the entry, and the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    file: String,
    entry: String,
    reason: String,
}

impl Diagnostic {
    pub fn new(
        file: impl fmt::Display,
        entry: impl fmt::Display,
        reason: impl fmt::Display,
    ) -> Self {
        Self {
            file: file.to_string(),
            entry: entry.to_string(),
            reason: reason.to_string(),
        }
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Cargo reads a build script's output line by line.
        let reason = self.reason.replace('\n', " ");
        if self.entry.is_empty() {
            write!(f, "{}: {reason}", self.file)
        } else {
            write!(f, "{}: {}: {reason}", self.file, self.entry)
        }
    }
}

/// All mistakes that were found, at least one.
#[derive(Debug)]
pub struct Diagnostics(pub Vec<Diagnostic>);

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }
}
