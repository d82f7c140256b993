//! The encoders of the types: implementations of `Encode`, see `src/json/encode.rs`.

use super::types::StructField;
use super::writer::Writer;

/// Encodes a struct field by field.
pub fn object(out: &mut Writer, name: &str, fields: &[StructField<'_>], has_extra: bool) {
    implementation(out, name, |out| {
        for StructField {
            wire,
            name,
            ty,
            flattened,
            ..
        } in fields
        {
            out.line(match flattened {
                Some(_) => format!("encode::Encode::encode(&self.{name}, to);"),
                None if ty.is_optional() => format!("to.optional_field({wire:?}, &self.{name});"),
                None => format!("to.field({wire:?}, &self.{name});"),
            });
        }
        if has_extra {
            out.line("to.entries(&self.extra);");
        }
    });
}

/// Encodes an enum with a tag and a content.
pub fn variants(out: &mut Writer, name: &str, (tag, content): (&str, &str), variants: &[String]) {
    implementation(out, name, |out| {
        out.line(format!("to.field({tag:?}, self.kind());"));
        out.block("match self", |out| {
            for variant in variants {
                out.line(format!(
                    "Self::{variant}(content) => to.field({content:?}, content),"
                ));
            }
            out.line(format!(
                "Self::Other(other) => to.field({content:?}, other.secret_content()),"
            ));
        });
    });
}

/// Encodes an enum as the value that it holds.
pub fn one_of(out: &mut Writer, name: &str, variants: &[String]) {
    out.block(format!("impl serde::Serialize for {name}"), |out| {
        out.block(
            "fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>",
            |out| {
                out.block("match self", |out| {
                    for variant in variants.iter().map(String::as_str).chain(["Other"]) {
                        let serialize = "serde::Serialize::serialize(value, serializer)";
                        out.line(format!("Self::{variant}(value) => {serialize},"));
                    }
                });
            },
        );
    });
    out.blank();
}

/// Writes an implementation of `Encode`, and one of `Serialize` by it.
pub fn implementation(out: &mut Writer, name: &str, body: impl FnOnce(&mut Writer)) {
    out.block(format!("impl encode::Encode for {name}"), |out| {
        out.line("#[inline]");
        out.block(
            "fn encode<S: serde::ser::SerializeMap>(&self, to: &mut encode::ObjectEncoder<S>)",
            body,
        );
    });
    out.blank();
    out.line(format!("encode::serialize_by_encode!({name});"));
    out.blank();
}
