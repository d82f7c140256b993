//! Repositories, tags, builds and mirrors.

use super::{day, last, last_of, request};
use quay_api::testing::{Response, Sandbox};
use quay_api::types::{
    BuildPhase, CreateBuild, CreateMirror, CreateRepository, Digest, ExpireTag, MirrorRule,
    RepositoryState, SyncStatus, Timestamp, UpdateMirror, Visibility,
};
use quay_api::{Error, Result};
use serde_json::{Value, json};

#[tokio::test]
async fn requests_and_follows_a_build() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let repository = sandbox.quay().repository("acme/builder")?;
    let build = CreateBuild::new()
        .archive_url("https://example.test/src.tar.gz")
        .docker_tags(["nightly"])
        .subdirectory("/")
        .dockerfile_path("/Dockerfile")
        .context("/")
        .pull_robot("acme+puller");
    let requested = repository.builds().create(build).await?;
    let body = json!({
        "archive_url": "https://example.test/src.tar.gz",
        "docker_tags": ["nightly"],
        "subdirectory": "/",
        "dockerfile_path": "/Dockerfile",
        "context": "/",
        "pull_robot": "acme+puller",
    });
    assert_eq!(
        last(&sandbox),
        request("POST", "/api/v1/repository/acme/builder/build/", body)
    );
    assert_eq!(requested.phase, BuildPhase::Waiting);

    let build = repository.build("2fc50f54-3d1a-498a-a5e4-b3dbbef1ccb7")?;
    let path = "/api/v1/repository/acme/builder/build/2fc50f54-3d1a-498a-a5e4-b3dbbef1ccb7";
    assert!(!build.phase().await?.is_final());
    assert_eq!(last(&sandbox).1, format!("{path}/status"));
    assert_eq!(
        build.get().await?.id,
        "2fc50f54-3d1a-498a-a5e4-b3dbbef1ccb7"
    );
    assert_eq!(build.log_page(20).await?.total, Some(0));
    assert_eq!(last(&sandbox).1, format!("{path}/logs?start=20"));
    build.cancel().await?;
    assert_eq!(last(&sandbox), request("DELETE", path, Value::Null));
    assert!(!repository.builds().list().limit(10).await?.is_empty());
    assert_eq!(
        last(&sandbox).1,
        "/api/v1/repository/acme/builder/build/?limit=10"
    );
    Ok(())
}

#[tokio::test]
async fn manages_a_repository_from_creation_to_deletion() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let quay = sandbox.quay();
    let request_body = CreateRepository::new(
        "app01",
        Visibility::Private,
        "# app01\n\nThe `acme/app01` repository.",
    )
    .namespace("acme");
    let created = quay.repositories().create(request_body.clone()).await?;
    assert_eq!(
        (created.namespace.as_str(), created.name.as_str()),
        ("acme", "app01")
    );
    let body = json!({
        "namespace": "acme",
        "repository": "app01",
        "visibility": "private",
        "description": "# app01\n\nThe `acme/app01` repository.",
    });
    assert_eq!(last(&sandbox), request("POST", "/api/v1/repository", body));

    let repository = quay.repository("acme/app01")?;
    assert!(!repository.get().await?.is_public);
    assert_eq!(
        last(&sandbox).1,
        "/api/v1/repository/acme/app01?includeTags=false"
    );
    assert!(quay.repository("carol/nosuch")?.get_opt().await?.is_none());
    let listed = quay.repositories().list().namespace("acme").await?;
    assert_eq!((listed.len(), listed[0].name.as_str()), (34, "app00"));
    repository.set_description("text").await?;
    assert_eq!(
        last(&sandbox),
        request(
            "PUT",
            "/api/v1/repository/acme/app01",
            json!({"description": "text"})
        )
    );
    repository.set_visibility(Visibility::Public).await?;
    assert_eq!(
        last(&sandbox),
        request(
            "POST",
            "/api/v1/repository/acme/app01/changevisibility",
            json!({"visibility": "public"})
        )
    );
    repository.set_state(RepositoryState::ReadOnly).await?;
    assert_eq!(
        last(&sandbox),
        request(
            "PUT",
            "/api/v1/repository/acme/app01/changestate",
            json!({"state": "READ_ONLY"})
        )
    );
    repository.delete().await?;
    assert_eq!(
        last(&sandbox),
        request("DELETE", "/api/v1/repository/acme/app01", Value::Null)
    );
    Ok(())
}

#[tokio::test]
async fn lists_moves_expires_restores_and_deletes_tags() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let repository = sandbox.quay().repository("acme/app00")?;
    let digest: Digest = "sha256:b714392514b5dcda6cd3e8aae80e43090b67983d04311673e523bc257cd9cda5"
        .parse()
        .map_err(Error::from)?;
    let tag = repository.tag("promoted")?;
    tag.point_to(&digest).await?;
    let path = "/api/v1/repository/acme/app00/tag/promoted";
    assert_eq!(
        last(&sandbox),
        request("PUT", path, json!({"manifest_digest": digest.as_str()}))
    );
    // The tag is read before and after.
    let tags = json!([{"name": "promoted", "end_ts": 1_798_068_700}]);
    let page = json!({"tags": tags, "page": 1, "has_additional": false});
    sandbox
        .fail("listRepoTags")
        .times(2)
        .respond(Response::json(200, &page));
    tag.set_expiration(Timestamp::from_unix_seconds(1_798_068_700))
        .await?;
    let sent = sandbox.requests_of("changeTag").pop();
    assert_eq!(
        sent.and_then(|request| request.body),
        Some(json!({"expiration": 1_798_068_700.0}))
    );
    tag.set_expiration(None).await?;
    assert_eq!(
        last(&sandbox),
        request("PUT", path, json!({"expiration": null}))
    );
    tag.restore(&digest).await?;
    assert_eq!(
        last(&sandbox),
        request(
            "POST",
            &format!("{path}/restore"),
            json!({"manifest_digest": digest.as_str()})
        )
    );
    tag.delete_permanently(
        ExpireTag::new()
            .manifest_digest(digest.as_str())
            .is_alive(false)
            .include_submanifests(true),
    )
    .await?;
    let body = json!({
        "manifest_digest": digest.as_str(),
        "is_alive": false,
        "include_submanifests": true,
    });
    assert_eq!(
        last(&sandbox),
        request("POST", &format!("{path}/expire"), body)
    );
    tag.delete().await?;
    assert_eq!(last(&sandbox), request("DELETE", path, Value::Null));

    let page = |number: i64, names: &[&str], more: bool| {
        let tags: Vec<Value> = names
            .iter()
            .map(|n| json!({"name": n, "size": 7, "start_ts": 1_795_476_701}))
            .collect();
        Response::json(
            200,
            &json!({"tags": tags, "page": number, "has_additional": more}),
        )
    };
    sandbox.respond_next(page(1, &["a", "b"], true));
    sandbox.respond_next(page(2, &["c"], false));
    let tags = repository.tags().list().active().await?;
    assert_eq!(
        tags.iter().map(|t| t.name.as_str()).collect::<Vec<_>>(),
        ["a", "b", "c"]
    );
    assert_eq!(tags[0].start_ts, Some(day("2026-11-23T23:31:41Z")));
    assert_eq!(
        last(&sandbox).1,
        "/api/v1/repository/acme/app00/tag/?limit=100&onlyActiveTags=true&page=2"
    );
    sandbox.respond_next(page(1, &["latest"], false));
    assert_eq!(
        repository.tag("latest")?.get_opt().await?.map(|t| t.name),
        Some("latest".to_owned())
    );
    Ok(())
}

#[tokio::test]
async fn creates_and_updates_a_mirror() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let mirror = sandbox.quay().repository("acme/mirrored")?.mirror();
    let path = "/api/v1/repository/acme/mirrored/mirror";
    let start = day("2027-01-01T00:00:00.5Z");
    let minimal = CreateMirror::new(
        "quay.example.com/acme/app02",
        start,
        86400,
        MirrorRule::tags(["*"]),
    )
    .robot_username("acme+mirror");
    // Servers before 3.15 fail on the timeout after they have stored a part.
    sandbox.respond_next(Response::json(201, &json!("")));
    let mut minimal_body = json!({
        "external_reference": "quay.example.com/acme/app02",
        "sync_start_date": "2027-01-01T00:00:00Z",
        "sync_interval": 86400,
        "root_rule": {"rule_kind": "tag_glob_csv", "rule_value": ["*"]},
        "robot_username": "acme+mirror",
    });
    let created = mirror.create(minimal.clone()).await?;
    assert_eq!(created, mirror.get().await?);
    assert_eq!(
        last_of(&sandbox, "createRepoMirrorConfig"),
        request("POST", path, minimal_body.clone())
    );
    sandbox.respond_next(Response::json(
        409,
        &json!({"detail": "Mirror configuration already exits for repository acme/mirrored"}),
    ));
    assert!(
        mirror
            .create(minimal.clone())
            .await
            .is_err_and(|e| e.is_conflict() && e.status() == Some(409))
    );

    // Newer servers refuse a request without it before they store anything.
    let detail = "'skopeo_timeout_interval' is a required property\n\nFailed validating 'required'";
    sandbox.respond_next(Response::json(
        400,
        &json!({"detail": detail, "title": "invalid_request"}),
    ));
    sandbox.respond_next(Response::text(201, "application/json", "\"\""));
    mirror.create(minimal).await?;
    minimal_body["skopeo_timeout_interval"] = json!(300);
    assert_eq!(
        last_of(&sandbox, "createRepoMirrorConfig"),
        request("POST", path, minimal_body)
    );

    let extended = UpdateMirror::new()
        .is_enabled(true)
        .robot_username("acme+mirror")
        .external_registry_username("reader")
        .external_registry_password("hunter2")
        .architecture_filter(["amd64"]);
    assert!(!format!("{extended:?}").contains("hunter2"));
    let done = || Response::text(201, "application/json", "\"\"");
    let mut settings = serde_json::to_value(mirror.get().await?).expect("JSON");
    settings["external_registry_username"] = json!("reader");
    settings["architecture_filter"] = json!(["amd64"]);
    sandbox.respond_next(done());
    sandbox.respond_next(Response::json(200, &settings));
    mirror.update(extended.clone()).await?;
    let body = json!({
        "is_enabled": true,
        "robot_username": "acme+mirror",
        "external_registry_username": "reader",
        "external_registry_password": "hunter2",
        "architecture_filter": ["amd64"],
    });
    assert_eq!(
        last_of(&sandbox, "changeRepoMirrorConfig"),
        request("PUT", path, body)
    );
    // A synchronization began, and the server skipped the name of the user.
    settings["external_registry_username"] = Value::Null;
    sandbox.respond_next(done());
    sandbox.respond_next(Response::json(200, &settings));
    let error = mirror.update(extended).await.expect_err("a skipped field");
    assert!(error.is_conflict() && error.may_have_been_done());
    assert!(
        error.to_string().contains("external_registry_username"),
        "{error}"
    );
    let anonymous = UpdateMirror::new()
        .clear_external_registry_username()
        .clear_external_registry_password();
    sandbox.respond_next(done());
    mirror.update(anonymous).await?;
    let body = json!({"external_registry_username": null, "external_registry_password": null});
    assert_eq!(
        last_of(&sandbox, "changeRepoMirrorConfig"),
        request("PUT", path, body)
    );
    let read = mirror.get().await?;
    assert_eq!(
        (read.external_reference.as_str(), read.sync_status),
        ("quay.example.com/acme/app02", SyncStatus::NeverRun)
    );
    mirror.sync_now().await?;
    assert_eq!(
        last(&sandbox),
        request("POST", &format!("{path}/sync-now"), Value::Null)
    );
    mirror.cancel_sync().await?;
    assert_eq!(
        last(&sandbox),
        request("POST", &format!("{path}/sync-cancel"), Value::Null)
    );
    sandbox.respond_next(Response::json(
        404,
        &json!({"title": "not_found", "detail": "Not Found"}),
    ));
    assert!(mirror.get_opt().await?.is_none());
    Ok(())
}
