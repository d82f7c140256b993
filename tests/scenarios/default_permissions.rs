//! What new repositories of an organization grant, and to whom.

use crate::context::{refused, scenario};
use quay_api::ErrorKind;
use quay_api::types::{
    ActivatingUser, CreateDefaultPermission, Delegate, PrincipalKind, RepositoryRole, TeamRole,
};

#[tokio::test]
async fn a_default_permission_is_made_changed_and_deleted() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        organization
            .team("devs")?
            .create(TeamRole::Member, "")
            .await?;
        let defaults = organization.default_permissions();
        assert_eq!(defaults.list().await?, []);
        let made = defaults
            .create(CreateDefaultPermission::new(
                RepositoryRole::Read,
                Delegate::new("devs", PrincipalKind::Team),
            ))
            .await?;
        assert_eq!(
            (made.delegate.name.as_str(), &made.delegate.kind),
            ("devs", &Some(PrincipalKind::Team))
        );
        assert_eq!(
            (&made.role, &made.activating_user),
            (&RepositoryRole::Read, &None)
        );
        let changed = defaults.update(&made.id, RepositoryRole::Write).await?;
        assert_eq!(
            (&changed.id, &changed.role),
            (&made.id, &RepositoryRole::Write)
        );
        assert_eq!(defaults.list().await?, [changed]);
        defaults.delete(&made.id).await?;
        assert_eq!(defaults.list().await?, []);
        refused(
            defaults.delete(&made.id).await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        assert!(!defaults.delete_if_exists(&made.id).await?);
        refused(
            defaults.update(&made.id, RepositoryRole::Read).await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_new_repository_grants_what_the_organization_says() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let (person, other) = (
            context.person("person").await?,
            context.person("other").await?,
        );
        organization
            .team("devs")?
            .create(TeamRole::Member, "")
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
                Delegate::new(&person.name, PrincipalKind::User),
            ))
            .await?;
        let theirs = CreateDefaultPermission::new(
            RepositoryRole::Admin,
            Delegate::new(&other.name, PrincipalKind::User),
        );
        defaults
            .create(theirs.activating_user(ActivatingUser::new(&other.name)))
            .await?;

        let permissions = context
            .repository(&organization, "new")
            .await?
            .permissions();
        assert_eq!(permissions.team("devs").await?, RepositoryRole::Write);
        assert_eq!(
            permissions.user(&person.name).await?.role,
            RepositoryRole::Read
        );
        let users = permissions.users().await?;
        assert!(
            users.iter().all(|u| u.name != other.name),
            "that one is for repositories of somebody else's"
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_default_permission_needs_somebody_who_is_there() {
    scenario(async |context| {
        let defaults = context.organization("org").await?.default_permissions();
        let stranger = context.name("stranger");
        let to = |name: &str, kind| {
            CreateDefaultPermission::new(RepositoryRole::Read, Delegate::new(name, kind))
        };
        refused(
            defaults.create(to(&stranger, PrincipalKind::User)).await,
            400,
            ErrorKind::InvalidRequest,
            "Missing delegate user or team",
        );
        refused(
            defaults.create(to("nosuch", PrincipalKind::Team)).await,
            400,
            ErrorKind::NotFound,
            "Team does not exist",
        );
        let by_stranger =
            to("owners", PrincipalKind::Team).activating_user(ActivatingUser::new(&stranger));
        refused(
            defaults.create(by_stranger).await,
            400,
            ErrorKind::InvalidRequest,
            "Unknown activating user",
        );
        Ok(())
    })
    .await;
}
