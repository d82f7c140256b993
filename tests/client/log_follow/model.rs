//! Follows a log that is written at random times, and compares the yielded and the written entries.

use super::server::Server;
use futures::TryStreamExt;
use quay_api::types::LogEntry;
use quay_api::{LogMark, Result};

const DAY: u64 = 86_400;
const OVERLAP: u64 = 300;

/// A generator of numbers that are the same in each run: xorshift64.
struct Random(u64);

impl Random {
    /// Returns a number below a bound.
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }

    fn one_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }
}

/// Advances the time, and writes current and late entries, many of which look the same.
fn write(server: &Server, random: &mut Random) {
    let passes = match random.below(12) {
        0..4 => random.below(3),
        4..10 => random.below(2 * OVERLAP),
        10 => random.below(DAY),
        _ => random.below(9 * DAY),
    };
    // In several steps: what is written early in a long time is no longer late.
    for _ in 0..1 + random.below(3) {
        server.advance((passes / 3) as i64);
        let burst = if random.one_in(8) { 70 } else { 6 };
        for _ in 0..random.below(burst) {
            let age = match random.below(10) {
                0..5 => 0,
                5..8 => random.below(3),
                _ => random.below(OVERLAP + 1),
            };
            let tag = format!("v{}", random.below(3));
            server.write(age as i64, &tag);
        }
    }
}

fn seen(entries: &[LogEntry]) -> Vec<(i64, String)> {
    let tags = super::tags(entries);
    let seconds = entries.iter().map(|entry| entry.datetime.unix_seconds());
    seconds.zip(tags).collect()
}

fn stored(mark: &LogMark) -> LogMark {
    let read: LogMark = mark.to_string().parse().unwrap();
    assert_eq!(read, *mark);
    read
}

/// Follows a log in single reads and in streams that end early, and compares the yielded entries.
async fn follow(seed: u64) -> Result<()> {
    let server = Server::start().await?;
    let mut random = Random(seed);
    let mut mark = server.logs().follow(None).await?.mark;
    let mut yielded = Vec::new();
    for step in 0..120 {
        write(&server, &mut random);
        let follow = server.logs().follow(Some(stored(&mark)));
        if random.one_in(3) {
            // The process ends after some entries, and its mark is after them.
            let pending = server.log().written().len() - yielded.len();
            let mut stream = follow.stream();
            for _ in 0..random.below(40).min(pending as u64) {
                let entry = stream.try_next().await?.expect("it has no end");
                yielded.extend(seen(&[entry]));
            }
            mark = stream.mark().unwrap();
        } else {
            let new = follow.await?;
            let entries = seen(&new.entries);
            assert!(
                entries.is_sorted_by_key(|(second, _)| *second),
                "seed {seed}, step {step}: out of order"
            );
            yielded.extend(entries);
            mark = new.mark;
        }
    }
    yielded.extend(seen(&server.logs().follow(Some(mark)).await?.entries));
    yielded.sort();
    let written = server.log().written();
    assert!(written.len() > 500, "{} entries", written.len());
    assert!(
        yielded == written,
        "seed {seed}: {} entries of {}",
        yielded.len(),
        written.len()
    );
    Ok(())
}

#[tokio::test]
async fn yields_each_entry_once_also_late_and_equal_ones() -> Result<()> {
    for seed in 1..=6 {
        follow(seed * 0x9e37_79b9).await?;
    }
    Ok(())
}
