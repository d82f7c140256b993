//! A TOML file as it is written, before anybody says what it means.
//!
//! serde's derive would write a reader for each type of the overlay and each part of the parser: a
//! third of the code of the build script, which everybody who uses the crate compiles.

use super::entries::Entries;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::fmt;
use std::str::FromStr;

pub enum Node {
    Text(String),
    Flag(bool),
    Number(i64),
    List(Vec<Node>),
    Table(Vec<(String, Node)>),
}

/// What is wrong, and with which entry.
#[derive(Debug)]
pub struct Mistake {
    /// Names, with dots between them.
    pub entry: String,
    pub reason: String,
}

pub type Read<T> = Result<T, Mistake>;

impl Mistake {
    fn within(self, name: &str) -> Self {
        let entry = if self.entry.is_empty() {
            name.to_owned()
        } else {
            format!("{name}.{}", self.entry)
        };
        Self { entry, ..self }
    }
}

impl From<String> for Mistake {
    fn from(reason: String) -> Self {
        Self {
            entry: String::new(),
            reason,
        }
    }
}

impl Node {
    fn is_not(&self, expected: &str) -> Mistake {
        let found = match self {
            Self::Text(text) => format!("`{text}`"),
            Self::Flag(flag) => flag.to_string(),
            Self::Number(number) => number.to_string(),
            Self::List(_) => "a list".to_owned(),
            Self::Table(_) => "a table".to_owned(),
        };
        format!("is {found}, and not {expected}").into()
    }

    pub fn text(self) -> Read<String> {
        match self {
            Self::Text(text) => Ok(text),
            other => Err(other.is_not("a text")),
        }
    }

    /// A text that says something.
    pub fn parsed<T: FromStr<Err = String>>(self) -> Read<T> {
        self.text()?.parse().map_err(Mistake::from)
    }

    pub fn flag(self) -> Read<bool> {
        match self {
            Self::Flag(flag) => Ok(flag),
            other => Err(other.is_not("true or false")),
        }
    }

    /// A status of HTTP.
    pub fn status(self) -> Read<u16> {
        match self {
            Self::Number(number @ 100..=599) => Ok(number as u16),
            other => Err(other.is_not("a status")),
        }
    }

    pub fn list<T>(self, read: fn(Self) -> Read<T>) -> Read<Vec<T>> {
        match self {
            Self::List(list) => list.into_iter().map(read).collect(),
            other => Err(other.is_not("a list")),
        }
    }

    /// A table of which any name may be an entry.
    pub fn entries<T>(self, read: fn(Self) -> Read<T>) -> Read<Entries<T>> {
        let mut entries = Entries::default();
        for (name, node) in self.table()?.0 {
            let entry = read(node).map_err(|mistake| mistake.within(&name))?;
            entries.push(name, entry);
        }
        Ok(entries)
    }

    /// A table of which certain names are entries.
    pub fn table(self) -> Read<Table> {
        match self {
            Self::Table(entries) => Ok(Table(entries)),
            other => Err(other.is_not("a table")),
        }
    }

    pub fn json(self) -> serde_json::Value {
        match self {
            Self::Text(text) => text.into(),
            Self::Flag(flag) => flag.into(),
            Self::Number(number) => number.into(),
            Self::List(list) => list.into_iter().map(Self::json).collect(),
            Self::Table(entries) => entries
                .into_iter()
                .map(|(name, node)| (name, node.json()))
                .collect(),
        }
    }
}

/// A table that is being read.
pub struct Table(Vec<(String, Node)>);

impl Table {
    /// Takes out an entry, if it is there.
    pub fn take<T>(&mut self, name: &str, read: fn(Node) -> Read<T>) -> Read<Option<T>> {
        match self.0.iter().position(|(known, _)| known == name) {
            Some(place) => read(self.0.remove(place).1)
                .map(Some)
                .map_err(|mistake| mistake.within(name)),
            None => Ok(None),
        }
    }

    /// Nothing else is an entry.
    pub fn end(self) -> Read<()> {
        match self.0.first() {
            Some((name, _)) => Err(Mistake::from("is not known".to_owned()).within(name)),
            None => Ok(()),
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reading)
    }
}

struct Reading;

impl<'de> Visitor<'de> for Reading {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, true or false, a whole number, a list or a table")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Node, E> {
        Ok(Node::Text(text.to_owned()))
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Node, E> {
        Ok(Node::Flag(flag))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Node, E> {
        Ok(Node::Number(number))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
        let mut list = Vec::new();
        while let Some(node) = access.next_element()? {
            list.push(node);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = access.next_entry()? {
            entries.push(entry);
        }
        Ok(Node::Table(entries))
    }
}
