//! What may differ between the calls of one client.

use super::RetryPolicy;
use std::time::Duration;

/// Two minutes: some answers, such as the logs of a busy organization, take Quay long.
const TIMEOUT: Duration = Duration::from_secs(120);
/// Five minutes.
const DEADLINE: Duration = Duration::from_secs(300);
/// One minute.
const READ_TIMEOUT: Duration = Duration::from_secs(60);
/// 64 MiB. The longest answers, security reports, are of some MiB.
const MAX_RESPONSE_SIZE: usize = 64 * 1024 * 1024;

#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub retry: RetryPolicy,
    /// For a whole call, with all its attempts and waits.
    pub deadline: Option<Duration>,
    /// For one attempt, from connecting to the end of the answer.
    pub timeout: Duration,
    /// For the server's silence.
    pub read_timeout: Duration,
    pub max_response_size: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            retry: RetryPolicy::new(),
            deadline: Some(DEADLINE),
            timeout: TIMEOUT,
            read_timeout: READ_TIMEOUT,
            max_response_size: MAX_RESPONSE_SIZE,
        }
    }
}

/// The settings of some calls, where they differ from their client's:
/// [`Quay::with`](crate::Quay::with).
#[derive(Debug, Clone)]
#[must_use]
pub struct CallSettings(pub(crate) Settings);

impl CallSettings {
    /// How often a call is sent at most, the first time counted.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.0.retry = self.0.retry.max_attempts(attempts);
        self
    }

    /// Each call is sent once.
    pub fn no_retries(self) -> Self {
        self.max_attempts(1)
    }

    /// How long a call may take, with all its attempts and waits.
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.0.deadline = Some(limit);
        self
    }

    /// How long one attempt may take, from connecting to the end of the answer.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.0.timeout = limit;
        self
    }

    /// How long an answer may be, in bytes after decompression.
    pub fn max_response_size(mut self, bytes: usize) -> Self {
        self.0.max_response_size = bytes;
        self
    }
}
