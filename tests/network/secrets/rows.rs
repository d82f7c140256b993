//! Rows that hold secrets show them neither for debugging nor through serde, and keep them.

use quay_api::types::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::fmt::Debug;

/// In a URL, as it is written there.
const SECRET: &str = "s3cret-in-a-row-0005";

/// Decodes a row, and checks that it shows no secret and loses none.
#[track_caller]
fn check<T: Serialize + DeserializeOwned + Debug>(row: Value) {
    let name = std::any::type_name::<T>();
    let decoded: T = serde_json::from_value(row.clone()).expect(name);
    let debug = format!("{decoded:?} {decoded:#?}");
    assert!(!debug.contains(SECRET), "{name}: {debug}");
    let redacted = serde_json::to_string(&decoded).expect(name);
    assert!(!redacted.contains(SECRET), "{name}: {redacted}");
    assert!(redacted.contains("***redacted***"), "{name}: {redacted}");

    let exposed = serde_json::to_value(Exposed(&decoded)).expect(name);
    assert_eq!(exposed, row, "{name}");
    // A redacted value can be read, and is never sent or written as the secret.
    let again: T = serde_json::from_str(&redacted).expect(name);
    assert_eq!(serde_json::to_string(&again).expect(name), redacted);
    let error = serde_json::to_string(&Exposed(&again)).expect_err(name);
    assert!(error.to_string().contains("can't be restored"), "{error}");
}

#[test]
fn rows_with_tokens_and_passwords_redact_them() {
    check::<RobotAccount>(json!({"name": "acme+ci", "token": SECRET}));
    check::<AppToken>(json!({"uuid": "u", "title": "t", "token_code": SECRET}));
    check::<AppTokenResponse>(json!({"token": {"uuid": "u", "title": "t", "token_code": SECRET}}));
    check::<CreatedApplicationToken>(json!({"uuid": "u", "token": SECRET}));
    check::<OrganizationApplication>(
        json!({"name": "x", "client_id": "id", "client_secret": SECRET}),
    );
    check::<CreatedUser>(
        json!({"username": "alice", "password": SECRET, "encrypted_password": SECRET}),
    );
    check::<InitializedUser>(json!({"username": "admin", "access_token": SECRET}));
    check::<CreatedServiceKey>(
        json!({"kid": "k", "service": "s", "public_key": "p", "private_key": SECRET}),
    );
    check::<Repository>(json!({
        "namespace": "acme", "name": "web", "is_public": true, "status_token": SECRET,
    }));
    check::<CreateMirror>(json!({
        "external_reference": "quay.io/a/b", "sync_start_date": "2026-01-02T03:04:05Z",
        "sync_interval": 60, "root_rule": {"rule_kind": "tag_glob_csv", "rule_value": ["*"]},
        "external_registry_password": SECRET,
    }));
    check::<ProxyCache>(
        json!({"upstream_registry": "docker.io", "upstream_registry_password": SECRET}),
    );
    check::<SignIn>(json!({"username": "alice", "password": SECRET, "invite_code": SECRET}));
    check::<LogEntry>(json!({
        "kind": "pull_repo", "datetime": "2026-01-02T03:04:05Z",
        "metadata": {"token_code": SECRET},
    }));
}

#[test]
fn urls_that_hold_credentials_are_redacted() {
    let url = format!("https://user:{SECRET}@hooks.example.com/x?key={SECRET}");
    check::<MirrorProxy>(json!({"https_proxy": url, "http_proxy": url}));
    check::<RepositoryMirror>(json!({
        "is_enabled": true, "external_reference": "quay.io/a/b", "sync_interval": 60,
        "sync_status": "SUCCESS",
        "external_registry_config": {"proxy": {"https_proxy": url}},
    }));
    check::<ExportLogs>(json!({"callback_url": url}));
    check::<LogEntry>(json!({
        "kind": "export_logs_success", "datetime": "2026-01-02T03:04:05Z",
        "metadata": {"url": url},
    }));
    check::<CreateBuild>(json!({"archive_url": url}));
    check::<Build>(json!({"id": "b", "phase": "complete", "archive_url": url}));
    check::<BuildLogs>(json!({"logs_url": url}));
    check::<CheckoutSession>(json!({"id": "x", "url": url, "client_secret": SECRET}));
}

#[test]
fn targets_of_notifications_are_redacted() {
    let notification = |method: &str, config: Value| {
        json!({
            "uuid": "u", "title": "t", "event": "repo_push", "number_of_failures": 0,
            "event_config": {}, "method": method, "config": config,
        })
    };
    let url = format!("https://user:{SECRET}@hooks.example.com");
    for (method, config) in [
        ("webhook", json!({"url": url})),
        (
            "webhook",
            json!({"url": url, "template": format!("{{\"key\": \"{SECRET}\"}}")}),
        ),
        (
            "webhook",
            json!({"url": url, "headers": {"authorization": SECRET}}),
        ),
        ("slack", json!({"url": url})),
        ("flowdock", json!({"flow_api_token": SECRET})),
        (
            "hipchat",
            json!({"room_id": "r", "notification_token": SECRET}),
        ),
        // An unknown kind, and a content of another type.
        ("pager", json!({"key": SECRET})),
        ("slack", json!({"url": {"of": SECRET}})),
        ("webhook", json!([SECRET])),
    ] {
        check::<Notification>(notification(method, config));
    }
}

#[test]
fn free_json_that_holds_credentials_is_redacted() {
    check::<ServerConfig>(json!({
        "config": {"MAIL_PASSWORD": SECRET}, "warning": {"OTHER": SECRET},
        "env": {"TOKEN": SECRET},
    }));
    check::<UserNotification>(json!({
        "id": "n", "kind": "org_team_invite",
        "metadata": {"code": SECRET, "org": "acme", "team": "devs", "more": 1},
    }));
    let credentials = json!([{"name": "Webhook Endpoint URL", "value": SECRET}]);
    check::<BuildTrigger>(json!({
        "id": "t", "service": "custom-git", "config": {"credentials": credentials},
    }));
    for config in [
        json!({"credentials": credentials, "build_source": "git@example.com:x/y"}),
        json!({"credentials": {"value": SECRET}}),
    ] {
        check::<LogEntry>(json!({
            "kind": "setup_repo_trigger", "datetime": "2026-01-02T03:04:05Z",
            "metadata": {"config": config},
        }));
    }
}

/// Types of users that hold rows of this crate, or secrets.
#[test]
fn values_of_users_redact_the_secrets_in_them_unless_exposed() {
    #[derive(Serialize)]
    struct Response<'a> {
        robots: &'a [RobotAccount],
        #[serde(flatten)]
        more: std::collections::BTreeMap<&'static str, Secret>,
    }
    #[derive(Debug, PartialEq, Serialize, serde::Deserialize)]
    struct Login {
        #[serde(with = "quay_api::types::exposed")]
        password: Option<Secret>,
        token: Exposed<Secret>,
        other: Secret,
    }
    let robots: Vec<RobotAccount> =
        serde_json::from_value(json!([{"name": "acme+ci", "token": SECRET}])).expect("robots");
    let response = Response {
        robots: &robots,
        more: [("more", SECRET.into())].into(),
    };
    assert_eq!(
        serde_json::to_value(&response).expect("JSON"),
        json!({
            "robots": [{"name": "acme+ci", "token": "***redacted***"}], "more": "***redacted***",
        })
    );
    assert_eq!(
        serde_json::to_value(Exposed(&response)).expect("JSON"),
        json!({"robots": [{"name": "acme+ci", "token": SECRET}], "more": SECRET})
    );
    // Exposing ends with the value, also if that fails.
    serde_json::to_string(&Exposed(Secret::from("***redacted***"))).expect_err("it is lost");
    let login = json!({"password": SECRET, "token": SECRET, "other": SECRET});
    let login: Login = serde_json::from_value(login).expect("a login");
    let expected = json!({"password": SECRET, "token": SECRET, "other": "***redacted***"});
    assert_eq!(serde_json::to_value(&login).expect("JSON"), expected);
    // Another format.
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.serialize(&login).expect("CSV");
    let text = String::from_utf8(csv.into_inner().expect("CSV")).expect("CSV");
    let expected = format!("password,token,other\n{SECRET},{SECRET},***redacted***\n");
    assert_eq!(text, expected);
}

/// The requests of the crate contain the secrets, also those without an operation.
#[tokio::test]
async fn requests_hold_the_secrets() -> quay_api::Result<()> {
    use crate::support::server::{Server, ServerAction, response};
    let robot: RobotAccount =
        serde_json::from_value(json!({"name": "acme+ci", "token": SECRET})).expect("a robot");
    for redacted in [false, true] {
        let server =
            Server::start([ServerAction::Send(response(200, "application/json", "{}"))]).await;
        let quay = quay_api::Quay::builder()
            .base_url(server.url())
            .token("t")
            .build()?;
        let token = match redacted {
            true => Secret::from("***redacted***"),
            false => robot.token.clone().expect("a token"),
        };
        let user = UpdateUser::new().password(token.clone());
        let update = quay.me().update(user).await;
        let request = quay.request("POST", "/api/v1/x")?.json(&user_of(&token));
        let raw = request.send::<Value>().await;
        if redacted {
            assert!(update.is_err_and(|e| e.kind() == quay_api::ErrorKind::InvalidInput));
            assert!(raw.is_err_and(|e| e.kind() == quay_api::ErrorKind::InvalidInput));
            assert_eq!(server.connections(), 0);
        } else {
            let requests = server.requests();
            assert!(!requests.is_empty());
            for request in requests {
                let body = String::from_utf8_lossy(&request.body);
                assert!(body.contains(SECRET), "{body}");
            }
        }
    }
    Ok(())
}

fn user_of(password: &Secret) -> impl Serialize + '_ {
    std::collections::BTreeMap::from([("password", password)])
}
