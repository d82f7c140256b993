//! URLs that contain the event and a secret, and the check of requests to them.

use crate::types::{
    CreateNotification, NotificationEvent, NotificationEventConfig, NotificationTarget, Secret,
    WebhookTarget,
};
use crate::webhook::Event;
use crate::{Error, ErrorKind, Result};
use std::fmt;
use url::{Url, form_urlencoded};

/// The minimum length of a secret in bytes.
const MIN_SECRET: usize = 16;

/// The maximum length of a request's target in bytes. Longer ones are not parsed.
const MAX_TARGET: usize = 8 * 1024;

/// The query parameters of the URLs.
const EVENT: &str = "event";
const SECRET: &str = "secret";

/// Hosts to which a server sends no webhooks.
const REFUSED_HOSTS: [&str; 2] = ["localhost", "127.0.0.1"];

/// A receiver of webhooks: creates a URL for each event, and checks the requests that arrive there.
///
/// A server does not sign webhooks, and their bodies do not name the event. The URLs therefore
/// contain both a secret and the event in their query:
/// `https://hooks.example.com/quay?event=repo_push&secret=…`. Anyone who knows the secret can forge
/// a webhook. Use `https`, and keep queries out of the logs of proxies.
///
/// A receiver works with any web framework: pass it the path and query of a request, and the body.
///
/// # Examples
///
/// ```
/// use quay_api::types::NotificationEvent;
/// use quay_api::webhook::{Event, Receiver};
///
/// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
/// let receiver = Receiver::new("https://hooks.example.com/quay", "9d1c7f3e5b8a4260")?;
///
/// // Once: the notification that makes the server post.
/// let notification = receiver.notification(NotificationEvent::RepoPush);
/// quay.repository("acme/web")?.notifications().create(notification).await?;
///
/// // For each request that arrives.
/// let (path_and_query, body) = ("/quay?event=repo_push&secret=…", b"{}");
/// match receiver.receive(path_and_query, body) {
///     Ok(Event::RepoPush(push)) => println!("{}: {:?}", push.repository, push.updated_tags),
///     Ok(event) => println!("{}", event.kind()),
///     Err(error) if error.is_unauthenticated() => println!("respond with 401"),
///     Err(error) => println!("respond with 400: {error}"),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Receiver {
    base: Url,
    /// The first secret is used in new URLs.
    secrets: Vec<Secret>,
}

impl Receiver {
    /// Creates a receiver at a base URL at which the server can reach it.
    ///
    /// The URL may contain a path, a query and a password for HTTP Basic.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`Error::is_invalid_request`] is true if the URL is not an http
    /// or https URL, has a fragment, has a query parameter `event` or `secret`, or has the host
    /// `localhost` or `127.0.0.1`, to which a server sends nothing, or if the secret has fewer than
    /// 16 bytes.
    pub fn new(base_url: &str, secret: impl Into<Secret>) -> Result<Self> {
        Self::with_secret(base_url, secret.into())
    }

    fn with_secret(base_url: &str, secret: Secret) -> Result<Self> {
        // The URL may contain a password, so no message shows it.
        let invalid = |rule: &str| Error::invalid_input(format!("the URL of a receiver {rule}"));
        let base =
            Url::parse(base_url).map_err(|error| invalid(&format!("is invalid: {error}")))?;
        if !matches!(base.scheme(), "http" | "https") {
            return Err(invalid("must be an http or https URL"));
        }
        if base
            .host_str()
            .is_some_and(|host| REFUSED_HOSTS.contains(&host))
        {
            return Err(invalid(
                "must not have the host `localhost` or `127.0.0.1`: a server sends nothing there",
            ));
        }
        if base.fragment().is_some() {
            return Err(invalid("must not have a fragment"));
        }
        if base
            .query_pairs()
            .any(|(name, _)| name == EVENT || name == SECRET)
        {
            return Err(invalid(
                "must not have a query parameter `event` or `secret`",
            ));
        }
        check_secret(&secret)?;
        Ok(Self {
            base,
            secrets: vec![secret],
        })
    }

    /// Accepts requests with an older secret too, so that a secret can be replaced.
    ///
    /// Notifications with the old secret work until they are replaced.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`Error::is_invalid_request`] is true if the secret has fewer
    /// than 16 bytes.
    ///
    /// # Examples
    ///
    /// ```
    /// use quay_api::types::NotificationEvent;
    /// use quay_api::webhook::Receiver;
    ///
    /// let old = Receiver::new("https://hooks.example.com", "9d1c7f3e5b8a4260")?;
    /// let new = Receiver::new("https://hooks.example.com", "02c4a6e81b3d5f79")?
    ///     .accept_old_secret("9d1c7f3e5b8a4260")?;
    /// let url = old.url(&NotificationEvent::RepoPush);
    /// assert_eq!(new.event_of(url.expose())?, NotificationEvent::RepoPush);
    /// # Ok::<(), quay_api::Error>(())
    /// ```
    pub fn accept_old_secret(mut self, secret: impl Into<Secret>) -> Result<Self> {
        let secret = secret.into();
        check_secret(&secret)?;
        self.secrets.push(secret);
        Ok(self)
    }

    /// Returns the URL for the webhooks of an event, including the secret.
    ///
    /// # Examples
    ///
    /// ```
    /// use quay_api::types::NotificationEvent;
    /// use quay_api::webhook::Receiver;
    ///
    /// let receiver = Receiver::new("https://hooks.example.com/quay", "9d1c7f3e5b8a4260")?;
    /// assert_eq!(
    ///     receiver.url(&NotificationEvent::RepoPush).expose(),
    ///     "https://hooks.example.com/quay?event=repo_push&secret=9d1c7f3e5b8a4260"
    /// );
    /// # Ok::<(), quay_api::Error>(())
    /// ```
    pub fn url(&self, event: &NotificationEvent) -> Secret {
        let mut url = self.base.clone();
        let secret = self.secrets.first().map(Secret::expose).unwrap_or_default();
        url.query_pairs_mut()
            .append_pair(EVENT, event.as_str())
            .append_pair(SECRET, secret);
        Secret::from(String::from(url))
    }

    /// Returns the target of a notification for an event.
    ///
    /// # Examples
    ///
    /// ```
    /// use quay_api::types::NotificationEvent;
    /// use quay_api::webhook::Receiver;
    ///
    /// let receiver = Receiver::new("https://hooks.example.com/quay", "9d1c7f3e5b8a4260")?;
    /// assert_eq!(receiver.target(&NotificationEvent::RepoPush).kind(), "webhook");
    /// # Ok::<(), quay_api::Error>(())
    /// ```
    pub fn target(&self, event: &NotificationEvent) -> NotificationTarget {
        NotificationTarget::Webhook(WebhookTarget::new(self.url(event)))
    }

    /// Returns a notification that makes a server send all events of a kind to this receiver.
    ///
    /// Its fields can be changed before it is created. For
    /// [`RepoImageExpiry`](NotificationEvent::RepoImageExpiry), set `days` in its `event_config`.
    ///
    /// # Examples
    ///
    /// ```
    /// use quay_api::types::{EventNumber, NotificationEvent, NotificationEventConfig};
    /// use quay_api::webhook::Receiver;
    ///
    /// let receiver = Receiver::new("https://hooks.example.com/quay", "9d1c7f3e5b8a4260")?;
    /// let mut expiry = receiver.notification(NotificationEvent::RepoImageExpiry);
    /// expiry.event_config = NotificationEventConfig::new().days(EventNumber::Number(7));
    /// # Ok::<(), quay_api::Error>(())
    /// ```
    pub fn notification(&self, event: NotificationEvent) -> CreateNotification {
        let target = self.target(&event);
        CreateNotification::new(event, NotificationEventConfig::new(), target)
    }

    /// Checks the secret of a request, and returns the event of its URL.
    ///
    /// The comparison takes constant time. `path_and_query` is the target of the request as it
    /// arrived, such as `/quay?event=repo_push&secret=…`. The path is not compared, since a proxy
    /// may change it.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`Error::is_unauthenticated`] is true if the secret is missing or
    /// wrong, and an error for which [`Error::is_invalid_request`] is true if the event is missing,
    /// or if one of the two parameters occurs twice.
    ///
    /// # Examples
    ///
    /// ```
    /// use quay_api::types::NotificationEvent;
    /// use quay_api::webhook::Receiver;
    ///
    /// let receiver = Receiver::new("https://hooks.example.com/quay", "9d1c7f3e5b8a4260")?;
    /// let event = receiver.event_of("/quay?event=repo_push&secret=9d1c7f3e5b8a4260")?;
    /// assert_eq!(event, NotificationEvent::RepoPush);
    /// let forged = receiver.event_of("/quay?event=repo_push&secret=0000000000000000");
    /// assert!(forged.unwrap_err().is_unauthenticated());
    /// # Ok::<(), quay_api::Error>(())
    /// ```
    pub fn event_of(&self, path_and_query: &str) -> Result<NotificationEvent> {
        if path_and_query.len() > MAX_TARGET {
            return Err(Error::invalid_input(format!(
                "the target of a webhook's request must have at most {MAX_TARGET} bytes"
            )));
        }
        let query = path_and_query
            .split_once('?')
            .map_or("", |(_, query)| query);
        let (mut event, mut secret) = (None, None);
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let place = match &*name {
                EVENT => &mut event,
                SECRET => &mut secret,
                _ => continue,
            };
            if place.replace(value.into_owned()).is_some() {
                return Err(Error::invalid_input(format!(
                    "the query parameter `{name}` of a webhook's request must occur once"
                )));
            }
        }
        let secret = Secret::from(secret.unwrap_or_default());
        // All secrets are compared, so that the time does not show which one matches.
        let is_known = self
            .secrets
            .iter()
            .fold(false, |found, known| found | (*known == secret));
        if !is_known {
            return Err(Error::new(
                ErrorKind::Unauthenticated,
                "the request of a webhook does not have the secret of this receiver",
            ));
        }
        event
            .filter(|event| !event.is_empty())
            .map(NotificationEvent::from)
            .ok_or_else(|| {
                Error::invalid_input("the request of a webhook does not have the parameter `event`")
            })
    }

    /// Checks the secret of a request, and parses its body as the event of its URL.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`event_of`](Self::event_of) and of [`Event::parse`]. The body is not
    /// parsed if the secret is wrong.
    ///
    /// # Examples
    ///
    /// ```
    /// use quay_api::webhook::{Event, Receiver};
    ///
    /// let receiver = Receiver::new("https://hooks.example.com/quay", "9d1c7f3e5b8a4260")?;
    /// let body = br#"{"repository": "acme/web", "namespace": "acme", "name": "web",
    ///     "updated_tags": ["v1"]}"#;
    /// let event = receiver.receive("/quay?event=repo_push&secret=9d1c7f3e5b8a4260", body)?;
    /// assert!(matches!(event, Event::RepoPush(push) if push.updated_tags == ["v1"]));
    /// # Ok::<(), quay_api::Error>(())
    /// ```
    #[inline]
    pub fn receive(&self, path_and_query: &str, body: &[u8]) -> Result<Event> {
        Event::parse(self.event_of(path_and_query)?, body)
    }
}

fn check_secret(secret: &Secret) -> Result<()> {
    match secret.expose().len() {
        MIN_SECRET.. => Ok(()),
        length => Err(Error::invalid_input(format!(
            "the secret of a receiver must have at least {MIN_SECRET} bytes, got {length}"
        ))),
    }
}

impl fmt::Debug for Receiver {
    /// Shows the origin of the URL, but neither the secrets nor the rest of the URL.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver")
            .field("origin", &self.base.origin().ascii_serialization())
            .finish_non_exhaustive()
    }
}
