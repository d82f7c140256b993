//! The Rust types of the schemas.
//!
//! progenitor would write these as well, but as closed enums, with lists that refuse null, without
//! a way to tell null from missing, and without constructors for what may grow (see
//! CONTRIBUTING.md). They are plain structs; this file decides how each sort of schema looks.

use super::decode::{self, Part};
use super::{encode, sparse};
use crate::spec::api::Api;
use crate::spec::entries::Entries;
use crate::spec::names::{field_name, variant_name};
use crate::spec::overlay::{Kind, Schema, Typed};
use crate::spec::type_expr::TypeExpr;
use std::fmt::Write;

/// How the generated code calls what is written by hand in `src/types/`.
pub const VALUES: &str = "crate::types";

pub fn source(api: &Api) -> String {
    let mut out = String::new();
    for (name, schema) in api.schemas.iter() {
        match schema.kind() {
            Ok(Kind::Object(fields)) if schema.sparse => {
                sparse::object(&mut out, name, schema, fields)
            }
            Ok(Kind::Object(fields)) => object(&mut out, api, name, schema, fields),
            Ok(Kind::Enum(values)) => open_enum(&mut out, name, schema, values),
            Ok(Kind::OneOf(parts)) => one_of(&mut out, name, &schema.about, parts),
            Ok(Kind::Variants {
                tag,
                content,
                variants,
            }) => {
                self::variants(&mut out, name, &schema.about, (tag, content), variants);
            }
            // Refused when the sources were joined.
            Err(_) => {}
        }
    }
    out
}

/// The Rust type of a shape.
pub fn rust(shape: &TypeExpr) -> String {
    match shape {
        TypeExpr::Text => "String".to_owned(),
        TypeExpr::Integer => "i64".to_owned(),
        TypeExpr::Number => "f64".to_owned(),
        TypeExpr::Boolean => "bool".to_owned(),
        TypeExpr::Any => "serde_json::Value".to_owned(),
        TypeExpr::Named(name) => format!("{VALUES}::{name}"),
        TypeExpr::List(inner) => format!("Vec<{}>", rust(inner)),
        TypeExpr::Map(inner) => format!("std::collections::BTreeMap<String, {}>", rust(inner)),
        TypeExpr::Optional(inner) => match &**inner {
            TypeExpr::Nullable(inner) => format!("{VALUES}::Clearable<{}>", rust(inner)),
            inner => format!("Option<{}>", rust(inner)),
        },
        TypeExpr::Nullable(inner) => format!("Option<{}>", rust(inner)),
    }
}

pub fn doc(out: &mut String, indent: &str, text: &str) {
    let _ = writeln!(out, "{indent}#[doc = {text:?}]");
}

fn object(out: &mut String, api: &Api, name: &str, schema: &Schema, fields: &Entries<Typed>) {
    let members: Vec<Member> = fields
        .iter()
        .map(|(wire, typed)| Member::of(wire, typed, false))
        .chain(
            schema
                .flatten
                .iter()
                .map(|(wire, typed)| Member::of(wire, typed, true)),
        )
        .collect();
    let sent = api.sent.contains(name);
    let can_default = members.iter().all(|m| m.shape.is_optional());
    doc(out, "", &schema.about);
    let default = if can_default { "Default, " } else { "" };
    let _ = writeln!(out, "#[derive(Clone, Debug, {default}PartialEq)]");
    let _ = writeln!(out, "#[non_exhaustive]\npub struct {name} {{");
    for member in &members {
        doc(out, "    ", member.text);
        let _ = writeln!(out, "    pub {}: {},", member.field, member.rust());
    }
    if let Some(extra) = &schema.extra {
        doc(out, "    ", extra);
        let _ = writeln!(
            out,
            "    pub extra: std::collections::BTreeMap<String, serde_json::Value>,"
        );
    }
    let _ = writeln!(out, "}}\n");
    let parts: Vec<Part> = members.iter().map(|m| m.part(api)).collect();
    decode::object(out, name, &parts, schema.extra.is_some());
    encode::object(out, name, &parts, schema.extra.is_some());
    if sent {
        setters(out, name, schema, &members);
    }
}

/// A field of a struct.
struct Member<'a> {
    wire: &'a str,
    field: String,
    shape: &'a TypeExpr,
    text: &'a str,
    flat: bool,
}

impl<'a> Member<'a> {
    fn of(wire: &'a str, typed: &'a Typed, flat: bool) -> Self {
        Self {
            wire,
            field: field_name(wire),
            shape: &typed.shape,
            text: &typed.text,
            flat,
        }
    }

    fn part<'b>(&'b self, api: &'b Api) -> Part<'b> {
        let flat = self.shape.name().filter(|_| self.flat).and_then(|name| {
            match api.schemas.get(name)?.kind() {
                Ok(Kind::Variants { tag, content, .. }) => Some((tag, content)),
                _ => None,
            }
        });
        Part {
            wire: self.wire,
            field: &self.field,
            shape: self.shape,
            flat,
        }
    }

    fn rust(&self) -> String {
        rust(self.shape)
    }

    fn is_clearable(&self) -> bool {
        matches!(self.shape, TypeExpr::Optional(inner) if matches!(**inner, TypeExpr::Nullable(_)))
    }
}

/// How a setter takes a value of a shape: parameter type, and the expression that converts it.
fn taken(shape: &TypeExpr) -> (String, String) {
    match shape {
        TypeExpr::Integer | TypeExpr::Number | TypeExpr::Boolean | TypeExpr::Any => {
            (rust(shape), "value".to_owned())
        }
        TypeExpr::List(inner) => (
            format!("impl IntoIterator<Item = impl Into<{}>>", rust(inner)),
            "value.into_iter().map(Into::into).collect()".to_owned(),
        ),
        TypeExpr::Map(inner) => (
            format!(
                "impl IntoIterator<Item = (impl Into<String>, impl Into<{}>)>",
                rust(inner)
            ),
            "value.into_iter().map(|(k, v)| (k.into(), v.into())).collect()".to_owned(),
        ),
        _ => (
            format!("impl Into<{}>", rust(shape)),
            "value.into()".to_owned(),
        ),
    }
}

/// A constructor that takes what is required, and a method for each of the rest.
fn setters(out: &mut String, name: &str, schema: &Schema, members: &[Member<'_>]) {
    let (optional, required): (Vec<&Member>, Vec<&Member>) =
        members.iter().partition(|m| m.shape.is_optional());
    let _ = writeln!(out, "impl {name} {{");
    let what = if required.is_empty() {
        "Starts with nothing set.".to_owned()
    } else {
        let names: Vec<String> = required.iter().map(|m| format!("`{}`", m.field)).collect();
        format!(
            "Starts with what is required ({}); the rest is not sent unless it is set.",
            names.join(", ")
        )
    };
    doc(out, "    ", &what);
    let arguments: Vec<String> = required
        .iter()
        .map(|m| format!("{}: {}", m.field, taken(m.shape).0))
        .collect();
    let _ = writeln!(
        out,
        "    #[must_use]\n    #[inline]\n    pub fn new({}) -> Self {{\n        Self {{",
        arguments.join(", ")
    );
    for member in members {
        let value = if member.shape.is_optional() {
            "Default::default()".to_owned()
        } else {
            taken(member.shape).1.replacen("value", &member.field, 1)
        };
        let _ = match value == member.field {
            true => writeln!(out, "            {value},"),
            false => writeln!(out, "            {}: {value},", member.field),
        };
    }
    if schema.extra.is_some() {
        let _ = writeln!(out, "            extra: Default::default(),");
    }
    let _ = writeln!(out, "        }}\n    }}");
    for member in optional {
        let (argument, value) = taken(member.shape.required());
        let field = &member.field;
        doc(out, "    ", member.text);
        let set = if member.is_clearable() {
            format!("{VALUES}::Clearable::Set({value})")
        } else {
            format!("Some({value})")
        };
        let _ = writeln!(
            out,
            "    #[must_use]\n    #[inline]\n    pub fn {field}(mut self, value: {argument}) -> Self {{\n        self.{field} = {set};\n        self\n    }}"
        );
        if member.is_clearable() {
            doc(
                out,
                "    ",
                &format!(
                    "Sends null for [`{field}`](Self::{field}): what was set on the server is cleared."
                ),
            );
            let _ = writeln!(
                out,
                "    #[must_use]\n    #[inline]\n    pub fn clear_{field}(mut self) -> Self {{\n        self.{field} = {VALUES}::Clearable::Clear;\n        self\n    }}"
            );
        }
    }
    if schema.extra.is_some() {
        doc(out, "    ", "Sets a member that has no field of its own.");
        let _ = writeln!(
            out,
            "    #[must_use]\n    #[inline]\n    pub fn extra(mut self, name: impl Into<String>, value: impl Into<serde_json::Value>) -> Self {{\n        self.extra.insert(name.into(), value.into());\n        self\n    }}"
        );
    }
    let _ = writeln!(out, "}}\n");
}

fn open_enum(out: &mut String, name: &str, schema: &Schema, values: &Entries<String>) {
    let _ = writeln!(out, "{VALUES}::open_enum! {{");
    doc(out, "    ", &schema.about);
    let _ = writeln!(out, "    {name} {{");
    for (value, text) in values.iter() {
        doc(out, "        ", text);
        let _ = writeln!(out, "        {} = {value:?},", schema.variant(value));
    }
    let _ = writeln!(out, "    }}\n}}\n");
}

fn one_of(out: &mut String, name: &str, about: &str, parts: &Entries<Typed>) {
    doc(out, "", about);
    let _ = writeln!(
        out,
        "#[derive(Clone, Debug, PartialEq)]\n#[non_exhaustive]\npub enum {name} {{"
    );
    for (part, typed) in parts.iter() {
        doc(out, "    ", &typed.text);
        let _ = writeln!(out, "    {}({}),", variant_name(part), rust(&typed.shape));
    }
    doc(out, "    ", "Something else, kept as it came.");
    let _ = writeln!(out, "    Other(serde_json::Value),\n}}\n");
    decode::one_of(out, name, parts);
    encode::one_of(out, name, names(parts).iter().map(String::as_str));
    let mut converted = Vec::new();
    for (part, typed) in parts.iter() {
        let source = rust(&typed.shape);
        if !converted.contains(&source) {
            let _ = writeln!(
                out,
                "impl From<{source}> for {name} {{\n    #[inline]\n    fn from(value: {source}) -> Self {{\n        Self::{}(value)\n    }}\n}}\n",
                variant_name(part)
            );
            converted.push(source);
        }
    }
}

fn variants(
    out: &mut String,
    name: &str,
    about: &str,
    (tag, content): (&str, &str),
    variants: &Entries<Typed>,
) {
    doc(out, "", about);
    let _ = writeln!(
        out,
        "#[derive(Clone, Debug, PartialEq)]\n#[non_exhaustive]\npub enum {name} {{"
    );
    for (kind, typed) in variants.iter() {
        doc(out, "    ", &typed.text);
        let _ = writeln!(out, "    {}({}),", variant_name(kind), rust(&typed.shape));
    }
    doc(
        out,
        "    ",
        "A kind that is not known here, or known in another shape; kept whole.",
    );
    let _ = writeln!(out, "    Other({VALUES}::OtherKind),\n}}\n");

    let _ = writeln!(out, "impl {name} {{");
    doc(
        out,
        "    ",
        &format!("What the server calls its kind (`{tag}`)."),
    );
    let _ = writeln!(
        out,
        "    #[must_use]\n    #[inline]\n    pub fn kind(&self) -> &str {{\n        match self {{"
    );
    for kind in variants.names() {
        let _ = writeln!(
            out,
            "            Self::{}(_) => {kind:?},",
            variant_name(kind)
        );
    }
    let _ = writeln!(
        out,
        "            Self::Other(other) => other.kind(),\n        }}\n    }}\n}}\n"
    );

    decode::variants(out, name, (tag, content), variants);
    encode::variants(
        out,
        name,
        (tag, content),
        names(variants).iter().map(String::as_str),
    );
}

/// The names in Rust of the variants of an enum.
fn names(variants: &Entries<Typed>) -> Vec<String> {
    variants.names().map(|name| variant_name(name)).collect()
}
