//! `Ok` means done: organizations and what belongs to them, where a real server acknowledges what
//! it did not do, or refuses with a reason that is not the true one.

use crate::outcomes_account::{
    error_of, internal_error, methods, not_found, nothing, refused, respond,
};
use quay_api::testing::{Response, Sandbox};
use quay_api::types::*;
use quay_api::{ErrorKind, Result};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

fn ok(body: Value) -> Response {
    Response::json(200, &body)
}

fn no_scope() -> Response {
    let body = json!({"title": "insufficient_scope", "detail": "Unauthorized"});
    Response::json(403, &body)
}

#[tokio::test]
async fn creates_an_organization_or_reports_the_cause() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let organizations = sandbox.quay().organizations();
    let acme = || CreateOrganization::new("acme").contact_email("a@example.com");
    respond(&sandbox, "getOrganization", not_found());
    for reason in [
        "A user or organization with this name already exists",
        "Username is not available",
    ] {
        respond(&sandbox, "createOrganization", refused(reason));
        let error = error_of(organizations.create_if_absent(acme()).await);
        assert!(error.is_conflict() && !error.is_already_exists(), "{error}");
    }
    // It is read before and afterwards.
    let is_created = Arc::new(AtomicBool::new(false));
    let is_there = Arc::clone(&is_created);
    sandbox.respond_with("getOrganization", move |_| {
        match is_there.load(Ordering::Relaxed) {
            true => ok(json!({"name": "acme"})),
            false => not_found(),
        }
    });
    sandbox.respond_with("createOrganization", move |_| {
        is_created.store(true, Ordering::Relaxed);
        Response::json(201, &json!("Created"))
    });
    let created = organizations.create_if_absent(acme()).await?;
    assert_eq!(created.map(|acme| acme.name), Some("acme".to_owned()));
    // Older servers accept one of them, newer ones the other.
    let body = sandbox
        .requests_of("createOrganization")
        .pop()
        .and_then(|r| r.body);
    let address = "a@example.com";
    let expected = json!({"name": "acme", "email": address, "contact_email": address});
    assert_eq!(body, Some(expected));

    let writes = sandbox.requests_of("createOrganization").len();
    respond(&sandbox, "getOrganization", ok(json!({"name": "acme"})));
    assert_eq!(organizations.create_if_absent(acme()).await?, None);
    assert_eq!(sandbox.requests_of("createOrganization").len(), writes);
    Ok(())
}

#[tokio::test]
async fn deletes_an_organization_or_reports_the_result() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let quay = sandbox.quay();
    let (acme, account) = (
        quay.organization("acme")?,
        quay.superuser().organization("acme")?,
    );
    let deletion = |response: Response| {
        respond(&sandbox, "deleteAdminedOrganization", response.clone());
        respond(&sandbox, "deleteOrganization", response);
    };
    // The responses of servers for a missing one.
    respond(&sandbox, "getOrganization", not_found());
    let missing = "Organization does not exist: acme";
    for response in [not_found(), internal_error(), no_scope(), refused(missing)] {
        deletion(response);
        assert!(error_of(acme.delete().await).is_not_found());
        assert!(error_of(account.delete().await).is_not_found());
    }
    deletion(nothing());
    acme.delete().await?;
    account.delete().await?;
    let writes = || methods(&sandbox).iter().filter(|m| *m == "DELETE").count();
    let before = writes();
    assert!(!acme.delete_if_exists().await? && !account.delete_if_exists().await?);
    assert_eq!(writes(), before);
    // It exists, and is kept.
    respond(&sandbox, "getOrganization", ok(json!({"name": "acme"})));
    assert!(error_of(acme.delete().await).is_conflict());
    assert!(error_of(account.delete_if_exists().await).is_conflict());
    deletion(no_scope());
    assert!(error_of(acme.delete().await).is_insufficient_scope());
    deletion(internal_error());
    assert_eq!(error_of(account.delete().await).kind(), ErrorKind::Server);
    Ok(())
}

#[tokio::test]
async fn reports_why_an_organization_can_not_be_renamed() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let acme = sandbox.quay().superuser().organization("acme")?;
    respond(&sandbox, "changeOrganization", internal_error());
    for (existing, user, kind) in [
        (&["acme", "globex"][..], false, ErrorKind::AlreadyExists),
        (&["acme"], true, ErrorKind::AlreadyExists),
        (&[], false, ErrorKind::NotFound),
        // It may have been renamed before the server failed.
        (&["globex"], false, ErrorKind::Server),
        (&["acme"], false, ErrorKind::Server),
    ] {
        sandbox.respond_with("getOrganization", move |request| {
            let name = request.path.rsplit('/').next().unwrap_or_default();
            match existing.contains(&name) {
                true => ok(json!({"name": name})),
                false => not_found(),
            }
        });
        let found = if user {
            ok(json!({"username": "globex"}))
        } else {
            not_found()
        };
        respond(&sandbox, "getUserInformation", found);
        let error = error_of(acme.rename("globex").await);
        assert_eq!(error.kind(), kind, "{existing:?} {user}: {error}");
    }
    Ok(())
}

#[tokio::test]
async fn reports_settings_that_the_server_did_not_change() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let acme = sandbox.quay().organization("acme")?;
    let now = json!({"name": "acme", "email": "new@example.com", "tag_expiration_s": 1209600});
    respond(&sandbox, "changeOrganizationDetails", ok(now));
    acme.update(UpdateOrganization::new().contact_email("new@example.com"))
        .await?;
    let body = sandbox.requests().pop().and_then(|r| r.body);
    let address = "new@example.com";
    assert_eq!(
        body,
        Some(json!({"email": address, "contact_email": address}))
    );
    for change in [
        UpdateOrganization::new().contact_email("other@example.com"),
        UpdateOrganization::new().tag_expiration_s(86400),
    ] {
        let error = error_of(acme.update(change).await);
        assert!(
            error.is_feature_disabled() && error.may_have_been_done(),
            "{error}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn removes_only_members_and_collaborators() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let organization = sandbox.quay().organization("acme")?;
    respond(&sandbox, "getOrganizationMember", not_found());
    let bob = json!({"collaborators": [{"name": "bob", "repositories": ["web"]}]});
    respond(&sandbox, "getOrganizationCollaborators", ok(bob));
    respond(&sandbox, "removeOrganizationMember", nothing());
    assert!(!organization.member("alice")?.delete_if_exists().await?);
    assert!(error_of(organization.member("alice")?.delete().await).is_not_found());
    assert!(sandbox.requests_of("removeOrganizationMember").is_empty());
    assert!(
        organization.member("bob")?.delete_if_exists().await?,
        "has permissions of repositories"
    );
    respond(
        &sandbox,
        "getOrganizationMember",
        ok(json!({"name": "alice", "kind": "user"})),
    );
    assert!(organization.member("alice")?.delete_if_exists().await?);
    Ok(())
}

#[tokio::test]
async fn does_not_create_a_missing_team_by_an_update() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let organization = sandbox.quay().organization("acme")?;
    let team = organization.team("devs")?;
    let update = || UpdateTeam::new(TeamRole::Creator);
    respond(&sandbox, "getOrganizationTeamMembers", not_found());
    assert!(error_of(team.update(update()).await).is_not_found());
    assert!(!team.delete_if_exists().await?);
    assert_eq!(methods(&sandbox), ["GET", "GET"]);
    let created = organization
        .teams()
        .create_if_absent(
            "devs",
            CreateTeam::new(TeamRole::Member).description("Developers"),
        )
        .await?;
    assert!(created.is_some());
    respond(
        &sandbox,
        "getOrganizationTeamMembers",
        ok(json!({"name": "devs", "members": []})),
    );
    let writes = sandbox.requests_of("updateOrganizationTeam").len();
    assert!(
        organization
            .teams()
            .create_if_absent(
                "devs",
                CreateTeam::new(TeamRole::Member).description("Developers")
            )
            .await?
            .is_none()
    );
    assert_eq!(sandbox.requests_of("updateOrganizationTeam").len(), writes);
    team.update(update()).await.map(drop)
}

#[tokio::test]
async fn distinguishes_an_invitation_from_a_membership() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let members = sandbox.quay().organization("acme")?.team("devs")?.members();
    let invited = json!({"name": "alice", "kind": "user", "invited": true});
    respond(&sandbox, "updateOrganizationTeamMember", ok(invited));
    assert_eq!(members.create("alice").await?.invited, Some(true));
    Ok(())
}

#[tokio::test]
async fn creates_a_default_permission_once() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let defaults = sandbox.quay().organization("acme")?.default_permissions();
    let rule = json!({
        "id": "1", "role": "read", "activating_user": null,
        "delegate": {"name": "acme+ci", "kind": "user", "is_robot": true},
    });
    respond(
        &sandbox,
        "createOrganizationPrototypePermission",
        ok(rule.clone()),
    );
    respond(
        &sandbox,
        "getOrganizationPrototypePermissions",
        ok(json!({"prototypes": [rule]})),
    );
    let to = |role, name, kind| CreateDefaultPermission::new(role, Delegate::new(name, kind));
    use {PrincipalKind as Kind, RepositoryRole as Role};
    for (rule, is_new) in [
        (to(Role::Read, "ci", Kind::Robot), false),
        (to(Role::Read, "acme+ci", Kind::Robot), false),
        (to(Role::Read, "acme+ci", Kind::User), false),
        (to(Role::Write, "ci", Kind::Robot), true),
        (to(Role::Read, "acme+ci", Kind::Team), true),
        (
            to(Role::Read, "ci", Kind::Robot).activating_user(ActivatingUser::new("alice")),
            true,
        ),
    ] {
        let created = defaults.create_if_absent(rule).await?;
        assert_eq!(created.is_some(), is_new);
    }
    let sent = sandbox.requests_of("createOrganizationPrototypePermission");
    let delegate = sent[0].body.as_ref().map(|body| body["delegate"].clone());
    assert_eq!(delegate, Some(json!({"name": "acme+ci", "kind": "user"})));
    for (name, kind) in [
        ("globex", Kind::Org),
        ("x", Kind::External),
        ("globex+ci", Kind::Robot),
    ] {
        let error = error_of(defaults.create(to(Role::Read, name, kind)).await);
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    }
    Ok(())
}

#[tokio::test]
async fn an_update_of_an_application_keeps_the_other_fields() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let application = sandbox.quay().organization("acme")?.application("C")?;
    let now = json!({"name": "a", "client_id": "C", "description": "kept", "avatar_email": null});
    respond(&sandbox, "getOrganizationApplication", ok(now));
    application
        .update(UpdateApplication::new("b", "", ""))
        .await?;
    let sent = sandbox.requests().pop().and_then(|r| r.body);
    assert_eq!(
        sent.map(|body| body["description"].clone()),
        Some(json!("kept"))
    );
    Ok(())
}

#[tokio::test]
async fn a_token_of_an_application_has_a_lifetime() -> Result<()> {
    let sandbox = Sandbox::demo().await?;
    sandbox.clock().set(sandbox.clock().now());
    let acme = sandbox.quay().organization("acme")?;
    let application = acme
        .applications()
        .create(CreateApplication::new("jobs"))
        .await?;
    let tokens = acme.application(&application.client_id)?.tokens();
    let token = || CreateApplicationToken::new("nightly", [Scope::RepoRead]);
    let five_days = Duration::from_secs(5 * 86_400);
    let created = tokens.create(token().lifetime(five_days)).await?;
    let (Some(start), Some(end)) = (created.created, created.expires_at) else {
        panic!("a token without dates");
    };
    assert_eq!(end.since(start), five_days);
    let sent = sandbox.requests().len();
    let ten_years = Duration::from_secs(315_576_000);
    for wrong in [
        token().lifetime(Duration::ZERO),
        token().lifetime(Duration::from_millis(999)),
        token().lifetime(ten_years + Duration::from_secs(1)),
        token().lifetime(Duration::MAX),
        token().expiration(f64::NAN),
        token().clear_expiration(),
    ] {
        let error = error_of(tokens.create(wrong).await);
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    }
    assert_eq!(sandbox.requests().len(), sent);
    tokens.create(token().lifetime(ten_years)).await?;
    Ok(())
}

#[tokio::test]
async fn robot_accounts_below_a_missing_organization_are_an_error() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let acme = sandbox.quay().organization("acme")?;
    respond(&sandbox, "getOrgRobots", ok(json!({"robots": []})));
    respond(&sandbox, "getOrganization", ok(json!({"name": "acme"})));
    assert!(acme.robots().list().await?.is_empty());
    respond(&sandbox, "getOrganization", not_found());
    assert!(error_of(acme.robots().list().await).is_not_found());

    let cache = ok(json!({"upstream_registry": "", "expiration_s": "", "insecure": ""}));
    respond(&sandbox, "getProxyCacheConfig", cache);
    assert!(error_of(acme.proxy_cache().get_opt().await).is_not_found());
    respond(&sandbox, "getOrganization", ok(json!({"name": "acme"})));
    assert!(acme.proxy_cache().get_opt().await?.is_none());
    assert!(!acme.proxy_cache().delete_if_exists().await?);
    assert!(sandbox.requests_of("deleteProxyCacheConfig").is_empty());
    Ok(())
}

#[tokio::test]
async fn refuses_values_that_the_server_would_change_silently() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let acme = sandbox.quay().organization("acme")?;

    let text = |length| CreateRobot::new().description("é".repeat(length));
    assert!(error_of(acme.robots().create("ci", text(256)).await).is_invalid_request());
    acme.robots().create("ci", text(255)).await?;

    let other = ProxyCache::new("docker.io").org_name("globex");
    assert!(error_of(acme.proxy_cache().create(other).await).is_invalid_request());
    acme.proxy_cache()
        .create(ProxyCache::new("docker.io"))
        .await?;
    let sent = sandbox.requests_of("createProxyCacheConfig").pop();
    assert_eq!(
        sent.and_then(|r| r.body)
            .map(|body| body["org_name"].clone()),
        Some(json!("acme"))
    );

    let quotas = acme.quotas();
    let before = sandbox.requests().len();
    for wrong in [
        SetQuota::new(),
        SetQuota::new().limit_bytes(0),
        SetQuota::new().limit_bytes(-1),
        SetQuota::new().limit("0 GiB"),
        SetQuota::new().limit("1.5 GiB"),
        SetQuota::new().limit("1 GiB").limit_bytes(1 << 30),
    ] {
        assert!(error_of(quotas.create(wrong.clone()).await).is_invalid_request());
        let error = error_of(acme.quota(1).update(wrong).await);
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    }
    assert_eq!(sandbox.requests().len(), before);
    // Servers before 3.12 accept only bytes.
    acme.quota(1)
        .update(SetQuota::new().limit("10 GiB"))
        .await?;
    let sent = sandbox.requests().pop().and_then(|r| r.body);
    assert_eq!(sent, Some(json!({"limit_bytes": 10_i64 << 30})));
    Ok(())
}

#[tokio::test]
async fn a_quota_of_a_missing_namespace_is_not_found() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let organization = sandbox.quay().superuser().organization("nosuch")?;
    let quotas = organization.quotas();
    for operation in ["create", "change", "delete"] {
        let operation = format!("{operation}OrganizationQuotaSuperUser");
        respond(&sandbox, &operation, internal_error());
    }
    respond(&sandbox, "getOrganization", not_found());
    respond(&sandbox, "getUserInformation", not_found());
    let size = || SetQuota::new().limit_bytes(1);
    assert!(error_of(quotas.create(size()).await).is_not_found());
    assert!(error_of(organization.quota(1).update(size()).await).is_not_found());
    assert!(error_of(organization.quota(1).delete().await).is_not_found());
    respond(
        &sandbox,
        "getUserInformation",
        ok(json!({"username": "nosuch"})),
    );
    let error = error_of(quotas.create(size()).await);
    assert_eq!(error.kind(), ErrorKind::Server);
    Ok(())
}

#[tokio::test]
async fn creates_a_robot_account_if_absent() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let robots = sandbox.quay().organization("acme")?.robots();
    assert!(
        robots
            .create_if_absent("ci", CreateRobot::new())
            .await?
            .is_none()
    );
    assert_eq!(methods(&sandbox), ["GET"]);
    respond(
        &sandbox,
        "getOrgRobot",
        refused("Could not find robot with specified username"),
    );
    assert!(
        robots
            .create_if_absent("ci", CreateRobot::new())
            .await?
            .is_some()
    );
    respond(
        &sandbox,
        "createOrgRobot",
        refused("Existing robot with name: acme+ci"),
    );
    let error = error_of(robots.create_if_absent("ci", CreateRobot::new()).await);
    assert!(error.is_conflict(), "{error}");
    Ok(())
}
