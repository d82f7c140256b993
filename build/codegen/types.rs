//! The Rust types of the schemas.
//!
//! progenitor could generate them, but as closed enums, with lists that fail on null, without a
//! distinction of null and missing, and without constructors for types that may gain fields.

use super::writer::Writer;
use super::{decode, encode, sparse};
use crate::build::spec::api::{Api, reachable};
use crate::build::spec::names::{field_name, variant_name};
use crate::build::spec::schema::{DescribedType, Schema, SchemaForm};
use crate::build::spec::type_expr::TypeExpr;
use indexmap::IndexMap;

/// The module of the types that are written by hand, as the generated code names it.
pub const TYPES: &str = "crate::types";

pub fn source(api: &Api) -> String {
    let mut writer = Writer::default();
    let out = &mut writer;
    for (name, schema) in &api.schemas {
        let eq = match is_exact(api, name) {
            true => "PartialEq, Eq, Hash",
            false => "PartialEq",
        };
        match schema.form() {
            Ok(SchemaForm::Object(fields)) if schema.sparse => {
                sparse::object(out, name, schema, fields);
            }
            Ok(SchemaForm::Object(fields)) => object(out, api, name, schema, fields, eq),
            Ok(SchemaForm::Enum(values)) => open_enum(out, name, schema, values),
            Ok(SchemaForm::OneOf(parts)) => one_of(out, name, schema, parts, eq),
            Ok(SchemaForm::Variants {
                tag,
                content,
                variants,
            }) => self::variants(out, name, schema, (tag, content), variants, eq),
            // Reported when the sources were joined.
            Err(_) => {}
        }
    }
    writer.finish()
}

/// Returns true if the type of a schema can implement `Eq` and `Hash`: there is no floating-point
/// number and no sparse object in it.
fn is_exact(api: &Api, name: &str) -> bool {
    let own = TypeExpr::Named(name.to_owned());
    reachable(std::iter::once(&own), |name| api.schemas.get(name))
        .iter()
        .filter_map(|name| api.schemas.get(name))
        .all(|schema| {
            let mut types = schema.types();
            !schema.sparse && types.all(|(_, part)| *part.ty.innermost() != TypeExpr::Number)
        })
}

/// Returns the declaration of the map of all other fields.
pub fn extra_field(schema: &Schema) -> String {
    let value = match schema.secret_extra {
        true => format!("{TYPES}::SecretValue"),
        false => "serde_json::Value".to_owned(),
    };
    format!("pub extra: std::collections::BTreeMap<String, {value}>,")
}

/// Returns the Rust type of a type expression.
pub fn rust(ty: &TypeExpr) -> String {
    match ty {
        TypeExpr::String => "String".to_owned(),
        TypeExpr::Integer => "i64".to_owned(),
        TypeExpr::Number => "f64".to_owned(),
        TypeExpr::Boolean => "bool".to_owned(),
        TypeExpr::Any => "serde_json::Value".to_owned(),
        TypeExpr::Named(name) => format!("{TYPES}::{name}"),
        TypeExpr::List(inner) => format!("Vec<{}>", rust(inner)),
        TypeExpr::Map(inner) => format!("std::collections::BTreeMap<String, {}>", rust(inner)),
        TypeExpr::Optional(inner) => match &**inner {
            TypeExpr::Nullable(inner) => format!("{TYPES}::Clearable<{}>", rust(inner)),
            inner => format!("Option<{}>", rust(inner)),
        },
        TypeExpr::Nullable(inner) => format!("Option<{}>", rust(inner)),
    }
}

/// A field of a struct.
pub struct StructField<'a> {
    /// Its name in JSON.
    pub wire: &'a str,
    /// Its name in Rust.
    pub name: String,
    pub ty: &'a TypeExpr,
    pub description: &'a str,
    /// The names in JSON of the two fields that a flattened one consists of.
    pub flattened: Option<(&'a str, &'a str)>,
}

impl<'a> StructField<'a> {
    fn new(wire: &'a str, described: &'a DescribedType) -> Self {
        Self {
            wire,
            name: field_name(wire),
            ty: &described.ty,
            description: &described.description,
            flattened: None,
        }
    }

    fn flattened(api: &'a Api, wire: &'a str, described: &'a DescribedType) -> Self {
        let schema = described.ty.name().and_then(|name| api.schemas.get(name));
        let flattened = match schema.map(Schema::form) {
            Some(Ok(SchemaForm::Variants { tag, content, .. })) => Some((tag, content)),
            _ => None,
        };
        Self {
            flattened,
            ..Self::new(wire, described)
        }
    }
}

fn object(
    out: &mut Writer,
    api: &Api,
    name: &str,
    schema: &Schema,
    fields: &IndexMap<String, DescribedType>,
    eq: &str,
) {
    let own = fields.iter().map(|(wire, ty)| StructField::new(wire, ty));
    let flattened = schema.flatten.iter();
    let flattened = flattened.map(|(wire, ty)| StructField::flattened(api, wire, ty));
    let fields: Vec<StructField> = own.chain(flattened).collect();
    let can_default = fields.iter().all(|field| field.ty.is_optional());
    let default = if can_default { "Default, " } else { "" };
    out.doc(&schema.description);
    out.line(format!("#[derive(Clone, Debug, {default}{eq})]"));
    out.line("#[non_exhaustive]");
    out.block(format!("pub struct {name}"), |out| {
        for field in &fields {
            out.doc(field.description);
            out.line(format!("pub {}: {},", field.name, rust(field.ty)));
        }
        if let Some(extra) = &schema.extra {
            out.doc(extra);
            out.line(extra_field(schema));
        }
    });
    out.blank();
    decode::object(out, name, &fields, schema.extra.is_some());
    encode::object(out, name, &fields, schema.extra.is_some());
    if api.sent.contains(name) {
        out.block(format!("impl {name}"), |out| {
            constructor(out, api, &fields, schema.extra.is_some());
            for field in fields.iter().filter(|field| field.ty.is_optional()) {
                setter(out, field);
            }
            if schema.extra.is_some() {
                extra_setter(out, schema);
            }
        });
        out.blank();
    }
}

/// Returns the type of an argument for a value, and the expression that converts the argument.
fn argument(ty: &TypeExpr, name: &str) -> (String, String) {
    match ty {
        TypeExpr::Integer | TypeExpr::Number | TypeExpr::Boolean | TypeExpr::Any => {
            (rust(ty), name.to_owned())
        }
        TypeExpr::List(inner) => (
            format!("impl IntoIterator<Item = impl Into<{}>>", rust(inner)),
            format!("{name}.into_iter().map(Into::into).collect()"),
        ),
        TypeExpr::Map(inner) => (
            format!(
                "impl IntoIterator<Item = (impl Into<String>, impl Into<{}>)>",
                rust(inner)
            ),
            format!("{name}.into_iter().map(|(k, v)| (k.into(), v.into())).collect()"),
        ),
        _ => (format!("impl Into<{}>", rust(ty)), format!("{name}.into()")),
    }
}

/// Returns the argument of a constructor for a field, and the expression that converts it.
///
/// If several arguments accepted strings, they could be swapped: for example, a token would become
/// a name, which is not redacted. Enums and secrets then have their own types.
fn constructor_argument(
    api: &Api,
    required: &[&StructField<'_>],
    field: &StructField<'_>,
) -> (String, String) {
    let strings = required.iter().filter(|it| accepts_string(api, it.ty));
    match strings.count() > 1 && accepts_string(api, field.ty) && has_own_type(api, field.ty) {
        true => (rust(field.ty), field.name.clone()),
        false => argument(field.ty, &field.name),
    }
}

/// Returns true if a string can be converted to the type.
fn accepts_string(api: &Api, ty: &TypeExpr) -> bool {
    let parts = ty.name().and_then(|name| api.schemas.get(name));
    match (ty, parts.map(Schema::form)) {
        (TypeExpr::String, _) => true,
        (TypeExpr::Named(_), Some(Ok(SchemaForm::OneOf(parts)))) => {
            parts.values().any(|part| part.ty == TypeExpr::String)
        }
        (TypeExpr::Named(_), _) => has_own_type(api, ty),
        _ => false,
    }
}

/// Returns true for enums of strings and for secrets.
fn has_own_type(api: &Api, ty: &TypeExpr) -> bool {
    let TypeExpr::Named(name) = ty else {
        return false;
    };
    let form = api.schemas.get(name).map(Schema::form);
    name == "Secret" || matches!(form, Some(Ok(SchemaForm::Enum(_))))
}

/// Writes a constructor with the required fields as arguments.
fn constructor(out: &mut Writer, api: &Api, fields: &[StructField<'_>], has_extra: bool) {
    let required: Vec<_> = fields.iter().filter(|f| !f.ty.is_optional()).collect();
    out.doc(match required.is_empty() {
        true => "Creates a value without any field.",
        false => {
            "Creates a value with the required fields; others are not sent unless they are set."
        }
    });
    let arguments: Vec<String> = required
        .iter()
        .map(|field| {
            let (ty, _) = constructor_argument(api, &required, field);
            format!("{}: {ty}", field.name)
        })
        .collect();
    out.lines(["#[must_use]", "#[inline]"]);
    out.list("pub fn new(", &arguments, ") -> Self {");
    out.group("    Self {", "    }", |out| {
        for field in fields {
            let name = &field.name;
            let value = match field.ty.is_optional() {
                true => "Default::default()".to_owned(),
                false => constructor_argument(api, &required, field).1,
            };
            out.line(match value == *name {
                true => format!("    {name},"),
                false => format!("    {name}: {value},"),
            });
        }
        if has_extra {
            out.line("    extra: Default::default(),");
        }
    });
    out.line("}");
}

/// Writes a method that sets an optional field, and one that clears it if it can be cleared.
fn setter(out: &mut Writer, field: &StructField<'_>) {
    let StructField {
        name,
        ty,
        description,
        ..
    } = field;
    let (argument, value) = argument(ty.required(), "value");
    let variant = match ty.is_clearable() {
        true => format!("{TYPES}::Clearable::Set"),
        false => "Some".to_owned(),
    };
    out.blank();
    out.doc(&format!("Sets `{name}`.\n\n{description}"));
    out.function(
        &format!("pub fn {name}"),
        &["mut self".to_owned(), format!("value: {argument}")],
        "Self",
        &[&format!("self.{name} = {variant}({value});"), "self"],
    );
    if ty.is_clearable() {
        out.blank();
        out.doc(&format!(
            "Clears [`{name}`](Self::{name}) on the server, by sending null."
        ));
        out.function(
            &format!("pub fn clear_{name}"),
            &["mut self".to_owned()],
            "Self",
            &[&format!("self.{name} = {TYPES}::Clearable::Clear;"), "self"],
        );
    }
}

fn extra_setter(out: &mut Writer, schema: &Schema) {
    let insert = match schema.secret_extra {
        true => "self.extra.insert(name.into(), value.into().into());",
        false => "self.extra.insert(name.into(), value.into());",
    };
    out.blank();
    out.doc("Sets a field that the type does not name.");
    out.function(
        "pub fn extra",
        &[
            "mut self".to_owned(),
            "name: impl Into<String>".to_owned(),
            "value: impl Into<serde_json::Value>".to_owned(),
        ],
        "Self",
        &[insert, "self"],
    );
}

fn open_enum(out: &mut Writer, name: &str, schema: &Schema, values: &IndexMap<String, String>) {
    out.block(format!("{TYPES}::open_enum!"), |out| {
        out.doc(&schema.description);
        out.block(name, |out| {
            for (value, description) in values {
                out.doc(description);
                out.line(format!("{} = {value:?},", schema.variant(value)));
            }
        });
    });
    out.blank();
}

/// Writes an enum with a variant for each type, and `Other`.
fn enumeration(
    out: &mut Writer,
    name: &str,
    schema: &Schema,
    variants: &IndexMap<String, DescribedType>,
    (other, other_type): (&str, &str),
    eq: &str,
) -> Vec<String> {
    let names: Vec<String> = variants.keys().map(|v| variant_name(v)).collect();
    out.doc(&schema.description);
    out.line(format!("#[derive(Clone, Debug, {eq})]"));
    out.line("#[non_exhaustive]");
    out.block(format!("pub enum {name}"), |out| {
        for (variant, described) in names.iter().zip(variants.values()) {
            out.doc(&described.description);
            out.line(format!("{variant}({}),", rust(&described.ty)));
        }
        out.doc(other);
        out.line(format!("Other({other_type}),"));
    });
    out.blank();
    names
}

fn one_of(
    out: &mut Writer,
    name: &str,
    schema: &Schema,
    parts: &IndexMap<String, DescribedType>,
    eq: &str,
) {
    let other = ("Another type, kept unchanged.", "serde_json::Value");
    let names = enumeration(out, name, schema, parts, other, eq);
    decode::one_of(out, name, parts);
    encode::one_of(out, name, &names);
    conversions(out, name, &names, parts);
}

/// Writes an implementation of `From` for each type that a variant holds, and for types that are
/// written in its place: `&str`, and integers that are literals.
fn conversions(
    out: &mut Writer,
    name: &str,
    variants: &[String],
    types: &IndexMap<String, DescribedType>,
) {
    let mut converted = Vec::new();
    for (variant, part) in variants.iter().zip(types.values()) {
        let own = rust(&part.ty);
        let sources = match &part.ty {
            TypeExpr::String => vec![(own.as_str(), "value"), ("&str", "value.to_owned()")],
            TypeExpr::Integer => vec![
                (own.as_str(), "value"),
                ("i32", "value.into()"),
                ("u32", "value.into()"),
            ],
            _ => vec![(own.as_str(), "value")],
        };
        for (source, value) in sources {
            if converted.iter().any(|known| known == source) {
                continue;
            }
            out.block(format!("impl From<{source}> for {name}"), |out| {
                out.line("#[inline]");
                out.block(format!("fn from(value: {source}) -> Self"), |out| {
                    out.line(format!("Self::{variant}({value})"));
                });
            });
            out.blank();
            converted.push(source.to_owned());
        }
    }
}

fn variants(
    out: &mut Writer,
    name: &str,
    schema: &Schema,
    (tag, content): (&str, &str),
    variants: &IndexMap<String, DescribedType>,
    eq: &str,
) {
    let other = (
        "A kind that this version does not know, or a known one with other content; kept \
         unchanged.",
        &*format!("{TYPES}::OtherKind"),
    );
    let names = enumeration(out, name, schema, variants, other, eq);
    out.block(format!("impl {name}"), |out| {
        out.doc(&format!(
            "Returns the kind, as the server names it (`{tag}`)."
        ));
        out.lines(["#[must_use]", "#[inline]"]);
        out.block("pub fn kind(&self) -> &str", |out| {
            out.block("match self", |out| {
                for (variant, kind) in names.iter().zip(variants.keys()) {
                    out.line(format!("Self::{variant}(_) => {kind:?},"));
                }
                out.line("Self::Other(other) => other.kind(),");
            });
        });
    });
    out.blank();
    decode::variants(out, name, (tag, content), variants);
    encode::variants(out, name, (tag, content), &names);
    conversions(out, name, &names, variants);
}
