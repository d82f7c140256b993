//! Handles of repositories and of the server: from rows to handles, options, filters, and the
//! results of `create`, `create_if_absent` and `delete` for ambiguous responses.

use crate::outcomes_repository::{kind, not_found, sandbox, script, sent};
use quay_api::api::{GetManifest, GetRepository};
use quay_api::types::*;
use quay_api::{Delivery, ErrorKind, Quay, Result};
use serde_json::{Value, json};

const ID: &str = "20c7409a-c1ce-4f64-b938-ce0d5f158440";
const DIGEST: &str = "sha256:b714392514b5dcda6cd3e8aae80e43090b67983d04311673e523bc257cd9cda5";

fn repository() -> (u16, Value) {
    let body = json!({"namespace": "acme", "name": "web", "is_public": true});
    (200, body)
}

/// The name of the repository that a row is about.
fn name<R>(row: Value) -> String
where
    R: serde::de::DeserializeOwned,
    for<'a> RepositoryName: TryFrom<&'a R, Error = InvalidValue>,
{
    let row: R = serde_json::from_value(row).expect("a row");
    match RepositoryName::try_from(&row) {
        Ok(name) => name.to_string(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn rows_have_the_names_of_their_repositories() {
    let summary = json!({"namespace": "acme", "name": "team/web", "is_public": true});
    assert_eq!(name::<RepositorySummary>(summary.clone()), "acme/team/web");
    assert_eq!(name::<Repository>(summary), "acme/team/web");
    let short = json!({"namespace": "acme", "name": "web"});
    assert_eq!(name::<CreatedRepository>(short.clone()), "acme/web");
    assert_eq!(name::<RepositoryReference>(short), "acme/web");
    let starred = json!({"namespace": "acme", "repository": "web"});
    assert_eq!(name::<StarredRepository>(starred), "acme/web");
    let found = json!({
        "kind": "repository", "name": "web", "is_public": true, "score": 1, "href": "/",
        "namespace": {"kind": "organization", "name": "acme", "title": "Org", "score": 1,
                      "href": "/"},
    });
    assert_eq!(name::<RepositorySearchResult>(found.clone()), "acme/web");
    assert_eq!(name::<SearchResult>(found), "acme/web");
    let user = json!({"kind": "user", "name": "alice", "score": 1, "href": "/"});
    assert!(name::<SearchResult>(user).contains("has no namespace in this row"));
    let permission = json!({"role": "read", "repository": {
        "name": "web", "namespace": "acme", "is_public": true,
    }});
    assert_eq!(name::<RepositoryPermission>(permission), "acme/web");
    let permission = json!({"role": "read", "repository": {"name": "web", "is_public": true}});
    assert!(name::<RepositoryPermission>(permission).contains("has no namespace in this row"));
}

#[tokio::test]
async fn handles_are_created_from_rows_and_strings() -> Result<()> {
    let sandbox = sandbox().await?;
    let quay = sandbox.quay();
    let request = CreateRepository::new("api", Visibility::Private, "").namespace("acme");
    let created = quay.repositories().create(request).await?;
    assert_eq!(quay.repository(&created)?.name().as_str(), "acme/api");
    let mut names = Vec::new();
    for row in quay.repositories().list().namespace("acme").await? {
        names.push(quay.repository(&row)?.name().to_string());
    }
    names.sort();
    assert_eq!(names, ["acme/api", "acme/web"]);
    let text = "acme/web".to_owned();
    for web in [
        quay.repository("acme/web")?,
        quay.repository(&text)?,
        quay.repository(text.clone())?,
        quay.repository(("acme", "web"))?,
        quay.repository(("acme".to_owned(), "web".to_owned()))?,
        quay.repository(RepositoryName::new("acme", "web")?)?,
        quay.repository(&RepositoryName::new("acme", "web")?)?,
    ] {
        assert_eq!(web.name().as_str(), "acme/web");
    }
    let (web, text) = (quay.repository("acme/web")?, DIGEST.to_owned());
    let digest: Digest = text.parse()?;
    for manifest in [
        web.manifest(DIGEST)?,
        web.manifest(&text)?,
        web.manifest(text)?,
        web.manifest(&digest)?,
        web.manifest(digest)?,
    ] {
        assert_eq!(manifest.digest().as_str(), DIGEST);
    }
    assert_eq!(kind(web.manifest("latest")), Some(ErrorKind::InvalidInput));
    assert_eq!(
        kind(quay.repository(("acme", ".."))),
        Some(ErrorKind::InvalidInput)
    );
    Ok(())
}

#[tokio::test]
async fn items_keep_their_names() -> Result<()> {
    let quay = Quay::anonymous("https://quay.example.com")?;
    let web = quay.repository("acme/web")?;
    assert_eq!(web.tag("v1")?.name(), "v1");
    assert_eq!(web.build(ID)?.uuid(), ID);
    assert_eq!(web.trigger(ID)?.uuid(), ID);
    assert_eq!(web.notification(ID)?.uuid(), ID);
    assert_eq!(web.autoprune_policy(ID)?.uuid(), ID);
    assert_eq!(web.immutability_policy(ID)?.uuid(), ID);
    assert_eq!(web.user_permission("acme+ci")?.name(), "acme+ci");
    assert_eq!(web.team_permission("devs")?.name(), "devs");
    assert_eq!(web.manifest(DIGEST)?.label(ID)?.id(), ID);
    assert_eq!(quay.message(ID)?.uuid(), ID);
    assert_eq!(quay.user("alice")?.name(), "alice");
    assert_eq!(quay.application("app")?.client_id(), "app");
    assert_eq!(quay.error_description("not_found")?.name(), "not_found");
    for name in ["", "..", "a/b"] {
        assert_eq!(kind(web.tag(name)), Some(ErrorKind::InvalidInput));
        assert_eq!(kind(web.notification(name)), Some(ErrorKind::InvalidInput));
        assert_eq!(
            kind(web.user_permission(name)),
            Some(ErrorKind::InvalidInput)
        );
        assert_eq!(kind(quay.user(name)), Some(ErrorKind::InvalidInput));
        assert_eq!(kind(quay.message(name)), Some(ErrorKind::InvalidInput));
    }
    Ok(())
}

#[tokio::test]
async fn reads_one_tag_and_one_team_permission_from_their_listings() -> Result<()> {
    let sandbox = sandbox().await?;
    let web = sandbox.quay().repository("acme/web")?;
    assert_eq!(web.tag("v1")?.get().await?.name, "v1");
    let missing = web.tag("v9")?.get().await.unwrap_err();
    assert!(missing.is_not_found() && missing.to_string().contains("tag v9 in acme/web"));
    let nowhere = sandbox.quay().repository("acme/nosuch")?;
    assert_eq!(
        kind(nowhere.tag("v1")?.get().await),
        Some(ErrorKind::NotFound)
    );
    assert_eq!(
        kind(nowhere.tag("v1")?.get_opt().await),
        Some(ErrorKind::NotFound)
    );

    let owners = web.team_permission("owners")?;
    assert_eq!(owners.get_opt().await?, None);
    assert_eq!(kind(owners.get().await), Some(ErrorKind::NotFound));
    let set = owners.set(RepositoryRole::Write).await?;
    assert_eq!(owners.get().await?, set);
    assert_eq!(owners.role().await?, RepositoryRole::Write);
    owners.delete().await?;
    assert!(!owners.delete_if_exists().await?);
    Ok(())
}

#[tokio::test]
async fn both_reading_methods_accept_options() -> Result<()> {
    let sandbox = sandbox().await?;
    let web = sandbox.quay().repository("acme/web")?;
    let options = || GetRepository::new().with_tags().with_activity();
    assert!(web.get().await?.tags.is_none());
    let read = web.get_with(options()).await?;
    assert!(read.tags.is_some() && read.stats.is_some());
    assert_eq!(web.get_opt_with(options()).await?, Some(read));
    let nowhere = sandbox.quay().repository("acme/nosuch")?;
    assert_eq!(nowhere.get_opt_with(options()).await?, None);

    let (server, quay) = script([(404, not_found())]).await?;
    let manifest = quay.repository("acme/web")?.manifest(DIGEST)?;
    let options = GetManifest::new().with_model_card();
    assert_eq!(manifest.get_opt_with(options).await?, None);
    assert!(sent(&server.requests())[0].ends_with("include_modelcard=true"));
    Ok(())
}

#[tokio::test]
async fn lists_labels_by_key_prefix() -> Result<()> {
    let label = |key: &str| json!({"id": key, "key": key, "value": "x"});
    // The server ignores case.
    let labels = json!({"labels": [label("team.a"), label("Team.b")]});
    let (server, quay) = script([(200, labels)]).await?;
    let labels = quay.repository("acme/web")?.manifest(DIGEST)?.labels();
    let listed = labels.list().key_prefix("team.").await?;
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].key, "team.a");
    assert!(sent(&server.requests())[0].ends_with("/labels?filter=team."));
    assert_eq!(labels.list().await?.len(), 2);
    Ok(())
}

#[tokio::test]
async fn lists_builds_since_a_time_and_limits_those_of_a_trigger() -> Result<()> {
    let moment = Timestamp::from_unix_seconds(1_760_000_000).expect("a time");
    let (server, quay) = script([(200, json!({"builds": []})), repository()]).await?;
    let web = quay.repository("acme/web")?;
    assert_eq!(web.builds().list().since(moment).limit(3).await?, []);
    let query = "/repository/acme/web/build/?limit=3&since=1760000000";
    assert_eq!(sent(&server.requests())[0], format!("GET {query}"));

    let trigger = json!({"triggers": [{"id": ID, "service": "github", "is_active": true}]});
    let (server, quay) = script([(200, json!({"builds": []})), (200, trigger)]).await?;
    let builds = quay.repository("acme/web")?.trigger(ID)?.builds();
    assert_eq!(
        kind(builds.list().limit(0).await),
        Some(ErrorKind::InvalidInput)
    );
    assert!(server.requests().is_empty());
    assert_eq!(builds.list().limit(3).await?, []);
    assert!(sent(&server.requests())[0].ends_with("/builds?limit=3"));
    Ok(())
}

#[tokio::test]
async fn lists_repositories_of_all_or_of_one_namespace() -> Result<()> {
    let rows = json!({"repositories": [{"namespace": "a", "name": "b", "is_public": true}]});
    let (server, quay) = script([(200, rows)]).await?;
    assert_eq!(quay.repositories().list().await?.len(), 1);
    let listing = || quay.repositories().list().namespace("acme");
    assert_eq!(listing().namespace("acme").await?.len(), 1);
    assert_eq!(listing().without_public().await?.len(), 1);
    assert_eq!(
        sent(&server.requests()),
        [
            "GET /repository?public=true",
            "GET /repository?namespace=acme&public=true",
            "GET /repository?namespace=acme"
        ]
    );
    let all = quay.repositories().list().without_public().await;
    assert_eq!(kind(all), Some(ErrorKind::InvalidInput));
    let error = listing().namespace("globex").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(error.delivery(), Delivery::NotSent);
    Ok(())
}

#[tokio::test]
async fn does_not_delete_a_missing_repository() -> Result<()> {
    let (server, quay) = script([(404, not_found())]).await?;
    let web = quay.repository("acme/web")?;
    let error = web.delete().await.unwrap_err();
    assert!(error.is_not_found() && !error.may_have_been_done());
    assert!(!web.delete_if_exists().await?);
    let sent = sent(&server.requests());
    assert!(sent.iter().all(|line| line.starts_with("GET ")), "{sent:?}");
    Ok(())
}

#[tokio::test]
async fn error_names_a_created_resource_that_can_not_be_read() -> Result<()> {
    let created = |what: &str, error: quay_api::Error| {
        assert!(
            error.to_string().contains(&format!("{what} was created")),
            "{error}"
        );
        assert!(error.may_have_been_done(), "{error}");
        assert_eq!(error.delivery(), Delivery::Responded, "{error}");
    };
    let responses = || [(201, json!({"uuid": ID})), (403, json!({"message": "No"}))];
    let rule = MirrorRule::tags(["v*"]);
    let mirror = CreateMirror::new("quay.io/coreos/etcd", Timestamp::now(), 86400, rule);
    let (_server, quay) = script([(201, json!("")), (500, json!({}))]).await?;
    let mirrored = quay
        .repository("acme/web")?
        .mirror()
        .create(mirror.robot_username("acme+ci"))
        .await;
    created("the mirror of acme/web", mirrored.unwrap_err());

    let (_server, quay) = script(responses()).await?;
    let policy = SetAutoPrunePolicy::new(AutoPruneMethod::NumberOfTags, 20);
    let error = quay.me().autoprune_policies().create(policy).await;
    created(&format!("the policy {ID}"), error.unwrap_err());

    let (_server, quay) = script(responses()).await?;
    let policies = quay.organization("acme")?.immutability_policies();
    let error = policies.create(SetImmutabilityPolicy::new("v.*")).await;
    created(&format!("the policy {ID}"), error.unwrap_err());
    Ok(())
}

#[tokio::test]
async fn creates_only_absent_policies_and_labels() -> Result<()> {
    let sandbox = sandbox().await?;
    let web = sandbox.quay().repository("acme/web")?;
    let policies = web.autoprune_policies();
    let policy = |tags: i64| SetAutoPrunePolicy::new(AutoPruneMethod::NumberOfTags, tags);
    let created = policies.create_if_absent(policy(5)).await?;
    assert_eq!(policies.list().await?, Vec::from_iter(created));
    assert_eq!(policies.create_if_absent(policy(5)).await?, None);
    assert!(policies.create_if_absent(policy(6)).await?.is_some());
    let posts = sandbox.requests_of("createRepositoryAutoPrunePolicy");
    assert_eq!(posts.len(), 2);

    let policies = web.immutability_policies();
    let policy = || SetImmutabilityPolicy::new("v.*");
    let created = policies.create_if_absent(policy()).await?;
    assert_eq!(policies.list().await?, Vec::from_iter(created));
    assert_eq!(policies.create_if_absent(policy()).await?, None);
    let other = policies
        .create_if_absent(policy().tag_pattern_matches(false))
        .await;
    assert_eq!(kind(other), Some(ErrorKind::Conflict));

    let digest = web
        .tag("v1")?
        .get()
        .await?
        .manifest_digest
        .expect("a digest");
    let labels = web.manifest(&digest)?.labels();
    let label = |value: &str| CreateLabel::new("team", value, None);
    assert!(labels.create_if_absent(label("a")).await?.is_some());
    assert_eq!(labels.create_if_absent(label("a")).await?, None);
    assert!(labels.create_if_absent(label("b")).await?.is_some());
    assert_eq!(labels.list().key_prefix("team").await?.len(), 2);
    Ok(())
}

#[tokio::test]
async fn reads_messages_and_public_information_if_they_exist() -> Result<()> {
    let messages = json!({"messages": [
        {"uuid": "m1", "content": "Hello", "media_type": "text/plain", "severity": "info"},
    ]});
    let (_server, quay) = script([(200, messages)]).await?;
    assert_eq!(quay.message("m1")?.get().await?.content, "Hello");
    assert_eq!(quay.message("m2")?.get_opt().await?, None);
    assert_eq!(
        kind(quay.message("m2")?.get().await),
        Some(ErrorKind::NotFound)
    );

    let (_server, quay) = script([(404, not_found())]).await?;
    assert_eq!(quay.user("alice")?.get_opt().await?, None);
    assert_eq!(quay.application("app")?.get_opt().await?, None);
    assert_eq!(quay.error_description("none")?.get_opt().await?, None);
    Ok(())
}

#[tokio::test]
async fn sets_and_removes_an_expiration() -> Result<()> {
    let sandbox = sandbox().await?;
    let tag = sandbox.quay().repository("acme/web")?.tag("v1")?;
    let tomorrow = Timestamp::from_unix_seconds(Timestamp::now().unix_seconds() + 86_400);
    let tomorrow = tomorrow.expect("a time");
    tag.set_expiration(tomorrow).await?;
    assert_eq!(tag.get().await?.expiration, Some(tomorrow));
    tag.set_expiration(None).await?;
    assert_eq!(tag.get().await?.expiration, None);
    tag.set_expiration(Some(tomorrow)).await?;
    assert_eq!(tag.get().await?.expiration, Some(tomorrow));
    Ok(())
}
