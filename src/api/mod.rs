//! Handles that read like the domain: a repository, its tags, an organization, its robot accounts.
//!
//! A handle is made from [`Quay`](crate::Quay), holds the name of what it is about, and sends
//! nothing until one of its methods is awaited. The verbs are the same everywhere: `list` gives a
//! [`Listing`](crate::Listing), `get`, `create`, `update` and `delete` do one call; `get_opt` gives
//! `None` for what is not there.

mod account;
mod entry_points;
mod organization;
mod repository;
mod server;
mod shared;
mod superuser;
#[cfg(test)]
mod tests;

pub use account::{AppTokensHandle, AuthorizationsHandle, MeHandle, MyQuotasHandle, NoticesHandle};
pub use organization::{
    ApplicationHandle, ApplicationTokensHandle, ApplicationsHandle, CollaboratorsHandle,
    DefaultPermissionsHandle, ListMirroredRepositories, MarketplaceHandle, MembersHandle,
    OrganizationHandle, OrganizationMirrorHandle, OrganizationsHandle, ProxyCacheHandle,
    QuotasHandle, TeamHandle, TeamMembersHandle, TeamSyncHandle,
};
pub use repository::{
    BuildHandle, BuildsHandle, GetManifest, GetRepository, GetSecurity, LabelsHandle, ListBuilds,
    ListRepositories, ListTags, ManifestHandle, MirrorHandle, PermissionsHandle,
    RepositoriesHandle, RepositoryHandle, TagHandle, TagsHandle, TriggerHandle, TriggersHandle,
};
pub use server::{
    AuthorizationUrl, BootstrapHandle, Comparison, Difference, DiscoveryHandle, ErrorsHandle,
    FindEntities, ListMirrorHealth, MessagesHandle, MirrorHealthHandle, SearchHandle,
    SearchRepositories,
};
pub use shared::{
    AutoPrunePoliciesHandle, BillingHandle, Days, ImmutabilityPoliciesHandle, ListBuildLines,
    ListLogs, ListRobots, LogsHandle, NotificationsHandle, RobotHandle, RobotsHandle,
};
pub use superuser::{
    AnyBuildHandle, AssignedQuotasHandle, ListOrganizations, ListUsers, OrganizationAccountHandle,
    ServiceKeysHandle, SuperuserHandle, UserHandle, UsersHandle,
};
