//! Users, logs, teams and robot accounts.

use super::{day, last, request};
use quay_api::Result;
use quay_api::testing::{Response, Sandbox};
use quay_api::types::{CreateRobot, CreateUser, EnableTeamSync, LogKind, TeamRole};
use serde_json::{Value, json};

#[tokio::test]
async fn reads_the_current_user() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let me = sandbox.quay().me().get().await?;
    assert_eq!(last(&sandbox), request("GET", "/api/v1/user/", Value::Null));
    assert_eq!(
        (me.username.as_str(), me.anonymous, me.super_user),
        ("quayadmin", Some(false), Some(true))
    );
    Ok(())
}

#[tokio::test]
async fn superuser_lists_and_creates_users() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let users = sandbox.quay().superuser().users();
    let page = |names: &[&str], next: Option<&str>| {
        let users: Vec<Value> = names
            .iter()
            .map(|n| json!({"username": n, "name": n, "kind": "user", "enabled": true}))
            .collect();
        Response::json(200, &json!({"users": users, "next_page": next}))
    };
    sandbox.respond_next(page(&["alice", "bob"], Some("gAAA=")));
    sandbox.respond_next(page(&["carol"], None));
    let names: Vec<String> = users
        .list()
        .await?
        .into_iter()
        .map(|u| u.username)
        .collect();
    assert_eq!(names, ["alice", "bob", "carol"]);
    let paths: Vec<String> = sandbox.requests().into_iter().map(|r| r.path).collect();
    assert_eq!(
        paths,
        [
            "/api/v1/superuser/users/?disabled=true&limit=100",
            "/api/v1/superuser/users/?disabled=true&limit=100&next_page=gAAA%3D"
        ]
    );

    sandbox.respond_next(page(&["alice"], None));
    users.list().enabled().await?;
    assert_eq!(
        last(&sandbox).1,
        "/api/v1/superuser/users/?disabled=false&limit=100"
    );

    let created = users
        .create(CreateUser::new("alice").email("alice@example.test"))
        .await?;
    assert_eq!(
        last(&sandbox),
        request(
            "POST",
            "/api/v1/superuser/users/",
            json!({"username": "alice", "email": "alice@example.test"})
        )
    );
    assert_eq!(created.password.expose().len(), 32);
    assert!(!format!("{created:?}").contains(created.password.expose()));
    Ok(())
}

#[tokio::test]
async fn streams_usage_logs_between_two_dates() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let quay = sandbox.quay();
    let entry = |kind: &str| {
        json!({
            "kind": kind,
            "datetime": "Tue, 24 Nov 2026 00:06:40 -0000",
            "metadata": {"repo": "web", "new": 1},
            "ip": "192.0.2.1",
        })
    };
    let logs = [
        (quay.superuser().logs(), "/api/v1/superuser/logs"),
        (
            quay.organization("acme")?.logs(),
            "/api/v1/organization/acme/logs",
        ),
        (
            quay.repository("acme/web")?.logs(),
            "/api/v1/repository/acme/web/logs",
        ),
        (quay.me().logs(), "/api/v1/user/logs"),
    ];
    for (logs, path) in logs {
        // An empty page may be followed by others, and the last one is always empty.
        sandbox.respond_next(Response::json(
            200,
            &json!({"logs": [entry("push_repo")], "next_page": "a"}),
        ));
        sandbox.respond_next(Response::json(200, &json!({"logs": [], "next_page": "b"})));
        sandbox.respond_next(Response::json(
            200,
            &json!({"logs": [entry("a_new_kind")], "next_page": "c"}),
        ));
        sandbox.respond_next(Response::json(200, &json!({"logs": []})));
        let before = sandbox.requests().len();
        let entries = logs
            .list()
            .since(day("2026-11-23"))
            .until(day("2026-11-24T10:00:00Z"))
            .await?;
        let kinds: Vec<&LogKind> = entries.iter().map(|e| &e.kind).collect();
        assert_eq!(kinds, [&LogKind::PushRepo, &LogKind::from("a_new_kind")]);
        assert_eq!(entries[0].metadata.repo(), Some("web"));
        assert_eq!(entries[0].metadata.extra.get("new"), Some(&json!(1)));
        let paths: Vec<String> = sandbox
            .requests()
            .into_iter()
            .skip(before)
            .map(|r| r.path)
            .collect();
        let bounds = "endtime=11%2F24%2F2026";
        assert_eq!(
            paths[0],
            format!("{path}?{bounds}&starttime=11%2F23%2F2026")
        );
        assert_eq!(
            paths[3],
            format!("{path}?{bounds}&next_page=c&starttime=11%2F23%2F2026")
        );
        // Without dates, it is the last day, and the query names it.
        sandbox.respond_next(Response::json(200, &json!({"logs": []})));
        logs.list().await?;
        let path = last(&sandbox).1;
        assert!(
            path.contains("starttime=") && path.contains("endtime="),
            "{path}"
        );
    }
    // A status of success with the body of a failure.
    sandbox.respond_next(Response::json(
        200,
        &json!({"logs": [], "search_unavailable": true, "message": "Too long"}),
    ));
    let result = quay.organization("acme")?.logs().list().await;
    assert!(result.is_err_and(|e| e.is_temporary() && e.message() == "Too long"));
    Ok(())
}

#[tokio::test]
async fn synchronizes_a_team_with_a_directory_group() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let sync = sandbox
        .quay()
        .organization("sellnsmall")?
        .team("owners")?
        .sync();
    let path = "/api/v1/organization/sellnsmall/team/owners/syncing";
    for (group, body) in [
        (
            EnableTeamSync::ldap("cn=AwesomeFolk"),
            json!({"group_dn": "cn=AwesomeFolk"}),
        ),
        (
            EnableTeamSync::keystone("4711"),
            json!({"group_id": "4711"}),
        ),
        (
            EnableTeamSync::oidc("developers"),
            json!({"group_name": "developers"}),
        ),
    ] {
        let team = sync.enable(group).await?;
        assert_eq!(last(&sandbox), request("POST", path, body));
        assert_eq!((team.name.as_str(), team.role), ("owners", TeamRole::Admin));
    }
    sync.disable().await?;
    assert_eq!(last(&sandbox), request("DELETE", path, Value::Null));
    Ok(())
}

#[tokio::test]
async fn manages_a_robot_account_of_an_organization() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let acme = sandbox.quay().organization("acme")?;
    let robot = acme
        .robots()
        .create(
            "ci",
            CreateRobot::new()
                .description("ci robot")
                .unstructured_metadata([("team", "platform")]),
        )
        .await?;
    let body = json!({"description": "ci robot", "unstructured_metadata": {"team": "platform"}});
    assert_eq!(
        last(&sandbox),
        request("PUT", "/api/v1/organization/acme/robots/ci", body)
    );
    assert_eq!(robot.name, "acme+ci");
    assert!(robot.token.is_some_and(|token| token.expose().len() > 20));
    assert!(
        acme.robots()
            .create("acme+ci", CreateRobot::new().description("again"))
            .await
            .is_err_and(|e| e.is_already_exists())
    );
    assert!(acme.robot("nosuch")?.get_opt().await?.is_none());
    // Tokens are requested only on demand.
    assert_eq!(acme.robots().list().await?.len(), 27);
    assert_eq!(
        last(&sandbox).1,
        "/api/v1/organization/acme/robots?token=false"
    );
    acme.robots()
        .list()
        .with_tokens()
        .with_permissions()
        .await?;
    assert_eq!(
        last(&sandbox).1,
        "/api/v1/organization/acme/robots?permissions=true&token=true"
    );
    Ok(())
}
