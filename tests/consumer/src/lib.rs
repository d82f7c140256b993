//! A crate that uses the packed one: see `Cargo.toml`.

#![cfg(test)]

use futures::TryStreamExt;
use quay_api::testing::{Response, Sandbox};
use quay_api::{ErrorKind, Quay, Result};
use std::io::{Read, Write};

#[tokio::test]
async fn runs_the_first_example_of_the_readme() -> Result<()> {
    let sandbox = Sandbox::demo().await?;
    let mut tags = sandbox
        .quay()
        .repository("acme/web")?
        .tags()
        .list()
        .active()
        .stream();
    let mut count = 0;
    while let Some(tag) = tags.try_next().await? {
        assert!(!tag.name.is_empty());
        count += 1;
    }
    assert!(count > 0);
    sandbox.respond_next(Response::text(
        401,
        "application/json",
        r#"{"title": "invalid_token"}"#,
    ));
    assert!(sandbox
        .quay()
        .me()
        .get()
        .await
        .is_err_and(|e| e.is_unauthenticated()));
    Ok(())
}

/// Five million zeros, packed by gzip into 32 KB.
fn bomb() -> Vec<u8> {
    let mut bits: Vec<bool> = vec![true, true, false];
    let code = |bits: &mut Vec<bool>, value: u16, length: u8| {
        bits.extend((0..length).rev().map(|i| value >> i & 1 == 1))
    };
    // A zero, and then again and again the 258 bytes before.
    code(&mut bits, 0x30, 8);
    for _ in 0..20_000 {
        code(&mut bits, 0b1100_0101, 8);
        code(&mut bits, 0, 5);
    }
    code(&mut bits, 0, 7);
    let mut bytes = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    bytes.extend(bits.chunks(8).map(|bits| {
        bits.iter()
            .enumerate()
            .fold(0, |byte, (i, bit)| byte | u8::from(*bit) << i)
    }));
    bytes
}

#[tokio::test]
async fn limits_the_size_of_a_response_after_decompression() -> Result<()> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let server = tokio::task::spawn_blocking(move || {
        let (mut stream, _) = listener.accept().expect("a client");
        let received = stream.read(&mut [0; 4096]).expect("a request");
        let body = bomb();
        assert!(received > 0 && body.len() < 64 * 1024);
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\n\
             content-length: {}\r\n\r\n",
            body.len()
        );
        let _ = stream.write_all(&[head.as_bytes(), &body].concat());
        let _ = stream.read(&mut [0; 1]);
    });
    let quay = Quay::builder()
        .base_url(url)
        .max_response_size(1024 * 1024)
        .no_retries()
        .build()?;
    let error = quay
        .me()
        .get()
        .await
        .expect_err("five megabytes are more than one");
    assert_eq!(error.kind(), ErrorKind::ResponseTooLarge);
    drop(quay);
    server.await.expect("the server");
    Ok(())
}
