use super::super::RequestBuilder;
use super::super::base_url::BaseUrl;
use super::super::percent_encode::{encode_segment, encode_segments};
use super::*;
use crate::ErrorKind;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use std::collections::BTreeSet;
use url::Url;

/// The results of Werkzeug 3.0.6 and 1.0.0, which are equal, with Quay's converters and the routes
/// of all operations: `METHOD path`, then an operation and its parameters, `redirect` or `-`.
const WERKZEUG: &str = include_str!("route_tests.tsv");

fn operation(id: &str) -> &'static Operation {
    let mut operations = OPERATIONS.iter();
    operations.find(|o| o.id() == id).expect("an operation")
}

/// Writes the path of an operation with these values, as the generated client does.
fn path_of(operation: &Operation, values: &PathParameters) -> String {
    let segments = operation.path().split('/').map(|segment| {
        let name = segment.strip_prefix('{').and_then(|s| s.strip_suffix('}'));
        match name {
            None => segment.to_owned(),
            Some("repository") => {
                encode_segments(values.get("repository").expect("a repository")).into_owned()
            }
            Some(name) => encode_segment(values.get(name).expect("a value")).into_owned(),
        }
    });
    segments.collect::<Vec<_>>().join("/")
}

fn names(operation: &'static Operation) -> impl Iterator<Item = &'static str> {
    let segments = operation.path().split('/');
    segments.filter_map(|s| s.strip_prefix('{')?.strip_suffix('}'))
}

#[test]
fn finds_the_operations_that_werkzeug_finds() {
    for line in WERKZEUG.lines() {
        let mut columns = line.split('\t');
        let (method, path) = columns.next().unwrap().split_once(' ').unwrap();
        let expected = columns.next().unwrap();
        let parameters: Vec<&str> = columns.collect();
        let found = match_request(method, path);
        match (&found, expected) {
            (None, "-") => {}
            (Some(found), "redirect") => assert!(found.lacks_slash, "{line}: {found:?}"),
            (Some(found), expected) => {
                let values = found.parameters.iter().map(|(n, v)| format!("{n}={v}"));
                let mut values: Vec<_> = values.collect();
                values.sort();
                assert_eq!(found.operation.id(), expected, "{line}");
                assert_eq!(values, parameters, "{line}");
                assert!(!found.lacks_slash, "{line}");
            }
            (None, _) => panic!("{line}: no operation"),
        }
        let reached = found.filter(|found| !found.lacks_slash);
        let decoded = decode(path);
        let segments: Vec<&str> = after_prefix(&decoded).split('/').collect();
        for operation in OPERATIONS.iter().filter(|o| o.method() == method) {
            let is_reached = reached
                .as_ref()
                .is_some_and(|found| found.operation.id() == operation.id());
            assert_eq!(
                RouteTable::get().goes_to(operation, &segments),
                is_reached,
                "{line}: {}",
                operation.id()
            );
        }
    }
}

#[test]
fn compares_a_path_with_few_routes() {
    let rivals = &RouteTable::get().rivals;
    assert_eq!(rivals.len(), OPERATIONS.len());
    for (operation, routes) in OPERATIONS.iter().zip(rivals) {
        let (id, path) = (operation.id(), operation.path());
        assert_eq!(routes.last().map(|own| own.operation.id()), Some(id));
        assert!(routes.len() <= 3 || path.contains("{repository}"), "{id}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..Default::default() })]

    /// For every operation and every name: the request is refused, or a server runs this operation
    /// with these names.
    #[test]
    fn refuses_what_a_server_would_read_as_another_operation(
        values in vec((segment(), vec(segment(), 0..4)), 5),
    ) {
        for operation in OPERATIONS {
            let parameters: PathParameters = names(operation)
                .zip(&values)
                .map(|(name, (value, more))| match name {
                    "repository" => (name, [std::slice::from_ref(value), more].concat().join("/")),
                    _ => (name, value.clone()),
                })
                .collect();
            let path = path_of(operation, &parameters);
            let method = operation.method().parse().unwrap();
            let base = BaseUrl::parse("https://quay.example.com", false).unwrap();
            let url = Url::parse(&format!("https://quay.example.com{path}"));
            let request = RequestBuilder::new(&base, method, path).build::<()>(operation);
            match request {
                Err(error) => prop_assert_eq!(error.kind(), ErrorKind::InvalidInput),
                Ok(request) => {
                    let path = request.request().url.path();
                    prop_assert!(path.bytes().all(is_of_rfc_3986), "{}", path);
                    prop_assert_eq!(Ok(&request.request().url), url.as_ref());
                    let found = match_request(operation.method(), path);
                    let found = found.expect("an operation");
                    prop_assert_eq!(found.operation.id(), operation.id());
                    prop_assert_eq!(&found.parameters, &parameters);
                    prop_assert!(!found.lacks_slash);
                }
            }
        }
    }
}

/// Returns true for a byte that RFC 3986 allows in a path.
fn is_of_rfc_3986(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@%/".contains(&byte)
}

/// A segment of a name: a word of a route, a digest, a plain name, or anything.
fn segment() -> impl Strategy<Value = String> {
    let words: BTreeSet<&str> = OPERATIONS
        .iter()
        .flat_map(|o| o.path().split('/'))
        .collect();
    let words: Vec<&str> = words.into_iter().filter(|w| !w.starts_with('{')).collect();
    prop_oneof![
        4 => select(words).prop_map(str::to_owned),
        1 => "(sha256|md5|a[+]b):[0-9a-fA-F]{0,3}",
        3 => "[a-z][a-z0-9._-]{0,3}",
        1 => select(vec!["..", ".", "a/b", "\\", "%2F", "%2e%2e", "?", "#", " ", "é", "\n"])
            .prop_map(str::to_owned),
        1 => ".{0,3}",
    ]
}

#[test]
fn refuses_names_that_collide_with_a_route() {
    for (id, parameters, reaches) in [
        (
            "deleteRepository",
            &[("repository", "acme/app/tag/v1")][..],
            Some("deleteFullTag"),
        ),
        (
            "deleteRepository",
            &[("repository", "acme/app/notification")],
            None,
        ),
        (
            "getRepo",
            &[("repository", "acme/app/notification")],
            Some("listRepoNotifications"),
        ),
        (
            "getRepo",
            &[("repository", "mirror/health")],
            Some("getRepositoryMirrorHealth"),
        ),
        ("getRepo", &[("repository", "acme/team/app")], None),
        ("getRepo", &[("repository", "acme/manifest/latest")], None),
        (
            "getRepo",
            &[("repository", "acme/app/manifest/md5:0a")],
            Some("getRepoManifest"),
        ),
        (
            "changeTag",
            &[("repository", "acme/app"), ("tag", "mirror")],
            Some("changeRepoMirrorConfig"),
        ),
        (
            "changeTag",
            &[("repository", "acme/app"), ("tag", "changestate")],
            Some("changeRepoState"),
        ),
        (
            "changeTag",
            &[("repository", "acme/app"), ("tag", "logs")],
            None,
        ),
        (
            "deleteFullTag",
            &[("repository", "acme/app"), ("tag", "mirror")],
            None,
        ),
        (
            "getRepoBuild",
            &[("repository", "acme/app"), ("build_uuid", "mirror")],
            Some("getRepoMirrorConfig"),
        ),
        (
            "getRepoBuildLogsSuperUser",
            &[("build_uuid", "users")],
            Some("getInstallUser"),
        ),
        ("getInstallUser", &[("username", "logs")], None),
        ("getMatchingEntities", &[("prefix", "link")], None),
    ] {
        let operation = operation(id);
        let parameters: PathParameters = parameters
            .iter()
            .map(|(n, v)| (*n, (*v).to_owned()))
            .collect();
        let checked = check(operation, &path_of(operation, &parameters));
        match (checked.map_err(|e| e.to_string()), reaches) {
            (Ok(()), None) => {}
            (Err(message), Some(other)) => {
                assert!(message.contains(&format!(": {other} (")), "{message}");
            }
            (result, _) => panic!("{id} {parameters:?}: {result:?}"),
        }
    }
}

#[test]
fn says_what_a_server_would_do() {
    let path = "/api/v1/repository/acme/app/tag/victim";
    let error = check(operation("deleteRepository"), path).unwrap_err();
    assert_eq!(
        error.to_string(),
        "deleteRepository: the server would run another operation for DELETE \
         /api/v1/repository/acme/app/tag/victim: deleteFullTag (repository \"acme/app\", tag \
         \"victim\"). deleteRepository can't be called for a name that collides with a route of the \
         server"
    );
    for (id, path, part) in [
        (
            "getOrganization",
            "/api/v1/organization/a%2Frobots",
            "contains a slash",
        ),
        (
            "getOrganization",
            "/api/v1/organization/..",
            "would change the route",
        ),
        (
            "getOrganization",
            "/api/v1/organization/a\\b",
            "would change the route",
        ),
        ("getMatchingEntities", "/api/v1/entities/", "it is empty"),
    ] {
        let message = check(operation(id), path).unwrap_err().to_string();
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn reads_parameters_decoded_and_without_the_query() {
    let path = "/api/v1/repository/acme%2Fweb/permissions/user/acme%2Bci?x=y";
    let found = match_request("GET", path).expect("an operation");
    assert_eq!(found.operation.id(), "getUserPermissions");
    assert_eq!(found.parameters.get("repository"), Some("acme/web"));
    assert_eq!(found.parameters.get("username"), Some("acme+ci"));
    assert!(match_request("GET", "/api/v1/nosuch").is_none());
    assert!(match_request("PATCH", "/api/v1/user/").is_none());
}
