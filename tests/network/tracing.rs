//! The spans and events of a call, captured at the finest level, of this crate and of the libraries
//! that it uses.
//!
//! Each test runs in a separate process: while one subscriber is set, `tracing` decides for the
//! whole process whether a callsite is enabled as soon as any thread reaches it, and a thread of
//! another test has no subscriber, so that its decision is "never".

use crate::support::process::{is_alone, run_alone};
use quay_api::testing::{Response, Sandbox};
use quay_api::{Quay, Result, RetryPolicy};
use serde_json::json;
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;

/// The output of the subscriber.
#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0
            .lock()
            .map_err(|_| std::io::ErrorKind::Other)?
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Captured {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Runs a test in a separate process, which makes the calls and checks the captured lines.
fn check_lines(
    test: &str,
    calls: impl AsyncFnOnce(&Sandbox, &Quay) -> Result<()>,
    check: impl FnOnce(Vec<String>),
) -> Result<()> {
    if !is_alone() {
        run_alone(&format!("tracing::{test}"), &[]);
        return Ok(());
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    check(runtime.block_on(captured_lines(calls))?);
    Ok(())
}

/// Makes calls and returns the lines that the subscriber wrote.
async fn captured_lines(
    calls: impl AsyncFnOnce(&Sandbox, &Quay) -> Result<()>,
) -> Result<Vec<String>> {
    let sandbox = Sandbox::recorded().await?;
    let policy = RetryPolicy::new()
        .initial_backoff(Duration::from_millis(1))
        .max_backoff(Duration::from_millis(2));
    let quay = Quay::builder()
        .base_url(sandbox.quay().base_url())
        .token("hunter2-token")
        .retry(policy)
        .build()?;
    let captured = Captured::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(FmtSpan::CLOSE)
        .with_ansi(false)
        .with_writer(captured.clone())
        .finish();
    // For this thread, in which the runtime of the test does all its work.
    let guard = tracing::subscriber::set_default(subscriber);
    calls(&sandbox, &quay).await?;
    drop(guard);
    let text = String::from_utf8(
        captured
            .0
            .lock()
            .map(|bytes| bytes.clone())
            .unwrap_or_default(),
    )
    .unwrap_or_default();
    Ok(text.lines().map(str::to_owned).collect())
}

#[test]
fn traces_a_call_as_a_span_and_each_retry_as_an_event() -> Result<()> {
    let calls = async |sandbox: &Sandbox, quay: &Quay| {
        sandbox.respond_next(Response::text(502, "text/html", "<html>"));
        sandbox.respond_next(Response::text(429, "text/html", "<html>"));
        quay.repository("acme/app00")?.get().await.map(drop)
    };
    check_lines(
        "traces_a_call_as_a_span_and_each_retry_as_an_event",
        calls,
        |lines| {
            let ours: Vec<_> = lines
                .iter()
                .filter(|line| line.contains(" quay_api: "))
                .collect();
            assert_eq!(ours.len(), 3, "{ours:#?}");
            for (line, kind, status, count) in [
                (ours[0], "Unavailable", 502, 1),
                (ours[1], "RateLimited", 429, 2),
            ] {
                for part in [
                    "WARN",
                    "the request will be sent again",
                    &format!(
                        "error.type={kind} http.response.status_code={status} \
                 http.request.resend_count={count} quay.wait_ms="
                    ),
                ] {
                    assert!(line.contains(part), "{part}: {line}");
                }
            }
            for part in [
                "INFO quay.call{",
                "otel.name=\"GET /api/v1/repository/{repository}\"",
                "otel.kind=\"client\"",
                "quay.operation=\"getRepo\"",
                "http.request.method=\"GET\"",
                "url.template=\"/api/v1/repository/{repository}\"",
                "server.address=\"127.0.0.1\"",
                "http.response.status_code=200",
                "http.request.resend_count=2",
                "quay.attempts=3",
                "quay.duration_ms=",
                "close time.busy=",
            ] {
                assert!(ours[2].contains(part), "{part}: {}", ours[2]);
            }
            assert!(!ours[2].contains("otel.status_code") && !ours[2].contains("app00"));
        },
    )
}

#[test]
fn records_the_error_kind_of_a_failed_call() -> Result<()> {
    let calls = async |sandbox: &Sandbox, quay: &Quay| {
        sandbox.respond_next(Response::json(404, &json!({"title": "not_found"})));
        assert!(quay.repository("acme/web")?.get().await.is_err());
        sandbox.respond_next(Response::json(200, &json!({"name": 7})));
        assert!(quay.repository("acme/web")?.get().await.is_err());
        Ok(())
    };
    check_lines("records_the_error_kind_of_a_failed_call", calls, |lines| {
        let ours: Vec<_> = lines
            .iter()
            .filter(|line| line.contains(" quay_api: "))
            .collect();
        assert_eq!(ours.len(), 2, "{ours:#?}");
        for (line, kind, status) in [
            (ours[0], "NotFound", 404),
            (ours[1], "InvalidResponse", 200),
        ] {
            for part in [
                "otel.status_code=\"ERROR\"",
                &format!("error.type={kind}"),
                &format!("http.response.status_code={status}"),
                "quay.attempts=1",
            ] {
                assert!(line.contains(part), "{part}: {line}");
            }
        }
    })
}

#[test]
fn traces_no_secret_at_any_level() -> Result<()> {
    let calls = async |sandbox: &Sandbox, quay: &Quay| {
        sandbox.respond_next(Response::json(
            200,
            &json!({"name": "acme+ci", "token": "hunter2-robot", "description": ""}),
        ));
        quay.organization("acme")?
            .robot("ci")?
            .regenerate()
            .await
            .map(drop)?;
        for _ in 0..4 {
            sandbox.respond_next(
                Response::text(502, "text/html", "<html>hunter2-body")
                    .header("x-secret", "hunter2-header"),
            );
        }
        assert!(quay.repository("acme/web")?.get().await.is_err());
        let here = format!("{}/api/v1/user/", quay.base_url());
        sandbox.respond_next(Response::text(308, "text/html", "").header("location", &here));
        sandbox.respond_next(Response::json(
            200,
            &json!({"username": {"hunter2-name": "hunter2-value"}}),
        ));
        assert!(quay.me().get().await.is_err());
        sandbox.respond_next(Response::json(200, &json!({})));
        quay.request("POST", "/hunter2-path")?
            .query("q", "hunter2-query")
            .json(&json!({"password": "hunter2-sent"}))
            .send_bytes()
            .await
            .map(drop)
    };
    check_lines("traces_no_secret_at_any_level", calls, |lines| {
        // The libraries below were traced as well: otherwise the search would prove nothing.
        assert!(
            lines.iter().any(|line| line.contains("hyper_util")),
            "{lines:#?}"
        );
        let leaks: Vec<_> = lines
            .iter()
            .filter(|line| line.contains("hunter2") || line.contains("aHVudGVyMi"))
            .collect();
        assert!(leaks.is_empty(), "{leaks:#?}");
    })
}
