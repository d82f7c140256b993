//! Names of repositories from the rows of responses.

use super::{
    AuthorizedEmail, CreatedRepository, InvalidValue, MirrorDetail, PermittedRepository,
    Repository, RepositoryName, RepositoryPermission, RepositoryReference, RepositorySearchResult,
    RepositorySummary, SearchResult, StarredRepository,
};

/// Implements the conversion of a row to the name of its repository.
macro_rules! row {
    ($row:ident, |$value:ident| $name:expr) => {
        impl TryFrom<&$row> for RepositoryName {
            type Error = InvalidValue;

            fn try_from($value: &$row) -> Result<Self, InvalidValue> {
                $name
            }
        }

        // What a closure gets that is called with a reference to an item, itself a reference.
        impl TryFrom<&&$row> for RepositoryName {
            type Error = InvalidValue;

            fn try_from(row: &&$row) -> Result<Self, InvalidValue> {
                Self::try_from(*row)
            }
        }
    };
}

row!(AuthorizedEmail, |row| Self::new(
    &row.namespace,
    &row.repository
));
row!(CreatedRepository, |row| Self::new(
    &row.namespace,
    &row.name
));
row!(MirrorDetail, |row| Self::new(
    &row.namespace,
    &row.repository
));
row!(Repository, |row| Self::new(&row.namespace, &row.name));
row!(RepositoryReference, |row| Self::new(
    &row.namespace,
    &row.name
));
row!(RepositorySearchResult, |row| Self::new(
    &row.namespace.name,
    &row.name
));
row!(RepositorySummary, |row| Self::new(
    &row.namespace,
    &row.name
));
row!(StarredRepository, |row| Self::new(
    &row.namespace,
    &row.repository
));
row!(PermittedRepository, |row| named(
    row.namespace.as_deref(),
    &row.name
));
row!(RepositoryPermission, |row| Self::try_from(&row.repository));
// Among the kinds of results, only repositories have a namespace.
row!(SearchResult, |row| named(
    row.namespace.as_ref().map(|namespace| &*namespace.name),
    &row.name
));

/// Returns the name of a row whose namespace may be missing.
fn named(namespace: Option<&str>, name: &str) -> Result<RepositoryName, InvalidValue> {
    match namespace {
        Some(namespace) => RepositoryName::new(namespace, name),
        None => Err(InvalidValue::incomplete(
            "repository",
            name,
            "has no namespace in this row",
        )),
    }
}

impl<N: AsRef<str>, R: AsRef<str>> TryFrom<(N, R)> for RepositoryName {
    type Error = InvalidValue;

    fn try_from((namespace, name): (N, R)) -> Result<Self, InvalidValue> {
        Self::new(namespace.as_ref(), name.as_ref())
    }
}

impl TryFrom<&&str> for RepositoryName {
    type Error = InvalidValue;

    fn try_from(text: &&str) -> Result<Self, InvalidValue> {
        text.parse()
    }
}

impl TryFrom<&&String> for RepositoryName {
    type Error = InvalidValue;

    fn try_from(text: &&String) -> Result<Self, InvalidValue> {
        text.parse()
    }
}

impl TryFrom<&String> for RepositoryName {
    type Error = InvalidValue;

    fn try_from(text: &String) -> Result<Self, InvalidValue> {
        text.parse()
    }
}
