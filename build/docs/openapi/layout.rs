//! The layout of the document: what fits is on one line, so that a change shows as few lines.

use serde_json::Value;

/// The columns of a line.
const WIDTH: usize = 100;

/// Returns JSON as a string, with a line for each field that does not fit on the line of its
/// object.
pub fn text(value: &Value) -> String {
    let mut out = String::new();
    write(&mut out, value, 0, 0);
    out.push('\n');
    out
}

/// `used` are the columns of the line that are taken already.
fn write(out: &mut String, value: &Value, indent: usize, used: usize) {
    let short = one_line(value);
    let entries: Vec<(String, &Value)> = match value {
        // The comma behind it takes a column, too.
        _ if indent > 0 && used + short.chars().count() < WIDTH => return out.push_str(&short),
        Value::Object(fields) if !fields.is_empty() => fields
            .iter()
            .map(|(key, value)| (format!("{}: ", Value::from(key.as_str())), value))
            .collect(),
        Value::Array(items) if !items.is_empty() => {
            items.iter().map(|item| (String::new(), item)).collect()
        }
        _ => return out.push_str(&short),
    };
    let (open, close) = if value.is_object() {
        ('{', '}')
    } else {
        ('[', ']')
    };
    let inner = indent + 2;
    out.push(open);
    for (number, (key, value)) in entries.iter().enumerate() {
        out.push_str(if number == 0 { "\n" } else { ",\n" });
        out.extend(std::iter::repeat_n(' ', inner));
        out.push_str(key);
        write(out, value, inner, inner + key.chars().count());
    }
    out.push('\n');
    out.extend(std::iter::repeat_n(' ', indent));
    out.push(close);
}

fn one_line(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let fields = fields
                .iter()
                .map(|(key, value)| format!("{}: {}", Value::from(key.as_str()), one_line(value)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(one_line).collect();
            format!("[{}]", items.join(", "))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::text;
    use serde_json::{Value, json};

    #[test]
    fn keeps_on_one_line_what_fits_and_changes_no_value() {
        let long = "x".repeat(90);
        let value = json!({"a": {"b": [1, 2, {}], "c": "\"ä\""}, "d": {"e": long, "f": []}});
        let expected = format!(
            "{{\n  \"a\": {{\"b\": [1, 2, {{}}], \"c\": \"\\\"ä\\\"\"}},\n  \"d\": {{\n    \
             \"e\": \"{long}\",\n    \"f\": []\n  }}\n}}\n"
        );
        assert_eq!(text(&value), expected);
        assert_eq!(serde_json::from_str::<Value>(&expected).ok(), Some(value));
        assert_eq!(text(&json!({})), "{}\n");
    }
}
