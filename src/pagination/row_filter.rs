//! The filter of new rows, which also determines the next page.

use super::checkpoint::Checkpoint;
use super::cursor::{Cursor, LogWindow};
use super::loop_detector::LoopDetector;
use super::page::{FetchedPage, PageOrigin, ServerPage};
use super::row_key::{Occurrence, OccurrenceCounter, RowKey};
use crate::{Error, ErrorKind, Result};
use std::collections::HashSet;

/// The number of pages between two anchors. The rows of twice as many pages are remembered exactly.
const PAGES_BETWEEN_ANCHORS: u32 = if cfg!(test) { 8 } else { 32 };

/// The filter that decides which rows of a page are new, and where the next page begins.
///
/// It drops rows that were yielded before the listing was resumed, and rows that moved here from
/// earlier pages. Pages must be passed in the order of the listing.
#[derive(Default)]
pub(super) struct RowFilter {
    loop_detector: LoopDetector,
    occurrences: OccurrenceCounter,
    /// The first row of the listing, if it is known.
    first_row: Option<RowKey>,
    /// The last row that was read.
    last_row: Option<Occurrence>,
    /// The cursor of the page with the last row.
    last_page: Option<Cursor>,
    /// The last rows of two earlier pages, with the cursors of the pages; the older one first.
    anchors: [Option<(Occurrence, Cursor)>; 2],
    /// The number of pages since the newer anchor.
    pages_since_anchor: u32,
    /// The row after which new rows begin, until it is found.
    resume_point: Option<ResumePoint>,
    /// The rows that were read while seeking the resume point. If pages have numbers or offsets,
    /// these rows may be repeated. So may earlier rows, which this process does not know if another
    /// process read them.
    before_resume_point: HashSet<u64>,
}

/// The row after which new rows begin.
enum ResumePoint {
    /// The page has not changed since it was read. This number of its rows was yielded, and
    /// `last_row` is the last of them.
    OnThisPage {
        rows_yielded: u64,
        last_row: Option<Occurrence>,
    },
    /// The row is on this page or on a later one.
    FromHereOn(Occurrence),
}

/// The decision about a page.
pub(super) struct Accepted {
    /// The page with its new rows; `None` if it has no new rows, or if the resume point was not
    /// found yet.
    pub page: Option<FetchedPage>,
    /// The cursor of the next page; `None` at the end.
    pub next: Option<Cursor>,
    /// True if the page was only read to find the resume point.
    pub is_before_resume_point: bool,
}

impl RowFilter {
    /// Returns the filter of a listing that is resumed after a checkpoint, and its first cursor.
    ///
    /// The cursor is before the checkpoint if the page token of the checkpoint has expired.
    pub fn resume(checkpoint: Checkpoint) -> (Self, Cursor) {
        let Checkpoint {
            cursor,
            rows_yielded,
            last_row,
            first_row,
        } = checkpoint;
        let is_expired = cursor.is_expired();
        // The page has not changed since it was read.
        let is_same_page = cursor.token().is_some() && !is_expired;
        // The pages that are read again do not contain rows of later days.
        let last_row =
            last_row.filter(|last| !(is_expired && cursor.is_before_day_of(last.key.second)));
        let begins_window = matches!(cursor, Cursor::Days(LogWindow { token: None, .. }));
        let filter = match last_row {
            _ if rows_yielded == 0 && (is_same_page || last_row.is_none() || begins_window) => {
                let mut filter = Self::knowing(first_row);
                filter.continue_after(last_row);
                filter
            }
            Some(_) if is_same_page => Self {
                resume_point: Some(ResumePoint::OnThisPage {
                    rows_yielded,
                    last_row,
                }),
                ..Self::knowing(first_row)
            },
            Some(last_row) => Self {
                resume_point: Some(ResumePoint::FromHereOn(last_row)),
                ..Self::knowing(first_row.filter(|first| first.second.is_some()))
            },
            None => Self {
                resume_point: Some(ResumePoint::OnThisPage {
                    rows_yielded,
                    last_row: None,
                }),
                ..Self::default()
            },
        };
        let cursor = if is_expired {
            cursor.without_token()
        } else {
            cursor
        };
        (filter, cursor)
    }

    fn knowing(first_row: Option<RowKey>) -> Self {
        Self {
            first_row,
            ..Self::default()
        }
    }

    /// Returns true until the resume point is found.
    pub fn is_seeking(&self) -> bool {
        self.resume_point.is_some()
    }

    /// Remembers a page, and returns the cursor of an earlier page with the same rows.
    pub fn equal_page(&mut self, cursor: &Cursor, keys: &[RowKey]) -> Option<Cursor> {
        self.loop_detector.equal_page(cursor, keys)
    }

    /// Returns true if a page may be before rows that are no longer remembered.
    ///
    /// This is possible if the page contains rows that were read long ago, because many rows were
    /// added.
    pub fn may_be_far_back(&self, cursor: &Cursor, keys: &[RowKey]) -> bool {
        cursor.is_indexed() && !self.is_seeking() && self.loop_detector.has_old_rows(keys)
    }

    /// Returns true if all rows of a page that would be remembered were read long ago.
    pub fn came_long_ago(&self, keys: &[RowKey]) -> bool {
        self.loop_detector.came_long_ago(keys)
    }

    /// Returns the last row that was read, and the cursor of its page.
    pub fn last_row(&self) -> Option<(Occurrence, Cursor)> {
        Some((self.last_row?, self.last_page.clone()?))
    }

    /// Returns a row that was read some pages ago, and the cursor of its page.
    pub fn anchor(&self) -> Option<(Occurrence, Cursor)> {
        self.anchors[0].clone()
    }

    /// Treats all rows up to this one, which is on a later page, as known.
    pub fn seek(&mut self, row: Occurrence) {
        self.resume_point = Some(ResumePoint::FromHereOn(row));
    }

    fn update_anchors(&mut self) {
        self.pages_since_anchor += 1;
        if self.pages_since_anchor > PAGES_BETWEEN_ANCHORS {
            let [_, newer] = std::mem::take(&mut self.anchors);
            self.anchors = [newer, self.last_row()];
            self.pages_since_anchor = 0;
        }
    }

    /// Returns the checkpoint after everything that was yielded before a page.
    pub fn checkpoint(&self, cursor: Cursor) -> Checkpoint {
        let (rows_yielded, last_row) = match &self.resume_point {
            Some(ResumePoint::OnThisPage {
                rows_yielded,
                last_row,
            }) => (*rows_yielded, *last_row),
            // Rows were read since then, but none was yielded.
            Some(ResumePoint::FromHereOn(last_row)) => (0, Some(*last_row)),
            None => (0, self.last_row),
        };
        Checkpoint {
            cursor,
            rows_yielded,
            last_row,
            first_row: self.first_row,
        }
    }

    /// Decides which rows of a page are new, and where the next page begins.
    ///
    /// # Errors
    ///
    /// Returns an error if the listing started over, or ends without the resume point.
    pub fn accept(&mut self, page: ServerPage) -> Result<Accepted> {
        let known = self.known_rows(&page);
        let mut is_new = self
            .loop_detector
            .check(&page, known, self.first_row, self.last_row)?;
        let ServerPage {
            cursor,
            rows,
            next,
            keys,
        } = page;
        let keys = keys.as_slice();
        self.first_row = self.first_row.or(keys.first().copied());
        let was_seeking = self.is_seeking();
        if !keys.is_empty() {
            if !was_seeking {
                self.update_anchors();
            }
            self.last_page = Some(cursor.clone());
        }
        let (occurrences, skipped) = self.skip_yielded(keys, next.is_some())?;
        let skipped = skipped.unwrap_or(rows.len());
        is_new.iter_mut().take(skipped).for_each(|new| *new = false);
        if cursor.is_indexed() {
            let known = self.rows_before_resume_point(keys, was_seeking.then_some(skipped));
            is_new.iter_mut().take(known).for_each(|new| *new = false);
        }
        let has_new_rows = rows.len() == 0 || is_new.contains(&true);
        if !has_new_rows || self.is_seeking() {
            return Ok(Accepted {
                page: None,
                next,
                is_before_resume_point: was_seeking,
            });
        }
        let late = if cursor.is_indexed() {
            count_late(keys, &is_new)
        } else {
            0
        };
        let origin = PageOrigin {
            keys: occurrences,
            cursor,
            next: next.clone(),
            skipped: skipped as u64,
            late,
            first_row: self.first_row,
        };
        let mut page = FetchedPage { rows, origin };
        page.retain_marked(&is_new);
        Ok(Accepted {
            page: Some(page),
            next,
            is_before_resume_point: false,
        })
    }

    /// Returns the number of rows of a page up to the resume point, while that is being sought.
    ///
    /// The loop detector does not remember them: they would displace the last rows of the listing,
    /// which it has to know.
    fn known_rows(&self, page: &ServerPage) -> usize {
        match &self.resume_point {
            Some(ResumePoint::FromHereOn(row)) if page.cursor.is_indexed() => {
                let found = page.keys.iter().position(|key| *key == row.key);
                found.map_or(page.keys.len(), |index| index + 1)
            }
            _ => 0,
        }
    }

    /// Returns the number of rows of a page that are before the resume point, which was found.
    ///
    /// If the page was read while seeking the resume point, its `skipped` rows are remembered.
    fn rows_before_resume_point(&mut self, keys: &[RowKey], skipped: Option<usize>) -> usize {
        if let Some(skipped) = skipped {
            let keys = keys.iter().take(skipped);
            self.before_resume_point
                .extend(keys.map(|key| key.identity()));
            return skipped;
        }
        let is_before = |key: &RowKey| self.before_resume_point.contains(&key.identity());
        keys.iter()
            .rposition(is_before)
            .map_or(0, |index| index + 1)
    }

    /// Counts the rows of a page, and returns how many of them are not after the resume point.
    ///
    /// That number is `None` if the resume point is on a later page.
    fn skip_yielded(
        &mut self,
        keys: &[RowKey],
        has_more: bool,
    ) -> Result<(Vec<Occurrence>, Option<usize>)> {
        let gone = || {
            Error::new(
                ErrorKind::ListingRestarted,
                "the listing can't be resumed: the row after which it continues no longer exists",
            )
        };
        match self.resume_point.take() {
            None => Ok((self.count(keys), Some(0))),
            Some(ResumePoint::OnThisPage {
                rows_yielded,
                last_row: None,
            }) => {
                let skipped = usize::try_from(rows_yielded).unwrap_or(usize::MAX);
                Ok((self.count(keys), Some(skipped)))
            }
            Some(ResumePoint::OnThisPage {
                rows_yielded,
                last_row: Some(last_row),
            }) => {
                let is_last = |index: &usize| keys.get(*index) == Some(&last_row.key);
                let expected = usize::try_from(rows_yielded)
                    .ok()
                    .and_then(|rows| rows.checked_sub(1));
                let found = expected
                    .filter(is_last)
                    .or_else(|| keys.iter().rposition(|key| *key == last_row.key));
                let found = match found {
                    Some(found) => found,
                    // Rows were added to the page, and the row moved to a later one.
                    None if has_more && last_row.key.second.is_none() => {
                        self.resume_point = Some(ResumePoint::FromHereOn(last_row));
                        return Ok((self.count(keys), None));
                    }
                    None => return Err(gone()),
                };
                let (yielded, new) = keys.split_at(found + 1);
                let mut counted = self.count(yielded);
                self.continue_after(Some(last_row));
                counted.extend(self.count(new));
                Ok((counted, Some(found + 1)))
            }
            Some(ResumePoint::FromHereOn(last_row)) => {
                let counted = self.count(keys);
                let found = counted.iter().position(|counted| *counted == last_row);
                if found.is_none() {
                    if !has_more {
                        return Err(gone());
                    }
                    self.resume_point = Some(ResumePoint::FromHereOn(last_row));
                }
                Ok((counted, found.map(|index| index + 1)))
            }
        }
    }

    fn count(&mut self, keys: &[RowKey]) -> Vec<Occurrence> {
        let counted: Vec<_> = keys
            .iter()
            .map(|key| self.occurrences.count(*key))
            .collect();
        self.last_row = counted.last().copied().or(self.last_row);
        counted
    }

    /// Continues to count after a row that was yielded.
    fn continue_after(&mut self, last_row: Option<Occurrence>) {
        self.last_row = last_row.or(self.last_row);
        if let Some(last_row) = last_row {
            self.occurrences.continue_after(last_row);
        }
    }
}

/// Returns the number of new rows before a row of an earlier page.
///
/// They were added to a part of the listing that was read already.
fn count_late(keys: &[RowKey], is_new: &[bool]) -> usize {
    let is_of_earlier_page =
        |index: &usize| !is_new[*index] && !keys[..*index].contains(&keys[*index]);
    let known = (0..keys.len().min(is_new.len())).rfind(is_of_earlier_page);
    let before = is_new.iter().take(known.unwrap_or(0));
    before.filter(|new| **new).count()
}
