//! A check of the request that creates a repository.

use super::{CreateRepository, InvalidValue};

/// Rejects a name that contains its namespace. A server would create `acme/web` in the namespace of
/// the caller, as `alice/acme/web`. The server reports its other rules itself.
pub(crate) fn check_new_repository(repository: &CreateRepository) -> Result<(), InvalidValue> {
    let name = &repository.repository;
    let Some((first, rest)) = name.split_once('/') else {
        return Ok(());
    };
    let reason = match repository.namespace.as_deref() {
        None => format!(
            "it contains a slash, and the request has no namespace: pass {first:?} to the method \
             `namespace` (for a repository of the caller with a slash in its name, the name of the \
             caller)"
        ),
        Some(namespace) if namespace == first => {
            format!("it must not contain the namespace: use {rest:?}")
        }
        Some(_) => return Ok(()),
    };
    Err(InvalidValue::new("name of a new repository", name, reason))
}

#[cfg(test)]
mod tests {
    use super::super::Visibility;
    use super::*;

    #[test]
    fn refuses_a_name_with_its_namespace() {
        let check = |namespace: Option<&str>, name: &str| {
            let mut request = CreateRepository::new(name, Visibility::Private, "");
            request.namespace = namespace.map(str::to_owned);
            check_new_repository(&request).map_err(|e| e.to_string())
        };
        let missing = check(None, "acme/web").unwrap_err();
        assert!(missing.contains("pass \"acme\" to"), "{missing}");
        let twice = check(Some("acme"), "acme/team/web").unwrap_err();
        assert!(twice.contains("use \"team/web\""), "{twice}");
        assert_eq!(check(Some("acme"), "team/web"), Ok(()));
        assert_eq!(check(None, "web"), Ok(()));
    }
}
