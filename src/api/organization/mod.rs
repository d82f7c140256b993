//! Organizations and what belongs to them.

mod application_tokens;
mod applications;
mod default_permissions;
mod handle;
mod marketplace;
mod members;
mod mirror;
mod organizations;
mod proxy_cache;
mod quotas;
mod team;
mod team_members;
mod team_sync;

pub use application_tokens::ApplicationTokensHandle;
pub use applications::{ApplicationHandle, ApplicationsHandle};
pub use default_permissions::DefaultPermissionsHandle;
pub use handle::OrganizationHandle;
pub use marketplace::MarketplaceHandle;
pub use members::{CollaboratorsHandle, MembersHandle};
pub use mirror::{ListMirroredRepositories, OrganizationMirrorHandle};
pub use organizations::OrganizationsHandle;
pub use proxy_cache::ProxyCacheHandle;
pub use quotas::QuotasHandle;
pub use team::TeamHandle;
pub use team_members::TeamMembersHandle;
pub use team_sync::TeamSyncHandle;
