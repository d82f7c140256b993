//! Listings in pages.

use crate::testing::state::State;
use crate::types::Timestamp;
use std::time::Duration;

/// Where a listing continues, and when the token was issued.
#[derive(Debug)]
pub struct PageToken {
    issued: Timestamp,
    /// The number of the row that the next page begins with.
    start: u64,
}

/// How long a page token is valid.
const LIFETIME: Duration = Duration::from_secs(2 * 24 * 60 * 60);

impl State {
    /// A page of rows that are sorted by a number, and the token of the next page, if there is one.
    ///
    /// As in Quay, a token that is damaged or older than two days is read as "first page", a page
    /// of no rows has a next one for ever, and a size below zero is none at all.
    pub fn page<T>(
        &mut self,
        rows: Vec<T>,
        number: impl Fn(&T) -> u64,
        size: i64,
        token: Option<&str>,
    ) -> (Vec<T>, Option<String>) {
        let now = self.now();
        let start = token
            .and_then(|t| self.pages.get(t))
            .filter(|t| now.since(t.issued) < LIFETIME)
            .map(|t| t.start);
        let mut rows: Vec<T> = rows
            .into_iter()
            .filter(|row| start.is_none_or(|s| number(row) >= s))
            .collect();
        let Some(size) = usize::try_from(size).ok().filter(|size| rows.len() > *size) else {
            return (rows, None);
        };
        let next = rows.split_off(size);
        // Quay's are Fernet tokens, which begin like this.
        let token = next
            .first()
            .map(|row| (format!("gAAAAAB{}", self.random_text(120)), number(row)));
        let token = token.map(|(token, start)| {
            self.pages
                .insert(token.clone(), PageToken { issued: now, start });
            token
        });
        (rows, token)
    }

    /// The token of an empty page: usage logs end with one.
    pub fn empty_page(&mut self) -> String {
        let (token, issued) = (format!("gAAAAAB{}", self.random_text(120)), self.now());
        self.pages.insert(
            token.clone(),
            PageToken {
                issued,
                start: u64::MAX,
            },
        );
        token
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
        let (second, _) = state.page(rows(), |n| *n, 2, token.as_deref());
        assert_eq!(second, [3, 4]);
        assert_eq!(state.page(rows(), |n| *n, 2, Some("garbage")).0, [1, 2]);
        state.clock.advance(LIFETIME);
        assert_eq!(state.page(rows(), |n| *n, 2, token.as_deref()).0, [1, 2]);
        assert_eq!(state.page(rows(), |n| *n, 5, None), (rows(), None));
        assert!(state.page(rows(), |n| *n, 0, None).1.is_some());
        assert_eq!(state.page(rows(), |n| *n, -1, None), (rows(), None));
    }
}
