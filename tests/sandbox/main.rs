//! The sandbox of the test kit, as a client sees it: state, error responses, faults and clock.

// Other test binaries use the rest of it.
#[allow(dead_code)]
#[path = "../support/calls.rs"]
mod calls;
// Only the tests that need a separate process use the support module.
#[path = "../support/process.rs"]
mod process;
#[path = "../support/webhook_receiver.rs"]
mod webhook_receiver;

mod access;
mod accounts;
mod administration;
mod applications;
mod builds;
mod deleted_names;
mod demo_data;
#[cfg(target_os = "linux")]
mod descriptors;
mod faults;
mod go_registry;
mod history;
mod ignored_arguments;
mod images;
mod kit;
mod manifests;
mod mirrors;
mod missing_operations;
mod notifications;
mod older_servers;
mod policies;
mod proxies;
mod quotas;
mod release_differences;
mod repositories;
mod robot_logins;
mod robustness;
mod seeds;
mod states;
mod webhooks;

use quay_api::testing::Sandbox;
use quay_api::testing::seed::{
    OrganizationSeed, RepositorySeed, Seed, TagSeed, TeamSeed, UserSeed,
};
use quay_api::types::{RepositoryRole, TeamRole};
use quay_api::{ErrorKind, Result};

/// A day in seconds.
const DAY: u64 = 24 * 60 * 60;

/// Returns an HTTP client that uses no proxy of the environment.
fn plain_client() -> reqwest::Client {
    reqwest::Client::builder()
        .no_proxy()
        .build()
        .expect("a client")
}

/// Returns kind, status and message of an error response.
#[track_caller]
fn error_of<T>(result: Result<T>) -> (ErrorKind, Option<u16>, String) {
    match result {
        Ok(_) => panic!("an error response was expected"),
        Err(error) => (error.kind(), error.status(), error.message().to_owned()),
    }
}

#[track_caller]
fn assert_error<T>(result: Result<T>, kind: ErrorKind, status: u16, message: &str) {
    assert_eq!(error_of(result), (kind, Some(status), message.to_owned()));
}

/// Alice in the team `devs` of `acme`, and two repositories.
async fn acme() -> Result<Sandbox> {
    let sandbox = Sandbox::start().await?;
    let web = RepositorySeed::new("acme/web")
        .public()
        .tag(TagSeed::new("v1", 1000))
        .tag(TagSeed::new("v2", 2000));
    let hidden = RepositorySeed::new("acme/team/hidden")
        .tag(TagSeed::new("v1", 1000))
        .grant_team("devs", RepositoryRole::Write);
    let seed = Seed::new()
        .user(UserSeed::new("alice"))
        .user("bob")
        .organization(
            OrganizationSeed::new("acme")
                .team(TeamSeed::new("devs", TeamRole::Creator).member("alice"))
                .robot("ci"),
        )
        .repository(web)
        .repository(hidden);
    sandbox.seed(&seed)?;
    Ok(sandbox)
}
