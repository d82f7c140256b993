//! A typed client for the REST API of the Red Hat Quay container registry: quay.io and self-hosted servers.
//!
//! Everything begins with a [`Quay`], made from a token, or from the environment:
//!
//! ```no_run
//! use futures::TryStreamExt;
//! use quay_api::Quay;
//!
//! # #[tokio::main]
//! # async fn main() -> quay_api::Result<()> {
//! let quay = Quay::from_env()?;
//! println!("I am {}", quay.me().get().await?.username);
//!
//! let mut tags = quay.repository("acme/web")?.tags().list().active().stream();
//! while let Some(tag) = tags.try_next().await? {
//!     println!("{} {:?}", tag.name, tag.size);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! - [`Quay`] leads to handles that read like the domain, all in [`api`]: a repository, its tags, an organization, its robot accounts. A handle
//!   sends nothing until one of its methods is awaited.
//! - A [`Listing`] is read as a stream of rows, page by page, or at once by awaiting it.
//! - There is one [`Error`], which says what happened: whether the token was accepted, which scope is missing, whether to try again.
//! - What requests and responses are made of is in [`types`]: structs that tolerate what older and newer servers leave out or add, and enums that keep
//!   values that they do not know.
//! - [`OPERATIONS`] lists every operation with its path and scope.
//! - The feature `testing` has [a Quay server in the process](https://docs.rs/quay-api/latest/quay_api/testing/) for tests.
//!
//! The crate runs in a tokio runtime. TLS is by `rustls` (the default feature) or `native-tls`.

#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic))]
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod api;
mod auth;
mod base_url;
mod client;
#[cfg(all(test, feature = "testing"))]
mod conformance;
mod error;
#[cfg(all(test, feature = "testing"))]
mod fuzz;
mod generated;
pub mod guide;
mod operation;
mod page;
#[cfg(feature = "testing")]
#[cfg_attr(docsrs, doc(cfg(feature = "testing")))]
pub mod testing;
mod transport;
pub mod types;

pub use client::{Quay, QuayBuilder, RawRequest};
pub use error::{Error, ErrorKind, Result, Sent};
pub use operation::{OPERATIONS, Operation};
pub use page::Position as ListingPosition;
pub use page::{FanOut, FanOutRows, Listing, Page, Pages, Rows, Tokens, Whole, fan_out};
pub use transport::{CallSettings, RetryPolicy};

/// The code of the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
