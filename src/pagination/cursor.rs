//! The cursor of a page.

use crate::types::Timestamp;
use std::time::{Duration, SystemTime};
use tokio::time::Instant;

/// The maximum age of a page token that is sent.
///
/// The server forgets a token two days after it issued it, and then responds with the first page.
/// An hour is left for slow clocks and slow responses.
const MAX_TOKEN_AGE: Duration = Duration::from_secs(47 * 3600);

const SECONDS_PER_DAY: i64 = 86_400;

/// The place in a listing at which a page begins.
///
/// `paging_style` defines which cursors a listing uses, and which one follows.
#[derive(Debug, Clone, PartialEq)]
pub enum Cursor {
    /// The only page, or the first page of a listing that continues with page tokens.
    Start,
    /// A page token of the server.
    Token(PageToken),
    /// The number of a page, from 1.
    Number(u64),
    /// The number of the page's first row, from 0.
    Offset(u64),
    /// Several days of a usage log.
    Days(LogWindow),
}

/// An opaque token of the server for one page.
#[derive(Debug, Clone, PartialEq)]
pub struct PageToken {
    value: String,
    /// The time at which the token was received; `None` if it is before the range of the clock.
    received: Option<Instant>,
}

/// Several days of a usage log, including the first and the last, and a page of them.
#[derive(Debug, Clone, PartialEq)]
pub struct LogWindow {
    /// The first day of the whole listing. The windows are read from the newest one to this day.
    pub oldest: Timestamp,
    pub since: Timestamp,
    pub until: Timestamp,
    pub token: Option<PageToken>,
}

impl LogWindow {
    /// Returns the length, with the last day not counted.
    pub fn length(&self) -> Duration {
        let seconds = self.until.unix_seconds() - self.since.unix_seconds();
        Duration::from_secs(u64::try_from(seconds).unwrap_or(0))
    }
}

impl PageToken {
    /// Returns a token that is received now; `None` if it is empty and no page follows.
    pub fn new(value: Option<String>) -> Option<Self> {
        value.filter(|value| !value.is_empty()).map(|value| Self {
            value,
            received: Some(Instant::now()),
        })
    }

    /// Returns a token that was received at a Unix time, possibly by another process.
    ///
    /// A time in the future is caused by a wrong clock, and is treated as now.
    pub fn received_at(value: String, unix_seconds: u64) -> Self {
        let received = || {
            let time = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(unix_seconds))?;
            let age = SystemTime::now().duration_since(time);
            Instant::now().checked_sub(age.unwrap_or_default())
        };
        Self {
            value,
            received: received(),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.value
    }

    /// Returns the Unix time at which the token was received, which is valid in other processes.
    pub fn received_unix_seconds(&self) -> u64 {
        self.received
            .and_then(|received| SystemTime::now().checked_sub(received.elapsed()))
            .and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok())
            .map_or(0, |since_epoch| since_epoch.as_secs())
    }

    /// Returns true if the server may have forgotten the token.
    fn is_expired(&self) -> bool {
        self.received
            .is_none_or(|received| received.elapsed() >= MAX_TOKEN_AGE)
    }
}

impl Cursor {
    pub fn token(&self) -> Option<&PageToken> {
        match self {
            Self::Token(token) => Some(token),
            Self::Days(window) => window.token.as_ref(),
            Self::Start | Self::Number(_) | Self::Offset(_) => None,
        }
    }

    /// Returns the page token, which is sent in the query parameter `next_page`.
    pub fn next_page(&self) -> Option<&str> {
        self.token().map(PageToken::as_str)
    }

    /// Returns the number of the page, from 1.
    pub fn number(&self) -> u64 {
        match self {
            Self::Number(number) => *number,
            _ => 1,
        }
    }

    /// Returns the number of the page's first row, from 0.
    pub fn offset(&self) -> u64 {
        match self {
            Self::Offset(offset) => *offset,
            _ => 0,
        }
    }

    /// Returns the cursor of a later row, if the cursor is an offset.
    pub fn offset_by(&self, rows: u64) -> Option<Self> {
        match self {
            Self::Offset(offset) => Some(Self::Offset(offset.saturating_add(rows))),
            _ => None,
        }
    }

    /// Returns the number or the offset of the page, if pages have them.
    pub fn index(&self) -> Option<u64> {
        match self {
            Self::Number(index) | Self::Offset(index) => Some(*index),
            _ => None,
        }
    }

    /// Returns the cursor of the same style with another number or offset.
    pub fn with_index(&self, index: u64) -> Self {
        match self {
            Self::Number(_) => Self::Number(index),
            Self::Offset(_) => Self::Offset(index),
            other => other.clone(),
        }
    }

    /// Returns true if both cursors can belong to pages of one listing.
    pub fn is_same_style(&self, other: &Self) -> bool {
        let style = |cursor: &Self| match cursor {
            Self::Start | Self::Token(_) => 0,
            Self::Number(_) => 1,
            Self::Offset(_) => 2,
            Self::Days(_) => 3,
        };
        style(self) == style(other)
    }

    /// Returns true if all its days of a log are before those of the other cursor.
    pub fn is_before_window_of(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Days(earlier), Self::Days(later)) => earlier.until < later.since,
            _ => false,
        }
    }

    /// Returns true if pages have numbers or offsets.
    ///
    /// Rows then move from one page to another when other rows are added or deleted.
    pub fn is_indexed(&self) -> bool {
        matches!(self, Self::Number(_) | Self::Offset(_))
    }

    /// Returns true if the server may have forgotten the page token.
    pub fn is_expired(&self) -> bool {
        self.token().is_some_and(PageToken::is_expired)
    }

    /// Returns true if all its days of a log are before a row that was logged in this second.
    ///
    /// Logs are read from the newest day to the oldest, so that row was on an earlier page.
    pub fn is_before_day_of(&self, second: Option<i64>) -> bool {
        match (self, second) {
            (Self::Days(window), Some(second)) => {
                second >= window.until.unix_seconds() + SECONDS_PER_DAY
            }
            _ => false,
        }
    }

    /// Returns the nearest earlier cursor that needs no page token.
    pub fn without_token(self) -> Self {
        match self {
            Self::Days(window) => Self::Days(LogWindow {
                token: None,
                ..window
            }),
            Self::Token(_) => Self::Start,
            Self::Start | Self::Number(_) | Self::Offset(_) => self,
        }
    }
}
