//! What is sent again and what never, over real sockets: the class of the operation against what
//! happens to the request.

use quay_api::testing::{Response, Sandbox};
use quay_api::{Delivery, Error, ErrorKind, Quay, QuayBuilder, Result, RetryPolicy};
use serde_json::json;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;

/// What a server does with each request, after it has read it.
#[derive(Debug, Clone)]
enum ServerAction {
    /// Writes this, and closes the connection.
    Says(String),
    /// Writes this, and nothing more.
    Stalls(String),
}

/// A server that treats every request alike.
struct Server {
    address: SocketAddr,
    requests: Arc<AtomicUsize>,
    task: AbortHandle,
}

impl Server {
    async fn start(does: ServerAction) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let requests = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&requests);
        let task = tokio::spawn(async move {
            loop {
                let Ok((stream, _)) = listener.accept().await else {
                    return;
                };
                tokio::spawn(serve(stream, does.clone(), Arc::clone(&counter)));
            }
        });
        Self {
            address,
            requests,
            task: task.abort_handle(),
        }
    }

    fn client(&self) -> QuayBuilder {
        Quay::builder()
            .base_url(format!("http://{}", self.address))
            .token("hunter2")
            .retry(quick())
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: TcpStream, does: ServerAction, counter: Arc<AtomicUsize>) {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    while !is_whole(&request) {
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return,
            Ok(n) => request.extend_from_slice(&buffer[..n]),
        }
    }
    counter.fetch_add(1, Ordering::SeqCst);
    match does {
        ServerAction::Says(text) => drop(stream.write_all(text.as_bytes()).await),
        ServerAction::Stalls(text) => {
            let _ = stream.write_all(text.as_bytes()).await;
            // Until the client gives up.
            while stream.read(&mut buffer).await.is_ok_and(|n| n > 0) {
                counter.fetch_add(1, Ordering::SeqCst);
            }
        }
    }
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_ascii_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |n| n.parse().unwrap_or(0));
    body.len() >= length
}

/// Three attempts, and hardly a wait.
fn quick() -> RetryPolicy {
    RetryPolicy::new()
        .max_attempts(3)
        .initial_backoff(Duration::from_millis(1))
        .max_backoff(Duration::from_millis(5))
        .jitter_from(|| 0.5)
}

fn says(status: &str, headers: &str, body: &str) -> ServerAction {
    ServerAction::Says(format!(
        "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n{body}",
        body.len()
    ))
}

fn page(status: &str) -> ServerAction {
    says(
        status,
        "content-type: text/html\r\n",
        &format!("<html><title>{status}</title></html>"),
    )
}

fn object(status: &str, body: serde_json::Value) -> ServerAction {
    says(
        status,
        "content-type: application/json\r\n",
        &body.to_string(),
    )
}

/// A read; a write that may be repeated; a write that may not.
async fn calls(quay: &Quay) -> Result<[Error; 3]> {
    let repository = quay.repository("acme/web")?;
    let error = |result: Result<()>| result.expect_err("it became a success");
    Ok([
        error(repository.get().await.map(drop)),
        error(repository.describe("text").await.map(drop)),
        error(
            quay.organization("acme")?
                .robot("ci")?
                .regenerate()
                .await
                .map(drop),
        ),
    ])
}

#[tokio::test]
async fn each_class_of_operation_is_repeated_after_what_allows_it_and_no_more() -> Result<()> {
    use ErrorKind as Kind;
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n";
    let read_only = json!({"message": "System is currently read-only.", "is_readonly": true});
    let downstream = json!({"title": "downstream_issue", "detail": "Clair", "status": 520});
    let later = "content-type: application/json\r\nretry-after: 1\r\n";
    // How often a read, an idempotent write and another write are sent; and whether the writes may
    // be done in the end.
    for (does, kind, sent, times, may_be_done) in [
        (
            page("429 Too Many Requests"),
            Kind::RateLimited,
            Delivery::Responded,
            [3, 3, 3],
            false,
        ),
        (
            object(
                "429 Too Many Requests",
                json!({"message": "Maximum queued build rate exceeded."}),
            ),
            Kind::RateLimited,
            Delivery::Responded,
            [3, 3, 3],
            false,
        ),
        (
            page("408 Request Timeout"),
            Kind::Unavailable,
            Delivery::Responded,
            [3, 3, 1],
            true,
        ),
        (
            page("502 Bad Gateway"),
            Kind::Unavailable,
            Delivery::Responded,
            [3, 3, 1],
            true,
        ),
        (
            page("503 Service Unavailable"),
            Kind::Unavailable,
            Delivery::Responded,
            [3, 3, 1],
            true,
        ),
        (
            says("503 Service Unavailable", "", ""),
            Kind::Unavailable,
            Delivery::Responded,
            [3, 3, 1],
            true,
        ),
        (
            page("504 Gateway Timeout"),
            Kind::Unavailable,
            Delivery::Responded,
            [3, 3, 1],
            true,
        ),
        (
            says("503 Service Unavailable", later, "{\"message\": \"Soon\"}"),
            Kind::Unavailable,
            Delivery::Responded,
            [3, 3, 1],
            true,
        ),
        (
            object("520 ", downstream),
            Kind::Downstream,
            Delivery::Responded,
            [3, 3, 1],
            true,
        ),
        (
            page("500 Internal Server Error"),
            Kind::Server,
            Delivery::Responded,
            [1, 1, 1],
            true,
        ),
        (
            object("503 Service Unavailable", read_only),
            Kind::ReadOnly,
            Delivery::Responded,
            [1, 1, 1],
            false,
        ),
        (
            object(
                "503 Service Unavailable",
                json!({"message": "Repository is in read only or mirror mode: 2"}),
            ),
            Kind::RepositoryReadOnly,
            Delivery::Responded,
            [1, 1, 1],
            false,
        ),
        (
            object("503 Service Unavailable", json!({"healthy": false})),
            Kind::Server,
            Delivery::Responded,
            [1, 1, 1],
            true,
        ),
        (
            object("400 Bad Request", json!({"message": "No"})),
            Kind::InvalidRequest,
            Delivery::Responded,
            [1, 1, 1],
            false,
        ),
        (
            object("401 Unauthorized", json!({"title": "invalid_token"})),
            Kind::TokenNotAccepted,
            Delivery::Responded,
            [1, 1, 1],
            false,
        ),
        (
            object("403 Forbidden", json!({"title": "insufficient_scope"})),
            Kind::ScopeMissing,
            Delivery::Responded,
            [1, 1, 1],
            false,
        ),
        (
            object("404 Not Found", json!({"title": "not_found"})),
            Kind::NotFound,
            Delivery::Responded,
            [1, 1, 1],
            false,
        ),
        (
            page("404 Not Found"),
            Kind::FeatureDisabled,
            Delivery::Responded,
            [1, 1, 1],
            false,
        ),
        (
            object("409 Conflict", json!({"detail": "No"})),
            Kind::Conflict,
            Delivery::Responded,
            [1, 1, 1],
            false,
        ),
        (
            says(
                "200 OK",
                "content-type: application/json\r\n",
                "{\"kind\": ",
            ),
            Kind::InvalidResponse,
            Delivery::Responded,
            [1, 1, 1],
            true,
        ),
        (
            says("302 Found", "location: /elsewhere\r\n", ""),
            Kind::Redirected,
            Delivery::Responded,
            [1, 1, 1],
            false,
        ),
        // Nothing at all, the beginning of a status line, the beginning of the headers.
        (
            ServerAction::Says(String::new()),
            Kind::Connection,
            Delivery::Unknown,
            [3, 3, 1],
            true,
        ),
        (
            ServerAction::Says("HTTP/1.1 20".to_owned()),
            Kind::Connection,
            Delivery::Unknown,
            [3, 3, 1],
            true,
        ),
        (
            ServerAction::Says("HTTP/1.1 200 OK\r\ncontent-ty".to_owned()),
            Kind::Connection,
            Delivery::Unknown,
            [3, 3, 1],
            true,
        ),
        (
            ServerAction::Says("220 smtp.example.com ready\r\n\r\n".to_owned()),
            Kind::Connection,
            Delivery::Unknown,
            [3, 3, 1],
            true,
        ),
        (
            ServerAction::Says(format!("{head}\r\n{{\"na")),
            Kind::Connection,
            Delivery::Responded,
            [3, 1, 1],
            true,
        ),
        (
            ServerAction::Stalls(String::new()),
            Kind::Timeout,
            Delivery::Unknown,
            [3, 3, 1],
            true,
        ),
        (
            ServerAction::Stalls(head.to_owned()),
            Kind::Timeout,
            Delivery::Unknown,
            [3, 3, 1],
            true,
        ),
        (
            ServerAction::Stalls(format!("{head}\r\n{{\"na")),
            Kind::Timeout,
            Delivery::Responded,
            [3, 1, 1],
            true,
        ),
        // What the refusal would have said is lost, and its status is not.
        (
            ServerAction::Stalls("HTTP/1.1 409 Conflict\r\ncontent-length: 9\r\n\r\n{".to_owned()),
            Kind::Conflict,
            Delivery::Responded,
            [1, 1, 1],
            false,
        ),
    ] {
        let server = Server::start(does.clone()).await;
        let patience = if matches!(does, ServerAction::Stalls(_)) {
            100
        } else {
            10_000
        };
        let quay = server
            .client()
            .timeout(Duration::from_millis(patience))
            .build()?;
        let errors = calls(&quay).await?;
        assert_eq!(server.requests(), times.iter().sum::<usize>(), "{does:?}");
        for (index, (error, times)) in errors.iter().zip(times).enumerate() {
            let seen = (error.kind(), error.delivery(), error.attempts() as usize);
            assert_eq!(seen, (kind, sent, times), "{index} {does:?}: {error:?}");
            // A read is never "done".
            assert_eq!(
                error.may_have_been_done(),
                may_be_done && index > 0,
                "{index} {does:?}: {error:?}"
            );
            assert!(error.elapsed() > Duration::ZERO && error.operation().is_some());
            assert!(!format!("{error} {error:?}").contains("hunter2"));
        }
    }
    Ok(())
}

#[tokio::test]
async fn what_was_never_sent_is_tried_again_whatever_it_is() -> Result<()> {
    let server = Server::start(page("200 OK")).await;
    let quay = server.client().build()?;
    let requests = Arc::clone(&server.requests);
    server.task.abort();
    // Until the port is closed.
    while TcpStream::connect(server.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    for error in calls(&quay).await? {
        assert_eq!(
            (error.kind(), error.delivery(), error.attempts()),
            (ErrorKind::Connection, Delivery::NotSent, 3),
            "{error:?}"
        );
        assert!(!error.may_have_been_done() && error.is_temporary());
        assert!(
            error
                .to_string()
                .ends_with(": could not connect to the server"),
            "{error}"
        );
    }
    assert_eq!(requests.load(Ordering::SeqCst), 0);
    Ok(())
}

#[tokio::test]
async fn a_status_that_says_done_is_believed_although_the_body_never_ends() -> Result<()> {
    for does in [
        ServerAction::Says("HTTP/1.1 204 No Content\r\n\r\n".into()),
        ServerAction::Stalls("HTTP/1.1 201 Created\r\ncontent-length: 9\r\n\r\n".into()),
    ] {
        let server = Server::start(does).await;
        let quay = server
            .client()
            .timeout(Duration::from_millis(100))
            .build()?;
        quay.repository("acme/web")?
            .tag("v1")?
            .expire_at(None)
            .await?;
        assert_eq!(server.requests(), 1);
    }
    Ok(())
}

#[tokio::test]
async fn a_call_succeeds_once_the_server_does() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let quay = Quay::builder()
        .base_url(sandbox.quay().base_url())
        .retry(quick())
        .build()?;
    sandbox.answer_next(Response::text(502, "text/html", "<html>"));
    sandbox.answer_next(Response::text(429, "text/html", "<html>"));
    assert_eq!(quay.repository("acme/app00")?.get().await?.name, "app00");
    assert_eq!(sandbox.requests().len(), 3);
    // The body is the same each time.
    sandbox.answer_next(Response::text(504, "text/html", "<html>"));
    sandbox.answer_next(Response::json(200, &json!({"success": true})));
    quay.repository("acme/app00")?.describe("text").await?;
    let sent: Vec<_> = sandbox
        .requests()
        .into_iter()
        .skip(3)
        .map(|request| request.body)
        .collect();
    assert_eq!(
        sent,
        [
            Some(json!({"description": "text"})),
            Some(json!({"description": "text"}))
        ]
    );
    Ok(())
}

#[tokio::test]
async fn a_repeated_delete_that_finds_nothing_says_that_it_may_be_its_own_doing() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let quay = Quay::builder()
        .base_url(sandbox.quay().base_url())
        .retry(quick())
        .build()?;
    sandbox.answer_next(Response::text(504, "text/html", "<html>"));
    sandbox.answer_next(Response::json(
        404,
        &json!({"title": "not_found", "detail": "Not Found"}),
    ));
    let error = quay
        .repository("acme/web")?
        .tag("v1")?
        .delete()
        .await
        .expect_err("nothing was there");
    assert!(error.is_not_found() && error.may_have_been_done() && error.attempts() == 2);
    assert_eq!(
        error.to_string(),
        "deleteFullTag: 404: Not Found (an earlier attempt, whose answer was lost, may have done it)"
    );
    Ok(())
}

#[tokio::test]
async fn settings_hold_for_a_client_or_for_some_calls() -> Result<()> {
    let server = Server::start(page("502 Bad Gateway")).await;
    let quay = server.client().build()?;
    let attempts = async |quay: &Quay| {
        Ok::<_, Error>(
            quay.repository("acme/web")?
                .get()
                .await
                .expect_err("502")
                .attempts(),
        )
    };
    assert_eq!(attempts(&quay).await?, 3);
    assert_eq!(attempts(&quay.with(|call| call.no_retries())).await?, 1);
    assert_eq!(attempts(&quay.with(|call| call.max_attempts(2))).await?, 2);
    assert_eq!(attempts(&server.client().no_retries().build()?).await?, 1);
    assert_eq!(attempts(&quay.with(|call| call.max_attempts(0))).await?, 1);
    assert_eq!(server.requests(), 8);
    // What is called by path goes by its method, or by what the caller says.
    for (method, is_idempotent, times) in [
        ("GET", None, 3),
        ("PUT", None, 3),
        ("POST", None, 1),
        ("PUT", Some(false), 1),
        ("POST", Some(true), 3),
    ] {
        let mut request = quay.request(method, "/x")?;
        if let Some(is_idempotent) = is_idempotent {
            request = request.idempotent(is_idempotent);
        }
        assert_eq!(
            request.send_bytes().await.expect_err("502").attempts(),
            times,
            "{method}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn retries_stop_when_the_shared_budget_is_spent() -> Result<()> {
    let server = Server::start(page("502 Bad Gateway")).await;
    let quay = server.client().retry(quick().budget(3)).build()?;
    let mut attempts = Vec::new();
    for _ in 0..4 {
        attempts.push(
            quay.clone()
                .with(|call| call.max_attempts(3))
                .me()
                .get()
                .await
                .expect_err("502")
                .attempts(),
        );
    }
    assert_eq!(attempts, [3, 2, 1, 1]);
    Ok(())
}

#[tokio::test]
async fn no_sleep_outlives_the_deadline() -> Result<()> {
    let server = Server::start(says("429 Too Many Requests", "retry-after: 30\r\n", "")).await;
    let quay = server
        .client()
        .retry(RetryPolicy::new().max_backoff(Duration::from_secs(60)))
        .deadline(Duration::from_secs(20))
        .build()?;
    let start = Instant::now();
    let error = quay.me().get().await.expect_err("429");
    assert_eq!(
        (error.kind(), error.attempts(), error.header("retry-after")),
        (ErrorKind::RateLimited, 1, Some("30"))
    );
    assert!(
        start.elapsed() < Duration::from_secs(10),
        "it did not wait for what could not help"
    );
    Ok(())
}

#[tokio::test]
async fn the_deadline_holds_for_all_attempts_together() -> Result<()> {
    let server = Server::start(ServerAction::Stalls(String::new())).await;
    let quay = server
        .client()
        .timeout(Duration::from_millis(150))
        .deadline(Duration::from_millis(200))
        .build()?;
    let error = quay.me().get().await.expect_err("silence");
    assert_eq!(
        (error.kind(), error.delivery(), error.attempts()),
        (ErrorKind::Timeout, Delivery::Unknown, 2)
    );
    assert!(error.elapsed() < Duration::from_secs(5));
    Ok(())
}

#[tokio::test]
async fn a_deadline_that_passes_in_the_line_says_that_nothing_was_sent() -> Result<()> {
    let server = Server::start(ServerAction::Stalls(String::new())).await;
    let quay = server.client().max_in_flight(1).build()?;
    let first = tokio::spawn({
        let quay = quay.clone();
        async move { quay.me().get().await.map(drop) }
    });
    while server.requests() == 0 {
        tokio::task::yield_now().await;
    }
    let hurried = quay.with(|call| call.deadline(Duration::from_millis(50)));
    let error = hurried
        .organization("acme")?
        .robot("ci")?
        .regenerate()
        .await
        .expect_err("there was no room");
    assert_eq!(
        (error.kind(), error.delivery(), error.attempts()),
        (ErrorKind::Timeout, Delivery::NotSent, 0)
    );
    assert!(!error.may_have_been_done());
    assert_eq!(
        error.to_string(),
        "regenerateOrgRobotToken: the deadline passed while the request waited for its turn"
    );
    assert_eq!(server.requests(), 1);
    // Who gives up frees the place.
    first.abort();
    let error = quay
        .with(|call| call.timeout(Duration::from_millis(50)).no_retries())
        .me()
        .get()
        .await
        .expect_err("silence");
    assert_eq!(
        (error.delivery(), server.requests()),
        (Delivery::Unknown, 2)
    );
    Ok(())
}

#[tokio::test]
async fn a_token_source_that_hangs_is_bounded_by_the_deadline() -> Result<()> {
    let server = Server::start(page("200 OK")).await;
    let quay = server
        .client()
        .token_from(std::future::pending)
        .deadline(Duration::from_millis(50))
        .build()?;
    let error = quay.me().get().await.expect_err("there is no token");
    assert_eq!(
        (
            error.kind(),
            error.delivery(),
            error.attempts(),
            server.requests()
        ),
        (ErrorKind::Timeout, Delivery::NotSent, 0, 0)
    );
    Ok(())
}

#[tokio::test]
async fn requests_are_spaced_as_told_for_all_clones_together() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let quay = Quay::builder()
        .base_url(sandbox.quay().base_url())
        .requests_per_second(50.0)
        .build()?;
    let start = Instant::now();
    let clones: Vec<_> = (0..5).map(|_| quay.clone()).collect();
    let calls = clones
        .iter()
        .map(async |quay| quay.repository("acme/app00")?.get().await);
    futures::future::try_join_all(calls).await?;
    assert!(
        start.elapsed() >= Duration::from_millis(80),
        "four gaps of a fiftieth of a second"
    );
    for (built, said) in [
        (
            Quay::builder().max_in_flight(0).build(),
            "max_in_flight 0: no request could ever be sent",
        ),
        (
            Quay::builder().requests_per_second(0.0).build(),
            "requests_per_second 0: it is no number above zero",
        ),
        (
            Quay::builder().requests_per_second(f64::NAN).build(),
            "requests_per_second NaN: it is no number above zero",
        ),
    ] {
        assert_eq!(
            built.map(drop).map_err(|e| e.to_string()),
            Err(said.to_owned())
        );
    }
    Ok(())
}

#[test]
fn a_runtime_that_is_shut_down_is_told_from_a_broken_connection() {
    let server_runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    let first = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";
    let server = server_runtime.block_on(Server::start(ServerAction::Stalls(first.to_owned())));
    let driver = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    let caller = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let quay = server.client().no_retries().build().expect("settings");
    // The connection belongs to the runtime in which it was made; the call is made in another.
    driver
        .block_on(quay.request("GET", "/x").expect("a path").send_bytes())
        .expect("an answer");
    let error = caller.block_on(async {
        let call = tokio::spawn(async move {
            quay.organization("acme")?
                .robot("ci")?
                .regenerate()
                .await
                .map(drop)
        });
        while server.requests() < 2 {
            tokio::task::yield_now().await;
        }
        driver.shutdown_background();
        call.await
            .expect("no panic")
            .expect_err("nobody answers any more")
    });
    assert_eq!(
        (error.kind(), error.delivery(), error.may_have_been_done()),
        (ErrorKind::Cancelled, Delivery::Unknown, true),
        "{error:?}"
    );
}
