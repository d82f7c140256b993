//! Proxies that do not let through.

use super::{Server, ServerAction, answer};

/// A proxy that answers every request, `CONNECT` as well, with a refusal.
pub async fn refusing(status: u16) -> Server {
    Server::start([ServerAction::Close(answer(
        status,
        "text/html",
        "<html><head><title>Not through here</title></head></html>",
    ))])
    .await
}
