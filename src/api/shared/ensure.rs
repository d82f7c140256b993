//! Desired state: compares a resource with the desired settings, and makes the smallest change.
//!
//! One driver serves all kinds of resources. Each kind implements [`Desired`]: how it is found,
//! compared, created and changed. The order of the steps, duplicates and races are handled here.

use super::calls::ExistenceCheck;
use crate::{Error, ErrorKind, Result};
use futures::FutureExt;
use futures::future::BoxFuture;
use std::fmt;

/// The result of `ensure`, with the resource as it is now.
///
/// # Examples
///
/// ```
/// use quay_api::api::Ensured;
///
/// let ensured = Ensured::Created("a quota");
/// assert!(ensured.is_changed());
/// assert_eq!(ensured.to_string(), "created");
/// assert_eq!(ensured.into_inner(), "a quota");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Ensured<T> {
    /// The resource was missing and was created.
    Created(T),
    /// The resource differed and was changed.
    Updated(T),
    /// The resource was as desired. Nothing was written.
    Unchanged(T),
}

impl<T> Ensured<T> {
    /// Returns true if something was written.
    pub fn is_changed(&self) -> bool {
        !matches!(self, Self::Unchanged(_))
    }

    /// Returns the resource as it is now.
    pub fn into_inner(self) -> T {
        match self {
            Self::Created(value) | Self::Updated(value) | Self::Unchanged(value) => value,
        }
    }

    /// Returns a reference to the resource as it is now.
    pub fn get_ref(&self) -> &T {
        match self {
            Self::Created(value) | Self::Updated(value) | Self::Unchanged(value) => value,
        }
    }

    /// Returns the same result with another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Ensured<U> {
        match self {
            Self::Created(value) => Ensured::Created(change(value)),
            Self::Updated(value) => Ensured::Updated(change(value)),
            Self::Unchanged(value) => Ensured::Unchanged(change(value)),
        }
    }
}

impl<T> fmt::Display for Ensured<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Created(_) => "created",
            Self::Updated(_) => "updated",
            Self::Unchanged(_) => "unchanged",
        })
    }
}

/// A desired state that is not applied yet.
///
/// Awaiting it reads the present state and writes only what differs. [`dry_run`](Self::dry_run)
/// only reads. Nothing is sent before either of these. The [guide](crate::guide::desired_state)
/// lists for each kind of resource how it is identified and what is compared.
///
/// # Examples
///
/// ```
/// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
/// use quay_api::types::RepositoryRole;
///
/// let permissions = quay.repository("acme/web")?.team_permissions();
/// let ensured = permissions.ensure("devs", RepositoryRole::Write).await?;
/// println!("permission of devs: {ensured}");
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is sent before it is awaited"]
pub struct Ensure<T>(Box<dyn Desired<Item = T>>);

impl<T: Send + 'static> Ensure<T> {
    pub(crate) fn new(desired: impl Desired<Item = T>) -> Self {
        Self(Box::new(desired))
    }

    /// Returns what awaiting this value would do, and writes nothing.
    ///
    /// The result contains the resource as it is now, or `None` if it would be created.
    ///
    /// # Errors
    ///
    /// Returns the errors of reading the resource, and an error for which
    /// [`is_not_found`](crate::Error::is_not_found) is true if the parent of the resource does not
    /// exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::api::Ensured;
    /// use quay_api::types::RepositoryRole;
    ///
    /// let permissions = quay.repository("acme/web")?.team_permissions();
    /// let ensure = permissions.ensure("devs", RepositoryRole::Write);
    /// if let Ensured::Updated(Some(now)) = ensure.dry_run().await? {
    ///     println!("devs has the role {}", now.role);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn dry_run(&self) -> Result<Ensured<Option<T>>> {
        self.0.compare().await
    }
}

impl<T> fmt::Debug for Ensure<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ensure").finish_non_exhaustive()
    }
}

impl<T: Send + 'static> IntoFuture for Ensure<T> {
    type Output = Result<Ensured<T>>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        self.0.converge()
    }
}

/// A kind of resource that can be brought to a desired state.
///
/// The two provided methods are compiled in this crate, once for each kind.
pub(crate) trait Desired: Send + Sync + 'static {
    type Item: Send + 'static;

    /// Checks the request, and returns the resources with the same identity: none, one, or several
    /// duplicates.
    fn existing(&self) -> BoxFuture<'_, Result<Vec<Self::Item>>>;

    /// Returns true if nothing has to change about the resource.
    fn is_met(&self, found: &Self::Item) -> bool;

    fn create(&self) -> BoxFuture<'_, Result<Self::Item>>;

    /// Returns a check that the parent exists, if [`existing`](Self::existing) may find nothing
    /// although the parent is missing.
    fn parent_check(&self) -> Option<ExistenceCheck> {
        None
    }

    /// Changes what differs. It is only called if something differs.
    fn update(&self, found: Self::Item) -> BoxFuture<'_, Result<Self::Item>>;

    /// Returns what [`converge`](Self::converge) would do.
    fn compare(&self) -> BoxFuture<'_, Result<Ensured<Option<Self::Item>>>> {
        async move {
            let found = pick(self).await?;
            if found.is_none()
                && let Some(check) = self.parent_check()
            {
                check.await?;
            }
            Ok(match found {
                None => Ensured::Created(None),
                Some(found) if self.is_met(&found) => Ensured::Unchanged(Some(found)),
                Some(found) => Ensured::Updated(Some(found)),
            })
        }
        .boxed()
    }

    /// Reads the present state, and writes what differs.
    fn converge(self: Box<Self>) -> BoxFuture<'static, Result<Ensured<Self::Item>>> {
        async move {
            let found = pick(&*self).await?;
            let was_there = found.is_some();
            match write(&*self, found).await {
                // Another caller created or deleted the resource in between.
                Err(error) if error.is_already_exists() || was_there && error.is_not_found() => {
                    let found = pick(&*self).await?;
                    write(&*self, found).await.map_err(not_this_one)
                }
                result => result,
            }
        }
        .boxed()
    }
}

/// Returns the resource to compare. Of several duplicates it is one that is as desired, so that a
/// second run changes nothing, otherwise the first one.
async fn pick<D: Desired + ?Sized>(desired: &D) -> Result<Option<D::Item>> {
    let mut existing = desired.existing().await?;
    if existing.is_empty() {
        return Ok(None);
    }
    let met = existing.iter().position(|found| desired.is_met(found));
    Ok(Some(existing.swap_remove(met.unwrap_or(0))))
}

async fn write<D: Desired + ?Sized>(
    desired: &D,
    found: Option<D::Item>,
) -> Result<Ensured<D::Item>> {
    Ok(match found {
        None => Ensured::Created(desired.create().await?),
        Some(found) if desired.is_met(&found) => Ensured::Unchanged(found),
        Some(found) => Ensured::Updated(desired.update(found).await?),
    })
}

/// The name is taken by something else, which is a conflict, as with `create_if_absent`.
fn not_this_one(error: Error) -> Error {
    match error.is_already_exists() {
        true => error.with_kind(ErrorKind::Conflict),
        false => error,
    }
}
