//! Rust names for the names in JSON.

use heck::{ToSnakeCase, ToUpperCamelCase};

/// Returns the name of an enum's variant: `READ_ONLY` and `read-only` are `ReadOnly`.
pub fn variant_name(value: &str) -> String {
    let name = value.to_upper_camel_case();
    match name.as_str() {
        "" => "Empty".to_owned(),
        "Self" => "Itself".to_owned(),
        _ if name.starts_with(|c: char| c.is_ascii_digit()) => format!("V{name}"),
        _ => name,
    }
}

/// Returns the name of a struct's field; a keyword gets an underscore.
pub fn field_name(name: &str) -> String {
    let name = name.to_snake_case();
    match name.as_str() {
        "type" | "ref" | "match" | "enum" | "self" | "use" | "mod" | "in" | "as" | "for" | "if"
        | "move" | "override" | "private" | "static" | "where" | "default" => format!("{name}_"),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makes_rust_names() {
        for (wire, variant, field) in [
            ("READ_ONLY", "ReadOnly", "read_only"),
            ("text/plain", "TextPlain", "text_plain"),
            ("tagPattern", "TagPattern", "tag_pattern"),
            ("type", "Type", "type_"),
            ("", "Empty", ""),
            ("self", "Itself", "self_"),
            ("404", "V404", "404"),
        ] {
            assert_eq!(
                (variant_name(wire).as_str(), field_name(wire).as_str()),
                (variant, field),
                "{wire}"
            );
        }
    }
}
