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

/// A builder of a [`Quay`](crate::Quay).
///
/// [`build`](Self::build) validates the settings before anything is sent.
///
/// # Examples
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
        // The address and the proxy are left out: until they are validated, they may contain a
        // password.
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
    /// Returns a builder with settings from environment variables.
    ///
    /// [`Quay::from_env`](crate::Quay::from_env) lists the variables.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput)
    /// that names the variable if its value can't be used.
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

    /// Sets the address of the server, such as `https://quay.example.com`.
    ///
    /// It may contain a port, and a path that precedes `/api/v1`. Without a scheme, https is used.
    /// The address is never repaired: characters other than ASCII, and forms that a browser would
    /// correct, such as `https:/quay.io`, are errors of [`build`](Self::build).
    #[doc = concat!("The default is `", default!(base_url), "`.")]
    pub fn base_url(mut self, url: impl AsRef<str>) -> Self {
        url.as_ref().clone_into(&mut self.base_url);
        self
    }

    /// Allows plain http to any host, which shows the token to the network.
    ///
    /// By default, plain http is only allowed to this machine: to IP addresses of the loopback
    /// interface, and to `localhost`, which always means this machine then.
    pub fn allow_http(mut self, allow: bool) -> Self {
        self.allow_http = allow;
        self
    }

    /// Sets the token that is sent with each request.
    ///
    /// It is an OAuth 2 access token, or a JWT of the server's single sign-on service. The API does
    /// not accept the tokens of robot accounts or app-specific tokens, which are for pulling and
    /// pushing images.
    ///
    /// Quay treats a request with an invalid token as anonymous. [`build`](Self::build) therefore
    /// returns an error for a value that can't be a token, such as one in quotes or with `Bearer`
    /// before it.
    pub fn token(mut self, token: impl Into<Secret>) -> Self {
        self.token = TokenSetting::Fixed(token.into());
        self
    }

    /// Sets a file that contains the token, and is read again when it changes.
    ///
    /// A change is also detected if another file replaces it, as Kubernetes does with mounted
    /// secrets. While the file is missing or contains no valid token, the client uses the last
    /// valid token.
    ///
    /// [`build`](Self::build) reads the file, which may have at most 64 KiB, and fails after 30
    /// seconds. Later, calls share one check of the file and wait at most two seconds for it; if
    /// the check takes longer, they use the last valid token. A pipe, such as the shell's
    /// `<(command)`, is read once, by the first `build`.
    pub fn token_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.token = TokenSetting::File(path.into());
        self
    }

    /// Sets a function that returns the token, and is called for each attempt.
    ///
    /// The function should cache the token. Calls that wait for a token at the same time share one
    /// call of the function. While they wait, they do not count as requests in flight, and their
    /// operation time-outs apply. If the rate limit then delays a request by a second or more, the
    /// function is called again before the request is sent.
    ///
    /// # Examples
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

    /// Sets a user name and a password that are sent with each request, instead of a token.
    ///
    /// They are sent as HTTP Basic. Quay accepts them for few operations, such as the security
    /// report of a manifest, and treats all other requests as anonymous. Quay's registry that is
    /// written in Go accepts nothing else. The user name must not contain a colon.
    ///
    /// # Examples
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

    /// Sets a source of tokens that was validated already.
    pub(super) fn token_source(mut self, source: TokenSource) -> Self {
        self.token = TokenSetting::Source(source);
        self
    }

    /// Sets the name of the application in the `User-Agent` header, such as `my-service/1.2`.
    ///
    /// It follows `quay-api/VERSION`.
    pub fn user_agent(mut self, application: impl Into<String>) -> Self {
        self.user_agent = Some(application.into());
        self
    }

    /// Adds a header to each request, such as one that a proxy in front of the server requires.
    ///
    /// The value is treated as a secret: it is never printed, and is only sent to the server of
    /// [`base_url`](Self::base_url). A second header with the same name replaces the first.
    ///
    /// [`build`](Self::build) returns an error for `authorization` and other headers that the crate
    /// sets itself, and for values that contain characters other than printable ASCII.
    ///
    /// # Examples
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

    /// Adds several headers to each request, as [`default_header`](Self::default_header) does.
    ///
    /// # Examples
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

    /// Sets the maximum duration of connecting to the server, including the TLS handshake.
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
    ///
    /// [`operation_timeout`](Self::operation_timeout) limits all attempts of a call together.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.settings.attempt_timeout = timeout;
        self
    }

    /// Sets the maximum duration of a call, with all its attempts and the waits between them.
    #[doc = concat!("The default is ", default!(operation_timeout_secs), " seconds.")]
    ///
    /// Each page of a listing is a call. When the time-out expires, a running attempt is stopped. A
    /// retry that would begin after that time is not made.
    pub fn operation_timeout(mut self, timeout: Duration) -> Self {
        self.settings.operation_timeout = Some(timeout);
        self
    }

    /// Sets the number of attempts and the waits between them.
    ///
    /// [`RetryPolicy`] documents the defaults, and which requests are retried.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.settings.retry = policy;
        self
    }

    /// Disables retries.
    ///
    /// A request that the server rejected with status 429 is not sent again either.
    pub fn no_retries(self) -> Self {
        self.retry(RetryPolicy::never())
    }

    /// Sets the maximum number of concurrent requests of the client and its clones.
    ///
    /// Further requests wait, and are sent in order.
    #[doc = concat!("The default is ", default!(max_in_flight), ".")]
    pub fn max_in_flight(mut self, requests: usize) -> Self {
        self.max_in_flight = requests;
        self
    }

    /// Sets the maximum number of requests per second of the client and its clones.
    ///
    /// The value must be between 0.001 and 10,000; the requests are evenly spaced. By default,
    /// there is no maximum.
    ///
    /// With and without this setting, the client adapts to the limit of the server. It starts with
    /// a few concurrent requests, and sends more as responses arrive. When the server rejects a
    /// request with status 429, the client lowers its rate, and then raises it slowly until the
    /// next 429. From the requests that were accepted between two of them, it computes the rate
    /// that the server allows, and stays slightly below that rate. Other clients that share the
    /// limit get their part. After five seconds without requests, the client expects that the
    /// server accepts a full burst again. After a minute without a 429, it forgets the limit.
    /// [`RetryPolicy`] documents how a rejected request waits.
    pub fn requests_per_second(mut self, requests: f64) -> Self {
        self.requests_per_second = Some(requests);
        self
    }

    /// Sets the maximum size of a response, in bytes after decompression.
    #[doc = concat!("The default is ", default!(max_response_mib), " MiB.")]
    #[doc = concat!("At most ", default!(max_error_body_kib), " KiB of an error response are")]
    /// read.
    pub fn max_response_size(mut self, bytes: usize) -> Self {
        self.settings.max_response_size = bytes;
        self
    }

    /// Sets whether the client may read the server's discovery document, which lists its
    /// operations.
    ///
    /// The default is true. A server that is older, or has a feature turned off, lacks operations.
    /// It often responds to them as if an object did not exist, fails with status 500, or runs
    /// another operation. After such a response to an operation that some servers lack, the client
    /// reads the document. If the operation is not listed, the call returns an error for which
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) is true.
    ///
    /// The client also reads the document before two kinds of requests:
    ///
    /// - a deletion of something in a repository, such as an autoprune policy, for which a server
    ///   without that operation would delete a repository. If the document can't be read, or if
    ///   this setting is false, the client lists the policies instead;
    /// - a request with a field that older servers ignore, or for which they fail after they stored
    ///   a part of the request: a changed pattern of an autoprune policy, and the time-out and the
    ///   architectures of a mirror.
    ///
    /// If an organization does not exist, some servers report a missing scope instead. After that
    /// response, the client reads the organization. If it does not exist, the call returns an error
    /// for which [`is_not_found`](crate::Error::is_not_found) is true.
    ///
    /// The client and its clones read the document at most once in ten minutes, and wait at most
    /// ten seconds for it. If it can't be read, the client tries again after a minute at the
    /// earliest; until then, errors are those of the server's responses. The document has about
    /// 300 KiB.
    pub fn consult_discovery(mut self, consult: bool) -> Self {
        self.settings.consult_discovery = consult;
        self
    }

    /// Sets the maximum time that a check of the server adds to a call.
    #[cfg(feature = "testing")]
    pub(crate) fn max_check_wait(mut self, wait: Duration) -> Self {
        self.settings.max_check_wait = wait;
        self
    }

    /// Sets a proxy for all requests, such as `http://host:port` or `https://host:port`.
    ///
    /// The URL may contain a user name and a password. For other protocols, such as SOCKS, set an
    /// [`http_client`](Self::http_client).
    ///
    /// By default, an https server is called through the proxy of the environment variable
    /// `HTTPS_PROXY` or `ALL_PROXY`, in upper or lower case, or else of the operating system's
    /// settings. Such a proxy sees the name of the server, but neither the token nor the data.
    /// `NO_PROXY` lists the servers that are called directly, separated by commas: names, which
    /// include their subdomains, IP addresses, networks such as `10.0.0.0/8`, or `*` for all. An
    /// entry with a port or with another wildcard matches nothing.
    ///
    /// A plain http server is called directly by default, because a proxy would see the token and
    /// the data. With a proxy on another machine, [`build`](Self::build) returns an error for such
    /// a server unless [`allow_http`](Self::allow_http) is set.
    ///
    /// A proxy that can't be used is an error of [`build`](Self::build), and is never ignored.
    pub fn proxy(mut self, url: impl Into<Secret>) -> Self {
        self.proxy = Some(url.into());
        self
    }

    /// Sets an HTTP client of [`reqwest`], for settings that this builder lacks.
    ///
    /// Its own settings for connecting, TLS and proxies apply. [`build`](Self::build) returns an
    /// error if this builder sets a proxy, certificates or HTTP versions as well.
    /// [`quay_api::reqwest`](crate::reqwest) is the version of `reqwest` that this crate uses.
    ///
    /// Build the HTTP client with these settings:
    ///
    /// - `redirect(redirect::Policy::none())`. This crate follows redirects itself if they keep the
    ///   method and lead to the same server. An HTTP client that follows redirects could turn a
    ///   write into a read. If it was redirected to another URL, the call returns an error of the
    ///   kind [`Redirected`](crate::ErrorKind::Redirected), and a write
    ///   [may have been done](crate::Error::may_have_been_done). A redirect to the same URL can't
    ///   be detected.
    /// - `no_proxy()` for a plain http server. Otherwise the proxy of `HTTP_PROXY` receives the
    ///   token.
    /// - no cookie store, as by default. With the cookies of a sign-in (`/api/v1/signin`), an
    ///   anonymous client would act as the user who signed in.
    ///
    /// # Examples
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
