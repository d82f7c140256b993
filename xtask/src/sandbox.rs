//! The example `sandbox` as a process, which serves a Quay on the loopback interface.

use crate::Result;
use crate::command::{cargo, output};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The process; it ends when this is dropped.
pub struct Sandbox {
    process: Child,
    pub url: String,
    pub token: String,
}

impl Sandbox {
    /// Builds and starts it, and waits for its address.
    pub fn start(root: &Path) -> Result<Self> {
        let build = ["build", "--package", "quay-api", "--example", "sandbox"];
        let messages = output(
            cargo(root, &build)
                .args(["--message-format", "json-render-diagnostics"])
                .stderr(Stdio::inherit()),
        )?;
        let program = messages.lines().find_map(|line| {
            let message: serde_json::Value = serde_json::from_str(line).ok()?;
            let is_it = message["target"]["name"] == "sandbox";
            message["executable"]
                .as_str()
                .filter(|_| is_it)
                .map(str::to_owned)
        });
        let program = program.ok_or("the example `sandbox` was not built: see above")?;
        // Started itself, and not by cargo, so that it can be ended.
        let mut process = Command::new(program).stdout(Stdio::piped()).spawn()?;
        let output = process.stdout.take().ok_or("it has no output")?;
        let mut sandbox = Self {
            process,
            url: String::new(),
            token: String::new(),
        };
        for line in BufReader::new(output).lines().take(2) {
            let line = line?;
            match line.split_once('=') {
                Some(("QUAY_URL", url)) => url.clone_into(&mut sandbox.url),
                Some(("QUAY_TOKEN", token)) => token.clone_into(&mut sandbox.token),
                _ => return Err(format!("the sandbox printed {line:?}").into()),
            }
        }
        Ok(sandbox)
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
