//! The comments and string literals of a Rust source, with their lines.

/// The kind of a [`Block`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `///`
    Doc,
    /// `//!`
    InnerDoc,
    /// `//`
    Comment,
    /// `"…"`, raw or not.
    Literal,
}

/// Adjacent lines of one kind, or one string literal.
#[derive(Debug)]
pub struct Block {
    pub kind: Kind,
    /// Each line with its number, without the marker of the comment.
    pub lines: Vec<(usize, String)>,
}

/// Returns the comments and string literals of a source.
pub fn blocks(source: &str) -> Vec<Block> {
    let mut lexer = Lexer {
        chars: source.chars().collect(),
        at: 0,
        line: 1,
        blocks: Vec::new(),
    };
    lexer.run();
    lexer.blocks
}

struct Lexer {
    chars: Vec<char>,
    at: usize,
    line: usize,
    blocks: Vec<Block>,
}

impl Lexer {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek(0)?;
        self.at += 1;
        self.line += usize::from(c == '\n');
        Some(c)
    }

    fn run(&mut self) {
        while let Some(c) = self.peek(0) {
            match (c, self.peek(1)) {
                ('/', Some('/')) => self.comment(),
                ('/', Some('*')) => self.block_comment(),
                ('"', _) => self.literal(),
                ('r' | 'b' | 'c', _) if !self.follows_a_name() && self.raw().is_some() => {
                    let hashes = self.raw().unwrap_or(0);
                    self.raw_literal(hashes);
                }
                ('\'', _) => self.character(),
                _ => {
                    self.next();
                }
            }
        }
    }

    /// Returns true within a name, such as at the `r` of `for`.
    fn follows_a_name(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|at| self.chars.get(at));
        before.is_some_and(|c| c.is_alphanumeric() || *c == '_')
    }

    /// Returns the number of `#` if a raw string begins here.
    fn raw(&self) -> Option<usize> {
        let mut ahead = usize::from(matches!(self.peek(0), Some('b' | 'c')));
        if self.peek(ahead) != Some('r') {
            return None;
        }
        ahead += 1;
        let hashes = (ahead..).take_while(|n| self.peek(*n) == Some('#')).count();
        (self.peek(ahead + hashes) == Some('"')).then_some(hashes)
    }

    fn comment(&mut self) {
        let line = self.line;
        let mut text = String::new();
        while let Some(c) = self.peek(0).filter(|c| *c != '\n') {
            text.push(c);
            self.at += 1;
        }
        let (kind, text) = match () {
            () if text.starts_with("////") => (Kind::Comment, &text[2..]),
            () if text.starts_with("///") => (Kind::Doc, &text[3..]),
            () if text.starts_with("//!") => (Kind::InnerDoc, &text[3..]),
            () => (Kind::Comment, &text[2..]),
        };
        let text = text.strip_prefix(' ').unwrap_or(text).to_owned();
        if let Some(last) = self.blocks.last_mut() {
            let end = last.lines.last().map_or(0, |(line, _)| *line);
            if last.kind == kind && end + 1 == line {
                last.lines.push((line, text));
                return;
            }
        }
        self.blocks.push(Block {
            kind,
            lines: vec![(line, text)],
        });
    }

    fn block_comment(&mut self) {
        let mut depth = 0;
        let mut lines = vec![(self.line, String::new())];
        while let Some(c) = self.peek(0) {
            match (c, self.peek(1)) {
                ('/', Some('*')) => depth += 1,
                ('*', Some('/')) => depth -= 1,
                ('\n', _) => {
                    self.next();
                    lines.push((self.line, String::new()));
                    continue;
                }
                _ => {
                    self.next();
                    if let Some((_, text)) = lines.last_mut() {
                        text.push(c);
                    }
                    continue;
                }
            }
            self.at += 2;
            if depth == 0 {
                break;
            }
        }
        let kind = Kind::Comment;
        self.blocks.push(Block { kind, lines });
    }

    fn literal(&mut self) {
        self.next();
        let mut lines = vec![(self.line, String::new())];
        while let Some(c) = self.next() {
            match c {
                '"' => break,
                '\\' => match self.next() {
                    // A continued line has its indentation removed.
                    Some('\n') => {
                        while self.peek(0).is_some_and(char::is_whitespace) {
                            self.next();
                        }
                        lines.push((self.line, String::new()));
                    }
                    Some('n') => lines.push((self.line, String::new())),
                    Some(escaped) => push(&mut lines, escaped),
                    None => break,
                },
                '\n' => lines.push((self.line, String::new())),
                _ => push(&mut lines, c),
            }
        }
        let kind = Kind::Literal;
        self.blocks.push(Block { kind, lines });
    }

    fn raw_literal(&mut self, hashes: usize) {
        while self.next() != Some('"') {}
        let mut lines = vec![(self.line, String::new())];
        while let Some(c) = self.next() {
            if c == '"' && (0..hashes).all(|n| self.peek(n) == Some('#')) {
                self.at += hashes;
                break;
            }
            match c {
                '\n' => lines.push((self.line, String::new())),
                _ => push(&mut lines, c),
            }
        }
        let kind = Kind::Literal;
        self.blocks.push(Block { kind, lines });
    }

    /// Passes over a character literal or a lifetime.
    fn character(&mut self) {
        self.next();
        match (self.peek(0), self.peek(1)) {
            (Some('\\'), _) => {
                self.at += 2;
                while self.next().is_some_and(|c| c != '\'') {}
            }
            (Some(_), Some('\'')) => {
                self.next();
                self.at += 1;
            }
            _ => {}
        }
    }
}

fn push(lines: &mut [(usize, String)], c: char) {
    if let Some((_, text)) = lines.last_mut() {
        text.push(c);
    }
}
