//! Names that become one segment of a path.

use super::InvalidValue;

/// Refuses what would change the route of a request, or is no name at all.
///
/// A URL is normalised before it is sent: `..` leads to the parent, an empty segment to the list, a backslash counts as a slash.
pub(crate) fn check_segment<'a>(kind: &'static str, value: &'a str) -> Result<&'a str, InvalidValue> {
    let reason = if value.is_empty() {
        "it is empty"
    } else if matches!(value, "." | "..") {
        "it would change the route"
    } else if value.contains(['/', '\\']) {
        "it has a slash or backslash in it"
    } else if value.chars().any(char::is_control) {
        "it has control characters in it"
    } else if value.trim() != value {
        "it begins or ends with a blank"
    } else {
        return Ok(value);
    };
    Err(InvalidValue::new(kind, value, reason))
}
