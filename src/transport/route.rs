//! The route of a request.

use crate::operation::Operation;
use url::Url;

/// Gives the name of a repository its slashes back.
///
/// The generated client writes a parameter as one segment, `acme%2Fweb`. Quay takes that and `acme/web` alike, but a strict proxy
/// before it may refuse an encoded slash. Only the segment of the repository is touched.
pub(super) fn plain_repository(url: &mut Url, operation: &Operation) {
    let Some((before, _)) = operation.path().split_once("{repository}") else { return };
    let path = url.path();
    // The parameters before it, if there are any, are of one segment each; the base URL's own path comes first.
    let prefix = path.split('/').count() - operation.path().split('/').count();
    let index = prefix + before.split('/').count() - 1;
    let Some((start, segment)) = segments(path).nth(index) else { return };
    if !segment.contains("%2F") {
        return;
    }
    let (head, tail) = (&path[..start], &path[start + segment.len()..]);
    let plain = format!("{head}{}{tail}", segment.replace("%2F", "/"));
    url.set_path(&plain);
}

/// The segments of a path, with where they begin.
fn segments(path: &str) -> impl Iterator<Item = (usize, &str)> {
    path.split('/').scan(0, |next, segment| {
        let start = *next;
        *next += segment.len() + 1;
        Some((start, segment))
    })
}
