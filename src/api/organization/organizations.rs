//! The organizations of the caller, and new ones.

use crate::api::shared::{none_if_not_found, outcome};
use crate::pagination::{Listing, SinglePage};
use crate::types::{CreateOrganization, Organization, UserOrganization};
use crate::{Quay, Result};

/// The organizations of the caller, and new ones: [`Quay::organizations`]. Those of the server are
/// in [`SuperuserHandle::organizations`](crate::api::SuperuserHandle::organizations).
#[derive(Debug, Clone)]
pub struct OrganizationsHandle {
    pub(crate) quay: Quay,
}

impl OrganizationsHandle {
    /// Lists the organizations that the caller belongs to.
    ///
    /// Scope: `user:read`. Endpoint: `GET /api/v1/user/`. All in one answer.
    /// Operation: `getLoggedInUser`.
    ///
    /// # Errors
    ///
    /// When it is read: returns an error for which
    /// [`is_unauthenticated`](crate::Error::is_unauthenticated) is true if the token has no user,
    /// or lacks the scope.
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
    /// The organization is read afterwards: the response does not hold it. A `contact_email` is
    /// sent as `email` as well, unless that is set: servers before 3.16 know only the latter.
    ///
    /// Scope: `user:admin`. Endpoints: `POST /api/v1/organization/`,
    /// `GET /api/v1/organization/{orgname}`.
    /// Operations: `createOrganization`, `getOrganization`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_already_exists`](crate::Error::is_already_exists) is true if
    /// an organization **or a user** has this name, and [`is_conflict`](crate::Error::is_conflict)
    /// if the name was deleted a moment ago and is not free yet, or the e-mail address is in use on
    /// a server that allows it once. If the organization was created and could not be read,
    /// [`may_have_been_done`](crate::Error::may_have_been_done) is true.
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
        outcome::check_changed("contact_email", contact, created.email.as_ref())?;
        Ok(created)
    }

    /// Creates an organization unless there is one of that name, whoever owns it: `None` if there
    /// is.
    ///
    /// It reads first: if the organization exists, nothing is written, and its settings are not
    /// compared.
    ///
    /// Scope: `user:admin`. Endpoints: `GET /api/v1/organization/{orgname}`,
    /// `POST /api/v1/organization/`.
    /// Operations: `getOrganization`, `createOrganization`.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`create`](Self::create), except for an organization that exists. If
    /// something else has the name, such as a user, [`is_conflict`](crate::Error::is_conflict) is
    /// true.
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
