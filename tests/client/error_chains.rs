//! The chain of an error and its sources, which programs print one after the other.

use quay_api::testing::Sandbox;
use quay_api::testing::seed::Seed;
use quay_api::types::{
    AutoPruneMethod, CreateNotification, HipchatTarget, NotificationEvent, NotificationEventConfig,
    RepositoryRole, SetAutoPrunePolicy, SetImmutabilityPolicy, SetQuota,
};
use quay_api::{Error, Result};
use std::error::Error as _;

/// Returns the messages of an error and of its sources.
fn chain(error: &Error) -> Vec<String> {
    let mut messages = vec![error.to_string()];
    let mut source = error.source();
    while let Some(error) = source {
        messages.push(error.to_string());
        source = error.source();
    }
    messages
}

/// Checks that no source repeats what an error before it says after the operation.
#[track_caller]
fn says_all_once(error: &Error) {
    let chain = chain(error);
    for (index, source) in chain.iter().enumerate().skip(1) {
        let statement = source.rsplit(": ").next().unwrap_or(source);
        assert!(
            chain[..index].iter().all(|it| !it.contains(statement)),
            "{statement:?} is repeated in {chain:?}"
        );
    }
}

#[tokio::test]
async fn a_missing_parent_is_stated_once() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    sandbox.seed(&Seed::new().user("bob").organization("acme"))?;
    let quay = sandbox.quay();
    let (nowhere, nobody) = (
        quay.repository("acme/nosuch")?,
        quay.organization("nosuch")?,
    );
    let target = HipchatTarget::new("room", "token".into());
    let event = NotificationEvent::RepoPush;
    let notification = CreateNotification::new(event, NotificationEventConfig::new(), target);
    let policy = SetAutoPrunePolicy::new(AutoPruneMethod::NumberOfTags, 5);
    let immutability = SetImmutabilityPolicy::new("v.*");
    let (users, teams) = (nowhere.user_permissions(), nowhere.team_permissions());
    let quota = || SetQuota::new().limit("1 GiB");
    let errors = [
        users.ensure("bob", RepositoryRole::Read).await.map(drop),
        users.list().await.map(drop),
        teams.ensure("owners", RepositoryRole::Read).await.map(drop),
        teams.list().await.map(drop),
        nowhere.notifications().list().await.map(drop),
        nowhere.notifications().ensure(notification).await.map(drop),
        nowhere.autoprune_policies().list().await.map(drop),
        nowhere.autoprune_policies().ensure(policy).await.map(drop),
        nowhere
            .immutability_policies()
            .ensure(immutability)
            .await
            .map(drop),
        nowhere.triggers().list().await.map(drop),
        nowhere.tags().list().await.map(drop),
        nobody.robots().list().await.map(drop),
        nobody.repositories().list().await.map(drop),
        nobody.teams().list().await.map(drop),
        nobody.quotas().ensure(quota()).await.map(drop),
        quay.superuser()
            .organization("nosuch")?
            .quotas()
            .ensure(quota())
            .await
            .map(drop),
        quay.repositories()
            .list()
            .namespace("nosuch")
            .await
            .map(drop),
    ];
    let mut missing = 0;
    for error in errors.into_iter().filter_map(Result::err) {
        assert!(error.is_not_found(), "{error}");
        says_all_once(&error);
        missing += usize::from(error.to_string().contains("there is no "));
    }
    assert!(missing > 8, "{missing} errors name the missing parent");
    Ok(())
}

#[tokio::test]
async fn a_missing_repository_of_tags_is_named() -> Result<()> {
    let sandbox = Sandbox::demo().await?;
    let nowhere = sandbox.quay().repository("acme/nosuch")?;
    for error in [
        nowhere.tags().list().await.unwrap_err(),
        nowhere.tag("v1")?.get().await.unwrap_err(),
    ] {
        assert_eq!(
            error.to_string(),
            "listRepoTags acme/nosuch: 404: there is no repository acme/nosuch"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_missing_manifest_is_named() -> Result<()> {
    let sandbox = Sandbox::demo().await?;
    let digest = format!("sha256:{}", "0".repeat(64));
    let tag = sandbox.quay().repository("acme/web")?.tag("v1.0.0")?;
    let expected = format!("404: there is no manifest {digest} in acme/web, or no such repository");
    for (operation, result) in [
        ("changeTag", tag.point_to(digest.as_str()).await),
        ("restoreTag", tag.restore(digest.as_str()).await),
    ] {
        let error = result.unwrap_err();
        assert!(error.is_not_found() && !error.may_have_been_done());
        assert_eq!(
            error.to_string(),
            format!("{operation} acme/web:v1.0.0: {expected}")
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_missing_scope_for_the_own_account_is_named() -> Result<()> {
    let sandbox = Sandbox::demo().await?;
    let quay = sandbox.token("alice").scopes(["repo:read"]).quay()?;
    let error = quay.me().get().await.unwrap_err();
    assert!(error.is_unauthenticated());
    assert!(
        error.to_string().ends_with(
            "(the token is missing, wrong, expired or revoked, or lacks the scope user:read)"
        ),
        "{error}"
    );
    Ok(())
}
