//! Scenarios that describe the behavior of Quay, with the public API only.
//!
//! They run against the sandbox and, if `QUAY_URL` and `QUAY_TOKEN` are set, against a real server,
//! so the sandbox behaves as Quay does. The token must belong to a superuser, and have all scopes.
//! Each scenario creates its own resources, whose names have a random suffix, and removes them.

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
mod mirror_state;
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
mod release_differences;
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
