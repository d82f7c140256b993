//! Operations on resources that do not exist.

use crate::context::{assert_status, scenario};
use serde_json::{Value, json};

#[tokio::test]
async fn deleting_a_missing_repository_succeeds() {
    scenario(async |context| {
        let (organization, repository) = context.organization_with_repository().await?;
        let path = format!("/repository/{}", repository.name());
        for _ in 0..2 {
            assert_eq!(context.delete(&path).await?, None);
        }
        let never = format!("/repository/{}/never", organization.name());
        assert_eq!(context.delete(never).await?, None);
        // In a missing namespace, the server fails.
        let nowhere = format!("/repository/{}/app", context.name("nowhere"));
        assert_status(context.delete(nowhere).await, 500, "");
        // Unlike the name of a namespace, that of a repository can be used again immediately.
        context.repository(&organization, "app").await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn deleting_a_missing_organization_is_not_found() {
    scenario(async |context| {
        let name = context.name("nowhere");
        // On older servers, a superuser has no access to the organizations of others.
        let of_owners = match context.is_since("3.12").await? {
            true => (404, "Not Found"),
            false => (403, "insufficient_scope"),
        };
        let deleted = context.delete(format!("/organization/{name}")).await;
        assert_status(deleted, of_owners.0, of_owners.1);
        let deleted = context
            .delete(format!("/superuser/organizations/{name}"))
            .await;
        match &deleted {
            // True of every release up to 3.18.0.
            Err(error) if context.is_real() && error.status() == Some(400) => {
                assert_status(deleted, 400, "Organization does not exist");
            }
            _ => assert_status(deleted, 404, "Not Found"),
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn some_lists_of_a_missing_repository_are_empty() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let path = format!("/repository/{}/missing", organization.name());
        for (list, field, empty) in [
            ("permissions/user/", "permissions", json!({})),
            ("permissions/team/", "permissions", json!({})),
            ("notification/", "notifications", json!([])),
            ("build/", "builds", json!([])),
            ("trigger/", "triggers", json!([])),
        ] {
            let listed = context.get(format!("{path}/{list}")).await?;
            assert_eq!(
                listed.map(|body| body[field].clone()),
                Some(empty),
                "{list}"
            );
        }
        for (list, operation) in [
            ("", "getRepo"),
            ("/tag/", "listRepoTags"),
            ("/logs", "listRepoLogs"),
            ("/autoprunepolicy/", "listRepositoryAutoPrunePolicies"),
            ("/immutabilitypolicy/", "listRepositoryImmutabilityPolicies"),
            ("/mirror", "getRepoMirrorConfig"),
        ] {
            if context.lacks(operation).await?.is_none() {
                assert_status(context.get(format!("{path}{list}")).await, 404, "Not Found");
            }
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn some_lists_of_a_missing_organization_are_empty() {
    scenario(async |context| {
        // On older servers, a superuser has no access to the organizations of others.
        let is_let_in = context.is_since("3.12").await?;
        let name = context.name("nowhere");
        let path = format!("/organization/{name}");
        let query = [("namespace", name.as_str())];
        let listed = context.raw("GET", "/repository", &query, None).await?;
        assert_eq!(
            listed.map(|body| body["repositories"].clone()),
            Some(json!([]))
        );
        for (list, field, operation) in [
            ("robots", "robots", "getOrgRobots"),
            (
                "autoprunepolicy/",
                "policies",
                "listOrganizationAutoPrunePolicies",
            ),
            (
                "immutabilitypolicy/",
                "policies",
                "listOrgImmutabilityPolicies",
            ),
        ] {
            if context.lacks(operation).await?.is_some() {
                continue;
            }
            let listed = context.get(format!("{path}/{list}")).await?;
            assert_eq!(
                listed.map(|body| body[field].clone()),
                Some(json!([])),
                "{list}"
            );
        }
        let cache = context.get(format!("{path}/proxycache")).await?;
        assert_eq!(
            cache.map(|cache| cache["upstream_registry"].clone()),
            Some(json!(""))
        );
        for (list, operation, is_sought) in [
            ("", "getOrganization", true),
            ("/members", "getOrganizationMembers", true),
            ("/collaborators", "getOrganizationCollaborators", false),
            ("/applications", "getOrganizationApplications", true),
            ("/prototypes", "getOrganizationPrototypePermissions", false),
            ("/notifications", "listOrgNotifications", true),
            ("/quota", "listOrganizationQuota", true),
            ("/team/owners/members", "getOrganizationTeamMembers", false),
            ("/mirror", "getOrgMirrorConfig", true),
        ] {
            if context.lacks(operation).await?.is_some() {
                continue;
            }
            let listed = context.get(format!("{path}{list}")).await;
            match is_let_in || is_sought {
                true => assert_status(listed, 404, "Not Found"),
                false => assert_status(listed, 403, "insufficient_scope"),
            }
        }
        let robot = format!("{path}/robots/ci");
        assert_status(
            context.get(&robot).await,
            400,
            "Organization does not exist",
        );
        assert_status(context.delete(&robot).await, 400, "Could not find robot");
        let logs = context.get(format!("{path}/logs")).await;
        match is_let_in {
            true => assert_status(logs, 400, "Invalid namespace requested"),
            false => assert_status(logs, 403, "insufficient_scope"),
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn starring_a_missing_repository_returns_null() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let body = json!({"namespace": organization.name(), "repository": "missing"});
        assert_eq!(
            context.post("/user/starred", body).await?,
            Some(Value::Null)
        );
        let star = format!("/user/starred/{}/missing", organization.name());
        assert_eq!(context.delete(star).await?, Some(Value::Null));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn visibility_of_a_missing_repository_is_null() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let path = format!(
            "/repository/{}/missing/changevisibility",
            organization.name()
        );
        let changed = context.post(path, json!({"visibility": "public"})).await?;
        assert_eq!(changed, Some(Value::Null));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn repository_has_no_signatures_without_signing() {
    scenario(async |context| {
        let (organization, repository) = context.organization_with_repository().await?;
        let path = format!("/repository/{}/signatures", repository.name());
        let signed = context.get(&path).await;
        if signed.is_ok() {
            return crate::context::skip("the server signs");
        }
        assert_status(signed, 404, "not_found");
        // The path is read as the name of a repository.
        context.repository(&organization, "app/signatures").await?;
        let read = context.get(&path).await?.expect("a repository");
        assert_eq!(read["name"], "app/signatures");
        Ok(())
    })
    .await;
}
