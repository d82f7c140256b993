//! The log of a build, line by line.

use crate::api::shared::Parent;
use crate::generated::params;
use crate::pagination::{Cursor, ListRequest, Page, PageRequest};
use crate::types::BuildLogLine;
use crate::{Error, ErrorKind, Quay, Result};
use std::sync::Arc;

/// The request of a listing of the lines of a build's log.
#[derive(Debug, Clone)]
pub struct ListBuildLines {
    pub(crate) quay: Quay,
    pub(crate) parent: Parent,
    pub(crate) build: Arc<str>,
}

impl ListRequest for ListBuildLines {
    type Row = BuildLogLine;

    #[inline]
    fn page_request(&self, cursor: &Cursor) -> Result<PageRequest<BuildLogLine>> {
        let first = cursor.offset();
        let start = u32::try_from(first)
            .map_err(|_| Error::invalid_input(format!("a build's log has no line {first}")))?;
        let start = Some(i64::from(start));
        let request =
            match &self.parent {
                Parent::Repository(name) => {
                    self.quay
                        .api()
                        .get_repo_build_logs(params::GetRepoBuildLogs {
                            repository: name.as_str(),
                            build_uuid: &self.build,
                            start,
                        })
                }
                Parent::Server => self.quay.api().get_repo_build_logs_super_user(
                    params::GetRepoBuildLogsSuperUser {
                        build_uuid: &self.build,
                        start,
                    },
                ),
                other => other.has_no("builds"),
            };
        PageRequest::new(&self.quay, request, move |response| {
            if response.logs.is_none() && response.logs_url.is_some() {
                return Err(Error::new(
                    ErrorKind::Gone,
                    "the build's log is archived: `log_page` returns the URL to fetch it from",
                ));
            }
            let received = response.start.and_then(|start| u64::try_from(start).ok());
            if let Some(received) = received
                && received != first
            {
                return Err(Error::new(
                    ErrorKind::InvalidResponse,
                    format!("requested the log from line {first}, but got it from line {received}"),
                ));
            }
            let lines = response.logs.unwrap_or_default();
            let total = response
                .total
                .and_then(|total| u64::try_from(total).ok())
                .unwrap_or_default();
            let has_more = first + (lines.len() as u64) < total;
            Ok(Page::by_offset(lines, first, has_more))
        })
    }
}
