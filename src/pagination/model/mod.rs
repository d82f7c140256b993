//! A model of the guarantees of a listing.
//!
//! A simulated server adds and deletes rows at random times. Its rows are listed in every paging
//! style, with all page sizes, with concurrency, prefetch, errors and resumptions. The result is
//! compared with the rows that existed the whole time.
//!
//! `cargo test` runs some thousands of steps, and `cargo xtask fuzz` as many as requested. The seed
//! of a scenario repeats it.

mod random;
mod scenario;
mod server;

use scenario::Outcome;

/// The number of steps of a run that is part of `cargo test`.
const STEPS: u64 = 20_000;

/// The seed of the first scenario. Each scenario has the next seed.
const SEED: u64 = 1;

/// The number of failures after which a run stops.
const MAX_FINDINGS: usize = 10;

fn setting(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{name} must be a number, got {text:?}")),
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
