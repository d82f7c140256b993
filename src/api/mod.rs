//! Handles that read like the domain: a repository, its tags, an organization, its robot accounts.
//!
//! A handle is made from [`Quay`](crate::Quay), holds the name of what it is about, and sends
//! nothing until one of its methods is awaited. The verbs are the same everywhere: `list` gives a
//! [`Listing`](crate::Listing), `get`, `create`, `update` and `delete` do one call; `get_opt` gives
//! `None` for what is not there.
//!
//! # What is certain
//!
//! `Ok` means done. Where the server acknowledges a request and does nothing, or something else, the
//! method looks, before or afterwards, and returns an error instead; its documentation names the
//! requests that this takes.
//!
//! - `create_if_absent` reads first. If the thing is there, nothing is written, so it also works
//!   while the registry is read-only. What it is like is not compared. A name that something else has
//!   (a user where an organization should be, another user's e-mail address, the name of an
//!   organization that was deleted a moment ago) is an error, for which
//!   [`is_conflict`](crate::Error::is_conflict) is true. Where only one of its name can exist, a
//!   caller who is slower than another one gets the same result as one who comes later.
//! - `delete_if_exists`, `remove_if_exists` and `revoke_if_exists` read first as well. True means that
//!   it was there and is gone now: this call deleted it, possibly in an attempt whose response was
//!   lost, or another caller did at the same moment. False means that it was not there, and that
//!   nothing was written.
//! - `delete`, `remove` and `revoke` return an error for which
//!   [`is_not_found`](crate::Error::is_not_found) is true if there was nothing to delete. If
//!   [`may_have_been_done`](crate::Error::may_have_been_done) is true as well, an earlier attempt of
//!   the same call may have deleted it.
//! - `get_opt` returns `None` for what does not exist *or what the server hides from the caller*;
//!   the two can't be told apart.
//! - An empty list below something that does not exist is an error: the server gives superusers an
//!   empty list there, so that an empty one costs a request for the owner.
//! - If an error has [`may_have_been_done`](crate::Error::may_have_been_done), the write may have
//!   taken effect. A helper that reads first can be called again; what a creation returns once (a
//!   token, a password) is lost then.

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
    SearchRepositories, ServerHandle, ServerInfo,
};
pub use shared::{
    AutoPrunePoliciesHandle, BillingHandle, Days, ImmutabilityPoliciesHandle, ListBuildLines,
    ListLogs, ListRobots, LogsHandle, NotificationsHandle, RobotHandle, RobotsHandle,
};
pub use superuser::{
    ListOrganizations, ListUsers, ServiceKeysHandle, SuperuserBuildHandle, SuperuserHandle,
    SuperuserOrganizationHandle, SuperuserQuotasHandle, SuperuserUserHandle, SuperuserUsersHandle,
};
