//! Permissions for repositories, as teams and robot accounts have them.

use crate::types::RepositoryPermission;

/// Sets the namespace of the repository, which the server leaves out: it refuses a permission of a
/// team or a robot account for a repository of another namespace.
pub(crate) fn within(namespace: &str, row: &mut RepositoryPermission) {
    let namespace = || namespace.to_owned();
    row.repository.namespace.get_or_insert_with(namespace);
}
