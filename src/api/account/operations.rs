//! Reading, changing and deleting the caller's account.

use crate::Result;
use crate::api::MeHandle;
use crate::api::shared::{missing, outcome, path_segment};
use crate::types::{ConvertUser, CurrentUser, JoinedTeam, Secret, UpdateUser, VerifyPassword};

impl MeHandle {
    /// Reads who the caller is, with organizations and notifications settings.
    ///
    /// Scope: `user:read`. Endpoint: `GET /api/v1/user/`.
    /// Operation: `getLoggedInUser`.
    ///
    /// # Errors
    /// [`is_unauthenticated`](crate::Error::is_unauthenticated): this is the surest way to
    /// find out, though a token without the scope is answered alike.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// println!("{}", quay.me().get().await?.username);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "getLoggedInUser")]
    pub async fn get(&self) -> Result<CurrentUser> {
        self.quay.send(self.quay.api().get_logged_in_user()).await
    }

    /// Changes what is set in the request, and nothing else.
    ///
    /// A server that sends mail changes the e-mail address only when the new one is confirmed;
    /// until then the response has the old one. The server changes one field after the other: if it
    /// refuses one, others may be changed.
    ///
    /// Scope: `user:admin`. Endpoint: `PUT /api/v1/user/`.
    /// Operation: `changeUserDetails`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_invalid_request`](crate::Error::is_invalid_request) is true
    /// if the server does not allow a value, [`is_conflict`](crate::Error::is_conflict) if the
    /// address is in use, and an error for which
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) and
    /// [`may_have_been_done`](crate::Error::may_have_been_done) are true if the server accepted the
    /// change and left a field as it was: it may not allow users to be renamed, for example.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let me = quay.me();
    /// me.update(quay_api::types::UpdateUser::new().company("Acme")).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "changeUserDetails")]
    pub async fn update(&self, change: UpdateUser) -> Result<CurrentUser> {
        let request = self.quay.api().change_user_details(&change);
        let now = self.quay.send(request).await?;
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
        // Without the feature, the server has none of these.
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
        Ok(now)
    }

    /// Deletes the account with everything that belongs to it.
    ///
    /// Scope: `user:admin`. Endpoint: `DELETE /api/v1/user/`.
    /// Operation: `deleteCurrentUser`.
    ///
    /// # Errors
    /// [`is_forbidden`](crate::Error::is_forbidden).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let me = quay.me();
    /// me.delete().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "deleteCurrentUser")]
    pub async fn delete(&self) -> Result<()> {
        self.quay.send(self.quay.api().delete_current_user()).await
    }

    /// Makes the account an organization of another user.
    ///
    /// Scope: `user:admin`. Endpoint: `POST /api/v1/user/convert`.
    /// Operation: `convertUserToOrganization`. Feature: `AUTHENTICATION_TYPE`.
    ///
    /// # Errors
    /// [`is_invalid_request`](crate::Error::is_invalid_request).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let me = quay.me();
    /// me.convert_to_organization(quay_api::types::ConvertUser::new("alice", "her password"))
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

    /// Reads the password in the form that clients keep.
    ///
    /// Scope: `user:admin`. Endpoint: `POST /api/v1/user/clientkey`.
    /// Operation: `generateUserClientKey`.
    ///
    /// # Errors
    /// [`is_forbidden`](crate::Error::is_forbidden).
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
    /// The account is read first, since the server acknowledges the detaching of any service.
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
        let logins = self.get().await?.logins.unwrap_or_default();
        let request = self.quay.api().detach_external_login(&service);
        if !logins.iter().any(|login| *login.service == *service) {
            self.quay.check_has(request).await?;
            return Err(missing(&format!(
                "an account of {service} that is attached"
            )));
        }
        self.quay.send(request).await.map(drop)
    }

    /// Accepts an invitation to a team.
    ///
    /// Scope: `user:admin`. Endpoint: `PUT /api/v1/teaminvite/{code}`.
    /// Operation: `acceptOrganizationTeamInvite`. Feature: `FEATURE_MAILING`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
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
    /// [`is_not_found`](crate::Error::is_not_found).
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
