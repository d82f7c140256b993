//! A registry in read-only mode, and the messages of a server that rejects a caller.

use super::acme;
use crate::missing_operations::calls;
use quay_api::testing::seed::{Seed, UserSeed};
use quay_api::testing::{ErrorResponse, Response, Sandbox};
use quay_api::types::{
    CreateOrganization, CreateRepository, CreateRobot, CreateUser, RepositoryRole, Visibility,
};
use quay_api::{ErrorKind, OPERATIONS, Quay, Result};
use serde_json::json;

#[tokio::test]
async fn a_read_only_registry_rejects_writes_and_serves_reads() -> Result<()> {
    let sandbox = acme().await?;
    let quay = sandbox.quay();
    let (web, acme) = (quay.repository("acme/web")?, quay.organization("acme")?);
    sandbox.set_read_only(true);

    assert_eq!(web.tags().list().await?.len(), 2);
    assert_eq!(acme.get().await?.name, "acme");
    for (write, result) in [
        ("update", web.set_description("new").await),
        ("delete", web.tag("v1")?.delete().await),
        (
            "delete_if_exists",
            web.tag("v1")?.delete_if_exists().await.map(drop),
        ),
        ("delete organization", acme.delete().await),
        (
            "create",
            acme.robots()
                .create("bot", CreateRobot::new())
                .await
                .map(drop),
        ),
        (
            "create_if_absent",
            acme.robots()
                .create_if_absent("bot", CreateRobot::new())
                .await
                .map(drop),
        ),
        (
            "ensure",
            web.user_permissions()
                .ensure("alice", RepositoryRole::Read)
                .await
                .map(drop),
        ),
        (
            "read with an effect",
            quay.me().assigned_authorizations().list().await.map(drop),
        ),
    ] {
        let error = result.expect_err(write);
        assert_eq!(error.kind(), ErrorKind::ReadOnly, "{write}: {error}");
        assert_eq!(
            (error.status(), error.attempts()),
            (Some(503), 1),
            "{write}"
        );
        assert!(error.is_read_only() && !error.is_temporary(), "{write}");
        assert!(!error.may_have_been_done(), "{write}");
        assert!(
            error
                .message()
                .starts_with("System is currently read-only."),
            "{error}"
        );
    }

    // What is already as desired needs no write.
    let found = quay
        .organizations()
        .create_if_absent(CreateOrganization::new("acme"))
        .await?;
    assert!(found.is_none());
    let repository = CreateRepository::new("web", Visibility::Public, "").namespace("acme");
    assert!(
        quay.repositories()
            .create_if_absent(repository)
            .await?
            .is_none()
    );
    assert!(!acme.robot("nobody")?.delete_if_exists().await?);
    assert!(!quay.organization("nowhere")?.delete_if_exists().await?);

    sandbox.set_read_only(false);
    assert_eq!(web.tags().list().await?.len(), 2);
    web.set_description("new").await?;
    Ok(())
}

#[tokio::test]
async fn no_write_succeeds_or_is_repeated_on_a_read_only_registry() -> Result<()> {
    let sandbox = acme().await?;
    sandbox.set_read_only(true);
    let mut rejected = 0;
    for call in calls::all() {
        sandbox.take_requests();
        let result = (call.call)(sandbox.quay().clone()).await;
        let writes: Vec<_> = sandbox
            .take_requests()
            .into_iter()
            .filter(|request| request.method != "GET")
            .collect();
        // At most one: a rejected write is not repeated.
        assert!(writes.len() <= 1, "{}: {writes:?}", call.code);
        if writes.is_empty() || call.operation == "initializeUser" {
            continue;
        }
        let error = result.expect_err(call.code);
        assert_eq!(error.kind(), ErrorKind::ReadOnly, "{}: {error}", call.code);
        assert!(!error.may_have_been_done(), "{}", call.code);
        rejected += 1;
    }
    assert!(rejected > 100, "{rejected}");
    Ok(())
}

#[tokio::test]
async fn the_default_messages_of_the_framework_are_not_shown() -> Result<()> {
    let sandbox = acme().await?;
    sandbox.seed(&Seed::new().user(UserSeed::new("carol")))?;
    let quay = sandbox.quay();
    let missing = quay
        .user("nobody")?
        .get()
        .await
        .expect_err("a missing user");
    assert_eq!(
        missing.to_string(),
        "getUserInformation nobody: 404: there is no user nobody"
    );
    sandbox
        .fail("createOrgRobot")
        .respond(ErrorResponse::Forbidden);
    let robots = quay.organization("acme")?.robots();
    let refused = robots.create("bot", CreateRobot::new()).await;
    let refused = refused.expect_err("a missing permission");
    assert!(refused.is_forbidden(), "{refused}");
    assert_eq!(
        refused.to_string(),
        "createOrgRobot acme+bot: 403: forbidden"
    );
    // The message itself is kept.
    assert!(
        refused
            .message()
            .starts_with("You don't have the permission")
    );
    Ok(())
}

#[tokio::test]
async fn a_missing_scope_of_the_own_account_is_named() -> Result<()> {
    let sandbox = acme().await?;
    let quay = sandbox.token("alice").scopes(["repo:read"]).quay()?;
    let error = quay.me().get().await.expect_err("a missing scope");
    assert!(error.is_unauthenticated(), "{error}");
    assert!(
        error
            .to_string()
            .ends_with("expired or revoked, or lacks the scope user:read)"),
        "{error}"
    );
    // Any other operation only responds so to an invalid token.
    let error = wrong_token(&sandbox)?.me().robots().list().await;
    let error = error.expect_err("a wrong token");
    assert!(
        error
            .to_string()
            .ends_with("revoked; the server treated the request as anonymous)"),
        "{error}"
    );
    Ok(())
}

#[tokio::test]
async fn an_anonymous_client_is_told_why_it_is_rejected() -> Result<()> {
    let sandbox = acme().await?;
    let anonymous = sandbox.anonymous()?;
    let shown = |result: Result<()>| result.expect_err("a rejected request").to_string();

    let account = shown(anonymous.me().get().await.map(drop));
    assert!(
        account.ends_with("(the client is anonymous, and can only read what is public)"),
        "{account}"
    );
    let hidden = anonymous.repository("acme/team/hidden")?;
    let repository = shown(hidden.get().await.map(drop));
    assert!(
        repository.ends_with("(it does not exist or is not public: the client is anonymous)"),
        "{repository}"
    );
    // A server with `FEATURE_ANONYMOUS_ACCESS` off.
    let off = Response::json(401, &json!({"error": "Anonymous access is not allowed"}));
    sandbox.respond_next(off);
    let public = shown(anonymous.repository("acme/web")?.get().await.map(drop));
    assert!(
        public.ends_with("(the client is anonymous, and the server requires a token)"),
        "{public}"
    );
    Ok(())
}

/// Superusers that have no access to everything are refused although the token has the scope.
#[tokio::test]
async fn a_setting_that_a_superuser_needs_is_named() -> Result<()> {
    let sandbox = acme().await?;
    sandbox
        .fail("listAllAppTokens")
        .respond(ErrorResponse::InsufficientScope);
    let error = sandbox.quay().superuser().app_tokens().list().await;
    let error = error.expect_err("a missing permission").to_string();
    assert!(
        error.ends_with(
            "needs a token of a superuser with the scope super:user, and a server with \
             FEATURE_SUPERUSERS_FULL_ACCESS)"
        ),
        "{error}"
    );
    Ok(())
}

/// Each of them checks the caller, although the server's document has no scope for some.
#[test]
fn operations_of_superusers_have_their_scope() {
    let scope_of = |id: &str| {
        OPERATIONS
            .iter()
            .find(|o| o.id() == id)
            .and_then(|o| o.scope())
    };
    for id in [
        "getSuperUserRepositoryMirrorHealth",
        "listAllAggregateLogs",
        "listAllLogs",
        "scShutdownContainer",
    ] {
        assert_eq!(scope_of(id), Some("super:user"), "{id}");
    }
    // The token must have `org:admin` as well, which the server does not report.
    assert_eq!(scope_of("getOrgRobotPermissions"), Some("user:admin"));
    assert_eq!(scope_of("setOrgCard"), Some("org:admin"));
}

fn wrong_token(sandbox: &Sandbox) -> Result<Quay> {
    Quay::builder()
        .base_url(sandbox.quay().base_url())
        .token("wrong-token")
        .build()
}

#[tokio::test]
async fn an_email_that_could_not_be_sent_may_follow_a_change() -> Result<()> {
    const MESSAGE: &str =
        "Could not send email. Please contact an administrator and report this problem.";
    let sandbox = acme().await?;
    let quay = sandbox.quay();
    let fail = || sandbox.respond_next(Response::json(400, &json!({"message": MESSAGE})));

    fail();
    let carol = CreateUser::new("carol").email("carol@example.test");
    let created = quay.superuser().users().create(carol).await;
    fail();
    let invited = quay.superuser().user("alice")?.send_recovery_email().await;
    for error in [created.map(drop), invited.map(drop)] {
        let error = error.expect_err("an e-mail that could not be sent");
        assert_eq!(
            (error.kind(), error.status()),
            (ErrorKind::Downstream, Some(400))
        );
        assert_eq!((error.message(), error.attempts()), (MESSAGE, 1));
        assert!(error.may_have_been_done(), "{error}");
    }
    Ok(())
}

#[tokio::test]
async fn messages_of_missing_invitations_and_repositories_are_understood() -> Result<()> {
    let sandbox = acme().await?;
    let respond = |message: &str| {
        sandbox.respond_next(Response::json(400, &json!({ "message": message })));
    };
    let (me, web) = (sandbox.quay().me(), sandbox.quay().repository("acme/web")?);
    respond("Invalid confirmation code.");
    let error = me
        .accept_team_invite("4711")
        .await
        .expect_err("a missing invitation");
    assert!(error.is_not_found(), "{error}");
    respond("Invalid confirmation code.");
    let error = me
        .decline_team_invite("4711")
        .await
        .expect_err("a missing invitation");
    assert!(error.is_not_found(), "{error}");
    respond("Invalid repository acme/web");
    let error = web
        .authorize_email("a@example.test")
        .await
        .expect_err("a missing repository");
    assert!(error.is_not_found(), "{error}");
    respond("Invalid repository name");
    let request = CreateRepository::new("new", Visibility::Public, "").namespace("acme");
    let error = sandbox.quay().repositories().create(request).await;
    assert!(error.expect_err("an invalid name").is_invalid_request());
    Ok(())
}
