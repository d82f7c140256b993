//! Logins of robot accounts for container tools and clusters, and tokens for identities of other
//! services.

use super::{acme, assert_error, error_of};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use quay_api::testing::{Response, Sandbox};
use quay_api::types::{Exposed, LogKind, RobotFederation, RobotName, Secret, Timestamp};
use quay_api::{ErrorKind, Result};
use serde_json::{Value, json};
use std::time::Duration;

const ISSUER: &str = "https://issuer.example.test";
const TEN_MINUTES: Duration = Duration::from_secs(600);

#[tokio::test]
async fn writes_the_login_of_a_robot_on_request_only() -> Result<()> {
    let sandbox = acme().await?;
    let quay = sandbox.quay();
    let robot = quay.organization("acme")?.robot("ci")?.get().await?;
    let token = robot.token.clone().expect("a token");
    let config = robot.docker_config(quay.registry_host())?;
    assert_eq!(
        (config.host(), config.user()),
        (quay.registry_host(), "acme+ci")
    );
    let auth = STANDARD.encode(format!("acme+ci:{}", token.expose()));
    let expected = json!({"auths": {quay.registry_host(): {
        "username": "acme+ci", "password": token.expose(), "auth": auth,
    }}});
    let written: Value = serde_json::from_str(config.to_json().expose()).expect("JSON");
    assert_eq!(written, expected);
    let exposed = serde_json::to_value(Exposed(&config)).expect("JSON");
    assert_eq!(exposed, expected);

    let secret = config.pull_secret("acme-ci", "production")?;
    let manifest: Value = serde_json::from_str(secret.to_json().expose()).expect("JSON");
    let data = manifest["data"][".dockerconfigjson"]
        .as_str()
        .unwrap_or_default();
    let inner = STANDARD.decode(data).unwrap_or_default();
    assert_eq!(serde_json::from_slice::<Value>(&inner).ok(), Some(expected));
    assert_eq!(
        json!([
            manifest["apiVersion"],
            manifest["kind"],
            manifest["type"],
            manifest["metadata"]
        ]),
        json!([
            "v1", "Secret", "kubernetes.io/dockerconfigjson",
            {"name": "acme-ci", "namespace": "production"},
        ])
    );
    for shown in [
        format!("{config:?} {secret:?}"),
        serde_json::to_string(&config).expect("JSON"),
        serde_json::to_string(&secret).expect("JSON"),
    ] {
        let hides = |secret: &str| !shown.contains(secret);
        assert!(
            hides(token.expose()) && hides(&auth) && hides(data),
            "{shown}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_robot_without_its_token_has_no_login() -> Result<()> {
    let sandbox = acme().await?;
    let robots = sandbox.quay().organization("acme")?.robots();
    let listed = robots.list().await?;
    let row = listed.first().expect("a robot");
    assert!(row.token.is_none(), "listings leave the tokens out");
    let error = row.docker_config("quay.io").expect_err("no token");
    assert_eq!(
        error.to_string(),
        "robot account \"acme+ci\" has no token in this row: read it by its name, as an \
         administrator"
    );
    Ok(())
}

async fn federated() -> Result<Sandbox> {
    let sandbox = acme().await?;
    let robot = sandbox.quay().organization("acme")?.robot("ci")?;
    robot
        .federation()
        .set([RobotFederation::new(ISSUER, "job")])
        .await?;
    Ok(sandbox)
}

#[tokio::test]
async fn exchanges_an_identity_for_a_token_of_the_robot() -> Result<()> {
    let sandbox = federated().await?;
    let anonymous = sandbox.anonymous()?;
    let identity = sandbox.identity_token(ISSUER, "job", TEN_MINUTES);
    let before = sandbox.clock().now();
    let token = anonymous
        .exchange_robot_token("acme+ci", identity.clone())
        .await?;
    let expires = token.expires_at().expect("an expiry");
    let lifetime = expires.since(before).as_secs();
    assert!((3599..=3660).contains(&lifetime), "{lifetime}");
    assert_eq!(token.robot, RobotName::new("acme", "ci")?);
    assert!(!format!("{token:?}").contains(token.token.expose()));
    let config = token.docker_config(anonymous.registry_host())?;
    assert!(config.to_json().expose().contains(token.token.expose()));

    // The identity is sent in place of a client's own token, and nowhere else.
    sandbox
        .quay()
        .exchange_robot_token(&token.robot, identity.clone())
        .await?;
    let sent = sandbox.take_requests().pop().expect("a request");
    let basic = STANDARD.encode(format!("acme+ci:{}", identity.expose()));
    assert_eq!(
        sent.header("authorization"),
        Some(&*format!("Basic {basic}"))
    );
    assert_eq!(sent.path, "/oauth2/federation/robot/token");
    let logs = sandbox.quay().organization("acme")?.logs().list().await?;
    let entry = &logs[0];
    assert_eq!(
        (&entry.kind, entry.metadata.robot()),
        (&LogKind::FederatedRobotTokenExchange, Some("ci"))
    );
    Ok(())
}

#[tokio::test]
async fn refuses_identities_as_quay_does() -> Result<()> {
    let sandbox = federated().await?;
    let quay = sandbox.anonymous()?;
    let identity =
        |issuer: &str, subject: &str| sandbox.identity_token(issuer, subject, TEN_MINUTES);
    for (robot, identity, kind, status, message) in [
        (
            "acme+nope",
            identity(ISSUER, "job"),
            ErrorKind::NotFound,
            400,
            "Could not find robot with specified username",
        ),
        (
            "acme+ci",
            identity("https://other.example.test", "job"),
            ErrorKind::InvalidRequest,
            400,
            "issuer https://other.example.test not configured for this robot",
        ),
        (
            "acme+ci",
            identity(ISSUER, "other"),
            ErrorKind::InvalidRequest,
            400,
            "Token does not match robot",
        ),
        (
            "acme+ci",
            sandbox.identity_token(ISSUER, "job", Duration::ZERO),
            ErrorKind::InvalidRequest,
            400,
            "Invalid token: Signature has expired",
        ),
    ] {
        let result = quay.exchange_robot_token(robot, identity.clone()).await;
        let shown = format!("{result:?}");
        assert!(!shown.contains(identity.expose()), "{shown}");
        assert_error(result, kind, status, message);
    }
    let no_jwt = quay.exchange_robot_token("acme+ci", "hunter2").await;
    assert_eq!(error_of(no_jwt).1, Some(500));
    // Nothing is sent for these.
    sandbox.take_requests();
    for (robot, identity) in [
        ("ci", "x"),
        ("acme+ci", ""),
        ("acme+ci", "x\n"),
        ("a:b+ci", "x"),
    ] {
        let result = quay.exchange_robot_token(robot, identity).await;
        assert_eq!(
            error_of(result).0,
            ErrorKind::InvalidInput,
            "{robot} {identity:?}"
        );
    }
    assert!(sandbox.take_requests().is_empty());
    Ok(())
}

#[tokio::test]
async fn the_error_of_an_exchange_never_shows_the_identity() -> Result<()> {
    let sandbox = federated().await?;
    let identity = Secret::from("aGVhZGVy.cGF5bG9hZA.c2lnbmF0dXJl");
    let basic = STANDARD.encode(format!("acme+ci:{}", identity.expose()));
    let text = format!("bad token {} of {basic}", identity.expose());
    sandbox.respond_next(Response::json(400, &json!({"message": text})));
    let error = sandbox
        .anonymous()?
        .exchange_robot_token("acme+ci", identity.clone())
        .await
        .expect_err("a refusal");
    let shown = format!("{error} {error:?} {:?}", error.message());
    assert!(
        !shown.contains(identity.expose()) && !shown.contains(&basic),
        "{shown}"
    );
    Ok(())
}

#[tokio::test]
async fn an_older_server_has_no_exchange() -> Result<()> {
    let sandbox = Sandbox::builder().release("3.12.1").start().await?;
    let identity = sandbox.identity_token(ISSUER, "job", TEN_MINUTES);
    let error = sandbox
        .quay()
        .exchange_robot_token("acme+ci", identity)
        .await;
    assert!(error.is_err_and(|error| error.status() == Some(404)));
    Ok(())
}

#[tokio::test]
async fn the_log_tells_when_a_token_was_replaced() -> Result<()> {
    let sandbox = acme().await?;
    let organization = sandbox.quay().organization("acme")?;
    let start = Timestamp::now().saturating_sub(Duration::from_secs(20 * 86_400));
    sandbox.clock().set(start);
    let (ci, other) = (organization.robot("ci")?, organization.robot("other")?);
    organization
        .robots()
        .create("other", quay_api::types::CreateRobot::new())
        .await?;
    assert_eq!(ci.last_regeneration(start).await?, None);
    ci.regenerate().await?;
    sandbox.clock().advance(Duration::from_secs(9 * 86_400));
    other.regenerate().await?;
    let entry = ci.last_regeneration(start).await?.expect("an entry");
    assert_eq!(entry.datetime.unix_seconds(), start.unix_seconds());
    // Not since that day.
    assert_eq!(ci.last_regeneration(sandbox.clock().now()).await?, None);
    Ok(())
}

#[tokio::test]
async fn a_raw_request_may_have_credentials_of_its_own() -> Result<()> {
    let sandbox = acme().await?;
    let raw = || sandbox.quay().request("GET", "/v2/auth");
    sandbox.respond_next(Response::json(200, &json!({"token": "t"})));
    let got: Value = raw()?.basic_auth("acme+ci", "hunter2").send().await?;
    assert_eq!(got["token"], "t");
    let sent = sandbox.take_requests().pop().expect("a request");
    assert_eq!(
        sent.header("authorization"),
        Some("Basic YWNtZStjaTpodW50ZXIy")
    );
    let invalid = raw()?.basic_auth("a:b", "hunter2").send_bytes().await;
    let (kind, _, message) = error_of(invalid);
    assert_eq!(kind, ErrorKind::InvalidInput);
    assert!(!message.contains("hunter2"), "{message}");
    Ok(())
}
