//! Things that go wrong because a test wants them to.

use super::{ErrorResponse, Response, lock};
use std::sync::Mutex;
use std::time::Duration;

/// What goes wrong with the next calls of an operation; made by
/// [`Sandbox::fail`](super::Sandbox::fail).
///
/// It is in force from the start, for one call, and answers 500; the methods change that.
#[derive(Debug)]
pub struct Fault<'a> {
    faults: &'a Faults,
    id: u64,
}

/// Everything that is still to go wrong.
#[derive(Debug, Default)]
pub(super) struct Faults(Mutex<Vec<PlannedFault>>);

#[derive(Debug, Clone)]
pub(super) struct PlannedFault {
    id: u64,
    operation: String,
    /// How many calls it still hits.
    left: u64,
    pub effect: FaultKind,
    pub delay: Duration,
}

#[derive(Debug, Clone)]
pub(super) enum FaultKind {
    /// Instead of the true answer.
    Response(Response),
    /// The true answer, only later.
    Late,
    /// The connection is closed without an answer; what was asked for is done nevertheless.
    Reset,
    /// The true answer breaks off.
    Truncated,
}

impl Faults {
    pub fn plan(&self, operation: &str) -> Fault<'_> {
        let mut faults = lock(&self.0);
        let id = faults.last().map_or(0, |f| f.id + 1);
        let effect = FaultKind::Response(ErrorResponse::Internal.into());
        faults.push(PlannedFault {
            id,
            operation: operation.to_owned(),
            left: 1,
            effect,
            delay: Duration::ZERO,
        });
        Fault { faults: self, id }
    }

    /// What goes wrong with a call of an operation, if anything; it is used up by that.
    pub fn next(&self, operation: &str) -> Option<PlannedFault> {
        let mut faults = lock(&self.0);
        let index = faults
            .iter()
            .position(|f| f.operation == operation && f.left > 0)?;
        faults[index].left -= 1;
        let fault = faults[index].clone();
        // The last one stays, so that its number is given to no other.
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

    /// Hits the next `n` calls; one unless given.
    pub fn times(self, n: u64) -> Self {
        self.change(|f| f.left = n)
    }

    /// Hits every call from now on.
    pub fn always(self) -> Self {
        self.times(u64::MAX)
    }

    /// Answers a status with a page of HTML, as a proxy does.
    pub fn status(self, status: u16) -> Self {
        let page = format!(
            "<html>\r\n<head><title>{status}</title></head>\r\n<body></body>\r\n</html>\r\n"
        );
        self.with(Response::text(status, "text/html", page))
    }

    /// Answers this.
    pub fn with(self, answer: Response) -> Self {
        self.change(|f| f.effect = FaultKind::Response(answer))
    }

    /// Refuses as Quay refuses.
    pub fn refuse(self, refusal: ErrorResponse) -> Self {
        self.with(refusal.into())
    }

    /// Does what was asked for and closes the connection without an answer.
    pub fn reset(self) -> Self {
        self.change(|f| f.effect = FaultKind::Reset)
    }

    /// Does what was asked for and breaks off in the middle of the answer.
    pub fn truncated(self) -> Self {
        self.change(|f| f.effect = FaultKind::Truncated)
    }

    /// Does what was asked for and answers truly; with [`delay`](Self::delay), a server that is
    /// slow and nothing else.
    pub fn late(self) -> Self {
        self.change(|f| f.effect = FaultKind::Late)
    }

    /// Waits before it answers. It waits by tokio's clock, which a test may pause.
    pub fn delay(self, span: Duration) -> Self {
        self.change(|f| f.delay = span)
    }
}
