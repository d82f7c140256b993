//! Notifications about events in a repository or a namespace.

use crate::api::shared::{
    Parent, existed, exists_if_empty, missing, missing_if_server_failed, none_if_not_found,
    path_segment,
};
use crate::generated::params;
use crate::pagination::{Listing, SinglePage};
use crate::types::{CreateNotification, Notification, NotificationEvent, NotificationTarget};
use crate::{Error, ErrorKind, Quay, Result};

/// The notifications of a repository, of an organization, or of the caller's namespace.
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
    /// `GET /api/v1/user/namespacenotifications`. All in one answer. If there is none, one request
    /// more finds out whether the repository or organization exists.
    ///
    /// # Errors
    /// When it is read: [`is_not_found`](crate::Error::is_not_found) if the repository or
    /// organization does not exist.
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

    /// Creates a notification, once more if there is the same one. A notification can't be changed:
    /// [`replace`](Self::replace) makes a new one instead.
    ///
    /// The events of a quota belong to a namespace, all others to a repository. The server stores
    /// some of a repository that would never come; those are refused before anything is sent.
    ///
    /// Scope: `org:admin`, `repo:admin` or `user:admin`. Endpoint:
    /// `POST /api/v1/organization/{orgname}/notifications` or
    /// `POST /api/v1/repository/{repository}/notification/` or
    /// `POST /api/v1/user/namespacenotifications`.
    ///
    /// # Errors
    /// [`is_invalid_request`](crate::Error::is_invalid_request), also for an event of the wrong
    /// owner, for [`RepoImageExpiry`](NotificationEvent::RepoImageExpiry) without `days`, and for a
    /// repository's event or method that this version does not know and the server neither, which
    /// fails with a 500. [`is_not_found`](crate::Error::is_not_found) if the repository or
    /// organization does not exist.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// let notifications = repository.notifications();
    /// use quay_api::types::{
    ///     CreateNotification, NotificationEvent, NotificationEventConfig, NotificationTarget,
    ///     WebhookTarget,
    /// };
    ///
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
        // The server fails on an event or a method of a repository that it does not know.
        let is_unknown = matches!(notification.event, NotificationEvent::Other(_))
            || matches!(notification.target, NotificationTarget::Other(_));
        created.map_err(|error| match error.kind() {
            ErrorKind::Server if is_unknown => Error::new(
                ErrorKind::InvalidRequest,
                format!(
                    "the server failed, probably since it does not know the event {:?} or the \
                     method {:?}",
                    notification.event.as_str(),
                    notification.target.kind()
                ),
            )
            .with_source(error),
            _ => error,
        })
    }

    /// Refuses an event that would never come.
    fn check_event(&self, notification: &CreateNotification) -> Result<()> {
        // Namespaces have no other events, which the server checks.
        if !matches!(self.parent, Parent::Repository(_)) {
            return Ok(());
        }
        let event = &notification.event;
        if matches!(
            event,
            NotificationEvent::QuotaWarning | NotificationEvent::QuotaError
        ) {
            return Err(Error::invalid_input(format!(
                "the event {} is one of a namespace: a repository never has it",
                event.as_str()
            )));
        }
        if *event == NotificationEvent::RepoImageExpiry && notification.event_config.days.is_none()
        {
            return Err(Error::invalid_input(
                "the event repo_image_expiry needs `days` in its configuration: the server sends \
                 nothing without",
            ));
        }
        Ok(())
    }

    /// Checks that a notification belongs to the repository. The server looks for some of them by
    /// their identifiers alone.
    async fn check_listed(&self, id: &str) -> Result<()> {
        if self.list().await?.iter().any(|known| known.uuid == id) {
            return Ok(());
        }
        let parent = self.parent.named();
        Err(missing(&format!("notification {id} of {parent}")))
    }

    /// Reads a notification.
    ///
    /// Scope: `org:admin`, `repo:admin` or `user:admin`. Endpoint:
    /// `GET /api/v1/organization/{orgname}/notifications/{uuid}` or
    /// `GET /api/v1/repository/{repository}/notification/{uuid}` or
    /// `GET /api/v1/user/namespacenotifications/{uuid}`.
    ///
    /// The server would give any repository's notification for an identifier: those of the
    /// repository are therefore listed first.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// let notifications = repository.notifications();
    /// let notification = notifications.get("8691642f-1126-4299-ac46-d64e6c165d91").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get(&self, id: impl AsRef<str>) -> Result<Notification> {
        let id = path_segment("notification identifier", id.as_ref())?;
        let request = match &self.parent {
            Parent::Organization(name) => {
                self.quay
                    .api()
                    .get_org_notification(params::GetOrgNotification {
                        orgname: name,
                        uuid: &id,
                    })
            }
            Parent::Repository(name) => {
                self.check_listed(&id).await?;
                self.quay
                    .api()
                    .get_repo_notification(params::GetRepoNotification {
                        repository: name.as_str(),
                        uuid: &id,
                    })
            }
            Parent::Me => self.quay.api().get_user_namespace_notification(&id),
            other => other.has_no("notifications"),
        };
        self.quay.send(request).await
    }

    /// Reads it; `None` if there is no such notification.
    ///
    /// Scope and endpoint: as [`get`](Self::get).
    ///
    /// # Errors
    /// As [`get`](Self::get), but not for a missing notification.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// let notifications = repository.notifications();
    /// let notification = notifications.get_opt("8691642f-1126-4299-ac46-d64e6c165d91").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self, id: impl AsRef<str>) -> Result<Option<Notification>> {
        none_if_not_found(self.get(id)).await
    }

    /// Deletes a notification.
    ///
    /// Scope: `org:admin`, `repo:admin` or `user:admin`. Endpoint:
    /// `DELETE /api/v1/organization/{orgname}/notifications/{uuid}` or
    /// `DELETE /api/v1/repository/{repository}/notification/{uuid}` or
    /// `DELETE /api/v1/user/namespacenotifications/{uuid}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// let notifications = repository.notifications();
    /// notifications.delete("8691642f-1126-4299-ac46-d64e6c165d91").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete(&self, id: impl AsRef<str>) -> Result<()> {
        let id = path_segment("notification identifier", id.as_ref())?;
        let request = match &self.parent {
            Parent::Organization(name) => {
                self.quay
                    .api()
                    .delete_org_notification(params::DeleteOrgNotification {
                        orgname: name,
                        uuid: &id,
                    })
            }
            Parent::Repository(name) => {
                self.quay
                    .api()
                    .delete_repo_notification(params::DeleteRepoNotification {
                        repository: name.as_str(),
                        uuid: &id,
                    })
            }
            Parent::Me => self.quay.api().delete_user_namespace_notification(&id),
            other => other.has_no("notifications"),
        };
        self.quay.send(request).await
    }

    /// Deletes it if it exists. Returns false if there is no such notification.
    ///
    /// False is certain. True means that this call deleted it, or may have done so: after a lost
    /// response the request is repeated, and may find nothing.
    ///
    /// Scope and endpoint: as [`delete`](Self::delete).
    ///
    /// # Errors
    /// As [`delete`](Self::delete), but not for a missing notification.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// let notifications = repository.notifications();
    /// notifications.delete_if_exists("8691642f-1126-4299-ac46-d64e6c165d91").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self, id: impl AsRef<str>) -> Result<bool> {
        existed(self.delete(id)).await
    }

    /// Sends a notification with an example.
    ///
    /// Scope: `org:admin`, `repo:admin` or `user:admin`. Endpoint:
    /// `POST /api/v1/organization/{orgname}/notifications/{uuid}/test` or
    /// `POST /api/v1/repository/{repository}/notification/{uuid}/test` or
    /// `POST /api/v1/user/namespacenotifications/{uuid}/test`.
    ///
    /// Success means that the server has queued it, not that it has arrived. As with
    /// [`get`](Self::get), the notifications of a repository are listed first.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// let notifications = repository.notifications();
    /// notifications.test("8691642f-1126-4299-ac46-d64e6c165d91").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn test(&self, id: impl AsRef<str>) -> Result<()> {
        let id = path_segment("notification identifier", id.as_ref())?;
        let request = match &self.parent {
            Parent::Organization(name) => {
                self.quay
                    .api()
                    .test_org_notification(params::TestOrgNotification {
                        orgname: name,
                        uuid: &id,
                    })
            }
            Parent::Repository(name) => {
                self.check_listed(&id).await?;
                self.quay
                    .api()
                    .test_repo_notification(params::TestRepoNotification {
                        repository: name.as_str(),
                        uuid: &id,
                    })
            }
            Parent::Me => self.quay.api().test_user_namespace_notification(&id),
            other => other.has_no("notifications"),
        };
        self.quay.send(request).await
    }

    /// Forgets the failures of a notification, so that it is sent again.
    ///
    /// Scope: `org:admin`, `repo:admin` or `user:admin`. Endpoint:
    /// `POST /api/v1/organization/{orgname}/notifications/{uuid}` or
    /// `POST /api/v1/repository/{repository}/notification/{uuid}` or
    /// `POST /api/v1/user/namespacenotifications/{uuid}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// let notifications = repository.notifications();
    /// notifications.reset_failures("8691642f-1126-4299-ac46-d64e6c165d91").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn reset_failures(&self, id: impl AsRef<str>) -> Result<()> {
        let id = path_segment("notification identifier", id.as_ref())?;
        let request = match &self.parent {
            Parent::Organization(name) => self.quay.api().reset_org_notification_failures(
                params::ResetOrgNotificationFailures {
                    orgname: name,
                    uuid: &id,
                },
            ),
            Parent::Repository(name) => self.quay.api().reset_repository_notification_failures(
                params::ResetRepositoryNotificationFailures {
                    repository: name.as_str(),
                    uuid: &id,
                },
            ),
            Parent::Me => self
                .quay
                .api()
                .reset_user_namespace_notification_failures(&id),
            other => other.has_no("notifications"),
        };
        self.quay.send(request).await
    }

    /// Replaces a notification, since the server can't change one: looks for the old one, creates
    /// the new one, then deletes the old one. If deleting fails, both are there, and the message
    /// says which was created.
    ///
    /// Scope and endpoint: those of [`list`](Self::list), [`create`](Self::create) and
    /// [`delete`](Self::delete).
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found), and nothing is created, if there is no such
    /// notification. Those of [`create`](Self::create) and [`delete`](Self::delete).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// let notifications = repository.notifications();
    /// use quay_api::types::{
    ///     CreateNotification, NotificationEvent, NotificationEventConfig, NotificationTarget,
    ///     WebhookTarget,
    /// };
    ///
    /// let target = NotificationTarget::Webhook(WebhookTarget::new("https://example.com/new"));
    /// let request = CreateNotification::new(
    ///     NotificationEvent::RepoPush,
    ///     NotificationEventConfig::new(),
    ///     target,
    /// );
    /// let replaced = notifications
    ///     .replace("8691642f-1126-4299-ac46-d64e6c165d91", request)
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn replace(
        &self,
        id: impl AsRef<str>,
        notification: CreateNotification,
    ) -> Result<Notification> {
        let id = path_segment("notification identifier", id.as_ref())?;
        self.check_event(&notification)?;
        self.check_listed(&id).await?;
        let created = self.create(notification).await?;
        match self.delete_if_exists(&id).await {
            Ok(_) => Ok(created),
            Err(error) => Err(error.after(&format!("{} was created", created.uuid))),
        }
    }
}
