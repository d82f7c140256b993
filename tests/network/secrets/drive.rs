//! Calls every path with known secrets, and prints everything that can be printed.

use super::{CANARY, PASSWORD, PROXY, RESPONSE_SECRET, TOKEN, settings};
use crate::support::calls::{CALLS, Names};
use crate::support::server::{Server, ServerAction, head, response, response_with_headers};
use crate::support::tls::Identity;
use crate::support::{http2, proxy};
use quay_api::api::Days;
use quay_api::testing::{Response, Sandbox};
use quay_api::types::*;
use quay_api::{Error, OPERATIONS, Quay, QuayBuilder, Result, RetryPolicy};
use serde_json::{Value, json};
use std::fmt::Debug;
use std::time::Duration;

/// Prints all outputs of a value.
pub(super) fn show(what: impl Debug) {
    println!("{what:?} {what:#?}");
}

/// Prints a result in every way, with the whole chain of an error, and panics with it.
pub(super) fn show_result<T: Debug + Send + 'static>(result: Result<T>) {
    show(&result);
    if let Err(error) = &result {
        show_error(error);
    }
    let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| match result {
        Err(_) => drop(result.unwrap()),
        Ok(_) => drop(result.unwrap_err()),
    }));
}

fn show_error(error: &Error) {
    println!(
        "{error} {error:#} {:?} {:?} {:?}",
        error.message(),
        error.server_kind(),
        error.parameters()
    );
    tracing::error!(%error, debug = ?error, "it failed");
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        show(error);
        println!("{error}");
        source = error.source();
    }
}

pub(super) fn client(url: impl AsRef<str>) -> QuayBuilder {
    let retry = RetryPolicy::new()
        .max_attempts(3)
        .initial_backoff(Duration::from_millis(1))
        .max_backoff(Duration::from_millis(5));
    Quay::builder()
        .base_url(url)
        .token(TOKEN)
        .retry(retry.budget(10_000))
        .attempt_timeout(Duration::from_secs(20))
}

#[tokio::test]
#[ignore = "run by the other test, which searches what it prints"]
async fn prints_everything_of_every_path() -> Result<()> {
    let everything = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(std::io::stderr);
    everything.init();
    println!("{CANARY}");
    settings::settings().await;
    responses().await?;
    let sandbox = Sandbox::recorded().await?;
    for quay in [client(sandbox.quay().base_url()).build()?] {
        passwords(&quay).await?;
    }
    error_responses().await?;
    unexpected_bodies().await?;
    connections().await?;
    println!("every path was driven");
    Ok(())
}

/// Every operation that has a name in its path, and those without one that have a secret in their
/// response.
async fn responses() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let quay = client(sandbox.quay().base_url()).build()?;
    let mut read = 0;
    for (operation, call) in CALLS {
        let names = Names {
            looked_at: "",
            text: String::new(),
        };
        let result = call(quay.clone(), names).await;
        println!("{operation}");
        read += usize::from(result.is_ok());
        show_result(result.map(|shown| println!("{shown}")));
    }
    // All recorded responses of all operations, for any request.
    for line in include_str!("../../../src/testing/recordings/exchanges.jsonl").lines() {
        let exchange: Value = serde_json::from_str(line).expect("JSON");
        let (Some(id), Some(200..300)) = (
            exchange["operation_id"].as_str(),
            exchange["status"].as_u64(),
        ) else {
            continue;
        };
        let Some((_, call)) = CALLS.iter().find(|(operation, _)| *operation == id) else {
            continue;
        };
        sandbox.respond_next(Response::json(200, &exchange["response_body"]));
        let result = call(
            quay.clone(),
            Names {
                looked_at: "",
                text: String::new(),
            },
        )
        .await;
        read += usize::from(result.is_ok());
        show_result(result.map(|shown| println!("{shown}")));
    }
    // Error responses hold no secret: if all were error responses, nothing would be checked.
    assert!(read > 300, "{read} responses were read");
    Ok(())
}

/// Requests that hold secrets, and their responses.
async fn passwords(quay: &Quay) -> Result<()> {
    let (me, superuser, acme, web) = (
        quay.me(),
        quay.superuser(),
        quay.organization("acme")?,
        quay.repository("acme/web")?,
    );
    macro_rules! sent {
        ($($request:ident = $value:expr => $call:expr;)*) => { $(
            let $request = $value;
            show(&$request);
            show_result($call.await);
        )* };
    }
    let at = Timestamp::from_unix_seconds(0).expect("a time");
    let notify = |target| {
        CreateNotification::new(
            NotificationEvent::RepoPush,
            NotificationEventConfig::new(),
            target,
        )
    };
    sent! {
        user = InitializeUser::new("admin", PASSWORD.into()) => quay.bootstrap().initialize(user);
        user = UpdateUser::new().password(PASSWORD) => me.update(user);
        user = ConvertUser::new("alice", PASSWORD.into()) => me.convert_to_organization(user);
        user = UpdateUserAccount::new().password(PASSWORD) => superuser.user("alice")?.update(user);
        key = Secret::from(PASSWORD) => me.client_key(key);
        cache = ProxyCache::new("docker.io").upstream_registry_password(PASSWORD)
            => acme.proxy_cache().create(cache);
        cache = ProxyCache::new("docker.io").upstream_registry_password(PASSWORD)
            => acme.proxy_cache().validate(cache);
        mirror = CreateMirror::new("quay.io/a/b", at, 86400, MirrorRule::tags(["*"]))
            .external_registry_password(PASSWORD)
            => web.mirror().create(mirror);
        mirror = UpdateMirror::new().external_registry_password(PASSWORD)
            => web.mirror().update(mirror);
        mirror = UpdateOrganizationMirror::new().external_registry_password(PASSWORD)
            => acme.mirror().update(mirror);
        slack = notify(NotificationTarget::Slack(SlackTarget::new(PASSWORD)))
            => web.notifications().create(slack);
        hook = notify(WebhookTarget::new(format!("https://x:{PASSWORD}@example.com"))
                .template(PASSWORD)
                .extra("authorization", PASSWORD)
                .into())
            => web.notifications().create(hook);
        other = notify(NotificationTarget::Other(OtherKind::new("pager", PASSWORD)))
            => web.notifications().create(other);
        export = ExportLogs::new().callback_url(format!("https://x:{PASSWORD}@example.com"))
            => web.logs().export(Days::new(at, at), export);
        build = CreateBuild::new().archive_url(format!("https://x:{PASSWORD}@example.com/x.tgz"))
            => web.builds().create(build);
        mirror = UpdateMirror::new().external_registry_config(
                MirrorRegistryConfig::new()
                    .proxy(MirrorProxy::new().https_proxy(format!("http://x:{PASSWORD}@proxy"))),
            )
            => web.mirror().update(mirror);
        chat = notify(NotificationTarget::Flowdock(FlowdockTarget::new(PASSWORD)))
            => web.notifications().create(chat);
        chat = notify(NotificationTarget::Hipchat(HipchatTarget::new("room", PASSWORD.into())))
            => web.notifications().create(chat);
        secret = Secret::from(PASSWORD) => async {
            let request = quay.request("POST", "/api/v1/x")?.query("token", PASSWORD).json(&json!({
                "password": secret.expose(),
            }));
            show(&request);
            request.send::<Value>().await.map(drop)
        };
        token = CreateApplicationToken::new("x", "repo:read")
            => acme.application("id")?.tokens().create(token);
        title = "laptop" => me.app_tokens().create(title);
        key = CreateServiceKey::new("clair", None) => superuser.service_keys().create(key);
        user = CreateUser::new("alice") => superuser.users().create(user);
        robots = () => acme.robots().list().with_tokens();
    }
    Ok(())
}

/// Every shape of an error response, with secrets in all fields but its message, and the token in
/// that, too.
async fn error_responses() -> Result<()> {
    let more = json!({
        "token": RESPONSE_SECRET,
        "password": RESPONSE_SECRET,
        "echo": {"authorization": format!("Bearer {TOKEN}")},
    });
    let with = |mut body: Value| {
        if let (Some(body), Some(more)) = (body.as_object_mut(), more.as_object()) {
            body.extend(more.clone());
        }
        body.to_string()
    };
    let shapes = [
        (
            "application/json",
            with(json!({
                "detail": "no",
                "error_message": "no",
                "error_type": "invalid_token",
                "title": "invalid_token",
                "type": "x",
                "status": 401,
            })),
        ),
        ("application/json", with(json!({"message": "no"}))),
        (
            "application/json",
            with(
                json!({"message": format!("the token {TOKEN} is not known"), "error_type": TOKEN}),
            ),
        ),
        (
            "application/json",
            with(json!({"message": {"name": "is wrong"}})),
        ),
        ("application/json", with(json!({"message": null}))),
        (
            "text/html",
            with(json!({"error": "CSRF token was invalid or missing."})),
        ),
        ("application/json", with(json!({"detail": "no"}))),
        (
            "application/json",
            with(json!({"invalidCredentials": true, "message": "no"})),
        ),
        (
            "application/json",
            with(json!({"is_readonly": true, "message": "no"})),
        ),
        ("application/json", json!([more]).to_string()),
        (
            "application/json",
            with(json!({"message": "no", "zeros": "0".repeat(70_000)})),
        ),
        (
            "application/json",
            format!("{{\"message\": \"no\", \"token\": \"{RESPONSE_SECRET}"),
        ),
        ("text/html", format!("\"{RESPONSE_SECRET}")),
        (
            "text/html",
            format!(
                "<html><head><title>no</title></head>\
                 <body>Bearer {TOKEN} {RESPONSE_SECRET}</body></html>"
            ),
        ),
        ("text/html", String::new()),
    ];
    let headers = [
        ("set-cookie", RESPONSE_SECRET),
        ("location", "/x"),
        ("x-echo", TOKEN),
        ("www-authenticate", "Bearer"),
    ];
    for status in [
        300, 302, 308, 400, 401, 403, 404, 405, 409, 410, 413, 429, 500, 501, 502, 503, 504, 520,
        599,
    ] {
        for (content_type, body) in &shapes {
            let headers: Vec<_> = headers
                .iter()
                .copied()
                .chain([("content-type", *content_type)])
                .collect();
            let server = Server::start([ServerAction::Send(response_with_headers(
                status, &headers, body,
            ))])
            .await;
            // A client that is not delayed after error responses.
            let quay = client(server.url())
                .http_client(plain_http())
                .no_retries()
                .build()?;
            show_result(quay.organization("acme")?.robot("ci")?.regenerate().await);
            if status > 499 {
                show_result(
                    quay.with(|call| call.max_attempts(2))
                        .organization("acme")?
                        .robots()
                        .list()
                        .await,
                );
            }
        }
    }
    Ok(())
}

/// Returns an HTTP client that is created once: creating one takes longer than all calls with it.
fn plain_http() -> reqwest::Client {
    static CLIENT: std::sync::OnceLock<reqwest::Client> = std::sync::OnceLock::new();
    let make = || {
        reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .expect("a client")
    };
    CLIENT.get_or_init(make).clone()
}

/// Successes with secrets in them that do not fit their type.
async fn unexpected_bodies() -> Result<()> {
    let bodies = [
        json!({"name": 5, "token": RESPONSE_SECRET}).to_string(),
        json!({"name": RESPONSE_SECRET, "token": {"value": RESPONSE_SECRET}}).to_string(),
        json!({"name": "x", "created": RESPONSE_SECRET, "token": RESPONSE_SECRET}).to_string(),
        json!({"token": [RESPONSE_SECRET]}).to_string(),
        json!([RESPONSE_SECRET, {RESPONSE_SECRET: RESPONSE_SECRET}]).to_string(),
        json!(RESPONSE_SECRET).to_string(),
        format!("{{\"token\": \"{RESPONSE_SECRET}"),
        format!("{{\"token\": \"{RESPONSE_SECRET}\", }}"),
        format!("{{\"token\": {RESPONSE_SECRET}}}"),
        format!("token={RESPONSE_SECRET}"),
        format!("<html><title>{RESPONSE_SECRET}</title>Bearer {TOKEN}</html>"),
        format!(
            "{{\"{RESPONSE_SECRET}\": {{\"{RESPONSE_SECRET}\": \"{RESPONSE_SECRET}\"}}, \
             \"name\": []}}"
        ),
    ];
    for body in &bodies {
        let server =
            Server::start([ServerAction::Send(response(200, "application/json", body))]).await;
        let quay = client(server.url()).http_client(plain_http()).build()?;
        show_result(quay.organization("acme")?.robot("ci")?.regenerate().await);
        show_result(quay.organization("acme")?.robots().list().await);
        show_result(quay.organization("acme")?.proxy_cache().get_opt().await);
        show_result(quay.repository("acme/web")?.mirror().get().await);
        show_result(quay.repository("acme/web")?.user_permissions().list().await);
        show_result(quay.me().app_tokens().create("x").await);
        show_result(quay.request("GET", "/x")?.send::<Vec<String>>().await);
    }
    Ok(())
}

/// Calls over failing connections, redirects and proxies.
async fn connections() -> Result<()> {
    let body = json!({"name": "acme+ci", "token": RESPONSE_SECRET}).to_string();
    let good = || ServerAction::Send(response(200, "application/json", &body));
    let half = head(200, &[("set-cookie", RESPONSE_SECRET)], 4_000);
    let redirect = |location: &str| {
        ServerAction::Send(response_with_headers(308, &[("location", location)], ""))
    };
    let stranger = Server::start([good()]).await;
    let away = format!("{}/x?token={PASSWORD}", stranger.url());
    let identity = Identity::of("127.0.0.1");
    for actions in [
        vec![good()],
        vec![ServerAction::Reset(Vec::new())],
        vec![ServerAction::Reset(half.clone())],
        vec![ServerAction::Stall(half)],
        vec![ServerAction::Close(Vec::new()), good()],
        vec![redirect("/api/v1/elsewhere/"), good()],
        vec![redirect("/api/v1/elsewhere/")],
        vec![redirect(&away)],
        vec![redirect(&format!("/x?token={PASSWORD}#{PASSWORD}"))],
        vec![redirect(&format!("http://x:{PASSWORD}@127.0.0.1/x"))],
    ] {
        let plain = Server::start(actions.clone()).await;
        let secure = Server::start_tls(actions, &identity).await;
        let impatient =
            |call: quay_api::CallSettings| call.attempt_timeout(Duration::from_millis(500));
        let trusting = client(secure.url())
            .root_certificate(identity.root.as_str())
            .build()?;
        for quay in [
            client(plain.url()).build()?,
            trusting,
            client(secure.url()).build()?,
        ] {
            let acme = quay.with(impatient).organization("acme")?;
            show_result(acme.robot("ci")?.get().await);
            show_result(acme.robot("ci")?.regenerate().await);
        }
    }
    assert_eq!(stranger.connections(), 0);
    // Through a proxy that requires credentials and rejects them.
    let target = Server::start([good()]).await;
    for status in [200, 403, 407, 502] {
        let proxy = proxy::rejecting(status).await;
        let address = proxy
            .url()
            .replace("http://", &format!("http://someone:{PROXY}@"));
        for url in [target.url(), "https://127.0.0.1:9".to_owned()] {
            let quay = client(url).proxy(address.as_str()).build()?;
            show(&quay);
            show_result(quay.organization("acme")?.robot("ci")?.get().await);
        }
    }
    // HTTP/2, whose library traces each frame.
    let server = http2::GoAwayServer::start(
        &identity,
        r#"{"name": "acme+ci", "token": "s3cret/in+an=response%and&more~0004"}"#,
        2,
    )
    .await;
    let quay = client(format!("https://{}", server.address()))
        .root_certificate(identity.root.as_str())
        .build()?;
    for _ in 0..4 {
        show_result(quay.organization("acme")?.robot("ci")?.regenerate().await);
    }
    // The sandbox, a handle of each kind, and the table.
    let sandbox = Sandbox::start().await?;
    show((
        &sandbox,
        quay.me(),
        quay.superuser(),
        quay.organization("acme")?.robot("ci")?,
        quay.repository("acme/web")?.tags(),
        OPERATIONS.len(),
    ));
    Ok(())
}
