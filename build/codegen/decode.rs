//! The decoders of the types: implementations of `Decode`, see `src/json/decode/`.

use super::types::{StructField, TYPES, rust};
use super::writer::Writer;
use crate::build::spec::names::variant_name;
use crate::build::spec::schema::DescribedType;
use indexmap::IndexMap;

/// Decodes a struct field by field.
pub fn object(out: &mut Writer, name: &str, fields: &[StructField<'_>], has_extra: bool) {
    let can_start_empty = fields
        .iter()
        .all(|field| field.flattened.is_none() && field.ty.is_optional());
    match can_start_empty {
        true => in_place(out, name, fields, has_extra),
        false => by_slots(out, name, fields, has_extra),
    }
}

/// A variable for a field in JSON, until the struct is made.
struct Slot<'a> {
    wire: &'a str,
    ty: String,
    /// The value that it begins with.
    empty: &'static str,
    /// The method that reads the field into it.
    read: &'static str,
}

/// Decodes into a slot for each field, and makes the struct of them at the end.
fn by_slots(out: &mut Writer, name: &str, fields: &[StructField<'_>], has_extra: bool) {
    let mut slots: Vec<Slot<'_>> = Vec::new();
    let mut slot = |wire, ty, empty, read| {
        slots.push(Slot {
            wire,
            ty,
            empty,
            read,
        });
        format!("slot{}", slots.len())
    };
    let mut values = Vec::new();
    for field in fields {
        let (wire, ty) = (field.wire, rust(field.ty));
        let value = match field.flattened {
            Some((tag, content)) => {
                let string = "Option<String>".to_owned();
                let any = "Option<serde_json::Value>".to_owned();
                let tag = slot(tag, string, "None", "next_optional");
                let content = slot(content, any, "None", "next_optional");
                format!("{ty}::of_kind({tag}, {content})")
            }
            None if field.ty.is_clearable() => slot(wire, ty, "Default::default()", "next_value"),
            None if field.ty.is_nullable() => slot(wire, ty, "None", "next_optional"),
            None => {
                let slot = slot(wire, format!("Option<{ty}>"), "None", "next_value");
                format!("decode::required({slot}, {wire:?})?")
            }
        };
        values.push(format!("{}: {value},", field.name));
    }
    implementation(out, name, |out| {
        out.line("let fields = event.map()?;");
        for (number, Slot { ty, empty, .. }) in (1..).zip(&slots) {
            out.line(format!("let mut slot{number}: {ty} = {empty};"));
        }
        if has_extra {
            out.line("let mut extra = std::collections::BTreeMap::new();");
            values.push("extra,".to_owned());
        }
        let names: Vec<&str> = slots.iter().map(|slot| slot.wire).collect();
        let arms = (1..)
            .zip(&slots)
            .map(|(number, Slot { read, .. })| format!("fields.{read}(&mut slot{number})"));
        let extra = has_extra.then_some("&mut extra");
        read_loop(out, &names, &arms.collect::<Vec<_>>(), extra);
        out.group("Ok(Self {", "})", |out| out.lines(&values));
    });
}

/// Decodes into the place of the struct. Structs that can start empty have up to a hundred fields.
fn in_place(out: &mut Writer, name: &str, fields: &[StructField<'_>], has_extra: bool) {
    let names: Vec<&str> = fields.iter().map(|field| field.wire).collect();
    let arms = fields.iter().map(|StructField { name, ty, .. }| {
        let read = if ty.is_clearable() {
            "next_value"
        } else {
            "next_optional"
        };
        format!("fields.{read}(&mut value.{name})")
    });
    let arms: Vec<String> = arms.collect();
    let extra = has_extra.then_some("&mut value.extra");
    out.block(format!("impl decode::Decode for {name}"), |out| {
        out.line("#[inline]");
        out.line("fn decode_into(");
        out.line("    place: &mut Option<Self>,");
        out.line("    event: decode::JsonEvent<'_>,");
        out.block(") -> Result<(), decode::JsonError>", |out| {
            out.line("let fields = event.map()?;");
            out.line("let value = place.insert(Default::default());");
            read_loop(out, &names, &arms, extra);
            out.line("Ok(())");
        });
    });
    by_decode(out, name);
}

/// Writes the loop over the fields of a map. The field at position `i` of `names` is read by the
/// expression at position `i` of `arms`.
fn read_loop(out: &mut Writer, names: &[&str], arms: &[String], extra: Option<&str>) {
    let head = "while let Some(field) = fields.next_key(|name| match name {";
    out.group(head, "}) {", |out| {
        for (number, name) in (1..).zip(names) {
            out.line(format!("{name:?} => {number},"));
        }
        out.line("_ => 0,");
    });
    out.group("    match field {", "    }", |out| {
        for (number, arm) in (1..).zip(arms) {
            out.line(format!("    {number} => {arm},"));
        }
        out.line(match extra {
            Some(extra) => format!("    _ => decode::insert_entry(fields, {extra}),"),
            None => "    _ => fields.skip_value(),".to_owned(),
        });
    });
    out.line("}");
}

/// Decodes a value that has one of several types: the first that fits.
pub fn one_of(out: &mut Writer, name: &str, parts: &IndexMap<String, DescribedType>) {
    out.block(format!("impl decode::Decode for {name}"), |out| {
        out.line("const EXPECTED: &'static str = \"one of several types\";");
        out.blank();
        decode_head(out, |out| {
            out.group("decode::one_of(", ")", |out| {
                out.line("event,");
                out.group("&[", "],", |out| {
                    for (part, DescribedType { ty, .. }) in parts {
                        let (ty, variant) = (rust(ty), variant_name(part));
                        out.line(format!(
                            "|event| <{ty} as decode::Decode>::decode(event).map(Self::{variant}),"
                        ));
                    }
                });
                out.line("Self::Other,");
            });
        });
    });
    by_decode(out, name);
}

/// Decodes an enum with a tag and a content whose type depends on it.
pub fn variants(
    out: &mut Writer,
    name: &str,
    (tag, content): (&str, &str),
    variants: &IndexMap<String, DescribedType>,
) {
    out.block(format!("impl {name}"), |out| {
        out.line("#[inline]");
        out.block(
            "fn of_kind(kind: Option<String>, content: Option<serde_json::Value>) -> Self",
            |out| {
                out.line(format!("let other = {TYPES}::OtherKind::new("));
                out.line("    kind.unwrap_or_default(),");
                out.line("    content.unwrap_or_default(),");
                out.line(");");
                out.block("match other.kind()", |out| {
                    for kind in variants.keys() {
                        let variant = variant_name(kind);
                        out.line(format!(
                            "{kind:?} => other.known(Self::{variant}, Self::Other),"
                        ));
                    }
                    out.line("_ => Self::Other(other),");
                });
            },
        );
    });
    out.blank();
    implementation(out, name, |out| {
        out.line("let fields = event.map()?;");
        out.line("let mut kind: Option<String> = None;");
        out.line("let mut content: Option<serde_json::Value> = None;");
        let arms = ["kind", "content"].map(|slot| format!("fields.next_optional(&mut {slot})"));
        read_loop(out, &[tag, content], &arms, None);
        out.line("Ok(Self::of_kind(kind, content))");
    });
}

/// Writes an implementation of `Decode`, and one of `Deserialize` by it.
pub fn implementation(out: &mut Writer, name: &str, body: impl FnOnce(&mut Writer)) {
    out.block(format!("impl decode::Decode for {name}"), |out| {
        decode_head(out, body);
    });
    by_decode(out, name);
}

fn decode_head(out: &mut Writer, body: impl FnOnce(&mut Writer)) {
    out.line("#[inline]");
    out.block(
        "fn decode(event: decode::JsonEvent<'_>) -> Result<Self, decode::JsonError>",
        body,
    );
}

fn by_decode(out: &mut Writer, name: &str) {
    out.blank();
    out.line(format!("decode::deserialize_by_decode!({name});"));
    out.blank();
}
