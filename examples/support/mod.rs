//! Code that all examples share: output, files for secrets, settings and Ctrl-C.
//!
//! `#[macro_use] mod support;` replaces `println!` and `eprintln!`. Those of the standard library
//! panic if the reader of the output has exited, as in `example | head -1`. Restoring the signal
//! SIGPIPE instead would also end the program when a server closes a connection.

// Each example uses a part of this module.
#![allow(dead_code, unused_macros)]

use anyhow::{Context, Result, bail};
use hyper_util::rt::TokioIo;
use quay_api::api::RepositoryHandle;
use quay_api::testing::Server;
use quay_api::types::{Organization, Secret, Tag};
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use std::fmt::{Arguments, Display};
use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::{self, ExitCode};
use std::str::FromStr;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};

/// The end of each example's `--help`.
pub const SERVER: &str = "\
Environment:
  QUAY_URL    URL of the server; without it, an embedded server with demo data
  QUAY_TOKEN  Access token, or QUAY_TOKEN_FILE for a file that contains it";

macro_rules! println {
    () => { crate::support::print(format_args!("")) };
    ($($argument:tt)*) => { crate::support::print(format_args!($($argument)*)) };
}

macro_rules! eprintln {
    ($($argument:tt)*) => { crate::support::print_error(format_args!($($argument)*)) };
}

/// Prints a line. Ends the program if that fails: with exit code 141, as SIGPIPE would, if the
/// reader of the output has exited, and otherwise with 1 and a message.
pub fn print(line: Arguments<'_>) {
    if let Err(error) = writeln!(io::stdout(), "{line}") {
        if error.kind() == ErrorKind::BrokenPipe {
            process::exit(141);
        }
        eprintln!("error: standard output can't be written: {error}");
        process::exit(1);
    }
}

/// Prints a line to standard error. Ignores errors.
pub fn print_error(line: Arguments<'_>) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// Returns the exit code of an example. Prints an error, and returns 1 for it.
pub fn exit_code(result: Result<ExitCode>) -> ExitCode {
    result.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

/// Prints a note if the server does not treat the caller as a member of the organization. It does
/// not reject an expired token: it treats the request as anonymous.
pub fn note_if_outsider(organization: &Organization) {
    if organization.is_member == Some(false) {
        eprintln!(
            "note: the token does not belong to a member of the organization {}, or it has \
             expired; private repositories may be missing",
            organization.name
        );
    }
}

/// Deletes a tag, unless it was pushed again after it was listed. Returns false if it is kept or
/// was deleted by another caller.
///
/// Quay can't compare and delete in one request: a push between the two requests is still deleted.
/// The tag can be restored then.
pub async fn delete_unchanged(
    repository: &RepositoryHandle,
    listed: &Tag,
) -> quay_api::Result<bool> {
    let tag = repository.tag(&listed.name)?;
    match tag.get_opt().await? {
        Some(now) if now.start_ts == listed.start_ts => tag.delete_if_exists().await,
        _ => Ok(false),
    }
}

/// A value that a settings file contains as a string, such as `"30d"`.
pub struct Parsed<T>(pub T);

impl<'de, T: FromStr<Err: Display>> Deserialize<'de> for Parsed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Parsed).map_err(D::Error::custom)
    }
}

/// A new file for a secret, which only its owner can read. Create it before the secret, so that no
/// secret is lost if the file can't be created. An empty file is deleted when this is dropped.
pub struct PrivateFile {
    path: PathBuf,
    file: File,
    is_written: bool,
}

impl PrivateFile {
    /// Creates the file. Returns an error if it exists.
    pub fn create(path: &Path) -> Result<Self> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options
            .open(path)
            .with_context(|| format!("{} can't be created", path.display()))?;
        Ok(Self {
            path: path.to_owned(),
            file,
            is_written: false,
        })
    }

    /// Opens the file of an earlier run to append to it, and makes it readable by its owner only.
    pub fn resume(path: &Path) -> Result<Self> {
        let open = || {
            let file = OpenOptions::new().append(true).open(path)?;
            #[cfg(unix)]
            file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
            Ok::<_, io::Error>(file)
        };
        Ok(Self {
            path: path.to_owned(),
            file: open().with_context(|| format!("{} can't be written", path.display()))?,
            is_written: true,
        })
    }

    /// Appends to the file, and waits until the data is on the disk.
    pub fn write(&mut self, text: &str) -> Result<()> {
        self.is_written = true;
        self.file
            .write_all(text.as_bytes())
            .and_then(|()| self.file.sync_all())
            .with_context(|| format!("{} can't be written", self.path.display()))
    }
}

impl Drop for PrivateFile {
    fn drop(&mut self) {
        if !self.is_written {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// Returns the contents of a file, or `None` if it does not exist.
pub fn read_file(path: &Path) -> Result<Option<String>> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{} can't be read", path.display())),
    }
}

/// Reads a secret from a file, without the whitespace around it.
pub fn read_secret(path: &Path) -> Result<Secret> {
    let text = std::fs::read_to_string(path);
    let text = text.with_context(|| format!("{} can't be read", path.display()))?;
    Ok(Secret::from(text.trim()))
}

/// Reads settings from a TOML file, or from the sample if no file is given and the server is
/// embedded. Also returns the name of the source.
pub fn read_settings<T: DeserializeOwned>(
    path: &Option<PathBuf>,
    sample: &str,
    server: &Server,
) -> Result<(String, T)> {
    let (name, text) = match path {
        Some(path) => {
            let text = std::fs::read_to_string(path)
                .with_context(|| format!("{} can't be read", path.display()))?;
            (path.display().to_string(), text)
        }
        None if server.sandbox().is_some() => ("the sample".to_owned(), sample.to_owned()),
        None => bail!("the argument FILE is required if QUAY_URL is set"),
    };
    let settings = toml::from_str(&text).with_context(|| format!("{name} is not valid"))?;
    Ok((name, settings))
}

/// Replaces the contents of a file atomically: an interruption leaves the old or the new ones.
pub fn replace_file(path: &Path, contents: &str) -> Result<()> {
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(".new");
    std::fs::write(&temporary, contents)
        .and_then(|()| std::fs::rename(&temporary, path))
        .with_context(|| format!("{} can't be written", path.display()))
}

/// Returns a future that completes on Ctrl-C. A second Ctrl-C ends the program immediately, even if
/// the future is not polled.
pub fn interrupted() -> impl Future<Output = ()> {
    let (sender, receiver) = tokio::sync::oneshot::channel();
    tokio::spawn(async {
        let _ = tokio::signal::ctrl_c().await;
        let _ = sender.send(());
        let _ = tokio::signal::ctrl_c().await;
        process::exit(130);
    });
    async { receiver.await.unwrap_or_default() }
}

/// Parses the time between two requests, such as `30s`.
pub fn interval(text: &str) -> Result<Duration, String> {
    let span = humantime::parse_duration(text).map_err(|error| error.to_string())?;
    match span.as_millis() {
        1..=86_400_000 => Ok(span),
        _ => Err("must be between 1ms and 1day".to_owned()),
    }
}

/// Accepts a connection. Reports errors, such as too many open files, and tries again.
pub async fn accept(listener: &TcpListener) -> TokioIo<TcpStream> {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return TokioIo::new(stream),
            Err(error) => eprintln!("a connection can't be accepted: {error}"),
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}
