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
/// It holds a pool of connections; a clone is cheap and shares it. Make one and clone it where it
/// is needed.
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
    /// Returns the builder of a client, by default one without a token for
    #[doc = concat!("<", default!(base_url), ">.")]
    pub fn builder() -> QuayBuilder {
        QuayBuilder::default()
    }

    /// Returns an anonymous client, which sees public data only.
    ///
    /// # Errors
    ///
    /// Returns an error if the URL can't be used.
    ///
    /// ```
    /// let quay = quay_api::Quay::anonymous("https://quay.io")?;
    /// # Ok::<(), quay_api::Error>(())
    /// ```
    pub fn anonymous(base_url: impl AsRef<str>) -> Result<Self> {
        Self::builder().base_url(base_url).build()
    }

    /// Returns a client with the settings of environment variables.
    ///
    /// | variable | meaning |
    /// | --- | --- |
    #[doc = concat!("| `QUAY_URL` | the server address, by default `", default!(base_url), "` |")]
    /// | `QUAY_HOST` | its host alone, if `QUAY_URL` is not set |
    /// | `QUAY_TOKEN` | the token |
    /// | `QUAY_TOKEN_FILE` | a file with the token, if `QUAY_TOKEN` is not set; read again when it changes. Or a pipe, such as `<(command)`, which is read once |
    /// | `QUAY_USER`, `QUAY_PASSWORD` | [user name and password](QuayBuilder::basic_auth), if both are set and no token is |
    /// | `QUAY_OPERATION_TIMEOUT` | seconds: [operation time-out](QuayBuilder::operation_timeout) |
    /// | `QUAY_ATTEMPT_TIMEOUT` | seconds: [attempt time-out](QuayBuilder::attempt_timeout) |
    /// | `QUAY_CONNECT_TIMEOUT` | seconds: [connect time-out](QuayBuilder::connect_timeout) |
    /// | `QUAY_READ_TIMEOUT` | seconds: [read time-out](QuayBuilder::read_timeout) |
    /// | `QUAY_VERIFY_SSL` | `false` to accept any certificate |
    /// | `QUAY_CA_FILE` | a PEM file with a further root certificate |
    /// | `QUAY_ALLOW_HTTP` | `true` to allow plain http to any host, which shows the token to the network |
    ///
    /// An empty variable counts as not set. `QUAY_TIMEOUT` is an error, since it does not tell
    /// which of the time-outs is meant. Proxies are described at [`proxy`](QuayBuilder::proxy).
    /// [`QuayBuilder::from_env`] returns the builder, to which further settings can be added.
    ///
    /// # Errors
    ///
    /// Returns an error that names the variable if its value can't be used. Files are read within
    /// 30 seconds, or it is an error.
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

    /// Returns the address of the server, without a slash at the end.
    pub fn base_url(&self) -> &str {
        self.transport.base.as_str()
    }

    /// Returns the host of the registry, with its port unless it is the usual one: that of
    /// [`base_url`](Self::base_url), which begins the names of images.
    ///
    /// The server itself may be set up with another name (its `SERVER_HOSTNAME`), if the API is
    /// reached through a tunnel or a proxy: then images have that name.
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

    /// Returns a clone of the client with other settings. It shares the connections, the limits and
    /// the retry budget.
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

    /// Returns a request to any path, for endpoints that this crate does not have yet. It is sent
    /// with the same token and settings, and has the same errors.
    ///
    /// The path begins at the server's root, after the base URL's own path, and is sent
    /// unchanged: percent-encode names in it.
    ///
    /// # Errors
    ///
    /// Returns an error if the method or the path is invalid. Nothing is sent.
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

    /// Reads what can be known of the server from its discovery document.
    pub(crate) async fn read_server_info(&self) -> Result<ServerInfo> {
        let Self {
            transport,
            settings,
        } = self;
        let served = transport.document.refresh(transport, settings).await?;
        Ok(ServerInfo { served })
    }

    /// Returns the generated client, which writes the requests of the operations.
    pub(crate) fn api(&self) -> &generated::Client {
        &self.transport.api
    }

    /// Sends the request of an operation, and decodes the response.
    ///
    /// It takes the request and not a closure that writes it: for each closure, the compiler would
    /// have to infer the captures and whether they are `Send`.
    #[inline]
    pub(crate) fn send<T: Decode + Send>(
        &self,
        request: Result<OperationRequest<T>>,
    ) -> impl Future<Output = Result<T>> + Send {
        self.transport.send(&self.settings, request)
    }

    /// Returns an error if the server lacks the operation of a request, for a helper that found
    /// nothing to send it for.
    pub(crate) async fn check_has<T>(&self, request: Result<OperationRequest<T>>) -> Result<()> {
        let operation = request?.operation();
        self.transport.check_has(&self.settings, operation).await
    }
}
