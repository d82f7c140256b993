//! Fetches one page after the other: several at once if asked, and again from an earlier place
//! where a token has become too old.

use super::cursor::{Cursor, Window};
use super::list_request::{ListRequest, Page};
use super::loop_detector::LoopDetector;
use super::row_key::{Occurrence, RowKey};
use super::style;
use super::task::Task;
use crate::{Error, ErrorKind, Paging, Result};
use futures::FutureExt;
use futures::future::BoxFuture;
use std::collections::VecDeque;

/// A page that was read, without the rows that came already.
pub(super) struct FetchedPage<T> {
    pub rows: Vec<T>,
    /// One for each row, or none.
    pub marks: Vec<Occurrence>,
    pub at: Cursor,
    pub next: Option<Cursor>,
    /// How many rows of the server's page come before these.
    pub skipped: u64,
    pub front: Option<RowKey>,
}

/// Where to go on: what was given already is read again, and left out.
#[derive(Debug, Clone)]
pub(super) struct ResumePoint {
    pub at: Cursor,
    /// How many rows of that page were given.
    pub row: u64,
    pub last: Option<Occurrence>,
    pub front: Option<RowKey>,
}

/// How a row that was given is found again.
enum ResumeSearch {
    /// The page is the one that it was: so many rows of it were given, this one the last.
    Row(u64, Option<Occurrence>),
    /// It can be anywhere from here on.
    RowKey(Occurrence),
}

/// One that reads, whatever it reads.
pub(super) trait FetchPages<T>: Send {
    /// The next page.
    fn read(self: Box<Self>) -> BoxFuture<'static, Step<T>>;
}

/// The reader again, and a page; none after the last one.
pub(super) type Step<T> = (Box<dyn FetchPages<T>>, Option<Result<FetchedPage<T>>>);

/// A page that was asked for before it is needed.
type Asked<T> = (Cursor, Task<Result<Page<T>>>);

pub(super) struct PageFetcher<Q: ListRequest> {
    query: Q,
    paging: Option<Paging>,
    /// `None` at the end, and after an error that nothing comes after.
    next: Option<Cursor>,
    /// A mistake that was found before anything was sent.
    mistake: Option<Error>,
    left: Option<usize>,
    concurrency: usize,
    has_more: bool,
    under_way: VecDeque<Asked<Q::Row>>,
    guard: LoopDetector,
    seek: Option<ResumeSearch>,
}

impl<Q: ListRequest> PageFetcher<Q> {
    pub fn new(
        query: Q,
        from: Result<Option<ResumePoint>>,
        max_pages: Option<usize>,
        concurrency: usize,
    ) -> Self {
        let mut reading = Self {
            next: None,
            mistake: None,
            left: max_pages,
            concurrency,
            has_more: false,
            under_way: VecDeque::new(),
            guard: LoopDetector::default(),
            seek: None,
            paging: query.paging(),
            query,
        };
        match from {
            Ok(Some(resumption)) => reading.go_to(resumption),
            Ok(None) => {}
            Err(mistake) => reading.mistake = Some(mistake),
        }
        reading
    }

    fn go_to(&mut self, from: ResumePoint) {
        let ResumePoint {
            at,
            row,
            last,
            front,
        } = from;
        let is_where_it_was = at.token().is_some() && !at.is_stale();
        // What was given of days before says nothing of these.
        let last = last.filter(|last| !at.is_after(last.mark.second));
        (self.guard, self.seek) = match last {
            // Nothing of that page was given.
            _ if row == 0
                && (is_where_it_was
                    || last.is_none()
                    || matches!(at, Cursor::Days(Window { token: None, .. }))) =>
            {
                (LoopDetector::resumed(front, last), None)
            }
            Some(_) if is_where_it_was => (
                LoopDetector::resumed(front, None),
                Some(ResumeSearch::Row(row, last)),
            ),
            Some(last) => (
                LoopDetector::resumed(front.filter(|front| front.second.is_some()), None),
                Some(ResumeSearch::RowKey(last)),
            ),
            None => (LoopDetector::default(), Some(ResumeSearch::Row(row, None))),
        };
        self.under_way.clear();
        self.next = Some(if at.is_stale() {
            at.without_token()
        } else {
            at
        });
    }

    async fn next_page(&mut self) -> Option<Result<FetchedPage<Q::Row>>> {
        if let Some(mistake) = self.mistake.take() {
            return Some(Err(mistake));
        }
        while let Some(at) = self.next.clone().filter(|_| self.left != Some(0)) {
            if at.is_stale() {
                self.go_to(ResumePoint {
                    at,
                    row: 0,
                    last: self.guard.last,
                    front: self.guard.front,
                });
                continue;
            }
            let page = match self.ask(&at).await {
                Ok(page) => page,
                Err(error) => return Some(Err(self.failed(error))),
            };
            match self.take_in(at, page) {
                Ok(Some(delivered)) => return Some(Ok(delivered)),
                Ok(None) => {}
                Err(error) => return Some(Err(self.failed(error))),
            }
        }
        None
    }

    /// After most errors the same page can be asked for again.
    fn failed(&mut self, error: Error) -> Error {
        self.under_way.clear();
        if error.kind() == ErrorKind::ListingRestarted {
            self.next = None;
        }
        error
    }

    async fn ask(&mut self, at: &Cursor) -> Result<Page<Q::Row>> {
        if self.concurrency <= 1 {
            return self.query.fetch(at).await;
        }
        if self.under_way.front().is_some_and(|(asked, _)| asked != at) {
            // A page was shorter than it should be.
            self.under_way.clear();
        }
        // Whether there is a second page is not known before the first has come.
        let at_once = if self.has_more {
            self.concurrency.min(self.left.unwrap_or(usize::MAX))
        } else {
            1
        };
        while self.under_way.len() < at_once {
            let following = match self.under_way.back() {
                Some((last, _)) => style::following(self.paging, last, self.query.rows_a_page()),
                None => Some(at.clone()),
            };
            let Some(next) = following else { break };
            let (query, asked) = (self.query.clone(), next.clone());
            self.under_way
                .push_back((next, Task::spawn(async move { query.fetch(&asked).await })));
        }
        match self.under_way.front_mut() {
            Some((_, page)) => {
                let page = page.await;
                self.under_way.pop_front();
                page
            }
            None => self.query.fetch(at).await,
        }
    }

    /// What of a page is new; `None` if a row that was given is still being looked for.
    fn take_in(&mut self, at: Cursor, page: Page<Q::Row>) -> Result<Option<FetchedPage<Q::Row>>> {
        let Page { rows, next } = page;
        let marks: Vec<RowKey> = rows
            .iter()
            .filter_map(|row| self.query.row_key(row))
            .collect();
        let mut new = self.guard.check(&at, &marks, rows.len(), next.as_ref())?;
        let (counted, skipped) = self.skip(&marks, next.is_some())?;
        let skipped = skipped.unwrap_or(rows.len());
        new.iter_mut().take(skipped).for_each(|new| *new = false);

        self.has_more = next.is_some();
        self.next.clone_from(&next);
        if !self.has_more {
            self.under_way.clear();
        }
        let was_given = skipped > 0 && skipped >= rows.len();
        if was_given || self.seek.is_some() {
            return Ok(None);
        }
        self.left = self.left.map(|left| left.saturating_sub(1));
        let rows = rows
            .into_iter()
            .zip(&new)
            .filter(|(_, new)| **new)
            .map(|(row, _)| row)
            .collect();
        let marks = counted
            .into_iter()
            .zip(&new)
            .filter(|(_, new)| **new)
            .map(|(mark, _)| mark)
            .collect();
        Ok(Some(FetchedPage {
            rows,
            marks,
            at,
            next,
            skipped: skipped as u64,
            front: self.guard.front,
        }))
    }

    /// Counts the rows, and says how many of them were given already; `None` if all, and what is
    /// looked for was not among them.
    fn skip(
        &mut self,
        marks: &[RowKey],
        has_more: bool,
    ) -> Result<(Vec<Occurrence>, Option<usize>)> {
        let gone = || {
            Error::new(
                ErrorKind::ListingRestarted,
                "the listing can't go on: the row after which it should is gone",
            )
        };
        let mut count = |marks: &[RowKey]| -> Vec<Occurrence> {
            marks.iter().map(|mark| self.guard.count(*mark)).collect()
        };
        match self.seek.take() {
            None => Ok((count(marks), Some(0))),
            Some(ResumeSearch::Row(row, None)) => Ok((
                count(marks),
                Some(usize::try_from(row).unwrap_or(usize::MAX)),
            )),
            Some(ResumeSearch::Row(row, Some(last))) => {
                let is_it = |index: &usize| marks.get(*index) == Some(&last.mark);
                let expected = usize::try_from(row).ok().and_then(|row| row.checked_sub(1));
                let found = expected
                    .filter(is_it)
                    .or_else(|| marks.iter().rposition(|mark| *mark == last.mark))
                    .ok_or_else(gone)?;
                let (given, rest) = marks.split_at(found + 1);
                let mut counted = count(given);
                self.guard.went_on_after(Some(last));
                counted.extend(rest.iter().map(|mark| self.guard.count(*mark)));
                Ok((counted, Some(found + 1)))
            }
            Some(ResumeSearch::RowKey(last)) => {
                let counted = count(marks);
                let found = counted.iter().position(|counted| *counted == last);
                if found.is_none() {
                    if !has_more {
                        return Err(gone());
                    }
                    self.seek = Some(ResumeSearch::RowKey(last));
                }
                Ok((counted, found.map(|index| index + 1)))
            }
        }
    }
}

impl<Q: ListRequest> FetchPages<Q::Row> for PageFetcher<Q> {
    fn read(mut self: Box<Self>) -> BoxFuture<'static, Step<Q::Row>> {
        async move {
            let page = self.next_page().await;
            (self as Box<dyn FetchPages<Q::Row>>, page)
        }
        .boxed()
    }
}
