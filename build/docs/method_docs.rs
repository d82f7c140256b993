//! The documentation of the methods in `src/api/`: behind the sentences that name scope and
//! endpoint, the operation, and the release and the settings that it requires of the server.
//! Aliases lead to the method in rustdoc's search: from Quay's name for the operation, and from
//! words such as "delete tag".

use crate::build::spec::api::{Api, ApiOperation};
use heck::ToSnakeCase;

/// The columns that a comment may take.
const WIDTH: usize = 100;

/// Returns a source file with these sentences and aliases written anew.
pub fn source(text: &str, api: &Api) -> Result<String, String> {
    let lines: Vec<&str> = text.lines().collect();
    let mut out = String::with_capacity(text.len());
    let mut open = lines.as_slice();
    let mut handle = None;
    while let Some((line, rest)) = open.split_first() {
        if !is_comment(line) {
            if line.starts_with("impl") {
                handle = line
                    .strip_prefix("impl ")
                    .and_then(|t| t.strip_suffix("Handle {"));
            }
            push(&mut out, line);
            open = rest;
            continue;
        }
        let (block, behind) = open.split_at(open.iter().take_while(|l| is_comment(l)).count());
        open = behind;
        let Some(begin) = block
            .iter()
            .position(|line| comment(line).contains("Endpoint"))
        else {
            block.iter().for_each(|line| push(&mut out, line));
            continue;
        };
        let indent = &line[..line.len() - line.trim_start().len()];
        let length = block.iter().skip(begin).take_while(|l| is_text(l)).count();
        let (before, after) = block.split_at(begin + length);
        let written: Vec<&str> = before.iter().copied().take_while(|l| !is_ours(l)).collect();
        written.iter().for_each(|line| push(&mut out, line));
        let begin = written.iter().skip(begin).map(|line| comment(line));
        let operations = endpoints(&begin.collect::<Vec<_>>().join(" "), api)?;
        wrap(&mut out, indent, &sentences(&operations));
        after.iter().for_each(|line| push(&mut out, line));
        let is_doc_alias = |line: &&&str| line.trim_start().starts_with("#[doc(alias = ");
        let (aliases, behind) = open.split_at(open.iter().take_while(is_doc_alias).count());
        open = behind;
        let words = handle.zip(behind.first());
        let words = words.and_then(|(handle, function)| in_words(handle, function));
        let words = words.filter(|_| !operations.is_empty());
        let ours = words
            .iter()
            .chain(operations.iter().map(|operation| &operation.id));
        let ours: Vec<String> = ours
            .map(|alias| format!("{indent}#[doc(alias = \"{alias}\")]"))
            .collect();
        ours.iter().for_each(|alias| push(&mut out, alias));
        let own = aliases
            .iter()
            .filter(|line| !is_alias(line, api) && !ours.iter().any(|ours| ours == **line));
        own.for_each(|line| push(&mut out, line));
    }
    Ok(out)
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with("///")
}

fn is_alias(line: &str, api: &Api) -> bool {
    let alias = line.trim().strip_prefix("#[doc(alias = \"");
    let alias = alias.and_then(|rest| rest.strip_suffix("\")]"));
    alias.is_some_and(|alias| alias.contains(' ') || api.operations.iter().any(|o| o.id == alias))
}

/// The methods that users search for by a verb and a noun.
const VERBS: [&str; 19] = [
    "activate",
    "approve",
    "cancel",
    "create",
    "delete",
    "disable",
    "enable",
    "ensure",
    "get",
    "invite",
    "list",
    "regenerate",
    "rename",
    "restore",
    "set",
    "start",
    "test",
    "update",
    "verify",
];

/// Returns the words that users search for a method by, such as "delete tag" for `delete` of
/// `TagHandle`; `None` if its name is not a verb.
fn in_words(handle: &str, function: &str) -> Option<String> {
    let (_, name) = function.split_once("fn ")?;
    let verb = name.split(['(', '<']).next()?;
    let mut noun = handle.to_snake_case().replace('_', " ");
    // A collection creates one thing.
    if ["create", "ensure", "invite"].contains(&verb) {
        if let Some(stem) = noun.strip_suffix("ies") {
            noun = format!("{stem}y");
        } else if let Some(stem) = noun.strip_suffix('s').filter(|stem| !stem.ends_with('s')) {
            noun = stem.to_owned();
        }
    }
    VERBS.contains(&verb).then(|| format!("{verb} {noun}"))
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
    ["Operation: ", "Operations: ", "Since: ", "Feature: "]
        .iter()
        .any(|word| comment(line).starts_with(word))
}

/// Returns the operations whose endpoints a paragraph names.
fn endpoints<'a>(paragraph: &str, api: &'a Api) -> Result<Vec<&'a ApiOperation>, String> {
    let mut found: Vec<&ApiOperation> = Vec::new();
    // In "`DELETE` and `GET /path`", the path is that of both.
    let mut methods = Vec::new();
    for code in paragraph.split('`').skip(1).step_by(2) {
        let (method, path) = code.split_once(' ').unwrap_or((code, ""));
        if !["GET", "POST", "PUT", "DELETE"].contains(&method) {
            continue;
        }
        methods.push(method);
        if path.is_empty() {
            continue;
        }
        let path = path.split('?').next().unwrap_or_default();
        // An endpoint elsewhere, such as one of OAuth, belongs to no operation.
        if !path.starts_with("/api/v1/") {
            methods.clear();
            continue;
        }
        for method in methods.drain(..) {
            let same = |operation: &&ApiOperation| {
                let their = operation.path.trim_end_matches('/');
                operation.method == method && their == path.trim_end_matches('/')
            };
            let Some(operation) = api.operations.iter().find(same) else {
                return Err(format!("`{method} {path}` is the endpoint of no operation"));
            };
            if !found.iter().any(|known| known.id == operation.id) {
                found.push(operation);
            }
        }
    }
    Ok(found)
}

/// Names the operations, and what they require of the server.
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
    let names: Vec<String> = operations.iter().map(|o| format!("`{}`", o.id)).collect();
    let names = match names.as_slice() {
        [] => return String::new(),
        [name] => format!("Operation: {name}."),
        names => format!("Operations: {}.", names.join(", ")),
    };
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
    std::iter::once(names)
        .chain(sentences)
        .collect::<Vec<_>>()
        .join(" ")
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
                "    /// Scope: none. Endpoint: `GET /api/v1/a?x=1`. All\n    /// rows.\n    fn a() {}\n",
                "    /// Scope: none. Endpoint: `GET /api/v1/a?x=1`. All\n    /// rows.\n    /// Operation: `listA`. Since: 3.11. Feature: `FEATURE_X` and `FEATURE_Y`.\n    #[doc(alias = \"listA\")]\n    fn a() {}\n",
            ),
            (
                "/// Scope: none. Endpoint: `GET /api/v1/b`.\n///\n/// # Errors\n#[doc(alias = \"x\")]\n",
                "/// Scope: none. Endpoint: `GET /api/v1/b`.\n/// Operation: `listB`.\n///\n/// # Errors\n#[doc(alias = \"listB\")]\n#[doc(alias = \"x\")]\n",
            ),
            (
                "/// Scope: none. Endpoint: `GET /api/v1/a/` or\n/// `GET /api/v1/b` or `GET /api/v1/c`.\n/// Since: 3.10.\n#[doc(alias = \"listC\")]\n",
                "/// Scope: none. Endpoint: `GET /api/v1/a/` or\n/// `GET /api/v1/b` or `GET /api/v1/c`.\n/// Operations: `listA`, `listB`, `listC`. Since: 3.11 (`/api/v1/a/`), 3.18 (`/api/v1/c`). Feature:\n/// `FEATURE_X` and `FEATURE_Y` (`/api/v1/a/`).\n#[doc(alias = \"listA\")]\n#[doc(alias = \"listB\")]\n#[doc(alias = \"listC\")]\n",
            ),
            ("/// Nothing.\nfn f() {}\n", "/// Nothing.\nfn f() {}\n"),
            (
                "impl TagHandle {\n    /// Endpoint: `GET /api/v1/b`.\n    pub async fn delete(&self) {}\n",
                "impl TagHandle {\n    /// Endpoint: `GET /api/v1/b`.\n    /// Operation: `listB`.\n    #[doc(alias = \"delete tag\")]\n    #[doc(alias = \"listB\")]\n    pub async fn delete(&self) {}\n",
            ),
            (
                "/// Endpoint: `GET /oauth2/token`.\nfn f() {}\n",
                "/// Endpoint: `GET /oauth2/token`.\nfn f() {}\n",
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

    #[test]
    fn searches_by_words_find_methods_with_one_verb() {
        for (handle, function, expected) in [
            (
                "Tag",
                "    pub async fn delete(&self) {}",
                Some("delete tag"),
            ),
            ("Tags", "    pub fn list(&self) {}", Some("list tags")),
            (
                "AutoPrunePolicies",
                "    pub fn create<T>(",
                Some("create auto prune policy"),
            ),
            ("Quotas", "    pub async fn ensure(", Some("ensure quota")),
            ("Tag", "    pub async fn point_to(", None),
            ("Repository", "    pub async fn signatures(", None),
            ("Tag", "    #[must_use]", None),
        ] {
            assert_eq!(in_words(handle, function).as_deref(), expected);
        }
    }
}
