//! The entry points of the API: the methods of [`Quay`] that return a handle, and the calls that
//! belong to no handle.
//!
//! [`Quay::request`] makes any other call.

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

    /// Returns the handle of the server's repositories, to list and create them.
    ///
    /// # Examples
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

    /// Returns the handle of one repository, by its full name.
    ///
    /// The name is a string, a [`RepositoryName`], or a row that contains both namespace and name.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if
    /// the name is not a valid [`RepositoryName`].
    ///
    /// # Examples
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

    /// Returns the handle of the caller's organizations, to list and create them.
    ///
    /// # Examples
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

    /// Returns the handle of one organization, by its name.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if
    /// the name is empty or not valid in a path.
    ///
    /// # Examples
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

    /// Returns the handle of the user that the token belongs to.
    ///
    /// # Examples
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

    /// Returns the handle of the public information about a user.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if
    /// the name is empty or not valid in a path.
    ///
    /// # Examples
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

    /// Returns the handle of the operations that only superusers may call.
    ///
    /// # Examples
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

    /// Returns the handle of the public information about an OAuth application.
    ///
    /// [`OrganizationHandle::application`] is the handle for the owner of the application.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if
    /// the client identifier is empty or not valid in a path.
    ///
    /// # Examples
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

    /// Returns the URL of the page on which a user grants an application a token with these scopes.
    ///
    /// Nothing is sent.
    ///
    /// An application without its own redirect URI can use the server's `/oauth/localapp`, a page
    /// that shows the token.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if
    /// the client identifier is empty or not valid in a path.
    ///
    /// # Examples
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

    /// Returns the handle of the search for repositories, users and other resources.
    ///
    /// # Examples
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

    /// Returns the handle of the messages that all users see.
    ///
    /// # Examples
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

    /// Returns the handle of one message that all users see, by its identifier.
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
    /// let message = quay.message("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn message(&self, uuid: impl AsRef<str>) -> Result<MessageHandle> {
        MessageHandle::new(self.messages(), uuid.as_ref())
    }

    /// Lists the subscription plans of quay.io.
    ///
    /// Scope: none. Endpoint: `GET /api/v1/plans/`. The response is not paged.
    /// Operation: `listPlans`. Feature: `FEATURE_BILLING`.
    ///
    /// # Examples
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
    /// # Examples
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

    /// Returns the handle of the health of the mirrors of a namespace or of the server.
    ///
    /// # Examples
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

    /// Returns the handle that creates the first user of a new server.
    ///
    /// # Examples
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

    /// Returns the handle that compares the server's discovery document with this crate.
    ///
    /// # Examples
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

    /// Returns the handle of information about the server: its operations, features and release.
    ///
    /// # Examples
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

    /// Returns the handle of the server's description of one kind of error.
    ///
    /// [`Error::server_kind`](crate::Error::server_kind) returns the name of the kind.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if
    /// the name is empty or not valid in a path.
    ///
    /// # Examples
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
