//! The entry points of the API: the methods of [`Quay`] that lead to a handle, or make a call that
//! belongs to none. [`Quay::request`] makes any other call.

use crate::api::shared::{checked, path_segment};
use crate::api::{
    AuthorizationUrl, BootstrapHandle, DiscoveryHandle, ErrorDescriptionHandle, MeHandle,
    MessageHandle, MessagesHandle, MirrorHealthHandle, OrganizationHandle, OrganizationsHandle,
    PublicApplicationHandle, RepositoriesHandle, RepositoryHandle, SearchHandle, ServerHandle,
    SuperuserHandle, UserHandle,
};
use crate::pagination::{Listing, SinglePage};
use crate::types::{InvalidValue, Plan, RegistryCapabilities, RepositoryName, Scope, Scopes};
use crate::{Quay, Result};
use std::sync::Arc;

impl Quay {
    // Repositories and organizations

    /// The repositories of the server, and new ones.
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

    /// One repository, by its full name: a string, a [`RepositoryName`], or a row that has both its
    /// namespace and its name.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if
    /// the name is empty or not valid in a path.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let web = quay.repository("acme/team/web")?;
    /// assert_eq!(web.name().namespace(), "acme");
    /// for row in quay.repositories().list().namespace("acme").await? {
    ///     println!("{:?}", quay.repository(&row)?.tags().list().first().await?);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn repository(
        &self,
        name: impl TryInto<RepositoryName, Error: Into<InvalidValue>>,
    ) -> Result<RepositoryHandle> {
        Ok(RepositoryHandle {
            quay: self.clone(),
            name: Arc::new(checked(name)?),
        })
    }

    /// The organizations of the caller, and new ones.
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
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if
    /// the name is empty or not valid in a path.
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

    /// The public information about a user.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if
    /// the name is empty or not valid in a path.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let alice = quay.user("alice")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn user(&self, name: impl AsRef<str>) -> Result<UserHandle> {
        UserHandle::new(self.clone(), name.as_ref())
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

    /// The public information about an OAuth application. What its owner may do with it is in
    /// [`OrganizationHandle::application`].
    ///
    /// # Errors
    ///
    /// Returns an error if the client identifier can't be one.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let application = quay.application("MSTR7XIVYZYRPJ97A1GR")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn application(&self, client_id: impl AsRef<str>) -> Result<PublicApplicationHandle> {
        PublicApplicationHandle::new(self.clone(), client_id.as_ref())
    }

    /// The address of the page where a person gives an application a token with these scopes.
    /// Nothing is sent.
    ///
    /// Without a service of its own behind the redirect URI, an application uses the server's
    /// `/oauth/localapp`, which shows the token.
    ///
    /// # Errors
    ///
    /// Returns an error if the client id can't be one.
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
            Scopes::from_iter(scopes).to_string(),
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

    /// One message that all users see.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if
    /// the identifier is empty or not valid in a path.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let message = quay.message("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn message(&self, uuid: impl AsRef<str>) -> Result<MessageHandle> {
        MessageHandle::new(self.messages(), uuid.as_ref())
    }

    /// Lists the plans that can be subscribed to, on quay.io.
    ///
    /// Scope: none. Endpoint: `GET /api/v1/plans/`. The response is not paged.
    /// Operation: `listPlans`. Feature: `FEATURE_BILLING`.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let plans = quay.plans().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "listPlans")]
    #[inline]
    pub fn plans(&self) -> Listing<SinglePage<Plan>> {
        Listing::single_page(self, self.api().list_plans(), |response| response.plans)
    }

    /// Reads the capabilities of the registry.
    ///
    /// Scope: none. Endpoint: `GET /api/v1/registry/capabilities`.
    /// Operation: `getRegistryCapabilities`. Since: 3.17.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_feature_disabled`](crate::Error::is_feature_disabled) is
    /// true if the feature is off on the server.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let capabilities = quay.capabilities().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "getRegistryCapabilities")]
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

    /// The server's description of one of its kinds of errors, by the name that
    /// [`Error::server_kind`](crate::Error::server_kind) gives.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if
    /// the name is empty or not valid in a path.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let description = quay.error_description("not_found")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn error_description(&self, name: impl AsRef<str>) -> Result<ErrorDescriptionHandle> {
        ErrorDescriptionHandle::new(self.clone(), name.as_ref())
    }
}
