//! Faults that a test plans: failures of the next requests of an operation.
//!
//! A new kind of fault is a variant of [`FaultKind`], a method of [`Fault`], and an arm of the
//! match in `http/listener.rs`.

use crate::testing::{ErrorResponse, RecordedRequest, Response, lock};
use percent_encoding::percent_decode_str;
use std::sync::Mutex;
use std::time::Duration;

/// A fault of the next requests of an operation: [`Sandbox::fail`](crate::testing::Sandbox::fail).
///
/// A new fault takes effect immediately: the sandbox responds to the next request with status 500.
/// The methods change the response and the number of requests. The fault stays in effect when this
/// value is dropped.
///
/// Several faults of an operation are used in the order in which they were planned.
///
/// # Examples
///
/// ```
/// # async fn example() -> quay_api::Result<()> {
/// use quay_api::testing::{ErrorResponse, Sandbox};
///
/// let sandbox = Sandbox::demo().await?;
/// // Two faults of a proxy, which the client retries, and then a missing permission.
/// sandbox.fail("listRepoTags").times(2).respond(ErrorResponse::BadGateway);
/// sandbox.fail("listRepoTags").respond(ErrorResponse::InsufficientScope);
/// let refused = sandbox.quay().repository("acme/web")?.tags().list().await.unwrap_err();
/// assert_eq!((refused.status(), refused.attempts()), (Some(403), 3));
/// # Ok(())
/// # }
/// # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
/// ```
#[derive(Debug)]
pub struct Fault<'a> {
    faults: &'a Faults,
    id: u64,
}

/// The faults that are in force.
#[derive(Debug, Default)]
pub(super) struct Faults(Mutex<Plan>);

#[derive(Debug, Default)]
struct Plan {
    faults: Vec<PlannedFault>,
    next_id: u64,
}

#[derive(Debug, Clone)]
pub(super) struct PlannedFault {
    id: u64,
    operation: &'static str,
    /// The part that the path of a request must have, with a slash at both ends.
    path: Option<String>,
    /// The number of requests that it still affects.
    left: u64,
    pub kind: FaultKind,
    pub delay: Duration,
}

#[derive(Debug, Clone)]
pub(super) enum FaultKind {
    /// This response, in place of the true one.
    Response(Response),
    /// The true response, after the delay.
    Late,
    /// The request is carried out, and the connection is closed without a response.
    Reset,
    /// The request is carried out, and the response breaks off.
    Truncated,
}

impl Faults {
    pub fn plan(&self, operation: &'static str) -> Fault<'_> {
        let mut plan = lock(&self.0);
        let id = plan.next_id;
        plan.next_id += 1;
        plan.faults.push(PlannedFault {
            id,
            operation,
            path: None,
            left: 1,
            kind: FaultKind::Response(ErrorResponse::Internal.into()),
            delay: Duration::ZERO,
        });
        Fault { faults: self, id }
    }

    /// Removes all faults.
    pub fn clear(&self) {
        lock(&self.0).faults.clear();
    }

    /// Returns the fault of a request, if there is one, and counts it.
    pub fn next(&self, request: &RecordedRequest) -> Option<PlannedFault> {
        let operation = request.operation()?.id();
        let mut plan = lock(&self.0);
        let fault = plan
            .faults
            .iter_mut()
            .find(|fault| fault.left > 0 && fault.operation == operation && fault.is_at(request))?;
        fault.left -= 1;
        Some(fault.clone())
    }
}

impl PlannedFault {
    fn is_at(&self, request: &RecordedRequest) -> bool {
        self.path.as_ref().is_none_or(|part| {
            let (path, _) = request.path.split_once('?').unwrap_or((&request.path, ""));
            with_slashes(path).contains(part)
        })
    }
}

/// Returns a path without percent-encoding, with one slash at both ends.
fn with_slashes(path: &str) -> String {
    let path = percent_decode_str(path).decode_utf8_lossy();
    format!("/{}/", path.trim_matches('/'))
}

impl Fault<'_> {
    fn change(self, change: impl FnOnce(&mut PlannedFault)) -> Self {
        let mut plan = lock(&self.faults.0);
        if let Some(fault) = plan.faults.iter_mut().find(|f| f.id == self.id) {
            change(fault);
        }
        drop(plan);
        self
    }

    /// Restricts the fault to requests whose path contains these segments, such as `acme/web`.
    ///
    /// A whole path is accepted too.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example() -> quay_api::Result<()> {
    /// use quay_api::testing::{ErrorResponse, Sandbox};
    ///
    /// let sandbox = Sandbox::demo().await?;
    /// sandbox.fail("listRepoTags").path("acme/web").always().respond(ErrorResponse::Forbidden);
    /// let quay = sandbox.quay();
    /// assert!(quay.repository("acme/web")?.tags().list().await.unwrap_err().is_forbidden());
    /// assert!(quay.repository("acme/api")?.tags().list().await.is_ok());
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
    /// ```
    pub fn path(self, segments: &str) -> Self {
        self.change(|f| f.path = Some(with_slashes(segments)))
    }

    /// Sets the number of requests that fail: one by default.
    pub fn times(self, n: u64) -> Self {
        self.change(|f| f.left = n)
    }

    /// Affects every request until the fault is [cleared](Self::clear).
    pub fn always(self) -> Self {
        self.times(u64::MAX)
    }

    /// Responds with a status and a web page, as a proxy does.
    pub fn status(self, status: u16) -> Self {
        let page = format!(
            "<html>\r\n<head><title>{status}</title></head>\r\n<body></body>\r\n</html>\r\n"
        );
        self.respond(Response::text(status, "text/html", page))
    }

    /// Responds with a [`Response`] or one of Quay's error responses ([`ErrorResponse`]).
    ///
    /// The request is not executed.
    pub fn respond(self, response: impl Into<Response>) -> Self {
        let response = response.into();
        self.change(|f| f.kind = FaultKind::Response(response))
    }

    /// Executes the request and closes the connection without a response.
    pub fn reset(self) -> Self {
        self.change(|f| f.kind = FaultKind::Reset)
    }

    /// Executes the request and closes the connection in the middle of the response.
    pub fn truncated(self) -> Self {
        self.change(|f| f.kind = FaultKind::Truncated)
    }

    /// Responds as without a fault, after the [`delay`](Self::delay).
    ///
    /// Without a delay, the fault has no effect.
    pub fn late(self) -> Self {
        self.change(|f| f.kind = FaultKind::Late)
    }

    /// Sets the time before the response, by tokio's clock, which a test can pause.
    pub fn delay(self, delay: Duration) -> Self {
        self.change(|f| f.delay = delay)
    }

    /// Removes the fault.
    pub fn clear(self) {
        lock(&self.faults.0).faults.retain(|f| f.id != self.id);
    }
}
