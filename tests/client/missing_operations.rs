//! Operations that a server lacks, distinguished from missing objects.

use futures::future::join_all;
use quay_api::testing::seed::{OrganizationSeed, RepositorySeed, Seed};
use quay_api::testing::{ErrorResponse, Response, Sandbox};
use quay_api::types::{AutoPruneMethod, CreateMirror, CreateRobot, MirrorRule};
use quay_api::types::{RepositoryState, SetAutoPrunePolicy, Timestamp};
use quay_api::{Delivery, ErrorKind, Quay, Result};
use serde_json::json;

const ID: &str = "6fa459ea-ee8a-3ca4-894e-db77e160355e";

/// Returns a server of a release with the organization `acme` and its repository `web`.
async fn server(release: &str) -> Result<Sandbox> {
    let sandbox = Sandbox::builder().release(release).start().await?;
    let seed = Seed::new()
        .organization(OrganizationSeed::new("acme"))
        .repository(RepositorySeed::new("acme/web"));
    sandbox.seed(&seed)?;
    Ok(sandbox)
}

#[tokio::test]
async fn an_older_server_lacks_policies_instead_of_having_none() -> Result<()> {
    let sandbox = server("3.8").await?;
    let quay = sandbox.quay();
    let web = quay.repository("acme/web")?;
    let policy = web.autoprune_policy(ID)?;
    for error in [
        policy.get_opt().await.err(),
        web.autoprune_policies().list().await.err(),
        policy.delete_if_exists().await.err(),
        policy.delete().await.err(),
    ] {
        assert!(error.is_some_and(|e| e.is_feature_disabled()));
    }
    // Without such a route, the server treats the path as that of a repository.
    let is_delete = |request: &quay_api::testing::RecordedRequest| request.method == "DELETE";
    assert!(!sandbox.requests().iter().any(is_delete));
    assert_eq!(sandbox.requests_of("discovery").len(), 1);
    Ok(())
}

#[tokio::test]
async fn error_names_the_requirements_of_the_operation() -> Result<()> {
    let sandbox = server("3.8").await?;
    let web = sandbox.quay().repository("acme/web")?;
    let error = web.autoprune_policy(ID)?.delete().await.unwrap_err();
    assert_eq!(error.delivery(), Delivery::NotSent);
    assert_eq!(
        error.to_string(),
        "deleteRepositoryAutoPrunePolicy acme/web 6fa459ea-ee8a-3ca4-894e-db77e160355e: the \
         server's discovery document does not list this operation (the server has no such endpoint, or its feature is off: it needs release 3.11, \
         FEATURE_AUTO_PRUNE)"
    );
    Ok(())
}

#[tokio::test]
async fn a_missing_object_is_not_a_missing_operation() -> Result<()> {
    let sandbox = server("3.18").await?;
    let quay = sandbox.quay();
    let web = quay.repository("acme/web")?;
    let digest = format!("sha256:{}", "0".repeat(64));
    assert!(web.autoprune_policy(ID)?.get_opt().await?.is_none());
    assert!(!web.autoprune_policy(ID)?.delete_if_exists().await?);
    let error = web.manifest(&digest)?.security().await.unwrap_err();
    assert!(error.is_not_found(), "{error:?}");
    assert_eq!(sandbox.requests_of("discovery").len(), 1);
    Ok(())
}

#[tokio::test]
async fn calls_share_one_request_of_the_document() -> Result<()> {
    let sandbox = Sandbox::builder()
        .without_feature("FEATURE_SECURITY_SCANNER")
        .start()
        .await?;
    let digest = format!("sha256:{}", "0".repeat(64));
    let manifest = |quay: Quay| quay.repository("acme/web")?.manifest(&digest);
    let manifests = (0..20)
        .map(|_| manifest(sandbox.quay().clone()))
        .collect::<Result<Vec<_>>>()?;
    let results = join_all(
        manifests
            .iter()
            .map(|manifest| async { manifest.security().await }),
    )
    .await;
    assert!(
        results
            .iter()
            .all(|result| result.as_ref().is_err_and(|e| e.is_feature_disabled()))
    );
    assert_eq!(sandbox.requests_of("discovery").len(), 1);
    Ok(())
}

#[tokio::test]
async fn reads_no_document_if_disabled() -> Result<()> {
    let sandbox = Sandbox::builder()
        .without_feature("FEATURE_SIGNING")
        .start()
        .await?;
    let quay = Quay::builder()
        .base_url(sandbox.quay().base_url())
        .token("sandbox-token")
        .consult_discovery(false)
        .build()?;
    let per_call = sandbox.quay().with(|call| call.consult_discovery(false));
    for quay in [quay, per_call] {
        let error = quay.repository("acme/web")?.signatures().await.unwrap_err();
        assert!(error.is_not_found(), "{error:?}");
    }
    assert!(sandbox.requests_of("discovery").is_empty());
    let error = sandbox.quay().repository("acme/web")?.signatures().await;
    assert!(error.is_err_and(|e| e.is_feature_disabled()));
    Ok(())
}

#[tokio::test]
async fn without_a_document_the_error_is_kept_and_a_delete_reads_first() -> Result<()> {
    let sandbox = Sandbox::builder()
        .release("3.8")
        .without_feature("FEATURE_SIGNING")
        .start()
        .await?;
    sandbox.respond_with("discovery", |_| ErrorResponse::NotFound.into());
    let web = sandbox.quay().repository("acme/web")?;
    for error in [web.signatures().await, web.signatures().await] {
        assert!(error.is_err_and(|e| e.is_not_found()));
    }
    // The list of the policies shows that the server lacks both operations.
    let error = web.autoprune_policy(ID)?.delete().await.unwrap_err();
    assert!(error.is_feature_disabled(), "{error:?}");
    assert_eq!(sandbox.requests_of("discovery").len(), 1);
    assert!(!sandbox.requests().iter().any(|r| r.method == "DELETE"));
    Ok(())
}

#[tokio::test]
async fn a_repository_at_the_path_of_a_policy_is_not_deleted() -> Result<()> {
    let sandbox = server("3.8").await?;
    let name = format!("acme/web/autoprunepolicy/{ID}");
    sandbox.seed(&Seed::new().repository(RepositorySeed::new(&name)))?;
    sandbox.respond_with("discovery", |_| ErrorResponse::NotFound.into());
    let policy = sandbox
        .quay()
        .repository("acme/web")?
        .autoprune_policy(ID)?;
    let error = policy.delete().await.unwrap_err();
    assert!(
        error.is_feature_disabled() && !error.may_have_been_done(),
        "{error:?}"
    );
    assert!(!sandbox.requests().iter().any(|r| r.method == "DELETE"));
    Ok(())
}

#[tokio::test]
async fn a_missing_organization_is_not_a_missing_scope() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    sandbox.seed(
        &Seed::new()
            .user("alice")
            .organization(OrganizationSeed::new("acme")),
    )?;
    let alice = sandbox.token("alice").quay()?;
    for (name, is_missing) in [("nowhere", true), ("acme", false)] {
        let organization = alice.organization(name)?;
        for error in [
            organization.robots().list().await.err(),
            organization.default_permissions().list().await.err(),
            organization.logs().list().await.err(),
            organization.delete().await.err(),
        ] {
            let error = error.expect("an error");
            assert_eq!(error.is_not_found(), is_missing, "{name}: {error:?}");
            assert_eq!(error.is_insufficient_scope(), !is_missing, "{error:?}");
        }
    }
    assert!(!alice.organization("nowhere")?.delete_if_exists().await?);
    Ok(())
}

#[tokio::test]
async fn ignores_an_unrelated_document() -> Result<()> {
    let sandbox = server("3.18").await?;
    let pets = json!({"swagger": "2.0", "paths": {"/pets": {"get": {"operationId": "listPets"}}}});
    sandbox.respond_with("discovery", move |_| Response::json(200, &pets));
    let web = sandbox.quay().repository("acme/web")?;
    assert!(web.autoprune_policy(ID)?.get_opt().await?.is_none());
    assert!(!sandbox.quay().server().get().await?.has_document());
    Ok(())
}

#[tokio::test]
async fn returns_operations_features_and_releases_of_a_server() -> Result<()> {
    for release in ["3.8", "3.12", "3.15", "3.18"] {
        let sandbox = server(release).await?;
        let info = sandbox.quay().server().get().await?;
        let number = |release: &str| -> Option<u32> { release.split('.').nth(1)?.parse().ok() };
        let (min, before) = (info.min_release(), info.before_release());
        println!("{release}: {min:?} {before:?}");
        let own = number(release);
        assert!(
            min.is_none_or(|min| number(min) <= own),
            "{release}: {min:?}"
        );
        assert!(
            before.is_none_or(|before| number(before) > own),
            "{release}: {before:?}"
        );
        assert_eq!(min.is_none(), release == "3.8");
        assert_eq!(before.is_none(), release == "3.18");
    }
    let sandbox = Sandbox::builder()
        .without_feature("FEATURE_REPO_MIRROR")
        .start()
        .await?;
    let server = sandbox.quay().server();
    let info = server.get().await?;
    assert_eq!(info.has_feature("FEATURE_REPO_MIRROR"), Some(false));
    assert_eq!(info.has_feature("FEATURE_AUTO_PRUNE"), Some(true));
    assert_eq!(info.has_feature("FEATURE_UNHEARD_OF"), None);
    assert_eq!(server.supports("getRepoMirrorConfig").await?, Some(false));
    assert_eq!(server.supports("listRepoTags").await?, Some(true));
    assert_eq!(server.supports("initializeUser").await?, None);
    let error = server.supports("listRepoTagz").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    Ok(())
}

#[tokio::test]
async fn mirror_is_created_completely_on_every_release() -> Result<()> {
    for (release, posts) in [("3.8", 1), ("3.14", 1), ("3.15", 2), ("3.18", 2)] {
        let sandbox = server(release).await?;
        let web = sandbox.quay().repository("acme/web")?;
        web.set_state(RepositoryState::Mirror).await?;
        let robots = sandbox.quay().organization("acme")?.robots();
        robots.create("ci", CreateRobot::new()).await?;
        let request = CreateMirror::new(
            "quay.io/coreos/etcd",
            Timestamp::now(),
            86400,
            MirrorRule::tags(["v3.*"]),
        )
        .robot_username("acme+ci");
        let sent = || sandbox.requests_of("createRepoMirrorConfig").len();
        if release < "3.15" {
            for newer in [
                request.clone().skopeo_timeout_interval(600),
                request.clone().architecture_filter(["amd64"]),
            ] {
                let error = web.mirror().create(newer).await.unwrap_err();
                assert!(error.is_feature_disabled(), "{release}: {error:?}");
            }
            assert_eq!(sent(), 0, "{release}");
        }
        web.mirror().create(request).await?;
        assert_eq!(sent(), posts, "{release}");
        assert_eq!(
            web.mirror().get().await?.robot_username,
            Some("acme+ci".parse()?)
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_pattern_that_the_server_would_ignore_is_refused_before_it_is_sent() -> Result<()> {
    let sandbox = server("3.12").await?;
    let web = sandbox.quay().repository("acme/web")?;
    let policies = web.autoprune_policies();
    let policy = SetAutoPrunePolicy::new(AutoPruneMethod::NumberOfTags, 20);
    let id = policies.create(policy.clone()).await?.uuid;
    let with_pattern = policy.tag_pattern("^nightly-");
    let stored = web.autoprune_policy(&id)?;
    let error = stored.update(with_pattern.clone()).await.unwrap_err();
    assert!(
        error.is_feature_disabled() && !error.may_have_been_done(),
        "{error:?}"
    );
    assert!(
        sandbox
            .requests_of("updateRepositoryAutoPrunePolicy")
            .is_empty()
    );
    stored.delete().await?;
    // A new policy is deleted again.
    let error = policies.create(with_pattern).await.unwrap_err();
    assert!(error.is_feature_disabled(), "{error:?}");
    assert!(policies.list().await?.is_empty());
    Ok(())
}
