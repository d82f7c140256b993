//! `Ok` means done: repositories and tags. An error names the changes that were not made.

use crate::support::server::{Request, Server, ServerAction, response};
use quay_api::api::TagHandle;
use quay_api::testing::seed::{OrganizationSeed, RepositorySeed, Seed, TagSeed};
use quay_api::testing::{RecordedRequest, Response, Sandbox};
use quay_api::types::{
    CreateRepository, Digest, ExpireTag, RepositoryKind, Timestamp, UpdateTag, Visibility,
};
use quay_api::{ErrorKind, Quay, Result};
use serde_json::{Value, json};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(86_400);

pub(crate) async fn sandbox() -> Result<Sandbox> {
    let sandbox = Sandbox::start().await?;
    let repository = RepositorySeed::new("acme/web")
        .tag(TagSeed::new("v1", 1024))
        .tag(TagSeed::new("v2", 2048));
    sandbox.seed(
        &Seed::new()
            .organization(OrganizationSeed::new("acme"))
            .repository(repository),
    )?;
    Ok(sandbox)
}

/// A server that sends these responses in turn, and then repeats the last one.
pub(crate) async fn script(
    responses: impl IntoIterator<Item = (u16, Value)>,
) -> Result<(Server, Quay)> {
    let actions = responses.into_iter().map(|(status, body)| {
        ServerAction::Send(response(status, "application/json", body.to_string()))
    });
    let server = Server::start(actions).await;
    let quay = Quay::builder()
        .base_url(server.url())
        .token("hunter2")
        .no_retries()
        .build()?;
    Ok((server, quay))
}

fn tag_page(tags: &Value) -> Value {
    json!({"tags": tags, "page": 1, "has_additional": false})
}

pub(crate) fn not_found() -> Value {
    json!({"title": "not_found", "detail": "Not Found", "status": 404})
}

pub(crate) fn kind<T>(result: Result<T>) -> Option<ErrorKind> {
    result.err().map(|error| error.kind())
}

pub(crate) fn sent(requests: &[Request]) -> Vec<String> {
    let line = |r: &Request| format!("{} {}", r.method, r.target.replace("/api/v1", ""));
    requests.iter().map(line).collect()
}

fn bodies(requests: &[RecordedRequest]) -> Vec<Value> {
    requests.iter().filter_map(|r| r.body.clone()).collect()
}

async fn digest(tag: &TagHandle) -> Result<Digest> {
    let found = tag.get_opt().await?.and_then(|t| t.manifest_digest);
    Ok(Digest::try_from(&found)?)
}

#[tokio::test]
async fn refuses_filters_of_tags_that_no_name_can_match() -> Result<()> {
    let sandbox = sandbox().await?;
    let tags = sandbox.quay().repository("acme/web")?.tags();
    let long = "v".repeat(129);
    for text in ["", "v*", "glob:v", "prefix:v1", "v%", "v 1", "ü", &long] {
        let listed = tags.list().name_contains(text).await;
        assert_eq!(kind(listed), Some(ErrorKind::InvalidInput), "{text:?}");
    }
    let listed = tags.list().named("").await;
    assert_eq!(kind(listed), Some(ErrorKind::InvalidInput));
    assert!(sandbox.requests().is_empty());
    Ok(())
}

#[tokio::test]
async fn yields_only_matching_tags_also_if_the_server_lists_others() -> Result<()> {
    // Release 3.8 ignores the filter, and ends its first page with two tags that do not match.
    let page = |names: &[&str], number: u32, more: bool| {
        let tags: Vec<_> = names
            .iter()
            .map(|n| json!({"name": n, "start_ts": 1}))
            .collect();
        (
            200,
            json!({"tags": tags, "page": number, "has_additional": more}),
        )
    };
    let pages = || {
        [
            page(&["nightly-2", "V1", "latest"], 1, true),
            page(&["v1.0", "v1_0"], 2, true),
            page(&["latest2", "nightly_1", "nightly-1"], 3, false),
        ]
    };
    for concurrency in [1, 4] {
        let (server, quay) = script(pages()).await?;
        let tags = quay.repository("acme/web")?.tags().list();
        let found = tags
            .name_contains("nightly-")
            .concurrency(concurrency)
            .await;
        let names: Vec<_> = found?.into_iter().map(|t| t.name).collect();
        assert_eq!(names, ["nightly-2", "nightly-1"]);
        assert!(sent(&server.requests())[0].contains("filter_tag_name=like%3Anightly-"));
    }
    let (_server, quay) = script(pages()).await?;
    let tags = quay.repository("acme/web")?.tags().list();
    let named = tags.clone().named("v1.0").await?;
    assert_eq!(named.len(), 1);
    // A page without a match is still a page.
    let (_server, quay) = script(pages()).await?;
    let tags = quay.repository("acme/web")?.tags().list();
    assert!(tags.name_contains("v1_").first().await?.is_some());
    Ok(())
}

#[tokio::test]
async fn changes_manifest_expiration_and_immutability_one_after_the_other() -> Result<()> {
    let sandbox = sandbox().await?;
    let web = sandbox.quay().repository("acme/web")?;
    let v2 = digest(&web.tag("v2")?).await?;
    let tomorrow = Timestamp::now().checked_add(DAY).expect("tomorrow");
    for name in ["v1", "new"] {
        let tag = web.tag(name)?;
        let change = UpdateTag::new()
            .manifest_digest(v2.as_str())
            .expiration(tomorrow.unix_seconds() as f64);
        tag.update(change).await?;
        let found = tag.get_opt().await?.expect("the tag");
        assert_eq!(found.manifest_digest.as_ref(), Some(&v2));
        let end = found.end_ts.map(Timestamp::unix_seconds);
        assert_eq!(end, Some(tomorrow.unix_seconds()), "{name}");
    }
    let sent = bodies(&sandbox.requests_of("changeTag"));
    assert_eq!(sent[0], json!({"manifest_digest": v2.as_str()}));
    assert!(sent[1].get("expiration").is_some() && sent[1].get("manifest_digest").is_none());

    // Immutability is set last and removed first, so that it does not prevent the other changes.
    let tag = web.tag("v1")?;
    let v1 = v2.clone();
    let change = UpdateTag::new().manifest_digest(v1.as_str());
    tag.update(change.clone().clear_expiration().immutable(true))
        .await?;
    assert_eq!(kind(tag.point_to(&v2).await), Some(ErrorKind::TagImmutable));
    assert_eq!(kind(tag.restore(&v2).await), Some(ErrorKind::TagImmutable));
    tag.update(change.immutable(false)).await?;
    let found = tag.get_opt().await?.expect("the tag");
    assert_eq!((found.immutable, found.end_ts), (Some(false), None));
    Ok(())
}

#[tokio::test]
async fn error_names_the_changes_made_before_a_failure() -> Result<()> {
    let sandbox = sandbox().await?;
    let web = sandbox.quay().repository("acme/web")?;
    let v2 = digest(&web.tag("v2")?).await?;
    let tomorrow = Timestamp::now().checked_add(DAY).expect("tomorrow");
    let tag = web.tag("v1")?;
    // The first of the two requests is sent, the second one fails.
    sandbox
        .fail("changeTag")
        .respond(Response::json(201, &json!("Updated")));
    sandbox.fail("changeTag").respond(Response::json(
        400,
        &json!({"message": "Tag has probably changed"}),
    ));
    let change = UpdateTag::new()
        .manifest_digest(v2.as_str())
        .expiration(tomorrow.unix_seconds() as f64);
    let error = tag.update(change).await.unwrap_err();
    assert!(error.may_have_been_done());
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::Conflict, Some(400))
    );
    let said = format!("before that, the tag was pointed at {v2}");
    assert!(error.to_string().contains(&said), "{error}");
    Ok(())
}

#[tokio::test]
async fn refuses_impossible_changes_of_tags() -> Result<()> {
    let sandbox = sandbox().await?;
    let tag = sandbox.quay().repository("acme/web")?.tag("v1")?;
    let now = Timestamp::now();
    let past = now.checked_sub(DAY).expect("yesterday");
    for moment in [past, now, Timestamp::from_unix_seconds(0).expect("1970")] {
        let error = tag.set_expiration(Some(moment)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(
            error.to_string().contains("must be in the future"),
            "{error}"
        );
    }
    let expiration = |seconds: f64| UpdateTag::new().expiration(seconds);
    for change in [
        UpdateTag::new(),
        UpdateTag::new().clear_manifest_digest(),
        UpdateTag::new().manifest_digest("latest"),
        expiration(f64::NAN),
        expiration(f64::INFINITY),
        expiration(1e18),
        expiration(-1.0),
    ] {
        assert_eq!(
            kind(tag.update(change).await),
            Some(ErrorKind::InvalidInput)
        );
    }
    for request in [
        ExpireTag::new(),
        ExpireTag::new().is_alive(false),
        ExpireTag::new().manifest_digest("v1"),
        ExpireTag::new()
            .is_alive(true)
            .manifest_digest(format!("sha256:{}", "0".repeat(64))),
    ] {
        assert_eq!(
            kind(tag.delete_permanently(request).await),
            Some(ErrorKind::InvalidInput)
        );
    }
    assert!(sandbox.requests().is_empty());
    Ok(())
}

#[tokio::test]
async fn reports_an_expiration_that_the_server_moved() -> Result<()> {
    let now = Timestamp::now().unix_seconds();
    let tag = |start: i64, end: Option<i64>| {
        (
            200,
            tag_page(&json!([{"name": "v1", "start_ts": start, "end_ts": end}])),
        )
    };
    let updated = || (201, json!("Updated"));
    let at = |seconds: i64| Timestamp::from_unix_seconds(now + seconds);

    // Ten years, of which a server keeps two.
    let two_years = now + 104 * 7 * 86_400;
    let (_server, quay) = script([tag(now, None), updated(), tag(now, Some(two_years))]).await?;
    let tag_of = |quay: &Quay| quay.repository("acme/web")?.tag("v1");
    let error = tag_of(&quay)?
        .set_expiration(at(315_360_000))
        .await
        .unwrap_err();
    assert!(error.is_conflict() && error.may_have_been_done(), "{error}");
    let stored = Timestamp::from_unix_seconds(two_years).expect("a date");
    assert!(error.to_string().contains(&stored.to_string()), "{error}");

    // The requested one, and one with a fraction that the server discards.
    let (_server, quay) = script([tag(now, None), updated(), tag(now, Some(now + 9000))]).await?;
    let change = UpdateTag::new().expiration((now + 9000) as f64 + 0.5);
    tag_of(&quay)?.update(change).await?;

    // Created three years ago: the tag would expire immediately, so nothing is changed.
    let (server, quay) = script([tag(now - 94_608_000, None)]).await?;
    let error = tag_of(&quay)?
        .set_expiration(at(604_800))
        .await
        .unwrap_err();
    assert!(
        error.is_conflict() && !error.may_have_been_done(),
        "{error}"
    );
    assert!(
        error.to_string().contains("would expire immediately"),
        "{error}"
    );
    assert_eq!(server.requests().len(), 1);

    // No such tag.
    let (server, quay) = script([(200, tag_page(&json!([])))]).await?;
    let error = tag_of(&quay)?
        .set_expiration(at(604_800))
        .await
        .unwrap_err();
    assert!(error.is_not_found(), "{error}");
    assert_eq!(server.requests().len(), 1);
    Ok(())
}

#[tokio::test]
async fn reports_immutability_that_the_server_ignored() -> Result<()> {
    let page = |tag: Value| (200, tag_page(&json!([tag])));
    let updated = || (201, json!("Updated"));
    for (found, expected) in [
        (json!({"name": "v1"}), Some(ErrorKind::FeatureDisabled)),
        (
            json!({"name": "v1", "immutable": false}),
            Some(ErrorKind::Conflict),
        ),
        (json!({"name": "v1", "immutable": true}), None),
    ] {
        let (_server, quay) = script([updated(), page(found)]).await?;
        let tag = quay.repository("acme/web")?.tag("v1")?;
        assert_eq!(
            kind(tag.update(UpdateTag::new().immutable(true)).await),
            expected
        );
    }
    // An old server reports success for a missing tag.
    let (_server, quay) = script([updated(), (200, tag_page(&json!([])))]).await?;
    let tag = quay.repository("acme/web")?.tag("v1")?;
    let changed = tag.update(UpdateTag::new().immutable(true)).await;
    assert_eq!(kind(changed), Some(ErrorKind::NotFound));
    Ok(())
}

#[tokio::test]
async fn create_if_absent_writes_nothing_if_the_resource_exists() -> Result<()> {
    let sandbox = sandbox().await?;
    let repositories = sandbox.quay().repositories();
    let web = || CreateRepository::new("web", Visibility::Private, "").namespace("acme");
    assert!(repositories.create_if_absent(web()).await?.is_none());
    assert!(sandbox.requests().iter().all(|r| r.method == "GET"));
    let mine = || CreateRepository::new("mine", Visibility::Private, "");
    assert!(repositories.create_if_absent(mine()).await?.is_some());
    assert!(repositories.create_if_absent(mine()).await?.is_none());
    assert_eq!(sandbox.requests_of("createRepo").len(), 1);
    Ok(())
}

#[tokio::test]
async fn create_if_absent_returns_none_only_if_the_resource_exists() -> Result<()> {
    let exists = || {
        (
            400,
            json!({"title": "invalid_request", "detail": "Repository already exists"}),
        )
    };
    let found = |kind: &str| {
        (
            200,
            json!({"namespace": "acme", "name": "web", "kind": kind, "is_public": true}),
        )
    };
    let missing = || (404, not_found());
    let hidden = || (403, json!({"title": "insufficient_scope", "status": 403}));
    let request = || CreateRepository::new("web", Visibility::Private, "").namespace("acme");
    for (responses, expected) in [
        // Created by another caller in the meantime.
        (vec![missing(), exists(), found("image")], None),
        // The server reports that it exists, but does not have it.
        (
            vec![missing(), exists(), missing()],
            Some(ErrorKind::AlreadyExists),
        ),
        (vec![found("application")], Some(ErrorKind::Conflict)),
        (
            vec![missing(), exists(), found("application")],
            Some(ErrorKind::Conflict),
        ),
        // A token that may create and not read.
        (vec![hidden(), exists(), hidden()], None),
    ] {
        let (server, quay) = script(responses).await?;
        let created = quay.repositories().create_if_absent(request()).await;
        match expected {
            Some(_) => assert_eq!(kind(created), expected, "{:?}", sent(&server.requests())),
            None => assert!(created?.is_none()),
        }
    }
    let application = request().repo_kind(RepositoryKind::Application);
    let (server, quay) = script([found("application")]).await?;
    assert!(
        quay.repositories()
            .create_if_absent(application)
            .await?
            .is_none()
    );
    assert_eq!(server.requests().len(), 1);
    Ok(())
}

#[tokio::test]
async fn delete_if_exists_returns_true_if_the_repository_existed() -> Result<()> {
    let sandbox = sandbox().await?;
    let quay = sandbox.quay();
    assert!(quay.repository("acme/web")?.delete_if_exists().await?);
    assert!(!quay.repository("acme/web")?.delete_if_exists().await?);
    assert_eq!(sandbox.requests_of("deleteRepository").len(), 1);
    let deleted = quay.repository("acme/web")?.delete().await;
    assert_eq!(kind(deleted), Some(ErrorKind::NotFound));
    assert_eq!(sandbox.requests_of("deleteRepository").len(), 1);
    // The server fails where the namespace is missing: it was deleted in between.
    let found = || {
        (
            200,
            json!({"namespace": "acme", "name": "web", "is_public": true}),
        )
    };
    let failed = || (500, json!({}));
    let (_server, quay) = script([found(), failed(), (404, not_found())]).await?;
    quay.repository("acme/web")?.delete().await?;
    let (_server, quay) = script([found(), failed(), found()]).await?;
    let deleted = quay.repository("acme/web")?.delete().await;
    assert_eq!(kind(deleted), Some(ErrorKind::Server));
    Ok(())
}

#[tokio::test]
async fn delete_if_exists_is_true_after_a_lost_response() -> Result<()> {
    let sandbox = sandbox().await?;
    let web = sandbox.quay().repository("acme/web")?;
    // The first attempt is done, and its response is lost; the second one finds nothing.
    sandbox.fail("deleteFullTag").reset();
    assert!(web.tag("v1")?.delete_if_exists().await?);
    assert!(!web.tag("never")?.delete_if_exists().await?);
    Ok(())
}

#[tokio::test]
async fn reports_a_namespace_that_does_not_exist() -> Result<()> {
    let sandbox = sandbox().await?;
    let repositories = sandbox.quay().repositories();
    let listed = repositories.list().namespace("nosuch").await;
    assert!(listed.is_err_and(|e| e.is_not_found() && e.to_string().contains("nosuch")));
    // A namespace without repositories is no error, whether of an organization or a user.
    sandbox.seed(
        &Seed::new()
            .organization(OrganizationSeed::new("empty"))
            .user("alice"),
    )?;
    assert_eq!(repositories.list().namespace("empty").await?, []);
    assert_eq!(repositories.list().namespace("alice").await?, []);
    for name in ["", "a/b", ".."] {
        assert_eq!(
            kind(repositories.list().namespace(name).await),
            Some(ErrorKind::InvalidInput)
        );
    }

    // The server fails without naming the namespace.
    let request = || CreateRepository::new("web", Visibility::Private, "").namespace("nosuch");
    let missing = || (404, not_found());
    let (_server, quay) = script([(500, json!({})), missing(), missing()]).await?;
    let error = quay.repositories().create(request()).await.unwrap_err();
    assert!(
        error.is_not_found() && !error.may_have_been_done(),
        "{error}"
    );
    let (_server, quay) = script([(500, json!({}))]).await?;
    let error = quay.repositories().create(request()).await.unwrap_err();
    assert!(
        error.kind() == ErrorKind::Server && error.may_have_been_done(),
        "{error}"
    );
    Ok(())
}

#[tokio::test]
async fn refuses_names_of_repositories_that_the_server_interprets_differently() -> Result<()> {
    let sandbox = sandbox().await?;
    let repositories = sandbox.quay().repositories();
    let request = |name: &str| CreateRepository::new(name, Visibility::Private, "");
    let error = repositories.create(request("acme/web")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.to_string().contains("\"acme\""), "{error}");
    for request in [request("a b"), request(""), request("web").namespace("a/b")] {
        let refused = repositories.create(request.clone()).await;
        assert_eq!(kind(refused), Some(ErrorKind::InvalidInput));
        let refused = repositories.create_if_absent(request).await;
        assert_eq!(kind(refused), Some(ErrorKind::InvalidInput));
    }
    assert!(sandbox.requests().is_empty());
    repositories
        .create(request("team/web").namespace("acme"))
        .await
        .map(drop)
}
