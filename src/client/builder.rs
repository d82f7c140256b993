//! The settings of a client.

use super::{Quay, tls};
use crate::auth::TokenSource;
use crate::base_url::BaseUrl;
use crate::transport::Transport;
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
const READ_TIMEOUT: Duration = Duration::from_secs(60);
const TIMEOUT: Duration = Duration::from_secs(120);
const MOST_REDIRECTS: usize = 5;

/// The settings of a [`Quay`]. What is wrong with them is said by [`build`](Self::build), before anything is sent.
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
    read_timeout: Duration,
    timeout: Duration,
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
            read_timeout: READ_TIMEOUT,
            timeout: TIMEOUT,
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
            .field("read_timeout", &self.read_timeout)
            .field("timeout", &self.timeout)
            .field("accept_invalid_certificates", &self.accept_invalid_certificates)
            .finish_non_exhaustive()
    }
}

impl QuayBuilder {
    /// The address of the server: `https://host`, with a port and a path before `/api/v1` if there are any. https if no scheme is
    /// given. quay.io unless set.
    pub fn base_url(mut self, url: impl AsRef<str>) -> Self {
        url.as_ref().clone_into(&mut self.base_url);
        self
    }

    /// Allows plain http to any host. Without this, only loopback may be spoken to without TLS: the token travels readable.
    pub fn allow_http(mut self, allow: bool) -> Self {
        self.allow_http = allow;
        self
    }

    /// The token that is sent with each request: an OAuth 2 access token, or a JWT of the server's single sign-on.
    ///
    /// The tokens of robot accounts and application tokens are for the registry; this API does not take them.
    pub fn token(mut self, token: impl Into<Secret>) -> Self {
        self.token = Token::Fixed(token.into());
        self
    }

    /// A file that holds the token. It is read again when it changes; while it is missing or unreadable, the last good token is used.
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
        A: Future<Output = std::result::Result<Secret, Box<dyn std::error::Error + Send + Sync>>> + Send + 'static,
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
        self.read_timeout = timeout;
        self
    }

    /// How long a request may take, from connecting to the end of the answer; two minutes unless set.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// A further root certificate, or several, in PEM. The system's stay.
    pub fn root_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.root_certificates.push(pem.into());
        self
    }

    /// Accepts any certificate. **Whoever sits between can read and change everything**; [`root_certificate`](Self::root_certificate) is what
    /// a server with a certificate of its own needs.
    pub fn danger_accept_invalid_certificates(mut self, accept: bool) -> Self {
        self.accept_invalid_certificates = accept;
        self
    }

    /// A proxy for all requests: `http://host:port`, with user name and password if it wants them. Unless set, `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` count.
    pub fn proxy(mut self, url: impl Into<Secret>) -> Self {
        self.proxy = Some(url.into());
        self
    }

    /// A ready-made client of `reqwest`, for whatever this builder has no setting for. Its own settings for connecting, TLS, proxies and redirects count; those of
    /// this builder for the same are an error.
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http = Some(client);
        self
    }

    /// Makes the client. Nothing is sent.
    ///
    /// # Errors
    /// A setting can't be used: address, token, user agent, certificate or proxy. The error names it.
    pub fn build(self) -> Result<Quay> {
        let base = BaseUrl::parse(&self.base_url, self.allow_http)?;
        let tokens = match &self.token {
            Token::Anonymous => TokenSource::Anonymous,
            Token::Fixed(token) => TokenSource::fixed(token)?,
            Token::File(path) => TokenSource::file(path)?,
            Token::Asked(source) => source.clone(),
        };
        let user_agent = user_agent(self.user_agent.as_deref())?;
        let timeout = self.timeout;
        let http = self.http_client_for(&base)?;
        Ok(Quay { transport: Arc::new(Transport { http, base, tokens, user_agent, timeout }) })
    }

    fn http_client_for(self, base: &BaseUrl) -> Result<reqwest::Client> {
        if let Some(client) = self.http {
            if self.proxy.is_some() || self.accept_invalid_certificates || !self.root_certificates.is_empty() {
                return Err(Error::invalid_input("a ready-made HTTP client brings its own proxy and certificates: set them there"));
            }
            return Ok(client);
        }
        let mut builder = reqwest::Client::builder()
            .connect_timeout(self.connect_timeout)
            .read_timeout(self.read_timeout)
            .referer(false)
            .redirect(same_origin(base.clone()));
        if let Some(proxy) = &self.proxy {
            // The error would show the URL, and with it a password.
            let proxy = reqwest::Proxy::all(proxy.expose()).map_err(|_| Error::invalid_input("the proxy's URL can't be read"))?;
            builder = builder.proxy(proxy);
        }
        builder = tls::configure(builder, &self.root_certificates, self.accept_invalid_certificates)?;
        builder.build().map_err(|e| Error::invalid_input("the HTTP client can't be made").with_source(e))
    }
}

/// Follows what keeps method, origin and scheme, and not for ever. Anything else becomes an error that says where the server pointed.
fn same_origin(base: BaseUrl) -> reqwest::redirect::Policy {
    reqwest::redirect::Policy::custom(move |attempt| {
        let keeps_method = matches!(attempt.status().as_u16(), 307 | 308);
        if keeps_method && base.is_origin_of(attempt.url()) && attempt.previous().len() <= MOST_REDIRECTS {
            attempt.follow()
        } else {
            attempt.stop()
        }
    })
}

/// What a header can't say whole is refused: HTTP drops blanks at its ends, and what is not ASCII is read in as many ways as there are servers.
fn user_agent(application: Option<&str>) -> Result<HeaderValue> {
    let own = concat!("quay-api/", env!("CARGO_PKG_VERSION"));
    let Some(application) = application else { return Ok(HeaderValue::from_static(own)) };
    let refused = |reason: &str| Error::invalid_input(format!("user agent {application:?}: {reason}"));
    if application.is_empty() {
        return Err(refused("it is empty"));
    }
    if application.trim() != application {
        return Err(refused("it begins or ends with a blank"));
    }
    if application.bytes().any(|b| !matches!(b, b' '..=b'~')) {
        return Err(refused("only visible ASCII can be sent"));
    }
    HeaderValue::try_from(format!("{own} {application}")).map_err(|_| refused("only visible ASCII can be sent"))
}
