//! The settings of a client.

use super::{Quay, tls};
use crate::auth::TokenSource;
use crate::base_url::BaseUrl;
use crate::http::{Limits, RetryPolicy, Settings, Transport};
use crate::types::Secret;
use crate::{Error, Result};
use http::HeaderValue;
use std::fmt;
use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

const QUAY_IO: &str = "https://quay.io";
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Over HTTP/1.1, each is a connection of its own.
const MAX_IN_FLIGHT: usize = 100;

/// The settings of a [`Quay`]. What is wrong with them is said by [`build`](Self::build), before
/// anything is sent.
///
/// ```
/// use quay_api::Quay;
/// use std::time::Duration;
///
/// let quay = Quay::builder()
///     .base_url("https://quay.example.com")
///     .token("a-token")
///     .user_agent("my-service/1.2")
///     .timeout(Duration::from_secs(30))
///     .build()?;
/// # Ok::<(), quay_api::Error>(())
/// ```
#[derive(Clone)]
#[must_use]
pub struct QuayBuilder {
    base_url: String,
    allow_http: bool,
    token: Token,
    user_agent: Option<String>,
    connect_timeout: Duration,
    settings: Settings,
    max_in_flight: usize,
    requests_per_second: Option<f64>,
    root_certificates: Vec<Vec<u8>>,
    accept_invalid_certificates: bool,
    proxy: Option<Secret>,
    http: Option<reqwest::Client>,
}

/// Where tokens come from, not looked at yet.
#[derive(Clone)]
enum Token {
    Anonymous,
    Fixed(Secret),
    File(PathBuf),
    Asked(TokenSource),
}

impl Default for QuayBuilder {
    fn default() -> Self {
        Self {
            base_url: QUAY_IO.to_owned(),
            allow_http: false,
            token: Token::Anonymous,
            user_agent: None,
            connect_timeout: CONNECT_TIMEOUT,
            settings: Settings::default(),
            max_in_flight: MAX_IN_FLIGHT,
            requests_per_second: None,
            root_certificates: Vec::new(),
            accept_invalid_certificates: false,
            proxy: None,
            http: None,
        }
    }
}

impl fmt::Debug for QuayBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Neither the address nor the proxy: before they are checked, both may hold a password.
        f.debug_struct("QuayBuilder")
            .field("allow_http", &self.allow_http)
            .field("user_agent", &self.user_agent)
            .field("connect_timeout", &self.connect_timeout)
            .field("settings", &self.settings)
            .field("max_in_flight", &self.max_in_flight)
            .field("requests_per_second", &self.requests_per_second)
            .field(
                "accept_invalid_certificates",
                &self.accept_invalid_certificates,
            )
            .finish_non_exhaustive()
    }
}

impl QuayBuilder {
    /// The address of the server: `https://host`, with a port and a path before `/api/v1` if there
    /// are any. https if no scheme is given. quay.io unless set.
    pub fn base_url(mut self, url: impl AsRef<str>) -> Self {
        url.as_ref().clone_into(&mut self.base_url);
        self
    }

    /// Allows plain http to any host. Without this, only loopback may be spoken to without TLS: the
    /// token travels readable.
    pub fn allow_http(mut self, allow: bool) -> Self {
        self.allow_http = allow;
        self
    }

    /// The token that is sent with each request: an OAuth 2 access token, or a JWT of the server's
    /// single sign-on.
    ///
    /// The tokens of robot accounts and application tokens are for the registry; this API does not
    /// take them.
    pub fn token(mut self, token: impl Into<Secret>) -> Self {
        self.token = Token::Fixed(token.into());
        self
    }

    /// A file that holds the token. It is read again when it changes; while it is missing or
    /// unreadable, the last good token is used.
    pub fn token_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.token = Token::File(path.into());
        self
    }

    /// A source that is asked for a token before each request. Caching is its own business.
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
    pub fn token_from<F, A>(mut self, source: F) -> Self
    where
        F: Fn() -> A + Send + Sync + 'static,
        A: Future<Output = std::result::Result<Secret, Box<dyn std::error::Error + Send + Sync>>>
            + Send
            + 'static,
    {
        self.token = Token::Asked(TokenSource::Asked(Arc::new(move || Box::pin(source()))));
        self
    }

    /// What the application calls itself, such as `my-service/1.2`; sent after `quay-api/VERSION`.
    pub fn user_agent(mut self, application: impl Into<String>) -> Self {
        self.user_agent = Some(application.into());
        self
    }

    /// How long connecting may take; 10 seconds unless set.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How long the server may be silent; 60 seconds unless set.
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.settings.read_timeout = timeout;
        self
    }

    /// How long one attempt may take, from connecting to the end of the answer; two minutes unless
    /// set. A call may be made of several: see [`deadline`](Self::deadline).
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeout = timeout;
        self
    }

    /// How long a call may take, with all its attempts and the waits between them; five minutes
    /// unless set. A listing that is read page by page is a call for each page.
    ///
    /// Nothing outlives it: an attempt is cut off, and a retry that would have to wait beyond it is
    /// not made.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.settings.deadline = Some(deadline);
        self
    }

    /// How often a call is sent, and how long is waited in between. [`RetryPolicy`] says what is
    /// sent again, and what never; a new one unless set.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.settings.retry = policy;
        self
    }

    /// Every call is sent once.
    pub fn no_retries(self) -> Self {
        self.retry(RetryPolicy::never())
    }

    /// How many requests of the client and its clones may be out at once; 100 unless set. The
    /// others wait in line.
    pub fn max_in_flight(mut self, requests: usize) -> Self {
        self.max_in_flight = requests;
        self
    }

    /// How many requests the client and its clones may send in a second, evenly spaced; no limit
    /// unless set.
    ///
    /// With or without it, the client slows down when the server turns requests away (429): to half
    /// of what it was, or to 25 a second if there was no limit. Then it gets faster by one request
    /// a second each second, until it is where it was or beyond 50.
    pub fn requests_per_second(mut self, requests: f64) -> Self {
        self.requests_per_second = Some(requests);
        self
    }

    /// How long an answer may be, in bytes after decompression; 64 MiB unless set. Of an error's
    /// body, never more than 64 KiB is read.
    pub fn max_response_size(mut self, bytes: usize) -> Self {
        self.settings.max_response_size = bytes;
        self
    }

    /// A further root certificate, or several, in PEM. The system's stay.
    pub fn root_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.root_certificates.push(pem.into());
        self
    }

    /// Accepts any certificate. **Whoever sits between can read and change everything**;
    /// [`root_certificate`](Self::root_certificate) is what a server with a certificate of its own
    /// needs.
    pub fn danger_accept_invalid_certificates(mut self, accept: bool) -> Self {
        self.accept_invalid_certificates = accept;
        self
    }

    /// A proxy for all requests: `http://host:port`, with user name and password if it wants them.
    /// Unless set, `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` count.
    pub fn proxy(mut self, url: impl Into<Secret>) -> Self {
        self.proxy = Some(url.into());
        self
    }

    /// A ready-made client of `reqwest`, for whatever this builder has no setting for. Its own
    /// settings for connecting, TLS and proxies count; those of this builder for the same are an
    /// error.
    ///
    /// Make it with `redirect::Policy::none()`: this crate follows redirects itself, if they keep
    /// the method and stay with the server. A client that follows them on its own could turn a
    /// write into a read; a call that it led elsewhere fails as
    /// [`Redirected`](crate::ErrorKind::Redirected).
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http = Some(client);
        self
    }

    /// Makes the client. Nothing is sent.
    ///
    /// # Errors
    /// A setting can't be used: address, token, user agent, certificate or proxy. The error names
    /// it.
    pub fn build(self) -> Result<Quay> {
        let base = BaseUrl::parse(&self.base_url, self.allow_http)?;
        let tokens = match &self.token {
            Token::Anonymous => TokenSource::Anonymous,
            Token::Fixed(token) => TokenSource::fixed(token)?,
            Token::File(path) => TokenSource::file(path)?,
            Token::Asked(source) => source.clone(),
        };
        let user_agent = user_agent(self.user_agent.as_deref())?;
        let limits = self.limits()?;
        let settings = Arc::new(self.settings.clone());
        let http = self.into_http_client()?;
        Ok(Quay {
            transport: Arc::new(Transport::new(http, base, tokens, user_agent, limits)),
            settings,
        })
    }

    fn limits(&self) -> Result<Limits> {
        if self.max_in_flight == 0 {
            return Err(Error::invalid_input(
                "max_in_flight 0: no request could ever be sent",
            ));
        }
        if let Some(rate) = self
            .requests_per_second
            .filter(|rate| !(rate.is_finite() && *rate > 0.0))
        {
            return Err(Error::invalid_input(format!(
                "requests_per_second {rate}: it is no number above zero"
            )));
        }
        let Self {
            max_in_flight,
            requests_per_second,
            ..
        } = *self;
        Ok(Limits {
            max_in_flight,
            requests_per_second,
            retries: self.settings.retry.retries(),
        })
    }

    fn into_http_client(self) -> Result<reqwest::Client> {
        if let Some(client) = self.http {
            if self.proxy.is_some()
                || self.accept_invalid_certificates
                || !self.root_certificates.is_empty()
            {
                return Err(Error::invalid_input(
                    "a ready-made HTTP client brings its own proxy and certificates: set them there",
                ));
            }
            return Ok(client);
        }
        let mut builder = reqwest::Client::builder()
            .connect_timeout(self.connect_timeout)
            .referer(false)
            .redirect(reqwest::redirect::Policy::none());
        if let Some(proxy) = &self.proxy {
            // The error would show the URL, and with it a password.
            let proxy = reqwest::Proxy::all(proxy.expose())
                .map_err(|_| Error::invalid_input("the proxy's URL can't be read"))?;
            builder = builder.proxy(proxy);
        }
        builder = tls::configure(
            builder,
            &self.root_certificates,
            self.accept_invalid_certificates,
        )?;
        builder
            .build()
            .map_err(|e| Error::invalid_input("the HTTP client can't be made").with_source(e))
    }
}

/// What a header can't say whole is refused: HTTP drops blanks at its ends, and what is not ASCII
/// is read in as many ways as there are servers.
fn user_agent(application: Option<&str>) -> Result<HeaderValue> {
    let own = concat!("quay-api/", env!("CARGO_PKG_VERSION"));
    let Some(application) = application else {
        return Ok(HeaderValue::from_static(own));
    };
    let refused =
        |reason: &str| Error::invalid_input(format!("user agent {application:?}: {reason}"));
    if application.is_empty() {
        return Err(refused("it is empty"));
    }
    if application.trim() != application {
        return Err(refused("it begins or ends with a blank"));
    }
    if application.bytes().any(|b| !matches!(b, b' '..=b'~')) {
        return Err(refused("only visible ASCII can be sent"));
    }
    HeaderValue::try_from(format!("{own} {application}"))
        .map_err(|_| refused("only visible ASCII can be sent"))
}
