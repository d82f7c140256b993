//! The entry points of the API: the methods of [`Quay`] that lead to a handle, or make a call that
//! belongs to none. [`Quay::request`] makes any other call.

use crate::api::shared::path_segment;
use crate::api::{
    AuthorizationUrl, BootstrapHandle, DiscoveryHandle, ErrorsHandle, MeHandle, MessagesHandle,
    MirrorHealthHandle, OrganizationHandle, OrganizationsHandle, RepositoriesHandle,
    RepositoryHandle, SearchHandle, ServerHandle, SuperuserHandle,
};
use crate::pagination::{Listing, SinglePage};
use crate::types::{
    ApplicationInformation, CurrentUser, InvalidValue, Plan, RegistryCapabilities, RepositoryName,
    Scope,
};
use crate::{Quay, Result};
use std::sync::Arc;

impl Quay {
    // Repositories and organizations

    /// All repositories that the caller may see, and new ones.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repositories = quay.repositories();
    /// # Ok(())
    /// # }
    /// ```
    pub fn repositories(&self) -> RepositoriesHandle {
        RepositoriesHandle { quay: self.clone() }
    }

    /// One repository, by its full name.
    ///
    /// # Errors
    /// The name can't be one, so nothing could be sent.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let web = quay.repository("acme/team/web")?;
    /// assert_eq!(web.name().namespace(), "acme");
    /// # Ok(())
    /// # }
    /// ```
    pub fn repository<N>(&self, name: N) -> Result<RepositoryHandle>
    where
        N: TryInto<RepositoryName>,
        InvalidValue: From<N::Error>,
    {
        let name = name.try_into().map_err(InvalidValue::from)?;
        Ok(RepositoryHandle {
            quay: self.clone(),
            name: Arc::new(name),
        })
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

    /// One organization, by its name.
    ///
    /// # Errors
    /// The name can't be one, so nothing could be sent.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn organization(&self, name: impl AsRef<str>) -> Result<OrganizationHandle> {
        Ok(OrganizationHandle {
            quay: self.clone(),
            name: path_segment("organization", name.as_ref())?,
        })
    }

    // Users and applications

    /// The user that the token belongs to.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let me = quay.me();
    /// # Ok(())
    /// # }
    /// ```
    pub fn me(&self) -> MeHandle {
        MeHandle { quay: self.clone() }
    }

    /// Reads the public information about a user.
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
        let name = path_segment("user name", name.as_ref())?;
        self.send(self.api().get_user_information(&name)).await
    }

    /// Operations that only superusers may call.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let superuser = quay.superuser();
    /// # Ok(())
    /// # }
    /// ```
    pub fn superuser(&self) -> SuperuserHandle {
        SuperuserHandle { quay: self.clone() }
    }

    /// Reads the public information about an OAuth application.
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
        let client_id = path_segment("client identifier", client_id.as_ref())?;
        self.send(self.api().get_application_information(&client_id))
            .await
    }

    /// The address of the page where a person gives an application a token with these scopes.
    /// Nothing is sent.
    ///
    /// Without a service of its own behind the redirect URI, an application uses the server's
    /// `/oauth/localapp`, which shows the token.
    ///
    /// # Errors
    /// The client id can't be one.
    ///
    /// ```
    /// # fn example() -> quay_api::Result<()> {
    /// use quay_api::{Quay, types::Scope};
    ///
    /// let quay = Quay::anonymous("https://quay.example.com")?;
    /// let url = quay
    ///     .authorization_url(
    ///         "MSTR7XIVYZYRPJ97A1GR",
    ///         "https://ci.example.com/back",
    ///         [Scope::RepoRead],
    ///     )?
    ///     .state("what-was-asked");
    /// assert_eq!(
    ///     url.to_string(),
    ///     "https://quay.example.com/oauth/authorize?response_type=token\
    ///      &client_id=MSTR7XIVYZYRPJ97A1GR&redirect_uri=https%3A%2F%2Fci.example.com%2Fback\
    ///      &scope=repo%3Aread&state=what-was-asked"
    /// );
    /// # Ok(())
    /// # }
    /// # example().unwrap();
    /// ```
    pub fn authorization_url(
        &self,
        client_id: impl AsRef<str>,
        redirect_uri: impl Into<String>,
        scopes: impl IntoIterator<Item = Scope>,
    ) -> Result<AuthorizationUrl> {
        AuthorizationUrl::new(
            self.base_url(),
            client_id.as_ref(),
            redirect_uri.into(),
            Scope::join(scopes),
        )
    }

    // The whole server

    /// Search for repositories, users and everything else.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let search = quay.search();
    /// # Ok(())
    /// # }
    /// ```
    pub fn search(&self) -> SearchHandle {
        SearchHandle { quay: self.clone() }
    }

    /// Messages that all users see.
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
        Listing::single_page(self, self.api().list_plans(), |response| response.plans)
    }

    /// Reads the capabilities of the registry.
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

    /// The health of the mirrors that the caller may see.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let mirror_health = quay.mirror_health();
    /// # Ok(())
    /// # }
    /// ```
    pub fn mirror_health(&self) -> MirrorHealthHandle {
        MirrorHealthHandle {
            quay: self.clone(),
            namespace: None,
        }
    }

    /// The first user of a fresh server.
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

    /// The server's description of its own API, compared with this crate.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let discovery = quay.discovery();
    /// # Ok(())
    /// # }
    /// ```
    pub fn discovery(&self) -> DiscoveryHandle {
        DiscoveryHandle { quay: self.clone() }
    }

    /// The server: which operations it has, and what they say of its features and its release.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let server = quay.server();
    /// # Ok(())
    /// # }
    /// ```
    pub fn server(&self) -> ServerHandle {
        ServerHandle { quay: self.clone() }
    }

    /// The server's descriptions of its kinds of errors.
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
}
