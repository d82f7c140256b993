//! Calls every method of every handle against the sandbox, and fails for an operation that none of
//! them reaches.
//!
//! A call may fail: the test checks that it is sent, and that the response is understood.

use quay_api::api::{Days, GetManifest, GetRepository, GetSecurity};
use quay_api::testing::{Response, Sandbox};
use quay_api::types::*;
use quay_api::{ErrorKind, OPERATIONS, Quay, Result};
use serde_json::json;
use std::collections::BTreeSet;

const ID: &str = "20c7409a-c1ce-4f64-b938-ce0d5f158440";
/// An identifier in the recorded lists; others are not found there.
const POLICY: &str = "a974e34f-ebe6-4955-8af6-f0a00bda5251";
const TRIGGER: &str = "d34da4e0-7503-45b1-8611-b6dffe055aec";
const NOTIFICATION: &str = "3afc8dce-3352-4844-b23c-c16f9f00c026";
const DIGEST: &str = "sha256:b714392514b5dcda6cd3e8aae80e43090b67983d04311673e523bc257cd9cda5";

/// Accepts a success and an error response, but neither a request that was not sent nor a response
/// that was not understood.
fn assert_understood<T>(result: Result<T>) {
    if let Err(error) = result {
        let is_understood = !matches!(
            error.kind(),
            ErrorKind::InvalidInput | ErrorKind::InvalidResponse | ErrorKind::Other
        );
        assert!(is_understood, "{error}");
    }
}

/// Awaits each expression.
macro_rules! call {
    ($($call:expr;)*) => { $( assert_understood($call.await); )* };
}

mod accounts;

/// Calls everything and returns the operations whose requests were received.
async fn call_everything(sandbox: &Sandbox) -> Result<BTreeSet<&'static str>> {
    let quay = sandbox.quay();
    server(quay).await?;
    repository(quay).await?;
    builds(quay).await?;
    accounts::organization(quay).await?;
    accounts::me(quay).await?;
    shared(quay).await?;
    accounts::superuser(quay).await?;
    Ok(sandbox
        .requests()
        .iter()
        .filter_map(|request| request.operation())
        .map(|operation| operation.id())
        .collect())
}

#[tokio::test]
async fn handles_reach_every_operation() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    // The recording promises more notices without end.
    sandbox.respond_with("listUserNotifications", |_| {
        Response::json(200, &json!({"notifications": [], "additional": false}))
    });
    // A service is detached only from an account that it is attached to.
    sandbox.respond_with("getLoggedInUser", |_| {
        let logins = json!([{"service": "github"}]);
        Response::json(200, &json!({"username": "a", "logins": logins}))
    });
    // Identities are deleted only if there is one.
    sandbox.respond_with("getUserRobotFederation", |_| {
        let identity = json!({"issuer": "https://example.com", "subject": "x"});
        Response::json(200, &json!([identity]))
    });
    // A line of the invoices is deleted only if it is in the list.
    for list in ["listOrgInvoiceFields", "listUserInvoiceFields"] {
        sandbox.respond_with(list, |_| {
            let line = json!({"uuid": ID, "title": "a", "value": "b"});
            Response::json(200, &json!({"fields": [line]}))
        });
    }
    let reached = call_everything(&sandbox).await?;
    // A token cannot call an operation that needs a browser's session, and the server no longer has
    // tokens of repositories.
    let callable = OPERATIONS
        .iter()
        .filter(|o| o.needs_session().is_none() && o.tag() != "repotoken");
    let missed: Vec<&str> = callable
        .map(|o| o.id())
        .filter(|id| !reached.contains(id))
        .collect();
    assert!(missed.is_empty(), "no handle reaches {missed:?}");
    Ok(())
}

#[tokio::test]
async fn sandbox_responds_to_every_operation_in_its_type() -> Result<()> {
    let sandbox = Sandbox::demo().await?;
    // The repository whose methods are called.
    sandbox.seed(&quay_api::testing::seed::Seed::new().repository("acme/app00"))?;
    call_everything(&sandbox).await.map(drop)
}

async fn server(quay: &Quay) -> Result<()> {
    let message = NewMessage::new(
        "Down on Sunday",
        MessageMediaType::TextPlain,
        MessageSeverity::Warning,
    );
    call! {
        quay.capabilities();
        quay.error_description("not_found")?.get();
        quay.plans();
        quay.user("alice")?.get();
        quay.application("MSTR7XIVYZYRPJ97A1GR")?.get();
        quay.organizations().list();
        quay.organizations().create(CreateOrganization::new("acme"));
        quay.discovery().get();
        quay.messages().list();
        quay.messages().create(message);
        // One that is in the list, which is read first.
        quay.message("968393f9-7694-4eaa-b6ba-e1ae599a52c4")?.delete();
        quay.bootstrap().initialize(InitializeUser::new("admin", "hunter2".into()));
        quay.bootstrap().renew();
        quay.search().everything("web");
        quay.search().repositories("web").with_usage();
        quay.search().entities("a").within("acme");
        quay.search().link_external_user("alice");
        quay.mirror_health().get();
        quay.mirror_health().namespace("acme").list();
    }
    Ok(())
}

async fn repository(quay: &Quay) -> Result<()> {
    let web = quay.repository("acme/app00")?;
    let digest: Digest = DIGEST.parse().map_err(quay_api::Error::from)?;
    let (tag, manifest, mirror) = (web.tag("latest")?, web.manifest(&digest)?, web.mirror());
    let sync = CreateMirror::new(
        "quay.io/coreos/etcd",
        Timestamp::now(),
        86400,
        MirrorRule::tags(["*"]),
    )
    .robot_username("acme+ci");
    call! {
        quay.repositories()
            .list()
            .namespace("acme")
            .with_last_modified()
            .with_popularity()
            .kind(RepositoryKind::Image);
        quay.repositories().list().max_pages(1);
        quay.repositories().create(CreateRepository::new("web", Visibility::Private, ""));
        web.get();
        web.get_with(GetRepository::new().with_activity().with_tags());
        web.set_description("text");
        web.set_visibility(Visibility::Public);
        web.set_state(RepositoryState::Normal);
        web.enable_trust();
        web.signatures();
        web.star();
        web.unstar();
        web.authorize_email("a@example.com");
        web.email_authorization("a@example.com");
        web.tags().list().named("latest").name_contains("l");
        tag.get();
        tag.get_opt();
        tag.point_to(&digest);
        tag.restore(&digest);
        tag.delete_permanently(ExpireTag::new().is_alive(true));
        tag.pull_statistics();
        tag.delete();
        manifest.get();
        manifest.get_with(GetManifest::new().with_model_card());
        manifest.security();
        manifest.security_with(GetSecurity::new().without_vulnerabilities());
        manifest.pull_statistics();
        manifest.labels().list();
        manifest.labels().create(CreateLabel::new("a", "b", None));
        manifest.label(ID)?.get();
        manifest.label(ID)?.delete();
        web.user_permissions().list();
        web.team_permissions().list();
        web.user_permission("carol")?.get();
        web.team_permission("devs")?.get();
        web.team_permission("devs")?.role();
        web.user_permission("carol")?.transitive_roles();
        web.user_permission("acme+ci")?.set(RepositoryRole::Write);
        web.team_permission("devs")?.set(RepositoryRole::Read);
        web.user_permission("carol")?.delete();
        web.team_permission("devs")?.delete();
        mirror.get();
        mirror.create(sync);
        mirror.update(UpdateMirror::new().is_enabled(true));
        mirror.sync_now();
        mirror.cancel_sync();
        web.delete();
    }
    Ok(())
}

async fn builds(quay: &Quay) -> Result<()> {
    let builder = quay.repository("acme/builder")?;
    let (build, trigger) = (builder.build(ID)?, builder.trigger(TRIGGER)?);
    let config = BuildTriggerConfig::new;
    call! {
        builder.builds().list();
        builder.builds().create(CreateBuild::new().archive_url("https://example.com/x.tar.gz"));
        builder.builds().request_upload("application/gzip");
        build.get();
        build.phase();
        build.log_page(0);
        build.cancel();
        builder.triggers().list();
        trigger.get();
        trigger.enable();
        trigger.activate(ActivateBuildTrigger::new(config()));
        trigger.start(StartBuildTrigger::new().branch_name("main"));
        trigger.builds().list();
        trigger.analyze(config());
        trigger.dockerfiles(config());
        trigger.field_values("refs", config());
        trigger.source_namespaces();
        trigger.sources(ListBuildSources::new("acme"));
        trigger.delete();
    }
    Ok(())
}

/// Calls the methods that organizations, repositories and users share.
async fn shared(quay: &Quay) -> Result<()> {
    let (acme, web, me) = (
        quay.organization("acme")?,
        quay.repository("acme/app00")?,
        quay.me(),
    );
    let today = Days::new(Timestamp::now(), Timestamp::now());
    for logs in [acme.logs(), web.logs(), me.logs(), quay.superuser().logs()] {
        call! { logs.list().max_pages(1); logs.aggregate(today); }
    }
    for logs in [acme.logs(), web.logs(), me.logs()] {
        call! { logs.export(today, ExportLogs::new().callback_email("a@example.com")); }
    }
    assert!(
        quay.superuser()
            .logs()
            .export(today, ExportLogs::new())
            .await
            .is_err_and(|e| e.is_invalid_request())
    );
    for (notifications, notification, event) in [
        (
            acme.notifications(),
            acme.notification(NOTIFICATION)?,
            NotificationEvent::QuotaError,
        ),
        (
            web.notifications(),
            web.notification(NOTIFICATION)?,
            NotificationEvent::RepoPush,
        ),
        (
            me.notifications(),
            me.notification(NOTIFICATION)?,
            NotificationEvent::QuotaError,
        ),
    ] {
        let target = NotificationTarget::Webhook(WebhookTarget::new("https://example.com/hook"));
        let request = CreateNotification::new(event, NotificationEventConfig::new(), target);
        call! {
            notifications.list();
            notifications.create(request.clone());
            notification.get();
            notification.test();
            notification.reset_failures();
            notification.replace(request);
            notification.delete();
        }
    }
    for (policies, one) in [
        (acme.autoprune_policies(), acme.autoprune_policy(POLICY)?),
        (web.autoprune_policies(), web.autoprune_policy(POLICY)?),
        (me.autoprune_policies(), me.autoprune_policy(POLICY)?),
    ] {
        let policy = SetAutoPrunePolicy::new(AutoPruneMethod::NumberOfTags, 20);
        call! {
            policies.list();
            policies.create(policy.clone());
            one.get();
            one.update(policy);
            one.delete();
        }
    }
    for (policies, one) in [
        (acme.immutability_policies(), acme.immutability_policy(ID)?),
        (web.immutability_policies(), web.immutability_policy(ID)?),
    ] {
        call! {
            policies.list();
            policies.create(SetImmutabilityPolicy::new("^v"));
            one.get();
            one.update(SetImmutabilityPolicy::new("^v"));
            one.delete();
        }
    }
    for billing in [acme.billing(), me.billing()] {
        call! {
            billing.get();
            billing.subscribe(Subscribe::new("bus-small"));
            billing.change_plan(Subscribe::new("bus-small"));
            billing.card();
            billing.set_card(SetCard::new("https://example.com/a", "https://example.com/b"));
            billing.invoices();
            billing.invoice_fields().list();
            billing.invoice_fields().create(CreateInvoiceField::new("a", "b"));
            billing.invoice_field(ID)?.get();
            billing.invoice_field(ID)?.delete();
            billing.private_allowed();
        }
    }
    for (robots, robot) in [
        (acme.robots(), acme.robot("ci")?),
        (me.robots(), me.robot("ci")?),
    ] {
        call! {
            robots.list().limit(1);
            robots.create("ci", CreateRobot::new());
            robot.get();
            robot.regenerate();
            robot.permissions();
            robot.federation().get();
            robot.federation().set([RobotFederation::new("https://example.com", "x")]);
            robot.federation().delete();
            robot.delete();
        }
    }
    Ok(())
}
