//! A Quay server in the process, for tests and for experiments (feature `testing`).
//!
//! [`Sandbox`] uses real HTTP on a free port of the loopback interface, and behaves as Quay does:
//! created resources can be listed, changed and deleted, a second creation fails as it does in
//! Quay, scopes and visibility are enforced, and usage logs are written. Where it keeps no state,
//! it responds with exchanges that were recorded with a real server.
//!
//! The following code deletes tags, and is tested with a sandbox:
//!
//! ```
//! use quay_api::testing::seed::{OrganizationSeed, RepositorySeed, Seed, TagSeed};
//! use quay_api::testing::{ErrorResponse, Sandbox};
//! use quay_api::{Quay, Result};
//!
//! /// Deletes the tags of a repository that begin with `pr-`.
//! async fn sweep(quay: &Quay, repository: &str) -> Result<usize> {
//!     let repository = quay.repository(repository)?;
//!     let tags = repository.tags().list().active().await?;
//!     let old: Vec<_> = tags.into_iter().filter(|tag| tag.name.starts_with("pr-")).collect();
//!     for tag in &old {
//!         repository.tag(tag.name.as_str())?.delete().await?;
//!     }
//!     Ok(old.len())
//! }
//!
//! # async fn example() -> Result<()> {
//! let sandbox = Sandbox::start().await?;
//! let web = RepositorySeed::new("acme/web")
//!     .tag(TagSeed::new("v1", 1024))
//!     .tag(TagSeed::new("pr-7", 2048));
//! sandbox.seed(&Seed::new().organization(OrganizationSeed::new("acme")).repository(web))?;
//!
//! // It deletes one tag, with one request.
//! assert_eq!(sweep(sandbox.quay(), "acme/web").await?, 1);
//! assert_eq!(sandbox.requests_of("deleteFullTag").len(), 1);
//! assert_eq!(sandbox.quay().repository("acme/web")?.tags().list().active().await?.len(), 1);
//!
//! // A token that may only read is rejected.
//! sandbox.seed(&Seed::new().user("alice"))?;
//! let reader = sandbox.token("alice").scopes(["repo:read"]).quay()?;
//! assert!(sweep(&reader, "acme/web").await.unwrap_err().is_insufficient_scope());
//!
//! // If the registry is read-only, it returns this error.
//! let api = RepositorySeed::new("acme/api").tag(TagSeed::new("pr-8", 1024));
//! sandbox.seed(&Seed::new().repository(api))?;
//! sandbox.fail("deleteFullTag").respond(ErrorResponse::ReadOnly);
//! assert_eq!(sweep(sandbox.quay(), "acme/api").await.unwrap_err().kind(), quay_api::ErrorKind::ReadOnly);
//! # Ok(())
//! # }
//! # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
//! ```

mod builder;
mod clock;
mod demo;
mod fake_error;
mod faults;
mod http;
mod identity_token;
mod new_token;
mod operation_name;
mod read_only;
mod recordings;
mod sandbox;
pub mod seed;
mod server;
mod state;
mod webhooks;

pub use builder::SandboxBuilder;
pub use clock::Clock;
pub use fake_error::FakeError;
pub use faults::Fault;
pub use http::error_response::ErrorResponse;
pub use http::recorded_request::RecordedRequest;
pub use http::response::Response;
pub use new_token::NewToken;
#[cfg(test)]
pub(crate) use recordings::Exchange;
pub use sandbox::Sandbox;
pub use server::Server;
pub use webhooks::WebhookAttempt;

use crate::{Quay, QuayBuilder};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Returns a builder of a client of a sandbox.
///
/// It waits for the discovery document however slow the machine is: the server is in the process.
fn client(base_url: &str) -> QuayBuilder {
    Quay::builder()
        .base_url(base_url)
        .max_check_wait(Duration::from_secs(280))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
