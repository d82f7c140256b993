//! Default permissions: the roles that new repositories of an organization grant.

use crate::context::{assert_error, scenario};
use quay_api::ErrorKind;
use quay_api::types::{
    ActivatingUser, CreateDefaultPermission, CreateTeam, Delegate, PrincipalKind, RepositoryRole,
    TeamRole,
};

#[tokio::test]
async fn creates_updates_and_deletes_a_default_permission() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        organization
            .teams()
            .create("devs", CreateTeam::new(TeamRole::Member))
            .await?;
        let defaults = organization.default_permissions();
        assert_eq!(defaults.list().await?, []);
        let created = defaults
            .create(CreateDefaultPermission::new(
                RepositoryRole::Read,
                Delegate::new("devs", PrincipalKind::Team),
            ))
            .await?;
        assert_eq!(
            (created.delegate.name.as_str(), &created.delegate.kind),
            ("devs", &Some(PrincipalKind::Team))
        );
        assert_eq!(
            (&created.role, &created.activating_user),
            (&RepositoryRole::Read, &None)
        );
        let changed = organization
            .default_permission(&created.id)?
            .set_role(RepositoryRole::Write)
            .await?;
        assert_eq!(
            (&changed.id, &changed.role),
            (&created.id, &RepositoryRole::Write)
        );
        assert_eq!(defaults.list().await?, [changed]);
        organization
            .default_permission(&created.id)?
            .delete()
            .await?;
        assert_eq!(defaults.list().await?, []);
        assert_error(
            organization.default_permission(&created.id)?.delete().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        assert!(
            !organization
                .default_permission(&created.id)?
                .delete_if_exists()
                .await?
        );
        assert_error(
            organization
                .default_permission(&created.id)?
                .set_role(RepositoryRole::Read)
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
async fn new_repository_gets_the_default_permissions() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let (user, other) = (context.user("person").await?, context.user("other").await?);
        organization
            .teams()
            .create("devs", CreateTeam::new(TeamRole::Member))
            .await?;
        let defaults = organization.default_permissions();
        defaults
            .create(CreateDefaultPermission::new(
                RepositoryRole::Write,
                Delegate::new("devs", PrincipalKind::Team),
            ))
            .await?;
        defaults
            .create(CreateDefaultPermission::new(
                RepositoryRole::Read,
                Delegate::new(&user.name, PrincipalKind::User),
            ))
            .await?;
        let theirs = CreateDefaultPermission::new(
            RepositoryRole::Admin,
            Delegate::new(&other.name, PrincipalKind::User),
        );
        defaults
            .create(theirs.activating_user(ActivatingUser::new(&other.name)))
            .await?;

        let repository = context.repository(&organization, "new").await?;
        assert_eq!(
            repository.team_permission("devs")?.role().await?,
            RepositoryRole::Write
        );
        assert_eq!(
            repository.user_permission(&user.name)?.get().await?.role,
            RepositoryRole::Read
        );
        let users = repository.user_permissions().list().await?;
        assert!(
            users.iter().all(|u| u.name != other.name),
            "that permission applies to repositories of another user"
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn default_permission_requires_an_existing_delegate() {
    scenario(async |context| {
        let defaults = context.organization("org").await?.default_permissions();
        let stranger = context.name("stranger");
        let to = |name: &str, kind| {
            CreateDefaultPermission::new(RepositoryRole::Read, Delegate::new(name, kind))
        };
        assert_error(
            defaults.create(to(&stranger, PrincipalKind::User)).await,
            400,
            ErrorKind::InvalidRequest,
            "Missing delegate user or team",
        );
        assert_error(
            defaults.create(to("nosuch", PrincipalKind::Team)).await,
            400,
            ErrorKind::NotFound,
            "Team does not exist",
        );
        let by_stranger =
            to("owners", PrincipalKind::Team).activating_user(ActivatingUser::new(&stranger));
        assert_error(
            defaults.create(by_stranger).await,
            400,
            ErrorKind::InvalidRequest,
            "Unknown activating user",
        );
        Ok(())
    })
    .await;
}
