//! Values in queries, bodies and headers, and paths of the caller.

use super::{Check, for_any_string, is_clean};
use crate::support::server::{Request, ServerAction, response};
use futures::future::BoxFuture;
use percent_encoding::percent_decode_str;
use quay_api::types::Secret;
use quay_api::{Error, ErrorKind, Quay, Result};

/// A call with a string in its query: the path, the name of the parameter, and the call.
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
    "/api/v1/repository/acme/web/tag/" ? "specificTag" => |q, text|
        q.repository("acme/web")?.tags().list().named(text);
    "/api/v1/repository/acme/web/tag/" ? "filter_tag_name" => |q, text|
        q.repository("acme/web")?.tags().list().name_contains(text);
    "/api/v1/repository" ? "namespace" => |q, text|
        q.repositories().list().namespace(text);
    "/api/v1/find/all" ? "query" => |q, text|
        q.search().everything(text);
    "/api/v1/find/repositories" ? "query" => |q, text|
        q.search().repositories(text);
    "/api/v1/entities/a" ? "namespace" => |q, text|
        q.search().entities("a").within(text);
    "/api/v1/organization/acme/logs" ? "performer" => |q, text|
        q.organization("acme")?.logs().list().performed_by(text);
    "/api/v1/user/logs" ? "performer" => |q, text|
        q.me().logs().list().performed_by(text);
    "/api/v1/repository/mirror/health" ? "namespace" => |q, text|
        q.mirror_health().namespace(text).list();
    "/new" ? "a b&c" => |q, text|
        q.request("GET", "/new")?.query("a b&c", text).send::<Vec<()>>();
};

/// Checks that a query has a parameter once, with exactly this value.
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
fn sends_query_values_unchanged_or_refuses_them() {
    for_any_string(256, async |wire, text| {
        for (path, name, call) in QUERIES {
            if let Some(request) = wire
                .sent(call(wire.quay.clone(), text.to_owned()))
                .await
                .map_err(|e| format!("{path}: {e}"))?
            {
                match *name {
                    "filter_tag_name" => {
                        check_query(&request, path, name, &format!("like:{text}"))?;
                    }
                    _ => check_query(&request, path, name, text)?,
                }
            }
        }
        Ok(())
    });
}

#[test]
fn sends_page_tokens_unchanged() {
    for_any_string(128, async |wire, token| {
        let first = serde_json::json!({"repositories": [], "next_page": token}).to_string();
        let last = serde_json::json!({"repositories": []}).to_string();
        wire.server.set_actions(
            [first, last].map(|body| ServerAction::Send(response(200, "application/json", body))),
        );
        let listed = wire.quay.repositories().list().await;
        let requests = wire.server.take_requests();
        match (requests.as_slice(), &listed) {
            // No token, or one that no request has room for, which is the server's mistake.
            ([_], Ok(_)) if token.is_empty() => Ok(()),
            ([_], Err(error)) if error.kind() == ErrorKind::InvalidResponse => Ok(()),
            ([_, second], Ok(_)) => check_query(second, "/api/v1/repository", "next_page", token),
            _ => Err(format!("{} requests, {listed:?}", requests.len())),
        }
    });
}

#[test]
fn sends_strings_in_bodies_unchanged() {
    for_any_string(128, async |wire, text| {
        let web = wire
            .quay
            .repository("acme/web")
            .map_err(|e| e.to_string())?;
        let Some(request) = wire.sent(web.set_description(text)).await? else {
            return Err("a description was not sent".to_owned());
        };
        let body: serde_json::Value =
            serde_json::from_slice(&request.body).map_err(|e| e.to_string())?;
        match body == serde_json::json!({"description": text}) {
            true => Ok(()),
            false => Err(body.to_string()),
        }
    });
}

#[test]
fn sends_headers_unchanged_or_refuses_them() {
    // Three clients per string: building one costs more than everything else.
    for_any_string(96, async |wire, text| {
        let server = &wire.server;
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
            let is_refused = |error: &Error| {
                matches!(
                    error.kind(),
                    ErrorKind::InvalidInput | ErrorKind::TokenUnavailable
                )
            };
            match (sent, server.take_requests().pop()) {
                (Ok(()), Some(request)) => Ok(Some(request)),
                (Err(error), None) if is_refused(&error) => Ok(None),
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
        let requested = builder()
            .token_from(move || std::future::ready(Ok(given.clone())))
            .build();
        check(
            ask(requested).await?,
            "authorization",
            format!("Bearer {text}"),
        )
    });
}

#[test]
fn sends_paths_of_the_caller_unchanged_or_refuses_them() {
    for_any_string(512, async |wire, text| {
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
    });
}
