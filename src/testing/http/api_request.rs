//! A request of an operation, as its handler reads it.

use crate::Operation;
use crate::http::route::PathParameters;
use crate::testing::state::access::Caller;
use crate::testing::{ErrorResponse, RecordedRequest};
use serde_json::{Map, Value, json};
use std::num::IntErrorKind;

/// A request of an operation, with its caller.
#[derive(Debug)]
pub struct ApiRequest<'a> {
    pub operation: &'static Operation,
    pub parameters: PathParameters,
    pub caller: Caller,
    pub recorded: &'a RecordedRequest,
}

impl ApiRequest<'_> {
    /// Returns the name of the user who calls; `None` if the caller is anonymous.
    pub fn user(&self) -> Option<&str> {
        self.caller.user()
    }

    /// Returns the value of a path parameter, decoded.
    pub fn path(&self, name: &str) -> &str {
        self.parameters.get(name).unwrap_or_default()
    }

    /// Returns namespace and name of the repository in the path.
    pub fn repository(&self) -> (&str, &str) {
        self.path("repository").split_once('/').unwrap_or_default()
    }

    /// Returns a query parameter that is present and not empty.
    pub fn query(&self, name: &str) -> Option<String> {
        self.recorded.query(name).filter(|text| !text.is_empty())
    }

    /// Returns a boolean query parameter.
    ///
    /// Any value is true, except for those that mean "no".
    pub fn query_flag(&self, name: &str, default: bool) -> bool {
        match self.recorded.query(name) {
            Some(text) => !matches!(
                text.to_lowercase().as_str(),
                "false" | "0" | "no" | "f" | "n" | "off" | "none" | "null" | ""
            ),
            None => default,
        }
    }

    /// Returns a query parameter that is an integer.
    ///
    /// `help` is how Quay describes the parameter, which is the message if it can't be parsed.
    pub fn query_number(&self, name: &str, help: &str) -> Result<Option<i64>, ErrorResponse> {
        let Some(text) = self.recorded.query(name) else {
            return Ok(None);
        };
        match text.trim().parse() {
            Ok(number) => Ok(Some(number)),
            // The server's integers have no bounds.
            Err(error) => match error.kind() {
                IntErrorKind::PosOverflow => Ok(Some(i64::MAX)),
                IntErrorKind::NegOverflow => Ok(Some(i64::MIN)),
                _ => Err(ErrorResponse::Message(400, json!({name: help}))),
            },
        }
    }

    /// Returns the body, which has to be a JSON object.
    pub fn body(&self) -> Result<JsonBody<'_>, ErrorResponse> {
        let is_json = self
            .recorded
            .header("content-type")
            .is_some_and(|t| t.starts_with("application/json"));
        if !is_json {
            let text = "Did not attempt to load JSON data because the request Content-Type was \
                        not 'application/json'.";
            return Err(ErrorResponse::Message(415, text.into()));
        }
        match &self.recorded.body {
            None => Err(ErrorResponse::BadRequest),
            Some(Value::Null) => Err(ErrorResponse::invalid("Missing JSON body")),
            Some(Value::Object(fields)) => Ok(JsonBody(fields)),
            Some(other) => Err(type_error(other, "'object'")),
        }
    }

    /// Returns the body if there is one.
    ///
    /// If the body is optional, Quay ignores a body that it can't parse.
    pub fn optional_body(&self) -> Option<JsonBody<'_>> {
        self.recorded
            .body
            .as_ref()
            .and_then(Value::as_object)
            .map(JsonBody)
    }
}

/// The fields of a body, checked as Quay's schemas check them.
#[derive(Debug, Clone, Copy)]
pub struct JsonBody<'a>(pub &'a Map<String, Value>);

impl<'a> JsonBody<'a> {
    /// Returns a field, if it is present; it may be null.
    pub fn get(&self, name: &str) -> Option<&'a Value> {
        self.0.get(name)
    }

    /// Returns a string that may be missing.
    pub fn string(&self, name: &str) -> Result<Option<&'a str>, ErrorResponse> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(type_error(other, "'string'")),
        }
    }

    /// Returns a string that may be missing or null.
    pub fn nullable_string(&self, name: &str) -> Result<Option<&'a str>, ErrorResponse> {
        match self.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(type_error(other, "'string', 'null'")),
        }
    }

    /// Returns a required string.
    pub fn required_string(&self, name: &str) -> Result<&'a str, ErrorResponse> {
        match self.get(name) {
            Some(Value::String(text)) => Ok(text),
            None => Err(schema_error(
                &format!("'{name}' is a required property"),
                "required",
            )),
            Some(other) => Err(type_error(other, "'string'")),
        }
    }

    /// Returns a required string that is one of these.
    pub fn one_of(&self, name: &str, values: &[&str]) -> Result<&'a str, ErrorResponse> {
        let text = self.required_string(name)?;
        let known: Vec<String> = values.iter().map(|v| format!("'{v}'")).collect();
        match values.contains(&text) {
            true => Ok(text),
            false => Err(schema_error(
                &format!("'{text}' is not one of [{}]", known.join(", ")),
                "enum",
            )),
        }
    }

    /// Returns a required object.
    pub fn object(&self, name: &str) -> Result<&'a Value, ErrorResponse> {
        match self.get(name) {
            Some(object @ Value::Object(_)) => Ok(object),
            None => Err(schema_error(
                &format!("'{name}' is a required property"),
                "required",
            )),
            Some(other) => Err(type_error(other, "'object'")),
        }
    }

    /// Returns a list of strings that may be missing.
    pub fn strings(&self, name: &str) -> Result<Option<Vec<String>>, ErrorResponse> {
        let Some(list) = self.get(name) else {
            return Ok(None);
        };
        serde_json::from_value(list.clone())
            .map(Some)
            .map_err(|_| type_error(list, "'array'"))
    }

    /// Returns a list of strings that may be missing or null.
    pub fn nullable_strings(&self, name: &str) -> Result<Option<Vec<String>>, ErrorResponse> {
        match self.get(name) {
            Some(Value::Null) => Ok(None),
            _ => self.strings(name),
        }
    }

    /// Requires these fields, of any type.
    pub fn require(&self, names: &[&str]) -> Result<(), ErrorResponse> {
        let missing = names.iter().find(|name| self.get(name).is_none());
        missing.map_or(Ok(()), |name| {
            Err(schema_error(
                &format!("'{name}' is a required property"),
                "required",
            ))
        })
    }

    /// Returns a boolean that may be missing.
    pub fn boolean(&self, name: &str) -> Result<Option<bool>, ErrorResponse> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(other) => Err(type_error(other, "'boolean'")),
        }
    }

    /// Returns an integer of at least zero that may be missing.
    pub fn unsigned(&self, name: &str) -> Result<Option<u64>, ErrorResponse> {
        self.integer_at_least(name, 0)
    }

    /// Returns an integer of at least `minimum` that may be missing.
    pub fn integer_at_least(&self, name: &str, minimum: i64) -> Result<Option<u64>, ErrorResponse> {
        match self.get(name) {
            None => Ok(None),
            Some(number) => match number.as_i64() {
                Some(n) if n < minimum => Err(schema_error(
                    &format!("{n} is less than the minimum of {minimum}"),
                    "minimum",
                )),
                Some(n) => Ok(Some(n.unsigned_abs())),
                None => Err(type_error(number, "'integer'")),
            },
        }
    }
}

/// Formats a value as Python does, which is how the errors of Quay's schemas show it.
pub fn python_repr(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(flag) => if *flag { "True" } else { "False" }.to_owned(),
        Value::String(text) => format!("'{text}'"),
        other => other.to_string(),
    }
}

/// Returns the error response to a value that has none of the types that a schema allows.
pub fn type_error(value: &Value, types: &str) -> ErrorResponse {
    schema_error(
        &format!("{} is not of type {types}", python_repr(value)),
        "type",
    )
}

/// Returns the error response to a body that does not fit its schema.
pub fn schema_error(reason: &str, rule: &str) -> ErrorResponse {
    ErrorResponse::invalid(format!("{reason}\n\nFailed validating '{rule}' in schema"))
}
