//! Webhooks: the events that a Quay server sends, and a receiver for them.
//!
//! A notification with the method `webhook` makes the server POST a JSON body to a URL. This module
//! solves three problems:
//!
//! - The body does not name its event, and some events have the same fields. [`Receiver`] creates
//!   one URL for each event, which identifies the event. [`Event::detect`] is for other URLs. It
//!   returns all candidates if the fields belong to several events.
//! - The server does not sign webhooks. The URLs of a [`Receiver`] contain a secret, which
//!   [`receive`](Receiver::receive) checks.
//! - The bodies of real events and of [`test`](crate::api::NotificationHandle::test) calls differ.
//!   The types of the bodies accept both. They are in [`types`](crate::types), such as
//!   [`RepoPushPayload`](crate::types::RepoPushPayload).
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
//! The [guide](https://docs.rs/quay-api/latest/quay_api/guide/webhooks/) shows all steps, from the
//! notification to the receiver.

mod detect;
mod event;
mod payloads;
mod receiver;

pub use detect::Detected;
pub use event::{Event, MAX_BODY_BYTES};
pub use receiver::Receiver;
