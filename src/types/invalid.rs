//! The error of everything here that reads a text.

/// A text that is not what it should be.
///
/// It says what kind of value was meant, the value itself (escaped, and shortened if it is long)
/// and what is wrong with it. It is made before anything is sent.
///
/// ```
/// use quay_api::types::RepositoryName;
///
/// let invalid = "acme/../web".parse::<RepositoryName>().unwrap_err();
/// assert_eq!(invalid.to_string(), r#"repository name "acme/../web" is not valid: a part may not be "..""#);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind} {value} is not valid: {reason}")]
pub struct InvalidValue {
    kind: &'static str,
    value: String,
    reason: String,
}

/// More of a value than this is not shown.
const LONGEST: usize = 80;

impl InvalidValue {
    pub(crate) fn new(kind: &'static str, value: &str, reason: impl Into<String>) -> Self {
        let mut shown: String = value.chars().take(LONGEST).collect();
        if shown.len() < value.len() {
            shown.push('…');
        }
        Self {
            kind,
            value: format!("{shown:?}"),
            reason: reason.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_escaped_and_short() {
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
    fn it_can_be_sent_to_other_threads() {
        fn is_usable<T: Send + Sync + std::error::Error + 'static>() {}
        is_usable::<InvalidValue>();
    }
}
