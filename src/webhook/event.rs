//! The events that a server sends to webhooks.

use crate::error::decode_document;
use crate::json::decode::Decode;
use crate::types::{
    BuildPayload, BuildQueuedPayload, ImageExpiryPayload, MirrorSyncPayload, NotificationEvent,
    OtherKind, QuotaPayload, RepoPushPayload, VulnerabilityFoundPayload,
};
use crate::webhook::Detected;
use crate::{Error, ErrorKind, Result};
use serde::{Serialize, Serializer};
use serde_json::Value;

/// The maximum size of a body that is parsed, in bytes: 4 MiB.
///
/// A body usually has some hundred bytes, and more if thousands of tags expire at the same time.
pub const MAX_BODY_BYTES: usize = 4 * 1024 * 1024;

/// Defines [`Event`]: a variant for each event of [`NotificationEvent`], with the type of its body.
macro_rules! events {
    ($($(#[$doc:meta])* $variant:ident($payload:ident),)*) => {
        /// An event of a webhook, with its body.
        ///
        /// A variant has the name of the same event in [`NotificationEvent`]. An event serializes
        /// as its body alone, as the server sends it.
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum Event {
            $($(#[$doc])* $variant($payload),)*
            /// An event that this version of the crate does not know. Its body is kept unchanged.
            Other(OtherKind),
        }

        impl Event {
            /// Returns the kind of the event, without its body.
            pub fn kind(&self) -> NotificationEvent {
                match self {
                    $(Self::$variant(_) => NotificationEvent::$variant,)*
                    Self::Other(other) => NotificationEvent::from(other.kind()),
                }
            }

            #[inline]
            fn parse_bounded(event: &NotificationEvent, body: &[u8]) -> Result<Self> {
                Ok(match event {
                    $(NotificationEvent::$variant => Self::$variant(decode(event.as_str(), body)?),)*
                    NotificationEvent::Other(unknown) => {
                        let content: Value = decode("an unknown event", body)?;
                        Self::Other(OtherKind::new(unknown.as_str(), content))
                    }
                })
            }
        }

        impl Serialize for Event {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(payload) => payload.serialize(serializer),)*
                    Self::Other(other) => other.content().serialize(serializer),
                }
            }
        }
    };
}

events! {
    /// Tags of a repository were pushed.
    RepoPush(RepoPushPayload),
    /// A build was requested.
    BuildQueued(BuildQueuedPayload),
    /// A build started.
    BuildStart(BuildPayload),
    /// A build succeeded.
    BuildSuccess(BuildPayload),
    /// A build was cancelled.
    BuildCancelled(BuildPayload),
    /// A build failed.
    BuildFailure(BuildPayload),
    /// A security scan found a vulnerability.
    VulnerabilityFound(VulnerabilityFoundPayload),
    /// The synchronization of a mirrored repository started.
    RepoMirrorSyncStarted(MirrorSyncPayload),
    /// The synchronization of a mirrored repository succeeded.
    RepoMirrorSyncSuccess(MirrorSyncPayload),
    /// The synchronization of a mirrored repository failed or was cancelled.
    RepoMirrorSyncFailed(MirrorSyncPayload),
    /// Tags of a repository will expire.
    RepoImageExpiry(ImageExpiryPayload),
    /// A namespace has reached the warning limit of its storage quota.
    QuotaWarning(QuotaPayload),
    /// A namespace has reached the rejection limit of its storage quota.
    QuotaError(QuotaPayload),
}

impl Event {
    /// Parses the body of an event.
    ///
    /// Unknown fields are ignored, as in responses.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`InvalidResponse`](ErrorKind::InvalidResponse) if the body is
    /// not JSON or does not have the fields of the event, for example because a template of the
    /// notification changes the body. [`Error::json_path`] and the message contain the position,
    /// and no values that could be secrets. Returns an error of the kind
    /// [`ResponseTooLarge`](ErrorKind::ResponseTooLarge) if the body is larger than
    /// [`MAX_BODY_BYTES`].
    ///
    /// # Examples
    ///
    /// ```
    /// use quay_api::types::NotificationEvent;
    /// use quay_api::webhook::Event;
    ///
    /// let body = br#"{"namespace": "acme", "threshold_percent": 80, "usage_bytes": 858993459,
    ///     "limit_bytes": 1073741824}"#;
    /// let Event::QuotaWarning(quota) = Event::parse(NotificationEvent::QuotaWarning, body)? else {
    ///     unreachable!("it has the variant of the event");
    /// };
    /// assert_eq!(quota.threshold_percent, 80);
    /// let error = Event::parse(NotificationEvent::RepoPush, body).unwrap_err();
    /// assert!(error.message().contains("missing field"));
    /// # Ok::<(), quay_api::Error>(())
    /// ```
    #[inline]
    pub fn parse(event: NotificationEvent, body: &[u8]) -> Result<Self> {
        check_length(body)?;
        Self::parse_bounded(&event, body)
    }

    /// Detects the event of a body by its fields, for a URL that does not name its event.
    ///
    /// Some events have the same fields: those of a mirror's synchronization, those of a quota, and
    /// those of a build that started, succeeded, failed or was cancelled. For these events, the
    /// result is a list of candidates. To distinguish them, use one URL for each event, as
    /// [`Receiver`](crate::webhook::Receiver) creates them.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`InvalidResponse`](ErrorKind::InvalidResponse) if the body
    /// belongs to no event, and an error of the kind
    /// [`ResponseTooLarge`](ErrorKind::ResponseTooLarge) if it is larger than [`MAX_BODY_BYTES`].
    ///
    /// # Examples
    ///
    /// ```
    /// use quay_api::types::NotificationEvent;
    /// use quay_api::webhook::{Detected, Event};
    ///
    /// let body = br#"{"namespace": "acme", "threshold_percent": 80, "usage_bytes": 858993459,
    ///     "limit_bytes": 1073741824}"#;
    /// match Event::detect(body)? {
    ///     Detected::Certain(event) => println!("{}", event.kind()),
    ///     Detected::Ambiguous(candidates) => assert_eq!(
    ///         candidates,
    ///         [NotificationEvent::QuotaWarning, NotificationEvent::QuotaError]
    ///     ),
    /// }
    /// # Ok::<(), quay_api::Error>(())
    /// ```
    #[inline]
    pub fn detect(body: &[u8]) -> Result<Detected> {
        check_length(body)?;
        crate::webhook::detect::detect(body)
    }

    /// Returns the namespace of the event, or `None` for an unknown event without a namespace.
    pub fn namespace(&self) -> Option<&str> {
        self.subject().0
    }

    /// Returns the namespace and name of the event's repository, or `None` for an event of a
    /// namespace.
    pub fn repository(&self) -> Option<&str> {
        self.subject().1
    }

    fn subject(&self) -> (Option<&str>, Option<&str>) {
        macro_rules! repository {
            ($payload:expr) => {
                (Some(&*$payload.namespace), Some(&*$payload.repository))
            };
        }
        match self {
            Self::RepoPush(payload) => repository!(payload),
            Self::BuildQueued(payload) => repository!(payload),
            Self::BuildStart(payload)
            | Self::BuildSuccess(payload)
            | Self::BuildCancelled(payload)
            | Self::BuildFailure(payload) => repository!(payload),
            Self::VulnerabilityFound(payload) => repository!(payload),
            Self::RepoMirrorSyncStarted(payload)
            | Self::RepoMirrorSyncSuccess(payload)
            | Self::RepoMirrorSyncFailed(payload) => repository!(payload),
            Self::RepoImageExpiry(payload) => repository!(payload),
            Self::QuotaWarning(payload) | Self::QuotaError(payload) => {
                (Some(&*payload.namespace), None)
            }
            Self::Other(other) => {
                let string = |field| other.content().get(field).and_then(Value::as_str);
                (string("namespace"), string("repository"))
            }
        }
    }
}

fn check_length(body: &[u8]) -> Result<()> {
    match body.len() {
        0..=MAX_BODY_BYTES => Ok(()),
        length => Err(Error::new(
            ErrorKind::ResponseTooLarge,
            format!("the body of a webhook must have at most {MAX_BODY_BYTES} bytes, got {length}"),
        )),
    }
}

/// Decodes the body of an event.
pub(super) fn decode<T: Decode>(event: &str, body: &[u8]) -> Result<T> {
    decode_document(&format!("the body of {event}"), body)
}
