//! Operations that a server may lack: the error names the cause for any response of the server.

use crate::context::scenario;
use quay_api::types::{CreateRobot, Digest};
use quay_api::{Error, Result};

const ID: &str = "6fa459ea-ee8a-3ca4-894e-db77e160355e";

/// Discards the result of a call.
fn done<T>(result: Result<T>) -> Option<Error> {
    result.err()
}

#[tokio::test]
async fn a_missing_operation_is_never_a_missing_object() {
    scenario(async |context| {
        let (organization, web) = context.organization_with_repository().await?;
        let quay = context.quay();
        let robot = organization.robot("ci")?;
        organization
            .robots()
            .create("ci", CreateRobot::new())
            .await?;
        let digest = format!("sha256:{}", "0".repeat(64))
            .parse::<Digest>()
            .map_err(Error::from)?;
        let manifest = web.manifest(&digest)?;
        let calls = [
            (
                "listOrgNotifications",
                done(organization.notifications().list().await),
            ),
            (
                "getOrgNotification",
                done(organization.notification(ID)?.get_opt().await),
            ),
            (
                "deleteOrgNotification",
                done(organization.notification(ID)?.delete_if_exists().await),
            ),
            (
                "getOrgRobotFederation",
                done(robot.federation().get().await),
            ),
            (
                "deleteOrgRobotFederation",
                done(robot.federation().delete().await),
            ),
            (
                "getOrgMirrorConfig",
                done(organization.mirror().get_opt().await),
            ),
            (
                "getOrgMirrorConfig",
                done(organization.mirror().delete_if_exists().await),
            ),
            (
                "deleteOrgMirrorConfig",
                done(organization.mirror().delete().await),
            ),
            (
                "syncOrgMirrorNow",
                done(organization.mirror().sync_now().await),
            ),
            (
                "getManifestPullStatistics",
                done(manifest.pull_statistics().await),
            ),
            (
                "getTagPullStatistics",
                done(web.tag("latest")?.pull_statistics().await),
            ),
            ("getRepoManifestSecurity", done(manifest.security().await)),
            ("getRepoSignatures", done(web.signatures().await)),
            ("changeRepoTrust", done(web.enable_trust().await)),
            (
                "checkRepoEmailAuthorized",
                done(web.email_authorization("ops@example.com").await),
            ),
            (
                "sendAuthorizeRepoEmail",
                done(web.authorize_email("ops@example.com").await),
            ),
            (
                "getRepositoryMirrorHealth",
                done(quay.mirror_health().get().await),
            ),
            (
                "listRepositoryAutoPrunePolicies",
                done(web.autoprune_policy(ID)?.get_opt().await),
            ),
            (
                "deleteRepositoryAutoPrunePolicy",
                done(web.autoprune_policy(ID)?.delete_if_exists().await),
            ),
            (
                "deleteOrganizationAutoPrunePolicy",
                done(organization.autoprune_policy(ID)?.delete_if_exists().await),
            ),
            (
                "getUserAutoPrunePolicy",
                done(quay.me().autoprune_policy(ID)?.get_opt().await),
            ),
            (
                "getRepositoryImmutabilityPolicy",
                done(web.immutability_policy(ID)?.get_opt().await),
            ),
            (
                "deleteRepositoryImmutabilityPolicy",
                done(web.immutability_policy(ID)?.delete_if_exists().await),
            ),
            ("getRegistryCapabilities", done(quay.capabilities().await)),
            (
                "getRegistrySize",
                done(quay.superuser().registry_size().await),
            ),
        ];
        let server = quay.server().get().await?;
        for (id, error) in calls {
            let has = server.supports(id)?;
            crate::context::print_line(&format!(
                "OPERATION {id}: listed {has:?}, {}",
                error.as_ref().map_or_else(
                    || "done".to_owned(),
                    |e| format!("{:?} {:?}", e.status(), e.kind())
                )
            ));
            let is_missing = error.as_ref().is_some_and(Error::is_feature_disabled);
            if let Some(has) = has {
                assert_eq!(is_missing, !has, "{id}: {error:?}");
            }
        }
        // No request was run on the repository, and nothing was deleted.
        assert!(web.get_opt().await?.is_some());
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_missing_organization_is_not_a_missing_scope() {
    scenario(async |context| {
        let nowhere = context.quay().organization(context.name("nowhere"))?;
        assert!(!nowhere.delete_if_exists().await?);
        for (what, error) in [
            ("delete", done(nowhere.delete().await)),
            (
                "default permissions",
                done(nowhere.default_permissions().list().await),
            ),
            ("logs", done(nowhere.logs().list().await)),
            ("members", done(nowhere.member("bob")?.delete().await)),
            ("robots", done(nowhere.robots().list().await)),
        ] {
            assert!(
                error.as_ref().is_some_and(Error::is_not_found),
                "{what}: {error:?}"
            );
        }
        Ok(())
    })
    .await;
}
