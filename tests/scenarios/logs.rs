//! Usage logs: what every change leaves behind.

use crate::context::{refused, scenario};
use quay_api::ErrorKind;
use quay_api::api::Days;
use quay_api::types::*;
use serde_json::{Value, json};
use std::time::Duration;

/// The kinds of entries of a log, sorted: entries of one second have no order to rely on.
fn kinds(entries: &[LogEntry]) -> Vec<&str> {
    let mut kinds: Vec<_> = entries.iter().map(|e| e.kind.as_str()).collect();
    kinds.sort_unstable();
    kinds
}

/// The entry of a kind, as JSON without what is not there.
fn metadata(entries: &[LogEntry], kind: &str) -> Value {
    let entry = entries
        .iter()
        .find(|e| e.kind.as_str() == kind)
        .unwrap_or_else(|| panic!("no {kind} in {:?}", kinds(entries)));
    let mut value = serde_json::to_value(&entry.metadata).expect("metadata is JSON");
    value
        .as_object_mut()
        .expect("an object")
        .retain(|_, value| !value.is_null());
    value
}

/// Expects that the entry of a kind says at least this.
#[track_caller]
fn says(entries: &[LogEntry], kind: &str, expected: Value) {
    let found = metadata(entries, kind);
    for (name, value) in expected.as_object().expect("an object") {
        assert_eq!(
            found.get(name).unwrap_or(&Value::Null),
            value,
            "{name} of {kind}: {found}"
        );
    }
}

#[tokio::test]
async fn changes_of_an_organization_are_logged() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let change = UpdateOrganization::new().email(context.email("new")).invoice_email(true).invoice_email_address(context.email("inv"));
        organization.update(change.tag_expiration_s(86_400)).await?;
        let entries = organization.logs().list().await?;
        let changed = ["org_change_email", "org_change_invoicing", "org_change_invoicing", "org_change_tag_expiration", "org_create"];
        assert_eq!(kinds(&entries), changed);
        let name = organization.name();
        says(&entries, "org_create", json!({ "namespace": name, "email": context.email("org") }));
        says(&entries, "org_change_email", json!({ "namespace": name, "email": context.email("new"), "old_email": context.email("org") }));
        says(&entries, "org_change_tag_expiration", json!({ "namespace": name, "tag_expiration": 86_400 }));
        let made = entries.iter().find(|e| e.kind == LogKind::OrgCreate).expect("it was made");
        assert_eq!(made.performer.as_ref().map(|p| p.name.clone()), Some(context.me().await?));
        assert!(made.ip.is_some());
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn changes_of_teams_and_robots_are_logged() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let person = context.person("person").await?;
        let team = organization.team("devs")?;
        team.create(TeamRole::Member, "").await?;
        team.update(UpdateTeam::new(TeamRole::Creator).description("Writers"))
            .await?;
        team.members().add(&person.name).await?;
        team.members().remove(&person.name).await?;
        team.delete().await?;
        let robot = organization.robot("ci")?;
        robot
            .create(CreateRobot::new().description("Builds"))
            .await?;
        robot.regenerate().await?;
        robot
            .set_federation([RobotFederation::new("https://issuer.example.test", "me")])
            .await?;
        robot.delete_federation().await?;
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
        says(&entries, "org_create_team", json!({ "team": "devs" }));
        says(
            &entries,
            "org_set_team_description",
            json!({ "team": "devs", "description": "Writers" }),
        );
        says(
            &entries,
            "org_set_team_role",
            json!({ "team": "devs", "role": "creator" }),
        );
        says(
            &entries,
            "org_add_team_member",
            json!({ "team": "devs", "member": person.name }),
        );
        says(
            &entries,
            "org_remove_team_member",
            json!({ "team": "devs", "member": person.name }),
        );
        says(&entries, "org_delete_team", json!({ "team": "devs" }));
        says(
            &entries,
            "create_robot",
            json!({ "robot": "ci", "description": "Builds" }),
        );
        says(&entries, "regenerate_robot_token", json!({ "robot": "ci" }));
        says(&entries, "delete_robot", json!({ "robot": "ci" }));
        says(
            &entries,
            "delete_robot_federation",
            json!({ "robot": "ci" }),
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn changes_of_a_repository_are_logged() {
    scenario(async |context| {
        let (organization, repository) = context.stage().await?;
        let person = context.person("person").await?;
        organization
            .team("devs")?
            .create(TeamRole::Member, "")
            .await?;
        repository.describe("New").await?;
        repository.set_visibility(Visibility::Public).await?;
        repository.set_state(RepositoryState::ReadOnly).await?;
        repository.set_state(RepositoryState::Normal).await?;
        repository
            .permissions()
            .grant_user(&person.name, RepositoryRole::Read)
            .await?;
        repository
            .permissions()
            .grant_team("devs", RepositoryRole::Write)
            .await?;
        repository.permissions().revoke_user(&person.name).await?;
        repository.permissions().revoke_team("devs").await?;
        repository.star().await?;
        let entries = repository.logs().list().await?;
        let expected = [
            "change_repo_permission",
            "change_repo_permission",
            "change_repo_state",
            "change_repo_state",
            "change_repo_visibility",
            "create_repo",
            "delete_repo_permission",
            "delete_repo_permission",
            "set_repo_description",
        ];
        assert_eq!(kinds(&entries), expected, "a star is nobody's business");
        let here = |mut more: Value| {
            more["repo"] = "app".into();
            more["namespace"] = organization.name().into();
            more
        };
        says(&entries, "create_repo", here(json!({})));
        says(
            &entries,
            "set_repo_description",
            here(json!({ "description": "New" })),
        );
        says(
            &entries,
            "change_repo_visibility",
            here(json!({ "visibility": "public" })),
        );
        let states: Vec<_> = entries
            .iter()
            .filter_map(|e| e.metadata.state_changed().cloned())
            .collect();
        assert!(
            states.contains(&RepositoryState::ReadOnly)
                && states.contains(&RepositoryState::Normal)
        );
        let roles: Vec<_> = entries
            .iter()
            .filter_map(|e| e.metadata.role().map(|r| (r, e.metadata.team())))
            .collect();
        assert!(
            roles.contains(&("read", None)) && roles.contains(&("write", Some("devs"))),
            "{roles:?}"
        );
        let whole = organization.logs().list().await?;
        assert_eq!(
            whole.len(),
            entries.len() + 2,
            "the organization's log has these too, and its own and the team's"
        );

        repository.delete().await?;
        let after = organization.logs().list().await?;
        says(&after, "delete_repo", here(json!({})));
        assert!(
            kinds(&after).contains(&"create_repo"),
            "what happened to it is still told"
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn changes_of_tags_and_labels_are_logged() {
    scenario(async |context| {
        let (_, repository) = context.stage().await?;
        let (one, two) = (context.push(&repository, "one").await?, context.push(&repository, "two").await?);
        let tag = repository.tag("moving")?;
        tag.point_to(&one).await?;
        tag.point_to(&two).await?;
        let tomorrow = Timestamp::now().checked_add(Duration::from_secs(86_400)).expect("tomorrow");
        tag.expire_at(Some(tomorrow)).await?;
        tag.delete().await?;
        tag.restore(&two).await?;
        tag.delete().await?;
        tag.forget(ExpireTag::new().manifest_digest(two.as_str())).await?;
        let labels = repository.manifest(&one).labels();
        let label = labels.add(AddLabel::new("team", "platform", LabelMediaType::TextPlain)).await?;
        labels.delete(&label.id).await?;
        let entries: Vec<_> = repository.logs().list().await?.into_iter().filter(|e| !e.kind.as_str().starts_with("push_")).collect();
        let expected = [
            "change_tag_expiration",
            "create_repo",
            "create_tag",
            "delete_tag",
            "delete_tag",
            "manifest_label_add",
            "manifest_label_delete",
            "move_tag",
            "permanently_delete_tag",
            "revert_tag",
        ];
        assert_eq!(kinds(&entries), expected);
        let me = context.me().await?;
        let of_tag = |mut more: Value| {
            more["tag"] = "moving".into();
            more["repo"] = "app".into();
            more["username"] = me.clone().into();
            more
        };
        says(&entries, "create_tag", of_tag(json!({ "manifest_digest": one.as_str() })));
        says(&entries, "move_tag", of_tag(json!({ "manifest_digest": two.as_str(), "original_manifest_digest": one.as_str() })));
        says(&entries, "revert_tag", of_tag(json!({ "manifest_digest": two.as_str() })));
        says(&entries, "delete_tag", of_tag(json!({})));
        says(&entries, "permanently_delete_tag", of_tag(json!({ "manifest_digest": two.as_str() })));
        let expiring = entries.iter().find(|e| e.kind == LogKind::ChangeTagExpiration).expect("it was told to");
        assert_eq!(expiring.metadata.expiration_date().map(Timestamp::unix_seconds), Some(tomorrow.unix_seconds()));
        let of_label = json!({ "id": label.id, "key": "team", "value": "platform", "manifest_digest": one.as_str() });
        says(&entries, "manifest_label_add", of_label.clone());
        says(&entries, "manifest_label_delete", of_label);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn changes_of_what_belongs_to_an_organization_are_logged() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let defaults = organization.default_permissions();
        let granted =
            defaults.create(CreateDefaultPermission::new(RepositoryRole::Read, Delegate::new("owners", PrincipalKind::Team))).await?;
        defaults.update(&granted.id, RepositoryRole::Write).await?;
        defaults.delete(&granted.id).await?;
        let made = organization.applications().create(CreateApplication::new("deployer")).await?;
        let application = organization.application(&made.client_id)?;
        application.update(UpdateApplication::new("deployer", "", "")).await?;
        application.reset_client_secret().await?;
        let token = application.tokens().create(CreateApplicationToken::new("x", "user:read")).await?;
        application.tokens().revoke(&token.uuid).await?;
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
        says(&entries, "create_prototype_permission", json!({ "prototypeid": granted.id, "role": "read", "delegate_team": "owners" }));
        says(&entries, "modify_prototype_permission", json!({ "prototypeid": granted.id, "role": "write" }));
        says(&entries, "delete_prototype_permission", json!({ "prototypeid": granted.id }));
        let of_application = json!({ "application_name": "deployer", "client_id": made.client_id });
        for kind in ["create_application", "update_application", "reset_application_client_secret", "delete_application"] {
            says(&entries, kind, of_application.clone());
        }
        let of_token = json!({ "oauth_token_uuid": token.uuid, "scope": "user:read", "token_display_name": "x" });
        says(&entries, "create_oauth_api_token", of_token.clone());
        says(&entries, "revoke_oauth_api_token", json!({ "oauth_token_uuid": token.uuid }));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn changes_of_notifications_and_policies_are_logged() {
    scenario(async |context| {
        let (organization, repository) = context.stage().await?;
        let hook = |event| {
            let target = NotificationTarget::Webhook(WebhookTarget::new("http://hooks.example.test/"));
            CreateNotification::new(event, NotificationEventConfig::new(), target)
        };
        let notified = repository.notifications().create(hook(NotificationEvent::RepoPush)).await?;
        repository.notifications().reset_failures(&notified.uuid).await?;
        repository.notifications().delete(&notified.uuid).await?;
        let warned = organization.notifications().create(hook(NotificationEvent::QuotaWarning)).await?;
        organization.notifications().delete(&warned.uuid).await?;
        let newest = |count: i64| SetAutoPrunePolicy::new(AutoPruneMethod::NumberOfTags, count);
        let id = organization.autoprune_policies().create(newest(10)).await?.uuid;
        organization.autoprune_policies().update(&id, newest(11)).await?;
        organization.autoprune_policies().delete(&id).await?;
        let own = repository.autoprune_policies().create(newest(10)).await?.uuid;
        repository.autoprune_policies().update(&own, newest(11)).await?;
        repository.autoprune_policies().delete(&own).await?;
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
        let of_hook = json!({ "repo": "app", "notification_id": notified.uuid, "event": "repo_push", "method": "webhook" });
        for kind in ["add_repo_notification", "reset_repo_notification", "delete_repo_notification"] {
            says(&entries, kind, of_hook.clone());
        }
        says(&entries, "create_namespace_notification", json!({ "notification_id": warned.uuid, "event": "quota_warning" }));
        says(
            &entries,
            "create_namespace_autoprune_policy",
            json!({ "method": "number_of_tags", "value": 10, "namespace": organization.name() }),
        );
        says(&entries, "update_namespace_autoprune_policy", json!({ "method": "number_of_tags", "value": 11 }));
        says(&entries, "delete_namespace_autoprune_policy", json!({ "policy_uuid": id }));
        says(&entries, "create_repository_autoprune_policy", json!({ "repo": "app", "value": 10 }));
        says(&entries, "delete_repository_autoprune_policy", json!({ "repo": "app", "policy_uuid": own }));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn changes_of_quotas_are_logged() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let quotas = organization.quotas();
        quotas.create(SetQuota::new().limit_bytes(1 << 30)).await?;
        let quota = quotas.list().await?[0].id.expect("a quota of its own");
        quotas
            .update(quota, SetQuota::new().limit_bytes(2 << 30))
            .await?;
        quotas
            .create_limit(quota, CreateQuotaLimit::new(QuotaLimitType::Warning, 80))
            .await?;
        let limit = quotas.limits(quota).await?[0].id.expect("a number");
        quotas
            .update_limit(quota, limit, UpdateQuotaLimit::new().threshold_percent(70))
            .await?;
        quotas.delete_limit(quota, limit).await?;
        quotas.delete(quota).await?;
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
        says(
            &entries,
            "org_create_quota",
            json!({ "limit_bytes": 1 << 30, "limit": "1.0 GiB" }),
        );
        says(
            &entries,
            "org_change_quota",
            json!({ "limit": "2.0 GiB", "previous_limit": "1.0 GiB" }),
        );
        says(
            &entries,
            "org_create_quota_limit",
            json!({ "type": "Warning", "threshold_percent": 80 }),
        );
        says(
            &entries,
            "org_delete_quota_limit",
            json!({ "type": "Warning", "threshold_percent": 70 }),
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn changes_of_a_mirror_are_logged() {
    scenario(async |context| {
        let (organization, repository) = context.stage().await?;
        let robot = organization
            .robot("mirror")?
            .create(CreateRobot::new())
            .await?
            .name;
        repository.set_state(RepositoryState::Mirror).await?;
        let start = SyncDate::from(Timestamp::from_date(2026, 12, 1).expect("a date"));
        let body = CreateMirror::new(
            format!("{}/app", context.other_registry()),
            start,
            86_400,
            MirrorRule::tags(["latest"]),
        );
        context
            .mirror(
                &repository,
                body.skopeo_timeout_interval(300).robot_username(&robot),
            )
            .await?;
        repository
            .mirror()
            .update(UpdateMirror::new().is_enabled(false).sync_interval(3600))
            .await?;
        let entries: Vec<_> = repository
            .logs()
            .list()
            .await?
            .into_iter()
            .filter(|e| e.kind.as_str().starts_with("repo_mirror"))
            .collect();
        let changed: Vec<_> = entries
            .iter()
            .filter_map(|e| e.metadata.changed())
            .collect();
        assert!(
            changed.contains(&"sync_interval") && changed.contains(&"is_enabled"),
            "{changed:?} in {:?}",
            kinds(&entries)
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn changes_of_a_user_are_in_the_log_of_the_whole_server() {
    scenario(async |context| {
        let person = context.person("person").await?;
        let account = context.quay().superuser().user(&person.name)?;
        account
            .update(
                UpdateUserAccount::new()
                    .email(context.email("new"))
                    .enabled(false),
            )
            .await?;
        account.delete().await?;
        let organization = context.organization("org").await?;
        organization.delete().await?;
        let entries = context
            .quay()
            .superuser()
            .logs()
            .list()
            .max_pages(20)
            .await?;
        let about = |kind: LogKind| entries.iter().filter(move |e| e.kind == kind);
        let made = about(LogKind::UserCreate)
            .find(|e| e.metadata.username() == Some(person.name.as_str()))
            .expect("it was made");
        assert_eq!(
            (made.metadata.email(), made.metadata.superuser()),
            (
                Some(person.email.as_str()),
                Some(context.me().await?.as_str())
            )
        );
        assert!(
            about(LogKind::UserChangeEmail)
                .any(|e| e.metadata.old_email() == Some(person.email.as_str()))
        );
        assert!(
            about(LogKind::UserDisable)
                .any(|e| e.metadata.username() == Some(person.name.as_str()))
        );
        assert!(
            about(LogKind::UserDelete).any(|e| e.metadata.username() == Some(person.name.as_str()))
        );
        assert!(
            about(LogKind::OrgDelete).any(|e| e.metadata.namespace() == Some(organization.name()))
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_a_superuser_does_to_an_organization_is_logged() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let name = context.name("renamed");
        context.remember_organization(&name);
        context.quay().superuser().organization(organization.name())?.rename(&name).await?;
        let entries = context.quay().organization(&name)?.logs().list().await?;
        assert_eq!(kinds(&entries), ["org_change_name", "org_create"], "the log goes with the organization");
        says(&entries, "org_change_name", json!({ "old_name": organization.name(), "new_name": name, "superuser": context.me().await? }));
        context.quay().superuser().take_ownership(&name).await?;
        let mine = context.quay().me().logs().list().max_pages(5).await?;
        let taken = mine.iter().find(|e| e.kind == LogKind::TakeOwnership && e.metadata.namespace() == Some(name.as_str()));
        assert_eq!(taken.map(|e| e.metadata.was_user()), Some(Some(false)), "in the superuser's own log");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn changes_of_the_callers_own_are_logged() {
    scenario(async |context| {
        let person = context.person("person").await?;
        let theirs = context
            .acting_as(&person, crate::context::ALL_BUT_SUPERUSER)
            .await?;
        let robot = theirs.me().robot("ci")?;
        robot.create(CreateRobot::new()).await?;
        robot.regenerate().await?;
        robot.delete().await?;
        let token = theirs.me().app_tokens().create("laptop").await?;
        theirs.me().app_tokens().revoke(&token.uuid).await?;
        theirs
            .repositories()
            .create(CreateRepository::new("mine", Visibility::Private, ""))
            .await?;
        let entries = theirs.me().logs().list().await?;
        let own: Vec<_> = entries
            .into_iter()
            .filter(|e| e.performer.as_ref().is_some_and(|p| p.name == person.name))
            .collect();
        let own: Vec<_> = own
            .into_iter()
            .filter(|e| !e.kind.as_str().starts_with("login"))
            .collect();
        let expected = [
            "create_app_specific_token",
            "create_repo",
            "create_robot",
            "delete_robot",
            "regenerate_robot_token",
            "revoke_app_specific_token",
        ];
        assert_eq!(kinds(&own), expected);
        says(&own, "create_robot", json!({ "robot": "ci" }));
        let of_token =
            json!({ "app_specific_token": token.uuid, "app_specific_token_title": "laptop" });
        says(&own, "create_app_specific_token", of_token.clone());
        says(&own, "revoke_app_specific_token", of_token);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_log_is_of_the_days_and_people_asked_for() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let day = |days: u64| {
            Timestamp::now()
                .checked_sub(Duration::from_secs(days * 86_400))
                .expect("a day")
        };
        let list = || organization.logs().list();
        assert_eq!(list().since(day(1)).await?.len(), 1);
        assert_eq!(list().since(day(9)).until(day(8)).await?.len(), 0);
        assert_eq!(list().performed_by(&context.me().await?).await?.len(), 1);
        let person = context.person("person").await?;
        assert_eq!(list().performed_by(&person.name).await?.len(), 0);
        let backwards = list()
            .since(day(1))
            .until(day(9))
            .await
            .expect_err("it ends before it begins");
        assert_eq!(
            (backwards.kind(), backwards.status()),
            (ErrorKind::InvalidInput, None),
            "the crate does not even ask"
        );
        let path = format!("/api/v1/organization/{}/logs", organization.name());
        let asked = context
            .quay()
            .request("GET", path)?
            .query("starttime", "12/02/2025")
            .query("endtime", "11/01/2025");
        refused(asked.send_bytes().await, 400, ErrorKind::InvalidRequest, "");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_log_is_counted_by_kind_and_day() {
    scenario(async |context| {
        let (organization, repository) = context.stage().await?;
        repository.describe("one").await?;
        repository.describe("two").await?;
        let yesterday = Timestamp::now()
            .checked_sub(Duration::from_secs(86_400))
            .expect("yesterday");
        let days = Days::new(yesterday, Timestamp::now());
        let mut counts: Vec<_> = repository
            .logs()
            .aggregate(days)
            .await?
            .into_iter()
            .map(|c| (c.kind.as_str().to_owned(), c.count))
            .collect();
        counts.sort();
        assert_eq!(
            counts,
            [
                ("create_repo".to_owned(), 1),
                ("set_repo_description".to_owned(), 2)
            ]
        );
        let whole: i64 = organization
            .logs()
            .aggregate(days)
            .await?
            .iter()
            .map(|c| c.count)
            .sum();
        assert_eq!(whole, 4);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn the_log_of_a_missing_repository_is_missing() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let nowhere = context
            .quay()
            .repository(format!("{}/nosuch", organization.name()))?;
        refused(
            nowhere.logs().list().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        Ok(())
    })
    .await;
}
