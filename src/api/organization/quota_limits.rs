//! The limits of an organization's storage quota.

use crate::api::QuotaHandle;
use crate::api::shared::{Desired, Ensure, missing, none_if_not_found, outcome};
use crate::generated::params;
use crate::pagination::{Listing, SinglePage};
use crate::types::{CreateQuotaLimit, QuotaLimit, QuotaLimitId, QuotaLimitType, UpdateQuotaLimit};
use crate::{Error, Result};
use futures::FutureExt;
use futures::future::BoxFuture;

/// The handle of the limits of a storage quota: [`QuotaHandle::limits`].
#[derive(Debug, Clone)]
pub struct QuotaLimitsHandle {
    pub(crate) quota: QuotaHandle,
}

impl QuotaLimitsHandle {
    /// Lists the limits of the quota.
    ///
    /// Scope: `org:admin`. Endpoint: `GET /api/v1/organization/{orgname}/quota/{quota_id}/limit`.
    /// The response is not paged.
    /// Operation: `listOrganizationQuotaLimit`. Feature: `FEATURE_QUOTA_MANAGEMENT`,
    /// `FEATURE_EDIT_QUOTA` and `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Reading the list returns an error for which [`is_not_found`](crate::Error::is_not_found) is
    /// true if the quota does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// for limit in quay.organization("acme")?.quota(1).limits().list().await? {
    ///     println!("{} at {} %", limit.type_, limit.limit_percent);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "listOrganizationQuotaLimit")]
    #[inline]
    pub fn list(&self) -> Listing<SinglePage<QuotaLimit>> {
        let QuotaHandle {
            quay,
            organization,
            id,
        } = &self.quota;
        let request =
            quay.api()
                .list_organization_quota_limit(params::ListOrganizationQuotaLimit {
                    orgname: organization,
                    quota_id: &id.to_string(),
                });
        Listing::single_page(quay, request, |rows| rows)
    }

    /// Adds a limit to the quota.
    ///
    /// A quota can have several limits of the same type with different percentages. The limits are
    /// read afterwards, since the server's response does not contain the new one.
    ///
    /// Scope: `super:user`. Endpoints: `POST` and
    /// `GET /api/v1/organization/{orgname}/quota/{quota_id}/limit`.
    /// Operations: `createOrganizationQuotaLimit`, `listOrganizationQuotaLimit`. Feature:
    /// `FEATURE_QUOTA_MANAGEMENT`, `FEATURE_EDIT_QUOTA` and `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_already_exists`](crate::Error::is_already_exists) is true if
    /// a limit with this type and percentage exists, an error for which
    /// [`is_invalid_request`](crate::Error::is_invalid_request) is true if the server rejects the
    /// percentage, and an error for which [`is_not_found`](crate::Error::is_not_found) is true if
    /// the quota does not exist. If the limit was created but could not be read,
    /// [`may_have_been_done`](crate::Error::may_have_been_done) is true.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::{CreateQuotaLimit, QuotaLimitType};
    ///
    /// let quota = quay.organization("acme")?.quota(1);
    /// let limit = CreateQuotaLimit::new(QuotaLimitType::Warning, 80);
    /// let created = quota.limits().create(limit).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "create quota limit")]
    #[doc(alias = "createOrganizationQuotaLimit")]
    #[doc(alias = "listOrganizationQuotaLimit")]
    pub async fn create(&self, limit: CreateQuotaLimit) -> Result<QuotaLimit> {
        let QuotaHandle {
            quay,
            organization,
            id,
        } = &self.quota;
        let request =
            quay.api()
                .create_organization_quota_limit(params::CreateOrganizationQuotaLimit {
                    orgname: organization,
                    quota_id: &id.to_string(),
                    body: &limit,
                });
        quay.send(request).await?;
        let found = self.find(&limit).await;
        let found = found.and_then(|found| found.ok_or_else(|| missing("such limit")));
        outcome::read_created(found, &format!("a limit of the quota {id}"))
    }

    /// Adds a limit to the quota, or returns `None` if one with this type and percentage exists.
    ///
    /// The method reads first: if such a limit exists, nothing is written.
    ///
    /// Scope and endpoints: as for [`list`](Self::list) and [`create`](Self::create).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`create`](Self::create), except that an existing limit is not an
    /// error.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::{CreateQuotaLimit, QuotaLimitType};
    ///
    /// let limits = quay.organization("acme")?.quota(1).limits();
    /// let limit = CreateQuotaLimit::new(QuotaLimitType::Reject, 100);
    /// let created = limits.create_if_absent(limit).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create_if_absent(&self, limit: CreateQuotaLimit) -> Result<Option<QuotaLimit>> {
        if self.find(&limit).await?.is_some() {
            return Ok(None);
        }
        let is_there = async { Ok(self.find(&limit).await?.is_some()) };
        outcome::created(self.create(limit.clone()).await, is_there).await
    }

    /// Ensures that the quota has exactly these limits: creates, changes and deletes limits if
    /// necessary.
    ///
    /// All limits of a quota are handled together, because they affect each other: of the limits
    /// that the use of the storage has reached, the server applies only the highest one. A limit is
    /// identified by its type and percentage. A limit that is not desired is changed into a missing
    /// one of the same type if possible, and is deleted otherwise. The result covers all limits: it
    /// is "created" if the quota had none before. See [desired state](crate::guide::desired_state).
    ///
    /// Scope and endpoints: as for [`list`](Self::list), [`create`](Self::create),
    /// [`QuotaLimitHandle::update`] and [`QuotaLimitHandle::delete`].
    ///
    /// # Errors
    ///
    /// Awaiting the result returns the errors of these methods. If an error occurs after an earlier
    /// write succeeded, [`may_have_been_done`](crate::Error::may_have_been_done) is true. Calling
    /// the method again makes the remaining changes.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::{CreateQuotaLimit, QuotaLimitType};
    ///
    /// let limits = quay.organization("acme")?.quota(1).limits();
    /// let wanted = [
    ///     CreateQuotaLimit::new(QuotaLimitType::Warning, 80),
    ///     CreateQuotaLimit::new(QuotaLimitType::Reject, 100),
    /// ];
    /// let ensured = limits.ensure(wanted).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn ensure(
        &self,
        limits: impl IntoIterator<Item = CreateQuotaLimit>,
    ) -> Ensure<Vec<QuotaLimit>> {
        self.ensure_all(limits.into_iter().collect())
    }

    #[inline]
    fn ensure_all(&self, wanted: Vec<CreateQuotaLimit>) -> Ensure<Vec<QuotaLimit>> {
        Ensure::new(EnsureLimits {
            limits: self.clone(),
            wanted,
        })
    }

    /// Returns the limit with the same type and percentage. The server allows only one.
    async fn find(&self, limit: &CreateQuotaLimit) -> Result<Option<QuotaLimit>> {
        let limits = self.list().await?;
        Ok(limits.into_iter().find(|existing| is_same(existing, limit)))
    }
}

fn is_same(existing: &QuotaLimit, wanted: &CreateQuotaLimit) -> bool {
    is_same_type(&existing.type_, &wanted.type_)
        && existing.limit_percent == wanted.threshold_percent
}

/// The server accepts the type in any case, as it may be in a settings file, and returns its own.
fn is_same_type(a: &QuotaLimitType, b: &QuotaLimitType) -> bool {
    a.as_str().eq_ignore_ascii_case(b.as_str())
}

struct EnsureLimits {
    limits: QuotaLimitsHandle,
    wanted: Vec<CreateQuotaLimit>,
}

impl EnsureLimits {
    fn is_wanted(&self, found: &QuotaLimit) -> bool {
        self.wanted.iter().any(|wanted| is_same(found, wanted))
    }

    /// Makes one change after the other, and sets `has_written` when the first one is done.
    async fn change(&self, found: &[QuotaLimit], has_written: &mut bool) -> Result<()> {
        let mut surplus: Vec<&QuotaLimit> = found.iter().filter(|l| !self.is_wanted(l)).collect();
        for (index, wanted) in self.wanted.iter().enumerate() {
            let is_repeated = |earlier: &CreateQuotaLimit| {
                is_same_type(&earlier.type_, &wanted.type_)
                    && earlier.threshold_percent == wanted.threshold_percent
            };
            if found.iter().any(|limit| is_same(limit, wanted))
                || self.wanted[..index].iter().any(is_repeated)
            {
                continue;
            }
            let is_of_type = |limit: &&QuotaLimit| is_same_type(&limit.type_, &wanted.type_);
            match surplus.iter().position(is_of_type) {
                Some(index) => {
                    let percent = wanted.threshold_percent;
                    let change = UpdateQuotaLimit::new().threshold_percent(percent);
                    let limit = surplus.remove(index);
                    self.handle(limit)?.update(change).await?;
                }
                None => drop(self.limits.create(wanted.clone()).await?),
            }
            *has_written = true;
        }
        for limit in surplus {
            self.handle(limit)?.delete_if_exists().await?;
            *has_written = true;
        }
        Ok(())
    }

    fn handle(&self, limit: &QuotaLimit) -> Result<QuotaLimitHandle> {
        let id = limit.id.ok_or_else(|| missing("such limit"))?;
        Ok(self.limits.quota.limit(id))
    }

    async fn apply(&self, found: Vec<QuotaLimit>) -> Result<Vec<QuotaLimit>> {
        let mut has_written = false;
        match self.change(&found, &mut has_written).await {
            Err(error) if has_written => Err(error.after_write()),
            Err(error) => Err(error),
            Ok(()) => self.limits.list().await.map_err(Error::after_write),
        }
    }
}

impl Desired for EnsureLimits {
    type Item = Vec<QuotaLimit>;

    #[inline]
    fn existing(&self) -> BoxFuture<'_, Result<Vec<Vec<QuotaLimit>>>> {
        async move {
            let limits = self.limits.list().await?;
            // An empty set of limits can be the desired state.
            let is_there = !limits.is_empty() || self.wanted.is_empty();
            Ok(is_there.then_some(limits).into_iter().collect())
        }
        .boxed()
    }

    fn is_met(&self, found: &Vec<QuotaLimit>) -> bool {
        let has = |wanted| found.iter().any(|limit| is_same(limit, wanted));
        found.iter().all(|limit| self.is_wanted(limit)) && self.wanted.iter().all(has)
    }

    #[inline]
    fn create(&self) -> BoxFuture<'_, Result<Vec<QuotaLimit>>> {
        self.apply(Vec::new()).boxed()
    }

    #[inline]
    fn update(&self, found: Vec<QuotaLimit>) -> BoxFuture<'_, Result<Vec<QuotaLimit>>> {
        self.apply(found).boxed()
    }
}

/// The handle of one limit of a storage quota: [`QuotaHandle::limit`].
#[derive(Debug, Clone)]
pub struct QuotaLimitHandle {
    pub(crate) quota: QuotaHandle,
    pub(crate) id: QuotaLimitId,
}

impl QuotaLimitHandle {
    /// Returns the identifier of the limit.
    pub fn id(&self) -> QuotaLimitId {
        self.id
    }

    /// Reads the limit.
    ///
    /// Scope: `org:admin`. Endpoint:
    /// `GET /api/v1/organization/{orgname}/quota/{quota_id}/limit/{limit_id}`.
    /// Operation: `getOrganizationQuotaLimit`. Feature: `FEATURE_QUOTA_MANAGEMENT`,
    /// `FEATURE_EDIT_QUOTA` and `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the limit
    /// does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let limit = quay.organization("acme")?.quota(1).limit(2).get().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get quota limit")]
    #[doc(alias = "getOrganizationQuotaLimit")]
    pub async fn get(&self) -> Result<QuotaLimit> {
        let QuotaHandle {
            quay,
            organization,
            id,
        } = &self.quota;
        let request = quay
            .api()
            .get_organization_quota_limit(params::GetOrganizationQuotaLimit {
                orgname: organization,
                quota_id: &id.to_string(),
                limit_id: &self.id.to_string(),
            });
        quay.send(request).await
    }

    /// Reads the limit, or returns `None` if it does not exist.
    ///
    /// Scope and endpoint: as for [`get`](Self::get).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`get`](Self::get) other than "not found".
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let limit = quay.organization("acme")?.quota(1).limit(2).get_opt().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<QuotaLimit>> {
        none_if_not_found(self.get()).await
    }

    /// Changes the limit, and returns it as it is then.
    ///
    /// The server's response contains the quota with all its limits.
    ///
    /// Scope: `super:user`. Endpoint:
    /// `PUT /api/v1/organization/{orgname}/quota/{quota_id}/limit/{limit_id}`.
    /// Operation: `changeOrganizationQuotaLimit`. Feature: `FEATURE_QUOTA_MANAGEMENT`,
    /// `FEATURE_EDIT_QUOTA` and `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the limit
    /// does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::UpdateQuotaLimit;
    ///
    /// let limit = quay.organization("acme")?.quota(1).limit(2);
    /// limit.update(UpdateQuotaLimit::new().threshold_percent(90)).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "update quota limit")]
    #[doc(alias = "changeOrganizationQuotaLimit")]
    pub async fn update(&self, change: UpdateQuotaLimit) -> Result<QuotaLimit> {
        let QuotaHandle {
            quay,
            organization,
            id,
        } = &self.quota;
        let request =
            quay.api()
                .change_organization_quota_limit(params::ChangeOrganizationQuotaLimit {
                    orgname: organization,
                    quota_id: &id.to_string(),
                    limit_id: &self.id.to_string(),
                    body: &change,
                });
        let quota = quay.send(request).await?;
        let mut limits = quota.limits.unwrap_or_default().into_iter();
        match limits.find(|limit| limit.id == Some(self.id)) {
            Some(limit) => Ok(limit),
            None => self.get().await.map_err(Error::after_write),
        }
    }

    /// Deletes the limit.
    ///
    /// Scope: `super:user`. Endpoint:
    /// `DELETE /api/v1/organization/{orgname}/quota/{quota_id}/limit/{limit_id}`.
    /// Operation: `deleteOrganizationQuotaLimit`. Feature: `FEATURE_QUOTA_MANAGEMENT`,
    /// `FEATURE_EDIT_QUOTA` and `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the limit
    /// does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.organization("acme")?.quota(1).limit(2).delete().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "delete quota limit")]
    #[doc(alias = "deleteOrganizationQuotaLimit")]
    pub async fn delete(&self) -> Result<()> {
        let QuotaHandle {
            quay,
            organization,
            id,
        } = &self.quota;
        let request =
            quay.api()
                .delete_organization_quota_limit(params::DeleteOrganizationQuotaLimit {
                    orgname: organization,
                    quota_id: &id.to_string(),
                    limit_id: &self.id.to_string(),
                });
        quay.send(request).await
    }

    /// Deletes the limit if it exists, and returns true if it existed.
    ///
    /// The method reads before it writes: see [what is certain](crate::api#what-is-certain).
    ///
    /// Scope and endpoints: as for [`get`](Self::get) and [`delete`](Self::delete).
    ///
    /// # Errors
    ///
    /// Returns the errors of both requests other than "not found".
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.organization("acme")?.quota(1).limit(2).delete_if_exists().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self) -> Result<bool> {
        if self.get_opt().await?.is_none() {
            return Ok(false);
        }
        outcome::deleted(self.delete().await)
    }
}
