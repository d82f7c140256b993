//! The builds that a build trigger started.

use super::builds::check_limit;
use crate::Result;
use crate::api::TriggerHandle;
use crate::generated::params;
use crate::pagination::{Cursor, ListRequest, Listing, Page, PageRequest};
use crate::types::Build;

/// The builds that a build trigger started: [`TriggerHandle::builds`].
///
/// [`TriggerHandle::start`] creates one.
#[derive(Debug, Clone)]
pub struct TriggerBuildsHandle {
    pub(crate) trigger: TriggerHandle,
}

impl TriggerBuildsHandle {
    /// Lists the builds that the trigger started, newest first: all of them, unless
    /// [`limit`](Listing::limit) says otherwise.
    ///
    /// Scope: `repo:admin`. Endpoint:
    /// `GET /api/v1/repository/{repository}/trigger/{trigger_uuid}/builds`. All in one response.
    /// If there is none, the repository's triggers are listed.
    /// Operation: `listTriggerRecentBuilds`.
    ///
    /// # Errors
    ///
    /// When it is read: returns an error for which
    /// [`is_not_found`](crate::Error::is_not_found) is true if the repository has no such trigger.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// let trigger = repository.trigger("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// let newest = trigger.builds().list().limit(10).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "list trigger builds")]
    #[doc(alias = "listTriggerRecentBuilds")]
    pub fn list(&self) -> Listing<ListTriggerBuilds> {
        Listing::new(ListTriggerBuilds {
            trigger: self.trigger.clone(),
            limit: None,
        })
    }
}

/// The request of a listing of a trigger's builds.
#[derive(Debug, Clone)]
pub struct ListTriggerBuilds {
    trigger: TriggerHandle,
    limit: Option<u32>,
}

impl Listing<ListTriggerBuilds> {
    /// Lists only the newest, so many of them.
    ///
    /// The first read fails with [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) for
    /// zero, for which the server would list all.
    pub fn limit(mut self, builds: u32) -> Self {
        self.query.limit = Some(builds);
        self
    }
}

impl ListRequest for ListTriggerBuilds {
    type Row = Build;

    #[inline]
    fn page_request(&self, _: &Cursor) -> Result<PageRequest<Build>> {
        let TriggerHandle {
            quay,
            repository,
            trigger,
        } = &self.trigger;
        let request = quay
            .api()
            .list_trigger_recent_builds(params::ListTriggerRecentBuilds {
                repository: repository.as_str(),
                trigger_uuid: trigger,
                // Zero is all of them.
                limit: Some(self.limit.unwrap_or(0).into()),
            });
        let request = PageRequest::new(quay, request, |response| Ok(Page::whole(response.builds)))?;
        Ok(request.when_empty(self.trigger.check_repository()))
    }

    fn check(&self) -> Result<()> {
        check_limit(self.limit)
    }
}
