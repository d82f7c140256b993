//! Who may do what: scopes of tokens, other users, nobody, and tokens that are none.

use crate::context::{ALL_BUT_SUPERUSER, refused, scenario};
use quay_api::ErrorKind;
use quay_api::types::{
    CreateOrganization, CreateRepository, CreateRobot, RepositoryRole, TeamRole,
    UpdateOrganization, Visibility,
};

const CSRF: &str = "CSRF token was invalid or missing.";

#[tokio::test]
async fn nobody_reads_what_is_public_and_writes_nothing() {
    scenario(async |context| {
        let (organization, repository) = context.stage().await?;
        for nobody in [context.anonymous()?, context.with_token("not-a-token")?] {
            let seen = nobody.organization(organization.name())?.get().await?;
            assert_eq!(
                (seen.name.as_str(), seen.is_admin, seen.is_member),
                (organization.name(), Some(false), Some(false))
            );
            assert!(
                seen.teams.unwrap_or_default().is_empty()
                    && seen.email.unwrap_or_default().is_empty()
            );
            let hidden = nobody.repository(repository.name().clone())?;
            refused(
                hidden.get().await,
                401,
                ErrorKind::TokenNotAccepted,
                "Requires authentication",
            );
            refused(
                hidden.tags().list().await,
                401,
                ErrorKind::TokenNotAccepted,
                "Requires authentication",
            );
            let missing = nobody.repository(format!("{}/nosuch", organization.name()))?;
            refused(
                missing.get().await,
                401,
                ErrorKind::TokenNotAccepted,
                "Requires authentication",
            );
            assert_eq!(nobody.repositories().list(organization.name()).await?, []);
            refused(
                nobody.me().get().await,
                401,
                ErrorKind::TokenNotAccepted,
                "Requires authentication",
            );
            refused(
                nobody
                    .organization(organization.name())?
                    .robots()
                    .list()
                    .await,
                401,
                ErrorKind::TokenNotAccepted,
                "Requires authentication",
            );
            refused(
                nobody.superuser().users().list().await,
                401,
                ErrorKind::TokenNotAccepted,
                "",
            );

            let body =
                CreateRepository::new("new", Visibility::Public, "").namespace(organization.name());
            refused(
                nobody.repositories().create(body).await,
                403,
                ErrorKind::TokenNotAccepted,
                CSRF,
            );
            refused(
                hidden.describe("x").await,
                403,
                ErrorKind::TokenNotAccepted,
                CSRF,
            );
            refused(
                hidden.delete().await,
                403,
                ErrorKind::TokenNotAccepted,
                CSRF,
            );
            let robot = nobody.organization(organization.name())?.robot("ci")?;
            refused(
                robot.create(CreateRobot::new()).await,
                403,
                ErrorKind::TokenNotAccepted,
                CSRF,
            );
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_token_of_reading_writes_nothing() {
    scenario(async |context| {
        let (organization, repository) = context.stage().await?;
        let reader = context.with_scopes("repo:read").await?;
        let read = reader.repository(repository.name().clone())?;
        let seen = read.get().await?;
        assert_eq!((seen.can_write, seen.can_admin), (Some(false), Some(false)));
        assert_eq!(read.tags().list().await?, []);
        refused(
            read.describe("x").await,
            403,
            ErrorKind::ScopeMissing,
            "Unauthorized",
        );
        refused(
            read.delete().await,
            403,
            ErrorKind::ScopeMissing,
            "Unauthorized",
        );
        refused(
            read.permissions().users().await,
            403,
            ErrorKind::ScopeMissing,
            "Unauthorized",
        );
        refused(
            read.logs().list().await,
            403,
            ErrorKind::ScopeMissing,
            "Unauthorized",
        );
        let body =
            CreateRepository::new("new", Visibility::Public, "").namespace(organization.name());
        refused(
            reader.repositories().create(body).await,
            403,
            ErrorKind::ScopeMissing,
            "Unauthorized",
        );
        let listed = reader.repositories().list(organization.name()).await?;
        assert_eq!(
            listed.iter().map(|r| r.name.as_str()).collect::<Vec<_>>(),
            ["app"]
        );
        let error = read.describe("x").await.expect_err("refused");
        assert_eq!(error.missing_scope(), Some("repo:write"));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_token_of_writing_administers_nothing() {
    scenario(async |context| {
        let (_, repository) = context.stage().await?;
        let writer = context
            .with_scopes("repo:write")
            .await?
            .repository(repository.name().clone())?;
        writer.describe("Written").await?;
        assert_eq!(
            writer.get().await?.description.as_deref(),
            Some("Written"),
            "who may write may read"
        );
        refused(
            writer.set_visibility(Visibility::Public).await,
            403,
            ErrorKind::ScopeMissing,
            "Unauthorized",
        );
        refused(
            writer.permissions().teams().await,
            403,
            ErrorKind::ScopeMissing,
            "Unauthorized",
        );
        refused(
            writer.notifications().list().await,
            403,
            ErrorKind::ScopeMissing,
            "Unauthorized",
        );
        refused(
            writer.delete().await,
            403,
            ErrorKind::ScopeMissing,
            "Unauthorized",
        );
        let admin = context
            .with_scopes("repo:admin")
            .await?
            .repository(repository.name().clone())?;
        admin.describe("Administered").await?;
        assert_eq!(admin.permissions().users().await?.len(), 1);
        admin.delete().await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_token_without_org_admin_manages_no_organization() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let token = context
            .with_scopes("repo:admin repo:create user:read user:admin")
            .await?;
        let theirs = token.organization(organization.name())?;
        organization.robot("ci")?.create(CreateRobot::new()).await?;
        let change = UpdateOrganization::new().tag_expiration_s(86_400);
        refused(
            theirs.update(change).await,
            403,
            ErrorKind::ScopeMissing,
            "Unauthorized",
        );
        refused(
            theirs.robot("ci")?.get().await,
            403,
            ErrorKind::ScopeMissing,
            "Unauthorized",
        );
        refused(
            theirs.robot("cd")?.create(CreateRobot::new()).await,
            403,
            ErrorKind::ScopeMissing,
            "Unauthorized",
        );
        refused(
            theirs.team("devs")?.create(TeamRole::Member, "").await,
            403,
            ErrorKind::ScopeMissing,
            "Unauthorized",
        );
        refused(
            theirs.members().list().await,
            403,
            ErrorKind::ScopeMissing,
            "Unauthorized",
        );
        refused(
            theirs.collaborators().list().await,
            403,
            ErrorKind::ScopeMissing,
            "Unauthorized",
        );
        refused(
            theirs.applications().list().await,
            403,
            ErrorKind::ScopeMissing,
            "Unauthorized",
        );
        refused(
            theirs.default_permissions().list().await,
            403,
            ErrorKind::ScopeMissing,
            "Unauthorized",
        );
        refused(
            theirs.logs().list().await,
            403,
            ErrorKind::ScopeMissing,
            "Unauthorized",
        );
        refused(
            theirs.notifications().list().await,
            403,
            ErrorKind::ScopeMissing,
            "Unauthorized",
        );
        refused(
            theirs.autoprune_policies().list().await,
            403,
            ErrorKind::ScopeMissing,
            "Unauthorized",
        );
        refused(
            theirs.delete().await,
            403,
            ErrorKind::ScopeMissing,
            "Unauthorized",
        );
        // `repo:create` makes a member of an owner, and members see the robots, without their
        // tokens.
        let robots = theirs.robots().list().with_tokens().await?;
        assert_eq!(
            robots
                .iter()
                .map(|r| (r.name.ends_with("+ci"), r.token.is_some()))
                .collect::<Vec<_>>(),
            [(true, false)]
        );
        let reader = context
            .with_scopes("repo:admin user:admin")
            .await?
            .organization(organization.name())?;
        refused(
            reader.robots().list().await,
            403,
            ErrorKind::ScopeMissing,
            "Unauthorized",
        );
        // What the server's own document names no scope for needs one all the same.
        let undeclared = [
            reader.quotas().list().await.map(drop),
            reader.proxy_cache().get_opt().await.map(drop),
            reader.team("owners")?.permissions().await.map(drop),
            reader.notifications().list().await.map(drop),
        ];
        for refusal in undeclared {
            assert_eq!(
                refusal.as_ref().expect_err("refused").missing_scope(),
                Some("org:admin")
            );
            refused(refusal, 403, ErrorKind::ScopeMissing, "Unauthorized");
        }
        let admin = context
            .with_scopes("org:admin")
            .await?
            .organization(organization.name())?;
        assert_eq!(admin.quotas().list().await?.len(), 0);
        assert_eq!(admin.proxy_cache().get_opt().await?, None);
        assert_eq!(admin.team("owners")?.permissions().await?, []);
        assert_eq!(admin.notifications().list().await?, []);
        let error = theirs.members().list().await.expect_err("refused");
        assert_eq!(error.missing_scope(), Some("org:admin"));
        assert_eq!(
            theirs.get().await?.name,
            organization.name(),
            "that it is there everybody may know"
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_token_without_super_user_is_nobodys_superuser() {
    scenario(async |context| {
        let person = context.person("person").await?;
        let token = context.with_scopes(ALL_BUT_SUPERUSER).await?;
        refused(
            token.superuser().users().list().await,
            403,
            ErrorKind::ScopeMissing,
            "Unauthorized",
        );
        refused(
            token.superuser().user(&person.name)?.get().await,
            403,
            ErrorKind::ScopeMissing,
            "Unauthorized",
        );
        refused(
            token.superuser().logs().list().await,
            403,
            ErrorKind::ScopeMissing,
            "Unauthorized",
        );
        refused(
            token.superuser().organizations().await,
            403,
            ErrorKind::ScopeMissing,
            "Unauthorized",
        );
        let organization = context.organization("org").await?;
        let quota = quay_api::types::SetQuota::new().limit_bytes(1 << 30);
        refused(
            token
                .organization(organization.name())?
                .quotas()
                .create(quota)
                .await,
            403,
            ErrorKind::ScopeMissing,
            "Unauthorized",
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_token_without_user_read_does_not_know_its_owner() {
    scenario(async |context| {
        let token = context.with_scopes("repo:read").await?;
        refused(
            token.me().get().await,
            401,
            ErrorKind::TokenNotAccepted,
            "Requires authentication",
        );
        refused(
            token.me().robots().list().await,
            403,
            ErrorKind::ScopeMissing,
            "Unauthorized",
        );
        let token = context.with_scopes("user:read").await?;
        assert_eq!(token.me().get().await?.username, context.me().await?);
        refused(
            token.me().robots().list().await,
            403,
            ErrorKind::ScopeMissing,
            "Unauthorized",
        );
        refused(
            token
                .organizations()
                .create(CreateOrganization::new(context.name("new")))
                .await,
            403,
            ErrorKind::ScopeMissing,
            "Unauthorized",
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn another_user_sees_only_what_was_granted() {
    scenario(async |context| {
        let (organization, repository) = context.stage().await?;
        let person = context.person("person").await?;
        let other = context.acting_as(&person, ALL_BUT_SUPERUSER).await?;
        let me = other.me().get().await?;
        assert_eq!(
            (&me.username, me.super_user.unwrap_or_default()),
            (&person.name, false)
        );
        let theirs = other.repository(repository.name().clone())?;
        refused(
            theirs.get().await,
            403,
            ErrorKind::ScopeMissing,
            "Unauthorized",
        );
        let missing = other.repository(format!("{}/nosuch", organization.name()))?;
        refused(
            missing.get().await,
            403,
            ErrorKind::ScopeMissing,
            "Unauthorized",
        );
        assert_eq!(other.repositories().list(organization.name()).await?, []);
        refused(
            other
                .organization(organization.name())?
                .robots()
                .list()
                .await,
            403,
            ErrorKind::ScopeMissing,
            "Unauthorized",
        );
        refused(
            other.organization(organization.name())?.delete().await,
            403,
            ErrorKind::ScopeMissing,
            "Unauthorized",
        );

        repository
            .permissions()
            .grant_user(&person.name, RepositoryRole::Read)
            .await?;
        assert_eq!(theirs.get().await?.can_write, Some(false));
        refused(
            theirs.describe("x").await,
            403,
            ErrorKind::ScopeMissing,
            "Unauthorized",
        );
        assert_eq!(
            other.repositories().list(organization.name()).await?.len(),
            1
        );
        repository
            .permissions()
            .grant_user(&person.name, RepositoryRole::Write)
            .await?;
        theirs.describe("x").await?;
        refused(
            theirs.permissions().users().await,
            403,
            ErrorKind::ScopeMissing,
            "Unauthorized",
        );
        repository
            .permissions()
            .grant_user(&person.name, RepositoryRole::Admin)
            .await?;
        assert_eq!(theirs.permissions().users().await?.len(), 2);
        repository.permissions().revoke_user(&person.name).await?;
        refused(
            theirs.get().await,
            403,
            ErrorKind::ScopeMissing,
            "Unauthorized",
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_a_team_of_an_organization_may() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let person = context.person("person").await?;
        let other = context.acting_as(&person, ALL_BUT_SUPERUSER).await?;
        let team = organization.team("crew")?;
        team.create(TeamRole::Member, "").await?;
        team.members().add(&person.name).await?;
        let theirs = other.organization(organization.name())?;
        let seen = theirs.get().await?;
        assert_eq!((seen.is_admin, seen.is_member), (Some(false), Some(true)));
        let body = |name: &str| {
            CreateRepository::new(name, Visibility::Private, "").namespace(organization.name())
        };
        refused(
            other.repositories().create(body("one")).await,
            403,
            ErrorKind::ScopeMissing,
            "Unauthorized",
        );
        team.update(quay_api::types::UpdateTeam::new(TeamRole::Creator))
            .await?;
        other.repositories().create(body("one")).await?;
        assert_eq!(theirs.robots().list().await?, [], "members see the robots");
        refused(
            theirs.robot("ci")?.create(CreateRobot::new()).await,
            403,
            ErrorKind::ScopeMissing,
            "Unauthorized",
        );
        team.update(quay_api::types::UpdateTeam::new(TeamRole::Admin))
            .await?;
        theirs.robot("ci")?.create(CreateRobot::new()).await?;
        Ok(())
    })
    .await;
}
