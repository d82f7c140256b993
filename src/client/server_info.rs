//! The operations, features and release of a server, as far as they are known.

use crate::http::ServedOperations;
use crate::{Error, OPERATIONS, Operation, Result};
use std::sync::Arc;

/// A server's operations, features and range of releases.
///
/// [`ServerHandle::get`](crate::api::ServerHandle::get) returns it. Quay does not publish its
/// release, but its operations limit the range. The server is at least as new as its newest
/// operation. It is older than an operation that it lacks, if no setting turns that operation off.
#[derive(Debug, Clone)]
pub struct ServerInfo {
    pub(super) served: Option<Arc<ServedOperations>>,
}

impl ServerInfo {
    /// Returns true if the server has a discovery document.
    ///
    /// Without one, the other methods return `None` and no operations.
    pub fn has_document(&self) -> bool {
        self.served.is_some()
    }

    /// Returns whether the server has an operation, such as `listRepoTags`.
    ///
    /// It is `None` if the server has no discovery document, or if no release of Quay lists the
    /// operation there.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if
    /// this crate has no such operation. [`OPERATIONS`](crate::OPERATIONS) lists all.
    pub fn supports(&self, operation_id: &str) -> Result<Option<bool>> {
        let operation = Operation::find(operation_id).ok_or_else(|| {
            Error::invalid_input(format!("there is no operation {operation_id:?}"))
        })?;
        Ok(self.has(operation))
    }

    pub(crate) fn has(&self, operation: &Operation) -> Option<bool> {
        self.served.as_ref()?.has(operation)
    }

    /// Returns the operations of this crate that the server lists.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let server = quay.server().get().await?;
    /// println!("{} operations", server.operations().count());
    /// # Ok(())
    /// # }
    /// ```
    pub fn operations(&self) -> impl Iterator<Item = &'static Operation> {
        OPERATIONS
            .iter()
            .filter(|operation| self.has(operation) == Some(true))
    }

    /// Returns the oldest release that the server can be, such as `3.17`.
    ///
    /// It is `None` if the server has no operation that is newer than 3.8.
    pub fn min_release(&self) -> Option<&'static str> {
        let releases = self.operations().filter_map(Operation::since);
        releases.max_by_key(|release| numbers(release))
    }

    /// Returns true if the server is certainly of this release or newer.
    pub(crate) fn is_at_least(&self, release: &str) -> bool {
        let min = self.min_release().map(numbers);
        min.is_some_and(|min| min >= numbers(release))
    }

    /// Returns a release that is newer than the server, such as `3.18`.
    ///
    /// It is the oldest one that is known to be newer; `None` if the server may be the newest
    /// release.
    pub fn before_release(&self) -> Option<&'static str> {
        let lacks = OPERATIONS.iter().filter(|operation| {
            operation.features().is_empty() && self.has(operation) == Some(false)
        });
        // A patch release may add an operation to an older release too, so inconsistent ones are
        // ignored.
        let min = self.min_release().map(numbers);
        lacks
            .filter_map(Operation::since)
            .filter(|release| Some(numbers(release)) > min)
            .min_by_key(|release| numbers(release))
    }

    /// Returns whether a setting of the server is on, such as `FEATURE_AUTO_PRUNE`.
    ///
    /// It is `None` if the server's operations do not show it.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let server = quay.server().get().await?;
    /// println!("{:?}", server.has_feature("FEATURE_REPO_MIRROR"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn has_feature(&self, setting: &str) -> Option<bool> {
        let needing = || {
            OPERATIONS
                .iter()
                .filter(|o| o.features().contains(&setting))
        };
        // It is certainly off only if nothing else explains that the operation is missing. This
        // comes first: an older server may have another operation without the setting.
        let min = self.min_release().map(numbers);
        let is_off = |operation: &Operation| {
            operation.features() == [setting]
                && self.has(operation) == Some(false)
                && operation.since().map(numbers) <= min
        };
        if needing().any(is_off) {
            return Some(false);
        }
        needing()
            .any(|operation| self.has(operation) == Some(true))
            .then_some(true)
    }
}

/// Returns a release as numbers, which can be compared.
fn numbers(release: &str) -> Vec<u32> {
    release.split('.').map(|n| n.parse().unwrap_or(0)).collect()
}
