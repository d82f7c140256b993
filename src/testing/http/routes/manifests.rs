//! Manifests, their labels, and what a scan of them found.

use crate::testing::clock::rfc2822;
use crate::testing::http::api_request::{ApiRequest, python_repr, schema_error};
use crate::testing::http::routes::{HandlerResult, Routes};
use crate::testing::state::State;
use crate::testing::state::manifests::{Label, Package, Scan, Vulnerability};
use crate::testing::{ErrorResponse, Response};
use crate::types::RepositoryRole;
use serde_json::{Value, json};

pub const ROUTES: Routes = &[
    ("getRepoManifest", get),
    ("getRepoManifestSecurity", security),
    ("listManifestLabels", list_labels),
    ("addManifestLabel", add_label),
    ("getManifestLabel", get_label),
    ("deleteManifestLabel", delete_label),
];

const MEDIA_TYPES: [&str; 2] = ["text/plain", "application/json"];

fn get(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let path = request.readable_repository(state)?;
    let created = rfc2822(state.now_ms() / 1000);
    let manifest = state.live_manifest(path, request.path("manifestref"))?;
    let document: Value = serde_json::from_str(&manifest.document).unwrap_or_default();
    let is_index = !manifest.children.is_empty();
    let layer = |(index, layer): (usize, &Value)| {
        json!({
            "index": index, "compressed_size": layer["size"], "is_remote": false, "urls": null, "command": ["COPY . /app # buildkit"],
            "comment": null, "author": null, "blob_digest": layer["digest"], "created_datetime": created,
        })
    };
    let layers: Option<Vec<Value>> = document["layers"]
        .as_array()
        .map(|layers| layers.iter().enumerate().map(layer).collect());
    Ok(Response::ok(json!({
        "digest": manifest.digest, "is_manifest_list": is_index, "manifest_data": manifest.document,
        "config_media_type": document["config"]["mediaType"], "layers_compressed_size": if is_index { 0 } else { manifest.size },
        "layers": layers,
    })))
}

/// Responds with the report of a manifest, which may be one that no tag leads to any more.
fn security(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let path = request.readable_repository(state)?;
    let (now, digest) = (state.now_ms(), request.path("manifestref"));
    let repository = state
        .repository_mut(path.0, path.1)
        .ok_or(ErrorResponse::NotFound)?;
    let manifest = repository
        .manifests
        .get_mut(digest)
        .ok_or(ErrorResponse::NotFound)?;
    if !manifest.children.is_empty() {
        // The manifests of an index are scanned, not the index.
        return Ok(Response::ok(json!({"status": "unsupported", "data": null})));
    }
    let status = manifest.scan.look(now).to_owned();
    // As on a server, the parameter `vulnerabilities` has no effect.
    let data = (status == "scanned").then(|| report(&manifest.scan, digest));
    Ok(Response::ok(json!({"status": status, "data": data})))
}

/// Returns the report of a scan.
fn report(scan: &Scan, digest: &str) -> Value {
    let vulnerability = |v: &Vulnerability| {
        json!({
            "Severity": v.severity, "NamespaceName": "osv", "FixedBy": v.fixed_by,
            "Link": format!("https://cve.example.test/{}", v.name),
            "Description": v.description, "Name": v.name,
            "Metadata": {
                "UpdatedBy": "osv", "RepoName": null, "RepoLink": null,
                "DistroName": "Debian GNU/Linux", "DistroVersion": "12",
                "NVD": {"CVSSv3": {"Vectors": "", "Score": ""}},
            },
        })
    };
    let feature = |package: &Package| {
        let found = &package.vulnerabilities;
        json!({
            "Name": package.name, "VersionFormat": "", "NamespaceName": "", "AddedBy": digest,
            "Version": package.version, "BaseScores": [],
            "CVEIds": found.iter().map(|v| v.name.as_str()).collect::<Vec<_>>(),
            "Vulnerabilities": found.iter().map(vulnerability).collect::<Vec<_>>(),
        })
    };
    let features: Vec<Value> = scan.packages.iter().map(feature).collect();
    json!({"Layer": {
        "Name": digest, "ParentName": "", "NamespaceName": "", "IndexedByVersion": 4,
        "Features": features,
    }})
}

fn view(label: &Label) -> Value {
    json!({"id": label.uuid, "key": label.key, "value": label.value, "source_type": label.source, "media_type": label.media_type})
}

fn list_labels(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let path = request.readable_repository(state)?;
    // As in the database, case does not count.
    let prefix = request.query("filter").unwrap_or_default().to_lowercase();
    let manifest = state.live_manifest(path, request.path("manifestref"))?;
    let rows: Vec<Value> = manifest
        .labels
        .iter()
        .filter(|label| label.key.to_lowercase().starts_with(&prefix))
        .map(view)
        .collect();
    Ok(Response::ok(json!({"labels": rows})))
}

fn add_label(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let path = request.writable_repository_as(state, RepositoryRole::Write)?;
    let body = request.body()?;
    body.require(&["key", "value", "media_type"])?;
    let (key, value) = (body.required_string("key")?, body.required_string("value")?);
    let media_type = match body.get("media_type") {
        None | Some(Value::Null) if serde_json::from_str::<Value>(value).is_ok() => {
            "application/json"
        }
        None | Some(Value::Null) => "text/plain",
        Some(Value::String(text)) if MEDIA_TYPES.contains(&text.as_str()) => text,
        Some(other) => {
            return Err(schema_error(
                &format!(
                    "{} is not one of ['text/plain', 'application/json', None]",
                    python_repr(other)
                ),
                "enum",
            ));
        }
    };
    let digest = request.path("manifestref");
    let label = state.add_label(&request.caller, path, digest, (key, value), media_type)?;
    Ok(Response::created(json!({"label": view(&label)})))
}

fn get_label(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let path = request.readable_repository(state)?;
    let label = state
        .live_manifest(path, request.path("manifestref"))?
        .labels
        .iter()
        .find(|label| label.uuid == request.path("labelid"));
    label
        .map(|label| Response::ok(view(label)))
        .ok_or(ErrorResponse::NotFound)
}

fn delete_label(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let path = request.writable_repository_as(state, RepositoryRole::Write)?;
    let (digest, uuid) = (request.path("manifestref"), request.path("labelid"));
    state.delete_label(&request.caller, path, digest, uuid)?;
    Ok(Response::no_content())
}
