//! Posting of webhooks: takes queued events from the state, and reports the results.

use crate::testing::http::listener::Shared;
use crate::testing::lock;
use crate::testing::state::deliveries::Attempt;
use crate::types::{NotificationEvent, Secret};
use reqwest::redirect;
use serde_json::Value;
use std::collections::{BTreeMap, VecDeque};
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::Notify;
use url::{Host, Url};

/// The time that the server waits for a response.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The number of redirects that it follows.
const MAX_REDIRECTS: usize = 30;

/// The number of attempts that are kept.
const MAX_KEPT: usize = 10_000;

/// The client that a server uses.
const USER_AGENT: &str = "python-requests/2.32.3";

/// An attempt of a sandbox to post a webhook; see
/// [`Sandbox::webhooks`](crate::testing::Sandbox::webhooks).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct WebhookAttempt {
    event: NotificationEvent,
    notification: String,
    url: Secret,
    body: Value,
    outcome: Result<u16, String>,
}

impl WebhookAttempt {
    /// Returns the event.
    pub fn event(&self) -> &NotificationEvent {
        &self.event
    }

    /// Returns the identifier of the notification.
    pub fn notification(&self) -> &str {
        &self.notification
    }

    /// Returns the URL, which may contain a secret.
    pub fn url(&self) -> &Secret {
        &self.url
    }

    /// Returns the body as JSON.
    pub fn body(&self) -> &Value {
        &self.body
    }

    /// Returns the status of the response, or `None` if there was no response.
    pub fn status(&self) -> Option<u16> {
        self.outcome.as_ref().ok().copied()
    }

    /// Returns the reason why there was no response, or `None` if there was one.
    pub fn error(&self) -> Option<&str> {
        self.outcome.as_ref().err().map(String::as_str)
    }

    /// Returns true if the webhook counts as delivered: the status of the response is a success.
    pub fn is_delivered(&self) -> bool {
        self.status()
            .is_some_and(|status| (200..300).contains(&status))
    }
}

/// The data that posting webhooks needs in addition to the state.
#[derive(Debug, Default)]
pub(super) struct Webhooks {
    /// Held while webhooks are posted, so that its holder knows that none is being posted.
    turn: tokio::sync::Mutex<()>,
    wake: Notify,
    /// The addresses of host names.
    hosts: Mutex<BTreeMap<String, SocketAddr>>,
    attempts: Mutex<VecDeque<WebhookAttempt>>,
}

impl Webhooks {
    /// Wakes the task of [`run`], which looks for webhooks to post.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    pub fn resolve(&self, host: &str, address: SocketAddr) {
        lock(&self.hosts).insert(host.to_lowercase(), address);
    }

    pub fn attempts(&self) -> Vec<WebhookAttempt> {
        lock(&self.attempts).iter().cloned().collect()
    }

    fn keep(&self, attempt: WebhookAttempt) {
        let mut attempts = lock(&self.attempts);
        if attempts.len() == MAX_KEPT {
            attempts.pop_front();
        }
        attempts.push_back(attempt);
    }
}

/// Posts queued events as soon as there are any.
pub(super) async fn run(shared: Arc<Shared>) {
    loop {
        shared.webhooks.wake.notified().await;
        post_due(&shared).await;
    }
}

/// Posts all events that are due, one after the other, after those that are being posted.
pub(super) async fn post_due(shared: &Shared) {
    let (Some(state), webhooks) = (&shared.state, &shared.webhooks) else {
        return;
    };
    let _turn = webhooks.turn.lock().await;
    let mut sender: Option<Sender> = None;
    loop {
        let next = {
            let mut state = lock(state);
            state.announce_progress();
            state.next_attempt()
        };
        let Some(attempt) = next else { return };
        let hosts = lock(&webhooks.hosts).clone();
        let known = sender.take().filter(|sender| sender.hosts == hosts);
        let outcome = match known.map_or_else(|| Sender::new(hosts), Ok) {
            Ok(known) => sender.insert(known).post(&attempt).await,
            Err(reason) => Err(reason),
        };
        let kept = WebhookAttempt {
            event: NotificationEvent::from(attempt.event.as_str()),
            notification: attempt.notification.clone(),
            url: Secret::from(attempt.url.as_str()),
            body: attempt.body.clone(),
            outcome,
        };
        lock(state).finish_attempt(attempt, kept.is_delivered());
        webhooks.keep(kept);
    }
}

/// An HTTP client that reaches this machine only.
struct Sender {
    client: reqwest::Client,
    hosts: BTreeMap<String, SocketAddr>,
}

impl Sender {
    fn new(hosts: BTreeMap<String, SocketAddr>) -> Result<Self, String> {
        let mut client = reqwest::Client::builder()
            .no_proxy()
            .user_agent(USER_AGENT)
            .timeout(TIMEOUT);
        for (host, address) in &hosts {
            client = client.resolve(host, *address);
        }
        let known = hosts.clone();
        let follow = move |redirect: redirect::Attempt<'_>| match check_host(redirect.url(), &known)
        {
            Err(reason) => redirect.error(reason),
            Ok(()) if redirect.previous().len() > MAX_REDIRECTS => {
                redirect.error("too many redirects")
            }
            Ok(()) => redirect.follow(),
        };
        let client = client.redirect(redirect::Policy::custom(follow)).build();
        let client = client.map_err(reason)?;
        Ok(Self { client, hosts })
    }

    /// Posts an event; returns the status of the response.
    async fn post(&self, attempt: &Attempt) -> Result<u16, String> {
        let url = Url::parse(&attempt.url).map_err(|error| error.to_string())?;
        check_host(&url, &self.hosts)?;
        let request = self
            .client
            .post(url)
            .header("accept-encoding", "gzip, deflate")
            .header("content-type", "application/json")
            .body(attempt.body.to_string());
        let response = request.send().await.map_err(reason)?;
        Ok(response.status().as_u16())
    }
}

/// Returns the reason of an error, without the URL, which may carry a secret.
fn reason(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(inner) = source {
        text = format!("{text}: {inner}");
        source = inner.source();
    }
    text
}

/// Requires a host of this machine: a sandbox sends nothing elsewhere.
fn check_host(url: &Url, hosts: &BTreeMap<String, SocketAddr>) -> Result<(), String> {
    let is_local = |address: IpAddr| UdpSocket::bind((address, 0)).is_ok();
    match url.host() {
        Some(Host::Domain(name)) => match hosts.get(name) {
            Some(address) if is_local(address.ip()) => Ok(()),
            Some(_) => Err(format!(
                "the address of the host `{name}` is not one of this machine"
            )),
            None => Err(format!(
                "`Sandbox::resolve` gives no address of the host `{name}`"
            )),
        },
        Some(Host::Ipv4(address)) if is_local(address.into()) => Ok(()),
        Some(Host::Ipv6(address)) if is_local(address.into()) => Ok(()),
        _ => Err("the address is not one of this machine".to_owned()),
    }
}
