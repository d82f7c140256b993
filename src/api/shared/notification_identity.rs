//! Compares notifications: whether they have the same identity, and whether they are equal.

use crate::types::{
    CreateNotification, EventNumber, Notification, NotificationEventConfig, NotificationTarget,
    Severity, VulnerabilityLevel,
};

/// Returns true if both send the same event to the same receiver, under the same title.
pub(super) fn has_identity(sent: &CreateNotification, stored: &Notification) -> bool {
    sent.event == stored.event
        && not_empty(&sent.title) == not_empty(&stored.title)
        && has_same_receiver(&sent.target, &stored.target)
}

/// For a server, an empty title, template or filter equals none.
fn not_empty(text: &Option<String>) -> Option<String> {
    text.clone().filter(|text| !text.is_empty())
}

/// Compares the method and its receiver. Other settings of the method are not compared: the server
/// stores any settings, and the web UI sends more than the server reads.
fn has_same_receiver(sent: &NotificationTarget, stored: &NotificationTarget) -> bool {
    use NotificationTarget::*;
    match (sent, stored) {
        (QuayNotification(a), QuayNotification(b)) => {
            (&a.target.kind, &a.target.name) == (&b.target.kind, &b.target.name)
        }
        (Email(a), Email(b)) => a.email == b.email,
        (Webhook(a), Webhook(b)) => a.url == b.url,
        (Flowdock(a), Flowdock(b)) => a.flow_api_token == b.flow_api_token,
        (Hipchat(a), Hipchat(b)) => {
            a.room_id == b.room_id && a.notification_token == b.notification_token
        }
        (Slack(a), Slack(b)) => a.url == b.url,
        (a, b) => a == b,
    }
}

/// Returns true if a notification of the same identity has the same settings.
pub(super) fn is_met(sent: &CreateNotification, stored: &Notification) -> bool {
    let template = |target: &NotificationTarget| match target {
        NotificationTarget::Webhook(webhook) => webhook.template.clone(),
        _ => None,
    };
    let template = |target| template(target).filter(|text| !text.expose().is_empty());
    let none = NotificationEventConfig::default();
    let (a, b) = (
        &sent.event_config,
        stored.event_config.as_ref().unwrap_or(&none),
    );
    template(&sent.target) == template(&stored.target)
        && level(a) == level(b)
        && not_empty(&a.ref_regex) == not_empty(&b.ref_regex)
        && days(a) == days(b)
}

/// Returns the level, which is a number or a string that contains one.
fn level(config: &NotificationEventConfig) -> Option<Result<Severity, &VulnerabilityLevel>> {
    let level = config.level.as_ref()?;
    Some(level.severity().ok_or(level))
}

/// Returns the days. The web UI of some releases stores them as a string, for which the server
/// never sends anything, so a string is not equal to a number.
fn days(config: &NotificationEventConfig) -> Option<&EventNumber> {
    config.days.as_ref()
}
