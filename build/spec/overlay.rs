//! Reads `overlay/*.toml`. `overlay/README.md` explains the format.

use super::diagnostic::{Diagnostic, Diagnostics};
use super::reader::{self, Entry, Result};
use super::release::Release;
use super::schema::{DescribedType, Schema, ValueType, described_types};
use super::semantics::{Idempotency, Paging};
use super::type_expr::TypeExpr;
use indexmap::IndexMap;
use std::fs;
use std::path::Path;
use std::str::FromStr;

/// The content of all files.
#[derive(Debug, Default)]
pub struct Overlay {
    /// Descriptions of path parameters, unless an operation has its own.
    pub paths: IndexMap<String, String>,
    /// The types that are written by hand.
    pub values: IndexMap<String, ValueType>,
    /// By identifier.
    pub operations: IndexMap<String, InFile<OverlayOperation>>,
    /// By name.
    pub schemas: IndexMap<String, InFile<Schema>>,
    /// The bodies of webhooks, by their events.
    pub webhooks: IndexMap<String, InFile<TypeExpr>>,
    /// Documents that a field of a response holds as a string, by what they are.
    pub documents: IndexMap<String, InFile<TypeExpr>>,
}

/// An entry and the file that it stands in.
#[derive(Debug, Clone)]
pub struct InFile<T> {
    pub file: String,
    pub entry: T,
}

#[derive(Debug, Clone)]
pub struct OverlayOperation {
    pub summary: String,
    pub description: Option<String>,
    pub path: PathEntry,
    pub query: IndexMap<String, String>,
    pub hidden: IndexMap<String, DescribedType>,
    pub body: Option<TypeExpr>,
    pub body_optional: bool,
    /// The reason why the body is not the one that the document declares.
    pub body_differs: Option<String>,
    pub returns: Option<Returns>,
    pub status: Vec<u16>,
    pub paging: Option<Paging>,
    pub rows: Option<String>,
    pub session: Option<String>,
    pub internal: bool,
    /// Only where it is not what the method promises.
    pub idempotency: Option<Idempotency>,
    /// The release that brought it; `None` if the oldest supported one has it.
    pub since: Option<Release>,
    /// The release that lists it in its document; `None` if that is the one that brought it.
    pub listed: Option<Release>,
    /// The server's settings that it requires, the most specific one first.
    pub feature: Vec<String>,
    /// Only of an operation that the document lacks.
    pub method: Option<String>,
    /// Only of an operation that the document lacks.
    pub tag: Option<String>,
    /// Only where the document has none or another one than the server requires.
    pub scope: Option<String>,
}

impl OverlayOperation {
    fn read(entry: Entry<'_>) -> Result<Self> {
        let mut table = entry.table()?;
        let operation = Self {
            summary: table.take("summary", Entry::string)?.unwrap_or_default(),
            description: table.take("description", Entry::string)?,
            path: table.take("path", PathEntry::read)?.unwrap_or_default(),
            query: table.take("query", strings)?.unwrap_or_default(),
            hidden: table.take("hidden", described_types)?.unwrap_or_default(),
            body: table.take("body", Entry::parsed)?,
            body_optional: table
                .take("body_optional", Entry::boolean)?
                .unwrap_or_default(),
            body_differs: table.take("body_differs", Entry::string)?,
            returns: table.take("returns", Entry::parsed)?,
            status: table
                .take("status", |entry| entry.list(Entry::status))?
                .unwrap_or_default(),
            paging: table
                .take("paging", Entry::parsed)?
                .map(|PagingWord(paging)| paging),
            rows: table.take("rows", Entry::string)?,
            session: table.take("session", Entry::string)?,
            internal: table.take("internal", Entry::boolean)?.unwrap_or_default(),
            idempotency: table
                .take("idempotency", Entry::parsed)?
                .map(|IdempotencyReason(idempotency)| idempotency),
            since: table.take("since", Entry::parsed)?,
            listed: table.take("listed", Entry::parsed)?,
            feature: table.take("feature", settings)?.unwrap_or_default(),
            method: table.take("method", Entry::string)?,
            tag: table.take("tag", Entry::string)?,
            scope: table.take("scope", Entry::string)?,
        };
        table.finish()?;
        Ok(operation)
    }
}

/// Reads a table of strings.
pub fn strings(entry: Entry<'_>) -> Result<IndexMap<String, String>> {
    entry.map(Entry::string)
}

/// Reads the name of a setting of the server, or several of them.
fn settings(entry: Entry<'_>) -> Result<Vec<String>> {
    let names: Vec<SettingName> = match entry.is_string() {
        true => vec![entry.parsed()?],
        false => entry.list(Entry::parsed)?,
    };
    Ok(names.into_iter().map(|SettingName(name)| name).collect())
}

/// The name of a setting as the server's `config.yaml` has it, such as `FEATURE_MAILING`.
struct SettingName(String);

impl FromStr for SettingName {
    type Err = String;

    fn from_str(name: &str) -> std::result::Result<Self, String> {
        match name.is_empty() || name.contains(|c: char| c != '_' && !c.is_ascii_uppercase()) {
            true => Err(format!("`{name}` is not the name of a setting")),
            false => Ok(Self(name.to_owned())),
        }
    }
}

/// `path.NAME = "description"`, or `path = "/api/v1/…"` of an operation that the document lacks.
#[derive(Debug, Clone)]
pub enum PathEntry {
    Route(String),
    Descriptions(IndexMap<String, String>),
}

impl Default for PathEntry {
    fn default() -> Self {
        Self::Descriptions(IndexMap::new())
    }
}

impl PathEntry {
    fn read(entry: Entry<'_>) -> Result<Self> {
        match entry.is_string() {
            true => entry.string().map(Self::Route),
            false => strings(entry).map(Self::Descriptions),
        }
    }
}

/// The body of a success.
#[derive(Debug, Clone, PartialEq)]
pub enum Returns {
    /// None.
    Nothing,
    /// A body that says no more than the status.
    Acknowledgement,
    Body(TypeExpr),
}

impl Returns {
    pub fn body(&self) -> Option<&TypeExpr> {
        match self {
            Self::Body(ty) => Some(ty),
            Self::Nothing | Self::Acknowledgement => None,
        }
    }
}

impl FromStr for Returns {
    type Err = String;

    fn from_str(word: &str) -> std::result::Result<Self, String> {
        match word {
            "nothing" => Ok(Self::Nothing),
            "acknowledgement" => Ok(Self::Acknowledgement),
            other => other.parse().map(Self::Body),
        }
    }
}

/// `safe - reason`, `idempotent - reason` or `non_idempotent - reason`.
struct IdempotencyReason(Idempotency);

impl FromStr for IdempotencyReason {
    type Err = String;

    fn from_str(line: &str) -> std::result::Result<Self, String> {
        let (word, reason) = line.split_once(" - ").unwrap_or_default();
        let idempotency = match word {
            "safe" => Idempotency::Safe,
            "idempotent" => Idempotency::Idempotent,
            "non_idempotent" => Idempotency::NonIdempotent,
            _ => {
                return Err(format!(
                    "`{line}` is not `safe - reason`, `idempotent - reason` or \
                     `non_idempotent - reason`"
                ));
            }
        };
        match reason.trim().is_empty() {
            true => Err(format!("`{line}` has no reason")),
            false => Ok(Self(idempotency)),
        }
    }
}

/// A paging style as the overlay writes it.
struct PagingWord(Paging);

impl FromStr for PagingWord {
    type Err = String;

    fn from_str(word: &str) -> std::result::Result<Self, String> {
        const ALL: [Paging; 8] = [
            Paging::Token,
            Paging::Page,
            Paging::Search,
            Paging::Notifications,
            Paging::Total,
            Paging::Offset,
            Paging::Limit,
            Paging::Lines,
        ];
        ALL.into_iter()
            .find(|paging| paging_word(*paging) == word)
            .map(Self)
            .ok_or_else(|| format!("`{word}` is not a paging style"))
    }
}

/// Returns the overlay's word for a paging style.
pub fn paging_word(paging: Paging) -> &'static str {
    match paging {
        Paging::Token => "token",
        Paging::Page => "page",
        Paging::Search => "search",
        Paging::Notifications => "notifications",
        Paging::Total => "total",
        Paging::Offset => "offset",
        Paging::Limit => "limit",
        Paging::Lines => "lines",
    }
}

/// Reads every file of a folder.
pub fn read(folder: &Path) -> std::result::Result<Overlay, Diagnostics> {
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
    let mut diagnostics = Vec::new();
    for path in files {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        match fs::read_to_string(&path) {
            Ok(text) => diagnostics.extend(overlay.add(&name, &text).err()),
            Err(e) => diagnostics.push(Diagnostic::new(
                path.display(),
                "",
                format!("can't be read: {e}"),
            )),
        }
    }
    match diagnostics.is_empty() {
        true => Ok(overlay),
        false => Err(Diagnostics(diagnostics)),
    }
}

impl Overlay {
    /// Adds the content of a file. `name` is the file's without `.toml`.
    pub fn add(&mut self, name: &str, text: &str) -> Result<()> {
        let file = &format!("overlay/{name}.toml");
        let mut table = reader::parse(file, text)?;
        let paths = table.take("path", strings)?.unwrap_or_default();
        let values = table
            .take("values", |entry| entry.map(ValueType::read))?
            .unwrap_or_default();
        let operations = table
            .take("operations", |entry| entry.map(OverlayOperation::read))?
            .unwrap_or_default();
        let schemas = table
            .take("schemas", |entry| entry.map(Schema::read))?
            .unwrap_or_default();
        let webhooks = table
            .take("webhooks", |entry| entry.map(Entry::parsed))?
            .unwrap_or_default();
        let documents = table
            .take("documents", |entry| entry.map(Entry::parsed))?
            .unwrap_or_default();
        table.finish()?;
        merge(&mut self.paths, paths, file, "path.", another_file)?;
        merge(&mut self.values, values, file, "values.", another_file)?;
        let operations = in_file(file, operations);
        merge(&mut self.operations, operations, file, "", |known| {
            known.file.clone()
        })?;
        let webhooks = in_file(file, webhooks);
        merge(&mut self.webhooks, webhooks, file, "webhooks.", |known| {
            known.file.clone()
        })?;
        let documents = in_file(file, documents);
        merge(
            &mut self.documents,
            documents,
            file,
            "documents.",
            |known| known.file.clone(),
        )?;
        let schemas = in_file(file, schemas);
        merge(&mut self.schemas, schemas, file, "schema ", |known| {
            known.file.clone()
        })
    }
}

fn another_file<T>(_: &T) -> String {
    "another file".to_owned()
}

fn in_file<T>(file: &str, entries: IndexMap<String, T>) -> IndexMap<String, InFile<T>> {
    entries
        .into_iter()
        .map(|(name, entry)| {
            let file = file.to_owned();
            (name, InFile { file, entry })
        })
        .collect()
}

/// Adds the entries of a file to those of other files. An entry that is known already is an error.
fn merge<T>(
    known: &mut IndexMap<String, T>,
    added: IndexMap<String, T>,
    file: &str,
    prefix: &str,
    place: fn(&T) -> String,
) -> Result<()> {
    for (name, entry) in added {
        if let Some(other) = known.get(&name) {
            let reason = format!("is defined in {} as well", place(other));
            return Err(Diagnostic::new(file, format!("{prefix}{name}"), reason));
        }
        known.insert(name, entry);
    }
    Ok(())
}
