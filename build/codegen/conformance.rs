//! The dispatch of the conformance test: from an operation's identifier to the call of the
//! generated client.

use super::types::rust;
use crate::spec::api::Api;
use crate::spec::names::field_name;
use crate::spec::type_expr::TypeExpr;
use std::fmt::Write;

/// An expression `match id { … }` over `exchange` and `id`: a future, boxed, so that what calls it
/// has not all of them on its stack.
pub fn source(api: &Api) -> String {
    let mut out = String::from("match id {\n");
    for operation in &api.operations {
        // progenitor's order: path parameters as they stand in the path, query parameters by name,
        // the body.
        let mut path: Vec<_> = operation.path_parameters().collect();
        path.sort_by_key(|p| operation.path.find(&format!("{{{}}}", p.name)));
        let mut query: Vec<_> = operation.query_parameters().collect();
        query.sort_by_key(|p| field_name(&p.name));
        let mut read: Vec<String> = path
            .iter()
            .map(|p| format!("exchange.path({:?})?", p.name))
            .collect();
        read.extend(query.iter().map(|p| {
            let required = if p.required {
                ".unwrap_or_default()"
            } else {
                ""
            };
            match p.shape {
                // What is true or false is sent as text: see client.rs.
                TypeExpr::Text | TypeExpr::Boolean => {
                    format!("exchange.text({:?}){required}", p.name)
                }
                _ => format!("exchange.value({:?})?{required}", p.name),
            }
        }));
        read.extend(
            operation
                .body
                .iter()
                .map(|body| format!("&exchange.body::<{}>()?", rust(body))),
        );
        let _ = writeln!(out, "    {:?} => async move {{", operation.id);
        for (number, argument) in read.iter().enumerate() {
            let _ = writeln!(out, "        let a{number} = {argument};");
        }
        let arguments: Vec<String> = (0..read.len()).map(|number| format!("a{number}")).collect();
        let _ = writeln!(
            out,
            "        exchange.send(|client| client.{}({})).await",
            operation.method_name(),
            arguments.join(", ")
        );
        let _ = writeln!(out, "    }}.boxed(),");
    }
    out.push_str("    other => async move { Err(Failure::unknown_operation(other)) }.boxed(),\n}");
    out
}
