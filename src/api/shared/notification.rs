//! The handle of one notification of a repository or a namespace.

use crate::api::shared::{Parent, existed, missing_in, none_if_not_found, path_segment};
use crate::api::{MeHandle, NotificationsHandle, OrganizationHandle};
use crate::generated::params;
use crate::types::{CreateNotification, Notification};
use crate::{Quay, Result};
use std::sync::Arc;

/// The handle of one notification of a repository, of an organization, or of the caller's
/// namespace.
///
/// [`RepositoryHandle::notification`](crate::api::RepositoryHandle::notification),
/// [`OrganizationHandle::notification`] and [`MeHandle::notification`] return it.
#[derive(Debug, Clone)]
pub struct NotificationHandle {
    quay: Quay,
    parent: Parent,
    uuid: Arc<str>,
}

impl OrganizationHandle {
    /// Returns the handle of one of the organization's notifications.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if
    /// the identifier is empty or not valid in a path.
    ///
    /// # Examples
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
    /// Returns the handle of one of the notifications about events in the caller's namespace.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if
    /// the identifier is empty or not valid in a path.
    ///
    /// # Examples
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
    /// Creates the handle of one of these notifications.
    pub(crate) fn new(notifications: NotificationsHandle, uuid: &str) -> Result<Self> {
        let NotificationsHandle { quay, parent } = notifications;
        Ok(Self {
            quay,
            parent,
            uuid: path_segment("notification identifier", uuid)?,
        })
    }

    /// Returns the identifier of the notification.
    pub fn uuid(&self) -> &str {
        &self.uuid
    }

    fn notifications(&self) -> NotificationsHandle {
        NotificationsHandle {
            quay: self.quay.clone(),
            parent: self.parent.clone(),
        }
    }

    /// Checks that the notification belongs to the repository. Some of the server's operations find
    /// a notification by its identifier alone.
    async fn check_listed(&self) -> Result<()> {
        let listing = self.notifications().list();
        let mut listed = listing.clone().await?.into_iter();
        if listed.any(|known| *known.uuid == *self.uuid) {
            return Ok(());
        }
        let what = format!("notification {} of {}", self.uuid, self.parent.named());
        Err(missing_in(&listing, &what, &self.parent.path_values()))
    }

    /// Reads the notification.
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
    /// The server would also return a notification of another repository. The method therefore
    /// lists the repository's notifications first.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// notification does not exist.
    ///
    /// # Examples
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

    /// Reads the notification, or returns `None` if it does not exist.
    ///
    /// Scope and endpoint: as for [`get`](Self::get).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`get`](Self::get) other than "not found".
    ///
    /// # Examples
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

    /// Deletes the notification.
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
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// notification does not exist.
    ///
    /// # Examples
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

    /// Deletes the notification if it exists, and returns true if it existed.
    ///
    /// The result is also true if a retry after a lost response finds nothing, because the first
    /// attempt may have deleted it.
    ///
    /// Scope and endpoint: as for [`delete`](Self::delete).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`delete`](Self::delete) other than "not found".
    ///
    /// # Examples
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

    /// Sends a notification with example data to the receiver.
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
    /// Success means that the server has queued the notification, not that it has been delivered.
    /// As for [`get`](Self::get), the notifications of a repository are listed first.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// notification does not exist.
    ///
    /// # Examples
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

    /// Resets the failure count of the notification, so that the server sends it again.
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
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// notification does not exist.
    ///
    /// # Examples
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

    /// Replaces the notification, since the server can't change one.
    ///
    /// The method checks that the notification exists, creates the new one, and then deletes this
    /// one. If the deletion fails, both exist, and the message contains the identifier of the new
    /// one. The new one has another identifier. This handle keeps the old one.
    ///
    /// Scope and endpoint: those of [`NotificationsHandle::list`], [`NotificationsHandle::create`]
    /// and [`delete`](Self::delete).
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true, and creates
    /// nothing, if the notification does not exist. Otherwise returns the errors of
    /// [`NotificationsHandle::create`] and [`delete`](Self::delete).
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
