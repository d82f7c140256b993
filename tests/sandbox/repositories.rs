//! Repositories, their permissions and their tags.

use super::{DAY, acme, assert_error, error_of};
use quay_api::testing::Sandbox;
use quay_api::testing::seed::{RepositorySeed, Seed};
use quay_api::types::{
    CreateRepository, Digest, ExpireTag, RepositoryRole, RepositoryState, Timestamp, Visibility,
};
use quay_api::{ErrorKind, Result};
use std::time::Duration;

#[tokio::test]
async fn manages_repositories_permissions_and_stars() -> Result<()> {
    let sandbox = acme().await?;
    let quay = sandbox.quay();
    let create =
        |name: &str| CreateRepository::new(name, Visibility::Private, "text").namespace("acme");
    quay.repositories().create(create("api")).await?;
    assert_error(
        quay.repositories().create(create("api")).await,
        ErrorKind::AlreadyExists,
        400,
        "Repository already exists",
    );
    let api = quay.repository("acme/api")?;
    api.set_description("other").await?;
    api.set_visibility(Visibility::Public).await?;
    api.set_state(RepositoryState::ReadOnly).await?;
    api.star().await?;
    let found = api.get().await?;
    assert_eq!(
        (
            found.description.as_deref(),
            found.is_public,
            found.is_starred
        ),
        (Some("other"), true, Some(true))
    );
    assert_eq!(
        (found.state, found.can_write, found.can_admin),
        (Some(RepositoryState::ReadOnly), Some(false), Some(true))
    );
    assert_eq!(quay.me().starred().await?.len(), 1);
    let names: Vec<String> = quay
        .repositories()
        .list()
        .namespace("acme")
        .await?
        .into_iter()
        .map(|r| r.name)
        .collect();
    assert_eq!(names, ["web", "team/hidden", "api"]);

    api.user_permission("bob")?
        .set(RepositoryRole::Write)
        .await?;
    api.team_permission("devs")?
        .set(RepositoryRole::Read)
        .await?;
    assert_eq!(
        api.user_permission("alice")?.transitive_roles().await?,
        [RepositoryRole::Read]
    );
    assert_eq!(api.user_permissions().list().await?.len(), 2);
    api.user_permission("bob")?.delete().await?;
    assert!(!api.user_permission("bob")?.delete_if_exists().await?);
    assert_eq!(
        error_of(api.user_permission("bob")?.get().await),
        (
            ErrorKind::NotFound,
            Some(400),
            "User does not have permission for repo.".into()
        )
    );

    api.delete().await?;
    assert!(api.get_opt().await?.is_none());
    assert!(quay.me().starred().await?.is_empty());
    assert!(api.delete().await.is_err_and(|e| e.is_not_found()));
    assert!(api.star().await.is_err_and(|e| e.is_not_found()));
    Ok(())
}

#[tokio::test]
async fn lists_201_repositories_in_three_pages() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let many = (0..201).fold(Seed::new().organization("acme"), |seed, n| {
        seed.repository(RepositorySeed::new(format!("acme/r{n:03}")))
    });
    sandbox.seed(&many)?;
    let names: Vec<String> = sandbox
        .quay()
        .repositories()
        .list()
        .namespace("acme")
        .await?
        .into_iter()
        .map(|r| r.name)
        .collect();
    assert_eq!(
        (
            names.len(),
            names.first().map(String::as_str),
            names.last().map(String::as_str)
        ),
        (201, Some("r000"), Some("r200"))
    );
    assert_eq!(sandbox.requests().len(), 3);
    let token = sandbox.requests()[1].query("next_page").unwrap_or_default();
    // A token that is too old is read as the first page.
    sandbox.clock().advance(Duration::from_secs(3 * DAY));
    let url = format!("/api/v1/repository?namespace=acme&next_page={token}");
    let page = crate::plain_client()
        .get(format!("{}{url}", sandbox.quay().base_url()))
        .bearer_auth("sandbox-token");
    let page = page
        .send()
        .await
        .unwrap_or_else(|e| panic!("{e}"))
        .json::<serde_json::Value>()
        .await
        .unwrap_or_default();
    assert_eq!(page["repositories"][0]["name"], "r000");
    Ok(())
}

#[tokio::test]
async fn moves_expires_and_restores_tags() -> Result<()> {
    let sandbox = acme().await?;
    let moment: Timestamp = "2030-01-01T00:00:00Z".parse()?;
    sandbox.clock().set(moment);
    let web = sandbox.quay().repository("acme/web")?;
    let digest = |tags: &[quay_api::types::Tag], name: &str| -> Digest {
        let tag = tags
            .iter()
            .find(|t| t.name == name)
            .unwrap_or_else(|| panic!("no tag {name}"));
        let digest = tag.manifest_digest.clone();
        digest.unwrap_or_else(|| panic!("no digest"))
    };
    let tags = web.tags().list().await?;
    let (v1, v2) = (digest(&tags, "v1"), digest(&tags, "v2"));
    let latest = web.tag("latest")?;
    assert!(latest.get_opt().await?.is_none());
    latest.point_to(&v1).await?;
    sandbox.clock().advance(Duration::from_secs(60));
    latest.point_to(&v2).await?;
    let rows = web.tags().list().named("latest").await?;
    assert_eq!(
        rows.iter().map(|t| t.end_ts.is_some()).collect::<Vec<_>>(),
        [false, true]
    );
    assert_eq!(
        latest.get_opt().await?.and_then(|t| t.manifest_digest),
        Some(v2.clone())
    );

    // Ending.
    sandbox.clock().advance(Duration::from_secs(60));
    latest
        .set_expiration(moment.checked_add(Duration::from_secs(DAY)))
        .await?;
    assert_eq!(
        error_of(latest.set_expiration(Some(moment)).await).1,
        Some(400)
    );
    sandbox.clock().advance(Duration::from_secs(2 * DAY));
    assert!(latest.get_opt().await?.is_none());
    assert_error(latest.delete().await, ErrorKind::NotFound, 404, "Not Found");
    assert_eq!(
        web.tags().list().active().name_contains("lat").await?.len(),
        0
    );

    // Coming back, for as long as the organization keeps it.
    latest.restore(&v1).await?;
    assert_eq!(
        latest.get_opt().await?.map(|t| t.reversion),
        Some(Some(true))
    );
    sandbox.clock().advance(Duration::from_secs(1));
    web.tag("v1")?.delete().await?;
    latest.delete().await?;
    web.tag("v1")?
        .delete_permanently(ExpireTag::new().manifest_digest(v1.clone()))
        .await?;
    sandbox.clock().advance(Duration::from_secs(15 * DAY));
    assert_error(
        latest.restore(&v1).await,
        ErrorKind::NotFound,
        404,
        &format!("there is no manifest {v1} in acme/web, or no such repository"),
    );
    let names: Vec<String> = web
        .tags()
        .list()
        .await?
        .into_iter()
        .map(|t| t.name)
        .collect();
    assert_eq!(names, ["v2"]);
    web.set_state(RepositoryState::Mirror).await?;
    assert_error(
        latest.point_to(&v2).await,
        ErrorKind::RepositoryReadOnly,
        503,
        "Repository is in read only or mirror mode: 2",
    );
    Ok(())
}
