//! Repositories: creation, description, visibility, read-only state, deletion.

use crate::context::{assert_error, scenario};
use quay_api::ErrorKind;
use quay_api::api::GetRepository;
use quay_api::types::{CreateRepository, RepositoryKind, RepositoryState, Visibility};

#[tokio::test]
async fn creates_and_reads_a_repository() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let body = CreateRepository::new("app", Visibility::Public, "What it is")
            .namespace(organization.name());
        let created = context.quay().repositories().create(body).await?;
        assert_eq!(
            (
                created.namespace.as_str(),
                created.name.as_str(),
                created.kind
            ),
            (organization.name(), "app", Some(RepositoryKind::Image))
        );
        let repository = context
            .quay()
            .repository(format!("{}/app", organization.name()))?;
        let seen = repository.get().await?;
        assert_eq!(
            (seen.namespace.as_str(), seen.name.as_str()),
            (organization.name(), "app")
        );
        assert_eq!(
            (seen.is_public, seen.description.as_deref()),
            (true, Some("What it is"))
        );
        assert_eq!(
            (
                seen.can_write,
                seen.can_admin,
                seen.is_organization,
                seen.is_starred
            ),
            (Some(true), Some(true), Some(true), Some(false))
        );
        assert_eq!(seen.state, Some(RepositoryState::Normal));
        assert_eq!(
            (seen.tags, seen.stats),
            (None, None),
            "tags and activity only on request"
        );
        let seen = repository
            .get_with(GetRepository::new().with_tags().with_activity())
            .await?;
        assert_eq!(seen.tags.map(|t| t.len()), Some(0));
        assert!(seen.stats.is_some());
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn refuses_a_duplicate_repository() {
    scenario(async |context| {
        let (organization, repository) = context.organization_with_repository().await?;
        let body = || {
            CreateRepository::new("app", Visibility::Public, "Another")
                .namespace(organization.name())
        };
        assert_error(
            context.quay().repositories().create(body()).await,
            400,
            ErrorKind::AlreadyExists,
            "Repository already exists",
        );
        assert_eq!(
            context
                .quay()
                .repositories()
                .create_if_absent(body())
                .await?,
            None
        );
        assert!(
            !repository.get().await?.is_public,
            "the first one is unchanged"
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn refuses_invalid_repository_names() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        for name in ["UPPER", "-dash"] {
            let body =
                CreateRepository::new(name, Visibility::Public, "").namespace(organization.name());
            assert_error(
                context.quay().repositories().create(body).await,
                400,
                ErrorKind::InvalidRequest,
                "Invalid repository name",
            );
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn repository_names_may_contain_slashes() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let repository = context.repository(&organization, "team/app").await?;
        assert_eq!(repository.get().await?.name, "team/app");
        repository.set_description("Nested").await?;
        assert_eq!(
            repository.get().await?.description.as_deref(),
            Some("Nested")
        );
        let listed = context
            .quay()
            .repositories()
            .list()
            .namespace(organization.name())
            .await?;
        assert_eq!(
            listed.iter().map(|r| r.name.as_str()).collect::<Vec<_>>(),
            ["team/app"]
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn refuses_a_repository_in_a_missing_namespace() {
    scenario(async |context| {
        // Not as a superuser with full access: there, Quay itself fails on the missing namespace.
        let quay = context.with_scopes("repo:create").await?;
        let body = CreateRepository::new("app", Visibility::Private, "")
            .namespace(context.name("nowhere"));
        assert_error(
            quay.repositories().create(body).await,
            403,
            ErrorKind::InsufficientScope,
            "Unauthorized",
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn repository_without_namespace_belongs_to_the_caller() {
    scenario(async |context| {
        let me = context.me().await?;
        let name = context.name("mine");
        context.track_repository(&format!("{me}/{name}"));
        let created = context
            .quay()
            .repositories()
            .create(CreateRepository::new(&name, Visibility::Private, ""))
            .await?;
        assert_eq!(created.namespace, me);
        let seen = context
            .quay()
            .repository(format!("{me}/{name}"))?
            .get()
            .await?;
        assert_eq!(seen.is_organization, Some(false));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn updates_the_description() {
    scenario(async |context| {
        let (_, repository) = context.organization_with_repository().await?;
        repository.set_description("New *text*").await?;
        assert_eq!(
            repository.get().await?.description.as_deref(),
            Some("New *text*")
        );
        repository.set_description("").await?;
        assert_eq!(repository.get().await?.description.unwrap_or_default(), "");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn changes_visibility() {
    scenario(async |context| {
        let (_, repository) = context.organization_with_repository().await?;
        let anonymous = context.anonymous()?.repository(repository.name().clone())?;
        assert_error(
            anonymous.get().await,
            401,
            ErrorKind::Unauthenticated,
            "Requires authentication",
        );
        repository.set_visibility(Visibility::Public).await?;
        assert!(repository.get().await?.is_public);
        let seen = anonymous.get().await?;
        assert_eq!((seen.can_write, seen.can_admin), (Some(false), Some(false)));
        repository.set_visibility(Visibility::Private).await?;
        assert_error(
            anonymous.get().await,
            401,
            ErrorKind::Unauthenticated,
            "Requires authentication",
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn read_only_repository_refuses_writes() {
    scenario(async |context| {
        let (_, repository) = context.organization_with_repository().await?;
        repository.set_state(RepositoryState::ReadOnly).await?;
        assert_eq!(
            repository.get().await?.state,
            Some(RepositoryState::ReadOnly)
        );
        let digest = format!("sha256:{}", "0".repeat(64));
        let moved = repository.tag("latest")?.point_to(&digest).await;
        assert_error(
            moved,
            503,
            ErrorKind::RepositoryReadOnly,
            "Repository is in read only or mirror mode",
        );
        repository
            .set_description("Descriptions may change")
            .await?;
        repository.set_state(RepositoryState::Normal).await?;
        assert_error(
            repository.tag("latest")?.point_to(&digest).await,
            404,
            ErrorKind::NotFound,
            "there is no manifest",
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn deleted_repository_is_not_found() {
    scenario(async |context| {
        let (organization, repository) = context.organization_with_repository().await?;
        repository.delete().await?;
        assert_error(
            repository.get().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        assert_eq!(repository.get_opt().await?, None);
        assert_eq!(
            context
                .quay()
                .repositories()
                .list()
                .namespace(organization.name())
                .await?,
            []
        );
        let again = repository.delete().await;
        assert!(again.is_err_and(|e| e.is_not_found()));
        assert!(!repository.delete_if_exists().await?);
        context.repository(&organization, "app").await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn contents_of_a_missing_repository_are_not_found() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let nowhere = context
            .quay()
            .repository(format!("{}/nosuch", organization.name()))?;
        assert_error(
            nowhere.set_description("x").await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        assert_error(
            nowhere.set_state(RepositoryState::ReadOnly).await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        assert_error(
            nowhere.tags().list().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        assert_error(
            nowhere.logs().list().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn lists_repositories_with_the_requested_fields() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        for name in ["beta", "alpha"] {
            context.repository(&organization, name).await?;
        }
        context
            .quay()
            .repository(format!("{}/beta", organization.name()))?
            .set_visibility(Visibility::Public)
            .await?;
        let list = || {
            context
                .quay()
                .repositories()
                .list()
                .namespace(organization.name())
        };
        let plain = list().await?;
        assert_eq!(
            plain.iter().map(|r| r.name.as_str()).collect::<Vec<_>>(),
            ["beta", "alpha"],
            "in the order in which they were made"
        );
        assert_eq!(
            plain.iter().map(|r| r.is_public).collect::<Vec<_>>(),
            [true, false]
        );
        assert!(
            plain
                .iter()
                .all(|r| r.last_modified.is_none() && r.popularity.is_none())
        );
        let full = list().with_popularity().with_last_modified().await?;
        assert!(full.iter().all(|r| r.popularity.is_some()));
        assert_eq!(list().kind(RepositoryKind::Application).await?, []);
        let public = context
            .anonymous()?
            .repositories()
            .list()
            .namespace(organization.name())
            .await?;
        assert_eq!(
            public.iter().map(|r| r.name.as_str()).collect::<Vec<_>>(),
            ["beta"],
            "other users find only public data"
        );
        Ok(())
    })
    .await;
}
