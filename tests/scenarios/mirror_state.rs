//! The state of a repository that has mirror settings.

use crate::context::scenario;
use quay_api::api::Ensured;
use quay_api::types::{CreateMirror, CreateRobot, MirrorRule, RepositoryState, Timestamp};

#[tokio::test]
async fn creating_mirror_settings_makes_a_repository_a_mirror() {
    scenario(async |context| {
        let (organization, repository) = context.organization_with_repository().await?;
        let robots = organization.robots();
        let robot = robots.create("mirror", CreateRobot::new()).await?.name;
        let reference = format!("{}/library/app", context.other_registry());
        let first = Timestamp::from_date(2026, 12, 1).expect("a date");
        let request = CreateMirror::new(reference, first, 86_400, MirrorRule::tags(["v*"]));
        let request = request.robot_username(robot.as_str());
        let state = async || repository.get().await.map(|found| found.state);

        assert_eq!(state().await?, Some(RepositoryState::Normal));
        context.mirror(&repository, request.clone()).await?;
        assert_eq!(state().await?, Some(RepositoryState::Mirror));

        // The settings remain in another state, and `ensure` does not compare it.
        repository.set_state(RepositoryState::Normal).await?;
        let ensured = repository.mirror().ensure(request).await?;
        assert!(matches!(ensured, Ensured::Unchanged(_)), "{ensured}");
        assert_eq!(state().await?, Some(RepositoryState::Normal));
        Ok(())
    })
    .await;
}
