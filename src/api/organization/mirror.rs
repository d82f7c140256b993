//! The mirror settings of an organization, which copies a namespace of another registry.

use crate::api::shared::{none_if_not_found, outcome};
use crate::generated::params;
use crate::pagination::{
    Cursor, Indexed, ListRequest, Listing, Page, PageRequest, PageSize, RowKey, check_page_size,
};
use crate::types::{
    CreateOrganizationMirror, MirroredRepository, OrganizationMirror, SyncStatus,
    UpdateOrganizationMirror,
};
use crate::{Error, ErrorKind, Quay, Result};
use std::sync::Arc;

/// The handle of an organization's mirror settings:
/// [`OrganizationHandle::mirror`](crate::api::OrganizationHandle::mirror).
#[derive(Debug, Clone)]
pub struct OrganizationMirrorHandle {
    pub(crate) quay: Quay,
    pub(crate) organization: Arc<str>,
}

impl OrganizationMirrorHandle {
    /// Reads the mirror settings and the result of the last synchronization.
    ///
    /// Scope: `org:admin`. Endpoint: `GET /api/v1/organization/{orgname}/mirror`.
    /// Operation: `getOrgMirrorConfig`. Since: 3.17. Feature: `FEATURE_ORG_MIRROR`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// organization has no mirror settings.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let mirror = acme.mirror();
    /// println!("{}", mirror.get().await?.sync_status);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get organization mirror")]
    #[doc(alias = "getOrgMirrorConfig")]
    pub async fn get(&self) -> Result<OrganizationMirror> {
        self.quay
            .send(self.quay.api().get_org_mirror_config(&self.organization))
            .await
    }

    /// Reads the mirror settings, or returns `None` if the organization has none.
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
    /// let acme = quay.organization("acme")?;
    /// let mirror = acme.mirror();
    /// let settings = mirror.get_opt().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<OrganizationMirror>> {
        none_if_not_found(self.get()).await
    }

    /// Creates the mirror settings, and reads them afterwards.
    ///
    /// The server's response does not contain the settings. The organization must contain no
    /// repositories, must not be a proxy cache, and must have no immutability policies.
    ///
    /// Scope: `org:admin`. Endpoints: `POST` and `GET /api/v1/organization/{orgname}/mirror`.
    /// Operations: `createOrgMirrorConfig`, `getOrgMirrorConfig`. Since: 3.17. Feature:
    /// `FEATURE_ORG_MIRROR`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_conflict`](crate::Error::is_conflict) is true if the
    /// organization has mirror settings already, and an error for which
    /// [`is_invalid_request`](crate::Error::is_invalid_request) is true if the server rejects a
    /// value. If the settings were created but could not be read,
    /// [`may_have_been_done`](crate::Error::may_have_been_done) is true.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::{CreateOrganizationMirror, RegistryType, Timestamp, Visibility};
    ///
    /// let acme = quay.organization("acme")?;
    /// let mirror = acme.mirror();
    /// let request = CreateOrganizationMirror::new(
    ///     RegistryType::Harbor,
    ///     "https://harbor.example.com",
    ///     "library",
    ///     "acme+mirror",
    ///     Visibility::Private,
    ///     86400,
    ///     Timestamp::now(),
    /// );
    /// mirror.create(request).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "create organization mirror")]
    #[doc(alias = "createOrgMirrorConfig")]
    #[doc(alias = "getOrgMirrorConfig")]
    pub async fn create(&self, mirror: CreateOrganizationMirror) -> Result<OrganizationMirror> {
        self.quay
            .send(
                self.quay
                    .api()
                    .create_org_mirror_config(params::CreateOrgMirrorConfig {
                        orgname: &self.organization,
                        body: &mirror,
                    }),
            )
            .await?;
        let what = format!("the mirror of {}", self.organization);
        outcome::read_created(self.get().await, &what)
    }

    /// Changes the fields that the request sets, and no others.
    ///
    /// Scope: `org:admin`. Endpoint: `PUT /api/v1/organization/{orgname}/mirror`.
    /// Operation: `updateOrgMirrorConfig`. Since: 3.17. Feature: `FEATURE_ORG_MIRROR`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// organization has no mirror settings.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let mirror = acme.mirror();
    /// mirror.update(quay_api::types::UpdateOrganizationMirror::new().is_enabled(false)).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "update organization mirror")]
    #[doc(alias = "updateOrgMirrorConfig")]
    pub async fn update(&self, mirror: UpdateOrganizationMirror) -> Result<()> {
        self.quay
            .send(
                self.quay
                    .api()
                    .update_org_mirror_config(params::UpdateOrgMirrorConfig {
                        orgname: &self.organization,
                        body: &mirror,
                    }),
            )
            .await
    }

    /// Deletes the mirror settings.
    ///
    /// The repositories are kept, and return to the normal state.
    ///
    /// Scope: `org:admin`. Endpoint: `DELETE /api/v1/organization/{orgname}/mirror`.
    /// Operation: `deleteOrgMirrorConfig`. Since: 3.17. Feature: `FEATURE_ORG_MIRROR`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// organization has no mirror settings.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let mirror = acme.mirror();
    /// mirror.delete().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "delete organization mirror")]
    #[doc(alias = "deleteOrgMirrorConfig")]
    pub async fn delete(&self) -> Result<()> {
        self.quay
            .send(self.quay.api().delete_org_mirror_config(&self.organization))
            .await
    }

    /// Deletes the mirror settings if they exist, and returns true if they existed.
    ///
    /// The method reads before it writes: see [what is certain](crate::api#what-is-certain).
    ///
    /// Scope and endpoints: as for [`get`](Self::get) and [`delete`](Self::delete).
    ///
    /// # Errors
    ///
    /// Returns the errors of both requests other than "not found".
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let mirror = acme.mirror();
    /// mirror.delete_if_exists().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self) -> Result<bool> {
        if self.get_opt().await?.is_none() {
            return Ok(false);
        }
        outcome::deleted(self.delete().await)
    }

    /// Starts a synchronization now.
    ///
    /// Scope: `org:admin`. Endpoint: `POST /api/v1/organization/{orgname}/mirror/sync-now`.
    /// Operation: `syncOrgMirrorNow`. Since: 3.17. Feature: `FEATURE_ORG_MIRROR`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// organization has no mirror settings, and an error for which
    /// [`is_invalid_request`](crate::Error::is_invalid_request) is true if a synchronization is
    /// running, or one of its repositories is still waiting or may be tried again.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let mirror = acme.mirror();
    /// mirror.sync_now().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "syncOrgMirrorNow")]
    pub async fn sync_now(&self) -> Result<()> {
        self.quay
            .send(self.quay.api().sync_org_mirror_now(&self.organization))
            .await
    }

    /// Cancels the synchronization that is running or waiting.
    ///
    /// Scope: `org:admin`. Endpoint: `POST /api/v1/organization/{orgname}/mirror/sync-cancel`.
    /// Operation: `cancelOrgMirrorSync`. Since: 3.17. Feature: `FEATURE_ORG_MIRROR`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// organization has no mirror settings, and an error for which
    /// [`is_invalid_request`](crate::Error::is_invalid_request) is true if the synchronization was
    /// cancelled already.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let mirror = acme.mirror();
    /// mirror.cancel_sync().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "cancelOrgMirrorSync")]
    pub async fn cancel_sync(&self) -> Result<()> {
        self.quay
            .send(self.quay.api().cancel_org_mirror_sync(&self.organization))
            .await
    }

    /// Checks that the server can reach the other registry.
    ///
    /// Scope: `org:admin`. Endpoint: `POST /api/v1/organization/{orgname}/mirror/verify`.
    /// Operation: `verifyOrgMirrorConnection`. Since: 3.17. Feature: `FEATURE_ORG_MIRROR`.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::Downstream`] if it can't be reached. The server
    /// reports this with a success.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let mirror = acme.mirror();
    /// mirror.verify().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "verify organization mirror")]
    #[doc(alias = "verifyOrgMirrorConnection")]
    pub async fn verify(&self) -> Result<()> {
        let check = self
            .quay
            .send(
                self.quay
                    .api()
                    .verify_org_mirror_connection(&self.organization),
            )
            .await?;
        match check.success {
            true => Ok(()),
            false => Err(Error::new(
                ErrorKind::Downstream,
                check
                    .message
                    .unwrap_or_else(|| "the server can't reach the mirrored registry".to_owned()),
            )),
        }
    }

    /// Lists the repositories that the mirror has found in the other registry.
    ///
    /// Scope: `org:admin`. Endpoint: `GET /api/v1/organization/{orgname}/mirror/repositories`, 500
    /// a page, or 1 to 500 a page with [`page_size`](Listing::page_size).
    /// Operation: `listOrgMirrorRepositories`. Since: 3.17. Feature: `FEATURE_ORG_MIRROR`.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::SyncStatus;
    ///
    /// let acme = quay.organization("acme")?;
    /// let mirror = acme.mirror();
    /// for repository in mirror.mirrored_repositories().status(SyncStatus::Fail).await? {
    ///     println!("{} {:?}", repository.name, repository.status_message);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "listOrgMirrorRepositories")]
    pub fn mirrored_repositories(&self) -> Listing<ListMirroredRepositories> {
        Listing::new(ListMirroredRepositories {
            mirror: self.clone(),
            status: None,
            page_size: ListMirroredRepositories::MAX,
        })
    }
}

/// The request of a listing of the repositories of an organization's mirror.
#[derive(Debug, Clone)]
pub struct ListMirroredRepositories {
    mirror: OrganizationMirrorHandle,
    status: Option<SyncStatus>,
    page_size: u32,
}

impl Listing<ListMirroredRepositories> {
    /// Lists only the repositories whose last synchronization has this status.
    pub fn status(mut self, status: SyncStatus) -> Self {
        self.query.status = Some(status);
        self
    }
}

impl ListRequest for ListMirroredRepositories {
    type Row = MirroredRepository;

    #[inline]
    fn page_request(&self, cursor: &Cursor) -> Result<PageRequest<MirroredRepository>> {
        let number = cursor.number();
        let page = i64::try_from(number).ok();
        let status = self.status.as_ref().map(SyncStatus::as_str);
        let OrganizationMirrorHandle { quay, organization } = &self.mirror;
        let request = quay
            .api()
            .list_org_mirror_repositories(params::ListOrgMirrorRepositories {
                orgname: organization,
                limit: Some(self.page_size.into()),
                page,
                status,
            });
        PageRequest::new(quay, request, move |response| {
            Page::by_number(
                response.repositories,
                number,
                response.page,
                response.has_next,
            )
        })
    }

    fn rows_a_page(&self) -> Option<u32> {
        Some(self.page_size)
    }

    fn check(&self) -> Result<()> {
        check_page_size::<Self>(self.page_size)
    }

    fn row_key(&self, repository: &MirroredRepository) -> Option<RowKey> {
        Some(RowKey::unique(&[&repository.name]))
    }
}

impl Indexed for ListMirroredRepositories {}

impl PageSize for ListMirroredRepositories {
    const MAX: u32 = 500;

    fn size(&mut self) -> &mut u32 {
        &mut self.page_size
    }
}
