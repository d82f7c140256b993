//! Reading small files, such as those with a token or with certificates, by a path that may lead to
//! something else: a device without an end, a pipe without a writer, a mount whose server is gone.

use std::fmt;
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, SystemTime};

/// The maximum length of a file with a token.
pub(crate) const MAX_TOKEN_FILE: u64 = 64 * 1024;
/// The maximum length of a file with certificates. Those of a whole system have some 200 KiB.
pub(crate) const MAX_CERTIFICATE_FILE: u64 = 4 * 1024 * 1024;
/// The maximum wait for a file that a setting names. A command whose output is read may have to
/// sign in somewhere.
pub(crate) const MAX_WAIT: Duration = Duration::from_secs(30);
/// Some file systems count time in steps of two seconds: within them, a file may change twice and
/// look the same.
const TIME_RESOLUTION: Duration = Duration::from_secs(2);

/// The content of a file.
#[derive(Debug)]
pub(crate) struct Content {
    pub bytes: Vec<u8>,
    /// `None` for a pipe, which can be read once.
    pub version: Option<FileVersion>,
}

/// The reason why a file is not read.
#[derive(Debug)]
pub(crate) enum ReadError {
    Io(io::Error),
    /// It is longer than the limit. It need not be read again until its version changes.
    TooLong(u64, Option<FileVersion>),
    NotAFile,
    TimedOut(Duration),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "can't be read: {error}"),
            Self::TooLong(limit, _) => write!(f, "is longer than {limit} bytes"),
            Self::NotAFile => f.write_str("is neither a file nor a pipe"),
            Self::TimedOut(wait) => {
                write!(f, "could not be read within {} seconds", wait.as_secs())
            }
        }
    }
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Reads a file or a pipe for a setting, at most for a while. It is read in a thread of its own,
/// which is left behind if the file blocks.
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

/// Reads a file if its version is not the known one. Blocks for as long as the file does.
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
    // Before it is opened, since that alone may block or have an effect; and afterwards, since
    // another one may have taken its place.
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

/// The marks by which a change of a file is noticed, also if another file takes its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FileVersion {
    length: u64,
    modified: SystemTime,
    /// Device, inode and time of change; the time of creation where there are none.
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

    /// Returns true if the file can't have changed since without a change of its version.
    pub fn is_settled(&self) -> bool {
        let age = SystemTime::now().duration_since(self.last_change());
        // A time in the future is that of another clock.
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
    /// Returns true if there is something at the path.
    fn is_of_an_existing_path(&self) -> bool {
        !matches!(self, Self::Io(_))
    }
}

/// Describes a file that can't be read, such as a "token file", in an error message.
pub(crate) fn describe_error(what: &str, path: &Path, error: &ReadError) -> String {
    // A relative path to nothing may be a secret that was given instead of the file with it.
    match path.has_root() || error.is_of_an_existing_path() {
        true => format!("{what} {}: {error}", path.display()),
        false => format!("{what}: {error}"),
    }
}
