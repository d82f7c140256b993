//! Objects of a repository: success means that the change was made there, and nowhere else.

use crate::outcomes_repository::{kind, not_found, sandbox, script, sent};
use quay_api::testing::seed::{RepositorySeed, Seed, TriggerSeed};
use quay_api::types::{
    AutoPruneMethod, CreateBuild, CreateMirror, CreateNotification, MirrorRule, NotificationEvent,
    NotificationEventConfig, NotificationTarget, OtherKind, RepositoryRole, SetAutoPrunePolicy,
    Timestamp, TriggerService, UpdateMirror, WebhookTarget,
};
use quay_api::{ErrorKind, Quay, Result};
use serde_json::{Value, json};

const ID: &str = "20c7409a-c1ce-4f64-b938-ce0d5f158440";

fn notification(event: NotificationEvent) -> CreateNotification {
    let target = NotificationTarget::Webhook(WebhookTarget::new("https://example.com/hook"));
    CreateNotification::new(event, NotificationEventConfig::new(), target)
}

fn repository() -> (u16, Value) {
    (
        200,
        json!({"namespace": "acme", "name": "web", "is_public": true}),
    )
}

/// Reads every listing below a repository or an organization.
async fn list_all(quay: &Quay, repository: &str, organization: &str) -> Result<Vec<Result<usize>>> {
    let (web, acme) = (
        quay.repository(repository)?,
        quay.organization(organization)?,
    );
    macro_rules! counts {
        ($($listing:expr;)*) => { vec![$($listing.await.map(|rows| rows.len())),*] };
    }
    Ok(counts! {
        web.user_permissions().list();
        web.team_permissions().list();
        web.notifications().list();
        web.builds().list();
        web.triggers().list();
        web.autoprune_policies().list();
        web.immutability_policies().list();
        web.tags().list();
        acme.notifications().list();
        acme.autoprune_policies().list();
        acme.immutability_policies().list();
    })
}

#[tokio::test]
async fn lists_of_a_missing_parent_are_errors() -> Result<()> {
    let sandbox = sandbox().await?;
    let listed = list_all(sandbox.quay(), "acme/nosuch", "nosuch").await?;
    for (index, listing) in listed.into_iter().enumerate() {
        assert_eq!(kind(listing), Some(ErrorKind::NotFound), "listing {index}");
    }
    for (index, listing) in list_all(sandbox.quay(), "acme/web", "acme")
        .await?
        .into_iter()
        .enumerate()
    {
        assert!(listing.is_ok(), "listing {index}: {listing:?}");
    }
    // A listing with rows needs one request.
    let row =
        json!({"uuid": ID, "event": "repo_push", "method": "webhook", "config": {"url": "x"}});
    let (server, quay) = script([(200, json!({"notifications": [row]}))]).await?;
    assert_eq!(
        quay.repository("acme/web")?
            .notifications()
            .list()
            .await?
            .len(),
        1
    );
    assert_eq!(server.requests().len(), 1);
    Ok(())
}

#[tokio::test]
async fn returns_an_empty_list_if_the_caller_may_not_see_the_parent() -> Result<()> {
    let empty = || (200, json!({"notifications": []}));
    for (status, body, expected) in [
        (404, not_found(), Some(ErrorKind::NotFound)),
        (403, json!({"title": "insufficient_scope"}), None),
        (401, json!({"title": "invalid_token"}), None),
        (502, json!({}), Some(ErrorKind::Unavailable)),
    ] {
        let (_server, quay) = script([empty(), (status, body)]).await?;
        let listed = quay.repository("acme/web")?.notifications().list().await;
        match expected {
            Some(_) => assert_eq!(kind(listed), expected),
            None => assert_eq!(listed?, []),
        }
    }
    Ok(())
}

#[tokio::test]
async fn reports_a_missing_repository_where_the_server_fails() -> Result<()> {
    let responses = || [(500, json!({})), (404, not_found())];
    let (_server, quay) = script(responses()).await?;
    let granted = quay
        .repository("acme/nosuch")?
        .user_permission("alice")?
        .set(RepositoryRole::Read)
        .await;
    assert_eq!(kind(granted), Some(ErrorKind::NotFound));
    let (_server, quay) = script(responses()).await?;
    let granted = quay
        .repository("acme/nosuch")?
        .team_permission("devs")?
        .set(RepositoryRole::Read)
        .await;
    assert_eq!(kind(granted), Some(ErrorKind::NotFound));
    let (_server, quay) = script(responses()).await?;
    let notifications = quay.repository("acme/nosuch")?.notifications();
    let created = notifications
        .create(notification(NotificationEvent::RepoPush))
        .await;
    assert_eq!(kind(created), Some(ErrorKind::NotFound));
    // The repository exists, and the server failed for another reason.
    let (_server, quay) = script([(500, json!({})), repository()]).await?;
    let granted = quay
        .repository("acme/web")?
        .user_permission("alice")?
        .set(RepositoryRole::Read)
        .await;
    assert_eq!(kind(granted), Some(ErrorKind::Server));
    Ok(())
}

#[tokio::test]
async fn refuses_notifications_that_would_never_be_sent() -> Result<()> {
    let sandbox = sandbox().await?;
    let quay = sandbox.quay();
    let web = quay.repository("acme/web")?.notifications();
    for event in [
        NotificationEvent::QuotaError,
        NotificationEvent::RepoImageExpiry,
    ] {
        let refused = web.create(notification(event)).await;
        assert_eq!(kind(refused), Some(ErrorKind::InvalidInput));
    }
    assert!(sandbox.requests().is_empty());

    // Names that only the server can know.
    let mut unknown = notification(NotificationEvent::from("nosuch"));
    let (_server, quay) = script([(500, json!({})), repository()]).await?;
    let error = quay
        .repository("acme/web")?
        .notifications()
        .create(unknown.clone())
        .await;
    let error = error.unwrap_err();
    assert!(
        error.is_invalid_request() && error.to_string().contains("\"nosuch\""),
        "{error}"
    );
    unknown.event = NotificationEvent::RepoPush;
    unknown.target = NotificationTarget::Other(OtherKind::new("pager", json!({})));
    let (_server, quay) = script([(500, json!({})), repository()]).await?;
    let error = quay
        .repository("acme/web")?
        .notifications()
        .create(unknown)
        .await
        .unwrap_err();
    assert!(
        error.is_invalid_request() && error.to_string().contains("\"pager\""),
        "{error}"
    );
    Ok(())
}

#[tokio::test]
async fn finds_no_notification_of_another_repository() -> Result<()> {
    let sandbox = sandbox().await?;
    sandbox.seed(&Seed::new().repository(RepositorySeed::new("acme/other")))?;
    let quay = sandbox.quay();
    let other = quay.repository("acme/other")?.notifications();
    let created = other
        .create(notification(NotificationEvent::RepoPush))
        .await?;
    let web = quay.repository("acme/web")?.notifications();
    assert_eq!(
        quay.repository("acme/web")?
            .notification(&created.uuid)?
            .get_opt()
            .await?,
        None
    );
    assert_eq!(
        kind(
            quay.repository("acme/web")?
                .notification(&created.uuid)?
                .test()
                .await
        ),
        Some(ErrorKind::NotFound)
    );
    assert!(
        !quay
            .repository("acme/web")?
            .notification(&created.uuid)?
            .delete_if_exists()
            .await?
    );
    let replaced = quay
        .repository("acme/web")?
        .notification(&created.uuid)?
        .replace(notification(NotificationEvent::RepoPush))
        .await;
    assert_eq!(kind(replaced), Some(ErrorKind::NotFound));
    assert_eq!(web.list().await?, []);
    assert!(sandbox.requests_of("testRepoNotification").is_empty());
    quay.repository("acme/other")?
        .notification(&created.uuid)?
        .test()
        .await?;
    let replaced = quay
        .repository("acme/other")?
        .notification(&created.uuid)?
        .replace(notification(NotificationEvent::RepoPush))
        .await?;
    assert_eq!(other.list().await?, [replaced]);
    Ok(())
}

#[tokio::test]
async fn error_names_the_new_notification_if_the_old_one_is_kept() -> Result<()> {
    let row = |id: &str| json!({"uuid": id, "event": "repo_push", "method": "webhook", "config": {"url": "x"}});
    let list = (200, json!({"notifications": [row(ID)]}));
    let (_server, quay) =
        script([list, (201, row("new-one")), (403, json!({"message": "No"}))]).await?;
    let error = quay
        .repository("acme/web")?
        .notification(ID)?
        .replace(notification(NotificationEvent::RepoPush))
        .await
        .unwrap_err();
    assert!(
        error.is_forbidden() && error.may_have_been_done(),
        "{error}"
    );
    assert!(error.to_string().contains("new-one was created"), "{error}");
    Ok(())
}

fn pattern(pattern: &str) -> SetAutoPrunePolicy {
    SetAutoPrunePolicy::new(AutoPruneMethod::NumberOfTags, 20).tag_pattern(pattern)
}

#[tokio::test]
async fn deletes_a_policy_whose_pattern_the_server_ignored() -> Result<()> {
    // Release 3.12.21: the policy is stored, and prunes tags of every name.
    let created = || (201, json!({"uuid": ID}));
    let stored = |pattern: Option<&str>| {
        let policy =
            json!({"uuid": ID, "method": "number_of_tags", "value": 20, "tagPattern": pattern});
        (200, json!({"policies": [policy]}))
    };
    let (server, quay) = script([created(), stored(None), created()]).await?;
    let policies = quay.repository("acme/web")?.autoprune_policies();
    let error = policies.create(pattern("^v")).await.unwrap_err();
    assert!(error.is_feature_disabled(), "{error}");
    assert!(
        error.to_string().contains("created and deleted again"),
        "{error}"
    );
    let base = "/repository/acme/web/autoprunepolicy/";
    assert_eq!(
        sent(&server.requests()),
        [
            format!("POST {base}"),
            format!("GET {base}"),
            format!("DELETE {base}{ID}")
        ]
    );
    let (_server, quay) = script([created(), stored(None), (500, json!({}))]).await?;
    let policies = quay.organization("acme")?.autoprune_policies();
    let error = policies.create(pattern("^v")).await.unwrap_err();
    assert!(
        error.to_string().contains("could not be deleted"),
        "{error}"
    );
    let (_server, quay) = script([created(), stored(Some("^v"))]).await?;
    quay.me().autoprune_policies().create(pattern("^v")).await?;

    // Its change can't be undone. Without a discovery document, it can't be detected before.
    let none = || (404, json!({}));
    let (_server, quay) = script([none(), (200, json!("")), stored(None)]).await?;
    let error = quay
        .repository("acme/web")?
        .autoprune_policy(ID)?
        .update(pattern("^v"))
        .await
        .unwrap_err();
    assert!(
        error.is_feature_disabled() && error.may_have_been_done(),
        "{error}"
    );
    Ok(())
}

#[tokio::test]
async fn changes_no_policy_of_a_repository_of_the_same_name() -> Result<()> {
    // The server reports success, and changes nothing.
    let (server, quay) = script([(200, json!({"policies": []})), repository()]).await?;
    assert_eq!(
        quay.repository("acme/web")?
            .autoprune_policy(ID)?
            .get_opt()
            .await?,
        None
    );
    assert!(
        sent(&server.requests())
            .iter()
            .all(|line| !line.ends_with(ID))
    );
    let (_server, quay) = script([
        (404, json!({})),
        (200, Value::Null),
        (200, json!({"policies": []})),
        repository(),
    ])
    .await?;
    assert_eq!(
        kind(
            quay.repository("acme/web")?
                .autoprune_policy(ID)?
                .update(pattern("^v"))
                .await
        ),
        Some(ErrorKind::NotFound)
    );
    Ok(())
}

#[tokio::test]
async fn changes_no_build_trigger_of_another_repository() -> Result<()> {
    let sandbox = sandbox().await?;
    let trigger = TriggerSeed::new(TriggerService::CustomGit, "git@example.com:acme/other.git");
    sandbox.seed(&Seed::new().repository(RepositorySeed::new("acme/other").trigger(trigger)))?;
    let quay = sandbox.quay();
    let other = quay.repository("acme/other")?;
    let id = other.triggers().list().await?.remove(0).id;
    let trigger = quay.repository("acme/web")?.trigger(&id)?;
    assert_eq!(trigger.get_opt().await?, None);
    assert_eq!(kind(trigger.disable().await), Some(ErrorKind::NotFound));
    assert_eq!(kind(trigger.delete().await), Some(ErrorKind::NotFound));
    assert!(!trigger.delete_if_exists().await?);
    assert_eq!(
        kind(trigger.builds().list().await),
        Some(ErrorKind::NotFound)
    );
    assert!(sandbox.requests_of("deleteBuildTrigger").is_empty());
    let trigger = other.trigger(&id)?;
    assert!(trigger.get_opt().await?.is_some());
    assert!(trigger.delete_if_exists().await?);
    assert!(!trigger.delete_if_exists().await?);
    Ok(())
}

#[tokio::test]
async fn refuses_mirrors_at_which_the_server_fails() -> Result<()> {
    let sandbox = sandbox().await?;
    let mirror = sandbox.quay().repository("acme/web")?.mirror();
    let create = |tags: &[&str]| {
        let rule = MirrorRule::tags(tags.iter().copied());
        CreateMirror::new("quay.io/coreos/etcd", Timestamp::now(), 86_400, rule)
    };
    for request in [create(&["v1"]), create(&[]).robot_username("acme+ci")] {
        assert_eq!(
            kind(mirror.create(request).await),
            Some(ErrorKind::InvalidInput)
        );
    }
    let update = UpdateMirror::new;
    for request in [
        update()
            .is_enabled(false)
            .clear_external_registry_password(),
        update().external_registry_password("hunter2"),
        update()
            .clear_external_registry_username()
            .external_registry_password("hunter2"),
        update().root_rule(MirrorRule::tags([""; 0])),
    ] {
        assert_eq!(
            kind(mirror.update(request).await),
            Some(ErrorKind::InvalidInput)
        );
    }
    assert!(sandbox.requests().is_empty());
    Ok(())
}

#[tokio::test]
async fn distinguishes_a_missing_mirror_from_an_idle_one() -> Result<()> {
    let settings = json!({
        "is_enabled": true, "external_reference": "quay.io/a/b", "sync_interval": 60,
        "sync_status": "SYNCING",
    });
    let (_server, quay) = script([(404, not_found()), (200, settings.clone())]).await?;
    let error = quay
        .repository("acme/web")?
        .mirror()
        .sync_now()
        .await
        .unwrap_err();
    assert!(
        error.is_conflict() && error.to_string().contains("SYNCING"),
        "{error}"
    );
    let (_server, quay) = script([(404, not_found()), (200, settings)]).await?;
    let canceled = quay.repository("acme/web")?.mirror().cancel_sync().await;
    assert_eq!(kind(canceled), Some(ErrorKind::Conflict));
    let (_server, quay) = script([(404, not_found())]).await?;
    let started = quay.repository("acme/web")?.mirror().sync_now().await;
    assert_eq!(kind(started), Some(ErrorKind::NotFound));
    Ok(())
}

#[tokio::test]
async fn refuses_builds_and_limits_that_the_server_interprets_differently() -> Result<()> {
    let sandbox = sandbox().await?;
    let builds = sandbox.quay().repository("acme/web")?.builds();
    assert_eq!(
        kind(builds.list().limit(0).await),
        Some(ErrorKind::InvalidInput)
    );
    let request = CreateBuild::new().archive_url("https://example.com/\u{fc}.tar.gz");
    assert_eq!(
        kind(builds.create(request).await),
        Some(ErrorKind::InvalidInput)
    );
    assert!(sandbox.requests().is_empty());
    Ok(())
}
