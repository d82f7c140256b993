//! The handle of the caller's organizations.

use crate::api::shared::{none_if_not_found, outcome};
use crate::pagination::{Listing, SinglePage};
use crate::types::{CreateOrganization, Organization, UserOrganization};
use crate::{Quay, Result};

/// The handle of the caller's organizations: [`Quay::organizations`].
///
/// [`SuperuserHandle::organizations`](crate::api::SuperuserHandle::organizations) is the handle of
/// the server's organizations.
#[derive(Debug, Clone)]
pub struct OrganizationsHandle {
    pub(crate) quay: Quay,
}

impl OrganizationsHandle {
    /// Lists the organizations that the caller belongs to.
    ///
    /// Scope: `user:read`. Endpoint: `GET /api/v1/user/`. The response is not paged.
    /// Operation: `getLoggedInUser`.
    ///
    /// # Errors
    ///
    /// Reading the list returns an error for which
    /// [`is_unauthenticated`](crate::Error::is_unauthenticated) is true if the token does not
    /// belong to a user, or lacks the scope.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// for organization in quay.organizations().list().await? {
    ///     println!("{} {:?}", organization.name, organization.is_org_admin);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "getLoggedInUser")]
    #[inline]
    pub fn list(&self) -> Listing<SinglePage<UserOrganization>> {
        Listing::single_page(&self.quay, self.quay.api().get_logged_in_user(), |user| {
            user.organizations.unwrap_or_default()
        })
    }

    /// Creates an organization that the caller owns.
    ///
    /// The organization is read afterwards, since the server's response does not contain it. If
    /// only `contact_email` is set, its value is also sent as `email`, since servers before 3.18
    /// only know the latter.
    ///
    /// Scope: `user:admin`. Endpoints: `POST /api/v1/organization/`,
    /// `GET /api/v1/organization/{orgname}`.
    /// Operations: `createOrganization`, `getOrganization`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_already_exists`](crate::Error::is_already_exists) is true if
    /// an organization **or a user** of this name exists. Returns an error for which
    /// [`is_conflict`](crate::Error::is_conflict) is true if an organization of this name was
    /// deleted recently, or if the e-mail address is already used on a server that requires unique
    /// addresses. If the organization was created but could not be read,
    /// [`may_have_been_done`](crate::Error::may_have_been_done) is true.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::CreateOrganization;
    ///
    /// let acme = quay
    ///     .organizations()
    ///     .create(CreateOrganization::new("acme").email("acme@example.com"))
    ///     .await?;
    /// assert_eq!(acme.name, "acme");
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "create organization")]
    #[doc(alias = "createOrganization")]
    #[doc(alias = "getOrganization")]
    pub async fn create(&self, mut organization: CreateOrganization) -> Result<Organization> {
        if organization.email.is_none() {
            organization.email.clone_from(&organization.contact_email);
        }
        let request = self.quay.api().create_organization(&organization);
        self.quay.send(request).await?;
        let name = &organization.name;
        let found = self.quay.send(self.quay.api().get_organization(name)).await;
        let created = outcome::read_created(found, &format!("the organization {name}"))?;
        // The server takes this address in the place of the other, if it has it at all.
        let contact = organization
            .contact_email
            .as_ref()
            .filter(|contact| !contact.is_empty());
        outcome::check_changed("contact_email", contact, created.email.as_ref())
            .map_err(|error| error.with_response_to("createOrganization", &[]))?;
        Ok(created)
    }

    /// Creates an organization, or returns `None` if one of that name exists.
    ///
    /// The method reads first: if the organization exists, nothing is written. Its owner and its
    /// settings are not compared.
    ///
    /// Scope: `user:admin`. Endpoints: `GET /api/v1/organization/{orgname}`,
    /// `POST /api/v1/organization/`.
    /// Operations: `getOrganization`, `createOrganization`.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`create`](Self::create), except that an existing organization is not
    /// an error. If something else has the name, such as a user,
    /// [`is_conflict`](crate::Error::is_conflict) is true.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::CreateOrganization;
    ///
    /// let organizations = quay.organizations();
    /// let created = organizations.create_if_absent(CreateOrganization::new("acme")).await?;
    /// let is_new = created.is_some();
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "getOrganization")]
    #[doc(alias = "createOrganization")]
    pub async fn create_if_absent(
        &self,
        organization: CreateOrganization,
    ) -> Result<Option<Organization>> {
        let name = organization.name.clone();
        if self.is_there(&name).await? {
            return Ok(None);
        }
        outcome::created(self.create(organization).await, self.is_there(&name)).await
    }

    async fn is_there(&self, name: &str) -> Result<bool> {
        let found = self.quay.send(self.quay.api().get_organization(name));
        Ok(none_if_not_found(found).await?.is_some())
    }
}
