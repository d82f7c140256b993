//! Responses with a misleading status or body, and the results that the handles return for them.

use quay_api::testing::{Response, Sandbox};
use quay_api::types::{CreateRepository, CreateRobot, Visibility};
use quay_api::{ErrorKind, Result};
use serde_json::{Value, json};

#[tokio::test]
async fn reports_a_star_on_a_missing_repository_as_an_error() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let repository = sandbox.quay().repository("acme/nosuch")?;
    sandbox.respond_next(Response::json(200, &json!(null)));
    assert!(repository.star().await.is_err_and(|e| e.is_not_found()));
    sandbox.respond_next(Response::json(
        201,
        &json!({"namespace": "acme", "repository": "nosuch"}),
    ));
    assert_eq!(repository.star().await?.repository, "nosuch");
    Ok(())
}

#[tokio::test]
async fn reports_a_failed_mirror_check_as_an_error() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let mirror = sandbox.quay().organization("acme")?.mirror();
    sandbox.respond_next(Response::json(
        200,
        &json!({"success": false, "message": "No route to host"}),
    ));
    assert!(
        mirror
            .verify()
            .await
            .is_err_and(|e| e.kind() == ErrorKind::Downstream && e.message() == "No route to host")
    );
    sandbox.respond_next(Response::json(
        200,
        &json!({"success": true, "message": "Fine"}),
    ));
    mirror.verify().await
}

#[tokio::test]
async fn returns_mirror_health_with_either_status() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let quay = sandbox.quay();
    let report = |healthy: bool, more: bool, names: &[&str]| {
        let details: Vec<_> = names
            .iter()
            .map(|n| json!({"namespace": "acme", "repository": n, "sync_status": "FAIL"}))
            .collect();
        let pagination = json!({"limit": 200, "offset": 0, "has_more": more});
        json!({
            "healthy": healthy,
            "repositories": {"total": 3, "details": details, "pagination": pagination},
            "issues": [{"severity": "critical", "message": "No workers"}],
        })
    };
    for (status, healthy) in [(200, true), (503, false)] {
        sandbox.respond_next(Response::json(status, &report(healthy, false, &[])));
        assert_eq!(quay.mirror_health().get().await?.healthy, healthy);
        sandbox.respond_next(Response::json(status, &report(healthy, false, &[])));
        assert_eq!(quay.superuser().mirror_health().await?.healthy, healthy);
        sandbox.respond_next(Response::json(status, &report(healthy, true, &["a", "b"])));
        sandbox.respond_next(Response::json(status, &report(healthy, false, &["c"])));
        let mirrors = quay.mirror_health().namespace("acme").list().await?;
        assert_eq!(
            mirrors
                .iter()
                .map(|m| m.repository.as_str())
                .collect::<Vec<_>>(),
            ["a", "b", "c"]
        );
        let last = sandbox.requests().pop().map(|r| r.path);
        assert_eq!(
            last.as_deref(),
            Some(
                "/api/v1/repository/mirror/health?detailed=true&limit=200&namespace=acme&offset=2"
            )
        );
    }
    // A 503 of a proxy has another meaning.
    sandbox.respond_next(Response::text(
        503,
        "text/html",
        "<html><head><title>Unavailable</title></head></html>",
    ));
    let once = quay.with(|call| call.no_retries());
    assert!(
        once.mirror_health()
            .get()
            .await
            .is_err_and(|e| e.kind() == ErrorKind::Unavailable)
    );
    Ok(())
}

#[tokio::test]
async fn returns_none_for_a_missing_proxy_cache() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let cache = sandbox.quay().organization("acme")?.proxy_cache();
    sandbox.respond_next(Response::json(
        200,
        &json!({"upstream_registry": "", "expiration_s": "", "insecure": ""}),
    ));
    assert!(cache.get_opt().await?.is_none());
    sandbox.respond_next(Response::json(
        200,
        &json!({"upstream_registry": "docker.io", "expiration_s": 86400, "insecure": false}),
    ));
    assert_eq!(
        cache.get_opt().await?.map(|c| c.upstream_registry),
        Some("docker.io".to_owned())
    );
    Ok(())
}

#[tokio::test]
async fn search_stops_at_the_last_existing_page() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    for page in 1..=10 {
        let row = json!({
            "kind": "repository",
            "name": format!("r{page}"),
            "namespace": {"kind": "user", "name": "acme"},
        });
        sandbox.respond_next(Response::json(
            200,
            &json!({"results": [row], "page": page, "has_additional": true}),
        ));
    }
    let found = sandbox.quay().search().repositories("r").await?;
    assert_eq!((found.len(), sandbox.requests().len()), (10, 10));
    Ok(())
}

#[tokio::test]
async fn lists_more_than_99_starred_repositories() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let rows = |from: usize, to: usize| {
        (from..to)
            .map(|i| json!({"namespace": "acme", "name": format!("r{i}"), "is_public": true}))
            .collect::<Vec<_>>()
    };
    sandbox.respond_next(Response::json(
        200,
        &json!({"repositories": rows(0, 100), "next_page": "a"}),
    ));
    sandbox.respond_next(Response::json(
        200,
        &json!({"repositories": rows(100, 130)}),
    ));
    assert_eq!(sandbox.quay().me().starred().await?.len(), 130);
    assert_eq!(
        sandbox.requests()[1].path,
        "/api/v1/user/starred?next_page=a"
    );
    Ok(())
}

#[tokio::test]
async fn creates_if_absent_and_deletes_if_exists() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let quay = sandbox.quay();
    let bad_request = |text: &str| {
        Response::json(
            400,
            &json!({"title": "invalid_request", "detail": text, "error_message": text}),
        )
    };
    let hidden = json!({"title": "insufficient_scope", "status": 403});
    sandbox
        .fail("getRepo")
        .times(2)
        .respond(Response::json(403, &hidden));
    sandbox
        .fail("createRepo")
        .respond(bad_request("Repository already exists"));
    let request = CreateRepository::new("web", Visibility::Private, "").namespace("acme");
    assert!(
        quay.repositories()
            .create_if_absent(request)
            .await?
            .is_none()
    );
    let organization = quay.organization("acme")?;
    let robot = organization.robot("ci")?;
    // Another caller creates it in the meantime.
    sandbox.respond_next(bad_request("Could not find robot with specified username"));
    sandbox.respond_next(bad_request("Existing robot with name: acme+ci"));
    assert!(
        organization
            .robots()
            .create_if_absent("ci", CreateRobot::new())
            .await?
            .is_none()
    );
    sandbox.respond_next(bad_request("Could not find robot with specified username"));
    assert!(!robot.delete_if_exists().await?);
    sandbox.respond_next(Response::json(
        400,
        &json!({"message": "User does not have permission for repo."}),
    ));
    assert!(
        !quay
            .repository("acme/web")?
            .user_permission("carol")?
            .delete_if_exists()
            .await?
    );
    sandbox.respond_next(bad_request("Something else"));
    assert!(
        robot
            .delete_if_exists()
            .await
            .is_err_and(|e| e.is_invalid_request())
    );
    Ok(())
}

#[tokio::test]
async fn compares_a_server_with_the_crate() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let document = json!({
        "swagger": "2.0",
        "paths": {
            "/api/v1/plans/": {
                "get": {
                    "operationId": "listPlans",
                    "parameters": [{"name": "region", "in": "query", "type": "string"}],
                },
            },
            "/api/v1/new": {"get": {"operationId": "getNewThing", "parameters": []}},
            "/api/v1/repository/{repository}/build/{build_uuid}/logs": {
                "get": {"operationId": "getRepoBuildLogs", "parameters": []},
            },
            "/api/v1/repository/{repository}/build/": {
                "get": {
                    "operationId": "getRepoBuilds",
                    "parameters": [{"name": "limit", "in": "query", "type": "integer"}],
                },
            },
        },
    });
    sandbox.respond_with("discovery", move |_| Response::json(200, &document));
    let comparison = sandbox.quay().discovery().compare().await?;
    assert_eq!(comparison.unknown, ["getNewThing"]);
    // All operations that a real server lists, without the three known ones of this document.
    let real: Value = serde_json::from_str(include_str!("../../discovery.json")).expect("JSON");
    let methods = real["paths"].as_object().into_iter().flatten();
    let methods = methods.flat_map(|(_, path)| path.as_object().into_iter().flatten());
    let listed = methods.filter(|(_, method)| method["operationId"].is_string());
    assert_eq!(comparison.unlisted.len(), listed.count() - 3);
    assert!(
        comparison
            .unlisted
            .iter()
            .all(|o| o.id() != "listPlans" && o.id() != "initializeUser")
    );
    let different: Vec<_> = comparison
        .different
        .iter()
        .map(|d| {
            (
                d.operation.id(),
                d.unknown_parameters.join(","),
                d.unlisted_parameters.join(","),
            )
        })
        .collect();
    assert_eq!(
        different,
        [
            ("getRepoBuilds", String::new(), "since".to_owned()),
            ("listPlans", "region".to_owned(), String::new())
        ],
        "a parameter that servers hide is no difference"
    );
    Ok(())
}
