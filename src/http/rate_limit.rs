//! The rate of requests and the number of requests in flight, limited for all calls of a client.

use crate::client::defaults;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

/// The rate at which throttling starts for a client without a limit, in requests per second.
const UNLIMITED_RATE: f64 = defaults::RATE_OF_UNLIMITED_CLIENT as f64;
/// The number by which throttling divides the rate.
const RATE_DECREASE: f64 = defaults::RATE_DECREASE as f64;
/// The requests per second by which the rate grows each second.
const RATE_INCREASE: f64 = defaults::RATE_INCREASE as f64;
/// The lowest rate to which throttling reduces a client, in requests per second.
const MIN_RATE: f64 = 0.5;
/// Throttled responses within this time of each other reduce the rate once: their requests were
/// all sent at the old rate.
const DECREASE_INTERVAL: Duration = Duration::from_secs(1);

/// Shared by all calls of a client and its clones. Waiting calls are served in order; one that
/// stops waiting leaves no gap.
#[derive(Debug)]
pub(crate) struct RateLimiter {
    in_flight: Semaphore,
    /// Whether `rate` has a limit.
    is_limited: AtomicBool,
    rate: Mutex<AimdRate>,
    /// The time of the last request. Held by the call that is next in line.
    last_request: tokio::sync::Mutex<Option<Instant>>,
}

/// A rate with additive increase and multiplicative decrease: each throttled response halves it,
/// and it grows linearly with time.
#[derive(Debug)]
struct AimdRate {
    /// The caller's limit, in requests per second.
    max: Option<f64>,
    reduced: Option<ReducedRate>,
}

/// The rate right after the last decrease.
#[derive(Debug, Clone, Copy)]
struct ReducedRate {
    rate: f64,
    since: Instant,
}

impl AimdRate {
    /// Returns the requests per second; `None` if there is no limit.
    fn current(&mut self, now: Instant) -> Option<f64> {
        let increased = self.reduced.map(|reduced| {
            let elapsed = now.saturating_duration_since(reduced.since);
            reduced.rate + RATE_INCREASE * elapsed.as_secs_f64()
        });
        match increased {
            Some(rate) if rate < self.max.unwrap_or(UNLIMITED_RATE) => Some(rate),
            _ => {
                self.reduced = None;
                self.max
            }
        }
    }

    fn decrease(&mut self, now: Instant) {
        let is_same_burst = self.reduced.is_some_and(|reduced| {
            now.saturating_duration_since(reduced.since) < DECREASE_INTERVAL
        });
        if is_same_burst {
            return;
        }
        let rate = self.current(now).unwrap_or(UNLIMITED_RATE) / RATE_DECREASE;
        let min = self.max.unwrap_or(UNLIMITED_RATE).min(MIN_RATE);
        self.reduced = Some(ReducedRate {
            rate: rate.max(min),
            since: now,
        });
    }
}

impl RateLimiter {
    pub fn new(max_in_flight: usize, requests_per_second: Option<f64>) -> Self {
        Self {
            in_flight: Semaphore::new(max_in_flight.min(Semaphore::MAX_PERMITS)),
            is_limited: AtomicBool::new(requests_per_second.is_some()),
            rate: Mutex::new(AimdRate {
                max: requests_per_second,
                reduced: None,
            }),
            last_request: tokio::sync::Mutex::default(),
        }
    }

    /// Waits until a request may be sent. It is in flight until the permit is dropped.
    pub async fn acquire(&self) -> Option<SemaphorePermit<'_>> {
        if self.is_limited.load(Ordering::Relaxed) {
            self.wait_for_rate().await;
        }
        // The semaphore is never closed.
        self.in_flight.acquire().await.ok()
    }

    /// Returns the permit of [`acquire`](Self::acquire) if there is nothing to wait for.
    pub fn try_acquire(&self) -> Option<SemaphorePermit<'_>> {
        match self.is_limited.load(Ordering::Relaxed) {
            true => None,
            false => self.in_flight.try_acquire().ok(),
        }
    }

    async fn wait_for_rate(&self) {
        // tokio's mutex is fair: it is granted in the order of the requests for it.
        let mut last_request = self.last_request.lock().await;
        loop {
            let now = Instant::now();
            let Some(rate) = self.current_rate(now) else {
                break;
            };
            let Some(last) = *last_request else {
                break;
            };
            let interval = Duration::try_from_secs_f64(1.0 / rate).unwrap_or(Duration::MAX);
            match last.checked_add(interval) {
                Some(next) if next <= now => break,
                Some(next) => tokio::time::sleep_until(next).await,
                // So late that no clock can tell: the caller's deadline ends the wait.
                None => std::future::pending().await,
            }
        }
        *last_request = Some(Instant::now());
    }

    /// Reduces the rate after a throttled response.
    pub fn decrease_rate(&self) {
        self.lock_rate().decrease(Instant::now());
        self.is_limited.store(true, Ordering::Relaxed);
    }

    fn current_rate(&self, now: Instant) -> Option<f64> {
        let mut rate = self.lock_rate();
        let current = rate.current(now);
        if current.is_none() {
            self.is_limited.store(false, Ordering::Relaxed);
        }
        current
    }

    fn lock_rate(&self) -> MutexGuard<'_, AimdRate> {
        // Nothing panics while it holds the lock.
        self.rate.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use tokio::time::{advance, timeout};

    /// Sends requests, and returns the time of each in milliseconds after the first.
    async fn request_times(limiter: &Arc<RateLimiter>, requests: usize) -> Vec<u128> {
        let start = Instant::now();
        let mut tasks = Vec::new();
        for _ in 0..requests {
            let limiter = Arc::clone(limiter);
            tasks.push(tokio::spawn(async move {
                let _permit = limiter.acquire().await;
                start.elapsed().as_millis()
            }));
            tokio::task::yield_now().await;
        }
        let mut times = Vec::new();
        for task in tasks {
            times.push(task.await.unwrap());
        }
        times
    }

    #[tokio::test(start_paused = true)]
    async fn spaces_requests_evenly_in_order() {
        let limiter = Arc::new(RateLimiter::new(100, Some(10.0)));
        assert_eq!(request_times(&limiter, 5).await, [0, 100, 200, 300, 400]);
    }

    #[tokio::test(start_paused = true)]
    async fn the_lowest_rates_are_limits_too() {
        for rate in [0.001, 1e-12, 1e-19, f64::MIN_POSITIVE] {
            let limiter = RateLimiter::new(100, Some(rate));
            assert!(limiter.acquire().await.is_some(), "{rate}");
            let second = timeout(Duration::from_secs(900), limiter.acquire()).await;
            assert!(second.is_err(), "{rate}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_cancelled_wait_leaves_no_gap() {
        let limiter = Arc::new(RateLimiter::new(100, Some(1.0)));
        drop(limiter.acquire().await);
        for _ in 0..50 {
            assert!(
                timeout(Duration::from_millis(10), limiter.acquire())
                    .await
                    .is_err()
            );
        }
        let start = Instant::now();
        drop(limiter.acquire().await);
        assert_eq!(
            start.elapsed().as_millis(),
            500,
            "the interval starts with the first request, and half of it is over"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn limits_the_requests_in_flight() {
        let limiter = RateLimiter::new(2, None);
        let (first, _second) = (limiter.acquire().await, limiter.try_acquire());
        assert!(limiter.try_acquire().is_none());
        assert!(
            timeout(Duration::from_secs(9), limiter.acquire())
                .await
                .is_err()
        );
        drop(first);
        assert!(limiter.try_acquire().is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn throttling_halves_the_rate_which_recovers() {
        let limiter = RateLimiter::new(100, None);
        assert!(limiter.try_acquire().is_some());
        // A burst counts once.
        (0..30).for_each(|_| limiter.decrease_rate());
        assert!(limiter.try_acquire().is_none());
        assert_eq!(limiter.current_rate(Instant::now()), Some(25.0));
        advance(Duration::from_secs(1)).await;
        limiter.decrease_rate();
        assert_eq!(limiter.current_rate(Instant::now()), Some(13.0));
        for _ in 0..10 {
            advance(Duration::from_secs(1)).await;
            limiter.decrease_rate();
        }
        assert!(
            limiter
                .current_rate(Instant::now())
                .is_some_and(|rate| (0.5..2.0).contains(&rate))
        );
        advance(Duration::from_secs(60)).await;
        assert_eq!(limiter.current_rate(Instant::now()), None);
        assert!(limiter.try_acquire().is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn the_callers_limit_stays_the_maximum() {
        let limiter = RateLimiter::new(100, Some(4.0));
        limiter.decrease_rate();
        assert_eq!(limiter.current_rate(Instant::now()), Some(2.0));
        advance(Duration::from_secs(60)).await;
        assert_eq!(limiter.current_rate(Instant::now()), Some(4.0));
        assert!(limiter.try_acquire().is_none());
    }
}
