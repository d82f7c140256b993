//! Typed access to a TOML document. Errors name the file and the path of the entry.
//!
//! It reads the parser's own tree: serde's derive would generate a reader for each type of the
//! overlay, and the parser's part for serde would have to be compiled as well.

use super::diagnostic::Diagnostic;
use indexmap::IndexMap;
use std::str::FromStr;
use toml::de::{DeTable, DeValue};

pub type Result<T> = std::result::Result<T, Diagnostic>;

/// A value of a document, and where it stands.
pub struct Entry<'a> {
    file: &'a str,
    path: String,
    value: DeValue<'a>,
}

/// A table that accepts certain keys only.
pub struct Table<'a> {
    file: &'a str,
    path: String,
    entries: IndexMap<String, DeValue<'a>>,
}

/// Parses a document.
pub fn parse<'a>(file: &'a str, text: &'a str) -> Result<Table<'a>> {
    let document = DeTable::parse(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        let line = text.bytes().take(start).filter(|b| *b == b'\n').count() + 1;
        Diagnostic::new(file, format!("line {line}"), error.message())
    })?;
    let root = Entry {
        file,
        path: String::new(),
        value: DeValue::Table(document.into_inner()),
    };
    root.table()
}

impl<'a> Entry<'a> {
    fn error(&self, reason: impl std::fmt::Display) -> Diagnostic {
        Diagnostic::new(self.file, &self.path, reason)
    }

    fn expected(&self, expected: &str) -> Diagnostic {
        let found = match &self.value {
            DeValue::String(text) => format!("`{text}`"),
            DeValue::Integer(number) => number.to_string(),
            DeValue::Boolean(boolean) => boolean.to_string(),
            other => other.type_str().to_owned(),
        };
        self.error(format!("expected {expected}, found {found}"))
    }

    pub fn string(self) -> Result<String> {
        match self.value {
            DeValue::String(text) => Ok(text.into_owned()),
            _ => Err(self.expected("a string")),
        }
    }

    /// A string of a certain form.
    pub fn parsed<T: FromStr<Err = String>>(self) -> Result<T> {
        let DeValue::String(text) = &self.value else {
            return Err(self.expected("a string"));
        };
        text.parse().map_err(|reason: String| self.error(reason))
    }

    pub fn boolean(self) -> Result<bool> {
        match self.value {
            DeValue::Boolean(boolean) => Ok(boolean),
            _ => Err(self.expected("true or false")),
        }
    }

    /// An HTTP status.
    pub fn status(self) -> Result<u16> {
        let number = match &self.value {
            DeValue::Integer(number) => number.as_str().parse().ok(),
            _ => None,
        };
        number
            .filter(|status| (100..600).contains(status))
            .ok_or_else(|| self.expected("an HTTP status"))
    }

    pub fn list<T>(self, read: fn(Self) -> Result<T>) -> Result<Vec<T>> {
        match self.value {
            DeValue::Array(list) => list
                .into_iter()
                .map(|value| {
                    read(Self {
                        file: self.file,
                        path: self.path.clone(),
                        value: value.into_inner(),
                    })
                })
                .collect(),
            _ => Err(self.expected("a list")),
        }
    }

    /// A table that accepts every key.
    pub fn map<T>(self, read: fn(Self) -> Result<T>) -> Result<IndexMap<String, T>> {
        let table = self.table()?;
        let mut map = IndexMap::with_capacity(table.entries.len());
        for (key, value) in table.entries {
            let entry = Entry {
                file: table.file,
                path: join(&table.path, &key),
                value,
            };
            map.insert(key, read(entry)?);
        }
        Ok(map)
    }

    pub fn is_string(&self) -> bool {
        self.value.is_str()
    }

    pub fn table(self) -> Result<Table<'a>> {
        match self.value {
            DeValue::Table(table) => Ok(Table {
                file: self.file,
                path: self.path,
                entries: table
                    .into_iter()
                    .map(|(key, value)| (key.into_inner().into_owned(), value.into_inner()))
                    .collect(),
            }),
            _ => Err(self.expected("a table")),
        }
    }

    /// The same value as JSON.
    pub fn json(self) -> Result<serde_json::Value> {
        Ok(match self.value {
            DeValue::String(text) => text.into_owned().into(),
            DeValue::Boolean(boolean) => boolean.into(),
            DeValue::Integer(ref number) => match number.as_str().parse::<i64>() {
                Ok(number) => number.into(),
                Err(_) => return Err(self.expected("a decimal integer")),
            },
            DeValue::Array(_) => self.list(Entry::json)?.into(),
            DeValue::Table(_) => self.map(Entry::json)?.into_iter().collect(),
            _ => return Err(self.expected("a value that JSON has as well")),
        })
    }
}

impl<'a> Table<'a> {
    /// Removes an entry and reads it; `None` if the table lacks it.
    pub fn take<T>(&mut self, key: &str, read: fn(Entry<'a>) -> Result<T>) -> Result<Option<T>> {
        let Some(value) = self.entries.shift_remove(key) else {
            return Ok(None);
        };
        let entry = Entry {
            file: self.file,
            path: join(&self.path, key),
            value,
        };
        read(entry).map(Some)
    }

    /// Returns an error about the table itself.
    pub fn error<T>(&self, reason: &str) -> Result<T> {
        Err(Diagnostic::new(self.file, &self.path, reason))
    }

    /// Returns an error if an entry was not taken.
    pub fn finish(self) -> Result<()> {
        match self.entries.first() {
            Some((key, _)) => Err(Diagnostic::new(
                self.file,
                join(&self.path, key),
                "unknown key",
            )),
            None => Ok(()),
        }
    }
}

fn join(path: &str, key: &str) -> String {
    match path.is_empty() {
        true => key.to_owned(),
        false => format!("{path}.{key}"),
    }
}
