//! A request, as the functions that answer it read it.

use crate::Operation;
use crate::testing::http::router::Parameters;
use crate::testing::state::tokens::Token;
use crate::testing::{ErrorResponse, RecordedRequest};
use serde_json::{Map, Value, json};

/// A request of an operation, and who makes it.
#[derive(Debug)]
pub struct Call<'a> {
    pub operation: &'static Operation,
    pub parameters: Parameters,
    /// The token, if it is a valid one. Without it the caller is anonymous.
    pub token: Option<Token>,
    pub received: &'a RecordedRequest,
}

impl Call<'_> {
    /// The name of the user whose token it is.
    pub fn user(&self) -> Option<&str> {
        self.token.as_ref().map(|token| token.user.as_str())
    }

    /// What the path says for a parameter, decoded.
    pub fn path(&self, name: &str) -> &str {
        self.parameters
            .get(name)
            .map(String::as_str)
            .unwrap_or_default()
    }

    /// Namespace and name of the repository in the path.
    pub fn repository(&self) -> (&str, &str) {
        self.path("repository").split_once('/').unwrap_or_default()
    }

    /// A parameter of the query that is there and not empty.
    pub fn text(&self, name: &str) -> Option<String> {
        self.received.query(name).filter(|text| !text.is_empty())
    }

    /// A parameter of the query that is true or false. Whatever is not a no is a yes.
    pub fn flag(&self, name: &str, default: bool) -> bool {
        match self.received.query(name) {
            Some(text) => !matches!(
                text.to_lowercase().as_str(),
                "false" | "0" | "no" | "f" | "n" | "off" | "none" | "null" | ""
            ),
            None => default,
        }
    }

    /// A parameter of the query that is a whole number.
    ///
    /// `help` is how Quay describes the parameter, which is all it says when it can't be read.
    pub fn number(&self, name: &str, help: &str) -> Result<Option<i64>, ErrorResponse> {
        let Some(text) = self.received.query(name) else {
            return Ok(None);
        };
        text.trim()
            .parse()
            .map(Some)
            .map_err(|_| ErrorResponse::Message(400, json!({name: help})))
    }

    /// The body, which has to be a JSON object.
    pub fn body(&self) -> Result<Body<'_>, ErrorResponse> {
        let is_json = self
            .received
            .header("content-type")
            .is_some_and(|t| t.starts_with("application/json"));
        if !is_json {
            let text = "Did not attempt to load JSON data because the request Content-Type was not 'application/json'.";
            return Err(ErrorResponse::Message(415, text.into()));
        }
        match &self.received.body {
            None => Err(ErrorResponse::BadRequest),
            Some(Value::Null) => Err(ErrorResponse::invalid("Missing JSON body")),
            Some(Value::Object(members)) => Ok(Body(members)),
            Some(other) => Err(unfit(&format!("{other} is not of type 'object'"), "type")),
        }
    }

    /// The body if there is one; Quay overlooks one that it can't read where it may be missing.
    pub fn optional_body(&self) -> Option<Body<'_>> {
        self.received
            .body
            .as_ref()
            .and_then(Value::as_object)
            .map(Body)
    }
}

/// The members of a body, checked as Quay's schemas check them.
#[derive(Debug, Clone, Copy)]
pub struct Body<'a>(pub &'a Map<String, Value>);

impl<'a> Body<'a> {
    /// A member, if it is there; it may be null.
    pub fn get(&self, name: &str) -> Option<&'a Value> {
        self.0.get(name)
    }

    /// A text that may be missing or null.
    pub fn text(&self, name: &str) -> Result<Option<&'a str>, ErrorResponse> {
        match self.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(unfit(&format!("{other} is not of type 'string'"), "type")),
        }
    }

    /// A text that has to be there.
    pub fn required(&self, name: &str) -> Result<&'a str, ErrorResponse> {
        match self.get(name) {
            Some(Value::String(text)) => Ok(text),
            None => Err(unfit(
                &format!("'{name}' is a required property"),
                "required",
            )),
            Some(other) => Err(unfit(
                &format!("{} is not of type 'string'", python(other)),
                "type",
            )),
        }
    }

    /// A text that has to be there and one of these.
    pub fn one_of(&self, name: &str, values: &[&str]) -> Result<&'a str, ErrorResponse> {
        let text = self.required(name)?;
        let known: Vec<String> = values.iter().map(|v| format!("'{v}'")).collect();
        match values.contains(&text) {
            true => Ok(text),
            false => Err(unfit(
                &format!("'{text}' is not one of [{}]", known.join(", ")),
                "enum",
            )),
        }
    }

    /// An object that has to be there.
    pub fn object(&self, name: &str) -> Result<&'a Value, ErrorResponse> {
        match self.get(name) {
            Some(object @ Value::Object(_)) => Ok(object),
            None => Err(unfit(
                &format!("'{name}' is a required property"),
                "required",
            )),
            Some(other) => Err(unfit(
                &format!("{} is not of type 'object'", python(other)),
                "type",
            )),
        }
    }

    /// Texts, or missing.
    pub fn texts(&self, name: &str) -> Result<Option<Vec<String>>, ErrorResponse> {
        match self.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(list) => match serde_json::from_value(list.clone()) {
                Ok(texts) => Ok(Some(texts)),
                Err(_) => Err(unfit(
                    &format!("{} is not of type 'array'", python(list)),
                    "type",
                )),
            },
        }
    }

    /// That something has to be there.
    pub fn has(&self, names: &[&str]) -> Result<(), ErrorResponse> {
        let missing = names.iter().find(|name| self.get(name).is_none());
        missing.map_or(Ok(()), |name| {
            Err(unfit(
                &format!("'{name}' is a required property"),
                "required",
            ))
        })
    }

    /// True or false, or missing.
    pub fn flag(&self, name: &str) -> Result<Option<bool>, ErrorResponse> {
        match self.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(other) => Err(unfit(
                &format!("{} is not of type 'boolean'", python(other)),
                "type",
            )),
        }
    }

    /// A whole number that is not below zero, or missing.
    pub fn natural(&self, name: &str) -> Result<Option<u64>, ErrorResponse> {
        self.at_least(name, 0)
    }

    /// A whole number that is not below a minimum, or missing.
    pub fn at_least(&self, name: &str, minimum: i64) -> Result<Option<u64>, ErrorResponse> {
        match self.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(number) => match number.as_i64() {
                Some(n) if n < minimum => Err(unfit(
                    &format!("{n} is less than the minimum of {minimum}"),
                    "minimum",
                )),
                Some(n) => Ok(Some(n.unsigned_abs())),
                None => Err(unfit(
                    &format!("{} is not of type 'integer'", python(number)),
                    "type",
                )),
            },
        }
    }
}

/// A value as Python shows it, which is how it comes in the refusals of Quay's schemas.
pub fn python(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(flag) => if *flag { "True" } else { "False" }.to_owned(),
        Value::String(text) => format!("'{text}'"),
        other => other.to_string(),
    }
}

/// What a body that does not fit its schema is refused with.
pub fn unfit(reason: &str, rule: &str) -> ErrorResponse {
    ErrorResponse::invalid(format!("{reason}\n\nFailed validating '{rule}' in schema"))
}
