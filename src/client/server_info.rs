//! What can be known of the server: its operations, its features and its release.

use crate::http::ServedOperations;
use crate::{Error, OPERATIONS, Operation, Result};
use std::sync::Arc;

/// A server's release and features, as far as they can be known:
/// [`ServerHandle::get`](crate::api::ServerHandle::get).
///
/// Quay tells nobody its release. What its operations say of it is a range: it is not older than
/// the newest operation that it has, and older than an operation that it lacks though no feature
/// flag could have turned that off.
#[derive(Debug, Clone)]
pub struct ServerInfo {
    pub(super) served: Option<Arc<ServedOperations>>,
}

impl ServerInfo {
    /// Returns true if the server has a discovery document. Everything else is `None` if it has
    /// none.
    pub fn has_document(&self) -> bool {
        self.served.is_some()
    }

    /// Returns whether the server has an operation, such as `listRepoTags`; `None` if the server
    /// has no discovery document, or does not list the operation in any release.
    ///
    /// # Errors
    ///
    /// Returns an error with [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if this
    /// crate has no such operation; [`OPERATIONS`](crate::OPERATIONS) has all.
    pub fn supports(&self, operation_id: &str) -> Result<Option<bool>> {
        let operation = OPERATIONS.iter().find(|o| o.id() == operation_id);
        let operation = operation.ok_or_else(|| {
            Error::invalid_input(format!("there is no operation {operation_id:?}"))
        })?;
        Ok(self.has(operation))
    }

    pub(crate) fn has(&self, operation: &Operation) -> Option<bool> {
        self.served.as_ref()?.has(operation)
    }

    /// Returns the operations of this crate that the server lists.
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

    /// Returns the release that the server has at least, such as `3.17`; `None` if it may be any
    /// from 3.8 on.
    pub fn min_release(&self) -> Option<&'static str> {
        let releases = self.operations().filter_map(Operation::since);
        releases.max_by_key(|release| numbers(release))
    }

    /// Returns the release that the server is older than, such as `3.18`; `None` if it may be the
    /// newest one.
    pub fn before_release(&self) -> Option<&'static str> {
        let lacks = OPERATIONS.iter().filter(|operation| {
            operation.features().is_empty() && self.has(operation) == Some(false)
        });
        // A patch may bring an operation to an older release as well, so an inconsistent one is
        // left out.
        let min = self.min_release().map(numbers);
        lacks
            .filter_map(Operation::since)
            .filter(|release| Some(numbers(release)) > min)
            .min_by_key(|release| numbers(release))
    }

    /// Returns whether a setting of the server is on, such as `FEATURE_AUTO_PRUNE`; `None` if its
    /// operations do not tell.
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
        if needing().any(|operation| self.has(operation) == Some(true)) {
            return Some(true);
        }
        // Off for certain only if nothing else is a reason to lack the operation.
        let min = self.min_release().map(numbers);
        let is_off = |operation: &Operation| {
            operation.features() == [setting]
                && self.has(operation) == Some(false)
                && operation.since().map(numbers) <= min
        };
        needing().any(is_off).then_some(false)
    }
}

/// Returns a release as numbers, which can be compared.
fn numbers(release: &str) -> Vec<u32> {
    release.split('.').map(|n| n.parse().unwrap_or(0)).collect()
}
