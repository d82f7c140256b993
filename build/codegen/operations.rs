//! The table of operations, to which `crate::OPERATIONS` refers.

use super::writer::Writer;
use crate::build::spec::api::{Api, ApiOperation, ApiParameter};
use crate::build::spec::release::Release;

/// Returns the operations in the order of the table: by the name of the method.
pub fn in_order(api: &Api) -> Vec<&ApiOperation> {
    let mut operations: Vec<_> = api.operations.iter().collect();
    operations.sort_by_key(|operation| operation.method_name());
    operations
}

pub fn source(api: &Api) -> String {
    let mut out = Writer::default();
    let operations = in_order(api);
    // A static: the value of a constant would be compiled again wherever it is used.
    let head = format!("static TABLE: [Operation; {}] = [", operations.len());
    out.group(&head, "];", |out| {
        for (index, operation) in operations.iter().enumerate() {
            out.group("Operation {", "},", |out| {
                out.line(format!("index: {index},"));
                fields(out, operation);
            });
        }
    });
    let head = format!("static DETAILS: [Details; {}] = [", operations.len());
    out.group(&head, "];", |out| {
        for operation in operations {
            out.group("Details {", "},", |out| details(out, operation));
        }
    });
    out.finish()
}

fn fields(out: &mut Writer, operation: &ApiOperation) {
    let release = |release: Option<Release>| release.map(|release| release.to_string());
    let features: Vec<String> = operation
        .features
        .iter()
        .map(|f| format!("{f:?}"))
        .collect();
    let superuser = operation.scope.as_deref() == Some("super:user");
    out.line(format!("id: {:?},", operation.id));
    out.line(format!("method: {:?},", operation.method));
    out.line(format!("path: {:?},", operation.path));
    out.line(format!("scope: {:?},", operation.scope));
    out.line(format!("internal: {},", operation.internal));
    out.line(format!("fresh_login: {},", operation.fresh_login));
    out.line(format!("superuser: {superuser},"));
    out.line(format!("empty: {},", operation.returns.body().is_none()));
    out.line(format!("body: {},", operation.body.is_some()));
    out.line(format!("documented: {},", operation.documented));
    out.line(format!("since: {:?},", release(operation.since)));
    out.line(format!("listed: {:?},", release(operation.listed)));
    out.list("features: &[", &features, "],");
    let idempotency = operation.idempotency;
    out.line(format!("idempotency: Idempotency::{idempotency:?},"));
    out.line(match operation.paging {
        Some(paging) => format!("paging: Some(Paging::{paging:?}),"),
        None => "paging: None,".to_owned(),
    });
}

fn details(out: &mut Writer, operation: &ApiOperation) {
    let names = |is_listed: fn(&ApiParameter) -> bool| -> Vec<String> {
        let parameters = operation.query_parameters().filter(|p| is_listed(p));
        parameters.map(|p| format!("{:?}", p.name)).collect()
    };
    out.line(format!("tag: {:?},", operation.tag));
    out.line(format!("summary: {:?},", operation.summary));
    out.line(format!("session: {:?},", operation.session));
    out.list("query: &[", &names(|_| true), "],");
    out.list("hidden: &[", &names(|p| p.hidden), "],");
}
