//! The texts of the overlay: no two fields share one, each says more than the name of its field,
//! and numbers and dates have a unit or format.

use super::build::spec::api::Api;
use super::build::spec::schema::SchemaForm;
use super::build::spec::type_expr::TypeExpr;
use super::committed;
use std::collections::{BTreeMap, BTreeSet};

/// A summary or description in the overlay.
struct Text<'a> {
    /// The type or operation.
    owner: &'a str,
    /// The field, value or parameter.
    name: &'a str,
    ty: Option<&'a TypeExpr>,
    text: &'a str,
}

/// Returns the descriptions of all fields, values and parameters.
fn texts(api: &Api) -> Vec<Text<'_>> {
    let mut texts = Vec::new();
    for (owner, schema) in &api.schemas {
        for (name, described) in schema.types() {
            texts.push(Text {
                owner,
                name,
                ty: Some(&described.ty),
                text: &described.description,
            });
        }
        if let Ok(SchemaForm::Enum(values)) = schema.form() {
            texts.extend(values.iter().map(|(name, text)| Text {
                owner,
                name,
                ty: None,
                text,
            }));
        }
    }
    for operation in &api.operations {
        texts.extend(operation.parameters.iter().map(|parameter| Text {
            owner: &operation.id,
            name: &parameter.name,
            ty: Some(&parameter.ty),
            text: &parameter.description,
        }));
    }
    texts
}

fn shared(texts: &[Text<'_>]) -> Vec<String> {
    let mut names: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for Text {
        owner, name, text, ..
    } in texts
    {
        names.entry((owner, text)).or_default().push(name);
    }
    names
        .into_iter()
        .filter(|(_, names)| names.len() > 1)
        .map(|((owner, text), names)| format!("{owner}: {} share \"{text}\"", names.join(", ")))
        .collect()
}

/// Returns the words of a description or name in lower case, without articles.
fn words(text: &str) -> BTreeSet<String> {
    let mut spaced = String::new();
    let mut after_lower = false;
    for c in text.chars() {
        if after_lower && c.is_uppercase() {
            spaced.push(' ');
        }
        after_lower = c.is_lowercase();
        spaced.push(if c.is_alphanumeric() { c } else { ' ' });
    }
    let words = spaced.split_whitespace().map(str::to_lowercase);
    words
        .filter(|word| {
            !["the", "a", "an", "of", "its", "this", "is", "it"].contains(&word.as_str())
        })
        .collect()
}

fn repeats_the_name(text: &Text<'_>) -> bool {
    text.ty.is_some() && words(text.text).is_subset(&words(text.name))
}

/// The words of which the text of a date has one: the format in which it is sent.
const FORMATS: [&str; 7] = [
    "RFC 2822",
    "ISO 8601",
    "seconds since 1970",
    "milliseconds since 1970",
    "`YYYY-MM-DDTHH:MM:SSZ`",
    "`MM/DD/YYYY`",
    "in a format of the service",
];

/// The words of which the text of a number has one: a unit, or what is counted.
const UNITS: [&str; 21] = [
    "bytes",
    "seconds",
    "days",
    "percentage",
    "number of",
    "number that identifies",
    "number from",
    "number of the page",
    "number of this page",
    "rows per page",
    "mirrors per page",
    "position",
    "fraction",
    "month",
    "year",
    "us cents",
    "smallest unit of the currency",
    "from 0 to",
    "a greater number is a better match",
    "the higher",
    "its unit depends",
];

/// Returns true for a date or number whose text names no unit or format.
fn lacks_a_unit(text: &Text<'_>) -> bool {
    let lower = text.text.to_lowercase();
    let has_unit = UNITS.iter().any(|unit| lower.contains(unit));
    let has_format = FORMATS.iter().any(|format| text.text.contains(format));
    match text.ty.map(TypeExpr::innermost) {
        Some(TypeExpr::Integer | TypeExpr::Number) => !has_unit && !has_format,
        Some(TypeExpr::Named(name)) => match name.as_str() {
            "Timestamp" | "SyncDate" | "CommitDate" => !has_format,
            "ByteSize" => !lower.contains("bytes"),
            _ => false,
        },
        Some(TypeExpr::String) if ["starttime", "endtime"].contains(&text.name) => !has_format,
        _ => false,
    }
}

fn names(texts: &[Text<'_>], is_wrong: fn(&Text<'_>) -> bool) -> Vec<String> {
    let wrong = texts.iter().filter(|text| is_wrong(text));
    wrong
        .map(|t| format!("{}.{}: \"{}\"", t.owner, t.name, t.text))
        .collect()
}

#[test]
fn differently_named_fields_have_different_texts() {
    let found = shared(&texts(&committed()));
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn texts_say_more_than_the_name_of_their_field() {
    let found = names(&texts(&committed()), repeats_the_name);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn numbers_and_dates_have_a_unit_or_format() {
    let found = names(&texts(&committed()), lacks_a_unit);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn the_checks_find_bad_texts() {
    let integer = TypeExpr::Integer;
    let date: TypeExpr = "Timestamp?".parse().expect("a type");
    let size: TypeExpr = "ByteSize".parse().expect("a type");
    let text = |name, ty, text| Text {
        owner: "Tag",
        name,
        ty: Some(ty),
        text,
    };
    let when = "When it began.";
    assert_eq!(
        shared(&[
            text("last_modified", &date, when),
            text("start_ts", &date, when)
        ])
        .len(),
        1
    );
    assert!(repeats_the_name(&text(
        "pageSize",
        &integer,
        "The size of the page."
    )));
    assert!(!repeats_the_name(&text(
        "page",
        &integer,
        "Number of the page."
    )));
    assert!(lacks_a_unit(&text("start_ts", &date, when)));
    assert!(!lacks_a_unit(&text(
        "start_ts",
        &date,
        "Start (seconds since 1970)."
    )));
    assert!(lacks_a_unit(&text(
        "interval",
        &integer,
        "How long it takes."
    )));
    assert!(!lacks_a_unit(&text(
        "interval",
        &integer,
        "Interval, in seconds."
    )));
    assert!(lacks_a_unit(&text("size", &size, "Size of the image.")));
}
