//! Token files and token functions that hang or fail.

use crate::support::process::is_alone;
use crate::support::server::{Server, ServerAction, response};
use futures::future::join_all;
use quay_api::types::Secret;
use quay_api::{Delivery, ErrorKind, Quay, Result};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

fn user() -> ServerAction {
    let body = r#"{"username": "alice", "anonymous": false}"#;
    ServerAction::Send(response(200, "application/json", body))
}

#[tokio::test]
async fn a_token_source_that_hangs_does_not_block_other_calls() -> Result<()> {
    let server = Server::start([user()]).await;
    let (hangs, calls) = (
        Arc::new(AtomicBool::new(true)),
        Arc::new(AtomicUsize::new(0)),
    );
    let (hanging, counter) = (Arc::clone(&hangs), Arc::clone(&calls));
    let quay = Quay::builder()
        .base_url(server.url())
        .max_in_flight(1)
        .token_from(move || {
            let hangs = hanging.load(Ordering::SeqCst);
            counter.fetch_add(1, Ordering::SeqCst);
            async move {
                if hangs {
                    std::future::pending::<()>().await;
                }
                Ok(Secret::from("hunter2"))
            }
        })
        .build()?;
    let waiting = (0..50).map(|number| {
        let deadline = Duration::from_millis(100 + number);
        let hurried = quay.with(|call| call.operation_timeout(deadline));
        async move { hurried.organization("acme")?.delete().await }
    });
    for result in join_all(waiting).await {
        let error = result.expect_err("there is no token");
        assert_eq!(
            (error.kind(), error.delivery(), error.attempts()),
            (ErrorKind::Timeout, Delivery::NotSent, 0)
        );
        assert!(error.to_string().contains("waited for a token"), "{error}");
        assert!(!error.may_have_been_done());
    }
    assert_eq!(calls.load(Ordering::SeqCst), 1, "they waited for one token");
    // A call that hangs there does not delay others.
    let hung = tokio::spawn({
        let quay = quay.clone();
        async move { quay.me().get().await.map(drop) }
    });
    while calls.load(Ordering::SeqCst) < 2 {
        tokio::task::yield_now().await;
    }
    let other = Quay::clone(&quay);
    hung.abort();
    let _ = hung.await;
    hangs.store(false, Ordering::SeqCst);
    assert_eq!(other.me().get().await?.username, "alice");
    assert_eq!(server.requests().len(), 1);
    Ok(())
}

/// A pipe, as the shell makes one of `<(command)`: it can be read once.
#[cfg(unix)]
#[test]
fn reads_a_token_from_the_output_of_a_command() {
    let program = std::env::current_exe().expect("the path of this program");
    let script = "QUAY_TOKEN_FILE=<(sleep 0.2; echo a-piped-token) exec \"$0\" --exact \
                  token_sources::calls_with_a_piped_token --include-ignored --nocapture";
    // `env` gives the variable to the program; an assignment alone does so, too, but its pipe may
    // be closed before.
    let script = script.replacen("QUAY_TOKEN_FILE", "exec env QUAY_TOKEN_FILE", 1);
    let script = script.replacen(" exec \"$0\"", " QUAY_API_TEST_ALONE=1 \"$0\"", 1);
    let output = std::process::Command::new("bash")
        .arg("-c")
        .arg(script)
        .arg(program)
        .output()
        .expect("bash can be started");
    let printed = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        output.status.success() && printed.contains("1 passed"),
        "{printed}"
    );
}

#[tokio::test]
#[ignore = "run by the other test, which opens the pipe"]
async fn calls_with_a_piped_token() -> Result<()> {
    assert!(is_alone());
    let server = Server::start([user()]).await;
    assert!(std::env::var("QUAY_URL").is_err());
    let from_env = Quay::from_env()?;
    assert_eq!(
        format!("{from_env:?}"),
        "Quay { base_url: \"https://quay.io\", token: Fixed, .. }"
    );
    // The variable's pipe is read: another client has nothing to read.
    assert!(Quay::from_env().is_err_and(|e| {
        e.to_string()
            .ends_with("the token is not valid: it is empty")
    }));
    drop(server);
    Ok(())
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_token_file_that_blocks_uses_no_thread_of_the_application() -> Result<()> {
    let threads = || {
        let status = std::fs::read_to_string("/proc/self/status").expect("the status");
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("Threads:"));
        line.and_then(|number| number.trim().parse::<usize>().ok())
            .expect("a number")
    };
    let folder = std::env::temp_dir().join(format!("quay-api-blocks-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join("token");
    std::fs::write(&path, "first").expect("a file");
    let server = Server::start([user()]).await;
    let quay = Quay::builder()
        .base_url(server.url())
        .token_file(&path)
        .build()?;
    quay.me().get().await?;
    let before = threads();
    // A device without an end, and a pipe without a writer, in its place.
    for (program, arguments) in [("ln", ["-s", "/dev/zero"].as_slice()), ("mkfifo", &[])] {
        std::fs::remove_file(&path).expect("removed");
        let status = std::process::Command::new(program)
            .args(arguments)
            .arg(&path)
            .status();
        assert!(status.is_ok_and(|status| status.success()), "{program}");
        let start = Instant::now();
        for result in join_all((0..600).map(|_| async { quay.me().get().await })).await {
            result?;
        }
        // Less than if they waited one after the other.
        assert!(start.elapsed() < Duration::from_secs(600), "{program}");
        assert!(tokio::task::spawn_blocking(|| ()).await.is_ok());
    }
    // Other tests of this process may have started threads.
    assert!(threads() < before + 100, "{before}, then {}", threads());
    assert!(
        server
            .requests()
            .iter()
            .all(|request| request.header("authorization") == Some(b"Bearer first"))
    );
    std::fs::remove_dir_all(&folder).expect("removed");
    Ok(())
}
