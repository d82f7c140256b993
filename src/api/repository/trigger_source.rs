//! Requests with which a build trigger reads from its source code service, to be set up.

use crate::Result;
use crate::api::TriggerHandle;
use crate::api::shared::path_segment;
use crate::generated::params;
use crate::pagination::{Listing, SinglePage};
use crate::types::{
    AnalyzeBuildTrigger, BuildSource, BuildTriggerConfig, DockerfileList, FieldValue,
    ListBuildSources, SourceNamespace, TriggerAnalysis,
};

impl TriggerHandle {
    /// Checks whether the server can pull the base image of the Dockerfile, and with which robot
    /// account.
    ///
    /// Scope: `repo:admin`. Endpoint:
    /// `POST /api/v1/repository/{repository}/trigger/{trigger_uuid}/analyze`.
    /// Operation: `analyzeBuildTrigger`.
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
    /// let found = trigger.analyze(quay_api::types::BuildTriggerConfig::new()).await?;
    /// println!("{}", found.status);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "analyzeBuildTrigger")]
    pub async fn analyze(&self, config: BuildTriggerConfig) -> Result<TriggerAnalysis> {
        let body = AnalyzeBuildTrigger::new(config);
        self.quay
            .send(
                self.quay
                    .api()
                    .analyze_build_trigger(params::AnalyzeBuildTrigger {
                        repository: self.repository.as_str(),
                        trigger_uuid: &self.trigger,
                        body: &body,
                    }),
            )
            .await
    }

    /// Lists the Dockerfiles in the source code.
    ///
    /// The caller must be the user who created the trigger, whose token has the scope `user:admin`
    /// as well. If the service can't be read, the result is a success whose `status` is `error` and
    /// whose `message` is the reason.
    ///
    /// Scope: `repo:admin`. Endpoint:
    /// `POST /api/v1/repository/{repository}/trigger/{trigger_uuid}/subdir`.
    /// Operation: `listBuildTriggerSubdirs`.
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
    /// let found = trigger.dockerfiles(quay_api::types::BuildTriggerConfig::new()).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "listBuildTriggerSubdirs")]
    pub async fn dockerfiles(&self, config: BuildTriggerConfig) -> Result<DockerfileList> {
        self.quay
            .send(
                self.quay
                    .api()
                    .list_build_trigger_subdirs(params::ListBuildTriggerSubdirs {
                        repository: self.repository.as_str(),
                        trigger_uuid: &self.trigger,
                        body: &config,
                    }),
            )
            .await
    }

    /// Lists possible values of a field of the configuration, such as `refs`: at most 30, or 30
    /// branches and 30 tags.
    ///
    /// Scope: `repo:admin`. Endpoint:
    /// `POST /api/v1/repository/{repository}/trigger/{trigger_uuid}/fields/{field_name}`.
    /// Operation: `listTriggerFieldValues`.
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
    /// let refs = trigger.field_values("refs", quay_api::types::BuildTriggerConfig::new()).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "listTriggerFieldValues")]
    pub async fn field_values(
        &self,
        field: impl AsRef<str>,
        config: BuildTriggerConfig,
    ) -> Result<Vec<FieldValue>> {
        let field = path_segment("field", field.as_ref())?;
        self.quay
            .send(
                self.quay
                    .api()
                    .list_trigger_field_values(params::ListTriggerFieldValues {
                        repository: self.repository.as_str(),
                        trigger_uuid: &self.trigger,
                        field_name: &field,
                        body: &config,
                    }),
            )
            .await
            .map(|found| found.values)
    }

    /// Lists the namespaces of the source code service that the trigger's owner can access.
    ///
    /// The caller must be that user, whose token has the scope `user:admin` as well.
    ///
    /// Scope: `repo:admin`. Endpoint:
    /// `GET /api/v1/repository/{repository}/trigger/{trigger_uuid}/namespaces`. The response is not
    /// paged.
    /// Operation: `listTriggerBuildSourceNamespaces`.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// let trigger = repository.trigger("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// let namespaces = trigger.source_namespaces().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "listTriggerBuildSourceNamespaces")]
    #[inline]
    pub fn source_namespaces(&self) -> Listing<SinglePage<SourceNamespace>> {
        Listing::single_page(
            &self.quay,
            self.quay.api().list_trigger_build_source_namespaces(
                params::ListTriggerBuildSourceNamespaces {
                    repository: self.repository.as_str(),
                    trigger_uuid: &self.trigger,
                },
            ),
            |response| response.namespaces,
        )
    }

    /// Lists the source code repositories in a namespace of the service.
    ///
    /// The caller must be the user who created the trigger, whose token has the scope `user:admin`
    /// as well.
    ///
    /// Scope: `repo:admin`. Endpoint:
    /// `POST /api/v1/repository/{repository}/trigger/{trigger_uuid}/sources`.
    /// Operation: `listTriggerBuildSources`.
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
    /// use quay_api::types::ListBuildSources;
    ///
    /// let repository = quay.repository("acme/web")?;
    /// let trigger = repository.trigger("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// let sources = trigger.sources(ListBuildSources::new("acme")).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "listTriggerBuildSources")]
    pub async fn sources(&self, request: ListBuildSources) -> Result<Vec<BuildSource>> {
        self.quay
            .send(
                self.quay
                    .api()
                    .list_trigger_build_sources(params::ListTriggerBuildSources {
                        repository: self.repository.as_str(),
                        trigger_uuid: &self.trigger,
                        body: &request,
                    }),
            )
            .await
            .map(|found| found.sources)
    }
}
