//! Repositories and what belongs to them.

mod builds;
mod handle;
mod manifests;
mod mirror;
mod operations;
mod permissions;
mod repositories;
mod tag;
mod tag_change;
mod tags;
mod triggers;

pub use builds::{BuildHandle, BuildsHandle, ListBuilds};
pub use handle::RepositoryHandle;
pub use manifests::{GetManifest, GetSecurity, LabelsHandle, ManifestHandle};
pub use mirror::MirrorHandle;
pub use operations::GetRepository;
pub use permissions::PermissionsHandle;
pub use repositories::{ListRepositories, RepositoriesHandle};
pub use tag::TagHandle;
pub use tags::{ListTags, TagsHandle};
pub use triggers::{TriggerHandle, TriggersHandle};
