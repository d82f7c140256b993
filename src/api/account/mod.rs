//! The caller's own account.

mod app_tokens;
mod authorizations;
mod me;
mod notices;
mod quotas;

pub use app_tokens::AppTokensHandle;
pub use authorizations::AuthorizationsHandle;
pub use me::MeHandle;
pub use notices::NoticesHandle;
pub use quotas::MyQuotasHandle;
