//! A file with a token, which an orchestrator mounts and renews.

use super::credentials::bearer_header;
use super::small_file::{
    self, Content, FileVersion, MAX_TOKEN_FILE, MAX_WAIT, ReadError, describe_error,
};
use crate::{Error, Result};
use http::HeaderValue;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, timeout_at};

/// The maximum time that calls wait for the file.
///
/// They then use the last valid token. Calls that begin while the file still blocks do not wait.
const MAX_REFRESH_WAIT: Duration = Duration::from_secs(2);

/// The token of a file, which is read again when the file changes.
///
/// A separate thread reads the file, because a file can block forever: the application would lose a
/// thread of tokio's pool for blocking work.
pub(crate) struct TokenFile {
    path: PathBuf,
    cached: Arc<Mutex<CachedToken>>,
    refreshing: Mutex<Refreshing>,
    /// [`MAX_REFRESH_WAIT`], except in tests.
    max_wait: Duration,
}

/// The last valid token of the file, and the version of the file that was read last.
///
/// The token of that version may be invalid.
struct CachedToken {
    header: HeaderValue,
    version: Option<FileVersion>,
}

/// The thread that checks the file, and the check in progress.
#[derive(Default)]
struct Refreshing {
    /// Ends the thread when it is dropped.
    worker: Option<mpsc::UnboundedSender<watch::Sender<()>>>,
    current: Option<Refresh>,
}

/// A check of the file, which ends when the sender is dropped.
#[derive(Clone)]
struct Refresh {
    end_of_wait: Instant,
    done: watch::Receiver<()>,
}

impl TokenFile {
    /// Reads the file, and returns its token and the file.
    ///
    /// The file is `None` for a pipe, which can be read only once.
    pub fn open(path: &Path) -> Result<(HeaderValue, Option<Self>)> {
        Self::open_within(path, MAX_WAIT)
    }

    fn open_within(path: &Path, wait: Duration) -> Result<(HeaderValue, Option<Self>)> {
        let Content { bytes, version } = small_file::read_within(path, MAX_TOKEN_FILE, wait)
            .map_err(|e| Error::invalid_input(describe_error("token file", path, &e)))?;
        let header = parse(&bytes).map_err(|reason| {
            let path = path.display();
            Error::invalid_input(format!(
                "token file {path}: the token is not valid: {reason}"
            ))
        })?;
        let file = version.map(|version| Self {
            path: path.to_owned(),
            cached: Arc::new(Mutex::new(CachedToken {
                header: header.clone(),
                version: Some(version).filter(FileVersion::is_settled),
            })),
            refreshing: Mutex::default(),
            max_wait: MAX_REFRESH_WAIT,
        });
        Ok((header, file))
    }

    /// Returns the header of the token in the file.
    ///
    /// While the file is missing, contains no valid token, or blocks, it is the last valid token.
    pub async fn header(&self) -> HeaderValue {
        if let Some(mut refresh) = self.refresh() {
            // The wait ends with an error when the sender is dropped.
            let _ = timeout_at(refresh.end_of_wait, refresh.done.changed()).await;
        }
        lock(&self.cached).header.clone()
    }

    /// Returns the check of the file to wait for, which is in progress or new.
    fn refresh(&self) -> Option<Refresh> {
        let mut refreshing = lock(&self.refreshing);
        if let Some(current) = &refreshing.current
            && current.done.has_changed().is_ok()
        {
            return (Instant::now() < current.end_of_wait).then(|| current.clone());
        }
        let (sender, done) = watch::channel(());
        let worker = match &refreshing.worker {
            Some(worker) => worker,
            // If no thread can be started, the last valid token is used.
            None => refreshing.worker.insert(self.start_worker().ok()?),
        };
        if worker.send(sender).is_err() {
            refreshing.worker = None;
            return None;
        }
        let refresh = Refresh {
            end_of_wait: Instant::now() + self.max_wait,
            done,
        };
        refreshing.current = Some(refresh.clone());
        Some(refresh)
    }

    fn start_worker(&self) -> std::io::Result<mpsc::UnboundedSender<watch::Sender<()>>> {
        let (sender, mut receiver) = mpsc::unbounded_channel::<watch::Sender<()>>();
        let (path, cached) = (self.path.clone(), Arc::clone(&self.cached));
        thread::Builder::new()
            .name("quay-api-token".to_owned())
            .spawn(move || {
                while let Some(done) = receiver.blocking_recv() {
                    update(&path, &cached);
                    drop(done);
                }
            })?;
        Ok(sender)
    }
}

/// Reads the file if it has changed.
fn update(path: &Path, cached: &Mutex<CachedToken>) {
    let known = lock(cached).version;
    let (header, version) = match small_file::read_if_changed(path, MAX_TOKEN_FILE, known) {
        Ok(Some(content)) => (parse(&content.bytes).ok(), content.version),
        Err(ReadError::TooLong(_, version)) => (None, version),
        Ok(None) | Err(_) => return,
    };
    let mut cached = lock(cached);
    cached.version = version.filter(FileVersion::is_settled);
    if let Some(header) = header {
        cached.header = header;
    }
}

/// Locks a mutex. No code panics while it holds the lock.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Reads the content of a token file, which editors and `echo` end with a line break.
fn parse(content: &[u8]) -> std::result::Result<HeaderValue, &'static str> {
    let text = std::str::from_utf8(content).map_err(|_| "it is not UTF-8")?;
    bearer_header(text.trim_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::process::Command;
    use std::sync::atomic::{AtomicUsize, Ordering};

    type TestResult = std::result::Result<(), Box<dyn std::error::Error>>;

    /// A folder of a test, which is removed with it.
    struct Folder(PathBuf);

    impl Folder {
        fn new() -> std::io::Result<Self> {
            static NUMBER: AtomicUsize = AtomicUsize::new(0);
            let number = NUMBER.fetch_add(1, Ordering::Relaxed);
            let name = format!("quay-api-token-{}-{number}", std::process::id());
            let folder = std::env::temp_dir().join(name);
            fs::create_dir_all(&folder)?;
            Ok(Self(folder))
        }

        fn path(&self, name: &str) -> PathBuf {
            self.0.join(name)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    /// Opens a file that is always waited for, however slow the machine is.
    fn open(path: &Path) -> Result<TokenFile> {
        let (_, file) = TokenFile::open(path)?;
        let mut file = file.ok_or_else(|| Error::invalid_input("a pipe"))?;
        file.max_wait = Duration::from_secs(600);
        Ok(file)
    }

    async fn token(file: &TokenFile) -> String {
        let header = file.header().await;
        let text = header.to_str().unwrap_or_default();
        text.trim_start_matches("Bearer ").to_owned()
    }

    fn run(program: &str, arguments: &[&str]) -> TestResult {
        let status = Command::new(program).args(arguments).status()?;
        status.success().then_some(()).ok_or_else(|| program.into())
    }

    #[tokio::test]
    async fn reads_a_changed_file_and_keeps_the_last_valid_token() -> TestResult {
        let folder = Folder::new()?;
        let path = folder.path("token");
        assert!(open(&path).is_err_and(|e| e.to_string().contains("can't be read")));
        fs::write(&path, "")?;
        assert!(open(&path).is_err_and(|e| {
            let message = e.to_string();
            message.ends_with(": the token is not valid: it is empty")
        }));

        fs::write(&path, "first\n")?;
        let file = open(&path)?;
        let mut tokens = Vec::new();
        for content in [
            None,
            Some("second-one\n"),
            Some(""),
            Some("broken\nin two"),
            Some("the-third"),
        ] {
            if let Some(content) = content {
                fs::write(&path, content)?;
            }
            tokens.push(token(&file).await);
        }
        fs::remove_file(&path)?;
        tokens.push(token(&file).await);
        assert_eq!(
            tokens,
            [
                "first",
                "second-one",
                "second-one",
                "second-one",
                "the-third",
                "the-third"
            ]
        );
        Ok(())
    }

    #[tokio::test]
    async fn notices_every_change_of_a_small_file() -> TestResult {
        let folder = Folder::new()?;
        let (path, other) = (folder.path("token"), folder.path("other"));
        fs::write(&path, "token-000")?;
        let file = open(&path)?;
        // Faster than the clock of the file system, and of the same length.
        for number in 1..200 {
            let expected = format!("token-{number:03}");
            fs::write(&path, &expected)?;
            assert_eq!(token(&file).await, expected);
        }
        // Another file of the same length and time takes its place.
        let modified = fs::metadata(&path)?.modified()?;
        fs::write(&other, "another-1")?;
        fs::File::options()
            .write(true)
            .open(&other)?
            .set_modified(modified)?;
        fs::rename(&other, &path)?;
        assert_eq!(token(&file).await, "another-1");
        Ok(())
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn follows_the_links_of_a_mounted_secret() -> TestResult {
        use std::os::unix::fs::symlink;
        let folder = Folder::new()?;
        let (data, next, path) = (
            folder.path("..data"),
            folder.path("..next"),
            folder.path("token"),
        );
        for number in 1..=3 {
            fs::create_dir(folder.path(&format!("..{number}")))?;
            fs::write(
                folder.path(&format!("..{number}/token")),
                format!("token-{number}"),
            )?;
        }
        symlink("..1", &data)?;
        symlink("..data/token", &path)?;
        let file = open(&path)?;
        for number in 1..=3 {
            symlink(format!("..{number}"), &next)?;
            fs::rename(&next, &data)?;
            assert_eq!(token(&file).await, format!("token-{number}"));
        }
        fs::remove_file(&data)?;
        assert_eq!(token(&file).await, "token-3");
        Ok(())
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn reads_no_more_than_a_token_needs() -> TestResult {
        let folder = Folder::new()?;
        let path = folder.path("token");
        for (device, reason) in [
            ("/dev/zero", "it must be a file or a pipe"),
            ("/dev/null", "it must be a file or a pipe"),
            ("/", "it must be a file or a pipe"),
        ] {
            let error = open(device.as_ref()).err().map(|e| e.to_string());
            assert_eq!(error, Some(format!("token file {device}: {reason}")));
        }
        let long = "x".repeat(MAX_TOKEN_FILE as usize);
        fs::write(&path, &long)?;
        let file = open(&path)?;
        // A sparse file of a gigabyte, and a device in its place.
        fs::File::create(&path)?.set_len(1 << 30)?;
        assert_eq!(token(&file).await, long);
        assert!(
            open(&path).is_err_and(|e| e.to_string().ends_with("it must have at most 65536 bytes"))
        );
        fs::remove_file(&path)?;
        std::os::unix::fs::symlink("/dev/zero", &path)?;
        assert_eq!(token(&file).await, long);
        fs::remove_file(&path)?;
        fs::write(&path, "x")?;
        assert_eq!(token(&file).await, "x");
        Ok(())
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn reads_a_pipe_once() -> TestResult {
        let folder = Folder::new()?;
        let path = folder.path("pipe");
        run("mkfifo", &[&path.to_string_lossy()])?;
        let writer = thread::spawn({
            let path = path.clone();
            move || fs::write(path, "from-a-command\n")
        });
        let (header, file) = TokenFile::open(&path)?;
        writer.join().map_err(|_| "the writer")??;
        assert!(header == "Bearer from-a-command" && file.is_none());
        // Without a writer, the wait ends.
        let start = std::time::Instant::now();
        let error = TokenFile::open_within(&path, Duration::from_millis(50)).err();
        assert!(error.is_some_and(|e| e.to_string().contains("could not be read within")));
        assert!(start.elapsed() < MAX_WAIT);
        // Let the thread of the attempt end.
        fs::write(&path, "")?;
        Ok(())
    }

    /// A file that blocks: the worker is kept busy, as a hung mount keeps it.
    #[tokio::test(start_paused = true)]
    async fn a_file_that_blocks_delays_calls_once() -> TestResult {
        let folder = Folder::new()?;
        let path = folder.path("token");
        fs::write(&path, "first")?;
        let mut file = open(&path)?;
        file.max_wait = MAX_REFRESH_WAIT;
        let file = Arc::new(file);
        let (sender, mut looks) = mpsc::unbounded_channel();
        lock(&file.refreshing).worker = Some(sender);
        let start = Instant::now();
        let calls = (0..600).map(|_| {
            let file = Arc::clone(&file);
            tokio::spawn(async move { token(&file).await })
        });
        for call in calls.collect::<Vec<_>>() {
            assert_eq!(call.await?, "first");
        }
        assert_eq!(start.elapsed(), MAX_REFRESH_WAIT, "they waited together");
        for _ in 0..600 {
            assert_eq!(token(&file).await, "first");
        }
        assert_eq!(start.elapsed(), MAX_REFRESH_WAIT, "the others did not wait");
        assert_eq!(looks.len(), 1, "all shared one look");
        looks.close();
        // Calls read the file again when it no longer blocks.
        drop(looks);
        lock(&file.refreshing).worker = None;
        tokio::time::resume();
        fs::write(&path, "second")?;
        assert_eq!(token(&file).await, "second");
        Ok(())
    }
}
