//! One repository.

use crate::api::shared::{Parent, path_segment};
use crate::api::{
    AutoPrunePoliciesHandle, BuildHandle, BuildsHandle, ImmutabilityPoliciesHandle, LogsHandle,
    ManifestHandle, MirrorHandle, NotificationsHandle, PermissionsHandle, TagHandle, TagsHandle,
    TriggerHandle, TriggersHandle,
};
use crate::types::{Digest, RepositoryName};
use crate::{Quay, Result};
use std::sync::Arc;

/// One repository: [`Quay::repository`].
#[derive(Debug, Clone)]
pub struct RepositoryHandle {
    pub(crate) quay: Quay,
    pub(crate) name: Arc<RepositoryName>,
}

impl RepositoryHandle {
    /// Its full name.
    pub fn name(&self) -> &RepositoryName {
        &self.name
    }

    /// Its tags.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let tags = quay.repository("acme/web")?.tags();
    /// # Ok(())
    /// # }
    /// ```
    pub fn tags(&self) -> TagsHandle {
        TagsHandle {
            quay: self.quay.clone(),
            repository: Arc::clone(&self.name),
        }
    }

    /// One of its tags.
    ///
    /// # Errors
    /// The name can't be one, so nothing could be sent.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let tag = quay.repository("acme/web")?.tag("latest")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn tag(&self, name: impl AsRef<str>) -> Result<TagHandle> {
        let tag = path_segment("tag", name.as_ref())?;
        Ok(TagHandle {
            quay: self.quay.clone(),
            repository: Arc::clone(&self.name),
            tag,
        })
    }

    /// Its builds.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let builds = quay.repository("acme/web")?.builds();
    /// # Ok(())
    /// # }
    /// ```
    pub fn builds(&self) -> BuildsHandle {
        BuildsHandle {
            quay: self.quay.clone(),
            repository: Arc::clone(&self.name),
        }
    }

    /// One of its builds.
    ///
    /// # Errors
    /// The identifier can't be one, so nothing could be sent.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let build = quay.repository("acme/web")?.build("2fc50f54-3d1a-498a-a5e4-b3dbbef1ccb7")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn build(&self, id: impl AsRef<str>) -> Result<BuildHandle> {
        let build = path_segment("build identifier", id.as_ref())?;
        Ok(BuildHandle {
            quay: self.quay.clone(),
            repository: Arc::clone(&self.name),
            build,
        })
    }

    /// The mirroring of a repository of another registry.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let mirror = quay.repository("acme/web")?.mirror();
    /// # Ok(())
    /// # }
    /// ```
    pub fn mirror(&self) -> MirrorHandle {
        MirrorHandle {
            quay: self.quay.clone(),
            repository: Arc::clone(&self.name),
        }
    }

    /// Its usage logs. Scope: `repo:admin`.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let logs = quay.repository("acme/web")?.logs();
    /// # Ok(())
    /// # }
    /// ```
    pub fn logs(&self) -> LogsHandle {
        LogsHandle {
            quay: self.quay.clone(),
            parent: self.parent(),
        }
    }

    /// One of its manifests.
    pub fn manifest(&self, digest: &Digest) -> ManifestHandle {
        ManifestHandle {
            quay: self.quay.clone(),
            repository: Arc::clone(&self.name),
            digest: Arc::new(digest.clone()),
        }
    }

    /// Who may do what with it.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let permissions = quay.repository("acme/web")?.permissions();
    /// # Ok(())
    /// # }
    /// ```
    pub fn permissions(&self) -> PermissionsHandle {
        PermissionsHandle {
            quay: self.quay.clone(),
            repository: Arc::clone(&self.name),
        }
    }

    /// Notifications about events in it.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let notifications = quay.repository("acme/web")?.notifications();
    /// # Ok(())
    /// # }
    /// ```
    pub fn notifications(&self) -> NotificationsHandle {
        NotificationsHandle {
            quay: self.quay.clone(),
            parent: self.parent(),
        }
    }

    /// Which of its tags the server deletes by itself.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let autoprune_policies = quay.repository("acme/web")?.autoprune_policies();
    /// # Ok(())
    /// # }
    /// ```
    pub fn autoprune_policies(&self) -> AutoPrunePoliciesHandle {
        AutoPrunePoliciesHandle {
            quay: self.quay.clone(),
            parent: self.parent(),
        }
    }

    /// Which of its tags may not be moved or deleted.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let immutability_policies = quay.repository("acme/web")?.immutability_policies();
    /// # Ok(())
    /// # }
    /// ```
    pub fn immutability_policies(&self) -> ImmutabilityPoliciesHandle {
        ImmutabilityPoliciesHandle {
            quay: self.quay.clone(),
            parent: self.parent(),
        }
    }

    /// Its build triggers.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let triggers = quay.repository("acme/web")?.triggers();
    /// # Ok(())
    /// # }
    /// ```
    pub fn triggers(&self) -> TriggersHandle {
        TriggersHandle {
            quay: self.quay.clone(),
            repository: Arc::clone(&self.name),
        }
    }

    /// One of its build triggers.
    ///
    /// # Errors
    /// The name can't be one, so nothing could be sent.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let trigger = quay.repository("acme/web")?.trigger("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn trigger(&self, trigger: impl AsRef<str>) -> Result<TriggerHandle> {
        let trigger = path_segment("build trigger identifier", trigger.as_ref())?;
        Ok(TriggerHandle {
            quay: self.quay.clone(),
            repository: Arc::clone(&self.name),
            trigger,
        })
    }

    pub(super) fn parent(&self) -> Parent {
        Parent::Repository(Arc::clone(&self.name))
    }
}
