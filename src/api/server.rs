//! The server itself: messages, plans, capabilities, kinds of errors, its first user.

use super::{absent, optional, segment};
use crate::pagination::{Listing, ListingId, SinglePage};
use crate::types::{
    ApplicationInformation, BootstrapRenewal, CreateMessage, CreateOrganization, CurrentUser,
    ErrorDescription, InitializeUser, InitializedUser, Message, NewMessage, Plan,
    RegistryCapabilities,
};
use crate::{Quay, Result};

/// Messages that the server's pages show to everybody: [`Quay::messages`].
#[derive(Debug, Clone)]
pub struct MessagesHandle {
    pub(super) quay: Quay,
}

impl MessagesHandle {
    /// Lists the messages.
    ///
    /// Scope: none. Endpoint: `GET /api/v1/messages`. All in one answer.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let messages = quay.messages().list().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn list(&self) -> Listing<SinglePage<Message>> {
        let this = self.clone();
        Listing::whole(
            ListingId::new(&self.quay, "getGlobalMessages", ()),
            move || {
                let this = this.clone();
                async move {
                    Ok(this
                        .quay
                        .send(this.quay.api().get_global_messages())
                        .await?
                        .messages)
                }
            },
        )
    }

    /// Creates a message.
    ///
    /// Scope: `super:user`. Endpoint: `POST /api/v1/messages`.
    ///
    /// # Errors
    /// [`is_forbidden`](crate::Error::is_forbidden).
    /// [`is_invalid_request`](crate::Error::is_invalid_request).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::{MessageMediaType, MessageSeverity, NewMessage};
    ///
    /// let message = NewMessage::new("Down on Sunday", MessageMediaType::TextPlain, MessageSeverity::Warning);
    /// quay.messages().create(message).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create(&self, message: NewMessage) -> Result<()> {
        let body = CreateMessage::new().message(message);
        self.quay
            .send(self.quay.api().create_global_message(&body))
            .await
    }

    /// Deletes a message.
    ///
    /// Scope: `super:user`. Endpoint: `DELETE /api/v1/message/{uuid}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.messages().delete("20c7409a-c1ce-4f64-b938-ce0d5f158440").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete(&self, id: impl AsRef<str>) -> Result<()> {
        let id = segment("message identifier", id.as_ref())?;
        self.quay
            .send(self.quay.api().delete_global_message(&id))
            .await
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
    /// quay.messages().delete_if_exists("20c7409a-c1ce-4f64-b938-ce0d5f158440").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self, id: impl AsRef<str>) -> Result<bool> {
        Ok(optional(self.delete(id).await)?.is_some())
    }
}

/// What kinds of errors the server knows: [`Quay::errors`].
#[derive(Debug, Clone)]
pub struct ErrorsHandle {
    pub(super) quay: Quay,
}

impl ErrorsHandle {
    /// Reads what a kind of error means, by the name that
    /// [`Error::server_kind`](crate::Error::server_kind) gives.
    ///
    /// Scope: none. Endpoint: `GET /api/v1/error/{error_type}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// println!("{}", quay.errors().get("not_found").await?.description);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get(&self, kind: impl AsRef<str>) -> Result<ErrorDescription> {
        let kind = segment("kind of error", kind.as_ref())?;
        self.quay
            .send(self.quay.api().get_error_description(&kind))
            .await
    }
}

/// New organizations: [`Quay::organizations`]. Those of the caller are in
/// [`MeHandle::get`](super::MeHandle::get), those of the server in
/// [`SuperuserHandle::organizations`](super::SuperuserHandle::organizations).
#[derive(Debug, Clone)]
pub struct OrganizationsHandle {
    pub(super) quay: Quay,
}

impl OrganizationsHandle {
    /// Creates an organization that the caller owns.
    ///
    /// Scope: `user:admin`. Endpoint: `POST /api/v1/organization/`.
    ///
    /// # Errors
    /// [`is_already_exists`](crate::Error::is_already_exists), which the server says with a 400.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::CreateOrganization;
    ///
    /// quay.organizations().create(CreateOrganization::new("acme").email("acme@example.com")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create(&self, organization: CreateOrganization) -> Result<()> {
        self.quay
            .send(self.quay.api().create_organization(&organization))
            .await
    }

    /// Creates an organization unless there is one of that name: false if there was.
    ///
    /// Scope and endpoint: as [`create`](Self::create).
    ///
    /// # Errors
    /// As [`create`](Self::create), but not for one that is there.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::CreateOrganization;
    ///
    /// let is_new = quay.organizations().create_if_absent(CreateOrganization::new("acme")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create_if_absent(&self, organization: CreateOrganization) -> Result<bool> {
        Ok(absent(self.create(organization).await)?.is_some())
    }
}

/// Setting a fresh server up: [`Quay::bootstrap`].
#[derive(Debug, Clone)]
pub struct BootstrapHandle {
    pub(super) quay: Quay,
}

impl BootstrapHandle {
    /// Creates the first user. Works once, on a server without users whose settings allow it; a
    /// token that is asked for is answered once and is valid for 9000 seconds.
    ///
    /// Scope: none. Endpoint: `POST /api/v1/user/initialize`.
    ///
    /// # Errors
    /// [`is_invalid_request`](crate::Error::is_invalid_request).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::InitializeUser;
    ///
    /// let user = InitializeUser::new("admin", "a password").email("admin@example.com").access_token(true);
    /// let token = quay.bootstrap().initialize(user).await?.access_token;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn initialize(&self, user: InitializeUser) -> Result<InitializedUser> {
        self.quay.send(self.quay.api().initialize_user(&user)).await
    }

    /// Renews the bootstrap token that the client was made with. The new one is written to where
    /// the server keeps it.
    ///
    /// Scope: none. Endpoint: `POST /api/v1/bootstrap/renew`.
    ///
    /// # Errors
    /// [`is_token_not_accepted`](crate::Error::is_token_not_accepted) for any other token.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.bootstrap().renew().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn renew(&self) -> Result<BootstrapRenewal> {
        self.quay
            .send(self.quay.api().renew_bootstrap_token())
            .await
    }
}

impl Quay {
    /// Search for repositories, users and everything else.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let search = quay.search();
    /// # Ok(())
    /// # }
    /// ```
    pub fn search(&self) -> super::SearchHandle {
        super::SearchHandle { quay: self.clone() }
    }

    /// Messages that the server's pages show to everybody.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let messages = quay.messages();
    /// # Ok(())
    /// # }
    /// ```
    pub fn messages(&self) -> MessagesHandle {
        MessagesHandle { quay: self.clone() }
    }

    /// What kinds of errors the server knows.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let errors = quay.errors();
    /// # Ok(())
    /// # }
    /// ```
    pub fn errors(&self) -> ErrorsHandle {
        ErrorsHandle { quay: self.clone() }
    }

    /// New organizations.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let organizations = quay.organizations();
    /// # Ok(())
    /// # }
    /// ```
    pub fn organizations(&self) -> OrganizationsHandle {
        OrganizationsHandle { quay: self.clone() }
    }

    /// Setting a fresh server up.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let bootstrap = quay.bootstrap();
    /// # Ok(())
    /// # }
    /// ```
    pub fn bootstrap(&self) -> BootstrapHandle {
        BootstrapHandle { quay: self.clone() }
    }

    /// Reads what the registry can do.
    ///
    /// Scope: none. Endpoint: `GET /api/v1/registry/capabilities`.
    ///
    /// # Errors
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) where the server has it off.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let capabilities = quay.capabilities().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn capabilities(&self) -> Result<RegistryCapabilities> {
        self.send(self.api().get_registry_capabilities()).await
    }

    /// Lists the plans that can be subscribed to, on quay.io.
    ///
    /// Scope: none. Endpoint: `GET /api/v1/plans/`. All in one answer.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let plans = quay.plans().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn plans(&self) -> Listing<SinglePage<Plan>> {
        let this = self.clone();
        Listing::whole(ListingId::new(self, "listPlans", ()), move || {
            let this = this.clone();
            async move { Ok(this.send(this.api().list_plans()).await?.plans) }
        })
    }

    /// Reads what is public about a user.
    ///
    /// Scope: none. Endpoint: `GET /api/v1/users/{username}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let alice = quay.user("alice").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn user(&self, name: impl AsRef<str>) -> Result<CurrentUser> {
        let name = segment("user name", name.as_ref())?;
        self.send(self.api().get_user_information(&name)).await
    }

    /// Reads what is public about an OAuth application.
    ///
    /// Scope: none. Endpoint: `GET /api/v1/app/{client_id}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let application = quay.application("MSTR7XIVYZYRPJ97A1GR").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn application(&self, client_id: impl AsRef<str>) -> Result<ApplicationInformation> {
        let client_id = segment("client identifier", client_id.as_ref())?;
        self.send(self.api().get_application_information(&client_id))
            .await
    }
}
