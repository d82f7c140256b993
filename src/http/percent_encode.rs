//! The route of a request.

use url::Url;

/// Escapes what a browser's URL may have in a path and RFC 3986 has not: a strict proxy may refuse
/// it.
pub(super) fn percent_encode_path(url: &mut Url) {
    const LAX: [(char, &str); 4] = [('|', "%7C"), ('^', "%5E"), ('[', "%5B"), (']', "%5D")];
    if url
        .path()
        .bytes()
        .any(|b| matches!(b, b'|' | b'^' | b'[' | b']'))
    {
        let path = LAX
            .iter()
            .fold(url.path().to_owned(), |path, (c, escaped)| {
                path.replace(*c, escaped)
            });
        url.set_path(&path);
    }
}
