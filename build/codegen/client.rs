//! The generated client: progenitor's, with each method cut behind the request that it builds.

use super::cut::cut;
use super::document::document;
use crate::build::spec::api::{Api, ApiOperation};
use crate::build::spec::diagnostic::Diagnostic;
use progenitor::{GenerationSettings, Generator, InterfaceStyle, TagStyle};
use std::panic::catch_unwind;

/// Returns the source of the client of all operations.
pub fn source(api: &Api) -> Result<String, Diagnostic> {
    let all: Vec<&ApiOperation> = api.operations.iter().collect();
    generate(api, &all).map_err(|reason| {
        // progenitor does not tell which operation it fails on: find the first that fails alone.
        let alone = all
            .iter()
            .find_map(|operation| Some((&operation.id, generate(api, &[operation]).err()?)));
        let (entry, reason) = match &alone {
            Some((id, reason)) => (id.as_str(), reason),
            None => ("the client", &reason),
        };
        let reason = format!("the client can't be generated: {reason}");
        Diagnostic::new("discovery.json or overlay/", entry, reason)
    })
}

fn generate(api: &Api, operations: &[&ApiOperation]) -> Result<String, String> {
    let document = document(api, operations.iter().copied())?;
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_tag(TagStyle::Merged)
        .with_map_type("std::collections::BTreeMap");
    for name in api.schemas.keys().chain(api.values.keys()) {
        settings.with_replacement(name, format!("crate::types::{name}"), std::iter::empty());
    }
    // progenitor panics on most of what it does not support.
    let generated = catch_unwind(|| {
        Generator::new(&settings)
            .generate_tokens(&document)
            .map_err(|e| e.to_string())
    });
    let tokens = generated.unwrap_or_else(|panic| {
        let message = panic.downcast_ref::<String>().map(String::as_str);
        let message = message.or_else(|| panic.downcast_ref::<&str>().copied());
        Err(message.unwrap_or("progenitor panicked").to_owned())
    })?;
    let client = syn::parse2(tokens).map_err(|e| format!("progenitor's output: {e}"))?;
    cut(client, api, operations.len()).map(|client| prettyplease::unparse(&client))
}
