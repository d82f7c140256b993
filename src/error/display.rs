//! `Display` and `Debug` of errors, which show no secrets.

use super::{Delivery, Error, ErrorInner, ErrorKind, NOT_LISTED, body, text};
use crate::operation::Operation;
use http::header;
use std::borrow::Cow;
use std::fmt::{self, Write};

/// The operation that responds to a token without its scope as to an invalid token.
const HIDES_MISSING_SCOPE: &str = "getLoggedInUser";

/// The operation that a superuser may only call if superusers have access to everything.
const NEEDS_FULL_ACCESS: &str = "listAllAppTokens";

/// The message of a server whose setting `FEATURE_ANONYMOUS_ACCESS` is off.
const ANONYMOUS_ACCESS_IS_OFF: &str = "Anonymous access is not allowed";

/// The first sentences of the default messages of werkzeug, the server's framework, for status 403
/// and 404. They are meant for the user of a browser, and say no more than the status.
const FRAMEWORK_MESSAGES: [&str; 2] = [
    "You don't have the permission to access the requested resource.",
    "The requested URL was not found on the server.",
];

/// The maximum length of a path parameter that is shown, in characters.
const MAX_PARAMETER_CHARS: usize = 300;

impl fmt::Display for ErrorInner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.operation {
            f.write_str(operation.id())?;
            self.write_subject(f)?;
            f.write_str(": ")?;
        }
        if self.attempts > 1 {
            write!(f, "after {} attempts: ", self.attempts)?;
        }
        if let Some(response) = &self.response {
            write!(f, "{}: ", response.status.as_u16())?;
        }
        match self.missing_resource() {
            Some((resource, name)) => write!(f, "there is no {resource} {name}")?,
            None => f.write_str(&self.shown_message())?,
        }
        if let Some(hint) = self.hint() {
            write!(f, " ({hint})")?;
        }
        Ok(())
    }
}

impl ErrorInner {
    /// Writes the resource of the operation: `acme/web:v1`, `acme/web@sha256:…`, `acme/owners`,
    /// `acme+ci`.
    fn write_subject(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_repository = |(name, _): &(&str, String)| *name == "repository";
        let has_repository = self.path_parameters.first().is_some_and(is_repository);
        for (index, (name, value)) in self.path_parameters.iter().enumerate() {
            f.write_char(match *name {
                _ if index == 0 => ' ',
                "tag" => ':',
                "manifestref" => '@',
                "robot_shortname" => '+',
                // The name of a repository may contain slashes itself.
                _ if has_repository => ' ',
                _ => '/',
            })?;
            let mut chars = value.chars();
            for c in chars.by_ref().take(MAX_PARAMETER_CHARS) {
                text::visible_char(c).map_or(Ok(()), |c| f.write_char(c))?;
            }
            if chars.next().is_some() {
                f.write_char('…')?;
            }
        }
        Ok(())
    }

    /// Returns the kind and the name of the resource that does not exist, if the server's message
    /// says no more than the status, and only one resource can be meant.
    fn missing_resource(&self) -> Option<(&'static str, &str)> {
        let [(parameter, name)] = self.path_parameters.as_slice() else {
            return None;
        };
        let resource = match *parameter {
            "orgname" => "organization",
            "repository" => "repository",
            "username" => "user",
            _ => return None,
        };
        // The listing of tags is empty if a tag does not exist.
        let is_of_itself = self.operation?.path().ends_with('}') || self.is_of("listRepoTags");
        let is_plain = self.shown_message().eq_ignore_ascii_case("not found");
        let is_shown = name.chars().count() <= MAX_PARAMETER_CHARS
            && name.chars().all(|c| text::visible_char(c) == Some(c));
        (self.kind == ErrorKind::NotFound && is_of_itself && is_plain && is_shown)
            .then_some((resource, name.as_str()))
    }

    /// Returns the message, or the reason of the status if the message is one for browsers.
    fn shown_message(&self) -> Cow<'_, str> {
        match &self.response {
            Some(response)
                if FRAMEWORK_MESSAGES
                    .iter()
                    .any(|m| self.message.starts_with(m)) =>
            {
                body::default_message(response.status).into()
            }
            _ => self.message.as_str().into(),
        }
    }

    /// Returns true for an error of this operation.
    fn is_of(&self, operation: &str) -> bool {
        self.operation.is_some_and(|o| o.id() == operation)
    }

    /// Returns true if the server rejects all anonymous requests.
    fn rejects_anonymous(&self) -> bool {
        self.message.contains(ANONYMOUS_ACCESS_IS_OFF)
    }

    /// Returns true if the server requests HTTP Basic.
    fn wants_basic(&self) -> bool {
        let challenge = self
            .response
            .as_ref()
            .and_then(|response| response.headers.get(header::WWW_AUTHENTICATE));
        challenge.is_some_and(|challenge| {
            let scheme = challenge.as_bytes().get(..5).unwrap_or_default();
            scheme.eq_ignore_ascii_case(b"Basic")
        })
    }

    /// Returns a hint for the caller.
    fn hint(&self) -> Option<String> {
        let is_safe = self.operation.is_none_or(|operation| operation.is_safe());
        match self.kind {
            ErrorKind::Unauthenticated if self.wants_basic() => Some(
                "the server requires a user name and a password as HTTP Basic, which are missing \
                 or wrong"
                    .to_owned(),
            ),
            ErrorKind::Unauthenticated if self.is_anonymous => Some(
                match is_safe && !self.path_parameters.is_empty() {
                    _ if self.rejects_anonymous() => {
                        "the client is anonymous, and the server requires a token"
                    }
                    true => "it does not exist or is not public: the client is anonymous",
                    false => "the client is anonymous, and can only read what is public",
                }
                .to_owned(),
            ),
            // A receiver of webhooks rejects a request: there is neither a token nor a server.
            ErrorKind::Unauthenticated if self.response.is_none() => None,
            ErrorKind::Unauthenticated if self.is_of(HIDES_MISSING_SCOPE) => Some(
                "the token is missing, wrong, expired or revoked, or lacks the scope user:read"
                    .to_owned(),
            ),
            ErrorKind::Unauthenticated => Some(
                "the token is missing, wrong, expired or revoked; \
                 the server treated the request as anonymous"
                    .to_owned(),
            ),
            ErrorKind::InsufficientScope => {
                let operation = self.operation?;
                let (id, scope) = (operation.id(), operation.scope()?);
                let setting = match self.is_of(NEEDS_FULL_ACCESS) {
                    true => ", and a server with FEATURE_SUPERUSERS_FULL_ACCESS",
                    false => "",
                };
                // The server sends the same response if the token has the scope and its user lacks
                // the permission, and to most callers if the repository does not exist. A missing
                // organization is found out by the client.
                let hint = format!("{id} needs a token with the scope {scope}, whose user has the");
                let is_of_repository = self.path_parameters.iter().any(|it| it.0 == "repository");
                Some(match scope {
                    "super:user" => {
                        format!("{id} needs a token of a superuser with the scope {scope}{setting}")
                    }
                    _ if is_of_repository => {
                        format!("{hint} permission, or the repository does not exist")
                    }
                    _ => format!("{hint} permission"),
                })
            }
            // An error without a response is about a field that the server ignores.
            ErrorKind::FeatureDisabled if self.response.is_none() && self.message != NOT_LISTED => {
                None
            }
            ErrorKind::FeatureDisabled => {
                let mut hint = "the server has no such endpoint, or its feature is off".to_owned();
                if let Some(needed) = self.operation.and_then(requirements) {
                    hint = format!("{hint}: it needs {needed}");
                }
                Some(hint)
            }
            ErrorKind::Conflict if self.response.as_ref().is_some_and(|r| r.status == 501) => {
                Some("the repository is of the kind `application`, which has no images".to_owned())
            }
            ErrorKind::NotFound if self.may_have_been_done => Some(
                "an earlier attempt, whose response was lost, may have taken effect".to_owned(),
            ),
            _ if self.may_have_been_done && self.delivery != Delivery::Responded => {
                Some("the request may have taken effect".to_owned())
            }
            _ => None,
        }
    }
}

/// Returns the release and the settings of the server that an operation requires.
fn requirements(operation: &Operation) -> Option<String> {
    let release = operation.since().map(|since| format!("release {since}"));
    let settings = operation.features().iter().map(|f| (*f).to_owned());
    let needed: Vec<String> = release.into_iter().chain(settings).collect();
    (!needed.is_empty()).then(|| needed.join(", "))
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &self.0;
        let mut out = f.debug_struct("Error");
        out.field("kind", &inner.kind)
            .field("message", &inner.message);
        if let Some(operation) = inner.operation {
            out.field("operation", &operation.id())
                .field("path_parameters", &inner.path_parameters);
        }
        if let Some(response) = &inner.response {
            // The headers and the body are left out: both may contain secrets.
            out.field("status", &response.status.as_u16())
                .field("body_bytes", &response.body.len());
        }
        out.field("delivery", &inner.delivery)
            .field("attempts", &inner.attempts)
            .field("elapsed", &inner.elapsed);
        if let Some(server_kind) = &inner.server_kind {
            out.field("server_kind", server_kind);
        }
        if let Some(source) = &inner.source {
            out.field("source", source);
        }
        out.finish()
    }
}
