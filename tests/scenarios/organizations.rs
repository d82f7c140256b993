//! Organizations: creation, update, renaming, deletion.

use crate::context::{TestContext, TestResult, assert_error, scenario};
use quay_api::ErrorKind;
use quay_api::types::{CreateOrganization, CreateTeam, UpdateOrganization};

/// Checks that an organization is not found by an operation that superusers may call since 3.12.
/// Older servers respond with 403.
async fn assert_missing<T: std::fmt::Debug>(
    context: &TestContext,
    result: quay_api::Result<T>,
) -> TestResult {
    let (status, text) = match context.is_since("3.12").await? {
        true => (404, "Not Found"),
        false => (403, "there is no organization"),
    };
    assert_error(result, status, ErrorKind::NotFound, text);
    Ok(())
}

#[tokio::test]
async fn creates_and_reads_an_organization() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let seen = organization.get().await?;
        assert_eq!(seen.name, organization.name());
        assert_eq!(seen.email, Some(context.email("org")));
        assert_eq!((seen.is_admin, seen.is_member), (Some(true), Some(true)));
        assert_eq!(
            seen.ordered_teams,
            Some(vec!["owners".to_owned()]),
            "the creator of an organization is its owner"
        );
        assert_eq!(seen.tag_expiration_s, Some(14 * 86_400));
        let mine = context
            .quay()
            .me()
            .get()
            .await?
            .organizations
            .unwrap_or_default();
        let mine = mine
            .iter()
            .find(|o| o.name == organization.name())
            .expect("among the caller's own");
        assert_eq!(mine.is_org_admin, Some(true));
        let all = context.organizations().await?;
        assert!(all.iter().any(|o| o.name == organization.name()));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn refuses_a_duplicate_organization() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let body = || CreateOrganization::new(organization.name()).email(context.email("other"));
        let again = context.quay().organizations().create(body()).await;
        assert_error(
            again,
            400,
            ErrorKind::AlreadyExists,
            "A user or organization with this name already exists",
        );
        assert!(
            context
                .quay()
                .organizations()
                .create_if_absent(body())
                .await?
                .is_none()
        );
        let user = context.user("person").await?;
        let taken = CreateOrganization::new(&user.name).email(context.email("other"));
        assert_error(
            context.quay().organizations().create(taken).await,
            400,
            ErrorKind::AlreadyExists,
            "already exists",
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn organizations_may_share_an_email_address() {
    scenario(async |context| {
        context
            .requires_release("3.18", "organizations need addresses of their own")
            .await?;
        let organization = context.organization("org").await?;
        let other = context.name("other");
        context.track_organization(&other);
        context
            .quay()
            .organizations()
            .create(CreateOrganization::new(&other).email(context.email("org")))
            .await?;
        let third = context.organization("third").await?;
        third
            .update(UpdateOrganization::new().email(context.email("org")))
            .await?;
        assert_eq!(third.get().await?.email, organization.get().await?.email);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn refuses_invalid_organization_names() {
    scenario(async |context| {
        for name in [
            context.name("Upper"),
            "a".to_owned(),
            context.name("under__score_"),
        ] {
            let created = context
                .quay()
                .organizations()
                .create(CreateOrganization::new(&name).email(context.email("bad")))
                .await;
            assert_error(
                created,
                400,
                ErrorKind::InvalidRequest,
                &format!("Invalid namespace {name}"),
            );
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn updates_an_organization() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let change = UpdateOrganization::new()
            .email(context.email("new"))
            .invoice_email(true)
            .invoice_email_address(context.email("invoices"))
            .tag_expiration_s(86_400);
        let changed = organization.update(change).await?;
        let seen = organization.get().await?;
        for state in [&changed, &seen] {
            assert_eq!(state.email, Some(context.email("new")));
            assert_eq!(state.invoice_email, Some(true));
            assert_eq!(state.invoice_email_address, Some(context.email("invoices")));
            assert_eq!(state.tag_expiration_s, Some(86_400));
        }
        let cleared = organization
            .update(UpdateOrganization::new().clear_invoice_email_address())
            .await?;
        assert_eq!(
            (cleared.invoice_email_address, cleared.email),
            (None, Some(context.email("new"))),
            "other fields are unchanged"
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn deleting_an_organization_deletes_its_contents() {
    scenario(async |context| {
        let (organization, repository) = context.organization_with_repository().await?;
        organization.delete().await?;
        assert_error(
            organization.get().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        assert_eq!(organization.get_opt().await?, None);
        assert_eq!(repository.get_opt().await?, None);
        assert_missing(context, organization.delete().await).await?;
        assert!(!organization.delete_if_exists().await?);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn contents_of_a_missing_organization_are_not_found() {
    scenario(async |context| {
        let nowhere = context.quay().organization(context.name("nowhere"))?;
        assert_error(nowhere.get().await, 404, ErrorKind::NotFound, "Not Found");
        let change = UpdateOrganization::new().tag_expiration_s(86_400);
        assert_missing(context, nowhere.update(change).await).await?;
        assert_error(
            nowhere.members().list().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        assert_error(
            nowhere.applications().list().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        assert_missing(context, nowhere.default_permissions().list().await).await?;
        // Quay returns an empty list; the crate then reads the organization.
        let robots = nowhere.robots().list().await;
        assert!(robots.is_err_and(|e| e.is_not_found()));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn superuser_renames_an_organization() {
    scenario(async |context| {
        let (organization, _) = context.organization_with_repository().await?;
        let account = context
            .quay()
            .superuser()
            .organization(organization.name())?;
        let name = context.name("renamed");
        context.track_organization(&name);
        let renamed = account.rename(&name).await?;
        assert_eq!(renamed.name, name);
        assert_eq!(organization.get_opt().await?, None);
        let repositories = context
            .quay()
            .repositories()
            .list()
            .namespace(&name)
            .await?;
        assert_eq!(
            repositories
                .iter()
                .map(|r| r.name.as_str())
                .collect::<Vec<_>>(),
            ["app"]
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn distinguishes_members_from_collaborators() {
    scenario(async |context| {
        use quay_api::types::{RepositoryRole, TeamRole};
        let (organization, repository) = context.organization_with_repository().await?;
        let (member, outsider) = (
            context.user("member").await?,
            context.user("outsider").await?,
        );
        let team = organization.team("devs")?;
        organization
            .teams()
            .create("devs", CreateTeam::new(TeamRole::Member))
            .await?;
        team.members().create(&member.name).await?;
        repository
            .user_permission(&member.name)?
            .set(RepositoryRole::Write)
            .await?;
        repository
            .user_permission(&outsider.name)?
            .set(RepositoryRole::Read)
            .await?;

        let members = organization.members().list().await?;
        let found = members
            .iter()
            .find(|m| m.name == member.name)
            .expect("a member");
        assert_eq!(found.repositories, Some(vec!["app".to_owned()]));
        assert_eq!(
            found
                .teams
                .iter()
                .flatten()
                .map(|t| t.name.as_str())
                .collect::<Vec<_>>(),
            ["devs"]
        );
        assert!(members.iter().all(|m| m.name != outsider.name));

        let collaborators = organization.collaborators().await?;
        assert_eq!(collaborators.len(), 1);
        assert_eq!(
            (&collaborators[0].name, &collaborators[0].repositories),
            (&outsider.name, &vec!["app".to_owned()])
        );

        assert_eq!(
            organization.member(&member.name)?.get().await?.name,
            member.name
        );
        assert_error(
            organization.member(&outsider.name)?.get().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        organization.member(&member.name)?.delete().await?;
        assert_eq!(organization.member(&member.name)?.get_opt().await?, None);
        assert_eq!(team.members().list().await?, []);
        assert_error(
            organization.member("nobody-of-that-name")?.delete().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        Ok(())
    })
    .await;
}
