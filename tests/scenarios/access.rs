//! Access: scopes of tokens, other users, anonymous clients, and invalid tokens.

use crate::context::{ALL_BUT_SUPERUSER, assert_error, scenario};
use quay_api::types::{
    CreateOrganization, CreateRepository, CreateRobot, CreateTeam, RepositoryRole, TeamRole,
    UpdateOrganization, Visibility,
};
use quay_api::{ErrorKind, Result};
use std::fmt::Debug;

const CSRF: &str = "CSRF token was invalid or missing.";

/// Checks that the token lacks a scope.
#[track_caller]
fn assert_scope_missing<T: Debug>(result: Result<T>) {
    assert_error(result, 403, ErrorKind::InsufficientScope, "Unauthorized");
}

/// Checks that the server requires a CSRF token from an anonymous client.
#[track_caller]
fn assert_csrf<T: Debug>(result: Result<T>) {
    assert_error(result, 403, ErrorKind::Unauthenticated, CSRF);
}

#[tokio::test]
async fn anonymous_clients_read_public_data_only() {
    scenario(async |context| {
        let (organization, repository) = context.organization_with_repository().await?;
        for anonymous in [context.anonymous()?, context.with_token("not-a-token")?] {
            let seen = anonymous.organization(organization.name())?.get().await?;
            assert_eq!(
                (seen.name.as_str(), seen.is_admin, seen.is_member),
                (organization.name(), Some(false), Some(false))
            );
            assert!(
                seen.teams.unwrap_or_default().is_empty()
                    && seen.email.unwrap_or_default().is_empty()
            );
            let hidden = anonymous.repository(repository.name().clone())?;
            assert_error(
                hidden.get().await,
                401,
                ErrorKind::Unauthenticated,
                "Requires authentication",
            );
            assert_error(
                hidden.tags().list().await,
                401,
                ErrorKind::Unauthenticated,
                "Requires authentication",
            );
            let missing = anonymous.repository(format!("{}/nosuch", organization.name()))?;
            assert_error(
                missing.get().await,
                401,
                ErrorKind::Unauthenticated,
                "Requires authentication",
            );
            assert_eq!(
                anonymous
                    .repositories()
                    .list()
                    .namespace(organization.name())
                    .await?,
                []
            );
            assert_error(
                anonymous.me().get().await,
                401,
                ErrorKind::Unauthenticated,
                "Requires authentication",
            );
            assert_error(
                anonymous
                    .organization(organization.name())?
                    .robots()
                    .list()
                    .await,
                401,
                ErrorKind::Unauthenticated,
                "Requires authentication",
            );
            assert_error(
                anonymous.superuser().users().list().await,
                401,
                ErrorKind::Unauthenticated,
                "",
            );

            let body =
                CreateRepository::new("new", Visibility::Public, "").namespace(organization.name());
            assert_csrf(anonymous.repositories().create(body).await);
            assert_csrf(hidden.set_description("x").await);
            // The crate reads it first, which requires no CSRF token.
            assert_error(
                hidden.delete().await,
                401,
                ErrorKind::Unauthenticated,
                "Requires authentication",
            );
            let organization = anonymous.organization(organization.name())?;
            assert_csrf(organization.robots().create("ci", CreateRobot::new()).await);
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn repo_read_scope_allows_no_writes() {
    scenario(async |context| {
        let (organization, repository) = context.organization_with_repository().await?;
        let reader = context.with_scopes("repo:read").await?;
        let read = reader.repository(repository.name().clone())?;
        let seen = read.get().await?;
        assert_eq!((seen.can_write, seen.can_admin), (Some(false), Some(false)));
        assert_eq!(read.tags().list().await?, []);
        assert_scope_missing(read.set_description("x").await);
        assert_scope_missing(read.delete().await);
        assert_scope_missing(read.user_permissions().list().await);
        assert_scope_missing(read.logs().list().await);
        let body =
            CreateRepository::new("new", Visibility::Public, "").namespace(organization.name());
        assert_scope_missing(reader.repositories().create(body).await);
        let listed = reader
            .repositories()
            .list()
            .namespace(organization.name())
            .await?;
        assert_eq!(
            listed.iter().map(|r| r.name.as_str()).collect::<Vec<_>>(),
            ["app"]
        );
        let error = read.set_description("x").await.expect_err("refused");
        assert_eq!(error.required_scope(), Some("repo:write"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn repo_write_scope_allows_no_administration() {
    scenario(async |context| {
        let (_, repository) = context.organization_with_repository().await?;
        let writer = context
            .with_scopes("repo:write")
            .await?
            .repository(repository.name().clone())?;
        writer.set_description("Written").await?;
        assert_eq!(
            writer.get().await?.description.as_deref(),
            Some("Written"),
            "the role write includes reading"
        );
        assert_scope_missing(writer.set_visibility(Visibility::Public).await);
        assert_scope_missing(writer.team_permissions().list().await);
        assert_scope_missing(writer.notifications().list().await);
        assert_scope_missing(writer.delete().await);
        let admin = context
            .with_scopes("repo:admin")
            .await?
            .repository(repository.name().clone())?;
        admin.set_description("Administered").await?;
        assert_eq!(admin.user_permissions().list().await?.len(), 1);
        admin.delete().await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn organizations_require_org_admin_scope() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let token = context
            .with_scopes("repo:admin repo:create user:read user:admin")
            .await?;
        let theirs = token.organization(organization.name())?;
        organization
            .robots()
            .create("ci", CreateRobot::new())
            .await?;
        let change = UpdateOrganization::new().tag_expiration_s(86_400);
        assert_scope_missing(theirs.update(change).await);
        assert_scope_missing(theirs.robot("ci")?.get().await);
        assert_scope_missing(theirs.robots().create("cd", CreateRobot::new()).await);
        assert_scope_missing(
            theirs
                .teams()
                .create("devs", CreateTeam::new(TeamRole::Member))
                .await,
        );
        assert_scope_missing(theirs.members().list().await);
        assert_scope_missing(theirs.collaborators().await);
        assert_scope_missing(theirs.applications().list().await);
        assert_scope_missing(theirs.default_permissions().list().await);
        assert_scope_missing(theirs.logs().list().await);
        let notifies = context.lacks("listOrgNotifications").await?.is_none();
        if notifies {
            assert_scope_missing(theirs.notifications().list().await);
        }
        let policies = "listOrganizationAutoPrunePolicies";
        if context.lacks(policies).await?.is_none() {
            assert_scope_missing(theirs.autoprune_policies().list().await);
        }
        assert_scope_missing(theirs.delete().await);
        // With the scope `repo:create`, an owner has only the rights of a team's member: robot
        // accounts are listed without their tokens.
        let robots = theirs.robots().list().with_tokens().await?;
        assert_eq!(
            robots
                .iter()
                .map(|r| (r.name.short() == "ci", r.token.is_some()))
                .collect::<Vec<_>>(),
            [(true, false)]
        );
        let reader = context
            .with_scopes("repo:admin user:admin")
            .await?
            .organization(organization.name())?;
        assert_scope_missing(reader.robots().list().await);
        // These require a scope, although the server's document names none.
        let mut undeclared = vec![
            reader.quotas().list().await.map(drop),
            reader.proxy_cache().get_opt().await.map(drop),
            reader.team("owners")?.permissions().await.map(drop),
        ];
        if notifies {
            undeclared.push(reader.notifications().list().await.map(drop));
        }
        for error in undeclared {
            assert_eq!(
                error.as_ref().expect_err("refused").required_scope(),
                Some("org:admin")
            );
            assert_scope_missing(error);
        }
        let admin = context
            .with_scopes("org:admin")
            .await?
            .organization(organization.name())?;
        assert_eq!(admin.quotas().list().await?.len(), 0);
        assert_eq!(admin.proxy_cache().get_opt().await?, None);
        assert_eq!(admin.team("owners")?.permissions().await?, []);
        if notifies {
            assert_eq!(admin.notifications().list().await?, []);
        }
        let error = theirs.members().list().await.expect_err("refused");
        assert_eq!(error.required_scope(), Some("org:admin"));
        assert_eq!(
            theirs.get().await?.name,
            organization.name(),
            "every user can read that it exists"
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn superuser_calls_require_super_user_scope() {
    scenario(async |context| {
        let user = context.user("person").await?;
        let token = context.with_scopes(ALL_BUT_SUPERUSER).await?;
        assert_scope_missing(token.superuser().users().list().await);
        assert_scope_missing(token.superuser().user(&user.name)?.get().await);
        assert_scope_missing(token.superuser().logs().list().await);
        assert_scope_missing(token.superuser().organizations().list().await);
        let organization = context.organization("org").await?;
        let quota = quay_api::types::SetQuota::new().limit_bytes(1 << 30);
        assert_scope_missing(
            token
                .organization(organization.name())?
                .quotas()
                .create(quota)
                .await,
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn current_user_requires_user_read_scope() {
    scenario(async |context| {
        let token = context.with_scopes("repo:read").await?;
        assert_error(
            token.me().get().await,
            401,
            ErrorKind::Unauthenticated,
            "Requires authentication",
        );
        assert_scope_missing(token.me().robots().list().await);
        let token = context.with_scopes("user:read").await?;
        assert_eq!(token.me().get().await?.username, context.me().await?);
        assert_scope_missing(token.me().robots().list().await);
        assert_scope_missing(
            token
                .organizations()
                .create(CreateOrganization::new(context.name("new")))
                .await,
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn users_see_only_granted_repositories() {
    scenario(async |context| {
        let (organization, repository) = context.organization_with_repository().await?;
        let user = context.user("person").await?;
        let other = context.acting_as(&user, ALL_BUT_SUPERUSER).await?;
        let me = other.me().get().await?;
        assert_eq!(
            (&me.username, me.super_user.unwrap_or_default()),
            (&user.name, false)
        );
        let theirs = other.repository(repository.name().clone())?;
        assert_scope_missing(theirs.get().await);
        let missing = other.repository(format!("{}/nosuch", organization.name()))?;
        assert_scope_missing(missing.get().await);
        assert_eq!(
            other
                .repositories()
                .list()
                .namespace(organization.name())
                .await?,
            []
        );
        assert_scope_missing(
            other
                .organization(organization.name())?
                .robots()
                .list()
                .await,
        );
        assert_scope_missing(other.organization(organization.name())?.delete().await);

        repository
            .user_permission(&user.name)?
            .set(RepositoryRole::Read)
            .await?;
        assert_eq!(theirs.get().await?.can_write, Some(false));
        assert_scope_missing(theirs.set_description("x").await);
        assert_eq!(
            other
                .repositories()
                .list()
                .namespace(organization.name())
                .await?
                .len(),
            1
        );
        repository
            .user_permission(&user.name)?
            .set(RepositoryRole::Write)
            .await?;
        theirs.set_description("x").await?;
        assert_scope_missing(theirs.user_permissions().list().await);
        repository
            .user_permission(&user.name)?
            .set(RepositoryRole::Admin)
            .await?;
        assert_eq!(theirs.user_permissions().list().await?.len(), 2);
        repository.user_permission(&user.name)?.delete().await?;
        assert_scope_missing(theirs.get().await);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn team_roles_allow_creation_and_administration() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let user = context.user("person").await?;
        let other = context.acting_as(&user, ALL_BUT_SUPERUSER).await?;
        let team = organization.team("crew")?;
        organization
            .teams()
            .create("crew", CreateTeam::new(TeamRole::Member))
            .await?;
        team.members().create(&user.name).await?;
        let theirs = other.organization(organization.name())?;
        let seen = theirs.get().await?;
        assert_eq!((seen.is_admin, seen.is_member), (Some(false), Some(true)));
        let body = |name: &str| {
            CreateRepository::new(name, Visibility::Private, "").namespace(organization.name())
        };
        assert_scope_missing(other.repositories().create(body("one")).await);
        team.update(quay_api::types::UpdateTeam::new(TeamRole::Creator))
            .await?;
        other.repositories().create(body("one")).await?;
        assert_eq!(theirs.robots().list().await?, [], "members see the robots");
        assert_scope_missing(theirs.robots().create("ci", CreateRobot::new()).await);
        team.update(quay_api::types::UpdateTeam::new(TeamRole::Admin))
            .await?;
        theirs.robots().create("ci", CreateRobot::new()).await?;
        Ok(())
    })
    .await;
}
