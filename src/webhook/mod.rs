//! Webhooks: what a Quay server posts when something happens, and how to receive it.
//!
//! A notification with the method `webhook` makes the server POST a JSON body to a URL. Three
//! things make that awkward, and this module deals with them:
//!
//! - The body does not name its event, and some events have the same fields. [`Receiver`] gives
//!   each event a URL of its own, so that the receiver knows; [`Event::detect`] is for URLs that
//!   others set up, and admits when a body may be of several events.
//! - The server signs nothing. The URLs of a [`Receiver`] carry a secret, which
//!   [`receive`](Receiver::receive) checks.
//! - Real events and those of [`test`](crate::api::NotificationsHandle) calls differ. The types of
//!   the bodies fit both.
//!
//! ```
//! use quay_api::types::NotificationEvent;
//! use quay_api::webhook::Event;
//!
//! # fn main() -> quay_api::Result<()> {
//! let body = br#"{
//!     "repository": "acme/web", "namespace": "acme", "name": "web",
//!     "docker_url": "quay.example.com/acme/web",
//!     "homepage": "https://quay.example.com/repository/acme/web",
//!     "updated_tags": ["v1"]
//! }"#;
//! if let Event::RepoPush(push) = Event::parse(NotificationEvent::RepoPush, body)? {
//!     println!("{}: {:?}", push.repository, push.updated_tags);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! The [guide](https://docs.rs/quay-api/latest/quay_api/guide/webhooks/) shows the whole way, from
//! the notification to the receiver.

mod detect;
mod event;
mod payloads;
mod receiver;

pub use crate::types::{
    BuildPayload, BuildQueuedPayload, FoundVulnerability, ImageExpiryPayload, MirrorSyncPayload,
    QuotaPayload, RepoPushPayload, VulnerabilityFoundPayload,
};
pub use detect::Detected;
pub use event::{Event, MAX_BODY_BYTES};
pub use receiver::Receiver;
