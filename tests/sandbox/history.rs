//! Usage logs and search.

use super::{DAY, acme, assert_error, error_of};
use futures::TryStreamExt;
use quay_api::api::Days;
use quay_api::testing::Sandbox;
use quay_api::testing::seed::{OrganizationSeed, RepositorySeed, Seed, TeamSeed};
use quay_api::types::{ExportLogs, LogKind, PrincipalKind, RepositoryRole, TeamRole, Timestamp};
use quay_api::{ErrorKind, Result};
use std::time::Duration;

#[tokio::test]
async fn ends_logs_with_an_empty_page() -> Result<()> {
    let sandbox = acme().await?;
    let web = sandbox.quay().repository("acme/web")?;
    for number in 0..41 {
        web.set_description(format!("{number}")).await?;
    }
    let pages: Vec<_> = web.logs().list().pages().try_collect().await?;
    assert_eq!(
        pages
            .iter()
            .map(|page| page.rows().len())
            .collect::<Vec<_>>(),
        [20, 20, 1, 0]
    );
    let description = |rows: &[quay_api::types::LogEntry]| {
        rows.first()
            .and_then(|e| e.metadata.description().map(str::to_owned))
    };
    assert_eq!(
        description(pages[0].rows()).as_deref(),
        Some("40"),
        "newest first"
    );
    let hidden = sandbox.quay().repository("acme/team/hidden")?;
    assert_eq!(
        hidden
            .logs()
            .list()
            .pages()
            .try_collect::<Vec<_>>()
            .await?
            .len(),
        1,
        "what is empty has one page"
    );
    Ok(())
}

#[tokio::test]
async fn filters_logs_by_days_and_performer() -> Result<()> {
    let sandbox = acme().await?;
    // A day of the past: a listing without a last day ends at the client's own today.
    let moment: Timestamp = "2026-01-10T12:00:00Z".parse()?;
    sandbox.clock().set(moment);
    let (acme, web) = (
        sandbox.quay().organization("acme")?,
        sandbox.quay().repository("acme/web")?,
    );
    web.set_description("one").await?;
    sandbox.clock().advance(Duration::from_secs(3 * DAY));
    web.set_description("two").await?;
    sandbox
        .token("alice")
        .quay()?
        .repository("acme/team/hidden")?
        .tag("v1")?
        .delete()
        .await?;
    let day = |days: u64| {
        moment
            .checked_add(Duration::from_secs(days * DAY))
            .unwrap_or(moment)
    };
    assert_eq!(acme.logs().list().since(day(0)).await?.len(), 3);
    assert_eq!(
        acme.logs().list().since(day(0)).until(day(2)).await?.len(),
        1
    );
    assert_eq!(
        acme.logs()
            .list()
            .since(day(0))
            .performed_by("alice")
            .await?
            .len(),
        1
    );
    assert_eq!(
        error_of(acme.logs().list().performed_by("nobody").await).0,
        ErrorKind::NotFound
    );
    let request = sandbox
        .quay()
        .request("GET", "/api/v1/organization/acme/logs")?;
    let unknown = request.query("performer", "nobody").send_bytes().await;
    assert_eq!(error_of(unknown).1, Some(500), "the server itself");
    // A date that can't be read is overlooked: what is left is the last day.
    let logs = format!(
        "{}/api/v1/organization/acme/logs",
        sandbox.quay().base_url()
    );
    let url = format!("{logs}?starttime=2026-01-01");
    let response = crate::plain_client()
        .get(url)
        .bearer_auth("sandbox-token")
        .send()
        .await;
    let body = response
        .unwrap_or_else(|e| panic!("{e}"))
        .json::<serde_json::Value>()
        .await
        .unwrap_or_default();
    assert_eq!(body["logs"].as_array().map(Vec::len), Some(2));
    // The client sends no time that ends before it begins; the server refuses one.
    let backwards = format!("{logs}?starttime=01/13/2026&endtime=01/10/2026");
    let response = crate::plain_client()
        .get(backwards)
        .bearer_auth("sandbox-token")
        .send()
        .await;
    assert_eq!(response.map(|a| a.status().as_u16()).ok(), Some(400));

    let counts = acme.logs().aggregate(Days::new(day(0), day(3))).await?;
    let counts: Vec<_> = counts
        .into_iter()
        .map(|c| (c.kind.to_string(), c.count, c.datetime.date()))
        .collect();
    let described = "set_repo_description".to_owned();
    assert_eq!(
        counts,
        [
            (described.clone(), 1, (2026, 1, 10)),
            ("delete_tag".to_owned(), 1, (2026, 1, 13)),
            (described, 1, (2026, 1, 13)),
        ]
    );
    let long = acme.logs().aggregate(Days::new(day(0), day(40))).await;
    assert_error(
        long,
        ErrorKind::InvalidRequest,
        400,
        "Invalid date range for logs",
    );
    let logs = acme.logs();
    let export = |mail: &str| {
        logs.export(
            Days::new(day(0), day(3)),
            ExportLogs::new().callback_email(mail),
        )
    };
    export("audit@example.test").await?;
    assert_error(
        export("nobody").await,
        ErrorKind::InvalidRequest,
        400,
        "Invalid callback e-mail",
    );
    let kinds: Vec<LogKind> = sandbox
        .quay()
        .superuser()
        .logs()
        .list()
        .since(day(0))
        .await?
        .into_iter()
        .take(2)
        .map(|e| e.kind)
        .collect();
    assert_eq!(
        kinds.iter().map(LogKind::as_str).collect::<Vec<_>>(),
        ["export_logs_failure", "export_logs_success"]
    );

    // The log of a deleted repository remains, but not in one that is created anew.
    let seen = sandbox
        .quay()
        .superuser()
        .logs()
        .list()
        .since(day(0))
        .first()
        .await?;
    assert_eq!(
        seen.and_then(|e| e.namespace).map(|n| n.name),
        Some("acme".to_owned())
    );
    web.delete().await?;
    assert_error(
        web.logs().list().await,
        ErrorKind::NotFound,
        404,
        "Not Found",
    );
    assert!(
        acme.logs()
            .list()
            .since(day(0))
            .await?
            .iter()
            .any(|e| e.metadata.description() == Some("two"))
    );
    let alice = sandbox.token("alice").quay()?;
    assert_error(
        alice.organization("acme")?.logs().list().await,
        ErrorKind::InsufficientScope,
        403,
        "Unauthorized",
    );
    assert_eq!(alice.me().logs().list().await?.len(), 0);
    Ok(())
}

#[tokio::test]
async fn search_returns_ten_pages_at_most() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let many = (0..105).fold(Seed::new().organization("acme"), |seed, n| {
        seed.repository(RepositorySeed::new(format!("acme/app{n:03}")).public())
    });
    sandbox.seed(&many)?;
    let anonymous = sandbox.anonymous()?;
    let found = anonymous.search().repositories("app").await?;
    assert_eq!(found.len(), 100, "what comes after page 10 can't be had");
    let url = format!(
        "{}/api/v1/find/repositories?query=app&page=11",
        sandbox.quay().base_url()
    );
    let response = crate::plain_client()
        .get(url)
        .send()
        .await
        .unwrap_or_else(|e| panic!("{e}"))
        .json::<serde_json::Value>()
        .await
        .unwrap_or_default();
    assert_eq!(
        (
            &response["page"],
            &response["has_additional"],
            &response["start_index"]
        ),
        (&10.into(), &true.into(), &90.into())
    );
    assert_eq!(
        anonymous.search().repositories("acme/app10").await?.len(),
        5
    );
    assert_eq!(
        anonymous.search().repositories("globex/app10").await?.len(),
        0
    );
    let used = anonymous
        .search()
        .repositories("app001")
        .with_usage()
        .first()
        .await?;
    assert_eq!(
        used.map(|r| (r.stars, r.popularity)),
        Some((Some(0), Some(0.0)))
    );
    assert_eq!(anonymous.search().everything("app").await?.len(), 5);
    Ok(())
}

#[tokio::test]
async fn search_finds_what_the_caller_may_see() -> Result<()> {
    let sandbox = acme().await?;
    let seed = Seed::new().user("webster").organization(
        OrganizationSeed::new("webshop")
            .team(TeamSeed::new("webbers", TeamRole::Member).member("bob")),
    );
    sandbox.seed(
        &seed.repository(RepositorySeed::new("webshop/site").grant("bob", RepositoryRole::Read)),
    )?;
    let found = async |user: &str, query: &str| -> Result<Vec<(String, String)>> {
        let rows = sandbox
            .token(user)
            .quay()?
            .search()
            .everything(query)
            .await?;
        Ok(rows
            .into_iter()
            .map(|r| (r.kind.as_str().to_owned(), r.name))
            .collect())
    };
    let row = |kind: &str, name: &str| (kind.to_owned(), name.to_owned());
    assert_eq!(
        found("bob", "web").await?,
        [
            row("repository", "web"),
            row("team", "webbers"),
            row("organization", "webshop")
        ]
    );
    assert_eq!(found("alice", "web").await?, [row("repository", "web")]);
    assert_eq!(
        found(Sandbox::ADMIN, "ci").await?,
        [row("robot", "acme+ci")]
    );
    assert_eq!(sandbox.quay().search().everything("").await?.len(), 0);

    let search = sandbox.quay().search();
    let entities = search.entities("web").within("webshop").await?;
    let entities: Vec<_> = entities.into_iter().map(|e| (e.name, e.kind)).collect();
    let expected = [
        ("webbers", PrincipalKind::Team),
        ("webster", PrincipalKind::User),
        ("webshop", PrincipalKind::Org),
    ];
    assert_eq!(
        entities,
        expected.map(|(name, kind)| (name.to_owned(), kind))
    );
    let robots = search.entities("c").within("acme").await?;
    assert_eq!(
        robots
            .iter()
            .map(|e| (e.name.as_str(), e.is_robot))
            .collect::<Vec<_>>(),
        [("acme+ci", Some(true))]
    );
    assert!(
        sandbox
            .anonymous()?
            .search()
            .entities("c")
            .within("acme")
            .await?
            .is_empty()
    );
    Ok(())
}
