//! Operations that only superusers may call.

mod app_tokens;
mod build;
mod handle;
mod organizations;
mod quotas;
mod service_keys;
mod users;

pub use app_tokens::SuperuserAppTokensHandle;
pub use build::SuperuserBuildHandle;
pub use handle::SuperuserHandle;
pub use organizations::{
    ListOrganizations, SuperuserOrganizationHandle, SuperuserOrganizationsHandle,
};
pub use quotas::{SuperuserQuotaHandle, SuperuserQuotasHandle};
pub use service_keys::{ServiceKeyHandle, ServiceKeysHandle};
pub use users::{ListUsers, SuperuserUserHandle, SuperuserUsersHandle};
