//! `Quay`, and how it is made.

mod builder;
mod env;
mod request;
mod tls;

pub use builder::QuayBuilder;
pub use request::RawRequest;

use crate::Result;
use crate::generated;
use crate::transport::Transport;
use progenitor_client::ResponseValue;
use serde::de::DeserializeOwned;
use std::fmt;
use std::sync::Arc;

/// A client of one Quay server.
///
/// It holds a pool of connections; a clone is cheap and shares it. Make one and clone it where it is needed.
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
}

impl fmt::Debug for Quay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Quay").field("base_url", &self.base_url()).field("token", &self.transport.tokens).finish_non_exhaustive()
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

    /// Calls an operation of the generated client.
    pub(crate) async fn send<T: DeserializeOwned>(
        &self,
        operation: impl AsyncFnOnce(&generated::Client) -> std::result::Result<ResponseValue<T>, progenitor_client::Error<()>>,
    ) -> Result<T> {
        self.transport.send(operation).await
    }
}
