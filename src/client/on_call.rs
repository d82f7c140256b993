//! The builder's setting for reports of calls.

use super::QuayBuilder;
use crate::http::{CallObserver, CallReport};

impl QuayBuilder {
    /// Sets a function that is called once with a [`CallReport`] when a call ends.
    ///
    /// It serves for metrics and logs without `tracing`. A call whose future is dropped is reported
    /// too. Each page of a listing is a call. An error that occurs before a request is built, such
    /// as an invalid name, is not reported.
    ///
    /// The function runs as a part of the call, so it must not block. If it panics, the panic is
    /// caught, and the call returns its result.
    ///
    /// # Examples
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
