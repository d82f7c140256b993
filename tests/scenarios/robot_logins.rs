//! Logins of robot accounts, the exchange of identities for their tokens, and the time of
//! a new token.

use crate::context::{assert_error, scenario};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use quay_api::ErrorKind;
use quay_api::types::{CreateRobot, LogKind, RobotFederation, RobotName, Secret, Timestamp};
use serde_json::{Value, json};

/// A JWT without a signature.
fn unsigned(claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!(
        "{}.{}.",
        part(&json!({"alg": "none", "typ": "JWT"})),
        part(claims)
    )
}

#[tokio::test]
async fn a_robot_logs_in_with_the_content_of_its_docker_config() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let robot = organization
            .robots()
            .create("ci", CreateRobot::new())
            .await?;
        let config = robot
            .docker_config(context.quay().registry_host())
            .expect("a login");
        let written: Value = serde_json::from_str(config.to_json().expose()).expect("JSON");
        let login = &written["auths"][config.host()];
        let text = |field: &str| login[field].as_str().unwrap_or_default().to_owned();
        let (user, password) = (text("username"), text("password"));
        assert_eq!(user, robot.name.as_str());
        // The sandbox has no registry to log in to.
        if context.is_real() {
            let request = context.anonymous()?.request("GET", "/v2/auth")?;
            let token: Value = request
                .query("service", config.host())
                .basic_auth(user, password)
                .send()
                .await?;
            assert!(token["token"].is_string());
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn refuses_identities_that_may_not_act_as_a_robot() {
    scenario(async |context| {
        context
            .requires_release("3.13", "it has no robot federation")
            .await?;
        let organization = context.organization("org").await?;
        organization
            .robots()
            .create("ci", CreateRobot::new())
            .await?;
        let name = RobotName::new(organization.name(), "ci").expect("a name");
        let quay = context.anonymous()?;
        let identity = |claims: Value| unsigned(&claims);
        let own = || identity(json!({"iss": "https://issuer.example.test", "sub": "job"}));
        assert_error(
            quay.exchange_robot_token(&name, own()).await,
            400,
            ErrorKind::InvalidRequest,
            "Robot does not have federated login configured",
        );
        let federation = organization.robot("ci")?.federation();
        federation
            .set([RobotFederation::new("https://issuer.example.test", "job")])
            .await?;
        let other = identity(json!({"iss": "https://other.example.test", "sub": "job"}));
        assert_error(
            quay.exchange_robot_token(&name, other).await,
            400,
            ErrorKind::InvalidRequest,
            "issuer https://other.example.test not configured for this robot",
        );
        assert_error(
            quay.exchange_robot_token(&name, identity(json!({"sub": "job"})))
                .await,
            400,
            ErrorKind::InvalidRequest,
            "Token does not contain issuer",
        );
        let missing = RobotName::new(organization.name(), "missing").expect("a name");
        assert_error(
            quay.exchange_robot_token(&missing, own()).await,
            400,
            ErrorKind::NotFound,
            "Could not find robot with specified username",
        );
        let no_jwt = quay.exchange_robot_token(&name, "hunter2").await;
        assert!(no_jwt.is_err_and(|error| error.status() == Some(500)));
        let not_basic = context
            .quay()
            .request("GET", "/oauth2/federation/robot/token")?;
        let not_basic = not_basic
            .send::<Value>()
            .await
            .map_err(|error| error.status());
        assert_eq!(not_basic, Err(Some(401)));
        Ok(())
    })
    .await;
}

/// Returns a claim of a JWT.
fn claim(token: &Secret, name: &str) -> Option<String> {
    let payload = token.expose().split('.').nth(1)?;
    let payload = URL_SAFE_NO_PAD.decode(payload).ok()?;
    let claims: Value = serde_json::from_slice(&payload).ok()?;
    claims[name].as_str().map(str::to_owned)
}

#[tokio::test]
async fn exchanges_an_identity_for_a_token_of_the_robot() {
    scenario(async |context| {
        context
            .requires_release("3.13", "it has no robot federation")
            .await?;
        let identity = context.identity_token()?;
        let issuer = claim(&identity, "iss").expect("an issuer");
        let subject = claim(&identity, "sub").expect("a subject");
        let organization = context.organization("org").await?;
        let robots = organization.robots();
        robots.create("ci", CreateRobot::new()).await?;
        let federation = organization.robot("ci")?.federation();
        federation
            .set([RobotFederation::new(&issuer, &subject)])
            .await?;
        let quay = context.anonymous()?;
        let name = RobotName::new(organization.name(), "ci").expect("a name");
        let before = Timestamp::now();
        let token = quay.exchange_robot_token(&name, identity.clone()).await?;
        assert_eq!(token.robot, name);
        let expires = token.expires_at().expect("an expiry");
        let lifetime = expires.since(before).as_secs();
        assert!((3540..=3700).contains(&lifetime), "{lifetime} seconds");
        if context.is_real() {
            let request = context.anonymous()?.request("GET", "/v2/auth")?;
            let login: Value = request
                .query("service", quay.registry_host())
                .basic_auth(name.as_str(), token.token.expose())
                .send()
                .await?;
            assert!(login["token"].is_string());
        }
        let entries = organization.logs().list().await?;
        let entry = entries
            .iter()
            .find(|entry| entry.kind == LogKind::FederatedRobotTokenExchange)
            .expect("an entry");
        assert_eq!(entry.metadata.robot(), Some("ci"));
        // Another subject of the same issuer may not act as the robot.
        federation
            .set([RobotFederation::new(&issuer, "another")])
            .await?;
        assert_error(
            quay.exchange_robot_token(&name, identity).await,
            400,
            ErrorKind::InvalidRequest,
            "Token does not match robot",
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn log_contains_the_replacement_of_a_robot_token() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let created = organization
            .robots()
            .create("ci", CreateRobot::new())
            .await?;
        let robot = organization.robot("ci")?;
        assert_eq!(robot.last_regeneration(Timestamp::now()).await?, None);
        robot.regenerate().await?;
        let entry = robot.last_regeneration(Timestamp::now()).await?;
        let entry = entry.expect("an entry");
        assert_eq!(entry.metadata.robot(), Some("ci"));
        // The robot account itself does not contain this time.
        assert_eq!(robot.get().await?.created, created.created);
        Ok(())
    })
    .await;
}
