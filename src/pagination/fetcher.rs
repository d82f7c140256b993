//! Fetches one page after the other, and yields their new rows.

use super::checkpoint::Checkpoint;
use super::concurrent::ConcurrentPages;
use super::cursor::Cursor;
use super::page::{FetchedPage, PageSource, ServerPage};
use super::restarted;
use super::row_filter::{Accepted, RowFilter};
use super::row_key::RowKey;
use crate::{Error, ErrorKind, Result};

/// Fetches the pages of a listing in order.
pub(super) struct PageFetcher {
    source: Box<dyn PageSource>,
    /// Where the next page begins; `None` at the end, and after an error after which nothing comes.
    next: Option<Cursor>,
    /// An error that was found before anything was sent.
    invalid: Option<Error>,
    pages_left: Option<usize>,
    pages: ConcurrentPages,
    row_filter: RowFilter,
}

impl PageFetcher {
    /// Creates a fetcher that begins after a checkpoint; there is nothing to fetch without one.
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

    /// Fetches the next page; returns `None` after the last one. Nothing is lost if the future is
    /// dropped before it is ready.
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

    /// Ends the listing after an error that the same request would meet again. After any other one
    /// the page can be fetched again.
    fn failed(&mut self, error: Error) -> Error {
        if error.kind() == ErrorKind::ListingRestarted {
            self.next = None;
        }
        error
    }

    /// Reads a page, and returns its new rows; `None` if there are none, or while still seeking the
    /// resume point.
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
        self.accept(page)
    }

    async fn fetch(&self, cursor: &Cursor) -> Result<ServerPage> {
        self.source.fetch(cursor).await
    }

    /// Reads two pages again that had the same rows.
    ///
    /// At any one moment a row is on one page only. Rows that were on the earlier page and moved
    /// back, since others were added before them, are not there any more.
    ///
    /// # Errors
    ///
    /// Returns an error if the pages still have the same rows: the server repeats itself.
    async fn check_again(
        &mut self,
        earlier: &Cursor,
        cursor: &Cursor,
        keys: &[RowKey],
    ) -> Result<()> {
        // A few rows may well have moved back and forth, since others were added and deleted.
        for _ in 0..=(16 / keys.len().max(1)) {
            for cursor in [earlier, cursor] {
                self.count_page();
                if self.pages_left == Some(0) || self.fetch(cursor).await?.keys != keys {
                    return Ok(());
                }
            }
        }
        Err(restarted("a page came a second time"))
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
