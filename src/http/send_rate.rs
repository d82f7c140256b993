//! The rate of requests that a server accepts, computed from the requests that it rejects.
//!
//! A server's limit is a token bucket: nginx's `limit_req` accepts a burst, and then a number of
//! requests per second. Requests that it rejects with status 429 do not count. The server does not
//! publish the size and the rate of the bucket, and other clients may use the same bucket. The
//! client therefore starts with few requests. When the server rejects one, the client lowers its
//! rate, and then raises it until the server rejects another one. At the times of both rejections
//! the bucket was empty, so the requests that were accepted in between show the server's rate. The
//! new rate of the client is slightly below it.

use std::time::Duration;
use tokio::time::Instant;

/// The number of requests that a client sends before it receives a response.
const INITIAL_WINDOW: f64 = 4.0;
/// The number of requests that may be sent after an accepted one: one for itself, and growth. With
/// a larger number, many requests are in flight when the bucket becomes empty, and all are
/// rejected.
const WINDOW_PER_RESPONSE: f64 = 1.35;
/// The number of requests per second that are sent in addition to the window. Without them, a slow
/// server would block the client.
const BEYOND_WINDOW_RATE: f64 = 50.0;

/// The rate that is assumed at the first rejection of a client without a limit, before it is
/// halved.
const FIRST_REFUSED_RATE: f64 = 100.0;
/// The factor of the rate after a rejection.
const DECREASE: f64 = 0.5;
/// The factor if no request was accepted since the previous rejection, so that the rate of a slow
/// server is found in a few steps. It is not used above [`FAST_RATE`], where requests that were in
/// flight may be the reason.
const DECREASE_IF_NOTHING_PASSED: f64 = 0.25;
/// The rate from which a server is considered fast, in requests per second.
const FAST_RATE: f64 = 30.0;
/// The part of the measured rate between two rejections that the new rate has at least.
const PROVEN_PART: f64 = 0.8;
/// The minimum time between two rejections from which a rate is computed. In a shorter time, the
/// latency of the requests would distort it.
const MIN_PROOF: Duration = Duration::from_millis(250);
/// The growth with the requests since the last rejection. It is relative and quadratic, so the rate
/// of a fast server is found as fast as that of a slow one.
const GROWTH_PER_REQUEST: f64 = 0.0005;
/// The same growth while no rate has been measured between two rejections.
const GROWTH_PER_REQUEST_UNPROVEN: f64 = 0.0015;
/// The growth with the seconds since the last rejection. It is absolute and cubic: slow at first,
/// but a client with a very low rate recovers within seconds.
const GROWTH_PER_SECOND: f64 = 0.005;
/// The lowest rate after rejections, in requests per second.
const MIN_RATE: f64 = 0.1;
/// The seconds for which a throttled client that sends nothing saves requests for a burst. With the
/// configurations that Quay ships with, buckets are full again after five or two seconds.
const BURST_SECONDS: f64 = 5.0;
/// The time without a rejection after which the limit is forgotten.
const MEMORY: Duration = Duration::from_secs(60);

/// The part of a request that may be lost by the rounding of floating point numbers.
const EPSILON: f64 = 1e-6;

/// The rate at which a client may send.
#[derive(Debug)]
pub(super) struct SendRate {
    /// The caller's limit, in requests per second.
    max: Option<f64>,
    /// The number of requests that may be sent before more responses arrive.
    window: f64,
    max_window: f64,
    /// The number of requests that may be sent without a wait, if the rate is limited.
    tokens: f64,
    /// The time until which the window and the tokens were refilled.
    refilled: Option<Instant>,
    burst_seconds: f64,
    throttle: Option<Throttle>,
    /// The number of rejections that changed the rate.
    epoch: u64,
    paused_until: Option<Instant>,
}

/// The state since a rejection.
#[derive(Debug, Clone, Copy)]
struct Throttle {
    /// The rate directly after it, in requests per second.
    rate: f64,
    /// The time at which the rejected request was sent, when the bucket was empty.
    since: Instant,
    /// The number of requests that were sent since then and not rejected so far.
    sent: u32,
    /// True if the rate was measured between two rejections.
    is_proven: bool,
}

impl Throttle {
    fn rate(&self, now: Instant) -> f64 {
        let sent = f64::from(self.sent);
        let seconds = now.saturating_duration_since(self.since).as_secs_f64();
        let growth = match self.is_proven {
            true => GROWTH_PER_REQUEST,
            false => GROWTH_PER_REQUEST_UNPROVEN,
        };
        self.rate * (1.0 + growth * sent * sent) + GROWTH_PER_SECOND * seconds * seconds * seconds
    }
}

/// A request that was sent.
#[derive(Debug, Clone, Copy)]
pub(super) struct SentRequest {
    at: Instant,
    epoch: u64,
    /// The number of earlier requests in the same epoch.
    number: u32,
}

/// The time at which the next request may be sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NextRequest {
    Now,
    At(Instant),
    /// The time is beyond the range of the clock.
    Never,
}

impl SendRate {
    pub fn new(requests_per_second: Option<f64>, max_in_flight: usize) -> Self {
        Self {
            max: requests_per_second,
            window: INITIAL_WINDOW,
            max_window: (max_in_flight as f64).max(INITIAL_WINDOW),
            tokens: 1.0,
            refilled: None,
            burst_seconds: BURST_SECONDS,
            throttle: None,
            epoch: 0,
            paused_until: None,
        }
    }

    /// Returns true if the server has recently rejected requests with status 429.
    pub fn is_throttled(&mut self, now: Instant) -> bool {
        // It may be old.
        self.current(now);
        self.throttle.is_some()
    }

    /// Returns the time until which the server requested a pause.
    pub fn paused_until(&self) -> Option<Instant> {
        self.paused_until
    }

    /// Returns the requests per second; `None` if there is no limit.
    pub fn current(&mut self, now: Instant) -> Option<f64> {
        let is_old = |throttle: &Throttle| now.saturating_duration_since(throttle.since) >= MEMORY;
        if self.throttle.as_ref().is_some_and(is_old) {
            // The data about the bucket is forgotten too.
            self.throttle = None;
            self.window = self.window.min(INITIAL_WINDOW);
            self.burst_seconds = BURST_SECONDS;
        }
        let throttled = self.throttle.map(|throttle| throttle.rate(now));
        match (throttled, self.max) {
            (Some(rate), Some(max)) => Some(rate.min(max)),
            (rate, max) => rate.or(max),
        }
    }

    /// Returns when the next request may be sent.
    pub fn next(&mut self, now: Instant) -> NextRequest {
        let rate = self.current(now);
        self.refill(rate, now);
        let mut wait = self
            .paused_until
            .map_or(Duration::ZERO, |until| until.saturating_duration_since(now));
        let missing = [(self.window, Some(BEYOND_WINDOW_RATE)), (self.tokens, rate)];
        for (available, rate) in missing {
            let Some(rate) = rate else { continue };
            if available < 1.0 - EPSILON {
                match Duration::try_from_secs_f64((1.0 - available) / rate) {
                    Ok(refill) => wait = wait.max(refill),
                    Err(_) => return NextRequest::Never,
                }
            }
        }
        if wait.is_zero() {
            return NextRequest::Now;
        }
        now.checked_add(wait)
            .map_or(NextRequest::Never, NextRequest::At)
    }

    fn refill(&mut self, rate: Option<f64>, now: Instant) {
        let since = self.refilled.replace(now).unwrap_or(now);
        let seconds = now.saturating_duration_since(since).as_secs_f64();
        if self.window < INITIAL_WINDOW {
            self.window = (self.window + BEYOND_WINDOW_RATE * seconds).min(INITIAL_WINDOW);
        }
        if let Some(rate) = rate {
            let capacity = match self.max {
                // With a limit of the caller, requests are evenly spaced.
                Some(_) => 1.0,
                None => (rate * self.burst_seconds).max(1.0),
            };
            self.tokens = (self.tokens + rate * seconds).min(capacity);
        }
    }

    /// Records a request that is sent now, which [`next`](Self::next) allowed.
    pub fn send(&mut self, now: Instant) -> SentRequest {
        self.window = (self.window - 1.0).max(0.0);
        self.tokens = (self.tokens - 1.0).max(0.0);
        let number = match &mut self.throttle {
            Some(throttle) => {
                throttle.sent = throttle.sent.saturating_add(1);
                throttle.sent - 1
            }
            None => 0,
        };
        SentRequest {
            at: now,
            epoch: self.epoch,
            number,
        }
    }

    /// Records a response whose status is not 429.
    pub fn accepted(&mut self) {
        self.window = (self.window + WINDOW_PER_RESPONSE).min(self.max_window);
    }

    /// Records a request that ended without a response.
    pub fn ended(&mut self) {
        self.window = (self.window + 1.0).min(self.max_window);
    }

    /// Records a response with status 429, and lowers the rate.
    ///
    /// The rate is not lowered if the request was sent before an earlier rejection was known.
    pub fn refused(&mut self, request: SentRequest, now: Instant) {
        self.window = (self.window + 1.0).min(INITIAL_WINDOW);
        if request.epoch != self.epoch {
            if let Some(throttle) = &mut self.throttle {
                throttle.sent = throttle.sent.saturating_sub(1);
            }
            return;
        }
        let rate = self.current(now).unwrap_or(FIRST_REFUSED_RATE);
        let (factor, proven, sent) = match &self.throttle {
            None => (DECREASE, 0.0, 0),
            Some(throttle) => {
                let factor = match request.number {
                    0 if rate < FAST_RATE => DECREASE_IF_NOTHING_PASSED,
                    _ => DECREASE,
                };
                let time = request.at.saturating_duration_since(throttle.since);
                let proven = match time >= MIN_PROOF {
                    // At the first rejection, the bucket may have contained a part of a request.
                    true => (f64::from(request.number) - 1.0) / time.as_secs_f64(),
                    false => 0.0,
                };
                let sent = throttle.sent.saturating_sub(request.number + 1);
                (factor, proven, sent)
            }
        };
        if self.throttle.is_some() && self.tokens >= 1.0 {
            // The bucket is smaller than assumed, or other clients use it too.
            self.burst_seconds /= 2.0;
        }
        let min = self.max.unwrap_or(MIN_RATE).min(MIN_RATE);
        self.throttle = Some(Throttle {
            rate: (rate * factor)
                .max((proven * PROVEN_PART).min(rate))
                .max(min),
            since: request.at,
            sent,
            is_proven: proven > 0.0,
        });
        self.tokens = 0.0;
        self.refilled = Some(now);
        self.epoch += 1;
    }

    /// Pauses all requests until the time that the server requested.
    pub fn pause(&mut self, until: Instant) {
        self.paused_until = self.paused_until.max(Some(until));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secs(seconds: f64) -> Duration {
        Duration::from_secs_f64(seconds)
    }

    /// The rate of a client without a limit that was refused once: 50 requests per second.
    fn throttled(now: Instant) -> SendRate {
        let mut rate = SendRate::new(None, 100);
        let request = rate.send(now);
        rate.refused(request, now);
        rate
    }

    #[test]
    fn a_refusal_reduces_the_rate_once_for_all_that_was_sent_before() {
        let now = Instant::now();
        let mut rate = SendRate::new(None, 100);
        assert_eq!((rate.current(now), rate.is_throttled(now)), (None, false));
        let requests: Vec<_> = (0..30).map(|_| rate.send(now)).collect();
        requests.iter().for_each(|r| rate.refused(*r, now));
        assert_eq!(
            (rate.current(now), rate.is_throttled(now)),
            (Some(50.0), true)
        );
        // Nothing passed since.
        for expected in [25.0, 6.25, 1.5625, 0.390625, 0.1, 0.1] {
            let request = rate.send(now);
            rate.refused(request, now);
            let reduced = rate.current(now).unwrap_or_default();
            let is_close = (reduced / expected - 1.0).abs() < 0.02;
            assert!(is_close, "{reduced} instead of {expected}");
        }
    }

    #[test]
    fn what_passed_between_two_refusals_is_the_rate() {
        let start = Instant::now();
        let mut rate = throttled(start);
        // The server takes five a second: ten in two seconds.
        (0..10).for_each(|_| _ = rate.send(start));
        let at = start + secs(2.0);
        let request = rate.send(at);
        rate.refused(request, at);
        let reduced = rate.current(at).unwrap_or_default();
        assert!(
            (29.0..31.0).contains(&reduced),
            "half of what it was: {reduced}"
        );
        (0..10).for_each(|_| _ = rate.send(at));
        let mut rate = throttled(start);
        if let Some(throttle) = &mut rate.throttle {
            throttle.rate = 5.5;
        }
        (0..20).for_each(|_| _ = rate.send(start));
        let at = start + secs(4.0);
        let request = rate.send(at);
        rate.refused(request, at);
        let reduced = rate.current(at).unwrap_or_default();
        assert!((3.7..5.0).contains(&reduced), "just below five: {reduced}");
    }

    #[test]
    fn a_limit_is_forgotten_after_a_minute() {
        let start = Instant::now();
        let mut rate = throttled(start);
        let rates: Vec<_> = [0.0, 5.0, 10.0, 30.0]
            .map(|after| rate.current(start + secs(after)).unwrap_or_default())
            .into();
        assert!(rates.is_sorted() && rates[3] > 150.0, "{rates:?}");
        assert_eq!(rate.current(start + secs(60.0)), None);
        let mut limited = SendRate::new(Some(4.0), 100);
        let request = limited.send(start);
        limited.refused(request, start);
        assert_eq!(limited.current(start), Some(2.0));
        assert_eq!(limited.current(start + secs(30.0)), Some(4.0));
        assert_eq!(limited.current(start + secs(60.0)), Some(4.0));
        // Also if nothing was sent in between.
        let mut rate = throttled(start);
        assert!(rate.is_throttled(start + secs(59.0)));
        assert!(!rate.is_throttled(start + secs(60.0)));
    }

    #[test]
    fn begins_with_a_few_requests_and_grows_with_responses() {
        let now = Instant::now();
        let mut rate = SendRate::new(None, 100);
        let send_all = |rate: &mut SendRate| {
            let mut sent = 0;
            while rate.next(now) == NextRequest::Now {
                rate.send(now);
                sent += 1;
            }
            sent
        };
        let mut rounds = Vec::new();
        for _ in 0..13 {
            let sent = send_all(&mut rate);
            (0..sent).for_each(|_| rate.accepted());
            rounds.push(sent);
        }
        assert_eq!(rounds[..4], [4, 5, 7, 9]);
        assert_eq!(rounds[12], 100, "{rounds:?}");
        // Without responses, requests are sent slowly.
        send_all(&mut rate);
        assert_eq!(rate.next(now), NextRequest::At(now + secs(0.02)));
    }

    #[test]
    fn sends_a_burst_after_a_pause() {
        let start = Instant::now();
        let mut rate = throttled(start);
        if let Some(throttle) = &mut rate.throttle {
            throttle.rate = 5.0;
        }
        assert!(matches!(rate.next(start), NextRequest::At(_)));
        let mut sent = 0;
        let later = start + secs(5.0);
        while rate.next(later) == NextRequest::Now {
            rate.send(later);
            rate.accepted();
            sent += 1;
        }
        assert!((25..35).contains(&sent), "{sent}");
    }

    #[test]
    fn sends_nothing_while_the_server_asks_for_a_pause() {
        let now = Instant::now();
        let mut rate = SendRate::new(None, 100);
        rate.pause(now + secs(7.0));
        rate.pause(now + secs(3.0));
        assert_eq!(rate.next(now), NextRequest::At(now + secs(7.0)));
        assert_eq!(rate.next(now + secs(7.0)), NextRequest::Now);
    }
}
