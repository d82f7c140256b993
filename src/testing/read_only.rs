//! The read-only mode of a sandbox.

use super::{Sandbox, lock};

impl Sandbox {
    /// Turns the registry's read-only mode on or off, as `REGISTRY_STATE` does on a server.
    ///
    /// A read-only registry rejects each write with status 503, for which
    /// [`is_read_only`](crate::Error::is_read_only) is true. [`seed`](Self::seed) and
    /// [`push`](Self::push) still change the data. A sandbox of recordings has no such mode.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example() -> quay_api::Result<()> {
    /// use quay_api::testing::Sandbox;
    ///
    /// let sandbox = Sandbox::demo().await?;
    /// let web = sandbox.quay().repository("acme/web")?;
    /// sandbox.set_read_only(true);
    /// assert!(web.set_description("new").await.unwrap_err().is_read_only());
    /// assert!(web.tags().list().await.is_ok());
    /// sandbox.set_read_only(false);
    /// web.set_description("new").await?;
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
    /// ```
    pub fn set_read_only(&self, is_read_only: bool) {
        if let Some(state) = &self.shared.state {
            lock(state).is_read_only = is_read_only;
        }
    }
}
