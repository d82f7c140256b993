//! From the permissions of a team or a robot account to their repositories.

use crate::outcomes_repository::sandbox;
use quay_api::Result;
use quay_api::types::{CreateTeam, RepositoryRole, TeamRole};

#[tokio::test]
async fn permissions_lead_to_their_repositories() -> Result<()> {
    let sandbox = sandbox().await?;
    let quay = sandbox.quay();
    let (acme, web) = (quay.organization("acme")?, quay.repository("acme/web")?);
    let team = CreateTeam::new(TeamRole::Member);
    acme.teams().create_if_absent("devs", team).await?;
    web.team_permission("devs")?
        .set(RepositoryRole::Read)
        .await?;
    let of_team = acme.team("devs")?.permissions().await?;
    assert_eq!(of_team.len(), 1);
    assert_eq!(quay.repository(&of_team[0])?.name().as_str(), "acme/web");

    let robot = acme.robots().create("porter", Default::default()).await?;
    let permission = web.user_permission(&robot.name)?;
    permission.set(RepositoryRole::Write).await?;
    let of_robot = acme.robot("porter")?.permissions().await?;
    assert_eq!(of_robot.len(), 1);
    assert_eq!(of_robot[0].role, RepositoryRole::Write);
    quay.repository(&of_robot[0])?.get().await?;
    Ok(())
}
