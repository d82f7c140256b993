//! The public API as a caller uses it: handles, listings, errors and what is sent for an argument.

#[path = "../support/mod.rs"]
mod support;

mod build_phase;
mod deleted_lines;
mod desired_state;
mod desired_values;
mod error_chains;
mod error_subjects;
mod errors;
mod even_handles;
mod go_registry;
mod guide;
mod handles;
mod listings;
mod log_dates;
mod log_follow;
mod manifest_documents;
mod misleading_responses;
mod missing_operations;
mod names;
mod outcomes_account;
mod outcomes_below_repository;
mod outcomes_organization;
mod outcomes_repository;
mod permission_rows;
mod plain_messages;
mod properties;
mod redacted_secrets;
mod values;
mod verbs_of_accounts;
mod verbs_of_organizations;
mod webhooks;
