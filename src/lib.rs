//! A typed client for the REST API of the Red Hat Quay container registry.
//!
//! It works with quay.io and with self-hosted servers from release 3.8 on.
//!
//! ```toml
//! [dependencies]
//! quay-api = "0.1"
//! tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
//! futures = "0.3" # to read streams
//! ```
//!
//! ```no_run
//! use futures::TryStreamExt;
//! use quay_api::Quay;
//!
//! #[tokio::main]
//! async fn main() -> quay_api::Result<()> {
//!     let quay = Quay::builder().base_url("https://quay.example.com").token("…").build()?;
//!     let mut tags = quay.repository("acme/web")?.tags().list().active().stream();
//!     while let Some(tag) = tags.try_next().await? {
//!         println!("{} {:?}", tag.name, tag.last_modified);
//!     }
//!     Ok(())
//! }
//! ```
//!
//! Create a token in Quay's web UI: open an organization, *Applications*, an application and
//! *Generate Token*, and choose the scopes that your calls need. [`Quay::from_env`] reads the
//! address of the server from `QUAY_URL` and the token from `QUAY_TOKEN`. See
//! [authentication](guide::authentication).
//!
//! # Tasks
//!
//! Everything starts at a [`Quay`]. Its methods return handles, such as [`Quay::repository`] and
//! [`Quay::organization`]; a handle sends nothing until one of its methods is awaited. The
//! verbs are the same everywhere: `list`, `get`, `get_opt`, `create`, `update`, `delete`.
//!
//! | to | call |
//! | --- | --- |
//! | list the repositories of an organization | [`quay.organization("acme")?.repositories().list()`](api::OrganizationRepositoriesHandle::list) |
//! | create a repository | [`quay.repositories().create(…)`](api::RepositoriesHandle::create) |
//! | list the tags of a repository | [`quay.repository("acme/web")?.tags().list()`](api::TagsHandle::list) |
//! | move a tag to a manifest | [`….tag("stable")?.point_to(&digest)`](api::TagHandle::point_to) |
//! | delete a tag, or let it expire | [`….tag("old")?.delete()`](api::TagHandle::delete), [`set_expiration`](api::TagHandle::set_expiration) |
//! | read the vulnerabilities of an image | [`….manifest(&digest)?.security()`](api::ManifestHandle::security) |
//! | grant a permission | [`….user_permission("acme+ci")?.set(…)`](api::UserPermissionHandle::set), [of a team](api::TeamPermissionHandle::set) |
//! | create a robot account | [`quay.organization("acme")?.robots().create(…)`](api::RobotsHandle::create) |
//! | replace the token of a robot account | [`….robot("ci")?.regenerate()`](api::RobotHandle::regenerate) |
//! | add a member to a team | [`….team("developers")?.members().create(…)`](api::TeamMembersHandle::create) |
//! | mirror a repository | [`….mirror().create(…)`](api::MirrorHandle::create), [`sync_now`](api::MirrorHandle::sync_now) |
//! | let the server delete old tags | [`….autoprune_policies().create(…)`](api::AutoPrunePoliciesHandle::create) |
//! | be notified of pushes | [`….notifications().create(…)`](api::NotificationsHandle::create), [receive webhooks](webhook) |
//! | build an image | [`….builds().create(…)`](api::BuildsHandle::create) |
//! | limit storage | [`quay.organization("acme")?.quotas().create(…)`](api::QuotasHandle::create) |
//! | read or follow usage logs | [`….logs().list()`](api::LogsHandle::list), [`follow`](api::LogsHandle::follow) |
//! | search | [`quay.search()`](api::SearchHandle) |
//! | manage users as a superuser | [`quay.superuser().users()`](api::SuperuserUsersHandle) |
//! | set up a new server | [`quay.bootstrap()`](api::BootstrapHandle) |
//! | bring a resource to a desired state, in a program that runs repeatedly | [`create_if_absent`, `ensure`, `delete_if_exists`](guide::desired_state) |
//! | call an operation that the crate does not have | [`quay.request(…)`](Quay::request) |
//!
//! [`api`] lists all handles, [`OPERATIONS`] all operations of the API. The search at the top of
//! this page finds a method by Quay's own name of the operation (`deleteFullTag`) and by words
//! ("delete tag"). The documentation of each method names its scope, its endpoint, the release that
//! introduced it, and the settings of the server that it requires.
//!
//! # Types
//!
//! The [types] of requests have a constructor with the required fields, and a setter for each other
//! field. The types of responses accept responses of older servers, which omit some fields, and of
//! newer ones, which add some. Dates are [`Timestamp`](types::Timestamp)s in all formats that
//! servers use, and tokens are [`Secret`](types::Secret)s, which are not printed.
//!
//! # Lists and streams
//!
//! Awaiting a [`Listing`] returns all rows. It can also be read as a [stream of
//! rows](Listing::stream) or of [pages](Listing::pages). It detects repeated pages, and can be
//! [resumed](Listing::resume_from) later. [`fan_out`] lists many resources concurrently. See
//! [listings](guide::listings).
//!
//! # Errors
//!
//! There is one [`Error`], with a predicate for each case that a program handles. The kind of an
//! error is derived from the status and the body, since Quay's status is often misleading.
//!
//! ```no_run
//! # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
//! match quay.repository("acme/web")?.tag("old")?.delete().await {
//!     Ok(()) => println!("deleted"),
//!     Err(e) if e.is_not_found() => println!("does not exist"),
//!     Err(e) if e.is_insufficient_scope() => println!("requires {:?}", e.required_scope()),
//!     // Quay does not reject a bad token: it treats the request as anonymous.
//!     Err(e) if e.is_unauthenticated() => println!("the token is not valid"),
//!     Err(e) if e.is_feature_disabled() => println!("the server does not have this operation"),
//!     Err(e) => return Err(e),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Transient failures are retried a limited number of times. After a response with status 429, the
//! client sends more slowly. A write that may have reached the server is retried only if it is
//! idempotent. See [errors](guide::errors).
//!
//! # Testing
//!
//! With the feature `testing`, [`Sandbox`](https://docs.rs/quay-api/latest/quay_api/testing/) is a
//! Quay server in the process: with state, scopes, permissions and faults. See
//! [testing](https://docs.rs/quay-api/latest/quay_api/guide/testing/).
//!
//! # Guides and examples
//!
//! - [Guides](guide): [authentication](guide::authentication), [listings](guide::listings),
//!   [errors](guide::errors), [desired state](guide::desired_state),
//!   [webhooks](https://docs.rs/quay-api/latest/quay_api/guide/webhooks/),
//!   [observability](guide::observability), [self-hosted servers](guide::self_hosted),
//!   [versions](guide::versions),
//!   [testing](https://docs.rs/quay-api/latest/quay_api/guide/testing/).
//! - [Examples](https://docs.rs/crate/quay-api/latest/source/examples/): programs for whole jobs,
//!   such as deleting old tags, rotating robot tokens and reporting vulnerabilities. Each runs
//!   without any setup, on a sandbox: `cargo run --example quickstart`.
//!
//! # Features
//!
//! | feature | default | adds |
//! | --- | --- | --- |
//! | `rustls` | yes | TLS by rustls, with the certificates of the operating system |
//! | `native-tls` | | TLS by the library of the operating system |
//! | `testing` | | the [`testing`](https://docs.rs/quay-api/latest/quay_api/testing/) module |
//! | `tracing` | | a span for each call and an event for each retry |
//! | `chrono`, `jiff` | | conversions of [`Timestamp`](types::Timestamp) |
//!
//! The crate runs in a tokio runtime.

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

/// The version of `reqwest` whose client [`QuayBuilder::http_client`] takes.
pub use reqwest;

/// The code of the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
