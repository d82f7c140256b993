//! Sources of tokens.

use super::credentials::{basic_header, bearer_header, is_basic};
use super::token_file::TokenFile;
use crate::error::ErrorKind;
use crate::types::Secret;
use crate::{Error, Result};
use futures::FutureExt;
use futures::future::{BoxFuture, Shared, WeakShared};
use http::HeaderValue;
use std::fmt;
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The future of a token that a callback returns.
type TokenFuture = BoxFuture<'static, std::result::Result<Secret, BoxError>>;

/// The source of the token of each request.
#[derive(Clone, Default)]
pub(crate) enum TokenSource {
    /// No token.
    #[default]
    Anonymous,
    Fixed(HeaderValue),
    File(Arc<TokenFile>),
    Callback(Arc<Callback>),
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
            .map_err(|reason| Error::invalid_input(format!("the token is not valid: {reason}")))
    }

    /// Returns the source of a user name and a password, which are sent as HTTP Basic.
    pub fn basic(user: &str, password: &Secret) -> Result<Self> {
        basic_header(user, password.expose())
            .map(Self::Fixed)
            .map_err(|reason| {
                Error::invalid_input(format!("the credentials are not valid: {reason}"))
            })
    }

    /// Returns the source of the tokens in a file, which must contain one already.
    ///
    /// A pipe contains one token, and is not read again.
    pub fn file(path: &Path) -> Result<Self> {
        Ok(match TokenFile::open(path)? {
            (_, Some(file)) => Self::File(Arc::new(file)),
            (header, None) => Self::Fixed(header),
        })
    }

    /// Returns the source of the tokens that a function returns.
    pub fn callback(source: impl Fn() -> TokenFuture + Send + Sync + 'static) -> Self {
        Self::Callback(Arc::new(Callback {
            source: Arc::new(source),
            running: Mutex::new(None),
        }))
    }

    /// Returns the result of [`header`](Self::header), if it never changes.
    pub fn static_header(&self) -> Option<Option<HeaderValue>> {
        match self {
            Self::Anonymous => Some(None),
            Self::Fixed(header) => Some(Some(header.clone())),
            Self::File(_) | Self::Callback(_) => None,
        }
    }

    /// Returns true for a user name and a password.
    pub fn is_basic(&self) -> bool {
        matches!(self, Self::Fixed(header) if is_basic(header))
    }

    /// Returns the value of the `Authorization` header; `None` for anonymous requests.
    pub async fn header(&self) -> Result<Option<HeaderValue>> {
        match self {
            Self::Anonymous => Ok(None),
            Self::Fixed(header) => Ok(Some(header.clone())),
            Self::File(file) => Ok(Some(file.header().await)),
            Self::Callback(callback) => callback.header().await.map(Some).map_err(Error::from),
        }
    }
}

/// A function that returns tokens.
pub(crate) struct Callback {
    source: Arc<dyn Fn() -> TokenFuture + Send + Sync>,
    /// The future of the token that calls wait for. It is dropped with the last of them.
    running: Mutex<Option<WeakShared<HeaderFuture>>>,
}

type HeaderFuture = BoxFuture<'static, std::result::Result<HeaderValue, TokenError>>;

impl Callback {
    /// Returns the header of a token.
    ///
    /// Calls that wait at the same time share one call of the source, also if the source blocks.
    async fn header(&self) -> std::result::Result<HeaderValue, TokenError> {
        self.shared().await
    }

    fn shared(&self) -> Shared<HeaderFuture> {
        // No code panics while it holds the lock: the source is called when the future is awaited.
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let current = running.as_ref().and_then(WeakShared::upgrade);
        if let Some(current) = current.filter(|current| current.peek().is_none()) {
            return current;
        }
        let source = Arc::clone(&self.source);
        let header = async move {
            let token = source()
                .await
                .map_err(|e| TokenError::Source(Arc::new(e)))?;
            bearer_header(token.expose()).map_err(TokenError::Invalid)
        };
        // A panic would also end the tasks of all other calls that wait for the token.
        let header = AssertUnwindSafe(header)
            .catch_unwind()
            .map(|header| header.unwrap_or(Err(TokenError::Panicked)));
        let shared = header.boxed().shared();
        *running = shared.downgrade();
        shared
    }
}

/// The reason why a function returned no token.
#[derive(Clone)]
enum TokenError {
    Source(Arc<BoxError>),
    Invalid(&'static str),
    Panicked,
}

impl From<TokenError> for Error {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Source(source) => {
                let error = Self::new(
                    ErrorKind::TokenUnavailable,
                    "the source of tokens returned an error",
                );
                match Arc::try_unwrap(source) {
                    Ok(source) => error.with_source(source),
                    Err(shared) => error.with_source(SharedError(shared)),
                }
            }
            TokenError::Panicked => {
                Self::new(ErrorKind::TokenUnavailable, "the source of tokens panicked")
            }
            TokenError::Invalid(reason) => Self::new(
                ErrorKind::TokenUnavailable,
                format!("the token from the source of tokens is not valid: {reason}"),
            ),
        }
    }
}

/// The error of the source, shared by several calls. Its source is the error that was returned.
struct SharedError(Arc<BoxError>);

impl fmt::Debug for SharedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for SharedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for SharedError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&**self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::future::join_all;
    use std::error::Error as StdError;
    use std::io;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;
    use tokio::time::{Instant, timeout};

    #[test]
    fn rejects_invalid_tokens_without_showing_them() {
        for (token, expected) in [
            ("", "the token is not valid: it is empty"),
            (
                "hunter2\nX-Evil: 1",
                "the token is not valid: it contains whitespace or control characters",
            ),
            (
                "hunter2\r",
                "the token is not valid: it contains whitespace or control characters",
            ),
            (
                "hunter2é",
                "the token is not valid: it contains characters other than ASCII",
            ),
            (
                "hunter2 x",
                "the token is not valid: it contains whitespace or control characters",
            ),
            (
                "hunter2\0",
                "the token is not valid: it contains whitespace or control characters",
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

    /// Returns a source, and the number of its calls and of those that were dropped.
    fn hanging_source() -> (TokenSource, Arc<AtomicUsize>, Arc<AtomicUsize>) {
        struct Guard(Arc<AtomicUsize>);
        impl Drop for Guard {
            fn drop(&mut self) {
                self.0.fetch_add(1, Ordering::SeqCst);
            }
        }
        let (calls, dropped) = (Arc::default(), Arc::default());
        let (counter, ended) = (Arc::clone(&calls), Arc::clone(&dropped));
        let source = move || {
            let number = AtomicUsize::fetch_add(&counter, 1, Ordering::SeqCst);
            let guard = Guard(Arc::clone(&ended));
            async move {
                let _guard = guard;
                if number == 0 {
                    std::future::pending::<()>().await;
                }
                tokio::time::sleep(Duration::from_secs(1)).await;
                match number {
                    2 => Err(io::Error::other("the vault is closed").into()),
                    _ => Ok(Secret::from(format!("token-{number}"))),
                }
            }
            .boxed()
        };
        (TokenSource::callback(source), calls, dropped)
    }

    #[tokio::test(start_paused = true)]
    async fn waiting_calls_share_one_token_and_their_deadlines_apply() {
        let (source, calls, dropped) = hanging_source();
        let count = |counter: &AtomicUsize| counter.load(Ordering::SeqCst);
        // The first one hangs: each waits as long as it wants to, and with the last one it ends.
        let waits = (1..=100).map(|seconds| {
            let start = Instant::now();
            let header = timeout(Duration::from_secs(seconds), source.header());
            async move { header.await.is_err() && start.elapsed().as_secs() == seconds }
        });
        assert!(join_all(waits).await.into_iter().all(|in_time| in_time));
        assert_eq!((count(&calls), count(&dropped)), (1, 1));
        // The next one is a new call, and so is each one after it.
        let headers = join_all((0..100).map(|_| source.header())).await;
        assert!(headers.iter().all(|header| {
            let header = header.as_ref().ok().and_then(Option::as_ref);
            header.is_some_and(|header| header == "Bearer token-1")
        }));
        let errors = join_all((0..2).map(|_| source.header())).await;
        assert_eq!(count(&calls), 3);
        for error in errors.into_iter().filter_map(Result::err) {
            assert_eq!(error.kind(), ErrorKind::TokenUnavailable);
            let mut sources =
                std::iter::successors(StdError::source(&error), |e| StdError::source(*e));
            assert!(
                sources.any(|e| e.downcast_ref::<io::Error>().is_some()),
                "{error:?}"
            );
        }
        assert!(source.header().await.is_ok());
        assert_eq!((count(&calls), count(&dropped)), (4, 4));
    }
}
