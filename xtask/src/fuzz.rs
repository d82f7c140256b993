//! Runs the fuzz tests of the crate (`src/tests/fuzz/`) and the model of its listings
//! (`src/pagination/model/`), which are unit tests: they reach private code.

use crate::Result;
use crate::command::{cargo, run as run_command};
use std::path::Path;

const MILLION: u64 = 1_000_000;

/// `--inputs N` and `--seed S`, in either order.
pub fn run(root: &Path, arguments: &[&str]) -> Result<()> {
    let (mut inputs, mut seed) = (MILLION, None);
    for pair in arguments.chunks(2) {
        match pair {
            ["--inputs", number] => inputs = number.parse()?,
            ["--seed", number] => seed = Some(number.parse::<u64>()?),
            other => return Err(format!("{other:?}: expected --inputs N or --seed S").into()),
        }
    }
    let tests = [
        "--package",
        "quay-api",
        "--features",
        "testing",
        "--lib",
        "--",
    ];
    let mut cargo = cargo(root, &["test"]);
    // A few inputs do not justify an optimised build.
    if inputs > 100_000 {
        cargo.arg("--release");
    }
    cargo
        .args(tests)
        .args(["fuzz::", "pagination::model::", "--nocapture"])
        .env("QUAY_FUZZ_INPUTS", inputs.to_string());
    if let Some(seed) = seed {
        cargo.env("QUAY_FUZZ_SEED", seed.to_string());
    }
    run_command(&mut cargo)
}
