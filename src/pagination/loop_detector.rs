//! Notices a listing that starts over, and rows that came already.

use super::cursor::Cursor;
use super::restarted;
use super::row_key::{Fnv1a, Occurrence, RowKey};
use crate::Result;
use std::collections::{HashMap, HashSet};

/// So many empty pages one after the other lead nowhere.
const MOST_EMPTY: u32 = 1000;
/// So many pages of the same rows, all of one second of a log, are no burst any more.
const MOST_EQUAL: u32 = 500;

/// Remembers where a listing has been: a few hashes a page, so that millions of rows stay cheap.
///
/// - A token that leads back: each is remembered.
/// - Rows that are the only ones of their kind (tags, repositories, users): those of the first
///   page, the first of every page, and all of the last page are remembered. Where pages are
///   counted, rows of the last page come again when others were added before them; they are left
///   out.
/// - Rows of a log, many of which may look the same: the log is sorted by time, so a page that goes
///   back to where it began, or one that is not all of the same second and comes again, has started
///   over.
#[derive(Default)]
pub(super) struct LoopDetector {
    /// The first row of the listing, as far as it is known.
    pub front: Option<RowKey>,
    /// The last row that came.
    pub last: Option<Occurrence>,
    tokens: HashSet<u64>,
    anchors: HashSet<u64>,
    previous: HashSet<u64>,
    pages: HashSet<u64>,
    stood_still: bool,
    empty: u32,
    equal: (u64, u32),
    /// How often each mark came in the second of a log that was reached.
    counts: (i64, HashMap<u64, u64>),
}

impl LoopDetector {
    /// A guard of a listing that is read from somewhere in the middle.
    pub fn resumed(front: Option<RowKey>, last: Option<Occurrence>) -> Self {
        let mut guard = Self {
            front,
            ..Self::default()
        };
        guard.anchors.extend(
            front
                .filter(|mark| mark.second.is_none())
                .map(|mark| mark.hash),
        );
        guard.went_on_after(last);
        guard
    }

    /// Counts on from a row that was found again.
    pub fn went_on_after(&mut self, last: Option<Occurrence>) {
        self.last = last.or(self.last);
        if let Some(Occurrence {
            mark: RowKey {
                hash,
                second: Some(second),
            },
            nth,
        }) = last
        {
            if self.counts.0 != second {
                self.counts = (second, HashMap::new());
            }
            self.counts.1.insert(hash, nth);
        }
    }

    /// Which rows of a page are new; an error if the page was there before, or leads to where the
    /// listing has been.
    pub fn check(
        &mut self,
        at: &Cursor,
        marks: &[RowKey],
        rows: usize,
        next: Option<&Cursor>,
    ) -> Result<Vec<bool>> {
        self.check_token(next)?;
        self.empty = if rows == 0 && next.is_some() {
            self.empty + 1
        } else {
            0
        };
        if self.empty > MOST_EMPTY {
            return Err(restarted("there is no end of empty pages"));
        }
        let new = match marks.first() {
            Some(RowKey {
                second: Some(_), ..
            }) => self.check_log(marks).map(|()| vec![true; rows])?,
            Some(_) if at.is_counted() => self.check_counted(marks)?,
            Some(_) => self.check_unique(marks).map(|()| vec![true; rows])?,
            None => vec![true; rows],
        };
        self.front = self.front.or(marks.first().copied());
        Ok(new)
    }

    fn check_token(&mut self, next: Option<&Cursor>) -> Result<()> {
        match next.and_then(Cursor::next_page) {
            Some(token) => {
                let mut hasher = Fnv1a::default();
                hasher.write(token.as_bytes());
                let is_new = self.tokens.insert(hasher.0);
                is_new
                    .then_some(())
                    .ok_or_else(|| restarted("the page leads back to one that was read"))
            }
            None => Ok(()),
        }
    }

    fn check_unique(&mut self, marks: &[RowKey]) -> Result<()> {
        if marks
            .iter()
            .any(|mark| self.previous.contains(&mark.hash) || self.anchors.contains(&mark.hash))
        {
            return Err(restarted("rows came a second time"));
        }
        self.remember(marks);
        Ok(())
    }

    fn check_counted(&mut self, marks: &[RowKey]) -> Result<Vec<bool>> {
        let new: Vec<bool> = marks
            .iter()
            .map(|mark| !self.previous.contains(&mark.hash))
            .collect();
        let moves_on = new.contains(&true);
        if !moves_on && self.stood_still {
            return Err(restarted("a page came a second time"));
        }
        let is_behind = marks
            .iter()
            .zip(&new)
            .any(|(mark, new)| *new && self.anchors.contains(&mark.hash));
        if is_behind {
            return Err(restarted("rows came a second time"));
        }
        self.stood_still = !moves_on;
        self.remember(marks);
        Ok(new)
    }

    fn remember(&mut self, marks: &[RowKey]) {
        let kept = if self.previous.is_empty() {
            marks.len()
        } else {
            1
        };
        self.anchors
            .extend(marks.iter().take(kept).map(|mark| mark.hash));
        self.previous.clear();
        self.previous.extend(marks.iter().map(|mark| mark.hash));
    }

    fn check_log(&mut self, marks: &[RowKey]) -> Result<()> {
        let second = |mark: Option<&RowKey>| mark.and_then(|mark| mark.second);
        let (first, last) = (second(marks.first()), second(marks.last()));
        let (front, before) = (
            second(self.front.as_ref()),
            second(self.last.as_ref().map(|last| &last.mark)),
        );
        // Not every step forward in time is a start: a server that reads two logs one after the
        // other takes one, but not as far as to the beginning.
        if front.is_some() && before.is_some() && first > before && first >= front {
            return Err(restarted("it went back to its newest rows"));
        }
        let mut hasher = Fnv1a::default();
        marks
            .iter()
            .for_each(|mark| hasher.write(&mark.hash.to_le_bytes()));
        if first != last && !self.pages.insert(hasher.0) {
            return Err(restarted("a page came a second time"));
        }
        self.equal = if self.equal.0 == hasher.0 {
            (hasher.0, self.equal.1 + 1)
        } else {
            (hasher.0, 0)
        };
        if self.equal.1 > MOST_EQUAL {
            return Err(restarted("a page came again and again"));
        }
        Ok(())
    }

    /// Which of the rows that look like it a row is.
    pub fn count(&mut self, mark: RowKey) -> Occurrence {
        let nth = match mark.second {
            Some(second) => {
                if self.counts.0 != second {
                    self.counts = (second, HashMap::new());
                }
                let count = self.counts.1.entry(mark.hash).or_default();
                *count += 1;
                *count
            }
            None => 1,
        };
        let counted = Occurrence { mark, nth };
        self.last = Some(counted);
        counted
    }
}
