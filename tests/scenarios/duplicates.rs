//! Resources that can be created twice, and values that the server interprets in another way.

use crate::context::{assert_status, scenario};
use quay_api::types::{CreateApplication, Timestamp};
use serde_json::{Value, json};

#[tokio::test]
async fn default_permission_can_be_created_twice() {
    scenario(async |context| {
        let (organization, user) = (
            context.organization("org").await?,
            context.user("person").await?,
        );
        let path = format!("/organization/{}/prototypes", organization.name());
        let rule = json!({"role": "read", "delegate": {"name": user.name, "kind": "user"}});
        for _ in 0..2 {
            context.post(&path, rule.clone()).await?;
        }
        let listed = context.get(&path).await?.expect("a list");
        assert_eq!(listed["prototypes"].as_array().map(Vec::len), Some(2));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn robot_is_a_delegate_of_kind_user() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let robots = format!("/organization/{}/robots/ci", organization.name());
        context.put(robots, json!({})).await?;
        let path = format!("/organization/{}/prototypes", organization.name());
        let name = format!("{}+ci", organization.name());
        let rule = |kind: &str| json!({"role": "read", "delegate": {"name": name, "kind": kind}});
        let refused = context.post(&path, rule("robot")).await;
        assert_status(refused, 400, "'robot' is not one of ['user', 'team']");
        let mut with_null = rule("user");
        with_null["activating_user"] = Value::Null;
        let refused = context.post(&path, with_null).await;
        assert_status(refused, 400, "None is not of type 'object'");
        let created = context.post(&path, rule("user")).await?.expect("a rule");
        assert_eq!(created["delegate"]["is_robot"], true);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn expiration_of_a_token_is_a_lifetime_in_seconds() {
    scenario(async |context| {
        context
            .requires(&["createOrganizationApplicationToken"])
            .await?;
        let organization = context.organization("org").await?;
        let application = organization
            .applications()
            .create(CreateApplication::new("app"))
            .await?;
        let path = format!(
            "/organization/{}/applications/{}/tokens",
            organization.name(),
            application.client_id
        );
        let create = async |expiration: Value| {
            let body = json!({"name": "token", "scope": "repo:read", "expiration": expiration});
            context.post(&path, body).await
        };
        const TEN_YEARS: u64 = 315_576_000;
        for (asked, expected) in [
            (json!(3600), 3600),
            (json!(3600.9), 3600),
            (json!(1_000_000_000_000_u64), TEN_YEARS),
            // This would be tomorrow if it were a date.
            (json!(Timestamp::now().unix_seconds() + 86_400), TEN_YEARS),
        ] {
            let token = create(asked.clone()).await?.expect("a token");
            let end: Timestamp =
                serde_json::from_value(token["expires_at"].clone()).expect("a date");
            let lifetime = end.since(Timestamp::now()).as_secs();
            // The difference of both clocks and the duration of the call are within it.
            assert!(
                lifetime.abs_diff(expected) < 60,
                "{asked}: {lifetime} instead of {expected}"
            );
        }
        for (asked, reason) in [
            (json!(0), "0 is less than the minimum of 1"),
            (Value::Null, "None is not of type 'number'"),
            (json!("3600"), "'3600' is not of type 'number'"),
        ] {
            assert_status(create(asked).await, 400, reason);
        }
        Ok(())
    })
    .await;
}
