//! The data of test calls of notifications, as the server makes them up.

use crate::testing::state::event_filters::severity_of;
use serde_json::{Value, json};

/// Adds the fields of an object to those of another.
pub fn joined(mut data: Value, more: Value) -> Value {
    if let (Value::Object(fields), Value::Object(more)) = (&mut data, more) {
        fields.extend(more);
    }
    data
}

/// Returns a size as events have it: `819.20 MB`.
pub fn in_words(bytes: u64) -> String {
    if bytes < 1024 {
        return format!("{bytes} bytes");
    }
    let mut value = bytes as f64 / 1024.0;
    for unit in ["KB", "MB", "GB"] {
        if value < 1024.0 {
            return format!("{value:.2} {unit}");
        }
        value /= 1024.0;
    }
    format!("{value:.2} TB")
}

/// Returns the data of a test of an event, and the page that they lead to.
pub fn sample(event: &str, config: &Value, now: i64) -> (Value, Option<&'static str>) {
    let build = |more: Value| {
        let data = json!({
            "build_id": "fake-build-id", "build_name": "some-fake-build",
            "docker_tags": ["latest", "foo", "bar"], "trigger_id": "1245634",
            "trigger_kind": "GitHub", "trigger_metadata": {
                "default_branch": "master", "ref": "refs/heads/somebranch",
                "commit": "42d4a62c53350993ea41069e9f2cfdefb0df097d",
            },
        });
        (joined(data, more), Some("build/fake-build-id"))
    };
    let commit_info = json!({
        "url": "http://path/to/the/commit", "message": "Some commit message", "date": now as f64,
        "author": {
            "username": "fakeauthor", "url": "http://path/to/fake/author/in/scm",
            "avatar_url": "http://www.gravatar.com/avatar/fakehash",
        },
    });
    let with_commit = |mut sample: (Value, Option<&'static str>)| {
        sample.0["trigger_metadata"]["commit_info"] = commit_info.clone();
        sample
    };
    let quota = |threshold: u64, usage: u64, percent: u64| {
        let limit = 1_u64 << 30;
        json!({
            "threshold_percent": threshold, "usage_bytes": usage, "limit_bytes": limit,
            "usage_percent": percent, "usage_bytes_formatted": in_words(usage),
            "limit_bytes_formatted": in_words(limit),
        })
    };
    match event {
        "repo_push" => (
            json!({"updated_tags": ["latest", "foo"], "pruned_image_count": 3}),
            None,
        ),
        "build_queued" => with_commit(build(json!({"is_manual": false}))),
        "build_start" => build(json!({})),
        "build_success" | "build_cancelled" => build(json!({"image_id": "1245657346"})),
        "build_failure" => with_commit(build(
            json!({"error_message": "This is a fake error message"}),
        )),
        "vulnerability_found" => {
            let vulnerability = json!({
                "id": "CVE-FAKE-CVE", "description": "A futurist vulnerability",
                "link": "https://security-tracker.debian.org/tracker/CVE-FAKE-CVE",
                "priority": severity_of(config.get("level")),
            });
            let data = json!({
                "tags": ["latest", "prod", "foo", "bar", "baz"], "image": "some-image-id",
                "vulnerability": vulnerability,
            });
            (data, None)
        }
        "repo_image_expiry" => {
            let days = match config.get("days") {
                None | Some(Value::Null) => "None".to_owned(),
                Some(Value::String(text)) => text.clone(),
                Some(other) => other.to_string(),
            };
            let expiring_in = format!("{days} days");
            (
                json!({"tags": ["latest", "v1"], "expiring_in": expiring_in}),
                None,
            )
        }
        "quota_warning" => (quota(80, 858_993_459, 80), None),
        "quota_error" => (quota(100, 1_127_428_915, 105), None),
        _ => (json!({"message": "TEST NOTIFICATION"}), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_in_words_as_quay_has_them() {
        for (bytes, words) in [
            (0, "0 bytes"),
            (1023, "1023 bytes"),
            (858_993_459, "819.20 MB"),
            (1 << 30, "1.00 GB"),
            (1_127_428_915, "1.05 GB"),
            (5 << 50, "5120.00 TB"),
        ] {
            assert_eq!(in_words(bytes), words);
        }
    }
}
