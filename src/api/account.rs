//! What belongs to the caller's account: application tokens, authorizations, notices, stars.

use super::{optional, segment};
use crate::generated::params;
use crate::pagination::{Listing, ListingId, SinglePage};
use crate::types::{
    AppToken, AssignedAuthorization, Authorization, CreateAppToken, DismissNotification,
    UserNotification,
};
use crate::{Quay, Result};

/// Tokens with which the caller's applications log in to the registry:
/// [`MeHandle::app_tokens`](super::MeHandle::app_tokens).
#[derive(Debug, Clone)]
pub struct AppTokensHandle {
    pub(super) quay: Quay,
}

impl AppTokensHandle {
    /// Lists the tokens, without the tokens themselves.
    ///
    /// Scope: `user:admin`. Endpoint: `GET /api/v1/user/apptoken`. All in one answer.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let me = quay.me();
    /// let tokens = me.app_tokens().list().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn list(&self) -> Listing<SinglePage<AppToken>> {
        let this = self.clone();
        Listing::whole(
            ListingId::new(&self.quay, "listAppTokens", false),
            move || {
                let this = this.clone();
                async move {
                    Ok(this
                        .quay
                        .send(this.quay.api().list_app_tokens(None))
                        .await?
                        .tokens)
                }
            },
        )
    }

    /// Lists the tokens that expire soon.
    ///
    /// Scope: `user:admin`. Endpoint: `GET /api/v1/user/apptoken`. All in one answer.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let me = quay.me();
    /// let tokens = me.app_tokens().list_expiring().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn list_expiring(&self) -> Listing<SinglePage<AppToken>> {
        let this = self.clone();
        Listing::whole(
            ListingId::new(&self.quay, "listAppTokens", true),
            move || {
                let this = this.clone();
                async move {
                    Ok(this
                        .quay
                        .send(this.quay.api().list_app_tokens(Some("true")))
                        .await?
                        .tokens)
                }
            },
        )
    }

    /// Makes a token.
    ///
    /// Scope: `user:admin`. Endpoint: `POST /api/v1/user/apptoken`.
    ///
    /// # Errors
    /// [`is_invalid_request`](crate::Error::is_invalid_request).
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) where the server has it off.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let me = quay.me();
    /// let token = me.app_tokens().create("laptop").await?.token_code;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create(&self, title: impl Into<String>) -> Result<AppToken> {
        let body = CreateAppToken::new(title);
        self.quay
            .send(self.quay.api().create_app_token(&body))
            .await
            .map(|made| made.token)
    }

    /// Reads a token with the token itself.
    ///
    /// Scope: `user:admin`. Endpoint: `GET /api/v1/user/apptoken/{token_uuid}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let me = quay.me();
    /// let token = me.app_tokens().get("20c7409a-c1ce-4f64-b938-ce0d5f158440").await?.token_code;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get(&self, id: impl AsRef<str>) -> Result<AppToken> {
        let id = segment("token identifier", id.as_ref())?;
        self.quay
            .send(self.quay.api().get_app_token(&id))
            .await
            .map(|found| found.token)
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
    /// let token = me.app_tokens().get_opt("20c7409a-c1ce-4f64-b938-ce0d5f158440").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self, id: impl AsRef<str>) -> Result<Option<AppToken>> {
        optional(self.get(id).await)
    }

    /// Revokes a token.
    ///
    /// Scope: `user:admin`. Endpoint: `DELETE /api/v1/user/apptoken/{token_uuid}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let me = quay.me();
    /// me.app_tokens().revoke("20c7409a-c1ce-4f64-b938-ce0d5f158440").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn revoke(&self, id: impl AsRef<str>) -> Result<()> {
        let id = segment("token identifier", id.as_ref())?;
        self.quay.send(self.quay.api().revoke_app_token(&id)).await
    }

    /// Revokes it if it is there: false if there was nothing to be done.
    ///
    /// Scope and endpoint: as [`revoke`](Self::revoke).
    ///
    /// # Errors
    /// As [`revoke`](Self::revoke), but not for what is not there.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let me = quay.me();
    /// me.app_tokens().revoke_if_exists("20c7409a-c1ce-4f64-b938-ce0d5f158440").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn revoke_if_exists(&self, id: impl AsRef<str>) -> Result<bool> {
        Ok(optional(self.revoke(id).await)?.is_some())
    }
}

/// OAuth applications that act for the caller:
/// [`MeHandle::authorizations`](super::MeHandle::authorizations).
#[derive(Debug, Clone)]
pub struct AuthorizationsHandle {
    pub(super) quay: Quay,
}

impl AuthorizationsHandle {
    /// Lists the applications that act for the caller.
    ///
    /// Scope: `user:admin`. Endpoint: `GET /api/v1/user/authorizations`. All in one answer.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let me = quay.me();
    /// let authorizations = me.authorizations().list().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn list(&self) -> Listing<SinglePage<Authorization>> {
        let this = self.clone();
        Listing::whole(
            ListingId::new(&self.quay, "listUserAuthorizations", ()),
            move || {
                let this = this.clone();
                async move {
                    Ok(this
                        .quay
                        .send(this.quay.api().list_user_authorizations())
                        .await?
                        .authorizations)
                }
            },
        )
    }

    /// Reads what an application may do.
    ///
    /// Scope: `user:admin`. Endpoint: `GET /api/v1/user/authorizations/{access_token_uuid}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let me = quay.me();
    /// let authorization = me.authorizations().get("20c7409a-c1ce-4f64-b938-ce0d5f158440").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get(&self, id: impl AsRef<str>) -> Result<Authorization> {
        let id = segment("authorization identifier", id.as_ref())?;
        self.quay
            .send(self.quay.api().get_user_authorization(&id))
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
    /// let authorization = me.authorizations().get_opt("20c7409a-c1ce-4f64-b938-ce0d5f158440").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self, id: impl AsRef<str>) -> Result<Option<Authorization>> {
        optional(self.get(id).await)
    }

    /// Lets an application act for the caller no more.
    ///
    /// Scope: `user:admin`. Endpoint: `DELETE /api/v1/user/authorizations/{access_token_uuid}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let me = quay.me();
    /// me.authorizations().revoke("20c7409a-c1ce-4f64-b938-ce0d5f158440").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn revoke(&self, id: impl AsRef<str>) -> Result<()> {
        let id = segment("authorization identifier", id.as_ref())?;
        self.quay
            .send(self.quay.api().delete_user_authorization(&id))
            .await
    }

    /// Revokes it if it is there: false if there was nothing to be done.
    ///
    /// Scope and endpoint: as [`revoke`](Self::revoke).
    ///
    /// # Errors
    /// As [`revoke`](Self::revoke), but not for what is not there.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let me = quay.me();
    /// me.authorizations().revoke_if_exists("20c7409a-c1ce-4f64-b938-ce0d5f158440").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn revoke_if_exists(&self, id: impl AsRef<str>) -> Result<bool> {
        Ok(optional(self.revoke(id).await)?.is_some())
    }

    /// Lists the tokens that were assigned to the caller and not taken yet.
    ///
    /// Scope: `user:admin`. Endpoint: `GET /api/v1/user/assignedauthorization`. All in one answer.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let me = quay.me();
    /// let assigned = me.authorizations().assigned().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn assigned(&self) -> Listing<SinglePage<AssignedAuthorization>> {
        let this = self.clone();
        Listing::whole(
            ListingId::new(&self.quay, "listAssignedAuthorizations", ()),
            move || {
                let this = this.clone();
                async move {
                    Ok(this
                        .quay
                        .send(this.quay.api().list_assigned_authorizations())
                        .await?
                        .authorizations)
                }
            },
        )
    }

    /// Refuses a token that was assigned to the caller.
    ///
    /// Scope: `user:admin`. Endpoint:
    /// `DELETE /api/v1/user/assignedauthorization/{assigned_authorization_uuid}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let me = quay.me();
    /// me.authorizations().refuse_assigned("20c7409a-c1ce-4f64-b938-ce0d5f158440").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn refuse_assigned(&self, id: impl AsRef<str>) -> Result<()> {
        let id = segment("authorization identifier", id.as_ref())?;
        self.quay
            .send(self.quay.api().delete_assigned_authorization(&id))
            .await
    }
}

/// What the server wants to tell the caller: [`MeHandle::notices`](super::MeHandle::notices).
#[derive(Debug, Clone)]
pub struct NoticesHandle {
    pub(super) quay: Quay,
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
        let this = self.clone();
        Listing::whole(
            ListingId::new(&self.quay, "listUserNotifications", ()),
            move || {
                let this = this.clone();
                async move {
                    let mut limit = ENOUGH;
                    loop {
                        let answer = this
                            .quay
                            .send(this.quay.api().list_user_notifications(
                                params::ListUserNotifications {
                                    limit: Some(limit),
                                    page: None,
                                },
                            ))
                            .await?;
                        // Its pages can't be followed: the first two are the same, and each is
                        // counted as one row longer than it is given.
                        let has_more = answer.additional && limit < MOST;
                        if !has_more {
                            return Ok(answer.notifications);
                        }
                        limit = limit.saturating_mul(100).min(MOST);
                    }
                }
            },
        )
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
        let id = segment("notice identifier", id.as_ref())?;
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
        optional(self.get(id).await)
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
        let id = segment("notice identifier", id.as_ref())?;
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
        let id = segment("notice identifier", id.as_ref())?;
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

/// More notices than most have.
const ENOUGH: i64 = 100_000;
/// The largest limit that the server's database takes: it asks for one row more.
const MOST: i64 = i32::MAX as i64 - 1;
