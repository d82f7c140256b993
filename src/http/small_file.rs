//! Reading small files, such as those with a token or with certificates.
//!
//! The path may lead to something else: an endless device, a pipe without a writer, or a mount
//! whose server does not respond.

use std::fmt;
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, SystemTime};

/// The maximum length of a file with a token, in bytes.
pub(crate) const MAX_TOKEN_FILE: u64 = 64 * 1024;
/// The maximum length of a file with certificates, in bytes. Those of a whole operating system have
/// about 200 KiB.
pub(crate) const MAX_CERTIFICATE_FILE: u64 = 4 * 1024 * 1024;
/// The maximum wait for a file that a setting names. It may be the output of a command, which needs
/// time to sign in.
pub(crate) const MAX_WAIT: Duration = Duration::from_secs(30);
/// The coarsest resolution of time in a file system. Within it, a file can change twice and have
/// the same time.
const TIME_RESOLUTION: Duration = Duration::from_secs(2);

/// The content of a file.
#[derive(Debug)]
pub(crate) struct Content {
    pub bytes: Vec<u8>,
    /// `None` for a pipe, which can be read only once.
    pub version: Option<FileVersion>,
}

/// The reason why a file is not read.
#[derive(Debug)]
pub(crate) enum ReadError {
    Io(io::Error),
    /// The file is longer than the limit. It is not read again until its version changes.
    TooLong(u64, Option<FileVersion>),
    NotAFile,
    TimedOut(Duration),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "it can't be read: {error}"),
            Self::TooLong(limit, _) => write!(f, "it must have at most {limit} bytes"),
            Self::NotAFile => f.write_str("it must be a file or a pipe"),
            Self::TimedOut(wait) => {
                write!(f, "it could not be read within {} seconds", wait.as_secs())
            }
        }
    }
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Reads a file or a pipe, and waits at most for the given time.
///
/// A separate thread reads it. If the file blocks, that thread keeps running.
pub(crate) fn read_within(path: &Path, limit: u64, wait: Duration) -> Result<Content, ReadError> {
    let slot = Arc::new((Mutex::new(None), Condvar::new()));
    let (path, filled) = (path.to_owned(), Arc::clone(&slot));
    thread::Builder::new()
        .name("quay-api-file".to_owned())
        .spawn(move || {
            let content = read(&path, limit, true);
            *filled.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(content);
            filled.1.notify_one();
        })?;
    let content = slot.0.lock().unwrap_or_else(PoisonError::into_inner);
    let waited = slot
        .1
        .wait_timeout_while(content, wait, |content| content.is_none());
    let (mut content, _) = waited.unwrap_or_else(PoisonError::into_inner);
    content.take().unwrap_or(Err(ReadError::TimedOut(wait)))
}

/// Reads a file if its version is not the known one. It blocks if the file blocks.
pub(crate) fn read_if_changed(
    path: &Path,
    limit: u64,
    known: Option<FileVersion>,
) -> Result<Option<Content>, ReadError> {
    let metadata = std::fs::metadata(path)?;
    if known.is_some() && known == FileVersion::of(&metadata) {
        return Ok(None);
    }
    read(path, limit, false).map(Some)
}

fn read(path: &Path, limit: u64, may_be_pipe: bool) -> Result<Content, ReadError> {
    let check = |metadata: &Metadata| {
        let is_allowed = metadata.is_file() || may_be_pipe && is_pipe(metadata);
        is_allowed.then_some(()).ok_or(ReadError::NotAFile)
    };
    // The check comes before opening, which may block or have an effect, and again afterwards,
    // because another file may have replaced it.
    check(&std::fs::metadata(path)?)?;
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    check(&metadata)?;
    let version = FileVersion::of(&metadata).filter(|_| metadata.is_file());
    if metadata.len() > limit {
        return Err(ReadError::TooLong(limit, version));
    }
    let mut bytes = Vec::new();
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(ReadError::TooLong(limit, version));
    }
    Ok(Content { bytes, version })
}

#[cfg(unix)]
fn is_pipe(metadata: &Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&metadata.file_type())
}

#[cfg(not(unix))]
fn is_pipe(_: &Metadata) -> bool {
    false
}

/// The attributes that show whether a file was changed or replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FileVersion {
    length: u64,
    modified: SystemTime,
    /// The device, inode and time of change. On systems without these, the time of creation.
    identity: [i128; 3],
}

impl FileVersion {
    fn of(metadata: &Metadata) -> Option<Self> {
        Some(Self {
            length: metadata.len(),
            modified: metadata.modified().ok()?,
            identity: identity(metadata),
        })
    }

    /// Returns true if every later change of the file also changes its version.
    pub fn is_settled(&self) -> bool {
        let age = SystemTime::now().duration_since(self.last_change());
        // A time in the future is from another clock.
        age.unwrap_or_else(|e| e.duration()) >= TIME_RESOLUTION
    }

    #[cfg(unix)]
    fn last_change(&self) -> SystemTime {
        // Unlike the time of modification, this one can't be set.
        let nanos = u64::try_from(self.identity[2]).unwrap_or_default();
        SystemTime::UNIX_EPOCH + Duration::from_nanos(nanos)
    }

    #[cfg(not(unix))]
    fn last_change(&self) -> SystemTime {
        self.modified
    }
}

#[cfg(unix)]
fn identity(metadata: &Metadata) -> [i128; 3] {
    use std::os::unix::fs::MetadataExt;
    let changed = i128::from(metadata.ctime()) * 1_000_000_000 + i128::from(metadata.ctime_nsec());
    [metadata.dev().into(), metadata.ino().into(), changed]
}

#[cfg(not(unix))]
fn identity(metadata: &Metadata) -> [i128; 3] {
    let created = metadata.created().ok().and_then(|created| {
        let since_epoch = created.duration_since(SystemTime::UNIX_EPOCH).ok()?;
        i128::try_from(since_epoch.as_nanos()).ok()
    });
    [created.unwrap_or_default(), 0, 0]
}

impl ReadError {
    /// Returns true if the path exists.
    fn is_of_an_existing_path(&self) -> bool {
        !matches!(self, Self::Io(_))
    }
}

/// Returns the message of a file that can't be read, such as a "token file".
pub(crate) fn describe_error(what: &str, path: &Path, error: &ReadError) -> String {
    // A relative path that does not exist may be a secret that was passed instead of the path.
    match path.has_root() || error.is_of_an_existing_path() {
        true => format!("{what} {}: {error}", path.display()),
        false => format!("{what}: {error}"),
    }
}
