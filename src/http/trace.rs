//! What a call tells `tracing`, if the feature of that name is on. The names are OpenTelemetry's
//! where it has one.
//!
//! Neither header nor body nor query nor a parameter of the path is in it: any of them may be, or
//! hold, a secret.

#[cfg(feature = "tracing")]
pub(super) use on::Span;

#[cfg(not(feature = "tracing"))]
pub(super) use off::Span;

#[cfg(feature = "tracing")]
mod on {
    use crate::Error;
    use crate::http::Request;
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
            );
            if !span.is_disabled() {
                match template {
                    Some(template) => span.record("otel.name", format!("{method} {template}")),
                    None => span.record("otel.name", method),
                };
            }
            Self(span)
        }

        /// What the future does is told as of this call.
        pub fn around<F>(&self, future: F) -> Instrumented<F> {
            future.instrument(self.0.clone())
        }

        pub fn will_retry(&self, error: &Error, attempts: u32, wait: Duration) {
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

        pub fn answered(&self, status: StatusCode, attempts: u32, start: Instant) {
            self.0.record("http.response.status_code", status.as_u16());
            self.took(attempts, start);
        }

        pub fn failed(&self, error: &Error, attempts: u32, start: Instant) {
            self.0
                .record("otel.status_code", "ERROR")
                .record("error.type", debug(error.kind()));
            if let Some(status) = error.status() {
                self.0.record("http.response.status_code", status);
            }
            self.took(attempts, start);
        }

        fn took(&self, attempts: u32, start: Instant) {
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
mod off {
    use crate::Error;
    use crate::http::Request;
    use crate::operation::Operation;
    use http::StatusCode;
    use std::time::Duration;
    use tokio::time::Instant;

    /// Nothing.
    #[derive(Debug, Clone)]
    pub struct Span;

    impl Span {
        pub fn new(_: Option<&'static Operation>, _: &Request) -> Self {
            Self
        }

        pub fn around<F>(&self, future: F) -> F {
            future
        }

        pub fn will_retry(&self, _: &Error, _: u32, _: Duration) {}

        pub fn answered(&self, _: StatusCode, _: u32, _: Instant) {}

        pub fn failed(&self, _: &Error, _: u32, _: Instant) {}
    }
}
