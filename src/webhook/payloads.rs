//! Values that bodies of webhooks only contain as human-readable strings.

use crate::types::{ImageExpiryPayload, VulnerabilityFoundPayload};

impl ImageExpiryPayload {
    /// Returns the number of days within which the tags expire.
    ///
    /// The result is `None` if the body does not contain it, as in the test call of a notification
    /// without `days`.
    ///
    /// # Examples
    ///
    /// ```
    /// use quay_api::types::NotificationEvent;
    /// use quay_api::webhook::Event;
    ///
    /// let body = br#"{"repository": "acme/web", "namespace": "acme", "name": "web",
    ///     "tags": ["v2"], "expiring_in": "30 days"}"#;
    /// let Event::RepoImageExpiry(expiry) = Event::parse(NotificationEvent::RepoImageExpiry, body)?
    /// else {
    ///     unreachable!("it has the variant of the event");
    /// };
    /// assert_eq!(expiry.days(), Some(30));
    /// # Ok::<(), quay_api::Error>(())
    /// ```
    pub fn days(&self) -> Option<u32> {
        let days = self.expiring_in.as_deref()?.strip_suffix(" days")?;
        days.parse().ok()
    }
}

impl VulnerabilityFoundPayload {
    /// Returns true if this was the first scan of the image.
    ///
    /// It is false if the vulnerability became known after the first scan.
    ///
    /// # Examples
    ///
    /// ```
    /// use quay_api::types::NotificationEvent;
    /// use quay_api::webhook::Event;
    ///
    /// let body = br#"{"repository": "acme/web", "namespace": "acme", "name": "web",
    ///     "tags": ["v2"], "vulnerable_index_report_created": "true",
    ///     "vulnerability": {"id": "CVE-2024-3094", "priority": "Critical", "has_fix": true}}"#;
    /// let event = Event::parse(NotificationEvent::VulnerabilityFound, body)?;
    /// let Event::VulnerabilityFound(found) = event else {
    ///     unreachable!("it has the variant of the event");
    /// };
    /// assert!(found.is_first_scan());
    /// # Ok::<(), quay_api::Error>(())
    /// ```
    pub fn is_first_scan(&self) -> bool {
        self.vulnerable_index_report_created.is_some()
    }
}
