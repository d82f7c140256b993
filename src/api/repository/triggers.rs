//! Build triggers, with which a source code service such as GitHub starts builds.

use crate::api::TriggerBuildsHandle;
use crate::api::shared::{
    ExistenceCheck, Parent, existed, exists_if_empty, missing_in, none_if_not_found,
};
use crate::generated::params;
use crate::pagination::{Listing, SinglePage};
use crate::types::{
    ActivateBuildTrigger, Build, BuildTrigger, RepositoryName, StartBuildTrigger,
    UpdateBuildTrigger,
};
use crate::{Quay, Result};
use futures::FutureExt;
use std::sync::Arc;

/// The handle of a repository's build triggers:
/// [`RepositoryHandle::triggers`](crate::api::RepositoryHandle::triggers).
#[derive(Debug, Clone)]
pub struct TriggersHandle {
    pub(crate) quay: Quay,
    pub(crate) repository: Arc<RepositoryName>,
}

impl TriggersHandle {
    /// Lists the build triggers of the repository.
    ///
    /// Scope: `repo:admin`. Endpoint: `GET /api/v1/repository/{repository}/trigger/`. The response
    /// is not paged. If the list is empty, one more request checks that the repository exists.
    /// Operation: `listBuildTriggers`.
    ///
    /// # Errors
    ///
    /// Reading the list returns an error for which [`is_not_found`](crate::Error::is_not_found) is
    /// true if the repository does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// for trigger in repository.triggers().list().await? {
    ///     println!("{} {}", trigger.service, trigger.id);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "listBuildTriggers")]
    #[inline]
    pub fn list(&self) -> Listing<SinglePage<BuildTrigger>> {
        Listing::single_page(
            &self.quay,
            self.quay
                .api()
                .list_build_triggers(self.repository.as_str()),
            |response| response.triggers,
        )
        .when_empty(exists_if_empty(
            &self.quay,
            &Parent::Repository(Arc::clone(&self.repository)),
        ))
    }
}

/// The handle of one build trigger:
/// [`RepositoryHandle::trigger`](crate::api::RepositoryHandle::trigger).
///
/// The server finds a trigger by its identifier alone, even if it belongs to another repository.
/// Therefore `get`, `enable`, `disable`, `activate`, `start` and `delete` first list the
/// repository's triggers, which takes one more request, and return an error if the trigger is not
/// among them. The other methods only read and skip this check.
#[derive(Debug, Clone)]
pub struct TriggerHandle {
    pub(crate) quay: Quay,
    pub(crate) repository: Arc<RepositoryName>,
    pub(crate) trigger: Arc<str>,
}

impl TriggerHandle {
    /// Returns the identifier of the build trigger.
    pub fn uuid(&self) -> &str {
        &self.trigger
    }

    /// Returns a check that the trigger belongs to the repository. The server finds a trigger by
    /// its identifier alone, and would read, change or delete one of another repository.
    #[inline]
    pub(super) fn check_repository(&self) -> ExistenceCheck {
        let trigger = self.clone();
        async move {
            let Self {
                quay, repository, ..
            } = trigger.clone();
            let listing = TriggersHandle { quay, repository }.list();
            let triggers = listing.clone().await?;
            if triggers.iter().any(|known| *known.id == *trigger.trigger) {
                return Ok(());
            }
            let (id, repository) = (&trigger.trigger, &trigger.repository);
            let what = format!("build trigger {id} in {repository}");
            let values = [("repository", repository.as_str()), ("trigger_uuid", &**id)];
            Err(missing_in(&listing, &what, &values))
        }
        .boxed()
    }

    /// Reads the trigger.
    ///
    /// Scope: `repo:admin`. Endpoint: `GET /api/v1/repository/{repository}/trigger/{trigger_uuid}`.
    /// Operation: `getBuildTrigger`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the build
    /// trigger does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// let trigger = repository.trigger("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// let found = trigger.get().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get trigger")]
    #[doc(alias = "getBuildTrigger")]
    pub async fn get(&self) -> Result<BuildTrigger> {
        self.check_repository().await?;
        self.quay
            .send(self.quay.api().get_build_trigger(params::GetBuildTrigger {
                repository: self.repository.as_str(),
                trigger_uuid: &self.trigger,
            }))
            .await
    }

    /// Reads the build trigger, or returns `None` if it does not exist.
    ///
    /// Scope and endpoint: as for [`get`](Self::get).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`get`](Self::get) other than "not found".
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// let trigger = repository.trigger("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// let found = trigger.get_opt().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<BuildTrigger>> {
        none_if_not_found(self.get()).await
    }

    /// Turns the trigger on.
    ///
    /// Scope: `repo:admin`. Endpoint: `PUT /api/v1/repository/{repository}/trigger/{trigger_uuid}`.
    /// Operation: `updateBuildTrigger`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// trigger does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// let trigger = repository.trigger("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// trigger.enable().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "enable trigger")]
    #[doc(alias = "updateBuildTrigger")]
    pub async fn enable(&self) -> Result<BuildTrigger> {
        self.change(true).await
    }

    /// Turns the trigger off.
    ///
    /// Scope: `repo:admin`. Endpoint: `PUT /api/v1/repository/{repository}/trigger/{trigger_uuid}`.
    /// Operation: `updateBuildTrigger`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// trigger does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// let trigger = repository.trigger("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// trigger.disable().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "disable trigger")]
    #[doc(alias = "updateBuildTrigger")]
    pub async fn disable(&self) -> Result<BuildTrigger> {
        self.change(false).await
    }

    async fn change(&self, enabled: bool) -> Result<BuildTrigger> {
        self.check_repository().await?;
        let body = UpdateBuildTrigger::new(enabled);
        self.quay
            .send(
                self.quay
                    .api()
                    .update_build_trigger(params::UpdateBuildTrigger {
                        repository: self.repository.as_str(),
                        trigger_uuid: &self.trigger,
                        body: &body,
                    }),
            )
            .await
    }

    /// Activates a trigger that was just created in the web UI.
    ///
    /// The server creates a webhook at the source code service. The caller must be the user who
    /// created the trigger, whose token has the scope `user:admin` as well, or a superuser with
    /// full access.
    ///
    /// Scope: `repo:admin`. Endpoint:
    /// `POST /api/v1/repository/{repository}/trigger/{trigger_uuid}/activate`.
    /// Operation: `activateBuildTrigger`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_invalid_request`](crate::Error::is_invalid_request) is true
    /// if the server rejects the values of the request.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::{ActivateBuildTrigger, BuildTriggerConfig};
    ///
    /// let repository = quay.repository("acme/web")?;
    /// let trigger = repository.trigger("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// let config = BuildTriggerConfig::new()
    ///     .build_source("acme/web")
    ///     .dockerfile_path("/Dockerfile")
    ///     .context("/");
    /// trigger.activate(ActivateBuildTrigger::new(config)).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "activate trigger")]
    #[doc(alias = "activateBuildTrigger")]
    pub async fn activate(&self, request: ActivateBuildTrigger) -> Result<BuildTrigger> {
        self.check_repository().await?;
        self.quay
            .send(
                self.quay
                    .api()
                    .activate_build_trigger(params::ActivateBuildTrigger {
                        repository: self.repository.as_str(),
                        trigger_uuid: &self.trigger,
                        body: &request,
                    }),
            )
            .await
    }

    /// Starts a build with the trigger.
    ///
    /// Scope: `repo:admin`. Endpoint:
    /// `POST /api/v1/repository/{repository}/trigger/{trigger_uuid}/start`.
    /// Operation: `manuallyStartBuildTrigger`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_invalid_request`](crate::Error::is_invalid_request) is true
    /// if the server rejects the values of the request.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::StartBuildTrigger;
    ///
    /// let repository = quay.repository("acme/web")?;
    /// let trigger = repository.trigger("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// let build = trigger.start(StartBuildTrigger::new().branch_name("main")).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "start trigger")]
    #[doc(alias = "manuallyStartBuildTrigger")]
    pub async fn start(&self, request: StartBuildTrigger) -> Result<Build> {
        self.check_repository().await?;
        self.quay
            .send(
                self.quay
                    .api()
                    .manually_start_build_trigger(params::ManuallyStartBuildTrigger {
                        repository: self.repository.as_str(),
                        trigger_uuid: &self.trigger,
                        body: &request,
                    }),
            )
            .await
    }

    /// Returns the handle of the builds that the trigger started.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// let builds = repository.trigger("20c7409a-c1ce-4f64-b938-ce0d5f158440")?.builds();
    /// # Ok(())
    /// # }
    /// ```
    pub fn builds(&self) -> TriggerBuildsHandle {
        TriggerBuildsHandle {
            trigger: self.clone(),
        }
    }

    /// Deletes the trigger.
    ///
    /// The server removes its webhook from the source code service, and ignores it if that fails.
    /// The builds that the trigger started are kept.
    ///
    /// Scope: `repo:admin`. Endpoint:
    /// `DELETE /api/v1/repository/{repository}/trigger/{trigger_uuid}`.
    /// Operation: `deleteBuildTrigger`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the build
    /// trigger does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// let trigger = repository.trigger("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// trigger.delete().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "delete trigger")]
    #[doc(alias = "deleteBuildTrigger")]
    pub async fn delete(&self) -> Result<()> {
        self.check_repository().await?;
        self.quay
            .send(
                self.quay
                    .api()
                    .delete_build_trigger(params::DeleteBuildTrigger {
                        repository: self.repository.as_str(),
                        trigger_uuid: &self.trigger,
                    }),
            )
            .await
    }

    /// Deletes the build trigger if it exists, and returns true if it existed.
    ///
    /// The result is also true if a retry after a lost response finds nothing, because the first
    /// attempt may have deleted it.
    ///
    /// Scope and endpoint: as for [`delete`](Self::delete).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`delete`](Self::delete) other than "not found".
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// let trigger = repository.trigger("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// trigger.delete_if_exists().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self) -> Result<bool> {
        existed(self.delete()).await
    }
}
