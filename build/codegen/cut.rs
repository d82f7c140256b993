//! Cuts progenitor's methods behind the request that they build.
//!
//! progenitor's methods send their request and return a type without the status and the headers,
//! which retries and errors need. Here each method becomes one that returns the request of its
//! operation, for the crate's own transport:
//!
//! - The statements behind the request go, and with them `async`. Headers go as well: the transport
//!   sets them.
//! - The names of repositories keep their slashes in the path. progenitor encodes each parameter as
//!   one segment, which a strict proxy in front of Quay may refuse.
//! - A method with two or more parameters takes a struct with named fields, which can't be swapped.
//!
//! `src/http/generated_runtime.rs` defines the names that remain in the methods.

use super::operations::in_order;
use crate::build::spec::api::{Api, ApiOperation};
use crate::build::spec::names::{field_name, variant_name};
use proc_macro2::{Literal, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Expr, File, FnArg, GenericArgument, Ident, ImplItem, ImplItemFn, Item, ItemStruct,
    Local, LocalInit, PatType, PathArguments, ReturnType, Stmt, Token, Type, parse_quote,
};

/// Returns the client with all methods cut. Their number has to be `expected`.
pub fn cut(client: File, api: &Api, expected: usize) -> Result<File, String> {
    let operations = in_order(api);
    let mut methods = Vec::new();
    let mut structs = Vec::new();
    for method in client.items.into_iter().flat_map(async_methods) {
        let name = method.sig.ident.to_string();
        let index = operations
            .binary_search_by_key(&name, |operation| operation.method_name())
            .map_err(|_| format!("progenitor's method {name} belongs to no operation"))?;
        let (method, params) = cut_method(method, index, operations[index])
            .map_err(|reason| format!("progenitor's method {name} {reason}"))?;
        methods.push(method);
        structs.extend(params);
    }
    if methods.len() != expected {
        let found = methods.len();
        return Err(format!(
            "progenitor generated {found} methods for {expected} operations"
        ));
    }
    Ok(parse_quote! {
        impl Client {
            #(#methods)*
        }

        /// The arguments of the methods that have more than one.
        pub(crate) mod params {
            #(#structs)*
        }
    })
}

/// Returns the methods of the client that call an operation.
fn async_methods(item: Item) -> Vec<ImplItemFn> {
    let items = match item {
        Item::Impl(item) if item.trait_.is_none() => item.items,
        _ => Vec::new(),
    };
    items
        .into_iter()
        .filter_map(|item| match item {
            ImplItem::Fn(method) if method.sig.asyncness.is_some() => Some(method),
            _ => None,
        })
        .collect()
}

fn cut_method(
    mut method: ImplItemFn,
    index: usize,
    operation: &ApiOperation,
) -> Result<(ImplItemFn, Option<ItemStruct>), String> {
    let mut statements = method.block.stmts.into_iter();
    let url = statements.next().ok_or("is empty")?;
    let url = with_repository(url, operation)?;
    let request = statements
        .find_map(request)
        .map(without_headers)
        .ok_or("has no statement `let request = ….build()?;`")?;
    let success =
        success(&method.sig.output).ok_or("does not return `Result<ResponseValue<T>, _>`")?;
    let index = Literal::usize_unsuffixed(index);

    method.attrs = docs(&[
        &operation.summary,
        "",
        &format!("`{} {}`", operation.method, operation.path),
    ]);
    method.attrs.push(parse_quote!(#[inline]));
    method.vis = parse_quote!(pub(crate));
    method.sig.asyncness = None;
    method.sig.output = parse_quote!(-> crate::Result<OperationRequest<#success>>);
    method.block = parse_quote!({
        #url
        #request.build(&crate::OPERATIONS[#index])
    });
    let params = name_params(&mut method, operation);
    Ok((method, params))
}

/// Replaces `encode_path` by `encode_segments` for the repository in `let url = format!(…);`.
fn with_repository(statement: Stmt, operation: &ApiOperation) -> Result<Stmt, String> {
    let unexpected = || "does not begin with `let url = format!(…);`".to_owned();
    let Stmt::Local(mut local) = statement else {
        return Err(unexpected());
    };
    let Some(Expr::Macro(format)) = local.init.as_mut().map(|init| &mut *init.expr) else {
        return Err(unexpected());
    };
    let mut arguments = format
        .mac
        .parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated)
        .map_err(|_| unexpected())?;
    let encoded: Expr = parse_quote!(encode_path(&repository.to_string()));
    let mut found = 0;
    for argument in arguments
        .iter_mut()
        .filter(|argument| **argument == encoded)
    {
        *argument = parse_quote!(encode_segments(repository));
        found += 1;
    }
    let expected = usize::from(operation.path_parameters().any(|p| p.name == "repository"));
    if found != expected {
        return Err(format!(
            "encodes {found} repositories, and its path has {expected}"
        ));
    }
    arguments.pop_punct();
    format.mac.tokens = arguments.into_token_stream();
    Ok(Stmt::Local(local))
}

/// Returns the builder of the request in `let mut request = ….build()?;`.
fn request(statement: Stmt) -> Option<Expr> {
    let Stmt::Local(Local {
        init: Some(LocalInit { expr, .. }),
        ..
    }) = statement
    else {
        return None;
    };
    let Expr::Try(tried) = *expr else { return None };
    match *tried.expr {
        Expr::MethodCall(call) if call.method == "build" => Some(*call.receiver),
        _ => None,
    }
}

/// Removes the calls of `header` and `headers` from a chain.
fn without_headers(chain: Expr) -> Expr {
    match chain {
        Expr::MethodCall(mut call) => {
            let receiver = without_headers(*call.receiver);
            if call.method == "header" || call.method == "headers" {
                return receiver;
            }
            call.receiver = Box::new(receiver);
            Expr::MethodCall(call)
        }
        other => other,
    }
}

/// Returns `T` of `Result<ResponseValue<T>, _>`.
fn success(output: &ReturnType) -> Option<Type> {
    let ReturnType::Type(_, result) = output else {
        return None;
    };
    first_argument(&first_argument(result, "Result")?, "ResponseValue")
}

/// Returns the first generic argument of a type with a certain name.
fn first_argument(ty: &Type, name: &str) -> Option<Type> {
    let Type::Path(ty) = ty else { return None };
    let segment = ty.path.segments.last()?;
    match &segment.arguments {
        PathArguments::AngleBracketed(arguments) if segment.ident == name => {
            match arguments.args.first()? {
                GenericArgument::Type(ty) => Some(ty.clone()),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Replaces two or more parameters of a method with a struct, which is returned.
fn name_params(method: &mut ImplItemFn, operation: &ApiOperation) -> Option<ItemStruct> {
    let params: Vec<PatType> = method
        .sig
        .inputs
        .iter()
        .filter_map(|input| match input {
            FnArg::Typed(param) => Some(param.clone()),
            FnArg::Receiver(_) => None,
        })
        .collect();
    if params.len() < 2 {
        return None;
    }
    let name = format_ident!("{}", variant_name(&method.sig.ident.to_string()));
    let has_lifetime = params.iter().any(|param| {
        let tokens = param.ty.to_token_stream();
        tokens
            .into_iter()
            .any(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == '\''))
    });
    let lifetime = has_lifetime.then(|| quote!(<'a>));
    let fields = params.iter().map(|PatType { pat, ty, .. }| {
        let field: Ident = parse_quote!(#pat);
        let docs = docs(&[description(operation, &field.to_string())]);
        quote!(#(#docs)* pub #field: #ty)
    });
    let fields: Vec<_> = fields.collect();
    let patterns = params.iter().map(|param| &param.pat);
    let receiver = method.sig.inputs.first().cloned();
    method.sig.inputs = parse_quote! {
        #receiver, params::#name { #(#patterns),* }: params::#name #lifetime
    };
    let method = docs(&[&format!("The arguments of `{}`.", method.sig.ident)]);
    Some(parse_quote! {
        #(#method)*
        pub struct #name #lifetime {
            #(#fields),*
        }
    })
}

fn description<'a>(operation: &'a ApiOperation, field: &str) -> &'a str {
    let mut parameters = operation.parameters.iter();
    parameters
        .find(|parameter| field_name(&parameter.name) == field)
        .map_or("The request body.", |parameter| &parameter.description)
}

/// Returns documentation comments, one for each line.
fn docs(lines: &[&str]) -> Vec<Attribute> {
    lines
        .iter()
        .flat_map(|text| {
            if text.is_empty() {
                vec![""]
            } else {
                text.lines().collect()
            }
        })
        .map(|line| match line.is_empty() {
            true => String::new(),
            false => format!(" {line}"),
        })
        .map(|line| parse_quote!(#[doc = #line]))
        .collect()
}
