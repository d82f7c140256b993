//! Percent-encoding of names in the path of a request.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What RFC 3986 does not allow in a segment. A browser's URL may have more in it, which a strict
/// proxy refuses.
const NOT_IN_SEGMENT: AsciiSet = NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@');

/// The same for a path.
const NOT_IN_PATH: AsciiSet = NOT_IN_SEGMENT.remove(b'/');

/// What a URL's path may hold although RFC 3986 does not allow it.
const NOT_IN_URL: AsciiSet = AsciiSet::EMPTY.add(b'|').add(b'^').add(b'[').add(b']');

/// Encodes a name as one segment of a path.
pub(crate) fn encode_path(name: &str) -> String {
    utf8_percent_encode(name, &NOT_IN_SEGMENT).to_string()
}

/// Encodes the name of a repository, with its slashes as they are.
pub(crate) fn encode_repository(name: &str) -> String {
    utf8_percent_encode(name, &NOT_IN_PATH).to_string()
}

/// Encodes the path of a base URL further than its parser does.
pub(super) fn encode_base_url(url: &str) -> String {
    let authority = url.find("://").map_or(0, |scheme| scheme + "://".len());
    let path = url[authority..]
        .find('/')
        .map_or(url.len(), |path| authority + path);
    let (origin, path) = url.split_at(path);
    format!("{origin}{}", utf8_percent_encode(path, &NOT_IN_URL))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodes_segments_and_keeps_the_slashes_of_repositories() {
        let name = "a/b c%d?e#f|g^h[i]jü+~:@'";
        let encoded = "b%20c%25d%3Fe%23f%7Cg%5Eh%5Bi%5Dj%C3%BC+~:@'";
        assert_eq!(encode_path(name), format!("a%2F{encoded}"));
        assert_eq!(encode_repository(name), format!("a/{encoded}"));
    }

    #[test]
    fn encodes_the_path_of_a_base_url_only() {
        for (url, encoded) in [
            ("https://[::1]:8443", "https://[::1]:8443"),
            ("https://[::1]/a[b]%20|", "https://[::1]/a%5Bb%5D%20%7C"),
            ("https://quay.io/x", "https://quay.io/x"),
        ] {
            assert_eq!(encode_base_url(url), encoded);
        }
    }
}
