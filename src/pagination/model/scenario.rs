//! One listing from its first row to its last, while its rows change.

use super::random::Random;
use super::server::{Changes, Server, Simulated, Style};
use crate::pagination::{Listing, ListingPosition, Rows};
use crate::{ErrorKind, Paging};
use futures::StreamExt;
use std::collections::{HashMap, HashSet};
use std::time::Duration;

/// The outcome of one or more scenarios.
#[derive(Debug, Default)]
pub struct Outcome {
    pub steps: u64,
    pub rows: u64,
    /// The number of listings that were read concurrently.
    pub concurrent: u64,
    /// The number of listings that were resumed from a position.
    pub resumed: u64,
    /// The number of listings that ended because the row after which to resume was deleted.
    pub restarted: u64,
    pub lost: u64,
    pub doubled: u64,
    pub finding: Option<String>,
}

impl Outcome {
    pub fn add(&mut self, other: &Self) {
        self.steps += other.steps;
        self.rows += other.rows;
        self.concurrent += other.concurrent;
        self.resumed += other.resumed;
        self.restarted += other.restarted;
        self.lost += other.lost;
        self.doubled += other.doubled;
    }
}

/// The settings of a scenario.
#[derive(Debug)]
struct Plan {
    style: Style,
    page_size: u64,
    rows: u64,
    concurrency: usize,
    prefetch: usize,
    /// The percentage of rows after which the listing is resumed, in this process or from a string.
    interruptions: u64,
    /// The percentage of rows that the caller processes slowly.
    work: u64,
    changes: Changes,
}

impl Plan {
    fn new(random: &mut Random) -> Self {
        let style = random.one_of(&[
            Style::Numbers(Paging::Page),
            Style::Numbers(Paging::Page),
            Style::Numbers(Paging::Total),
            Style::Numbers(Paging::Search),
            Style::Offsets,
            Style::Offsets,
            Style::Tokens,
            Style::Logs,
            Style::Lines,
        ]);
        let page_size = match random.below(3) {
            0 => 1 + random.below(4),
            1 => 1 + random.below(20),
            _ => 1 + random.below(100),
        };
        // A search has ten pages, whatever is added.
        let is_search = style == Style::Numbers(Paging::Search);
        let pages = if is_search { 5 } else { 60 };
        let rows = random
            .below(pages * page_size.min(30) + 2)
            .min(5 * pages * page_size);
        let limit = if is_search { 4 * page_size } else { 400 };
        let interruptions = random.one_of(&[0, 0, 1, 5]);
        // What a position can't hold: rows of earlier pages that come again, since more rows than
        // a page has were added.
        let limit = match interruptions > 0 && style.is_indexed() {
            true => page_size,
            false => limit,
        };
        let changes = Changes {
            additions: if random.percent(80) {
                random.below(limit + 1)
            } else {
                0
            },
            burst: random.one_of(&[1, 2, 3, page_size, 2 * page_size + 1, 4 * page_size]),
            deletions: match style {
                Style::Logs | Style::Lines => 0,
                _ if random.percent(50) => 0,
                _ => random.below(rows + 1),
            },
            is_front_only: random.percent(40),
            percent: random.one_of(&[2, 10, 30]),
            failures: random.one_of(&[0, 0, 1, 5]),
        };
        Self {
            style,
            page_size,
            rows,
            concurrency: random.one_of(&[1, 1, 2, 3, 4, 8, 16]),
            prefetch: random.one_of(&[0, 1, 1, 3]),
            interruptions,
            work: random.one_of(&[0, 1, 10]),
            changes,
        }
    }
}

/// Runs the scenario of a seed.
pub fn run(seed: u64) -> Outcome {
    let mut random = Random::new(seed);
    let plan = Plan::new(&mut random);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap_or_else(|e| panic!("{e}"));
    let mut reading = Reading::new(&plan, random);
    let ended = runtime.block_on(reading.read());
    reading.outcome(ended)
}

/// The reason why a reading ended.
enum Ended {
    /// All rows were read.
    Complete,
    /// The row after which to resume was deleted or moved.
    RowIsGone,
    /// The reading ended in an unexpected way.
    Unexpected(String),
}

struct Reading<'a> {
    plan: &'a Plan,
    server: Server,
    random: Random,
    yielded: Vec<u64>,
    resumed: u64,
}

impl<'a> Reading<'a> {
    fn new(plan: &'a Plan, mut random: Random) -> Self {
        let server_random = Random::new(random.below(u64::MAX));
        Self {
            plan,
            server: Server::new(
                plan.style,
                plan.page_size,
                plan.rows,
                plan.changes,
                server_random,
            ),
            random,
            yielded: Vec::new(),
            resumed: 0,
        }
    }

    fn listing(&self) -> Listing<Simulated> {
        Listing::new(Simulated(self.server.clone()))
            .concurrency(self.plan.concurrency)
            .prefetch(self.plan.prefetch)
    }

    async fn read(&mut self) -> Ended {
        let mut stream = self.listing().stream();
        loop {
            if self.server.lock().steps > 100_000 {
                return Ended::Unexpected("there is no end".to_owned());
            }
            match stream.next().await {
                Some(Ok(row)) => self.yielded.push(row),
                Some(Err(error)) if error.kind() == ErrorKind::Unavailable => {
                    stream.resume();
                    continue;
                }
                Some(Err(error)) if self.may_be_gone(error.kind()) => return Ended::RowIsGone,
                Some(Err(error)) => return Ended::Unexpected(error.to_string()),
                None if self.is_grown(&stream) => stream = self.resume(&stream),
                None => return Ended::Complete,
            }
            if self.random.percent(self.plan.work) {
                tokio::time::sleep(Duration::from_millis(self.random.below(2_000))).await;
                // A caller that takes days.
                if self.random.percent(2) {
                    tokio::time::advance(Duration::from_secs(50 * 3600)).await;
                }
            }
            if self.random.percent(self.plan.interruptions) {
                stream = self.resume(&stream);
            }
        }
    }

    /// The log of a build that has grown since its end was read.
    fn is_grown(&self, _: &Rows<u64>) -> bool {
        self.plan.style == Style::Lines && self.yielded.len() < self.server.lock().rows.len()
    }

    /// Resumes as another process does, by the string of the position.
    fn resume(&mut self, stream: &Rows<u64>) -> Rows<u64> {
        self.resumed += 1;
        let position: ListingPosition = match stream.position().to_string().parse() {
            Ok(position) => position,
            Err(error) => panic!("{error}"),
        };
        self.server.lock().change();
        self.listing().resume_from(position).stream()
    }

    /// The row after which to resume may have been deleted, or moved to a page before.
    fn may_be_gone(&self, kind: ErrorKind) -> bool {
        let state = self.server.lock();
        let is_reread = self.resumed > 0 || !self.plan.style.is_indexed();
        kind == ErrorKind::ListingRestarted && is_reread && !state.deleted.is_empty()
    }

    fn outcome(self, ended: Ended) -> Outcome {
        let state = self.server.lock();
        let style = self.plan.style;
        let count = |rows: &mut dyn Iterator<Item = &u64>| {
            let mut counts = HashMap::<_, i64>::new();
            for row in rows {
                *counts.entry(style.look(*row)).or_default() += 1;
            }
            counts
        };
        let yielded = count(&mut self.yielded.iter());
        let stable = count(&mut state.stable.iter());
        let known = state
            .stable
            .iter()
            .chain(&state.added)
            .chain(&state.deleted);
        let possible = count(&mut known.collect::<HashSet<_>>().into_iter());
        let more_in = |a: &HashMap<_, i64>, b: &HashMap<_, i64>| -> u64 {
            let more = a.iter().map(|(row, n)| n - b.get(row).unwrap_or(&0));
            more.filter(|n| *n > 0).sum::<i64>() as u64
        };
        let doubled = more_in(&yielded, &possible);
        let missing = match ended {
            Ended::Complete => more_in(&stable, &yielded),
            _ => 0,
        };
        // Where pages have numbers, a deletion may move a row to a page that was read.
        let excused = match style.is_indexed() {
            true => state.deleted.len() as u64,
            false => 0,
        };
        let lost = missing.saturating_sub(excused);
        let order = |look: &(i64, u64)| match style {
            Style::Logs => look.0 as i128,
            _ => look.1.into(),
        };
        let in_order = self.yielded.iter().map(|row| style.look(*row));
        let is_sorted = !state.deleted.is_empty()
            || in_order
                .filter(|look| stable.contains_key(look))
                .is_sorted_by_key(|look| order(&look));
        let finding = match &ended {
            Ended::Unexpected(what) => Some(what.clone()),
            _ if lost > 0 => Some(format!("{lost} rows are lost")),
            _ if doubled > 0 => Some(format!("{doubled} rows came twice")),
            _ if !is_sorted => Some("the rows are not in order".to_owned()),
            _ => None,
        };
        Outcome {
            steps: state.steps,
            rows: self.yielded.len() as u64,
            concurrent: u64::from(self.plan.concurrency > 1 && self.plan.style.is_indexed()),
            resumed: self.resumed,
            restarted: u64::from(matches!(ended, Ended::RowIsGone)),
            lost,
            doubled,
            finding: finding.map(|finding| format!("{finding}, with {:?}", self.plan)),
        }
    }
}
