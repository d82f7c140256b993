//! Webhooks that the sandbox posts, and the types of their bodies.

mod conformance;
mod deliveries;
mod other_machines;

use super::acme;
use crate::webhook_receiver::{Received, WebhookReceiver};
use quay_api::Result;
use quay_api::testing::Sandbox;
use quay_api::testing::seed::{MirrorSeed, RepositorySeed, Seed, TriggerSeed};
use quay_api::types::{
    CreateNotification, EventNumber, Notification, NotificationEvent, NotificationEventConfig,
    TriggerService,
};
use quay_api::webhook::{Event, Receiver};
use serde_json::{Value, json};
use std::net::Ipv4Addr;

const SECRET: &str = "9d1c7f3e5b8a4260";
const HOST: &str = "hooks.example.test";

/// The events of repositories.
const OF_REPOSITORIES: [NotificationEvent; 11] = [
    NotificationEvent::RepoPush,
    NotificationEvent::BuildQueued,
    NotificationEvent::BuildStart,
    NotificationEvent::BuildSuccess,
    NotificationEvent::BuildCancelled,
    NotificationEvent::BuildFailure,
    NotificationEvent::VulnerabilityFound,
    NotificationEvent::RepoMirrorSyncStarted,
    NotificationEvent::RepoMirrorSyncSuccess,
    NotificationEvent::RepoMirrorSyncFailed,
    NotificationEvent::RepoImageExpiry,
];

const OF_NAMESPACES: [NotificationEvent; 2] = [
    NotificationEvent::QuotaWarning,
    NotificationEvent::QuotaError,
];

/// A sandbox and the receiver of its webhooks.
struct Setup {
    sandbox: Sandbox,
    server: WebhookReceiver,
    receiver: Receiver,
}

impl Setup {
    /// A sandbox with a mirrored repository and one that has a trigger.
    async fn start() -> Result<Self> {
        let sandbox = acme().await?;
        let mirrored = RepositorySeed::new("acme/mirrored")
            .mirror(MirrorSeed::new("quay.example.com/acme/web", "acme+ci").tags("v1*"));
        let built = RepositorySeed::new("acme/built")
            .trigger(TriggerSeed::new(TriggerService::Gitlab, "acme/built"));
        sandbox.seed(&Seed::new().repository(mirrored).repository(built))?;
        let server = WebhookReceiver::start(Ipv4Addr::LOCALHOST)
            .await
            .expect("a free port");
        sandbox.resolve(HOST, server.address());
        Ok(Self {
            sandbox,
            server,
            receiver: Receiver::new(&format!("http://{HOST}/quay"), SECRET)?,
        })
    }

    /// Sends a request to the API.
    async fn send(&self, method: &str, path: &str, body: Value) -> Result<Value> {
        let path = format!("/api/v1{path}");
        let mut request = self.sandbox.quay().request(method, path)?;
        if !body.is_null() {
            request = request.json(&body);
        }
        let body = request.send_bytes().await?;
        Ok(serde_json::from_slice(&body).unwrap_or_default())
    }

    async fn post(&self, path: &str) -> Result<Value> {
        self.send("POST", path, json!({})).await
    }

    fn webhook(&self, event: &NotificationEvent) -> CreateNotification {
        let mut notification = self.receiver.notification(event.clone());
        if *event == NotificationEvent::RepoImageExpiry {
            let days = EventNumber::Number(30);
            notification.event_config = NotificationEventConfig::new().days(days);
        }
        notification
    }

    /// Creates a notification of a repository.
    async fn notify(&self, repository: &str, webhook: CreateNotification) -> Result<Notification> {
        let repository = self.sandbox.quay().repository(repository)?;
        repository.notifications().create(webhook).await
    }

    /// Creates a notification of each event of a repository.
    async fn notify_of_everything(&self, repository: &str) -> Result<()> {
        for event in OF_REPOSITORIES {
            self.notify(repository, self.webhook(&event)).await?;
        }
        Ok(())
    }

    /// Queues a test of a notification of a repository.
    async fn test(&self, repository: &str, notification: &Notification) -> Result<()> {
        let uuid = &notification.uuid;
        let path = format!("/repository/{repository}/notification/{uuid}/test");
        self.post(&path).await.map(drop)
    }

    /// Returns how often a notification of a repository has failed.
    async fn failures(&self, repository: &str, notification: &Notification) -> Result<i64> {
        let uuid = &notification.uuid;
        let path = format!("/repository/{repository}/notification/{uuid}");
        let row = self.send("GET", &path, Value::Null).await?;
        Ok(row["number_of_failures"].as_i64().unwrap_or(-1))
    }

    /// Waits for all webhooks, and returns the events that have arrived since the last call.
    async fn events(&mut self) -> Result<Vec<Event>> {
        self.sandbox.webhooks().await?;
        let received = self.server.received();
        let receive = |r: &Received| self.receiver.receive(&r.path_and_query, &r.body);
        received.iter().map(receive).collect()
    }

    async fn kinds(&mut self) -> Result<Vec<String>> {
        let events = self.events().await?;
        Ok(events
            .iter()
            .map(|event| event.kind().to_string())
            .collect())
    }
}
