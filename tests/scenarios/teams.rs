//! Teams and their members.

use crate::context::{assert_error, scenario};
use quay_api::ErrorKind;
use quay_api::types::{
    CreateRobot, CreateTeam, RepositoryRole, TeamMemberKind, TeamRole, UpdateTeam,
};

#[tokio::test]
async fn creates_updates_and_deletes_a_team() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let team = organization.team("devs")?;
        let created = organization
            .teams()
            .create(
                "devs",
                CreateTeam::new(TeamRole::Creator).description("Who writes it"),
            )
            .await?;
        assert_eq!(
            (
                created.name.as_str(),
                created.role,
                created.description.as_deref()
            ),
            ("devs", TeamRole::Creator, Some("Who writes it"))
        );
        assert_eq!(created.new_team, Some(true));
        let changed = team.update(UpdateTeam::new(TeamRole::Admin)).await?;
        assert_eq!(
            (
                changed.role,
                changed.description.as_deref(),
                changed.new_team
            ),
            (TeamRole::Admin, Some("Who writes it"), Some(false))
        );

        let mut teams = organization.teams().list().await?;
        teams.sort_by(|a, b| a.name.cmp(&b.name));
        assert_eq!(
            teams
                .iter()
                .map(|t| (t.name.as_str(), t.member_count))
                .collect::<Vec<_>>(),
            [("devs", Some(0)), ("owners", Some(1))]
        );

        team.delete().await?;
        assert_eq!(organization.teams().list().await?.len(), 1);
        assert_error(
            team.delete().await,
            400,
            ErrorKind::NotFound,
            "Team 'devs' is not a team in org",
        );
        assert!(!team.delete_if_exists().await?);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn lists_teams_in_the_order_of_the_organization() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        for name in ["zebra", "ant", "mole"] {
            organization
                .teams()
                .create(name, CreateTeam::new(TeamRole::Member))
                .await?;
        }
        let ordered = organization.get().await?.ordered_teams;
        assert_eq!(
            ordered,
            Some(
                ["owners", "zebra", "ant", "mole"]
                    .map(str::to_owned)
                    .to_vec()
            ),
            "as they were made"
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn refuses_invalid_team_names() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let created = organization
            .teams()
            .create("UPPER BAD", CreateTeam::new(TeamRole::Member))
            .await;
        assert_error(
            created,
            400,
            ErrorKind::InvalidRequest,
            "Invalid team name UPPER BAD",
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn refuses_to_weaken_the_owners_team() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let owners = organization.team("owners")?;
        assert_error(
            owners.delete().await,
            400,
            ErrorKind::Conflict,
            "Deleting team 'owners' would remove admin ability",
        );
        let me = context.me().await?;
        let left = owners.member(&me)?.delete().await;
        assert_error(
            left,
            400,
            ErrorKind::Conflict,
            "User cannot remove themselves from their only admin team.",
        );
        let lowered = owners.update(UpdateTeam::new(TeamRole::Member)).await;
        assert_error(
            lowered,
            400,
            ErrorKind::Conflict,
            "Cannot remove admin from team 'owners'",
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn adds_and_removes_users_and_robots_of_a_team() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let team = organization.team("devs")?;
        organization
            .teams()
            .create("devs", CreateTeam::new(TeamRole::Member))
            .await?;
        let user = context.user("person").await?;
        let robot = organization
            .robots()
            .create("ci", CreateRobot::new())
            .await?;

        let joined = team.members().create(&user.name).await?;
        assert_eq!(
            (
                joined.name.as_ref(),
                joined.kind,
                joined.is_robot,
                joined.invited
            ),
            (
                Some(&user.name),
                TeamMemberKind::User,
                Some(false),
                Some(false)
            )
        );
        let joined = team.members().create(&robot.name).await?;
        assert_eq!(
            (joined.name.as_ref(), joined.is_robot),
            (Some(&robot.name.to_string()), Some(true))
        );
        let text = format!("User {} is already a member of team devs", user.name);
        assert_error(
            team.members().create(&user.name).await,
            400,
            ErrorKind::AlreadyExists,
            &text,
        );

        let mut names: Vec<_> = team
            .members()
            .list()
            .await?
            .into_iter()
            .filter_map(|m| m.name)
            .collect();
        names.sort();
        let mut expected = vec![user.name.clone(), robot.name.to_string()];
        expected.sort();
        assert_eq!(names, expected);

        team.member(&user.name)?.delete().await?;
        assert_error(
            team.member(&user.name)?.delete().await,
            400,
            ErrorKind::NotFound,
            &format!("User {} does not belong to team devs", user.name),
        );
        assert!(!team.member(&user.name)?.delete_if_exists().await?);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn refuses_missing_users_as_members() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let owners = organization.team("owners")?;
        let stranger = context.name("stranger");
        assert_error(
            owners.members().create(&stranger).await,
            400,
            ErrorKind::NotFound,
            "Unknown user",
        );
        assert_error(
            owners.member(&stranger)?.delete().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        let nowhere = organization.team("nosuch")?.members();
        assert_error(nowhere.list().await, 404, ErrorKind::NotFound, "Not Found");
        assert_error(
            nowhere.create(&context.me().await?).await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn lists_the_permissions_of_a_team() {
    scenario(async |context| {
        let (organization, repository) = context.organization_with_repository().await?;
        let team = organization.team("devs")?;
        organization
            .teams()
            .create("devs", CreateTeam::new(TeamRole::Member))
            .await?;
        assert_eq!(team.permissions().await?, []);
        repository
            .team_permission("devs")?
            .set(RepositoryRole::Write)
            .await?;
        let permissions = team.permissions().await?;
        assert_eq!(permissions.len(), 1);
        assert_eq!(
            (
                permissions[0].repository.name.as_str(),
                &permissions[0].role
            ),
            ("app", &RepositoryRole::Write)
        );
        assert_eq!(permissions[0].repository.is_public, Some(false));
        assert_error(
            organization.team("nosuch")?.permissions().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        Ok(())
    })
    .await;
}
