//! The report of a call, for the caller's metrics.

use crate::ErrorKind;
use crate::operation::Operation;
use serde::{Serialize, Serializer};
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

/// A call that has ended: [`QuayBuilder::on_call`](crate::QuayBuilder::on_call).
///
/// It contains no names, addresses or messages, so each field can be a label or a value of a
/// metric.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CallReport {
    /// The operation; `None` for [`Quay::request`](crate::Quay::request).
    pub operation: Option<&'static Operation>,
    /// The way in which the call ended.
    pub outcome: CallOutcome,
    /// The kind of the error with which the call ended; `None` for a success and for a cancelled
    /// call.
    pub kind: Option<ErrorKind>,
    /// The status of the last response; `None` if the last attempt received no response.
    pub status: Option<u16>,
    /// The number of requests that were sent for the call, including rejected ones.
    pub attempts: u32,
    /// The number of requests that the server rejected with status 429, after which the call
    /// waited.
    pub refusals: u32,
    /// The number of bytes in the bodies of all responses, after decompression. A body that broke
    /// off, and the part of an error response after its first 64 KiB, do not count.
    pub bytes: u64,
    /// The time for which the call waited for its turn, because of the rate limits of the server
    /// and the caller, and of the limit of concurrent requests.
    pub waited: Duration,
    /// The time from the start of the call to its end, with all attempts and waits.
    pub elapsed: Duration,
}

/// The way in which a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CallOutcome {
    /// The response is a success and was decoded.
    Success,
    /// The call failed as expected: the resource of `get_opt`, `delete_if_exists` or
    /// `create_if_absent` does not exist.
    Expected,
    /// The call failed.
    Failure,
    /// The future of the call was dropped before it ended. The effect on the server is unknown.
    Cancelled,
}

impl CallOutcome {
    /// Returns the name of the outcome: `success`, `expected`, `failure` or `cancelled`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Expected => "expected",
            Self::Failure => "failure",
            Self::Cancelled => "cancelled",
        }
    }
}

impl fmt::Display for CallOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for CallOutcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// The caller's function for reports.
#[derive(Clone)]
pub(crate) struct CallObserver(Arc<dyn Fn(&CallReport) + Send + Sync>);

impl fmt::Debug for CallObserver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CallObserver")
    }
}

impl CallObserver {
    pub fn new(report: impl Fn(&CallReport) + Send + Sync + 'static) -> Self {
        Self(Arc::new(report))
    }

    /// Calls the function and catches a panic in it.
    ///
    /// The function may be called while a call is dropped, and a panic there could abort the
    /// process.
    pub fn report(&self, report: &CallReport) {
        let _ = catch_unwind(AssertUnwindSafe(|| (self.0)(report)));
    }
}
