//! Fuzzing on stable Rust: recordings and texts, mutated, through everything that reads what a
//! server sends.
//!
//! No input may cause a panic, a hang, or memory without bound; what is read has to be written and
//! read again to the same; and an error says on one short line what was wrong, without a secret
//! that was in the answer.
//!
//! `cargo xtask fuzz --inputs 1000000` runs as many inputs as it is told, `cargo test` some
//! thousands. Input `n` of seed `s` is input 0 of seed `s + n`: a failure prints the seed of its
//! own input.

mod errors;
mod mutate;
mod pages;
mod responses;
mod values;

use fastrand::Rng;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// Inputs of a run that is part of `cargo test`.
const INPUTS: u64 = 4_000;

/// An input that takes longer than this hangs. The slowest takes a few milliseconds.
const HANGS: Duration = Duration::from_secs(30);

/// More than this many KiB are never needed at once, by all the tests of this process.
const MOST_MEMORY: u64 = 2 * 1024 * 1024;

/// What one input came to: how it is counted, or what is wrong.
type Finding = Result<&'static str, String>;

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| {
        text.parse()
            .unwrap_or_else(|_| panic!("{name} is no number: {text}"))
    })
}

/// Says which input was the last if it does not end.
fn watch(seed: u64, at: Arc<AtomicU64>, done: Arc<AtomicBool>) {
    std::thread::spawn(move || {
        let mut last = u64::MAX;
        while !done.load(Ordering::Relaxed) {
            std::thread::park_timeout(HANGS);
            let now = at.load(Ordering::Relaxed);
            if now == last && !done.load(Ordering::Relaxed) {
                eprintln!(
                    "FINDING: it hangs. cargo xtask fuzz --inputs 1 --seed {}",
                    seed.wrapping_add(now)
                );
                std::process::abort();
            }
            last = now;
        }
    });
}

/// The most memory that this process had, in KiB, where the system says.
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
    let seed = setting("QUAY_FUZZ_SEED").unwrap_or_else(|| fastrand::u64(..1 << 48));
    println!("fuzz: {inputs} inputs from seed {seed}");
    let (corpus, pages) = (responses::Corpus::load(), pages::Pages::start());
    let (at, done) = (
        Arc::new(AtomicU64::new(0)),
        Arc::new(AtomicBool::new(false)),
    );
    watch(seed, Arc::clone(&at), Arc::clone(&done));
    let mut counts = std::collections::BTreeMap::<&'static str, u64>::new();
    let mut findings = Vec::new();
    for number in 0..inputs {
        at.store(number, Ordering::Relaxed);
        let own = seed.wrapping_add(number);
        let mut rng = Rng::with_seed(own);
        let found = catch_unwind(AssertUnwindSafe(|| match rng.u8(..100) {
            0..60 => corpus.try_one(&mut rng),
            60..75 => errors::try_one(&mut rng, &corpus),
            75..98 => values::try_one(&mut rng),
            _ => pages.try_one(&mut rng),
        }));
        match found.unwrap_or_else(|_| Err("it panics".to_owned())) {
            Ok(count) => *counts.entry(count).or_default() += 1,
            Err(finding) => findings.push(format!(
                "FINDING: {finding}. cargo xtask fuzz --inputs 1 --seed {own}"
            )),
        }
        if findings.len() >= 20 {
            break;
        }
    }
    done.store(true, Ordering::Relaxed);
    println!(
        "fuzz: {counts:?}, peak memory {} MiB",
        peak_memory().unwrap_or_default() / 1024
    );
    assert!(findings.is_empty(), "{}", findings.join("\n"));
    assert!(
        peak_memory().is_none_or(|kib| kib < MOST_MEMORY),
        "too much memory"
    );
    if inputs >= INPUTS {
        // Were nothing read, or nothing refused, the mutations would be useless.
        for kind in [
            "read",
            "does not fit",
            "refusal",
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

/// Whether an error is what a log can take: one line that is not too long, and shows no text of the
/// answer that it was not made to show.
fn check_error(error: &crate::Error) -> Result<(), String> {
    let shown = error.to_string();
    if shown.is_empty() || shown.chars().count() > 1_000 || shown.chars().any(char::is_control) {
        return Err(format!(
            "an error that no log can take: {} characters, {:?}",
            shown.chars().count(),
            shown.chars().take(300).collect::<String>()
        ));
    }
    // Whatever is asked of it, it answers.
    let _ = (
        error.kind(),
        error.status(),
        error.body(),
        error.server_kind(),
        error.is_not_found(),
        error.is_temporary(),
        error.missing_scope(),
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
