//! Handles for resources that several kinds of parents have, and helpers that all handles share.
//!
//! Each handle is written once over a `Parent`.

mod argument;
mod autoprune_policies;
mod autoprune_policy;
mod billing;
mod build_lines;
mod calls;
mod ensure;
mod immutability_policies;
mod immutability_policy;
mod invoice_fields;
mod log_counts;
mod log_follow;
mod log_look;
mod log_stream;
mod logs;
mod notification;
mod notification_identity;
mod notifications;
pub(crate) mod outcome;
mod parent;
mod permissions;
pub(crate) mod quota_size;
mod robot;
mod robot_federation;
mod robots;

pub(crate) use argument::{checked, checked_digest};
pub use autoprune_policies::AutoPrunePoliciesHandle;
pub use autoprune_policy::AutoPrunePolicyHandle;
pub use billing::BillingHandle;
pub use build_lines::ListBuildLines;
pub(crate) use calls::{
    ExistenceCheck, check_namespace_exists, existed, exists_if_empty, find_row, may_not_look,
    missing, missing_if_server_failed, missing_in, none_if_not_found, path_segment, query_bool,
    query_flag,
};
pub(crate) use ensure::Desired;
pub use ensure::{Ensure, Ensured};
pub use immutability_policies::ImmutabilityPoliciesHandle;
pub use immutability_policy::ImmutabilityPolicyHandle;
pub use invoice_fields::{InvoiceFieldHandle, InvoiceFieldsHandle};
pub use log_counts::AggregateLogs;
pub use log_follow::{FollowLogs, NewLogs};
pub use log_stream::FollowedLogs;
pub use logs::{Days, ListLogs, LogsHandle};
pub use notification::NotificationHandle;
pub use notifications::NotificationsHandle;
pub(crate) use parent::Parent;
pub(crate) use permissions::within;
pub use robot::RobotHandle;
pub use robot_federation::RobotFederationHandle;
pub use robots::{ListRobots, RobotsHandle};
