//! Structs of which a few members are there at a time: `sparse = true` in the overlay, `Sparse` in
//! `src/types/sparse.rs`. What would be fields are methods.

use super::types::{doc, rust};
use crate::spec::entries::Entries;
use crate::spec::names::field_name;
use crate::spec::overlay::{Schema, Typed};
use crate::spec::type_expr::TypeExpr;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Types of `values.toml` that are copied.
const COPIED: [&str; 3] = ["ByteSize", "SyncDate", "Timestamp"];

pub fn object(out: &mut String, name: &str, schema: &Schema, fields: &Entries<Typed>) {
    // Members are numbered from 1. What they hold is a variant a type.
    let mut types: Vec<String> = Vec::new();
    for held in fields
        .values()
        .filter(|typed| !is_text(typed))
        .map(|typed| held(&typed.shape))
    {
        if !types.contains(&held) {
            types.push(held);
        }
    }
    let number_of = |typed: &Typed| {
        types
            .iter()
            .position(|known| *known == held(&typed.shape))
            .unwrap_or_default()
    };
    let variant = |typed: &Typed| format!("{name}Member::T{}", number_of(typed));

    doc(out, "", &schema.about);
    let _ = writeln!(
        out,
        "#[derive(Clone, Default, PartialEq)]\n#[non_exhaustive]\npub struct {name} {{\n    members: sparse::Sparse<{name}Member>,"
    );
    doc(
        out,
        "    ",
        schema
            .extra
            .as_deref()
            .unwrap_or("Members that are not named here."),
    );
    let _ = writeln!(
        out,
        "    pub extra: std::collections::BTreeMap<String, serde_json::Value>,\n}}\n"
    );

    let _ = writeln!(out, "#[derive(Clone, PartialEq)]\nenum {name}Member {{");
    for (number, held) in types.iter().enumerate() {
        let _ = writeln!(out, "    T{number}({held}),");
    }
    let names: Vec<&String> = fields.names().collect();
    let _ = writeln!(
        out,
        "}}\n\nimpl {name} {{\n    const NAMES: [&'static str; {}] = {names:?};\n",
        fields.len()
    );
    for (number, (wire, typed)) in (1..).zip(fields.iter()) {
        let (event, value) = event(typed.shape.required());
        let body = match is_text(typed) {
            true => format!("self.members.string({number})"),
            false => format!(
                "match self.members.other({number}) {{ Some({}(value)) => Some({value}), _ => None }}",
                variant(typed)
            ),
        };
        doc(out, "    ", &typed.text);
        let _ = writeln!(
            out,
            "    #[must_use]\n    #[inline]\n    pub fn {}(&self) -> Option<{event}> {{\n        {body}\n    }}\n",
            field_name(wire),
        );
    }
    out.push_str("}\n\n");
    let arms = |write: &str| -> String {
        let others = (0..types.len()).map(|t| {
            format!("                sparse::SparseValue::Other({name}Member::T{t}(value)) => {write},\n")
        });
        [format!(
            "                sparse::SparseValue::String(value) => {write},\n"
        )]
        .into_iter()
        .chain(others)
        .collect()
    };
    let each = |write: &str| {
        format!(
            "        for (number, value) in self.members.iter() {{\n            let name = Self::NAMES[number - 1];\n            match value {{\n{}            \
             }};\n        }}\n",
            arms(write)
        )
    };
    let _ = writeln!(
        out,
        "impl std::fmt::Debug for {name} {{\n    #[inline]\n    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {{\n        \
         let mut out = f.debug_struct({name:?});\n{}        out.field(\"extra\", &self.extra).finish()\n    }}\n}}\n\n\
         impl encode::Encode for {name} {{\n    #[inline]\n    fn encode<S: serde::ser::SerializeMap>(&self, to: &mut encode::ObjectEncoder<S>) {{\n{}        \
         to.entries(&self.extra);\n    }}\n}}\n\nencode::serialize_by_encode!({name});\n",
        each("out.field(name, &value)"),
        each("to.field(name, value)"),
    );
    decode(out, name, fields, &variant);
}

fn is_text(typed: &Typed) -> bool {
    matches!(typed.shape.required(), TypeExpr::Text)
}

/// How a member is kept that is no text: no larger than a text, since there is room for the largest
/// in each place.
fn held(shape: &TypeExpr) -> String {
    match shape.required() {
        TypeExpr::Named(name) if !COPIED.contains(&name.as_str()) => {
            format!("Box<{}>", rust(shape.required()))
        }
        shape => rust(shape),
    }
}

/// What a method gives of a shape, and how it makes it of a reference.
fn event(shape: &TypeExpr) -> (String, &'static str) {
    match shape {
        TypeExpr::Text => ("&str".to_owned(), "value"),
        TypeExpr::Integer | TypeExpr::Number | TypeExpr::Boolean => (rust(shape), "*value"),
        TypeExpr::Named(name) if COPIED.contains(&name.as_str()) => (rust(shape), "*value"),
        TypeExpr::List(inner) => (format!("&[{}]", rust(inner)), "value"),
        shape => (format!("&{}", rust(shape)), "value"),
    }
}

fn decode(
    out: &mut String,
    name: &str,
    fields: &Entries<Typed>,
    variant: &dyn Fn(&Typed) -> String,
) {
    let (mut by_length, mut by_reader) = (
        BTreeMap::<usize, String>::new(),
        BTreeMap::<String, Vec<String>>::new(),
    );
    for (number, (wire, typed)) in (1..).zip(fields.iter()) {
        let _ = write!(
            by_length.entry(wire.len()).or_default(),
            "{wire:?} => {number}, "
        );
        let read = match is_text(typed) {
            true => "it.members.read_string(member, members)".to_owned(),
            false => format!(
                "it.members.set_other(member, decode::next_variant(members, {}))",
                variant(typed)
            ),
        };
        by_reader.entry(read).or_default().push(number.to_string());
    }
    // By length first: of more than a hundred names, a handful are then compared.
    let names: String = by_length
        .iter()
        .map(|(length, arms)| format!("            {length} => match name {{ {arms}_ => 0 }},\n"))
        .collect();
    let arms: String = by_reader
        .iter()
        .map(|(read, numbers)| format!("                {} => {read},\n", numbers.join(" | ")))
        .collect();
    let _ = writeln!(
        out,
        "impl decode::Decode for {name} {{\n    \
         #[inline]\n    fn decode(event: decode::JsonEvent<'_>) -> Result<Self, decode::JsonError> {{\n        let members = event.map()?;\n        \
         let mut it = Self::default();\n        while let Some(member) = members.next_key(|name| match name.len() {{\n{names}            _ => 0,\n        }}) {{\n            \
         match member {{\n{arms}                _ => decode::insert_entry(members, &mut it.extra),\n            }}\n        }}\n        Ok(it)\n    }}\n}}\n\n\
         decode::deserialize_by_decode!({name});\n"
    );
}
