//! The route of a request: which operation a server runs for a method and a path, and the values
//! of the path's parameters.

use super::percent_encode::decode;
use crate::operation::{OPERATIONS, Operation};
use std::collections::BTreeMap;

/// The values of a path's parameters, decoded, by their names in the route.
pub(crate) type PathParameters = BTreeMap<&'static str, String>;

/// Returns the operation that a server runs for a request, with the values of its path parameters.
///
/// If several routes match, the one with the most literal segments wins: a nested repository could
/// have almost any name. The query is ignored.
pub(crate) fn match_request(
    method: &str,
    path: &str,
) -> Option<(&'static Operation, PathParameters)> {
    OPERATIONS
        .iter()
        .filter(|operation| operation.method() == method)
        .filter_map(|operation| Some((operation, match_route(operation.path(), path)?)))
        .max_by_key(|(operation, _)| literal_segments(operation.path()))
}

/// Counts the segments of a route that are no parameters.
pub(crate) fn literal_segments(route: &str) -> usize {
    route
        .split('/')
        .filter(|part| parameter_name(part).is_none())
        .count()
}

/// Returns the values of a route's parameters in a path, or `None` if the route does not match.
///
/// `{repository}` takes two segments or more, every other parameter exactly one that is not empty.
pub(crate) fn match_route(route: &'static str, path: &str) -> Option<PathParameters> {
    let path = path.split('?').next().unwrap_or_default();
    let route: Vec<&'static str> = route.split('/').collect();
    // The server takes an encoded slash for a slash, but only where a repository is in the route.
    let decoded_slashes = route
        .contains(&"{repository}")
        .then(|| path.replace("%2F", "/").replace("%2f", "/"));
    let path = decoded_slashes.as_deref().unwrap_or(path);
    let mut parameters = PathParameters::new();
    let segments: Vec<&str> = path.split('/').collect();
    match_segments(&route, &segments, &mut parameters).then_some(parameters)
}

fn parameter_name(part: &str) -> Option<&str> {
    part.strip_prefix('{')?.strip_suffix('}')
}

fn match_segments(route: &[&'static str], path: &[&str], parameters: &mut PathParameters) -> bool {
    let ([part, route @ ..], [segment, rest @ ..]) = (route, path) else {
        return route.is_empty() && path.is_empty();
    };
    match parameter_name(part) {
        None => part == segment && match_segments(route, rest, parameters),
        Some("repository") => (2..=path.len()).any(|count| {
            let (name, rest) = path.split_at(count);
            let matches = name.iter().all(|segment| !segment.is_empty())
                && match_segments(route, rest, parameters);
            if matches {
                parameters.insert("repository", decode(&name.join("/")).into_owned());
            }
            matches
        }),
        Some(name) => {
            let matches = !segment.is_empty() && match_segments(route, rest, parameters);
            if matches {
                parameters.insert(name, decode(segment).into_owned());
            }
            matches
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_nested_repositories() {
        for (route, path, repository) in [
            (
                "/api/v1/repository/{repository}/tag/",
                "/api/v1/repository/acme/web/tag/",
                Some("acme/web"),
            ),
            (
                "/api/v1/repository/{repository}/tag/",
                "/api/v1/repository/acme/team/web/tag/",
                Some("acme/team/web"),
            ),
            (
                "/api/v1/repository/{repository}/tag/",
                "/api/v1/repository/acme/team%2Fweb/tag/",
                Some("acme/team/web"),
            ),
            (
                "/api/v1/repository/{repository}",
                "/api/v1/repository/acme",
                None,
            ),
            (
                "/api/v1/repository/{repository}",
                "/api/v1/repository/acme/web/",
                None,
            ),
        ] {
            let parameters = match_route(route, path);
            let found = parameters.and_then(|p| p.get("repository").cloned());
            assert_eq!(found.as_deref(), repository, "{route} {path}");
        }
        assert!(match_route("/api/v1/user/", "/api/v1/user/").is_some());
        assert!(match_route("/api/v1/message/{uuid}", "/api/v1/message/").is_none());
    }

    #[test]
    fn prefers_literal_segments_and_decodes_parameters() {
        let matched = match_request(
            "GET",
            "/api/v1/repository/acme/web/permissions/user/acme%2Bci?x=y",
        );
        let (operation, parameters) = matched.unwrap_or_else(|| panic!("no operation"));
        assert_eq!(operation.id(), "getUserPermissions");
        assert_eq!(
            (
                parameters["repository"].as_str(),
                parameters["username"].as_str()
            ),
            ("acme/web", "acme+ci")
        );
        let id = |path| match_request("GET", path).map(|(operation, _)| operation.id());
        assert_eq!(id("/api/v1/repository"), Some("listRepos"));
        assert_eq!(id("/api/v1/nosuch"), None);
    }

    #[test]
    fn keeps_what_is_not_percent_encoded() {
        assert_eq!(decode("a%20b+c%2"), "a b+c%2");
    }
}
