//! The builder of a client.

use super::defaults::{self, default};
use super::network::Network;
use super::{Settings, env};
use crate::Result;
use crate::http::RetryPolicy;
use crate::http::token_source::TokenSource;
use crate::types::Secret;
use std::fmt;
use std::future::Future;
use std::path::PathBuf;
use std::time::Duration;

/// The settings of a [`Quay`](crate::Quay). [`build`](Self::build) validates them before anything
/// is sent.
///
/// ```
/// use quay_api::Quay;
/// use std::time::Duration;
///
/// let quay = Quay::builder()
///     .base_url("https://quay.example.com")
///     .token("a-token")
///     .user_agent("my-service/1.2")
///     .attempt_timeout(Duration::from_secs(30))
///     .build()?;
/// # Ok::<(), quay_api::Error>(())
/// ```
#[derive(Clone)]
#[must_use]
pub struct QuayBuilder {
    pub(super) base_url: String,
    pub(super) allow_http: bool,
    pub(super) token: TokenSetting,
    pub(super) user_agent: Option<String>,
    pub(super) default_headers: Vec<(String, Secret)>,
    pub(super) connect_timeout: Duration,
    pub(super) settings: Settings,
    pub(super) max_in_flight: usize,
    pub(super) requests_per_second: Option<f64>,
    pub(super) network: Network,
    pub(super) proxy: Option<Secret>,
    pub(super) http: Option<reqwest::Client>,
}

/// The source of tokens, not validated yet.
#[derive(Clone)]
pub(super) enum TokenSetting {
    Anonymous,
    Fixed(Secret),
    Basic(String, Secret),
    File(PathBuf),
    Source(TokenSource),
}

impl Default for QuayBuilder {
    fn default() -> Self {
        Self {
            base_url: defaults::BASE_URL.to_owned(),
            allow_http: false,
            token: TokenSetting::Anonymous,
            user_agent: None,
            default_headers: Vec::new(),
            connect_timeout: defaults::CONNECT_TIMEOUT,
            settings: Settings::default(),
            max_in_flight: defaults::MAX_IN_FLIGHT,
            requests_per_second: None,
            network: Network::default(),
            proxy: None,
            http: None,
        }
    }
}

impl fmt::Debug for QuayBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without address and proxy: before they are validated, both may contain a password.
        f.debug_struct("QuayBuilder")
            .field("allow_http", &self.allow_http)
            .field("user_agent", &self.user_agent)
            .field("connect_timeout", &self.connect_timeout)
            .field("settings", &self.settings)
            .field("max_in_flight", &self.max_in_flight)
            .field("requests_per_second", &self.requests_per_second)
            .field(
                "accept_invalid_certificates",
                &self.network.trust.accept_invalid,
            )
            .finish_non_exhaustive()
    }
}

impl QuayBuilder {
    /// Returns a builder with the settings of environment variables, to which others can be added:
    /// those of [`Quay::from_env`](crate::Quay::from_env).
    ///
    /// # Errors
    ///
    /// Returns an error that names the variable if its value can't be used.
    ///
    /// ```
    /// # fn example() -> quay_api::Result<()> {
    /// use quay_api::QuayBuilder;
    ///
    /// let quay = QuayBuilder::from_env()?.user_agent("my-service/1.2").max_in_flight(10).build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_env() -> Result<Self> {
        env::builder(|name| std::env::var_os(name))
    }

    /// Sets the address of the server: `https://host`, with a port and a path before `/api/v1` if
    /// there are any. Without a scheme, https is used. What is connected to is what is written:
    /// forms that a browser would repair, such as `https:/quay.io`, are an error, and so are other
    /// characters than ASCII.
    #[doc = concat!("The default is `", default!(base_url), "`.")]
    pub fn base_url(mut self, url: impl AsRef<str>) -> Self {
        url.as_ref().clone_into(&mut self.base_url);
        self
    }

    /// Allows plain http, which shows the token to the network, to any host. By default it is
    /// allowed to this machine only: to IP addresses of the loopback interface, and to `localhost`,
    /// which is not looked up then.
    pub fn allow_http(mut self, allow: bool) -> Self {
        self.allow_http = allow;
        self
    }

    /// Sets the token that is sent with each request: an OAuth 2 access token, or a JWT of the
    /// server's single sign-on.
    ///
    /// The tokens of robot accounts and application tokens are for the registry; this API does not
    /// take them.
    pub fn token(mut self, token: impl Into<Secret>) -> Self {
        self.token = TokenSetting::Fixed(token.into());
        self
    }

    /// Sets a file that contains the token. It is read again when it changes, also if another file
    /// takes its place, such as a secret that Kubernetes mounts; while it is missing or has no
    /// valid token, the last valid one is used.
    ///
    /// [`build`](Self::build) reads the file, at most 64 KiB within 30 seconds. Later, all calls
    /// share one look at the file, and wait for it for two seconds at most: while it does not
    /// respond, the last valid token is used. A pipe, such as the shell's `<(command)`, is read by
    /// the first `build` and never again.
    pub fn token_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.token = TokenSetting::File(path.into());
        self
    }

    /// Sets a function that returns the token of each attempt. It is called each time, so it should
    /// cache; calls that wait for a token at the same time share one. They hold no place in flight
    /// while they wait, and their operation time-outs apply. A call that then waits for its turn for
    /// a second or more asks again before it is sent.
    ///
    /// ```
    /// # fn example() -> quay_api::Result<()> {
    /// use quay_api::{Quay, types::Secret};
    ///
    /// let quay = Quay::builder()
    ///     .token_from(|| async { Ok(Secret::from(tokio::fs::read_to_string("/run/token").await?)) })
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn token_from<F, A>(self, source: F) -> Self
    where
        F: Fn() -> A + Send + Sync + 'static,
        A: Future<Output = std::result::Result<Secret, Box<dyn std::error::Error + Send + Sync>>>
            + Send
            + 'static,
    {
        self.token_source(TokenSource::callback(move || Box::pin(source())))
    }

    /// Sets a user name and a password that are sent with each request as HTTP Basic, in the place
    /// of a token.
    ///
    /// Quay takes them for few operations, such as the security report of a manifest, and treats
    /// any other request as anonymous; the registry that Quay has in Go takes nothing else. A user
    /// name must not contain a colon.
    ///
    /// ```
    /// use quay_api::Quay;
    ///
    /// let quay = Quay::builder()
    ///     .base_url("https://registry.example.com")
    ///     .basic_auth("init", "a password")
    ///     .build()?;
    /// # Ok::<(), quay_api::Error>(())
    /// ```
    pub fn basic_auth(mut self, user: impl Into<String>, password: impl Into<Secret>) -> Self {
        self.token = TokenSetting::Basic(user.into(), password.into());
        self
    }

    /// Sets a source of tokens that is validated already.
    pub(super) fn token_source(mut self, source: TokenSource) -> Self {
        self.token = TokenSetting::Source(source);
        self
    }

    /// Sets the name of the application, such as `my-service/1.2`; sent after `quay-api/VERSION`.
    pub fn user_agent(mut self, application: impl Into<String>) -> Self {
        self.user_agent = Some(application.into());
        self
    }

    /// Adds a header to each request, such as one that a proxy in front of the server needs. Its
    /// value is treated as a secret: it is never printed, and is sent to the server of
    /// [`base_url`](Self::base_url) only. A second header of the same name replaces the first.
    ///
    /// [`build`](Self::build) fails for `authorization` and other headers that the crate or HTTP
    /// itself sets, and for values that are not visible ASCII.
    ///
    /// ```
    /// use quay_api::Quay;
    ///
    /// let quay = Quay::builder()
    ///     .base_url("https://quay.example.com")
    ///     .default_header("CF-Access-Client-Id", "my-service")
    ///     .default_header("CF-Access-Client-Secret", "a-secret")
    ///     .build()?;
    /// # Ok::<(), quay_api::Error>(())
    /// ```
    pub fn default_header(mut self, name: impl Into<String>, value: impl Into<Secret>) -> Self {
        self.default_headers.push((name.into(), value.into()));
        self
    }

    /// Adds several headers to each request: see [`default_header`](Self::default_header).
    ///
    /// ```
    /// use quay_api::Quay;
    ///
    /// let headers = [("x-team", "registry"), ("x-environment", "test")];
    /// let quay = Quay::builder().default_headers(headers).build()?;
    /// # Ok::<(), quay_api::Error>(())
    /// ```
    pub fn default_headers<N: Into<String>, V: Into<Secret>>(
        self,
        headers: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let headers = headers.into_iter();
        headers.fold(self, |builder, (name, value)| {
            builder.default_header(name, value)
        })
    }

    /// Sets the maximum duration of connecting.
    #[doc = concat!("The default is ", default!(connect_timeout_secs), " seconds.")]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets the maximum duration of each wait for data from the server.
    #[doc = concat!("The default is ", default!(read_timeout_secs), " seconds.")]
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.settings.read_timeout = timeout;
        self
    }

    /// Sets the maximum duration of one attempt, from connecting to the end of the response.
    #[doc = concat!("The default is ", default!(attempt_timeout_secs), " seconds.")]
    /// A call may have several attempts: see [`operation_timeout`](Self::operation_timeout).
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.settings.attempt_timeout = timeout;
        self
    }

    /// Sets the maximum duration of a call, with all its attempts and the waits between them.
    #[doc = concat!("The default is ", default!(operation_timeout_secs), " seconds.")]
    /// A listing that is read page by page makes a call for each page.
    ///
    /// An attempt is cut off at its end, and a retry that would have to wait beyond it is not made.
    pub fn operation_timeout(mut self, timeout: Duration) -> Self {
        self.settings.operation_timeout = Some(timeout);
        self
    }

    /// Sets the number of attempts and the waits between them. [`RetryPolicy`] describes what is
    /// retried and what never is, and has the defaults.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.settings.retry = policy;
        self
    }

    /// Disables retries: every call is sent once.
    pub fn no_retries(self) -> Self {
        self.retry(RetryPolicy::never())
    }

    /// Sets the maximum number of requests in flight of the client and its clones. The others wait
    /// in order.
    #[doc = concat!("The default is ", default!(max_in_flight), ".")]
    pub fn max_in_flight(mut self, requests: usize) -> Self {
        self.max_in_flight = requests;
        self
    }

    /// Sets the maximum number of requests per second of the client and its clones, evenly spaced:
    /// between 0.001 and 10,000. By default there is no limit.
    ///
    /// With or without it, the client finds what the server takes. It begins with a few requests at
    /// once, and with more as responses come. When the server refuses one (429), its rate falls; it
    /// grows until the next refusal, and what passed between two refusals is what the rate then
    /// stays just below. Other clients that share the limit get their part. After five seconds of
    /// silence, the client counts on a full burst again; after a minute without a refusal, it
    /// forgets the limit. How a refused call waits is described at [`RetryPolicy`].
    pub fn requests_per_second(mut self, requests: f64) -> Self {
        self.requests_per_second = Some(requests);
        self
    }

    /// Sets the maximum size of a response, in bytes after decompression.
    #[doc = concat!("The default is ", default!(max_response_mib), " MiB.")]
    #[doc = concat!("Of an error response, at most ", default!(max_error_body_kib), " KiB are")]
    /// read.
    pub fn max_response_size(mut self, bytes: usize) -> Self {
        self.settings.max_response_size = bytes;
        self
    }

    /// Sets whether the client may read the server's discovery document to find out what the server
    /// has. The default is true.
    ///
    /// An older server, or one with a feature off, lacks operations, and rarely says so: it
    /// responds as if an object were missing, fails with a 500, or runs another operation for the
    /// request. After such a response to an operation that some servers lack, the document is read,
    /// and the error is one for which [`is_feature_disabled`](crate::Error::is_feature_disabled) is
    /// true if the operation is not in it. It is also read before the deletion of a policy of a
    /// repository, which a server without such policies takes for that of a repository, and before
    /// a field is sent that older servers ignore, or fail on after they have stored a part: a
    /// changed pattern of an autoprune policy, and the timeout and the architectures of a mirror.
    ///
    /// A server also says that a scope is missing where an organization is. After that response,
    /// the organization is read, and the error is one for which
    /// [`is_not_found`](crate::Error::is_not_found) is true if there is none.
    ///
    /// The client and its clones read it once in ten minutes at most, and wait for it for ten
    /// seconds at most. While it can't be read, for a minute each time, errors are what the server
    /// responded. The document has about 300 KiB.
    pub fn consult_discovery(mut self, consult: bool) -> Self {
        self.settings.consult_discovery = consult;
        self
    }

    /// Sets a proxy for all requests: `http://host:port` or `https://host:port`, with user name and
    /// password if needed. For other protocols, such as SOCKS, give a client:
    /// [`http_client`](Self::http_client).
    ///
    /// By default, a server with https is called through the proxy of `HTTPS_PROXY` or `ALL_PROXY`,
    /// in upper or lower case, or of the operating system's settings, unless `NO_PROXY` has the
    /// server. The proxy sees the server's name, and neither the token nor the data. A server with
    /// plain http is called directly, since a proxy would see all of that; through a proxy on
    /// another machine only if [`allow_http`](Self::allow_http) is set.
    ///
    /// A proxy that can't be used is an error of [`build`](Self::build), and never ignored.
    pub fn proxy(mut self, url: impl Into<Secret>) -> Self {
        self.proxy = Some(url.into());
        self
    }

    /// Sets a ready-made client of [`reqwest`], for settings that this builder lacks. Its
    /// own settings for connecting, TLS and proxies count; those of this builder for the same are
    /// an error. [`quay_api::reqwest`](crate::reqwest) is the version of it that this crate uses.
    /// Its builder needs:
    ///
    /// - `redirect(redirect::Policy::none())`. This crate follows redirects itself, if they keep
    ///   the method and stay with the server. A client that follows them on its own could turn a
    ///   write into a read; a call that it led elsewhere fails as
    ///   [`Redirected`](crate::ErrorKind::Redirected), and a write [may have been
    ///   done](crate::Error::may_have_been_done). A redirect to the same URL can't be noticed.
    /// - `no_proxy()` for a server with plain http: `HTTP_PROXY` would get the token.
    /// - no cookie store (reqwest has none by default): the cookies of a sign-in,
    ///   `/api/v1/signin`, would make a session of an anonymous client.
    ///
    /// ```
    /// use quay_api::{Quay, reqwest};
    ///
    /// let client = reqwest::Client::builder()
    ///     .redirect(reqwest::redirect::Policy::none())
    ///     .pool_max_idle_per_host(4)
    ///     .build()?;
    /// let quay = Quay::builder().http_client(client).build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http = Some(client);
        self
    }
}
