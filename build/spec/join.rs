//! Joins the discovery document and the overlay.

use super::api::{Api, ApiOperation, ApiParameter, reachable};
use super::check;
use super::diagnostic::{Diagnostic, Diagnostics};
use super::discovery::{ParameterIn, SwaggerOperation};
use super::overlay::{InFile, Overlay, OverlayOperation, PathEntry, Returns};
use super::release;
use super::semantics::Idempotency;
use super::type_expr::TypeExpr;
use indexmap::IndexMap;
use std::collections::BTreeSet;

/// Joins the two sources, and reports all mistakes together.
pub fn join(discovery: Vec<SwaggerOperation>, overlay: Overlay) -> Result<Api, Diagnostics> {
    let mut join = Join {
        overlay: &overlay,
        diagnostics: Vec::new(),
    };
    let mut operations = join.declared(discovery);
    operations.extend(join.added(&operations));
    operations.sort_by(|a, b| a.id.cmp(&b.id));
    let mut diagnostics = join.diagnostics;
    check::schemas(&overlay, &mut diagnostics);
    check::uses(&overlay, &operations, &mut diagnostics);
    if !diagnostics.is_empty() {
        return Err(Diagnostics(diagnostics));
    }
    let mut schemas: IndexMap<_, _> = overlay
        .schemas
        .into_iter()
        .map(|(name, schema)| (name, schema.entry))
        .collect();
    schemas.sort_unstable_keys();
    let bodies = operations.iter().filter_map(|o| o.body.as_ref());
    let sent = reachable(bodies, |name| schemas.get(name));
    if let Some(name) = sent.iter().find(|name| schemas[*name].sparse) {
        let reason = "is sparse, which a type in a request body can't be";
        return Err(Diagnostic::new("overlay", format!("schema {name}"), reason).into());
    }
    Ok(Api {
        operations,
        schemas,
        values: overlay.values,
        webhooks: overlay
            .webhooks
            .into_iter()
            .map(|(event, ty)| (event, ty.entry))
            .collect(),
        sent,
    })
}

struct Join<'a> {
    overlay: &'a Overlay,
    diagnostics: Vec<Diagnostic>,
}

impl Join<'_> {
    fn report(
        &mut self,
        file: &str,
        entry: impl std::fmt::Display,
        reason: impl std::fmt::Display,
    ) {
        self.diagnostics.push(Diagnostic::new(file, entry, reason));
    }

    /// Completes the operations of the document.
    fn declared(&mut self, discovery: Vec<SwaggerOperation>) -> Vec<ApiOperation> {
        let mut operations = Vec::new();
        for declared in discovery {
            let id = &declared.id;
            let expected = format!("overlay/{}.toml", declared.tag);
            let Some(InFile { file, entry }) = self.overlay.operations.get(id) else {
                let reason = "the operation is in discovery.json, but has no entry here";
                self.report(&expected, id, reason);
                continue;
            };
            if *file != expected {
                self.report(file, id, format!("belongs in {expected}"));
            }
            if entry.method.is_some() || entry.tag.is_some() {
                self.report(file, id, "its method and tag are in discovery.json already");
            }
            if entry.scope.is_some() && entry.scope == declared.scope {
                self.report(file, id, "its scope is in discovery.json already");
            }
            self.check_body(file, &declared, entry);
            let internal = declared.internal || entry.internal;
            operations.push(self.complete(file, declared, entry, internal, true));
        }
        operations
    }

    /// Completes the operations that only the overlay has.
    fn added(&mut self, declared: &[ApiOperation]) -> Vec<ApiOperation> {
        let known: BTreeSet<&str> = declared.iter().map(|o| o.id.as_str()).collect();
        let mut operations = Vec::new();
        for (id, InFile { file, entry }) in &self.overlay.operations {
            if known.contains(id.as_str()) {
                continue;
            }
            let (PathEntry::Route(path), Some(method), Some(tag)) =
                (&entry.path, &entry.method, &entry.tag)
            else {
                let reason = "discovery.json has no such operation; \
                              an operation that it lacks requires method, path and tag";
                self.report(file, id, reason);
                continue;
            };
            let added = SwaggerOperation {
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
            operations.push(self.complete(file, added, entry, entry.internal, false));
        }
        operations
    }

    fn complete(
        &mut self,
        file: &str,
        declared: SwaggerOperation,
        entry: &OverlayOperation,
        internal: bool,
        documented: bool,
    ) -> ApiOperation {
        let id = &declared.id;
        if !entry.summary.ends_with('.') {
            self.report(file, id, "its summary does not end with a period");
        }
        if entry.returns.is_none() {
            self.report(file, id, "has no `returns`");
        }
        if let Some(status) = entry.status.iter().find(|s| !(200..300).contains(*s)) {
            self.report(file, id, format!("status {status} is not a success"));
        }
        if entry.paging.is_some() != entry.rows.is_some() {
            self.report(file, id, "`paging` and `rows` require each other");
        }
        let by_method = Idempotency::of(&declared.method);
        if entry.idempotency == Some(by_method) {
            let method = &declared.method;
            let reason = format!("its idempotency is that of {method} already");
            self.report(file, id, reason);
        }
        if let Some(since) = entry.since.filter(|since| *since <= release::OLDEST) {
            let oldest = release::OLDEST;
            let reason = format!("`since` {since} says nothing: {oldest} is the oldest release");
            self.report(file, id, reason);
        }
        if let Some(listed) = entry.listed
            && (!documented || listed <= entry.since.unwrap_or(release::OLDEST))
        {
            let reason = format!("`listed` {listed} is not later than the release that brought it");
            self.report(file, id, reason);
        }
        let parameters = self.parameters(file, &declared, entry);
        ApiOperation {
            id: declared.id,
            method: declared.method,
            path: declared.path,
            tag: declared.tag,
            scope: entry.scope.clone().or(declared.scope),
            summary: entry.summary.clone(),
            description: entry.description.as_ref().map(|d| d.trim().to_owned()),
            parameters,
            body: entry.body.clone(),
            body_optional: entry.body_optional,
            returns: entry.returns.clone().unwrap_or(Returns::Nothing),
            status: entry.status.clone(),
            paging: entry.paging,
            rows: entry.rows.clone(),
            session: entry.session.clone(),
            internal,
            fresh_login: declared.fresh_login,
            idempotency: entry.idempotency.unwrap_or(by_method),
            since: entry.since,
            listed: entry.listed,
            features: entry.feature.clone(),
            documented,
        }
    }

    fn parameters(
        &mut self,
        file: &str,
        declared: &SwaggerOperation,
        entry: &OverlayOperation,
    ) -> Vec<ApiParameter> {
        let id = &declared.id;
        let none = IndexMap::new();
        let path = match &entry.path {
            PathEntry::Descriptions(descriptions) => descriptions,
            PathEntry::Route(_) => &none,
        };
        let mut parameters = Vec::new();
        for parameter in &declared.parameters {
            let name = &parameter.name;
            let description = match parameter.location {
                ParameterIn::Path => path.get(name).or_else(|| self.overlay.paths.get(name)),
                ParameterIn::Query => entry.query.get(name),
            };
            let Some(description) = description.filter(|d| !d.trim().is_empty()) else {
                self.report(file, id, format!("parameter {name} has no description"));
                continue;
            };
            parameters.push(ApiParameter {
                name: name.clone(),
                location: parameter.location,
                ty: match parameter.ty.as_str() {
                    "integer" => TypeExpr::Integer,
                    "boolean" => TypeExpr::Boolean,
                    _ => TypeExpr::String,
                },
                description: description.clone(),
                required: parameter.required,
                hidden: false,
            });
        }
        let has = |location: ParameterIn, name: &String| {
            let mut parameters = declared.parameters.iter();
            parameters.any(|p| p.location == location && p.name == *name)
        };
        for name in path.keys().filter(|n| !has(ParameterIn::Path, n)) {
            let reason = format!("discovery.json has no path parameter {name}");
            self.report(file, id, reason);
        }
        for name in entry.query.keys().filter(|n| !has(ParameterIn::Query, n)) {
            let reason = format!("discovery.json has no query parameter {name}");
            self.report(file, id, reason);
        }
        for (name, hidden) in &entry.hidden {
            if has(ParameterIn::Query, name) {
                let reason = format!("query parameter {name} is in discovery.json: not hidden");
                self.report(file, id, reason);
            }
            parameters.push(ApiParameter {
                name: name.clone(),
                location: ParameterIn::Query,
                ty: hidden.ty.required().clone(),
                description: hidden.description.clone(),
                required: false,
                hidden: true,
            });
        }
        parameters
    }

    /// Reports fields that the document declares and the overlay's body lacks.
    fn check_body(&mut self, file: &str, declared: &SwaggerOperation, entry: &OverlayOperation) {
        let id = &declared.id;
        let Some(body) = &declared.body else {
            if entry.body_differs.is_some() {
                let reason = "has `body_differs`, but discovery.json declares no body";
                self.report(file, id, reason);
            }
            return;
        };
        let definition = &body.definition;
        let Some(ty) = &entry.body else {
            let reason = format!("discovery.json declares a body ({definition}), the entry none");
            return self.report(file, id, reason);
        };
        // A body of any JSON accepts every field.
        let Some(schema) = ty.name() else { return };
        let known = self.overlay.fields(schema);
        let missing: Vec<&str> = body
            .fields
            .iter()
            .map(String::as_str)
            .filter(|field| !known.contains(field))
            .collect();
        match (&entry.body_differs, missing.is_empty()) {
            (None, false) => {
                let missing = missing.join(", ");
                let reason =
                    format!("its body lacks {missing}, which discovery.json has in {definition}");
                self.report(file, id, reason);
            }
            (Some(_), true) => {
                let reason = "has `body_differs`, but discovery.json declares the same fields";
                self.report(file, id, reason);
            }
            _ => {}
        }
    }
}
