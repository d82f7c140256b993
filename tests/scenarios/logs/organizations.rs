//! Entries of changes to an organization and what belongs to it.

use super::{assert_metadata, kinds};
use crate::context::scenario;
use quay_api::types::*;
use serde_json::json;

#[tokio::test]
async fn logs_changes_of_an_organization() {
    scenario(async |context| {
        context
            .requires_release("3.9", "it logs no changes of organizations and users")
            .await?;
        let organization = context.organization("org").await?;
        let change = UpdateOrganization::new()
            .email(context.email("new"))
            .invoice_email(true)
            .invoice_email_address(context.email("inv"));
        organization.update(change.tag_expiration_s(86_400)).await?;
        let entries = organization.logs().list().await?;
        let changed = [
            "org_change_email",
            "org_change_invoicing",
            "org_change_invoicing",
            "org_change_tag_expiration",
            "org_create",
        ];
        assert_eq!(kinds(&entries), changed);
        let name = organization.name();
        assert_metadata(
            &entries,
            "org_create",
            json!({
                "namespace": name,
                "email": context.email("org"),
            }),
        );
        assert_metadata(
            &entries,
            "org_change_email",
            json!({
                "namespace": name,
                "email": context.email("new"),
                "old_email": context.email("org"),
            }),
        );
        assert_metadata(
            &entries,
            "org_change_tag_expiration",
            json!({
                "namespace": name,
                "tag_expiration": 86_400,
            }),
        );
        let created = entries
            .iter()
            .find(|e| e.kind == LogKind::OrgCreate)
            .expect("it was made");
        assert_eq!(
            created.performer.as_ref().map(|p| p.name.clone()),
            Some(context.me().await?)
        );
        assert!(created.ip.is_some());
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn logs_changes_of_teams_and_robots() {
    scenario(async |context| {
        context
            .requires_release("3.13", "it has no robot federation")
            .await?;
        let organization = context.organization("org").await?;
        let user = context.user("person").await?;
        let team = organization.team("devs")?;
        organization
            .teams()
            .create("devs", CreateTeam::new(TeamRole::Member))
            .await?;
        team.update(UpdateTeam::new(TeamRole::Creator).description("Writers"))
            .await?;
        team.members().create(&user.name).await?;
        team.member(&user.name)?.delete().await?;
        team.delete().await?;
        let robot = organization.robot("ci")?;
        organization
            .robots()
            .create("ci", CreateRobot::new().description("Builds"))
            .await?;
        robot.regenerate().await?;
        robot
            .federation()
            .set([RobotFederation::new("https://issuer.example.test", "me")])
            .await?;
        robot.federation().delete().await?;
        robot.delete().await?;
        let entries = organization.logs().list().await?;
        let expected = [
            "create_robot",
            "create_robot_federation",
            "delete_robot",
            "delete_robot_federation",
            "org_add_team_member",
            "org_create",
            "org_create_team",
            "org_delete_team",
            "org_remove_team_member",
            "org_set_team_description",
            "org_set_team_role",
            "regenerate_robot_token",
        ];
        assert_eq!(kinds(&entries), expected);
        assert_metadata(&entries, "org_create_team", json!({ "team": "devs" }));
        assert_metadata(
            &entries,
            "org_set_team_description",
            json!({ "team": "devs", "description": "Writers" }),
        );
        assert_metadata(
            &entries,
            "org_set_team_role",
            json!({ "team": "devs", "role": "creator" }),
        );
        assert_metadata(
            &entries,
            "org_add_team_member",
            json!({ "team": "devs", "member": user.name }),
        );
        assert_metadata(
            &entries,
            "org_remove_team_member",
            json!({ "team": "devs", "member": user.name }),
        );
        assert_metadata(&entries, "org_delete_team", json!({ "team": "devs" }));
        assert_metadata(
            &entries,
            "create_robot",
            json!({ "robot": "ci", "description": "Builds" }),
        );
        assert_metadata(&entries, "regenerate_robot_token", json!({ "robot": "ci" }));
        assert_metadata(&entries, "delete_robot", json!({ "robot": "ci" }));
        assert_metadata(
            &entries,
            "delete_robot_federation",
            json!({ "robot": "ci" }),
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn logs_changes_of_default_permissions_and_applications() {
    scenario(async |context| {
        context
            .requires(&["createOrganizationApplicationToken"])
            .await?;
        let organization = context.organization("org").await?;
        let defaults = organization.default_permissions();
        let granted = defaults
            .create(CreateDefaultPermission::new(
                RepositoryRole::Read,
                Delegate::new("owners", PrincipalKind::Team),
            ))
            .await?;
        organization
            .default_permission(&granted.id)?
            .set_role(RepositoryRole::Write)
            .await?;
        organization
            .default_permission(&granted.id)?
            .delete()
            .await?;
        let created = organization
            .applications()
            .create(CreateApplication::new("deployer"))
            .await?;
        let application = organization.application(&created.client_id)?;
        application
            .update(UpdateApplication::new("deployer", "", ""))
            .await?;
        application.reset_client_secret().await?;
        let token = application
            .tokens()
            .create(CreateApplicationToken::new("x", "user:read"))
            .await?;
        application.token(&token.uuid)?.delete().await?;
        application.delete().await?;
        let entries = organization.logs().list().await?;
        let expected = [
            "create_application",
            "create_oauth_api_token",
            "create_prototype_permission",
            "delete_application",
            "delete_prototype_permission",
            "modify_prototype_permission",
            "org_create",
            "reset_application_client_secret",
            "revoke_oauth_api_token",
            "update_application",
        ];
        assert_eq!(kinds(&entries), expected);
        assert_metadata(
            &entries,
            "create_prototype_permission",
            json!({
                "prototypeid": granted.id,
                "role": "read",
                "delegate_team": "owners",
            }),
        );
        assert_metadata(
            &entries,
            "modify_prototype_permission",
            json!({
                "prototypeid": granted.id,
                "role": "write",
            }),
        );
        assert_metadata(
            &entries,
            "delete_prototype_permission",
            json!({
                "prototypeid": granted.id,
            }),
        );
        let of_application = json!({
            "application_name": "deployer",
            "client_id": created.client_id,
        });
        for kind in [
            "create_application",
            "update_application",
            "reset_application_client_secret",
            "delete_application",
        ] {
            assert_metadata(&entries, kind, of_application.clone());
        }
        let of_token = json!({
            "oauth_token_uuid": token.uuid,
            "scope": "user:read",
            "token_display_name": "x",
        });
        assert_metadata(&entries, "create_oauth_api_token", of_token.clone());
        assert_metadata(
            &entries,
            "revoke_oauth_api_token",
            json!({
                "oauth_token_uuid": token.uuid,
            }),
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn logs_changes_of_notifications_and_policies() {
    scenario(async |context| {
        context
            .requires(&[
                "createOrgNotification",
                "createOrganizationAutoPrunePolicy",
                "createRepositoryAutoPrunePolicy",
            ])
            .await?;
        let (organization, repository) = context.organization_with_repository().await?;
        let hook = |event| {
            let target =
                NotificationTarget::Webhook(WebhookTarget::new("http://hooks.example.test/"));
            CreateNotification::new(event, NotificationEventConfig::new(), target)
        };
        let notified = repository
            .notifications()
            .create(hook(NotificationEvent::RepoPush))
            .await?;
        repository
            .notification(&notified.uuid)?
            .reset_failures()
            .await?;
        repository.notification(&notified.uuid)?.delete().await?;
        let warned = organization
            .notifications()
            .create(hook(NotificationEvent::QuotaWarning))
            .await?;
        organization.notification(&warned.uuid)?.delete().await?;
        let newest = |count: i64| SetAutoPrunePolicy::new(AutoPruneMethod::NumberOfTags, count);
        let id = organization
            .autoprune_policies()
            .create(newest(10))
            .await?
            .uuid;
        organization
            .autoprune_policy(&id)?
            .update(newest(11))
            .await?;
        organization.autoprune_policy(&id)?.delete().await?;
        let own = repository
            .autoprune_policies()
            .create(newest(10))
            .await?
            .uuid;
        repository
            .autoprune_policy(&own)?
            .update(newest(11))
            .await?;
        repository.autoprune_policy(&own)?.delete().await?;
        let entries = organization.logs().list().await?;
        let expected = [
            "add_repo_notification",
            "create_namespace_autoprune_policy",
            "create_namespace_notification",
            "create_repo",
            "create_repository_autoprune_policy",
            "delete_namespace_autoprune_policy",
            "delete_namespace_notification",
            "delete_repo_notification",
            "delete_repository_autoprune_policy",
            "org_create",
            "reset_repo_notification",
            "update_namespace_autoprune_policy",
            "update_repository_autoprune_policy",
        ];
        assert_eq!(kinds(&entries), expected);
        let of_hook = json!({
            "repo": "app",
            "notification_id": notified.uuid,
            "event": "repo_push",
            "method": "webhook",
        });
        for kind in [
            "add_repo_notification",
            "reset_repo_notification",
            "delete_repo_notification",
        ] {
            assert_metadata(&entries, kind, of_hook.clone());
        }
        assert_metadata(
            &entries,
            "create_namespace_notification",
            json!({
                "notification_id": warned.uuid,
                "event": "quota_warning",
            }),
        );
        assert_metadata(
            &entries,
            "create_namespace_autoprune_policy",
            json!({ "method": "number_of_tags", "value": 10, "namespace": organization.name() }),
        );
        assert_metadata(
            &entries,
            "update_namespace_autoprune_policy",
            json!({
                "method": "number_of_tags",
                "value": 11,
            }),
        );
        assert_metadata(
            &entries,
            "delete_namespace_autoprune_policy",
            json!({
                "policy_uuid": id,
            }),
        );
        assert_metadata(
            &entries,
            "create_repository_autoprune_policy",
            json!({
                "repo": "app",
                "value": 10,
            }),
        );
        assert_metadata(
            &entries,
            "delete_repository_autoprune_policy",
            json!({
                "repo": "app",
                "policy_uuid": own,
            }),
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn logs_changes_of_quotas() {
    scenario(async |context| {
        context.requires(&["createOrganizationQuota"]).await?;
        context
            .requires_release("3.17", "it logs no changes of quotas")
            .await?;
        let organization = context.organization("org").await?;
        let quotas = organization.quotas();
        quotas.create(SetQuota::new().limit_bytes(1 << 30)).await?;
        let quota = quotas.list().await?[0].id.expect("a quota of its own");
        organization
            .quota(quota)
            .update(SetQuota::new().limit_bytes(2 << 30))
            .await?;
        organization
            .quota(quota)
            .limits()
            .create(CreateQuotaLimit::new(QuotaLimitType::Warning, 80))
            .await?;
        let limit = organization.quota(quota).limits().list().await?[0]
            .id
            .expect("a number");
        organization
            .quota(quota)
            .limit(limit)
            .update(UpdateQuotaLimit::new().threshold_percent(70))
            .await?;
        organization.quota(quota).limit(limit).delete().await?;
        organization.quota(quota).delete().await?;
        let entries = organization.logs().list().await?;
        let expected = [
            "org_change_quota",
            "org_change_quota_limit",
            "org_create",
            "org_create_quota",
            "org_create_quota_limit",
            "org_delete_quota",
            "org_delete_quota_limit",
        ];
        assert_eq!(kinds(&entries), expected);
        assert_metadata(
            &entries,
            "org_create_quota",
            json!({ "limit_bytes": 1 << 30, "limit": "1.0 GiB" }),
        );
        assert_metadata(
            &entries,
            "org_change_quota",
            json!({ "limit": "2.0 GiB", "previous_limit": "1.0 GiB" }),
        );
        assert_metadata(
            &entries,
            "org_create_quota_limit",
            json!({ "type": "Warning", "threshold_percent": 80 }),
        );
        assert_metadata(
            &entries,
            "org_delete_quota_limit",
            json!({ "type": "Warning", "threshold_percent": 70 }),
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn logs_changes_of_an_organization_by_a_superuser() {
    scenario(async |context| {
        context
            .requires_release("3.9", "it logs no changes of organizations and users")
            .await?;
        let organization = context.organization("org").await?;
        let name = context.name("renamed");
        context.track_organization(&name);
        context
            .quay()
            .superuser()
            .organization(organization.name())?
            .rename(&name)
            .await?;
        let entries = context.quay().organization(&name)?.logs().list().await?;
        assert_eq!(
            kinds(&entries),
            ["org_change_name", "org_create"],
            "the log is deleted with the organization"
        );
        assert_metadata(
            &entries,
            "org_change_name",
            json!({
                "old_name": organization.name(),
                "new_name": name,
                "superuser": context.me().await?,
            }),
        );
        context.quay().superuser().take_ownership(&name).await?;
        let mine = context.quay().me().logs().list().max_pages(5).await?;
        let taken = mine.iter().find(|e| {
            e.kind == LogKind::TakeOwnership && e.metadata.namespace() == Some(name.as_str())
        });
        assert_eq!(
            taken.map(|e| e.metadata.was_user()),
            Some(Some(false)),
            "in the superuser's own log"
        );
        Ok(())
    })
    .await;
}
