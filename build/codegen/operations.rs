//! The public table of operations.

use crate::spec::api::{Api, Operation};
use crate::spec::overlay::Returns;
use std::fmt::Write;

pub fn source(api: &Api) -> String {
    let mut operations: Vec<&Operation> = api.operations.iter().collect();
    // The methods of the generated client know their place in it.
    operations.sort_by_key(|o| o.method_name());
    let mut out = String::from("&[\n");
    for operation in operations {
        let _ = writeln!(
            out,
            "    Operation {{ id: {:?}, method: {:?}, path: {:?}, tag: {:?}, scope: {:?}, summary: {:?}, internal: {:?}, fresh_login: {:?}, session: {:?}, superuser: {:?}, empty: {:?}, query: &{:?}, hidden: &{:?}, body: {:?}, documented: {:?}, idempotency: Idempotency::{:?}, paging: {} }},",
            operation.id,
            operation.method,
            operation.path,
            operation.tag,
            operation.scope,
            operation.summary,
            operation.internal,
            operation.fresh_login,
            operation.session,
            operation.superuser || operation.scope.as_deref() == Some("super:user"),
            !matches!(operation.returns, Returns::Body(_)),
            operation
                .query_parameters()
                .map(|p| p.name.as_str())
                .collect::<Vec<_>>(),
            operation
                .query_parameters()
                .filter(|p| p.hidden)
                .map(|p| p.name.as_str())
                .collect::<Vec<_>>(),
            operation.body.is_some(),
            operation.documented,
            operation.idempotency,
            operation.paging.map_or_else(
                || "None".to_owned(),
                |paging| format!("Some(Paging::{paging:?})")
            ),
        );
    }
    out.push(']');
    out
}
