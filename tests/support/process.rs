//! Tests that need a separate process.

use std::path::Path;
use std::process::Command;

/// Tells a test that it is the only one of its process.
const ALONE: &str = "QUAY_API_TEST_ALONE";

/// Runs a test of this binary, named with its modules, in a separate process, and returns its
/// output.
///
/// # Panics
///
/// Panics if the test fails or does not exist.
#[track_caller]
pub fn run_alone(test: &str, environment: &[(&str, &str)]) -> String {
    run_alone_with(test, |program| {
        let mut command = Command::new(program);
        command.envs(environment.iter().copied());
        command
    })
}

/// The same by a command that starts the program with the arguments that follow.
///
/// # Panics
///
/// Panics if the test fails or does not exist.
#[track_caller]
pub fn run_alone_with(test: &str, start: impl FnOnce(&Path) -> Command) -> String {
    let program = std::env::current_exe().expect("the path of this program");
    let output = start(&program)
        .args([
            "--exact",
            test,
            "--include-ignored",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(ALONE, "1")
        .output()
        .expect("this program can be started");
    let printed = [output.stdout, output.stderr]
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .concat();
    let end = printed.len().saturating_sub(3_000);
    assert!(
        output.status.success() && printed.contains("1 passed"),
        "{}",
        printed.get(end..).unwrap_or(&printed)
    );
    printed
}

/// Returns true in a process that [`run_alone`] started.
pub fn is_alone() -> bool {
    std::env::var_os(ALONE).is_some()
}
