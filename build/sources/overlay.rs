//! Reads `overlay/*.toml`. Their format is explained in `overlay/README.md`.

use super::problem::{Problem, Problems};
use super::shape::Shape;
use indexmap::IndexMap;
use serde::Deserialize;
use std::fs;
use std::path::Path;

/// Everything that the files say.
#[derive(Debug, Default)]
pub struct Overlay {
    /// What path parameters mean, unless an operation says otherwise.
    pub paths: IndexMap<String, String>,
    pub values: IndexMap<String, Value>,
    /// By operation, with the file that it stands in.
    pub operations: IndexMap<String, (String, Operation)>,
    /// By schema, likewise.
    pub schemas: IndexMap<String, (String, Schema)>,
}

/// What one file holds.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    path: IndexMap<String, String>,
    values: IndexMap<String, Value>,
    operations: IndexMap<String, Operation>,
    schemas: IndexMap<String, Schema>,
}

/// A type that is written by hand in `src/types/`.
#[allow(dead_code)] // The documents tell what is in it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Value {
    pub about: String,
    /// How it looks in the OpenAPI document.
    pub schema: serde_json::Value,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Operation {
    pub summary: String,
    pub description: Option<String>,
    pub path: Described,
    pub query: IndexMap<String, String>,
    pub hidden: IndexMap<String, Typed>,
    pub body: Option<Expression>,
    pub body_optional: bool,
    /// Why the body is not the one that the document declares.
    pub body_differs: Option<String>,
    pub returns: Returns,
    pub status: Vec<u16>,
    pub paging: Option<Paging>,
    pub rows: Option<String>,
    pub session: Option<String>,
    pub internal: bool,
    pub superuser: bool,
    /// What a repeat does, where the method does not tell.
    pub effect: Option<Effect>,
    /// Of an operation that the document lacks.
    pub method: Option<String>,
    pub tag: Option<String>,
    /// Of one that the document lacks, too; else only where the server asks for another scope than the document says.
    pub scope: Option<String>,
}

/// `path.NAME = "text"`, or, of an operation that the document lacks, `path = "/api/v1/…"`.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Described {
    Route(String),
    Texts(IndexMap<String, String>),
}

impl Default for Described {
    fn default() -> Self {
        Self::Texts(IndexMap::new())
    }
}

/// What a success brings.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(try_from = "String")]
pub enum Returns {
    #[default]
    Unsaid,
    /// An empty body.
    Nothing,
    /// A body that says no more than the status.
    Acknowledgement,
    Body(Shape),
}

impl TryFrom<String> for Returns {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.as_str() {
            "nothing" => Ok(Self::Nothing),
            "acknowledgement" => Ok(Self::Acknowledgement),
            other => other.parse().map(Self::Body),
        }
    }
}

/// What sending a request again does to the server, in HTTP's terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// It only reads.
    Safe,
    /// Twice is as once.
    Idempotent,
    /// Twice is not as once.
    Once,
}

impl Repeat {
    /// What the method promises.
    pub fn of(method: &str) -> Self {
        match method {
            "GET" | "HEAD" => Self::Safe,
            "PUT" | "DELETE" => Self::Idempotent,
            _ => Self::Once,
        }
    }
}

/// `safe - reason`, `idempotent - reason` or `once - reason`.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct Effect(pub Repeat);

impl TryFrom<String> for Effect {
    type Error = String;

    fn try_from(line: String) -> Result<Self, String> {
        let (word, reason) = line.split_once(" - ").unwrap_or_default();
        let repeat = match word {
            "safe" => Repeat::Safe,
            "idempotent" => Repeat::Idempotent,
            "once" => Repeat::Once,
            _ => return Err(format!("`{line}` is not `safe - reason`, `idempotent - reason` or `once - reason`")),
        };
        match reason.trim().is_empty() {
            true => Err(format!("`{line}` has no reason")),
            false => Ok(Self(repeat)),
        }
    }
}

/// How a listing is continued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Paging {
    /// `next_page`, an opaque token.
    Token,
    /// `page` and `limit`; the answer has `has_additional`.
    Page,
    /// `page`; the answer has `has_additional` and repeats page 10 for ever.
    Search,
    /// `page` and `limit`, with a row lost at each border; asked for at once.
    Notifications,
    /// `page` and `limit`; the answer has `total` and `has_next`.
    Total,
    /// `offset` and `limit`; the answer has `has_more`.
    Offset,
    /// `limit` alone.
    Limit,
    /// `start`, the number of a line.
    Lines,
}

impl Paging {
    /// As the overlay writes it.
    #[allow(dead_code)] // For the documents.
    pub fn name(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Page => "page",
            Self::Search => "search",
            Self::Notifications => "notifications",
            Self::Total => "total",
            Self::Offset => "offset",
            Self::Limit => "limit",
            Self::Lines => "lines",
        }
    }
}

/// `TYPE - text`.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct Typed {
    pub shape: Shape,
    pub text: String,
}

impl TryFrom<String> for Typed {
    type Error = String;

    fn try_from(line: String) -> Result<Self, String> {
        match line.split_once(" - ") {
            Some((shape, text)) if !text.trim().is_empty() => Ok(Self { shape: shape.parse()?, text: text.trim().to_owned() }),
            _ => Err(format!("`{line}` is not `TYPE - text`")),
        }
    }
}

/// A type expression alone.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct Expression(pub Shape);

impl TryFrom<String> for Expression {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map(Self)
    }
}

/// A schema as it is written; [`Schema::kind`] tells which of its tables counts.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Schema {
    pub about: String,
    pub fields: Option<IndexMap<String, Typed>>,
    pub flatten: IndexMap<String, Typed>,
    pub extra: Option<String>,
    /// Of an object that has a great many members, a few of them at a time.
    pub sparse: bool,
    pub values: Option<IndexMap<String, String>>,
    /// Names in Rust of values whose own make none.
    pub names: IndexMap<String, String>,
    pub one_of: Option<IndexMap<String, Typed>>,
    pub variants: Option<IndexMap<String, Typed>>,
    pub tag: Option<String>,
    pub content: Option<String>,
}

/// Which of the four sorts of schema it is.
#[derive(Debug, Clone, Copy)]
pub enum Kind<'a> {
    Object(&'a IndexMap<String, Typed>),
    Enum(&'a IndexMap<String, String>),
    OneOf(&'a IndexMap<String, Typed>),
    Variants { tag: &'a str, content: &'a str, variants: &'a IndexMap<String, Typed> },
}

impl Schema {
    pub fn kind(&self) -> Result<Kind<'_>, String> {
        match (&self.fields, &self.values, &self.one_of, &self.variants) {
            (Some(fields), None, None, None) => Ok(Kind::Object(fields)),
            (None, Some(values), None, None) => Ok(Kind::Enum(values)),
            (None, None, Some(one_of), None) => Ok(Kind::OneOf(one_of)),
            (None, None, None, Some(variants)) => match (&self.tag, &self.content) {
                (Some(tag), Some(content)) => Ok(Kind::Variants { tag, content, variants }),
                _ => Err("variants want `tag` and `content`".to_owned()),
            },
            _ => Err("wants exactly one of fields, values, one_of and variants".to_owned()),
        }
    }

    /// What a value of an enum is called in Rust.
    pub fn variant(&self, value: &str) -> String {
        self.names.get(value).cloned().unwrap_or_else(|| super::names::variant_name(value))
    }

    /// Every type expression in it, with the name of its place.
    pub fn parts(&self) -> impl Iterator<Item = (&String, &Typed)> {
        let tables = [&self.fields, &self.one_of, &self.variants];
        tables.into_iter().flatten().flatten().chain(&self.flatten)
    }
}

pub fn read(folder: &Path) -> Result<Overlay, Problems> {
    let unreadable = |e: std::io::Error| Problem::new("overlay", "", format!("can't be read: {e}"));
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|e| e == "toml") {
            files.push(path);
        }
    }
    files.sort();
    let mut overlay = Overlay::default();
    let mut problems = Vec::new();
    for path in files {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        match fs::read_to_string(&path) {
            Ok(text) => problems.extend(overlay.add(&name, &text).err()),
            Err(e) => problems.push(Problem::new(path.display(), "", format!("can't be read: {e}"))),
        }
    }
    if problems.is_empty() { Ok(overlay) } else { Err(Problems(problems)) }
}

impl Overlay {
    /// Adds what one file says. `name` is the file's without `.toml`.
    pub fn add(&mut self, name: &str, text: &str) -> Result<(), Problem> {
        let label = format!("overlay/{name}.toml");
        let file: File = basic_toml::from_str(text).map_err(|e| Problem::new(&label, "", e))?;
        self.paths.extend(file.path);
        self.values.extend(file.values);
        for (id, operation) in file.operations {
            if let Some((other, _)) = self.operations.get(&id) {
                return Err(Problem::new(&label, &id, format!("stands in {other}, too")));
            }
            self.operations.insert(id, (label.clone(), operation));
        }
        for (id, schema) in file.schemas {
            if let Some((other, _)) = self.schemas.get(&id) {
                return Err(Problem::new(&label, format!("schema {id}"), format!("stands in {other}, too")));
            }
            self.schemas.insert(id, (label.clone(), schema));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_is_reported_with_file_and_line() {
        for (text, said) in [
            ("[operations.x]\nsumary = \"\"", "unknown field `sumary`"), // typos: ignore
            ("[operations.x]\nreturns = \"[Tag\"", "`[Tag` is no type"),
            ("[operations.x]\npaging = \"endless\"", "unknown variant `endless`"),
            ("[schemas.X.fields]\na = \"string\"", "`string` is not `TYPE - text`"),
            ("[schemas.X.fields]\na = \"string - \"", "is not `TYPE - text`"),
            ("[operations.x]\neffect = \"once\"", "`once` is not `safe - reason`"),
            ("[operations.x]\neffect = \"once - \"", "has no reason"),
            ("[schemas", "line 1"),
        ] {
            let problem = Overlay::default().add("tag", text).err().map(|p| p.to_string()).unwrap_or_default();
            assert!(problem.starts_with("overlay/tag.toml: ") && problem.contains(said), "{text}: {problem}");
        }
    }

    #[test]
    fn a_schema_stands_in_one_file_only() {
        let mut overlay = Overlay::default();
        let text = "[schemas.Tag]\nabout = \"A tag.\"\n[schemas.Tag.fields]\nname = \"string - Its name.\"";
        assert!(overlay.add("tag", text).is_ok());
        let problem = overlay.add("team", text).err().map(|p| p.to_string());
        assert_eq!(problem.as_deref(), Some("overlay/team.toml: schema Tag: stands in overlay/tag.toml, too"));
    }
}
