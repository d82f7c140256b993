//! Notices of the server to the caller.

use crate::api::shared::{none_if_not_found, path_segment};
use crate::generated::params;
use crate::pagination::{Listing, Page, PageRequest, SinglePage};
use crate::types::{DismissNotification, UserNotification};
use crate::{Error, ErrorKind, Quay, Result};

/// Notices of the server to the caller: [`MeHandle::notices`](crate::api::MeHandle::notices).
#[derive(Debug, Clone)]
pub struct NoticesHandle {
    pub(crate) quay: Quay,
}

impl NoticesHandle {
    /// Lists the notices. They are asked for at once, with a larger limit for as long as the server
    /// says that there are more: its pages lose a row at each border.
    ///
    /// Scope: `user:admin`. Endpoint: `GET /api/v1/user/notifications`. All in one answer.
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
            // The pages can't be followed: the first two are the same, and each is counted as one
            // row longer than it is given.
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
                            "the server always says that there are more notices",
                        ));
                    }
                    limit = limit.saturating_mul(100).min(MAX_LIMIT);
                }
            };
            Ok(PageRequest::sent_by(&first, read_all))
        }))
    }

    /// Reads a notice.
    ///
    /// Scope: `user:admin`. Endpoint: `GET /api/v1/user/notifications/{uuid}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let me = quay.me();
    /// let notice = me.notices().get("20c7409a-c1ce-4f64-b938-ce0d5f158440").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get(&self, id: impl AsRef<str>) -> Result<UserNotification> {
        let id = path_segment("notice identifier", id.as_ref())?;
        self.quay
            .send(self.quay.api().get_user_notification(&id))
            .await
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
    /// let me = quay.me();
    /// let notice = me.notices().get_opt("20c7409a-c1ce-4f64-b938-ce0d5f158440").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self, id: impl AsRef<str>) -> Result<Option<UserNotification>> {
        none_if_not_found(self.get(id)).await
    }

    /// Dismisses a notice.
    ///
    /// Scope: `user:admin`. Endpoint: `PUT /api/v1/user/notifications/{uuid}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let me = quay.me();
    /// me.notices().dismiss("20c7409a-c1ce-4f64-b938-ce0d5f158440").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn dismiss(&self, id: impl AsRef<str>) -> Result<UserNotification> {
        let id = path_segment("notice identifier", id.as_ref())?;
        let body = DismissNotification::new().dismissed(true);
        self.quay
            .send(
                self.quay
                    .api()
                    .update_user_notification(params::UpdateUserNotification {
                        uuid: &id,
                        body: &body,
                    }),
            )
            .await
    }

    /// Brings a dismissed notice back.
    ///
    /// Scope: `user:admin`. Endpoint: `PUT /api/v1/user/notifications/{uuid}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let me = quay.me();
    /// me.notices().restore("20c7409a-c1ce-4f64-b938-ce0d5f158440").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn restore(&self, id: impl AsRef<str>) -> Result<UserNotification> {
        let id = path_segment("notice identifier", id.as_ref())?;
        let body = DismissNotification::new().dismissed(false);
        self.quay
            .send(
                self.quay
                    .api()
                    .update_user_notification(params::UpdateUserNotification {
                        uuid: &id,
                        body: &body,
                    }),
            )
            .await
    }
}

/// The limit of the first request: more notices than most accounts have.
const FIRST_LIMIT: i64 = 100_000;

/// The largest limit that the server's database takes: it asks for one row more.
const MAX_LIMIT: i64 = i32::MAX as i64 - 1;
