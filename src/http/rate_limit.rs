//! How many requests leave a client at once, and how fast.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

/// Requests a second beyond which a client that was slowed down counts as free again.
const FREE: f64 = 50.0;
/// The slowest that a client is made, in requests a second.
const SLOWEST: f64 = 0.5;
/// How much faster a client gets with every second in which it was not turned away.
const RECOVERY: f64 = 1.0;
/// Refusals that come within this time of each other are one: they were all sent at the old rate.
const ROUND: Duration = Duration::from_secs(1);

/// Shared by all calls of a client and its clones. Who waits, waits in line; who stops waiting
/// leaves no gap.
#[derive(Debug)]
pub(super) struct RateLimiter {
    in_flight: Semaphore,
    /// Whether `pace` has to be looked at.
    is_paced: AtomicBool,
    pace: Mutex<Pace>,
    /// The line before the gate: held by who is next.
    gate: tokio::sync::Mutex<Gate>,
}

/// When the next request may go.
#[derive(Debug, Default)]
struct Gate {
    last: Option<Instant>,
}

/// How fast requests may go: slower by half whenever the server turns one away, and faster again as
/// time goes by.
#[derive(Debug)]
struct Pace {
    /// What the caller allows.
    most: Option<f64>,
    slowed: Option<Slowed>,
}

#[derive(Debug, Clone, Copy)]
struct Slowed {
    rate: f64,
    since: Instant,
}

impl Pace {
    /// Requests a second; `None` if there is no limit.
    fn rate(&mut self, now: Instant) -> Option<f64> {
        let slowed = self
            .slowed
            .map(|s| s.rate + RECOVERY * now.saturating_duration_since(s.since).as_secs_f64());
        match slowed {
            Some(rate) if rate < self.most.unwrap_or(FREE) => Some(rate),
            _ => {
                self.slowed = None;
                self.most
            }
        }
    }

    fn slow_down(&mut self, now: Instant) {
        if self
            .slowed
            .is_some_and(|s| now.saturating_duration_since(s.since) < ROUND)
        {
            return;
        }
        let rate = self.rate(now).unwrap_or(FREE) / 2.0;
        let slowest = self.most.unwrap_or(FREE).min(SLOWEST);
        self.slowed = Some(Slowed {
            rate: rate.max(slowest),
            since: now,
        });
    }
}

impl RateLimiter {
    pub fn new(max_in_flight: usize, requests_per_second: Option<f64>) -> Self {
        Self {
            in_flight: Semaphore::new(max_in_flight.min(Semaphore::MAX_PERMITS)),
            is_paced: AtomicBool::new(requests_per_second.is_some()),
            pace: Mutex::new(Pace {
                most: requests_per_second,
                slowed: None,
            }),
            gate: tokio::sync::Mutex::default(),
        }
    }

    /// Waits until a request may go. It is in flight until what is returned is dropped.
    pub async fn enter(&self) -> Option<SemaphorePermit<'_>> {
        if self.is_paced.load(Ordering::Relaxed) {
            self.pass_gate().await;
        }
        // The semaphore is never closed.
        self.in_flight.acquire().await.ok()
    }

    /// What [`enter`](Self::enter) gives, if there is nothing to wait for.
    pub fn try_enter(&self) -> Option<SemaphorePermit<'_>> {
        match self.is_paced.load(Ordering::Relaxed) {
            true => None,
            false => self.in_flight.try_acquire().ok(),
        }
    }

    async fn pass_gate(&self) {
        // Fair: tokio's mutex is given out in the order in which it was asked for.
        let mut gate = self.gate.lock().await;
        loop {
            let now = Instant::now();
            let Some(rate) = self.rate(now) else { break };
            let Some(next) = gate.last.and_then(|last| {
                last.checked_add(Duration::try_from_secs_f64(1.0 / rate).unwrap_or(Duration::MAX))
            }) else {
                break;
            };
            if next <= now {
                break;
            }
            tokio::time::sleep_until(next).await;
        }
        gate.last = Some(Instant::now());
    }

    /// The server has turned a request away.
    pub fn slow_down(&self) {
        self.pace().slow_down(Instant::now());
        self.is_paced.store(true, Ordering::Relaxed);
    }

    fn rate(&self, now: Instant) -> Option<f64> {
        let mut pace = self.pace();
        let rate = pace.rate(now);
        if rate.is_none() {
            self.is_paced.store(false, Ordering::Relaxed);
        }
        rate
    }

    fn pace(&self) -> MutexGuard<'_, Pace> {
        // Nothing panics while it holds the lock.
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use tokio::time::{advance, timeout};

    /// When each of some requests went, in milliseconds from the first.
    async fn departures(rate_limit: &Arc<RateLimiter>, requests: usize) -> Vec<u128> {
        let start = Instant::now();
        let mut tasks = Vec::new();
        for _ in 0..requests {
            let rate_limit = Arc::clone(rate_limit);
            tasks.push(tokio::spawn(async move {
                let _permit = rate_limit.enter().await;
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
    async fn requests_go_one_after_another_in_the_order_they_came() {
        let rate_limit = Arc::new(RateLimiter::new(100, Some(10.0)));
        assert_eq!(departures(&rate_limit, 5).await, [0, 100, 200, 300, 400]);
    }

    #[tokio::test(start_paused = true)]
    async fn who_stops_waiting_leaves_no_gap() {
        let rate_limit = Arc::new(RateLimiter::new(100, Some(1.0)));
        drop(rate_limit.enter().await);
        for _ in 0..50 {
            assert!(
                timeout(Duration::from_millis(10), rate_limit.enter())
                    .await
                    .is_err()
            );
        }
        let start = Instant::now();
        drop(rate_limit.enter().await);
        assert_eq!(
            start.elapsed().as_millis(),
            500,
            "the second begins with the first request, and half of it is over"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_are_in_flight_than_allowed() {
        let rate_limit = RateLimiter::new(2, None);
        let (first, _second) = (rate_limit.enter().await, rate_limit.try_enter());
        assert!(rate_limit.try_enter().is_none());
        assert!(
            timeout(Duration::from_secs(9), rate_limit.enter())
                .await
                .is_err()
        );
        drop(first);
        assert!(rate_limit.try_enter().is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_is_turned_away_is_slowed_by_half_and_recovers() {
        let rate_limit = RateLimiter::new(100, None);
        assert!(rate_limit.try_enter().is_some());
        // A burst of refusals is one.
        (0..30).for_each(|_| rate_limit.slow_down());
        assert!(rate_limit.try_enter().is_none());
        assert_eq!(rate_limit.rate(Instant::now()), Some(25.0));
        advance(Duration::from_secs(1)).await;
        rate_limit.slow_down();
        assert_eq!(rate_limit.rate(Instant::now()), Some(13.0));
        for _ in 0..10 {
            advance(Duration::from_secs(1)).await;
            rate_limit.slow_down();
        }
        assert!(
            rate_limit
                .rate(Instant::now())
                .is_some_and(|rate| (0.5..2.0).contains(&rate))
        );
        advance(Duration::from_secs(60)).await;
        assert_eq!(rate_limit.rate(Instant::now()), None);
        assert!(rate_limit.try_enter().is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn what_the_caller_allows_stays_the_most() {
        let rate_limit = RateLimiter::new(100, Some(4.0));
        rate_limit.slow_down();
        assert_eq!(rate_limit.rate(Instant::now()), Some(2.0));
        advance(Duration::from_secs(60)).await;
        assert_eq!(rate_limit.rate(Instant::now()), Some(4.0));
        assert!(rate_limit.try_enter().is_none());
    }
}
