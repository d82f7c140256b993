//! Reading, changing and deleting the caller's account.

use crate::Result;
use crate::api::MeHandle;
use crate::api::shared::{missing, outcome, path_segment};
use crate::types::{
    ConvertUser, CurrentUser, ExternalAccount, JoinedTeam, Secret, UpdateUser, VerifyPassword,
};

impl MeHandle {
    /// Reads the caller's account with its organizations.
    ///
    /// A token without the scope `user:admin` receives the name, the avatar and the organizations
    /// only.
    ///
    /// Scope: `user:read`. Endpoint: `GET /api/v1/user/`.
    /// Operation: `getLoggedInUser`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_unauthenticated`](crate::Error::is_unauthenticated) is true
    /// if the server does not accept the token, or if the token lacks the scope. This is the most
    /// reliable check of a token.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// println!("{}", quay.me().get().await?.username);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get me")]
    #[doc(alias = "getLoggedInUser")]
    pub async fn get(&self) -> Result<CurrentUser> {
        self.quay.send(self.quay.api().get_logged_in_user()).await
    }

    /// Changes the fields that the request sets, and no others.
    ///
    /// A server that sends mail changes the e-mail address after the user has confirmed the new
    /// one. Until then the response contains the old one. The server changes one field after the
    /// other. If it rejects one, other fields may have been changed.
    ///
    /// Scope: `user:admin`. Endpoint: `PUT /api/v1/user/`.
    /// Operation: `changeUserDetails`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_invalid_request`](crate::Error::is_invalid_request) is true
    /// if the server rejects a value, and an error for which
    /// [`is_conflict`](crate::Error::is_conflict) is true if the e-mail address is in use. Returns
    /// an error for which [`is_feature_disabled`](crate::Error::is_feature_disabled) and
    /// [`may_have_been_done`](crate::Error::may_have_been_done) are true if the server accepted the
    /// change but did not change one of the fields. For example, it may not allow users to be
    /// renamed.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let me = quay.me();
    /// me.update(quay_api::types::UpdateUser::new().company("Acme")).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "update me")]
    #[doc(alias = "changeUserDetails")]
    pub async fn update(&self, change: UpdateUser) -> Result<CurrentUser> {
        let request = self.quay.api().change_user_details(&change);
        let now = self.quay.send(request).await?;
        check_made(&change, &now)
            .map_err(|error| error.with_response_to("changeUserDetails", &[]))?;
        Ok(now)
    }

    /// Deletes the account and everything that belongs to it.
    ///
    /// A worker of the server deletes the content later.
    ///
    /// Scope: `user:admin`. Endpoint: `DELETE /api/v1/user/`.
    /// Operation: `deleteCurrentUser`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_forbidden`](crate::Error::is_forbidden) is true if the
    /// caller may not delete the account, and an error if the caller is the only administrator of
    /// an organization.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let me = quay.me();
    /// me.delete().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "delete me")]
    #[doc(alias = "deleteCurrentUser")]
    pub async fn delete(&self) -> Result<()> {
        self.quay.send(self.quay.api().delete_current_user()).await
    }

    /// Converts the account to an organization that another user owns.
    ///
    /// The caller can't log in any more, and this can't be undone.
    ///
    /// Scope: `user:admin`. Endpoint: `POST /api/v1/user/convert`.
    /// Operation: `convertUserToOrganization`. Feature: `AUTHENTICATION_TYPE`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_invalid_request`](crate::Error::is_invalid_request) is true
    /// if the server rejects the new owner.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let me = quay.me();
    /// me.convert_to_organization(quay_api::types::ConvertUser::new("alice", "her password".into()))
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "convertUserToOrganization")]
    pub async fn convert_to_organization(&self, request: ConvertUser) -> Result<()> {
        self.quay
            .send(self.quay.api().convert_user_to_organization(&request))
            .await
            .map(drop)
    }

    /// Reads the account's password in an encrypted form, which clients can store.
    ///
    /// Scope: `user:admin`. Endpoint: `POST /api/v1/user/clientkey`.
    /// Operation: `generateUserClientKey`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_invalid_request`](crate::Error::is_invalid_request) is true
    /// if the password is wrong.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let me = quay.me();
    /// let key = me.client_key("the password").await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "generateUserClientKey")]
    pub async fn client_key(&self, password: impl Into<Secret>) -> Result<Secret> {
        let body = VerifyPassword::new(password);
        self.quay
            .send(self.quay.api().generate_user_client_key(&body))
            .await
            .map(|response| response.key)
    }

    /// Detaches the account from an external login service.
    ///
    /// The method reads the account first, since the server acknowledges the request for any
    /// service.
    ///
    /// Scope: `user:admin`, and `user:read`. Endpoints: `GET /api/v1/user/`,
    /// `POST /api/v1/detachexternal/{service_id}`.
    /// Operations: `getLoggedInUser`, `detachExternalLogin`. Feature: `FEATURE_DIRECT_LOGIN`
    /// (`/api/v1/detachexternal/{service_id}`).
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// account is not attached to this service.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let me = quay.me();
    /// me.detach_external_login("github").await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "getLoggedInUser")]
    #[doc(alias = "detachExternalLogin")]
    pub async fn detach_external_login(&self, service: impl AsRef<str>) -> Result<()> {
        let service = path_segment("service", service.as_ref())?;
        // The server hides the logins from a token without the scope, and then rejects the request.
        let logins = self.get().await?.logins;
        let lacks = |logins: Vec<ExternalAccount>| logins.iter().all(|l| *l.service != *service);
        let request = self.quay.api().detach_external_login(&service);
        if logins.is_some_and(lacks) {
            self.quay.check_has(request).await?;
            let what = format!("external login of {service} that is attached to the account");
            return Err(missing(&what).with_response_to("getLoggedInUser", &[]));
        }
        self.quay.send(request).await.map(drop)
    }

    /// Accepts an invitation to a team, and the caller's other invitations to teams of the
    /// organization.
    ///
    /// Scope: `user:admin`. Endpoint: `PUT /api/v1/teaminvite/{code}`.
    /// Operation: `acceptOrganizationTeamInvite`. Feature: `FEATURE_MAILING`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// invitation does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let me = quay.me();
    /// let joined = me.accept_team_invite("4711").await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "acceptOrganizationTeamInvite")]
    pub async fn accept_team_invite(&self, code: impl AsRef<str>) -> Result<JoinedTeam> {
        let code = path_segment("invitation code", code.as_ref())?;
        self.quay
            .send(self.quay.api().accept_organization_team_invite(&code))
            .await
    }

    /// Declines an invitation to a team.
    ///
    /// Scope: `user:admin`. Endpoint: `DELETE /api/v1/teaminvite/{code}`.
    /// Operation: `declineOrganizationTeamInvite`. Feature: `FEATURE_MAILING`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// invitation does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let me = quay.me();
    /// me.decline_team_invite("4711").await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "declineOrganizationTeamInvite")]
    pub async fn decline_team_invite(&self, code: impl AsRef<str>) -> Result<()> {
        let code = path_segment("invitation code", code.as_ref())?;
        self.quay
            .send(self.quay.api().decline_organization_team_invite(&code))
            .await
    }
}

/// Returns an error if the server did not make a change.
fn check_made(change: &UpdateUser, now: &CurrentUser) -> Result<()> {
    let (tag_expiration, invoice_email) = (&change.tag_expiration_s, &change.invoice_email);
    outcome::check_changed("username", change.username.as_ref(), Some(&now.username))?;
    outcome::check_changed(
        "tag_expiration_s",
        tag_expiration.as_ref(),
        now.tag_expiration_s.as_ref(),
    )?;
    outcome::check_changed(
        "invoice_email",
        invoice_email.as_ref(),
        now.invoice_email.as_ref(),
    )?;
    // A server with this feature off does not store these fields.
    let metadata = [
        ("given_name", change.given_name.value(), &now.given_name),
        ("family_name", change.family_name.value(), &now.family_name),
        ("company", change.company.value(), &now.company),
        ("location", change.location.value(), &now.location),
    ];
    for (field, requested, now) in metadata {
        let requested = requested
            .map(String::as_str)
            .filter(|text| !text.is_empty());
        outcome::check_changed(
            field,
            requested.as_ref(),
            Some(&now.as_deref().unwrap_or("")),
        )?;
    }
    Ok(())
}
