//! Handles that read like the domain: a repository, its tags, an organization, its robot accounts.
//!
//! A handle is made from [`Quay`], holds the name of what it is about, and sends nothing until one
//! of its methods is awaited. The verbs are the same everywhere: `list` gives a
//! [`Listing`](crate::Listing), `get`, `create`, `update` and `delete` do one call; `get_opt` gives
//! `None` for what is not there.

mod account;
mod applications;
mod authorization;
mod billing;
mod builds;
mod default_permissions;
mod discovery;
mod logs;
mod manifests;
mod me;
mod members;
mod mirror;
mod mirror_health;
mod notifications;
mod organization;
mod organization_mirror;
mod permissions;
mod policies;
mod proxy_cache;
mod quotas;
mod repositories;
mod repository;
mod robots;
mod search;
mod server;
mod service_keys;
mod superuser;
mod superuser_organizations;
mod tags;
mod team;
mod triggers;

pub use account::{AppTokensHandle, AuthorizationsHandle, NoticesHandle};
pub use applications::{ApplicationHandle, ApplicationTokensHandle, ApplicationsHandle};
pub use authorization::AuthorizationUrl;
pub use billing::{BillingHandle, MarketplaceHandle};
pub use builds::{BuildHandle, BuildsHandle, ListBuildLines, ListBuilds};
pub use default_permissions::DefaultPermissionsHandle;
pub use discovery::{Comparison, Difference, DiscoveryHandle};
pub use logs::{Days, ListLogs, LogsHandle};
pub use manifests::{GetManifest, GetSecurity, LabelsHandle, ManifestHandle};
pub use me::MeHandle;
pub use members::{CollaboratorsHandle, MembersHandle};
pub use mirror::MirrorHandle;
pub use mirror_health::{ListMirrorHealth, MirrorHealthHandle};
pub use notifications::NotificationsHandle;
pub use organization::OrganizationHandle;
pub use organization_mirror::{ListMirroredRepositories, OrganizationMirrorHandle};
pub use permissions::PermissionsHandle;
pub use policies::{AutoPrunePoliciesHandle, ImmutabilityPoliciesHandle};
pub use proxy_cache::ProxyCacheHandle;
pub use quotas::{AssignedQuotasHandle, MyQuotasHandle, QuotasHandle};
pub use repositories::{ListRepositories, RepositoriesHandle};
pub use repository::{GetRepository, RepositoryHandle};
pub use robots::{ListRobots, RobotHandle, RobotsHandle};
pub use search::{FindEntities, SearchHandle, SearchRepositories};
pub use server::{BootstrapHandle, ErrorsHandle, MessagesHandle, OrganizationsHandle};
pub use service_keys::ServiceKeysHandle;
pub use superuser::{ListOrganizations, ListUsers, SuperuserHandle, UserHandle, UsersHandle};
pub use superuser_organizations::{AnyBuildHandle, OrganizationAccountHandle};
pub use tags::{ListTags, TagHandle, TagsHandle};
pub use team::{TeamHandle, TeamMembersHandle, TeamSyncHandle};
pub use triggers::{TriggerHandle, TriggersHandle};

use crate::types::{InvalidValue, RepositoryName, check_segment};
use crate::{Error, Quay, Result};
use std::sync::Arc;

impl Quay {
    /// All repositories that the caller may see, and new ones.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repositories = quay.repositories();
    /// # Ok(())
    /// # }
    /// ```
    pub fn repositories(&self) -> RepositoriesHandle {
        RepositoriesHandle { quay: self.clone() }
    }

    /// One repository, by its full name.
    ///
    /// # Errors
    /// The name can't be one, so nothing could be sent.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let web = quay.repository("acme/team/web")?;
    /// assert_eq!(web.name().namespace(), "acme");
    /// # Ok(())
    /// # }
    /// ```
    pub fn repository<N>(&self, name: N) -> Result<RepositoryHandle>
    where
        N: TryInto<RepositoryName>,
        InvalidValue: From<N::Error>,
    {
        let name = name.try_into().map_err(InvalidValue::from)?;
        Ok(RepositoryHandle {
            quay: self.clone(),
            name: Arc::new(name),
        })
    }

    /// One organization, by its name.
    ///
    /// # Errors
    /// The name can't be one, so nothing could be sent.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn organization(&self, name: impl AsRef<str>) -> Result<OrganizationHandle> {
        Ok(OrganizationHandle {
            quay: self.clone(),
            name: segment("organization", name.as_ref())?,
        })
    }

    /// The user that the token belongs to.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let me = quay.me();
    /// # Ok(())
    /// # }
    /// ```
    pub fn me(&self) -> MeHandle {
        MeHandle { quay: self.clone() }
    }

    /// What only superusers may do.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let superuser = quay.superuser();
    /// # Ok(())
    /// # }
    /// ```
    pub fn superuser(&self) -> SuperuserHandle {
        SuperuserHandle { quay: self.clone() }
    }

    /// What the server says of its own API.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let discovery = quay.discovery();
    /// # Ok(())
    /// # }
    /// ```
    pub fn discovery(&self) -> DiscoveryHandle {
        DiscoveryHandle { quay: self.clone() }
    }
}

/// Lets a builder be awaited: `awaited!(Builder => Output, |this| expression)`.
macro_rules! awaited {
    ($builder:ty => $output:ty, |$this:ident| $call:expr) => {
        impl std::future::IntoFuture for $builder {
            type Output = Result<$output>;
            type IntoFuture = std::pin::Pin<Box<dyn Future<Output = Self::Output> + Send>>;

            // Compiled where it is awaited: whoever does not use it does not pay for it.
            #[inline]
            fn into_future(self) -> Self::IntoFuture {
                let $this = self;
                Box::pin(async move { $call.await })
            }
        }
    };
}

use awaited;

/// A name that becomes one segment of a path.
fn segment(kind: &'static str, value: &str) -> Result<Arc<str>> {
    Ok(Arc::from(check_segment(kind, value)?))
}

/// How the server wants true and false in a query; what is not set is not sent.
fn flag(value: bool) -> Option<&'static str> {
    value.then_some("true")
}

/// `None` for what is not there.
fn optional<T>(result: Result<T>) -> Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if Error::is_not_found(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// `None` for what could not be created because it is there.
fn absent<T>(result: Result<T>) -> Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.is_already_exists() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whose it is: what users and organizations share is written once, over this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Owner {
    Organization(Arc<str>),
    Me,
}

impl Owner {
    /// One for each kind of owner.
    fn either<T>(&self, organization: T, me: T) -> T {
        match self {
            Self::Organization(_) => organization,
            Self::Me => me,
        }
    }
}

/// Where notifications and pruning policies can be.
#[derive(Debug, Clone)]
pub(crate) enum Place {
    Organization(Arc<str>),
    Repository(Arc<RepositoryName>),
    Me,
}

impl Place {
    /// One for each kind of place.
    fn pick<T>(&self, organization: T, repository: T, me: T) -> T {
        match self {
            Self::Organization(_) => organization,
            Self::Repository(_) => repository,
            Self::Me => me,
        }
    }
}

/// What has immutability policies.
#[derive(Debug, Clone)]
pub(crate) enum Ruled {
    Organization(Arc<str>),
    Repository(Arc<RepositoryName>),
}

impl Ruled {
    /// One for each kind of what is ruled.
    fn pick<T>(&self, organization: T, repository: T) -> T {
        match self {
            Self::Organization(_) => organization,
            Self::Repository(_) => repository,
        }
    }
}
