//! Reading the body of a response up to a limit.

use super::timeouts::{Elapsed, Timeouts};
use bytes::{Bytes, BytesMut};

/// The reason why a body can't be read.
#[derive(Debug)]
pub(super) enum BodyError {
    TooLarge,
    TimedOut,
    Broken(reqwest::Error),
}

/// Reads the whole body, unless it is longer than the limit, which counts bytes after
/// decompression.
pub(super) async fn read_to_end(
    response: &mut reqwest::Response,
    limit: usize,
    timeouts: Timeouts<'_>,
) -> Result<Bytes, BodyError> {
    if response
        .content_length()
        .is_some_and(|length| length > limit as u64)
    {
        return Err(BodyError::TooLarge);
    }
    // Nearly every body is one chunk, which is not copied.
    let Some(first) = next_chunk(response, limit, timeouts).await? else {
        return Ok(Bytes::new());
    };
    let Some(second) = next_chunk(response, limit - first.len(), timeouts).await? else {
        return Ok(first);
    };
    let mut body = BytesMut::with_capacity((first.len() + second.len()) * 2);
    body.extend_from_slice(&first);
    body.extend_from_slice(&second);
    while let Some(chunk) = next_chunk(response, limit - body.len(), timeouts).await? {
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

async fn next_chunk(
    response: &mut reqwest::Response,
    remaining: usize,
    timeouts: Timeouts<'_>,
) -> Result<Option<Bytes>, BodyError> {
    match timeouts
        .wait(response.chunk())
        .await
        .map_err(|Elapsed| BodyError::TimedOut)?
    {
        Ok(Some(chunk)) if chunk.len() > remaining => Err(BodyError::TooLarge),
        Ok(chunk) => Ok(chunk),
        Err(error) => Err(BodyError::Broken(error)),
    }
}

/// Reads up to `limit` bytes of the body, and fewer if it breaks off. The rest is left unread.
pub(super) async fn read_prefix(
    response: &mut reqwest::Response,
    limit: usize,
    timeouts: Timeouts<'_>,
) -> Bytes {
    let mut body = BytesMut::new();
    while body.len() < limit {
        match timeouts.wait(response.chunk()).await {
            Ok(Ok(Some(chunk))) => {
                body.extend_from_slice(&chunk[..chunk.len().min(limit - body.len())])
            }
            // The status is worth more than the rest of the body.
            Ok(Ok(None) | Err(_)) | Err(Elapsed) => break,
        }
    }
    body.freeze()
}
