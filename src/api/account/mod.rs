//! The caller's own account.

mod app_tokens;
mod assigned_authorizations;
mod authorizations;
mod me;
mod notices;
mod operations;
mod quotas;

pub use app_tokens::{AppTokenHandle, AppTokensHandle, ListAppTokens};
pub use assigned_authorizations::{AssignedAuthorizationHandle, AssignedAuthorizationsHandle};
pub use authorizations::{AuthorizationHandle, AuthorizationsHandle};
pub use me::MeHandle;
pub use notices::{NoticeHandle, NoticesHandle};
pub use quotas::{MyQuotaHandle, MyQuotaLimitHandle, MyQuotaLimitsHandle, MyQuotasHandle};
