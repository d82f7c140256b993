//! The example `prometheus_metrics`.

use super::{Result, folder, pointed_at, run, run_on, shop};
use std::io::{BufRead, BufReader};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[tokio::test]
async fn prometheus_metrics_are_served_in_the_text_format() -> Result {
    let folder = folder("prometheus_metrics")?;
    let sandbox = shop().await?;
    let found = run_on(&sandbox, "prometheus_metrics", &["shop", "--once"], &folder).await?;
    found.ends_with(0).prints(&[
        "# TYPE quay_calls_total counter\n",
        "quay_calls_total{operation=\"getOrganization\",outcome=\"success\",error=\"\",\
         status=\"200\"} 1\n",
        "quay_refused_requests_total{operation=\"getOrganization\",",
    ]);
    // On the embedded server; a missing organization is not a failure.
    let arguments = ["no-such-organization", "--once"];
    let missing = run("prometheus_metrics", &arguments, &folder).await?;
    missing.ends_with(0).prints(&[
        "operation=\"getOrganization\",outcome=\"expected\",error=\"NotFound\",status=\"404\"} 1\n",
    ]);
    let note = "no-such-organization does not exist";
    assert!(missing.err.contains(note), "{}", missing.err);
    Ok(())
}

#[tokio::test]
async fn prometheus_metrics_continue_after_disconnected_clients_and_failed_calls() -> Result {
    let folder = folder("prometheus_clients")?;
    let sandbox = shop().await?;
    sandbox.fail("getOrganization").status(403).always();
    let arguments = ["shop", "--every", "10ms"];
    let mut child = pointed_at(&sandbox, "prometheus_metrics", &arguments, &folder)?.spawn()?;
    let mut err = BufReader::new(child.stderr.take().ok_or("no standard error")?);
    let mut line = String::new();
    err.read_line(&mut line)?;
    // The rest is read too, so that the program does not block.
    let rest = tokio::task::spawn_blocking(move || std::io::copy(&mut err, &mut std::io::sink()));
    let address = line.trim().trim_start_matches("metrics: http://");
    let address = address.trim_end_matches("/metrics");
    // One client disconnects in the middle of its request, and one sends nothing.
    TcpStream::connect(address)
        .await?
        .write_all(b"GET /met")
        .await?;
    let _silent = TcpStream::connect(address).await?;
    let text = loop {
        let mut stream = TcpStream::connect(address).await?;
        let request = "GET / HTTP/1.1\r\nhost: metrics\r\nconnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).await?;
        let mut text = String::new();
        stream.read_to_string(&mut text).await?;
        if text.contains("outcome=\"failure\"") {
            break text;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    child.kill()?;
    child.wait()?;
    rest.await??;
    assert!(text.starts_with("HTTP/1.1 200 OK"), "{text}");
    Ok(())
}
