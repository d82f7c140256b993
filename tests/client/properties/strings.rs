//! Strings that a caller may pass as a name.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Pieces that change a route, end something early, are decoded twice, or look like others.
const ADVERSARIAL: &[&str] = &[
    "/",
    "\\",
    ".",
    "..",
    "%",
    "%2e",
    "%2F",
    "%5c",
    "%00",
    "%252e",
    "%zz",
    "?",
    "#",
    ";",
    ":",
    "@",
    "&",
    "=",
    "+",
    ",",
    "$",
    "!",
    "*",
    "'",
    "\"",
    "(",
    ")",
    "<",
    ">",
    "[",
    "]",
    "{",
    "}",
    "{repository}",
    "|",
    "^",
    "`",
    "~",
    " ",
    "\t",
    "\r",
    "\n",
    "\r\nx-injected: 1\r\n\r\n",
    "\0",
    "\u{7f}",
    "\u{85}",
    "\u{a0}",
    "\u{ad}",
    "\u{200b}",
    "\u{202e}",
    "\u{2028}",
    "\u{2215}",
    "\u{2024}",
    "\u{ff0e}",
    "\u{ff0f}",
    "\u{feff}",
    "e\u{301}",
    "é",
    "𝄞",
    "\u{10ffff}",
    "שלום",
    "acme",
    "web",
    "a",
    "-",
    "_",
    "0",
];

fn adversarial(pieces: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    vec(select(ADVERSARIAL), pieces).prop_map(|pieces| pieces.concat())
}

/// Any string, with harmful ones often among them.
pub fn any_string() -> impl Strategy<Value = String> {
    prop_oneof![
        5 => adversarial(0..6),
        2 => vec(any::<char>(), 0..12).prop_map(String::from_iter),
        2 => "[a-z0-9._-]{1,20}",
        // Longer than a name, a request line or a URL may be.
        1 => (adversarial(1..3), select(&[255_usize, 4_000, 70_000]))
            .prop_map(|(piece, length)| piece.repeat(length.div_ceil(piece.len()))),
    ]
}
