//! Operations that only superusers may call.

mod any_build;
mod handle;
mod organizations;
mod quotas;
mod service_keys;
mod users;

pub use any_build::SuperuserBuildHandle;
pub use handle::SuperuserHandle;
pub use organizations::{ListOrganizations, SuperuserOrganizationHandle};
pub use quotas::SuperuserQuotasHandle;
pub use service_keys::ServiceKeysHandle;
pub use users::{ListUsers, SuperuserUserHandle, SuperuserUsersHandle};
