//! Counts of log entries by kind and day.

use crate::api::shared::Parent;
use crate::api::shared::logs::{available, check_performer, explain_performer};
use crate::api::{Days, LogsHandle};
use crate::generated::params;
use crate::types::AggregatedLog;
use crate::{Error, Result};
use std::sync::Arc;

/// The part of a log that is counted: [`LogsHandle::aggregate_with`].
///
/// # Examples
///
/// ```
/// use quay_api::api::{AggregateLogs, Days};
/// use quay_api::types::Timestamp;
///
/// let today = Days::new(Timestamp::now(), Timestamp::now());
/// let of_robot = AggregateLogs::new(today).performed_by("acme+ci");
/// ```
#[derive(Debug, Clone)]
pub struct AggregateLogs {
    days: Days,
    performer: Option<Arc<str>>,
}

impl AggregateLogs {
    /// Creates a request that counts the entries of these days.
    #[must_use]
    pub fn new(days: Days) -> Self {
        Self {
            days,
            performer: None,
        }
    }

    /// Counts only the actions of this user or robot account.
    ///
    /// A robot account is given by its full name, such as `acme+ci`. The server can only filter the
    /// logs of an organization and of the caller.
    #[must_use]
    pub fn performed_by(mut self, name: impl AsRef<str>) -> Self {
        self.performer = Some(Arc::from(name.as_ref()));
        self
    }
}

impl LogsHandle {
    /// Counts the entries of the log by kind and day.
    ///
    /// Scope and endpoint: as for [`list`](Self::list), with `aggregatelogs` in the path.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_invalid_request`](crate::Error::is_invalid_request) is true
    /// if the span is too long for the server, or, before anything is sent, if the last day is
    /// before the first. Returns an error of the kind
    /// [`ErrorKind::Unavailable`](crate::ErrorKind::Unavailable) if the server can't search its
    /// logs, which it reports with a success.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(
    /// #     quay: quay_api::Quay,
    /// #     november: quay_api::api::Days,
    /// # ) -> quay_api::Result<()> {
    /// for count in quay.organization("acme")?.logs().aggregate(november).await? {
    ///     println!("{} {} {}", count.datetime, count.kind, count.count);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn aggregate(&self, days: Days) -> Result<Vec<AggregatedLog>> {
        self.count(AggregateLogs::new(days)).await
    }

    /// Counts the entries of a part of the log by kind and day.
    ///
    /// Scope and endpoint: as for [`aggregate`](Self::aggregate).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`aggregate`](Self::aggregate). Returns an error for which
    /// [`is_not_found`](crate::Error::is_not_found) is true if the performer does not exist. The
    /// server itself responds with status 500. Returns an error for which
    /// [`is_invalid_request`](crate::Error::is_invalid_request) is true, before anything is sent,
    /// if the name of the performer is empty, or if the log is that of a repository or of the whole
    /// server, which the server can't count by performer.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(
    /// #     quay: quay_api::Quay,
    /// #     november: quay_api::api::Days,
    /// # ) -> quay_api::Result<()> {
    /// use quay_api::api::AggregateLogs;
    ///
    /// let of_robot = AggregateLogs::new(november).performed_by("acme+ci");
    /// let counts = quay.organization("acme")?.logs().aggregate_with(of_robot).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn aggregate_with(&self, part: AggregateLogs) -> Result<Vec<AggregatedLog>> {
        self.count(part).await
    }

    async fn count(&self, part: AggregateLogs) -> Result<Vec<AggregatedLog>> {
        let (start, end) = part.days.bounds()?;
        let (start, end) = (Some(start.as_str()), Some(end.as_str()));
        let performer = part.performer.as_deref();
        check_performer(performer)?;
        let (quay, parent) = (&self.quay, &self.parent);
        if performer.is_some() && !matches!(parent, Parent::Organization(_) | Parent::Me) {
            return Err(Error::invalid_input(format!(
                "the server can't count the log of {parent} by performer"
            )));
        }
        let request = match parent {
            Parent::Server => quay
                .api()
                .list_all_aggregate_logs(params::ListAllAggregateLogs {
                    endtime: end,
                    starttime: start,
                }),
            Parent::Organization(name) => {
                quay.api()
                    .get_aggregate_org_logs(params::GetAggregateOrgLogs {
                        orgname: name,
                        endtime: end,
                        performer,
                        starttime: start,
                    })
            }
            Parent::Repository(name) => {
                quay.api()
                    .get_aggregate_repo_logs(params::GetAggregateRepoLogs {
                        repository: name.as_str(),
                        endtime: end,
                        starttime: start,
                    })
            }
            Parent::Me => quay
                .api()
                .get_aggregate_user_logs(params::GetAggregateUserLogs {
                    endtime: end,
                    performer,
                    starttime: start,
                }),
            other => other.has_no("log"),
        };
        match quay.send(request).await {
            Ok(response) => {
                available(response.search_unavailable, response.message)?;
                Ok(response.aggregated)
            }
            Err(error) => Err(explain_performer(quay, performer, error).await),
        }
    }
}
