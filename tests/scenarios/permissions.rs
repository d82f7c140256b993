//! Who may do what with a repository.

use crate::context::{refused, scenario};
use quay_api::ErrorKind;
use quay_api::types::{CreateRobot, RepositoryRole, TeamRole};

#[tokio::test]
async fn who_makes_a_repository_administers_it() {
    scenario(async |context| {
        let (_, repository) = context.stage().await?;
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
async fn a_user_is_granted_changed_and_revoked() {
    scenario(async |context| {
        let (_, repository) = context.stage().await?;
        let person = context.person("person").await?;
        let permissions = repository.permissions();
        let granted = permissions
            .grant_user(&person.name, RepositoryRole::Read)
            .await?;
        assert_eq!(
            (&granted.name, &granted.role),
            (&person.name, &RepositoryRole::Read)
        );
        assert_eq!(
            (granted.is_robot, granted.is_org_member),
            (Some(false), Some(false))
        );
        permissions
            .grant_user(&person.name, RepositoryRole::Admin)
            .await?;
        assert_eq!(
            permissions.user(&person.name).await?.role,
            RepositoryRole::Admin
        );
        assert_eq!(
            permissions.users().await?.len(),
            2,
            "a change is no second permission"
        );
        assert_eq!(
            permissions.user_transitive(&person.name).await?,
            [RepositoryRole::Admin]
        );
        permissions.revoke_user(&person.name).await?;
        let text = "User does not have permission for repo.";
        refused(
            permissions.user(&person.name).await,
            400,
            ErrorKind::NotFound,
            text,
        );
        refused(
            permissions.revoke_user(&person.name).await,
            400,
            ErrorKind::NotFound,
            text,
        );
        assert!(!permissions.revoke_user_if_exists(&person.name).await?);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_robot_is_granted_as_a_user_is() {
    scenario(async |context| {
        let (organization, repository) = context.stage().await?;
        let robot = organization.robot("ci")?.create(CreateRobot::new()).await?;
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
async fn a_robot_of_another_organization_is_granted_nothing() {
    scenario(async |context| {
        let (_, repository) = context.stage().await?;
        let robot = context
            .organization("other")
            .await?
            .robot("ci")?
            .create(CreateRobot::new())
            .await?;
        let granted = repository
            .permissions()
            .grant_user(&robot.name, RepositoryRole::Read)
            .await;
        refused(granted, 400, ErrorKind::InvalidRequest, "Cannot add robot");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_team_is_granted_changed_and_revoked() {
    scenario(async |context| {
        let (organization, repository) = context.stage().await?;
        organization
            .team("devs")?
            .create(TeamRole::Member, "")
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
        refused(
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
async fn nothing_is_granted_to_who_is_not_there() {
    scenario(async |context| {
        let (_, repository) = context.stage().await?;
        let permissions = repository.permissions();
        let stranger = context.name("stranger");
        refused(
            permissions
                .grant_user(&stranger, RepositoryRole::Read)
                .await,
            400,
            ErrorKind::NotFound,
            &format!("Invalid username: {stranger}"),
        );
        refused(
            permissions.grant_team("nosuch", RepositoryRole::Read).await,
            400,
            ErrorKind::NotFound,
            "No team nosuch in organization",
        );
        refused(
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
async fn what_a_team_may_its_members_may() {
    scenario(async |context| {
        let (organization, repository) = context.stage().await?;
        let person = context.person("person").await?;
        let team = organization.team("devs")?;
        team.create(TeamRole::Member, "").await?;
        team.members().add(&person.name).await?;
        let theirs = context.acting_as(&person, "repo:read repo:write").await?;
        let theirs = theirs.repository(repository.name().clone())?;
        refused(
            theirs.get().await,
            403,
            ErrorKind::ScopeMissing,
            "Unauthorized",
        );
        repository
            .permissions()
            .grant_team("devs", RepositoryRole::Read)
            .await?;
        let seen = theirs.get().await?;
        assert_eq!((seen.can_write, seen.can_admin), (Some(false), Some(false)));
        refused(
            theirs.describe("x").await,
            403,
            ErrorKind::ScopeMissing,
            "Unauthorized",
        );
        repository
            .permissions()
            .grant_team("devs", RepositoryRole::Write)
            .await?;
        theirs.describe("Ours").await?;
        assert_eq!(
            repository
                .permissions()
                .user_transitive(&person.name)
                .await?,
            [RepositoryRole::Write]
        );
        refused(
            theirs.delete().await,
            403,
            ErrorKind::ScopeMissing,
            "Unauthorized",
        );
        Ok(())
    })
    .await;
}
