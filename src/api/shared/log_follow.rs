//! Following a usage log: the entries that were added since the last look, oldest first.

use crate::api::shared::Parent;
use crate::api::shared::log_stream::FollowedLogs;
use crate::api::shared::logs::{DAY, ListLogs, LogsHandle, midnight};
use crate::pagination::{ListRequest, Listing, LogEntryKey, LogMark};
use crate::types::{LogEntry, Timestamp};
use crate::{Error, Result};
use futures::TryStreamExt;
use std::collections::VecDeque;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

const DEFAULT_OVERLAP: Duration = Duration::from_secs(300);
const DEFAULT_INTERVAL: Duration = Duration::from_secs(60);
/// So many entries are read newest first at most, if they are of days that are over: more are read
/// from the oldest day on, so that they need not be kept until all are read.
const MANY: usize = 100;

const MIN_INTERVAL: Duration = Duration::from_secs(1);

impl LogsHandle {
    /// Follows the log from a mark on: its new entries, oldest first, each once. Awaiting it looks
    /// once and returns them with the next mark; [`stream`](FollowLogs::stream) looks again and
    /// again.
    ///
    /// Without a mark, the first look returns no entries, and the mark of the moment; with
    /// [`since`](FollowLogs::since), it returns the entries since then.
    ///
    /// Scope and endpoint: as for [`list`](Self::list). A look at a log that is followed closely
    /// costs a request for each 20 entries since the [overlap](FollowLogs::overlap) began, and one
    /// at least. If much was logged in days that passed since the mark, they are read two at a
    /// time.
    ///
    /// # Errors
    ///
    /// Reading the list returns the errors of [`list`](Self::list), and an error of the kind
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if the mark belongs to another
    /// log, and nothing is sent. The mark that was passed stays valid after any error.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> Result<(), Box<dyn std::error::Error>> {
    /// use quay_api::LogMark;
    ///
    /// let mark = match std::fs::read_to_string("acme.mark") {
    ///     Ok(text) => Some(text.trim().parse::<LogMark>()?),
    ///     Err(_) => None,
    /// };
    /// let new = quay.organization("acme")?.logs().follow(mark).await?;
    /// for entry in &new.entries {
    ///     println!("{} {}", entry.datetime, entry.kind);
    /// }
    /// std::fs::write("acme.mark", new.mark.to_string())?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn follow(&self, mark: Option<LogMark>) -> FollowLogs {
        FollowLogs {
            logs: self.request(),
            mark,
            since: None,
            overlap: DEFAULT_OVERLAP,
            interval: DEFAULT_INTERVAL,
        }
    }
}

/// The entries that were added to a log since a mark: [`LogsHandle::follow`].
///
/// # What is guaranteed
///
/// - **Each entry is returned once.** Entries have no identity, so those that look alike (they
///   share their second, kind, address, performer and metadata) are counted. An entry whose
///   performer is renamed or deleted stays the same.
/// - **No entry is left out** that appears in the log within the [`overlap`](Self::overlap) of its
///   date. Every look reads the overlap again, and the mark says what was returned of it.
/// - **Entries come in the order of their dates**, oldest first, which are whole seconds. An entry
///   that appears late comes with the next look, after newer ones.
/// - **The caller's clock does not count.** Which day it is and when the overlap began follows from
///   the time in the server's responses.
///
/// A mark is as good as when it is stored. Stored after the entries were processed, as in the
/// examples, each entry is processed **at least once**: those since the stored mark come again if
/// the process dies in between. Stored in the transaction of a database in which the entries are
/// written, **exactly once**. Stored before they are processed, at most once.
///
/// Where the server's log has only whole seconds (MySQL), the server itself skips entries if a page
/// ends within a second. A later look whose pages end elsewhere finds them, as it does entries that
/// appear late, as long as they are within the overlap.
///
/// The log of [`me`](crate::Quay::me) is that of whoever the token belongs to: with the token of
/// another account, its mark is not rejected.
#[derive(Debug, Clone)]
#[must_use = "a log is not read until it is awaited or streamed"]
pub struct FollowLogs {
    logs: ListLogs,
    pub(super) mark: Option<LogMark>,
    since: Option<Timestamp>,
    overlap: Duration,
    pub(super) interval: Duration,
}

/// The new entries of a log, and the mark after them.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct NewLogs {
    /// The entries, oldest first.
    pub entries: Vec<LogEntry>,
    /// The mark after these entries, for the next look.
    pub mark: LogMark,
}

impl FollowLogs {
    /// Sets where to begin without a mark: with the entries of this second. A mark counts for more.
    ///
    /// ```
    /// # async fn example(
    /// #     quay: quay_api::Quay,
    /// #     mark: Option<quay_api::LogMark>,
    /// # ) -> quay_api::Result<()> {
    /// use quay_api::types::Timestamp;
    /// use std::time::Duration;
    ///
    /// let hour_ago = Timestamp::now().saturating_sub(Duration::from_secs(3600));
    /// let new = quay.repository("acme/web")?.logs().follow(mark).since(hour_ago).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn since(mut self, moment: Timestamp) -> Self {
        self.since = Some(moment);
        self
    }

    /// Follows only what this user or robot account did, as
    /// [`performed_by`](Listing#method.performed_by) of the listing does. It is part of the mark.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let new = quay.organization("acme")?.logs().follow(None).performed_by("acme+ci").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn performed_by(mut self, name: impl AsRef<str>) -> Self {
        self.logs.performer = Some(Arc::from(name.as_ref()));
        self
    }

    /// Sets how late an entry may appear in the log, after its date: 5 minutes by default, a day at
    /// most. It should cover how long the server takes to write, or to index, and the differences
    /// between the clocks of its instances.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use std::time::Duration;
    ///
    /// let logs = quay.superuser().logs();
    /// let new = logs.follow(None).overlap(Duration::from_secs(1800)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn overlap(mut self, span: Duration) -> Self {
        self.overlap = span;
        self
    }

    /// Sets how long a [`stream`](Self::stream) waits between two looks: a minute by default, a
    /// second at least. It is measured on the clock of tokio, which a test can pause.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use std::time::Duration;
    ///
    /// let logs = quay.organization("acme")?.logs();
    /// let entries = logs.follow(None).interval(Duration::from_secs(10)).stream();
    /// # Ok(())
    /// # }
    /// ```
    pub fn interval(mut self, span: Duration) -> Self {
        self.interval = span;
        self
    }

    /// Looks once. It is the same as awaiting this, for functions and macros that take a future.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`follow`](LogsHandle::follow).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let (web, api) = (quay.repository("acme/web")?.logs(), quay.repository("acme/api")?.logs());
    /// let (web, api) = futures::try_join!(web.follow(None).once(), api.follow(None).once())?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn once(self) -> impl Future<Output = Result<NewLogs>> + Send + 'static {
        self.into_future()
    }

    /// Returns a stream of the entries. It looks again after an [`interval`](Self::interval),
    /// without end.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> Result<(), Box<dyn std::error::Error>> {
    /// use futures::StreamExt;
    ///
    /// let logs = quay.organization("acme")?.logs();
    /// // The first mark, so that a restart continues here.
    /// let begin = logs.follow(None).await?.mark;
    /// let mut entries = logs.follow(Some(begin)).stream();
    /// while let Some(entry) = entries.next().await {
    ///     match entry {
    ///         Ok(entry) => println!("{} {}", entry.datetime, entry.kind),
    ///         // It looks again after the interval.
    ///         Err(error) if error.is_temporary() => entries.resume(),
    ///         Err(error) => return Err(error.into()),
    ///     }
    ///     if let Some(mark) = entries.mark() {
    ///         std::fs::write("acme.mark", mark.to_string())?;
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn stream(self) -> FollowedLogs {
        FollowedLogs::new(self)
    }

    async fn look_until_now(self) -> Result<NewLogs> {
        let (mut mark, mut server_time) = (self.mark.clone(), None);
        let mut entries = Vec::new();
        loop {
            let mut look = self.look(mark, server_time).await?;
            while let Some(entry) = look.next_entry() {
                entries.push(entry);
            }
            if look.is_last {
                let mark = look.mark;
                return Ok(NewLogs { entries, mark });
            }
            server_time = Some(look.server_time);
            mark = Some(look.mark);
        }
    }

    fn check(&self) -> Result<()> {
        if self.overlap > DAY {
            let span = self.overlap;
            return Err(Error::invalid_input(format!(
                "`overlap` must be a day at most, got {span:?}"
            )));
        }
        if self.interval < MIN_INTERVAL {
            let span = self.interval;
            return Err(Error::invalid_input(format!(
                "`interval` must be a second at least, got {span:?}"
            )));
        }
        Ok(())
    }

    /// Reads the entries after a mark: up to now, or those of the first days if there are many.
    /// `server_time` is from the look before this one, if that did not reach the present.
    pub(super) async fn look(
        &self,
        mark: Option<LogMark>,
        server_time: Option<Timestamp>,
    ) -> Result<Look> {
        self.check()?;
        let log = self.logs.identity()?;
        let mark = mark.or_else(|| Some(LogMark::new(log, self.since?.unix_seconds())));
        if let Some(mark) = &mark {
            mark.check(log)?;
            if let Some(now) = server_time
                && let Some(days) = first_days_that_are_over(mark, now)
            {
                return self.look_at_days(mark, days, now).await;
            }
        }
        let time = Arc::new(OnceLock::new());
        let since = mark.as_ref().map(|mark| midnight(second(mark.since())));
        let mut pages = Listing::new(ListLogs {
            since,
            server_time: Some(Arc::clone(&time)),
            ..self.unfiltered()
        })
        .no_prefetch()
        .pages();
        let mut entries = Vec::new();
        while let Some(page) = pages.try_next().await? {
            let now = *time.get_or_init(Timestamp::now);
            let since = mark
                .as_ref()
                .map_or(self.overlap_at(now), |mark| mark.since());
            entries.extend(page);
            let last = entries.last().map(|entry: &LogEntry| entry.datetime);
            if last.is_some_and(|last| last.unix_seconds() < since) {
                break;
            }
            if let Some(mark) = &mark
                && let Some(days) = first_days_that_are_over(mark, now)
                && entries.len() >= MANY
            {
                return self.look_at_days(mark, days, now).await;
            }
        }
        let now = *time.get_or_init(Timestamp::now);
        let target = self.overlap_at(now);
        let mark = match mark {
            Some(mark) => mark,
            // What the log has by now is not new.
            None => {
                let mut mark = LogMark::new(log, target);
                for entry in entries.drain(..).filter(|entry| self.is_wanted(entry)) {
                    mark.remember(LogEntryKey::of(&entry));
                }
                mark
            }
        };
        Ok(self.new_look(mark, entries, target, now, true))
    }

    /// Reads two days that are over.
    async fn look_at_days(
        &self,
        mark: &LogMark,
        (since, until): (Timestamp, Timestamp),
        now: Timestamp,
    ) -> Result<Look> {
        let entries = Listing::new(ListLogs {
            since: Some(since),
            until: Some(until),
            ..self.unfiltered()
        })
        .await?;
        let end = until.saturating_add(DAY).unix_seconds();
        let target = end.min(self.overlap_at(now));
        Ok(self.new_look(mark.clone(), entries, target, now, false))
    }

    /// Returns the listing. Entries that the server can't leave out are in it: the date of each one
    /// is needed.
    fn unfiltered(&self) -> ListLogs {
        let mut logs = self.logs.clone();
        if matches!(logs.parent, Parent::Repository(_) | Parent::Server) {
            logs.performer = logs.performer.filter(|name| name.is_empty());
        }
        logs
    }

    fn is_wanted(&self, entry: &LogEntry) -> bool {
        self.logs.is_wanted(entry)
    }

    /// Returns the second in which the overlap begins.
    fn overlap_at(&self, now: Timestamp) -> i64 {
        now.saturating_sub(self.overlap).unix_seconds()
    }

    fn new_look(
        &self,
        mark: LogMark,
        mut entries: Vec<LogEntry>,
        target: i64,
        server_time: Timestamp,
        is_last: bool,
    ) -> Look {
        entries.retain(|entry| self.is_wanted(entry));
        let keys: Vec<_> = entries.iter().map(LogEntryKey::of).collect();
        let is_new = mark.new_entries(&keys);
        let mut new: Vec<_> = keys
            .into_iter()
            .zip(entries)
            .zip(is_new)
            .filter_map(|(entry, is_new)| is_new.then_some(entry))
            .collect();
        new.reverse();
        new.sort_by_key(|(key, _)| key.second);
        let mut look = Look {
            entries: new.into(),
            mark,
            target,
            server_time,
            is_last,
        };
        look.advance_mark();
        look
    }
}

impl IntoFuture for FollowLogs {
    type Output = Result<NewLogs>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.look_until_now())
    }
}

/// The entries that a look found, and the mark before them.
pub(super) struct Look {
    entries: VecDeque<(LogEntryKey, LogEntry)>,
    /// The mark after the entries that were taken.
    pub mark: LogMark,
    /// The second to which the mark advances once all entries are taken.
    target: i64,
    pub server_time: Timestamp,
    /// False if the next look has more entries already.
    pub is_last: bool,
}

impl Look {
    /// Takes the next entry, and advances the mark.
    pub fn next_entry(&mut self) -> Option<LogEntry> {
        let (key, entry) = self.entries.pop_front()?;
        self.mark.remember(key);
        self.advance_mark();
        Some(entry)
    }

    fn advance_mark(&mut self) {
        match self.entries.front() {
            Some((next, _)) => self.mark.advance(self.target.min(next.second)),
            None => {
                self.mark.advance(self.target);
                self.mark.limit(self.server_time.unix_seconds());
            }
        }
    }
}

/// Returns the first two days to read after a mark, if both are over.
fn first_days_that_are_over(mark: &LogMark, now: Timestamp) -> Option<(Timestamp, Timestamp)> {
    let since = midnight(second(mark.since()));
    let until = since.checked_add(DAY)?;
    (until < midnight(now)).then_some((since, until))
}

/// Returns a second as a timestamp; the first one if it is none.
fn second(second: i64) -> Timestamp {
    Timestamp::from_unix_seconds(second)
        .or_else(|| Timestamp::from_unix_seconds(0))
        .unwrap_or_else(Timestamp::now)
}
