//! `docs/operations.md`: every operation on a page, for people.

use super::handles::Methods;
use crate::spec::api::{Api, Operation};
use crate::spec::overlay::Returns;
use std::fmt::Write;

pub fn source(api: &Api, methods: &Methods) -> String {
    let mut out = format!(
        "# The operations of Quay's API\n\n\
         Written by `cargo xtask operations` from `discovery.json` and `overlay/`: {} operations. What a bearer token can't call has a *session* in its notes; *fresh login*\n\
         concerns a browser's session only. Types are those of `quay_api::types`,\n\
         methods those of `quay_api::api`.\n",
        api.operations.len()
    );
    let mut tags: Vec<&str> = api.operations.iter().map(|o| o.tag.as_str()).collect();
    tags.sort_unstable();
    tags.dedup();
    for tag in tags {
        let _ = write!(
            out,
            "\n## {tag}\n\n| operation | request | method | scope | takes | gives | notes |\n| --- | --- | --- | --- | --- | --- | --- |\n"
        );
        for operation in api.operations.iter().filter(|o| o.tag == tag) {
            let _ = writeln!(out, "{}", row(operation, methods));
        }
    }
    out
}

fn row(operation: &Operation, methods: &Methods) -> String {
    let code = |text: String| {
        if text.is_empty() {
            text
        } else {
            format!("`{text}`")
        }
    };
    let gives = match &operation.returns {
        Returns::Body(shape) => code(shape.to_string()),
        _ => String::new(),
    };
    let mut notes = Vec::new();
    if let Some(paging) = operation.paging {
        notes.push(format!("pages by {}", paging.name()));
    }
    if operation.internal {
        notes.push("internal".to_owned());
    }
    if operation.superuser {
        notes.push("superuser".to_owned());
    }
    if operation.fresh_login {
        notes.push("fresh login".to_owned());
    }
    if operation.status.is_empty() {
        notes.push("gone".to_owned());
    }
    if let Some(session) = &operation.session {
        notes.push(format!("session: {session}"));
    }
    let called_by = methods.get(&operation.method_name()).into_iter().flatten();
    format!(
        "| `{}`<br>{} | `{} {}` | {} | {} | {} | {gives} | {} |",
        operation.id,
        operation.summary,
        operation.method,
        operation.path,
        called_by
            .map(|method| format!("`{method}`"))
            .collect::<Vec<_>>()
            .join("<br>"),
        operation
            .scope
            .as_deref()
            .map_or_else(String::new, |scope| code(scope.to_owned())),
        operation
            .body
            .as_ref()
            .map_or_else(String::new, |body| code(body.to_string())),
        notes.join(", "),
    )
}
