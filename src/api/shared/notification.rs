//! One notification of a repository or a namespace.

use crate::api::shared::{Parent, existed, missing, none_if_not_found, path_segment};
use crate::api::{MeHandle, NotificationsHandle, OrganizationHandle};
use crate::generated::params;
use crate::types::{CreateNotification, Notification};
use crate::{Quay, Result};
use std::sync::Arc;

/// One notification of a repository, of an organization, or of the caller's namespace:
/// [`RepositoryHandle::notification`](crate::api::RepositoryHandle::notification),
/// [`OrganizationHandle::notification`], [`MeHandle::notification`].
#[derive(Debug, Clone)]
pub struct NotificationHandle {
    quay: Quay,
    parent: Parent,
    uuid: Arc<str>,
}

impl OrganizationHandle {
    /// One of its notifications.
    ///
    /// # Errors
    ///
    /// Returns an error if the identifier can't be one.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let notification = acme.notification("8691642f-1126-4299-ac46-d64e6c165d91")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn notification(&self, uuid: impl AsRef<str>) -> Result<NotificationHandle> {
        NotificationHandle::new(self.notifications(), uuid.as_ref())
    }
}

impl MeHandle {
    /// One of the notifications about events in the caller's namespace.
    ///
    /// # Errors
    ///
    /// Returns an error if the identifier can't be one.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let notification = quay.me().notification("8691642f-1126-4299-ac46-d64e6c165d91")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn notification(&self, uuid: impl AsRef<str>) -> Result<NotificationHandle> {
        NotificationHandle::new(self.notifications(), uuid.as_ref())
    }
}

impl NotificationHandle {
    /// Makes the handle of one of these notifications.
    pub(crate) fn new(notifications: NotificationsHandle, uuid: &str) -> Result<Self> {
        let NotificationsHandle { quay, parent } = notifications;
        Ok(Self {
            quay,
            parent,
            uuid: path_segment("notification identifier", uuid)?,
        })
    }

    /// Returns its identifier.
    pub fn uuid(&self) -> &str {
        &self.uuid
    }

    fn notifications(&self) -> NotificationsHandle {
        NotificationsHandle {
            quay: self.quay.clone(),
            parent: self.parent.clone(),
        }
    }

    /// Checks that the notification belongs to the repository. The server looks for some of them by
    /// their identifiers alone.
    async fn check_listed(&self) -> Result<()> {
        let mut listed = self.notifications().list().await?.into_iter();
        if listed.any(|known| *known.uuid == *self.uuid) {
            return Ok(());
        }
        let parent = self.parent.named();
        Err(missing(&format!("notification {} of {parent}", self.uuid)))
    }

    /// Reads a notification.
    ///
    /// Scope: `org:admin`, `repo:admin` or `user:admin`. Endpoint:
    /// `GET /api/v1/organization/{orgname}/notifications/{uuid}` or
    /// `GET /api/v1/repository/{repository}/notification/{uuid}` or
    /// `GET /api/v1/user/namespacenotifications/{uuid}`.
    /// Operations: `getOrgNotification`, `getRepoNotification`, `getUserNamespaceNotification`.
    /// Since: 3.18 (`/api/v1/organization/{orgname}/notifications/{uuid}`,
    /// `/api/v1/user/namespacenotifications/{uuid}`). Feature: `FEATURE_QUOTA_NOTIFICATIONS`
    /// (`/api/v1/organization/{orgname}/notifications/{uuid}`,
    /// `/api/v1/user/namespacenotifications/{uuid}`).
    ///
    /// The server would give any repository's notification for an identifier: those of the
    /// repository are therefore listed first.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if there is
    /// no such notification.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// let notification = repository.notification("8691642f-1126-4299-ac46-d64e6c165d91")?;
    /// let found = notification.get().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get notification")]
    #[doc(alias = "getOrgNotification")]
    #[doc(alias = "getRepoNotification")]
    #[doc(alias = "getUserNamespaceNotification")]
    pub async fn get(&self) -> Result<Notification> {
        let request = match &self.parent {
            Parent::Organization(name) => {
                self.quay
                    .api()
                    .get_org_notification(params::GetOrgNotification {
                        orgname: name,
                        uuid: &self.uuid,
                    })
            }
            Parent::Repository(name) => {
                self.check_listed().await?;
                self.quay
                    .api()
                    .get_repo_notification(params::GetRepoNotification {
                        repository: name.as_str(),
                        uuid: &self.uuid,
                    })
            }
            Parent::Me => self.quay.api().get_user_namespace_notification(&self.uuid),
            other => other.has_no("notifications"),
        };
        self.quay.send(request).await
    }

    /// Reads it; `None` if there is no such notification.
    ///
    /// Scope and endpoint: as [`get`](Self::get).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`get`](Self::get), except for what does not exist.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// let notification = repository.notification("8691642f-1126-4299-ac46-d64e6c165d91")?;
    /// let found = notification.get_opt().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<Notification>> {
        none_if_not_found(self.get()).await
    }

    /// Deletes a notification.
    ///
    /// Scope: `org:admin`, `repo:admin` or `user:admin`. Endpoint:
    /// `DELETE /api/v1/organization/{orgname}/notifications/{uuid}` or
    /// `DELETE /api/v1/repository/{repository}/notification/{uuid}` or
    /// `DELETE /api/v1/user/namespacenotifications/{uuid}`.
    /// Operations: `deleteOrgNotification`, `deleteRepoNotification`,
    /// `deleteUserNamespaceNotification`. Since: 3.18
    /// (`/api/v1/organization/{orgname}/notifications/{uuid}`,
    /// `/api/v1/user/namespacenotifications/{uuid}`). Feature: `FEATURE_QUOTA_NOTIFICATIONS`
    /// (`/api/v1/organization/{orgname}/notifications/{uuid}`,
    /// `/api/v1/user/namespacenotifications/{uuid}`).
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if there is
    /// no such notification.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// let notification = repository.notification("8691642f-1126-4299-ac46-d64e6c165d91")?;
    /// notification.delete().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "delete notification")]
    #[doc(alias = "deleteOrgNotification")]
    #[doc(alias = "deleteRepoNotification")]
    #[doc(alias = "deleteUserNamespaceNotification")]
    pub async fn delete(&self) -> Result<()> {
        let request = match &self.parent {
            Parent::Organization(name) => {
                self.quay
                    .api()
                    .delete_org_notification(params::DeleteOrgNotification {
                        orgname: name,
                        uuid: &self.uuid,
                    })
            }
            Parent::Repository(name) => {
                self.quay
                    .api()
                    .delete_repo_notification(params::DeleteRepoNotification {
                        repository: name.as_str(),
                        uuid: &self.uuid,
                    })
            }
            Parent::Me => self
                .quay
                .api()
                .delete_user_namespace_notification(&self.uuid),
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
    ///
    /// Returns the errors of [`delete`](Self::delete), except for what does not exist.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// let notification = repository.notification("8691642f-1126-4299-ac46-d64e6c165d91")?;
    /// notification.delete_if_exists().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self) -> Result<bool> {
        existed(self.delete()).await
    }

    /// Sends a notification with an example.
    ///
    /// Scope: `org:admin`, `repo:admin` or `user:admin`. Endpoint:
    /// `POST /api/v1/organization/{orgname}/notifications/{uuid}/test` or
    /// `POST /api/v1/repository/{repository}/notification/{uuid}/test` or
    /// `POST /api/v1/user/namespacenotifications/{uuid}/test`.
    /// Operations: `testOrgNotification`, `testRepoNotification`, `testUserNamespaceNotification`.
    /// Since: 3.18 (`/api/v1/organization/{orgname}/notifications/{uuid}/test`,
    /// `/api/v1/user/namespacenotifications/{uuid}/test`). Feature: `FEATURE_QUOTA_NOTIFICATIONS`
    /// (`/api/v1/organization/{orgname}/notifications/{uuid}/test`,
    /// `/api/v1/user/namespacenotifications/{uuid}/test`).
    ///
    /// Success means that the server has queued it, not that it has arrived. As with
    /// [`get`](Self::get), the notifications of a repository are listed first.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if there is
    /// no such notification.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// let notification = repository.notification("8691642f-1126-4299-ac46-d64e6c165d91")?;
    /// notification.test().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "test notification")]
    #[doc(alias = "testOrgNotification")]
    #[doc(alias = "testRepoNotification")]
    #[doc(alias = "testUserNamespaceNotification")]
    pub async fn test(&self) -> Result<()> {
        let request = match &self.parent {
            Parent::Organization(name) => {
                self.quay
                    .api()
                    .test_org_notification(params::TestOrgNotification {
                        orgname: name,
                        uuid: &self.uuid,
                    })
            }
            Parent::Repository(name) => {
                self.check_listed().await?;
                self.quay
                    .api()
                    .test_repo_notification(params::TestRepoNotification {
                        repository: name.as_str(),
                        uuid: &self.uuid,
                    })
            }
            Parent::Me => self.quay.api().test_user_namespace_notification(&self.uuid),
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
    /// Operations: `resetOrgNotificationFailures`, `resetRepositoryNotificationFailures`,
    /// `resetUserNamespaceNotificationFailures`. Since: 3.18
    /// (`/api/v1/organization/{orgname}/notifications/{uuid}`,
    /// `/api/v1/user/namespacenotifications/{uuid}`). Feature: `FEATURE_QUOTA_NOTIFICATIONS`
    /// (`/api/v1/organization/{orgname}/notifications/{uuid}`,
    /// `/api/v1/user/namespacenotifications/{uuid}`).
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if there is
    /// no such notification.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// let notification = repository.notification("8691642f-1126-4299-ac46-d64e6c165d91")?;
    /// notification.reset_failures().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "resetOrgNotificationFailures")]
    #[doc(alias = "resetRepositoryNotificationFailures")]
    #[doc(alias = "resetUserNamespaceNotificationFailures")]
    pub async fn reset_failures(&self) -> Result<()> {
        let request = match &self.parent {
            Parent::Organization(name) => self.quay.api().reset_org_notification_failures(
                params::ResetOrgNotificationFailures {
                    orgname: name,
                    uuid: &self.uuid,
                },
            ),
            Parent::Repository(name) => self.quay.api().reset_repository_notification_failures(
                params::ResetRepositoryNotificationFailures {
                    repository: name.as_str(),
                    uuid: &self.uuid,
                },
            ),
            Parent::Me => self
                .quay
                .api()
                .reset_user_namespace_notification_failures(&self.uuid),
            other => other.has_no("notifications"),
        };
        self.quay.send(request).await
    }

    /// Replaces the notification, since the server can't change one: looks for the old one, creates
    /// the new one, then deletes the old one. If deleting fails, both are there, and the message
    /// says which was created. The new one has another identifier, and this handle is still about
    /// the old one.
    ///
    /// Scope and endpoint: those of [`NotificationsHandle::list`], [`NotificationsHandle::create`]
    /// and [`delete`](Self::delete).
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true, and creates
    /// nothing, if there is no such notification; otherwise the errors of
    /// [`NotificationsHandle::create`] and [`delete`](Self::delete).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::{
    ///     CreateNotification, NotificationEvent, NotificationEventConfig, NotificationTarget,
    ///     WebhookTarget,
    /// };
    ///
    /// let repository = quay.repository("acme/web")?;
    /// let notification = repository.notification("8691642f-1126-4299-ac46-d64e6c165d91")?;
    /// let target = NotificationTarget::Webhook(WebhookTarget::new("https://example.com/new"));
    /// let request = CreateNotification::new(
    ///     NotificationEvent::RepoPush,
    ///     NotificationEventConfig::new(),
    ///     target,
    /// );
    /// let replaced = notification.replace(request).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn replace(&self, notification: CreateNotification) -> Result<Notification> {
        let notifications = self.notifications();
        notifications.check_event(&notification)?;
        self.check_listed().await?;
        let created = notifications.create(notification).await?;
        match self.delete_if_exists().await {
            Ok(_) => Ok(created),
            Err(error) => Err(error.after(&format!("{} was created", created.uuid))),
        }
    }
}
