//! Names that would lead a request elsewhere, or that no server accepts: they are refused before
//! anything is sent, with the rule.

use crate::support::server::{Server, ServerAction, response};
use quay_api::testing::Sandbox;
use quay_api::types::{
    AutoPruneMethod, CreateRepository, SetAutoPrunePolicy, UpdateTag, Visibility,
};
use quay_api::{Error, ErrorKind, Quay, Result};
use std::time::Duration;

/// A server that records requests, and a client of it.
async fn server() -> (Server, Quay) {
    let empty = ServerAction::Send(response(200, "application/json", "{}"));
    let server = Server::start([empty]).await;
    let quay = Quay::builder().base_url(server.url()).token("hunter2");
    (server, quay.build().expect("a client"))
}

/// Returns the message of an error that is reported before anything is sent.
fn refused<T: std::fmt::Debug>(server: &Server, result: Result<T>) -> String {
    let error: Error = result.expect_err("an error");
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    assert_eq!(server.take_requests().len(), 0, "{error}");
    error.to_string()
}

#[tokio::test]
async fn refuses_to_delete_a_repository_whose_name_is_the_route_of_a_tag() -> Result<()> {
    let (server, quay) = server().await;
    let message = refused(
        &server,
        quay.repository("acme/app/tag/victim")?.delete().await,
    );
    assert_eq!(
        message,
        "deleteRepository: the server would run another operation for DELETE \
         /api/v1/repository/acme/app/tag/victim: deleteFullTag (repository \"acme/app\", tag \
         \"victim\"). deleteRepository can't be called for a name that collides with a route of the server"
    );
    for name in [
        "acme/app/permissions/user/alice",
        "acme/app/permissions/team/devs",
        "acme/app/trigger/x",
        "acme/app/build/x",
        "acme/app/tokens/x",
        "acme/app/notification/x",
        "acme/app/autoprunepolicy/x",
        "acme/app/immutabilitypolicy/x",
    ] {
        let message = refused(&server, quay.repository(name)?.delete().await);
        assert!(message.contains("repository \"acme/app\""), "{message}");
    }
    Ok(())
}

#[tokio::test]
async fn sandbox_routes_as_the_server_does() -> Result<()> {
    let sandbox = Sandbox::demo().await?;
    let send = async |method: &str, path: &str| {
        let request = sandbox.quay().request(method, path)?;
        request.send::<serde_json::Value>().await
    };
    // A raw request is the caller's own.
    let tag = "/api/v1/repository/acme/web/tag/mirror";
    let _ = send("PUT", tag).await;
    let _ = send("GET", "/api/v1/repository/acme/web/build/mirror").await;
    let _ = send("GET", "/api/v1/organization/acme%2Frobots").await;
    let requests = sandbox.requests();
    let operations: Vec<_> = requests
        .iter()
        .map(|request| request.operation().map(|operation| operation.id()))
        .collect();
    assert_eq!(
        operations,
        [
            Some("changeRepoMirrorConfig"),
            Some("getRepoMirrorConfig"),
            Some("getOrgRobots")
        ]
    );
    Ok(())
}

#[tokio::test]
async fn refuses_to_read_names_of_another_route() -> Result<()> {
    let (server, quay) = server().await;
    for (name, operation) in [
        ("acme/app/notification", "listRepoNotifications"),
        ("acme/app/mirror", "getRepoMirrorConfig"),
        ("acme/app/logs", "listRepoLogs"),
        ("mirror/health", "getRepositoryMirrorHealth"),
    ] {
        let message = refused(&server, quay.repository(name)?.get().await);
        assert!(message.contains(&format!(": {operation} (")), "{message}");
        refused(&server, quay.repository(name)?.get_opt().await);
    }
    let app = quay.repository("acme/app")?;
    for tag in ["mirror", "changestate"] {
        let change = UpdateTag::new().clear_expiration();
        let message = refused(&server, app.tag(tag)?.update(change).await);
        assert!(message.contains("repository \"acme/app/tag\""), "{message}");
    }
    Ok(())
}

#[tokio::test]
async fn sends_names_that_only_resemble_another_route() -> Result<()> {
    let repository = r#"{"namespace": "acme", "name": "app", "is_public": true}"#;
    let found = ServerAction::Send(response(200, "application/json", repository));
    let server = Server::start([found]).await;
    let quay = Quay::builder()
        .base_url(server.url())
        .token("hunter2")
        .build()?;
    // No DELETE of notifications as a whole, and no manifest without a digest. A GET of the former
    // would be one of all notifications, so that this repository can't be read before.
    for (name, methods) in [
        ("acme/app/notification", &["DELETE"][..]),
        ("acme/manifest/latest", &["GET", "DELETE"]),
        ("acme/team/app", &["GET", "DELETE"]),
    ] {
        let _ = quay.repository(name)?.delete().await;
        let requests = server.take_requests();
        let sent: Vec<&str> = requests.iter().map(|r| &*r.method).collect();
        assert_eq!(sent, methods);
        for request in &requests {
            let path = request.target.split('?').next();
            assert_eq!(path, Some(&*format!("/api/v1/repository/{name}")));
        }
    }
    let _ = quay.repository("acme/app")?.tag("mirror")?.delete().await;
    let requests = server.take_requests();
    assert_eq!(requests[0].target, "/api/v1/repository/acme/app/tag/mirror");
    Ok(())
}

#[tokio::test]
async fn refuses_references_as_names_of_repositories() {
    let (server, quay) = server().await;
    for (name, part) in [
        (
            "acme/web:latest",
            "the tag \"latest\" is not part of the name",
        ),
        (
            "acme/web@sha256:0a",
            "the digest \"sha256:0a\" is not part of the name",
        ),
        (
            "quay.io/acme/web",
            "the host \"quay.io\" is not part of the name",
        ),
        (
            "localhost:8080/acme/web",
            "the host \"localhost:8080\" is not part of the name",
        ),
        ("https://quay.io/acme/web", "a URL is not a repository name"),
        ("/acme/web", "empty"),
        ("acme/web/", "empty"),
        ("acme//web", "empty"),
        ("acme/wéb", "'é'"),
    ] {
        let message = refused(&server, quay.repository(name).map(drop));
        assert!(message.contains(part), "{message}");
    }
}

#[tokio::test]
async fn refuses_a_new_repository_with_a_full_name() -> Result<()> {
    let (server, quay) = server().await;
    let create = |name: &str| CreateRepository::new(name, Visibility::Private, "");
    for (request, part) in [
        (
            create("acme/web"),
            "pass \"acme\" to the method `namespace`",
        ),
        (create("acme/web").namespace("acme"), "use \"web\""),
    ] {
        let result = quay.repositories().create(request.clone()).await;
        let message = refused(&server, result);
        assert!(message.contains(part), "{message}");
        refused(&server, quay.repositories().create_if_absent(request).await);
    }
    // A nested name.
    let _ = quay
        .repositories()
        .create(create("team/web").namespace("acme"))
        .await;
    assert_eq!(server.take_requests().len(), 1);
    Ok(())
}

#[tokio::test]
async fn refuses_ages_that_delete_every_tag() -> Result<()> {
    let (server, quay) = server().await;
    let policies = quay.organization("acme")?.autoprune_policies();
    for age in ["0d", "-1d"] {
        let policy = SetAutoPrunePolicy::new(AutoPruneMethod::CreationDate, age.to_owned());
        refused(&server, policies.create(policy.clone()).await);
        let message = refused(
            &server,
            quay.organization("acme")?
                .autoprune_policy("1")?
                .update(policy)
                .await,
        );
        assert!(message.contains("every tag would be deleted"), "{message}");
    }
    let week = Duration::from_secs(7 * 86_400);
    let policy = SetAutoPrunePolicy::new(AutoPruneMethod::CreationDate, week);
    let _ = policies.create(policy).await;
    let requests = server.take_requests();
    let body = String::from_utf8_lossy(&requests[0].body);
    assert!(body.contains("\"604800s\""), "{body}");
    Ok(())
}
