//! Connections that are dead, closed while idle, tunneled, or not of the version that they claim.

use super::super::table::GOOD;
use super::{client, failure, post, read, respond, respond_to_all, start, write};
use crate::support::frames::{Connection, FrameServer, PING, go_away, settings};
use crate::support::server::{let_others_read, response};
use crate::support::tls::Identity;
use quay_api::{Delivery, ErrorKind, HttpVersion, Quay};
use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Notify;

/// Advances the clock by half of the time after which a connection without a sign of life is
/// closed.
async fn pass_half_of_the_limit() {
    let_others_read().await;
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(15)).await;
    tokio::time::resume();
}

/// Otherwise, each later call would use the connection and fail.
#[tokio::test]
async fn a_dead_connection_is_replaced() {
    for is_write in [false, true] {
        let (arrived, pinged) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let notify = (Arc::clone(&arrived), Arc::clone(&pinged));
        // Its peer is gone, but a proxy keeps the connection open.
        let (server, quay) = start(move |mut connection: Connection| {
            let (arrived, pinged) = notify.clone();
            async move {
                if connection.number > 0 {
                    return respond_to_all(connection).await;
                }
                connection.begin(&[]).await?;
                respond(&mut connection).await?;
                loop {
                    let frame = connection.receive().await?;
                    if frame.ends_request() {
                        arrived.notify_one();
                    }
                    if frame.kind == PING {
                        pinged.notify_one();
                    }
                }
            }
        })
        .await;
        assert!(read(&quay).await.is_ok());
        let time_passes = async {
            arrived.notified().await;
            pass_half_of_the_limit().await;
            pinged.notified().await;
            pass_half_of_the_limit().await;
        };
        let call = async {
            match is_write {
                true => write(&quay).await,
                false => read(&quay).await,
            }
        };
        let (result, ()) = tokio::join!(call, time_passes);
        let expected = match is_write {
            true => Some((ErrorKind::Timeout, Delivery::Unknown, true)),
            false => None,
        };
        assert_eq!(failure(&result), expected, "{result:?}");
        // No other call has to wait.
        for _ in 0..3 {
            assert!(write(&quay).await.is_ok());
        }
        assert_eq!(server.connections(), 2);
    }
}

/// A long response is no sign of a dead connection: the server responds to PING.
#[tokio::test]
async fn a_slow_response_is_awaited() {
    let (server, quay) = start(|mut connection: Connection| async move {
        connection.begin(&[]).await?;
        let stream = connection.request().await?;
        for _ in 0..3 {
            pass_half_of_the_limit().await;
            while connection.frame().await?.kind != PING {}
        }
        let response = crate::support::frames::response(stream, "200", GOOD);
        connection.send(response).await?;
        connection.until_closed().await
    })
    .await;
    assert_eq!(failure(&write(&quay).await), None);
    assert_eq!((server.requests(), server.connections()), (1, 1));
}

fn runtime() -> Runtime {
    Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime")
}

/// The runtime of the client is blocked while the server closes the idle connection. No write is
/// sent on it, so its outcome is known.
#[test]
fn a_write_after_a_blocked_thread_uses_a_new_connection() {
    for sends_go_away in [true, false] {
        for has_body in [true, false] {
            let servers = runtime();
            let (close, to_close) = mpsc::channel::<()>();
            let (closed, is_closed) = mpsc::channel();
            let to_close = Arc::new(std::sync::Mutex::new(to_close));
            let server = servers.block_on(FrameServer::start(move |mut connection| {
                let (to_close, closed) = (Arc::clone(&to_close), closed.clone());
                async move {
                    if connection.number > 0 {
                        return respond_to_all(connection).await;
                    }
                    connection.begin(&[]).await?;
                    respond(&mut connection).await?;
                    tokio::task::block_in_place(|| {
                        to_close
                            .lock()
                            .expect("one connection")
                            .recv()
                            .expect("a sign")
                    });
                    if sends_go_away {
                        connection.send(go_away(1, 0)).await?;
                    }
                    connection.close().await?;
                    closed.send(()).expect("the test waits");
                    Ok(())
                }
            }));
            let quay = client(&server.url())
                .http_version(HttpVersion::Http2)
                .build()
                .expect("a client");
            write_after_a_pause(&quay, has_body, &close, &is_closed);
            assert_eq!((server.requests(), server.connections()), (2, 2));
        }
    }
}

/// The same over HTTP/1.1.
#[test]
fn a_write_after_a_blocked_thread_uses_a_new_http1_connection() {
    for resets in [true, false] {
        for has_body in [true, false] {
            let servers = runtime();
            let (close, to_close) = mpsc::channel::<()>();
            let (closed, is_closed) = mpsc::channel();
            let listener = servers
                .block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))
                .expect("a port");
            let url = format!("http://{}", listener.local_addr().expect("an address"));
            let requests = Arc::new(AtomicUsize::new(0));
            let count = Arc::clone(&requests);
            servers.spawn(async move {
                for _ in 0..2 {
                    let (mut stream, _) = listener.accept().await?;
                    let mut received = vec![0; 64 * 1024];
                    // The requests of these tests arrive in one or two parts.
                    let mut length = 0;
                    while !is_complete(&received[..length]) {
                        length += stream.read(&mut received[length..]).await?;
                    }
                    count.fetch_add(1, Ordering::SeqCst);
                    stream
                        .write_all(&response(200, "application/json", GOOD))
                        .await?;
                    tokio::task::block_in_place(|| to_close.recv().expect("a sign"));
                    if resets {
                        stream.set_zero_linger()?;
                    }
                    drop(stream);
                    closed.send(()).expect("the test waits");
                }
                io::Result::Ok(())
            });
            let quay = client(&url)
                .http_version(HttpVersion::Http1)
                .build()
                .expect("a client");
            write_after_a_pause(&quay, has_body, &close, &is_closed);
            assert_eq!(requests.load(Ordering::SeqCst), 2);
        }
    }
}

/// Returns true for a whole request of these tests.
fn is_complete(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    text.split_once("\r\n\r\n").is_some_and(|(head, body)| {
        let head = head.to_ascii_lowercase();
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))
            .map_or(0, |length| length.parse().unwrap_or(usize::MAX));
        body.len() == length
    })
}

/// Makes a call, blocks the thread until the server has closed the connection, and writes.
fn write_after_a_pause(
    quay: &Quay,
    has_body: bool,
    close: &mpsc::Sender<()>,
    is_closed: &mpsc::Receiver<()>,
) {
    let client = Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    client.block_on(async {
        assert!(read(quay).await.is_ok());
        // The connection is idle after some turns of the runtime.
        let_others_read().await;
        close.send(()).expect("the server waits");
        is_closed.recv().expect("the connection is closed");
        let failed = match has_body {
            true => failure(&post(quay).await),
            false => failure(&write(quay).await),
        };
        assert_eq!(failed, None);
        let _ = close.send(());
    });
}

#[tokio::test]
async fn the_version_that_tls_negotiates_is_checked() {
    let identity = Identity::of("127.0.0.1");
    // HTTP/2 was negotiated, and the server speaks HTTP/1.1.
    let server = FrameServer::start_tls(&identity, |mut connection| async move {
        connection.begin(&[]).await?;
        connection.request().await?;
        let response = response(200, "application/json", GOOD);
        connection.send(response).await?;
        connection.close().await
    })
    .await;
    check_version(&server.url(), &identity, "does not speak HTTP/2").await;
    // Nothing was negotiated, or HTTP/1.1, and the server speaks HTTP/2.
    for protocols in [&[][..], &[&b"http/1.1"[..]]] {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .expect("a port");
        let url = format!("https://{}", listener.local_addr().expect("an address"));
        let acceptor = identity.acceptor(protocols);
        let server = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await?;
                let mut stream = acceptor.accept(stream).await?;
                if stream.read(&mut [0; 4096]).await? > 0 {
                    stream.write_all(&settings(&[])).await?;
                    stream.shutdown().await?;
                }
            }
            #[expect(unreachable_code, reason = "the type of the task")]
            io::Result::Ok(())
        });
        check_version(&url, &identity, "is not valid HTTP").await;
        server.abort();
    }
}

async fn check_version(url: &str, identity: &Identity, message: &str) {
    let quay = client(url)
        .root_certificate(identity.root.as_str())
        .build()
        .expect("a client");
    let error = read(&quay).await.expect_err(message);
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connection, 3));
    assert!(error.message().contains(message), "{error:?}");
    let error = write(&quay).await.expect_err(message);
    assert!(error.message().contains(message), "{error:?}");
    assert!(error.kind() == ErrorKind::Connection && error.may_have_been_done());
}

/// Servers of other protocols, such as SMTP, begin with a greeting.
#[tokio::test]
async fn a_greeting_is_no_response_to_a_write() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let server = tokio::spawn(async move {
        let mut connections = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.write_all(b"220 mail.example.com ESMTP\r\n").await;
            connections.push(stream);
        }
    });
    // The greeting usually arrives before a request is sent.
    let mut is_not_sent = false;
    for _ in 0..100 {
        let quay = client(&url).build().expect("a client");
        let error = write(&quay).await.expect_err("no HTTP");
        is_not_sent = error.delivery() == Delivery::NotSent;
        assert_eq!(error.kind(), ErrorKind::Connection, "{error:?}");
        if is_not_sent {
            break;
        }
    }
    assert!(is_not_sent);
    server.abort();
}

#[tokio::test]
async fn http2_is_spoken_through_a_tunnel() {
    let identity = Identity::of("127.0.0.1");
    let server = FrameServer::start_tls(&identity, respond_to_all).await;
    let proxy = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .expect("a port");
    let url = format!("http://{}", proxy.local_addr().expect("an address"));
    let target = server.address();
    let tunnels = tokio::spawn(async move {
        while let Ok((mut from, _)) = proxy.accept().await {
            tokio::spawn(async move {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    head.push(from.read_u8().await?);
                }
                let mut to = TcpStream::connect(target).await?;
                from.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
                tokio::io::copy_bidirectional(&mut from, &mut to).await
            });
        }
    });
    let quay = client(&server.url())
        .root_certificate(identity.root.as_str())
        .proxy(url)
        .build()
        .expect("a client");
    for _ in 0..3 {
        assert!(read(&quay).await.is_ok() && write(&quay).await.is_ok());
    }
    assert_eq!((server.requests(), server.connections()), (6, 1));
    tunnels.abort();
}
