//! Permissions of teams and robot accounts for repositories.

use crate::types::RepositoryPermission;

/// Sets the namespace of the repository, which the server leaves out. It is always that of the team
/// or robot account: the server allows no others.
pub(crate) fn within(namespace: &str, row: &mut RepositoryPermission) {
    let namespace = || namespace.to_owned();
    row.repository.namespace.get_or_insert_with(namespace);
}
