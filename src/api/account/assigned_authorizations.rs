//! OAuth access tokens that were assigned to the caller.

use crate::api::shared::{find_row, missing, outcome};
use crate::pagination::{Listing, SinglePage};
use crate::types::AssignedAuthorization;
use crate::{Quay, Result};
use std::sync::Arc;

/// The handle of the OAuth access tokens that were assigned to the caller but not yet accepted.
///
/// [`MeHandle::assigned_authorizations`](crate::api::MeHandle::assigned_authorizations) returns it.
#[derive(Debug, Clone)]
pub struct AssignedAuthorizationsHandle {
    pub(crate) quay: Quay,
}

impl AssignedAuthorizationsHandle {
    /// Lists the OAuth access tokens that were assigned to the caller but not yet accepted.
    ///
    /// The server deletes the notices about them, since the caller has seen them now.
    ///
    /// Scope: `user:admin`. Endpoint: `GET /api/v1/user/assignedauthorization`. The response is not
    /// paged.
    /// Operation: `listAssignedAuthorizations`. Since: 3.12. Feature: `FEATURE_ASSIGN_OAUTH_TOKEN`.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let assigned = quay.me().assigned_authorizations().list().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "listAssignedAuthorizations")]
    #[inline]
    pub fn list(&self) -> Listing<SinglePage<AssignedAuthorization>> {
        Listing::single_page(
            &self.quay,
            self.quay.api().list_assigned_authorizations(),
            |response| response.authorizations,
        )
    }
}

/// The handle of one OAuth access token that was assigned to the caller:
/// [`MeHandle::assigned_authorization`](crate::api::MeHandle::assigned_authorization).
#[derive(Debug, Clone)]
pub struct AssignedAuthorizationHandle {
    pub(crate) quay: Quay,
    pub(crate) uuid: Arc<str>,
}

impl AssignedAuthorizationHandle {
    /// Returns the identifier of the assignment.
    pub fn uuid(&self) -> &str {
        &self.uuid
    }

    /// Reads the assignment.
    ///
    /// The method searches the list, since the server has no operation that reads one assignment.
    ///
    /// Scope: `user:admin`. Endpoint: `GET /api/v1/user/assignedauthorization`.
    /// Operation: `listAssignedAuthorizations`. Since: 3.12. Feature: `FEATURE_ASSIGN_OAUTH_TOKEN`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// assignment does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let assigned = quay.me().assigned_authorization("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// let found = assigned.get().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get assigned authorization")]
    #[doc(alias = "listAssignedAuthorizations")]
    pub async fn get(&self) -> Result<AssignedAuthorization> {
        let found = self.get_opt().await?;
        found.ok_or_else(|| {
            missing(&format!(
                "token {} that is assigned to the caller",
                self.uuid
            ))
            .with_response_to("listAssignedAuthorizations", &[])
        })
    }

    /// Reads the assignment, or returns `None` if it does not exist.
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
    /// let assigned = quay.me().assigned_authorization("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// let is_there = assigned.get_opt().await?.is_some();
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<AssignedAuthorization>> {
        let assigned = AssignedAuthorizationsHandle {
            quay: self.quay.clone(),
        };
        find_row(assigned.list(), |token| *token.uuid == *self.uuid).await
    }

    /// Deletes the assignment, by which the caller rejects the token.
    ///
    /// Scope: `user:admin`. Endpoint:
    /// `DELETE /api/v1/user/assignedauthorization/{assigned_authorization_uuid}`.
    /// Operation: `deleteAssignedAuthorization`. Since: 3.12. Feature:
    /// `FEATURE_ASSIGN_OAUTH_TOKEN`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// assignment does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let assigned = quay.me().assigned_authorization("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// assigned.delete().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "delete assigned authorization")]
    #[doc(alias = "deleteAssignedAuthorization")]
    #[doc(alias = "refuse")]
    pub async fn delete(&self) -> Result<()> {
        let request = self.quay.api().delete_assigned_authorization(&self.uuid);
        self.quay.send(request).await
    }

    /// Deletes the assignment if it exists, and returns true if it existed.
    ///
    /// The method reads before it writes: see [what is certain](crate::api#what-is-certain).
    ///
    /// Scope and endpoints: as for [`get`](Self::get) and [`delete`](Self::delete).
    ///
    /// # Errors
    ///
    /// Returns the errors of both requests other than "not found".
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let assigned = quay.me().assigned_authorization("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// assigned.delete_if_exists().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "refuse")]
    pub async fn delete_if_exists(&self) -> Result<bool> {
        if self.get_opt().await?.is_none() {
            return Ok(false);
        }
        outcome::deleted(self.delete().await)
    }
}
