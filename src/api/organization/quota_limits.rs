//! The limits of a storage quota of an organization.

use crate::api::QuotaHandle;
use crate::api::shared::{Desired, Ensure, missing, none_if_not_found, outcome};
use crate::generated::params;
use crate::pagination::{Listing, SinglePage};
use crate::types::{CreateQuotaLimit, QuotaLimit, QuotaLimitId, UpdateQuotaLimit};
use crate::{Error, Result};
use futures::FutureExt;
use futures::future::BoxFuture;

/// The limits of a storage quota: [`QuotaHandle::limits`].
#[derive(Debug, Clone)]
pub struct QuotaLimitsHandle {
    pub(crate) quota: QuotaHandle,
}

impl QuotaLimitsHandle {
    /// Lists the limits.
    ///
    /// Scope: `org:admin`. Endpoint: `GET /api/v1/organization/{orgname}/quota/{quota_id}/limit`.
    /// All in one answer.
    /// Operation: `listOrganizationQuotaLimit`. Feature: `FEATURE_QUOTA_MANAGEMENT`,
    /// `FEATURE_EDIT_QUOTA` and `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// When it is read: returns an error for which [`is_not_found`](crate::Error::is_not_found) is
    /// true if there is no such quota.
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

    /// Adds a limit to the quota. There may be several of a type, with different percentages.
    ///
    /// The limits are read afterwards: the response does not hold the new one.
    ///
    /// Scope: `super:user`. Endpoints: `POST` and
    /// `GET /api/v1/organization/{orgname}/quota/{quota_id}/limit`.
    /// Operations: `createOrganizationQuotaLimit`, `listOrganizationQuotaLimit`. Feature:
    /// `FEATURE_QUOTA_MANAGEMENT`, `FEATURE_EDIT_QUOTA` and `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_already_exists`](crate::Error::is_already_exists) is true if
    /// there is such a limit with this percentage,
    /// [`is_invalid_request`](crate::Error::is_invalid_request) for a percentage that the server
    /// does not allow, and [`is_not_found`](crate::Error::is_not_found) if there is no such quota.
    /// If the limit was created and could not be read,
    /// [`may_have_been_done`](crate::Error::may_have_been_done) is true.
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

    /// Adds a limit to the quota unless it has one of the same type and percentage: `None` if it
    /// has.
    ///
    /// It reads first: if there is such a limit, nothing is written.
    ///
    /// Scope and endpoints: as [`list`](Self::list) and [`create`](Self::create).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`create`](Self::create), except for a limit that exists.
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

    /// Makes the quota have these limits and no others. The limits belong together: of two warnings
    /// the lower one comes first, and a rejection at less than the wanted percentage hides it.
    ///
    /// A limit is identified by its type and percentage. One that is not wanted is changed into a
    /// missing one of the same type if there is such, and deleted otherwise. The report is about
    /// all of them: created if there were none before. See [desired
    /// state](crate::guide::desired_state).
    ///
    /// Scope and endpoints: as [`list`](Self::list), [`create`](Self::create),
    /// [`QuotaLimitHandle::update`] and [`QuotaLimitHandle::delete`].
    ///
    /// # Errors
    ///
    /// When it is awaited: returns the errors of these methods. If an earlier write of several was
    /// done, [`may_have_been_done`](crate::Error::may_have_been_done) is true; the next run does
    /// the rest.
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
    pub fn ensure(
        &self,
        limits: impl IntoIterator<Item = CreateQuotaLimit>,
    ) -> Ensure<Vec<QuotaLimit>> {
        self.ensure_all(limits.into_iter().collect())
    }

    fn ensure_all(&self, wanted: Vec<CreateQuotaLimit>) -> Ensure<Vec<QuotaLimit>> {
        Ensure::new(EnsureLimits {
            limits: self.clone(),
            wanted,
        })
    }

    /// Returns the limit of the same type and percentage. The server allows one of each.
    async fn find(&self, limit: &CreateQuotaLimit) -> Result<Option<QuotaLimit>> {
        let limits = self.list().await?;
        Ok(limits.into_iter().find(|existing| is_same(existing, limit)))
    }
}

fn is_same(existing: &QuotaLimit, wanted: &CreateQuotaLimit) -> bool {
    existing.type_ == wanted.type_ && existing.limit_percent == wanted.threshold_percent
}

struct EnsureLimits {
    limits: QuotaLimitsHandle,
    wanted: Vec<CreateQuotaLimit>,
}

impl EnsureLimits {
    fn is_wanted(&self, found: &QuotaLimit) -> bool {
        self.wanted.iter().any(|wanted| is_same(found, wanted))
    }

    /// Makes one change after the other; `has_written` becomes true with the first that was made.
    async fn change(&self, found: &[QuotaLimit], has_written: &mut bool) -> Result<()> {
        let mut surplus: Vec<&QuotaLimit> = found.iter().filter(|l| !self.is_wanted(l)).collect();
        let mut created: Vec<&CreateQuotaLimit> = Vec::new();
        for wanted in &self.wanted {
            if found.iter().any(|limit| is_same(limit, wanted)) || created.contains(&wanted) {
                continue;
            }
            created.push(wanted);
            match surplus.iter().position(|limit| limit.type_ == wanted.type_) {
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

    fn existing(&self) -> BoxFuture<'_, Result<Vec<Vec<QuotaLimit>>>> {
        async move {
            let limits = self.limits.list().await?;
            // No limits at all are something that can be wanted.
            let is_there = !limits.is_empty() || self.wanted.is_empty();
            Ok(is_there.then_some(limits).into_iter().collect())
        }
        .boxed()
    }

    fn is_met(&self, found: &Vec<QuotaLimit>) -> bool {
        let has = |wanted| found.iter().any(|limit| is_same(limit, wanted));
        found.iter().all(|limit| self.is_wanted(limit)) && self.wanted.iter().all(has)
    }

    fn create(&self) -> BoxFuture<'_, Result<Vec<QuotaLimit>>> {
        self.apply(Vec::new()).boxed()
    }

    fn update(&self, found: Vec<QuotaLimit>) -> BoxFuture<'_, Result<Vec<QuotaLimit>>> {
        self.apply(found).boxed()
    }
}

/// One limit of a storage quota: [`QuotaHandle::limit`].
#[derive(Debug, Clone)]
pub struct QuotaLimitHandle {
    pub(crate) quota: QuotaHandle,
    pub(crate) id: QuotaLimitId,
}

impl QuotaLimitHandle {
    /// Returns its identifier.
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
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if there is
    /// no such limit.
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

    /// Reads the limit; `None` if there is none.
    ///
    /// Scope and endpoint: as [`get`](Self::get).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`get`](Self::get), except for what does not exist.
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

    /// Changes the limit. It is taken from the response, which holds the quota with its limits.
    ///
    /// Scope: `super:user`. Endpoint:
    /// `PUT /api/v1/organization/{orgname}/quota/{quota_id}/limit/{limit_id}`.
    /// Operation: `changeOrganizationQuotaLimit`. Feature: `FEATURE_QUOTA_MANAGEMENT`,
    /// `FEATURE_EDIT_QUOTA` and `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if there is
    /// no such limit.
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
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if there is
    /// no such limit.
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

    /// Deletes it if it exists: true if it did and is gone now, false if there was nothing to do.
    /// It reads first: see [what is certain](crate::api#what-is-certain).
    ///
    /// Scope and endpoints: as [`get`](Self::get) and [`delete`](Self::delete).
    ///
    /// # Errors
    ///
    /// Returns the errors of both calls, except for what does not exist.
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
