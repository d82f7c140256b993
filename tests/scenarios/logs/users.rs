//! Entries of changes to users and to what belongs to them.

use super::{assert_metadata, kinds};
use crate::context::scenario;
use quay_api::types::*;
use serde_json::json;

#[tokio::test]
async fn logs_changes_of_a_user_server_wide() {
    scenario(async |context| {
        context
            .requires_release("3.9", "it logs no changes of organizations and users")
            .await?;
        let user = context.user("person").await?;
        let account = context.quay().superuser().user(&user.name)?;
        account
            .update(
                UpdateUserAccount::new()
                    .email(context.email("new"))
                    .enabled(false),
            )
            .await?;
        // The server keeps a disabled user.
        account
            .update(UpdateUserAccount::new().enabled(true))
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
        let created = about(LogKind::UserCreate)
            .find(|e| e.metadata.username() == Some(user.name.as_str()))
            .expect("it was made");
        assert_eq!(
            (created.metadata.email(), created.metadata.superuser()),
            (
                Some(user.email.as_str()),
                Some(context.me().await?.as_str())
            )
        );
        assert!(
            about(LogKind::UserChangeEmail)
                .any(|e| e.metadata.old_email() == Some(user.email.as_str()))
        );
        assert!(
            about(LogKind::UserDisable).any(|e| e.metadata.username() == Some(user.name.as_str()))
        );
        assert!(
            about(LogKind::UserDelete).any(|e| e.metadata.username() == Some(user.name.as_str()))
        );
        assert!(
            about(LogKind::OrgDelete).any(|e| e.metadata.namespace() == Some(organization.name()))
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn logs_changes_of_the_callers_account() {
    scenario(async |context| {
        let user = context.user("person").await?;
        let theirs = context
            .acting_as(&user, crate::context::ALL_BUT_SUPERUSER)
            .await?;
        let me = theirs.me();
        let robot = me.robot("ci")?;
        me.robots().create("ci", CreateRobot::new()).await?;
        robot.regenerate().await?;
        robot.delete().await?;
        let token = theirs.me().app_tokens().create("laptop").await?;
        theirs.me().app_token(&token.uuid)?.delete().await?;
        theirs
            .repositories()
            .create(CreateRepository::new("mine", Visibility::Private, ""))
            .await?;
        let entries = theirs.me().logs().list().await?;
        let own: Vec<_> = entries
            .into_iter()
            .filter(|e| e.performer.as_ref().is_some_and(|p| p.name == user.name))
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
        assert_metadata(&own, "create_robot", json!({ "robot": "ci" }));
        let of_token =
            json!({ "app_specific_token": token.uuid, "app_specific_token_title": "laptop" });
        assert_metadata(&own, "create_app_specific_token", of_token.clone());
        assert_metadata(&own, "revoke_app_specific_token", of_token);
        Ok(())
    })
    .await;
}
