//! The type expressions of the overlay: `string`, `[Tag]?`, `{integer}`, `string|null?`.

use std::fmt;
use std::str::FromStr;

/// The type of a field, a parameter or a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypeExpr {
    String,
    Integer,
    Number,
    Boolean,
    /// Any JSON.
    Any,
    /// A schema of the overlay or a type of `values.toml`.
    Named(String),
    List(Box<TypeExpr>),
    Map(Box<TypeExpr>),
    /// May be missing or null.
    Optional(Box<TypeExpr>),
    /// Null is a distinct value; only within `Optional`.
    Nullable(Box<TypeExpr>),
}

impl TypeExpr {
    /// Returns the name of the schema in the expression, if any.
    pub fn name(&self) -> Option<&str> {
        match self.innermost() {
            TypeExpr::Named(name) => Some(name),
            _ => None,
        }
    }

    /// Returns the type within all lists, maps and options.
    pub fn innermost(&self) -> &TypeExpr {
        match self {
            TypeExpr::List(inner)
            | TypeExpr::Map(inner)
            | TypeExpr::Optional(inner)
            | TypeExpr::Nullable(inner) => inner.innermost(),
            other => other,
        }
    }

    pub fn is_optional(&self) -> bool {
        matches!(self, TypeExpr::Optional(_))
    }

    /// Returns true if the Rust type has a value for null.
    pub fn is_nullable(&self) -> bool {
        matches!(self, TypeExpr::Optional(_) | TypeExpr::Nullable(_))
    }

    /// Returns true if null is a distinct value, so that missing and null differ.
    pub fn is_clearable(&self) -> bool {
        matches!(self, TypeExpr::Optional(inner) if matches!(**inner, TypeExpr::Nullable(_)))
    }

    /// Returns the type without `?` and `|null`.
    pub fn required(&self) -> &TypeExpr {
        match self {
            TypeExpr::Optional(inner) | TypeExpr::Nullable(inner) => inner.required(),
            other => other,
        }
    }
}

impl FromStr for TypeExpr {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let boxed = |inner: &str| inner.parse().map(Box::new);
        if let Some(inner) = text.strip_suffix('?') {
            return match inner.parse()? {
                TypeExpr::Optional(_) => Err(format!("`{text}` has more than one `?`")),
                inner => Ok(TypeExpr::Optional(Box::new(inner))),
            };
        }
        if let Some(inner) = text.strip_suffix("|null") {
            return Ok(TypeExpr::Nullable(boxed(inner)?));
        }
        if let Some(inner) = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')) {
            return Ok(TypeExpr::List(boxed(inner)?));
        }
        if let Some(inner) = text.strip_prefix('{').and_then(|t| t.strip_suffix('}')) {
            return Ok(TypeExpr::Map(boxed(inner)?));
        }
        match text {
            "string" => Ok(TypeExpr::String),
            "integer" => Ok(TypeExpr::Integer),
            "number" => Ok(TypeExpr::Number),
            "boolean" => Ok(TypeExpr::Boolean),
            "any" => Ok(TypeExpr::Any),
            name if is_type_name(name) => Ok(TypeExpr::Named(name.to_owned())),
            other => Err(format!("`{other}` is not a type: see overlay/README.md")),
        }
    }
}

impl fmt::Display for TypeExpr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TypeExpr::String => f.write_str("string"),
            TypeExpr::Integer => f.write_str("integer"),
            TypeExpr::Number => f.write_str("number"),
            TypeExpr::Boolean => f.write_str("boolean"),
            TypeExpr::Any => f.write_str("any"),
            TypeExpr::Named(name) => f.write_str(name),
            TypeExpr::List(inner) => write!(f, "[{inner}]"),
            TypeExpr::Map(inner) => write!(f, "{{{inner}}}"),
            TypeExpr::Optional(inner) => write!(f, "{inner}?"),
            TypeExpr::Nullable(inner) => write!(f, "{inner}|null"),
        }
    }
}

/// Returns true if a schema may have this name: it becomes the name of a Rust type.
pub fn is_type_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.chars().all(|c| c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_and_displays_expressions_alike() {
        for text in [
            "string",
            "integer?",
            "[Tag]",
            "{[integer]}?",
            "string|null?",
            "[string]|null?",
            "any",
            "[[Tag]?]",
        ] {
            assert_eq!(
                text.parse::<TypeExpr>().map(|s| s.to_string()),
                Ok(text.to_owned())
            );
        }
    }

    #[test]
    fn refuses_invalid_expressions() {
        for text in [
            "", "tag", "Tag??", "[Tag", "int", "Tag Page", "str|ing", "{}", "Tag-Page",
        ] {
            assert!(text.parse::<TypeExpr>().is_err(), "{text}");
        }
    }
}
