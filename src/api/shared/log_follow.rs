//! Following a usage log: reads the entries that were added since the last time, oldest first.

use crate::api::shared::Parent;
use crate::api::shared::log_look::{Behind, Look, explain_future, has_past_days, second};
use crate::api::shared::log_stream::FollowedLogs;
use crate::api::shared::logs::{DAY, ListLogs, LogsHandle, midnight};
use crate::pagination::{ListRequest, Listing, LogEntryKey, LogMark};
use crate::types::{LogEntry, Timestamp};
use crate::{Error, Result};
use futures::TryStreamExt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

const DEFAULT_OVERLAP: Duration = Duration::from_secs(300);
const DEFAULT_INTERVAL: Duration = Duration::from_secs(60);
/// The maximum number of entries of past days that are read newest first. If there are more, they
/// are read in parts from the oldest, so that not all of them have to be kept in memory.
const MANY: usize = 100;

/// The minimum number of days in a part.
const MIN_DAYS: u32 = 2;

/// The maximum number of entries in a part after which the next one has twice the days. They fit in
/// one page.
const FEW: usize = 20;

const MIN_INTERVAL: Duration = Duration::from_secs(1);

impl LogsHandle {
    /// Follows the log: returns the entries after a mark, oldest first, each once.
    ///
    /// Awaiting the result reads the log once, and returns the new entries with the next mark.
    /// [`stream`](FollowLogs::stream) reads the log repeatedly. Without a mark, the first read
    /// returns no entries and a mark for the present. With [`since`](FollowLogs::since), it returns
    /// the entries since that time.
    ///
    /// Scope and endpoint: as for [`list`](Self::list). A read takes one request for each 20
    /// entries since the [overlap](FollowLogs::overlap) began, and at least one. If many entries
    /// were logged on days that have passed since the mark, they are read a few days at a time.
    ///
    /// # Errors
    ///
    /// Reading the log returns the errors of [`list`](Self::list), and an error of the kind
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if the
    /// mark belongs to another log. The mark that was passed stays valid after any error.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> Result<(), Box<dyn std::error::Error>> {
    /// use quay_api::LogMark;
    /// use std::io;
    ///
    /// let mark = match std::fs::read_to_string("acme.mark") {
    ///     Ok(text) => Some(text.trim().parse::<LogMark>()?),
    ///     // Only the first run has no mark: with any other error, entries would be skipped.
    ///     Err(error) if error.kind() == io::ErrorKind::NotFound => None,
    ///     Err(error) => return Err(error.into()),
    /// };
    /// let new = quay.organization("acme")?.logs().follow(mark).await?;
    /// for entry in &new.entries {
    ///     println!("{} {}", entry.datetime, entry.kind);
    /// }
    /// // The file is replaced as a whole, so that it is never partly written.
    /// std::fs::write("acme.mark.new", new.mark.to_string())?;
    /// std::fs::rename("acme.mark.new", "acme.mark")?;
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

/// The request that follows a log from a mark: [`LogsHandle::follow`].
///
/// # What is guaranteed
///
/// - **Each entry is returned once.** Entries have no identifier, so equal ones (with the same
///   second, kind, address, performer and metadata) are counted. An entry stays the same if its
///   performer is renamed or deleted.
/// - **No entry is left out** if it appears in the log within the [`overlap`](Self::overlap) after
///   its date. Each read covers the overlap again, and the mark records which of its entries were
///   returned. A mark records at most 10,000 of them, so the overlap of a busier log is shorter:
///   see [`LogMark`].
/// - **Entries are in the order of their dates**, oldest first. Dates are whole seconds. An entry
///   that appears late is returned by the next read, after newer ones.
/// - **The caller's clock does not matter.** The day and the beginning of the overlap are computed
///   from the time in the server's responses.
///
/// The guarantee for processing depends on when the mark is stored. If it is stored after the
/// entries were processed, as in the examples, each entry is processed **at least once**: if the
/// process stops in between, the entries since the stored mark are returned again. If it is stored
/// in the same database transaction as the entries, each entry is processed **exactly once**. If it
/// is stored before the entries are processed, each is processed at most once.
///
/// If the server's database stores whole seconds (MySQL), the server itself skips entries when a
/// page ends within a second. A later read, whose pages end elsewhere, finds them as long as they
/// are within the overlap.
///
/// The log of [`me`](crate::Quay::me) is that of the token's user. A mark of this log is not
/// rejected if it is used with the token of another user.
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
    /// The mark after these entries, for the next read.
    pub mark: LogMark,
}

impl FollowLogs {
    /// Sets the time of the first entries to return if there is no mark, in whole seconds.
    ///
    /// A mark takes precedence.
    ///
    /// # Examples
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

    /// Follows only the actions of this user or robot account.
    ///
    /// See [`performed_by`](Listing#method.performed_by) of the listing. The mark contains the
    /// name.
    ///
    /// # Examples
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

    /// Sets the longest time after its date at which an entry may appear in the log: 5 minutes by
    /// default, one day at most.
    ///
    /// The overlap should cover the time that the server takes to write or index an entry, and the
    /// differences between the clocks of its instances.
    ///
    /// # Examples
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

    /// Sets the time between two reads of a [`stream`](Self::stream): one minute by default, at
    /// least one second.
    ///
    /// It is measured with tokio's clock, which a test can pause.
    ///
    /// # Examples
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

    /// Reads the log once.
    ///
    /// Awaiting this value does the same; this method suits functions and macros that take a
    /// future.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`follow`](LogsHandle::follow).
    ///
    /// # Examples
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

    /// Returns a stream of the entries, which reads the log again after each
    /// [`interval`](Self::interval).
    ///
    /// The stream only ends after an error.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> Result<(), Box<dyn std::error::Error>> {
    /// use futures::StreamExt;
    /// use quay_api::LogMark;
    /// use std::io;
    ///
    /// fn store(mark: &LogMark) -> io::Result<()> {
    ///     std::fs::write("acme.mark.new", mark.to_string())?;
    ///     std::fs::rename("acme.mark.new", "acme.mark")
    /// }
    ///
    /// let logs = quay.organization("acme")?.logs();
    /// let begin = match std::fs::read_to_string("acme.mark") {
    ///     Ok(text) => text.trim().parse::<LogMark>()?,
    ///     // The first run. The mark is stored before the first entry comes, so that a restart
    ///     // until then continues here.
    ///     Err(error) if error.kind() == io::ErrorKind::NotFound => {
    ///         let begin = logs.follow(None).await?.mark;
    ///         store(&begin)?;
    ///         begin
    ///     }
    ///     Err(error) => return Err(error.into()),
    /// };
    /// let mut entries = logs.follow(Some(begin)).stream();
    /// while let Some(entry) = entries.next().await {
    ///     match entry {
    ///         Ok(entry) => println!("{} {}", entry.datetime, entry.kind),
    ///         // It looks again after the interval.
    ///         Err(error) if error.is_temporary() => entries.resume(),
    ///         Err(error) => return Err(error.into()),
    ///     }
    ///     if let Some(mark) = entries.mark() {
    ///         store(&mark)?;
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn stream(self) -> FollowedLogs {
        FollowedLogs::new(self)
    }

    async fn look_until_now(self) -> Result<NewLogs> {
        let (mut mark, mut behind) = (self.mark.clone(), None);
        let mut entries = Vec::new();
        loop {
            let mut look = self.look(mark, behind).await?;
            while let Some(entry) = look.next_entry() {
                entries.push(entry);
            }
            if look.behind.is_none() {
                let mark = look.mark;
                return Ok(NewLogs { entries, mark });
            }
            behind = look.behind;
            mark = Some(look.mark);
        }
    }

    fn check(&self) -> Result<()> {
        if self.overlap > DAY {
            let span = self.overlap;
            return Err(Error::invalid_input(format!(
                "`overlap` must be at most one day, got {span:?}"
            )));
        }
        if self.interval < MIN_INTERVAL {
            let span = self.interval;
            return Err(Error::invalid_input(format!(
                "`interval` must be at least one second, got {span:?}"
            )));
        }
        Ok(())
    }

    /// Reads the entries after a mark, up to the present or, if there are many, of the first days.
    /// `behind` is that of the read before.
    pub(super) async fn look(&self, mark: Option<LogMark>, behind: Option<Behind>) -> Result<Look> {
        self.check()?;
        let log = self.logs.identity()?;
        let mark = mark.or_else(|| Some(LogMark::new(log, self.since?.unix_seconds())));
        if let Some(mark) = &mark {
            mark.check(log)?;
            if let Some(behind) = behind
                && has_past_days(mark, behind.server_time)
            {
                return self.look_at_days(mark, behind).await;
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
        while let Some(page) = pages.try_next().await.map_err(|error| {
            let since = mark.as_ref().map(LogMark::since);
            explain_future(error, since)
        })? {
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
                && has_past_days(mark, now)
                && entries.len() >= MANY
            {
                let behind = Behind {
                    server_time: now,
                    days: MIN_DAYS,
                };
                return self.look_at_days(mark, behind).await;
            }
        }
        let now = *time.get_or_init(Timestamp::now);
        let target = self.overlap_at(now);
        let mark = match mark {
            Some(mark) => mark,
            // Entries that the log contains already are not new.
            None => {
                let mut mark = LogMark::new(log, target);
                for entry in entries.drain(..).filter(|entry| self.is_wanted(entry)) {
                    mark.remember(LogEntryKey::of(&entry));
                }
                mark
            }
        };
        Ok(self.new_look(mark, entries, target, now, None))
    }

    /// Reads the first past days after a mark: more of them if the days before had few entries, so
    /// that a long time without entries takes few requests.
    async fn look_at_days(&self, mark: &LogMark, behind: Behind) -> Result<Look> {
        let Behind {
            server_time,
            mut days,
        } = behind;
        let first = midnight(second(mark.since()));
        let yesterday = midnight(server_time).saturating_sub(DAY);
        let (last, entries) = loop {
            let last = first.saturating_add(DAY * (days - 1)).min(yesterday);
            let limit = if days > MIN_DAYS { MANY } else { usize::MAX };
            match self.read_days(first, last, limit).await? {
                Some(entries) => break (last, entries),
                None => days /= 2,
            }
        };
        if entries.len() <= FEW {
            days = days.saturating_mul(2);
        }
        let end = last.saturating_add(DAY).unix_seconds();
        let target = end.min(self.overlap_at(server_time));
        let behind = Some(Behind { server_time, days });
        Ok(self.new_look(mark.clone(), entries, target, server_time, behind))
    }

    /// Reads the entries of these days, or returns `None` if there are more than `limit`.
    async fn read_days(
        &self,
        first: Timestamp,
        last: Timestamp,
        limit: usize,
    ) -> Result<Option<Vec<LogEntry>>> {
        let mut pages = Listing::new(ListLogs {
            since: Some(first),
            until: Some(last),
            server_time: Some(Arc::default()),
            ..self.unfiltered()
        })
        .no_prefetch()
        .pages();
        let mut entries = Vec::new();
        while let Some(page) = pages.try_next().await? {
            entries.extend(page);
            if entries.len() > limit {
                return Ok(None);
            }
        }
        Ok(Some(entries))
    }

    /// Returns the listing with the entries that this crate filters out itself, since the date of
    /// each entry is needed.
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
        behind: Option<Behind>,
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
            behind,
        };
        look.advance_mark();
        look
    }
}

impl IntoFuture for FollowLogs {
    type Output = Result<NewLogs>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    #[inline]
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.look_until_now())
    }
}
