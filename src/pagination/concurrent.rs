//! Fetching several pages concurrently, and verifying that they join.
//!
//! If pages have numbers or offsets, an added row moves all rows after it. If page 6 is fetched
//! before a row is added, and page 5 afterwards, the former last row of page 5 is on neither page,
//! and the two pages do not show it. Pages that were fetched out of order are therefore only
//! yielded after it was verified that no row was added before their end. For this, a later page,
//! the *anchor*, is read before and after them, and must have the same rows both times.
//!
//! ```text
//! round 1   page 2                    page 10 (anchor)
//! round 2   pages 3 to 9              page 26 (next anchor)
//! round 3   page 10, unchanged?       pages 11 to 25            page 58 (next anchor)
//! ```
//!
//! After the third round, the first pages are yielded in order. If it can't be verified that pages
//! join, they are fetched again one after the other. Each anchor takes one additional request.

use super::cursor::Cursor;
use super::page::{PageSource, ServerPage};
use super::paging_style;
use super::row_key::RowKey;
use super::task::Task;
use crate::{Paging, Result};
use futures::stream::{self, StreamExt};
use std::collections::{HashSet, VecDeque};

/// The maximum number of pages that are fetched concurrently.
pub(super) const MAX_CONCURRENCY: usize = 64;

/// The minimum distance of an anchor. With a shorter one, concurrency saves no time.
const MIN_STRIDE: u64 = 4;

/// The maximum distance of an anchor. A longer one saves little time, and takes more memory for the
/// pages before the anchor.
const MAX_STRIDE: u64 = 32;

/// The pages of a listing, several of which are fetched concurrently.
pub(super) struct ConcurrentPages {
    concurrency: usize,
    paging: Option<Paging>,
    page_size: Option<u32>,
    /// The pages that join with the pages that were taken, in order.
    joined: VecDeque<ServerPage>,
    /// The pages after them. They join if the last one, their anchor, still has the same rows.
    unproven: Vec<ServerPage>,
    /// A later page, which was read before the pages between were fetched.
    anchor: Option<ServerPage>,
    /// The number of pages to the next anchor.
    stride: u64,
    /// The number or offset of a page after the end.
    end_before: Option<u64>,
    /// The number of pages that are fetched in order before several are fetched concurrently.
    in_order: usize,
}

/// The pages that are fetched concurrently.
struct Round {
    /// The anchor of the unproven pages, which is read again.
    again: Option<Cursor>,
    /// The pages before the anchor, or the next page if there is no anchor.
    pages: Vec<Cursor>,
    /// The next anchor.
    anchor: Option<Cursor>,
}

impl ConcurrentPages {
    pub fn new(concurrency: usize, paging: Option<Paging>, page_size: Option<u32>) -> Self {
        Self {
            concurrency,
            paging,
            page_size,
            joined: VecDeque::new(),
            unproven: Vec::new(),
            anchor: None,
            stride: stride(concurrency as u64, concurrency),
            end_before: None,
            // Before the first page is read, it is not known whether a second one exists.
            in_order: 1,
        }
    }

    /// Fetches the page at a cursor, which follows the page that was taken before.
    ///
    /// Later pages are fetched at the same time, as far as `pages_left` allows.
    pub async fn take(
        &mut self,
        source: &dyn PageSource,
        cursor: &Cursor,
        pages_left: Option<usize>,
    ) -> Result<ServerPage> {
        loop {
            if let Some(page) = self.joined.pop_front() {
                if page.cursor == *cursor {
                    return Ok(page);
                }
                // The page was shorter than expected, or is fetched again after an error.
                self.joined.clear();
                self.give_up(1);
            }
            if self.in_order > 0 || self.concurrency <= 1 {
                let page = source.fetch(cursor).await?;
                self.in_order = self.in_order.saturating_sub(1);
                return Ok(page);
            }
            let round = self.plan(cursor, pages_left);
            let cursors = round
                .again
                .iter()
                .chain(&round.pages)
                .chain(&round.anchor)
                .cloned()
                .collect();
            let fetched = fetch_all(source, cursors, self.concurrency).await;
            self.evaluate(&round, fetched)?;
        }
    }

    /// Forgets all pages, so that the next one is fetched.
    pub fn forget(&mut self) {
        self.joined.clear();
        self.give_up(1);
    }

    /// Forgets the pages that may not join, so that they are fetched again in order.
    fn give_up(&mut self, pages: usize) {
        self.in_order = pages.max(1);
        self.stride = stride(self.stride / 2, self.concurrency);
        self.unproven.clear();
        self.anchor = None;
    }

    fn cursor_after(&self, cursor: &Cursor, pages: u64) -> Option<Cursor> {
        paging_style::cursor_after(self.paging, cursor, pages, self.page_size)
    }

    fn plan(&mut self, cursor: &Cursor, pages_left: Option<usize>) -> Round {
        let again = self.unproven.last();
        let first = match again {
            Some(last) => last.next.clone(),
            None => Some(cursor.clone()),
        };
        let again = again.map(|page| page.cursor.clone());
        let Some(first) = first else {
            // The anchor is the last page of the listing.
            return Round {
                again,
                pages: Vec::new(),
                anchor: None,
            };
        };
        let pages = match self.pages_before_anchor(&first) {
            Some(pages) => pages,
            None => {
                self.anchor = None;
                vec![first.clone()]
            }
        };
        let last = self.anchor.as_ref().map_or(&first, |anchor| &anchor.cursor);
        let planned = self.unproven.len() + pages.len() + usize::from(self.anchor.is_some());
        let left = pages_left.map_or(u64::MAX, |left| left.saturating_sub(planned) as u64);
        let has_more = self.anchor.as_ref().is_none_or(|a| a.next.is_some());
        let anchor = has_more.then(|| self.next_anchor(last, left)).flatten();
        Round {
            again,
            pages,
            anchor,
        }
    }

    /// Returns the pages from a cursor up to the anchor; `None` if no anchor follows.
    fn pages_before_anchor(&self, first: &Cursor) -> Option<Vec<Cursor>> {
        let anchor = &self.anchor.as_ref()?.cursor;
        let mut pages = vec![first.clone()];
        loop {
            let next = self.cursor_after(pages.last()?, 1)?;
            if next == *anchor {
                return Some(pages);
            }
            if next.index() > anchor.index() {
                return None;
            }
            pages.push(next);
        }
    }

    /// Returns the next anchor, one stride after a page.
    ///
    /// It is before the end, and at most `left` pages after the page.
    fn next_anchor(&self, after: &Cursor, left: u64) -> Option<Cursor> {
        let end = self.end_before.filter(|end| after.index() < Some(*end));
        let at = |pages| {
            let cursor = self.cursor_after(after, pages)?;
            let is_before_end = end.is_none_or(|end| cursor.index() < Some(end));
            is_before_end.then_some(cursor)
        };
        let mut distance = self.stride.min(left);
        // The last few pages are fetched faster in order than their end is found.
        if end.is_some() && at(2 * MIN_STRIDE).is_none() {
            return None;
        }
        while distance >= MIN_STRIDE {
            match at(distance) {
                Some(cursor) => return Some(cursor),
                None => distance /= 2,
            }
        }
        None
    }

    /// Decides which pages of a round join.
    ///
    /// # Errors
    ///
    /// Returns the error of the next page. Another page that could not be fetched is fetched again
    /// later.
    fn evaluate(&mut self, round: &Round, fetched: Vec<Result<ServerPage>>) -> Result<()> {
        let mut fetched = fetched.into_iter();
        if round.again.is_some() {
            let is_unchanged = match (fetched.next(), self.unproven.last()) {
                (Some(Ok(again)), Some(anchor)) => again.keys == anchor.keys,
                _ => false,
            };
            if !is_unchanged {
                self.give_up(self.unproven.len());
                return Ok(());
            }
            self.joined.extend(self.unproven.drain(..));
        }
        let pages: Result<Vec<_>> = fetched.by_ref().take(round.pages.len()).collect();
        match (pages, self.anchor.take()) {
            (Ok(pages), None) => self.joined.extend(pages),
            (Ok(mut pages), Some(anchor)) => {
                pages.push(anchor);
                if !are_consistent(&pages) {
                    self.give_up(pages.len());
                    return Ok(());
                }
                self.unproven = pages;
            }
            (Err(error), None) if self.joined.is_empty() => return Err(error),
            (Err(_), _) => {
                self.give_up(round.pages.len());
                return Ok(());
            }
        }
        match (fetched.next(), &round.anchor) {
            (Some(Ok(anchor)), _) if !anchor.keys.is_empty() => {
                self.anchor = Some(anchor);
                let longest = MAX_STRIDE.max(self.concurrency as u64 * 2);
                self.stride = stride((self.stride * 4).min(longest), self.concurrency);
            }
            (Some(Ok(beyond)), _) => self.end_before = beyond.cursor.index(),
            (Some(Err(_)), Some(cursor)) => self.end_before = cursor.index(),
            _ => {}
        }
        Ok(())
    }
}

/// Returns about this number of pages.
///
/// The number of requests of a round, which include two anchors, is a multiple of `concurrency`.
fn stride(pages: u64, concurrency: usize) -> u64 {
    let at_once = (concurrency as u64).max(1);
    let rounded = (pages + 1) / at_once * at_once;
    rounded.saturating_sub(1).max(MIN_STRIDE)
}

/// Returns true if each page begins at the end of the previous one, and no row is on two pages.
fn are_consistent(pages: &[ServerPage]) -> bool {
    let continues = |pair: &[ServerPage]| match pair {
        [page, next] => page.next.as_ref() == Some(&next.cursor),
        _ => true,
    };
    pages.windows(2).all(continues) && are_distinct(pages.iter().map(|page| &*page.keys))
}

fn are_distinct<'a>(pages: impl Iterator<Item = &'a [RowKey]>) -> bool {
    let mut rows = HashSet::new();
    for keys in pages {
        if keys.is_empty() || !keys.iter().all(|key| rows.insert(key.identity())) {
            return false;
        }
    }
    true
}

/// Fetches pages, at most `concurrency` at the same time, and returns them in the order of the
/// cursors.
async fn fetch_all(
    source: &dyn PageSource,
    cursors: Vec<Cursor>,
    concurrency: usize,
) -> Vec<Result<ServerPage>> {
    let fetch = |(index, cursor)| {
        let page = Task::spawn(source.fetch(&cursor));
        async move { (index, page.await) }
    };
    let mut pages: Vec<_> = cursors.iter().map(|_| None).collect();
    let mut fetched = stream::iter(cursors.into_iter().enumerate())
        .map(fetch)
        .buffer_unordered(concurrency);
    while let Some((index, page)) = fetched.next().await {
        if let Some(place) = pages.get_mut(index) {
            *place = Some(page);
        }
    }
    pages.into_iter().flatten().collect()
}
