//! Usage logs: of the whole system, of an organization, of a repository, of the caller.

use crate::api::shared::{Parent, outcome};
use crate::generated::params;
use crate::pagination::{
    Cursor, ListRequest, Listing, LogWindow, Page, PageRequest, PageToken, RowKey,
};
use crate::types::{ExportLogs, LogEntry, LogExport, LogPage, Secret, Timestamp};
use crate::{Error, ErrorKind, Quay, Result};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// Usage logs, of whatever they were asked for.
#[derive(Debug, Clone)]
pub struct LogsHandle {
    pub(crate) quay: Quay,
    pub(crate) parent: Parent,
}

impl LogsHandle {
    /// Lists the log, newest first: of the last day, unless [`since`](Listing::since) says
    /// otherwise. The server knows days, in UTC, and nothing finer.
    ///
    /// Scope and endpoint: the repository's `repo:admin`,
    /// `GET /api/v1/repository/{repository}/logs`; the organization's `org:admin`,
    /// `GET /api/v1/organization/{orgname}/logs`; the caller's `user:admin`,
    /// `GET /api/v1/user/logs`; the system's `super:user`, `GET /api/v1/superuser/logs`. 20 a page.
    ///
    /// A longer time is asked for in windows of two days, the newest first: as long as a page token
    /// lives. Every window costs a request, and no row is lost or given twice between two of them.
    /// Within a window the server itself can skip rows where its log has only whole seconds (MySQL)
    /// and a page ends within one; nothing in its answers tells.
    ///
    /// # Errors
    /// When it is read: [`ErrorKind::Unavailable`] if the server can't search its logs for so long
    /// a time, which it says with a success.
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
        Listing::new(self.request())
    }

    /// Returns the request of the log, without any filter.
    pub(super) fn request(&self) -> ListLogs {
        ListLogs {
            quay: self.quay.clone(),
            parent: self.parent.clone(),
            since: None,
            until: None,
            performer: None,
            server_time: None,
        }
    }

    /// Asks for the log to be written to a file, whose address is sent to where the request says
    /// when it is done. The server has no such thing for the log of the whole system.
    ///
    /// Scope and endpoint: as for [`list`](Self::list), with `POST` and `exportlogs` in the path.
    ///
    /// A success means that the export is queued. Whether it arrives is not reported.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// organization or repository does not exist, and
    /// [`is_invalid_request`](crate::Error::is_invalid_request) if the server refuses the address,
    /// or, with nothing sent, for a request without any address, from which nobody would hear, for
    /// days that end before they begin, and for the log of the whole system.
    ///
    /// ```
    /// # async fn example(
    /// #     quay: quay_api::Quay,
    /// #     november: quay_api::api::Days,
    /// # ) -> quay_api::Result<()> {
    /// use quay_api::types::ExportLogs;
    ///
    /// let request = ExportLogs::new().callback_email("audit@example.com");
    /// let export = quay.organization("acme")?.logs().export(november, request).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn export(&self, days: Days, request: ExportLogs) -> Result<LogExport> {
        let url = request.callback_url.as_ref().map(Secret::expose);
        let email = request.callback_email.as_deref();
        if [url, email]
            .iter()
            .flatten()
            .all(|address| address.is_empty())
        {
            return Err(Error::invalid_input(
                "an export of a log must have a `callback_url` or a `callback_email`",
            ));
        }
        let (start, end) = days.bounds()?;
        let (start, end) = (Some(start.as_str()), Some(end.as_str()));
        let request = match &self.parent {
            Parent::Organization(name) => self.quay.api().export_org_logs(params::ExportOrgLogs {
                orgname: name,
                endtime: end,
                starttime: start,
                body: &request,
            }),
            Parent::Repository(name) => self.quay.api().export_repo_logs(params::ExportRepoLogs {
                repository: name.as_str(),
                endtime: end,
                starttime: start,
                body: &request,
            }),
            Parent::Me => self.quay.api().export_user_logs(params::ExportUserLogs {
                endtime: end,
                starttime: start,
                body: &request,
            }),
            other => other.has_no("export of its log"),
        };
        let result = self.quay.send(request).await;
        // A missing organization gets 500 or 403.
        outcome::explain_missing(result, self.parent.check_exists(&self.quay)).await
    }
}

/// A span of days, both ends included, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Days {
    /// The first day.
    pub since: Timestamp,
    /// The last day.
    pub until: Timestamp,
}

impl Days {
    /// From one day to another. Whatever time of day they name does not count.
    ///
    /// ```
    /// use quay_api::api::Days;
    /// use quay_api::types::Timestamp;
    ///
    /// let november = Days::new(
    ///     Timestamp::from_date(2026, 11, 1).unwrap(),
    ///     Timestamp::from_date(2026, 11, 30).unwrap(),
    /// );
    /// ```
    pub fn new(since: Timestamp, until: Timestamp) -> Self {
        Self { since, until }
    }

    /// Returns the first and the last day as they are sent.
    pub(super) fn bounds(self) -> Result<(String, String)> {
        check_order(midnight(self.since), midnight(self.until))?;
        Ok((self.since.to_log_date(), self.until.to_log_date()))
    }
}

/// An error for a success that says that the logs can't be searched.
pub(super) fn available(search_unavailable: Option<bool>, message: Option<String>) -> Result<()> {
    match search_unavailable {
        Some(true) => {
            let message = message
                .unwrap_or_else(|| "the server can't search its logs at the moment".to_owned());
            Err(Error::new(ErrorKind::Unavailable, message))
        }
        _ => Ok(()),
    }
}

/// Which part of a log is listed.
#[derive(Debug, Clone)]
pub struct ListLogs {
    pub(super) quay: Quay,
    pub(super) parent: Parent,
    pub(super) since: Option<Timestamp>,
    pub(super) until: Option<Timestamp>,
    pub(super) performer: Option<Arc<str>>,
    /// Set by following a log. No last day is sent then, so that the server takes its own today and
    /// says when that is: its time when it received the first request is stored here.
    pub(super) server_time: Option<Arc<OnceLock<Timestamp>>>,
}

pub(super) const DAY: Duration = Duration::from_secs(86_400);

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

    /// Only what this user or robot account did; a robot account by its full name, such as
    /// `acme+ci`. Rows of others are left out, whatever the server sends.
    ///
    /// The server searches the log of an organization and of the caller for them. It can't search
    /// that of a repository and of the system, all of which is read then.
    ///
    /// # Errors
    ///
    /// Reading the list returns an error for which [`is_not_found`](crate::Error::is_not_found) is
    /// true if the server, which responds 500 then, knows no such user or robot account. For the
    /// logs of a repository and of the system, which are not searched by the server, the listing is
    /// empty instead.
    pub fn performed_by(mut self, name: impl AsRef<str>) -> Self {
        self.query.performer = Some(Arc::from(name.as_ref()));
        self
    }
}

/// So many days are asked for at once: as long as a page token lives. Where the server mixes up the
/// pages of its tables of old and of new logs, or those of rows of the same second, it does so
/// within a window and no further.
const WINDOW: Duration = DAY;

impl ListLogs {
    /// First and last day. Both are always sent: with one missing or unreadable, the server takes
    /// the last day alone.
    fn span(&self) -> (Timestamp, Timestamp) {
        let until = self.until.unwrap_or_else(Timestamp::now);
        let since = self
            .since
            .or_else(|| until.checked_sub(DAY))
            .unwrap_or(until);
        (midnight(since), midnight(until))
    }

    /// Returns the page of a response.
    fn page(&self, response: LogPage, days: Option<LogWindow>) -> Result<Page<LogEntry>> {
        available(response.search_unavailable, response.message)?;
        if let Some(time) = &self.server_time {
            // The server adds a day to today. Without its date, the caller's clock has to do.
            let now = response.end_time.and_then(|end| end.checked_sub(DAY));
            time.get_or_init(|| now.unwrap_or_else(Timestamp::now));
        }
        let days = days.ok_or_else(|| Error::invalid_input("a log is read by its days"))?;
        let next = match PageToken::new(response.next_page) {
            Some(token) => Some(Cursor::Days(LogWindow {
                token: Some(token),
                ..days
            })),
            None => days
                .since
                .checked_sub(DAY)
                .filter(|day| *day >= days.oldest)
                .map(|day| window(days.oldest, day)),
        };
        Ok(Page::new(response.logs, next))
    }
}

/// Returns the error of an unknown performer, for whom the server responds 500.
pub(super) async fn explain_performer(quay: &Quay, performer: Option<&str>, error: Error) -> Error {
    let (Some(name), ErrorKind::Server) = (performer, error.kind()) else {
        return error;
    };
    let api = quay.api();
    let found = match name.split_once('+') {
        Some((owner, short)) => {
            let request = api.get_org_robot(params::GetOrgRobot {
                orgname: owner,
                robot_shortname: short,
            });
            quay.send(request).await.map(drop)
        }
        None => {
            let request = api.get_user_information(name);
            quay.send(request).await.map(drop)
        }
    };
    match found {
        Err(missing) if missing.is_not_found() => Error::new(
            ErrorKind::NotFound,
            format!("the server knows no user or robot account {name}, who would have logged"),
        )
        .with_subject_of(&error),
        _ => error,
    }
}

/// Returns an error for an empty name of a performer. The server takes it for no performer, and
/// sends the rows of all.
pub(super) fn check_performer(performer: Option<&str>) -> Result<()> {
    match performer {
        Some("") => Err(Error::invalid_input(
            "the name of a performer must not be empty",
        )),
        _ => Ok(()),
    }
}

/// Returns an error if the last day is before the first one. The server responds with an empty log
/// if it is one day before.
fn check_order(since: Timestamp, until: Timestamp) -> Result<()> {
    if since > until {
        let (since, until) = (since.to_log_date(), until.to_log_date());
        return Err(Error::invalid_input(format!(
            "the log can't be listed from {since} until {until}, which is earlier"
        )));
    }
    Ok(())
}

pub(super) fn midnight(moment: Timestamp) -> Timestamp {
    let (year, month, day) = moment.date();
    Timestamp::from_date(year, month, day).unwrap_or(moment)
}

/// The days that end with one, as far as they are asked for. The server takes both ends in, so two
/// windows never share a day.
fn window(oldest: Timestamp, until: Timestamp) -> Cursor {
    let since = until
        .checked_sub(WINDOW)
        .unwrap_or(oldest)
        .max(oldest.min(until));
    Cursor::Days(LogWindow {
        oldest,
        since,
        until,
        token: None,
    })
}

impl ListRequest for ListLogs {
    type Row = LogEntry;

    #[inline]
    fn page_request(&self, cursor: &Cursor) -> Result<PageRequest<LogEntry>> {
        // The listing as the caller describes it has the days that the caller set, if any.
        let (since, until, days) = match cursor {
            Cursor::Days(days) if self.server_time.is_some() => {
                (self.since, None, Some(days.clone()))
            }
            Cursor::Days(days) => (Some(days.since), Some(days.until), Some(days.clone())),
            _ => (self.since, self.until, None),
        };
        let (start, end) = (
            since.map(Timestamp::to_log_date),
            until.map(Timestamp::to_log_date),
        );
        let (start, end, token) = (start.as_deref(), end.as_deref(), cursor.next_page());
        let performer = self.performer.as_deref();
        let request = match &self.parent {
            Parent::Server => self.quay.api().list_all_logs(params::ListAllLogs {
                endtime: end,
                next_page: token,
                page: None,
                starttime: start,
            }),
            Parent::Organization(name) => self.quay.api().list_org_logs(params::ListOrgLogs {
                orgname: name,
                endtime: end,
                next_page: token,
                performer,
                starttime: start,
            }),
            Parent::Repository(name) => self.quay.api().list_repo_logs(params::ListRepoLogs {
                repository: name.as_str(),
                endtime: end,
                next_page: token,
                starttime: start,
            }),
            Parent::Me => self.quay.api().list_user_logs(params::ListUserLogs {
                endtime: end,
                next_page: token,
                performer,
                starttime: start,
            }),
            other => other.has_no("log"),
        }?;
        let this = self.clone();
        let page = PageRequest::sent_by(&request.clone(), async move {
            match this.quay.send(Ok(request)).await {
                Ok(response) => this.page(response, days),
                Err(error) => {
                    Err(explain_performer(&this.quay, this.performer.as_deref(), error).await)
                }
            }
        });
        Ok(match (&self.parent, performer) {
            // Their requests hold no performer.
            (Parent::Repository(_) | Parent::Server, Some(name)) => page.with_filter(name),
            _ => page,
        })
    }

    fn start(&self) -> Cursor {
        let (since, until) = self.span();
        if self.server_time.is_some() {
            // One window, however long it is.
            return Cursor::Days(LogWindow {
                oldest: since,
                since,
                until: until.max(since),
                token: None,
            });
        }
        window(since, until)
    }

    fn check(&self) -> Result<()> {
        if self.server_time.is_none() {
            let (since, until) = self.span();
            check_order(since, until)?;
        }
        check_performer(self.performer.as_deref())
    }

    fn is_wanted(&self, entry: &LogEntry) -> bool {
        self.performer.as_deref().is_none_or(|name| {
            let performer = entry.performer.as_ref();
            performer.is_some_and(|performer| performer.name == name)
        })
    }

    fn row_key(&self, entry: &LogEntry) -> Option<RowKey> {
        let performer = entry
            .performer
            .as_ref()
            .map_or("", |performer| performer.name.as_str());
        Some(RowKey::logged(
            entry.datetime,
            &[
                entry.kind.as_str(),
                entry.ip.as_deref().unwrap_or_default(),
                performer,
            ],
        ))
    }
}
