//! Accounts: what a success or an error response of their operations means.

use crate::context::{ALL_BUT_SUPERUSER, assert_status, scenario, skip};
use quay_api::types::{CreateOrganization, UpdateUserAccount};
use serde_json::json;

#[tokio::test]
async fn deleting_a_disabled_user_does_nothing() {
    scenario(async |context| {
        let user = context.user("person").await?;
        let path = format!("/superuser/users/{}", user.name);
        context.put(&path, json!({"enabled": false})).await?;
        assert_eq!(context.delete(&path).await?, None);
        let seen = context.get(&path).await?.expect("the user");
        assert_eq!(
            (&seen["username"], &seen["enabled"]),
            (&json!(user.name), &json!(false))
        );
        context.put(&path, json!({"enabled": true})).await?;
        context.delete(&path).await?;
        assert_status(context.get(&path).await, 404, "Not Found");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn changing_a_user_returns_the_state_before() {
    scenario(async |context| {
        let user = context.user("person").await?;
        let path = format!("/superuser/users/{}", user.name);
        let before = context.get(&path).await?.expect("the user");
        let body = json!({"enabled": false, "email": context.email("new")});
        let changed = context.put(&path, body).await?.expect("the user");
        let after = context.get(&path).await?.expect("the user");
        assert_eq!(
            (&changed["enabled"], &after["enabled"]),
            (&json!(true), &json!(false))
        );
        assert_eq!(
            changed["email"], after["email"],
            "the response already has the new email address"
        );
        assert_eq!(
            changed["avatar"], before["avatar"],
            "from which the avatar is computed"
        );
        assert_ne!(changed["avatar"], after["avatar"]);
        context.put(&path, json!({"enabled": true})).await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn reports_an_invalid_user_with_400_and_the_reason() {
    scenario(async |context| {
        let (user, organization) = (
            context.user("person").await?,
            context.organization("org").await?,
        );
        let create = async |name: &str, email: String| {
            let body = json!({"username": name, "email": email});
            context.post("/superuser/users/", body).await
        };
        let other = context.name("other");
        context.track_user(&other);
        let taken = create(&user.name, context.email("other")).await;
        assert_status(taken, 400, "Username has already been taken by user");
        let of_organization = create(organization.name(), context.email("other")).await;
        assert_status(
            of_organization,
            400,
            "Username has already been taken by an organization",
        );
        // The message depends on the mail settings of the server.
        assert_status(create(&other, user.email.clone()).await, 400, "already");
        assert_status(
            context.get(format!("/superuser/users/{other}")).await,
            404,
            "",
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn organization_cannot_have_the_name_of_a_user() {
    scenario(async |context| {
        let user = context.user("person").await?;
        let body = json!({"name": user.name, "email": context.email("other")});
        let created = context.post("/organization/", body).await;
        assert_status(
            created,
            400,
            "A user or organization with this name already exists",
        );
        let seen = context.get(format!("/organization/{}", user.name)).await;
        assert_status(seen, 404, "Not Found");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn name_of_a_deleted_namespace_is_reserved_for_a_while() {
    scenario(async |context| {
        let (user, organization) = (
            context.user("person").await?,
            context.organization("org").await?,
        );
        let paths = [
            format!("/superuser/users/{}", user.name),
            format!("/organization/{}", organization.name()),
        ];
        for (path, name) in paths.iter().zip([user.name.as_str(), organization.name()]) {
            context.track_organization(name);
            context.delete(path).await?;
            let body = json!({"name": name, "email": context.email("other")});
            let created = context.post("/organization/", body).await;
            if context.is_real() && created.is_ok() {
                return skip("the server collected its garbage at once");
            }
            assert_status(created, 400, "Username is not available");
            assert_status(context.get(path).await, 404, "Not Found");
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn only_administrator_cannot_delete_their_account() {
    scenario(async |context| {
        let user = context.user("person").await?;
        let theirs = context.acting_as(&user, ALL_BUT_SUPERUSER).await?;
        let name = context.name("theirs");
        context.track_organization(&name);
        theirs
            .organizations()
            .create(CreateOrganization::new(&name).email(context.email("theirs")))
            .await?;
        let deleted = theirs
            .request("DELETE", "/api/v1/user/")?
            .send_bytes()
            .await;
        let reason = format!("as you are the only admin for organizations: {name}");
        assert_status(deleted, 400, &reason);
        let account = context.quay().superuser().user(&user.name)?;
        account
            .update(UpdateUserAccount::new().enabled(true))
            .await?;
        assert_eq!(account.get().await?.username, user.name);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn removing_a_user_who_is_not_a_member_succeeds() {
    scenario(async |context| {
        let (user, organization) = (
            context.user("person").await?,
            context.organization("org").await?,
        );
        let members = format!("/organization/{}/members", organization.name());
        let removed = context.delete(format!("{members}/{}", user.name)).await?;
        assert_eq!(removed, None);
        let nobody = context
            .delete(format!("{members}/{}", context.name("nobody")))
            .await;
        assert_status(nobody, 404, "Not Found");
        let owner = context
            .delete(format!("{members}/{}", context.me().await?))
            .await;
        assert_status(owner, 400, "the only organization admin");
        Ok(())
    })
    .await;
}
