//! Templates of webhooks: JSON whose strings name fields of the event, as in `${repository}`.
//!
//! Paths are names, `*` and indices: `${trigger_metadata.commit_info.author.username}`,
//! `${updated_tags[0]}`, `${updated_tags[*]}`. The server knows all of JSONPath; of other paths,
//! the sandbox finds nothing.

use serde_json::{Map, Value};

/// The text in place of a missing field within a longer string.
const MISSING: &str = "(none)";

/// Parses a template and fills it in.
pub fn apply(template: &str, data: &Value) -> Result<Value, String> {
    let template: Value = serde_json::from_str(template)
        .map_err(|error| format!("Could not parse template: {error}"))?;
    fill(&template, data)
}

fn fill(template: &Value, data: &Value) -> Result<Value, String> {
    Ok(match template {
        Value::String(text) => fill_string(text, data)?,
        Value::Array(items) => {
            let items = items.iter().map(|item| fill(item, data));
            Value::Array(items.collect::<Result<_, _>>()?)
        }
        Value::Object(fields) => {
            let mut filled = Map::new();
            for (name, value) in fields {
                let name = text_of(&fill_string(name, data)?);
                filled.insert(name, fill(value, data)?);
            }
            Value::Object(filled)
        }
        other => other.clone(),
    })
}

/// Fills in a string. One that is nothing but a path becomes the value there, of any type.
fn fill_string(text: &str, data: &Value) -> Result<Value, String> {
    let whole = text
        .strip_prefix("${")
        .and_then(|rest| rest.strip_suffix('}'));
    if let Some(path) = whole.filter(|path| !path.contains('}')) {
        return Ok(found(path, data)?.unwrap_or_default());
    }
    let (mut filled, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once("${") {
        let Some((path, end)) = after.split_once('}') else {
            break;
        };
        filled.push_str(before);
        match found(path, data)? {
            None | Some(Value::Null) => filled.push_str(MISSING),
            Some(value) => filled.push_str(&text_of(&value)),
        }
        rest = end;
    }
    filled.push_str(rest);
    Ok(filled.into())
}

/// Returns the text of a value within a string.
fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) if items.len() > 1 => {
            let items: Vec<String> = items.iter().map(text_of).collect();
            items.join(",")
        }
        other => python_repr(other),
    }
}

/// Formats a value as Python does.
fn python_repr(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(flag) => if *flag { "True" } else { "False" }.to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => format!("'{text}'"),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(python_repr).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(fields) => {
            let fields = fields.iter();
            let fields = fields.map(|(name, value)| format!("'{name}': {}", python_repr(value)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
    }
}

/// Returns the value at a path; a list of them if there are several.
fn found(path: &str, data: &Value) -> Result<Option<Value>, String> {
    if path.is_empty() {
        return Err("Empty expression found".to_owned());
    }
    let path = path.strip_prefix("$.").unwrap_or(path);
    let mut values = vec![data];
    for part in path.split(['.', '[']) {
        let part = part.trim_end_matches(']');
        values = values
            .into_iter()
            .flat_map(|value| inside(value, part))
            .collect();
    }
    Ok(match values.as_slice() {
        [] => None,
        [value] => Some((*value).clone()),
        values => Some(values.iter().map(|value| (*value).clone()).collect()),
    })
}

/// Returns the values that a part of a path leads to.
fn inside<'v>(value: &'v Value, part: &str) -> Vec<&'v Value> {
    match (value, part) {
        (Value::Array(items), "*") => items.iter().collect(),
        (Value::Object(fields), "*") => fields.values().collect(),
        (Value::Array(items), index) => {
            let index = index.parse::<usize>().ok();
            index
                .and_then(|index| items.get(index))
                .into_iter()
                .collect()
        }
        (value, name) => value.get(name).into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn templates_are_filled_in_as_quay_does() {
        let data = json!({"repository": "acme/web", "updated_tags": ["v1", "v2"], "count": 3,
            "trigger_metadata": {"commit": null}, "one": ["v1"]});
        for (template, filled) in [
            (
                json!({"text": "pushed ${repository}:${updated_tags}"}),
                json!({"text": "pushed acme/web:v1,v2"}),
            ),
            (
                json!(["${updated_tags}", "${count}", "${nosuch}"]),
                json!([["v1", "v2"], 3, null]),
            ),
            (
                json!({"${repository}": "${updated_tags[1]} ${updated_tags[*]}"}),
                json!({"acme/web": "v2 v1,v2"}),
            ),
            (json!("${trigger_metadata.commit}!"), json!("(none)!")),
            (
                json!("$.{x} ${$.count} ${nosuch} ${"),
                json!("$.{x} 3 (none) ${"),
            ),
        ] {
            assert_eq!(apply(&template.to_string(), &data), Ok(filled));
        }
        assert!(apply("{", &data).is_err());
        assert!(apply(r#""${}""#, &data).is_err());
    }
}
