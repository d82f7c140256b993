//! Reading the body of an answer, and not more of it than fits.

use super::patience::{Over, Patience};
use bytes::{Bytes, BytesMut};

/// Why a body can't be read.
#[derive(Debug)]
pub(super) enum Unread {
    TooLong,
    Late,
    Broken(reqwest::Error),
}

/// The whole body, if it is no longer than the limit. What counts are the bytes after decompression, as they come in.
pub(super) async fn whole(response: &mut reqwest::Response, limit: usize, patience: Patience<'_>) -> Result<Bytes, Unread> {
    if response.content_length().is_some_and(|length| length > limit as u64) {
        return Err(Unread::TooLong);
    }
    // Nearly every answer is one chunk: it is not copied.
    let Some(first) = next(response, limit, patience).await? else { return Ok(Bytes::new()) };
    let Some(second) = next(response, limit - first.len(), patience).await? else { return Ok(first) };
    let mut body = BytesMut::with_capacity((first.len() + second.len()) * 2);
    body.extend_from_slice(&first);
    body.extend_from_slice(&second);
    while let Some(chunk) = next(response, limit - body.len(), patience).await? {
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

async fn next(response: &mut reqwest::Response, left: usize, patience: Patience<'_>) -> Result<Option<Bytes>, Unread> {
    match patience.wait(response.chunk()).await.map_err(|Over| Unread::Late)? {
        Ok(Some(chunk)) if chunk.len() > left => Err(Unread::TooLong),
        Ok(chunk) => Ok(chunk),
        Err(error) => Err(Unread::Broken(error)),
    }
}

/// As much of the body as comes, up to the limit. What is behind it is left unread.
pub(super) async fn beginning(response: &mut reqwest::Response, limit: usize, patience: Patience<'_>) -> Bytes {
    let mut body = BytesMut::new();
    while body.len() < limit {
        match patience.wait(response.chunk()).await {
            Ok(Ok(Some(chunk))) => body.extend_from_slice(&chunk[..chunk.len().min(limit - body.len())]),
            // The status is worth more than the end of the text.
            Ok(Ok(None) | Err(_)) | Err(Over) => break,
        }
    }
    body.freeze()
}
