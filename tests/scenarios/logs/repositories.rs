//! Entries of changes to a repository, its tags and its mirror.

use super::{assert_metadata, kinds};
use crate::context::scenario;
use quay_api::types::*;
use serde_json::{Value, json};
use std::time::Duration;

#[tokio::test]
async fn logs_changes_of_a_repository() {
    scenario(async |context| {
        context
            .requires_release("3.9", "it logs no changes of organizations and users")
            .await?;
        let (organization, repository) = context.organization_with_repository().await?;
        let user = context.user("person").await?;
        organization
            .teams()
            .create("devs", CreateTeam::new(TeamRole::Member))
            .await?;
        repository.set_description("New").await?;
        repository.set_visibility(Visibility::Public).await?;
        repository.set_state(RepositoryState::ReadOnly).await?;
        repository.set_state(RepositoryState::Normal).await?;
        repository
            .user_permission(&user.name)?
            .set(RepositoryRole::Read)
            .await?;
        repository
            .team_permission("devs")?
            .set(RepositoryRole::Write)
            .await?;
        repository.user_permission(&user.name)?.delete().await?;
        repository.team_permission("devs")?.delete().await?;
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
        assert_eq!(kinds(&entries), expected, "a star is not logged");
        let here = |mut more: Value| {
            more["repo"] = "app".into();
            more["namespace"] = organization.name().into();
            more
        };
        assert_metadata(&entries, "create_repo", here(json!({})));
        assert_metadata(
            &entries,
            "set_repo_description",
            here(json!({ "description": "New" })),
        );
        assert_metadata(
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
            "the organization's log also has these entries, its own and those of the team"
        );

        repository.delete().await?;
        let after = organization.logs().list().await?;
        assert_metadata(&after, "delete_repo", here(json!({})));
        assert!(
            kinds(&after).contains(&"create_repo"),
            "its log entries are kept"
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn logs_changes_of_tags_and_labels() {
    scenario(async |context| {
        context.requires(&["removeTagFromTimemachine"]).await?;
        let (_, repository) = context.organization_with_repository().await?;
        let (one, two) = (
            context.push(&repository, "one").await?,
            context.push(&repository, "two").await?,
        );
        let tag = repository.tag("moving")?;
        tag.point_to(&one).await?;
        tag.point_to(&two).await?;
        let tomorrow = Timestamp::now()
            .checked_add(Duration::from_secs(86_400))
            .expect("tomorrow");
        tag.set_expiration(Some(tomorrow)).await?;
        tag.delete().await?;
        tag.restore(&two).await?;
        tag.delete().await?;
        tag.delete_permanently(ExpireTag::new().manifest_digest(two.as_str()))
            .await?;
        let labels = repository.manifest(&one)?.labels();
        let label = labels
            .create(CreateLabel::new(
                "team",
                "platform",
                LabelMediaType::TextPlain,
            ))
            .await?;
        repository
            .manifest(&one)?
            .label(&label.id)?
            .delete()
            .await?;
        let entries: Vec<_> = repository
            .logs()
            .list()
            .await?
            .into_iter()
            .filter(|e| !e.kind.as_str().starts_with("push_"))
            .collect();
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
        assert_metadata(
            &entries,
            "create_tag",
            of_tag(json!({ "manifest_digest": one.as_str() })),
        );
        assert_metadata(
            &entries,
            "move_tag",
            of_tag(json!({
                "manifest_digest": two.as_str(),
                "original_manifest_digest": one.as_str(),
            })),
        );
        assert_metadata(
            &entries,
            "revert_tag",
            of_tag(json!({ "manifest_digest": two.as_str() })),
        );
        assert_metadata(&entries, "delete_tag", of_tag(json!({})));
        assert_metadata(
            &entries,
            "permanently_delete_tag",
            of_tag(json!({
                "manifest_digest": two.as_str(),
            })),
        );
        let expiring = entries
            .iter()
            .find(|e| e.kind == LogKind::ChangeTagExpiration)
            .expect("the change of the expiration is logged");
        assert_eq!(
            expiring
                .metadata
                .expiration_date()
                .map(Timestamp::unix_seconds),
            Some(tomorrow.unix_seconds())
        );
        let of_label = json!({
            "id": label.id,
            "key": "team",
            "value": "platform",
            "manifest_digest": one.as_str(),
        });
        assert_metadata(&entries, "manifest_label_add", of_label.clone());
        assert_metadata(&entries, "manifest_label_delete", of_label);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn logs_changes_of_a_mirror() {
    scenario(async |context| {
        let (organization, repository) = context.organization_with_repository().await?;
        let robot = organization
            .robots()
            .create("mirror", CreateRobot::new())
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
            .mirror(&repository, body.robot_username(&robot))
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
