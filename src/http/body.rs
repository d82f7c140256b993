//! Reading the body of an answer, and not more of it than fits.

use super::timeouts::{Elapsed, Timeouts};
use bytes::{Bytes, BytesMut};

/// Why a body can't be read.
#[derive(Debug)]
pub(super) enum BodyError {
    TooLarge,
    TimedOut,
    Broken(reqwest::Error),
}

/// The whole body, if it is no longer than the limit. What counts are the bytes after
/// decompression, as they come in.
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
    // Nearly every answer is one chunk: it is not copied.
    let Some(first) = next(response, limit, timeouts).await? else {
        return Ok(Bytes::new());
    };
    let Some(second) = next(response, limit - first.len(), timeouts).await? else {
        return Ok(first);
    };
    let mut body = BytesMut::with_capacity((first.len() + second.len()) * 2);
    body.extend_from_slice(&first);
    body.extend_from_slice(&second);
    while let Some(chunk) = next(response, limit - body.len(), timeouts).await? {
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

async fn next(
    response: &mut reqwest::Response,
    left: usize,
    timeouts: Timeouts<'_>,
) -> Result<Option<Bytes>, BodyError> {
    match timeouts
        .wait(response.chunk())
        .await
        .map_err(|Elapsed| BodyError::TimedOut)?
    {
        Ok(Some(chunk)) if chunk.len() > left => Err(BodyError::TooLarge),
        Ok(chunk) => Ok(chunk),
        Err(error) => Err(BodyError::Broken(error)),
    }
}

/// As much of the body as comes, up to the limit. What is behind it is left unread.
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
            // The status is worth more than the end of the text.
            Ok(Ok(None) | Err(_)) | Err(Elapsed) => break,
        }
    }
    body.freeze()
}
