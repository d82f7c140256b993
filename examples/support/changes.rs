//! Changes to a server: each is shown, and made with `--apply` only.

// Each example uses a part of it.
#![allow(dead_code)]

use anyhow::{Result, ensure};
use quay_api::api::{Ensure, Ensured, OrganizationHandle};
use quay_api::types::{CreateRepository, Visibility};
use std::fmt::Display;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Counts the differences that were found, the changes that were made, and those that failed. A
/// failure is reported, and the other changes are made.
pub struct Changes {
    pub apply: bool,
    /// The organization does not exist, so nothing in it does, and nothing has to be compared.
    pub all_missing: bool,
    found: usize,
    made: usize,
    failed: usize,
    is_interrupted: Arc<AtomicBool>,
}

impl Changes {
    /// Begins without differences. With `apply`, Ctrl-C ends the program between two changes from
    /// now on, and the second one at once.
    pub fn new(apply: bool) -> Self {
        let is_interrupted = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&is_interrupted);
        if apply {
            tokio::spawn(async move {
                let _ = tokio::signal::ctrl_c().await;
                flag.store(true, Ordering::Relaxed);
                let _ = tokio::signal::ctrl_c().await;
                std::process::exit(130);
            });
        }
        Self {
            apply,
            all_missing: false,
            found: 0,
            made: 0,
            failed: 0,
            is_interrupted,
        }
    }

    /// Shows the change that an `ensure` would make, and makes it with `apply`. Returns the item as
    /// it is afterwards, or `None` if it does not exist.
    pub async fn ensure<T: Send + 'static>(
        &mut self,
        what: impl Display,
        ensure: Ensure<T>,
    ) -> Result<Option<T>> {
        self.check_interrupt()?;
        let compared = match self.all_missing {
            true => Ok(Ensured::Created(None)),
            false => ensure.dry_run().await,
        };
        let (sign, now) = match compared {
            Ok(Ensured::Unchanged(now)) => return Ok(now),
            Ok(Ensured::Created(_)) => ('+', None),
            Ok(other) => ('~', other.into_inner()),
            // In a dry run, the team or repository that it belongs to may be missing as well.
            Err(error) if error.is_not_found() && !self.apply => ('+', None),
            Err(error) => {
                self.failed(what, error);
                return Ok(None);
            }
        };
        let made = self.change(sign, what, ensure).await?;
        Ok(if self.apply {
            made.map(Ensured::into_inner)
        } else {
            now
        })
    }

    /// Shows a change, and makes it with `apply`. Nothing is sent before the future is awaited.
    pub async fn change<T>(
        &mut self,
        sign: char,
        what: impl Display,
        change: impl IntoFuture<Output = quay_api::Result<T>>,
    ) -> Result<Option<T>> {
        self.check_interrupt()?;
        self.found += 1;
        println!("{sign} {what}");
        if !self.apply {
            return Ok(None);
        }
        Ok(match change.await {
            Ok(value) => {
                self.made += 1;
                Some(value)
            }
            Err(error) => {
                self.failed(what, error);
                None
            }
        })
    }

    /// Makes a repository exist with this visibility and description.
    pub async fn repository(
        &mut self,
        organization: &OrganizationHandle,
        name: &str,
        visibility: &Visibility,
        description: &str,
    ) -> Result<()> {
        let repository = organization.repository(name)?;
        let full_name = repository.name();
        let what = format!("repository {full_name}: {visibility}");
        let Some(found) = repository.get_opt().await? else {
            let request = CreateRepository::new(name, visibility.clone(), description);
            let all = organization.repositories();
            self.change('+', what, all.create(request)).await?;
            return Ok(());
        };
        if found.is_public != (*visibility == Visibility::Public) {
            let change = repository.set_visibility(visibility.clone());
            self.change('~', what, change).await?;
        }
        if found.description.unwrap_or_default() != description {
            let what = format!("repository {full_name}: description");
            let change = repository.set_description(description);
            self.change('~', what, change).await?;
        }
        Ok(())
    }

    fn check_interrupt(&self) -> Result<()> {
        let (is_interrupted, made) = (self.is_interrupted.load(Ordering::Relaxed), self.made);
        ensure!(
            !is_interrupted,
            "stopped, {made} changes made; run it again to go on"
        );
        Ok(())
    }

    /// Reports a part that could not be compared or changed.
    pub fn failed(&mut self, what: impl Display, error: impl Display) {
        self.failed += 1;
        eprintln!("failed: {what}: {error}");
    }

    /// Prints a summary, and returns the exit code: 0 done, or nothing to do, 1 something failed, 3
    /// without `--apply`: there are differences.
    pub fn finish(self, is_right: impl Display) -> ExitCode {
        match (self.found, self.failed) {
            (0, 0) => println!("nothing to do: {is_right}"),
            (found, 0) if !self.apply => println!("{found} differences; --apply removes them"),
            (_, 0) => println!("{} changes made", self.made),
            (found, failed) if !self.apply => println!("{found} differences, {failed} failed"),
            (_, failed) => println!("{} changes made, {failed} failed", self.made),
        }
        match (self.found, self.failed) {
            (_, 1..) => ExitCode::FAILURE,
            (1.., 0) if !self.apply => ExitCode::from(3),
            _ => ExitCode::SUCCESS,
        }
    }
}
