//! The API as it is: the result of joining the discovery document and the overlay.

use super::discovery::ParameterIn;
use super::overlay::Returns;
use super::release::Release;
use super::schema::{Schema, ValueType};
use super::semantics::{Idempotency, Paging};
use super::type_expr::TypeExpr;
use heck::ToSnakeCase;
use indexmap::IndexMap;
use std::collections::BTreeSet;

/// All operations, sorted by identifier, and the schemas that they use, sorted by name.
#[derive(Debug)]
pub struct Api {
    pub operations: Vec<ApiOperation>,
    pub schemas: IndexMap<String, Schema>,
    pub values: IndexMap<String, ValueType>,
    /// The bodies of webhooks, by their events.
    pub webhooks: IndexMap<String, TypeExpr>,
    /// The schemas that request bodies consist of.
    pub sent: BTreeSet<String>,
}

#[derive(Debug)]
pub struct ApiOperation {
    pub id: String,
    /// In upper case.
    pub method: String,
    pub path: String,
    pub tag: String,
    pub scope: Option<String>,
    pub summary: String,
    pub description: Option<String>,
    pub parameters: Vec<ApiParameter>,
    pub body: Option<TypeExpr>,
    pub body_optional: bool,
    pub returns: Returns,
    pub status: Vec<u16>,
    pub paging: Option<Paging>,
    pub rows: Option<String>,
    pub session: Option<String>,
    pub internal: bool,
    pub fresh_login: bool,
    pub idempotency: Idempotency,
    /// The release that brought it; `None` if the oldest supported one has it.
    pub since: Option<Release>,
    /// The release that lists it in its document; `None` if that is the one that brought it.
    pub listed: Option<Release>,
    /// The server's settings that it requires, the most specific one first.
    pub features: Vec<String>,
    /// True if the server's document lists it.
    pub documented: bool,
}

#[derive(Debug)]
pub struct ApiParameter {
    pub name: String,
    pub location: ParameterIn,
    pub ty: TypeExpr,
    pub description: String,
    pub required: bool,
    /// True if the server reads it, but its document does not list it.
    pub hidden: bool,
}

impl Api {
    /// Returns the tags of all operations, sorted.
    pub fn tags(&self) -> BTreeSet<&str> {
        self.operations.iter().map(|o| o.tag.as_str()).collect()
    }
}

impl ApiOperation {
    /// Returns the name of its method in the generated client.
    pub fn method_name(&self) -> String {
        self.id.to_snake_case()
    }

    pub fn path_parameters(&self) -> impl Iterator<Item = &ApiParameter> {
        self.parameters
            .iter()
            .filter(|p| p.location == ParameterIn::Path)
    }

    pub fn query_parameters(&self) -> impl Iterator<Item = &ApiParameter> {
        self.parameters
            .iter()
            .filter(|p| p.location == ParameterIn::Query)
    }
}

/// Returns the names of the schemas that some types consist of.
pub fn reachable<'a>(
    types: impl Iterator<Item = &'a TypeExpr>,
    schema: impl Fn(&str) -> Option<&'a Schema>,
) -> BTreeSet<String> {
    let mut open: Vec<String> = types
        .filter_map(|ty| ty.name().map(str::to_owned))
        .collect();
    let mut found = BTreeSet::new();
    while let Some(name) = open.pop() {
        if let Some(schema) = schema(&name)
            && found.insert(name)
        {
            let parts = schema.types().filter_map(|(_, part)| part.ty.name());
            open.extend(parts.map(str::to_owned));
        }
    }
    found
}
