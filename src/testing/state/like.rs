//! SQL's `LIKE`, by which the server filters tags.

/// Returns true if a string contains a filter, as in the server's database.
///
/// Case is ignored. `%` matches any characters and `_` one character; a backslash makes the next
/// character literal.
pub fn contains(text: &str, filter: &str) -> bool {
    // The server puts the filter between two `%`, so a backslash at its end escapes the second.
    let pattern = parse(&format!("%{}%", filter.to_lowercase()));
    let text: Vec<char> = text.to_lowercase().chars().collect();
    matches(&pattern, &text)
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Token {
    Any,
    One,
    Literal(char),
}

fn parse(pattern: &str) -> Vec<Token> {
    let mut chars = pattern.chars();
    let mut tokens = Vec::new();
    while let Some(c) = chars.next() {
        tokens.push(match c {
            '%' => Token::Any,
            '_' => Token::One,
            '\\' => Token::Literal(chars.next().unwrap_or('\\')),
            other => Token::Literal(other),
        });
    }
    tokens
}

/// Matches with backtracking to the last `%` only, so the time is at most the product of both
/// lengths.
fn matches(pattern: &[Token], text: &[char]) -> bool {
    let (mut token, mut at) = (0, 0);
    let mut retry = None;
    while at < text.len() {
        match pattern.get(token) {
            Some(Token::Any) => {
                retry = Some((token + 1, at));
                token += 1;
            }
            Some(Token::One) => (token, at) = (token + 1, at + 1),
            Some(Token::Literal(c)) if *c == text[at] => (token, at) = (token + 1, at + 1),
            _ => match retry {
                Some((after, from)) => {
                    (token, at) = (after, from + 1);
                    retry = Some((after, from + 1));
                }
                None => return false,
            },
        }
    }
    pattern[token..].iter().all(|rest| *rest == Token::Any)
}

#[cfg(test)]
mod tests {
    use super::contains;

    /// Measured on PostgreSQL, but for the last two.
    #[test]
    fn finds_what_the_database_finds() {
        let found = |filter: &str| -> Vec<&str> {
            ["v1.0", "v1_0", "V1.1", "other", "v1-0"]
                .into_iter()
                .filter(|name| contains(name, filter))
                .collect()
        };
        assert_eq!(found("V1"), ["v1.0", "v1_0", "V1.1", "v1-0"]);
        assert_eq!(found("v1_0"), ["v1.0", "v1_0", "v1-0"]);
        assert_eq!(found("v%0"), ["v1.0", "v1_0", "v1-0"]);
        assert_eq!(found("_").len(), 5);
        assert_eq!(found("").len(), 5);
        assert_eq!(found("\\_"), ["v1_0"]);
        assert_eq!(found("v1\\_0"), ["v1_0"]);
        assert_eq!(found("v1\\"), [""; 0]);
        assert!(!contains(&"a".repeat(128), &"%a".repeat(20_000)));
    }
}
