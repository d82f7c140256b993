//! Proxies that do not let through.

use super::{Act, Server, answer};

/// A proxy that answers every request, `CONNECT` as well, with a refusal.
pub async fn refusing(status: u16) -> Server {
    Server::start([Act::Close(answer(status, "text/html", "<html><head><title>Not through here</title></head></html>"))]).await
}
