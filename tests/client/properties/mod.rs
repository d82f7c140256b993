//! Whatever text is given as a name, a value or a setting: it is refused before anything is sent,
//! or it arrives as exactly that text, and at exactly the route, the parameter or the header that
//! it was given for.
//!
//! What is looked at are the bytes on a socket. `PROPERTY_CASES=N` tries more texts; a failure
//! prints the shortest text that fails.

mod strings;

use crate::support::calls::{CALLS, Call, Names};
use crate::support::server::{Request, Server, ServerAction, response};
use futures::future::BoxFuture;
use percent_encoding::percent_decode_str;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use quay_api::types::Secret;
use quay_api::{Error, ErrorKind, OPERATIONS, Operation, Quay, Result};
use std::collections::BTreeSet;
use strings::any_text;
use tokio::runtime::Runtime;

/// Parameters that are numbers, in a route and in the signature of its method.
const NUMBERS: [&str; 3] = ["quota_id", "limit_id", "subscription_id"];

type Check = std::result::Result<(), String>;

/// A server that answers everything with an empty object, and a client of it.
struct Wire {
    server: Server,
    quay: Quay,
}

impl Wire {
    async fn new() -> Result<Self> {
        let server =
            Server::start([ServerAction::Send(response(200, "application/json", "{}"))]).await;
        let quay = Quay::builder()
            .base_url(server.url())
            .token("hunter2")
            .build()?;
        Ok(Self { server, quay })
    }

    /// The request that a call sent; `None` if it was refused before. Anything between the two is a
    /// failure.
    async fn sent<T>(
        &self,
        call: impl Future<Output = Result<T>>,
    ) -> std::result::Result<Option<Request>, String> {
        let outcome = call.await;
        let mut requests = self.server.take_requests();
        match (&outcome, requests.len()) {
            (Err(error), 0) if error.kind() == ErrorKind::InvalidInput => Ok(None),
            (Err(error), 0) => Err(format!(
                "it was not sent, for another reason than its text: {error}"
            )),
            (Err(error), 1) if error.kind() != ErrorKind::InvalidResponse => {
                Err(format!("sent, and then: {error}"))
            }
            (_, 1) => Ok(requests.pop()),
            (Ok(_), 0) => Err("it succeeded without being sent".to_owned()),
            (_, n) => Err(format!("{n} requests were sent: {requests:?}")),
        }
    }
}

/// Tries texts until one fails.
fn for_any_text(cases: u32, check: impl Fn(&Runtime, &str) -> Check) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let asked = std::env::var("PROPERTY_CASES")
        .ok()
        .map(|n| n.parse().expect("PROPERTY_CASES is a number"));
    let config = Config {
        cases: asked.unwrap_or(cases),
        failure_persistence: None,
        ..Config::default()
    };
    let outcome = TestRunner::new(config).run(&any_text(), |text| {
        check(&runtime, &text).map_err(TestCaseError::fail)
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

fn operation(id: &str) -> &'static Operation {
    OPERATIONS
        .iter()
        .find(|o| o.id() == id)
        .unwrap_or_else(|| panic!("no operation {id}"))
}

/// The parameters of a route.
fn parameters(route: &'static str) -> impl Iterator<Item = &'static str> {
    route
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

/// The forms in which a text is given for a parameter: as it is, and within what makes it look
/// right.
fn forms(parameter: &str, text: &str) -> Vec<String> {
    let mut forms = vec![text.to_owned()];
    forms.extend(match parameter {
        "repository" => vec![
            format!("acme/{text}"),
            format!("{text}/web"),
            format!("acme/{text}/web"),
        ],
        "robot_shortname" => vec![format!("plain+{text}"), format!("{text}+plain")],
        "manifestref" => vec![format!("md5:{text}"), format!("{text}:0a")],
        _ => Vec::new(),
    });
    forms
}

/// What the server has to be given for what the caller gave.
fn meant<'a>(operation: &Operation, parameter: &str, given: &'a str) -> &'a str {
    match parameter {
        // A robot of an organization may be called by its full name; the route takes the short one.
        "robot_shortname" if operation.path().contains("{orgname}") => {
            given.strip_prefix("plain+").unwrap_or(given)
        }
        _ => given,
    }
}

fn decoded(text: &str) -> std::result::Result<String, String> {
    percent_decode_str(text)
        .decode_utf8()
        .map(Into::into)
        .map_err(|e| format!("{text}: {e}"))
}

/// Nothing but what RFC 3986 has in a path and a query.
fn is_clean(target: &str) -> bool {
    let bytes = target.as_bytes();
    bytes.iter().enumerate().all(|(i, byte)| match byte {
        b'%' => bytes
            .get(i + 1..i + 3)
            .is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit)),
        _ => byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?".contains(byte),
    })
}

/// Whether a request is of an operation, with exactly these names.
fn check_route(operation: &'static Operation, names: &Names, request: &Request) -> Check {
    let target = &request.target;
    if request.method != operation.method() {
        return Err(format!(
            "{} instead of {}",
            request.method,
            operation.method()
        ));
    }
    if !is_clean(target) {
        return Err(format!("target {target:?}"));
    }
    let (path, query) = target
        .split_once('?')
        .map_or((target.as_str(), None), |(path, query)| (path, Some(query)));
    if let Some(query) = query {
        for (name, _) in url::form_urlencoded::parse(query.as_bytes()) {
            if !operation.query_parameters().contains(&name.as_ref()) {
                return Err(format!("a query parameter {name}: {target}"));
            }
        }
    }
    let mut segments = path.split('/');
    for part in operation.path().split('/') {
        let Some(name) = part.strip_prefix('{').and_then(|p| p.strip_suffix('}')) else {
            if segments.next() != Some(part) {
                return Err(format!("{part} is not where it belongs: {target}"));
            }
            continue;
        };
        let value = if NUMBERS.contains(&name) {
            "1".to_owned()
        } else {
            names.of(name)
        };
        let value = meant(operation, name, &value);
        // A repository has its slashes on the wire as they are.
        let parts = if name == "repository" {
            value.split('/').count()
        } else {
            1
        };
        let written: Vec<&str> = segments.by_ref().take(parts).collect();
        let is_plain = written
            .iter()
            .all(|segment| !segment.is_empty() && !matches!(*segment, "." | ".."));
        if !is_plain || decoded(&written.join("/"))? != value {
            return Err(format!("{name} {value:?} became {written:?}: {target}"));
        }
    }
    match segments.next() {
        None => Ok(()),
        Some(more) => Err(format!("there is a {more:?} too many: {target}")),
    }
}

#[test]
fn every_name_in_every_route_is_tried() {
    // What needs a browser's session can't be called with a token, and the tokens of repositories
    // are gone from the server.
    let callable = OPERATIONS
        .iter()
        .filter(|o| o.needs_session().is_none() && o.tag() != "repotoken");
    let named: BTreeSet<&str> = callable
        .filter(|o| parameters(o.path()).next().is_some())
        .map(Operation::id)
        .collect();
    // Two more handles whose routes have numbers alone.
    let tried: BTreeSet<&str> = CALLS.iter().map(|(id, _)| *id).collect();
    let missing: Vec<_> = named
        .difference(&tried)
        .filter(|id| !parameters(operation(id).path()).all(|p| NUMBERS.contains(&p)))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert_eq!(tried.difference(&named).count(), 0);
    assert_eq!(tried.len(), CALLS.len(), "an operation is there twice");
}

#[test]
fn a_name_in_a_path_arrives_whole_at_its_route_or_is_refused() {
    let rows: Vec<(&'static Operation, Call)> = CALLS
        .iter()
        .map(|(id, call)| (operation(id), *call))
        .collect();
    let wire = std::cell::OnceCell::new();
    for_any_text(40, |runtime, text| {
        runtime.block_on(async {
            if wire.get().is_none() {
                let _ = wire.set(Wire::new().await.map_err(|e| e.to_string())?);
            }
            let Some(wire) = wire.get() else {
                return Err("no server".to_owned());
            };
            for (operation, call) in &rows {
                for parameter in parameters(operation.path()).filter(|p| !NUMBERS.contains(p)) {
                    for text in forms(parameter, text) {
                        let names = Names {
                            looked_at: parameter,
                            text,
                        };
                        let in_context = |e| {
                            format!("{} with {parameter} {:?}: {e}", operation.id(), names.text)
                        };
                        if let Some(request) = wire
                            .sent(call(wire.quay.clone(), names.clone()))
                            .await
                            .map_err(in_context)?
                        {
                            check_route(operation, &names, &request).map_err(in_context)?;
                        }
                    }
                }
            }
            Ok(())
        })
    });
}

/// A call with a text in its query: the path, the name of the parameter, and the call.
type Query = (
    &'static str,
    &'static str,
    fn(Quay, String) -> BoxFuture<'static, Result<()>>,
);

macro_rules! queries {
    ($($path:literal ? $name:literal => |$q:ident, $text:ident| $call:expr;)*) => {
        &[$(($path, $name, |$q, $text| Box::pin(async move { $call.await.map(drop) }))),*]
    };
}

const QUERIES: &[Query] = queries! {
    "/api/v1/repository/acme/web/tag/" ? "specificTag" => |q, text| q.repository("acme/web")?.tags().list().named(text);
    "/api/v1/repository/acme/web/tag/" ? "filter_tag_name" => |q, text| q.repository("acme/web")?.tags().list().filter(text);
    "/api/v1/repository" ? "namespace" => |q, text| q.repositories().list(text);
    "/api/v1/find/all" ? "query" => |q, text| q.search().everything(text);
    "/api/v1/find/repositories" ? "query" => |q, text| q.search().repositories(text);
    "/api/v1/entities/a" ? "namespace" => |q, text| q.search().entities("a").within(text);
    "/api/v1/organization/acme/logs" ? "performer" => |q, text| q.organization("acme")?.logs().list().performed_by(text);
    "/api/v1/user/logs" ? "performer" => |q, text| q.me().logs().list().performed_by(text);
    "/api/v1/repository/mirror/health" ? "namespace" => |q, text| q.mirror_health().of(text).list();
    "/new" ? "a b&c" => |q, text| q.request("GET", "/new")?.query("a b&c", text).send::<Vec<()>>();
};

/// Whether a query has a parameter once, with exactly this value.
fn check_query(request: &Request, path: &str, name: &str, value: &str) -> Check {
    let (sent_path, query) = request
        .target
        .split_once('?')
        .unwrap_or((&request.target, ""));
    let values: Vec<_> = url::form_urlencoded::parse(query.as_bytes())
        .filter(|(n, _)| n == name)
        .map(|(_, value)| value)
        .collect();
    match sent_path.trim_end_matches('/') == path.trim_end_matches('/')
        && values == [value]
        && is_clean(&request.target)
    {
        true => Ok(()),
        false => Err(format!("{name}={value:?} became {:?}", request.target)),
    }
}

#[test]
fn a_value_in_a_query_arrives_whole_or_is_refused() {
    let wire = std::cell::OnceCell::new();
    for_any_text(256, |runtime, text| {
        runtime.block_on(async {
            if wire.get().is_none() {
                let _ = wire.set(Wire::new().await.map_err(|e| e.to_string())?);
            }
            let Some(wire) = wire.get() else {
                return Err("no server".to_owned());
            };
            for (path, name, call) in QUERIES {
                if let Some(request) = wire
                    .sent(call(wire.quay.clone(), text.to_owned()))
                    .await
                    .map_err(|e| format!("{path}: {e}"))?
                {
                    check_query(&request, path, name, text)?;
                }
            }
            Ok(())
        })
    });
}

#[test]
fn a_page_token_goes_back_as_it_came() {
    for_any_text(128, |runtime, token| {
        runtime.block_on(async {
            let wire = Wire::new().await.map_err(|e| e.to_string())?;
            let first = serde_json::json!({"repositories": [], "next_page": token}).to_string();
            let last = serde_json::json!({"repositories": []}).to_string();
            wire.server.set_actions(
                [first, last]
                    .map(|body| ServerAction::Send(response(200, "application/json", body))),
            );
            let listed = wire.quay.repositories().list("acme").await;
            let requests = wire.server.take_requests();
            match (requests.as_slice(), &listed) {
                // No token, or one that no request has room for.
                ([_], Ok(_)) if token.is_empty() => Ok(()),
                ([_], Err(error)) if error.kind() == ErrorKind::InvalidInput => Ok(()),
                ([_, second], Ok(_)) => {
                    check_query(second, "/api/v1/repository", "next_page", token)
                }
                _ => Err(format!("{} requests, {listed:?}", requests.len())),
            }
        })
    });
}

#[test]
fn a_text_in_a_body_arrives_whole() {
    let wire = std::cell::OnceCell::new();
    for_any_text(128, |runtime, text| {
        runtime.block_on(async {
            if wire.get().is_none() {
                let _ = wire.set(Wire::new().await.map_err(|e| e.to_string())?);
            }
            let Some(wire) = wire.get() else {
                return Err("no server".to_owned());
            };
            let web = wire
                .quay
                .repository("acme/web")
                .map_err(|e| e.to_string())?;
            let Some(request) = wire.sent(web.describe(text)).await? else {
                return Err("a description was refused".to_owned());
            };
            let body: serde_json::Value =
                serde_json::from_slice(&request.body).map_err(|e| e.to_string())?;
            match body == serde_json::json!({"description": text}) {
                true => Ok(()),
                false => Err(body.to_string()),
            }
        })
    });
}

#[test]
fn a_header_arrives_whole_or_is_refused() {
    let server = std::cell::OnceCell::new();
    // Three clients a text: making one costs more than all the rest.
    for_any_text(96, |runtime, text| {
        runtime.block_on(async {
            if server.get().is_none() {
                let _ = server.set(
                    Server::start([ServerAction::Send(response(200, "application/json", "{}"))])
                        .await,
                );
            }
            let Some(server) = server.get() else {
                return Err("no server".to_owned());
            };
            let ask = async |quay: Result<Quay>| -> std::result::Result<Option<Request>, String> {
                let sent = match quay {
                    Ok(quay) => quay
                        .request("GET", "/x")
                        .map_err(|e| e.to_string())?
                        .send_bytes()
                        .await
                        .map(drop),
                    Err(error) => Err(error),
                };
                let refused = |error: &Error| {
                    matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::NoToken)
                };
                match (sent, server.take_requests().pop()) {
                    (Ok(()), Some(request)) => Ok(Some(request)),
                    (Err(error), None) if refused(&error) => Ok(None),
                    (sent, request) => Err(format!("{sent:?}, {request:?}")),
                }
            };
            let builder = || Quay::builder().base_url(server.url());
            let check = |request: Option<Request>, name: &str, value: String| match request {
                Some(request)
                    if request.header(name) != Some(value.as_bytes())
                        || request.headers.iter().filter(|(n, _)| n == name).count() != 1 =>
                {
                    Err(format!("{value:?} became {:?}", request.headers))
                }
                Some(request) if request.headers.iter().any(|(n, _)| n == "x-injected") => {
                    Err("a header of its own".to_owned())
                }
                _ => Ok(()),
            };
            let own = concat!("quay-api/", env!("CARGO_PKG_VERSION"));
            check(
                ask(builder().user_agent(text).build()).await?,
                "user-agent",
                format!("{own} {text}"),
            )?;
            check(
                ask(builder().token(text).build()).await?,
                "authorization",
                format!("Bearer {text}"),
            )?;
            let given = Secret::from(text);
            let asked = builder()
                .token_from(move || std::future::ready(Ok(given.clone())))
                .build();
            check(ask(asked).await?, "authorization", format!("Bearer {text}"))
        })
    });
}

#[test]
fn a_path_of_the_caller_is_sent_as_it_is_or_refused() {
    let wire = std::cell::OnceCell::new();
    for_any_text(512, |runtime, text| {
        runtime.block_on(async {
            if wire.get().is_none() {
                let _ = wire.set(Wire::new().await.map_err(|e| e.to_string())?);
            }
            let Some(wire) = wire.get() else {
                return Err("no server".to_owned());
            };
            let ask = async |method: &str, path: String| {
                wire.sent(async { wire.quay.request(method, path)?.send_bytes().await })
                    .await
            };
            for path in [
                text.to_owned(),
                format!("/{text}"),
                format!("/api/v1/{text}/x"),
            ] {
                let Some(request) = ask("GET", path.clone()).await? else {
                    continue;
                };
                // What the caller escaped stays as it is; what was not ASCII is escaped.
                let is_kept = is_clean(&request.target) || !is_clean(&path);
                let bytes = |path: &str| percent_decode_str(path).collect::<Vec<u8>>();
                if !is_kept
                    || bytes(&request.target) != bytes(&path)
                    || request.target.matches('/').count() != path.matches('/').count()
                {
                    return Err(format!("{path:?} became {:?}", request.target));
                }
            }
            match ask(text, "/x".to_owned()).await? {
                Some(request) if request.method != text || request.target != "/x" => Err(format!(
                    "the method {text:?} became {} {}",
                    request.method, request.target
                )),
                _ => Ok(()),
            }
        })
    });
}
