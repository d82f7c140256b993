//! Who may do what with a repository.

use crate::context::{assert_error, scenario};
use quay_api::ErrorKind;
use quay_api::types::{CreateRobot, CreateTeam, RepositoryRole, TeamRole};

#[tokio::test]
async fn creator_of_a_repository_is_its_admin() {
    scenario(async |context| {
        let (_, repository) = context.organization_with_repository().await?;
        let users = repository.permissions().users().await?;
        assert_eq!(users.len(), 1);
        assert_eq!(
            (&users[0].name, &users[0].role),
            (&context.me().await?, &RepositoryRole::Admin)
        );
        assert_eq!(
            (users[0].is_robot, users[0].is_org_member),
            (Some(false), Some(true))
        );
        assert_eq!(repository.permissions().teams().await?, []);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn grants_changes_and_revokes_permissions_of_a_user() {
    scenario(async |context| {
        let (_, repository) = context.organization_with_repository().await?;
        let user = context.user("person").await?;
        let permissions = repository.permissions();
        let granted = permissions
            .grant_user(&user.name, RepositoryRole::Read)
            .await?;
        assert_eq!(
            (&granted.name, &granted.role),
            (&user.name, &RepositoryRole::Read)
        );
        assert_eq!(
            (granted.is_robot, granted.is_org_member),
            (Some(false), Some(false))
        );
        permissions
            .grant_user(&user.name, RepositoryRole::Admin)
            .await?;
        assert_eq!(
            permissions.user(&user.name).await?.role,
            RepositoryRole::Admin
        );
        assert_eq!(
            permissions.users().await?.len(),
            2,
            "a change is no second permission"
        );
        assert_eq!(
            permissions.user_transitive(&user.name).await?,
            [RepositoryRole::Admin]
        );
        permissions.revoke_user(&user.name).await?;
        let text = "User does not have permission for repo.";
        assert_error(
            permissions.user(&user.name).await,
            400,
            ErrorKind::NotFound,
            text,
        );
        assert_error(
            permissions.revoke_user(&user.name).await,
            400,
            ErrorKind::NotFound,
            text,
        );
        assert!(!permissions.revoke_user_if_exists(&user.name).await?);
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
            .permissions()
            .grant_user(&robot.name, RepositoryRole::Write)
            .await?;
        assert_eq!((&granted.name, granted.is_robot), (&robot.name, Some(true)));
        assert_eq!(
            repository.permissions().user(&robot.name).await?.role,
            RepositoryRole::Write
        );
        repository.permissions().revoke_user(&robot.name).await?;
        assert_eq!(repository.permissions().users().await?.len(), 1);
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
            .permissions()
            .grant_user(&robot.name, RepositoryRole::Read)
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
        let permissions = repository.permissions();
        let granted = permissions
            .grant_team("devs", RepositoryRole::Write)
            .await?;
        assert_eq!(
            (granted.name.as_str(), &granted.role),
            ("devs", &RepositoryRole::Write)
        );
        assert_eq!(permissions.team("devs").await?, RepositoryRole::Write);
        assert_eq!(
            permissions
                .teams()
                .await?
                .iter()
                .map(|t| t.name.as_str())
                .collect::<Vec<_>>(),
            ["devs"]
        );
        permissions.revoke_team("devs").await?;
        assert_eq!(permissions.teams().await?, []);
        assert_error(
            permissions.revoke_team("devs").await,
            400,
            ErrorKind::NotFound,
            "Team does not have permission for repo.",
        );
        assert!(!permissions.revoke_team_if_exists("devs").await?);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn refuses_grants_to_missing_users_and_teams() {
    scenario(async |context| {
        let (_, repository) = context.organization_with_repository().await?;
        let permissions = repository.permissions();
        let stranger = context.name("stranger");
        assert_error(
            permissions
                .grant_user(&stranger, RepositoryRole::Read)
                .await,
            400,
            ErrorKind::NotFound,
            &format!("Invalid username: {stranger}"),
        );
        assert_error(
            permissions.grant_team("nosuch", RepositoryRole::Read).await,
            400,
            ErrorKind::NotFound,
            "No team nosuch in organization",
        );
        assert_error(
            permissions.user_transitive(&stranger).await,
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
            .permissions()
            .grant_team("devs", RepositoryRole::Read)
            .await?;
        let seen = theirs.get().await?;
        assert_eq!((seen.can_write, seen.can_admin), (Some(false), Some(false)));
        assert_error(
            theirs.describe("x").await,
            403,
            ErrorKind::InsufficientScope,
            "Unauthorized",
        );
        repository
            .permissions()
            .grant_team("devs", RepositoryRole::Write)
            .await?;
        theirs.describe("Ours").await?;
        assert_eq!(
            repository.permissions().user_transitive(&user.name).await?,
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
