//! Sources of tokens.

use crate::error::ErrorKind;
use crate::types::Secret;
use crate::{Error, Result};
use futures::future::BoxFuture;
use http::HeaderValue;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;
use tokio::task::spawn_blocking;

/// The future of a token that a callback returns.
type TokenFuture =
    BoxFuture<'static, std::result::Result<Secret, Box<dyn std::error::Error + Send + Sync>>>;

/// The source of the token of each request.
#[derive(Clone, Default)]
pub(crate) enum TokenSource {
    /// No token.
    #[default]
    Anonymous,
    Fixed(HeaderValue),
    File(Arc<TokenFile>),
    Callback(Arc<dyn Fn() -> TokenFuture + Send + Sync>),
}

impl fmt::Debug for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Anonymous => "Anonymous",
            Self::Fixed(_) => "Fixed",
            Self::File(_) => "File",
            Self::Callback(_) => "Callback",
        })
    }
}

impl TokenSource {
    /// Returns the source of one token.
    pub fn fixed(token: &Secret) -> Result<Self> {
        bearer_header(token.expose())
            .map(Self::Fixed)
            .map_err(|reason| Error::invalid_input(format!("the token {reason}")))
    }

    /// Returns the source of the tokens in a file, which has to contain one already.
    pub fn file(path: &Path) -> Result<Self> {
        TokenFile::open(path).map(|file| Self::File(Arc::new(file)))
    }

    /// Returns the result of [`header`](Self::header), if it never changes.
    pub fn static_header(&self) -> Option<Option<HeaderValue>> {
        match self {
            Self::Anonymous => Some(None),
            Self::Fixed(header) => Some(Some(header.clone())),
            Self::File(_) | Self::Callback(_) => None,
        }
    }

    /// Returns the value of the `Authorization` header; `None` for anonymous requests.
    pub async fn header(&self) -> Result<Option<HeaderValue>> {
        match self {
            Self::Anonymous => Ok(None),
            Self::Fixed(header) => Ok(Some(header.clone())),
            Self::File(file) => {
                file.refresh().await;
                Ok(Some(file.cached().header))
            }
            Self::Callback(callback) => {
                let token = callback().await.map_err(|e| {
                    Error::new(ErrorKind::NoToken, "the token source gave no token").with_source(e)
                })?;
                let invalid = |reason| {
                    Error::new(
                        ErrorKind::NoToken,
                        format!("the token that the token source gave {reason}"),
                    )
                };
                bearer_header(token.expose()).map(Some).map_err(invalid)
            }
        }
    }
}

/// Returns the header of a token; the error never contains the token.
fn bearer_header(token: &str) -> std::result::Result<HeaderValue, &'static str> {
    let reason = if token.is_empty() {
        "is empty"
    } else if token.contains(['\n', '\r']) {
        "has a line break in it"
    } else if !token.is_ascii() {
        "has characters beyond ASCII in it"
    } else if token.contains(|c: char| c.is_ascii_control() || c == ' ') {
        "has blanks or control characters in it"
    } else {
        let mut header = HeaderValue::try_from(format!("Bearer {token}"))
            .map_err(|_| "can't be sent in a header")?;
        // Keeps it out of the debug output of requests, and out of HTTP/2's tables.
        header.set_sensitive(true);
        return Ok(header);
    };
    Err(reason)
}

/// A file with a token, which an orchestrator mounts and renews.
pub(crate) struct TokenFile {
    path: PathBuf,
    cached: Mutex<CachedToken>,
}

/// The last valid token of the file.
#[derive(Clone)]
struct CachedToken {
    header: HeaderValue,
    version: Option<FileVersion>,
}

/// The time of modification and the length of a file, which show that it has changed.
type FileVersion = (SystemTime, u64);

impl TokenFile {
    fn open(path: &Path) -> Result<Self> {
        let invalid = |reason: String| {
            Error::invalid_input(format!("token file {}: {reason}", path.display()))
        };
        let version = std::fs::metadata(path).and_then(|m| file_version(&m)).ok();
        let content = std::fs::read(path).map_err(|e| invalid(format!("can't be read: {e}")))?;
        let header =
            parse(&content).map_err(|reason| invalid(format!("the token in it {reason}")))?;
        Ok(Self {
            path: path.to_owned(),
            cached: Mutex::new(CachedToken { header, version }),
        })
    }

    fn cached(&self) -> CachedToken {
        // Nothing panics while it holds the lock.
        self.cached
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Reads the file again if it has changed. If it is missing or has no valid token, the cached
    /// token remains.
    async fn refresh(&self) {
        let (path, known) = (self.path.clone(), self.cached().version);
        let changed = spawn_blocking(move || -> io::Result<Option<(FileVersion, Vec<u8>)>> {
            let current = file_version(&std::fs::metadata(&path)?)?;
            if known == Some(current) {
                Ok(None)
            } else {
                Ok(Some((current, std::fs::read(&path)?)))
            }
        });
        let Ok(Ok(Some((version, content)))) = changed.await else {
            return;
        };
        if let Ok(header) = parse(&content) {
            *self.cached.lock().unwrap_or_else(PoisonError::into_inner) = CachedToken {
                header,
                version: Some(version),
            };
        }
    }
}

fn file_version(metadata: &std::fs::Metadata) -> io::Result<FileVersion> {
    Ok((metadata.modified()?, metadata.len()))
}

/// Reads the content of a token file, which editors and `echo` end with a line break.
fn parse(content: &[u8]) -> std::result::Result<HeaderValue, &'static str> {
    let text = std::str::from_utf8(content).map_err(|_| "is not text")?;
    bearer_header(text.trim_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejects_invalid_tokens_without_showing_them() {
        for (token, expected) in [
            ("", "the token is empty"),
            ("hunter2\nX-Evil: 1", "the token has a line break in it"),
            ("hunter2\r", "the token has a line break in it"),
            ("hunter2é", "the token has characters beyond ASCII in it"),
            (
                "hunter2 x",
                "the token has blanks or control characters in it",
            ),
            (
                "hunter2\0",
                "the token has blanks or control characters in it",
            ),
        ] {
            let error = TokenSource::fixed(&Secret::from(token))
                .err()
                .map(|e| (e.to_string(), format!("{e:?}")));
            let (display, debug) = error.unwrap_or_default();
            assert_eq!(display, expected);
            assert!(!debug.contains("hunter2"));
        }
    }

    #[tokio::test]
    async fn reads_a_changed_file_and_keeps_the_last_valid_token()
    -> std::result::Result<(), Box<dyn std::error::Error>> {
        let folder = std::env::temp_dir().join(format!("quay-api-token-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let path = folder.join("token");
        assert!(TokenSource::file(&path).is_err_and(|e| e.to_string().contains("can't be read")));
        std::fs::write(&path, "")?;
        assert!(
            TokenSource::file(&path)
                .is_err_and(|e| e.to_string().ends_with("the token in it is empty"))
        );

        std::fs::write(&path, "first\n")?;
        let source = TokenSource::file(&path)?;
        let mut headers = Vec::new();
        for content in [
            None,
            Some("second-one\n"),
            Some(""),
            Some("broken\nin two"),
            Some("the-third"),
        ] {
            if let Some(content) = content {
                std::fs::write(&path, content)?;
            }
            headers.push(source.header().await?);
        }
        std::fs::remove_file(&path)?;
        headers.push(source.header().await?);
        std::fs::remove_dir_all(&folder)?;
        let headers: Vec<_> = headers
            .iter()
            .flatten()
            .map(|h| h.to_str().unwrap_or_default())
            .collect();
        assert_eq!(
            headers,
            [
                "Bearer first",
                "Bearer second-one",
                "Bearer second-one",
                "Bearer second-one",
                "Bearer the-third",
                "Bearer the-third"
            ]
        );
        assert!(!format!("{source:?}").contains("third"));
        Ok(())
    }
}
