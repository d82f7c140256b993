//! Fuzzing on stable Rust: everything that reads what a server sends, with mutated recordings and
//! generated values.
//!
//! No input may cause a panic, a hang or unbounded memory; a value that was decoded is encoded and
//! decoded again to the same value; and an error describes on one short line what was wrong,
//! without a secret of the response.
//!
//! proptest generates the inputs, and shrinks one that fails. `cargo xtask fuzz --inputs 1000000`
//! runs as many as requested, `cargo test` some thousands. Input `n` of seed `s` is input 0 of seed
//! `s + n`, so a failure prints the seed that repeats its input.

mod errors;
mod generate;
mod mutation;
mod pages;
mod responses;
mod values;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// The number of inputs of a run that is part of `cargo test`.
const INPUTS: u64 = 4_000;

/// An input that takes longer than this hangs. The slowest takes a few milliseconds.
const HANG: Duration = Duration::from_secs(120);

/// The time for shrinking a failing input: well below [`HANG`].
const SHRINKING: Duration = Duration::from_secs(10);

/// A run stops after this many failures.
const MAX_FINDINGS: usize = 20;

/// The limit of the memory of this process, with all its tests, in KiB.
const MAX_MEMORY: u64 = 2 * 1024 * 1024;

/// The name under which an input is counted, or what is wrong.
type Finding = Result<&'static str, String>;

#[derive(Debug, Clone)]
enum Input {
    Response(responses::Input),
    Error(errors::Input),
    Value(values::Input),
    Pages(pages::Input),
}

fn input() -> impl Strategy<Value = Input> {
    prop_oneof![
        60 => responses::input().prop_map(Input::Response),
        15 => errors::input().prop_map(Input::Error),
        23 => values::input().prop_map(Input::Value),
        2 => pages::input().prop_map(Input::Pages),
    ]
}

fn runner(seed: u64) -> TestRunner {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config {
        failure_persistence: None,
        max_shrink_time: u32::try_from(SHRINKING.as_millis()).unwrap_or(u32::MAX),
        ..Config::default()
    };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}

/// Returns the command that runs the input of a seed again.
fn command(seed: u64) -> String {
    format!("cargo xtask fuzz --inputs 1 --seed {seed}")
}

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| {
        text.parse()
            .unwrap_or_else(|_| panic!("{name} is no number: {text}"))
    })
}

/// Prints the input that does not end, and aborts.
fn watch(seed: u64, at: Arc<AtomicU64>, done: Arc<AtomicBool>) {
    std::thread::spawn(move || {
        let mut last = u64::MAX;
        while !done.load(Ordering::Relaxed) {
            std::thread::park_timeout(HANG);
            let now = at.load(Ordering::Relaxed);
            if now == last && !done.load(Ordering::Relaxed) {
                eprintln!("FINDING: it hangs. {}", command(seed.wrapping_add(now)));
                std::process::abort();
            }
            last = now;
        }
    });
}

/// Returns the peak memory of this process in KiB, where the system tells it.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?
        .split_whitespace()
        .next()?
        .parse()
        .ok()
}

#[test]
fn no_input_panics_hangs_or_changes_when_it_is_written() {
    let inputs = setting("QUAY_FUZZ_INPUTS").unwrap_or(INPUTS);
    let seed =
        setting("QUAY_FUZZ_SEED").unwrap_or_else(|| RandomState::new().hash_one(inputs) >> 16);
    println!("fuzz: {inputs} inputs from seed {seed}");
    let (corpus, listings) = (responses::Corpus::load(), pages::Listings::start());
    let (at, done) = (
        Arc::new(AtomicU64::new(0)),
        Arc::new(AtomicBool::new(false)),
    );
    watch(seed, Arc::clone(&at), Arc::clone(&done));
    let strategy = input();
    let mut counts = BTreeMap::<&'static str, u64>::new();
    let mut findings = Vec::new();
    for number in 0..inputs {
        at.store(number, Ordering::Relaxed);
        let own = seed.wrapping_add(number);
        let mut runner = runner(own);
        let tree = strategy
            .new_tree(&mut runner)
            .unwrap_or_else(|e| panic!("{e}"));
        let count = Cell::new("");
        let result = runner.run_one(tree, |input| {
            let finding = match input {
                Input::Response(input) => corpus.check(input),
                Input::Error(input) => errors::check(input, &corpus),
                Input::Value(input) => values::check(input),
                Input::Pages(input) => listings.check(input),
            };
            count.set(finding.map_err(TestCaseError::fail)?);
            Ok(())
        });
        match result {
            Ok(_) => *counts.entry(count.get()).or_default() += 1,
            Err(TestError::Fail(reason, input)) => {
                let smallest: String = format!("{input:?}").chars().take(2_000).collect();
                let command = command(own);
                findings.push(format!(
                    "FINDING: {reason}. {command}\n  smallest: {smallest}"
                ));
            }
            Err(TestError::Abort(reason)) => panic!("seed {own}: {reason}"),
        }
        if findings.len() >= MAX_FINDINGS {
            break;
        }
    }
    done.store(true, Ordering::Relaxed);
    let memory = peak_memory();
    println!(
        "fuzz: {counts:?}, peak memory {} MiB",
        memory.unwrap_or_default() / 1024
    );
    assert!(findings.is_empty(), "{}", findings.join("\n"));
    assert!(memory.is_none_or(|kib| kib < MAX_MEMORY), "too much memory");
    if inputs >= INPUTS {
        // If nothing was decoded, or nothing failed, the mutations would be useless.
        for kind in [
            "decoded",
            "does not fit",
            "error response",
            "value",
            "no value",
            "listed",
        ] {
            assert!(
                counts.get(kind).is_some_and(|n| *n > inputs / 1000),
                "{kind} is missing: {counts:?}"
            );
        }
    }
}

/// Checks that a log can take an error: one line that is not too long, and all accessors work.
fn check_error(error: &crate::Error) -> Result<(), String> {
    let shown = error.to_string();
    if shown.is_empty() || shown.chars().count() > 1_000 || shown.chars().any(char::is_control) {
        return Err(format!(
            "an error message that no log can take: {} characters, {:?}",
            shown.chars().count(),
            shown.chars().take(300).collect::<String>()
        ));
    }
    // No accessor panics.
    let _ = (
        error.kind(),
        error.status(),
        error.body(),
        error.server_kind(),
        error.is_not_found(),
        error.is_temporary(),
        error.required_scope(),
    );
    let debug = format!("{error:?} {error:#?}");
    match debug.chars().count() > 20_000 {
        true => Err(format!(
            "its Debug has {} characters",
            debug.chars().count()
        )),
        false => Ok(()),
    }
}
