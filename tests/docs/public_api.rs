//! Reads `docs/public-api.txt`, with types by the last part of their paths: `Result<Tag>` instead
//! of `quay_api::Result<quay_api::types::Tag>`.

use super::read;
use regex::Regex;

/// The public items, one a line. The item of each line keeps its path.
pub fn public_api() -> String {
    short(&read("docs/public-api.txt"))
}

fn short(api: &str) -> String {
    let paths = Regex::new(r"\b([a-z_][a-z0-9_]*::)+").expect("a pattern");
    let short = |text: &str| paths.replace_all(text, "").into_owned();
    let mut lines = String::new();
    for line in api.lines() {
        let line = line.replacen("pub ", "", 1);
        let line = match (line.split_once(" for "), line.split_once('(')) {
            (Some((implementation, item)), _) if line.starts_with("impl") => {
                let name = after_generics(implementation.trim_start_matches("impl"));
                format!("impl {} for {item}", short(name.trim()))
            }
            (_, Some((item, signature))) => format!("{item}({}", short(signature)),
            _ => line,
        };
        lines.push_str(&line);
        lines.push('\n');
    }
    lines
}

/// Returns the part of a string after the list of generics with which it begins, if any.
fn after_generics(text: &str) -> &str {
    let mut depth = 0;
    for (at, character) in text.char_indices() {
        match character {
            '<' => depth += 1,
            '>' if !text[..at].ends_with('-') => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return text[at..].trim_start_matches('>');
        }
    }
    text
}

#[test]
fn types_are_shortened() {
    let full = "\
pub async fn quay_api::api::TagHandle::get(&self) -> quay_api::Result<quay_api::types::Tag>
#[non_exhaustive] pub struct quay_api::types::Tag
impl core::clone::Clone for quay_api::types::Tag
impl<T: core::iter::Iterator<Item = u8>> serde::de::Deserialize<'de> for quay_api::api::Made<T>
";
    assert_eq!(
        short(full),
        "\
async fn quay_api::api::TagHandle::get(&self) -> Result<Tag>
#[non_exhaustive] struct quay_api::types::Tag
impl Clone for quay_api::types::Tag
impl Deserialize<'de> for quay_api::api::Made<T>
"
    );
}
