//! HTTP/2 servers that refuse requests, close their connections, or send what they should not.

mod connections;
mod frames;
mod goaway;
mod streams;

use super::table::GOOD;
use super::{bounded, client, quick, read, write};
use crate::support::frames::{Connection, FrameServer, response};
use quay_api::{Delivery, ErrorKind, HttpVersion, Quay, Result};
use std::future::Future;
use std::io;

/// Starts a server, and a client that speaks HTTP/2 with it over plain http.
async fn start<F, S>(serve: F) -> (FrameServer, Quay)
where
    F: Fn(Connection) -> S + Send + 'static,
    S: Future<Output = io::Result<()>> + Send + 'static,
{
    let server = FrameServer::start(serve).await;
    let quay = client(&server.url())
        .http_version(HttpVersion::Http2)
        .build()
        .expect("a client");
    (server, quay)
}

/// Responds to all requests of a connection.
async fn respond_to_all(mut connection: Connection) -> io::Result<()> {
    connection.begin(&[]).await?;
    loop {
        respond(&mut connection).await?;
    }
}

/// Responds to the next request.
async fn respond(connection: &mut Connection) -> io::Result<()> {
    let stream = connection.request().await?;
    connection.send(response(stream, "200", GOOD)).await
}

/// Sends frames in response to the first request of a server, and responds to all later ones.
async fn begin_with(frames: fn(u32) -> Vec<u8>, mut connection: Connection) -> io::Result<()> {
    if connection.number > 0 {
        return respond_to_all(connection).await;
    }
    connection.begin(&[]).await?;
    let stream = connection.request().await?;
    connection.send(frames(stream)).await?;
    loop {
        respond(&mut connection).await?;
    }
}

/// A write that may be repeated.
async fn delete(quay: &Quay) -> Result<()> {
    bounded(async { quay.organization("acme")?.robot("ci")?.delete().await }).await
}

/// A write with a body that may not, and whose response is not decoded.
async fn post(quay: &Quay) -> Result<Vec<u8>> {
    let body = "x".repeat(1000);
    bounded(async { quay.request("POST", "/x")?.json(&body).send_bytes().await }).await
}

/// Returns the kind of the error, the delivery, and whether it may have been done.
fn failure<T>(result: &Result<T>) -> Option<(ErrorKind, Delivery, bool)> {
    let error = result.as_ref().err()?;
    Some((error.kind(), error.delivery(), error.may_have_been_done()))
}

/// The failure of a write whose outcome is unknown.
const UNSURE: Option<(ErrorKind, Delivery, bool)> =
    Some((ErrorKind::Connection, Delivery::Unknown, true));
