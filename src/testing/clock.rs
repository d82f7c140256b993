//! The time of the sandbox.

use crate::testing::lock;
use crate::types::Timestamp;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The clock that a sandbox goes by: the end of tags, of tokens and of page tokens, and the dates
/// of everything that happens in it.
///
/// It shows the real time until a test touches it.
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
    /// Where it was stopped.
    stopped: Option<Timestamp>,
    /// How far it is ahead of the real time while it runs.
    ahead: Duration,
}

impl Clock {
    /// The time that it shows.
    pub fn now(&self) -> Timestamp {
        let state = lock(&self.0);
        state.stopped.unwrap_or_else(|| {
            Timestamp::now()
                .checked_add(state.ahead)
                .unwrap_or_else(Timestamp::now)
        })
    }

    /// Puts it forward.
    pub fn advance(&self, span: Duration) {
        let mut state = lock(&self.0);
        match state.stopped {
            Some(moment) => state.stopped = moment.checked_add(span).or(Some(moment)),
            None => state.ahead += span,
        }
    }

    /// Stops it at a moment; from then on only [`advance`](Self::advance) moves it.
    pub fn set(&self, moment: Timestamp) {
        lock(&self.0).stopped = Some(moment);
    }
}

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// RFC 2822 with `-0000`, as Quay writes most dates.
pub(in crate::testing) fn rfc2822(unix_seconds: i64) -> String {
    // Beyond the years that a `Timestamp` has, too: an end may be put as far away as a caller
    // likes.
    let unix_seconds = unix_seconds.clamp(datealgo::RD_SECONDS_MIN, datealgo::RD_SECONDS_MAX);
    let (year, month, day, hours, minutes, seconds) = datealgo::secs_to_datetime(unix_seconds);
    let weekday = WEEKDAYS[usize::from(datealgo::date_to_weekday((year, month, day))) - 1];
    let month = MONTHS[usize::from(month) - 1];
    format!("{weekday}, {day:02} {month} {year:04} {hours:02}:{minutes:02}:{seconds:02} -0000")
}
