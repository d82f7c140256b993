//! Differences of older servers, which the sandbox imitates.

use super::{assert_error, error_of};
use quay_api::testing::Sandbox;
use quay_api::testing::seed::{OrganizationSeed, RepositorySeed, Seed, UserSeed};
use quay_api::types::{
    CreateMirror, CreateOrganization, MirrorRule, RepositoryState, SyncStatus, Timestamp,
    UpdateMirror, UpdateOrganization,
};
use quay_api::{ErrorKind, Result};

/// A repository that is a mirror, on a server of a release.
async fn mirrored(release: &str) -> Result<Sandbox> {
    let sandbox = Sandbox::builder().release(release).start().await?;
    let acme = OrganizationSeed::new("acme").robot("ci");
    let web = RepositorySeed::new("acme/web").state(RepositoryState::Mirror);
    sandbox.seed(&Seed::new().organization(acme).repository(web))?;
    let rule = MirrorRule::tags(["v*"]);
    let request = CreateMirror::new("quay.io/coreos/etcd", Timestamp::now(), 86_400, rule)
        .robot_username("acme+ci");
    let web = sandbox.quay().repository("acme/web")?;
    web.mirror().create(request).await?;
    Ok(sandbox)
}

#[tokio::test]
async fn mirrors_have_a_timeout_from_3_15_on() -> Result<()> {
    for (release, timeout) in [("3.8", None), ("3.14.7", None), ("3.15", Some(300))] {
        let sandbox = mirrored(release).await?;
        let mirror = sandbox.quay().repository("acme/web")?.mirror();
        assert_eq!(
            mirror.get().await?.skopeo_timeout_interval,
            timeout,
            "{release}"
        );
        let changed = mirror
            .update(UpdateMirror::new().skopeo_timeout_interval(600))
            .await;
        match timeout {
            Some(_) => changed?,
            None => assert_eq!(error_of(changed).0, ErrorKind::FeatureDisabled, "{release}"),
        }
        assert_eq!(
            mirror.get().await?.skopeo_timeout_interval,
            timeout.map(|_| 600),
            "{release}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn synchronizations_are_told_as_cancelled_from_3_15_on() -> Result<()> {
    for (release, status) in [
        ("3.8", SyncStatus::NeverRun),
        ("3.14", SyncStatus::NeverRun),
        ("3.15", SyncStatus::Cancel),
    ] {
        let sandbox = mirrored(release).await?;
        let mirror = sandbox.quay().repository("acme/web")?.mirror();
        mirror.sync_now().await?;
        mirror.cancel_sync().await?;
        assert_eq!(mirror.get().await?.sync_status, status, "{release}");
        assert_eq!(error_of(mirror.cancel_sync().await).0, ErrorKind::Conflict);
    }
    Ok(())
}

/// Before 3.12 the server says of a missing organization that the token lacks a scope.
#[tokio::test]
async fn a_missing_organization_is_not_found_on_every_release() -> Result<()> {
    for (release, status) in [("3.8", 403), ("3.11", 403), ("3.12", 404), ("3.18", 404)] {
        let sandbox = Sandbox::builder().release(release).start().await?;
        let quay = sandbox.quay();
        let deleted = quay
            .request("DELETE", "/api/v1/organization/nowhere")?
            .send_bytes()
            .await;
        assert_eq!(error_of(deleted).1, Some(status), "{release}");
        let nowhere = quay.organization("nowhere")?;
        assert!(!nowhere.delete_if_exists().await?, "{release}");
        for (what, error) in [
            ("get", nowhere.get().await.err()),
            ("delete", nowhere.delete().await.err()),
            (
                "update",
                nowhere
                    .update(UpdateOrganization::new().tag_expiration_s(86_400))
                    .await
                    .err(),
            ),
            ("members", nowhere.members().list().await.err()),
            ("member", nowhere.member("bob")?.get().await.err()),
            ("collaborators", nowhere.collaborators().await.err()),
            (
                "default permissions",
                nowhere.default_permissions().list().await.err(),
            ),
            ("logs", nowhere.logs().list().await.err()),
            ("robots", nowhere.robots().list().await.err()),
            (
                "team members",
                nowhere.team("owners")?.members().list().await.err(),
            ),
        ] {
            let error = error.unwrap_or_else(|| panic!("{release}: {what} succeeds"));
            assert!(error.is_not_found(), "{release}: {what}: {error:?}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn superusers_are_let_into_all_organizations_from_3_12_on() -> Result<()> {
    for (release, is_let_in) in [("3.11", false), ("3.12", true)] {
        let sandbox = Sandbox::builder().release(release).start().await?;
        sandbox.seed(&Seed::new().user(UserSeed::new("alice")))?;
        let alice = sandbox.token("alice").quay()?;
        let request = CreateOrganization::new("hers").email("hers@example.test");
        alice.organizations().create(request).await?;
        let hers = sandbox.quay().organization("hers")?;
        let listed = hers.collaborators().await;
        match is_let_in {
            true => assert_eq!(listed?, []),
            false => assert_error(listed, ErrorKind::InsufficientScope, 403, "Unauthorized"),
        }
        assert!(hers.members().list().await.is_ok(), "{release}");
    }
    Ok(())
}
