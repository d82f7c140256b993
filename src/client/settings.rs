//! The settings that can differ between the calls of one client.

use super::defaults;
use crate::http::{CallObserver, RateLimiter, RetryContext, RetryPolicy};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// The minimum number of requests per second, which is one in 1,000 seconds.
const MIN_RATE: f64 = 0.001;
/// The maximum number. From a higher rate, it takes long to find the rate that the server allows.
const MAX_RATE: f64 = 10_000.0;

/// The settings of a call.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub retry: RetryPolicy,
    /// The limit for a call, with all its attempts and waits.
    pub operation_timeout: Option<Duration>,
    /// The limit for one attempt, from connecting to the end of the response.
    pub attempt_timeout: Duration,
    /// The limit for each wait for data from the server.
    pub read_timeout: Duration,
    pub max_response_size: usize,
    pub on_call: Option<CallObserver>,
    /// The rate limit of these calls, in addition to that of the client.
    pub rate_limiter: Option<Arc<RateLimiter>>,
    /// The reason why these settings are invalid. Calls with them fail.
    pub invalid: Option<String>,
    /// True if the client may read the server's discovery document.
    pub consult_discovery: bool,
    /// The maximum time that a check of the server adds to a call.
    pub max_check_wait: Duration,
}

impl Settings {
    /// Returns the deadline of a call that begins now.
    pub fn deadline_from_now(&self) -> Option<Instant> {
        self.operation_timeout
            .and_then(|limit| Instant::now().checked_add(limit))
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            retry: RetryPolicy::new(),
            operation_timeout: Some(defaults::OPERATION_TIMEOUT),
            attempt_timeout: defaults::ATTEMPT_TIMEOUT,
            read_timeout: defaults::READ_TIMEOUT,
            max_response_size: defaults::MAX_RESPONSE_SIZE,
            on_call: None,
            rate_limiter: None,
            invalid: None,
            consult_discovery: true,
            max_check_wait: defaults::MAX_CHECK_WAIT,
        }
    }
}

/// Returns the reason why a rate is invalid.
pub(super) fn check_rate(requests_per_second: f64) -> Result<(), String> {
    match (MIN_RATE..=MAX_RATE).contains(&requests_per_second) {
        true => Ok(()),
        false => Err(format!(
            "`requests_per_second` must be between {MIN_RATE} and {MAX_RATE}, got \
             {requests_per_second}"
        )),
    }
}

/// The settings of some calls that differ from those of the client:
/// [`Quay::with`](crate::Quay::with).
///
/// **A shorter time-out of the client does not limit a time-out that is set here.** The time-outs
/// that are not set here are raised to the longest one that is. For example, with
/// `attempt_timeout(10 minutes)` a call waits ten minutes for a server that sends no data, although
/// the client's [`read_timeout`](crate::QuayBuilder::read_timeout) and
/// [`operation_timeout`](crate::QuayBuilder::operation_timeout) are shorter. If several time-outs
/// are set here, each of them applies.
///
/// The time-out for connecting belongs to the client's connections, and can't be changed here.
#[derive(Debug, Clone)]
#[must_use]
pub struct CallSettings {
    settings: Settings,
    operation_timeout: Option<Duration>,
    attempt_timeout: Option<Duration>,
    read_timeout: Option<Duration>,
}

impl CallSettings {
    /// Returns the settings of a client, so that they can be changed.
    pub(super) fn new(settings: Settings) -> Self {
        Self {
            settings,
            operation_timeout: None,
            attempt_timeout: None,
            read_timeout: None,
        }
    }

    /// Returns the settings. The client's time-outs are raised to the longest one that was set.
    pub(super) fn into_settings(self) -> Settings {
        let Self {
            mut settings,
            operation_timeout,
            attempt_timeout,
            read_timeout,
        } = self;
        let longest = [operation_timeout, attempt_timeout, read_timeout]
            .into_iter()
            .flatten()
            .max()
            .unwrap_or_default();
        settings.operation_timeout = operation_timeout.or_else(|| {
            let of_client = settings.operation_timeout?;
            Some(of_client.max(longest))
        });
        settings.attempt_timeout =
            attempt_timeout.unwrap_or_else(|| settings.attempt_timeout.max(longest));
        settings.read_timeout = read_timeout.unwrap_or_else(|| settings.read_timeout.max(longest));
        // With the other two, a call has no time left and is not sent. With this one, it would be
        // sent, and its response ignored.
        if settings.read_timeout.is_zero() {
            let reason = "`read_timeout` must be greater than 0, got 0";
            settings.invalid.get_or_insert_with(|| reason.to_owned());
        }
        settings
    }

    /// Sets the number of attempts and the waits between them, instead of the client's policy.
    ///
    /// The [`budget`](RetryPolicy::budget) of the policy is ignored, because all calls of a client
    /// share the client's budget.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::RetryPolicy;
    /// use std::time::Duration;
    ///
    /// let policy = RetryPolicy::new().max_attempts(10).max_backoff(Duration::from_secs(60));
    /// let patient = quay.with(|call| call.retry(policy));
    /// let me = patient.me().get().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.settings.retry = policy;
        self
    }

    /// Sets the maximum number of attempts of a call, including the first.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.settings.retry = self.settings.retry.max_attempts(attempts);
        self
    }

    /// Disables retries.
    ///
    /// A request that the server rejected with status 429 is not sent again either.
    pub fn no_retries(self) -> Self {
        self.max_attempts(1)
    }

    /// Sets a condition for additional retries, as [`RetryPolicy::retry_if`] does.
    ///
    /// It replaces the condition of the client.
    ///
    /// # Examples
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
        self.settings.retry = self.settings.retry.retry_if(condition);
        self
    }

    /// Sets the maximum duration of a call, with all its attempts and the waits between them.
    ///
    /// It includes decoding the response. A call that has no time left is not sent.
    pub fn operation_timeout(mut self, timeout: Duration) -> Self {
        self.operation_timeout = Some(timeout);
        self
    }

    /// Sets the maximum duration of one attempt, from connecting to the end of the response.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use std::time::Duration;
    ///
    /// // The server computes this for minutes, and sends nothing until then.
    /// let patient = quay.with(|call| call.attempt_timeout(Duration::from_secs(600)));
    /// let entries = patient.organization("acme")?.logs().list().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = Some(timeout);
        self
    }

    /// Sets the maximum duration of each wait for data from the server.
    ///
    /// If it is zero, calls return an error of the kind
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput), and nothing is sent.
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.read_timeout = Some(timeout);
        self
    }

    /// Sets the maximum number of requests per second of these calls.
    ///
    /// The value must be between 0.001 and 10,000; the requests are evenly spaced. The limit of the
    /// client applies as well. The clones of the client that [`Quay::with`](crate::Quay::with)
    /// returns share this limit.
    ///
    /// If the value is out of range, calls return an error of the kind
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput), and nothing is sent.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// // A background job, which leaves the rest of the rate to other calls.
    /// let background = quay.with(|call| call.requests_per_second(2.0));
    /// let tags = background.repository("acme/web")?.tags().list().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn requests_per_second(mut self, requests: f64) -> Self {
        self.settings.invalid = check_rate(requests).err();
        self.settings.rate_limiter = match self.settings.invalid {
            None => Some(Arc::new(RateLimiter::new(usize::MAX, Some(requests)))),
            Some(_) => None,
        };
        self
    }

    /// Sets the maximum size of a response, in bytes after decompression.
    pub fn max_response_size(mut self, bytes: usize) -> Self {
        self.settings.max_response_size = bytes;
        self
    }

    /// Sets whether the client may read the server's discovery document.
    ///
    /// [`QuayBuilder::consult_discovery`](crate::QuayBuilder::consult_discovery) documents when.
    pub fn consult_discovery(mut self, consult: bool) -> Self {
        self.settings.consult_discovery = consult;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn secs(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    /// Returns the operation, attempt and read time-outs in seconds. The client has 300, 120 and
    /// 60.
    fn timeouts(change: impl FnOnce(CallSettings) -> CallSettings) -> [Option<u64>; 3] {
        let settings = change(CallSettings::new(Settings::default())).into_settings();
        [
            settings.operation_timeout,
            Some(settings.attempt_timeout),
            Some(settings.read_timeout),
        ]
        .map(|timeout| timeout.map(|timeout| timeout.as_secs()))
    }

    #[test]
    fn time_outs_of_the_client_do_not_cut_those_of_a_call() {
        let of_client = [300, 120, 60].map(Some);
        assert_eq!(timeouts(|call| call), of_client);
        for (changed, expected) in [
            (
                timeouts(|call| call.attempt_timeout(secs(600))),
                [600, 600, 600],
            ),
            (
                timeouts(|call| call.operation_timeout(secs(600))),
                [600, 600, 600],
            ),
            (timeouts(|call| call.read_timeout(secs(90))), [300, 120, 90]),
            (
                timeouts(|call| call.read_timeout(secs(400))),
                [400, 400, 400],
            ),
            (
                timeouts(|call| call.operation_timeout(secs(2))),
                [2, 120, 60],
            ),
            (timeouts(|call| call.attempt_timeout(secs(2))), [300, 2, 60]),
            (
                timeouts(|call| call.attempt_timeout(secs(600)).read_timeout(secs(5))),
                [600, 600, 5],
            ),
            (
                timeouts(|call| {
                    call.operation_timeout(secs(20))
                        .attempt_timeout(secs(600))
                        .read_timeout(secs(5))
                }),
                [20, 600, 5],
            ),
        ] {
            assert_eq!(changed, expected.map(Some));
        }
    }

    #[test]
    fn a_call_has_no_operation_time_out_if_its_client_has_none() {
        let client = Settings {
            operation_timeout: None,
            ..Settings::default()
        };
        let call = CallSettings::new(client).attempt_timeout(secs(600));
        assert_eq!(call.into_settings().operation_timeout, None);
    }

    #[test]
    fn refuses_rates_out_of_range() {
        for rate in [0.0, -1.0, f64::NAN, f64::INFINITY, 0.0009, 10_001.0] {
            assert!(check_rate(rate).is_err(), "{rate}");
        }
        assert!(
            [0.001, 1.0, 10_000.0]
                .iter()
                .all(|r| check_rate(*r).is_ok())
        );
    }
}
