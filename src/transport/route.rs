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
