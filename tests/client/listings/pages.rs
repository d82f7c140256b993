//! Responses of a server with any number of rows, in pages as Quay sends them.

use quay_api::testing::{RecordedRequest, Response, Sandbox};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, MutexGuard};

/// Names, shared with a server that lists them.
#[derive(Clone, Default)]
pub struct Names(Arc<Mutex<Vec<String>>>);

impl Names {
    /// `prefix0000`, `prefix0001` …
    pub fn many(count: usize) -> Self {
        Self(Arc::new(Mutex::new((0..count).map(name).collect())))
    }

    pub fn lock(&self) -> MutexGuard<'_, Vec<String>> {
        self.0.lock().unwrap()
    }

    /// Some of them from one on, and whether there are more.
    pub fn slice(&self, from: usize, count: usize) -> (Vec<String>, bool) {
        let names = self.lock();
        let to = (from + count).min(names.len());
        (names[from.min(to)..to].to_vec(), to < names.len())
    }
}

pub fn name(number: usize) -> String {
    format!("row{number:05}")
}

pub fn names(numbers: impl IntoIterator<Item = usize>) -> Vec<String> {
    numbers.into_iter().map(name).collect()
}

pub fn number(received: &RecordedRequest, parameter: &str, default: usize) -> usize {
    received
        .query(parameter)
        .map_or(default, |value| value.parse().unwrap())
}

pub fn tag(name: &str) -> Value {
    json!({
        "name": name,
        "manifest_digest": "sha256:1",
        "reversion": false,
        "start_ts": 1_700_000_000,
        "is_manifest_list": false,
    })
}

/// Tags, by page and limit.
pub fn tags(names: &Names) -> impl Fn(&RecordedRequest) -> Response + Send + Sync + 'static {
    let names = names.clone();
    move |received| {
        let (page, limit) = (number(received, "page", 1), number(received, "limit", 50));
        let (rows, has_additional) = names.slice((page - 1) * limit, limit);
        let tags: Vec<Value> = rows.iter().map(|name| tag(name)).collect();
        Response::json(
            200,
            &json!({"tags": tags, "page": page, "has_additional": has_additional}),
        )
    }
}

/// Makes the sandbox list rows with page tokens, which are row numbers.
pub fn tokens(
    names: &Names,
    rows: &'static str,
    size: usize,
    row: fn(&str) -> Value,
) -> impl Fn(&RecordedRequest) -> Response + Send + Sync + 'static {
    let names = names.clone();
    move |received| {
        let from = received.query("next_page").map_or(0, |token| {
            token.trim_start_matches("token").parse().unwrap()
        });
        let size = number(received, "limit", size);
        let (found, has_more) = names.slice(from, size);
        let found: Vec<Value> = found.iter().map(|name| row(name)).collect();
        let mut response = json!({rows: found});
        if has_more {
            response["next_page"] = json!(format!("token{}", from + size));
        }
        Response::json(200, &response)
    }
}

pub fn repository(name: &str) -> Value {
    json!({
        "namespace": "acme",
        "name": name,
        "is_public": true,
        "kind": "image",
        "state": "NORMAL",
        "is_starred": false,
    })
}

pub fn user(name: &str) -> Value {
    json!({"username": name, "enabled": true})
}

pub fn organization(name: &str) -> Value {
    json!({"name": name})
}

pub fn application_token(name: &str) -> Value {
    json!({"uuid": name})
}

pub fn robot(name: &str) -> Value {
    json!({"name": name})
}

pub fn build(name: &str) -> Value {
    json!({"id": name, "phase": "complete"})
}

/// Returns the number of requests that arrived.
pub fn requested(sandbox: &Sandbox) -> usize {
    sandbox.requests().len()
}
