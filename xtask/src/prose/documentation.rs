//! The rules of documentation: its first sentence, its sections and its examples.

use super::Findings;
use super::rules::Rules;
use super::words::without_code;

/// The kind of an item, which decides about its first sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// Begins with a verb.
    Function,
    /// A type, trait, constant or macro.
    Type,
    /// A module, whose examples need no heading.
    Module,
    /// A field or variant, whose first paragraph may have several sentences.
    Field,
}

const SECTIONS: [&str; 4] = ["# Errors", "# Examples", "# Panics", "# Safety"];

/// Checks the documentation of one item. Only public items have to begin with a known verb, and
/// with one sentence.
pub fn check(
    path: &str,
    lines: &[(usize, String)],
    item: Item,
    public: bool,
    rules: &Rules,
    findings: &mut Findings,
) {
    let Some((line, _)) = lines.first() else {
        return;
    };
    let paragraph = first_paragraph(lines);
    // Documentation that begins with code or a heading has no first sentence.
    if !paragraph.starts_with("```") {
        first_sentence(path, *line, &paragraph, item, public, rules, findings);
    }
    sections(path, lines, findings);
    examples(path, lines, findings);
    if public && item != Item::Module {
        heading(path, lines, findings);
    }
}

/// An example is below the heading `# Examples`, unless the documentation is nothing else.
fn heading(path: &str, lines: &[(usize, String)], findings: &mut Findings) {
    let mut open = false;
    let fence = lines.iter().position(|(_, text)| {
        let language = text.trim().strip_prefix("```");
        open ^= language.is_some();
        open && language.is_some_and(is_rust)
    });
    let Some(fence) = fence else { return };
    let before = || lines[..fence].iter().map(|(_, text)| text.trim());
    if before().any(|text| !text.is_empty()) && !before().any(|text| text.starts_with("# ")) {
        let message = "`# Examples` must be above an example".to_owned();
        findings.push(path, lines[fence].0, "section", message);
    }
}

/// Returns true for the language of a code fence that is Rust.
fn is_rust(language: &str) -> bool {
    let language = language.split(',').next();
    ["", "no_run", "rust", "should_panic", "compile_fail"]
        .iter()
        .any(|rust| language == Some(rust))
}

fn first_paragraph(lines: &[(usize, String)]) -> String {
    let lines = lines.iter().map(|(_, text)| text.trim());
    let lines = lines.take_while(|text| !text.is_empty());
    lines.collect::<Vec<_>>().join(" ")
}

fn first_sentence(
    path: &str,
    line: usize,
    paragraph: &str,
    item: Item,
    public: bool,
    rules: &Rules,
    findings: &mut Findings,
) {
    let first = paragraph.split_whitespace().next().unwrap_or_default();
    let first = first.trim_end_matches([',', ':', '.', ';']);
    if public {
        let counts = match item {
            Item::Function => &mut findings.functions,
            Item::Type | Item::Module | Item::Field => &mut findings.others,
        };
        *counts.entry(first.to_owned()).or_default() += 1;
    }
    if rules.first_words_not_used.iter().any(|word| word == first) {
        let message = format!("\"{first} …\": begin with a verb in the third person or a noun");
        findings.push(path, line, "first-word", message);
    } else if public && item == Item::Function && !rules.verbs.iter().any(|verb| verb == first) {
        let message = format!("\"{first} …\": begin with a verb of the list `verbs`");
        findings.push(path, line, "verb", message);
    }
    if !public {
        return;
    }
    if !paragraph.ends_with(['.', ':']) && !paragraph.ends_with(".)") {
        let message = "the first paragraph must end with a period".to_owned();
        findings.push(path, line, "period", message);
    }
    if item == Item::Field {
        return;
    }
    let prose = without_code(paragraph, &mut false);
    if sentences(&prose) > 1 {
        let message = "the first paragraph must be one sentence".to_owned();
        findings.push(path, line, "one-sentence", message);
    }
    let length = without_links(paragraph).chars().count();
    if length > rules.longest_first_sentence {
        let most = rules.longest_first_sentence;
        let message = format!("the first sentence has {length} characters, at most {most} allowed");
        findings.push(path, line, "length", message);
    }
}

/// Removes the addresses of links.
fn without_links(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("](") {
        out.push_str(before);
        out.push(']');
        rest = behind.split_once(')').map_or("", |(_, behind)| behind);
    }
    out.push_str(rest);
    out
}

/// Counts sentences.
pub fn sentences(text: &str) -> usize {
    let ends = |word: &&str| {
        let word = word.trim_end_matches([')', '"', '\u{0}']);
        word.ends_with(['.', '!', '?']) && !["e.g.", "i.e.", "etc.", "vs."].contains(&word)
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    let last = words.len().saturating_sub(1);
    words.iter().take(last).filter(|word| ends(word)).count() + 1
}

/// A section's heading is followed by an empty line and whole sentences.
fn sections(path: &str, lines: &[(usize, String)], findings: &mut Findings) {
    for (at, (line, text)) in lines.iter().enumerate() {
        let text = text.trim_end();
        let is_section = SECTIONS.contains(&text)
            || SECTIONS
                .iter()
                .any(|section| text == section.trim_end_matches('s'));
        if !is_section {
            continue;
        }
        if !SECTIONS.contains(&text) {
            findings.push(path, *line, "section", format!("`{text}s` is the heading"));
        }
        let mut behind = lines[at + 1..].iter().map(|(_, text)| text.trim());
        if behind.next() != Some("") {
            let message = format!("an empty line must follow `{text}`");
            findings.push(path, *line, "section", message);
            continue;
        }
        let paragraph: Vec<&str> = behind.take_while(|text| !text.is_empty()).collect();
        let paragraph = paragraph.join(" ");
        if paragraph.starts_with("```") {
            continue;
        }
        let begins = paragraph.chars().next();
        let begins = begins.is_some_and(|c| c.is_uppercase() || "`[-*".contains(c));
        if !begins || !paragraph.ends_with(['.', ':']) {
            let message = format!("`{text}` must have whole sentences");
            findings.push(path, *line, "section", message);
        }
    }
}

/// `use` comes first in examples.
pub fn examples(path: &str, lines: &[(usize, String)], findings: &mut Findings) {
    let mut fence: Option<bool> = None;
    let mut begun = false;
    let mut in_use = false;
    for (line, text) in lines {
        let text = text.trim();
        if let Some(language) = text.strip_prefix("```") {
            fence = fence.is_none().then_some(is_rust(language));
            (begun, in_use) = (false, false);
            continue;
        }
        let hidden = text == "#" || text.starts_with("# ");
        let aside = text.is_empty() || text.starts_with("//") || text.starts_with("#[");
        if fence != Some(true) || hidden || aside {
            continue;
        }
        if in_use {
            in_use = !text.ends_with(';');
        } else if text.starts_with("use ") || text.starts_with("pub use ") {
            in_use = !text.ends_with(';');
            if begun {
                let message = "`use` must come first in an example".to_owned();
                findings.push(path, *line, "use-first", message);
            }
        } else if !text.starts_with("#!") && !text.starts_with("mod ") {
            begun = true;
        }
    }
}
