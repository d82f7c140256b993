//! Each paging style of Quay, with no rows, one row, a full page, one row more, and ten thousand
//! rows.

use super::pages::*;
use quay_api::testing::seed::{OrganizationSeed, RepositorySeed, Seed};
use quay_api::testing::{Response, Sandbox};
use quay_api::{ErrorKind, Result};
use serde_json::{Value, json};

fn sizes(page: usize) -> [usize; 5] {
    [0, 1, page, page + 1, 10_000]
}

#[tokio::test]
async fn lists_tags_by_page_number() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    for size in sizes(100) {
        sandbox.respond_with("listRepoTags", tags(&Names::many(size)));
        let before = requested(&sandbox);
        let listed = sandbox.quay().repository("acme/web")?.tags().list().await?;
        assert_eq!(
            listed.into_iter().map(|tag| tag.name).collect::<Vec<_>>(),
            names(0..size)
        );
        assert_eq!(requested(&sandbox) - before, size.div_ceil(100).max(1));
    }
    Ok(())
}

#[tokio::test]
async fn lists_repositories_users_and_organizations_by_token() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    sandbox.seed(&Seed::new().organization(OrganizationSeed::new("acme")))?;
    let quay = sandbox.quay();
    for size in sizes(100) {
        let rows = Names::many(size);
        sandbox.respond_with("listRepos", tokens(&rows, "repositories", 100, repository));
        sandbox.respond_with(
            "listStarredRepos",
            tokens(&rows, "repositories", 100, repository),
        );
        // Without a limit, the server would send everything in one response.
        sandbox.respond_with("listAllUsers", tokens(&rows, "users", usize::MAX / 2, user));
        sandbox.respond_with(
            "listAllOrganizations",
            tokens(&rows, "organizations", usize::MAX / 2, organization),
        );
        let before = requested(&sandbox);
        let repositories: Vec<String> = quay
            .repositories()
            .list()
            .namespace("acme")
            .await?
            .into_iter()
            .map(|r| r.name)
            .collect();
        let starred: Vec<String> = quay
            .me()
            .starred()
            .await?
            .into_iter()
            .map(|r| r.name)
            .collect();
        let users: Vec<String> = quay
            .superuser()
            .users()
            .list()
            .await?
            .into_iter()
            .map(|u| u.username)
            .collect();
        let organizations: Vec<String> = quay
            .superuser()
            .organizations()
            .list()
            .await?
            .into_iter()
            .map(|o| o.name)
            .collect();
        for listed in [repositories, starred, users, organizations] {
            assert_eq!(listed, names(0..size));
        }
        // Without repositories, the namespace is read.
        let looked_for = usize::from(size == 0);
        assert_eq!(
            requested(&sandbox) - before,
            4 * size.div_ceil(100).max(1) + looked_for
        );
    }
    assert!(
        sandbox
            .requests()
            .iter()
            .filter(|r| r.path.contains("superuser"))
            .all(|r| r.query("limit").as_deref() == Some("100"))
    );
    Ok(())
}

#[tokio::test]
async fn lists_mirrored_repositories_by_page_number() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    for size in sizes(500) {
        sandbox.respond_with("listOrgMirrorRepositories", move |received| {
            let (page, limit) = (number(received, "page", 1), number(received, "limit", 100));
            let (from, to) = ((page - 1) * limit, (page * limit).min(size));
            let rows: Vec<Value> = names(from..to)
                .iter()
                .map(|name| {
                    json!({
                        "name": name,
                        "sync_status": "SUCCESS",
                    })
                })
                .collect();
            Response::json(
                200,
                &json!({
                    "repositories": rows,
                    "page": page,
                    "limit": limit,
                    "total": size,
                    "has_next": to < size,
                }),
            )
        });
        let listed = sandbox
            .quay()
            .organization("acme")?
            .mirror()
            .mirrored_repositories()
            .await?;
        assert_eq!(
            listed.into_iter().map(|r| r.name).collect::<Vec<_>>(),
            names(0..size)
        );
    }
    Ok(())
}

#[tokio::test]
async fn lists_mirror_health_by_offset() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    for size in sizes(200) {
        sandbox.respond_with("getRepositoryMirrorHealth", move |received| {
            let (from, limit) = (
                number(received, "offset", 0),
                number(received, "limit", 100),
            );
            let to = (from + limit).min(size);
            let rows: Vec<Value> = names(from..to)
                .iter()
                .map(|name| {
                    json!({
                        "namespace": "acme",
                        "repository": name,
                        "sync_status": "SUCCESS",
                    })
                })
                .collect();
            let pagination = json!({"limit": limit, "offset": from, "has_more": to < size});
            let repositories = json!({
                "total": size,
                "syncing": 0,
                "completed": size,
                "failed": 0,
                "never_run": 0,
                "details": rows,
                "pagination": pagination,
            });
            Response::json(
                200,
                &json!({
                    "healthy": true,
                    "workers": {},
                    "repositories": repositories,
                    "tags_pending": 0,
                    "issues": [],
                }),
            )
        });
        let listed = sandbox.quay().mirror_health().list().await?;
        assert_eq!(
            listed.into_iter().map(|m| m.repository).collect::<Vec<_>>(),
            names(0..size)
        );
        let listed = sandbox
            .quay()
            .mirror_health()
            .list()
            .concurrency(4)
            .page_size(1000)
            .await?;
        assert_eq!(listed.len(), size);
    }
    Ok(())
}

#[tokio::test]
async fn lists_notices_with_growing_limits() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    for (size, requests) in [(0, 1), (1, 1), (10_000, 1), (100_001, 2)] {
        sandbox.respond_with("listUserNotifications", move |received| {
            let limit = number(received, "limit", 5);
            assert_eq!(received.query("page"), None, "its pages lose rows");
            let given = size.min(limit);
            // Long responses are shortened: only the requested number matters.
            let shown = if size > 10_000 { given.min(3) } else { given };
            let rows: Vec<Value> = names(0..shown)
                .iter()
                .map(|id| json!({"id": id, "kind": "test_notification", "metadata": {}}))
                .collect();
            Response::json(
                200,
                &json!({"notifications": rows, "additional": size > limit}),
            )
        });
        let before = requested(&sandbox);
        let listed = sandbox.quay().me().notices().list().await?;
        assert_eq!(listed.len(), if size > 10_000 { 3 } else { size });
        assert_eq!(requested(&sandbox) - before, requests);
    }
    Ok(())
}

#[tokio::test]
async fn lists_application_tokens_by_token() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let application = sandbox
        .quay()
        .organization("acme")?
        .application("MSTR7XIVYZYRPJ97A1GR")?;
    for size in sizes(50) {
        sandbox.respond_with(
            "listOrganizationApplicationTokens",
            tokens(&Names::many(size), "tokens", 50, application_token),
        );
        let before = requested(&sandbox);
        let listed = application.tokens().list().await?;
        assert_eq!(
            listed
                .into_iter()
                .map(|token| token.uuid)
                .collect::<Vec<_>>(),
            names(0..size)
        );
        assert_eq!(requested(&sandbox) - before, size.div_ceil(50).max(1));
    }
    Ok(())
}

#[tokio::test]
async fn requests_single_page_listings_as_a_whole() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    sandbox.seed(
        &Seed::new()
            .organization(OrganizationSeed::new("acme"))
            .repository(RepositorySeed::new("acme/builder")),
    )?;
    let triggers =
        json!({"triggers": [{"id": "d34da4e0-7503-45b1-8611-b6dffe055aec", "service": "github"}]});
    sandbox.respond_with("listBuildTriggers", move |_| Response::json(200, &triggers));
    let quay = sandbox.quay();
    let (builder, acme) = (quay.repository("acme/builder")?, quay.organization("acme")?);
    sandbox.respond_with("getOrganization", |_| {
        Response::json(200, &json!({"name": "acme"}))
    });
    for size in sizes(5) {
        for (operation, rows, row, unless) in [
            ("getRepoBuilds", "builds", build as fn(&str) -> Value, 5),
            ("listTriggerRecentBuilds", "builds", build, 5),
            ("getOrgRobots", "robots", robot, usize::MAX),
            ("getUserRobots", "robots", robot, usize::MAX),
        ] {
            sandbox.respond_with(operation, move |received| {
                // As with Quay, no limit means all rows.
                let limit = Some(number(received, "limit", unless))
                    .filter(|limit| *limit > 0)
                    .unwrap_or(usize::MAX);
                let found: Vec<Value> = names(0..size.min(limit))
                    .iter()
                    .map(|name| row(name))
                    .collect();
                Response::json(200, &json!({rows: found}))
            });
        }
        let before = requested(&sandbox);
        let builds: Vec<String> = builder
            .builds()
            .list()
            .await?
            .into_iter()
            .map(|build| build.id)
            .collect();
        let started: Vec<String> = builder
            .trigger("d34da4e0-7503-45b1-8611-b6dffe055aec")?
            .builds()
            .list()
            .await?
            .into_iter()
            .map(|build| build.id)
            .collect();
        let robots: Vec<String> = acme
            .robots()
            .list()
            .await?
            .into_iter()
            .map(|robot| robot.name.to_string())
            .collect();
        let own: Vec<String> = quay
            .me()
            .robots()
            .list()
            .await?
            .into_iter()
            .map(|robot| robot.name.to_string())
            .collect();
        for listed in [builds, started, robots, own] {
            assert_eq!(listed, names(0..size));
        }
        // For an empty list, the repository, the trigger and the organization are read.
        assert_eq!(requested(&sandbox) - before, if size == 0 { 7 } else { 4 });
    }
    Ok(())
}

#[tokio::test]
async fn lists_build_log_lines_by_start_line() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let build = sandbox
        .quay()
        .repository("acme/web")?
        .build("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    for size in sizes(100) {
        sandbox.respond_with("getRepoBuildLogs", move |received| {
            let from = number(received, "start", 0);
            let lines: Vec<Value> = (from..size)
                .map(|line| json!({"message": name(line)}))
                .collect();
            Response::json(200, &json!({"start": from, "total": size, "logs": lines}))
        });
        let mut lines = build.log_lines().stream();
        let read: Vec<_> = futures::TryStreamExt::try_collect(&mut lines).await?;
        assert_eq!(
            read.into_iter()
                .filter_map(|line| line.message)
                .collect::<Vec<_>>(),
            names(0..size)
        );
        // The build continues, and so does the reader of its log.
        let position = lines.position();
        sandbox.respond_with("getRepoBuildLogs", move |received| {
            let from = number(received, "start", 0);
            let lines: Vec<Value> = (from..size + 2)
                .map(|line| json!({"message": name(line)}))
                .collect();
            Response::json(
                200,
                &json!({"start": from, "total": size + 2, "logs": lines}),
            )
        });
        let more = build.log_lines().resume_from(position).await?;
        assert_eq!(
            more.into_iter()
                .filter_map(|line| line.message)
                .collect::<Vec<_>>(),
            names(size..size + 2)
        );
    }
    sandbox.respond_next(Response::json(
        200,
        &json!({"logs_url": "https://example.com/log"}),
    ));
    assert_eq!(build.log_lines().await.unwrap_err().kind(), ErrorKind::Gone);
    // Superusers read that of any build.
    sandbox.respond_with("getRepoBuildLogsSuperUser", move |received| {
        let from = number(received, "start", 0);
        let lines: Vec<Value> = (from..150)
            .take(100)
            .map(|line| json!({"message": name(line)}))
            .collect();
        Response::json(200, &json!({"start": from, "total": 150, "logs": lines}))
    });
    let read = sandbox
        .quay()
        .superuser()
        .build("20c7409a-c1ce-4f64-b938-ce0d5f158440")?
        .log_lines()
        .await?;
    assert_eq!(
        read.into_iter()
            .filter_map(|line| line.message)
            .collect::<Vec<_>>(),
        names(0..150)
    );
    Ok(())
}

#[tokio::test]
async fn sends_the_page_size_and_refuses_sizes_that_the_server_would_change() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let quay = sandbox.quay();
    sandbox.respond_with("listRepoTags", tags(&Names::many(25)));
    let listing = quay.repository("acme/web")?.tags().list();
    assert_eq!(listing.clone().page_size(10).await?.len(), 25);
    let limits: Vec<_> = sandbox
        .requests()
        .iter()
        .map(|r| r.query("limit"))
        .collect();
    assert_eq!(limits, vec![Some("10".to_owned()); 3]);
    for result in [
        listing.clone().page_size(0).await.map(drop),
        listing.page_size(101).await.map(drop),
        quay.superuser().users().list().page_size(0).await.map(drop),
        quay.superuser()
            .organizations()
            .list()
            .page_size(101)
            .await
            .map(drop),
        quay.organization("acme")?
            .mirror()
            .mirrored_repositories()
            .page_size(501)
            .await
            .map(drop),
        quay.mirror_health()
            .list()
            .page_size(1001)
            .first()
            .await
            .map(drop),
    ] {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(
            error
                .message()
                .starts_with("`page_size` must be between 1 and "),
            "{error}"
        );
    }
    assert_eq!(requested(&sandbox), 3, "nothing was sent");
    Ok(())
}
