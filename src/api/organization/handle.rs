//! One organization.

use crate::api::shared::{Parent, none_if_not_found, outcome, path_segment};
use crate::api::{
    ApplicationHandle, ApplicationsHandle, AutoPrunePoliciesHandle, BillingHandle,
    CollaboratorsHandle, DefaultPermissionsHandle, ImmutabilityPoliciesHandle, LogsHandle,
    MarketplaceHandle, MembersHandle, NotificationsHandle, OrganizationMirrorHandle,
    ProxyCacheHandle, QuotasHandle, RobotHandle, RobotsHandle, TeamHandle,
};
use crate::generated::params;
use crate::pagination::{Listing, SinglePage};
use crate::types::{Organization, Team, UpdateOrganization};
use crate::{Quay, Result};
use std::sync::Arc;

/// One organization: [`Quay::organization`].
#[derive(Debug, Clone)]
pub struct OrganizationHandle {
    pub(crate) quay: Quay,
    pub(crate) name: Arc<str>,
}

impl OrganizationHandle {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Reads the organization with its teams.
    ///
    /// Scope: none; who is no member sees less. Endpoint: `GET /api/v1/organization/{orgname}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?.get().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get(&self) -> Result<Organization> {
        self.quay
            .send(self.quay.api().get_organization(&self.name))
            .await
    }

    /// Reads the organization; `None` if there is none.
    ///
    /// Scope and endpoint: as [`get`](Self::get).
    ///
    /// # Errors
    /// As [`get`](Self::get), but not for a missing one.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let is_there = quay.organization("acme")?.get_opt().await?.is_some();
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<Organization>> {
        none_if_not_found(self.get()).await
    }

    fn parent(&self) -> Parent {
        Parent::Organization(Arc::clone(&self.name))
    }

    /// Its robot accounts.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let robots = quay.organization("acme")?.robots();
    /// # Ok(())
    /// # }
    /// ```
    pub fn robots(&self) -> RobotsHandle {
        RobotsHandle {
            quay: self.quay.clone(),
            parent: self.parent(),
        }
    }

    /// One of its robot accounts, by its short or full name.
    ///
    /// # Errors
    /// The name can't be one, or is of another organization's robot account.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let robot = quay.organization("acme")?.robot("ci")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn robot(&self, name: impl AsRef<str>) -> Result<RobotHandle> {
        RobotHandle::new(self.robots(), name.as_ref())
    }

    /// One of its teams.
    ///
    /// # Errors
    /// The name can't be one, so nothing could be sent.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let team = quay.organization("acme")?.team("devs")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn team(&self, name: impl AsRef<str>) -> Result<TeamHandle> {
        let team = path_segment("team", name.as_ref())?;
        Ok(TeamHandle {
            quay: self.quay.clone(),
            organization: Arc::clone(&self.name),
            team,
        })
    }

    /// Its usage logs. Scope: `org:admin`.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let logs = quay.organization("acme")?.logs();
    /// # Ok(())
    /// # }
    /// ```
    pub fn logs(&self) -> LogsHandle {
        LogsHandle {
            quay: self.quay.clone(),
            parent: self.parent(),
        }
    }

    /// Changes the settings that are set in the request, and no others.
    ///
    /// A `contact_email` is sent as `email` as well, unless that is set: servers before 3.16 know
    /// only the latter.
    ///
    /// Scope: `org:admin`. Endpoint: `PUT /api/v1/organization/{orgname}`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_invalid_request`](crate::Error::is_invalid_request) is true if
    /// the server does not allow a value, and an error for which
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) and
    /// [`may_have_been_done`](crate::Error::may_have_been_done) are true if it accepted the change and
    /// left a setting as it was.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// acme.update(quay_api::types::UpdateOrganization::new().email("acme@example.com")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn update(&self, mut change: UpdateOrganization) -> Result<Organization> {
        if change.email.is_none() {
            change.email = change.contact_email.value().cloned();
        }
        let request =
            self.quay
                .api()
                .change_organization_details(params::ChangeOrganizationDetails {
                    orgname: &self.name,
                    body: &change,
                });
        let now = self.quay.send(request).await?;
        // A server without an address shows a text of its own.
        let email = change.contact_email.value().or(change.email.as_ref());
        let email = email.filter(|email| !email.is_empty());
        outcome::check_changed("email", email, now.email.as_ref())?;
        outcome::check_changed(
            "tag_expiration_s",
            change.tag_expiration_s.as_ref(),
            now.tag_expiration_s.as_ref(),
        )?;
        outcome::check_changed(
            "invoice_email",
            change.invoice_email.as_ref(),
            now.invoice_email.as_ref(),
        )?;
        Ok(now)
    }

    /// Deletes the organization with everything in it.
    ///
    /// It looks whether the organization is gone, since the server acknowledges the deletion of one
    /// that was made of a disabled user, and keeps it. A deleted organization is gone at once; its
    /// name is free again after the server's worker has removed it, some seconds or minutes later.
    ///
    /// Scope: `org:admin`. Endpoints: `DELETE` and `GET /api/v1/organization/{orgname}`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if it does not
    /// exist, whatever the server says of that (500 or 403), [`is_conflict`](crate::Error::is_conflict)
    /// if the server kept it, and [`is_forbidden`](crate::Error::is_forbidden) if the caller may not
    /// delete it.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// acme.delete().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete(&self) -> Result<()> {
        let request = self.quay.api().delete_admined_organization(&self.name);
        let result = self.quay.send(request).await;
        outcome::organization_deleted(&self.quay, &self.name, result).await
    }

    /// Deletes it if it exists: true if it did and is gone now, false if there was nothing to do. It reads
    /// first: see [what is certain](crate::api#what-is-certain).
    ///
    /// Scope and endpoints: as [`get`](Self::get) and [`delete`](Self::delete).
    ///
    /// # Errors
    ///
    /// Returns the errors of both calls, except for what does not exist.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// acme.delete_if_exists().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self) -> Result<bool> {
        if self.get_opt().await?.is_none() {
            return Ok(false);
        }
        outcome::deleted(self.delete().await)
    }

    /// Lists the teams, as far as the caller may see them.
    ///
    /// Scope: none. Endpoint: `GET /api/v1/organization/{orgname}`. All in one answer.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// for team in acme.teams().await? {
    ///     println!("{} {:?}", team.name, team.member_count);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn teams(&self) -> Listing<SinglePage<Team>> {
        let request = self.quay.api().get_organization(&self.name);
        Listing::single_page(&self.quay, request, |organization| {
            organization
                .teams
                .unwrap_or_default()
                .into_values()
                .collect()
        })
    }

    /// Who belongs to it.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let members = quay.organization("acme")?.members();
    /// # Ok(())
    /// # }
    /// ```
    pub fn members(&self) -> MembersHandle {
        MembersHandle {
            quay: self.quay.clone(),
            organization: Arc::clone(&self.name),
        }
    }

    /// Who works with it without belonging to it.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let collaborators = quay.organization("acme")?.collaborators();
    /// # Ok(())
    /// # }
    /// ```
    pub fn collaborators(&self) -> CollaboratorsHandle {
        CollaboratorsHandle {
            quay: self.quay.clone(),
            organization: Arc::clone(&self.name),
        }
    }

    /// Its OAuth applications.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let applications = quay.organization("acme")?.applications();
    /// # Ok(())
    /// # }
    /// ```
    pub fn applications(&self) -> ApplicationsHandle {
        ApplicationsHandle {
            quay: self.quay.clone(),
            organization: Arc::clone(&self.name),
        }
    }

    /// One of its OAuth applications, by client identifier.
    ///
    /// # Errors
    /// The name can't be one, so nothing could be sent.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let application = quay.organization("acme")?.application("MSTR7XIVYZYRPJ97A1GR")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn application(&self, client_id: impl AsRef<str>) -> Result<ApplicationHandle> {
        let client_id = path_segment("client identifier", client_id.as_ref())?;
        Ok(ApplicationHandle {
            quay: self.quay.clone(),
            organization: Arc::clone(&self.name),
            client_id,
        })
    }

    /// The permissions that its new repositories grant.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let default_permissions = quay.organization("acme")?.default_permissions();
    /// # Ok(())
    /// # }
    /// ```
    pub fn default_permissions(&self) -> DefaultPermissionsHandle {
        DefaultPermissionsHandle {
            quay: self.quay.clone(),
            organization: Arc::clone(&self.name),
        }
    }

    /// Its storage quotas.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let quotas = quay.organization("acme")?.quotas();
    /// # Ok(())
    /// # }
    /// ```
    pub fn quotas(&self) -> QuotasHandle {
        QuotasHandle {
            quay: self.quay.clone(),
            organization: Arc::clone(&self.name),
        }
    }

    /// It as a proxy cache of another registry.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let proxy_cache = quay.organization("acme")?.proxy_cache();
    /// # Ok(())
    /// # }
    /// ```
    pub fn proxy_cache(&self) -> ProxyCacheHandle {
        ProxyCacheHandle {
            quay: self.quay.clone(),
            organization: Arc::clone(&self.name),
        }
    }

    /// It as a mirror of a namespace of another registry.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let mirror = quay.organization("acme")?.mirror();
    /// # Ok(())
    /// # }
    /// ```
    pub fn mirror(&self) -> OrganizationMirrorHandle {
        OrganizationMirrorHandle {
            quay: self.quay.clone(),
            organization: Arc::clone(&self.name),
        }
    }

    /// Its plan, payment card and invoices.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let billing = quay.organization("acme")?.billing();
    /// # Ok(())
    /// # }
    /// ```
    pub fn billing(&self) -> BillingHandle {
        BillingHandle {
            quay: self.quay.clone(),
            parent: self.parent(),
        }
    }

    /// The marketplace subscriptions that are bound to it.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let marketplace = quay.organization("acme")?.marketplace();
    /// # Ok(())
    /// # }
    /// ```
    pub fn marketplace(&self) -> MarketplaceHandle {
        MarketplaceHandle {
            quay: self.quay.clone(),
            organization: Arc::clone(&self.name),
        }
    }

    /// Notifications about events in it.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let notifications = quay.organization("acme")?.notifications();
    /// # Ok(())
    /// # }
    /// ```
    pub fn notifications(&self) -> NotificationsHandle {
        NotificationsHandle {
            quay: self.quay.clone(),
            parent: self.parent(),
        }
    }

    /// Which tags the server deletes by itself in its repositories.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let autoprune_policies = quay.organization("acme")?.autoprune_policies();
    /// # Ok(())
    /// # }
    /// ```
    pub fn autoprune_policies(&self) -> AutoPrunePoliciesHandle {
        AutoPrunePoliciesHandle {
            quay: self.quay.clone(),
            parent: self.parent(),
        }
    }

    /// Which tags may not be moved or deleted in its repositories.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let immutability_policies = quay.organization("acme")?.immutability_policies();
    /// # Ok(())
    /// # }
    /// ```
    pub fn immutability_policies(&self) -> ImmutabilityPoliciesHandle {
        ImmutabilityPoliciesHandle {
            quay: self.quay.clone(),
            parent: self.parent(),
        }
    }
}
