//! The documentation of the methods in `src/api/`: behind the paragraph that names scope and
//! endpoint, the release and the settings that the operation requires of the server.

use crate::build::spec::api::{Api, ApiOperation};

/// The columns that a comment may take.
const WIDTH: usize = 100;

/// Returns a source file with these sentences written anew.
pub fn source(text: &str, api: &Api) -> Result<String, String> {
    let lines: Vec<&str> = text.lines().collect();
    let mut out = String::with_capacity(text.len());
    let mut open = lines.as_slice();
    while let Some((line, rest)) = open.split_first() {
        let indent = line.len() - line.trim_start().len();
        if !line.trim_start().starts_with("/// Scope: ") {
            push(&mut out, line);
            open = rest;
            continue;
        }
        let length = open.iter().take_while(|line| is_text(line)).count();
        let (paragraph, behind) = open.split_at(length);
        let written: Vec<&str> = paragraph
            .iter()
            .copied()
            .take_while(|line| !is_ours(line))
            .collect();
        written.iter().for_each(|line| push(&mut out, line));
        let joined: Vec<&str> = written.iter().map(|line| comment(line)).collect();
        let sentences = sentences(&endpoints(&joined.join(" "), api)?);
        wrap(&mut out, &line[..indent], &sentences);
        open = behind;
    }
    Ok(out)
}

fn push(out: &mut String, line: &str) {
    out.push_str(line);
    out.push('\n');
}

/// Returns the text of a line of a comment.
fn comment(line: &str) -> &str {
    let line = line.trim_start();
    line.strip_prefix("///").map_or("", str::trim)
}

fn is_text(line: &str) -> bool {
    !comment(line).is_empty()
}

fn is_ours(line: &str) -> bool {
    ["Since: ", "Feature: ", "Features: "]
        .iter()
        .any(|word| comment(line).starts_with(word))
}

/// Returns the operations whose endpoints a paragraph names.
fn endpoints<'a>(paragraph: &str, api: &'a Api) -> Result<Vec<&'a ApiOperation>, String> {
    let mut found = Vec::new();
    for code in paragraph.split('`').skip(1).step_by(2) {
        let Some((method, path)) = code.split_once(" /api/") else {
            continue;
        };
        let path = format!("/api/{}", path.split('?').next().unwrap_or_default());
        let same = |operation: &&ApiOperation| {
            let their = operation.path.trim_end_matches('/');
            operation.method == method && their == path.trim_end_matches('/')
        };
        match api.operations.iter().find(same) {
            Some(operation) => found.push(operation),
            None => return Err(format!("`{code}` is the endpoint of no operation")),
        }
    }
    Ok(found)
}

/// Returns what the operations require of the server; nothing if all servers have them.
fn sentences(operations: &[&ApiOperation]) -> String {
    let same = |key: fn(&ApiOperation) -> String| {
        let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
        for operation in operations {
            let value = key(operation);
            match groups.iter_mut().find(|(known, _)| *known == value) {
                Some((_, paths)) => paths.push(&operation.path),
                None => groups.push((value, vec![&operation.path])),
            }
        }
        groups
    };
    let since = same(|operation| operation.since.map_or_else(String::new, |r| r.to_string()));
    let features = same(|operation| {
        let features = operation.features.iter().map(|f| format!("`{f}`"));
        let features: Vec<String> = features.collect();
        match features.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, others)) => format!("{} and {last}", others.join(", ")),
            None => String::new(),
        }
    });
    let described = [("Since", since), ("Feature", features)];
    let sentences = described.into_iter().filter_map(|(label, groups)| {
        let several = groups.len() > 1;
        let parts: Vec<String> = groups
            .iter()
            .filter(|(value, _)| !value.is_empty())
            .map(|(value, paths)| match several {
                true => format!("{value} (`{}`)", paths.join("`, `")),
                false => value.clone(),
            })
            .collect();
        (!parts.is_empty()).then(|| format!("{label}: {}.", parts.join(", ")))
    });
    sentences.collect::<Vec<_>>().join(" ")
}

fn wrap(out: &mut String, indent: &str, text: &str) {
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && indent.len() + 5 + line.len() + word.len() > WIDTH {
            push(out, &format!("{indent}/// {line}"));
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        push(out, &format!("{indent}/// {line}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::spec::{discovery, join, overlay::Overlay};

    fn api() -> Api {
        let document = serde_json::json!({"swagger": "2.0", "paths": {
            "/api/v1/a/": {"get": {"operationId": "listA", "tags": ["a"]}},
            "/api/v1/b": {"get": {"operationId": "listB", "tags": ["a"]}},
            "/api/v1/c": {"get": {"operationId": "listC", "tags": ["a"]}},
        }});
        let mut overlay = Overlay::default();
        let entry = |id: &str, more: &str| {
            format!(
                "[operations.{id}]\nsummary = \"X.\"\nreturns = \"nothing\"\nstatus = [200]\n{more}\n"
            )
        };
        let file = [
            entry(
                "listA",
                "since = \"3.11\"\nfeature = [\"FEATURE_X\", \"FEATURE_Y\"]",
            ),
            entry("listB", ""),
            entry("listC", "since = \"3.18\""),
        ];
        overlay
            .add("a", &file.concat())
            .unwrap_or_else(|d| panic!("{d}"));
        let operations = discovery::parse(&document).unwrap_or_else(|d| panic!("{d}"));
        join(operations, overlay).unwrap_or_else(|d| panic!("{d}"))
    }

    #[test]
    fn names_release_and_settings_behind_the_endpoint() -> Result<(), String> {
        let api = api();
        for (before, after) in [
            (
                "    /// Scope: none. Endpoint: `GET /api/v1/a?x=1`. All\n    /// at once.\n    fn a() {}\n",
                "    /// Scope: none. Endpoint: `GET /api/v1/a?x=1`. All\n    /// at once.\n    /// Since: 3.11. Feature: `FEATURE_X` and `FEATURE_Y`.\n    fn a() {}\n",
            ),
            (
                "/// Scope: none. Endpoint: `GET /api/v1/b`.\n///\n/// # Errors\n",
                "/// Scope: none. Endpoint: `GET /api/v1/b`.\n///\n/// # Errors\n",
            ),
            (
                "/// Scope: none. Endpoint: `GET /api/v1/a/` or\n/// `GET /api/v1/b` or `GET /api/v1/c`.\n/// Since: 3.10.\n",
                "/// Scope: none. Endpoint: `GET /api/v1/a/` or\n/// `GET /api/v1/b` or `GET /api/v1/c`.\n/// Since: 3.11 (`/api/v1/a/`), 3.18 (`/api/v1/c`). Feature: `FEATURE_X` and `FEATURE_Y`\n/// (`/api/v1/a/`).\n",
            ),
        ] {
            assert_eq!(source(before, &api)?, after);
            assert_eq!(source(after, &api)?, after, "a second time");
        }
        let unknown = source("/// Scope: none. Endpoint: `GET /api/v1/d`.\n", &api);
        assert_eq!(
            unknown,
            Err("`GET /api/v1/d` is the endpoint of no operation".to_owned())
        );
        Ok(())
    }
}
