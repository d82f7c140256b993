//! The generated client: progenitor, over the completed document.
//!
//! progenitor's methods send their request themselves, and answer a type without the status and the
//! headers that the error mapping needs. Here they end before that: each writes the request of its
//! operation with what `src/transport/draft.rs` has for it.

use super::document::document;
use crate::spec::api::{Api, Operation};
use crate::spec::diagnostic::Diagnostic;
use openapiv3::OpenAPI;
use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use progenitor::{GenerationSettings, Generator, InterfaceStyle, TagStyle};
use std::fmt::Write;
use std::panic::catch_unwind;

/// The source of the client of all operations.
pub fn source(api: &Api) -> Result<String, Diagnostic> {
    let problem = |entry: &str, reason: &str| {
        Diagnostic::new(
            "discovery.json or overlay/",
            entry,
            format!("progenitor can't generate it: {reason}"),
        )
    };
    let reason = match generate(api, &api.operations) {
        Ok(client) => return Ok(client),
        Err(reason) => reason,
    };
    // The first operation that fails on its own.
    let alone = api
        .operations
        .iter()
        .find_map(|o| Some((o.id.as_str(), generate(api, [o]).err()?)));
    Err(match &alone {
        Some((culprit, reason)) => problem(culprit, reason),
        None => problem("the client", &reason),
    })
}

fn generate<'a>(
    api: &Api,
    operations: impl IntoIterator<Item = &'a Operation>,
) -> Result<String, String> {
    let document = document(api, operations)?;
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_tag(TagStyle::Merged)
        .with_map_type("std::collections::BTreeMap");
    for name in api.schemas.names().chain(api.values.names()) {
        settings.with_replacement(name, format!("crate::types::{name}"), std::iter::empty());
    }
    // progenitor answers what it did not expect by panicking.
    let generated = catch_unwind(|| {
        Generator::new(&settings)
            .generate_tokens(&document)
            .map_err(|e| e.to_string())
    });
    match generated {
        Ok(tokens) => {
            let mut client = String::new();
            spaced(tokens?, &mut client);
            drafting(plain_repositories(client, &document)?, api, &document)
        }
        Err(panic) => Err(match panic.downcast_ref::<String>() {
            Some(text) => text.clone(),
            None => panic
                .downcast_ref::<&str>()
                .copied()
                .unwrap_or("it panicked")
                .to_owned(),
        }),
    }
}

/// Writes tokens with a blank between them. `to_string` does about the same, but how is not
/// promised, and what is looked for below has to be found.
fn spaced(tokens: TokenStream, out: &mut String) {
    let mut blank = "";
    for token in tokens {
        out.push_str(blank);
        blank = " ";
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => ("{ ", " }"),
                    Delimiter::None => ("", ""),
                };
                out.push_str(open);
                spaced(group.stream(), out);
                out.push_str(close);
            }
            TokenTree::Punct(punct) => {
                out.push(punct.as_char());
                if punct.spacing() == Spacing::Joint {
                    blank = "";
                }
            }
            other => out.push_str(&other.to_string()),
        }
    }
}

/// Gives the names of repositories in paths their slashes back: progenitor writes every parameter
/// as one segment, `acme%2Fweb`.
///
/// Quay takes that and `acme/web` alike, but a strict proxy before it may refuse an encoded slash.
fn plain_repositories(client: String, document: &OpenAPI) -> Result<String, String> {
    let encoded = "encode_path (& repository . to_string ())";
    let paths = document
        .paths
        .iter()
        .filter(|(path, _)| path.contains("{repository}"));
    let expected: usize = paths
        .filter_map(|(_, item)| item.as_item())
        .map(|item| item.iter().count())
        .sum();
    match client.matches(encoded).count() {
        found if found == expected => {
            Ok(client.replace(encoded, "crate::http::repository_path(repository)"))
        }
        found => Err(format!(
            "{expected} paths have a repository in them, and {found} places encode one: does progenitor write them otherwise now?"
        )),
    }
}

/// How each method begins as progenitor writes it, and how it does here. What is inline is compiled
/// where it is called: an application pays for the operations that it uses.
const DRAFTING: [(&str, &str); 4] = [
    ("pub async fn", "# [inline] pub (crate) fn"),
    (
        "-> Result < ResponseValue < ",
        "-> crate :: Result < crate :: http :: OperationRequest < ",
    ),
    (" > , Error < () > , > {", " > > {"),
    // The version of the document, which no Quay asks for.
    (
        "let mut header_map = :: reqwest :: header :: HeaderMap :: with_capacity (1usize) ; \
         header_map . append (:: reqwest :: header :: HeaderName :: from_static (\"api-version\") , \
         :: reqwest :: header :: HeaderValue :: from_static (Self :: api_version ()) ,) ; ",
        "",
    ),
];

/// How the request is begun, by its method.
const VERBS: [&str; 4] = ["get", "post", "put", "delete"];
/// What the transport knows by itself.
const ACCEPT: &str = " . header (:: reqwest :: header :: ACCEPT , :: reqwest :: header :: HeaderValue :: from_static (\"application/json\" ,) ,)";
/// A parameter of the query, up to its name.
const PARAMETER: &str = " . query (& progenitor_client :: QueryParam :: new (";
/// What stands between the written request and the name of the operation, and how what stands
/// behind that ends.
const HAND_OVER: &str =
    " . headers (header_map) . build () ? ; let info = OperationInfo { operation_id : \"";
const LAST: &str = "_ => Err (Error :: UnexpectedResponse (response)) , } }";

/// Lets each method end with the request that it has written.
fn drafting(mut client: String, api: &Api, document: &OpenAPI) -> Result<String, String> {
    let changed = |what: &str, found: usize, expected: usize| match found == expected {
        true => Ok(()),
        false => Err(format!(
            "{expected} methods have {what:?} in them, and {found} do: does progenitor write them otherwise now?"
        )),
    };
    let methods = document.operations().count();
    for (theirs, ours) in DRAFTING {
        changed(theirs, client.matches(theirs).count(), methods)?;
        client = client.replace(theirs, ours);
    }
    let mut begun = 0;
    for verb in VERBS {
        let theirs =
            format!("# [allow (unused_mut)] let mut request = self . client . {verb} (url)");
        begun += client.matches(&theirs).count();
        client = client.replace(
            &theirs,
            &format!("crate :: http :: RequestBuilder :: {verb} (url)"),
        );
    }
    changed("a verb", begun, methods)?;
    client = client.replace(ACCEPT, "");
    changed("another header", client.matches(" . header (").count(), 0)?;
    // `. query (& … :: new ("name" , & name))` becomes `. query ("name" , & name)`.
    let mut parameters = client.split(PARAMETER);
    let first = parameters.next().unwrap_or_default().to_owned();
    client = parameters.fold(first, |client, rest| {
        client + " . query (" + &rest.replacen("))", ")", 1)
    });
    changed(HAND_OVER, client.matches(HAND_OVER).count(), methods)?;
    let mut names: Vec<String> = api.operations.iter().map(Operation::method_name).collect();
    // The order of the table of operations.
    names.sort_unstable();
    let mut parts = client.split(HAND_OVER);
    let mut drafting = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once('"').unwrap_or_default();
        let (sending, rest) = rest
            .split_once(LAST)
            .ok_or_else(|| format!("{name} does not end as it should"))?;
        changed(
            "exec",
            sending.matches("self . exec (request , & info)").count(),
            1,
        )?;
        let index = names
            .binary_search_by(|n| n.as_str().cmp(name))
            .map_err(|_| format!("{name} is no operation"))?;
        let _ = write!(
            drafting,
            " . build (& crate :: OPERATIONS [{index}]) }}{rest}"
        );
    }
    Ok(drafting)
}
