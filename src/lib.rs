//! A typed client for the REST API of the Red Hat Quay container registry.

pub mod api;
mod auth;
mod base_url;
mod client;
#[cfg(all(test, feature = "testing"))]
mod conformance;
mod error;
mod generated;
mod operation;
mod page;
#[cfg(feature = "testing")]
pub mod testing;
mod transport;
pub mod types;

pub use client::{Quay, QuayBuilder};
pub use error::{Error, ErrorKind, Result};
pub use operation::{OPERATIONS, Operation};
pub use page::{Listing, Page, Pages, Rows};
