//! A server whose rows are added and deleted while they are listed.

use super::random::Random;
use crate::pagination::cursor::PageToken;
use crate::pagination::row_key::ListingId;
use crate::pagination::{Cursor, Indexed, ListRequest, LogWindow, Page, PageRequest, RowKey};
use crate::types::Timestamp;
use crate::{Error, ErrorKind, Paging, Result};
use futures::FutureExt;
use futures::future::BoxFuture;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, sleep};

const DAY: i64 = 86_400;
/// The first second of the log.
const FIRST_DAY: i64 = 20_000 * DAY;
/// The time for which the server knows a page token.
const TOKEN_LIFETIME: Duration = Duration::from_secs(48 * 3600);
/// The last row of an endless listing.
const LAST: u64 = u64::MAX;

/// The paging style of a simulated listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Pages with numbers: tags, search and mirrored repositories.
    Numbers(Paging),
    Offsets,
    Tokens,
    /// A usage log.
    Logs,
    /// The log of a build.
    Lines,
}

impl Style {
    /// Returns true if rows move from page to page.
    pub fn is_indexed(self) -> bool {
        matches!(self, Self::Numbers(_) | Self::Offsets)
    }
}

/// The changes while a listing is read.
#[derive(Debug, Clone, Copy, Default)]
pub struct Changes {
    /// The number of rows that may still be added.
    pub additions: u64,
    /// The maximum number of rows that are added in one change.
    pub burst: u64,
    /// The number of rows that may still be deleted.
    pub deletions: u64,
    /// True if rows are only added at the front, as tags are.
    pub is_front_only: bool,
    /// The percentage of requests before which rows change.
    pub percent: u64,
    /// The percentage of requests that fail.
    pub failures: u64,
}

/// The state of the server, in which a row is its place in the order of the listing.
pub struct State {
    pub style: Style,
    pub page_size: u64,
    pub random: Random,
    pub changes: Changes,
    pub rows: Vec<u64>,
    /// The rows that exist the whole time.
    pub stable: Vec<u64>,
    /// The rows that were added.
    pub added: Vec<u64>,
    pub deleted: Vec<u64>,
    /// The number of requests and changes.
    pub steps: u64,
    /// The time at which each page token was issued, and the row after which it continues.
    tokens: Vec<(Instant, u64)>,
}

#[derive(Clone)]
pub struct Server(Arc<Mutex<State>>);

impl Server {
    pub fn new(style: Style, page_size: u64, rows: u64, changes: Changes, random: Random) -> Self {
        let mut state = State {
            style,
            page_size,
            random,
            changes,
            rows: Vec::new(),
            stable: Vec::new(),
            added: Vec::new(),
            deleted: Vec::new(),
            steps: 0,
            tokens: Vec::new(),
        };
        for row in 0..rows {
            state.rows.push((row + 1) << 32);
        }
        state.stable = state.rows.clone();
        Self(Arc::new(Mutex::new(state)))
    }

    pub fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn latency(&self) -> Duration {
        let random = &mut self.lock().random;
        Duration::from_millis(match random.below(10) {
            0 => 500,
            1 => 0,
            _ => random.below(20),
        })
    }
}

impl State {
    /// Adds and deletes some rows.
    pub fn change(&mut self) {
        if self.random.below(100) >= self.changes.percent {
            return;
        }
        self.steps += 1;
        let is_addition = self.changes.deletions == 0 || self.random.below(2) == 0;
        let burst = 1 + self.random.below(self.changes.burst.max(1));
        // Sometimes exactly one page, so that the server seems to repeat a page.
        let burst = match self.random.below(4) {
            0 => self.page_size,
            _ => burst,
        };
        if is_addition {
            let count = burst.min(self.changes.additions);
            self.changes.additions -= count;
            self.add(count);
        } else {
            for _ in 0..burst
                .min(self.changes.deletions)
                .min(self.rows.len() as u64)
            {
                self.changes.deletions -= 1;
                let place = self.random.below(self.rows.len() as u64) as usize;
                let row = self.rows.remove(place);
                self.stable.retain(|stable| *stable != row);
                self.deleted.push(row);
            }
        }
    }

    /// Adds rows to a place of the listing.
    fn add(&mut self, count: u64) {
        let length = self.rows.len() as u64;
        let is_front = self.changes.is_front_only || self.random.below(3) == 0;
        let place = match self.style {
            Style::Lines => length,
            Style::Logs => 0,
            _ if is_front => 0,
            _ => self.random.below(length + 1),
        } as usize;
        let before = place.checked_sub(1).map_or(0, |index| self.rows[index]);
        let after = self.rows.get(place).copied().unwrap_or(LAST >> 1);
        let step = (after - before) / (count + 1);
        if step > 0 {
            let added: Vec<u64> = (1..=count).map(|n| before + n * step).collect();
            self.added.extend(&added);
            self.rows.splice(place..place, added);
        }
    }

    /// Responds to a request that was sent at this time.
    fn respond(&mut self, cursor: &Cursor, sent: Instant) -> Result<Page<u64>> {
        self.steps += 1;
        self.change();
        if self.random.below(100) < self.changes.failures {
            return Err(Error::new(ErrorKind::Unavailable, "try again"));
        }
        let size = self.page_size as usize;
        let slice = |from: u64| {
            let from = usize::try_from(from).unwrap_or(usize::MAX);
            let from = from.min(self.rows.len());
            let to = (from + size).min(self.rows.len());
            (self.rows[from..to].to_vec(), to < self.rows.len())
        };
        match self.style {
            Style::Numbers(_) => {
                let number = cursor.number();
                let (rows, has_more) = slice((number - 1) * self.page_size);
                Page::by_number(rows, number, number as i64, has_more)
            }
            Style::Offsets => {
                let (rows, has_more) = slice(cursor.offset());
                Ok(Page::by_offset(rows, cursor.offset(), has_more))
            }
            // All that there are, or a part of them.
            Style::Lines => {
                let (rows, has_more) = slice(cursor.offset());
                Ok(Page::by_offset(rows, cursor.offset(), has_more))
            }
            Style::Tokens => {
                let after = cursor.next_page().and_then(|token| self.after(token, sent));
                let (rows, next) = self.behind(after, |_| true);
                Ok(Page::by_token(rows, next))
            }
            Style::Logs => Ok(self.log(cursor, sent)),
        }
    }

    /// Returns the row after which a page token continues; `None` if it is forgotten.
    fn after(&self, token: &str, sent: Instant) -> Option<u64> {
        let (issued, row) = self.tokens.get(token.parse::<usize>().ok()?)?;
        (sent.duration_since(*issued) < TOKEN_LIFETIME).then_some(*row)
    }

    /// Returns a page of the rows after a row, with the token of the next page.
    fn behind(
        &mut self,
        after: Option<u64>,
        is_listed: impl Fn(u64) -> bool,
    ) -> (Vec<u64>, Option<String>) {
        let mut rows: Vec<u64> = self
            .rows
            .iter()
            .copied()
            .filter(|row| after.is_none_or(|after| *row > after) && is_listed(*row))
            .take(self.page_size as usize + 1)
            .collect();
        if rows.len() <= self.page_size as usize {
            return (rows, None);
        }
        rows.truncate(self.page_size as usize);
        let last = rows.last().copied().unwrap_or_default();
        self.tokens.push((Instant::now(), last));
        (rows, Some((self.tokens.len() - 1).to_string()))
    }

    fn log(&mut self, cursor: &Cursor, sent: Instant) -> Page<u64> {
        let Cursor::Days(days) = cursor else {
            return Page::whole(Vec::new());
        };
        let range = days.since.unix_seconds()..days.until.unix_seconds() + DAY;
        let after = cursor.next_page().and_then(|token| self.after(token, sent));
        let (rows, token) = self.behind(after, |row| range.contains(&second(row)));
        let next = match PageToken::new(token) {
            Some(token) => Some(Cursor::Days(LogWindow {
                token: Some(token),
                ..days.clone()
            })),
            None => days
                .since
                .checked_sub(Duration::from_secs(DAY as u64))
                .filter(|day| *day >= days.oldest)
                .map(|until| window(days.oldest, until)),
        };
        Page::new(rows, next)
    }
}

fn window(oldest: Timestamp, until: Timestamp) -> Cursor {
    let since = until
        .checked_sub(Duration::from_secs(DAY as u64))
        .unwrap_or(oldest)
        .max(oldest);
    Cursor::Days(LogWindow {
        oldest,
        since,
        until,
        token: None,
    })
}

/// Returns the second in which a row was logged: some share it, and some days have no row.
fn second(row: u64) -> i64 {
    let number = (row >> 32) as i64;
    // Nothing is added to a second that is read already: which of two equal entries was read could
    // not be known.
    let added = i64::from(number == 0);
    FIRST_DAY + 30 * DAY + added - number / 7 * (DAY / 12) - number % 7 / 4
}

fn kind(row: u64) -> &'static str {
    ["push", "pull"][(row >> 32) as usize % 2]
}

impl Style {
    /// Returns the identity of a row, which several entries of a log may share.
    pub fn look(self, row: u64) -> (i64, u64) {
        match self {
            Self::Logs => (-second(row), u64::from(kind(row) == "pull")),
            _ => (0, row),
        }
    }
}

/// A listing of the server.
#[derive(Clone)]
pub struct Simulated(pub Server);

impl ListRequest for Simulated {
    type Row = u64;

    fn page_request(&self, _: &Cursor) -> Result<PageRequest<u64>> {
        Err(Error::invalid_input("the server is simulated"))
    }

    fn identity(&self) -> Result<ListingId> {
        Ok(ListingId {
            operation: "simulated",
            listing: 1,
        })
    }

    fn paging(&self) -> Option<Paging> {
        Some(match self.0.lock().style {
            Style::Numbers(paging) => paging,
            Style::Offsets => Paging::Offset,
            Style::Lines => Paging::Lines,
            Style::Tokens | Style::Logs => Paging::Token,
        })
    }

    fn start(&self) -> Cursor {
        match self.0.lock().style {
            Style::Numbers(_) => Cursor::Number(1),
            Style::Offsets | Style::Lines => Cursor::Offset(0),
            Style::Tokens => Cursor::Start,
            Style::Logs => {
                let day = |day| Timestamp::from_unix_seconds(FIRST_DAY + day * DAY);
                day(0)
                    .zip(day(31))
                    .map_or(Cursor::Start, |(oldest, until)| window(oldest, until))
            }
        }
    }

    fn rows_a_page(&self) -> Option<u32> {
        u32::try_from(self.0.lock().page_size).ok()
    }

    fn row_key(&self, row: &u64) -> Option<RowKey> {
        match self.0.lock().style {
            Style::Lines => None,
            Style::Logs => Timestamp::from_unix_seconds(second(*row)).map(|moment| {
                RowKey::logged(moment, &[["push", "pull"][(row >> 32) as usize % 2]])
            }),
            _ => Some(RowKey::unique(&[&row.to_string()])),
        }
    }

    fn fetch(&self, cursor: &Cursor) -> BoxFuture<'static, Result<Page<u64>>> {
        let (server, cursor) = (self.0.clone(), cursor.clone());
        async move {
            let sent = Instant::now();
            sleep(server.latency()).await;
            let page = server.lock().respond(&cursor, sent);
            sleep(server.latency()).await;
            page
        }
        .boxed()
    }
}

impl Indexed for Simulated {}
