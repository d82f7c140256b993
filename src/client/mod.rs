//! `Quay`, and how it is made.

mod builder;
mod env;
mod request;
mod tls;

pub use builder::QuayBuilder;
pub use request::RawRequest;

use crate::Result;
use crate::generated;
use crate::http::{CallSettings, OperationRequest, Settings, Transport};
use crate::json::decode::Decode;
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
    /// Starts the settings of a client: quay.io, without a token, unless said otherwise.
    pub fn builder() -> QuayBuilder {
        QuayBuilder::default()
    }

    /// A client that asks as nobody: it sees what is public.
    ///
    /// # Errors
    /// The URL can't be used.
    ///
    /// ```
    /// let quay = quay_api::Quay::anonymous("https://quay.io")?;
    /// # Ok::<(), quay_api::Error>(())
    /// ```
    pub fn anonymous(base_url: impl AsRef<str>) -> Result<Self> {
        Self::builder().base_url(base_url).build()
    }

    /// A client as the environment says.
    ///
    /// | variable | meaning |
    /// | --- | --- |
    /// | `QUAY_URL` | address of the server; quay.io if not set |
    /// | `QUAY_HOST` | its host alone, if `QUAY_URL` is not set |
    /// | `QUAY_TOKEN` | the token |
    /// | `QUAY_TOKEN_FILE` | a file with the token, if `QUAY_TOKEN` is not set; read again when it changes |
    /// | `QUAY_TIMEOUT` | seconds that a call may take |
    /// | `QUAY_VERIFY_SSL` | `false` to accept any certificate |
    /// | `QUAY_CA_FILE` | a PEM file with a further root certificate |
    ///
    /// An empty variable counts as not set.
    ///
    /// # Errors
    /// A variable can't be used; the error names it.
    ///
    /// ```
    /// # fn example() -> quay_api::Result<()> {
    /// let quay = quay_api::Quay::from_env()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_env() -> Result<Self> {
        env::builder(|name| std::env::var_os(name))?.build()
    }

    /// The address of the server, without a slash at the end.
    pub fn base_url(&self) -> &str {
        self.transport.base.as_str()
    }

    /// The same client with other settings for what is called through it. It shares the
    /// connections, the limits and the budget of retries.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use std::time::Duration;
    ///
    /// let hurried = quay.with(|call| call.no_retries().deadline(Duration::from_secs(5)));
    /// let repository = hurried.repository("acme/web")?.get().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with(&self, change: impl FnOnce(CallSettings) -> CallSettings) -> Self {
        let settings = change(CallSettings(Settings::clone(&self.settings))).0;
        Self {
            transport: Arc::clone(&self.transport),
            settings: Arc::new(settings),
        }
    }

    /// Writes the requests of the operations.
    pub(crate) fn api(&self) -> &generated::Client {
        &self.transport.api
    }

    /// Sends the request of an operation, and reads its answer.
    ///
    /// It takes the request, and no closure that would write it: of each, the compiler would have
    /// to find out what it captures and whether that is `Send`.
    #[inline]
    pub(crate) fn send<T: Decode + Send>(
        &self,
        draft: Result<OperationRequest<T>>,
    ) -> impl Future<Output = Result<T>> + Send {
        self.transport.send(&self.settings, draft)
    }
}
