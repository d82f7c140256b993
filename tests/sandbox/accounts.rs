//! Users, organizations, teams and robot accounts.

use super::{DAY, acme, assert_error, error_of};
use quay_api::testing::Sandbox;
use quay_api::types::{
    CreateOrganization, CreateRobot, CreateTeam, CreateUser, RepositoryRole, TeamRole,
    UpdateOrganization,
};
use quay_api::{ErrorKind, Result};

#[tokio::test]
async fn starts_with_a_superuser_only() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let me = sandbox.quay().me().get().await?;
    assert_eq!(
        (me.username.as_str(), me.super_user),
        (Sandbox::ADMIN, Some(true))
    );
    assert_eq!(
        sandbox
            .quay()
            .superuser()
            .organizations()
            .list()
            .await?
            .len(),
        0
    );
    assert_error(
        sandbox.quay().repository("acme/web")?.get().await,
        ErrorKind::NotFound,
        404,
        "Not Found",
    );
    assert_error(
        sandbox.quay().organization("acme")?.get().await,
        ErrorKind::NotFound,
        404,
        "Not Found",
    );
    Ok(())
}

#[tokio::test]
async fn manages_organizations_teams_and_members() -> Result<()> {
    let sandbox = acme().await?;
    let quay = sandbox.quay();
    quay.organizations()
        .create(CreateOrganization::new("globex").email("a@globex.test"))
        .await?;
    let again = quay
        .organizations()
        .create(CreateOrganization::new("globex"))
        .await;
    assert_error(
        again,
        ErrorKind::AlreadyExists,
        400,
        "A user or organization with this name already exists",
    );
    let globex = quay.organization("globex")?;
    globex
        .update(UpdateOrganization::new().tag_expiration_s(DAY as i64))
        .await?;
    let found = globex.get().await?;
    assert_eq!(
        (found.email.as_deref(), found.tag_expiration_s),
        (Some("a@globex.test"), Some(DAY as i64))
    );

    let devs = globex.team("devs")?;
    assert_eq!(
        globex
            .teams()
            .create(
                "devs",
                CreateTeam::new(TeamRole::Member).description("who builds")
            )
            .await?
            .new_team,
        Some(true)
    );
    assert_eq!(
        globex
            .teams()
            .create(
                "devs",
                CreateTeam::new(TeamRole::Creator).description("who builds")
            )
            .await?
            .new_team,
        Some(false)
    );
    devs.members().create("bob").await?;
    assert_eq!(
        error_of(devs.members().create("bob").await).2,
        "User bob is already a member of team devs"
    );
    assert_eq!(
        error_of(devs.members().create("nobody").await).2,
        "Unknown user"
    );
    devs.members().invite("new@example.test").await?;
    assert_eq!(devs.members().list().with_invited().await?.len(), 2);
    let names: Vec<String> = globex
        .members()
        .list()
        .await?
        .into_iter()
        .map(|m| m.name)
        .collect();
    assert_eq!(names, [Sandbox::ADMIN, "bob"]);
    let last = "Deleting team 'owners' would remove admin ability for user 'quayadmin' \
                in organization 'globex'";
    assert_eq!(error_of(globex.team("owners")?.delete().await).2, last);
    globex.member("bob")?.delete().await?;
    assert!(globex.member("bob")?.get_opt().await?.is_none());
    devs.delete().await?;
    assert_eq!(
        error_of(devs.delete().await).2,
        "Team 'devs' is not a team in org 'globex'"
    );

    quay.superuser()
        .organization("globex")?
        .rename("initech")
        .await?;
    assert!(quay.organization("globex")?.get_opt().await?.is_none());
    quay.organization("initech")?.delete().await?;
    let left: Vec<String> = quay
        .superuser()
        .organizations()
        .list()
        .await?
        .into_iter()
        .map(|o| o.name)
        .collect();
    assert_eq!(left, ["acme"]);
    Ok(())
}

#[tokio::test]
async fn superuser_manages_users() -> Result<()> {
    let sandbox = acme().await?;
    let users = sandbox.quay().superuser().users();
    users
        .create(CreateUser::new("carol").email("carol@example.test"))
        .await?;
    let again = users
        .create(CreateUser::new("carol").email("c@example.test"))
        .await;
    assert_error(
        again,
        ErrorKind::AlreadyExists,
        400,
        "Username has already been taken by user cannot be reused: carol",
    );
    let names: Vec<String> = users
        .list()
        .await?
        .into_iter()
        .map(|u| u.username)
        .collect();
    assert_eq!(names, [Sandbox::ADMIN, "alice", "bob", "carol"]);
    let carol = sandbox.token("carol").quay()?;
    assert_eq!(
        carol.me().get().await?.email.as_deref(),
        Some("carol@example.test")
    );
    sandbox.quay().superuser().user("carol")?.delete().await?;
    assert!(
        carol
            .me()
            .get()
            .await
            .is_err_and(|e| e.is_unauthenticated())
    );
    let admin = sandbox
        .quay()
        .superuser()
        .user(Sandbox::ADMIN)?
        .delete()
        .await;
    assert_eq!(error_of(admin).2, "Cannot delete a superuser");
    Ok(())
}

#[tokio::test]
async fn creates_robots_once_and_regenerates_tokens() -> Result<()> {
    let sandbox = acme().await?;
    let acme = sandbox.quay().organization("acme")?;
    let deploy = acme.robot("deploy")?;
    let created = acme
        .robots()
        .create("deploy", CreateRobot::new().description("rolls out"))
        .await?;
    let again = acme.robots().create("deploy", CreateRobot::new()).await;
    assert_error(
        again,
        ErrorKind::AlreadyExists,
        400,
        "Existing robot with name: acme+deploy",
    );
    let sent = sandbox.requests_of("createOrgRobot");
    assert_eq!(
        sent.first().map(|r| r.json::<CreateRobot>()).transpose()?,
        Some(CreateRobot::new().description("rolls out"))
    );
    let first = created.token.map(|t| t.expose().to_owned());
    let second = deploy
        .regenerate()
        .await?
        .token
        .map(|t| t.expose().to_owned());
    assert_eq!(first.as_ref().map(String::len), Some(64));
    assert_ne!(first, second);
    assert_eq!(
        deploy.get().await?.token.map(|t| t.expose().to_owned()),
        second
    );
    sandbox
        .quay()
        .repository("acme/web")?
        .user_permission("acme+deploy")?
        .set(RepositoryRole::Read)
        .await?;
    assert_eq!(deploy.permissions().await?.len(), 1);
    let names: Vec<String> = acme
        .robots()
        .list()
        .await?
        .into_iter()
        .map(|r| r.name.to_string())
        .collect();
    assert_eq!(names, ["acme+ci", "acme+deploy"]);
    deploy.delete().await?;
    assert_error(
        deploy.get().await,
        ErrorKind::NotFound,
        400,
        "Could not find robot with specified username",
    );
    assert_eq!(
        sandbox
            .quay()
            .repository("acme/web")?
            .user_permissions()
            .list()
            .await?
            .len(),
        1
    );
    Ok(())
}
