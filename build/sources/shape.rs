//! The type expressions of the overlay: `string`, `[Tag]?`, `{integer}`, `string|null?`.

use std::fmt;
use std::str::FromStr;

/// The type of a field, a parameter or a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    Text,
    Integer,
    Number,
    Boolean,
    /// Any JSON.
    Any,
    /// A schema of the overlay or a type of `values.toml`.
    Named(String),
    List(Box<Shape>),
    Map(Box<Shape>),
    /// May be missing or null.
    Optional(Box<Shape>),
    /// Null is a value of its own; only within `Optional`.
    Nullable(Box<Shape>),
}

impl Shape {
    /// The schema that the expression is about, if any.
    pub fn name(&self) -> Option<&str> {
        match self {
            Shape::Named(name) => Some(name),
            Shape::List(inner) | Shape::Map(inner) | Shape::Optional(inner) | Shape::Nullable(inner) => inner.name(),
            _ => None,
        }
    }

    pub fn is_optional(&self) -> bool {
        matches!(self, Shape::Optional(_))
    }

    /// The same without `?` and `|null`.
    pub fn required(&self) -> &Shape {
        match self {
            Shape::Optional(inner) | Shape::Nullable(inner) => inner.required(),
            other => other,
        }
    }
}

impl FromStr for Shape {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let boxed = |inner: &str| inner.parse().map(Box::new);
        if let Some(inner) = text.strip_suffix('?') {
            return match inner.parse()? {
                Shape::Optional(_) => Err(format!("`{text}` has more than one `?`")),
                inner => Ok(Shape::Optional(Box::new(inner))),
            };
        }
        if let Some(inner) = text.strip_suffix("|null") {
            return Ok(Shape::Nullable(boxed(inner)?));
        }
        if let Some(inner) = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')) {
            return Ok(Shape::List(boxed(inner)?));
        }
        if let Some(inner) = text.strip_prefix('{').and_then(|t| t.strip_suffix('}')) {
            return Ok(Shape::Map(boxed(inner)?));
        }
        match text {
            "string" => Ok(Shape::Text),
            "integer" => Ok(Shape::Integer),
            "number" => Ok(Shape::Number),
            "boolean" => Ok(Shape::Boolean),
            "any" => Ok(Shape::Any),
            name if is_type_name(name) => Ok(Shape::Named(name.to_owned())),
            other => Err(format!("`{other}` is no type: see overlay/README.md")),
        }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Shape::Text => f.write_str("string"),
            Shape::Integer => f.write_str("integer"),
            Shape::Number => f.write_str("number"),
            Shape::Boolean => f.write_str("boolean"),
            Shape::Any => f.write_str("any"),
            Shape::Named(name) => f.write_str(name),
            Shape::List(inner) => write!(f, "[{inner}]"),
            Shape::Map(inner) => write!(f, "{{{inner}}}"),
            Shape::Optional(inner) => write!(f, "{inner}?"),
            Shape::Nullable(inner) => write!(f, "{inner}|null"),
        }
    }
}

/// Whether a schema may have this name: it becomes the name of a Rust type.
pub fn is_type_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase()) && name.chars().all(|c| c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_read_and_written_alike() {
        for text in ["string", "integer?", "[Tag]", "{[integer]}?", "string|null?", "[string]|null?", "any", "[[Tag]?]"] {
            assert_eq!(text.parse::<Shape>().map(|s| s.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn what_is_no_type_is_refused() {
        for text in ["", "tag", "Tag??", "[Tag", "int", "Tag Page", "str|ing", "{}", "Tag-Page"] {
            assert!(text.parse::<Shape>().is_err(), "{text}");
        }
    }
}
