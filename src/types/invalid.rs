//! The error of everything here that reads a text.

/// A text that is not what it should be.
///
/// ```
/// use quay_api::types::RepositoryName;
///
/// let invalid = "acme/../web".parse::<RepositoryName>().unwrap_err();
/// assert_eq!(invalid.to_string(), r#"repository name "acme/../web": a part of it is "..""#);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind} {value}: {reason}")]
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
        Self { kind, value: format!("{shown:?}"), reason: reason.into() }
    }
}
