//! The time of the sandbox.

use crate::testing::lock;
use crate::types::Timestamp;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The clock of a sandbox, which determines when tags, tokens and page tokens expire.
///
/// All dates of the sandbox are times of this clock. It shows the real time until a test changes
/// it.
///
/// # Examples
///
/// ```
/// # async fn example() -> quay_api::Result<()> {
/// use quay_api::testing::Sandbox;
/// use std::time::Duration;
///
/// let sandbox = Sandbox::demo().await?;
/// let before = sandbox.clock().now();
/// sandbox.clock().advance(Duration::from_secs(86_400));
/// assert!(sandbox.clock().now().since(before) >= Duration::from_secs(86_400));
/// # Ok(())
/// # }
/// # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
/// ```
#[derive(Debug, Clone, Default)]
pub struct Clock(Arc<Mutex<ClockState>>);

#[derive(Debug, Default)]
struct ClockState {
    /// The time at which it was stopped.
    stopped: Option<Timestamp>,
    /// The time by which it is ahead of the real time while it runs.
    ahead: Duration,
}

impl Clock {
    /// Returns the time of the clock.
    pub fn now(&self) -> Timestamp {
        let state = lock(&self.0);
        state.stopped.unwrap_or_else(|| {
            Timestamp::now()
                .checked_add(state.ahead)
                .unwrap_or_else(Timestamp::now)
        })
    }

    /// Advances the clock by a duration.
    pub fn advance(&self, span: Duration) {
        let mut state = lock(&self.0);
        match state.stopped {
            Some(moment) => state.stopped = moment.checked_add(span).or(Some(moment)),
            None => state.ahead = state.ahead.saturating_add(span),
        }
    }

    /// Sets the clock to a time, and stops it.
    ///
    /// Then only [`advance`](Self::advance) and `set` change the time.
    pub fn set(&self, moment: Timestamp) {
        lock(&self.0).stopped = Some(moment);
    }
}

pub(in crate::testing) use crate::types::date_formats::format_rfc2822 as rfc2822;
