//! The server's notices to the caller.

use crate::api::shared::none_if_not_found;
use crate::generated::params;
use crate::pagination::{Listing, Page, PageRequest, SinglePage};
use crate::types::{DismissNotification, UserNotification};
use crate::{Error, ErrorKind, Quay, Result};
use std::sync::Arc;

/// The handle of the server's notices to the caller:
/// [`MeHandle::notices`](crate::api::MeHandle::notices).
#[derive(Debug, Clone)]
pub struct NoticesHandle {
    pub(crate) quay: Quay,
}

impl NoticesHandle {
    /// Lists the notices.
    ///
    /// All notices are read in one request, since paging loses a row at each page border. If the
    /// server says that there are more, the request is repeated with a larger limit.
    ///
    /// Scope: `user:admin`. Endpoint: `GET /api/v1/user/notifications`. The response is not paged.
    /// Operation: `listUserNotifications`.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let me = quay.me();
    /// for notice in me.notices().list().await? {
    ///     println!("{} {:?}", notice.kind, notice.created);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "listUserNotifications")]
    #[inline]
    pub fn list(&self) -> Listing<SinglePage<UserNotification>> {
        let quay = self.quay.clone();
        Listing::new(SinglePage::new(move || {
            let quay = quay.clone();
            let first = quay
                .api()
                .list_user_notifications(params::ListUserNotifications {
                    limit: Some(FIRST_LIMIT),
                    page: None,
                })?;
            // The pages can't be followed: the first two are the same, and the server counts each
            // page as one row longer than it sends.
            let read_all = async move {
                let mut limit = FIRST_LIMIT;
                loop {
                    let request =
                        quay.api()
                            .list_user_notifications(params::ListUserNotifications {
                                limit: Some(limit),
                                page: None,
                            });
                    let response = quay.send(request).await?;
                    if !response.additional {
                        return Ok(Page::whole(response.notifications));
                    }
                    if limit >= MAX_LIMIT {
                        return Err(Error::new(
                            ErrorKind::InvalidResponse,
                            "the server still reports more notices at the largest limit",
                        ));
                    }
                    limit = limit.saturating_mul(100).min(MAX_LIMIT);
                }
            };
            Ok(PageRequest::sent_by(&first, read_all))
        }))
    }
}

/// The limit of the first request, which is larger than the number of notices of most accounts.
const FIRST_LIMIT: i64 = 100_000;

/// The largest limit that the server's database accepts: the server adds one to it.
const MAX_LIMIT: i64 = i32::MAX as i64 - 1;

/// The handle of one of the server's notices to the caller:
/// [`MeHandle::notice`](crate::api::MeHandle::notice).
#[derive(Debug, Clone)]
pub struct NoticeHandle {
    pub(crate) quay: Quay,
    pub(crate) uuid: Arc<str>,
}

impl NoticeHandle {
    /// Returns the identifier of the notice.
    pub fn uuid(&self) -> &str {
        &self.uuid
    }

    /// Reads the notice.
    ///
    /// Scope: `user:admin`. Endpoint: `GET /api/v1/user/notifications/{uuid}`.
    /// Operation: `getUserNotification`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// notice does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let notice = quay.me().notice("20c7409a-c1ce-4f64-b938-ce0d5f158440")?.get().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get notice")]
    #[doc(alias = "getUserNotification")]
    pub async fn get(&self) -> Result<UserNotification> {
        let request = self.quay.api().get_user_notification(&self.uuid);
        self.quay.send(request).await
    }

    /// Reads the notice, or returns `None` if it does not exist.
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
    /// let notice = quay.me().notice("20c7409a-c1ce-4f64-b938-ce0d5f158440")?.get_opt().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<UserNotification>> {
        none_if_not_found(self.get()).await
    }

    /// Dismisses the notice.
    ///
    /// Scope: `user:admin`. Endpoint: `PUT /api/v1/user/notifications/{uuid}`.
    /// Operation: `updateUserNotification`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// notice does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.me().notice("20c7409a-c1ce-4f64-b938-ce0d5f158440")?.dismiss().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "updateUserNotification")]
    pub async fn dismiss(&self) -> Result<UserNotification> {
        self.set_dismissed(true).await
    }

    /// Restores a notice that was dismissed.
    ///
    /// Scope: `user:admin`. Endpoint: `PUT /api/v1/user/notifications/{uuid}`.
    /// Operation: `updateUserNotification`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// notice does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.me().notice("20c7409a-c1ce-4f64-b938-ce0d5f158440")?.restore().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "restore notice")]
    #[doc(alias = "updateUserNotification")]
    pub async fn restore(&self) -> Result<UserNotification> {
        self.set_dismissed(false).await
    }

    async fn set_dismissed(&self, dismissed: bool) -> Result<UserNotification> {
        let body = DismissNotification::new().dismissed(dismissed);
        let request = self
            .quay
            .api()
            .update_user_notification(params::UpdateUserNotification {
                uuid: &self.uuid,
                body: &body,
            });
        self.quay.send(request).await
    }
}
