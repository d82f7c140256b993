//! How long one attempt waits.

use super::Settings;
use std::future::Future;
use tokio::time::{Instant, timeout_at};

/// Until when an attempt may last, and how long the server may be silent meanwhile.
///
/// One timer covers both, and it is set only where there is something to wait for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Timeouts<'a> {
    settings: &'a Settings,
    end: Option<Instant>,
}

/// The time is over.
#[derive(Debug)]
pub(super) struct Elapsed;

impl<'a> Timeouts<'a> {
    /// That of an attempt which begins now.
    pub fn new(settings: &'a Settings, deadline: Option<Instant>) -> Self {
        let end = [Instant::now().checked_add(settings.timeout), deadline]
            .into_iter()
            .flatten()
            .min();
        Self { settings, end }
    }

    /// Waits for the next sign of the server.
    pub async fn wait<F: Future>(&self, sign: F) -> Result<F::Output, Elapsed> {
        let silent = Instant::now().checked_add(self.settings.read_timeout);
        match [silent, self.end].into_iter().flatten().min() {
            Some(until) => timeout_at(until, sign).await.map_err(|_| Elapsed),
            None => Ok(sign.await),
        }
    }
}
