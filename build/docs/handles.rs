//! Finds the methods of handles that call an operation, in the syntax trees of `src/api/`.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use syn::{GenericArgument, ImplItem, Item, ItemImpl, PathArguments, Type, Visibility};

/// The public methods that call an operation, such as `TagsHandle::list`, by the name of the
/// operation's method in the generated client.
pub type Methods = BTreeMap<String, Vec<String>>;

/// Reads every file of a folder and of the folders in it.
pub fn read(folder: &Path) -> io::Result<Methods> {
    let mut methods = Methods::new();
    for source in sources(folder)? {
        scan(&source, &mut methods).map_err(io::Error::other)?;
    }
    Ok(methods)
}

/// Returns the content of every file of a folder and of the folders in it, sorted by path.
pub fn sources(folder: &Path) -> io::Result<Vec<String>> {
    files(folder)?.into_iter().map(fs::read_to_string).collect()
}

/// Returns every file of a folder and of the folders in it, sorted.
pub fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        paths.push(entry?.path());
    }
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        match path.is_dir() {
            true => found.extend(files(&path)?),
            false => found.push(path),
        }
    }
    Ok(found)
}

fn scan(source: &str, methods: &mut Methods) -> syn::Result<()> {
    for item in syn::parse_file(source)?.items {
        let Item::Impl(item) = item else { continue };
        let owner = owner(&item);
        for item in &item.items {
            let ImplItem::Fn(method) = item else { continue };
            let is_public = matches!(method.vis, Visibility::Public(_));
            let label = match is_public && !owner.starts_with("Listing<") {
                true => format!("{owner}::{}", method.sig.ident),
                // A helper, or the request of a listing: the type is enough.
                false => owner.clone(),
            };
            calls(method.block.to_token_stream(), &mut |operation| {
                let known = methods.entry(operation).or_default();
                if !known.contains(&label) {
                    known.push(label.clone());
                }
            });
        }
    }
    Ok(())
}

/// Returns the type of an implementation. A list request is reached by the listing of it.
fn owner(item: &ItemImpl) -> String {
    let name = type_name(&item.self_ty);
    match &item.trait_ {
        Some((path, _)) if path.is_ident("ListRequest") => format!("Listing<{name}>"),
        _ => name,
    }
}

/// Returns the name of a type with its generic arguments.
fn type_name(ty: &Type) -> String {
    let Type::Path(ty) = ty else {
        return ty.to_token_stream().to_string();
    };
    let Some(segment) = ty.path.segments.last() else {
        return String::new();
    };
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return segment.ident.to_string();
    };
    let arguments = arguments.args.iter().map(|argument| match argument {
        GenericArgument::Type(ty) => type_name(ty),
        other => other.to_token_stream().to_string(),
    });
    let arguments: Vec<String> = arguments.collect();
    format!("{}<{}>", segment.ident, arguments.join(", "))
}

/// Finds `.api().operation(…)`.
fn calls(tokens: TokenStream, found: &mut impl FnMut(String)) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let is_call = |token: &TokenTree| match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Parenthesis,
        _ => false,
    };
    let is_dot = |token: &TokenTree| matches!(token, TokenTree::Punct(p) if p.as_char() == '.');
    for window in tokens.windows(6) {
        if let [
            dot,
            TokenTree::Ident(api),
            call,
            next,
            TokenTree::Ident(name),
            arguments,
        ] = window
            && api == "api"
            && is_dot(dot)
            && is_dot(next)
            && is_call(call)
            && is_call(arguments)
        {
            found(name.to_string());
        }
    }
    for token in tokens {
        if let TokenTree::Group(group) = token {
            calls(group.stream(), found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_calls_with_their_method() -> syn::Result<()> {
        let mut methods = Methods::new();
        let source = "
            impl TagHandle {
                /// quay.api().documented(
                pub async fn delete(&self) -> Result<()> {
                    self.quay.send(self.quay.api().delete_full_tag(1)).await
                }
                async fn help(&self) {
                    quay.api().helped()
                }
            }
            impl ListRequest for ListTags {
                async fn fetch(&self) {
                    quay
                        .api()
                        .list_repo_tags()
                }
            }
        ";
        scan(source, &mut methods)?;
        let of = |name: &str| methods.get(name).map(|m| m.join(","));
        assert_eq!(of("delete_full_tag").as_deref(), Some("TagHandle::delete"));
        assert_eq!(of("helped").as_deref(), Some("TagHandle"));
        assert_eq!(of("list_repo_tags").as_deref(), Some("Listing<ListTags>"));
        assert_eq!(of("documented"), None);
        Ok(())
    }
}
