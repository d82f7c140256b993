//! Differences between releases, and responses that show less than they seem to.

use crate::context::scenario;
use quay_api::types::{
    CreateMirror, CreateNotification, CreateTeam, MirrorRule, NotificationEvent,
    NotificationEventConfig, NotificationTarget, RepositoryRole, TeamRole, Timestamp,
    WebhookTarget,
};

/// The server returns the organization without its teams, and status 200.
#[tokio::test]
async fn teams_that_the_server_hides_are_not_missing() {
    scenario(async |context| {
        let organization = context.organization("hidden").await?;
        organization
            .teams()
            .create("devs", CreateTeam::new(TeamRole::Member))
            .await?;
        let name = organization.name();
        let clients = [
            context.with_token("0123456789abcdefghijABCDEFGHIJ0123456789")?,
            context.with_scopes("user:read").await?,
        ];
        for quay in clients {
            let organization = quay.organization(name)?;
            let team = organization.team("devs")?;
            let ensure = organization
                .teams()
                .ensure("devs", CreateTeam::new(TeamRole::Member));
            for result in [
                organization.teams().list().await.map(drop),
                team.get().await.map(drop),
                team.get_opt().await.map(drop),
                ensure.dry_run().await.map(drop),
            ] {
                let error = result.expect_err("the teams are hidden");
                assert!(error.is_forbidden(), "{error:?}");
            }
        }
        assert!(organization.team("devs")?.get_opt().await?.is_some());
        assert!(organization.team("ops")?.get_opt().await?.is_none());
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn an_event_is_known_or_the_error_names_it() {
    scenario(async |context| {
        let (_, web) = context.organization_with_repository().await?;
        let expiry = CreateNotification::new(
            NotificationEvent::RepoImageExpiry,
            NotificationEventConfig::new().days(3_i64),
            NotificationTarget::Webhook(WebhookTarget::new("https://example.com/hook")),
        );
        let server = context.quay().server().get().await?;
        let is_newer = server.min_release().is_some_and(|release| {
            let minor = release.split('.').nth(1).unwrap_or_default();
            minor.parse::<u32>().is_ok_and(|minor| minor >= 12)
        });
        match web.notifications().create(expiry).await {
            Ok(created) => assert_eq!(created.event, NotificationEvent::RepoImageExpiry),
            Err(error) => {
                assert!(!is_newer, "{error}");
                assert!(error.is_feature_disabled(), "{error:?}");
                assert!(error.to_string().contains("repo_image_expiry"), "{error}");
                assert_eq!(web.notifications().list().await?, []);
            }
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_needs_the_repository() {
    scenario(async |context| {
        let (organization, _) = context.organization_with_repository().await?;
        let nowhere = context
            .quay()
            .repository(format!("{}/nowhere", organization.name()))?;
        let rule = MirrorRule::tags(["*"]);
        let mirror = CreateMirror::new("quay.io/coreos/etcd", Timestamp::now(), 86_400, rule)
            .robot_username(format!("{}+ci", organization.name()));
        let (users, teams) = (nowhere.user_permissions(), nowhere.team_permissions());
        let me = context.me().await?;
        for result in [
            nowhere.mirror().ensure(mirror).dry_run().await.map(drop),
            users
                .ensure(&me, RepositoryRole::Read)
                .dry_run()
                .await
                .map(drop),
            teams
                .ensure("owners", RepositoryRole::Read)
                .dry_run()
                .await
                .map(drop),
        ] {
            let error = result.expect_err("the repository is missing");
            assert!(error.is_not_found(), "{error:?}");
        }
        Ok(())
    })
    .await;
}
