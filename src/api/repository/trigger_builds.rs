//! The builds that a build trigger started.

use super::builds::check_limit;
use crate::Result;
use crate::api::TriggerHandle;
use crate::generated::params;
use crate::pagination::{Cursor, ListRequest, Listing, Page, PageRequest};
use crate::types::Build;

/// The handle of the builds that a build trigger started: [`TriggerHandle::builds`].
///
/// [`TriggerHandle::start`] creates a build.
#[derive(Debug, Clone)]
pub struct TriggerBuildsHandle {
    pub(crate) trigger: TriggerHandle,
}

impl TriggerBuildsHandle {
    /// Lists the builds that the trigger started, newest first.
    ///
    /// The list contains all builds unless [`limit`](Listing::limit) is set.
    ///
    /// Scope: `repo:admin`. Endpoint:
    /// `GET /api/v1/repository/{repository}/trigger/{trigger_uuid}/builds`. The response is not
    /// paged. If the list is empty, one more request checks that the repository has this trigger.
    /// Operation: `listTriggerRecentBuilds`.
    ///
    /// # Errors
    ///
    /// Reading the list returns an error for which [`is_not_found`](crate::Error::is_not_found) is
    /// true if the repository has no such trigger.
    ///
    /// # Examples
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
    /// Lists only the newest `builds` builds.
    ///
    /// Reading the list returns an error of the kind
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) for 0, for which the server
    /// would list everything.
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
                // For the server, 0 means all builds.
                limit: Some(self.limit.unwrap_or(0).into()),
            });
        let request = PageRequest::new(quay, request, |response| Ok(Page::whole(response.builds)))?;
        Ok(request.when_empty(self.trigger.check_repository()))
    }

    fn check(&self) -> Result<()> {
        check_limit(self.limit)
    }
}
