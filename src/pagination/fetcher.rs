//! Fetches one page after the other, several at once if the caller wants that.

use super::checkpoint::Checkpoint;
use super::cursor::Cursor;
use super::list_request::ListRequest;
use super::page::{FetchedPage, Page};
use super::paging_style;
use super::row_filter::{Accepted, RowFilter};
use super::row_key::RowKey;
use super::task::Task;
use crate::{Error, ErrorKind, Paging, Result};
use futures::FutureExt;
use futures::future::BoxFuture;
use std::collections::VecDeque;

/// Fetches the pages of a listing in order.
pub(super) struct PageFetcher<Q: ListRequest> {
    request: Q,
    paging: Option<Paging>,
    /// Where the next page begins; `None` at the end, and after an error after which nothing comes.
    next: Option<Cursor>,
    /// An error that was found before anything was sent.
    invalid: Option<Error>,
    pages_left: Option<usize>,
    concurrency: usize,
    has_more: bool,
    in_flight: VecDeque<InFlight<Q::Row>>,
    row_filter: RowFilter,
}

/// A page that is fetched before it is needed.
type InFlight<T> = (Cursor, Task<Result<Page<T>>>);

/// A [`PageFetcher`] of any request, known by the type of its rows only.
pub(super) trait ErasedFetcher<T>: Send {
    /// Fetches the next page.
    fn fetch_next(self: Box<Self>) -> BoxFuture<'static, FetchOutcome<T>>;
}

/// The fetcher again, and a page; `None` after the last one.
pub(super) type FetchOutcome<T> = (Box<dyn ErasedFetcher<T>>, Option<Result<FetchedPage<T>>>);

impl<Q: ListRequest> PageFetcher<Q> {
    /// Creates a fetcher that begins after a checkpoint; there is nothing to fetch without one.
    pub fn new(
        request: Q,
        from: Result<Option<Checkpoint>>,
        max_pages: Option<usize>,
        concurrency: usize,
    ) -> Self {
        let mut fetcher = Self {
            next: None,
            invalid: None,
            pages_left: max_pages,
            concurrency,
            has_more: false,
            in_flight: VecDeque::new(),
            row_filter: RowFilter::default(),
            paging: request.paging(),
            request,
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
        self.in_flight.clear();
    }

    async fn next_page(&mut self) -> Option<Result<FetchedPage<Q::Row>>> {
        if let Some(error) = self.invalid.take() {
            return Some(Err(error));
        }
        while let Some(cursor) = self.next.clone().filter(|_| self.pages_left != Some(0)) {
            if cursor.is_expired() {
                self.resume(self.row_filter.checkpoint(cursor));
                continue;
            }
            let page = match self.fetch(&cursor).await {
                Ok(page) => page,
                Err(error) => return Some(Err(self.failed(error))),
            };
            match self.accept(cursor, page) {
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
        self.in_flight.clear();
        if error.kind() == ErrorKind::ListingRestarted {
            self.next = None;
        }
        error
    }

    /// Fetches a page, and begins to fetch those after it if the caller wants several at once.
    async fn fetch(&mut self, cursor: &Cursor) -> Result<Page<Q::Row>> {
        if self.concurrency <= 1 {
            return self.request.fetch(cursor).await;
        }
        if self
            .in_flight
            .front()
            .is_some_and(|(next, _)| next != cursor)
        {
            // A page was shorter than predicted.
            self.in_flight.clear();
        }
        // Until the first page has come, it is not known whether there is a second one.
        let concurrency = if self.has_more {
            self.concurrency.min(self.pages_left.unwrap_or(usize::MAX))
        } else {
            1
        };
        while self.in_flight.len() < concurrency {
            let next = match self.in_flight.back() {
                Some((last, _)) => {
                    paging_style::next_cursor(self.paging, last, self.request.rows_a_page())
                }
                None => Some(cursor.clone()),
            };
            let Some(next) = next else { break };
            let (request, at) = (self.request.clone(), next.clone());
            let page = Task::spawn(async move { request.fetch(&at).await });
            self.in_flight.push_back((next, page));
        }
        match self.in_flight.front_mut() {
            Some((_, page)) => {
                let page = page.await;
                self.in_flight.pop_front();
                page
            }
            None => self.request.fetch(cursor).await,
        }
    }

    /// Returns the new rows of a page, or `None` while still seeking the resume point.
    fn accept(
        &mut self,
        cursor: Cursor,
        page: Page<Q::Row>,
    ) -> Result<Option<FetchedPage<Q::Row>>> {
        let keys: Vec<RowKey> = page
            .rows
            .iter()
            .filter_map(|row| self.request.row_key(row))
            .collect();
        let Accepted { mut page, next } = self.row_filter.accept(cursor, page, &keys)?;
        if let Some(page) = &mut page {
            page.retain(|row| self.request.is_wanted(row));
        }
        self.has_more = next.is_some();
        self.next = next;
        if !self.has_more {
            self.in_flight.clear();
        }
        if page.is_some() {
            self.pages_left = self.pages_left.map(|pages| pages.saturating_sub(1));
        }
        Ok(page)
    }
}

impl<Q: ListRequest> ErasedFetcher<Q::Row> for PageFetcher<Q> {
    fn fetch_next(mut self: Box<Self>) -> BoxFuture<'static, FetchOutcome<Q::Row>> {
        async move {
            let page = self.next_page().await;
            (self as Box<dyn ErasedFetcher<Q::Row>>, page)
        }
        .boxed()
    }
}
