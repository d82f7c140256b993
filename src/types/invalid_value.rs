//! The error of an invalid value.

/// The error for a string that is not a valid value of its type.
///
/// The message contains the kind of value, the string (escaped, and shortened if it is long) and
/// the reason. The error is returned before anything is sent.
///
/// # Examples
///
/// ```
/// use quay_api::types::RepositoryName;
///
/// let invalid = "acme/../web".parse::<RepositoryName>().unwrap_err();
/// assert_eq!(
///     invalid.to_string(),
///     r#"repository name "acme/../web" is not valid: a part of it must not be "..""#
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidValue(String);

/// The maximum number of characters of a value that are shown.
const MAX_SHOWN_CHARS: usize = 80;

impl InvalidValue {
    pub(crate) fn new(kind: &str, value: &str, reason: impl AsRef<str>) -> Self {
        let reason = reason.as_ref();
        Self::incomplete(kind, value, &format!("is not valid: {reason}"))
    }

    /// Returns the error for a row of a response that lacks what is needed. The value that names
    /// the row is valid.
    pub(crate) fn incomplete(kind: &str, value: &str, what: &str) -> Self {
        let mut shown: String = value.chars().take(MAX_SHOWN_CHARS).collect();
        if shown.len() < value.len() {
            shown.push('…');
        }
        Self(format!("{kind} {shown:?} {what}"))
    }
}

impl From<std::convert::Infallible> for InvalidValue {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_shortens_the_value() {
        let shown = |value: &str| InvalidValue::new("tag", value, "it is odd").to_string();
        assert_eq!(
            shown("a\n\u{1b}[31m\""),
            r#"tag "a\n\u{1b}[31m\"" is not valid: it is odd"#
        );
        assert_eq!(
            shown(&"ü".repeat(80)),
            format!("tag {:?} is not valid: it is odd", "ü".repeat(80))
        );
        assert_eq!(
            shown(&"ü".repeat(81)),
            format!("tag {:?} is not valid: it is odd", "ü".repeat(80) + "…")
        );
    }

    #[test]
    fn is_send_and_sync() {
        fn is_usable<T: Send + Sync + std::error::Error + 'static>() {}
        is_usable::<InvalidValue>();
    }
}
