//! Fetching one page after the other, and returning their new rows.

use super::checkpoint::Checkpoint;
use super::concurrent::ConcurrentPages;
use super::cursor::Cursor;
use super::page::{FetchedPage, PageSource, ServerPage};
use super::restarted;
use super::row_filter::{Accepted, RowFilter};
use super::row_key::{Occurrence, RowKey};
use crate::{Error, ErrorKind, Result};

/// The fetcher of the pages of a listing, in order.
pub(super) struct PageFetcher {
    source: Box<dyn PageSource>,
    /// The cursor of the next page; `None` at the end, and after a final error.
    next: Option<Cursor>,
    /// An error that was detected before anything was sent.
    invalid: Option<Error>,
    pages_left: Option<usize>,
    pages: ConcurrentPages,
    row_filter: RowFilter,
}

impl PageFetcher {
    /// Creates a fetcher that begins after a checkpoint, or that fetches nothing without one.
    pub fn new(
        source: Box<dyn PageSource>,
        pages: ConcurrentPages,
        from: Result<Option<Checkpoint>>,
        max_pages: Option<usize>,
    ) -> Self {
        let mut fetcher = Self {
            next: None,
            invalid: None,
            pages_left: max_pages,
            pages,
            row_filter: RowFilter::default(),
            source,
        };
        match from {
            Ok(Some(checkpoint)) => fetcher.resume(checkpoint),
            Ok(None) => {}
            Err(error) => fetcher.invalid = Some(error),
        }
        fetcher
    }

    fn resume(&mut self, checkpoint: Checkpoint) {
        let (row_filter, cursor) = RowFilter::resume(checkpoint);
        self.row_filter = row_filter;
        self.next = Some(cursor);
    }

    /// Fetches the next page; returns `None` after the last one.
    ///
    /// No row is lost if the future is dropped before it is ready.
    pub async fn fetch_next(&mut self) -> Option<Result<FetchedPage>> {
        if let Some(error) = self.invalid.take() {
            return Some(Err(error));
        }
        while let Some(cursor) = self.next.clone().filter(|_| self.pages_left != Some(0)) {
            if cursor.is_expired() {
                self.resume(self.row_filter.checkpoint(cursor));
                continue;
            }
            match self.read(&cursor).await {
                Ok(Some(page)) => return Some(Ok(page)),
                Ok(None) => {}
                Err(error) => return Some(Err(self.failed(error))),
            }
        }
        None
    }

    /// Ends the listing after an error of the kind `ListingRestarted`.
    ///
    /// After any other error, the page can be fetched again.
    fn failed(&mut self, error: Error) -> Error {
        if error.kind() == ErrorKind::ListingRestarted {
            self.next = None;
        }
        error
    }

    /// Reads a page, and returns its new rows.
    ///
    /// The result is `None` if the page has no new rows, or while still seeking the resume point.
    async fn read(&mut self, cursor: &Cursor) -> Result<Option<FetchedPage>> {
        let page = if self.row_filter.is_seeking() {
            self.fetch(cursor).await?
        } else {
            let page = self.pages.take(&*self.source, cursor, self.pages_left);
            page.await?
        };
        if let Some(earlier) = self.row_filter.equal_page(cursor, &page.keys) {
            self.check_again(&earlier, cursor, &page.keys).await?;
        }
        if self.row_filter.may_be_far_back(cursor, &page.keys)
            && let Some(row) = self.find_reached_row(&page).await?
        {
            self.pages.forget();
            self.row_filter.seek(row);
            return Ok(None);
        }
        self.accept(page)
    }

    async fn fetch(&self, cursor: &Cursor) -> Result<ServerPage> {
        self.source.fetch(cursor).await
    }

    /// Reads two pages again that had the same rows.
    ///
    /// At any time, a row is on only one page. If the rows moved to the later page because others
    /// were added before them, they are no longer on the earlier page.
    ///
    /// # Errors
    ///
    /// Returns an error if the pages still have the same rows, because the server repeats pages.
    async fn check_again(
        &mut self,
        earlier: &Cursor,
        cursor: &Cursor,
        keys: &[RowKey],
    ) -> Result<()> {
        // A few rows may have moved there and back, because others were added and deleted.
        for _ in 0..=(16 / keys.len().max(1)) {
            for cursor in [earlier, cursor] {
                self.count_page();
                if self.pages_left == Some(0) || self.fetch(cursor).await?.keys != keys {
                    return Ok(());
                }
            }
        }
        Err(restarted("the server sent the same page twice"))
    }

    /// Returns a row that was reached and is now on a later page, or `None` if no row moved.
    ///
    /// A row moves to a later page if rows were added before it. If many rows were added, the next
    /// pages contain rows that were yielded long ago and are no longer remembered.
    ///
    /// # Errors
    ///
    /// Returns an error if the rows did not move, although the page was read before: the server
    /// repeats pages.
    async fn find_reached_row(&mut self, page: &ServerPage) -> Result<Option<Occurrence>> {
        if let Some(row) = self.row_filter.last_row()
            && self.has_moved(&row).await?
        {
            return Ok(Some(row.0));
        }
        if !self.row_filter.came_long_ago(&page.keys) {
            return Ok(None);
        }
        // The pages directly before this one may also contain only rows that are no longer
        // remembered.
        match self.row_filter.anchor() {
            Some(anchor) if self.has_moved(&anchor).await? => Ok(Some(anchor.0)),
            _ => Err(restarted("the server sent the same rows twice")),
        }
    }

    /// Returns true if a row is no longer on its page.
    async fn has_moved(&mut self, (row, cursor): &(Occurrence, Cursor)) -> Result<bool> {
        self.count_page();
        if self.pages_left == Some(0) {
            return Ok(true);
        }
        Ok(!self.fetch(cursor).await?.keys.contains(&row.key))
    }

    fn count_page(&mut self) {
        self.pages_left = self.pages_left.map(|pages| pages.saturating_sub(1));
    }

    /// Returns the new rows of a page, or `None` while still seeking the resume point.
    fn accept(&mut self, page: ServerPage) -> Result<Option<FetchedPage>> {
        let accepted = self.row_filter.accept(page)?;
        let Accepted { mut page, next, .. } = accepted;
        if let Some(page) = &mut page {
            page.retain_marked(&self.source.are_wanted(&page.rows));
        }
        self.next = next;
        if !accepted.is_before_resume_point {
            self.count_page();
        }
        Ok(page)
    }
}
