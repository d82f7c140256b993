//! The filter of a notification: the events that its settings accept.

use serde_json::{Map, Value};

/// The severities by their numbers in the settings of notifications.
const SEVERITIES: [&str; 6] = ["Critical", "High", "Medium", "Low", "Negligible", "Unknown"];

/// Returns the number in a setting, which may be a string.
fn number(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => text.trim().parse().ok(),
        other => other.as_i64(),
    }
}

/// Returns the name of the severity in a setting.
pub fn severity_of(level: Option<&Value>) -> &'static str {
    let index = level.and_then(number).and_then(|n| usize::try_from(n).ok());
    index
        .and_then(|index| SEVERITIES.get(index))
        .unwrap_or(&"Unknown")
}

/// Returns true if the settings of a notification accept an event, also the event of a test.
pub fn is_wanted(event: &str, config: &Value, data: &Value) -> bool {
    let no_fields = Map::new();
    let config = config.as_object().unwrap_or(&no_fields);
    if event.starts_with("build_") {
        let Some(Value::String(pattern)) = config.get("ref-regex") else {
            return true;
        };
        // The server ignores an empty pattern.
        if pattern.is_empty() {
            return true;
        }
        // It has to match from the beginning, and not to the end.
        let pattern = regex_lite::Regex::new(&format!("^(?:{pattern})"));
        let reference = data
            .pointer("/trigger_metadata/ref")
            .and_then(Value::as_str);
        return pattern.is_ok_and(|p| reference.is_some_and(|r| p.is_match(r)));
    }
    if event != "vulnerability_found" || data.get("vulnerable_index_report_created").is_some() {
        return true;
    }
    let Some(level) = config.get("level") else {
        return true;
    };
    let priority = data
        .pointer("/vulnerability/priority")
        .and_then(Value::as_str);
    let index = SEVERITIES.iter().position(|s| Some(*s) == priority);
    let index = index.and_then(|index| i64::try_from(index).ok());
    index
        .zip(number(level))
        .is_some_and(|(index, level)| index <= level)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn settings_of_notifications_filter_events() {
        let build = |reference: Value| json!({"trigger_metadata": {"ref": reference}});
        let found = |priority: &str| json!({"vulnerability": {"priority": priority}});
        let first = json!({
            "vulnerable_index_report_created": "true", "vulnerability": {"priority": "Important"},
        });
        for (event, config, data, wanted) in [
            ("build_start", json!({}), build(Value::Null), true),
            (
                "build_start",
                json!({"ref-regex": ""}),
                build(json!("refs/heads/main")),
                true,
            ),
            (
                "build_start",
                json!({"ref-regex": ""}),
                build(Value::Null),
                true,
            ),
            (
                "build_start",
                json!({"ref-regex": "refs/heads/m"}),
                build(json!("refs/heads/main")),
                true,
            ),
            (
                "build_start",
                json!({"ref-regex": "heads"}),
                build(json!("refs/heads/main")),
                false,
            ),
            (
                "build_start",
                json!({"ref-regex": "("}),
                build(json!("refs/heads/main")),
                false,
            ),
            (
                "build_start",
                json!({"ref-regex": "."}),
                build(Value::Null),
                false,
            ),
            ("vulnerability_found", json!({}), found("Low"), true),
            (
                "vulnerability_found",
                json!({"level": 1}),
                found("High"),
                true,
            ),
            (
                "vulnerability_found",
                json!({"level": "1"}),
                found("Medium"),
                false,
            ),
            (
                "vulnerability_found",
                json!({"level": 1}),
                found("Important"),
                false,
            ),
            ("vulnerability_found", json!({"level": 0}), first, true),
            ("repo_push", json!({"ref-regex": "x"}), json!({}), true),
        ] {
            assert_eq!(
                is_wanted(event, &config, &data),
                wanted,
                "{event} {config} {data}"
            );
        }
    }
}
