//! Faults that a test plans: what goes wrong with the next requests of an operation.
//!
//! A new kind of fault is a variant of [`FaultKind`], a method of [`Fault`], and an arm of the match
//! in `http/listener.rs`.

use crate::testing::{ErrorResponse, Response, lock};
use std::sync::Mutex;
use std::time::Duration;

/// A fault of the next requests of an operation; created by
/// [`Sandbox::fail`](crate::testing::Sandbox::fail).
///
/// It is in force at once, for one request, and responds with 500; the methods change that.
#[derive(Debug)]
pub struct Fault<'a> {
    faults: &'a Faults,
    id: u64,
}

/// The faults that are in force.
#[derive(Debug, Default)]
pub(super) struct Faults(Mutex<Vec<PlannedFault>>);

#[derive(Debug, Clone)]
pub(super) struct PlannedFault {
    id: u64,
    operation: String,
    /// How many more requests it hits.
    left: u64,
    pub kind: FaultKind,
    pub delay: Duration,
}

#[derive(Debug, Clone)]
pub(super) enum FaultKind {
    /// This response, in the place of the true one.
    Response(Response),
    /// The true response, after the delay.
    Late,
    /// The request is carried out, and the connection is closed without a response.
    Reset,
    /// The request is carried out, and the response breaks off.
    Truncated,
}

impl Faults {
    pub fn plan(&self, operation: &str) -> Fault<'_> {
        let mut faults = lock(&self.0);
        let id = faults.last().map_or(0, |f| f.id + 1);
        faults.push(PlannedFault {
            id,
            operation: operation.to_owned(),
            left: 1,
            kind: FaultKind::Response(ErrorResponse::Internal.into()),
            delay: Duration::ZERO,
        });
        Fault { faults: self, id }
    }

    /// Returns the fault of a request of an operation, if there is one, and counts it.
    pub fn next(&self, operation: &str) -> Option<PlannedFault> {
        let mut faults = lock(&self.0);
        let index = faults
            .iter()
            .position(|f| f.operation == operation && f.left > 0)?;
        faults[index].left -= 1;
        let fault = faults[index].clone();
        // The last one stays, so that its id is not given out again.
        if fault.left == 0 && index + 1 < faults.len() {
            faults.remove(index);
        }
        Some(fault)
    }
}

impl Fault<'_> {
    fn change(self, change: impl FnOnce(&mut PlannedFault)) -> Self {
        if let Some(fault) = lock(&self.faults.0).iter_mut().find(|f| f.id == self.id) {
            change(fault);
        }
        self
    }

    /// Hits the next `n` requests; one unless given.
    pub fn times(self, n: u64) -> Self {
        self.change(|f| f.left = n)
    }

    /// Hits every request from now on.
    pub fn always(self) -> Self {
        self.times(u64::MAX)
    }

    /// Responds with a status and a page of HTML, as a proxy does.
    pub fn status(self, status: u16) -> Self {
        let page = format!(
            "<html>\r\n<head><title>{status}</title></head>\r\n<body></body>\r\n</html>\r\n"
        );
        self.with(Response::text(status, "text/html", page))
    }

    /// Responds with this.
    pub fn with(self, response: Response) -> Self {
        self.change(|f| f.kind = FaultKind::Response(response))
    }

    /// Responds with an error response of Quay.
    pub fn refuse(self, error: ErrorResponse) -> Self {
        self.with(error.into())
    }

    /// Carries out the request and closes the connection without a response.
    pub fn reset(self) -> Self {
        self.change(|f| f.kind = FaultKind::Reset)
    }

    /// Carries out the request and breaks off in the middle of the response.
    pub fn truncated(self) -> Self {
        self.change(|f| f.kind = FaultKind::Truncated)
    }

    /// Responds as without a fault; with [`delay`](Self::delay), a server that is slow and nothing
    /// else.
    pub fn late(self) -> Self {
        self.change(|f| f.kind = FaultKind::Late)
    }

    /// Waits before it responds. It waits by tokio's clock, which a test may pause.
    pub fn delay(self, span: Duration) -> Self {
        self.change(|f| f.delay = span)
    }
}
