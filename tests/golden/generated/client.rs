impl Client {
    /// Lists the tags of a repository.
    ///
    /// `GET /api/v1/repository/{repository}/tag/`
    #[inline]
    pub(crate) fn list_repo_tags<'a>(
        &'a self,
        params::ListRepoTags {
            repository,
            limit,
            only_active_tags,
            page,
            specific_tag,
        }: params::ListRepoTags<'a>,
    ) -> crate::Result<OperationRequest<crate::types::TagPage>> {
        let url = format!(
            "{}/api/v1/repository/{}/tag/", self.baseurl, encode_segments(repository)
        );
        self.client
            .get(url)
            .query(&progenitor_client::QueryParam::new("limit", &limit))
            .query(
                &progenitor_client::QueryParam::new("onlyActiveTags", &only_active_tags),
            )
            .query(&progenitor_client::QueryParam::new("page", &page))
            .query(&progenitor_client::QueryParam::new("specificTag", &specific_tag))
            .build(&crate::OPERATIONS[3])
    }
    /// Creates, moves or changes a tag.
    ///
    /// `PUT /api/v1/repository/{repository}/tag/{tag}`
    #[inline]
    pub(crate) fn change_tag<'a>(
        &'a self,
        params::ChangeTag { repository, tag, body }: params::ChangeTag<'a>,
    ) -> crate::Result<OperationRequest<()>> {
        let url = format!(
            "{}/api/v1/repository/{}/tag/{}", self.baseurl, encode_segments(repository),
            encode_path(& tag.to_string())
        );
        self.client.put(url).json(&body).build(&crate::OPERATIONS[0])
    }
    /// Deletes a tag.
    ///
    /// `DELETE /api/v1/repository/{repository}/tag/{tag}`
    #[inline]
    pub(crate) fn delete_full_tag<'a>(
        &'a self,
        params::DeleteFullTag { repository, tag }: params::DeleteFullTag<'a>,
    ) -> crate::Result<OperationRequest<()>> {
        let url = format!(
            "{}/api/v1/repository/{}/tag/{}", self.baseurl, encode_segments(repository),
            encode_path(& tag.to_string())
        );
        self.client.delete(url).build(&crate::OPERATIONS[1])
    }
    /// Reads statistics.
    ///
    /// `GET /api/v1/tags/statistics`
    #[inline]
    pub(crate) fn get_tag_statistics<'a>(
        &'a self,
    ) -> crate::Result<OperationRequest<crate::types::TagStatistics>> {
        let url = format!("{}/api/v1/tags/statistics", self.baseurl);
        self.client.get(url).build(&crate::OPERATIONS[2])
    }
}
/// The arguments of the methods that have more than one.
pub(crate) mod params {
    /// The arguments of `list_repo_tags`.
    pub struct ListRepoTags<'a> {
        /// Full name of the repository.
        pub repository: &'a str,
        /// Rows of a page.
        pub limit: Option<i64>,
        /// Lists tags that can be pulled now only.
        pub only_active_tags: Option<&'a str>,
        /// Number of the page.
        pub page: Option<i64>,
        /// Lists the tag of this name only.
        pub specific_tag: Option<&'a str>,
    }
    /// The arguments of `change_tag`.
    pub struct ChangeTag<'a> {
        /// Full name of the repository.
        pub repository: &'a str,
        /// Name of the tag.
        pub tag: &'a str,
        /// The request body.
        pub body: &'a crate::types::ChangeTag,
    }
    /// The arguments of `delete_full_tag`.
    pub struct DeleteFullTag<'a> {
        /// Full name of the repository.
        pub repository: &'a str,
        /// Name of the tag.
        pub tag: &'a str,
    }
}
