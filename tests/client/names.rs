//! Names that would lead a request elsewhere, or that no server accepts: they are refused before
//! anything is sent, with the rule.

use crate::support::server::{Server, ServerAction, response};
use quay_api::types::{
    AddLabel, ChangeTag, CreateOrganization, CreateRepository, CreateRobot, CreateUser, TeamRole,
    Visibility,
};
use quay_api::{Error, ErrorKind, Quay, Result};

/// A server that records requests, and a client of it.
async fn server() -> (Server, Quay) {
    let empty = ServerAction::Send(response(200, "application/json", "{}"));
    let server = Server::start([empty]).await;
    let quay = Quay::builder().base_url(server.url()).token("hunter2");
    (server, quay.build().expect("a client"))
}

/// Returns the message of an error that was found before anything was sent.
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
        "deleteRepository: the server reads DELETE /api/v1/repository/acme/app/tag/victim as \
         deleteFullTag (repository \"acme/app\", tag \"victim\"): deleteRepository can't be called \
         for a name that collides with a route of the server"
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
        let message = refused(&server, quay.repository(name)?.delete_if_exists().await);
        assert!(message.contains("repository \"acme/app\""), "{message}");
    }
    Ok(())
}

#[tokio::test]
async fn refuses_to_read_what_the_server_would_read_as_another_thing() -> Result<()> {
    let (server, quay) = server().await;
    for (name, operation) in [
        ("acme/app/notification", "listRepoNotifications"),
        ("acme/app/mirror", "getRepoMirrorConfig"),
        ("acme/app/logs", "listRepoLogs"),
        ("mirror/health", "getRepositoryMirrorHealth"),
    ] {
        let message = refused(&server, quay.repository(name)?.get().await);
        assert!(message.contains(&format!(" as {operation} (")), "{message}");
        refused(&server, quay.repository(name)?.get_opt().await);
    }
    let app = quay.repository("acme/app")?;
    for tag in ["mirror", "changestate"] {
        let change = ChangeTag::new().clear_expiration();
        let message = refused(&server, app.tag(tag)?.change(change).await);
        assert!(message.contains("repository \"acme/app/tag\""), "{message}");
    }
    Ok(())
}

#[tokio::test]
async fn sends_what_only_looks_like_another_route() -> Result<()> {
    let (server, quay) = server().await;
    // No DELETE of notifications as a whole, and no manifest without a digest.
    for (name, path) in [
        (
            "acme/app/notification",
            "/api/v1/repository/acme/app/notification",
        ),
        (
            "acme/manifest/latest",
            "/api/v1/repository/acme/manifest/latest",
        ),
        ("acme/team/app", "/api/v1/repository/acme/team/app"),
    ] {
        let _ = quay.repository(name)?.delete().await;
        let targets: Vec<_> = server
            .take_requests()
            .into_iter()
            .map(|r| r.target)
            .collect();
        assert_eq!(targets, [path]);
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
        ("acme/web:latest", "the tag \"latest\" is no part of it"),
        (
            "acme/web@sha256:0a",
            "the digest \"sha256:0a\" is no part of it",
        ),
        ("quay.io/acme/web", "the host \"quay.io\" is no part of it"),
        (
            "localhost:8080/acme/web",
            "the host \"localhost:8080\" is no part of it",
        ),
        ("https://quay.io/acme/web", "a URL is no name"),
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
async fn refuses_new_names_that_no_server_accepts() -> Result<()> {
    let (server, quay) = server().await;
    let create = |name: &str| CreateRepository::new(name, Visibility::Private, "");
    for (request, part) in [
        (create("acme/web"), "give \"acme\" to `namespace`"),
        (create("acme/web").namespace("acme"), "use \"web\""),
        (create("Web").namespace("acme"), "lower case"),
        (
            create("-web").namespace("acme"),
            "begins with a letter or digit",
        ),
        (create("web:latest").namespace("acme"), "lower case"),
    ] {
        let message = refused(&server, quay.repositories().create(request.clone()).await);
        assert!(message.contains(part), "{message}");
        refused(&server, quay.repositories().create_if_absent(request).await);
    }
    let acme = quay.organization("acme")?;
    let long = "a".repeat(256);
    for name in ["a", "Acme", "acme-", "a--b", &long] {
        let message = refused(
            &server,
            quay.organizations()
                .create(CreateOrganization::new(name))
                .await,
        );
        assert!(message.contains("a new name has"), "{message}");
        refused(
            &server,
            quay.superuser().users().create(CreateUser::new(name)).await,
        );
        refused(&server, acme.team(name)?.create(TeamRole::Member, "").await);
        refused(&server, acme.robot(name)?.create(CreateRobot::new()).await);
    }
    let app = quay.repository("acme/app")?;
    for tag in ["v 1", ".v", "a:b", &"a".repeat(129)] {
        refused(
            &server,
            app.tag(tag)?.change(ChangeTag::new().immutable(true)).await,
        );
    }
    let digest = format!("sha256:{}", "0".repeat(64)).parse()?;
    let label = AddLabel::new("Team", "web", None);
    refused(&server, app.manifest(&digest).labels().add(label).await);
    Ok(())
}
