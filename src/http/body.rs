//! Reading the body of a response up to a limit.

use super::Response;
use super::timeouts::{Elapsed, Timeouts};
use crate::error::{Error, ErrorKind};
use bytes::{Bytes, BytesMut};

/// The reason why a body can't be read.
#[derive(Debug)]
pub(super) enum BodyError {
    /// The body is longer than this limit.
    TooLarge(usize),
    TimedOut,
    Broken(reqwest::Error),
    /// The body is shorter than its `Content-Length`.
    Truncated,
}

impl BodyError {
    /// Returns the error of a response whose body can't be read.
    pub fn into_error(self, response: Response) -> Error {
        let is_late = match &self {
            Self::TooLarge(limit) => {
                let message = format!("the response is longer than {limit} bytes");
                return Error::with_response(ErrorKind::ResponseTooLarge, message, response);
            }
            Self::TimedOut => true,
            Self::Broken(error) => error.is_timeout(),
            Self::Truncated => false,
        };
        let (kind, message) = match is_late {
            true => (
                ErrorKind::Timeout,
                "the response did not end within the time-out",
            ),
            false => (
                ErrorKind::Connection,
                "the connection broke before the end of the response",
            ),
        };
        let error = Error::with_response(kind, message, response);
        match self {
            Self::Broken(source) => error.with_source(source.without_url()),
            _ => error,
        }
    }
}

/// The reason why reading the beginning of a body ended.
#[derive(Debug)]
pub(super) enum PrefixEnd {
    /// The whole body was read.
    Complete,
    /// The body is at least as long as the limit.
    Limit,
    /// The rest of the body can't be read.
    Broken(BodyError),
}

/// Reads the whole body, unless it is longer than the limit in bytes after decompression.
pub(super) async fn read_to_end(
    response: &mut reqwest::Response,
    limit: usize,
    timeouts: &Timeouts<'_>,
) -> Result<Bytes, BodyError> {
    if response
        .content_length()
        .is_some_and(|length| length > limit as u64)
    {
        return Err(BodyError::TooLarge(limit));
    }
    // Nearly every body is a single chunk, which is not copied.
    let Some(first) = next_chunk(response, limit, 0, timeouts).await? else {
        return Ok(Bytes::new());
    };
    let Some(second) = next_chunk(response, limit, first.len(), timeouts).await? else {
        return Ok(first);
    };
    let mut body = BytesMut::with_capacity((first.len() + second.len()) * 2);
    body.extend_from_slice(&first);
    body.extend_from_slice(&second);
    while let Some(chunk) = next_chunk(response, limit, body.len(), timeouts).await? {
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// Returns the next part of a body, of which `length` bytes were read already.
async fn next_chunk(
    response: &mut reqwest::Response,
    limit: usize,
    length: usize,
    timeouts: &Timeouts<'_>,
) -> Result<Option<Bytes>, BodyError> {
    match timeouts
        .wait(response.chunk())
        .await
        .map_err(|Elapsed| BodyError::TimedOut)?
    {
        Ok(Some(chunk)) if chunk.len() > limit - length => Err(BodyError::TooLarge(limit)),
        Ok(None) if is_truncated(response) => Err(BodyError::Truncated),
        Ok(chunk) => Ok(chunk),
        Err(error) => Err(BodyError::Broken(error)),
    }
}

/// Reads up to `limit` bytes of the body, and fewer if the connection breaks.
pub(super) async fn read_prefix(
    response: &mut reqwest::Response,
    limit: usize,
    timeouts: &Timeouts<'_>,
) -> (Bytes, PrefixEnd) {
    let mut body = BytesMut::new();
    let end = loop {
        if body.len() >= limit {
            break PrefixEnd::Limit;
        }
        match timeouts.wait(response.chunk()).await {
            Ok(Ok(Some(chunk))) => {
                body.extend_from_slice(&chunk[..chunk.len().min(limit - body.len())])
            }
            Ok(Ok(None)) if is_truncated(response) => {
                break PrefixEnd::Broken(BodyError::Truncated);
            }
            Ok(Ok(None)) => break PrefixEnd::Complete,
            Ok(Err(error)) => break PrefixEnd::Broken(BodyError::Broken(error)),
            Err(Elapsed) => break PrefixEnd::Broken(BodyError::TimedOut),
        }
    };
    (body.freeze(), end)
}

/// Returns true if a body that was read to its end is shorter than announced.
///
/// hyper subtracts what was read from the length, and considers a body as complete if an HTTP/2
/// server ends it with RST_STREAM and `NO_ERROR`.
fn is_truncated(response: &reqwest::Response) -> bool {
    response.content_length().is_some_and(|rest| rest > 0)
}
