//! Entries of changes to users and to what belongs to them.

use super::{kinds, says};
use crate::context::scenario;
use quay_api::types::*;
use serde_json::json;

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
