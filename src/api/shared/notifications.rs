//! Notifications about events in a repository or a namespace.

use crate::api::NotificationHandle;
use crate::api::shared::notification_identity::{has_identity, is_met};
use crate::api::shared::{Desired, Ensure, Parent, exists_if_empty, missing_if_server_failed};
use crate::generated::params;
use crate::pagination::{Listing, SinglePage};
use crate::types::{
    CreateNotification, EventNumber, Notification, NotificationEvent, NotificationTarget,
};
use crate::{Delivery, Error, ErrorKind, Quay, Result};
use futures::FutureExt;
use futures::future::BoxFuture;

/// The handle of the notifications of a repository, of an organization, or of the caller's
/// namespace.
#[derive(Debug, Clone)]
pub struct NotificationsHandle {
    pub(crate) quay: Quay,
    pub(crate) parent: Parent,
}

impl NotificationsHandle {
    /// Lists the notifications.
    ///
    /// Scope: `org:admin`, `repo:admin` or `user:admin`. Endpoint:
    /// `GET /api/v1/organization/{orgname}/notifications` or
    /// `GET /api/v1/repository/{repository}/notification/` or
    /// `GET /api/v1/user/namespacenotifications`. The response is not paged. If the list is empty,
    /// one more request checks that the repository or organization exists.
    /// Operations: `listOrgNotifications`, `listRepoNotifications`,
    /// `listUserNamespaceNotifications`. Since: 3.18
    /// (`/api/v1/organization/{orgname}/notifications`, `/api/v1/user/namespacenotifications`).
    /// Feature: `FEATURE_QUOTA_NOTIFICATIONS` (`/api/v1/organization/{orgname}/notifications`,
    /// `/api/v1/user/namespacenotifications`).
    ///
    /// # Errors
    ///
    /// Reading the list returns an error for which [`is_not_found`](crate::Error::is_not_found) is
    /// true if the repository or organization does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// let notifications = repository.notifications();
    /// for notification in notifications.list().await? {
    ///     println!("{} {}", notification.event, notification.target.kind());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "listOrgNotifications")]
    #[doc(alias = "listRepoNotifications")]
    #[doc(alias = "listUserNamespaceNotifications")]
    #[inline]
    pub fn list(&self) -> Listing<SinglePage<Notification>> {
        let request = match &self.parent {
            Parent::Organization(name) => self.quay.api().list_org_notifications(name),
            Parent::Repository(name) => self.quay.api().list_repo_notifications(name.as_str()),
            Parent::Me => self.quay.api().list_user_namespace_notifications(),
            other => other.has_no("notifications"),
        };
        Listing::single_page(&self.quay, request, |response| response.notifications)
            .when_empty(exists_if_empty(&self.quay, &self.parent))
    }

    /// Creates a notification.
    ///
    /// A second call creates a second, equal notification. A notification can't be changed:
    /// [`NotificationHandle::replace`](crate::api::NotificationHandle::replace) creates a new one
    /// instead.
    ///
    /// Events of a quota belong to a namespace, all others to a repository. For a repository, the
    /// server also stores some notifications that it would never send. The method rejects these
    /// before anything is sent.
    ///
    /// Scope: `org:admin`, `repo:admin` or `user:admin`. Endpoint:
    /// `POST /api/v1/organization/{orgname}/notifications` or
    /// `POST /api/v1/repository/{repository}/notification/` or
    /// `POST /api/v1/user/namespacenotifications`.
    /// Operations: `createOrgNotification`, `createRepoNotification`,
    /// `createUserNamespaceNotification`. Since: 3.18
    /// (`/api/v1/organization/{orgname}/notifications`, `/api/v1/user/namespacenotifications`).
    /// Feature: `FEATURE_QUOTA_NOTIFICATIONS` (`/api/v1/organization/{orgname}/notifications`,
    /// `/api/v1/user/namespacenotifications`).
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_invalid_request`](crate::Error::is_invalid_request) is true
    /// if the server rejects a value, if the event belongs to another kind of parent, for
    /// [`RepoImageExpiry`](NotificationEvent::RepoImageExpiry) without a positive number of `days`,
    /// for a `level` that is not the number of a severity, for a webhook's URL without a host, and
    /// for an event or method of a repository that neither this crate nor the server knows. The
    /// server itself responds with status 500 to the last one. Returns an error for which
    /// [`is_not_found`](crate::Error::is_not_found) is true if the repository or organization does
    /// not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::{
    ///     CreateNotification, NotificationEvent, NotificationEventConfig, NotificationTarget,
    ///     WebhookTarget,
    /// };
    ///
    /// let repository = quay.repository("acme/web")?;
    /// let notifications = repository.notifications();
    /// let target = NotificationTarget::Webhook(WebhookTarget::new("https://example.com/hook"));
    /// let request = CreateNotification::new(
    ///     NotificationEvent::RepoPush,
    ///     NotificationEventConfig::new(),
    ///     target,
    /// );
    /// let created = notifications.create(request).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "create notification")]
    #[doc(alias = "createOrgNotification")]
    #[doc(alias = "createRepoNotification")]
    #[doc(alias = "createUserNamespaceNotification")]
    pub async fn create(&self, notification: CreateNotification) -> Result<Notification> {
        self.check_event(&notification)?;
        let request = match &self.parent {
            Parent::Organization(name) => {
                self.quay
                    .api()
                    .create_org_notification(params::CreateOrgNotification {
                        orgname: name,
                        body: &notification,
                    })
            }
            Parent::Repository(name) => {
                self.quay
                    .api()
                    .create_repo_notification(params::CreateRepoNotification {
                        repository: name.as_str(),
                        body: &notification,
                    })
            }
            Parent::Me => self
                .quay
                .api()
                .create_user_namespace_notification(&notification),
            other => other.has_no("notifications"),
        };
        let created = self.quay.send(request).await;
        let created = missing_if_server_failed(created, self.parent.check_exists(&self.quay)).await;
        let created = self.explain_expiry(created, &notification).await;
        // The server responds with status 500 to an unknown event or method of a repository.
        let is_unknown = matches!(notification.event, NotificationEvent::Other(_))
            || matches!(notification.target, NotificationTarget::Other(_));
        created.map_err(|error| match error.kind() {
            ErrorKind::Server if is_unknown => Error::new(
                ErrorKind::InvalidRequest,
                format!(
                    "the server failed, probably because it does not know the event {:?} or the \
                     method {:?}",
                    notification.event.as_str(),
                    notification.target.kind()
                ),
            )
            .with_subject_of(&error)
            .with_source(error),
            _ => error,
        })
    }

    /// Replaces the error of a server before 3.12, which fails because it does not know the event
    /// `repo_image_expiry`.
    async fn explain_expiry<T>(
        &self,
        created: Result<T>,
        notification: &CreateNotification,
    ) -> Result<T> {
        let error = match created {
            Err(error) if error.kind() == ErrorKind::Server => error,
            other => return other,
        };
        if notification.event != NotificationEvent::RepoImageExpiry
            || self.quay.is_at_least("3.12").await
        {
            return Err(error);
        }
        let message = "the server failed, probably because it does not know the event \
                       \"repo_image_expiry\", which release 3.12 added";
        Err(Error::new(ErrorKind::FeatureDisabled, message)
            .with_delivery(Delivery::Responded)
            .with_subject_of(&error)
            .with_source(error))
    }

    /// Ensures that this notification exists: creates or replaces it if necessary.
    ///
    /// A notification is identified by its event, its method, its receiver and its title. The
    /// settings of the event (`level`, `ref_regex`, `days`) and the template of a webhook are
    /// compared. An empty title, `ref_regex` or template equals none. Other settings that the
    /// server stores and the number of failures are not compared: see
    /// [`NotificationHandle::reset_failures`]. The server can't change a notification, so
    /// [`NotificationHandle::replace`] creates a new one with another identifier and deletes the
    /// old one. See [desired state](crate::guide::desired_state).
    ///
    /// Scope and endpoints: as for [`list`](Self::list), [`create`](Self::create) and
    /// [`NotificationHandle::replace`].
    ///
    /// # Errors
    ///
    /// Awaiting the result returns the errors of [`create`](Self::create) and
    /// [`NotificationHandle::replace`].
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::*;
    ///
    /// let notifications = quay.repository("acme/web")?.notifications();
    /// let pushes = CreateNotification::new(
    ///     NotificationEvent::RepoPush,
    ///     NotificationEventConfig::new(),
    ///     NotificationTarget::Webhook(WebhookTarget::new("https://hooks.example.com/push")),
    /// );
    /// let ensured = notifications.ensure(pushes).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn ensure(&self, notification: CreateNotification) -> Ensure<Notification> {
        Ensure::new(EnsureNotification {
            notifications: self.clone(),
            notification,
        })
    }

    /// Rejects an event that the server would never send, and a URL at which it would fail.
    pub(super) fn check_event(&self, notification: &CreateNotification) -> Result<()> {
        if let NotificationTarget::Webhook(webhook) = &notification.target
            && !has_host(webhook.url.expose())
        {
            return Err(Error::invalid_input(
                "the URL of a webhook must have a host",
            ));
        }
        // The server itself rejects the events that namespaces do not have.
        if !matches!(self.parent, Parent::Repository(_)) {
            return Ok(());
        }
        let event = &notification.event;
        if matches!(
            event,
            NotificationEvent::QuotaWarning | NotificationEvent::QuotaError
        ) {
            return Err(Error::invalid_input(format!(
                "the event {} belongs to a namespace: a repository never has it",
                event.as_str()
            )));
        }
        let config = &notification.event_config;
        if *event == NotificationEvent::RepoImageExpiry && !is_span(config.days.as_ref()) {
            return Err(Error::invalid_input(
                "the event repo_image_expiry must have `days` in its configuration, as a number \
                 greater than 0: otherwise the server sends nothing",
            ));
        }
        if let Some(level) = &config.level
            && *event == NotificationEvent::VulnerabilityFound
            && level.severity().is_none()
        {
            return Err(Error::invalid_input(
                "the `level` of vulnerabilities must be a severity, such as `Severity::High`, or the \
                 number of one, from 0 (critical) to 5 (unknown)",
            ));
        }
        Ok(())
    }
}

/// The server itself responds with status 500 to a URL such as `https:///hook`.
fn has_host(url: &str) -> bool {
    let Some((_, address)) = url.split_once("://") else {
        // The server rejects a URL without a scheme.
        return true;
    };
    !address.is_empty() && !address.starts_with(['/', '?', '#', ':'])
}

/// The server fails at a number that is a string.
fn is_span(days: Option<&EventNumber>) -> bool {
    match days {
        Some(EventNumber::Number(days)) => *days > 0,
        Some(EventNumber::Other(days)) => days.as_f64().is_some_and(|days| days > 0.0),
        _ => false,
    }
}

struct EnsureNotification {
    notifications: NotificationsHandle,
    notification: CreateNotification,
}

impl Desired for EnsureNotification {
    type Item = Notification;

    #[inline]
    fn existing(&self) -> BoxFuture<'_, Result<Vec<Notification>>> {
        async move {
            self.notifications.check_event(&self.notification)?;
            let mut notifications = self.notifications.list().await?;
            notifications.retain(|stored| has_identity(&self.notification, stored));
            Ok(notifications)
        }
        .boxed()
    }

    fn is_met(&self, found: &Notification) -> bool {
        is_met(&self.notification, found)
    }

    #[inline]
    fn create(&self) -> BoxFuture<'_, Result<Notification>> {
        self.notifications.create(self.notification.clone()).boxed()
    }

    #[inline]
    fn update(&self, found: Notification) -> BoxFuture<'_, Result<Notification>> {
        async move {
            let handle = NotificationHandle::new(self.notifications.clone(), &found.uuid)?;
            handle.replace(self.notification.clone()).await
        }
        .boxed()
    }
}
