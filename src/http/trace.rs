//! The spans and events of the feature `tracing`.
//!
//! Fields have the names of OpenTelemetry's semantic conventions where those define one. Headers,
//! bodies, queries and the parameters of paths are left out, because they may contain secrets.

#[cfg(feature = "tracing")]
pub(super) use enabled::Span;

#[cfg(not(feature = "tracing"))]
pub(super) use disabled::Span;

#[cfg(feature = "tracing")]
mod enabled {
    use crate::Error;
    use crate::http::{CallOutcome, Request};
    use crate::operation::Operation;
    use http::StatusCode;
    use std::time::Duration;
    use tokio::time::Instant;
    use tracing::field::{Empty, debug};
    use tracing::{Instrument, info_span, instrument::Instrumented, warn};

    /// The span of one call.
    #[derive(Debug, Clone)]
    pub struct Span(tracing::Span);

    impl Span {
        pub fn new(operation: Option<&'static Operation>, request: &Request) -> Self {
            let method = request.method.as_str();
            let template = operation.map(Operation::path);
            let span = info_span!(
                target: "quay_api",
                "quay.call",
                otel.kind = "client",
                otel.name = Empty,
                otel.status_code = Empty,
                quay.operation = operation.map(Operation::id),
                http.request.method = method,
                url.template = template,
                url.scheme = request.url.scheme(),
                server.address = request.url.host_str(),
                server.port = request.url.port_or_known_default(),
                http.response.status_code = Empty,
                http.request.resend_count = Empty,
                "error.type" = Empty,
                quay.attempts = Empty,
                quay.duration_ms = Empty,
                quay.waited_ms = Empty,
                quay.outcome = Empty,
            );
            if !span.is_disabled() {
                match template {
                    Some(template) => span.record("otel.name", format!("{method} {template}")),
                    None => span.record("otel.name", method),
                };
            }
            Self(span)
        }

        /// Runs a future within the span.
        pub fn instrument<F>(&self, future: F) -> Instrumented<F> {
            future.instrument(self.0.clone())
        }

        pub fn record_retry(&self, error: &Error, attempts: u32, wait: Duration) {
            warn!(
                target: "quay_api",
                parent: &self.0,
                {
                    "error.type" = ?error.kind(),
                    http.response.status_code = error.status(),
                    http.request.resend_count = attempts,
                    quay.wait_ms = millis(wait),
                },
                "the request will be sent again"
            );
        }

        pub fn record_response(&self, status: StatusCode, attempts: u32, start: Instant) {
            self.0.record("http.response.status_code", status.as_u16());
            self.record_attempts(attempts, start);
        }

        /// Records the error of a call, unless the caller expects it.
        pub fn record_error(
            &self,
            error: &Error,
            outcome: CallOutcome,
            attempts: u32,
            start: Instant,
        ) {
            if outcome == CallOutcome::Failure {
                self.0
                    .record("otel.status_code", "ERROR")
                    .record("error.type", debug(error.kind()));
            }
            if let Some(status) = error.status() {
                self.0.record("http.response.status_code", status);
            }
            self.record_attempts(attempts, start);
        }

        /// Records the outcome when the call ends.
        pub fn record_end(&self, outcome: CallOutcome, waited: Duration) {
            self.0
                .record("quay.outcome", outcome.as_str())
                .record("quay.waited_ms", millis(waited));
        }

        fn record_attempts(&self, attempts: u32, start: Instant) {
            if self.0.is_disabled() {
                return;
            }
            self.0
                .record("quay.attempts", attempts)
                .record("quay.duration_ms", millis(start.elapsed()));
            if attempts > 1 {
                self.0.record("http.request.resend_count", attempts - 1);
            }
        }
    }

    fn millis(duration: Duration) -> u64 {
        duration.as_millis().try_into().unwrap_or(u64::MAX)
    }
}

#[cfg(not(feature = "tracing"))]
mod disabled {
    use crate::Error;
    use crate::http::{CallOutcome, Request};
    use crate::operation::Operation;
    use http::StatusCode;
    use std::time::Duration;
    use tokio::time::Instant;

    /// A span that records nothing.
    #[derive(Debug, Clone)]
    pub struct Span;

    impl Span {
        pub fn new(_: Option<&'static Operation>, _: &Request) -> Self {
            Self
        }

        pub fn instrument<F>(&self, future: F) -> F {
            future
        }

        pub fn record_retry(&self, _: &Error, _: u32, _: Duration) {}

        pub fn record_response(&self, _: StatusCode, _: u32, _: Instant) {}

        pub fn record_error(&self, _: &Error, _: CallOutcome, _: u32, _: Instant) {}

        pub fn record_end(&self, _: CallOutcome, _: Duration) {}
    }
}
