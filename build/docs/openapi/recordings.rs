//! The parts of the document that recorded exchanges show: the formats of dates, and examples of
//! bodies.

use crate::build::spec::api::Api;
use crate::build::spec::schema::{Schema, SchemaForm};
use crate::build::spec::type_expr::TypeExpr;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The longest example, in bytes of JSON without whitespace.
const MAX_EXAMPLE: usize = 1200;

/// Shown in place of a secret.
const REDACTED: &str = "***";

/// Formats of dates that the recordings only show as null, or lack: seen with other data, or read
/// in the server's source.
#[rustfmt::skip]
const SEEN_ELSEWHERE: &[(&str, &str, &[&str])] = &[
    ("AppToken", "expiration", &["rfc2822"]),
    ("AppToken", "last_accessed", &["rfc2822"]),
    ("BuildLogData", "datetime", &["space-separated"]),
    ("BuildLogLine", "datetime", &["iso8601-local", "space-separated"]),
    ("BuildSource", "last_updated", &["unix-seconds"]),
    ("CreatedApplicationToken", "last_accessed", &["rfc3339"]),
    ("Invoice", "date", &["unix-seconds"]),
    ("Invoice", "next_payment_attempt", &["unix-seconds"]),
    ("Invoice", "period_end", &["unix-seconds"]),
    ("Invoice", "period_start", &["unix-seconds"]),
    ("LogMetadata", "created_date", &["unix-seconds"]),
    ("LogMetadata", "expiration_date", &["unix-seconds"]),
    ("LogMetadata", "old_expiration_date", &["unix-milliseconds", "unix-seconds"]),
    ("MarketplaceSubscription", "externalLastUpdateDate", &["unix-milliseconds"]),
    ("MirrorDetail", "last_sync", &["rfc3339"]),
    ("MirroredRepository", "discovery_date", &["rfc3339"]),
    ("MirroredRepository", "last_sync_date", &["rfc3339"]),
    ("OrganizationMirror", "sync_expiration_date", &["rfc3339"]),
    ("RegistrySize", "last_ran", &["unix-milliseconds"]),
    ("RepositoryMirror", "sync_expiration_date", &["rfc3339"]),
    ("RepositorySearchResult", "last_modified", &["unix-seconds"]),
    ("RepositorySummary", "last_modified", &["unix-seconds"]),
    ("RobotAccount", "last_accessed", &["rfc2822"]),
    ("Subscription", "currentPeriodEnd", &["unix-seconds"]),
    ("Subscription", "currentPeriodStart", &["unix-seconds"]),
    ("Subscription", "trialEnd", &["unix-seconds"]),
    ("Subscription", "trialStart", &["unix-seconds"]),
    ("TeamSync", "last_updated", &["rfc2822"]),
];

/// By schema and field, the formats that its dates were seen in.
pub type DateFormats = BTreeMap<(String, String), BTreeSet<&'static str>>;

/// Bodies of one operation.
#[derive(Debug, Default)]
pub struct Examples {
    pub request: Option<Value>,
    pub response: Option<Value>,
}

#[derive(Debug, Default)]
pub struct Recordings {
    pub dates: DateFormats,
    /// By the identifier of the operation.
    pub examples: BTreeMap<String, Examples>,
}

/// Reads exchanges, one JSON object a line, of which those that succeeded are used.
pub fn read(api: &Api, lines: &str) -> Result<Recordings, String> {
    let mut reader = Reader {
        api,
        dates: DateFormats::new(),
    };
    for (schema, field, formats) in SEEN_ELSEWHERE {
        let key = ((*schema).to_owned(), (*field).to_owned());
        reader.dates.entry(key).or_default().extend(*formats);
    }
    let mut examples = BTreeMap::<String, Examples>::new();
    for (number, line) in lines.lines().enumerate() {
        let exchange: Value =
            serde_json::from_str(line).map_err(|e| format!("exchange {}: {e}", number + 1))?;
        let id = exchange["operation_id"].as_str();
        let Some(operation) = api.operations.iter().find(|o| Some(o.id.as_str()) == id) else {
            continue;
        };
        let status = exchange["status"].as_u64();
        if !operation
            .status
            .iter()
            .any(|s| Some(u64::from(*s)) == status)
        {
            continue;
        }
        let found = examples.entry(operation.id.clone()).or_default();
        if let Some(ty) = &operation.body {
            let shown = reader.shown(ty, &exchange["request_body"], None);
            keep_fuller(&mut found.request, shown);
        }
        if let Some(ty) = operation.returns.body() {
            let shown = reader.shown(ty, &exchange["response_body"], None);
            keep_fuller(&mut found.response, shown);
        }
    }
    Ok(Recordings {
        dates: reader.dates,
        examples,
    })
}

/// Keeps the longer one of two examples that are not too long.
fn keep_fuller(kept: &mut Option<Value>, example: Value) {
    let length = |value: &Value| value.to_string().len();
    if !example.is_null()
        && length(&example) <= MAX_EXAMPLE
        && kept
            .as_ref()
            .is_none_or(|kept| length(kept) < length(&example))
    {
        *kept = Some(example);
    }
}

struct Reader<'a> {
    api: &'a Api,
    dates: DateFormats,
}

/// A schema and the name of one of its fields.
type Field<'a> = Option<(&'a str, &'a str)>;

impl Reader<'_> {
    /// Returns a body as an example: secrets are redacted, and lists and maps are cut after their
    /// first entry. Remembers the formats of dates.
    fn shown(&mut self, ty: &TypeExpr, value: &Value, field: Field<'_>) -> Value {
        match (ty, value) {
            (TypeExpr::Optional(inner) | TypeExpr::Nullable(inner), _) => {
                self.shown(inner, value, field)
            }
            (TypeExpr::List(inner), Value::Array(items)) => {
                let shown: Vec<Value> = items.iter().map(|i| self.shown(inner, i, field)).collect();
                shown.into_iter().take(1).collect()
            }
            (TypeExpr::Map(inner), Value::Object(entries)) => {
                let shown = entries
                    .iter()
                    .map(|(key, value)| (key.clone(), self.shown(inner, value, field)));
                let shown: BTreeMap<String, Value> = shown.collect();
                Value::Object(shown.into_iter().take(1).collect())
            }
            (TypeExpr::Named(name), _) => self.named(name, value, field),
            (TypeExpr::String, Value::String(text)) => shortened(text).into(),
            _ => value.clone(),
        }
    }

    fn named(&mut self, name: &str, value: &Value, field: Field<'_>) -> Value {
        match name {
            "Timestamp" => {
                if let (Some((schema, field)), Some(format)) = (field, date_format(value)) {
                    let key = (schema.to_owned(), field.to_owned());
                    self.dates.entry(key).or_default().insert(format);
                }
                value.clone()
            }
            "Secret" | "SecretValue" if !value.is_null() => REDACTED.into(),
            _ => match self.api.schemas.get(name) {
                Some(schema) => self.schema(name, schema, value),
                None => value.clone(),
            },
        }
    }

    fn schema(&mut self, name: &str, schema: &Schema, value: &Value) -> Value {
        let (Ok(form), Value::Object(given)) = (schema.form(), value) else {
            return value.clone();
        };
        match form {
            SchemaForm::Enum(_) => value.clone(),
            SchemaForm::OneOf(parts) => {
                for part in parts.values() {
                    self.shown(&part.ty, value, None);
                }
                value.clone()
            }
            SchemaForm::Variants {
                tag,
                content,
                variants,
            } => {
                let mut shown = Map::new();
                if let Some(kind) = given.get(tag) {
                    shown.insert(tag.to_owned(), kind.clone());
                    let variant = kind.as_str().and_then(|kind| variants.get(kind));
                    if let (Some(variant), Some(value)) = (variant, given.get(content)) {
                        let value = self.shown(&variant.ty, value, None);
                        shown.insert(content.to_owned(), value);
                    }
                }
                Value::Object(shown)
            }
            SchemaForm::Object(fields) => {
                let mut shown = Map::new();
                for (field, described) in fields {
                    // A validator refuses null where the schema of an object allows it.
                    if let Some(value) = given.get(field).filter(|value| !value.is_null()) {
                        let value = self.shown(&described.ty, value, Some((name, field)));
                        shown.insert(field.clone(), value);
                    }
                }
                for part in schema.flatten.values() {
                    if let Value::Object(part) = self.shown(part.ty.required(), value, None) {
                        shown.extend(part);
                    }
                }
                Value::Object(shown)
            }
        }
    }
}

/// Cuts page tokens, signatures and other text that means nothing to a reader.
fn shortened(text: &str) -> String {
    const LONGEST: usize = 80;
    const SHOWN: usize = 16;
    match text.len() > LONGEST && !text.contains(char::is_whitespace) {
        true => text.chars().take(SHOWN).chain(['…']).collect(),
        false => text.to_owned(),
    }
}

/// Returns the format of a date, as `info.md` names it.
fn date_format(value: &Value) -> Option<&'static str> {
    // Seconds have reached this number in the year 5138, milliseconds had in 1973.
    const MILLISECONDS: f64 = 100_000_000_000.0;
    if let Some(number) = value.as_f64() {
        return Some(match number < MILLISECONDS {
            true => "unix-seconds",
            false => "unix-milliseconds",
        });
    }
    let text = value.as_str()?;
    let behind_date = text.as_bytes().get(10).copied();
    let has_offset = text.ends_with('Z') || text.get(19..).is_some_and(|t| t.contains(['+', '-']));
    match behind_date {
        _ if text.contains(',') => Some("rfc2822"),
        None if text.len() == 10 => Some("date"),
        Some(b'T') if has_offset => Some("rfc3339"),
        Some(b'T') => Some("iso8601-local"),
        Some(b' ') => Some("space-separated"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::date_format;
    use serde_json::json;

    #[test]
    fn tells_the_formats_of_dates_apart() {
        for (date, expected) in [
            (json!("Mon, 03 Aug 2026 09:30:00 -0000"), Some("rfc2822")),
            (json!("Mon, 03 Aug 2026 09:30:00 GMT"), Some("rfc2822")),
            (json!("2026-08-03T09:30:00Z"), Some("rfc3339")),
            (json!("2026-08-03T09:30:00.123456+02:00"), Some("rfc3339")),
            (json!("2026-08-03T09:30:00.123456"), Some("iso8601-local")),
            (json!("2026-08-03 09:30:00"), Some("space-separated")),
            (json!("2026-08-03"), Some("date")),
            (json!(1_785_749_400), Some("unix-seconds")),
            (json!(1_785_749_400_000_u64), Some("unix-milliseconds")),
            (json!(null), None),
            (json!(""), None),
            (json!("never"), None),
        ] {
            assert_eq!(date_format(&date), expected, "{date}");
        }
    }
}
