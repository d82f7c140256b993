//! The values in the path of a request, for the error of the call.

use super::base_url::BaseUrl;
use super::percent_encode::decode;
use crate::operation::Operation;
use url::Url;

/// The parameters whose value is a secret: the code of an invitation, with which anyone can accept
/// it, and that of a repository token. All other parameters are names and identifiers.
const SECRETS: &[&str] = &["code"];

/// Returns the names and values of an operation's path parameters, without secrets.
///
/// They are parsed from the URL, so that a call does not have to store them.
pub(super) fn path_parameters(
    operation: &Operation,
    url: &Url,
    base: &BaseUrl,
) -> Vec<(&'static str, String)> {
    let template: Vec<&'static str> = operation.path().split('/').collect();
    // After the two slashes of the scheme, each slash is one of the base URL's path.
    let prefix = base.as_str().matches('/').count().saturating_sub(2);
    let path: Vec<&str> = url.path().split('/').skip(prefix).collect();
    // The name of a repository is the only value that may contain slashes.
    let Some(repository) = (path.len() + 1).checked_sub(template.len()) else {
        return Vec::new();
    };
    let mut rest = path.as_slice();
    let mut parameters = Vec::new();
    for part in template {
        let name = part.strip_prefix('{').and_then(|p| p.strip_suffix('}'));
        let length = if name == Some("repository") {
            repository
        } else {
            1
        };
        let Some((value, behind)) = rest.split_at_checked(length) else {
            break;
        };
        rest = behind;
        if let Some(name) = name.filter(|name| !SECRETS.contains(name)) {
            parameters.push((name, decode(&value.join("/")).into_owned()));
        }
    }
    parameters
}

#[cfg(test)]
mod tests {
    use super::super::percent_encode::{encode_segment, encode_segments};
    use super::*;
    use crate::OPERATIONS;

    #[test]
    fn finds_the_values_of_every_operation_without_secrets() {
        for base in ["https://quay.example.com", "https://example.com:8443/a/b/"] {
            let base = BaseUrl::parse(base, false).unwrap();
            for operation in OPERATIONS {
                let mut expected = Vec::new();
                let segments: Vec<String> = operation
                    .path()
                    .split('/')
                    .map(|part| {
                        let name = part.strip_prefix('{').and_then(|p| p.strip_suffix('}'));
                        let value = match name {
                            Some("repository") => "acme/team/a b".to_owned(),
                            Some(name) => format!("{name}/%?#:ü"),
                            None => return part.to_owned(),
                        };
                        let encoded = match name {
                            Some("repository") => encode_segments(&value).into_owned(),
                            _ => encode_segment(&value).into_owned(),
                        };
                        expected.extend(name.map(|name| (name, value)));
                        encoded
                    })
                    .collect();
                expected.retain(|(name, _)| *name != "code");
                let url = format!("{}{}?a=b/c", base.as_str(), segments.join("/"));
                let url = Url::parse(&url).unwrap();
                let found = path_parameters(operation, &url, &base);
                assert_eq!(found, expected, "{url}");
            }
        }
    }

    #[test]
    fn an_unexpected_path_has_no_values() {
        let base = BaseUrl::parse("https://quay.example.com", false).unwrap();
        let operation = OPERATIONS.iter().find(|o| o.id() == "getRepo").unwrap();
        let url = Url::parse("https://quay.example.com/x").unwrap();
        assert_eq!(path_parameters(operation, &url, &base), []);
    }
}
