//! A typed client for the REST API of the Red Hat Quay container registry: quay.io and self-hosted
//! servers.
//!
//! # A tour in five minutes
//!
//! **A token.** In Quay's pages: an organization, *Applications*, *Generate Token*, with the scopes
//! that your calls need. Put it into `QUAY_TOKEN`, the server's address into `QUAY_URL`. Nothing at
//! hand? `cargo run --example quickstart` brings a server of its own. More:
//! [authentication](guide::authentication).
//!
//! **A call.** Everything begins with a [`Quay`], and reads like the domain:
//!
//! ```no_run
//! use quay_api::Quay;
//! use quay_api::types::{CreateRobot, RepositoryRole};
//!
//! # #[tokio::main]
//! # async fn main() -> quay_api::Result<()> {
//! let quay = Quay::from_env()?;
//! println!("I am {}", quay.me().get().await?.username);
//!
//! let robots = quay.organization("acme")?.robots();
//! let request = CreateRobot::new().description("builds what is pushed");
//! robots.create_if_absent("ci", request).await?;
//! quay.repository("acme/web")?.user_permission("acme+ci")?.set(RepositoryRole::Write).await?;
//! # Ok(())
//! # }
//! ```
//!
//! A handle sends nothing until one of its methods is awaited. The verbs are the same everywhere:
//! `list`, `get`, `get_opt`, `create`, `update`, `delete`. Each method names its operation, and
//! since which release a server has it; an operation that a server lacks is an error for which
//! [`is_feature_disabled`](Error::is_feature_disabled) is true. Structs that are sent have a
//! constructor for what is required and a setter for everything else; those that are read tolerate
//! what older and newer servers leave out or add. They are in [`types`].
//!
//! **A stream.** A [`Listing`] is read row by row, page by page, or at once by awaiting it, however
//! many rows there are:
//!
//! ```no_run
//! # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
//! use futures::TryStreamExt;
//!
//! let mut tags = quay.repository("acme/web")?.tags().list().active().stream();
//! while let Some(tag) = tags.try_next().await? {
//!     println!("{} {:?}", tag.name, tag.size);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! A listing detects looping pages, can be resumed later, and lists many resources concurrently
//! with [`fan_out`]. More: [listings](guide::listings).
//!
//! **An error.** There is one [`Error`]. It says what happened, whatever status the server found
//! for it:
//!
//! ```no_run
//! # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
//! match quay.repository("acme/web")?.tag("old")?.delete().await {
//!     Ok(()) => println!("deleted"),
//!     Err(e) if e.is_not_found() => println!("there is none"),
//!     Err(e) if e.is_insufficient_scope() => println!("the token lacks {:?}", e.required_scope()),
//!     Err(e) if e.is_unauthenticated() => println!("time for a new token"),
//!     Err(e) => return Err(e),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Transient failures are retried. A write that may have reached the server is retried only if it
//! is idempotent. More: [errors](guide::errors).
//!
//! # Where things are
//!
//! | from | handle | leads to |
//! | --- | --- | --- |
//! | [`Quay::repositories`] | [`RepositoriesHandle`](api::RepositoriesHandle) | all that one may see, new ones |
//! | [`Quay::repository`] | [`RepositoryHandle`](api::RepositoryHandle) | [tags](api::TagsHandle), a [tag](api::TagHandle), a [manifest](api::ManifestHandle) and its [labels](api::LabelsHandle), permissions of [users](api::UserPermissionsHandle) and [teams](api::TeamPermissionsHandle), [builds](api::BuildsHandle), a [build](api::BuildHandle), [triggers](api::TriggersHandle), a [trigger](api::TriggerHandle), the [mirror](api::MirrorHandle), [notifications](api::NotificationsHandle), [autoprune](api::AutoPrunePoliciesHandle) and [immutability](api::ImmutabilityPoliciesHandle) policies, [logs](api::LogsHandle) |
//! | [`Quay::organizations`] | [`OrganizationsHandle`](api::OrganizationsHandle) | those of the caller, new ones |
//! | [`Quay::organization`] | [`OrganizationHandle`](api::OrganizationHandle) | [repositories](api::OrganizationRepositoriesHandle), [teams](api::TeamsHandle), a [team](api::TeamHandle), its [members](api::TeamMembersHandle) and [directory](api::TeamSyncHandle); [members](api::MembersHandle), collaborators, [robot accounts](api::RobotsHandle), a [robot account](api::RobotHandle), [applications](api::ApplicationsHandle), an [application](api::ApplicationHandle) and its [tokens](api::ApplicationTokensHandle), [default permissions](api::DefaultPermissionsHandle), [quotas](api::QuotasHandle), the [proxy cache](api::ProxyCacheHandle), the [mirror](api::OrganizationMirrorHandle), [billing](api::BillingHandle), the [marketplace](api::MarketplaceHandle) |
//! | [`Quay::me`] | [`MeHandle`](api::MeHandle) | the same where users have it; [application tokens](api::AppTokensHandle), [authorizations](api::AuthorizationsHandle), [notices](api::NoticesHandle), [quotas](api::MyQuotasHandle) |
//! | [`Quay::superuser`] | [`SuperuserHandle`](api::SuperuserHandle) | [users](api::SuperuserUsersHandle), a [user](api::SuperuserUserHandle), an [organization](api::SuperuserOrganizationHandle), their [quotas](api::SuperuserQuotasHandle), [service keys](api::ServiceKeysHandle), [any build](api::SuperuserBuildHandle), logs, sizes, configuration |
//! | [`Quay::search`] | [`SearchHandle`](api::SearchHandle) | repositories, entities, everything |
//! | [`Quay::messages`] | [`MessagesHandle`](api::MessagesHandle) | what all see |
//! | [`Quay::mirror_health`] | [`MirrorHealthHandle`](api::MirrorHealthHandle) | whether mirrors are well |
//! | [`Quay::bootstrap`] | [`BootstrapHandle`](api::BootstrapHandle) | the first user of a fresh server |
//! | [`Quay::discovery`] | [`DiscoveryHandle`](api::DiscoveryHandle) | what the server says of its API, beside what this crate knows |
//! | [`Quay::server`] | [`ServerHandle`](api::ServerHandle) | what is known of the server's release and features |
//! | [`Quay::error_description`] | [`ErrorDescriptionHandle`](api::ErrorDescriptionHandle) | what the server calls its errors |
//! | [`Quay::request`] | [`RawRequest`] | what the crate does not know yet |
//!
//! [`OPERATIONS`] lists every operation with its path and scope; [guides](guide) say what goes
//! beyond single methods. The feature `testing` has
//! [a Quay server in the process](https://docs.rs/quay-api/latest/quay_api/testing/) for tests, the
//! feature `tracing` a span for each call.
//!
//! [`webhook`] has types for the events that Quay posts.
//!
//! The crate runs in a tokio runtime. TLS is by `rustls` (the default feature) or `native-tls`.

#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic)
)]
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod api;
mod client;
mod error;
mod generated;
pub mod guide;
mod http;
mod json;
mod operation;
mod pagination;
#[cfg(feature = "testing")]
#[cfg_attr(docsrs, doc(cfg(feature = "testing")))]
pub mod testing;
#[cfg(all(test, feature = "testing"))]
mod tests;
pub mod types;
pub mod webhook;

pub use client::{CallSettings, HttpVersion, Quay, QuayBuilder, RawRequest};
pub use error::{Delivery, Error, ErrorKind, Result};
pub use http::{CallOutcome, CallReport, RetryContext, RetryPolicy};
pub use operation::{OPERATIONS, Operation, Paging};
pub use pagination::{
    FanOut, FanOutItems, FanOutRows, Indexed, ListRequest, Listing, ListingPosition, LogMark, Page,
    PageSize, Pages, Rows, SinglePage, TokenPages, fan_out,
};

/// The version of `reqwest` that [`QuayBuilder::http_client`] takes a client of.
pub use reqwest;

/// The code of the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
