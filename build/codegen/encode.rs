//! How the types are written: implementations of `Encode`, see `src/types/encode.rs`.

use super::decode::Part;
use std::fmt::Write;

/// Writes a struct, member by member.
pub fn object(out: &mut String, name: &str, parts: &[Part<'_>], has_extra: bool) {
    let members: String = parts
        .iter()
        .map(
            |Part {
                 wire,
                 field,
                 shape,
                 flat,
             }| match flat {
                Some(_) => format!("        encode::Encode::encode(&self.{field}, to);\n"),
                None if shape.is_optional() => {
                    format!("        to.optional_field({wire:?}, &self.{field});\n")
                }
                None => format!("        to.field({wire:?}, &self.{field});\n"),
            },
        )
        .collect();
    let extra = if has_extra {
        "        to.entries(&self.extra);\n"
    } else {
        ""
    };
    implementation(out, name, &format!("{members}{extra}"));
}

/// Writes what has a kind and a content of that kind.
pub fn variants<'a>(
    out: &mut String,
    name: &str,
    (tag, content): (&str, &str),
    variants: impl Iterator<Item = &'a str>,
) {
    let arms: String = variants
        .map(|variant| {
            format!("            Self::{variant}(content) => to.field({content:?}, content),\n")
        })
        .collect();
    implementation(
        out,
        name,
        &format!(
            "        to.field({tag:?}, self.kind());\n        match self {{\n{arms}            \
             Self::Other(other) => to.field({content:?}, other.content()),\n        }}\n"
        ),
    );
}

/// Writes what has one of several types as what it is.
pub fn one_of<'a>(out: &mut String, name: &str, variants: impl Iterator<Item = &'a str>) {
    let arms: String = variants
        .chain(["Other"])
        .map(|variant| format!("            Self::{variant}(value) => serde::Serialize::serialize(value, serializer),\n"))
        .collect();
    let _ = writeln!(
        out,
        "impl serde::Serialize for {name} {{\n    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {{\n        \
         match self {{\n{arms}        }}\n    }}\n}}\n"
    );
}

fn implementation(out: &mut String, name: &str, body: &str) {
    let _ = writeln!(
        out,
        "impl encode::Encode for {name} {{\n    #[inline]\n    fn encode<S: serde::ser::SerializeMap>(&self, to: &mut encode::ObjectEncoder<S>) {{\n{body}    \
         }}\n}}\n\nencode::serialize_by_encode!({name});\n"
    );
}
