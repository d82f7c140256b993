//! Which operation a request is of, and what stands in its path.

use crate::{OPERATIONS, Operation};
use std::collections::BTreeMap;

/// The parts of a path that stand for something, by the names that the operation gives them,
/// decoded.
pub type Parameters = BTreeMap<&'static str, String>;

/// The operation behind a request: of the routes that fit, the one that says most of the path.
pub fn operation_of(method: &str, path: &str) -> Option<&'static Operation> {
    match_request(method, path).map(|(operation, _)| operation)
}

/// The operation behind a request, and its parameters.
pub fn match_request(method: &str, path: &str) -> Option<(&'static Operation, Parameters)> {
    let path = path.split('?').next().unwrap_or_default();
    let fitting = OPERATIONS
        .iter()
        .filter(|o| o.method() == method)
        .filter_map(|o| Some((o, parameters(o.path(), path)?)));
    fitting.max_by_key(|(o, _)| literals(o.path()))
}

/// How much of a path a route says itself.
pub fn literals(route: &str) -> usize {
    route
        .split('/')
        .filter(|part| !part.starts_with('{'))
        .count()
}

/// What a path says for the parameters of a route; `None` if it is of another. `{repository}` takes
/// two segments or more.
pub fn parameters(route: &'static str, path: &str) -> Option<Parameters> {
    let mut found = Parameters::new();
    let route: Vec<&str> = route.split('/').collect();
    // A slash may come as `%2F`, but only in the name of a repository.
    let plain = path.replace("%2F", "/").replace("%2f", "/");
    let path = if route.contains(&"{repository}") {
        plain.as_str()
    } else {
        path
    };
    fits(&route, &path.split('/').collect::<Vec<_>>(), &mut found).then_some(found)
}

fn fits(route: &[&'static str], path: &[&str], found: &mut Parameters) -> bool {
    match (route, path) {
        ([], []) => true,
        (["{repository}", route @ ..], [namespace, rest @ ..]) if !namespace.is_empty() => {
            (1..=rest.len()).any(|taken| {
                let (name, path) = rest.split_at(taken);
                let fits = name.iter().all(|part| !part.is_empty()) && fits(route, path, found);
                if fits {
                    found.insert(
                        "repository",
                        decoded(&format!("{namespace}/{}", name.join("/"))),
                    );
                }
                fits
            })
        }
        ([part, route @ ..], [segment, path @ ..]) => {
            match part.strip_prefix('{').and_then(|p| p.strip_suffix('}')) {
                Some("repository") => false,
                Some(name) if !segment.is_empty() => {
                    let fits = fits(route, path, found);
                    if fits {
                        found.insert(name, decoded(segment));
                    }
                    fits
                }
                Some(_) => false,
                None => part == segment && fits(route, path, found),
            }
        }
        _ => false,
    }
}

/// Percent-decoded. In a path a plus is a plus, as in the name of a robot.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let escaped = match (first, tail) {
            (b'%', [high, low, ..]) => hex(*high).zip(hex(*low)).map(|(high, low)| high * 16 + low),
            _ => None,
        };
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|d| u8::try_from(d).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_take_nested_repositories() {
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
            let found = parameters(route, path).and_then(|p| p.get("repository").cloned());
            assert_eq!(found.as_deref(), repository, "{route} {path}");
        }
        assert!(parameters("/api/v1/user/", "/api/v1/user/").is_some());
        assert!(parameters("/api/v1/message/{uuid}", "/api/v1/message/").is_none());
    }

    #[test]
    fn the_route_that_says_most_wins_and_what_it_names_is_decoded() {
        let found = match_request(
            "GET",
            "/api/v1/repository/acme/web/permissions/user/acme%2Bci?x=y",
        );
        let (operation, parameters) = found.unwrap_or_else(|| panic!("no operation"));
        assert_eq!(operation.id(), "getUserPermissions");
        assert_eq!(
            (
                parameters["repository"].as_str(),
                parameters["username"].as_str()
            ),
            ("acme/web", "acme+ci")
        );
        assert_eq!(
            operation_of("GET", "/api/v1/repository").map(Operation::id),
            Some("listRepos")
        );
        assert_eq!(operation_of("GET", "/api/v1/nosuch"), None);
    }
}
