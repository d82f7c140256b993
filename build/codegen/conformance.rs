//! The dispatch of the conformance test: from an operation's identifier to the call of the
//! generated client.

use super::types::rust;
use super::writer::Writer;
use crate::build::spec::api::{Api, ApiOperation, ApiParameter};
use crate::build::spec::names::{field_name, variant_name};
use crate::build::spec::type_expr::TypeExpr;

/// Returns an expression `match id { … }` over `exchange` and `id`. Each arm is a boxed future, so
/// that the caller does not have all of them on its stack.
pub fn source(api: &Api) -> String {
    let mut out = Writer::default();
    out.block("match id", |out| {
        for operation in &api.operations {
            out.group(format!("{:?} => async move {{", operation.id), "}", |out| {
                call(out, operation)
            });
            out.line(".boxed(),");
        }
        out.line("other => async move { Err(Failure::unknown_operation(other)) }.boxed(),");
    });
    out.finish()
}

fn call(out: &mut Writer, operation: &ApiOperation) {
    let mut names = Vec::new();
    for parameter in operation.path_parameters() {
        let name = field_name(&parameter.name);
        out.line(format!(
            "let {name} = exchange.path({:?})?;",
            parameter.name
        ));
        names.push(name);
    }
    for parameter in operation.query_parameters() {
        let name = field_name(&parameter.name);
        out.line(format!("let {name} = {};", query_value(parameter)));
        names.push(name);
    }
    if let Some(body) = &operation.body {
        let ty = rust(body);
        out.line(format!("let body = &exchange.body::<{ty}>()?;"));
        names.push("body".to_owned());
    }
    let method = operation.method_name();
    let argument = match names.as_slice() {
        [] => "",
        [name] => name.as_str(),
        names => {
            let params = variant_name(&method);
            out.group(
                format!("let params = generated::params::{params} {{"),
                "};",
                |out| out.lines(names.iter().map(|name| format!("{name},"))),
            );
            "params"
        }
    };
    out.line("exchange");
    out.line(format!("    .send(|client| client.{method}({argument}))"));
    out.line("    .await");
}

fn query_value(parameter: &ApiParameter) -> String {
    let name = &parameter.name;
    let required = match parameter.required {
        true => ".unwrap_or_default()",
        false => "",
    };
    match parameter.ty {
        // Booleans are sent as strings: see `document.rs`.
        TypeExpr::String | TypeExpr::Boolean => format!("exchange.text({name:?}){required}"),
        _ => format!("exchange.value({name:?})?{required}"),
    }
}
