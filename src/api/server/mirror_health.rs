//! The health of the mirrors.

use crate::api::shared::query_flag;
use crate::generated::params;
use crate::pagination::{
    Cursor, Indexed, ListRequest, Listing, Page, PageRequest, PageSize, RowKey, check_page_size,
};
use crate::types::{MirrorDetail, MirrorHealth};
use crate::{Quay, Result};
use std::sync::Arc;

/// The handle of the health of mirrors: [`Quay::mirror_health`].
#[derive(Debug, Clone)]
pub struct MirrorHealthHandle {
    pub(crate) quay: Quay,
    pub(crate) namespace: Option<Arc<str>>,
}

impl MirrorHealthHandle {
    /// Restricts the handle to the mirrors of an organization or user.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let mirrors = quay.mirror_health().namespace("acme");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn namespace(mut self, namespace: impl AsRef<str>) -> Self {
        self.namespace = Some(Arc::from(namespace.as_ref()));
        self
    }

    /// Reads the health report of the mirrors.
    ///
    /// The server responds with status 503 if the report is not healthy. The method returns the
    /// report in this case too.
    ///
    /// Without a [`namespace`](Self::namespace), the caller must be a superuser with full access,
    /// whose token has the scope `super:user`. The mirrors of an organization can be read by its
    /// members, with the scope `org:admin`, and those of a user by that user.
    ///
    /// Scope: none. Endpoint: `GET /api/v1/repository/mirror/health`.
    /// Operation: `getRepositoryMirrorHealth`. Since: 3.18. Feature: `FEATURE_REPO_MIRROR`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// namespace does not exist, and an error for which
    /// [`is_forbidden`](crate::Error::is_forbidden) is true if the caller may not read the report.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let health = quay.mirror_health().namespace("acme").get().await?;
    /// println!("{} {:?}", health.healthy, health.issues);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get mirror health")]
    #[doc(alias = "getRepositoryMirrorHealth")]
    pub async fn get(&self) -> Result<MirrorHealth> {
        read_health(
            self.quay
                .send(self.quay.api().get_repository_mirror_health(
                    params::GetRepositoryMirrorHealth {
                        detailed: None,
                        limit: None,
                        namespace: self.namespace.as_deref(),
                        offset: None,
                    },
                ))
                .await,
        )
    }

    /// Lists the mirrors with their health.
    ///
    /// The caller must have the same rights as for [`get`](Self::get).
    ///
    /// Scope: none. Endpoint: `GET /api/v1/repository/mirror/health`, 200 a page, or 1 to 1000 a
    /// page with [`page_size`](Listing::page_size).
    /// Operation: `getRepositoryMirrorHealth`. Since: 3.18. Feature: `FEATURE_REPO_MIRROR`.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let mirrors = quay.mirror_health().list().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "list mirror health")]
    #[doc(alias = "getRepositoryMirrorHealth")]
    pub fn list(&self) -> Listing<ListMirrorHealth> {
        Listing::new(ListMirrorHealth {
            mirrors: self.clone(),
            page_size: PAGE_SIZE,
        })
    }
}

/// The request of a listing of mirrors with their health.
#[derive(Debug, Clone)]
pub struct ListMirrorHealth {
    mirrors: MirrorHealthHandle,
    page_size: u32,
}

/// Far below the server's maximum, since the server computes each row.
const PAGE_SIZE: u32 = 200;

impl ListRequest for ListMirrorHealth {
    type Row = MirrorDetail;

    #[inline]
    fn page_request(&self, cursor: &Cursor) -> Result<PageRequest<MirrorDetail>> {
        let MirrorHealthHandle { quay, namespace } = &self.mirrors;
        let size = Some(self.page_size.into());
        let offset = cursor.offset();
        let (from, namespace) = (i64::try_from(offset).ok(), namespace.as_deref());
        let request =
            quay.api()
                .get_repository_mirror_health(params::GetRepositoryMirrorHealth {
                    detailed: query_flag(true),
                    limit: size,
                    namespace,
                    offset: from,
                })?;
        let quay = quay.clone();
        Ok(PageRequest::sent_by(&request.clone(), async move {
            let counts = read_health(quay.send(Ok(request)).await)?.repositories;
            let has_more = counts
                .as_ref()
                .and_then(|c| c.pagination.as_ref())
                .is_some_and(|p| p.has_more);
            let details = counts.and_then(|c| c.details).unwrap_or_default();
            Ok(Page::by_offset(details, offset, has_more))
        }))
    }

    fn rows_a_page(&self) -> Option<u32> {
        Some(self.page_size)
    }

    fn check(&self) -> Result<()> {
        check_page_size::<Self>(self.page_size)
    }

    fn row_key(&self, mirror: &MirrorDetail) -> Option<RowKey> {
        Some(RowKey::unique(&[&mirror.namespace, &mirror.repository]))
    }
}

impl Indexed for ListMirrorHealth {}

impl PageSize for ListMirrorHealth {
    const MAX: u32 = 1000;

    fn size(&mut self) -> &mut u32 {
        &mut self.page_size
    }
}

/// Returns the report from a success or, if a mirror is unhealthy, from the error response.
#[inline]
pub(crate) fn read_health(result: Result<MirrorHealth>) -> Result<MirrorHealth> {
    result.or_else(|error| match error.status() {
        Some(503) => error
            .body()
            .and_then(|body| serde_json::from_str(std::str::from_utf8(body).ok()?).ok())
            .ok_or(error),
        _ => Err(error),
    })
}
