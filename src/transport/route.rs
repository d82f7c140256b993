//! The route of a request.

use crate::operation::Operation;
use url::Url;

/// Gives the name of a repository its slashes back.
///
/// The generated client writes a parameter as one segment, `acme%2Fweb`. Quay takes that and `acme/web` alike, but a strict proxy
/// before it may refuse an encoded slash. Only the segment of the repository is touched.
pub(super) fn plain_repository(url: &mut Url, operation: &Operation, depth: usize) {
    let Some(index) = operation.path().split('/').position(|segment| segment == "{repository}") else { return };
    let plain: Vec<String> = url
        .path()
        .split('/')
        .enumerate()
        .map(|(i, segment)| match i == index + depth {
            true => segment.replace("%2F", "/"),
            false => segment.to_owned(),
        })
        .collect();
    url.set_path(&plain.join("/"));
}

/// Escapes what a browser's URL may have in a path and RFC 3986 has not: a strict proxy may refuse it.
pub(super) fn strict(url: &mut Url) {
    const LAX: [(char, &str); 4] = [('|', "%7C"), ('^', "%5E"), ('[', "%5B"), (']', "%5D")];
    if url.path().contains(LAX.map(|(c, _)| c)) {
        let path = LAX.iter().fold(url.path().to_owned(), |path, (c, escaped)| path.replace(*c, escaped));
        url.set_path(&path);
    }
}
