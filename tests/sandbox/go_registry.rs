//! The registry that Quay has in Go, as the sandbox can be it.

use super::{error_of, plain_client};
use crate::calls::{CALLS, Names};
use quay_api::testing::Sandbox;
use quay_api::testing::seed::{
    OrganizationSeed, RepositorySeed, RobotSeed, Seed, TeamSeed, UserSeed,
};
use quay_api::types::{RepositoryRole, TeamRole};
use quay_api::{Delivery, ErrorKind, Quay, Result};
use serde_json::{Value, json};

/// The registry with the organization `acme`, of whose users and robot accounts some may delete
/// its repositories.
async fn registry() -> Result<Sandbox> {
    let sandbox = Sandbox::builder().go_registry().start().await?;
    let acme = OrganizationSeed::new("acme")
        .team(TeamSeed::new("admins", TeamRole::Admin).member("alice"))
        .robot(RobotSeed::new("ci").token("ci-token"))
        .robot(RobotSeed::new("reader").token("reader-token"));
    let seed = Seed::new()
        .user(UserSeed::new("alice").password("alice-password"))
        .user(UserSeed::new("bob").password("bob-password"))
        .user("carol")
        .organization(acme)
        .repository(RepositorySeed::new("acme/web"))
        .repository(RepositorySeed::new("acme/team/app/tag/v1"))
        .repository(RepositorySeed::new("acme/api").grant("acme+ci", RepositoryRole::Admin))
        .repository(RepositorySeed::new("acme/docs").grant("acme+reader", RepositoryRole::Read))
        .repository(RepositorySeed::new("bob/own"));
    sandbox.seed(&seed)?;
    Ok(sandbox)
}

fn client(sandbox: &Sandbox, user: &str, password: &str) -> Result<Quay> {
    Quay::builder()
        .base_url(sandbox.quay().base_url())
        .basic_auth(user, password)
        .build()
}

#[tokio::test]
async fn users_and_robot_accounts_delete_what_they_administer() -> Result<()> {
    let sandbox = registry().await?;
    for (user, password, repository) in [
        ("alice", "alice-password", "acme/web"),
        ("acme+ci", "ci-token", "acme/api"),
        ("bob", "bob-password", "bob/own"),
        (Sandbox::ADMIN, Sandbox::ADMIN_PASSWORD, "acme/docs"),
    ] {
        let repository = client(&sandbox, user, password)?.repository(repository)?;
        assert!(repository.delete_if_exists().await?, "{user}");
        assert!(!repository.delete_if_exists().await?, "{user}");
        let error = repository.delete().await.unwrap_err();
        assert!(error.is_not_found(), "{user}: {error:?}");
    }
    Ok(())
}

#[tokio::test]
async fn its_errors_are_classified() -> Result<()> {
    let sandbox = registry().await?;
    let deletion = async |quay: Quay, name: &str| {
        error_of(quay.repository(name).expect("a name").delete().await)
    };
    let basic = |user, password| client(&sandbox, user, password);
    let (missing, refused) = ("authentication required", "authentication failed");
    let unauthenticated = |text: &str| (ErrorKind::Unauthenticated, Some(401), text.to_owned());
    for (quay, expected) in [
        (sandbox.anonymous()?, missing),
        (sandbox.token("alice").quay()?, missing),
        (basic("alice", "wrong")?, refused),
        (basic("nobody", "alice-password")?, refused),
        (basic("carol", "carol")?, refused),
        (basic("acme+ci", "reader-token")?, refused),
        (basic("acme+nobody", "ci-token")?, refused),
    ] {
        assert_eq!(deletion(quay, "acme/web").await, unauthenticated(expected));
    }
    let forbidden = (ErrorKind::Forbidden, Some(403), "forbidden".to_owned());
    assert_eq!(
        deletion(basic("bob", "bob-password")?, "acme/web").await,
        forbidden
    );
    assert_eq!(
        deletion(basic("acme+reader", "reader-token")?, "acme/docs").await,
        forbidden
    );
    let not_found = (
        ErrorKind::NotFound,
        Some(404),
        "repository not found".to_owned(),
    );
    assert_eq!(
        deletion(basic("bob", "bob-password")?, "acme/nothing").await,
        not_found
    );
    Ok(())
}

#[tokio::test]
async fn a_missing_document_is_no_failure() -> Result<()> {
    let sandbox = registry().await?;
    let server = sandbox.quay().server();
    let info = server.get().await?;
    assert!(!info.has_document());
    assert_eq!((info.min_release(), info.before_release()), (None, None));
    assert_eq!(info.has_feature("FEATURE_AUTO_PRUNE"), None);
    assert_eq!(info.operations().count(), 0);
    assert_eq!(server.supports("deleteRepository").await?, None);
    let error = sandbox.quay().discovery().get().await.unwrap_err();
    assert!(error.is_feature_disabled(), "{error:?}");
    Ok(())
}

/// The registry reads the path of a tag as the name of a repository: `acme/team/app/tag/v1`.
#[tokio::test]
async fn a_deletion_that_it_lacks_deletes_no_repository() -> Result<()> {
    let sandbox = registry().await?;
    let app = sandbox.quay().repository("acme/team/app")?;
    let error = app.tag("v1")?.delete().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::FeatureDisabled, Delivery::NotSent)
    );
    assert_eq!(
        error.to_string(),
        "deleteFullTag acme/team/app:v1: the server's discovery document can't be read, and \
         Quay's registry in Go, which has none, would delete a repository with that name"
    );
    assert!(
        app.tag("v1")?
            .delete_if_exists()
            .await
            .unwrap_err()
            .is_feature_disabled()
    );
    let is_delete = |request: &quay_api::testing::RecordedRequest| request.method == "DELETE";
    assert!(!sandbox.requests().iter().any(is_delete));
    Ok(())
}

#[tokio::test]
async fn every_other_operation_is_missing() -> Result<()> {
    let sandbox = registry().await?;
    let names = Names {
        looked_at: "",
        text: String::new(),
    };
    let mut wrong = Vec::new();
    for (operation, call) in CALLS.iter().filter(|(id, _)| *id != "deleteRepository") {
        let result = call(sandbox.quay().clone(), names.clone()).await;
        if !result
            .as_ref()
            .is_err_and(|error| error.is_feature_disabled())
        {
            wrong.push(format!("{operation}: {result:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let is_delete = |request: &quay_api::testing::RecordedRequest| {
        request.method == "DELETE" && request.path.starts_with("/api/v1/repository/")
    };
    assert!(!sandbox.requests().iter().any(is_delete));
    Ok(())
}

#[tokio::test]
async fn its_responses_are_those_of_its_source() -> Result<()> {
    let sandbox = registry().await?;
    let url = |path: &str| format!("{}{path}", sandbox.quay().base_url());
    let client = plain_client();
    for (method, path, status, body) in [
        ("GET", "/api/v1/discovery", 404, "not found"),
        ("GET", "/api/v1/user/", 404, "not found"),
        ("GET", "/api/v1/nothing", 404, "not found"),
        ("DELETE", "/api/v1/repository/acme", 404, "not found"),
        ("DELETE", "/api/v1/repository/acme/", 404, "not found"),
        ("DELETE", "/api/v1/repository//web", 404, "not found"),
        (
            "GET",
            "/api/v1/repository/acme/web",
            405,
            "method not allowed",
        ),
        (
            "PUT",
            "/api/v1/repository/acme%2Fweb/tag/v1",
            405,
            "method not allowed",
        ),
        (
            "DELETE",
            "/api/v1/repository/acme/web",
            401,
            "authentication required",
        ),
    ] {
        let request = client.request(method.parse().expect("a method"), url(path));
        let response = request.send().await.expect("a response");
        let header = |name: &str| {
            let value = response.headers().get(name)?;
            Some(value.to_str().expect("text").to_owned())
        };
        assert_eq!(response.status().as_u16(), status, "{method} {path}");
        assert_eq!(header("content-type").as_deref(), Some("application/json"));
        let allow = (status == 405).then_some("DELETE");
        assert_eq!(header("allow").as_deref(), allow, "{method} {path}");
        let is_challenge =
            header("www-authenticate").is_some_and(|h| h.starts_with("Basic realm="));
        assert_eq!(is_challenge, status == 401, "{method} {path}");
        let text = response.text().await.expect("a body");
        assert_eq!(
            text,
            format!("{}\n", json!({"error": body})),
            "{method} {path}"
        );
    }
    let request = client
        .delete(url("/api/v1/repository/acme%2Fteam/app/tag%2Fv1"))
        .basic_auth("alice", Some("alice-password"));
    let response = request.send().await.expect("a response");
    assert_eq!(response.status(), 204);
    assert_eq!(response.headers().get("content-type"), None);
    let health = client
        .get(url("/healthz"))
        .send()
        .await
        .expect("a response");
    let health: Value = health.json().await.expect("JSON");
    assert_eq!(health, json!({"status": "ok"}));
    Ok(())
}

#[tokio::test]
async fn it_has_neither_releases_nor_settings() {
    for builder in [
        Sandbox::builder().release("3.12"),
        Sandbox::builder().without_feature("FEATURE_AUTO_PRUNE"),
    ] {
        let error = builder.go_registry().start().await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "`go_registry` must be set without `release` and `without_feature`"
        );
    }
}

/// Quay itself takes HTTP Basic for the report of a scan, and for nothing else.
#[tokio::test]
async fn an_ordinary_server_takes_basic_for_reports_of_scans() -> Result<()> {
    let sandbox = super::acme().await?;
    let robot = RobotSeed::new("scanner").token("scanner-token");
    let globex = OrganizationSeed::new("globex").robot(robot);
    let tag = quay_api::testing::seed::TagSeed::new("v1", 1000);
    let web = RepositorySeed::new("globex/web")
        .tag(tag.clone())
        .grant("globex+scanner", RepositoryRole::Read);
    sandbox.seed(&Seed::new().organization(globex).repository(web))?;
    let digest = sandbox.push("globex/web", &tag)?;
    for (user, password, is_accepted) in [
        ("globex+scanner", "scanner-token", true),
        (Sandbox::ADMIN, Sandbox::ADMIN_PASSWORD, true),
        ("globex+scanner", "wrong", false),
    ] {
        let quay = client(&sandbox, user, password)?;
        // A deletion waits ten seconds for this document, which may not suffice on a busy machine.
        while quay.server().get().await.is_err_and(|e| e.is_timeout()) {}
        let web = quay.repository("globex/web")?;
        let report = web.manifest(&digest)?.security().await;
        assert_eq!(report.is_ok(), is_accepted, "{user}: {report:?}");
        assert_eq!(error_of(web.get().await).0, ErrorKind::Unauthenticated);
        assert_eq!(
            error_of(web.tag("v1")?.delete().await).0,
            ErrorKind::Unauthenticated
        );
    }
    Ok(())
}
