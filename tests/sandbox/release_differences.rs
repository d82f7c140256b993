//! Differences between releases, and responses that show less than they seem to.

use futures::future::BoxFuture;
use quay_api::testing::seed::{OrganizationSeed, RepositorySeed, Seed, TeamSeed, UserSeed};
use quay_api::testing::{ErrorResponse, Response, Sandbox};
use quay_api::types::{
    CreateMirror, CreateNotification, CreateTeam, MirrorRule, NotificationEvent,
    NotificationEventConfig, NotificationTarget, RepositoryRole, TeamRole, Timestamp, UpdateMirror,
    UpdateOrganization, WebhookTarget,
};
use quay_api::{Delivery, Error, ErrorKind, Quay, Result};
use serde_json::{Value, json};
use std::time::Duration;

const ID: &str = "6fa459ea-ee8a-3ca4-894e-db77e160355e";

fn seed() -> Seed {
    let acme = OrganizationSeed::new("acme").team(TeamSeed::new("devs", TeamRole::Member));
    Seed::new()
        .user(UserSeed::new("alice"))
        .organization(acme)
        .repository(RepositorySeed::new("acme/web"))
}

async fn server(release: &str) -> Result<Sandbox> {
    let sandbox = Sandbox::builder().release(release).start().await?;
    sandbox.seed(&seed())?;
    Ok(sandbox)
}

/// Releases before 3.16 list the counts of all logs even if superusers are turned off.
#[tokio::test]
async fn superusers_are_off_although_one_of_their_operations_is_listed() -> Result<()> {
    let sandbox = Sandbox::builder()
        .release("3.12")
        .without_feature("FEATURE_SUPER_USERS")
        .start()
        .await?;
    let request = sandbox.quay().request("GET", "/api/v1/discovery")?;
    let mut document: Value = request.query("internal", "true").send().await?;
    document["paths"]["/api/v1/superuser/aggregatelogs"] = json!({"get": {}});
    sandbox.respond_with("discovery", move |_| Response::json(200, &document));
    let server = sandbox.quay().server().get().await?;
    assert_eq!(server.supports("listAllAggregateLogs")?, Some(true));
    assert_eq!(server.has_feature("FEATURE_SUPER_USERS"), Some(false));
    assert_eq!(server.has_feature("FEATURE_AUTO_PRUNE"), Some(true));
    Ok(())
}

fn expiry() -> CreateNotification {
    CreateNotification::new(
        NotificationEvent::RepoImageExpiry,
        NotificationEventConfig::new().days(3_i64),
        NotificationTarget::Webhook(WebhookTarget::new("https://example.com/hook")),
    )
}

/// Servers before 3.12 respond with status 500 to the event.
#[tokio::test]
async fn an_event_that_the_server_does_not_know_is_no_failure_of_the_server() -> Result<()> {
    for release in ["3.8", "3.11"] {
        let sandbox = server(release).await?;
        let quay = sandbox.quay();
        for quay in [
            quay.clone(),
            quay.with(|call| call.consult_discovery(false)),
        ] {
            let notifications = quay.repository("acme/web")?.notifications();
            for result in [
                notifications.create(expiry()).await,
                notifications.ensure(expiry()).await.map(|e| e.into_inner()),
            ] {
                let error = result.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::FeatureDisabled, "{error:?}");
                assert!(error.to_string().contains("repo_image_expiry"), "{error}");
                assert!(error.to_string().contains("3.12"), "{error}");
            }
            assert_eq!(notifications.list().await?, []);
        }
    }
    let sandbox = server("3.12").await?;
    let notifications = sandbox.quay().repository("acme/web")?.notifications();
    notifications.create(expiry()).await?;
    sandbox.respond_next(Response::text(500, "text/html", "<html></html>"));
    let error = notifications.create(expiry()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Server, "{error:?}");
    Ok(())
}

/// Servers before 3.17 have repositories of this kind, and respond with status 501.
#[tokio::test]
async fn a_repository_without_images_is_no_missing_operation() -> Result<()> {
    let sandbox = server("3.12").await?;
    let web = sandbox.quay().repository("acme/web")?;
    let message = "The server does not support the action requested by the browser.";
    for call in 0..4 {
        sandbox.respond_next(Response::json(501, &json!({ "message": message })));
        let error = match call {
            0 => web.tags().list().await.map(drop),
            1 => web.tag("v1")?.get_opt().await.map(drop),
            2 => web.notifications().list().await.map(drop),
            _ => web.tag("v1")?.delete_if_exists().await.map(drop),
        };
        let error = error.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Conflict, "{error:?}");
        assert!(error.to_string().contains("`application`"), "{error}");
    }
    sandbox.respond_next(Response::json(
        501,
        &json!({"message": "no search of logs"}),
    ));
    let error = web.logs().list().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::FeatureDisabled, "{error:?}");
    Ok(())
}

/// The server returns the organization without its teams.
#[tokio::test]
async fn teams_that_the_server_hides_are_not_missing() -> Result<()> {
    let sandbox = server("3.12").await?;
    let expired = sandbox
        .token(Sandbox::ADMIN)
        .lifetime(Duration::from_secs(60))
        .quay()?;
    sandbox.clock().advance(Duration::from_secs(3600));
    let clients = [
        ("no member", sandbox.token("alice").quay()?),
        ("expired", expired),
        ("anonymous", sandbox.anonymous()?),
    ];
    for (who, quay) in clients {
        let acme = quay.organization("acme")?;
        let ensure = acme
            .teams()
            .ensure("devs", CreateTeam::new(TeamRole::Member));
        for result in [
            acme.teams().list().await.map(drop),
            acme.team("devs")?.get().await.map(drop),
            acme.team("devs")?.get_opt().await.map(drop),
            ensure.dry_run().await.map(drop),
            ensure.await.map(drop),
        ] {
            let error = result.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Forbidden, "{who}: {error:?}");
            assert!(
                error.to_string().contains("hides the teams of acme"),
                "{error}"
            );
            assert_eq!(error.operation().map(|o| o.id()), Some("getOrganization"));
        }
        assert_eq!(acme.get().await?.teams, None);
    }
    let acme = sandbox.quay().organization("acme")?;
    assert!(acme.team("devs")?.get_opt().await?.is_some());
    assert!(acme.team("ops")?.get_opt().await?.is_none());
    Ok(())
}

/// Without the document, the collection of the policies shows what the server has.
#[tokio::test]
async fn a_missing_policy_is_told_from_a_missing_operation_without_a_document() -> Result<()> {
    let documents: [fn() -> Response; 3] = [
        || ErrorResponse::NotFound.into(),
        || Response::text(200, "text/html", "<html><title>Sign in</title></html>"),
        || Response::text(200, "application/json", "{\"paths\": {"),
    ];
    for document in documents {
        for (release, has_them) in [("3.8", false), ("3.18", true)] {
            let sandbox = server(release).await?;
            sandbox.respond_with("discovery", move |_| document());
            let quay = sandbox.quay().with(|call| call.no_retries());
            let web = quay.repository("acme/web")?;
            let unread = quay.with(|call| call.consult_discovery(false));
            let unread = unread.repository("acme/web")?;
            for deleted in [
                web.autoprune_policy(ID)?.delete_if_exists().await,
                web.immutability_policy(ID)?.delete_if_exists().await,
                unread.autoprune_policy(ID)?.delete_if_exists().await,
                unread.immutability_policy(ID)?.delete_if_exists().await,
            ] {
                match deleted {
                    Ok(deleted) => assert!(has_them && !deleted, "{release}"),
                    Err(error) => {
                        assert_eq!(error.kind(), ErrorKind::FeatureDisabled, "{error:?}");
                        assert!(!has_them, "{release}: {error}");
                    }
                }
            }
            assert!(web.get_opt().await?.is_some());
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_dry_run_needs_the_repository() -> Result<()> {
    let sandbox = server("3.18").await?;
    for name in ["acme/nowhere", "nowhere/web"] {
        let repository = sandbox.quay().repository(name)?;
        let mirror = CreateMirror::new(
            "quay.io/coreos/etcd",
            Timestamp::now(),
            86_400,
            MirrorRule::tags(["*"]),
        )
        .robot_username("acme+ci");
        for result in [
            repository.mirror().ensure(mirror).dry_run().await.map(drop),
            repository
                .user_permissions()
                .ensure("alice", RepositoryRole::Read)
                .dry_run()
                .await
                .map(drop),
            repository
                .team_permissions()
                .ensure("devs", RepositoryRole::Read)
                .dry_run()
                .await
                .map(drop),
            repository
                .notifications()
                .ensure(expiry())
                .dry_run()
                .await
                .map(drop),
        ] {
            let error = result.unwrap_err();
            assert!(error.is_not_found(), "{name}: {error:?}");
            assert!(error.to_string().contains(name), "{name}: {error}");
        }
    }
    Ok(())
}

type Call = fn(Quay) -> BoxFuture<'static, Result<()>>;

/// `operation => |quay| what is awaited;`
macro_rules! calls {
    ($($operation:ident => |$q:ident| $call:expr;)*) => {
        [$((stringify!($operation), (|$q: Quay| Box::pin(async move {
            $call.await.map(drop)
        })) as Call)),*]
    };
}

/// The operation is the one that was called, or that whose response shows what is missing.
#[tokio::test]
async fn errors_that_the_crate_finds_in_a_response_name_its_operation() -> Result<()> {
    let sandbox = server("3.18").await?;
    sandbox.seed(&Seed::new().organization(OrganizationSeed::new("plain").robot("ci")))?;
    #[rustfmt::skip]
    let calls = calls! {
        listRepoNotifications => |q| q.repository("acme/nowhere")?.notifications().list();
        listBuildTriggers => |q| q.repository("acme/nowhere")?.triggers().list();
        getRepoBuilds => |q| q.repository("acme/nowhere")?.builds().list();
        listRepoUserPermissions => |q| q.repository("acme/nowhere")?.user_permissions().list();
        listRepoTeamPermissions => |q| q.repository("acme/nowhere")?.team_permissions().list();
        createRepoNotification => |q|
            q.repository("acme/nowhere")?.notifications().create(expiry());
        changeTeamPermissions => |q|
            q.repository("acme/nowhere")?.team_permission("devs")?.set(RepositoryRole::Read);
        getOrgRobots => |q| q.organization("nowhere")?.robots().list();
        listRepos => |q| q.repositories().list().namespace("nowhere");
        getProxyCacheConfig => |q| q.organization("nowhere")?.proxy_cache().get_opt();
        getProxyCacheConfig => |q| q.organization("acme")?.proxy_cache().get();
        getOrganization => |q| q.organization("acme")?.team("ops")?.get();
        getOrganizationTeamMembers => |q|
            q.organization("acme")?.team("devs")?.member("carol")?.get();
        getOrganizationTeamMembers => |q| q.organization("acme")?.team("devs")?.sync().get();
        getOrganizationPrototypePermissions => |q|
            q.organization("acme")?.default_permission(ID)?.get();
        listRepoTags => |q| q.repository("acme/web")?.tag("v9")?.get();
        listRepoNotifications => |q| q.repository("acme/web")?.notification(ID)?.test();
        listRepoTeamPermissions => |q| q.repository("acme/web")?.team_permission("ops")?.get();
        listRepositoryAutoPrunePolicies => |q|
            q.repository("acme/web")?.autoprune_policy(ID)?.get();
        listBuildTriggers => |q| q.repository("acme/web")?.trigger(ID)?.get();
        getRepo => |q| q.repository("acme/nowhere")?.delete();
        createStar => |q| q.repository("acme/nowhere")?.star();
        getGlobalMessages => |q| q.message(ID)?.get();
        listUserQuotaSuperUser => |q| q.superuser().user("alice")?.quota(1).get();
        listOrganizationQuotaSuperUser => |q| q.superuser().organization("acme")?.quota(1).get();
        listUserInvoiceFields => |q| q.me().billing().invoice_field(ID)?.get();
        listAssignedAuthorizations => |q| q.me().assigned_authorization(ID)?.get();
        getLoggedInUser => |q| q.me().detach_external_login("github");
        getOrgRobotFederation => |q| q.organization("plain")?.robot("ci")?.federation().delete();
    };
    let mut wrong = Vec::new();
    for (operation, call) in calls {
        match call(sandbox.quay().clone()).await {
            Err(error) if is_of(operation, &error) && error.is_not_found() => {}
            other => wrong.push(format!("{operation}: {other:?}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

fn is_of(operation: &str, error: &Error) -> bool {
    let path = error.operation().map_or("", |o| o.path());
    error.operation().is_some_and(|o| o.id() == operation)
        && error.attempts() == 1
        && error.delivery() == Delivery::Responded
        && error
            .path_parameters()
            .all(|(name, _)| path.contains(&format!("{{{name}}}")))
}

#[tokio::test]
async fn changes_that_an_old_server_ignores_name_their_operation() -> Result<()> {
    let sandbox = server("3.8").await?;
    let quay = sandbox.quay().with(|call| call.consult_discovery(false));
    let change = UpdateOrganization::new()
        .email("a@example.com")
        .contact_email("b@example.com");
    let error = quay.organization("acme")?.update(change).await.unwrap_err();
    assert!(is_of("changeOrganizationDetails", &error), "{error:?}");
    assert!(error.may_have_been_done());
    assert!(
        error
            .to_string()
            .starts_with("changeOrganizationDetails acme: "),
        "{error}"
    );
    let web = quay.repository("acme/web")?;
    let change = UpdateMirror::new().skopeo_timeout_interval(600);
    quay.organization("acme")?
        .robots()
        .create("ci", quay_api::types::CreateRobot::new())
        .await?;
    web.set_state(quay_api::types::RepositoryState::Mirror)
        .await?;
    let rule = MirrorRule::tags(["v*"]);
    let mirror = CreateMirror::new("quay.io/coreos/etcd", Timestamp::now(), 86_400, rule);
    web.mirror()
        .ensure(mirror.robot_username("acme+ci"))
        .await?;
    let error = web.mirror().update(change).await.unwrap_err();
    assert!(is_of("changeRepoMirrorConfig", &error), "{error:?}");
    Ok(())
}
