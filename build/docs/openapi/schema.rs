//! The schemas of the document.

use super::recordings::DateFormats;
use crate::build::spec::api::{Api, reachable};
use crate::build::spec::schema::{DescribedType, Schema, SchemaForm};
use crate::build::spec::type_expr::TypeExpr;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Returns all schemas, sorted by name.
pub fn schemas(api: &Api, dates: &DateFormats) -> Map<String, Value> {
    let returned = api.operations.iter().filter_map(|o| o.returns.body());
    let returned = reachable(returned, |name| api.schemas.get(name));
    let writer = Writer {
        types: Types(api),
        dates,
        returned,
        sent: &api.sent,
    };
    let mut schemas = Map::new();
    for (name, value) in api.values.iter() {
        let mut schema = value.schema.clone();
        schema["description"] = json!(value.description);
        schemas.insert(name.clone(), schema);
    }
    for (name, schema) in api.schemas.iter() {
        schemas.insert(name.clone(), writer.schema(name, schema));
    }
    for (name, unit) in UNIX_TIMES {
        let mut schema = unix_time();
        schema["description"] = json!(format!("A time, in {unit} since 1970, UTC."));
        schemas.insert(name.to_owned(), schema);
    }
    schemas.insert("ErrorResponse".to_owned(), error_response());
    schemas.sort_keys();
    schemas
}

/// The schemas of dates that are numbers, which take the place of `Timestamp`.
const UNIX_TIMES: [(&str, &str); 2] = [
    ("UnixMilliseconds", "milliseconds"),
    ("UnixSeconds", "seconds"),
];

fn unix_time() -> Value {
    json!({"type": "integer", "format": "int64"})
}

struct Writer<'a> {
    types: Types<'a>,
    dates: &'a DateFormats,
    returned: BTreeSet<String>,
    sent: &'a BTreeSet<String>,
}

impl Writer<'_> {
    /// Returns true if the schema is part of requests only, where null is refused unless it means
    /// something.
    fn is_request(&self, name: &str) -> bool {
        self.sent.contains(name) && !self.returned.contains(name)
    }

    fn schema(&self, name: &str, schema: &Schema) -> Value {
        let mut entry = match schema.form() {
            Ok(SchemaForm::Object(fields)) => self.object(name, schema, fields.iter()),
            Ok(SchemaForm::Enum(values)) => {
                let listed: Vec<String> = values
                    .iter()
                    .map(|(value, text)| format!("- `{value}`: {text}"))
                    .collect();
                // An `enum` would forbid what a newer server adds.
                json!({
                    "type": "string",
                    "x-extensible-enum": values.keys().collect::<Vec<_>>(),
                    "description": format!("{}\n\n{}", schema.description, listed.join("\n")),
                })
            }
            Ok(SchemaForm::OneOf(parts)) => {
                json!({"anyOf": parts.values().map(|t| self.types.schema(&t.ty)).collect::<Vec<_>>()})
            }
            Ok(SchemaForm::Variants {
                tag,
                content,
                variants,
            }) => {
                let contents: Vec<Value> = variants
                    .values()
                    .map(|t| self.types.schema(&t.ty))
                    .collect();
                let kinds: Vec<&String> = variants.keys().collect();
                json!({
                    "type": "object",
                    "properties": {
                        tag: {"type": "string", "x-extensible-enum": kinds},
                        content: {"anyOf": contents},
                    },
                })
            }
            // Refused when the sources were joined.
            Err(_) => json!({}),
        };
        if entry.get("description").is_none() {
            entry["description"] = json!(schema.description);
        }
        entry
    }

    fn object<'a>(
        &self,
        name: &str,
        schema: &Schema,
        fields: impl Iterator<Item = (&'a String, &'a DescribedType)>,
    ) -> Value {
        let mut properties = Map::new();
        let mut required = Vec::new();
        for (field, described) in fields {
            if !described.ty.is_optional() {
                required.push(json!(field));
            }
            properties.insert(field.clone(), self.property(name, field, described));
        }
        let mut entry = json!({"type": "object", "properties": properties});
        if !required.is_empty() {
            entry["required"] = Value::Array(required);
        }
        if let Some(extra) = &schema.extra {
            entry["additionalProperties"] = json!({"description": extra});
        }
        if schema.flatten.is_empty() {
            return entry;
        }
        let mut all = vec![entry];
        all.extend(
            schema
                .flatten
                .values()
                .map(|described| self.types.schema(described.ty.required())),
        );
        json!({"allOf": all})
    }

    fn property(&self, schema: &str, field: &str, described: &DescribedType) -> Value {
        let ty = &described.ty;
        let formats = self.dates.get(&(schema.to_owned(), field.to_owned()));
        let number = formats.and_then(only_unix_time);
        let number = number.map(|name| with_timestamp(ty, name));
        let written = match number.as_ref().unwrap_or(ty) {
            TypeExpr::Optional(inner) if self.is_request(schema) => inner,
            written => written,
        };
        let mut property = self.types.schema(written);
        // A `$ref` must be alone.
        if property.get("$ref").is_some() {
            property = json!({"allOf": [property]});
        }
        property["description"] = json!(described.description);
        if ty.is_clearable() {
            property["x-clearable"] = json!(true);
        }
        if let Some(formats) = formats {
            property["x-date-formats"] = json!(formats);
        }
        property
    }
}

/// Returns the schema of a date that is always a number.
fn only_unix_time(formats: &BTreeSet<&str>) -> Option<&'static str> {
    let only = |format| formats.iter().all(|seen| *seen == format);
    match () {
        () if only("unix-milliseconds") => Some("UnixMilliseconds"),
        () if only("unix-seconds") => Some("UnixSeconds"),
        () => None,
    }
}

/// Returns the type with another one in place of `Timestamp`.
fn with_timestamp(ty: &TypeExpr, other: &str) -> TypeExpr {
    let inside = |inner: &TypeExpr| Box::new(with_timestamp(inner, other));
    match ty {
        TypeExpr::Named(name) if name == "Timestamp" => TypeExpr::Named(other.to_owned()),
        TypeExpr::List(inner) => TypeExpr::List(inside(inner)),
        TypeExpr::Map(inner) => TypeExpr::Map(inside(inner)),
        TypeExpr::Optional(inner) => TypeExpr::Optional(inside(inner)),
        TypeExpr::Nullable(inner) => TypeExpr::Nullable(inside(inner)),
        other => other.clone(),
    }
}

/// The schemas of types.
#[derive(Debug, Clone, Copy)]
pub struct Types<'a>(pub &'a Api);

impl Types<'_> {
    pub fn schema(self, ty: &TypeExpr) -> Value {
        match ty {
            TypeExpr::String => json!({"type": "string"}),
            TypeExpr::Integer => json!({"type": "integer", "format": "int64"}),
            TypeExpr::Number => json!({"type": "number", "format": "double"}),
            TypeExpr::Boolean => json!({"type": "boolean"}),
            TypeExpr::Any => json!({}),
            TypeExpr::Named(name) => json!({"$ref": format!("#/components/schemas/{name}")}),
            TypeExpr::List(inner) => json!({"type": "array", "items": self.schema(inner)}),
            TypeExpr::Map(inner) => {
                json!({"type": "object", "additionalProperties": self.schema(inner)})
            }
            TypeExpr::Optional(inner) | TypeExpr::Nullable(inner) => self.nullable(inner),
        }
    }

    /// `nullable` means something next to `type` only, and a `$ref` must be alone.
    fn nullable(self, ty: &TypeExpr) -> Value {
        let mut schema = match ty {
            TypeExpr::Named(name) if UNIX_TIMES.iter().any(|(unix, _)| unix == name) => unix_time(),
            TypeExpr::Named(name) => match (self.0.values.get(name), self.0.schemas.get(name)) {
                (Some(value), _) => value.schema.clone(),
                (None, Some(schema)) => match schema.form() {
                    Ok(SchemaForm::OneOf(parts)) => {
                        let parts = parts.values().map(|part| self.nullable(&part.ty));
                        let mut parts: Vec<Value> = parts.collect();
                        parts.dedup();
                        return match parts.as_slice() {
                            [only] => only.clone(),
                            _ => json!({"anyOf": parts}),
                        };
                    }
                    Ok(SchemaForm::Enum(_)) => {
                        json!({"type": "string", "allOf": [self.schema(ty)]})
                    }
                    _ => json!({"type": "object", "allOf": [self.schema(ty)]}),
                },
                (None, None) => json!({}),
            },
            ty => self.schema(ty),
        };
        // A schema without a type allows null anyway.
        if schema.get("type").is_some() {
            schema["nullable"] = json!(true);
        }
        schema
    }
}

/// Returns the schema of every form of an error response that is JSON.
fn error_response() -> Value {
    let string =
        |description: &str| json!({"type": "string", "nullable": true, "description": description});
    json!({
        "type": "object",
        "description": "An error response. Which fields it has depends on what refused the \
                        request.",
        "properties": {
            "status": {
                "type": "integer", "nullable": true, "description": "The status, once more.",
            },
            "title": string("The kind of the error, such as `not_found` or `insufficient_scope`."),
            "detail": string("What is wrong."),
            "error_message": string("The same as `detail`."),
            "error_type": string("The same as `title`."),
            "type": string("An address that describes the kind of the error."),
            "message": {
                "description": "What is wrong, as a string; a map from parameters to what is wrong \
                                with them; or null.",
            },
            "error": string("What is wrong, if the request was refused before it was routed."),
        },
    })
}
