//! `docs/operations.md`: a table of every operation.

use super::handles::Methods;
use crate::build::spec::api::{Api, ApiOperation};
use crate::build::spec::overlay::paging_word;
use std::fmt::Write;

pub fn source(api: &Api, methods: &Methods) -> String {
    let mut out = format!(
        "# The operations of Quay's API\n\n\
         `cargo xtask operations` writes this page from `discovery.json` and `overlay/`: {} operations.\n\
         The note *session* marks an operation that a bearer token can't call. *fresh login* concerns\n\
         browser sessions only. Types are in `quay_api::types`, methods in `quay_api::api`. *Since* is\n\
         the release that introduced the operation, and is empty for 3.8 and before. *Feature* lists\n\
         the settings of the server that the operation requires.\n",
        api.operations.len()
    );
    for tag in api.tags() {
        let _ = write!(
            out,
            "\n## {tag}\n\n\
             | operation | endpoint | method | scope | since | feature | request body | response \
             body | notes |\n\
             | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n"
        );
        for operation in api.operations.iter().filter(|o| o.tag == tag) {
            let _ = writeln!(out, "{}", row(operation, methods));
        }
    }
    out
}

fn row(operation: &ApiOperation, methods: &Methods) -> String {
    let code = |text: String| {
        if text.is_empty() {
            text
        } else {
            format!("`{text}`")
        }
    };
    let body = operation.body.as_ref();
    let success = operation.returns.body();
    let mut notes = Vec::new();
    if let Some(paging) = operation.paging {
        notes.push(format!("pages by {}", paging_word(paging)));
    }
    if operation.internal {
        notes.push("internal".to_owned());
    }
    if let Some(listed) = operation.listed {
        notes.push(format!("in the server's document since {listed}"));
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
        "| `{}`<br>{} | `{} {}` | {} | {} | {} | {} | {} | {} | {} |",
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
            .since
            .map_or_else(String::new, |release| release.to_string()),
        operation
            .features
            .iter()
            .map(|feature| format!("`{feature}`"))
            .collect::<Vec<_>>()
            .join("<br>"),
        body.map_or_else(String::new, |ty| code(ty.to_string())),
        success.map_or_else(String::new, |ty| code(ty.to_string())),
        notes.join(", "),
    )
}
