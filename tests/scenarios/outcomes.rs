//! `Ok` means done: results of methods where the server acknowledges changes that it did not make.

use crate::context::scenario;
use quay_api::ErrorKind;
use quay_api::types::{
    ActivatingUser, CreateDefaultPermission, CreateOrganization, CreateRobot, CreateTeam, Delegate,
    PrincipalKind, RepositoryRole, SetQuota, TeamRole, UpdateOrganization, UpdateTeam,
    UpdateUserAccount,
};

#[tokio::test]
async fn user_name_is_not_an_organization() {
    scenario(async |context| {
        let user = context.user("person").await?;
        let organizations = context.quay().organizations();
        let taken = CreateOrganization::new(&user.name).email(context.email("org"));
        let error = organizations.create_if_absent(taken).await;
        assert!(error.is_err_and(|e| e.is_conflict() && !e.is_already_exists()));
        let organization = context.organization("org").await?;
        let again = CreateOrganization::new(organization.name()).email(context.email("org"));
        assert_eq!(organizations.create_if_absent(again).await?, None);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn only_members_and_collaborators_are_removed() {
    scenario(async |context| {
        let (organization, repository) = context.organization_with_repository().await?;
        let user = context.user("person").await?;
        assert!(!organization.member(&user.name)?.delete_if_exists().await?);
        assert!(
            organization
                .member(&user.name)?
                .delete()
                .await
                .is_err_and(|e| e.is_not_found())
        );
        repository
            .user_permission(&user.name)?
            .set(RepositoryRole::Read)
            .await?;
        assert!(
            organization.member(&user.name)?.delete_if_exists().await?,
            "a collaborator"
        );
        assert!(
            repository
                .user_permissions()
                .list()
                .await?
                .iter()
                .all(|p| p.name != user.name)
        );
        let owners = organization.team("owners")?.members();
        owners.create(&user.name).await?;
        assert!(
            organization.member(&user.name)?.delete_if_exists().await?,
            "a member"
        );
        assert!(!organization.member(&user.name)?.delete_if_exists().await?);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_missing_team_is_not_updated() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let team = organization.team("devs")?;
        let update = || UpdateTeam::new(TeamRole::Creator);
        assert!(team.update(update()).await.is_err_and(|e| e.is_not_found()));
        assert!(!team.delete_if_exists().await?);
        assert!(
            organization
                .teams()
                .create_if_absent("devs", CreateTeam::new(TeamRole::Member).description("x"))
                .await?
                .is_some()
        );
        assert!(
            organization
                .teams()
                .create_if_absent("devs", CreateTeam::new(TeamRole::Admin).description("y"))
                .await?
                .is_none()
        );
        let updated = team.update(update()).await?;
        assert_eq!(updated.description.as_deref(), Some("x"));
        assert!(team.delete_if_exists().await?);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_default_permission_is_created_once() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        organization
            .robots()
            .create("ci", CreateRobot::new())
            .await?;
        let defaults = organization.default_permissions();
        let ci = || Delegate::new("ci", PrincipalKind::Robot);
        let rule = |role| CreateDefaultPermission::new(role, ci());
        let created = defaults
            .create_if_absent(rule(RepositoryRole::Read))
            .await?;
        let delegate = created.map(|rule| rule.delegate.name);
        assert_eq!(delegate, Some(format!("{}+ci", organization.name())));
        assert!(
            defaults
                .create_if_absent(rule(RepositoryRole::Read))
                .await?
                .is_none()
        );
        assert!(
            defaults
                .create_if_absent(rule(RepositoryRole::Write))
                .await?
                .is_some()
        );
        let me = ActivatingUser::new(context.me().await?);
        let of_mine = || rule(RepositoryRole::Read).activating_user(me.clone());
        assert!(defaults.create_if_absent(of_mine()).await?.is_some());
        assert!(defaults.create_if_absent(of_mine()).await?.is_none());
        assert_eq!(defaults.list().await?.len(), 3);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn the_log_of_a_repository_has_the_rows_of_its_performer() {
    scenario(async |context| {
        let (organization, repository) = context.organization_with_repository().await?;
        repository.set_description("one").await?;
        let logs = repository.logs();
        let me = context.me().await?;
        let all = logs.list().await?.len();
        assert!(all > 0);
        assert_eq!(logs.list().performed_by(&me).await?.len(), all);
        organization
            .robots()
            .create("ci", CreateRobot::new())
            .await?;
        let robot = format!("{}+ci", organization.name());
        assert!(logs.list().performed_by(&robot).await?.is_empty());
        assert!(
            organization
                .logs()
                .list()
                .performed_by(&robot)
                .await?
                .is_empty()
        );
        for nobody in [
            context.name("nobody"),
            format!("{}+no", organization.name()),
        ] {
            let rows = organization.logs().list().performed_by(&nobody).await;
            assert!(rows.is_err_and(|e| e.is_not_found()), "{nobody}");
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn quotas_have_the_requested_size() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let quotas = organization.quotas();
        let size = || SetQuota::new().limit("10 GiB");
        let created = quotas.create(size()).await?;
        assert_eq!(quotas.list().await?, std::slice::from_ref(&created));
        assert_eq!(quotas.create_if_absent(size()).await?, None);
        assert_eq!(created.limit_bytes.map(|size| size.bytes()), Some(10 << 30));
        let id = created.id.expect("a quota of its own");
        let changed = organization
            .quota(id)
            .update(SetQuota::new().limit("3 GB"))
            .await?;
        assert_eq!(
            changed.limit_bytes.map(|size| size.bytes()),
            Some(3_000_000_000)
        );
        assert!(organization.quota(id).delete_if_exists().await?);
        assert!(!organization.quota(id).delete_if_exists().await?);
        let nowhere = context.name("nowhere");
        let missing = context.quay().superuser().organization(nowhere)?.quotas();
        let created = missing.create(SetQuota::new().limit_bytes(1)).await;
        assert!(created.is_err_and(|e| e.is_not_found()));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn updating_a_user_returns_the_user() {
    scenario(async |context| {
        let user = context.user("person").await?;
        let account = context.quay().superuser().user(&user.name)?;
        for enabled in [false, true] {
            let now = account
                .update(UpdateUserAccount::new().enabled(enabled))
                .await?;
            assert_eq!(now.enabled, Some(enabled));
        }
        assert!(account.delete_if_exists().await?);
        assert!(!account.delete_if_exists().await?);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn email_of_an_organization_is_changed_by_either_field() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let address = context.email("contact");
        let change = UpdateOrganization::new().contact_email(address.as_str());
        let now = organization.update(change).await?;
        assert_eq!(now.email.as_deref(), Some(address.as_str()));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn an_organization_is_not_renamed_to_a_name_in_use() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let user = context.user("person").await?;
        let superuser = context.quay().superuser();
        let account = superuser.organization(organization.name())?;
        let renamed = account.rename(&user.name).await;
        assert!(renamed.is_err_and(|e| e.kind() == ErrorKind::AlreadyExists));
        let nowhere = superuser.organization(context.name("nowhere"))?;
        let renamed = nowhere.rename(context.name("other")).await;
        assert!(renamed.is_err_and(|e| e.is_not_found()));
        Ok(())
    })
    .await;
}
