//! The queue of events that are to be sent, and the count of failures.

use crate::testing::state::State;
use crate::testing::state::event_filters::is_wanted;
use crate::testing::state::notifications::{Notification, is_webhook_url};
use crate::testing::state::owned::Owned;
use crate::testing::state::template;
use serde_json::Value;

/// The number of failures in a row after which nothing is sent any more.
const MAX_FAILURES: u64 = 3;

/// The number of attempts to send an event that keeps failing.
const ATTEMPTS: u8 = 5;

/// The wait after a failure, in milliseconds.
const RETRY_AFTER: i64 = 30_000;

/// An event that is to be sent for a notification.
#[derive(Debug, Clone)]
pub struct PendingDelivery {
    notification: String,
    data: Value,
    attempts_left: u8,
    /// The time of the attempt, in milliseconds since 1970.
    due: i64,
}

/// An attempt to post an event.
#[derive(Debug)]
pub struct Attempt {
    pub event: String,
    pub notification: String,
    pub url: String,
    pub body: Value,
    delivery: PendingDelivery,
}

impl Notification {
    /// Returns true unless too many attempts in a row have failed.
    pub fn is_enabled(&self) -> bool {
        self.failures < MAX_FAILURES
    }
}

impl State {
    /// Queues the data of an event for a notification.
    pub fn queue_delivery(&mut self, uuid: &str, data: Value) {
        let delivery = PendingDelivery {
            notification: uuid.to_owned(),
            data,
            attempts_left: ATTEMPTS,
            due: self.now_ms(),
        };
        // An event for the web UI is not sent.
        match self.notification_of(uuid) {
            Some(row) if row.data.method == "quay_notification" => self.show(&row, delivery.data),
            Some(_) => self.deliveries.push(delivery),
            None => {}
        }
    }

    fn notification_of(&self, uuid: &str) -> Option<Owned<Notification>> {
        self.notifications
            .all()
            .find(|row| row.uuid == uuid)
            .cloned()
    }

    fn set_failures(&mut self, uuid: &str, change: impl FnOnce(u64) -> u64) {
        if let Some(row) = self.notification_of(uuid)
            && let Some(notification) = self.notifications.get_mut(&row.owner, uuid)
        {
            notification.failures = change(notification.failures);
        }
    }

    /// Shows an event in the web UI.
    fn show(&mut self, row: &Owned<Notification>, data: Value) {
        let notification = &row.data;
        if !notification.is_enabled()
            || !is_wanted(&notification.event, &notification.event_config, &data)
        {
            return;
        }
        for recipient in self.recipients(row) {
            let now = self.now();
            self.notify(&recipient, &notification.event, now, data.clone());
        }
        self.set_failures(&row.uuid, |_| 0);
    }

    /// Returns true if something is to be attempted now.
    pub fn has_due_delivery(&self) -> bool {
        let now = self.now_ms();
        self.deliveries.iter().any(|delivery| delivery.due <= now)
    }

    /// Removes the next event that is due from the queue and returns it.
    ///
    /// Events of a notification are dropped if it is disabled or deleted, if its filter excludes
    /// them, or if the sandbox does not send by its method.
    pub fn next_attempt(&mut self) -> Option<Attempt> {
        loop {
            let now = self.now_ms();
            let index = self
                .deliveries
                .iter()
                .position(|delivery| delivery.due <= now)?;
            let delivery = self.deliveries.remove(index);
            let Some(row) = self.notification_of(&delivery.notification) else {
                continue;
            };
            let notification = row.data;
            if !notification.is_enabled()
                || notification.method != "webhook"
                || !is_wanted(
                    &notification.event,
                    &notification.event_config,
                    &delivery.data,
                )
            {
                continue;
            }
            let config = &notification.config;
            let url = config
                .get("url")
                .and_then(Value::as_str)
                .unwrap_or_default();
            if !is_webhook_url(url) {
                continue;
            }
            let template = config.get("template").and_then(Value::as_str);
            let body = match template.filter(|template| !template.is_empty()) {
                None => delivery.data.clone(),
                // It was checked when the notification was created.
                Some(template) => template::apply(template, &delivery.data).unwrap_or_default(),
            };
            return Some(Attempt {
                event: notification.event,
                notification: row.uuid,
                url: url.to_owned(),
                body,
                delivery,
            });
        }
    }

    /// Counts the result of an attempt.
    ///
    /// A failed attempt is repeated half a minute later, up to five times.
    pub fn finish_attempt(&mut self, attempt: Attempt, is_delivered: bool) {
        let Attempt {
            notification,
            mut delivery,
            ..
        } = attempt;
        if is_delivered {
            self.set_failures(&notification, |_| 0);
            return;
        }
        self.set_failures(&notification, |failures| failures + 1);
        delivery.attempts_left -= 1;
        delivery.due = self.now_ms().saturating_add(RETRY_AFTER);
        if delivery.attempts_left > 0 {
            self.deliveries.push(delivery);
        }
    }
}
