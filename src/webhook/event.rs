//! The events that a server posts.

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

/// The longest body that is parsed, in bytes: 4 MiB. The bodies of a server are some hundred bytes
/// long, unless thousands of tags expire at once.
pub const MAX_BODY_BYTES: usize = 4 * 1024 * 1024;

/// Defines [`Event`]: a variant for each event of [`NotificationEvent`], with the type of its body.
macro_rules! events {
    ($($(#[$doc:meta])* $variant:ident($payload:ident),)*) => {
        /// An event of a webhook, with its body.
        ///
        /// Its variants have the names of those of [`NotificationEvent`]. It serializes as the body
        /// alone, as the server sends it.
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum Event {
            $($(#[$doc])* $variant($payload),)*
            /// An event that this version does not know; its body is kept as it came.
            Other(OtherKind),
        }

        impl Event {
            /// Returns the event without its body.
            pub fn kind(&self) -> NotificationEvent {
                match self {
                    $(Self::$variant(_) => NotificationEvent::$variant,)*
                    Self::Other(other) => NotificationEvent::from(other.kind()),
                }
            }

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
    /// A namespace takes much of its storage quota.
    QuotaWarning(QuotaPayload),
    /// A namespace takes as much of its storage quota as is allowed, or more.
    QuotaError(QuotaPayload),
}

impl Event {
    /// Parses the body of an event. Fields that this version does not know are ignored, as in
    /// responses.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`InvalidResponse`](ErrorKind::InvalidResponse) if the body is
    /// not JSON, or does not have the fields of the event: also if a template of the notification
    /// rewrites the body. [`Error::json_path`] and the message say where; values that could be
    /// secrets are not in it. The kind is [`ResponseTooLarge`](ErrorKind::ResponseTooLarge) for
    /// more than [`MAX_BODY_BYTES`].
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
    pub fn parse(event: NotificationEvent, body: &[u8]) -> Result<Self> {
        check_length(body)?;
        Self::parse_bounded(&event, body)
    }

    /// Finds the event of a body by its fields, for a URL that does not name its event.
    ///
    /// Several events have the same fields: those of a mirror's synchronization, of a quota, and of
    /// a build that started, succeeded, failed or was cancelled. For them, the result is the list
    /// of candidates; a receiver that has to tell them apart requires a URL for each, as
    /// [`Receiver`](crate::webhook::Receiver) makes them.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`InvalidResponse`](ErrorKind::InvalidResponse) if the body
    /// fits no event, and of the kind [`ResponseTooLarge`](ErrorKind::ResponseTooLarge) for more
    /// than [`MAX_BODY_BYTES`].
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
    pub fn detect(body: &[u8]) -> Result<Detected> {
        check_length(body)?;
        crate::webhook::detect::detect(body)
    }

    /// Returns the namespace that the event is about; `None` for an unknown event without one.
    pub fn namespace(&self) -> Option<&str> {
        self.subject().0
    }

    /// Returns namespace and name of the repository that the event is about; `None` for an event of
    /// a namespace.
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
