//! Validation of names that become one segment of a URL's path.

use super::InvalidValue;

/// Rejects values that would change the route of a request or can't be a name.
///
/// A URL is normalized before it is sent: `..` leads to the parent, an empty segment to the list,
/// and a backslash is read as a slash.
pub(crate) fn check_segment<'a>(
    kind: &'static str,
    value: &'a str,
) -> Result<&'a str, InvalidValue> {
    let reason = if value.is_empty() {
        "it is empty"
    } else if matches!(value, "." | "..") {
        "it would change the route"
    } else if value.contains(['/', '\\']) {
        "it contains a slash or backslash"
    } else if value.chars().any(char::is_control) {
        "it contains control characters"
    } else if value.trim() != value {
        "it has leading or trailing whitespace"
    } else {
        return Ok(value);
    };
    Err(InvalidValue::new(kind, value, reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejects_values_that_change_the_route() {
        for name in [
            "",
            ".",
            "..",
            "a/b",
            "/",
            "a\\b",
            "a\0",
            "a\nb",
            "a\u{7f}",
            "a\u{85}b",
            "\u{9b}",
            " a",
            "a ",
            "a\t",
            "\u{a0}a",
            "a\u{3000}",
        ] {
            assert!(check_segment("name", name).is_err(), "{name:?}");
        }
        // Percent-encoded, none of these changes the route.
        for name in [
            "a",
            "...",
            "..a",
            ".hidden",
            "a b",
            "a+b",
            "sha256:ab",
            "%2e%2e",
            "a?b",
            "a#b",
            "ü",
            "a@b.example",
        ] {
            assert_eq!(check_segment("name", name), Ok(name));
        }
        let error = check_segment("team", "..").map_err(|e| e.to_string());
        assert_eq!(
            error,
            Err(r#"team ".." is not valid: it would change the route"#.to_owned())
        );
    }
}
