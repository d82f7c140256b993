//! Operations that only superusers may call.

mod any_build;
mod handle;
mod organizations;
mod quotas;
mod service_keys;
mod users;

pub use any_build::AnyBuildHandle;
pub use handle::SuperuserHandle;
pub use organizations::{ListOrganizations, OrganizationAccountHandle};
pub use quotas::AssignedQuotasHandle;
pub use service_keys::ServiceKeysHandle;
pub use users::{ListUsers, UserHandle, UsersHandle};
