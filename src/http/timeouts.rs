//! The time-outs of one attempt.

use crate::client::Settings;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use tokio::time::{Instant, Sleep, sleep_until};

/// The end of an attempt, and the read time-out within it.
///
/// One timer serves for both. It only runs while the attempt waits.
#[derive(Debug)]
pub(super) struct Timeouts<'a> {
    settings: &'a Settings,
    end: Option<Instant>,
}

/// The error of a time-out that expired.
#[derive(Debug)]
pub(super) struct Elapsed;

impl<'a> Timeouts<'a> {
    /// Returns the time-outs of an attempt that starts now.
    ///
    /// # Errors
    ///
    /// Returns an error if no time is left. Without it, the request would be sent: a timer is
    /// checked after the future that it limits.
    pub fn start(settings: &'a Settings, deadline: Option<Instant>) -> Result<Self, Elapsed> {
        let now = Instant::now();
        let end = [now.checked_add(settings.attempt_timeout), deadline]
            .into_iter()
            .flatten()
            .min();
        match end {
            Some(end) if end <= now => Err(Elapsed),
            _ => Ok(Self { settings, end }),
        }
    }

    /// Awaits the next event of the server.
    ///
    /// The timer starts when the event is not ready: the body has often arrived already.
    pub async fn wait<F: Future>(&self, event: F) -> Result<F::Output, Elapsed> {
        let mut event = pin!(event);
        let mut timer = pin!(None);
        poll_fn(|context| {
            if let Poll::Ready(output) = event.as_mut().poll(context) {
                return Poll::Ready(Ok(output));
            }
            if timer.is_none() {
                timer.set(self.timer());
            }
            match timer.as_mut().as_pin_mut() {
                Some(timer) => timer.poll(context).map(|()| Err(Elapsed)),
                None => Poll::Pending,
            }
        })
        .await
    }

    /// Returns the timer of a wait that starts now.
    fn timer(&self) -> Option<Sleep> {
        let read_timeout = Instant::now().checked_add(self.settings.read_timeout);
        let until = [read_timeout, self.end].into_iter().flatten().min();
        until.map(sleep_until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::{pending, ready};
    use std::time::Duration;

    #[tokio::test(start_paused = true)]
    async fn the_earliest_of_read_attempt_and_operation_timeout_applies() {
        let settings = Settings {
            attempt_timeout: Duration::from_secs(30),
            read_timeout: Duration::from_secs(10),
            ..Settings::default()
        };
        let start = Instant::now();
        let deadline = start.checked_add(Duration::from_secs(25));
        let timeouts = Timeouts::start(&settings, deadline).unwrap();
        assert!(timeouts.wait(ready(())).await.is_ok());
        let mut ends = Vec::new();
        for _ in 0..3 {
            assert!(timeouts.wait(pending::<()>()).await.is_err());
            ends.push(start.elapsed().as_secs());
        }
        assert_eq!(ends, [10, 20, 25]);
        assert!(Timeouts::start(&settings, deadline).is_err());
        let timeouts = Timeouts::start(&settings, None).unwrap();
        tokio::time::advance(Duration::from_secs(29)).await;
        assert!(timeouts.wait(pending::<()>()).await.is_err());
        assert_eq!(start.elapsed().as_secs(), 55);
    }
}
