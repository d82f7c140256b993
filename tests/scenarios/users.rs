//! Users, managed by a superuser.

use crate::context::{ALL_BUT_SUPERUSER, assert_error, scenario};
use quay_api::ErrorKind;
use quay_api::types::{CreateUser, UpdateUserAccount};

#[tokio::test]
async fn creates_reads_and_deletes_a_user() {
    scenario(async |context| {
        let user = context.user("person").await?;
        assert_eq!(user.password.expose().len(), 32);
        let account = context.quay().superuser().user(&user.name)?;
        let seen = account.get().await?;
        assert_eq!(
            (&seen.username, seen.email.as_ref()),
            (&user.name, Some(&user.email))
        );
        assert_eq!((seen.enabled, seen.super_user), (Some(true), Some(false)));
        let all = context.users().await?;
        assert_eq!(all.iter().filter(|u| u.username == user.name).count(), 1);
        let public = context.anonymous()?.user(&user.name)?.get().await?;
        assert_eq!(
            (&public.username, public.anonymous, public.email.as_ref()),
            (&user.name, Some(false), None),
            "other users cannot read the address"
        );
        account.delete().await?;
        assert_error(account.get().await, 404, ErrorKind::NotFound, "Not Found");
        assert_eq!(account.get_opt().await?, None);
        assert_error(
            account.delete().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        assert_error(
            context.quay().user(&user.name)?.get().await,
            404,
            ErrorKind::NotFound,
            "not found",
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn refuses_a_duplicate_user_name_or_address() {
    scenario(async |context| {
        let user = context.user("person").await?;
        let users = context.quay().superuser().users();
        let again = || CreateUser::new(&user.name).email(context.email("other"));
        assert_error(
            users.create(again()).await,
            400,
            ErrorKind::AlreadyExists,
            "already",
        );
        assert!(users.create_if_absent(again()).await?.is_none());
        let other = context.name("other");
        context.track_user(&other);
        assert_error(
            users
                .create(CreateUser::new(&other).email(&user.email))
                .await,
            400,
            ErrorKind::Conflict,
            "already",
        );
        let other = CreateUser::new(&other).email(&user.email);
        let absent = users.create_if_absent(other).await;
        assert!(
            absent.is_err_and(|e| e.is_conflict()),
            "there is no such user"
        );
        let organization = context.organization("org").await?;
        let taken = CreateUser::new(organization.name()).email(context.email("third"));
        assert_error(
            users.create(taken).await,
            400,
            ErrorKind::AlreadyExists,
            "already",
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn refuses_invalid_user_names() {
    scenario(async |context| {
        let users = context.quay().superuser().users();
        for name in ["a".to_owned(), context.name("Upper")] {
            let created = users
                .create(CreateUser::new(&name).email(context.email("bad")))
                .await;
            assert_error(created, 400, ErrorKind::InvalidRequest, "Invalid namespace");
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn updates_and_disables_a_user() {
    scenario(async |context| {
        let user = context.user("person").await?;
        let account = context.quay().superuser().user(&user.name)?;
        let changed = account
            .update(UpdateUserAccount::new().email(context.email("new")))
            .await?;
        assert_eq!(changed.email, Some(context.email("new")));
        account
            .update(
                UpdateUserAccount::new()
                    .password("a-new-password")
                    .enabled(false),
            )
            .await?;
        assert_eq!(account.get().await?.enabled, Some(false));
        let enabled = context.quay().superuser().users().list().enabled().await?;
        assert!(
            enabled.iter().all(|u| u.username != user.name),
            "a disabled user is not in the list of enabled ones"
        );
        assert!(
            context
                .users()
                .await?
                .iter()
                .any(|u| u.username == user.name)
        );
        let short = account
            .update(UpdateUserAccount::new().password("short"))
            .await;
        assert_error(
            short,
            400,
            ErrorKind::InvalidRequest,
            "Invalid password, password must be at least 8 characters",
        );
        account
            .update(UpdateUserAccount::new().enabled(true))
            .await?;
        assert_eq!(account.get().await?.enabled, Some(true));
        let stranger = context.quay().superuser().user(context.name("stranger"))?;
        assert_error(
            stranger
                .update(UpdateUserAccount::new().enabled(true))
                .await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn refuses_to_change_or_delete_a_superuser() {
    scenario(async |context| {
        let me = context.quay().superuser().user(context.me().await?)?;
        assert_error(
            me.delete().await,
            400,
            ErrorKind::InvalidRequest,
            "Cannot delete a superuser",
        );
        assert_error(
            me.update(UpdateUserAccount::new().enabled(true)).await,
            400,
            ErrorKind::InvalidRequest,
            "Cannot update a superuser",
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn disabled_user_has_no_token() {
    scenario(async |context| {
        let user = context.user("person").await?;
        let theirs = context.acting_as(&user, "user:read").await?;
        assert_eq!(theirs.me().get().await?.username, user.name);
        context
            .quay()
            .superuser()
            .user(&user.name)?
            .update(UpdateUserAccount::new().enabled(false))
            .await?;
        assert!(theirs.me().get().await.is_err());
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn superuser_takes_over_a_namespace() {
    scenario(async |context| {
        let user = context.user("person").await?;
        let theirs = context.acting_as(&user, ALL_BUT_SUPERUSER).await?;
        let name = context.name("theirs");
        context.track_organization(&name);
        theirs
            .organizations()
            .create(quay_api::types::CreateOrganization::new(&name).email(context.email("theirs")))
            .await?;
        let owners = context
            .quay()
            .organization(&name)?
            .team("owners")?
            .members();
        assert_eq!(
            context
                .quay()
                .superuser()
                .take_ownership(&name)
                .await?
                .namespace,
            name
        );
        let mut names: Vec<_> = owners
            .list()
            .await?
            .into_iter()
            .filter_map(|m| m.name)
            .collect();
        names.sort();
        let mut expected = vec![user.name.clone(), context.me().await?];
        expected.sort();
        assert_eq!(names, expected);
        assert_error(
            context
                .quay()
                .superuser()
                .take_ownership(context.name("nowhere"))
                .await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        Ok(())
    })
    .await;
}
