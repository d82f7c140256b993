//! Organizations: made, seen, changed, renamed, deleted.

use crate::scene::{refused, scenario};
use quay_api::ErrorKind;
use quay_api::types::{CreateOrganization, UpdateOrganization};

#[tokio::test]
async fn an_organization_is_made_and_seen() {
    scenario(async |scene| {
        let organization = scene.organization("org").await?;
        let seen = organization.get().await?;
        assert_eq!(seen.name, organization.name());
        assert_eq!(seen.email, Some(scene.email("org")));
        assert_eq!((seen.is_admin, seen.is_member), (Some(true), Some(true)));
        assert_eq!(seen.ordered_teams, Some(vec!["owners".to_owned()]), "who makes an organization owns it");
        assert_eq!(seen.tag_expiration_s, Some(14 * 86_400));
        let mine = scene.quay().me().get().await?.organizations.unwrap_or_default();
        let mine = mine.iter().find(|o| o.name == organization.name()).expect("among the caller's own");
        assert_eq!(mine.is_org_admin, Some(true));
        let all = scene.quay().superuser().organizations().await?;
        assert!(all.iter().any(|o| o.name == organization.name()));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_second_organization_of_the_name_is_refused() {
    scenario(async |scene| {
        let organization = scene.organization("org").await?;
        let body = || CreateOrganization::new(organization.name()).email(scene.email("other"));
        let again = scene.quay().organizations().create(body()).await;
        refused(again, 400, ErrorKind::AlreadyExists, "A user or organization with this name already exists");
        assert!(!scene.quay().organizations().create_if_absent(body()).await?);
        let person = scene.person("person").await?;
        let taken = CreateOrganization::new(&person.name).email(scene.email("other"));
        refused(scene.quay().organizations().create(taken).await, 400, ErrorKind::AlreadyExists, "already exists");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn organizations_may_share_an_address() {
    scenario(async |scene| {
        let organization = scene.organization("org").await?;
        let other = scene.name("other");
        scene.remember_organization(&other);
        scene.quay().organizations().create(CreateOrganization::new(&other).email(scene.email("org"))).await?;
        let third = scene.organization("third").await?;
        third.update(UpdateOrganization::new().email(scene.email("org"))).await?;
        assert_eq!(third.get().await?.email, organization.get().await?.email);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_bad_name_for_an_organization_is_refused() {
    scenario(async |scene| {
        for name in [scene.name("Upper"), "a".to_owned(), scene.name("under__score_")] {
            let made = scene.quay().organizations().create(CreateOrganization::new(&name).email(scene.email("bad"))).await;
            refused(made, 400, ErrorKind::InvalidRequest, &format!("Invalid namespace {name}"));
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn an_organization_is_changed() {
    scenario(async |scene| {
        let organization = scene.organization("org").await?;
        let change = UpdateOrganization::new()
            .email(scene.email("new"))
            .invoice_email(true)
            .invoice_email_address(scene.email("invoices"))
            .tag_expiration_s(86_400);
        let changed = organization.update(change).await?;
        let seen = organization.get().await?;
        assert_eq!(changed, seen);
        assert_eq!(seen.email, Some(scene.email("new")));
        assert_eq!(seen.invoice_email, Some(true));
        assert_eq!(seen.invoice_email_address, Some(scene.email("invoices")));
        assert_eq!(seen.tag_expiration_s, Some(86_400));
        let cleared = organization.update(UpdateOrganization::new().clear_invoice_email_address()).await?;
        assert_eq!((cleared.invoice_email_address, cleared.email), (None, Some(scene.email("new"))), "what is not named stays");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_deleted_organization_is_gone_with_everything_in_it() {
    scenario(async |scene| {
        let (organization, repository) = scene.stage().await?;
        organization.delete().await?;
        refused(organization.get().await, 404, ErrorKind::NotFound, "Not Found");
        assert_eq!(organization.get_opt().await?, None);
        assert_eq!(repository.get_opt().await?, None);
        refused(organization.delete().await, 404, ErrorKind::NotFound, "Not Found");
        assert!(!organization.delete_if_exists().await?);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_belongs_to_a_missing_organization_is_missing() {
    scenario(async |scene| {
        let nowhere = scene.quay().organization(scene.name("nowhere"))?;
        refused(nowhere.get().await, 404, ErrorKind::NotFound, "Not Found");
        refused(nowhere.update(UpdateOrganization::new().tag_expiration_s(86_400)).await, 404, ErrorKind::NotFound, "Not Found");
        refused(nowhere.members().list().await, 404, ErrorKind::NotFound, "Not Found");
        refused(nowhere.applications().list().await, 404, ErrorKind::NotFound, "Not Found");
        refused(nowhere.default_permissions().list().await, 404, ErrorKind::NotFound, "Not Found");
        assert_eq!(nowhere.robots().list().await?.len(), 0, "of robots Quay says only that there are none");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_superuser_renames_an_organization() {
    scenario(async |scene| {
        let (organization, _) = scene.stage().await?;
        let account = scene.quay().superuser().organization(organization.name())?;
        let name = scene.name("renamed");
        scene.remember_organization(&name);
        let renamed = account.rename(&name).await?;
        assert_eq!(renamed.name, name);
        assert_eq!(organization.get_opt().await?, None);
        let repositories = scene.quay().repositories().list(&name).await?;
        assert_eq!(repositories.iter().map(|r| r.name.as_str()).collect::<Vec<_>>(), ["app"]);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn members_and_collaborators_are_told_apart() {
    scenario(async |scene| {
        use quay_api::types::{RepositoryRole, TeamRole};
        let (organization, repository) = scene.stage().await?;
        let (member, outsider) = (scene.person("member").await?, scene.person("outsider").await?);
        let team = organization.team("devs")?;
        team.create(TeamRole::Member, "").await?;
        team.members().add(&member.name).await?;
        repository.permissions().grant_user(&member.name, RepositoryRole::Write).await?;
        repository.permissions().grant_user(&outsider.name, RepositoryRole::Read).await?;

        let members = organization.members().list().await?;
        let found = members.iter().find(|m| m.name == member.name).expect("a member");
        assert_eq!(found.repositories, Some(vec!["app".to_owned()]));
        assert_eq!(found.teams.iter().flatten().map(|t| t.name.as_str()).collect::<Vec<_>>(), ["devs"]);
        assert!(members.iter().all(|m| m.name != outsider.name));

        let collaborators = organization.collaborators().list().await?;
        assert_eq!(collaborators.len(), 1);
        assert_eq!((&collaborators[0].name, &collaborators[0].repositories), (&outsider.name, &vec!["app".to_owned()]));

        assert_eq!(organization.members().get(&member.name).await?.name, member.name);
        refused(organization.members().get(&outsider.name).await, 404, ErrorKind::NotFound, "Not Found");
        organization.members().remove(&member.name).await?;
        assert_eq!(organization.members().get_opt(&member.name).await?, None);
        assert_eq!(team.members().list().await?, []);
        refused(organization.members().remove("nobody-of-that-name").await, 404, ErrorKind::NotFound, "Not Found");
        Ok(())
    })
    .await;
}
