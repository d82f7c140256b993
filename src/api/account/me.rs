//! The handle of the token's user, which leads to the handles of their resources.

use crate::api::shared::{Parent, path_segment};
use crate::api::{
    AppTokenHandle, AppTokensHandle, AssignedAuthorizationHandle, AssignedAuthorizationsHandle,
    AuthorizationHandle, AuthorizationsHandle, AutoPrunePoliciesHandle, BillingHandle, LogsHandle,
    MyQuotaHandle, MyQuotasHandle, NoticeHandle, NoticesHandle, NotificationsHandle, RobotHandle,
    RobotsHandle,
};
use crate::pagination::{Listing, Page, RowKey, SinglePage, TokenPages};
use crate::types::{MarketplaceSubscription, QuotaId, RepositorySummary};
use crate::{Quay, Result};

/// The handle of the user that the token belongs to: [`Quay::me`].
///
/// The server has no list of the caller's repositories: it lists those of a namespace, by its name.
/// [`RepositoriesHandle::create`](crate::api::RepositoriesHandle::create) creates a repository of
/// the caller if the request has no namespace.
///
/// # Examples
///
/// Lists the caller's repositories:
///
/// ```
/// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
/// let me = quay.me().get().await?;
/// let mine = quay.repositories().list().namespace(&me.username).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct MeHandle {
    pub(crate) quay: Quay,
}

impl MeHandle {
    /// Returns the handle of the caller's robot accounts.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let robots = quay.me().robots();
    /// # Ok(())
    /// # }
    /// ```
    pub fn robots(&self) -> RobotsHandle {
        RobotsHandle {
            quay: self.quay.clone(),
            parent: Parent::Me,
        }
    }

    /// Returns the handle of one of the caller's robot accounts, by its short name.
    ///
    /// [`RobotName::short`](crate::types::RobotName::short) returns the short name of a full name.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if
    /// the name is empty or not valid in a path, or is a full name.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let robot = quay.me().robot("ci")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn robot(&self, name: impl AsRef<str>) -> Result<RobotHandle> {
        RobotHandle::new(self.robots(), name.as_ref())
    }

    /// Returns the handle of the caller's usage logs.
    ///
    /// Scope: `user:admin`.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let logs = quay.me().logs();
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "usage logs")]
    pub fn logs(&self) -> LogsHandle {
        LogsHandle {
            quay: self.quay.clone(),
            parent: Parent::Me,
        }
    }

    /// Lists the repositories that the caller has starred.
    ///
    /// Scope: `user:admin`. Endpoint: `GET /api/v1/user/starred`, 100 a page.
    /// Operation: `listStarredRepos`.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let me = quay.me();
    /// let starred = me.starred().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "listStarredRepos")]
    #[inline]
    pub fn starred(&self) -> Listing<TokenPages<RepositorySummary>> {
        Listing::token_pages(
            &self.quay,
            |quay, token| quay.api().list_starred_repos(token),
            |response| Page::by_token(response.repositories, response.next_page),
            |repository| RowKey::unique(&[&repository.namespace, &repository.name]),
        )
    }

    /// Lists the caller's marketplace subscriptions.
    ///
    /// Scope: `user:admin`. Endpoint: `GET /api/v1/user/marketplace`. The response is not paged.
    /// Operation: `getUserMarketplaceSubscriptions`. Since: 3.10. Feature:
    /// `FEATURE_RH_MARKETPLACE`.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let me = quay.me();
    /// let subscriptions = me.marketplace_subscriptions().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "getUserMarketplaceSubscriptions")]
    #[inline]
    pub fn marketplace_subscriptions(&self) -> Listing<SinglePage<MarketplaceSubscription>> {
        Listing::single_page(
            &self.quay,
            self.quay.api().get_user_marketplace_subscriptions(),
            |rows| rows,
        )
    }

    /// Returns the handle of the caller's app-specific tokens, with which applications log in to
    /// the registry.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let app_tokens = quay.me().app_tokens();
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "apptoken")]
    pub fn app_tokens(&self) -> AppTokensHandle {
        AppTokensHandle {
            quay: self.quay.clone(),
        }
    }

    /// Returns the handle of one of the caller's app-specific tokens, by its identifier.
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
    /// let me = quay.me();
    /// let app_token = me.app_token("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn app_token(&self, uuid: impl AsRef<str>) -> Result<AppTokenHandle> {
        Ok(AppTokenHandle {
            quay: self.quay.clone(),
            uuid: path_segment("token identifier", uuid.as_ref())?,
        })
    }

    /// Returns the handle of the OAuth applications that may act for the caller.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let authorizations = quay.me().authorizations();
    /// # Ok(())
    /// # }
    /// ```
    pub fn authorizations(&self) -> AuthorizationsHandle {
        AuthorizationsHandle {
            quay: self.quay.clone(),
        }
    }

    /// Returns the handle of one OAuth application's authorization, by its identifier.
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
    /// let me = quay.me();
    /// let authorization = me.authorization("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn authorization(&self, uuid: impl AsRef<str>) -> Result<AuthorizationHandle> {
        Ok(AuthorizationHandle {
            quay: self.quay.clone(),
            uuid: path_segment("authorization identifier", uuid.as_ref())?,
        })
    }

    /// Returns the handle of the OAuth access tokens that were assigned to the caller but not yet
    /// accepted.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let assigned = quay.me().assigned_authorizations();
    /// # Ok(())
    /// # }
    /// ```
    pub fn assigned_authorizations(&self) -> AssignedAuthorizationsHandle {
        AssignedAuthorizationsHandle {
            quay: self.quay.clone(),
        }
    }

    /// Returns the handle of one of these assigned tokens, by its identifier.
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
    /// let me = quay.me();
    /// let assigned_authorization = me.assigned_authorization("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn assigned_authorization(
        &self,
        uuid: impl AsRef<str>,
    ) -> Result<AssignedAuthorizationHandle> {
        Ok(AssignedAuthorizationHandle {
            quay: self.quay.clone(),
            uuid: path_segment("authorization identifier", uuid.as_ref())?,
        })
    }

    /// Returns the handle of the server's notices to the caller.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let notices = quay.me().notices();
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "notifications")]
    pub fn notices(&self) -> NoticesHandle {
        NoticesHandle {
            quay: self.quay.clone(),
        }
    }

    /// Returns the handle of one of the server's notices to the caller, by its identifier.
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
    /// let me = quay.me();
    /// let notice = me.notice("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn notice(&self, uuid: impl AsRef<str>) -> Result<NoticeHandle> {
        Ok(NoticeHandle {
            quay: self.quay.clone(),
            uuid: path_segment("notice identifier", uuid.as_ref())?,
        })
    }

    /// Returns the handle of the notifications about events in the caller's namespace.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let notifications = quay.me().notifications();
    /// # Ok(())
    /// # }
    /// ```
    pub fn notifications(&self) -> NotificationsHandle {
        NotificationsHandle {
            quay: self.quay.clone(),
            parent: Parent::Me,
        }
    }

    /// Returns the handle of the autoprune policies of the caller's repositories, by which the
    /// server deletes tags.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let autoprune_policies = quay.me().autoprune_policies();
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "autoprunepolicy")]
    pub fn autoprune_policies(&self) -> AutoPrunePoliciesHandle {
        AutoPrunePoliciesHandle {
            quay: self.quay.clone(),
            parent: Parent::Me,
        }
    }

    /// Returns the handle of the caller's storage quotas.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let quotas = quay.me().quotas();
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "quota")]
    pub fn quotas(&self) -> MyQuotasHandle {
        MyQuotasHandle {
            quay: self.quay.clone(),
        }
    }

    /// Returns the handle of one of the caller's storage quotas.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let quota = quay.me().quota(1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn quota(&self, id: impl Into<QuotaId>) -> MyQuotaHandle {
        MyQuotaHandle {
            quay: self.quay.clone(),
            id: id.into(),
        }
    }

    /// Returns the handle of the caller's plan, payment card and invoices.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let billing = quay.me().billing();
    /// # Ok(())
    /// # }
    /// ```
    pub fn billing(&self) -> BillingHandle {
        BillingHandle {
            quay: self.quay.clone(),
            parent: Parent::Me,
        }
    }
}
