//! The settings that may differ between the calls of one client.

use super::defaults;
use crate::http::{RetryContext, RetryPolicy};
use std::time::Duration;
use tokio::time::Instant;

/// The settings of a call.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub retry: RetryPolicy,
    /// The limit for a whole call, with all its attempts and waits.
    pub deadline: Option<Duration>,
    /// The limit for one attempt, from connecting to the end of the response.
    pub timeout: Duration,
    /// The limit for each wait for data from the server.
    pub read_timeout: Duration,
    pub max_response_size: usize,
    /// Whether the server's discovery document may be read to tell a missing operation.
    pub consult_discovery: bool,
}

impl Settings {
    /// Returns when a call that begins now has to end.
    pub fn deadline_from_now(&self) -> Option<Instant> {
        self.deadline
            .and_then(|limit| Instant::now().checked_add(limit))
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            retry: RetryPolicy::new(),
            deadline: Some(defaults::DEADLINE),
            timeout: defaults::TIMEOUT,
            read_timeout: defaults::READ_TIMEOUT,
            max_response_size: defaults::MAX_RESPONSE_SIZE,
            consult_discovery: true,
        }
    }
}

/// The settings of some calls, where they differ from those of their client:
/// [`Quay::with`](crate::Quay::with).
#[derive(Debug, Clone)]
#[must_use]
pub struct CallSettings(pub(crate) Settings);

impl CallSettings {
    /// Sets the maximum number of attempts of a call, including the first.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.0.retry = self.0.retry.max_attempts(attempts);
        self
    }

    /// Disables retries: each call is sent once.
    pub fn no_retries(self) -> Self {
        self.max_attempts(1)
    }

    /// Sets a condition for further retries: see [`RetryPolicy::retry_if`]. It replaces that of the
    /// client.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let patient = quay.with(|call| call.retry_if(|failed| failed.error.is_unauthenticated()));
    /// let me = patient.me().get().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn retry_if(
        mut self,
        condition: impl Fn(&RetryContext<'_>) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.0.retry = self.0.retry.retry_if(condition);
        self
    }

    /// Sets the maximum duration of a call, with all its attempts and waits, and with decoding the
    /// response. A call that has no time left is not sent.
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.0.deadline = Some(limit);
        self
    }

    /// Sets the maximum duration of one attempt, from connecting to the end of the response.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.0.timeout = limit;
        self
    }

    /// Sets the maximum size of a response, in bytes after decompression.
    pub fn max_response_size(mut self, bytes: usize) -> Self {
        self.0.max_response_size = bytes;
        self
    }

    /// Sets whether the server's discovery document may be read: see
    /// [`QuayBuilder::consult_discovery`](crate::QuayBuilder::consult_discovery).
    pub fn consult_discovery(mut self, consult: bool) -> Self {
        self.0.consult_discovery = consult;
        self
    }
}
