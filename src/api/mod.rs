//! Handles that read like the domain: a repository, its tags, an organization, its robot accounts.
//!
//! A handle is made from [`Quay`](crate::Quay), holds the name of what it is about, and sends
//! nothing until one of its methods is awaited. A resource has two handles, and the verbs are the
//! same everywhere:
//!
//! | handle | example | verbs |
//! | --- | --- | --- |
//! | collection | `organization.robots()` | `list`, `create`, `create_if_absent` |
//! | item | `organization.robot("ci")?` | `get`, `get_opt`, `update`, `delete`, `delete_if_exists`, and its name or identifier |
//! | one per parent | `repository.mirror()` | those of both without `list`, as far as the server has them |
//!
//! `list` returns a [`Listing`](crate::Listing), whose methods filter it. `get_opt` returns `None`
//! for what does not exist. `ensure`, of what is set up, compares and makes the least change: see
//! [desired state](crate::guide::desired_state). Reading with options is `get_with`. A value with
//! an operation of its own is `set_…`, a switch is `enable` and `disable`. A row leads to its
//! handle: `quay.repository(&row)?`, `repository.manifest(&digest)?`.
//!
//! # What is certain
//!
//! `Ok` means done. Where the server acknowledges a request and does nothing, or something else,
//! the method looks, before or afterwards, and returns an error instead; its documentation names
//! the requests that this takes.
//!
//! - `create_if_absent` reads first. If the thing is there, nothing is written, so it also works
//!   while the registry is read-only. What it is like is not compared. A name that something else
//!   has (a user where an organization should be, another user's e-mail address, the name of an
//!   organization that was deleted a moment ago) is an error, for which
//!   [`is_conflict`](crate::Error::is_conflict) is true. Where only one of its name can exist, a
//!   caller who is slower than another one gets the same result as one who comes later.
//! - `ensure` reads first as well, and reports what it did. If nothing differs, nothing is written.
//! - `create` returns what was created. Where the response of the server does not hold it, it is
//!   read afterwards; an error of that read says that it was created, and
//!   [`may_have_been_done`](crate::Error::may_have_been_done) is true.
//! - `delete_if_exists` reads first as well. True means that it was there and is gone now: this
//!   call deleted it, possibly in an attempt whose response was lost, or another caller did at the
//!   same moment. False means that it was not there, and that nothing was written.
//! - `delete` returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if
//!   there was nothing to delete. If [`may_have_been_done`](crate::Error::may_have_been_done) is
//!   true as well, an earlier attempt of the same call may have deleted it.
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

pub use account::{
    AppTokenHandle, AppTokensHandle, AssignedAuthorizationHandle, AssignedAuthorizationsHandle,
    AuthorizationHandle, AuthorizationsHandle, ListAppTokens, MeHandle, MyQuotaHandle,
    MyQuotaLimitHandle, MyQuotaLimitsHandle, MyQuotasHandle, NoticeHandle, NoticesHandle,
};
pub use organization::{
    ApplicationHandle, ApplicationTokenHandle, ApplicationTokensHandle, ApplicationsHandle,
    DefaultPermissionHandle, DefaultPermissionsHandle, ListMirroredRepositories, ListTeamMembers,
    MarketplaceHandle, MemberHandle, MembersHandle, OrganizationHandle, OrganizationMirrorHandle,
    OrganizationRepositoriesHandle, OrganizationsHandle, ProxyCacheHandle, QuotaHandle,
    QuotaLimitHandle, QuotaLimitsHandle, QuotasHandle, TeamHandle, TeamMemberHandle,
    TeamMembersHandle, TeamSyncHandle, TeamsHandle,
};
pub use repository::{
    BuildHandle, BuildsHandle, GetManifest, GetRepository, GetSecurity, ImageSecurity, LabelHandle,
    LabelsHandle, ListBuilds, ListLabels, ListRepositories, ListTags, ListTriggerBuilds,
    ManifestHandle, MirrorHandle, RepositoriesHandle, RepositoryHandle, TagHandle, TagsHandle,
    TeamPermissionHandle, TeamPermissionsHandle, TriggerBuildsHandle, TriggerHandle,
    TriggersHandle, UserPermissionHandle, UserPermissionsHandle,
};
pub use server::{
    AuthorizationUrl, BootstrapHandle, Comparison, Difference, DiscoveryHandle,
    ErrorDescriptionHandle, FindEntities, ListMirrorHealth, MessageHandle, MessagesHandle,
    MirrorHealthHandle, PublicApplicationHandle, SearchHandle, SearchRepositories, ServerHandle,
    ServerInfo, UserHandle,
};
pub use shared::{
    AggregateLogs, AutoPrunePoliciesHandle, AutoPrunePolicyHandle, BillingHandle, Days, Ensure,
    Ensured, FollowLogs, FollowedLogs, ImmutabilityPoliciesHandle, ImmutabilityPolicyHandle,
    InvoiceFieldHandle, InvoiceFieldsHandle, ListBuildLines, ListLogs, ListRobots, LogsHandle,
    NewLogs, NotificationHandle, NotificationsHandle, RobotFederationHandle, RobotHandle,
    RobotsHandle,
};
pub use superuser::{
    ListOrganizations, ListUsers, ServiceKeyHandle, ServiceKeysHandle, SuperuserAppTokensHandle,
    SuperuserBuildHandle, SuperuserHandle, SuperuserOrganizationHandle,
    SuperuserOrganizationsHandle, SuperuserQuotaHandle, SuperuserQuotasHandle, SuperuserUserHandle,
    SuperuserUsersHandle,
};
