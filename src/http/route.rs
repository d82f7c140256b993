//! The server's routes, which determine the operation for a method and a path.
//!
//! Quay uses the router of Werkzeug, which tries the routes of a method in a fixed order. At each
//! segment, a literal comes before a parameter. The name of a repository may have any number of
//! segments; after it, the route with more literals comes first. A name can therefore change the
//! operation: `DELETE /api/v1/repository/acme/app/tag/v1` deletes the tag `v1` of `acme/app`, even
//! if the repository `acme/app/tag/v1` exists. [`check`] rejects such a request. The order was
//! compared with Werkzeug 1.0.0 (Quay 3.8) and 3.0.6 (2026).

use super::percent_encode::decode;
use crate::operation::{OPERATIONS, Operation};
use crate::{Error, Result};
use std::borrow::Cow;
use std::cmp::{Ordering, Reverse};
use std::iter;
use std::sync::LazyLock;

/// The values of a path's parameters, decoded, with their names in the route.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PathParameters(Vec<(&'static str, String)>);

impl PathParameters {
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(name, value)| (*name, &**value))
    }
}

#[cfg(feature = "testing")]
impl PathParameters {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter()
            .find(|(n, _)| *n == name)
            .map(|(_, value)| value)
    }

    pub fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }
}

impl FromIterator<(&'static str, String)> for PathParameters {
    fn from_iter<I: IntoIterator<Item = (&'static str, String)>>(parameters: I) -> Self {
        Self(parameters.into_iter().collect())
    }
}

/// The operation that a server runs for a request.
#[cfg(feature = "testing")]
#[derive(Debug)]
pub(crate) struct RouteMatch {
    pub operation: &'static Operation,
    pub parameters: PathParameters,
    /// True if the path lacks the trailing slash of the route: the server redirects to the route.
    pub lacks_slash: bool,
}

/// Returns the operation that a server runs for a request; `None` if no route fits.
///
/// The query is ignored.
#[cfg(feature = "testing")]
pub(crate) fn match_request(method: &str, path: &str) -> Option<RouteMatch> {
    match_among(method, path, |_| true)
}

/// Returns the operation that a server with only some of the operations runs.
#[cfg(feature = "testing")]
pub(crate) fn match_among(
    method: &str,
    path: &str,
    has: impl Fn(&Operation) -> bool,
) -> Option<RouteMatch> {
    let path = decode(without_query(path));
    let path: Vec<&str> = path.strip_prefix(PREFIX)?.split('/').collect();
    let (route, fit) = find(method, &path, has)?;
    Some(RouteMatch {
        operation: route.operation,
        parameters: route.parameters(&path, fit),
        lacks_slash: fit.lacks_slash,
    })
}

/// Rejects a request of an operation if the server would run another operation or none.
///
/// The path is percent-encoded, as it is sent, and does not include the path of the base URL.
pub(crate) fn check(operation: &'static Operation, path: &str) -> Result<()> {
    let path = without_query(path);
    // Each call is checked. Nearly all paths need no decoding, and only one allocation.
    let is_plain = !path.bytes().any(|byte| matches!(byte, b'%' | b'\\'));
    let decoded = match is_plain {
        true => Cow::Borrowed(path),
        false => decode(path),
    };
    let mut segments = Vec::with_capacity(8);
    // An array is searched byte by byte, which is faster for segments as short as these.
    segments.extend(after_prefix(&decoded).split(['/']));
    // The server decodes the path before it selects a route.
    let has_slash = !is_plain && path.contains("%2F");
    let changes_route =
        segments.iter().any(|s| matches!(*s, "." | "..")) || !is_plain && decoded.contains('\\');
    if !has_slash && !changes_route && RouteTable::get().goes_to(operation, &segments) {
        return Ok(());
    }
    let reason = match find(operation.method(), &segments, |_| true) {
        _ if has_slash => {
            "a path parameter is not valid: it contains a slash, which would change the route"
                .to_owned()
        }
        _ if changes_route => {
            "a path parameter is not valid: it contains a backslash, or a segment `.` or `..`, \
             which would change the route"
                .to_owned()
        }
        Some((route, fit)) => {
            let names = route.parameters(&segments, fit);
            collision(operation, path, route.operation, &names)
        }
        None => "a path parameter is not valid: it is empty, or it must be a digest".to_owned(),
    };
    Err(Error::invalid_input(reason).with_operation(operation, Vec::new()))
}

/// Returns the message of a request for which the server would run another operation.
fn collision(
    meant: &Operation,
    path: &str,
    found: &Operation,
    parameters: &PathParameters,
) -> String {
    let parameters: Vec<String> = parameters
        .iter()
        .map(|(name, value)| format!("{name} {value:?}"))
        .collect();
    format!(
        "the server would run another operation for {} {path}: {} ({}). {} can't be called for a \
         name that collides with a route of the server",
        meant.method(),
        found.id(),
        parameters.join(", "),
        meant.id(),
    )
}

/// Returns the values of an operation's parameters in a path; `None` if its route does not fit.
#[cfg(feature = "testing")]
pub(crate) fn match_route(operation: &'static Operation, path: &str) -> Option<PathParameters> {
    let path = decode(without_query(path));
    let path: Vec<&str> = path.strip_prefix(PREFIX)?.split('/').collect();
    let route = Route::new(operation);
    let fit = route.fit(&path).filter(|fit| !fit.lacks_slash)?;
    Some(route.parameters(&path, fit))
}

/// Counts the segments of a route that are not parameters.
#[cfg(feature = "testing")]
pub(crate) fn literal_segments(route: &'static str) -> usize {
    let segments = route.split('/').map(Segment::parse);
    segments
        .filter(|s| matches!(s, Segment::Literal(_)))
        .count()
}

fn after_prefix(path: &str) -> &str {
    path.strip_prefix(PREFIX).unwrap_or(path)
}

fn without_query(path: &str) -> &str {
    path.split_once('?').map_or(path, |(path, _)| path)
}

/// Returns the first route of these operations that fits a path.
fn find(
    method: &str,
    path: &[&str],
    has: impl Fn(&Operation) -> bool,
) -> Option<(&'static Route, Fit)> {
    let area = *path.first()?;
    let mut routes = RouteTable::get()
        .routes
        .iter()
        .filter(|route| route.operation.method() == method && route.area == area);
    routes.find_map(|route| {
        let fit = route.fit(path)?;
        has(route.operation).then_some((route, fit))
    })
}

/// All routes, in the order in which the server tries them.
struct RouteTable {
    routes: Vec<Route>,
    /// For each operation, as in [`OPERATIONS`], the routes that may fit the same path and that the
    /// server tries earlier, by the length of the shortest path that fits, followed by its own
    /// route. A path is compared with few of them, which matters because each call is checked.
    rivals: Vec<Vec<Route>>,
}

impl RouteTable {
    fn get() -> &'static Self {
        static TABLE: LazyLock<RouteTable> = LazyLock::new(RouteTable::new);
        &TABLE
    }

    fn new() -> Self {
        let mut routes: Vec<Route> = Vec::with_capacity(OPERATIONS.len());
        for route in OPERATIONS.iter().map(Route::new) {
            let at = routes.partition_point(|other| route_order(other, &route).is_lt());
            routes.insert(at, route);
        }
        let mut rivals = vec![Vec::new(); OPERATIONS.len()];
        for (at, own) in routes.iter().enumerate() {
            let mut own_rivals: Vec<Route> = Vec::new();
            for route in routes
                .iter()
                .take(at)
                .filter(|route| route.may_precede(own))
            {
                let min = route.min_segments;
                let at = own_rivals.partition_point(|other| other.min_segments <= min);
                own_rivals.insert(at, route.clone());
            }
            own_rivals.push(own.clone());
            rivals[own.operation.index()] = own_rivals;
        }
        Self { routes, rivals }
    }

    /// Returns true if the server runs an operation for a path.
    fn goes_to(&self, operation: &Operation, path: &[&str]) -> bool {
        let routes = self.rivals.get(operation.index());
        let Some((own, rivals)) = routes.and_then(|routes| routes.split_last()) else {
            return false;
        };
        own.fit(path).is_some_and(|fit| !fit.lacks_slash)
            && !rivals
                .iter()
                .take_while(|rival| rival.min_segments <= path.len())
                .any(|rival| rival.fit(path).is_some())
    }
}

/// The beginning of all paths.
const PREFIX: &str = "/api/v1/";

#[derive(Clone)]
struct Route {
    operation: &'static Operation,
    /// The first segment, which is never a parameter.
    area: &'static str,
    /// The segments after [`PREFIX`].
    segments: Vec<Segment>,
    /// The index of the repository among the segments.
    repository: Option<usize>,
    /// The number of segments of the shortest path that fits.
    min_segments: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Segment {
    /// A literal string; empty for the trailing slash of a route.
    Literal(&'static str),
    /// The name of a repository, which has two or more segments of a path.
    Repository,
    /// A digest, such as `sha256:` and hexadecimal digits.
    Digest(&'static str),
    /// Any string that is not empty.
    Parameter(&'static str),
}

/// The match of a route and a path.
#[derive(Clone, Copy)]
struct Fit {
    /// The number of additional segments of the path, which belong to the name of the repository.
    more: usize,
    /// True if the path lacks the trailing slash of the route.
    lacks_slash: bool,
}

impl Segment {
    fn parse(text: &'static str) -> Self {
        match text.strip_prefix('{').and_then(|t| t.strip_suffix('}')) {
            Some("repository") => Self::Repository,
            Some(name @ "manifestref") => Self::Digest(name),
            Some(name) => Self::Parameter(name),
            None => Self::Literal(text),
        }
    }

    fn accepts(self, segment: &str) -> bool {
        match self {
            Self::Literal(text) => text == segment,
            Self::Digest(_) => is_digest(segment),
            Self::Parameter(_) | Self::Repository => !segment.is_empty(),
        }
    }
}

/// Returns true if the server accepts a segment as a digest.
fn is_digest(segment: &str) -> bool {
    segment.split_once(':').is_some_and(|(algorithm, hash)| {
        let is_part_of_algorithm = |b: u8| b.is_ascii_alphanumeric() || b"_+.-".contains(&b);
        !algorithm.is_empty()
            && algorithm.bytes().all(is_part_of_algorithm)
            && !hash.is_empty()
            && hash.bytes().all(|b| b.is_ascii_hexdigit())
    })
}

impl Route {
    fn new(operation: &'static Operation) -> Self {
        let path = after_prefix(operation.path());
        let segments: Vec<Segment> = path.split('/').map(Segment::parse).collect();
        let repository = segments.iter().position(|s| *s == Segment::Repository);
        let lacks_slash = segments.last() == Some(&Segment::Literal(""));
        Self {
            operation,
            area: path.split('/').next().unwrap_or_default(),
            min_segments: segments.len() + usize::from(repository.is_some())
                - usize::from(lacks_slash),
            segments,
            repository,
        }
    }

    /// Returns true for a route of the same method that may fit a path of the other one.
    fn may_precede(&self, other: &Self) -> bool {
        self.operation.method() == other.operation.method()
            && self.area == other.area
            && self.may_share_a_path_with(other)
    }

    /// Returns false if no path fits both routes.
    fn may_share_a_path_with(&self, other: &Self) -> bool {
        let without_slash = |route: &Self| match route.segments.split_last() {
            Some((Segment::Literal(""), rest)) => rest.len(),
            _ => route.segments.len(),
        };
        let is_of_one_length = without_slash(self) == without_slash(other);
        let has_repository = self.repository.is_some() || other.repository.is_some();
        let differ = |pair: (&Segment, &Segment)| match pair {
            (Segment::Literal(a), Segment::Literal(b)) => a != b && !a.is_empty() && !b.is_empty(),
            _ => false,
        };
        let before = |segment: &(&Segment, &Segment)| {
            *segment.0 != Segment::Repository && *segment.1 != Segment::Repository
        };
        (is_of_one_length || has_repository)
            && !iter::zip(&self.segments, &other.segments)
                .take_while(before)
                .any(differ)
    }

    fn fit(&self, path: &[&str]) -> Option<Fit> {
        let (segments, lacks_slash) = match self.segments.split_last() {
            Some((Segment::Literal(""), rest)) if path.last() != Some(&"") => (rest, true),
            _ => (&*self.segments, false),
        };
        let more = path.len().checked_sub(segments.len())?;
        if (more > 0) != self.repository.is_some() {
            return None;
        }
        // The last segments are checked first: they differ most between routes.
        let accept = |segments: &[Segment], path: &[&str]| {
            let mut pairs = iter::zip(segments, path).rev();
            pairs.all(|(segment, part)| segment.accepts(part))
        };
        let fits = match self.repository {
            None => accept(segments, path),
            Some(at) => {
                let (before, after) = (segments.get(..at)?, segments.get(at + 1..)?);
                let (name, rest) = path.get(at..)?.split_at_checked(more + 1)?;
                accept(after, rest)
                    && accept(before, path)
                    && name.iter().all(|part| !part.is_empty())
            }
        };
        fits.then_some(Fit { more, lacks_slash })
    }

    /// Returns the values of the parameters in a path that the route fits.
    fn parameters(&self, path: &[&str], fit: Fit) -> PathParameters {
        let mut parameters = PathParameters::default();
        let mut path = path.iter().copied();
        for segment in &self.segments {
            let (name, count) = match *segment {
                Segment::Literal(_) => ("", 1),
                Segment::Repository => ("repository", fit.more + 1),
                Segment::Digest(name) | Segment::Parameter(name) => (name, 1),
            };
            let value: Vec<&str> = path.by_ref().take(count).collect();
            if !name.is_empty() {
                parameters.0.push((name, value.join("/")));
            }
        }
        parameters
    }
}

/// Compares two routes: of those that may fit the same path, the server tries the lesser one first.
fn route_order(a: &Route, b: &Route) -> Ordering {
    let group = |route: &Route| (route.operation.method(), route.area);
    group(a)
        .cmp(&group(b))
        .then_with(|| order(&a.segments, &b.segments))
        // No path fits both.
        .then_with(|| a.operation.id().cmp(b.operation.id()))
}

/// Compares two routes of one method: the server tries the lesser one first.
fn order(a: &[Segment], b: &[Segment]) -> Ordering {
    use Segment::{Literal, Repository};
    for (at, pair) in iter::zip(a, b).enumerate() {
        let order = match pair {
            // No path fits both routes, so their order has no effect.
            (Literal(a), Literal(b)) => a.cmp(b),
            (Literal(_), _) => Ordering::Less,
            (_, Literal(_)) => Ordering::Greater,
            // The rest of the route is compared as a whole.
            (Repository, _) | (_, Repository) => {
                return Weight::of(a.get(at..)).cmp(&Weight::of(b.get(at..)));
            }
            _ => Ordering::Equal,
        };
        if order.is_ne() {
            return order;
        }
    }
    a.len().cmp(&b.len())
}

/// The order of routes that are equal up to the repository.
///
/// More literals come first, then longer literals from left to right, then more parameters.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Weight {
    literals: Reverse<usize>,
    lengths: Vec<Reverse<usize>>,
    parameters: Reverse<usize>,
}

impl Weight {
    fn of(segments: Option<&[Segment]>) -> Self {
        let segments = segments.unwrap_or_default();
        let lengths: Vec<Reverse<usize>> = segments
            .iter()
            .filter_map(|segment| match segment {
                Segment::Literal(text) => Some(Reverse(text.len())).filter(|l| l.0 > 0),
                _ => None,
            })
            .collect();
        let literals = segments.iter().filter(|s| matches!(s, Segment::Literal(_)));
        Self {
            literals: Reverse(lengths.len()),
            parameters: Reverse(segments.len() - literals.count()),
            lengths,
        }
    }
}

#[cfg(test)]
#[path = "route_tests.rs"]
mod tests;
