//! Users, as a superuser sees them.

use crate::context::{ALL_BUT_SUPERUSER, refused, scenario};
use quay_api::ErrorKind;
use quay_api::types::{CreateUser, UpdateUserAccount};

#[tokio::test]
async fn a_user_is_made_seen_and_deleted() {
    scenario(async |context| {
        let person = context.person("person").await?;
        assert_eq!(person.password.expose().len(), 32);
        let account = context.quay().superuser().user(&person.name)?;
        let seen = account.get().await?;
        assert_eq!(
            (&seen.username, seen.email.as_ref()),
            (&person.name, Some(&person.email))
        );
        assert_eq!((seen.enabled, seen.super_user), (Some(true), Some(false)));
        let all = context.users().await?;
        assert_eq!(all.iter().filter(|u| u.username == person.name).count(), 1);
        let public = context.anonymous()?.user(&person.name).await?;
        assert_eq!(
            (&public.username, public.anonymous, public.email.as_ref()),
            (&person.name, Some(false), None),
            "others see no address"
        );
        account.delete().await?;
        refused(account.get().await, 404, ErrorKind::NotFound, "Not Found");
        assert_eq!(account.get_opt().await?, None);
        refused(
            account.delete().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        refused(
            context.quay().user(&person.name).await,
            404,
            ErrorKind::NotFound,
            "not found",
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_second_user_of_the_name_or_address_is_refused() {
    scenario(async |context| {
        let person = context.person("person").await?;
        let users = context.quay().superuser().users();
        let again = || CreateUser::new(&person.name).email(context.email("other"));
        refused(
            users.create(again()).await,
            400,
            ErrorKind::AlreadyExists,
            "already",
        );
        assert!(users.create_if_absent(again()).await?.is_none());
        let other = context.name("other");
        context.remember_user(&other);
        refused(
            users
                .create(CreateUser::new(&other).email(&person.email))
                .await,
            400,
            ErrorKind::AlreadyExists,
            "already",
        );
        let organization = context.organization("org").await?;
        let taken = CreateUser::new(organization.name()).email(context.email("third"));
        refused(
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
async fn a_bad_name_for_a_user_is_refused() {
    scenario(async |context| {
        let users = context.quay().superuser().users();
        for name in ["a".to_owned(), context.name("Upper")] {
            let made = users
                .create(CreateUser::new(&name).email(context.email("bad")))
                .await;
            refused(made, 400, ErrorKind::InvalidRequest, "Invalid namespace");
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_user_is_changed_and_disabled() {
    scenario(async |context| {
        let person = context.person("person").await?;
        let account = context.quay().superuser().user(&person.name)?;
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
            enabled.iter().all(|u| u.username != person.name),
            "who is disabled is not among the enabled"
        );
        assert!(
            context
                .users()
                .await?
                .iter()
                .any(|u| u.username == person.name)
        );
        let short = account
            .update(UpdateUserAccount::new().password("short"))
            .await;
        refused(
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
        refused(
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
async fn a_superuser_stays() {
    scenario(async |context| {
        let me = context.quay().superuser().user(context.me().await?)?;
        refused(
            me.delete().await,
            400,
            ErrorKind::InvalidRequest,
            "Cannot delete a superuser",
        );
        refused(
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
async fn a_disabled_user_has_no_token() {
    scenario(async |context| {
        let person = context.person("person").await?;
        let theirs = context.acting_as(&person, "user:read").await?;
        assert_eq!(theirs.me().get().await?.username, person.name);
        context
            .quay()
            .superuser()
            .user(&person.name)?
            .update(UpdateUserAccount::new().enabled(false))
            .await?;
        assert!(theirs.me().get().await.is_err());
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_namespace_is_taken_over() {
    scenario(async |context| {
        let person = context.person("person").await?;
        let theirs = context.acting_as(&person, ALL_BUT_SUPERUSER).await?;
        let name = context.name("theirs");
        context.remember_organization(&name);
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
        let mut expected = vec![person.name.clone(), context.me().await?];
        expected.sort();
        assert_eq!(names, expected);
        refused(
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
