//! Where tokens come from.

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

type Asked =
    BoxFuture<'static, std::result::Result<Secret, Box<dyn std::error::Error + Send + Sync>>>;

/// Gives the token for each request.
#[derive(Clone, Default)]
pub(crate) enum TokenSource {
    /// Asks as nobody.
    #[default]
    Anonymous,
    Fixed(HeaderValue),
    File(Arc<TokenFile>),
    Asked(Arc<dyn Fn() -> Asked + Send + Sync>),
}

impl fmt::Debug for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Anonymous => "Anonymous",
            Self::Fixed(_) => "Fixed",
            Self::File(_) => "File",
            Self::Asked(_) => "Asked",
        })
    }
}

impl TokenSource {
    pub fn fixed(token: &Secret) -> Result<Self> {
        bearer(token.expose())
            .map(Self::Fixed)
            .map_err(|reason| Error::invalid_input(format!("the token {reason}")))
    }

    /// The file has to be there and to hold a token, now.
    pub fn file(path: &Path) -> Result<Self> {
        TokenFile::open(path).map(|file| Self::File(Arc::new(file)))
    }

    /// What [`header`](Self::header) gives, if it is known without asking anybody.
    pub fn at_hand(&self) -> Option<Option<HeaderValue>> {
        match self {
            Self::Anonymous => Some(None),
            Self::Fixed(header) => Some(Some(header.clone())),
            Self::File(_) | Self::Asked(_) => None,
        }
    }

    /// The value of the `Authorization` header, if there is to be one.
    pub async fn header(&self) -> Result<Option<HeaderValue>> {
        match self {
            Self::Anonymous => Ok(None),
            Self::Fixed(header) => Ok(Some(header.clone())),
            Self::File(file) => {
                file.refresh().await;
                Ok(Some(file.last_good().header.clone()))
            }
            Self::Asked(ask) => {
                let token = ask().await.map_err(|e| {
                    Error::new(ErrorKind::NoToken, "the token source gave no token").with_source(e)
                })?;
                let refused = |reason| {
                    Error::new(
                        ErrorKind::NoToken,
                        format!("the token that the token source gave {reason}"),
                    )
                };
                bearer(token.expose()).map(Some).map_err(refused)
            }
        }
    }
}

/// A header of a token; the error says what is wrong with it, and never what it is.
fn bearer(token: &str) -> std::result::Result<HeaderValue, &'static str> {
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

/// A file with a token, as an orchestrator mounts and renews it.
pub(crate) struct TokenFile {
    path: PathBuf,
    last: Mutex<LastGood>,
}

#[derive(Clone)]
struct LastGood {
    header: HeaderValue,
    stamp: Option<Stamp>,
}

/// What tells that a file has changed.
type Stamp = (SystemTime, u64);

impl TokenFile {
    fn open(path: &Path) -> Result<Self> {
        let refused = |reason: String| {
            Error::invalid_input(format!("token file {}: {reason}", path.display()))
        };
        let stamp = std::fs::metadata(path).and_then(|m| stamp(&m)).ok();
        let text = std::fs::read(path).map_err(|e| refused(format!("can't be read: {e}")))?;
        let header = read(&text).map_err(|reason| refused(format!("the token in it {reason}")))?;
        Ok(Self {
            path: path.to_owned(),
            last: Mutex::new(LastGood { header, stamp }),
        })
    }

    fn last_good(&self) -> LastGood {
        // Nothing panics while it holds the lock.
        self.last
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Reads the file again if it has changed. A file that is missing, empty or half written leaves
    /// the last good token in place.
    async fn refresh(&self) {
        let (path, known) = (self.path.clone(), self.last_good().stamp);
        let changed = spawn_blocking(move || -> io::Result<Option<(Stamp, Vec<u8>)>> {
            let now = stamp(&std::fs::metadata(&path)?)?;
            if known == Some(now) {
                Ok(None)
            } else {
                Ok(Some((now, std::fs::read(&path)?)))
            }
        });
        let Ok(Ok(Some((now, text)))) = changed.await else {
            return;
        };
        if let Ok(header) = read(&text) {
            *self.last.lock().unwrap_or_else(PoisonError::into_inner) = LastGood {
                header,
                stamp: Some(now),
            };
        }
    }
}

fn stamp(metadata: &std::fs::Metadata) -> io::Result<Stamp> {
    Ok((metadata.modified()?, metadata.len()))
}

/// Editors and `echo` put a line break at the end.
fn read(text: &[u8]) -> std::result::Result<HeaderValue, &'static str> {
    let text = std::str::from_utf8(text).map_err(|_| "is not text")?;
    bearer(text.trim_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_that_can_not_be_sent_is_refused_without_being_shown() {
        for (token, said) in [
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
            assert_eq!(display, said);
            assert!(!debug.contains("hunter2"));
        }
    }

    #[tokio::test]
    async fn a_file_is_read_again_and_its_last_good_token_kept()
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
        let mut seen = Vec::new();
        for step in [
            None,
            Some("second-one\n"),
            Some(""),
            Some("broken\nin two"),
            Some("the-third"),
        ] {
            if let Some(text) = step {
                std::fs::write(&path, text)?;
            }
            seen.push(source.header().await?);
        }
        std::fs::remove_file(&path)?;
        seen.push(source.header().await?);
        std::fs::remove_dir_all(&folder)?;
        let seen: Vec<_> = seen
            .iter()
            .flatten()
            .map(|h| h.to_str().unwrap_or_default())
            .collect();
        assert_eq!(
            seen,
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
