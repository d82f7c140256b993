//! Desired state: compares what should be there with what is, and makes the least change.
//!
//! One driver for all kinds of things. A kind says how it is found, compared, created and changed
//! ([`Desired`]); the order of the steps, duplicates and races are here.

use crate::{Error, ErrorKind, Result};
use futures::FutureExt;
use futures::future::BoxFuture;
use std::fmt;

/// What `ensure` did, with the thing as it is now.
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
    /// It was missing, and was created.
    Created(T),
    /// It was different, and was changed.
    Updated(T),
    /// It was as it should be: nothing was written.
    Unchanged(T),
}

impl<T> Ensured<T> {
    /// Returns true if something was written.
    pub fn is_changed(&self) -> bool {
        !matches!(self, Self::Unchanged(_))
    }

    /// Returns the thing as it is now.
    pub fn into_inner(self) -> T {
        match self {
            Self::Created(value) | Self::Updated(value) | Self::Unchanged(value) => value,
        }
    }

    /// Returns a reference to the thing as it is now.
    pub fn get_ref(&self) -> &T {
        match self {
            Self::Created(value) | Self::Updated(value) | Self::Unchanged(value) => value,
        }
    }

    /// Returns the same report about another value.
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

/// A thing as it should be. Awaiting it reads what is there, and writes only what differs;
/// [`dry_run`](Self::dry_run) only reads.
///
/// Nothing is sent before either. The [guide](crate::guide::desired_state) says for each kind of
/// thing what identifies it and what is compared.
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

    /// Returns what awaiting it would do, with the thing as it is now; `None` if it would be
    /// created. Nothing is written.
    ///
    /// # Errors
    ///
    /// Returns the errors of reading. What the thing belongs to has to exist.
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

/// A kind of thing that can be brought to a desired state.
///
/// The two provided methods are compiled in this crate, with the type of each kind.
pub(crate) trait Desired: Send + Sync + 'static {
    type Item: Send + 'static;

    /// Returns the things with the same identity: none, one, or duplicates. Checks the request
    /// first.
    fn existing(&self) -> BoxFuture<'_, Result<Vec<Self::Item>>>;

    /// Returns true if there is nothing to change about one of them.
    fn is_met(&self, found: &Self::Item) -> bool;

    fn create(&self) -> BoxFuture<'_, Result<Self::Item>>;

    /// Changes what differs. It is not called for what is met.
    fn update(&self, found: Self::Item) -> BoxFuture<'_, Result<Self::Item>>;

    /// Returns what [`converge`](Self::converge) would do.
    fn compare(&self) -> BoxFuture<'_, Result<Ensured<Option<Self::Item>>>> {
        async move {
            Ok(match pick(self).await? {
                None => Ensured::Created(None),
                Some(found) if self.is_met(&found) => Ensured::Unchanged(Some(found)),
                Some(found) => Ensured::Updated(Some(found)),
            })
        }
        .boxed()
    }

    /// Reads, and writes what differs.
    fn converge(self: Box<Self>) -> BoxFuture<'static, Result<Ensured<Self::Item>>> {
        async move {
            let found = pick(&*self).await?;
            let was_there = found.is_some();
            match write(&*self, found).await {
                // Another caller created or deleted it in between.
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

/// Returns the thing that is compared: of duplicates one that is as it should be, so that a second
/// run changes nothing, otherwise the first.
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

/// What exists is something else than what was looked for, as with `create_if_absent`.
fn not_this_one(error: Error) -> Error {
    match error.is_already_exists() {
        true => error.with_kind(ErrorKind::Conflict),
        false => error,
    }
}
