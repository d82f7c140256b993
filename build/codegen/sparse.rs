//! Structs that store the fields that are present only: `sparse = true` in the overlay, `Sparse` in
//! `src/json/sparse.rs`. They have a method where other structs have a field.

use super::types::{extra_field, rust};
use super::writer::Writer;
use super::{decode, encode};
use crate::build::spec::names::field_name;
use crate::build::spec::schema::{DescribedType, Schema};
use crate::build::spec::type_expr::TypeExpr;
use indexmap::IndexMap;
use std::collections::BTreeMap;

/// Types of `values.toml` that are `Copy`.
const COPY_TYPES: [&str; 3] = ["ByteSize", "SyncDate", "Timestamp"];

/// Types of `values.toml` that are as large as a string.
const STRING_TYPES: [&str; 4] = ["Digest", "RobotName", "Scopes", "Secret"];

pub fn object(
    out: &mut Writer,
    name: &str,
    schema: &Schema,
    fields: &IndexMap<String, DescribedType>,
) {
    // Fields are numbered from 1. The enum of their values has a variant for each type.
    let mut types: Vec<String> = Vec::new();
    let mut variants = Vec::with_capacity(fields.len());
    for field in fields.values() {
        variants.push((!is_string(field)).then(|| {
            let stored = stored(&field.ty);
            let number = types.iter().position(|known| *known == stored);
            let number = number.unwrap_or_else(|| {
                types.push(stored);
                types.len() - 1
            });
            format!("{name}Field::T{number}")
        }));
    }

    out.doc(&schema.description);
    out.lines(["#[derive(Clone, Default, PartialEq)]", "#[non_exhaustive]"]);
    out.block(format!("pub struct {name}"), |out| {
        out.line(format!("fields: sparse::Sparse<{name}Field>,"));
        out.doc(schema.extra.as_deref().unwrap_or_default());
        out.line(extra_field(schema));
    });
    out.blank();
    out.line("#[derive(Clone, PartialEq)]");
    out.block(format!("enum {name}Field"), |out| {
        for (number, stored) in types.iter().enumerate() {
            out.line(format!("T{number}({stored}),"));
        }
    });
    out.blank();
    out.block(format!("impl {name}"), |out| {
        let names: Vec<String> = fields.keys().map(|wire| format!("{wire:?}")).collect();
        let open = format!("const NAMES: [&'static str; {}] = [", names.len());
        out.list(&open, &names, "];");
        for (number, ((wire, field), variant)) in (1..).zip(fields.iter().zip(&variants)) {
            out.blank();
            getter(out, number, wire, field, variant.as_deref());
        }
    });
    out.blank();
    debug(out, name, types.len());
    encode::implementation(out, name, |out| {
        each(out, name, types.len(), "to.field(name, value)");
        out.line("to.entries(&self.extra);");
    });
    decoder(out, name, fields, &variants);
}

fn is_string(field: &DescribedType) -> bool {
    matches!(field.ty.required(), TypeExpr::String)
}

/// Returns how a value that is not a string is stored. The largest one determines the size of all,
/// so none is larger than a string.
fn stored(ty: &TypeExpr) -> String {
    match ty.required() {
        TypeExpr::Named(name) if !is_inline(name) => {
            format!("Box<{}>", rust(ty.required()))
        }
        ty => rust(ty),
    }
}

/// Returns true if a value of a named type is not boxed.
fn is_inline(name: &str) -> bool {
    COPY_TYPES.contains(&name) || STRING_TYPES.contains(&name)
}

fn getter(
    out: &mut Writer,
    number: usize,
    wire: &str,
    field: &DescribedType,
    variant: Option<&str>,
) {
    let ty = field.ty.required();
    // The type that the method returns, and the expression for it.
    let (returned, value) = match ty {
        TypeExpr::String => ("&str".to_owned(), "value"),
        TypeExpr::Integer | TypeExpr::Number | TypeExpr::Boolean => (rust(ty), "*value"),
        TypeExpr::Named(name) if COPY_TYPES.contains(&name.as_str()) => (rust(ty), "*value"),
        TypeExpr::List(inner) => (format!("&[{}]", rust(inner)), "value"),
        ty => (format!("&{}", rust(ty)), "value"),
    };
    let body = match variant {
        None => vec![format!("self.fields.string({number})")],
        Some(variant) => vec![
            format!("match self.fields.other({number}) {{"),
            format!("    Some({variant}(value)) => Some({value}),"),
            "    _ => None,".to_owned(),
            "}".to_owned(),
        ],
    };
    let body: Vec<&str> = body.iter().map(String::as_str).collect();
    out.doc(&format!("Returns `{wire}`.\n\n{}", field.description));
    out.function(
        &format!("pub fn {}", field_name(wire)),
        &["&self".to_owned()],
        &format!("Option<{returned}>"),
        &body,
    );
}

fn debug(out: &mut Writer, name: &str, types: usize) {
    out.block(format!("impl std::fmt::Debug for {name}"), |out| {
        out.line("#[inline]");
        out.block(
            "fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result",
            |out| {
                out.line(format!("let mut out = f.debug_struct({name:?});"));
                each(out, name, types, "out.field(name, &value)");
                out.line("out.field(\"extra\", &self.extra).finish()");
            },
        );
    });
    out.blank();
}

/// Writes a loop over the fields that are present, with `name` and `value` in scope.
fn each(out: &mut Writer, name: &str, types: usize, expression: &str) {
    out.block("for (number, value) in self.fields.iter()", |out| {
        out.line("let name = Self::NAMES[number - 1];");
        out.group("match value {", "};", |out| {
            out.line(format!(
                "sparse::SparseValue::String(value) => {expression},"
            ));
            for number in 0..types {
                out.line(format!(
                    "sparse::SparseValue::Other({name}Field::T{number}(value)) => {expression},"
                ));
            }
        });
    });
}

/// Returns the patterns of ascending numbers: three or more in a row are a range.
fn patterns(numbers: &[usize]) -> Vec<String> {
    let runs = numbers.chunk_by(|number, next| number + 1 == *next);
    runs.flat_map(|run| match run {
        [first, _, .., last] => vec![format!("{first}..={last}")],
        run => run.iter().map(usize::to_string).collect(),
    })
    .collect()
}

fn decoder(
    out: &mut Writer,
    name: &str,
    fields: &IndexMap<String, DescribedType>,
    variants: &[Option<String>],
) {
    let mut by_length: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let mut by_reader: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (number, (wire, variant)) in (1..).zip(fields.keys().zip(variants)) {
        let arm = format!("{wire:?} => {number},");
        by_length.entry(wire.len()).or_default().push(arm);
        let read = match variant {
            None => "value.fields.read_string(field, fields)".to_owned(),
            Some(variant) => {
                format!("value.fields.set_other(field, decode::next_variant(fields, {variant}))")
            }
        };
        by_reader.entry(read).or_default().push(number);
    }
    decode::implementation(out, name, |out| {
        out.line("let fields = event.map()?;");
        out.line("let mut value = Self::default();");
        // By length first, so that a few of more than a hundred names are compared.
        let head = "while let Some(field) = fields.next_key(|name| match name.len() {";
        out.group(head, "}) {", |out| {
            for (length, arms) in &by_length {
                out.group(format!("{length} => match name {{"), "},", |out| {
                    out.lines(arms);
                    out.line("_ => 0,");
                });
            }
            out.line("_ => 0,");
        });
        out.group("    match field {", "    }", |out| {
            for (read, numbers) in &by_reader {
                let patterns = patterns(numbers);
                let mut lines = patterns.chunks(12).map(|line| line.join(" | "));
                out.line(format!("    {}", lines.next().unwrap_or_default()));
                out.lines(lines.map(|line| format!("    | {line}")));
                out.line(format!("    => {read},"));
            }
            out.line("    _ => decode::insert_entry(fields, &mut value.extra),");
        });
        out.line("}");
        out.line("Ok(value)");
    });
}
