//! The queue of the calls of a client.
//!
//! [`SendRate`] computes when the next request may be sent, and the queue decides which call sends
//! it.

use super::send_rate::{NextRequest, SendRate, SentRequest};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

/// The queue of all calls of a client and its clones.
///
/// Calls send in the order in which they were made. A call that the server rejected with status 429
/// keeps its place, and a call that stops waiting leaves no gap.
#[derive(Debug)]
pub(crate) struct RateLimiter {
    max_in_flight: usize,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    rate: SendRate,
    in_flight: usize,
    next_place: u64,
    /// The waiting calls, sorted by their places.
    waiting: VecDeque<(u64, Arc<Notify>)>,
}

/// The place of a call in the queue, which it keeps for all its attempts.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Place(Option<u64>);

/// The turn of a call that is at the head of the queue.
enum Turn {
    Now,
    At(Instant),
    /// Another call sends first, or must end first.
    Unknown,
}

impl State {
    /// Returns when the call at this place may send.
    fn turn(&mut self, place: u64, max_in_flight: usize, now: Instant) -> Turn {
        let is_behind = self
            .waiting
            .front()
            .is_some_and(|(first, _)| *first < place);
        if is_behind || self.in_flight >= max_in_flight {
            return Turn::Unknown;
        }
        match self.rate.next(now) {
            NextRequest::Now => Turn::Now,
            NextRequest::At(time) => Turn::At(time),
            NextRequest::Never => Turn::Unknown,
        }
    }

    fn send(&mut self, now: Instant) -> SentRequest {
        self.in_flight += 1;
        self.rate.send(now)
    }

    fn wake_first(&self) {
        if let Some((_, first)) = self.waiting.front() {
            first.notify_one();
        }
    }

    fn place(&mut self, place: &mut Place) -> u64 {
        *place.0.get_or_insert_with(|| {
            self.next_place += 1;
            self.next_place
        })
    }
}

impl RateLimiter {
    pub fn new(max_in_flight: usize, requests_per_second: Option<f64>) -> Self {
        Self {
            max_in_flight,
            state: Mutex::new(State {
                rate: SendRate::new(requests_per_second, max_in_flight),
                in_flight: 0,
                next_place: 0,
                waiting: VecDeque::new(),
            }),
        }
    }

    /// Waits until a request may be sent, which is in flight until the permit is dropped.
    pub async fn acquire(&self, place: &mut Place) -> Permit<'_> {
        let waiter = Waiter::new(self, place);
        loop {
            let turn = {
                let mut state = self.lock();
                let now = Instant::now();
                match state.turn(waiter.place, self.max_in_flight, now) {
                    Turn::Now => return Permit::new(self, state.send(now)),
                    Turn::At(time) => Some(time),
                    Turn::Unknown => None,
                }
            };
            // The call is woken when it becomes the first one, and when another one ends.
            match turn {
                Some(time) => drop(timeout_at(time, waiter.woken.notified()).await),
                None => waiter.woken.notified().await,
            }
        }
    }

    /// Returns the permit of [`acquire`](Self::acquire) if no wait is necessary.
    pub fn try_acquire(&self, place: &mut Place) -> Option<Permit<'_>> {
        let mut state = self.lock();
        let number = state.place(place);
        let now = Instant::now();
        match state.turn(number, self.max_in_flight, now) {
            Turn::Now => Some(Permit::new(self, state.send(now))),
            _ => None,
        }
    }

    /// Returns true if the server has recently rejected requests with status 429.
    pub fn is_throttled(&self) -> bool {
        self.lock().rate.is_throttled(Instant::now())
    }

    /// Returns the time until which the server requested a pause.
    pub fn paused_until(&self) -> Option<Instant> {
        self.lock().rate.paused_until()
    }

    /// Returns the time until the next request may be sent, as far as it is known.
    pub fn time_to_next(&self, now: Instant) -> Duration {
        match self.lock().rate.next(now) {
            NextRequest::Now => Duration::ZERO,
            NextRequest::At(time) => time.saturating_duration_since(now),
            NextRequest::Never => Duration::MAX,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // No code panics while it holds the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A waiting call.
struct Waiter<'a> {
    limiter: &'a RateLimiter,
    place: u64,
    woken: Arc<Notify>,
}

impl<'a> Waiter<'a> {
    fn new(limiter: &'a RateLimiter, place: &mut Place) -> Self {
        let mut state = limiter.lock();
        let place = state.place(place);
        let woken = Arc::new(Notify::new());
        // A call that the server refused comes before those that were made after it.
        let index = state.waiting.partition_point(|(other, _)| *other < place);
        state.waiting.insert(index, (place, Arc::clone(&woken)));
        Self {
            limiter,
            place,
            woken,
        }
    }
}

impl Drop for Waiter<'_> {
    fn drop(&mut self) {
        let mut state = self.limiter.lock();
        let index = state.waiting.binary_search_by_key(&self.place, |(p, _)| *p);
        if let Ok(index) = index {
            state.waiting.remove(index);
        }
        state.wake_first();
    }
}

/// A request in flight.
#[derive(Debug)]
pub(crate) struct Permit<'a> {
    limiter: &'a RateLimiter,
    request: SentRequest,
    outcome: Outcome,
}

#[derive(Debug, Clone, Copy)]
enum Outcome {
    /// No response was received.
    Ended,
    Accepted,
    Refused {
        /// The time until which the server requests a pause.
        pause: Option<Instant>,
    },
}

impl<'a> Permit<'a> {
    fn new(limiter: &'a RateLimiter, request: SentRequest) -> Self {
        Self {
            limiter,
            request,
            outcome: Outcome::Ended,
        }
    }

    /// Ends the request with a response whose status is not 429.
    pub fn accepted(mut self) {
        self.outcome = Outcome::Accepted;
    }

    /// Ends the request with a response with status 429, which may request a pause.
    pub fn refused(mut self, pause: Option<Instant>) {
        self.outcome = Outcome::Refused { pause };
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        let mut state = self.limiter.lock();
        state.in_flight -= 1;
        match self.outcome {
            Outcome::Ended => state.rate.ended(),
            Outcome::Accepted => state.rate.accepted(),
            Outcome::Refused { pause } => {
                state.rate.refused(self.request, Instant::now());
                if let Some(until) = pause {
                    state.rate.pause(until);
                }
            }
        }
        state.wake_first();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::timeout;

    /// Sends requests, and returns the time of each in milliseconds after the first.
    async fn request_times(limiter: &Arc<RateLimiter>, requests: usize) -> Vec<u128> {
        let start = Instant::now();
        let mut tasks = Vec::new();
        for _ in 0..requests {
            let limiter = Arc::clone(limiter);
            tasks.push(tokio::spawn(async move {
                let _permit = limiter.acquire(&mut Place::default()).await;
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
            drop(limiter.acquire(&mut Place::default()).await);
            let mut place = Place::default();
            let second = timeout(Duration::from_secs(900), limiter.acquire(&mut place)).await;
            assert!(second.is_err(), "{rate}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_cancelled_wait_leaves_no_gap() {
        let limiter = Arc::new(RateLimiter::new(100, Some(1.0)));
        drop(limiter.acquire(&mut Place::default()).await);
        for _ in 0..50 {
            let mut place = Place::default();
            let wait = timeout(Duration::from_millis(10), limiter.acquire(&mut place));
            assert!(wait.await.is_err());
        }
        let start = Instant::now();
        drop(limiter.acquire(&mut Place::default()).await);
        assert_eq!(
            start.elapsed().as_millis(),
            500,
            "the interval starts with the first request, and half of it is over"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn limits_the_requests_in_flight() {
        let limiter = RateLimiter::new(2, None);
        let first = limiter.acquire(&mut Place::default()).await;
        let _second = limiter.try_acquire(&mut Place::default()).unwrap();
        assert!(limiter.try_acquire(&mut Place::default()).is_none());
        let mut place = Place::default();
        let third = timeout(Duration::from_secs(9), limiter.acquire(&mut place)).await;
        assert!(third.is_err());
        drop(first);
        assert!(limiter.try_acquire(&mut Place::default()).is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn a_refused_call_keeps_its_place() {
        let limiter = Arc::new(RateLimiter::new(1, None));
        let mut refused = Place::default();
        let permit = limiter.acquire(&mut refused).await;
        let order = Arc::new(Mutex::new(Vec::new()));
        let mut tasks = Vec::new();
        let wait = |name: usize, mut place: Place| {
            let (limiter, order) = (Arc::clone(&limiter), Arc::clone(&order));
            tokio::spawn(async move {
                let permit = limiter.acquire(&mut place).await;
                order.lock().unwrap().push(name);
                permit.accepted();
            })
        };
        for later in 1..4 {
            tasks.push(wait(later, Place::default()));
            tokio::task::yield_now().await;
        }
        permit.refused(None);
        tasks.push(wait(0, refused));
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(*order.lock().unwrap(), [0, 1, 2, 3]);
    }

    #[tokio::test(start_paused = true)]
    async fn many_calls_end_although_some_are_dropped() {
        let limiter = Arc::new(RateLimiter::new(3, Some(1000.0)));
        let mut tasks = Vec::new();
        for number in 0..500_u64 {
            let limiter = Arc::clone(&limiter);
            tasks.push(tokio::spawn(async move {
                let mut place = Place::default();
                let turn = limiter.acquire(&mut place);
                if number % 3 == 0 {
                    let _ = timeout(Duration::from_millis(number / 3), turn).await;
                } else {
                    turn.await.accepted();
                }
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
        let state = limiter.lock();
        assert_eq!((state.waiting.len(), state.in_flight), (0, 0));
    }
}
