//! The handle of one organization, which leads to the handles of its resources.

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

/// The handle of one organization: [`Quay::organization`].
#[derive(Debug, Clone)]
pub struct OrganizationHandle {
    pub(crate) quay: Quay,
    pub(crate) name: Arc<str>,
}

impl OrganizationHandle {
    /// Returns the name of the organization.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the handle of the organization's repositories.
    ///
    /// # Examples
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

    /// Returns the handle of one of the organization's repositories, by its name without the
    /// namespace.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if
    /// the name is not a valid [`RepositoryName`].
    ///
    /// # Examples
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

    /// Returns the handle of the organization's robot accounts.
    ///
    /// # Examples
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

    /// Returns the handle of one of the organization's robot accounts, by its short or full name.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if
    /// the name is empty or not valid in a path, or is that of another organization's robot
    /// account.
    ///
    /// # Examples
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

    /// Returns the handle of the organization's teams.
    ///
    /// # Examples
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

    /// Returns the handle of one of the organization's teams.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if
    /// the name is empty or not valid in a path.
    ///
    /// # Examples
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

    /// Returns the handle of the organization's usage logs.
    ///
    /// Scope: `org:admin`.
    ///
    /// # Examples
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

    /// Returns the handle of the organization's members.
    ///
    /// # Examples
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

    /// Returns the handle of one of the organization's members or collaborators, by name.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if
    /// the name is empty or not valid in a path.
    ///
    /// # Examples
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

    /// Lists the users who have permissions for the organization's repositories but are not
    /// members.
    ///
    /// Scope: `org:admin`. Endpoint: `GET /api/v1/organization/{orgname}/collaborators`. The
    /// response is not paged.
    /// Operation: `getOrganizationCollaborators`.
    ///
    /// # Examples
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

    /// Returns the handle of the organization's OAuth applications.
    ///
    /// # Examples
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

    /// Returns the handle of one of the organization's OAuth applications, by client identifier.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if
    /// the client identifier is empty or not valid in a path.
    ///
    /// # Examples
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

    /// Returns the handle of the permissions that each new repository of the organization grants.
    ///
    /// # Examples
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

    /// Returns the handle of one of the organization's default permissions, by identifier.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if
    /// the identifier is empty or not valid in a path.
    ///
    /// # Examples
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

    /// Returns the handle of the organization's storage quotas.
    ///
    /// # Examples
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

    /// Returns the handle of one of the organization's storage quotas.
    ///
    /// # Examples
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

    /// Returns the handle of the organization's proxy cache settings, with which it caches another
    /// registry.
    ///
    /// # Examples
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

    /// Returns the handle of the organization's mirror settings, by which it copies a namespace of
    /// another registry.
    ///
    /// # Examples
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

    /// Returns the handle of the organization's plan, payment card and invoices.
    ///
    /// # Examples
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

    /// Returns the handle of the marketplace subscriptions that are bound to the organization.
    ///
    /// # Examples
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

    /// Returns the handle of the organization's notifications, which report events in it.
    ///
    /// # Examples
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

    /// Returns the handle of the organization's autoprune policies, by which the server deletes
    /// tags.
    ///
    /// They apply to all repositories of the organization.
    ///
    /// # Examples
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

    /// Returns the handle of the organization's immutability policies, which protect tags from
    /// being moved or deleted.
    ///
    /// They apply to all repositories of the organization.
    ///
    /// # Examples
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
