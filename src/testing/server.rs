//! The server that an example talks to.

use crate::testing::Sandbox;
use crate::{Quay, Result};

/// The server of the environment variables, or a [`Sandbox`] if they are not set.
///
/// The sandbox has the [data of the examples](Sandbox::demo), so that an example runs without any
/// setup. Your own service calls [`Quay::from_env`] instead.
///
/// # Examples
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
    /// Returns the server of `QUAY_URL` or `QUAY_HOST`, or starts a sandbox if neither is set.
    ///
    /// The client of a real server has the settings that [`Quay::from_env`] reads.
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

    /// Returns a client of the server.
    ///
    /// A sandbox stops when the `Server` is dropped, even if a client still exists.
    pub fn quay(&self) -> &Quay {
        &self.quay
    }

    /// Returns the sandbox, or `None` if the server is a real one.
    pub fn sandbox(&self) -> Option<&Sandbox> {
        self.sandbox.as_ref()
    }
}
