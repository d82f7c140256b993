//! Robot accounts, of organizations and of the caller.

use crate::context::{assert_error, scenario};
use quay_api::ErrorKind;
use quay_api::types::{CreateRobot, RepositoryRole, RobotFederation};

#[tokio::test]
async fn creates_reads_and_deletes_a_robot() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let robot = organization.robot("ci")?;
        let created = organization
            .robots()
            .create(
                "ci",
                CreateRobot::new()
                    .description("Builds")
                    .unstructured_metadata([("team", "platform")]),
            )
            .await?;
        assert_eq!(created.name, format!("{}+ci", organization.name()));
        assert_eq!(created.description.as_deref(), Some("Builds"));
        assert_eq!(created.token.as_ref().map(|t| t.expose().len()), Some(64));
        assert_eq!(created.last_accessed, None);
        let metadata = created.unstructured_metadata.clone().unwrap_or_default();
        assert_eq!(
            metadata.get("team").and_then(|v| v.as_str()),
            Some("platform")
        );
        assert_eq!(robot.get().await?, created);
        robot.delete().await?;
        assert_error(
            robot.get().await,
            400,
            ErrorKind::NotFound,
            "Could not find robot with specified username",
        );
        assert_eq!(robot.get_opt().await?, None);
        assert_error(
            robot.delete().await,
            400,
            ErrorKind::NotFound,
            "Could not find robot with specified username",
        );
        assert!(!robot.delete_if_exists().await?);
        assert_error(
            robot.regenerate().await,
            400,
            ErrorKind::NotFound,
            "Could not find robot with specified username",
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn refuses_a_duplicate_robot() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        organization
            .robots()
            .create("ci", CreateRobot::new())
            .await?;
        let text = format!("Existing robot with name: {}+ci", organization.name());
        assert_error(
            organization.robots().create("ci", CreateRobot::new()).await,
            400,
            ErrorKind::AlreadyExists,
            &text,
        );
        assert_eq!(
            organization
                .robots()
                .create_if_absent("ci", CreateRobot::new())
                .await?,
            None
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn regenerates_a_token() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let robot = organization.robot("ci")?;
        let created = organization
            .robots()
            .create("ci", CreateRobot::new())
            .await?;
        let regenerated = robot.regenerate().await?;
        assert_eq!(regenerated.name, created.name);
        assert!(regenerated.token.is_some() && regenerated.token != created.token);
        assert_eq!(robot.get().await?.token, regenerated.token);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn lists_robots_with_the_requested_fields() {
    scenario(async |context| {
        let (organization, repository) = context.organization_with_repository().await?;
        for name in ["one", "two"] {
            organization
                .robots()
                .create(name, CreateRobot::new())
                .await?;
        }
        let full = |name: &str| format!("{}+{name}", organization.name());
        repository
            .user_permission(full("one"))?
            .set(RepositoryRole::Read)
            .await?;

        let mut robots = organization.robots().list().await?;
        robots.sort_by(|a, b| a.name.cmp(&b.name));
        assert_eq!(
            robots
                .iter()
                .map(|r| r.name.to_string())
                .collect::<Vec<_>>(),
            [full("one"), full("two")]
        );
        assert!(
            robots.iter().all(|r| r.token.is_none()),
            "tokens only on request"
        );

        let mut robots = organization
            .robots()
            .list()
            .with_tokens()
            .with_permissions()
            .await?;
        robots.sort_by(|a, b| a.name.cmp(&b.name));
        assert!(robots.iter().all(|r| r.token.is_some()));
        assert_eq!(robots[0].repositories, Some(vec!["app".to_owned()]));
        assert_eq!(robots[1].repositories, Some(vec![]));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn lists_the_permissions_of_a_robot() {
    scenario(async |context| {
        let (organization, repository) = context.organization_with_repository().await?;
        let robot = organization.robot("ci")?;
        let name = organization
            .robots()
            .create("ci", CreateRobot::new())
            .await?
            .name;
        assert_eq!(robot.permissions().await?, []);
        repository
            .user_permission(&name)?
            .set(RepositoryRole::Write)
            .await?;
        let permissions = robot.permissions().await?;
        assert_eq!(permissions.len(), 1);
        assert_eq!(
            (
                permissions[0].repository.name.as_str(),
                &permissions[0].role
            ),
            ("app", &RepositoryRole::Write)
        );
        robot.delete().await?;
        assert!(
            repository
                .user_permissions()
                .list()
                .await?
                .iter()
                .all(|p| p.name != name),
            "a permission is deleted with its robot"
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn refuses_invalid_robot_names() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let path = format!("/api/v1/organization/{}/robots/UP", organization.name());
        let created = context
            .quay()
            .request("PUT", path)?
            .json(&serde_json::json!({}))
            .send_bytes()
            .await;
        assert_error(
            created,
            400,
            ErrorKind::InvalidRequest,
            "The name for the robot 'UP' is invalid",
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn manages_robots_of_the_caller() {
    scenario(async |context| {
        let short = format!("ci{}", context.suffix());
        context.track_my_robot(&short);
        let me = context.quay().me();
        let robot = me.robot(&short)?;
        let created = me
            .robots()
            .create(&short, CreateRobot::new().description("Mine"))
            .await?;
        assert_eq!(created.name, format!("{}+{short}", context.me().await?));
        let seen = robot.get().await?;
        assert_eq!(
            (&seen.name, &seen.description, &seen.token),
            (&created.name, &created.description, &created.token)
        );
        assert_error(
            me.robots().create(&short, CreateRobot::new()).await,
            400,
            ErrorKind::AlreadyExists,
            "Existing robot with name",
        );
        assert!(
            context
                .quay()
                .me()
                .robots()
                .list()
                .await?
                .iter()
                .any(|r| r.name == created.name)
        );
        assert_ne!(robot.regenerate().await?.token, created.token);
        assert_eq!(robot.permissions().await?, []);
        robot.delete().await?;
        assert_eq!(robot.get_opt().await?, None);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn replaces_the_federated_identities_of_a_robot() {
    scenario(async |context| {
        context
            .requires_release("3.13", "it has no robot federation")
            .await?;
        let organization = context.organization("org").await?;
        let robot = organization.robot("ci")?;
        organization
            .robots()
            .create("ci", CreateRobot::new())
            .await?;
        assert_eq!(robot.federation().get().await?, []);
        let identity = |subject: &str| RobotFederation::new("https://issuer.example.test", subject);
        assert_eq!(
            robot
                .federation()
                .set([identity("one"), identity("two")])
                .await?,
            [identity("one"), identity("two")]
        );
        assert_eq!(
            robot.federation().set([identity("three")]).await?,
            [identity("three")]
        );
        assert_eq!(robot.federation().get().await?, [identity("three")]);
        robot.federation().delete().await?;
        assert_eq!(robot.federation().get().await?, []);
        Ok(())
    })
    .await;
}
