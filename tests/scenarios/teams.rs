//! Teams and their members.

use crate::context::{refused, scenario};
use quay_api::ErrorKind;
use quay_api::types::{CreateRobot, RepositoryRole, TeamMemberKind, TeamRole, UpdateTeam};

#[tokio::test]
async fn a_team_is_made_changed_and_deleted() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let team = organization.team("devs")?;
        let made = team.create(TeamRole::Creator, "Who writes it").await?;
        assert_eq!(
            (made.name.as_str(), made.role, made.description.as_deref()),
            ("devs", TeamRole::Creator, Some("Who writes it"))
        );
        assert_eq!(made.new_team, Some(true));
        let changed = team.update(UpdateTeam::new(TeamRole::Admin)).await?;
        assert_eq!(
            (
                changed.role,
                changed.description.as_deref(),
                changed.new_team
            ),
            (TeamRole::Admin, Some("Who writes it"), Some(false))
        );

        let mut teams = organization.teams().await?;
        teams.sort_by(|a, b| a.name.cmp(&b.name));
        assert_eq!(
            teams
                .iter()
                .map(|t| (t.name.as_str(), t.member_count))
                .collect::<Vec<_>>(),
            [("devs", Some(0)), ("owners", Some(1))]
        );

        team.delete().await?;
        assert_eq!(organization.teams().await?.len(), 1);
        refused(
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
async fn teams_are_listed_in_the_order_of_the_organization() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        for name in ["zebra", "ant", "mole"] {
            organization
                .team(name)?
                .create(TeamRole::Member, "")
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
async fn a_bad_name_for_a_team_is_refused() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let made = organization
            .team("UPPER BAD")?
            .create(TeamRole::Member, "")
            .await;
        refused(
            made,
            400,
            ErrorKind::InvalidRequest,
            "Invalid team name UPPER BAD",
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn the_owners_stay() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let owners = organization.team("owners")?;
        refused(
            owners.delete().await,
            400,
            ErrorKind::Conflict,
            "Deleting team 'owners' would remove admin ability",
        );
        let me = context.me().await?;
        let left = owners.members().remove(&me).await;
        refused(
            left,
            400,
            ErrorKind::Conflict,
            "User cannot remove themselves from their only admin team.",
        );
        let lowered = owners.update(UpdateTeam::new(TeamRole::Member)).await;
        refused(
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
async fn people_and_robots_join_and_leave_a_team() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let team = organization.team("devs")?;
        team.create(TeamRole::Member, "").await?;
        let person = context.person("person").await?;
        let robot = organization.robot("ci")?.create(CreateRobot::new()).await?;

        let joined = team.members().add(&person.name).await?;
        assert_eq!(
            (
                joined.name.as_ref(),
                joined.kind,
                joined.is_robot,
                joined.invited
            ),
            (
                Some(&person.name),
                TeamMemberKind::User,
                Some(false),
                Some(false)
            )
        );
        let joined = team.members().add(&robot.name).await?;
        assert_eq!(
            (joined.name.as_ref(), joined.is_robot),
            (Some(&robot.name), Some(true))
        );
        let text = format!("User {} is already a member of team devs", person.name);
        refused(
            team.members().add(&person.name).await,
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
        let mut expected = vec![person.name.clone(), robot.name.clone()];
        expected.sort();
        assert_eq!(names, expected);

        team.members().remove(&person.name).await?;
        refused(
            team.members().remove(&person.name).await,
            400,
            ErrorKind::NotFound,
            &format!("User {} does not belong to team devs", person.name),
        );
        assert!(!team.members().remove_if_exists(&person.name).await?);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn nobody_joins_who_is_not_there() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let owners = organization.team("owners")?.members();
        let stranger = context.name("stranger");
        refused(
            owners.add(&stranger).await,
            400,
            ErrorKind::NotFound,
            "Unknown user",
        );
        refused(
            owners.remove(&stranger).await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        let nowhere = organization.team("nosuch")?.members();
        refused(nowhere.list().await, 404, ErrorKind::NotFound, "Not Found");
        refused(
            nowhere.add(&context.me().await?).await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_team_tells_what_it_may_do() {
    scenario(async |context| {
        let (organization, repository) = context.stage().await?;
        let team = organization.team("devs")?;
        team.create(TeamRole::Member, "").await?;
        assert_eq!(team.permissions().await?, []);
        repository
            .permissions()
            .grant_team("devs", RepositoryRole::Write)
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
        refused(
            organization.team("nosuch")?.permissions().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        Ok(())
    })
    .await;
}
