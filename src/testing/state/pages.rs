//! Listings in pages.

use crate::testing::state::State;
use crate::testing::state::random::sha256;
use crate::types::Timestamp;
use std::time::Duration;

/// A page token: the position at which a listing continues, and the time at which it was issued.
/// All of it is in the token, as in Quay, so nothing is stored.
#[derive(Debug, Clone, Copy, PartialEq)]
struct PageToken {
    issued: Timestamp,
    /// The number of the row that the next page begins with.
    start: u64,
}

/// The lifetime of a page token.
const LIFETIME: Duration = Duration::from_secs(2 * 24 * 60 * 60);

/// Quay's are Fernet tokens, which begin like this.
const PREFIX: &str = "gAAAAAB";

/// A random part that makes each token different.
const NONCE: usize = 24;

impl PageToken {
    fn encode(self, nonce: &str) -> String {
        let content = format!(
            "{:016x}{:016x}{nonce}",
            self.issued.unix_seconds().cast_unsigned(),
            self.start
        );
        format!("{PREFIX}{content}{}", sha256(&content))
    }

    /// Returns `None` for a damaged token.
    fn decode(token: &str) -> Option<Self> {
        let (content, checksum) = token
            .strip_prefix(PREFIX)?
            .split_at_checked(16 + 16 + NONCE)?;
        if sha256(content) != checksum {
            return None;
        }
        let issued = u64::from_str_radix(content.get(..16)?, 16).ok()?;
        Some(Self {
            issued: Timestamp::from_unix_seconds(issued.cast_signed())?,
            start: u64::from_str_radix(content.get(16..32)?, 16).ok()?,
        })
    }
}

impl State {
    /// Returns a page of rows that are sorted by a number, and the token of the next page, if there
    /// is one.
    ///
    /// As in Quay, an invalid token or one older than two days means the first page, a page without
    /// rows always has a next page, and a negative size means no limit.
    pub fn page<T>(
        &mut self,
        rows: Vec<T>,
        number: impl Fn(&T) -> u64,
        size: i64,
        token: Option<&str>,
    ) -> (Vec<T>, Option<String>) {
        let start = token
            .and_then(PageToken::decode)
            .filter(|t| self.now().since(t.issued) < LIFETIME)
            .map(|t| t.start);
        let mut rows: Vec<T> = rows
            .into_iter()
            .filter(|row| start.is_none_or(|s| number(row) >= s))
            .collect();
        let Some(size) = usize::try_from(size).ok().filter(|size| rows.len() > *size) else {
            return (rows, None);
        };
        let next = rows.split_off(size);
        let token = next.first().map(|row| self.page_token(number(row)));
        (rows, token)
    }

    /// Returns the token of an empty page: usage logs end with one.
    pub fn empty_page(&mut self) -> String {
        self.page_token(u64::MAX)
    }

    fn page_token(&mut self, start: u64) -> String {
        let token = PageToken {
            issued: self.now(),
            start,
        };
        token.encode(&self.random_text(NONCE))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_for_two_days_and_a_damaged_one_is_the_first_page() {
        let mut state = State::new();
        let rows = || (1..=5).collect::<Vec<u64>>();
        let (first, token) = state.page(rows(), |n| *n, 2, None);
        assert_eq!(first, [1, 2]);
        let token = token.unwrap_or_default();
        let (second, _) = state.page(rows(), |n| *n, 2, Some(&token));
        assert_eq!(second, [3, 4]);
        let damaged = [
            "garbage".to_owned(),
            String::new(),
            PREFIX.to_owned(),
            token[1..].to_owned(),
            token.replace(|c: char| c.is_ascii_digit(), "0"),
            format!("{PREFIX}{}", "ä".repeat(60)),
        ];
        for token in damaged {
            assert_eq!(state.page(rows(), |n| *n, 2, Some(&token)).0, [1, 2]);
        }
        state.clock.advance(LIFETIME);
        assert_eq!(state.page(rows(), |n| *n, 2, Some(&token)).0, [1, 2]);
        assert_eq!(state.page(rows(), |n| *n, 5, None), (rows(), None));
        assert!(state.page(rows(), |n| *n, 0, None).1.is_some());
        assert_eq!(state.page(rows(), |n| *n, -1, None), (rows(), None));
    }
}
