//! Where a page begins.

use crate::types::Timestamp;
use std::time::Duration;
use tokio::time::Instant;

/// The server forgets a page token two days after it gave it, and answers the first page then. An
/// hour is left for slow clocks and slow answers.
const LIFETIME: Duration = Duration::from_secs(47 * 3600);

/// Where a page begins.
#[derive(Debug, Clone, PartialEq)]
pub enum Cursor {
    /// The only page, or the first of those that are continued with a token.
    Start,
    Token(Token),
    /// The number of a page, from 1.
    Number(u64),
    /// The number of a row, from 0.
    Offset(u64),
    /// Some days of a log.
    Days(Window),
}

/// An opaque token of the server.
#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    pub text: String,
    /// When it was given; `None` if that is longer ago than the clock can say.
    pub given: Option<Instant>,
}

/// Some days of a log, both ends included, and a page of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    /// The first day of the whole listing: windows are read from the newest to this one.
    pub oldest: Timestamp,
    pub since: Timestamp,
    pub until: Timestamp,
    pub token: Option<Token>,
}

impl Token {
    /// A token that has just come; `None` if it is empty, which no token is.
    pub fn new(text: Option<String>) -> Option<Self> {
        text.filter(|t| !t.is_empty()).map(|text| Self {
            text,
            given: Some(Instant::now()),
        })
    }
}

impl Cursor {
    pub fn token(&self) -> Option<&Token> {
        match self {
            Self::Token(token) => Some(token),
            Self::Days(window) => window.token.as_ref(),
            _ => None,
        }
    }

    /// The token as it is sent.
    pub fn next_page(&self) -> Option<&str> {
        self.token().map(|token| token.text.as_str())
    }

    pub fn number(&self) -> u64 {
        match self {
            Self::Number(number) => *number,
            _ => 1,
        }
    }

    pub fn offset(&self) -> u64 {
        match self {
            Self::Offset(offset) => *offset,
            _ => 0,
        }
    }

    /// So many rows further, if it is a row.
    pub fn moved(&self, rows: u64) -> Option<Self> {
        match self {
            Self::Offset(offset) => Some(Self::Offset(offset + rows)),
            _ => None,
        }
    }

    /// Whether rows can move from one such place to another when others are added or deleted.
    pub fn is_counted(&self) -> bool {
        matches!(self, Self::Number(_) | Self::Offset(_))
    }

    /// Whether the server would take its token for none, and answer the first page.
    pub fn is_stale(&self) -> bool {
        self.token()
            .is_some_and(|token| token.given.is_none_or(|given| given.elapsed() >= LIFETIME))
    }

    /// Whether it is of other days of a log than a row of this second, which came before them.
    pub fn is_after(&self, second: Option<i64>) -> bool {
        match (self, second) {
            (Self::Days(window), Some(second)) if self.is_stale() => {
                second >= window.until.unix_seconds() + 86_400
            }
            _ => false,
        }
    }

    /// The nearest place before it that needs no token.
    pub fn without_token(self) -> Self {
        match self {
            Self::Days(window) => Self::Days(Window {
                token: None,
                ..window
            }),
            Self::Token(_) => Self::Start,
            other => other,
        }
    }
}
