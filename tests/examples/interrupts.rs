//! Examples that are ended with Ctrl-C while they delete tags.

use super::{Result, pointed_at};
use quay_api::testing::Sandbox;
use std::io;
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;
use tokio::task::{JoinHandle, spawn_blocking};

/// Starts an example, and waits until it has sent a deletion. Returns its process identifier and
/// its output, which is complete when it ends.
pub async fn start_deleting(
    sandbox: &Sandbox,
    name: &str,
    arguments: &[&str],
    folder: &Path,
) -> Result<(String, JoinHandle<io::Result<Output>>)> {
    let child = pointed_at(sandbox, name, arguments, folder)?.spawn()?;
    let id = child.id().to_string();
    let output = spawn_blocking(move || child.wait_with_output());
    while sandbox.requests_of("deleteFullTag").is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Ok((id, output))
}

/// Sends a process what Ctrl-C sends, and returns true if the process exists.
pub fn interrupt(id: &str) -> Result<bool> {
    Ok(Command::new("kill").args(["-INT", id]).status()?.success())
}
