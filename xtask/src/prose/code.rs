//! Rust sources: the documentation of items, comments, and messages in string literals.

use super::Findings;
use super::documentation::{self, Item};
use super::lexer::{self, Block, Kind};
use super::rules::Rules;
use super::words;
use std::error::Error;
use syn::{Attribute, Expr, Fields, ImplItem, Lit, Meta, TraitItem, Visibility};

/// An item with documentation.
struct Documented {
    item: Item,
    public: bool,
    first_line: String,
}

/// Checks a source.
pub fn check(
    path: &str,
    text: &str,
    rules: &Rules,
    findings: &mut Findings,
) -> Result<(), Box<dyn Error>> {
    let mut blocks = lexer::blocks(text);
    let mut items = Vec::new();
    let library = path.starts_with("src/");
    walk(&syn::parse_file(text)?.items, library, &mut items);
    let mut items = items.into_iter().peekable();
    for block in &mut blocks {
        if block.kind == Kind::Literal && !is_message(path, block) {
            continue;
        }
        words::check(path, &without_examples(&block.lines), rules, findings);
        let (item, public) = match block.kind {
            Kind::InnerDoc => (Item::Module, library),
            Kind::Doc => {
                let first = block.lines.first().map_or("", |(_, text)| text.trim());
                match items.next_if(|next| next.first_line == first) {
                    Some(next) => (next.item, next.public),
                    // The arguments of a macro, such as the variants of an open enum.
                    None => (Item::Field, false),
                }
            }
            Kind::Comment | Kind::Literal => continue,
        };
        close_sentence(block, text);
        documentation::check(path, &block.lines, item, public, rules, findings);
    }
    match items.next() {
        None => Ok(()),
        // Else the items behind it would not be checked.
        Some(lost) => Err(format!("not found in the source: \"{}\"", lost.first_line).into()),
    }
}

/// Adds a period to a sentence that a `#[doc = …]` continues.
fn close_sentence(block: &mut Block, source: &str) {
    let Some((line, text)) = block.lines.last_mut() else {
        return;
    };
    let next = source.lines().nth(*line).unwrap_or_default();
    if next.trim_start().starts_with("#[doc = ") {
        text.push('.');
    }
}

/// Returns true for a literal of several words, which is a message to users. The strings of the
/// sandbox and of tests are Quay's own or data.
fn is_message(path: &str, block: &Block) -> bool {
    let ours = ["src/", "build/", "xtask/", "examples/"];
    let theirs = ["src/testing/", "src/tests/", "xtask/src/prose/tests.rs"];
    let text: Vec<&str> = block.lines.iter().map(|(_, text)| text.as_str()).collect();
    let text = text.join(" ");
    let is_word = |word: &&str| word.chars().all(char::is_alphabetic);
    ours.iter().any(|folder| path.starts_with(folder))
        && !theirs.iter().any(|folder| path.starts_with(folder))
        && text.split_whitespace().filter(is_word).count() > 2
        && !text.contains("\": ")
}

/// Returns the lines outside of code fences.
pub fn without_examples(lines: &[(usize, String)]) -> Vec<(usize, String)> {
    let mut code = false;
    let mut out = Vec::new();
    for (line, text) in lines {
        if text.trim_start().starts_with("```") {
            code = !code;
            out.push((*line, String::new()));
        } else if !code {
            out.push((*line, text.clone()));
        }
    }
    out
}

/// Collects the documented items in the order of the source.
fn walk(items: &[syn::Item], library: bool, out: &mut Vec<Documented>) {
    for item in items {
        match item {
            syn::Item::Fn(item) => {
                push(
                    &item.attrs,
                    Item::Function,
                    is_public(&item.vis, library),
                    out,
                );
            }
            syn::Item::Struct(item) => {
                let public = is_public(&item.vis, library);
                push(&item.attrs, Item::Type, public, out);
                fields(&item.fields, false, library, out);
            }
            syn::Item::Enum(item) => {
                let public = is_public(&item.vis, library);
                push(&item.attrs, Item::Type, public, out);
                for variant in &item.variants {
                    push(&variant.attrs, Item::Field, public, out);
                    fields(&variant.fields, public, library, out);
                }
            }
            syn::Item::Trait(item) => {
                let public = is_public(&item.vis, library);
                push(&item.attrs, Item::Type, public, out);
                for item in &item.items {
                    match item {
                        TraitItem::Fn(item) => push(&item.attrs, Item::Function, public, out),
                        TraitItem::Type(item) => push(&item.attrs, Item::Field, public, out),
                        TraitItem::Const(item) => push(&item.attrs, Item::Field, public, out),
                        _ => {}
                    }
                }
            }
            syn::Item::Impl(item) => {
                let library = library && item.trait_.is_none();
                for item in &item.items {
                    match item {
                        ImplItem::Fn(item) => {
                            push(
                                &item.attrs,
                                Item::Function,
                                is_public(&item.vis, library),
                                out,
                            );
                        }
                        ImplItem::Const(item) => {
                            push(&item.attrs, Item::Field, is_public(&item.vis, library), out);
                        }
                        ImplItem::Type(item) => push(&item.attrs, Item::Field, false, out),
                        _ => {}
                    }
                }
            }
            syn::Item::Mod(item) => {
                push(&item.attrs, Item::Type, is_public(&item.vis, library), out);
                let inner = item.content.as_ref().map(|(_, items)| items.as_slice());
                walk(inner.unwrap_or_default(), library, out);
            }
            syn::Item::Const(item) => {
                push(&item.attrs, Item::Type, is_public(&item.vis, library), out);
            }
            syn::Item::Static(item) => {
                push(&item.attrs, Item::Type, is_public(&item.vis, library), out);
            }
            syn::Item::Type(item) => {
                push(&item.attrs, Item::Type, is_public(&item.vis, library), out);
            }
            syn::Item::Macro(item) => push(&item.attrs, Item::Type, false, out),
            _ => {}
        }
    }
}

fn fields(fields: &Fields, of_public: bool, library: bool, out: &mut Vec<Documented>) {
    for field in fields {
        let public = of_public || is_public(&field.vis, library);
        push(&field.attrs, Item::Field, public, out);
    }
}

fn is_public(visibility: &Visibility, library: bool) -> bool {
    library && matches!(visibility, Visibility::Public(_))
}

fn push(attributes: &[Attribute], item: Item, public: bool, out: &mut Vec<Documented>) {
    let hidden = |attribute: &Attribute| {
        let Meta::List(list) = &attribute.meta else {
            return false;
        };
        attribute.path().is_ident("doc") && list.tokens.to_string() == "hidden"
    };
    let public = public && !attributes.iter().any(hidden);
    let Some(first_line) = attributes.iter().find_map(doc) else {
        return;
    };
    out.push(Documented {
        item,
        public,
        first_line: first_line.trim().to_owned(),
    });
}

/// Returns the line of a `///` comment.
fn doc(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else {
        return None;
    };
    match &pair.value {
        Expr::Lit(literal) if attribute.path().is_ident("doc") => match &literal.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}
