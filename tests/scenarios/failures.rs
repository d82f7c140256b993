//! Invalid input to which the server responds with 500, not with a 4xx status.

use crate::context::{assert_status, scenario};
use serde_json::json;

#[tokio::test]
async fn fails_to_create_a_repository_in_a_missing_namespace() {
    scenario(async |context| {
        let name = context.name("nowhere");
        let body = json!({
            "namespace": name, "repository": "app", "visibility": "private", "description": "",
        });
        // On older servers, a superuser has no access to the namespaces of others.
        let status = match context.is_since("3.12").await? {
            true => 500,
            false => 403,
        };
        assert_status(context.post("/repository", body).await, status, "");
        assert_status(
            context.get(format!("/repository/{name}/app")).await,
            404,
            "Not Found",
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn fails_at_unknown_events_and_methods() {
    scenario(async |context| {
        let (_, repository) = context.organization_with_repository().await?;
        let path = format!("/repository/{}/notification/", repository.name());
        let config = json!({"url": "https://hooks.example.com/"});
        for (event, method) in [("nosuch", "webhook"), ("repo_push", "nosuch")] {
            let body = json!({
                "event": event, "method": method, "config": config, "eventConfig": {},
            });
            assert_status(context.post(&path, body).await, 500, "");
        }
        let listed = context.get(&path).await?.expect("a list");
        assert_eq!(listed["notifications"], json!([]));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn fails_to_rename_to_a_name_in_use() {
    scenario(async |context| {
        let (one, two) = (
            context.organization("one").await?,
            context.organization("two").await?,
        );
        let path = format!("/superuser/organizations/{}", one.name());
        assert_status(
            context.put(path, json!({"name": two.name()})).await,
            500,
            "",
        );
        let nowhere = format!("/superuser/organizations/{}", context.name("nowhere"));
        let renamed = context
            .put(nowhere, json!({"name": context.name("new")}))
            .await;
        let status = match context.is_since("3.9").await? {
            true => 500,
            false => 400,
        };
        assert_status(renamed, status, "");
        assert_eq!(one.get().await?.name, one.name());
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn fails_at_an_unknown_performer_only_when_counting_entries() {
    scenario(async |context| {
        let (organization, repository) = context.organization_with_repository().await?;
        let nobody = context.name("nobody");
        let query = [("performer", nobody.as_str())];
        let logs = format!("/organization/{}/logs", organization.name());
        let listed = context.raw("GET", logs, &query, None).await;
        assert_status(listed, 500, "");
        // Elsewhere, the server ignores it and returns the entries of all users.
        for (path, field) in [
            (
                format!("/organization/{}/aggregatelogs", organization.name()),
                "aggregated",
            ),
            (format!("/repository/{}/logs", repository.name()), "logs"),
            ("/superuser/logs".to_owned(), "logs"),
        ] {
            let listed = context.raw("GET", &path, &query, None).await?;
            let rows = listed.map(|body| body[field].clone()).unwrap_or_default();
            assert!(
                rows.as_array().is_some_and(|rows| !rows.is_empty()),
                "{path}"
            );
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn fails_to_grant_a_role_in_a_missing_repository() {
    scenario(async |context| {
        let (organization, user) = (
            context.organization("org").await?,
            context.user("person").await?,
        );
        let path = format!("/repository/{}/missing/permissions", organization.name());
        for grantee in [format!("user/{}", user.name), "team/owners".to_owned()] {
            let granted = context
                .put(format!("{path}/{grantee}"), json!({"role": "read"}))
                .await;
            assert_status(granted, 500, "");
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn fails_at_pages_and_days_beyond_the_last() {
    scenario(async |context| {
        let (organization, repository) = context.organization_with_repository().await?;
        let tags = format!("/repository/{}/tag/", repository.name());
        let last = i64::MAX.to_string();
        let listed = context.raw("GET", &tags, &[("page", &last)], None).await;
        assert_status(listed, 500, "");
        let listed = context
            .raw("GET", &tags, &[("limit", &last), ("page", "-7")], None)
            .await?;
        assert_eq!(listed.map(|page| page["page"].clone()), Some(json!(1)));
        let logs = format!("/organization/{}/logs", organization.name());
        let query = [("starttime", "01/01/2026"), ("endtime", "12/31/9999")];
        let listed = context.raw("GET", logs, &query, None).await;
        assert_status(listed, 500, "");
        Ok(())
    })
    .await;
}
