//! The API as it really is: the discovery document and the overlay joined, and checked against each
//! other.

use super::diagnostic::{Diagnostic, Diagnostics};
use super::discovery::{self, Place};
use super::entries::Entries;
use super::overlay::{Idempotency, Kind, Overlay, Paging, Returns, Schema, Value};
use super::type_expr::{TypeExpr, is_type_name};
use heck::ToSnakeCase;
use std::collections::BTreeSet;

/// All operations, sorted by identifier, and the schemas that they use.
#[derive(Debug)]
pub struct Api {
    pub operations: Vec<Operation>,
    pub schemas: Entries<Schema>,
    pub values: Entries<Value>,
    /// The schemas that request bodies are made of.
    pub sent: BTreeSet<String>,
}

#[derive(Debug)]
pub struct Operation {
    pub id: String,
    pub method: String,
    pub path: String,
    pub tag: String,
    pub scope: Option<String>,
    pub summary: String,
    pub description: Option<String>,
    pub parameters: Vec<Parameter>,
    pub body: Option<TypeExpr>,
    pub body_optional: bool,
    pub returns: Returns,
    pub status: Vec<u16>,
    pub paging: Option<Paging>,
    pub rows: Option<String>,
    pub session: Option<String>,
    pub internal: bool,
    pub fresh_login: bool,
    pub superuser: bool,
    pub idempotency: Idempotency,
    /// Whether the server's document lists it.
    pub documented: bool,
}

#[derive(Debug)]
pub struct Parameter {
    pub name: String,
    pub place: Place,
    pub shape: TypeExpr,
    pub text: String,
    pub required: bool,
    /// The server reads it, and its document does not say so.
    pub hidden: bool,
}

impl Operation {
    /// Its name in the generated client.
    pub fn method_name(&self) -> String {
        self.id.to_snake_case()
    }

    pub fn path_parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(|p| p.place == Place::Path)
    }

    pub fn query_parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(|p| p.place == Place::Query)
    }
}

/// Joins the two sources. All mistakes are reported at once.
pub fn join(discovery: Vec<discovery::Operation>, overlay: Overlay) -> Result<Api, Diagnostics> {
    let mut joining = Joining {
        overlay,
        problems: Vec::new(),
    };
    let mut operations = joining.declared(discovery);
    operations.extend(joining.added(&operations));
    operations.sort_by(|a, b| a.id.cmp(&b.id));
    joining.check_schemas();
    joining.check_uses(&operations);
    if !joining.problems.is_empty() {
        return Err(Diagnostics(joining.problems));
    }
    let schemas = joining.schemas();
    let sent = reachable(&schemas, operations.iter().filter_map(|o| o.body.as_ref()));
    if let Some(name) = sent
        .iter()
        .find(|name| schemas.get(name).is_some_and(|schema| schema.sparse))
    {
        return Err(Diagnostic::new(
            "overlay",
            format!("schema {name}"),
            "is sparse, and so can't be part of a request",
        )
        .into());
    }
    Ok(Api {
        operations,
        schemas,
        values: joining.overlay.values,
        sent,
    })
}

struct Joining {
    overlay: Overlay,
    problems: Vec<Diagnostic>,
}

impl Joining {
    fn report(
        &mut self,
        file: &str,
        entry: impl std::fmt::Display,
        reason: impl std::fmt::Display,
    ) {
        self.problems.push(Diagnostic::new(file, entry, reason));
    }

    /// The operations of the document, completed.
    fn declared(&mut self, discovery: Vec<discovery::Operation>) -> Vec<Operation> {
        let mut operations = Vec::new();
        for declared in discovery {
            let expected = format!("overlay/{}.toml", declared.tag);
            let Some((file, entry)) = self.overlay.operations.get(&declared.id).cloned() else {
                self.report(
                    &expected,
                    &declared.id,
                    "the operation is in discovery.json, but has no entry here",
                );
                continue;
            };
            let id = declared.id.clone();
            if file != expected {
                self.report(&file, &id, format!("belongs in {expected}"));
            }
            if entry.method.is_some() || entry.tag.is_some() {
                self.report(&file, &id, "method and tag are in discovery.json");
            }
            if entry.scope.is_some() && entry.scope == declared.scope {
                self.report(&file, &id, "its scope is in discovery.json");
            }
            self.check_body(&file, &declared, &entry);
            let internal = declared.internal || entry.internal;
            operations.push(self.complete(&file, declared, entry, internal, true));
        }
        operations
    }

    /// The operations that only the overlay knows.
    fn added(&mut self, declared: &[Operation]) -> Vec<Operation> {
        let known: BTreeSet<&str> = declared.iter().map(|o| o.id.as_str()).collect();
        let mut operations = Vec::new();
        for (id, (file, entry)) in self.overlay.operations.clone() {
            if known.contains(id.as_str()) {
                continue;
            }
            let super::overlay::Described::Route(path) = &entry.path else {
                self.report(&file, &id, "there is no such operation in discovery.json; to add one, give method, path and tag");
                continue;
            };
            let (Some(method), Some(tag)) = (&entry.method, &entry.tag) else {
                self.report(
                    &file,
                    &id,
                    "an operation that discovery.json lacks needs method, path and tag",
                );
                continue;
            };
            let added = discovery::Operation {
                id: id.clone(),
                method: method.to_uppercase(),
                path: path.clone(),
                tag: tag.clone(),
                scope: entry.scope.clone(),
                fresh_login: false,
                internal: true,
                parameters: Vec::new(),
                body: None,
            };
            let internal = entry.internal;
            operations.push(self.complete(&file, added, entry, internal, false));
        }
        operations
    }

    fn complete(
        &mut self,
        file: &str,
        declared: discovery::Operation,
        entry: super::overlay::Operation,
        internal: bool,
        documented: bool,
    ) -> Operation {
        let id = declared.id.clone();
        if !entry.summary.ends_with('.') {
            self.report(file, &id, "its summary is not a sentence");
        }
        if entry.returns == Returns::Unsaid {
            self.report(file, &id, "does not say what it returns");
        }
        if let Some(status) = entry.status.iter().find(|s| !(200..300).contains(*s)) {
            self.report(file, &id, format!("status {status} is no success"));
        }
        if entry.paging.is_some() != entry.rows.is_some() {
            self.report(file, &id, "paging and rows go together");
        }
        let by_method = Idempotency::of(&declared.method);
        let idempotency = entry.effect.unwrap_or(by_method);
        if entry.effect.is_some() && idempotency == by_method {
            self.report(
                file,
                &id,
                format!("its effect is what {} promises anyway", declared.method),
            );
        }
        let parameters = self.parameters(file, &declared, &entry);
        Operation {
            id,
            method: declared.method,
            path: declared.path,
            tag: declared.tag,
            scope: entry.scope.or(declared.scope),
            summary: entry.summary,
            description: entry.description.map(|d| d.trim().to_owned()),
            parameters,
            body: entry.body,
            body_optional: entry.body_optional,
            returns: entry.returns,
            status: entry.status,
            paging: entry.paging,
            rows: entry.rows,
            session: entry.session,
            internal,
            fresh_login: declared.fresh_login,
            superuser: entry.superuser,
            idempotency,
            documented,
        }
    }

    fn parameters(
        &mut self,
        file: &str,
        declared: &discovery::Operation,
        entry: &super::overlay::Operation,
    ) -> Vec<Parameter> {
        let id = &declared.id;
        let mut parameters = Vec::new();
        let empty = Entries::default();
        let texts = match &entry.path {
            super::overlay::Described::Texts(texts) => texts,
            super::overlay::Described::Route(_) => &empty,
        };
        for parameter in &declared.parameters {
            let text = match parameter.place {
                Place::Path => texts
                    .get(&parameter.name)
                    .or_else(|| self.overlay.paths.get(&parameter.name)),
                Place::Query => entry.query.get(&parameter.name),
            };
            let Some(text) = text.cloned().filter(|t| !t.trim().is_empty()) else {
                self.report(
                    file,
                    id,
                    format!("nothing says what parameter {} means", parameter.name),
                );
                continue;
            };
            let shape = match parameter.kind.as_str() {
                "integer" => TypeExpr::Integer,
                "boolean" => TypeExpr::Boolean,
                _ => TypeExpr::Text,
            };
            parameters.push(Parameter {
                name: parameter.name.clone(),
                place: parameter.place,
                shape,
                text,
                required: parameter.required,
                hidden: false,
            });
        }
        let has = |place: Place, name: &String| {
            declared
                .parameters
                .iter()
                .any(|p| p.place == place && &p.name == name)
        };
        for name in texts.names().filter(|n| !has(Place::Path, n)) {
            self.report(
                file,
                id,
                format!("path parameter {name} is not in discovery.json"),
            );
        }
        for name in entry.query.names().filter(|n| !has(Place::Query, n)) {
            self.report(
                file,
                id,
                format!("query parameter {name} is not in discovery.json"),
            );
        }
        for (name, typed) in entry.hidden.iter() {
            if has(Place::Query, name) {
                self.report(
                    file,
                    id,
                    format!("query parameter {name} is in discovery.json: it is not hidden"),
                );
            }
            parameters.push(Parameter {
                name: name.clone(),
                place: Place::Query,
                shape: typed.shape.required().clone(),
                text: typed.text.clone(),
                required: false,
                hidden: true,
            });
        }
        parameters
    }

    /// Whether the overlay's body has all members that the document declares.
    fn check_body(
        &mut self,
        file: &str,
        declared: &discovery::Operation,
        entry: &super::overlay::Operation,
    ) {
        let Some(body) = &declared.body else {
            if entry.body_differs.is_some() {
                self.report(
                    file,
                    &declared.id,
                    "body_differs, but discovery.json declares no body",
                );
            }
            return;
        };
        let Some(expression) = &entry.body else {
            let reason = format!(
                "discovery.json declares a body ({}), the entry has none",
                body.definition
            );
            return self.report(file, &declared.id, reason);
        };
        let known = match expression.name() {
            Some(name) => self.members(name),
            // A body of any JSON takes every member.
            None => return,
        };
        let lacking: Vec<_> = body
            .members
            .iter()
            .filter(|m| !known.contains(*m))
            .cloned()
            .collect();
        match (&entry.body_differs, lacking.is_empty()) {
            (None, false) => {
                let reason = format!(
                    "its body lacks {}, which discovery.json declares in {}",
                    lacking.join(", "),
                    body.definition
                );
                self.report(file, &declared.id, reason);
            }
            (Some(_), true) => self.report(
                file,
                &declared.id,
                "body_differs, but discovery.json declares the same members",
            ),
            _ => {}
        }
    }

    /// The members of an object, flattened ones included.
    fn members(&self, schema: &str) -> BTreeSet<String> {
        let mut members = BTreeSet::new();
        if let Some((_, schema)) = self.overlay.schemas.get(schema) {
            members.extend(schema.fields.iter().flat_map(|f| f.names().cloned()));
            members.extend(
                [&schema.tag, &schema.content]
                    .into_iter()
                    .flatten()
                    .cloned(),
            );
            for part in schema.flatten.values().filter_map(|t| t.shape.name()) {
                members.extend(self.members(part));
            }
        }
        members
    }

    /// Whether a path of fields, with dots between them, leads through the schemas.
    fn has_path(&self, schema: &str, path: &str) -> bool {
        match path.split_once('.') {
            None => self.members(schema).contains(path),
            Some((first, rest)) => {
                let fields = self
                    .overlay
                    .schemas
                    .get(schema)
                    .and_then(|(_, s)| s.fields.as_ref());
                let inner = fields
                    .and_then(|f| f.get(first))
                    .and_then(|t| t.shape.name());
                inner.is_some_and(|inner| self.has_path(inner, rest))
            }
        }
    }

    /// Whether each schema is whole, and its names make Rust names.
    fn check_schemas(&mut self) {
        for (name, (file, schema)) in self.overlay.schemas.clone() {
            let entry = format!("schema {name}");
            if !is_type_name(&name) {
                self.report(&file, &entry, "is not named like a Rust type");
            }
            if schema.about.trim().is_empty() {
                self.report(&file, &entry, "nothing says what it is about");
            }
            if self.overlay.values.contains(&name) {
                self.report(&file, &entry, "is a type of values.toml, too");
            }
            let has_to_be_there = schema
                .fields
                .iter()
                .flat_map(Entries::iter)
                .any(|(_, typed)| !typed.shape.is_optional());
            if schema.sparse
                && (has_to_be_there || schema.extra.is_none() || !schema.flatten.is_empty())
            {
                self.report(&file, &entry, "is sparse: it wants `extra`, nothing to flatten, and only fields that may be missing");
            }
            for (part, typed) in schema.parts() {
                if let Some(used) = typed.shape.name().filter(|u| !self.exists(u)) {
                    self.problems.push(Diagnostic::new(
                        &file,
                        format!("{entry}.{part}"),
                        format!("there is no type {used}"),
                    ));
                }
            }
            let rust_names: Vec<String> = match schema.kind() {
                Err(reason) => {
                    self.report(&file, &entry, reason);
                    continue;
                }
                Ok(Kind::Object(fields)) => fields
                    .names()
                    .chain(schema.flatten.names())
                    .map(|f| f.to_snake_case())
                    .collect(),
                Ok(Kind::Enum(values)) => {
                    if let Some(value) = schema.names.names().find(|v| !values.contains(v)) {
                        self.report(
                            &file,
                            format!("{entry}.names.{value}"),
                            "there is no such value",
                        );
                    }
                    if let Some((value, _)) = values.iter().find(|(_, text)| text.trim().is_empty())
                    {
                        self.report(
                            &file,
                            format!("{entry}.{value}"),
                            "nothing says what it means",
                        );
                    }
                    values.names().map(|v| schema.variant(v)).collect()
                }
                Ok(
                    Kind::OneOf(parts)
                    | Kind::Variants {
                        variants: parts, ..
                    },
                ) => parts
                    .names()
                    .map(|v| super::names::variant_name(v))
                    .collect(),
            };
            let mut seen = BTreeSet::new();
            for name in rust_names {
                if name == "Other" {
                    self.report(&file, &entry, "`Other` is the name of what is not known");
                }
                if !seen.insert(name.clone()) {
                    self.report(
                        &file,
                        &entry,
                        format!("two of its parts are called {name} in Rust"),
                    );
                }
            }
        }
    }

    /// Whether operations name schemas that exist, and each schema is used.
    fn check_uses(&mut self, operations: &[Operation]) {
        for operation in operations {
            let file = self
                .overlay
                .operations
                .get(&operation.id)
                .map(|(file, _)| file.clone())
                .unwrap_or_default();
            let returned = match &operation.returns {
                Returns::Body(shape) => Some(shape),
                _ => None,
            };
            for shape in operation.body.iter().chain(returned) {
                if let Some(name) = shape.name().filter(|n| !self.exists(n)) {
                    let reason = format!("there is no type {name}");
                    self.report(&file, &operation.id, reason);
                }
            }
            if let (Some(rows), Some(name)) = (&operation.rows, returned.and_then(TypeExpr::name))
                && !self.has_path(name, rows)
            {
                self.report(
                    &file,
                    &operation.id,
                    format!("its rows are in {rows}, which {name} lacks"),
                );
            }
        }
        let bodies = operations.iter().filter_map(|o| o.body.as_ref());
        let returned = operations.iter().filter_map(|o| match &o.returns {
            Returns::Body(shape) => Some(shape),
            _ => None,
        });
        let used = reachable(&self.schemas(), bodies.chain(returned));
        for (name, (file, _)) in self.overlay.schemas.clone() {
            if !used.contains(&name) {
                self.report(&file, format!("schema {name}"), "nothing uses it");
            }
        }
    }

    fn exists(&self, name: &str) -> bool {
        self.overlay.schemas.contains(name) || self.overlay.values.contains(name)
    }

    /// Sorted by name.
    fn schemas(&self) -> Entries<Schema> {
        let mut schemas: Vec<_> = self
            .overlay
            .schemas
            .iter()
            .map(|(name, (_, schema))| (name.clone(), schema.clone()))
            .collect();
        schemas.sort_by(|a, b| a.0.cmp(&b.0));
        schemas.into()
    }
}

/// The schemas that some shapes are made of.
fn reachable<'a>(
    schemas: &Entries<Schema>,
    from: impl Iterator<Item = &'a TypeExpr>,
) -> BTreeSet<String> {
    let mut open: Vec<String> = from.filter_map(|s| s.name().map(str::to_owned)).collect();
    let mut found = BTreeSet::new();
    while let Some(name) = open.pop() {
        if let Some(schema) = schemas.get(&name)
            && found.insert(name)
        {
            open.extend(
                schema
                    .parts()
                    .filter_map(|(_, t)| t.shape.name().map(str::to_owned)),
            );
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// The problems that come of an overlay file `tag.toml` for one operation.
    fn problems(file: &str) -> Vec<String> {
        let document = json!({
            "swagger": "2.0",
            "paths": {"/api/v1/repository/{repository}/tag/{tag}": {
                "parameters": [
                    {"name": "repository", "in": "path", "type": "string"},
                    {"name": "tag", "in": "path", "type": "string"},
                ],
                "put": {
                    "operationId": "changeTag", "tags": ["tag"],
                    "parameters": [
                        {"name": "force", "in": "query", "type": "boolean"},
                        {"name": "body", "in": "body", "schema": {"$ref": "#/definitions/ChangeTag"}},
                    ],
                },
            }},
            "definitions": {"ChangeTag": {"properties": {"digest": {}, "expiration": {}}}},
        });
        let mut overlay = Overlay::default();
        let common = "[path]\nrepository = \"Its name.\"\ntag = \"Its name.\"";
        let read = overlay
            .add("common", common)
            .and_then(|()| overlay.add("tag", file));
        let joined = read.map_err(Diagnostics::from).and_then(|()| {
            let operations = discovery::parse(&document)?;
            join(operations, overlay)
        });
        joined
            .err()
            .map(|p| p.0.iter().map(ToString::to_string).collect())
            .unwrap_or_default()
    }

    const OPERATION: &str = "
        [operations.changeTag]
        summary = \"Changes a tag.\"
        query.force = \"Whether to do it anyway.\"
        body = \"ChangeTag\"
        returns = \"acknowledgement\"
        status = [201]
    ";
    const SCHEMA: &str = "
        [schemas.ChangeTag]
        about = \"A change.\"
        fields.digest = \"string - Where to.\"
        fields.expiration = \"integer? - Until when.\"
    ";

    fn is_said(file: &str, said: &str) {
        let problems = problems(file);
        assert!(
            problems.iter().any(|p| p == said),
            "{problems:#?} lacks {said}"
        );
    }

    #[test]
    fn a_whole_overlay_has_no_problems() {
        assert_eq!(
            problems(&format!("{OPERATION}{SCHEMA}")),
            Vec::<String>::new()
        );
    }

    #[test]
    fn an_operation_without_entry_and_an_entry_without_operation_stop_the_build() {
        is_said(
            "",
            "overlay/tag.toml: changeTag: the operation is in discovery.json, but has no entry here",
        );
        is_said(
            &format!("{OPERATION}{SCHEMA}\n[operations.gone]\nsummary = \"Is gone.\""),
            "overlay/tag.toml: gone: there is no such operation in discovery.json; to add one, give method, path and tag",
        );
    }

    #[test]
    fn parameters_are_described_and_exist() {
        is_said(
            &format!("{OPERATION}{SCHEMA}")
                .replace("query.force = \"Whether to do it anyway.\"", ""),
            "overlay/tag.toml: changeTag: nothing says what parameter force means",
        );
        is_said(
            &format!("{OPERATION}{SCHEMA}")
                .replace("query.force", "query.gone = \"Gone.\"\nquery.force"),
            "overlay/tag.toml: changeTag: query parameter gone is not in discovery.json",
        );
        is_said(
            &format!("{OPERATION}{SCHEMA}")
                .replace("query.force", "path.gone = \"Gone.\"\nquery.force"),
            "overlay/tag.toml: changeTag: path parameter gone is not in discovery.json",
        );
        is_said(
            &format!("{OPERATION}{SCHEMA}").replace(
                "query.force",
                "hidden.force = \"boolean - It.\"\nquery.force",
            ),
            "overlay/tag.toml: changeTag: query parameter force is in discovery.json: it is not hidden",
        );
    }

    #[test]
    fn bodies_keep_up_with_the_document() {
        is_said(
            &format!("{OPERATION}{SCHEMA}").replace("fields.expiration", "fields.expires"),
            "overlay/tag.toml: changeTag: its body lacks expiration, which discovery.json declares in ChangeTag",
        );
        is_said(
            &OPERATION.replace("body = \"ChangeTag\"", ""),
            "overlay/tag.toml: changeTag: discovery.json declares a body (ChangeTag), the entry has none",
        );
        is_said(
            &format!(
                "{}{SCHEMA}",
                OPERATION.replace("status", "body_differs = \"why\"\nstatus")
            ),
            "overlay/tag.toml: changeTag: body_differs, but discovery.json declares the same members",
        );
    }

    #[test]
    fn schemas_exist_once_and_are_used() {
        is_said(
            OPERATION,
            "overlay/tag.toml: changeTag: there is no type ChangeTag",
        );
        is_said(
            &format!(
                "{OPERATION}{SCHEMA}[schemas.Lonely]\nabout = \"Unused.\"\nfields.a = \"string - It.\""
            ),
            "overlay/tag.toml: schema Lonely: nothing uses it",
        );
        is_said(
            &format!("{OPERATION}{SCHEMA}fields.other = \"Gone? - It.\""),
            "overlay/tag.toml: schema ChangeTag.other: there is no type Gone",
        );
        is_said(
            &format!("{OPERATION}{SCHEMA}values.a = \"It.\""),
            "overlay/tag.toml: schema ChangeTag: wants exactly one of fields, values, one_of and variants",
        );
        is_said(
            &format!("{OPERATION}{SCHEMA}fields.DIGEST = \"string - It.\""),
            "overlay/tag.toml: schema ChangeTag: two of its parts are called digest in Rust",
        );
    }

    #[test]
    fn what_an_operation_must_say_is_asked_for() {
        is_said(
            &format!(
                "{}{SCHEMA}",
                OPERATION.replace("returns = \"acknowledgement\"", "")
            ),
            "overlay/tag.toml: changeTag: does not say what it returns",
        );
        is_said(
            &format!("{}{SCHEMA}", OPERATION.replace("[201]", "[404]")),
            "overlay/tag.toml: changeTag: status 404 is no success",
        );
        is_said(
            &format!(
                "{}{SCHEMA}",
                OPERATION.replace("status", "paging = \"token\"\nstatus")
            ),
            "overlay/tag.toml: changeTag: paging and rows go together",
        );
    }
}
