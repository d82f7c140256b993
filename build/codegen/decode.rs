//! How the types are read: implementations of `Decode`, see `src/types/decode/`.

use super::types::{VALUES, rust};
use crate::spec::entries::Entries;
use crate::spec::names::variant_name;
use crate::spec::overlay::Typed;
use crate::spec::type_expr::TypeExpr;
use std::fmt::Write;

/// A member of an object.
pub struct Part<'a> {
    pub wire: &'a str,
    pub field: &'a str,
    pub shape: &'a TypeExpr,
    /// Of a flattened member: the names of the two members that it is made of.
    pub flat: Option<(&'a str, &'a str)>,
}

/// Reads a struct, member by member.
pub fn object(out: &mut String, name: &str, parts: &[Part<'_>], has_extra: bool) {
    if parts
        .iter()
        .all(|part| part.flat.is_none() && part.shape.is_optional())
    {
        return in_place(out, name, parts, has_extra);
    }
    let (mut slots, mut names, mut arms, mut fields) =
        (String::new(), String::new(), String::new(), String::new());
    let mut number = 0;
    // A member: its slot, the arm that fills it, and the name of the slot.
    let mut member = |wire: &str, slot_type: &str, read: &str| {
        number += 1;
        let _ = writeln!(
            slots,
            "        let mut m{number}: {slot_type} = Default::default();"
        );
        let _ = write!(names, "{wire:?} => {number}, ");
        let _ = writeln!(
            arms,
            "                {number} => members.{read}(&mut m{number}),"
        );
        format!("m{number}")
    };
    for Part {
        wire,
        field,
        shape,
        flat,
    } in parts
    {
        let value = match (flat, shape) {
            (Some((tag, content)), shape) => {
                let kind = member(tag, "Option<String>", "next_optional");
                let content = member(content, "Option<serde_json::Value>", "next_optional");
                format!("{}::of_kind({kind}, {content})", rust(shape))
            }
            (None, TypeExpr::Optional(inner)) if matches!(**inner, TypeExpr::Nullable(_)) => {
                member(wire, &rust(shape), "next_value")
            }
            (None, TypeExpr::Optional(_) | TypeExpr::Nullable(_)) => {
                member(wire, &rust(shape), "next_optional")
            }
            (None, shape) => {
                let slot = member(wire, &format!("Option<{}>", rust(shape)), "next_value");
                format!("decode::required({slot}, {wire:?})?")
            }
        };
        let _ = writeln!(fields, "            {field}: {value},");
    }
    let mut unknown = "members.skip_value()";
    if has_extra {
        slots.push_str("        let mut extra = std::collections::BTreeMap::new();\n");
        fields.push_str("            extra,\n");
        unknown = "decode::insert_entry(members, &mut extra)";
    }
    implementation(
        out,
        name,
        None,
        &format!(
            "        let members = event.map()?;\n{slots}        \
             while let Some(member) = members.next_key(|name| match name {{ {names}_ => 0 }}) {{\n            match member {{\n{arms}                \
             _ => {unknown},\n            }}\n        }}\n        Ok(Self {{\n{fields}        }})\n"
        ),
    );
}

/// Reads a struct that can start empty, in its place: of those, some have more than a hundred
/// members.
fn in_place(out: &mut String, name: &str, parts: &[Part<'_>], has_extra: bool) {
    let (mut names, mut arms) = (String::new(), String::new());
    for (
        number,
        Part {
            wire, field, shape, ..
        },
    ) in (1..).zip(parts)
    {
        let is_clearable =
            matches!(shape, TypeExpr::Optional(inner) if matches!(**inner, TypeExpr::Nullable(_)));
        let read = if is_clearable {
            "next_value"
        } else {
            "next_optional"
        };
        let _ = write!(names, "{wire:?} => {number}, ");
        let _ = writeln!(
            arms,
            "                {number} => members.{read}(&mut it.{field}),"
        );
    }
    let unknown = if has_extra {
        "decode::insert_entry(members, &mut it.extra)"
    } else {
        "members.skip_value()"
    };
    let _ = writeln!(
        out,
        "impl decode::Decode for {name} {{\n    #[inline]\n    \
         fn decode_into(place: &mut Option<Self>, event: decode::JsonEvent<'_>) -> Result<(), decode::JsonError> {{\n        \
         let members = event.map()?;\n        let it = place.insert(Default::default());\n        \
         while let Some(member) = members.next_key(|name| match name {{ {names}_ => 0 }}) {{\n            match member {{\n{arms}                \
         _ => {unknown},\n            }}\n        }}\n        Ok(())\n    }}\n}}\n\ndecode::deserialize_by_decode!({name});\n"
    );
}

/// Reads what has one of several types.
pub fn one_of(out: &mut String, name: &str, parts: &Entries<Typed>) {
    let tries: Vec<String> = parts
        .iter()
        .map(|(part, typed)| {
            format!(
                "|event| <{} as decode::Decode>::decode(event).map(Self::{})",
                rust(&typed.shape),
                variant_name(part)
            )
        })
        .collect();
    implementation(
        out,
        name,
        Some("one of several types"),
        &format!(
            "        decode::one_of(event, &[{}], Self::Other)\n",
            tries.join(", ")
        ),
    );
}

/// Reads what has a kind and a content of that kind.
pub fn variants(
    out: &mut String,
    name: &str,
    (tag, content): (&str, &str),
    variants: &Entries<Typed>,
) {
    let kinds: Vec<String> = variants
        .names()
        .map(|kind| {
            format!(
                "            {kind:?} => other.known(Self::{}, Self::Other),\n",
                variant_name(kind)
            )
        })
        .collect();
    let _ = writeln!(
        out,
        "impl {name} {{\n    #[inline]\n    fn of_kind(kind: Option<String>, content: Option<serde_json::Value>) -> Self {{\n        \
         let other = {VALUES}::OtherKind::new(kind.unwrap_or_default(), content.unwrap_or_default());\n        \
         match other.kind() {{\n{}            _ => Self::Other(other),\n        }}\n    }}\n}}\n",
        kinds.concat()
    );
    implementation(
        out,
        name,
        None,
        &format!(
            "        let members = event.map()?;\n        let (mut kind, mut value) = (None::<String>, None::<serde_json::Value>);\n        \
             while let Some(member) = members.next_key(|name| match name {{ {tag:?} => 1, {content:?} => 2, _ => 0 }}) {{\n            \
             match member {{\n                1 => members.next_optional(&mut kind),\n                2 => members.next_optional(&mut value),\n                \
             _ => members.skip_value(),\n            }}\n        }}\n        Ok(Self::of_kind(kind, value))\n"
        ),
    );
}

fn implementation(out: &mut String, name: &str, expected: Option<&str>, body: &str) {
    let expected = expected
        .map(|expected| format!("    const EXPECTED: &'static str = {expected:?};\n\n"))
        .unwrap_or_default();
    let _ = writeln!(
        out,
        "impl decode::Decode for {name} {{\n{expected}    #[inline]\n    \
         fn decode(event: decode::JsonEvent<'_>) -> Result<Self, decode::JsonError> {{\n{body}    }}\n}}\n\ndecode::deserialize_by_decode!({name});\n"
    );
}
