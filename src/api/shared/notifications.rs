//! Notifications about events in a repository or a namespace.

use crate::api::shared::{Parent, none_if_not_found, path_segment};
use crate::generated::params;
use crate::pagination::{Listing, SinglePage};
use crate::types::{CreateNotification, Notification};
use crate::{Quay, Result};

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
    /// `GET /api/v1/user/namespacenotifications`. All in one answer.
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
    }

    /// Creates a notification. A notification can't be changed: [`replace`](Self::replace) makes a
    /// new one instead.
    ///
    /// Scope: `org:admin`, `repo:admin` or `user:admin`. Endpoint:
    /// `POST /api/v1/organization/{orgname}/notifications` or
    /// `POST /api/v1/repository/{repository}/notification/` or
    /// `POST /api/v1/user/namespacenotifications`.
    ///
    /// # Errors
    /// [`is_invalid_request`](crate::Error::is_invalid_request).
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
        self.quay.send(request).await
    }

    /// Reads a notification.
    ///
    /// Scope: `org:admin`, `repo:admin` or `user:admin`. Endpoint:
    /// `GET /api/v1/organization/{orgname}/notifications/{uuid}` or
    /// `GET /api/v1/repository/{repository}/notification/{uuid}` or
    /// `GET /api/v1/user/namespacenotifications/{uuid}`.
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

    /// Reads it; `None` if there is none.
    ///
    /// Scope and endpoint: as [`get`](Self::get).
    ///
    /// # Errors
    /// As [`get`](Self::get), but not for what is not there.
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
        none_if_not_found(self.get(id).await)
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

    /// Deletes it if it is there: false if there was nothing to be done.
    ///
    /// Scope and endpoint: as [`delete`](Self::delete).
    ///
    /// # Errors
    /// As [`delete`](Self::delete), but not for what is not there.
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
        Ok(none_if_not_found(self.delete(id).await)?.is_some())
    }

    /// Sends a notification with an example.
    ///
    /// Scope: `org:admin`, `repo:admin` or `user:admin`. Endpoint:
    /// `POST /api/v1/organization/{orgname}/notifications/{uuid}/test` or
    /// `POST /api/v1/repository/{repository}/notification/{uuid}/test` or
    /// `POST /api/v1/user/namespacenotifications/{uuid}/test`.
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

    /// Replaces a notification, since the server can't change one: creates the new one, then
    /// deletes the old one. If deleting fails, both are there.
    ///
    /// Scope and endpoint: those of [`create`](Self::create) and [`delete`](Self::delete).
    ///
    /// # Errors
    /// Those of [`create`](Self::create) and [`delete`](Self::delete).
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
        path_segment("notification identifier", id.as_ref())?;
        let created = self.create(notification).await?;
        self.delete(id).await?;
        Ok(created)
    }
}
