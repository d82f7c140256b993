//! A model of what a listing guarantees: a simulated server whose rows are added and deleted at
//! random moments, listed in every style, with all sizes of pages, concurrently and ahead, with
//! errors and resumptions, against an oracle of which rows were there all the time.
//!
//! `cargo test` takes some thousands of steps, `cargo xtask fuzz` as many as requested. A scenario
//! is repeated by its seed.

mod random;
mod scenario;
mod server;

use scenario::Outcome;

/// The number of steps of a run that is part of `cargo test`.
const STEPS: u64 = 20_000;

/// The seed of the first scenario; each has the next one.
const SEED: u64 = 1;

/// A run stops after this many failures.
const MAX_FINDINGS: usize = 10;

fn setting(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{name} is no number: {text}")),
    )
}

#[test]
fn no_row_is_lost_or_yielded_twice() {
    let wanted = setting("QUAY_FUZZ_INPUTS").unwrap_or(STEPS);
    let seed = setting("QUAY_FUZZ_SEED").unwrap_or(SEED);
    println!("listings: {wanted} steps from seed {seed}");
    let mut total = Outcome::default();
    let mut findings = Vec::new();
    let mut scenarios = 0;
    while total.steps < wanted && findings.len() < MAX_FINDINGS {
        let own = seed.wrapping_add(scenarios);
        let outcome = scenario::run(own);
        if let Some(finding) = &outcome.finding {
            let again = format!("cargo xtask fuzz --inputs 1 --seed {own}");
            findings.push(format!("FINDING: {finding}. {again}"));
        }
        total.add(&outcome);
        scenarios += 1;
    }
    println!(
        "listings: scenarios={scenarios} steps={} rows={} concurrent={} resumed={} restarted={} \
         lost={} doubled={}",
        total.steps,
        total.rows,
        total.concurrent,
        total.resumed,
        total.restarted,
        total.lost,
        total.doubled,
    );
    assert!(findings.is_empty(), "{}", findings.join("\n"));
    if wanted >= STEPS {
        assert!(total.concurrent > 0 && total.resumed > 0);
    }
}
