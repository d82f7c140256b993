//! The operations and the release of the server, by its documents. A scenario that it can't run is
//! skipped with the reason.

use super::{TestContext, TestError, TestResult, skip};
use quay_api::{OPERATIONS, Operation, Quay, Result};
use std::collections::BTreeSet;
use tokio::sync::OnceCell;

/// The numbers of a release.
type Release = Vec<u32>;

/// The operations and the release of a real server.
pub struct ServerFacts {
    /// Identifiers of the operations in its document.
    listed: BTreeSet<&'static str>,
    release: Release,
}

impl ServerFacts {
    async fn read(quay: &Quay) -> Result<Self> {
        let comparison = quay.discovery().compare().await?;
        let unlisted: BTreeSet<&str> = comparison.unlisted.iter().map(|o| o.id()).collect();
        let documented = OPERATIONS.iter().filter(|o| is_documented(o));
        let listed: BTreeSet<&str> = documented
            .map(Operation::id)
            .filter(|id| !unlisted.contains(id))
            .collect();
        // The first release in the list of changes is the server's, unless that list is behind.
        let log = quay.superuser().change_log().await?;
        let newest = log.split("## [v").nth(1).unwrap_or_default();
        let changes = release(newest.split(']').next().unwrap_or_default());
        let operations = OPERATIONS.iter().filter(|o| listed.contains(o.id()));
        let brought = operations.filter_map(|o| o.since().map(release)).max();
        Ok(Self {
            listed,
            release: brought
                .into_iter()
                .chain([changes])
                .max()
                .unwrap_or_default(),
        })
    }

    fn name(&self) -> String {
        let parts: Vec<String> = self.release.iter().map(u32::to_string).collect();
        parts.join(".")
    }

    /// Returns why the server lacks an operation; `None` if it has it, or may have it.
    fn lacks(&self, operation: &Operation) -> Option<String> {
        if self.listed.contains(operation.id()) {
            return None;
        }
        if let Some(since) = operation.since()
            && self.release < release(since)
        {
            return Some(format!("it came with {since}"));
        }
        // Some operations are not in the documents of all releases that have them.
        let listed = operation.listed_since().map(release);
        if !is_documented(operation) || listed.is_some_and(|listed| self.release < listed) {
            return None;
        }
        Some(match operation.features() {
            [] => "its document does not list it".to_owned(),
            features => format!("{} is off", features.join(" or ")),
        })
    }
}

fn is_documented(operation: &Operation) -> bool {
    !matches!(operation.id(), "initializeUser" | "getSuperUserConfig")
}

fn release(text: &str) -> Release {
    text.split('.')
        .filter_map(|part| part.parse().ok())
        .collect()
}

/// Returns the reason for a server that lacks an operation.
fn lacking(operation: &Operation, release: &str, why: &str) -> String {
    format!("{} is missing on {release}: {why}", operation.id())
}

impl TestContext {
    async fn facts(&self) -> Result<Option<&'static ServerFacts>> {
        static FACTS: OnceCell<ServerFacts> = OnceCell::const_new();
        match self.is_real() {
            true => FACTS
                .get_or_try_init(|| ServerFacts::read(self.quay()))
                .await
                .map(Some),
            false => Ok(None),
        }
    }

    /// Returns the reason why the server lacks an operation; `None` if it has it.
    pub async fn lacks(&self, id: &str) -> Result<Option<String>> {
        let operation = OPERATIONS.iter().find(|o| o.id() == id);
        let operation = operation.unwrap_or_else(|| panic!("{id} is no operation"));
        let Some(facts) = self.facts().await? else {
            return Ok(None);
        };
        let why = facts.lacks(operation);
        Ok(why.map(|why| lacking(operation, &facts.name(), &why)))
    }

    /// Skips the scenario if the server lacks one of these operations.
    pub async fn requires(&self, ids: &[&str]) -> TestResult {
        for id in ids {
            if let Some(why) = self.lacks(id).await? {
                return skip(why);
            }
        }
        Ok(())
    }

    /// Returns true if the server is of a release or a newer one.
    pub async fn is_since(&self, since: &str) -> Result<bool> {
        let facts = self.facts().await?;
        Ok(facts.is_none_or(|facts| facts.release >= release(since)))
    }

    /// Skips the scenario if the server is older than this release.
    pub async fn requires_release(&self, since: &str, what: &str) -> TestResult {
        match self.facts().await? {
            Some(facts) if facts.release < release(since) => {
                skip(format!("{} is older than {since}: {what}", facts.name()))
            }
            _ => Ok(()),
        }
    }

    /// Turns a failure into a skip if the server lacks the operation that failed, by its own
    /// documents. Where they have it, the failure is one.
    pub async fn missing_operation(&self, stop: TestError) -> TestError {
        let TestError::Failed(error, _) = &stop else {
            return stop;
        };
        let operation = error.operation().filter(|_| error.is_feature_disabled());
        match operation {
            Some(operation) => match self.lacks(operation.id()).await {
                Ok(Some(why)) => TestError::Skipped(why),
                _ => stop,
            },
            None => stop,
        }
    }
}
