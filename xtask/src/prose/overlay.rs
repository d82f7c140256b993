//! The overlay, whose summaries and descriptions become documentation.

use super::Findings;
use super::documentation::{self, Item};
use super::files::check_comments;
use super::rules::Rules;
use super::words;

/// Checks the documentation and the comments of a file.
pub fn check(path: &str, source: &str, rules: &Rules, findings: &mut Findings) {
    check_comments(path, source, rules, findings);
    let mut table = String::new();
    let mut lines = (1..).zip(source.lines());
    while let Some((line, text)) = lines.next() {
        if let Some(header) = text.strip_prefix('[') {
            table = header.trim_end_matches(']').to_owned();
            continue;
        }
        let Some((key, value)) = text.split_once(" = \"") else {
            continue;
        };
        let mut value = value.to_owned();
        if let Some(open) = value.strip_prefix("\"\"") {
            // A string of several lines.
            value = open.to_owned();
            while !value.ends_with("\"\"\"") {
                let Some((_, more)) = lines.next() else { break };
                value = format!("{value}\n{more}");
            }
        }
        let value = value.trim_end_matches('"').replace("\\\"", "\"");
        let Some((item, prose)) = text_of(&table, key, &value) else {
            continue;
        };
        let prose: Vec<(usize, String)> = (line..).zip(prose.lines().map(str::to_owned)).collect();
        words::check(path, &prose, rules, findings);
        if let Some(item) = item {
            documentation::check(path, &prose, item, true, rules, findings);
        }
    }
}

/// Returns the text of an entry and the item that it documents. The description of an operation
/// and reasons are not the beginning of a documentation.
fn text_of<'a>(table: &str, key: &str, value: &'a str) -> Option<(Option<Item>, &'a str)> {
    let (room, rest) = table.split_once('.').unwrap_or((table, ""));
    let kind = rest.split_once('.').map_or("", |(_, kind)| kind);
    let typed = value.split_once(" - ").map_or("", |(_, prose)| prose);
    match (room, kind, key) {
        ("operations", "", "summary") => Some((Some(Item::Function), value)),
        ("operations", "", "description" | "session" | "body_differs") => Some((None, value)),
        ("operations", "", "idempotency") => Some((None, typed)),
        ("operations", _, _) if key.starts_with("hidden.") || kind == "hidden" => {
            Some((Some(Item::Field), typed))
        }
        ("operations", _, _) if key.starts_with("path.") || key.starts_with("query.") => {
            Some((Some(Item::Field), value))
        }
        ("schemas", "", "description") => Some((Some(Item::Type), value)),
        ("schemas", "", "extra") => Some((Some(Item::Field), value)),
        ("schemas", "values", _) => Some((Some(Item::Field), value)),
        ("schemas", "fields" | "one_of" | "variants" | "flatten", _) => {
            Some((Some(Item::Field), typed))
        }
        ("values", "", "description") => Some((Some(Item::Type), value)),
        ("path" | "parameters", ..) => Some((Some(Item::Field), value)),
        _ => None,
    }
}
