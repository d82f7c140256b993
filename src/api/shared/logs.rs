//! Usage logs of the server, of an organization, of a repository and of the caller.

use crate::api::shared::{Parent, outcome};
use crate::generated::params;
use crate::pagination::{
    Cursor, ListRequest, Listing, LogWindow, Page, PageRequest, PageToken, RowKey,
};
use crate::types::{ExportLogs, LogEntry, LogExport, LogPage, Secret, Timestamp};
use crate::{Error, ErrorKind, Quay, Result};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// The handle of the usage logs of the server, of an organization, of a repository, or of the
/// caller.
#[derive(Debug, Clone)]
pub struct LogsHandle {
    pub(crate) quay: Quay,
    pub(crate) parent: Parent,
}

impl LogsHandle {
    /// Lists the entries of the log, newest first.
    ///
    /// By default, the list contains the entries of yesterday and today. [`since`](Listing::since)
    /// and [`until`](Listing::until) set other days. The server filters by whole days in UTC.
    ///
    /// Scope and endpoint: for a repository `repo:admin`,
    /// `GET /api/v1/repository/{repository}/logs`; for an organization `org:admin`,
    /// `GET /api/v1/organization/{orgname}/logs`; for the caller `user:admin`,
    /// `GET /api/v1/user/logs`; for the server `super:user`, `GET /api/v1/superuser/logs`; 20 a
    /// page.
    ///
    /// More days are read in windows of two days, newest first, since a page token is valid for two
    /// days. Each window takes at least one request. While windows have no entries, each is longer
    /// than the one before, up to 257 days. No row is lost or repeated between two windows. Within
    /// a window, a server whose database stores whole seconds (MySQL) can skip rows if the last row
    /// of a page and the first row of the next one have the same second. The responses do not show
    /// this.
    ///
    /// # Errors
    ///
    /// Reading the list returns an error of the kind [`ErrorKind::Unavailable`] if the server can't
    /// search its logs. The server itself responds with a success.
    ///
    /// # Examples
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

    /// Returns the request of the log without any filter.
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

    /// Requests an export of the log to a file.
    ///
    /// When the file is ready, the server sends its URL to the callback URL or e-mail address of
    /// the request. The log of the whole server can't be exported.
    ///
    /// Scope and endpoint: as for [`list`](Self::list), with `POST` and `exportlogs` in the path.
    ///
    /// Success means that the export is queued. The server does not report whether it sent the URL.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// organization or repository does not exist, and an error for which
    /// [`is_invalid_request`](crate::Error::is_invalid_request) is true if the server rejects the
    /// address. `is_invalid_request` is also true, before anything is sent, if the request has no
    /// address, if the last day is before the first, and for the log of the whole server.
    ///
    /// # Examples
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
        // For a missing organization the server responds with status 500 or 403.
        outcome::explain_missing(result, self.parent.check_exists(&self.quay)).await
    }
}

/// A span of days in UTC, including both ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Days {
    /// The first day.
    pub since: Timestamp,
    /// The last day.
    pub until: Timestamp,
}

impl Days {
    /// Creates a span from one day to another.
    ///
    /// The time of day is ignored.
    ///
    /// # Examples
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

    /// Returns the first and the last day in the format of the request.
    pub(super) fn bounds(self) -> Result<(String, String)> {
        check_order(midnight(self.since), midnight(self.until))?;
        Ok((self.since.to_log_date(), self.until.to_log_date()))
    }
}

/// Returns an error for a success that says that the logs can't be searched.
pub(super) fn available(search_unavailable: Option<bool>, message: Option<String>) -> Result<()> {
    match search_unavailable {
        Some(true) => {
            let message =
                message.unwrap_or_else(|| "the server can't search its logs now".to_owned());
            Err(Error::new(ErrorKind::Unavailable, message))
        }
        _ => Ok(()),
    }
}

/// The request of a listing of a usage log.
#[derive(Debug, Clone)]
pub struct ListLogs {
    pub(super) quay: Quay,
    pub(super) parent: Parent,
    pub(super) since: Option<Timestamp>,
    pub(super) until: Option<Timestamp>,
    pub(super) performer: Option<Arc<str>>,
    /// Set when following a log. Then all days are one window. Without `until`, no last day is
    /// sent, so that the server uses its own present day and returns it: the time at which the
    /// server received the first request is stored here.
    pub(super) server_time: Option<Arc<OnceLock<Timestamp>>>,
}

pub(super) const DAY: Duration = Duration::from_secs(86_400);

impl Listing<ListLogs> {
    /// Lists only entries from the beginning of this day on, in UTC.
    ///
    /// The default is the day before the last day.
    pub fn since(mut self, day: Timestamp) -> Self {
        self.query.since = Some(day);
        self
    }

    /// Lists only entries until the end of this day, in UTC.
    ///
    /// The default is today.
    pub fn until(mut self, day: Timestamp) -> Self {
        self.query.until = Some(day);
        self
    }

    /// Lists only the actions of this user or robot account.
    ///
    /// A robot account is given by its full name, such as `acme+ci`. The server can filter the logs
    /// of an organization and of the caller. It can't filter those of a repository and of the whole
    /// server, so this crate reads all their entries and drops the others.
    ///
    /// # Errors
    ///
    /// Reading the list returns an error for which [`is_not_found`](crate::Error::is_not_found) is
    /// true if the user or robot account does not exist. The server itself responds with status
    /// 500. For the log of a repository or of the server, the list is empty instead.
    pub fn performed_by(mut self, name: impl AsRef<str>) -> Self {
        self.query.performer = Some(Arc::from(name.as_ref()));
        self
    }
}

/// The length of a window, with the last day not counted: a window is as long as a page token is
/// valid. If the server mixes up the pages of its tables of old and new logs, or rows of the same
/// second, it does so only within a window.
const WINDOW: Duration = DAY;

/// The maximum length of a window after windows without entries, so that a log with few entries
/// takes few requests. If entries follow, there are few windows in which they can be mixed up.
const MAX_WINDOW: Duration = Duration::from_secs(256 * 86_400);

impl ListLogs {
    /// Returns the first and the last day. Both are always sent: if one is missing or can't be
    /// parsed, the server only lists the last day.
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
            // The server adds a day to today. If its date is missing, the caller's clock is used.
            let now = response.end_time.and_then(|end| end.checked_sub(DAY));
            time.get_or_init(|| now.unwrap_or_else(Timestamp::now));
        }
        let days = days.ok_or_else(|| Error::invalid_input("a log must be read by days"))?;
        let is_empty = response.logs.is_empty() && days.token.is_none();
        let next = match PageToken::new(response.next_page) {
            Some(token) => Some(Cursor::Days(LogWindow {
                token: Some(token),
                ..days
            })),
            None => days
                .since
                .checked_sub(DAY)
                .filter(|day| *day >= days.oldest)
                .map(|day| match is_empty {
                    true => window(days.oldest, day, (days.length() * 2).min(MAX_WINDOW)),
                    false => window(days.oldest, day, WINDOW),
                }),
        };
        Ok(Page::new(response.logs, next))
    }
}

/// Replaces the error for an unknown performer, to which the server responds with status 500.
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
            format!("there is no user or robot account {name}"),
        )
        .with_subject_of(&error),
        _ => error,
    }
}

/// Returns an error for an empty name of a performer, for which the server would send the rows of
/// all performers.
pub(super) fn check_performer(performer: Option<&str>) -> Result<()> {
    match performer {
        Some("") => Err(Error::invalid_input(
            "the name of a performer must not be empty",
        )),
        _ => Ok(()),
    }
}

/// Returns an error if the last day is before the first. If it is one day before, the server
/// responds with an empty log.
fn check_order(since: Timestamp, until: Timestamp) -> Result<()> {
    if since > until {
        let (since, until) = (since.to_log_date(), until.to_log_date());
        return Err(Error::invalid_input(format!(
            "the last day of a log must not be before the first, got {since} until {until}"
        )));
    }
    Ok(())
}

pub(super) fn midnight(moment: Timestamp) -> Timestamp {
    let (year, month, day) = moment.date();
    Timestamp::from_date(year, month, day).unwrap_or(moment)
}

/// Returns the window that ends with a day and begins no earlier than `oldest`. The server includes
/// both ends, so two windows never share a day.
fn window(oldest: Timestamp, until: Timestamp, length: Duration) -> Cursor {
    let since = until
        .checked_sub(length)
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
        // The request as the caller describes it contains the days that the caller has set, if any.
        let (since, until, days) = match cursor {
            Cursor::Days(days) if self.server_time.is_some() => {
                (self.since, self.until, Some(days.clone()))
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
            // Their requests do not contain the performer.
            (Parent::Repository(_) | Parent::Server, Some(name)) => page.with_filter(name),
            _ => page,
        })
    }

    fn start(&self) -> Cursor {
        let (since, until) = self.span();
        if self.server_time.is_some() {
            // The whole time is one window.
            return Cursor::Days(LogWindow {
                oldest: since,
                since,
                until: until.max(since),
                token: None,
            });
        }
        window(since, until, WINDOW)
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
