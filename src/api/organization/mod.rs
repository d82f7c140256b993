//! Organizations and the resources that belong to them.

mod application_tokens;
mod applications;
mod default_permissions;
mod handle;
mod marketplace;
mod members;
mod mirror;
mod operations;
mod organizations;
mod proxy_cache;
mod quota_limits;
mod quotas;
mod repositories;
mod team;
mod team_members;
mod team_sync;
mod teams;

pub use application_tokens::{ApplicationTokenHandle, ApplicationTokensHandle};
pub use applications::{ApplicationHandle, ApplicationsHandle};
pub use default_permissions::{DefaultPermissionHandle, DefaultPermissionsHandle};
pub use handle::OrganizationHandle;
pub use marketplace::MarketplaceHandle;
pub use members::{MemberHandle, MembersHandle};
pub use mirror::{ListMirroredRepositories, OrganizationMirrorHandle};
pub use organizations::OrganizationsHandle;
pub use proxy_cache::ProxyCacheHandle;
pub use quota_limits::{QuotaLimitHandle, QuotaLimitsHandle};
pub use quotas::{QuotaHandle, QuotasHandle};
pub use repositories::OrganizationRepositoriesHandle;
pub use team::TeamHandle;
pub use team_members::{ListTeamMembers, TeamMemberHandle, TeamMembersHandle};
pub use team_sync::TeamSyncHandle;
pub use teams::TeamsHandle;
