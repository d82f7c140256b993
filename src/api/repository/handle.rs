//! The handle of one repository.

use crate::api::shared::{Parent, checked_digest, path_segment};
use crate::api::{
    AutoPrunePoliciesHandle, AutoPrunePolicyHandle, BuildHandle, BuildsHandle,
    ImmutabilityPoliciesHandle, ImmutabilityPolicyHandle, LogsHandle, ManifestHandle, MirrorHandle,
    NotificationHandle, NotificationsHandle, TagHandle, TagsHandle, TeamPermissionHandle,
    TeamPermissionsHandle, TriggerHandle, TriggersHandle, UserPermissionHandle,
    UserPermissionsHandle,
};
use crate::types::{Digest, InvalidValue, RepositoryName};
use crate::{Quay, Result};
use std::sync::Arc;

/// The handle of one repository: [`Quay::repository`].
///
/// # Repositories that the caller can't see
///
/// The administrators of the namespace, and superusers with access to it, get the error "not found"
/// for a repository that does not exist. For any other caller, the server does not tell such a
/// repository, a deleted one included, from a private one that they may not see. The methods of
/// this handle, and of the handles below it such as [`TagHandle`], then return an error for which
/// [`is_forbidden`](crate::Error::is_forbidden) is true, or
/// [`is_unauthenticated`](crate::Error::is_unauthenticated) for an anonymous client, and not
/// [`is_not_found`](crate::Error::is_not_found).
#[derive(Debug, Clone)]
pub struct RepositoryHandle {
    pub(crate) quay: Quay,
    pub(crate) name: Arc<RepositoryName>,
}

impl RepositoryHandle {
    /// Returns the full name of the repository.
    pub fn name(&self) -> &RepositoryName {
        &self.name
    }

    /// Returns the handle of the repository's tags.
    ///
    /// # Examples
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

    /// Returns the handle of one of the repository's tags.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if
    /// the name is empty or not valid in a path.
    ///
    /// # Examples
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

    /// Returns the handle of the repository's builds.
    ///
    /// # Examples
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

    /// Returns the handle of one of the repository's builds.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if
    /// the identifier is empty or not valid in a path.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let build = quay.repository("acme/web")?.build("2fc50f54-3d1a-498a-a5e4-b3dbbef1ccb7")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn build(&self, uuid: impl AsRef<str>) -> Result<BuildHandle> {
        let build = path_segment("build identifier", uuid.as_ref())?;
        Ok(BuildHandle {
            quay: self.quay.clone(),
            repository: Arc::clone(&self.name),
            build,
        })
    }

    /// Returns the handle of the repository's mirror settings: where it copies images from.
    ///
    /// # Examples
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

    /// Returns the handle of the repository's usage logs.
    ///
    /// Scope: `repo:admin`.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let logs = quay.repository("acme/web")?.logs();
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "usage logs")]
    pub fn logs(&self) -> LogsHandle {
        LogsHandle {
            quay: self.quay.clone(),
            parent: self.parent(),
        }
    }

    /// Returns the handle of one of the repository's manifests, by its digest: a [`Digest`], a
    /// string, or the field of a row.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if
    /// the string is not a valid digest.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let web = quay.repository("acme/web")?;
    /// let index = web.manifest(
    ///     "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    /// )?;
    /// let again = web.manifest(index.digest())?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn manifest(
        &self,
        digest: impl TryInto<Digest, Error: Into<InvalidValue>>,
    ) -> Result<ManifestHandle> {
        Ok(ManifestHandle {
            quay: self.quay.clone(),
            repository: Arc::clone(&self.name),
            digest: Arc::new(checked_digest(digest)?),
        })
    }

    /// Returns the handle of the permissions of users and robot accounts.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let user_permissions = quay.repository("acme/web")?.user_permissions();
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "permissions")]
    pub fn user_permissions(&self) -> UserPermissionsHandle {
        UserPermissionsHandle {
            quay: self.quay.clone(),
            repository: Arc::clone(&self.name),
        }
    }

    /// Returns the handle of the permission of one user, or of one robot account by its full name.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if
    /// the name is empty or not valid in a path.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let user_permission = quay.repository("acme/web")?.user_permission("acme+ci")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn user_permission(&self, name: impl AsRef<str>) -> Result<UserPermissionHandle> {
        UserPermissionHandle::new(self.user_permissions(), name.as_ref())
    }

    /// Returns the handle of the permissions of teams.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let team_permissions = quay.repository("acme/web")?.team_permissions();
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "permissions")]
    pub fn team_permissions(&self) -> TeamPermissionsHandle {
        TeamPermissionsHandle {
            quay: self.quay.clone(),
            repository: Arc::clone(&self.name),
        }
    }

    /// Returns the handle of the permission of one team.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if
    /// the name is empty or not valid in a path.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let team_permission = quay.repository("acme/web")?.team_permission("devs")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn team_permission(&self, name: impl AsRef<str>) -> Result<TeamPermissionHandle> {
        TeamPermissionHandle::new(self.team_permissions(), name.as_ref())
    }

    /// Returns the handle of the repository's notifications, which report events in it.
    ///
    /// # Examples
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

    /// Returns the handle of one of the repository's notifications.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if
    /// the identifier is empty or not valid in a path.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let web = quay.repository("acme/web")?;
    /// let notification = web.notification("8691642f-1126-4299-ac46-d64e6c165d91")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn notification(&self, uuid: impl AsRef<str>) -> Result<NotificationHandle> {
        NotificationHandle::new(self.notifications(), uuid.as_ref())
    }

    /// Returns the handle of the repository's autoprune policies, by which the server deletes tags.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let autoprune_policies = quay.repository("acme/web")?.autoprune_policies();
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "autoprunepolicy")]
    pub fn autoprune_policies(&self) -> AutoPrunePoliciesHandle {
        AutoPrunePoliciesHandle {
            quay: self.quay.clone(),
            parent: self.parent(),
        }
    }

    /// Returns the handle of one of the repository's autoprune policies.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if
    /// the identifier is empty or not valid in a path.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let web = quay.repository("acme/web")?;
    /// let autoprune_policy = web.autoprune_policy("8691642f-1126-4299-ac46-d64e6c165d91")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn autoprune_policy(&self, uuid: impl AsRef<str>) -> Result<AutoPrunePolicyHandle> {
        AutoPrunePolicyHandle::new(self.autoprune_policies(), uuid.as_ref())
    }

    /// Returns the handle of the repository's immutability policies, which protect tags from being
    /// moved or deleted.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let immutability_policies = quay.repository("acme/web")?.immutability_policies();
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "immutabilitypolicy")]
    pub fn immutability_policies(&self) -> ImmutabilityPoliciesHandle {
        ImmutabilityPoliciesHandle {
            quay: self.quay.clone(),
            parent: self.parent(),
        }
    }

    /// Returns the handle of one of the repository's immutability policies.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if
    /// the identifier is empty or not valid in a path.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let web = quay.repository("acme/web")?;
    /// let immutability_policy = web.immutability_policy("8691642f-1126-4299-ac46-d64e6c165d91")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn immutability_policy(&self, uuid: impl AsRef<str>) -> Result<ImmutabilityPolicyHandle> {
        ImmutabilityPolicyHandle::new(self.immutability_policies(), uuid.as_ref())
    }

    /// Returns the handle of the repository's build triggers.
    ///
    /// # Examples
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

    /// Returns the handle of one of the repository's build triggers.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if
    /// the identifier is empty or not valid in a path.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let trigger = quay.repository("acme/web")?.trigger("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn trigger(&self, uuid: impl AsRef<str>) -> Result<TriggerHandle> {
        let trigger = path_segment("build trigger identifier", uuid.as_ref())?;
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
