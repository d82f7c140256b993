//! Runs the fuzz tests of the crate (`src/tests/fuzz/`) and the model of its listings
//! (`src/pagination/model/`), which are unit tests: they reach private code.

use std::error::Error;
use std::path::Path;
use std::process::Command;

const MILLION: u64 = 1_000_000;

/// `--inputs N` and `--seed S`, in either order.
pub fn run(root: &Path, arguments: &[&str]) -> Result<(), Box<dyn Error>> {
    let (mut inputs, mut seed) = (MILLION, None);
    for pair in arguments.chunks(2) {
        match pair {
            ["--inputs", number] => inputs = number.parse()?,
            ["--seed", number] => seed = Some(number.parse::<u64>()?),
            other => return Err(format!("{other:?}: expected --inputs N or --seed S").into()),
        }
    }
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .current_dir(root)
        .env("QUAY_FUZZ_INPUTS", inputs.to_string());
    if let Some(seed) = seed {
        cargo.env("QUAY_FUZZ_SEED", seed.to_string());
    }
    // A few inputs do not justify an optimised build.
    if inputs > 100_000 {
        cargo.args(["test", "--release"]);
    } else {
        cargo.arg("test");
    }
    let status = cargo
        .args([
            "--package",
            "quay-api",
            "--features",
            "testing",
            "--lib",
            "--",
            "fuzz::",
            "pagination::model::",
            "--nocapture",
        ])
        .status()?;
    match status.success() {
        true => Ok(()),
        false => Err("see above".into()),
    }
}
