//! The names that a server accepts, and the names that lead to another operation.

use crate::context::{assert_status, scenario};
use serde_json::json;

#[tokio::test]
async fn only_repositories_may_end_in_a_separator() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        for name in ["a-", "a_", "a.", "a--b", "a__b", "a..b", "team/b-", "a"] {
            let body = json!({
                "namespace": organization.name(), "repository": name,
                "visibility": "private", "description": "",
            });
            let created = context.post("/repository", body).await?;
            assert_eq!(created.map(|body| body["name"].clone()), Some(json!(name)));
        }
        for name in ["-a", "_a", ".a", "a//b", "a/", "a:b", "team/-b"] {
            let body = json!({
                "namespace": organization.name(), "repository": name,
                "visibility": "private", "description": "",
            });
            let created = context.post("/repository", body).await;
            assert_status(created, 400, "Invalid repository name");
        }
        let path = format!("/organization/{}", organization.name());
        for name in ["a-", "a_", "a.", "-a", "a--b"] {
            let robot = context
                .put(format!("{path}/robots/{name}"), json!({}))
                .await;
            assert_status(robot, 400, "is invalid: Namespace must match expression");
            let team = context
                .put(format!("{path}/team/{name}"), json!({"role": "member"}))
                .await;
            assert_status(team, 400, "Invalid team name");
        }
        let name = format!("{}-", context.name("org"));
        let body = json!({"name": name, "email": context.email("other")});
        let created = context.post("/organization/", body).await;
        assert_status(created, 400, "Invalid namespace");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn robot_names_have_two_to_255_characters_with_their_namespace() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let robots = format!("/organization/{}/robots", organization.name());
        let longest = 255 - organization.name().len() - 1;
        for length in [2, longest] {
            let robot = context
                .put(format!("{robots}/{}", "x".repeat(length)), json!({}))
                .await?;
            assert!(
                robot.is_some_and(|robot| robot["token"].is_string()),
                "{length}"
            );
        }
        for (length, reason) in [
            (1, "must be between 2 and 255 characters in length"),
            (longest + 1, "value too long"),
            (255, "value too long"),
            (256, "must be between 2 and 255 characters in length"),
        ] {
            let robot = context
                .put(format!("{robots}/{}", "x".repeat(length)), json!({}))
                .await;
            assert_status(robot, 400, reason);
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn deleting_a_nested_repository_may_delete_a_tag() {
    scenario(async |context| {
        let (organization, repository) = context.organization_with_repository().await?;
        context.push(&repository, "v1").await?;
        context.repository(&organization, "app/tag/v1").await?;
        context
            .repository(&organization, "app/notification")
            .await?;
        let path = format!("/repository/{}", repository.name());
        assert_eq!(context.delete(format!("{path}/tag/v1")).await?, None);
        assert_eq!(
            repository.tag("v1")?.get_opt().await?,
            None,
            "the tag is deleted"
        );
        // Other methods have no such route, so the path is that of the repository.
        let nested = context
            .get(format!("{path}/tag/v1"))
            .await?
            .expect("a repository");
        assert_eq!(nested["name"], "app/tag/v1");
        context.delete(format!("{path}/notification")).await?;
        let names = [("namespace", organization.name())];
        let listed = context
            .raw("GET", "/repository", &names, None)
            .await?
            .expect("a list");
        let mut names: Vec<&str> = listed["repositories"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|row| row["name"].as_str())
            .collect();
        names.sort_unstable();
        assert_eq!(names, ["app", "app/tag/v1"]);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn reading_a_nested_repository_may_read_something_else() {
    scenario(async |context| {
        let (organization, repository) = context.organization_with_repository().await?;
        let path = format!("/repository/{}", repository.name());
        for name in ["logs", "mirror", "manifest/x", "changestate"] {
            context
                .repository(&organization, &format!("app/{name}"))
                .await?;
        }
        let logs = context.get(format!("{path}/logs")).await?.expect("a log");
        assert!(
            logs["logs"].is_array(),
            "the path leads to the log of the shorter name"
        );
        assert_status(
            context.get(format!("{path}/mirror")).await,
            404,
            "Not Found",
        );
        for name in ["manifest/x", "changestate"] {
            let nested = context
                .get(format!("{path}/{name}"))
                .await?
                .expect("a repository");
            assert_eq!(nested["name"], format!("app/{name}"), "no such route");
        }
        Ok(())
    })
    .await;
}
