//! Faults below HTTP: TLS handshakes that hang, and HTTP/2 frames that end or reject a request.

use crate::support::server::{TIME_OUT, pass_time_out};
use crate::support::tls::Identity;
use quay_api::types::RobotAccount;
use quay_api::{Delivery, ErrorKind, Quay, QuayBuilder, Result, RetryPolicy};
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const NO_ERROR: u32 = 0;
const PROTOCOL_ERROR: u32 = 1;
const INTERNAL_ERROR: u32 = 2;
const REFUSED_STREAM: u32 = 7;
const ENHANCE_YOUR_CALM: u32 = 11;

/// Returns a frame of HTTP/2.
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len())
        .expect("a short payload")
        .to_be_bytes();
    let mut frame = length[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

fn reset(code: u32) -> Vec<u8> {
    frame(3, 0, 1, &code.to_be_bytes())
}

fn go_away(last_stream: u32, code: u32) -> Vec<u8> {
    frame(
        7,
        0,
        0,
        &[last_stream.to_be_bytes(), code.to_be_bytes()].concat(),
    )
}

/// The behavior of a server after its response, until the client closes the connection.
#[derive(Clone, Copy, PartialEq)]
enum Then {
    /// Sends nothing.
    Wait,
    /// Waits until the time-out of the client has expired.
    TimeOut,
    /// Repeats the response, and lets the time-out expire.
    Repeat,
}

/// Starts a server that sends its settings, reads a request on each connection, and responds with
/// bytes.
async fn http2_server(
    identity: &Identity,
    answer: Vec<u8>,
    then: Then,
) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .expect("a port");
    let address = listener.local_addr().expect("an address");
    let (acceptor, requests) = (identity.acceptor(&[b"h2"]), Arc::new(AtomicUsize::new(0)));
    let counter = Arc::clone(&requests);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, counter, answer) =
                (acceptor.clone(), Arc::clone(&counter), answer.clone());
            tokio::spawn(async move {
                let mut stream = acceptor.accept(stream).await?;
                stream.write_all(&frame(4, 0, 0, &[])).await?;
                stream.flush().await?;
                let mut preface = [0; 24];
                stream.read_exact(&mut preface).await?;
                // The head of a request is a frame of kind 1.
                loop {
                    let mut head = [0; 9];
                    stream.read_exact(&mut head).await?;
                    let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
                    let mut payload = vec![0; length as usize];
                    stream.read_exact(&mut payload).await?;
                    if head[3] == 1 {
                        break;
                    }
                }
                counter.fetch_add(1, Ordering::SeqCst);
                stream.write_all(&answer).await?;
                stream.flush().await?;
                let until_closed = async {
                    if then == Then::Repeat {
                        loop {
                            stream.write_all(&answer).await?;
                            stream.flush().await?;
                        }
                    }
                    let mut rest = [0; 1024];
                    while stream.read(&mut rest).await? > 0 {}
                    std::io::Result::Ok(())
                };
                let mut until_closed = pin!(until_closed);
                if then != Then::Wait {
                    tokio::select! {
                        () = pass_time_out() => {}
                        // The client has not waited for its time-out.
                        ended = &mut until_closed => return ended,
                    }
                }
                until_closed.await
            });
        }
    });
    (address, requests)
}

fn client(address: SocketAddr, identity: &Identity) -> QuayBuilder {
    let retry = RetryPolicy::new()
        .max_attempts(3)
        .initial_backoff(Duration::from_millis(1))
        .max_backoff(Duration::from_millis(5));
    Quay::builder()
        .base_url(format!("https://{address}"))
        .root_certificate(identity.root.as_str())
        .token("hunter2")
        .retry(retry)
        .attempt_timeout(TIME_OUT)
}

async fn read(quay: &Quay) -> Result<RobotAccount> {
    quay.organization("acme")?.robot("ci")?.get().await
}

async fn write(quay: &Quay) -> Result<RobotAccount> {
    quay.organization("acme")?.robot("ci")?.regenerate().await
}

#[tokio::test]
async fn a_handshake_that_hangs_is_bounded_by_the_time_to_connect() -> Result<()> {
    let identity = Identity::of("127.0.0.1");
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .expect("a port");
    let address = listener.local_addr().expect("an address");
    let silent = tokio::spawn(async move {
        let mut connections = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            connections.push(stream);
        }
    });
    let quay = client(address, &identity)
        .connect_timeout(Duration::from_millis(100))
        .attempt_timeout(Duration::from_secs(600))
        .build()?;
    let start = Instant::now();
    for result in [read(&quay).await, write(&quay).await] {
        let error = result.expect_err("the server sends nothing");
        assert_eq!(
            (error.kind(), error.delivery(), error.attempts()),
            (ErrorKind::Timeout, Delivery::NotSent, 3),
            "{error:?}"
        );
        assert!(!error.may_have_been_done());
    }
    // Less than one of the other time-outs.
    assert!(start.elapsed() < Duration::from_secs(600));
    silent.abort();
    Ok(())
}

#[tokio::test]
async fn a_connection_without_tls_is_a_tls_or_connection_error() -> Result<()> {
    let identity = Identity::of("127.0.0.1");
    for answer in [
        &b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n"[..],
        b"",
        b"\x15\x03\x03\x00\x02\x02\x28",
        &[0; 4096],
    ] {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .expect("a port");
        let address = listener.local_addr().expect("an address");
        let answer = answer.to_vec();
        let server = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = stream.read(&mut [0; 1024]).await;
                let _ = stream.write_all(&answer).await;
            }
        });
        let quay = client(address, &identity).build()?;
        let error = write(&quay).await.expect_err("no TLS");
        assert!(
            matches!(error.kind(), ErrorKind::Tls | ErrorKind::Connection)
                && error.delivery() == Delivery::NotSent
                && !error.may_have_been_done(),
            "{error:?}"
        );
        server.abort();
    }
    Ok(())
}

#[tokio::test]
async fn a_write_may_have_been_done_after_a_frame_that_ends_the_request() -> Result<()> {
    let identity = Identity::of("127.0.0.1");
    for (name, answer) in [
        ("reset, internal error", reset(INTERNAL_ERROR)),
        ("reset, protocol error", reset(PROTOCOL_ERROR)),
        ("reset, no error", reset(NO_ERROR)),
        ("go away, calm", go_away(1, ENHANCE_YOUR_CALM)),
        ("go away, protocol error", go_away(1, PROTOCOL_ERROR)),
        ("data without a head", frame(0, 1, 1, b"{}")),
        ("a frame too long", vec![0xff; 64]),
        (
            "settings that are invalid",
            frame(4, 0, 0, &[0, 4, 0xff, 0xff, 0xff, 0xff]),
        ),
        ("a head that can't be decoded", frame(1, 5, 1, &[0xff; 16])),
    ] {
        // A server that closes a connection may still respond to requests that it received.
        let (then, kind) = match name {
            "go away, calm" => (Then::TimeOut, Some(ErrorKind::Timeout)),
            _ => (Then::Wait, None),
        };
        let (address, requests) = http2_server(&identity, answer, then).await;
        let quay = client(address, &identity).build()?;
        let error = write(&quay).await.expect_err(name);
        let kind = kind.unwrap_or(error.kind());
        assert_eq!(
            (error.kind(), error.attempts(), error.may_have_been_done()),
            (kind, 1, true),
            "{name}: {error:?}"
        );
        assert!(error.is_temporary(), "{name}: {error:?}");
        assert_eq!(requests.load(Ordering::SeqCst), 1, "{name}");
        // A read is retried. If the connection is still open, the server does not respond on it.
        let hurried = quay.with(|call| call.attempt_timeout(Duration::from_millis(300)));
        let error = read(&hurried).await.expect_err(name);
        // A retry that was sent before GOAWAY arrived is not processed, and does not count.
        let attempts = match name.starts_with("go away") {
            true => 3..=9,
            false => 3..=3,
        };
        assert!(attempts.contains(&error.attempts()), "{name}: {error:?}");
        assert!(
            error.is_temporary() && !error.may_have_been_done(),
            "{name}: {error:?}"
        );
    }
    Ok(())
}

/// The server reports that it did nothing. The number of retries is limited.
#[tokio::test]
async fn a_request_that_the_server_refuses_to_process_ends_in_time() -> Result<()> {
    let identity = Identity::of("127.0.0.1");
    for answer in [reset(REFUSED_STREAM), go_away(0, NO_ERROR)] {
        let (address, requests) = http2_server(&identity, answer, Then::TimeOut).await;
        let quay = client(address, &identity).build()?;
        let error = write(&quay).await.expect_err("refused");
        assert!(
            matches!(error.kind(), ErrorKind::Connection | ErrorKind::Timeout),
            "{error:?}"
        );
        let sent = requests.load(Ordering::SeqCst);
        assert!((1..=10).contains(&sent), "{sent}");
    }
    Ok(())
}

#[tokio::test]
async fn floods_of_frames_end_at_the_time_out_of_the_attempt() -> Result<()> {
    let identity = Identity::of("127.0.0.1");
    for (name, answer) in [
        (
            "settings",
            frame(4, 0, 0, &[0, 4, 0, 0, 0xff, 0xff]).repeat(100),
        ),
        ("pings", frame(6, 0, 0, &[0; 8]).repeat(100)),
        ("windows", frame(8, 0, 1, &[0, 0, 0, 1]).repeat(100)),
        ("unknown frames", frame(0x77, 0, 1, &[0; 64]).repeat(100)),
    ] {
        let (address, _) = http2_server(&identity, answer, Then::Repeat).await;
        let quay = client(address, &identity).build()?;
        let write = tokio::time::timeout(10 * TIME_OUT, write(&quay)).await;
        let error = write.expect("it ends").expect_err(name);
        assert!(
            matches!(error.kind(), ErrorKind::Connection | ErrorKind::Timeout)
                && error.attempts() == 1
                && error.may_have_been_done(),
            "{name}: {error:?}"
        );
    }
    Ok(())
}
