//! Organizations: made, seen, changed, renamed, deleted.

use crate::context::{refused, scenario};
use quay_api::ErrorKind;
use quay_api::types::{CreateOrganization, UpdateOrganization};

#[tokio::test]
async fn an_organization_is_made_and_seen() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let seen = organization.get().await?;
        assert_eq!(seen.name, organization.name());
        assert_eq!(seen.email, Some(context.email("org")));
        assert_eq!((seen.is_admin, seen.is_member), (Some(true), Some(true)));
        assert_eq!(
            seen.ordered_teams,
            Some(vec!["owners".to_owned()]),
            "who makes an organization owns it"
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
        let all = context.quay().superuser().organizations().await?;
        assert!(all.iter().any(|o| o.name == organization.name()));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_second_organization_of_the_name_is_refused() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let body = || CreateOrganization::new(organization.name()).email(context.email("other"));
        let again = context.quay().organizations().create(body()).await;
        refused(
            again,
            400,
            ErrorKind::AlreadyExists,
            "A user or organization with this name already exists",
        );
        assert!(
            !context
                .quay()
                .organizations()
                .create_if_absent(body())
                .await?
        );
        let person = context.person("person").await?;
        let taken = CreateOrganization::new(&person.name).email(context.email("other"));
        refused(
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
async fn organizations_may_share_an_address() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let other = context.name("other");
        context.remember_organization(&other);
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
async fn a_bad_name_for_an_organization_is_refused() {
    scenario(async |context| {
        for name in [
            context.name("Upper"),
            "a".to_owned(),
            context.name("under__score_"),
        ] {
            let made = context
                .quay()
                .organizations()
                .create(CreateOrganization::new(&name).email(context.email("bad")))
                .await;
            refused(
                made,
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
async fn an_organization_is_changed() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let change = UpdateOrganization::new()
            .email(context.email("new"))
            .invoice_email(true)
            .invoice_email_address(context.email("invoices"))
            .tag_expiration_s(86_400);
        let changed = organization.update(change).await?;
        let seen = organization.get().await?;
        assert_eq!(changed, seen);
        assert_eq!(seen.email, Some(context.email("new")));
        assert_eq!(seen.invoice_email, Some(true));
        assert_eq!(seen.invoice_email_address, Some(context.email("invoices")));
        assert_eq!(seen.tag_expiration_s, Some(86_400));
        let cleared = organization
            .update(UpdateOrganization::new().clear_invoice_email_address())
            .await?;
        assert_eq!(
            (cleared.invoice_email_address, cleared.email),
            (None, Some(context.email("new"))),
            "what is not named stays"
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_deleted_organization_is_gone_with_everything_in_it() {
    scenario(async |context| {
        let (organization, repository) = context.stage().await?;
        organization.delete().await?;
        refused(
            organization.get().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        assert_eq!(organization.get_opt().await?, None);
        assert_eq!(repository.get_opt().await?, None);
        refused(
            organization.delete().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        assert!(!organization.delete_if_exists().await?);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_belongs_to_a_missing_organization_is_missing() {
    scenario(async |context| {
        let nowhere = context.quay().organization(context.name("nowhere"))?;
        refused(nowhere.get().await, 404, ErrorKind::NotFound, "Not Found");
        refused(
            nowhere
                .update(UpdateOrganization::new().tag_expiration_s(86_400))
                .await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        refused(
            nowhere.members().list().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        refused(
            nowhere.applications().list().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        refused(
            nowhere.default_permissions().list().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        assert_eq!(
            nowhere.robots().list().await?.len(),
            0,
            "of robots Quay says only that there are none"
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_superuser_renames_an_organization() {
    scenario(async |context| {
        let (organization, _) = context.stage().await?;
        let account = context
            .quay()
            .superuser()
            .organization(organization.name())?;
        let name = context.name("renamed");
        context.remember_organization(&name);
        let renamed = account.rename(&name).await?;
        assert_eq!(renamed.name, name);
        assert_eq!(organization.get_opt().await?, None);
        let repositories = context.quay().repositories().list(&name).await?;
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
async fn members_and_collaborators_are_told_apart() {
    scenario(async |context| {
        use quay_api::types::{RepositoryRole, TeamRole};
        let (organization, repository) = context.stage().await?;
        let (member, outsider) = (
            context.person("member").await?,
            context.person("outsider").await?,
        );
        let team = organization.team("devs")?;
        team.create(TeamRole::Member, "").await?;
        team.members().add(&member.name).await?;
        repository
            .permissions()
            .grant_user(&member.name, RepositoryRole::Write)
            .await?;
        repository
            .permissions()
            .grant_user(&outsider.name, RepositoryRole::Read)
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

        let collaborators = organization.collaborators().list().await?;
        assert_eq!(collaborators.len(), 1);
        assert_eq!(
            (&collaborators[0].name, &collaborators[0].repositories),
            (&outsider.name, &vec!["app".to_owned()])
        );

        assert_eq!(
            organization.members().get(&member.name).await?.name,
            member.name
        );
        refused(
            organization.members().get(&outsider.name).await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        organization.members().remove(&member.name).await?;
        assert_eq!(organization.members().get_opt(&member.name).await?, None);
        assert_eq!(team.members().list().await?, []);
        refused(
            organization.members().remove("nobody-of-that-name").await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        Ok(())
    })
    .await;
}
