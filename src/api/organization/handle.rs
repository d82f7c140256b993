//! One organization, and the handles of what belongs to it.

use crate::api::shared::{Parent, path_segment};
use crate::api::{
    ApplicationHandle, ApplicationsHandle, AutoPrunePoliciesHandle, BillingHandle,
    DefaultPermissionHandle, DefaultPermissionsHandle, ImmutabilityPoliciesHandle, LogsHandle,
    MarketplaceHandle, MemberHandle, MembersHandle, NotificationsHandle, OrganizationMirrorHandle,
    OrganizationRepositoriesHandle, ProxyCacheHandle, QuotaHandle, QuotasHandle, RepositoryHandle,
    RobotHandle, RobotsHandle, TeamHandle, TeamsHandle,
};
use crate::pagination::{Listing, SinglePage};
use crate::types::{Collaborator, QuotaId, RepositoryName};
use crate::{Quay, Result};
use std::sync::Arc;

/// One organization: [`Quay::organization`].
#[derive(Debug, Clone)]
pub struct OrganizationHandle {
    pub(crate) quay: Quay,
    pub(crate) name: Arc<str>,
}

impl OrganizationHandle {
    /// Returns its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the handle of its repositories.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repositories = quay.organization("acme")?.repositories();
    /// # Ok(())
    /// # }
    /// ```
    pub fn repositories(&self) -> OrganizationRepositoriesHandle {
        OrganizationRepositoriesHandle {
            quay: self.quay.clone(),
            organization: Arc::clone(&self.name),
        }
    }

    /// One of its repositories, by its name within the organization.
    ///
    /// # Errors
    ///
    /// Returns an error if it can't be a name; nothing is sent then.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let web = quay.organization("acme")?.repository("web")?;
    /// assert_eq!(web.name().as_str(), "acme/web");
    /// # Ok(())
    /// # }
    /// ```
    pub fn repository(&self, name: impl AsRef<str>) -> Result<RepositoryHandle> {
        let name = RepositoryName::new(&self.name, name.as_ref())?;
        self.quay.repository(name)
    }

    fn parent(&self) -> Parent {
        Parent::Organization(Arc::clone(&self.name))
    }

    /// Returns the handle of its robot accounts.
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

    /// Returns the handle of its teams.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let teams = quay.organization("acme")?.teams();
    /// # Ok(())
    /// # }
    /// ```
    pub fn teams(&self) -> TeamsHandle {
        TeamsHandle {
            quay: self.quay.clone(),
            organization: Arc::clone(&self.name),
        }
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

    /// Returns the handle of its usage logs. Scope: `org:admin`.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let logs = quay.organization("acme")?.logs();
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "usage logs")]
    pub fn logs(&self) -> LogsHandle {
        LogsHandle {
            quay: self.quay.clone(),
            parent: self.parent(),
        }
    }

    /// Returns the handle of its members.
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

    /// One of its members, or a user who works with it, by name.
    ///
    /// # Errors
    ///
    /// Returns an error if it can't be a name; nothing is sent then.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let alice = quay.organization("acme")?.member("alice")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn member(&self, name: impl AsRef<str>) -> Result<MemberHandle> {
        Ok(MemberHandle {
            quay: self.quay.clone(),
            organization: Arc::clone(&self.name),
            name: path_segment("user name", name.as_ref())?,
        })
    }

    /// Lists who may use its repositories without being a member.
    ///
    /// Scope: `org:admin`. Endpoint: `GET /api/v1/organization/{orgname}/collaborators`. All in one
    /// answer.
    /// Operation: `getOrganizationCollaborators`.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let collaborators = quay.organization("acme")?.collaborators().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "getOrganizationCollaborators")]
    #[inline]
    pub fn collaborators(&self) -> Listing<SinglePage<Collaborator>> {
        let request = self.quay.api().get_organization_collaborators(&self.name);
        Listing::single_page(&self.quay, request, |response| response.collaborators)
    }

    /// Returns the handle of its OAuth applications.
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
    #[doc(alias = "prototypes")]
    pub fn default_permissions(&self) -> DefaultPermissionsHandle {
        DefaultPermissionsHandle {
            quay: self.quay.clone(),
            organization: Arc::clone(&self.name),
        }
    }

    /// One of its default permissions, by identifier.
    ///
    /// # Errors
    ///
    /// Returns an error if it can't be an identifier; nothing is sent then.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let rule = acme.default_permission("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "prototype")]
    pub fn default_permission(&self, id: impl AsRef<str>) -> Result<DefaultPermissionHandle> {
        Ok(DefaultPermissionHandle {
            permissions: self.default_permissions(),
            id: path_segment("default permission identifier", id.as_ref())?,
        })
    }

    /// Returns the handle of its storage quotas.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let quotas = quay.organization("acme")?.quotas();
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "quota")]
    pub fn quotas(&self) -> QuotasHandle {
        QuotasHandle {
            quay: self.quay.clone(),
            organization: Arc::clone(&self.name),
        }
    }

    /// One of its storage quotas.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let quota = quay.organization("acme")?.quota(1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn quota(&self, id: impl Into<QuotaId>) -> QuotaHandle {
        QuotaHandle {
            quay: self.quay.clone(),
            organization: Arc::clone(&self.name),
            id: id.into(),
        }
    }

    /// Returns the handle of its settings as a proxy cache of another registry.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let proxy_cache = quay.organization("acme")?.proxy_cache();
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "proxycache")]
    pub fn proxy_cache(&self) -> ProxyCacheHandle {
        ProxyCacheHandle {
            quay: self.quay.clone(),
            organization: Arc::clone(&self.name),
        }
    }

    /// Returns the handle of its settings as a mirror of a namespace of another registry.
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

    /// Returns the handle of its plan, payment card and invoices.
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

    /// Returns the handle of the policies by which the server deletes tags in its repositories.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let autoprune_policies = quay.organization("acme")?.autoprune_policies();
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "autoprunepolicy")]
    pub fn autoprune_policies(&self) -> AutoPrunePoliciesHandle {
        AutoPrunePoliciesHandle {
            quay: self.quay.clone(),
            parent: self.parent(),
        }
    }

    /// Returns the handle of the policies by which tags in its repositories may not be moved or
    /// deleted.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let immutability_policies = quay.organization("acme")?.immutability_policies();
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "immutabilitypolicy")]
    pub fn immutability_policies(&self) -> ImmutabilityPoliciesHandle {
        ImmutabilityPoliciesHandle {
            quay: self.quay.clone(),
            parent: self.parent(),
        }
    }
}
