//! Proxies that let no request through.

use super::server::{Server, ServerAction, response};

/// Starts a proxy that responds to every request, `CONNECT` as well, with an error page.
pub async fn rejecting(status: u16) -> Server {
    Server::start([ServerAction::Close(response(
        status,
        "text/html",
        "<html><head><title>Not through here</title></head></html>",
    ))])
    .await
}
