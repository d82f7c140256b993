//! The words of comments and documents with their lines, and the search for those that are not
//! used.

use super::Findings;
use super::rules::Rules;

/// A word in lower case, without punctuation.
#[derive(Debug)]
pub struct Word {
    pub line: usize,
    pub text: String,
    /// The sentence, list item or paragraph ends after it.
    ends: bool,
}

/// Returns the words of lines, without code in backticks, addresses of links, and HTML comments.
pub fn words(lines: &[(usize, String)]) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut code = false;
    for (line, text) in lines {
        if text.trim().is_empty() {
            code = false;
            words
                .last_mut()
                .into_iter()
                .for_each(|word| word.ends = true);
            continue;
        }
        for part in without_code(text, &mut code).split_whitespace() {
            let bare = part.trim_matches(|c: char| !c.is_alphanumeric());
            // A name of code, a path or an address.
            let is_name = bare.contains(['_', '/', ':', '=', '.', '@', '(', '{']);
            words.push(Word {
                line: *line,
                text: match is_name {
                    true => "\u{0}".to_owned(),
                    false => bare.to_lowercase(),
                },
                ends: part.ends_with(['.', ':', ';', ',', '!', '?', '|', ')']),
            });
        }
    }
    words
}

/// Returns a line with code and the addresses of links replaced. `code` is true while
/// code in backticks continues from the line before.
pub fn without_code(line: &str, code: &mut bool) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        if c == '`' {
            *code = !*code;
            if *code {
                out.push('\u{0}');
            }
        } else if !*code && rest.starts_with("](") {
            out.push(' ');
            rest = rest.split_once(')').map_or("", |(_, behind)| behind);
            continue;
        } else if !*code {
            out.push(c);
        }
        rest = &rest[c.len_utf8()..];
    }
    out
}

/// Reports the words that are not used.
pub fn check(path: &str, lines: &[(usize, String)], rules: &Rules, findings: &mut Findings) {
    let words = words(lines);
    for rule in &rules.words {
        let pattern = rule.pattern();
        let excused = |at: usize| {
            let near = &words[at.saturating_sub(rule.near)..words.len().min(at + rule.near + 1)];
            near.iter()
                .any(|w| rule.unless.iter().any(|u| matches(u, &w.text)))
        };
        for at in 0..words.len() {
            if found(&words[at..], &pattern) && !excused(at) {
                let text = &words[at..at + pattern.len()];
                let text: Vec<&str> = text.iter().map(|word| word.text.as_str()).collect();
                let message = format!("\"{}\": write {}", text.join(" "), rule.instead);
                findings.push(path, words[at].line, "word", message);
            }
        }
    }
}

fn found(words: &[Word], pattern: &[&str]) -> bool {
    let last = pattern.len() - 1;
    words.len() >= pattern.len()
        && pattern
            .iter()
            .zip(words)
            .enumerate()
            .all(|(n, (pattern, word))| matches(pattern, &word.text) && (n == last || !word.ends))
}

/// Compares a word with a pattern, whose `*` stands for any ending.
fn matches(pattern: &str, word: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(beginning) => word.starts_with(beginning),
        None => word == pattern,
    }
}
