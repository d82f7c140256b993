//! Handles for Quay's resources: repositories, tags, organizations, robot accounts and more.
//!
//! Methods of [`Quay`](crate::Quay) return handles. A handle holds the name of its resource, and
//! sends nothing until one of its methods is awaited. Most resources have two handles, and all
//! handles use the same verbs:
//!
//! | handle | example | verbs |
//! | --- | --- | --- |
//! | collection | `organization.robots()` | `list`, `create`, `create_if_absent` |
//! | item | `organization.robot("ci")?` | `get`, `get_opt`, `update`, `delete`, `delete_if_exists`, and a getter for its name or identifier |
//! | one per parent | `repository.mirror()` | those of both except `list`, if the server has them |
//!
//! - `list` returns a [`Listing`](crate::Listing), which has methods to filter it.
//! - `get_opt` returns `None` if the resource does not exist.
//! - `get_with` reads with options.
//! - `ensure` compares the resource with the desired settings and makes the smallest change that is
//!   needed: see [desired state](crate::guide::desired_state).
//! - `set_…` changes a value that has its own operation. `enable` and `disable` turn a feature on
//!   and off.
//!
//! A listed row can be used to make the handle of its resource: `quay.repository(&row)?`,
//! `repository.manifest(&digest)?`.
//!
//! # What is certain
//!
//! `Ok` means that the operation was done. Where a server acknowledges a request without doing what
//! it says, the method reads the resource before or after the request, and returns an error if
//! nothing was done. The documentation of the method names these extra requests.
//!
//! - `create_if_absent` reads first. If the resource exists, nothing is written, so the call also
//!   succeeds while the registry is read-only. The settings of the existing resource are not
//!   compared. If the name is taken by something else, the method returns an error for which
//!   [`is_conflict`](crate::Error::is_conflict) is true. Examples are a user with the name of the
//!   organization, another user with the same e-mail address, and an organization that was deleted
//!   recently. If two callers create the same resource at the same time and only one of them
//!   can succeed, the other one gets `None`.
//! - `ensure` reads first too, and reports what it did. If nothing differs, nothing is written.
//! - `create` returns the created resource. If the server's response does not contain it, the
//!   method reads it afterwards. If that read fails, the error says that the resource was created,
//!   and [`may_have_been_done`](crate::Error::may_have_been_done) is true.
//! - `delete_if_exists` reads first too, except where the server reports reliably that a resource
//!   does not exist: there it only sends the deletion. True means that the resource existed and is
//!   now deleted: by this call, by an earlier attempt whose response was lost, or by another caller
//!   at the same time. False means that it did not exist and that nothing was changed.
//! - `delete` returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if
//!   there was nothing to delete. If [`may_have_been_done`](crate::Error::may_have_been_done) is
//!   true as well, an earlier attempt of the same call may have deleted it.
//! - `get_opt` returns `None` only if the server says that the resource does not exist. If the
//!   caller may not see it, the result is an error: see [repositories that the caller can't
//!   see](RepositoryHandle#repositories-that-the-caller-cant-see).
//! - Reading a list whose parent does not exist is an error. For a superuser, the server responds
//!   with an empty list in this case, so the crate sends one more request after an empty list, to
//!   check the parent.
//! - If [`may_have_been_done`](crate::Error::may_have_been_done) is true for an error, the write
//!   may have taken effect. A method that reads first can be called again. If the lost response
//!   contained a value that the server returns only once, such as a password, the value is lost.

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
