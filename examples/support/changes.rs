//! Changes to a server. Each is printed, and made only with `--apply`.

// Each example uses a part of this module.
#![allow(dead_code)]

use anyhow::{Result, ensure};
use quay_api::api::{Ensure, Ensured, OrganizationHandle};
use quay_api::types::{CreateRepository, Visibility};
use std::fmt::Display;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Counts differences, changes made and changes that failed. A failure is reported, and the other
/// changes are still made.
pub struct Changes {
    pub apply: bool,
    /// True if the organization does not exist: nothing in it exists, so nothing is compared.
    pub all_missing: bool,
    found: usize,
    made: usize,
    failed: usize,
    is_interrupted: Arc<AtomicBool>,
}

impl Changes {
    /// Starts without differences. With `apply`, a first Ctrl-C ends the program between two
    /// changes, and a second one immediately.
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

    /// Prints the change that an `ensure` would make, and makes it with `apply`. Returns the
    /// resource after the change, or `None` if it does not exist.
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
            // In a dry run, the team or repository of the item may be missing too.
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

    /// Prints a change, and makes it with `apply` by awaiting the future.
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

    /// Creates a repository, or sets its visibility and description.
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
            "stopped after {made} changes; run the command again to continue"
        );
        Ok(())
    }

    /// Reports an item that could not be compared or changed.
    pub fn failed(&mut self, what: impl Display, error: impl Display) {
        self.failed += 1;
        eprintln!("failed: {what}: {error}");
    }

    /// Prints a summary, and returns the exit code: 0 success or nothing to do, 1 failure, 3
    /// without `--apply` if there are differences.
    pub fn finish(self, is_right: impl Display) -> ExitCode {
        match (self.found, self.failed) {
            (0, 0) => println!("nothing to do: {is_right}"),
            (found, 0) if !self.apply => {
                println!("{found} differences; run with --apply to make the changes");
            }
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
