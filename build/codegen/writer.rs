//! A writer of Rust source with rustfmt's layout.

/// The width that rustfmt keeps lines within.
const WIDTH: usize = 100;

/// Source that is being written.
#[derive(Debug, Default)]
pub struct Writer {
    source: String,
    depth: usize,
}

impl Writer {
    pub fn finish(self) -> String {
        self.source
    }

    /// Writes a line at the current indentation.
    pub fn line(&mut self, line: impl AsRef<str>) {
        for _ in 0..self.depth {
            self.source.push_str("    ");
        }
        self.source.push_str(line.as_ref());
        self.source.push('\n');
    }

    /// Writes lines, each at the current indentation.
    pub fn lines<S: AsRef<str>>(&mut self, lines: impl IntoIterator<Item = S>) {
        for line in lines {
            self.line(line);
        }
    }

    pub fn blank(&mut self) {
        self.source.push('\n');
    }

    /// Writes `head {`, an indented body and `}`.
    pub fn block(&mut self, head: impl AsRef<str>, body: impl FnOnce(&mut Self)) {
        self.group(format!("{} {{", head.as_ref()), "}", body);
    }

    /// Writes an indented body between two lines.
    pub fn group(
        &mut self,
        open: impl AsRef<str>,
        close: impl AsRef<str>,
        body: impl FnOnce(&mut Self),
    ) {
        self.line(open);
        self.depth += 1;
        body(self);
        self.depth -= 1;
        self.line(close);
    }

    /// Writes `open` + `items` + `close`: on one line if it fits, else an item a line.
    pub fn list(&mut self, open: &str, items: &[String], close: &str) {
        let line = format!("{open}{}{close}", items.join(", "));
        if items.is_empty() || self.depth * 4 + line.chars().count() <= WIDTH {
            return self.line(line);
        }
        self.group(open.trim_end(), close.trim_start(), |out| {
            out.lines(items.iter().map(|item| format!("{item},")));
        });
    }

    /// Writes an inherent function that callers may inline, and that has to be used.
    pub fn function(&mut self, head: &str, arguments: &[String], returns: &str, body: &[&str]) {
        self.lines(["#[must_use]", "#[inline]"]);
        self.list(
            &format!("{head}("),
            arguments,
            &format!(") -> {returns} {{"),
        );
        self.depth += 1;
        self.lines(body);
        self.depth -= 1;
        self.line("}");
    }

    /// Writes a documentation comment, wrapped.
    pub fn doc(&mut self, text: &str) {
        let width = WIDTH - self.depth * 4 - "/// ".len();
        for line in text.lines() {
            let mut wrapped = String::new();
            for word in line.split(' ') {
                let is_full = wrapped.chars().count() + 1 + word.chars().count() > width;
                if is_full && !wrapped.is_empty() && !is_markup(word) {
                    self.line(format!("/// {wrapped}"));
                    wrapped.clear();
                }
                if !wrapped.is_empty() {
                    wrapped.push(' ');
                }
                wrapped.push_str(word);
            }
            self.line(format!("/// {wrapped}").trim_end());
        }
    }
}

/// Returns true for a word that means something else at the beginning of a line of Markdown.
fn is_markup(word: &str) -> bool {
    word.starts_with(['-', '+', '*', '#', '>', '|'])
        || word.ends_with(['.', ')']) && word.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::Writer;

    #[test]
    fn wraps_documentation_and_lists_that_are_too_wide() {
        let mut out = Writer::default();
        out.block("impl X", |out| {
            out.doc(&format!("{} end.", ["word"; 19].join(" ")));
            out.function(
                "pub fn new",
                &["name: String".to_owned()],
                "Self",
                &["todo"],
            );
            let arguments = ["first", "second"].map(|name| format!("{name}: {}", "T".repeat(40)));
            out.function("pub fn long", &arguments, "Self", &["todo"]);
        });
        let wide = "T".repeat(40);
        let expected = format!(
            "impl X {{\n    /// {}\n    /// word end.\n    #[must_use]\n    #[inline]\n    \
             pub fn new(name: String) -> Self {{\n        todo\n    }}\n    #[must_use]\n    \
             #[inline]\n    pub fn long(\n        first: {wide},\n        second: {wide},\n    \
             ) -> Self {{\n        todo\n    }}\n}}\n",
            ["word"; 18].join(" ")
        );
        assert_eq!(out.finish(), expected);
    }
}
