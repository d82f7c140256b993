//! Manifests, their labels, and what a scan of them found.

use super::{Outcome, Routes, writable};
use crate::testing::clock::rfc2822;
use crate::testing::http::call::{Call, python, unfit};
use crate::testing::state::State;
use crate::testing::state::manifests::Label;
use crate::testing::state::tags::Manifest;
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
const BAD_KEY: &str = "Label is of an invalid format or missing please use ^[a-z0-9](([a-z0-9]|[-.](?![.-]))*[a-z0-9])?$ format for labels";

/// Prefixes of labels that are not for everybody.
const RESERVED: [&str; 3] = ["com.docker.", "io.docker.", "quay."];

/// The manifest in the path, if a tag that is alive leads to it.
fn manifest<'w>(
    world: &'w mut State,
    call: &Call<'_>,
    path: (&str, &str),
) -> Result<&'w mut Manifest, ErrorResponse> {
    let (now, digest) = (world.now_ms(), call.path("manifestref"));
    let repository = world
        .repository_mut(path.0, path.1)
        .ok_or(ErrorResponse::NotFound)?;
    let alive: Vec<_> = repository.tags.iter().filter(|t| t.is_alive(now)).collect();
    repository
        .manifest_in(digest, &alive)
        .ok_or(ErrorResponse::NotFound)?;
    repository
        .manifests
        .get_mut(digest)
        .ok_or(ErrorResponse::NotFound)
}

fn get(world: &mut State, call: &Call<'_>) -> Outcome {
    let path = world.may_read(call)?;
    let created = rfc2822(world.now_ms() / 1000);
    let manifest = manifest(world, call, path)?;
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

/// The report of a manifest, which may be one that no tag leads to any more.
fn security(world: &mut State, call: &Call<'_>) -> Outcome {
    let path = world.may_read(call)?;
    let (now, digest) = (world.now_ms(), call.path("manifestref"));
    let repository = world
        .repository_mut(path.0, path.1)
        .ok_or(ErrorResponse::NotFound)?;
    let manifest = repository
        .manifests
        .get_mut(digest)
        .ok_or(ErrorResponse::NotFound)?;
    if !manifest.children.is_empty() {
        // What an index lists is scanned, not the index.
        return Ok(Response::ok(json!({"status": "unsupported", "data": null})));
    }
    let status = manifest.scan.look(now).to_owned();
    let data = (status == "scanned").then(|| {
        manifest
            .scan
            .report(digest, call.flag("vulnerabilities", false))
    });
    Ok(Response::ok(json!({"status": status, "data": data})))
}

fn view(label: &Label) -> Value {
    json!({"id": label.uuid, "key": label.key, "value": label.value, "source_type": label.source, "media_type": label.media_type})
}

fn list_labels(world: &mut State, call: &Call<'_>) -> Outcome {
    let path = world.may_read(call)?;
    let prefix = call.text("filter").unwrap_or_default();
    let manifest = manifest(world, call, path)?;
    let rows: Vec<Value> = manifest
        .labels
        .iter()
        .filter(|label| label.key.starts_with(&prefix))
        .map(view)
        .collect();
    Ok(Response::ok(json!({"labels": rows})))
}

fn is_key(key: &str) -> bool {
    let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    key.split(['-', '.'])
        .all(|part| !part.is_empty() && part.chars().all(is_word))
}

fn add_label(world: &mut State, call: &Call<'_>) -> Outcome {
    let path = writable(world, call, RepositoryRole::Write)?;
    let body = call.body()?;
    body.has(&["key", "value", "media_type"])?;
    let (key, value) = (body.required("key")?, body.required("value")?);
    let media_type = match body.get("media_type") {
        None | Some(Value::Null) if serde_json::from_str::<Value>(value).is_ok() => {
            "application/json"
        }
        None | Some(Value::Null) => "text/plain",
        Some(Value::String(text)) if MEDIA_TYPES.contains(&text.as_str()) => text,
        Some(other) => {
            return Err(unfit(
                &format!(
                    "{} is not one of ['text/plain', 'application/json', None]",
                    python(other)
                ),
                "enum",
            ));
        }
    };
    if RESERVED.iter().any(|prefix| key.starts_with(prefix)) {
        return Err(ErrorResponse::message("Label has a reserved prefix"));
    }
    let uuid = world.random_uuid();
    let manifest = manifest(world, call, path)?;
    if !is_key(key) {
        return Err(ErrorResponse::message(BAD_KEY));
    }
    let label = Label {
        uuid,
        key: key.to_owned(),
        value: value.to_owned(),
        source: "api",
        media_type: media_type.to_owned(),
    };
    manifest.labels.push(label.clone());
    let digest = call.path("manifestref");
    let metadata = json!({"id": label.uuid, "key": key, "value": value, "manifest_digest": digest, "media_type": media_type});
    world.log_repository(call, "manifest_label_add", path, metadata);
    Ok(Response::created(json!({"label": view(&label)})))
}

fn get_label(world: &mut State, call: &Call<'_>) -> Outcome {
    let path = world.may_read(call)?;
    let label = manifest(world, call, path)?
        .labels
        .iter()
        .find(|label| label.uuid == call.path("labelid"));
    label
        .map(|label| Response::ok(view(label)))
        .ok_or(ErrorResponse::NotFound)
}

fn delete_label(world: &mut State, call: &Call<'_>) -> Outcome {
    let path = writable(world, call, RepositoryRole::Write)?;
    let labels = &mut manifest(world, call, path)?.labels;
    let index = labels
        .iter()
        .position(|label| label.uuid == call.path("labelid"))
        .ok_or(ErrorResponse::NotFound)?;
    let label = labels.remove(index);
    let metadata = json!({"id": label.uuid, "key": label.key, "value": label.value, "manifest_digest": call.path("manifestref")});
    world.log_repository(call, "manifest_label_delete", path, metadata);
    Ok(Response::no_content())
}
