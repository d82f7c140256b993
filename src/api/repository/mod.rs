//! Repositories and the resources that belong to them.

mod builds;
mod handle;
mod images;
mod labels;
mod manifests;
mod mirror;
mod mirror_changes;
mod operations;
mod repositories;
mod settings;
mod tag;
mod tag_change;
mod tags;
mod team_permissions;
mod trigger_builds;
mod trigger_source;
mod triggers;
mod user_permissions;

pub use builds::{BuildHandle, BuildsHandle, ListBuilds};
pub use handle::RepositoryHandle;
pub use images::ImageSecurity;
pub use labels::{LabelHandle, LabelsHandle, ListLabels};
pub use manifests::{GetManifest, GetSecurity, ManifestHandle};
pub use mirror::MirrorHandle;
pub use operations::GetRepository;
pub use repositories::{ListRepositories, RepositoriesHandle};
pub use tag::TagHandle;
pub use tags::{ListTags, TagsHandle};
pub use team_permissions::{TeamPermissionHandle, TeamPermissionsHandle};
pub use trigger_builds::{ListTriggerBuilds, TriggerBuildsHandle};
pub use triggers::{TriggerHandle, TriggersHandle};
pub use user_permissions::{UserPermissionHandle, UserPermissionsHandle};
