//! Usage logs: of the whole system, of an organization, of a repository, of the caller.

use crate::error::{Error, ErrorKind};
use crate::page::{Listing, Page, Position, Query};
use crate::types::{LogEntry, LogPage, RepositoryName, Timestamp};
use crate::{Quay, Result};
use std::sync::Arc;
use std::time::Duration;

/// Whose logs they are.
#[derive(Debug, Clone)]
pub(super) enum Subject {
    System,
    Organization(Arc<str>),
    Repository(Arc<RepositoryName>),
    Me,
}

/// Usage logs, of whatever they were asked for.
#[derive(Debug, Clone)]
pub struct LogsHandle {
    pub(super) quay: Quay,
    pub(super) subject: Subject,
}

impl LogsHandle {
    /// Lists the log, newest first: of the last day, unless [`since`](Listing::since) says otherwise. The server knows days, in UTC, and nothing finer.
    ///
    /// Scope and endpoint: the repository's `repo:admin`, `GET /api/v1/repository/{repository}/logs`; the organization's `org:admin`,
    /// `GET /api/v1/organization/{orgname}/logs`; the caller's `user:admin`, `GET /api/v1/user/logs`; the system's `super:user`,
    /// `GET /api/v1/superuser/logs`. 20 a page.
    ///
    /// # Errors
    /// When it is read: [`ErrorKind::Unavailable`] if the server can't search its logs for so long a time, which it says with a success.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use futures::TryStreamExt;
    /// use quay_api::types::Timestamp;
    /// use std::time::Duration;
    ///
    /// let week_ago = Timestamp::now().checked_sub(Duration::from_secs(7 * 86400)).unwrap();
    /// let mut entries = quay.organization("acme")?.logs().list().since(week_ago).stream();
    /// while let Some(entry) = entries.try_next().await? {
    ///     println!("{:?} {}", entry.datetime, entry.kind);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn list(&self) -> Listing<ListLogs> {
        Listing::new(ListLogs { quay: self.quay.clone(), subject: self.subject.clone(), since: None, until: None, performer: None })
    }
}

/// Which part of a log is listed.
#[derive(Debug, Clone)]
pub struct ListLogs {
    quay: Quay,
    subject: Subject,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
    performer: Option<Arc<str>>,
}

const DAY: Duration = Duration::from_secs(86_400);

impl Listing<ListLogs> {
    /// From the beginning of this day on, in UTC.
    pub fn since(mut self, day: Timestamp) -> Self {
        self.query.since = Some(day);
        self
    }

    /// To the end of this day, in UTC; today unless set.
    pub fn until(mut self, day: Timestamp) -> Self {
        self.query.until = Some(day);
        self
    }

    /// Only what this user or robot account did. The logs of a repository and of the system can't be asked for that; there it is ignored by the server.
    pub fn performed_by(mut self, name: impl AsRef<str>) -> Self {
        self.query.performer = Some(Arc::from(name.as_ref()));
        self
    }
}

impl ListLogs {
    /// First and last day, as the server wants them. Both are always sent: with one missing or unreadable, the server takes the last day alone.
    fn bounds(&self) -> (String, String) {
        let until = self.until.unwrap_or_else(Timestamp::now);
        let since = self.since.or_else(|| until.checked_sub(DAY)).unwrap_or(until);
        (since.to_log_date(), until.to_log_date())
    }
}

impl Query for ListLogs {
    type Row = LogEntry;

    async fn fetch(&self, at: Position) -> Result<Page<LogEntry>> {
        let (start, end) = self.bounds();
        let (start, end, token) = (Some(start.as_str()), Some(end.as_str()), at.token());
        let performer = self.performer.as_deref();
        let quay = &self.quay;
        let answer: LogPage = match &self.subject {
            Subject::System => quay.send(async |api| api.list_all_logs(end, token, None, start).await).await?,
            Subject::Organization(name) => quay.send(async |api| api.list_org_logs(name, end, token, performer, start).await).await?,
            Subject::Repository(name) => quay.send(async |api| api.list_repo_logs(name.as_str(), end, token, start).await).await?,
            Subject::Me => quay.send(async |api| api.list_user_logs(end, token, performer, start).await).await?,
        };
        if answer.search_unavailable == Some(true) {
            let message = answer.message.unwrap_or_else(|| "the server can't search its logs at the moment".to_owned());
            return Err(Error::new(ErrorKind::Unavailable, message));
        }
        Ok(Page::by_token(answer.logs, answer.next_page))
    }
}
