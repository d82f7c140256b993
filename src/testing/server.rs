//! The server that an example talks to.

use crate::testing::Sandbox;
use crate::{Quay, Result};

/// The server that the environment names, or else a [`Sandbox`] with the [data of the
/// examples](Sandbox::demo), so that a program runs without any setup.
///
/// The examples of the crate begin with it. A service of your own calls [`Quay::from_env`] instead.
///
/// ```
/// # async fn example() -> quay_api::Result<()> {
/// use quay_api::testing::Server;
///
/// let server = Server::from_env_or_sandbox().await?;
/// let quay = server.quay();
/// println!("I am {}", quay.me().get().await?.username);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Server {
    quay: Quay,
    sandbox: Option<Sandbox>,
}

impl Server {
    /// Returns the server of `QUAY_URL` or `QUAY_HOST`, with the settings that [`Quay::from_env`]
    /// reads, or starts a sandbox if neither is set.
    ///
    /// # Errors
    ///
    /// Returns an error if a variable can't be used, or if no port can be opened for the sandbox.
    pub async fn from_env_or_sandbox() -> Result<Self> {
        let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        if is_set("QUAY_URL") || is_set("QUAY_HOST") {
            return Ok(Self {
                quay: Quay::from_env()?,
                sandbox: None,
            });
        }
        let sandbox = Sandbox::demo().await?;
        Ok(Self {
            quay: sandbox.quay().clone(),
            sandbox: Some(sandbox),
        })
    }

    /// Returns a client of it. The sandbox ends with the `Server`, not with the client.
    pub fn quay(&self) -> &Quay {
        &self.quay
    }

    /// Returns the sandbox, if it is one.
    pub fn sandbox(&self) -> Option<&Sandbox> {
        self.sandbox.as_ref()
    }
}
