//! The strings of a server in errors.
//!
//! An error shows them on one line, with a limited length, and without characters that change how
//! the rest of the line is shown.

/// The maximum length of a message, in characters.
const MAX_CHARS: usize = 2_000;

/// Returns true for characters that are invisible, or that change how others are shown.
///
/// These are control characters, characters that set the direction of text, and those without
/// width.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// Returns the string without hidden characters, and with spaces for line breaks and tabs.
pub(super) fn visible(text: String) -> String {
    let is_long = text.len() > MAX_CHARS && text.chars().nth(MAX_CHARS).is_some();
    if !is_long && !text.contains(is_hidden) {
        return text;
    }
    let mut visible: String = text.chars().filter_map(visible_char).collect();
    truncate(&mut visible, MAX_CHARS);
    visible
}

/// Returns the character that is shown for `c`; `None` if it is hidden.
pub(super) fn visible_char(c: char) -> Option<char> {
    match c {
        '\n' | '\r' | '\t' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(' '),
        c if is_hidden(c) => None,
        c => Some(c),
    }
}

/// Returns the string as one line of at most `max` characters; `None` if it is then empty.
pub(super) fn one_line(text: &str, max: usize) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut line: String = words.join(" ").chars().filter_map(visible_char).collect();
    truncate(&mut line, max);
    (!line.trim().is_empty()).then_some(line)
}

/// Truncates a string to `max` characters, and marks the cut with `…`.
fn truncate(text: &mut String, max: usize) {
    if let Some((end, _)) = text.char_indices().nth(max) {
        text.truncate(end);
        text.push('…');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn removes_hidden_characters() {
        let hostile = "a\u{202e}b\u{2066}c\u{200b}d\u{1b}[31me\u{7}\nf\tg\u{85}h\u{2028}i";
        assert_eq!(visible(hostile.to_owned()), "abcd[31me f g h i");
        assert_eq!(one_line(hostile, 500).as_deref(), Some("abcd[31me f g h i"));
        assert_eq!(one_line("\u{202e}\n\u{200b}", 500), None);
        assert_eq!(one_line("äöü", 2).as_deref(), Some("äö…"));
        assert_eq!(visible("é".repeat(2_000)), "é".repeat(2_000));
        assert_eq!(visible("é".repeat(2_001)).chars().count(), 2_001);
    }
}
