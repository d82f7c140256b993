//! Permissions on repositories, of users, robot accounts and teams.

use crate::context::{assert_error, scenario};
use quay_api::ErrorKind;
use quay_api::types::{CreateRobot, CreateTeam, RepositoryRole, TeamRole};

#[tokio::test]
async fn creator_of_a_repository_is_its_admin() {
    scenario(async |context| {
        let (_, repository) = context.organization_with_repository().await?;
        let users = repository.user_permissions().list().await?;
        assert_eq!(users.len(), 1);
        assert_eq!(
            (&users[0].name, &users[0].role),
            (&context.me().await?, &RepositoryRole::Admin)
        );
        assert_eq!(
            (users[0].is_robot, users[0].is_org_member),
            (Some(false), Some(true))
        );
        assert_eq!(repository.team_permissions().list().await?, []);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn grants_changes_and_revokes_permissions_of_a_user() {
    scenario(async |context| {
        let (_, repository) = context.organization_with_repository().await?;
        let user = context.user("person").await?;
        let granted = repository
            .user_permission(&user.name)?
            .set(RepositoryRole::Read)
            .await?;
        assert_eq!(
            (&granted.name, &granted.role),
            (&user.name, &RepositoryRole::Read)
        );
        assert_eq!(
            (granted.is_robot, granted.is_org_member),
            (Some(false), Some(false))
        );
        repository
            .user_permission(&user.name)?
            .set(RepositoryRole::Admin)
            .await?;
        assert_eq!(
            repository.user_permission(&user.name)?.get().await?.role,
            RepositoryRole::Admin
        );
        assert_eq!(
            repository.user_permissions().list().await?.len(),
            2,
            "a change does not add a second permission"
        );
        assert_eq!(
            repository
                .user_permission(&user.name)?
                .transitive_roles()
                .await?,
            [RepositoryRole::Admin]
        );
        repository.user_permission(&user.name)?.delete().await?;
        let text = "User does not have permission for repo.";
        assert_error(
            repository.user_permission(&user.name)?.get().await,
            400,
            ErrorKind::NotFound,
            text,
        );
        assert_error(
            repository.user_permission(&user.name)?.delete().await,
            400,
            ErrorKind::NotFound,
            text,
        );
        assert!(
            !repository
                .user_permission(&user.name)?
                .delete_if_exists()
                .await?
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn grants_a_robot_like_a_user() {
    scenario(async |context| {
        let (organization, repository) = context.organization_with_repository().await?;
        let robot = organization
            .robots()
            .create("ci", CreateRobot::new())
            .await?;
        let granted = repository
            .user_permission(&robot.name)?
            .set(RepositoryRole::Write)
            .await?;
        assert_eq!(
            (granted.name.as_str(), granted.is_robot),
            (robot.name.as_str(), Some(true))
        );
        assert_eq!(
            repository.user_permission(&robot.name)?.get().await?.role,
            RepositoryRole::Write
        );
        repository.user_permission(&robot.name)?.delete().await?;
        assert_eq!(repository.user_permissions().list().await?.len(), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn refuses_grants_to_robots_of_other_organizations() {
    scenario(async |context| {
        let (_, repository) = context.organization_with_repository().await?;
        let robot = context
            .organization("other")
            .await?
            .robots()
            .create("ci", CreateRobot::new())
            .await?;
        let granted = repository
            .user_permission(&robot.name)?
            .set(RepositoryRole::Read)
            .await;
        assert_error(granted, 400, ErrorKind::InvalidRequest, "Cannot add robot");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn grants_changes_and_revokes_permissions_of_a_team() {
    scenario(async |context| {
        let (organization, repository) = context.organization_with_repository().await?;
        organization
            .teams()
            .create("devs", CreateTeam::new(TeamRole::Member))
            .await?;
        let granted = repository
            .team_permission("devs")?
            .set(RepositoryRole::Write)
            .await?;
        assert_eq!(
            (granted.name.as_str(), &granted.role),
            ("devs", &RepositoryRole::Write)
        );
        assert_eq!(
            repository.team_permission("devs")?.role().await?,
            RepositoryRole::Write
        );
        assert_eq!(
            repository
                .team_permissions()
                .list()
                .await?
                .iter()
                .map(|t| t.name.as_str())
                .collect::<Vec<_>>(),
            ["devs"]
        );
        repository.team_permission("devs")?.delete().await?;
        assert_eq!(repository.team_permissions().list().await?, []);
        assert_error(
            repository.team_permission("devs")?.delete().await,
            400,
            ErrorKind::NotFound,
            "Team does not have permission for repo.",
        );
        assert!(
            !repository
                .team_permission("devs")?
                .delete_if_exists()
                .await?
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn refuses_grants_to_missing_users_and_teams() {
    scenario(async |context| {
        let (_, repository) = context.organization_with_repository().await?;
        let stranger = context.name("stranger");
        assert_error(
            repository
                .user_permission(&stranger)?
                .set(RepositoryRole::Read)
                .await,
            400,
            ErrorKind::NotFound,
            &format!("Invalid username: {stranger}"),
        );
        assert_error(
            repository
                .team_permission("nosuch")?
                .set(RepositoryRole::Read)
                .await,
            400,
            ErrorKind::NotFound,
            "No team nosuch in organization",
        );
        assert_error(
            repository
                .user_permission(&stranger)?
                .transitive_roles()
                .await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn members_have_the_permissions_of_their_team() {
    scenario(async |context| {
        let (organization, repository) = context.organization_with_repository().await?;
        let user = context.user("person").await?;
        let team = organization.team("devs")?;
        organization
            .teams()
            .create("devs", CreateTeam::new(TeamRole::Member))
            .await?;
        team.members().create(&user.name).await?;
        let theirs = context.acting_as(&user, "repo:read repo:write").await?;
        let theirs = theirs.repository(repository.name().clone())?;
        assert_error(
            theirs.get().await,
            403,
            ErrorKind::InsufficientScope,
            "Unauthorized",
        );
        repository
            .team_permission("devs")?
            .set(RepositoryRole::Read)
            .await?;
        let seen = theirs.get().await?;
        assert_eq!((seen.can_write, seen.can_admin), (Some(false), Some(false)));
        assert_error(
            theirs.set_description("x").await,
            403,
            ErrorKind::InsufficientScope,
            "Unauthorized",
        );
        repository
            .team_permission("devs")?
            .set(RepositoryRole::Write)
            .await?;
        theirs.set_description("Ours").await?;
        assert_eq!(
            repository
                .user_permission(&user.name)?
                .transitive_roles()
                .await?,
            [RepositoryRole::Write]
        );
        assert_error(
            theirs.delete().await,
            403,
            ErrorKind::InsufficientScope,
            "Unauthorized",
        );
        Ok(())
    })
    .await;
}
