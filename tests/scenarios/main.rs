//! Scenarios of what Quay does, which use the public API only.
//!
//! The same scenarios run against the sandbox and, when `QUAY_URL` and `QUAY_TOKEN` are both set,
//! against a real server: that is how the sandbox is held to what Quay does. The token is a
//! superuser's, of all scopes; each scenario works in what it created itself, named with a random
//! suffix, and removes it.

mod context;
#[path = "../support/webhook_receiver.rs"]
mod webhook_receiver;

mod access;
mod accounts;
mod app_tokens;
mod applications;
mod default_permissions;
mod desired_state;
mod duplicates;
mod failures;
mod images;
mod logs;
mod manifests;
mod messages;
mod mirror_changes;
mod mirrors;
mod missing;
mod missing_operations;
mod names;
mod notifications;
mod organizations;
mod other_repositories;
mod outcomes;
mod paging;
mod permissions;
mod policies;
mod quotas;
mod repositories;
mod robot_logins;
mod robots;
mod routes;
mod search;
mod stars;
mod tag_changes;
mod tag_filters;
mod tags;
mod teams;
mod users;
mod webhooks;
