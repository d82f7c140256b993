//! Repositories that are filled from another registry.

use crate::context::{TestContext, TestError, TestResult, assert_error, scenario};
use quay_api::ErrorKind;
use quay_api::api::RepositoryHandle;
use quay_api::types::{
    CreateMirror, CreateRobot, MirrorRule, RepositoryState, SyncDate, SyncStatus, Timestamp,
    UpdateMirror,
};

fn start() -> SyncDate {
    SyncDate::from(Timestamp::from_date(2026, 12, 1).expect("a date"))
}

/// A mirror of a repository of the server itself, because Quay requires a host that resolves.
fn mirror(context: &TestContext, robot: &str) -> CreateMirror {
    CreateMirror::new(
        format!("{}/library/app", context.other_registry()),
        start(),
        86_400,
        MirrorRule::tags(["latest", "v*"]),
    )
    .robot_username(robot)
}

/// A repository in the state `MIRROR` without settings, and the robot account for it.
async fn organization_with_repository(
    context: &TestContext,
) -> TestResult<(RepositoryHandle, String)> {
    let (organization, repository) = context.organization_with_repository().await?;
    let robot = organization
        .robots()
        .create("mirror", CreateRobot::new())
        .await?
        .name;
    repository.set_state(RepositoryState::Mirror).await?;
    Ok((repository, robot.to_string()))
}

#[tokio::test]
async fn creates_reads_and_updates_a_mirror() {
    scenario(async |context| {
        let (repository, robot) = organization_with_repository(context).await?;
        assert_error(
            repository.mirror().get().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        assert_eq!(repository.mirror().get_opt().await?, None);
        context.mirror(&repository, mirror(context, &robot)).await?;
        let seen = repository.mirror().get().await?;
        assert_eq!(
            seen.external_reference,
            format!("{}/library/app", context.other_registry())
        );
        let has_timeout = context.is_since("3.15").await?;
        assert_eq!(
            (
                seen.is_enabled,
                seen.sync_interval,
                seen.skopeo_timeout_interval
            ),
            (true, 86_400, has_timeout.then_some(300))
        );
        assert_eq!(
            (seen.robot_username.map(String::from), &seen.sync_status),
            (Some(robot), &SyncStatus::NeverRun)
        );
        assert_eq!(
            seen.root_rule.map(|r| r.rule_value),
            Some(vec!["latest".to_owned(), "v*".to_owned()])
        );
        let change = UpdateMirror::new()
            .is_enabled(false)
            .sync_interval(3600)
            .external_reference(format!("{}/other", context.other_registry()));
        repository.mirror().update(change).await?;
        let seen = repository.mirror().get().await?;
        assert_eq!((seen.is_enabled, seen.sync_interval), (false, 3600));
        assert_eq!(
            seen.external_reference,
            format!("{}/other", context.other_registry())
        );
        assert_eq!(
            seen.root_rule.map(|r| r.rule_value.len()),
            Some(2),
            "other fields are unchanged"
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn refuses_a_second_mirror_of_a_repository() {
    scenario(async |context| {
        let (repository, robot) = organization_with_repository(context).await?;
        context.mirror(&repository, mirror(context, &robot)).await?;
        // The spelling is Quay's.
        let text = format!(
            "Mirror configuration already exits for repository {}",
            repository.name()
        );
        assert_error(
            repository.mirror().create(mirror(context, &robot)).await,
            409,
            ErrorKind::AlreadyExists,
            &text,
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn refuses_to_delete_the_robot_of_a_mirror() {
    scenario(async |context| {
        let (repository, robot) = organization_with_repository(context).await?;
        context.mirror(&repository, mirror(context, &robot)).await?;
        let organization = context.quay().organization(repository.name().namespace())?;
        assert_error(
            organization.robot("mirror")?.delete().await,
            400,
            ErrorKind::Conflict,
            "Robot is being used by a mirror",
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn requests_and_cancels_a_synchronization() {
    scenario(async |context| {
        let (repository, robot) = organization_with_repository(context).await?;
        assert_error(
            repository.mirror().sync_now().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        context.mirror(&repository, mirror(context, &robot)).await?;
        repository.mirror().sync_now().await?;
        assert_eq!(
            repository.mirror().get().await?.sync_status,
            SyncStatus::SyncNow
        );
        repository.mirror().cancel_sync().await?;
        // Older servers have no status for it.
        let cancelled = match context.is_since("3.15").await? {
            true => SyncStatus::Cancel,
            false => SyncStatus::NeverRun,
        };
        assert_eq!(
            repository.mirror().get().await?.sync_status,
            cancelled.clone()
        );
        let again = repository.mirror().cancel_sync().await;
        assert!(again.is_err_and(|e| e.kind() == ErrorKind::Conflict));
        assert_eq!(repository.mirror().get().await?.sync_status, cancelled);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn mirror_requires_a_robot_of_the_namespace() {
    scenario(async |context| {
        let (repository, _) = organization_with_repository(context).await?;
        let other = context
            .organization("other")
            .await?
            .robots()
            .create("mirror", CreateRobot::new())
            .await?;
        match context
            .mirror(&repository, mirror(context, other.name.as_str()))
            .await
        {
            Err(TestError::Failed(error, _)) => {
                assert_error::<()>(Err(error), 400, ErrorKind::InvalidRequest, "Invalid robot")
            }
            skipped => return skipped.map(|()| panic!("the robot belongs to another namespace")),
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn mirror_refuses_writes() {
    scenario(async |context| {
        let (repository, robot) = organization_with_repository(context).await?;
        context.mirror(&repository, mirror(context, &robot)).await?;
        assert_eq!(repository.get().await?.state, Some(RepositoryState::Mirror));
        let digest = format!("sha256:{}", "0".repeat(64));
        let written = repository.tag("latest")?.point_to(&digest).await;
        assert_error(
            written,
            503,
            ErrorKind::RepositoryReadOnly,
            "Repository is in read only or mirror mode",
        );
        Ok(())
    })
    .await;
}
