//! Checks of the schemas of the overlay, and of their use by the operations.

use super::api::{ApiOperation, reachable};
use super::diagnostic::Diagnostic;
use super::names::{field_name, variant_name};
use super::overlay::{InFile, Overlay};
use super::schema::{Schema, SchemaForm};
use super::type_expr::{TypeExpr, is_type_name};
use indexmap::IndexMap;
use std::collections::BTreeSet;

impl Overlay {
    fn has_type(&self, name: &str) -> bool {
        self.schemas.contains_key(name) || self.values.contains_key(name)
    }

    /// Returns the fields of an object, including flattened ones.
    pub(super) fn fields(&self, schema: &str) -> BTreeSet<&str> {
        let mut fields = BTreeSet::new();
        if let Some(InFile { entry, .. }) = self.schemas.get(schema) {
            fields.extend(entry.fields.iter().flat_map(|f| f.keys()).map(|f| &**f));
            let pair = [&entry.tag, &entry.content];
            fields.extend(pair.into_iter().flatten().map(|f| &**f));
            for part in entry.flatten.values().filter_map(|part| part.ty.name()) {
                fields.extend(self.fields(part));
            }
        }
        fields
    }

    /// Returns true if a path of fields, separated by dots, exists in a schema.
    fn has_path(&self, schema: &str, path: &str) -> bool {
        let Some((first, rest)) = path.split_once('.') else {
            return self.fields(schema).contains(path);
        };
        self.schemas
            .get(schema)
            .and_then(|schema| schema.entry.fields.as_ref()?.get(first)?.ty.name())
            .is_some_and(|inner| self.has_path(inner, rest))
    }
}

/// Checks that each schema is complete, and that its names make distinct Rust names.
pub fn schemas(overlay: &Overlay, diagnostics: &mut Vec<Diagnostic>) {
    for (name, InFile { file, entry }) in &overlay.schemas {
        let label = format!("schema {name}");
        let mut report = |reason: &str| diagnostics.push(Diagnostic::new(file, &label, reason));
        if !is_type_name(name) {
            report("its name is not a Rust type's");
        }
        if entry.description.trim().is_empty() {
            report("has no description");
        }
        if overlay.values.contains_key(name) {
            report("is a type of values.toml as well");
        }
        let mut fields = entry.fields.iter().flat_map(IndexMap::values);
        if entry.sparse
            && (fields.any(|field| !field.ty.is_optional())
                || entry.extra.is_none()
                || !entry.flatten.is_empty())
        {
            report("is sparse, which requires `extra`, no `flatten` and optional fields only");
        }
        for (part, described) in entry.types() {
            if let Some(used) = described.ty.name().filter(|used| !overlay.has_type(used)) {
                let reason = format!("there is no type {used}");
                diagnostics.push(Diagnostic::new(file, format!("{label}.{part}"), reason));
            }
        }
        rust_names(file, &label, entry, diagnostics);
    }
}

fn rust_names(file: &str, label: &str, schema: &Schema, diagnostics: &mut Vec<Diagnostic>) {
    let mut report = |entry: &str, reason: String| {
        diagnostics.push(Diagnostic::new(file, format!("{label}{entry}"), reason));
    };
    let names: Vec<String> = match schema.form() {
        Err(reason) => return report("", reason),
        Ok(SchemaForm::Object(fields)) => {
            let fields = fields.keys().chain(schema.flatten.keys());
            fields.map(|field| field_name(field)).collect()
        }
        Ok(SchemaForm::Enum(values)) => {
            if let Some(value) = schema.names.keys().find(|v| !values.contains_key(*v)) {
                report(&format!(".names.{value}"), "there is no such value".into());
            }
            if let Some((value, _)) = values.iter().find(|(_, text)| text.trim().is_empty()) {
                report(&format!(".{value}"), "has no description".into());
            }
            values.keys().map(|value| schema.variant(value)).collect()
        }
        Ok(SchemaForm::OneOf(variants) | SchemaForm::Variants { variants, .. }) => variants
            .keys()
            .map(|variant| variant_name(variant))
            .collect(),
    };
    let mut seen = BTreeSet::new();
    for name in &names {
        if name == "Other" {
            report("", "`Other` is reserved for unknown values".into());
        }
        if !seen.insert(name) {
            report("", format!("two parts have the Rust name {name}"));
        }
    }
}

/// Checks that operations, webhooks and documents use types that exist, and that each schema is
/// used.
pub fn uses(overlay: &Overlay, operations: &[ApiOperation], diagnostics: &mut Vec<Diagnostic>) {
    for operation in operations {
        let file = overlay.operations.get(&operation.id);
        let file = file.map_or("", |operation| operation.file.as_str());
        let mut report = |reason| diagnostics.push(Diagnostic::new(file, &operation.id, reason));
        let returned = operation.returns.body();
        for ty in operation.body.iter().chain(returned) {
            if let Some(name) = ty.name().filter(|name| !overlay.has_type(name)) {
                report(format!("there is no type {name}"));
            }
        }
        if let (Some(rows), Some(name)) = (&operation.rows, returned.and_then(TypeExpr::name))
            && !overlay.has_path(name, rows)
        {
            report(format!("its rows are in {rows}, which {name} lacks"));
        }
    }
    for (table, entries) in [
        ("webhooks", &overlay.webhooks),
        ("documents", &overlay.documents),
    ] {
        for (key, InFile { file, entry }) in entries {
            if let Some(name) = entry.name().filter(|name| !overlay.has_type(name)) {
                let reason = format!("there is no type {name}");
                diagnostics.push(Diagnostic::new(file, format!("{table}.{key}"), reason));
            }
        }
    }
    let types = operations
        .iter()
        .flat_map(|o| o.body.iter().chain(o.returns.body()))
        .chain(overlay.webhooks.values().map(|webhook| &webhook.entry))
        .chain(overlay.documents.values().map(|document| &document.entry));
    let used = reachable(types, |name| Some(&overlay.schemas.get(name)?.entry));
    for (name, InFile { file, .. }) in &overlay.schemas {
        if !used.contains(name) {
            let entry = format!("schema {name}");
            diagnostics.push(Diagnostic::new(
                file,
                entry,
                "no operation, webhook or document uses it",
            ));
        }
    }
}
