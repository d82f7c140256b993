//! `Ok` means done: accounts, users, messages and logs, where a real server acknowledges what it
//! did not do, or refuses with a reason that is not the true one.

use quay_api::api::Days;
use quay_api::testing::{Response, Sandbox};
use quay_api::types::*;
use quay_api::{Error, ErrorKind, Result};
use serde_json::{Value, json};

pub fn not_found() -> Response {
    Response::json(404, &json!({"title": "not_found", "detail": "Not Found"}))
}

pub fn refused(text: &str) -> Response {
    Response::json(400, &json!({"message": text}))
}

pub fn internal_error() -> Response {
    let page = "<html><head><title>Internal Server Error</title></head></html>";
    Response::text(500, "text/html", page)
}

pub fn nothing() -> Response {
    Response::text(204, "text/html", "")
}

/// Sets the response to every call of an operation.
pub fn respond(sandbox: &Sandbox, operation: &str, response: Response) {
    sandbox.respond_with(operation, move |_| response.clone());
}

#[track_caller]
pub fn error_of<T>(result: Result<T>) -> Error {
    match result {
        Ok(_) => panic!("it became a success"),
        Err(error) => error,
    }
}

/// The methods of the requests so far.
pub fn methods(sandbox: &Sandbox) -> Vec<String> {
    sandbox.requests().into_iter().map(|r| r.method).collect()
}

fn user(enabled: bool) -> Response {
    Response::json(
        200,
        &json!({"username": "alice", "email": "a@example.com", "enabled": enabled}),
    )
}

#[tokio::test]
async fn creates_a_user_or_reports_the_cause() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let users = sandbox.quay().superuser().users();
    let alice = || CreateUser::new("alice").email("a@example.com");
    respond(&sandbox, "getInstallUser", not_found());
    for reason in [
        "Email has already been used: a@example.com",
        "duplicate key value violates unique constraint \"user_email_unique_non_org\"\n\
         DETAIL:  Key (email)=(a@example.com) already exists.\n",
        "Username has already been taken by an organization and cannot be reused: alice",
        "Username is not available",
    ] {
        respond(&sandbox, "createInstallUser", refused(reason));
        let error = error_of(users.create_if_absent(alice()).await);
        assert!(error.is_conflict(), "{error}");
        assert!(!error.is_already_exists(), "{error}");
        assert!(error.message().starts_with(&reason[..20]), "{error}");
    }
    respond(
        &sandbox,
        "createInstallUser",
        refused("E-mail address already used"),
    );
    assert!(error_of(users.create(alice()).await).is_conflict());
    Ok(())
}

#[tokio::test]
async fn finds_an_existing_user_on_a_read_only_registry() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let read_only = Response::json(503, &json!({"is_readonly": true, "message": "read-only"}));
    respond(&sandbox, "createInstallUser", read_only);
    respond(&sandbox, "getInstallUser", user(true));
    let users = sandbox.quay().superuser().users();
    assert!(
        users
            .create_if_absent(CreateUser::new("alice"))
            .await?
            .is_none()
    );
    assert_eq!(methods(&sandbox), ["GET"]);
    Ok(())
}

#[tokio::test]
async fn finds_a_user_that_another_caller_created() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    sandbox.respond_next(not_found());
    sandbox.respond_next(refused(
        "Username has already been taken by user cannot be reused: alice",
    ));
    sandbox.respond_next(user(true));
    let users = sandbox.quay().superuser().users();
    assert!(
        users
            .create_if_absent(CreateUser::new("alice"))
            .await?
            .is_none()
    );
    Ok(())
}

#[tokio::test]
async fn reports_a_user_that_was_not_deleted() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let alice = sandbox.quay().superuser().user("alice")?;
    respond(&sandbox, "deleteInstallUser", nothing());
    respond(&sandbox, "getInstallUser", user(false));
    for error in [
        error_of(alice.delete().await),
        error_of(alice.delete_if_exists().await),
    ] {
        assert!(
            error.is_conflict() && error.to_string().contains("disabled"),
            "{error}"
        );
    }
    respond(&sandbox, "getInstallUser", not_found());
    alice.delete().await?;
    assert!(!alice.delete_if_exists().await?);
    // It is not known whether it still exists.
    respond(&sandbox, "getInstallUser", internal_error());
    let error = error_of(alice.delete().await);
    assert!(error.may_have_been_done(), "{error}");
    Ok(())
}

#[tokio::test]
async fn an_update_returns_the_updated_user() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let alice = sandbox.quay().superuser().user("alice")?;
    let mut before = json!({"username": "alice", "email": "a@example.com", "enabled": true});
    before["encrypted_password"] = "e30=".into();
    respond(&sandbox, "changeInstallUser", Response::json(200, &before));
    respond(&sandbox, "getInstallUser", user(false));
    let change = || {
        UpdateUserAccount::new()
            .enabled(false)
            .password("a new one")
    };
    let now = alice.update(change()).await?;
    assert_eq!(now.enabled, Some(false));
    assert_eq!(
        now.encrypted_password.as_ref().map(Secret::expose),
        Some("e30=")
    );
    respond(&sandbox, "getInstallUser", user(true));
    assert!(error_of(alice.update(change()).await).may_have_been_done());
    respond(&sandbox, "getInstallUser", internal_error());
    assert!(error_of(alice.update(change()).await).may_have_been_done());
    Ok(())
}

#[tokio::test]
async fn reports_a_setting_that_the_server_did_not_change() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let me = sandbox.quay().me();
    let now = json!({"username": "alice", "company": "Acme", "tag_expiration_s": 1209600});
    respond(&sandbox, "changeUserDetails", Response::json(200, &now));
    me.update(UpdateUser::new().company("Acme")).await?;
    for (change, field) in [
        (UpdateUser::new().username("bob"), "username"),
        (
            UpdateUser::new().tag_expiration_s(86400),
            "tag_expiration_s",
        ),
        (UpdateUser::new().company("Globex"), "company"),
        (UpdateUser::new().location("Here"), "location"),
    ] {
        let error = error_of(me.update(change).await);
        assert!(
            error.is_feature_disabled() && error.may_have_been_done(),
            "{error}"
        );
        assert!(error.to_string().contains(&format!("`{field}`")), "{error}");
    }
    Ok(())
}

#[tokio::test]
async fn deletes_only_existing_messages_and_logins() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let message = json!({
        "uuid": "m1", "content": "Hello", "media_type": "text/plain", "severity": "info",
    });
    respond(
        &sandbox,
        "getGlobalMessages",
        Response::json(200, &json!({"messages": [message]})),
    );
    assert!(error_of(sandbox.quay().message("m2")?.delete().await).is_not_found());
    assert!(!sandbox.quay().message("m2")?.delete_if_exists().await?);
    assert!(sandbox.requests_of("deleteGlobalMessage").is_empty());
    assert!(sandbox.quay().message("m1")?.delete_if_exists().await?);
    sandbox.quay().message("m1")?.delete().await?;
    assert_eq!(sandbox.requests_of("deleteGlobalMessage").len(), 2);

    let logins = json!({"username": "alice", "logins": [{"service": "github"}]});
    respond(&sandbox, "getLoggedInUser", Response::json(200, &logins));
    let me = sandbox.quay().me();
    assert!(error_of(me.detach_external_login("google").await).is_not_found());
    assert!(sandbox.requests_of("detachExternalLogin").is_empty());
    me.detach_external_login("github").await?;
    Ok(())
}

#[tokio::test]
async fn a_resource_that_another_caller_deleted_counts_as_deleted() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let superuser = sandbox.quay().superuser();
    respond(&sandbox, "deleteServiceKey", not_found());
    assert!(
        superuser.service_key("kid1")?.delete_if_exists().await?,
        "it was there a moment ago"
    );
    respond(&sandbox, "getServiceKey", not_found());
    assert!(!superuser.service_key("kid1")?.delete_if_exists().await?);
    assert_eq!(sandbox.requests_of("deleteServiceKey").len(), 1);
    Ok(())
}

fn log_rows(performers: &[&str]) -> Value {
    let row = |name: &&str| {
        json!({
            "kind": "push_repo", "metadata": {},
            "datetime": "Wed, 25 Nov 2026 10:00:00 -0000",
            "performer": {"kind": "user", "name": name, "is_robot": name.contains('+')},
        })
    };
    json!({"logs": performers.iter().map(row).collect::<Vec<_>>()})
}

#[tokio::test]
async fn lists_the_log_of_one_performer_also_if_the_server_returns_more() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let quay = sandbox.quay();
    let everybody = Response::json(200, &log_rows(&["alice", "acme+ci", "bob", "acme+ci"]));
    for operation in ["listRepoLogs", "listAllLogs", "listOrgLogs", "listUserLogs"] {
        respond(&sandbox, operation, everybody.clone());
    }
    let logs = [
        quay.repository("acme/web")?.logs(),
        quay.superuser().logs(),
        quay.organization("acme")?.logs(),
        quay.me().logs(),
    ];
    for logs in &logs {
        let rows = logs.list().performed_by("acme+ci").await?;
        let names: Vec<_> = rows
            .iter()
            .filter_map(|row| row.performer.as_ref())
            .collect();
        assert!(names.iter().all(|performer| performer.name == "acme+ci"));
        assert_eq!(rows.len(), 2);
        assert!(logs.list().performed_by("nobody").await?.is_empty());
        let error = error_of(logs.list().performed_by("").await);
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    }
    let asked = sandbox.requests_of("listOrgLogs");
    assert_eq!(asked[0].query("performer").as_deref(), Some("acme+ci"));
    assert_eq!(
        sandbox.requests_of("listRepoLogs")[0].query("performer"),
        None
    );
    Ok(())
}

#[tokio::test]
async fn reports_an_unknown_performer() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let logs = sandbox.quay().organization("acme")?.logs();
    respond(&sandbox, "listOrgLogs", internal_error());
    respond(&sandbox, "getUserInformation", not_found());
    let robot = refused("Could not find robot with specified username");
    respond(&sandbox, "getOrgRobot", robot);
    for name in ["carol", "acme+nosuch"] {
        let error = error_of(logs.list().performed_by(name).await);
        assert!(
            error.is_not_found() && error.to_string().contains(name),
            "{error}"
        );
    }
    // A failure with another cause is still an error.
    let known = Response::json(200, &json!({"username": "carol"}));
    respond(&sandbox, "getUserInformation", known);
    let error = error_of(logs.list().performed_by("carol").await);
    assert_eq!(error.kind(), ErrorKind::Server);
    Ok(())
}

#[tokio::test]
async fn refuses_exports_without_an_address() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let logs = sandbox.quay().organization("acme")?.logs();
    let day = |day| Timestamp::from_date(2026, 11, day).unwrap();
    let days = Days::new(day(1), day(30));
    let to = || ExportLogs::new().callback_email("a@example.com");
    for (days, request) in [
        (days, ExportLogs::new()),
        (days, ExportLogs::new().callback_url("")),
        (Days::new(day(2), day(1)), to()),
    ] {
        let error = error_of(logs.export(days, request).await);
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    }
    let error = error_of(logs.aggregate(Days::new(day(2), day(1))).await);
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(sandbox.requests().is_empty());
    logs.export(days, to()).await?;

    respond(&sandbox, "getOrganization", not_found());
    let no_scope = json!({"title": "insufficient_scope", "detail": "Unauthorized"});
    for response in [internal_error(), Response::json(403, &no_scope)] {
        respond(&sandbox, "exportOrgLogs", response);
        assert!(error_of(logs.export(days, to()).await).is_not_found());
    }
    Ok(())
}
