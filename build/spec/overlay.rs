//! Reads `overlay/*.toml`. Their format is explained in `overlay/README.md`.

use super::diagnostic::{Diagnostic, Diagnostics};
use super::entries::Entries;
use super::node::{Mistake, Node, Read};
use super::type_expr::TypeExpr;
use std::fs;
use std::path::Path;
use std::str::FromStr;

/// Everything that the files say.
#[derive(Debug, Default)]
pub struct Overlay {
    /// What path parameters mean, unless an operation says otherwise.
    pub paths: Entries<String>,
    /// The types that are written by hand.
    pub values: Entries<Value>,
    /// By operation, with the file that it stands in.
    pub operations: Entries<(String, Operation)>,
    /// By schema, likewise.
    pub schemas: Entries<(String, Schema)>,
}

/// A type that is written by hand in `src/types/`.
#[allow(dead_code)] // The documents tell what is in it.
#[derive(Debug, Clone)]
pub struct Value {
    pub about: String,
    /// How it looks in the OpenAPI document.
    pub schema: serde_json::Value,
}

impl Value {
    fn read(node: Node) -> Read<Self> {
        let mut table = node.table()?;
        let about = table.take("about", Node::text)?;
        let schema = table.take("schema", |node| Ok(node.json()))?;
        table.end()?;
        match (about, schema) {
            (Some(about), Some(schema)) => Ok(Self { about, schema }),
            _ => Err("wants `about` and `schema`".to_owned().into()),
        }
    }
}

#[derive(Debug, Clone)]
pub struct Operation {
    pub summary: String,
    pub description: Option<String>,
    pub path: Described,
    pub query: Entries<String>,
    pub hidden: Entries<Typed>,
    pub body: Option<TypeExpr>,
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
    pub effect: Option<Idempotency>,
    /// Of an operation that the document lacks.
    pub method: Option<String>,
    pub tag: Option<String>,
    /// Of one that the document lacks, too; else only where the server asks for another scope than
    /// the document says.
    pub scope: Option<String>,
}

impl Operation {
    fn read(node: Node) -> Read<Self> {
        let mut table = node.table()?;
        let operation = Self {
            summary: table.take("summary", Node::text)?.unwrap_or_default(),
            description: table.take("description", Node::text)?,
            path: table.take("path", Described::read)?.unwrap_or_default(),
            query: table.take("query", texts)?.unwrap_or_default(),
            hidden: table.take("hidden", typed)?.unwrap_or_default(),
            body: table.take("body", Node::parsed)?,
            body_optional: table.take("body_optional", Node::flag)?.unwrap_or_default(),
            body_differs: table.take("body_differs", Node::text)?,
            returns: table.take("returns", Node::parsed)?.unwrap_or_default(),
            status: table
                .take("status", |node| node.list(Node::status))?
                .unwrap_or_default(),
            paging: table.take("paging", Node::parsed)?,
            rows: table.take("rows", Node::text)?,
            session: table.take("session", Node::text)?,
            internal: table.take("internal", Node::flag)?.unwrap_or_default(),
            superuser: table.take("superuser", Node::flag)?.unwrap_or_default(),
            effect: table.take("effect", effect)?,
            method: table.take("method", Node::text)?,
            tag: table.take("tag", Node::text)?,
            scope: table.take("scope", Node::text)?,
        };
        table.end()?;
        Ok(operation)
    }
}

fn texts(node: Node) -> Read<Entries<String>> {
    node.entries(Node::text)
}

fn typed(node: Node) -> Read<Entries<Typed>> {
    node.entries(Node::parsed)
}

/// `path.NAME = "text"`, or, of an operation that the document lacks, `path = "/api/v1/…"`.
#[derive(Debug, Clone)]
pub enum Described {
    Route(String),
    Texts(Entries<String>),
}

impl Default for Described {
    fn default() -> Self {
        Self::Texts(Entries::default())
    }
}

impl Described {
    fn read(node: Node) -> Read<Self> {
        match node {
            Node::Text(route) => Ok(Self::Route(route)),
            node => texts(node).map(Self::Texts),
        }
    }
}

/// What a success brings.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Returns {
    #[default]
    Unsaid,
    /// An empty body.
    Nothing,
    /// A body that says no more than the status.
    Acknowledgement,
    Body(TypeExpr),
}

impl FromStr for Returns {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "nothing" => Ok(Self::Nothing),
            "acknowledgement" => Ok(Self::Acknowledgement),
            other => other.parse().map(Self::Body),
        }
    }
}

/// What sending a request again does to the server, in HTTP's terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Idempotency {
    /// It only reads.
    Safe,
    /// Twice is as once.
    Idempotent,
    /// Twice is not as once.
    NonIdempotent,
}

impl Idempotency {
    /// What the method promises.
    pub fn of(method: &str) -> Self {
        match method {
            "GET" | "HEAD" => Self::Safe,
            "PUT" | "DELETE" => Self::Idempotent,
            _ => Self::NonIdempotent,
        }
    }
}

/// `safe - reason`, `idempotent - reason` or `once - reason`.
fn effect(node: Node) -> Read<Idempotency> {
    let line = node.text()?;
    let (word, reason) = line.split_once(" - ").unwrap_or_default();
    let idempotency = match word {
        "safe" => Idempotency::Safe,
        "idempotent" => Idempotency::Idempotent,
        "once" => Idempotency::NonIdempotent,
        _ => {
            return Err(format!(
                "`{line}` is not `safe - reason`, `idempotent - reason` or `once - reason`"
            )
            .into());
        }
    };
    match reason.trim().is_empty() {
        true => Err(format!("`{line}` has no reason").into()),
        false => Ok(idempotency),
    }
}

/// How a listing is continued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    const ALL: [Self; 8] = [
        Self::Token,
        Self::Page,
        Self::Search,
        Self::Notifications,
        Self::Total,
        Self::Offset,
        Self::Limit,
        Self::Lines,
    ];

    /// As the overlay writes it.
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

impl FromStr for Paging {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|paging| paging.name() == text)
            .ok_or_else(|| format!("`{text}` is no way to continue a listing"))
    }
}

/// `TYPE - text`.
#[derive(Debug, Clone)]
pub struct Typed {
    pub shape: TypeExpr,
    pub text: String,
}

impl FromStr for Typed {
    type Err = String;

    fn from_str(line: &str) -> Result<Self, String> {
        match line.split_once(" - ") {
            Some((shape, text)) if !text.trim().is_empty() => Ok(Self {
                shape: shape.parse()?,
                text: text.trim().to_owned(),
            }),
            _ => Err(format!("`{line}` is not `TYPE - text`")),
        }
    }
}

/// A schema as it is written; [`Schema::kind`] tells which of its tables counts.
#[derive(Debug, Clone)]
pub struct Schema {
    pub about: String,
    pub fields: Option<Entries<Typed>>,
    pub flatten: Entries<Typed>,
    pub extra: Option<String>,
    /// Of an object that has a great many members, a few of them at a time.
    pub sparse: bool,
    pub values: Option<Entries<String>>,
    /// Names in Rust of values whose own make none.
    pub names: Entries<String>,
    pub one_of: Option<Entries<Typed>>,
    pub variants: Option<Entries<Typed>>,
    pub tag: Option<String>,
    pub content: Option<String>,
}

/// Which of the four sorts of schema it is.
#[derive(Debug, Clone, Copy)]
pub enum Kind<'a> {
    Object(&'a Entries<Typed>),
    Enum(&'a Entries<String>),
    OneOf(&'a Entries<Typed>),
    Variants {
        tag: &'a str,
        content: &'a str,
        variants: &'a Entries<Typed>,
    },
}

impl Schema {
    fn read(node: Node) -> Read<Self> {
        let mut table = node.table()?;
        let schema = Self {
            about: table.take("about", Node::text)?.unwrap_or_default(),
            fields: table.take("fields", typed)?,
            flatten: table.take("flatten", typed)?.unwrap_or_default(),
            extra: table.take("extra", Node::text)?,
            sparse: table.take("sparse", Node::flag)?.unwrap_or_default(),
            values: table.take("values", texts)?,
            names: table.take("names", texts)?.unwrap_or_default(),
            one_of: table.take("one_of", typed)?,
            variants: table.take("variants", typed)?,
            tag: table.take("tag", Node::text)?,
            content: table.take("content", Node::text)?,
        };
        table.end()?;
        Ok(schema)
    }

    pub fn kind(&self) -> Result<Kind<'_>, String> {
        match (&self.fields, &self.values, &self.one_of, &self.variants) {
            (Some(fields), None, None, None) => Ok(Kind::Object(fields)),
            (None, Some(values), None, None) => Ok(Kind::Enum(values)),
            (None, None, Some(one_of), None) => Ok(Kind::OneOf(one_of)),
            (None, None, None, Some(variants)) => match (&self.tag, &self.content) {
                (Some(tag), Some(content)) => Ok(Kind::Variants {
                    tag,
                    content,
                    variants,
                }),
                _ => Err("variants want `tag` and `content`".to_owned()),
            },
            _ => Err("wants exactly one of fields, values, one_of and variants".to_owned()),
        }
    }

    /// What a value of an enum is called in Rust.
    pub fn variant(&self, value: &str) -> String {
        self.names
            .get(value)
            .cloned()
            .unwrap_or_else(|| super::names::variant_name(value))
    }

    /// Every type expression in it, with the name of its place.
    pub fn parts(&self) -> impl Iterator<Item = (&String, &Typed)> {
        let tables = [&self.fields, &self.one_of, &self.variants];
        tables
            .into_iter()
            .flatten()
            .chain([&self.flatten])
            .flat_map(Entries::iter)
    }
}

pub fn read(folder: &Path) -> Result<Overlay, Diagnostics> {
    let unreadable =
        |e: std::io::Error| Diagnostic::new("overlay", "", format!("can't be read: {e}"));
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
            Err(e) => problems.push(Diagnostic::new(
                path.display(),
                "",
                format!("can't be read: {e}"),
            )),
        }
    }
    if problems.is_empty() {
        Ok(overlay)
    } else {
        Err(Diagnostics(problems))
    }
}

impl Overlay {
    /// Adds what one file says. `name` is the file's without `.toml`.
    pub fn add(&mut self, name: &str, text: &str) -> Result<(), Diagnostic> {
        let label = format!("overlay/{name}.toml");
        let file = basic_toml::from_str(text).map_err(|e| Diagnostic::new(&label, "", e))?;
        self.read(&label, file)
            .map_err(|mistake| Diagnostic::new(&label, mistake.entry, mistake.reason))
    }

    fn read(&mut self, label: &str, file: Node) -> Read<()> {
        let mut file = file.table()?;
        add_to(&mut self.paths, "path", file.take("path", texts)?)?;
        add_to(
            &mut self.values,
            "values",
            file.take("values", |node| node.entries(Value::read))?,
        )?;
        for (id, operation) in file
            .take("operations", |node| node.entries(Operation::read))?
            .unwrap_or_default()
        {
            if let Some((other, _)) = self.operations.get(&id) {
                return Err(Mistake {
                    entry: id,
                    reason: format!("stands in {other}, too"),
                });
            }
            self.operations.push(id, (label.to_owned(), operation));
        }
        for (id, schema) in file
            .take("schemas", |node| node.entries(Schema::read))?
            .unwrap_or_default()
        {
            if let Some((other, _)) = self.schemas.get(&id) {
                return Err(Mistake {
                    entry: format!("schema {id}"),
                    reason: format!("stands in {other}, too"),
                });
            }
            self.schemas.push(id, (label.to_owned(), schema));
        }
        file.end()
    }
}

/// Adds a table of a file to what other files say. Nothing may be said twice.
fn add_to<T>(known: &mut Entries<T>, table: &str, added: Option<Entries<T>>) -> Read<()> {
    for (name, entry) in added.unwrap_or_default() {
        if known.contains(&name) {
            return Err(Mistake {
                entry: format!("{table}.{name}"),
                reason: "stands in another file, too".to_owned(),
            });
        }
        known.push(name, entry);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_is_reported_with_its_place() {
        for (text, said) in [
            (
                "[operations.x]\nsumary = \"\"",
                "operations.x.sumary: is not known",
            ), // typos: ignore
            (
                "[operations.x]\nreturns = \"[Tag\"",
                "operations.x.returns: `[Tag` is no type",
            ),
            (
                "[operations.x]\npaging = \"endless\"",
                "operations.x.paging: `endless` is no way to continue",
            ),
            (
                "[schemas.X.fields]\na = \"string\"",
                "schemas.X.fields.a: `string` is not `TYPE - text`",
            ),
            (
                "[schemas.X.fields]\na = \"string - \"",
                "is not `TYPE - text`",
            ),
            (
                "[operations.x]\neffect = \"once\"",
                "`once` is not `safe - reason`",
            ),
            ("[operations.x]\neffect = \"once - \"", "has no reason"),
            (
                "[operations.x]\ninternal = 1",
                "operations.x.internal: is 1, and not true or false",
            ),
            (
                "[operations.x]\nstatus = [7]",
                "operations.x.status: is 7, and not a status",
            ),
            ("[operations.x]\nsummary = 1.5", "a whole number"),
            (
                "[values.X]\nabout = \"An x.\"",
                "values.X: wants `about` and `schema`",
            ),
            (
                "operations = \"none\"",
                "operations: is `none`, and not a table",
            ),
            ("[schemas", "line 1"),
        ] {
            let problem = Overlay::default()
                .add("tag", text)
                .err()
                .map(|p| p.to_string())
                .unwrap_or_default();
            assert!(
                problem.starts_with("overlay/tag.toml: ") && problem.contains(said),
                "{text}: {problem}"
            );
        }
    }

    #[test]
    fn a_schema_stands_in_one_file_only() {
        let mut overlay = Overlay::default();
        let text = "[schemas.Tag]\nabout = \"A tag.\"\n[schemas.Tag.fields]\nname = \"string - Its name.\"";
        assert!(overlay.add("tag", text).is_ok());
        let problem = overlay.add("team", text).err().map(|p| p.to_string());
        assert_eq!(
            problem.as_deref(),
            Some("overlay/team.toml: schema Tag: stands in overlay/tag.toml, too")
        );
    }

    #[test]
    fn a_path_parameter_is_explained_in_one_file_only() {
        let mut overlay = Overlay::default();
        let text = "[path]\ntag = \"Its name.\"";
        assert!(overlay.add("common", text).is_ok());
        let problem = overlay.add("tag", text).err().map(|p| p.to_string());
        assert_eq!(
            problem.as_deref(),
            Some("overlay/tag.toml: path.tag: stands in another file, too")
        );
    }
}
