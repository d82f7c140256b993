//! The caller's function for reports of calls.

use super::QuayBuilder;
use crate::http::{CallObserver, CallReport};

impl QuayBuilder {
    /// Sets a function that gets a [`CallReport`] for each call, once, when the call ends: for
    /// metrics and logs without `tracing`. A call that is dropped before it ends is reported as
    /// well, and one page of a listing is one call. What fails before there is a request, such as
    /// an invalid name, is no call.
    ///
    /// It runs within the call, so it must not block. A panic in it is caught, and the call goes
    /// on.
    ///
    /// ```
    /// use quay_api::{CallOutcome, Quay};
    ///
    /// let quay = Quay::builder()
    ///     .on_call(|call| {
    ///         let operation = call.operation.map_or("other", |operation| operation.id());
    ///         if call.outcome == CallOutcome::Failure {
    ///             eprintln!("{operation}: {:?} after {:?}", call.kind, call.elapsed);
    ///         }
    ///     })
    ///     .build()?;
    /// # Ok::<(), quay_api::Error>(())
    /// ```
    pub fn on_call(mut self, report: impl Fn(&CallReport) + Send + Sync + 'static) -> Self {
        self.settings.on_call = Some(CallObserver::new(report));
        self
    }
}
