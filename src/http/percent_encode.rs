//! Percent-encoding and decoding of paths.

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use std::borrow::Cow;

/// The characters that are encoded in a segment of a path.
///
/// A slash or a percent sign would otherwise change the path. `Url` does not encode `|`, `^`, `[`
/// and `]`, which RFC 3986 does not allow and a strict proxy may reject.
const NOT_IN_SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'|')
    .add(b'^')
    .add(b'[')
    .add(b']')
    .add(b'/')
    .add(b'%');

/// The characters that are encoded in several segments: the same without the slash.
const NOT_IN_SEGMENTS: &AsciiSet = &NOT_IN_SEGMENT.remove(b'/');

/// Encodes a value as one segment of a path.
pub(crate) fn encode_segment(value: &str) -> Cow<'_, str> {
    utf8_percent_encode(value, NOT_IN_SEGMENT).into()
}

/// Encodes the name of a repository as segments of a path, and keeps its slashes.
pub(crate) fn encode_segments(name: &str) -> Cow<'_, str> {
    utf8_percent_encode(name, NOT_IN_SEGMENTS).into()
}

/// Decodes a part of a URL. Bytes that are not UTF-8 become U+FFFD.
pub(crate) fn decode(encoded: &str) -> Cow<'_, str> {
    percent_decode_str(encoded).decode_utf8_lossy()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodes_segments_and_decodes_them() {
        for (value, encoded) in [
            ("web", "web"),
            ("a/b%2f", "a%2Fb%252f"),
            ("ü ?#", "%C3%BC%20%3F%23"),
            ("a|^[]b", "a%7C%5E%5B%5Db"),
            ("a+b@c.d~e:f", "a+b@c.d~e:f"),
        ] {
            assert_eq!(encode_segment(value), encoded);
            assert_eq!(decode(encoded), value);
        }
        assert_eq!(encode_segments("acme/team x/web"), "acme/team%20x/web");
        assert_eq!(decode("%ff%2"), "\u{fffd}%2");
    }
}
