//! The server's discovery document, compared with this crate.

use crate::api::shared::query_flag;
use crate::types::DiscoveryDocument;
use crate::{OPERATIONS, Operation, Quay, Result};
use std::collections::{BTreeMap, BTreeSet};

/// The handle of the server's discovery document: [`Quay::discovery`].
#[derive(Debug, Clone)]
pub struct DiscoveryHandle {
    pub(crate) quay: Quay,
}

impl DiscoveryHandle {
    /// Reads the discovery document, which describes the server's API in Swagger 2.0.
    ///
    /// The document only lists operations whose feature is on, and contains few types. The table
    /// [`OPERATIONS`](crate::OPERATIONS) contains all operations of this crate.
    ///
    /// Scope: none. Endpoint: `GET /api/v1/discovery`.
    /// Operation: `discovery`.
    ///
    /// # Errors
    ///
    /// Returns only errors that every request can return, such as a time-out.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let document = quay.discovery().get().await?;
    /// println!("{} paths", document.paths.len());
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get discovery")]
    #[doc(alias = "discovery")]
    pub async fn get(&self) -> Result<DiscoveryDocument> {
        self.read(false).await
    }

    /// Reads the document including the internal operations, which the server's web UI uses.
    ///
    /// Scope: none. Endpoint: `GET /api/v1/discovery?internal=true`.
    /// Operation: `discovery`.
    ///
    /// # Errors
    ///
    /// Returns only errors that every request can return, such as a time-out.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let document = quay.discovery().get_internal().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "discovery")]
    pub async fn get_internal(&self) -> Result<DiscoveryDocument> {
        self.read(true).await
    }

    /// Compares the server's operations and their query parameters with those of this crate.
    ///
    /// A server only lists operations whose feature is on. An operation that is not listed may
    /// therefore be off rather than missing.
    ///
    /// Scope: none. Endpoint: `GET /api/v1/discovery?internal=true`.
    /// Operation: `discovery`.
    ///
    /// # Errors
    ///
    /// Returns only errors that every request can return, such as a time-out.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let comparison = quay.discovery().compare().await?;
    /// for id in &comparison.unknown {
    ///     println!("the crate does not know {id}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "discovery")]
    pub async fn compare(&self) -> Result<Comparison> {
        self.get_internal()
            .await
            .map(|document| Comparison::of(&document))
    }

    async fn read(&self, internal: bool) -> Result<DiscoveryDocument> {
        self.quay
            .send(self.quay.api().discovery(query_flag(internal)))
            .await
    }
}

/// The differences between a server and this crate: [`DiscoveryHandle::compare`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Comparison {
    /// The identifiers of operations that the server has but this crate does not.
    pub unknown: Vec<String>,
    /// The operations of this crate that the server does not list.
    pub unlisted: Vec<&'static Operation>,
    /// The operations that both have, but with different query parameters.
    pub different: Vec<Difference>,
}

/// The difference between an operation of the server and of this crate.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// The operation.
    pub operation: &'static Operation,
    /// The query parameters that only the server has.
    pub unknown_parameters: Vec<String>,
    /// The query parameters that only this crate has, except for those that servers do not
    /// document.
    pub unlisted_parameters: Vec<&'static str>,
}

impl Comparison {
    #[inline]
    fn of(document: &DiscoveryDocument) -> Self {
        let mut listed: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for path in document.paths.values() {
            let methods = [&path.get, &path.put, &path.post, &path.delete, &path.patch];
            for operation in methods.into_iter().flatten() {
                let Some(id) = operation.operation_id.as_deref() else {
                    continue;
                };
                let parameters = operation
                    .parameters
                    .iter()
                    .chain(&path.parameters)
                    .flatten();
                listed.insert(
                    id,
                    parameters
                        .filter(|p| p.in_ == "query")
                        .map(|p| p.name.as_str())
                        .collect(),
                );
            }
        }
        let known: BTreeMap<&str, &'static Operation> =
            OPERATIONS.iter().map(|o| (o.id(), o)).collect();
        let unknown = listed
            .keys()
            .filter(|id| !known.contains_key(*id))
            .map(|id| (*id).to_owned())
            .collect();
        // An operation that no discovery document lists is not missing.
        let unlisted = OPERATIONS
            .iter()
            .filter(|o| o.is_documented() && !listed.contains_key(o.id()))
            .collect();
        let both = listed
            .iter()
            .filter_map(|(id, theirs)| Some((*known.get(id)?, theirs)));
        let different = both
            .filter_map(|(operation, theirs)| Difference::of(operation, theirs))
            .collect();
        Self {
            unknown,
            unlisted,
            different,
        }
    }
}

impl Difference {
    #[inline]
    fn of(operation: &'static Operation, theirs: &BTreeSet<&str>) -> Option<Self> {
        let ours = operation.query_parameters();
        let unknown_parameters: Vec<String> = theirs
            .iter()
            .filter(|p| !ours.contains(p))
            .map(|p| (*p).to_owned())
            .collect();
        let is_unlisted =
            |p: &&&str| !theirs.contains(**p) && !operation.hidden_parameters().contains(*p);
        let unlisted_parameters: Vec<&str> = ours.iter().filter(is_unlisted).copied().collect();
        let is_same = unknown_parameters.is_empty() && unlisted_parameters.is_empty();
        (!is_same).then_some(Self {
            operation,
            unknown_parameters,
            unlisted_parameters,
        })
    }
}
