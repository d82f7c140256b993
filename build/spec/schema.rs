//! The schemas of the overlay.

use super::names::variant_name;
use super::overlay::strings;
use super::reader::{Entry, Result};
use super::type_expr::TypeExpr;
use indexmap::IndexMap;
use std::str::FromStr;

/// A type that is written by hand in `src/types/`.
#[derive(Debug, Clone)]
pub struct ValueType {
    pub description: String,
    /// Its schema in the OpenAPI document.
    pub schema: serde_json::Value,
}

impl ValueType {
    pub fn read(entry: Entry<'_>) -> Result<Self> {
        let mut table = entry.table()?;
        let description = table.take("description", Entry::string)?;
        let Some((description, schema)) = description.zip(table.take("schema", Entry::json)?)
        else {
            return table.error("requires `description` and `schema`");
        };
        table.finish()?;
        Ok(Self {
            description,
            schema,
        })
    }
}

/// A type with its description: `TYPE - description`.
#[derive(Debug, Clone)]
pub struct DescribedType {
    pub ty: TypeExpr,
    pub description: String,
}

impl FromStr for DescribedType {
    type Err = String;

    fn from_str(line: &str) -> std::result::Result<Self, String> {
        match line.split_once(" - ") {
            Some((ty, description)) if !description.trim().is_empty() => Ok(Self {
                ty: ty.parse()?,
                description: description.trim().to_owned(),
            }),
            _ => Err(format!("`{line}` is not `TYPE - description`")),
        }
    }
}

/// Reads a table of described types.
pub fn described_types(entry: Entry<'_>) -> Result<IndexMap<String, DescribedType>> {
    entry.map(Entry::parsed)
}

/// A schema as it is written; [`Schema::form`] tells which of its tables defines it.
#[derive(Debug, Clone)]
pub struct Schema {
    pub description: String,
    pub fields: Option<IndexMap<String, DescribedType>>,
    pub flatten: IndexMap<String, DescribedType>,
    /// The description of the map of all other fields, if they are kept.
    pub extra: Option<String>,
    /// True if the fields of that map may hold secrets.
    pub secret_extra: bool,
    /// Stores the fields that are present only.
    pub sparse: bool,
    pub values: Option<IndexMap<String, String>>,
    /// The Rust names of values that do not make a good one.
    pub names: IndexMap<String, String>,
    pub one_of: Option<IndexMap<String, DescribedType>>,
    pub variants: Option<IndexMap<String, DescribedType>>,
    pub tag: Option<String>,
    pub content: Option<String>,
}

/// The four forms of a schema.
#[derive(Debug, Clone, Copy)]
pub enum SchemaForm<'a> {
    Object(&'a IndexMap<String, DescribedType>),
    Enum(&'a IndexMap<String, String>),
    OneOf(&'a IndexMap<String, DescribedType>),
    Variants {
        tag: &'a str,
        content: &'a str,
        variants: &'a IndexMap<String, DescribedType>,
    },
}

impl Schema {
    pub fn read(entry: Entry<'_>) -> Result<Self> {
        let mut table = entry.table()?;
        let schema = Self {
            description: table
                .take("description", Entry::string)?
                .unwrap_or_default(),
            fields: table.take("fields", described_types)?,
            flatten: table.take("flatten", described_types)?.unwrap_or_default(),
            extra: table.take("extra", Entry::string)?,
            secret_extra: table
                .take("secret_extra", Entry::boolean)?
                .unwrap_or_default(),
            sparse: table.take("sparse", Entry::boolean)?.unwrap_or_default(),
            values: table.take("values", strings)?,
            names: table.take("names", strings)?.unwrap_or_default(),
            one_of: table.take("one_of", described_types)?,
            variants: table.take("variants", described_types)?,
            tag: table.take("tag", Entry::string)?,
            content: table.take("content", Entry::string)?,
        };
        table.finish()?;
        Ok(schema)
    }

    pub fn form(&self) -> std::result::Result<SchemaForm<'_>, String> {
        match (&self.fields, &self.values, &self.one_of, &self.variants) {
            (Some(fields), None, None, None) => Ok(SchemaForm::Object(fields)),
            (None, Some(values), None, None) => Ok(SchemaForm::Enum(values)),
            (None, None, Some(one_of), None) => Ok(SchemaForm::OneOf(one_of)),
            (None, None, None, Some(variants)) => match (&self.tag, &self.content) {
                (Some(tag), Some(content)) => Ok(SchemaForm::Variants {
                    tag,
                    content,
                    variants,
                }),
                _ => Err("`variants` requires `tag` and `content`".to_owned()),
            },
            _ => Err("requires exactly one of fields, values, one_of and variants".to_owned()),
        }
    }

    /// Returns the Rust name of a value of an enum.
    pub fn variant(&self, value: &str) -> String {
        self.names
            .get(value)
            .cloned()
            .unwrap_or_else(|| variant_name(value))
    }

    /// Returns every type expression of the schema with its key.
    pub fn types(&self) -> impl Iterator<Item = (&String, &DescribedType)> {
        let tables = [&self.fields, &self.one_of, &self.variants];
        tables
            .into_iter()
            .flatten()
            .chain([&self.flatten])
            .flat_map(IndexMap::iter)
    }
}
