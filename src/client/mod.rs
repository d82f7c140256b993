//! `Quay`, its builder and its settings.

mod build;
mod builder;
pub(crate) mod defaults;
mod env;
mod headers;
mod network;
mod on_call;
mod proxy;
mod raw_request;
mod server_info;
mod settings;
mod tls;

pub use builder::QuayBuilder;
pub use network::HttpVersion;
pub use raw_request::RawRequest;
pub use server_info::ServerInfo;
pub use settings::CallSettings;
pub(crate) use settings::Settings;

use crate::Result;
use crate::generated;
use crate::http::{OperationRequest, Transport};
use crate::json::decode::Decode;
use defaults::default;
use std::fmt;
use std::future::Future;
use std::sync::Arc;

/// A client of one Quay server.
///
/// It holds a pool of connections. A clone is cheap and shares the pool, so create one client and
/// clone it.
///
/// # Examples
///
/// ```
/// # async fn example() -> quay_api::Result<()> {
/// use quay_api::Quay;
///
/// let quay = Quay::builder().base_url("https://quay.example.com").token("…").build()?;
/// println!("{}", quay.me().get().await?.username);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Quay {
    transport: Arc<Transport>,
    settings: Arc<Settings>,
}

impl fmt::Debug for Quay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Quay")
            .field("base_url", &self.base_url())
            .field("token", &self.transport.tokens)
            .finish_non_exhaustive()
    }
}

impl Quay {
    /// Returns a builder, whose defaults are those of an anonymous client of
    #[doc = concat!("<", default!(base_url), ">.")]
    pub fn builder() -> QuayBuilder {
        QuayBuilder::default()
    }

    /// Returns an anonymous client, which sees public data only.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if
    /// the URL is not a valid [address of a server](QuayBuilder::base_url).
    ///
    /// ```
    /// let quay = quay_api::Quay::anonymous("https://quay.io")?;
    /// # Ok::<(), quay_api::Error>(())
    /// ```
    pub fn anonymous(base_url: impl AsRef<str>) -> Result<Self> {
        Self::builder().base_url(base_url).build()
    }

    /// Returns a client with settings from environment variables.
    ///
    /// | variable | meaning |
    /// | --- | --- |
    #[doc = concat!("| `QUAY_URL` | the server's address; the default is `", default!(base_url), "` |")]
    /// | `QUAY_HOST` | the server's host, if `QUAY_URL` is not set |
    /// | `QUAY_TOKEN` | the token |
    /// | `QUAY_TOKEN_FILE` | a [file with the token](QuayBuilder::token_file), if `QUAY_TOKEN` is not set. A pipe, such as `<(command)`, is read once |
    /// | `QUAY_USER`, `QUAY_PASSWORD` | [user name and password](QuayBuilder::basic_auth), if neither `QUAY_TOKEN` nor `QUAY_TOKEN_FILE` is set. One without the other is an error |
    /// | `QUAY_OPERATION_TIMEOUT` | [operation time-out](QuayBuilder::operation_timeout) in seconds |
    /// | `QUAY_ATTEMPT_TIMEOUT` | [attempt time-out](QuayBuilder::attempt_timeout) in seconds |
    /// | `QUAY_CONNECT_TIMEOUT` | [connect time-out](QuayBuilder::connect_timeout) in seconds |
    /// | `QUAY_READ_TIMEOUT` | [read time-out](QuayBuilder::read_timeout) in seconds |
    /// | `QUAY_VERIFY_SSL` | `false` accepts [any certificate](QuayBuilder::danger_accept_invalid_certificates) |
    /// | `QUAY_CA_FILE` | a PEM file with additional [root certificates](QuayBuilder::root_certificate) |
    /// | `QUAY_ALLOW_HTTP` | `true` [allows plain http](QuayBuilder::allow_http) to any host, which shows the token to the network |
    ///
    /// An empty variable is ignored. `QUAY_TIMEOUT` is an error, because it does not name one of
    /// the time-outs. [`proxy`](QuayBuilder::proxy) documents the variables for proxies. To add
    /// other settings, use [`QuayBuilder::from_env`].
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput)
    /// that names the variable if its value can't be used, or if its file can't be read within 30
    /// seconds.
    ///
    /// ```
    /// # fn example() -> quay_api::Result<()> {
    /// let quay = quay_api::Quay::from_env()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_env() -> Result<Self> {
        QuayBuilder::from_env()?.build()
    }

    /// Returns the address of the server, without a trailing slash.
    pub fn base_url(&self) -> &str {
        self.transport.base.as_str()
    }

    /// Returns the host of [`base_url`](Self::base_url), with which the names of images begin.
    ///
    /// It includes the port unless that is the default port of the scheme. If the client reaches
    /// the API through a tunnel or a proxy, the server may be configured with another name (its
    /// setting `SERVER_HOSTNAME`). The names of images then begin with that name.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn main() -> quay_api::Result<()> {
    /// let quay = quay_api::Quay::anonymous("https://quay.example.com:8443/prefix")?;
    /// assert_eq!(quay.registry_host(), "quay.example.com:8443");
    /// # Ok(())
    /// # }
    /// ```
    pub fn registry_host(&self) -> &str {
        self.transport.base.host_and_port()
    }

    /// Returns a clone of the client with other settings.
    ///
    /// The clone shares the connections, the limits and the retry budget.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use std::time::Duration;
    ///
    /// let hurried = quay.with(|call| call.no_retries().operation_timeout(Duration::from_secs(5)));
    /// let repository = hurried.repository("acme/web")?.get().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with(&self, change: impl FnOnce(CallSettings) -> CallSettings) -> Self {
        let settings = CallSettings::new(Settings::clone(&self.settings));
        let settings = change(settings).into_settings();
        Self {
            transport: Arc::clone(&self.transport),
            settings: Arc::new(settings),
        }
    }

    /// Returns a request with any path, for endpoints that this crate lacks.
    ///
    /// It is sent with the client's token and settings, and returns the same errors as other calls.
    /// The path, such as `/api/v1/plans/`, is appended to the base URL and sent unchanged:
    /// percent-encode names in it.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if
    /// the method or the path is invalid. Nothing is sent.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// #[derive(serde::Deserialize)]
    /// struct Plans {
    ///     plans: Vec<serde_json::Value>,
    /// }
    ///
    /// let request = quay.request("GET", "/api/v1/plans/")?.query("region", "eu");
    /// let plans: Plans = request.send().await?;
    /// println!("{}", plans.plans.len());
    /// # Ok(())
    /// # }
    /// ```
    pub fn request(&self, method: &str, path: impl Into<String>) -> Result<RawRequest> {
        RawRequest::new(self, method, path.into())
    }

    /// Reads the server's discovery document.
    pub(crate) async fn read_server_info(&self) -> Result<ServerInfo> {
        let Self {
            transport,
            settings,
        } = self;
        let served = transport.document.refresh(transport, settings).await?;
        Ok(ServerInfo { served })
    }

    /// Returns true if the server's document shows that the server is of this release or newer.
    pub(crate) async fn is_at_least(&self, release: &str) -> bool {
        let served = self.transport.served(&self.settings, None).await;
        ServerInfo { served }.is_at_least(release)
    }

    /// Returns the generated client, which writes the requests of the operations.
    pub(crate) fn api(&self) -> &generated::Client {
        &self.transport.api
    }

    /// Sends the request of an operation, and decodes the response.
    ///
    /// The argument is a request, and not a closure that builds one: for each closure, the compiler
    /// would have to infer the captures and whether they are `Send`.
    #[inline]
    pub(crate) fn send<T: Decode + Send>(
        &self,
        request: Result<OperationRequest<T>>,
    ) -> impl Future<Output = Result<T>> + Send {
        self.transport.send(&self.settings, request)
    }

    /// Sends the request of an operation whose response may be any object.
    pub(crate) async fn send_for_any<T>(&self, request: Result<OperationRequest<T>>) -> Result<()> {
        self.transport.send_for_any(&self.settings, request).await
    }

    /// Returns an error if the server lacks the operation of a request, for a helper that found
    /// nothing to send it for.
    pub(crate) async fn check_has<T>(&self, request: Result<OperationRequest<T>>) -> Result<()> {
        let operation = request?.operation();
        self.transport.check_has(&self.settings, operation).await
    }
}
