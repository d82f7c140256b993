//! Stars of repositories.

use crate::context::{assert_error, scenario};
use quay_api::ErrorKind;

#[tokio::test]
async fn stars_and_unstars_a_repository() {
    scenario(async |context| {
        let (organization, repository) = context.organization_with_repository().await?;
        let starred = repository.star().await?;
        assert_eq!(
            (starred.namespace.as_str(), starred.repository.as_str()),
            (organization.name(), "app")
        );
        assert_eq!(repository.get().await?.is_starred, Some(true));
        let mine = context.quay().me().starred().await?;
        assert!(
            mine.iter()
                .any(|r| r.namespace == organization.name() && r.name == "app")
        );
        let listed = context
            .quay()
            .repositories()
            .list()
            .namespace(organization.name())
            .await?;
        assert_eq!(listed[0].is_starred, Some(true));

        repository.unstar().await?;
        assert_eq!(repository.get().await?.is_starred, Some(false));
        assert!(
            context
                .quay()
                .me()
                .starred()
                .await?
                .iter()
                .all(|r| r.namespace != organization.name())
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn starring_or_unstarring_twice_is_idempotent() {
    scenario(async |context| {
        let (_, repository) = context.organization_with_repository().await?;
        repository.star().await?;
        repository.star().await?;
        let mine = context.quay().me().starred().await?;
        assert_eq!(
            mine.iter()
                .filter(|r| r.namespace == repository.name().namespace())
                .count(),
            1
        );
        repository.unstar().await?;
        repository.unstar().await?;
        assert_eq!(repository.get().await?.is_starred, Some(false));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn missing_repository_cannot_be_starred() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let nowhere = context
            .quay()
            .repository(format!("{}/nosuch", organization.name()))?;
        let starred = nowhere.star().await;
        assert!(
            starred.as_ref().is_err_and(quay_api::Error::is_not_found),
            "{starred:?}"
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn stars_belong_to_the_user() {
    scenario(async |context| {
        let (_, repository) = context.organization_with_repository().await?;
        let reader = context
            .with_scopes("repo:read")
            .await?
            .repository(repository.name().clone())?;
        assert_error(
            reader.star().await,
            403,
            ErrorKind::InsufficientScope,
            "Unauthorized",
        );
        assert_error(
            reader.unstar().await,
            403,
            ErrorKind::InsufficientScope,
            "Unauthorized",
        );
        let error = reader.star().await.expect_err("refused");
        assert_eq!(error.required_scope(), Some("user:admin"));
        let account = context
            .with_scopes("user:admin")
            .await?
            .repository(repository.name().clone())?;
        account.star().await?;
        assert_eq!(repository.get().await?.is_starred, Some(true));
        account.unstar().await?;
        Ok(())
    })
    .await;
}
