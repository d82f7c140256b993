//! The sandbox of the test kit: its state, its refusals, its faults and its clock, as a client sees
//! them.

mod administration;
mod builds;
mod history;
mod manifests;
mod mirrors;
mod notifications;
mod policies;

use quay_api::testing::seed::{Organization, Repository, Seed, Tag, Team, User};
use quay_api::testing::{ErrorResponse, Response, Sandbox};
use quay_api::types::{
    CreateOrganization, CreateRepository, CreateRobot, CreateUser, Digest, ExpireTag,
    RepositoryRole, RepositoryState, TeamRole, Timestamp, UpdateOrganization, Visibility,
};
use quay_api::{ErrorKind, OPERATIONS, Quay, Result};
use serde_json::json;
use std::time::Duration;

/// A day in seconds.
const DAY: u64 = 24 * 60 * 60;

/// Kind, status and message of a refusal.
#[track_caller]
fn refused<T>(result: Result<T>) -> (ErrorKind, Option<u16>, String) {
    match result {
        Ok(_) => panic!("it was not refused"),
        Err(error) => (error.kind(), error.status(), error.message().to_owned()),
    }
}

#[track_caller]
fn assert_refused<T>(result: Result<T>, kind: ErrorKind, status: u16, message: &str) {
    assert_eq!(refused(result), (kind, Some(status), message.to_owned()));
}

/// Alice in the team `devs` of `acme`, and two repositories.
async fn acme() -> Result<Sandbox> {
    let sandbox = Sandbox::start().await?;
    let web = Repository::new("acme/web")
        .public()
        .tag(Tag::new("v1", 1000))
        .tag(Tag::new("v2", 2000));
    let hidden = Repository::new("acme/team/hidden")
        .tag(Tag::new("v1", 1000))
        .grant_team("devs", RepositoryRole::Write);
    let seed = Seed::new()
        .user(User::new("alice"))
        .user("bob")
        .organization(
            Organization::new("acme")
                .team(Team::new("devs", TeamRole::Creator).member("alice"))
                .robot("ci"),
        )
        .repository(web)
        .repository(hidden);
    sandbox.seed(&seed)?;
    Ok(sandbox)
}

#[tokio::test]
async fn a_fresh_sandbox_has_a_superuser_and_nothing_else() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let me = sandbox.quay().me().get().await?;
    assert_eq!(
        (me.username.as_str(), me.super_user),
        (Sandbox::ADMIN, Some(true))
    );
    assert_eq!(sandbox.quay().superuser().organizations().await?.len(), 0);
    assert_refused(
        sandbox.quay().repository("acme/web")?.get().await,
        ErrorKind::NotFound,
        404,
        "Not Found",
    );
    assert_refused(
        sandbox.quay().organization("acme")?.get().await,
        ErrorKind::NotFound,
        404,
        "Not Found",
    );
    Ok(())
}

#[tokio::test]
async fn organizations_teams_and_members() -> Result<()> {
    let sandbox = acme().await?;
    let quay = sandbox.quay();
    quay.organizations()
        .create(CreateOrganization::new("globex").email("a@globex.test"))
        .await?;
    let again = quay
        .organizations()
        .create(CreateOrganization::new("globex"))
        .await;
    assert_refused(
        again,
        ErrorKind::AlreadyExists,
        400,
        "A user or organization with this name already exists",
    );
    let globex = quay.organization("globex")?;
    globex
        .update(UpdateOrganization::new().tag_expiration_s(DAY as i64))
        .await?;
    let found = globex.get().await?;
    assert_eq!(
        (found.email.as_deref(), found.tag_expiration_s),
        (Some("a@globex.test"), Some(DAY as i64))
    );

    let devs = globex.team("devs")?;
    assert_eq!(
        devs.create(TeamRole::Member, "who builds").await?.new_team,
        Some(true)
    );
    assert_eq!(
        devs.create(TeamRole::Creator, "who builds").await?.new_team,
        Some(false)
    );
    devs.members().add("bob").await?;
    assert_eq!(
        refused(devs.members().add("bob").await).2,
        "User bob is already a member of team devs"
    );
    assert_eq!(
        refused(devs.members().add("nobody").await).2,
        "Unknown user"
    );
    devs.members().invite("new@example.test").await?;
    assert_eq!(devs.members().list_with_invited().await?.len(), 2);
    let names: Vec<String> = globex
        .members()
        .list()
        .await?
        .into_iter()
        .map(|m| m.name)
        .collect();
    assert_eq!(names, [Sandbox::ADMIN, "bob"]);
    let last = "Deleting team 'owners' would remove admin ability for user 'quayadmin' in organization 'globex'";
    assert_eq!(refused(globex.team("owners")?.delete().await).2, last);
    globex.members().remove("bob").await?;
    assert!(globex.members().get_opt("bob").await?.is_none());
    devs.delete().await?;
    assert_eq!(
        refused(devs.delete().await).2,
        "Team 'devs' is not a team in org 'globex'"
    );

    quay.superuser()
        .organization("globex")?
        .rename("initech")
        .await?;
    assert!(quay.organization("globex")?.get_opt().await?.is_none());
    quay.organization("initech")?.delete().await?;
    let left: Vec<String> = quay
        .superuser()
        .organizations()
        .await?
        .into_iter()
        .map(|o| o.name)
        .collect();
    assert_eq!(left, ["acme"]);
    Ok(())
}

#[tokio::test]
async fn users_of_a_superuser() -> Result<()> {
    let sandbox = acme().await?;
    let users = sandbox.quay().superuser().users();
    users
        .create(CreateUser::new("carol").email("carol@example.test"))
        .await?;
    let again = users
        .create(CreateUser::new("carol").email("c@example.test"))
        .await;
    assert_refused(
        again,
        ErrorKind::AlreadyExists,
        400,
        "Username has already been taken by user cannot be reused: carol",
    );
    let names: Vec<String> = users
        .list()
        .await?
        .into_iter()
        .map(|u| u.username)
        .collect();
    assert_eq!(names, [Sandbox::ADMIN, "alice", "bob", "carol"]);
    let carol = sandbox.token("carol").quay()?;
    assert_eq!(
        carol.me().get().await?.email.as_deref(),
        Some("carol@example.test")
    );
    sandbox.quay().superuser().user("carol")?.delete().await?;
    assert!(
        carol
            .me()
            .get()
            .await
            .is_err_and(|e| e.is_token_not_accepted())
    );
    let admin = sandbox
        .quay()
        .superuser()
        .user(Sandbox::ADMIN)?
        .delete()
        .await;
    assert_eq!(refused(admin).2, "Cannot delete a superuser");
    Ok(())
}

#[tokio::test]
async fn robots_are_created_once_and_regenerated() -> Result<()> {
    let sandbox = acme().await?;
    let acme = sandbox.quay().organization("acme")?;
    let deploy = acme.robot("deploy")?;
    let made = deploy
        .create(CreateRobot::new().description("rolls out"))
        .await?;
    let again = deploy.create(CreateRobot::new()).await;
    assert_refused(
        again,
        ErrorKind::AlreadyExists,
        400,
        "Existing robot with name: acme+deploy",
    );
    let sent = sandbox.requests_of("createOrgRobot");
    assert_eq!(
        sent.first().map(|r| r.json::<CreateRobot>()).transpose()?,
        Some(CreateRobot::new().description("rolls out"))
    );
    let first = made.token.map(|t| t.expose().to_owned());
    let second = deploy
        .regenerate()
        .await?
        .token
        .map(|t| t.expose().to_owned());
    assert_eq!(first.as_ref().map(String::len), Some(64));
    assert_ne!(first, second);
    assert_eq!(
        deploy.get().await?.token.map(|t| t.expose().to_owned()),
        second
    );
    sandbox
        .quay()
        .repository("acme/web")?
        .permissions()
        .grant_user("acme+deploy", RepositoryRole::Read)
        .await?;
    assert_eq!(deploy.permissions().await?.len(), 1);
    let names: Vec<String> = acme
        .robots()
        .list()
        .await?
        .into_iter()
        .map(|r| r.name)
        .collect();
    assert_eq!(names, ["acme+ci", "acme+deploy"]);
    deploy.delete().await?;
    assert_refused(
        deploy.get().await,
        ErrorKind::NotFound,
        400,
        "Could not find robot with specified username",
    );
    assert_eq!(
        sandbox
            .quay()
            .repository("acme/web")?
            .permissions()
            .users()
            .await?
            .len(),
        1
    );
    Ok(())
}

#[tokio::test]
async fn repositories_permissions_and_stars() -> Result<()> {
    let sandbox = acme().await?;
    let quay = sandbox.quay();
    let create =
        |name: &str| CreateRepository::new(name, Visibility::Private, "text").namespace("acme");
    quay.repositories().create(create("api")).await?;
    assert_refused(
        quay.repositories().create(create("api")).await,
        ErrorKind::AlreadyExists,
        400,
        "Repository already exists",
    );
    let api = quay.repository("acme/api")?;
    api.describe("other").await?;
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
        .list("acme")
        .await?
        .into_iter()
        .map(|r| r.name)
        .collect();
    assert_eq!(names, ["web", "team/hidden", "api"]);

    let permissions = api.permissions();
    permissions.grant_user("bob", RepositoryRole::Write).await?;
    permissions.grant_team("devs", RepositoryRole::Read).await?;
    assert_eq!(
        permissions.user_transitive("alice").await?,
        [RepositoryRole::Read]
    );
    assert_eq!(permissions.users().await?.len(), 2);
    permissions.revoke_user("bob").await?;
    assert!(!permissions.revoke_user_if_exists("bob").await?);
    assert_eq!(
        refused(permissions.user("bob").await),
        (
            ErrorKind::NotFound,
            Some(400),
            "User does not have permission for repo.".into()
        )
    );

    api.delete().await?;
    assert!(api.get_opt().await?.is_none());
    assert!(quay.me().starred().await?.is_empty());
    // Deleting what is not there is a success; so says Quay.
    api.delete().await?;
    assert!(api.star().await.is_err_and(|e| e.is_not_found()));
    Ok(())
}

#[tokio::test]
async fn two_hundred_and_one_repositories_are_three_pages() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let many = (0..201).fold(Seed::new().organization("acme"), |seed, n| {
        seed.repository(Repository::new(format!("acme/r{n:03}")))
    });
    sandbox.seed(&many)?;
    let names: Vec<String> = sandbox
        .quay()
        .repositories()
        .list("acme")
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
    let page = reqwest::Client::new()
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
async fn tags_move_end_and_come_back() -> Result<()> {
    let sandbox = acme().await?;
    let moment: Timestamp = "2030-01-01T00:00:00Z".parse()?;
    sandbox.clock().set(moment);
    let web = sandbox.quay().repository("acme/web")?;
    let digest = |tags: &[quay_api::types::Tag], name: &str| -> Digest {
        let tag = tags
            .iter()
            .find(|t| t.name == name)
            .unwrap_or_else(|| panic!("no tag {name}"));
        let digest = tag.manifest_digest.as_deref().and_then(|d| d.parse().ok());
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
        Some(v2.to_string())
    );

    // Ending.
    sandbox.clock().advance(Duration::from_secs(60));
    latest
        .expire_at(moment.checked_add(Duration::from_secs(DAY)))
        .await?;
    assert_eq!(refused(latest.expire_at(Some(moment)).await).1, Some(400));
    sandbox.clock().advance(Duration::from_secs(2 * DAY));
    assert!(latest.get_opt().await?.is_none());
    assert_refused(latest.delete().await, ErrorKind::NotFound, 404, "Not Found");
    assert_eq!(
        web.tags().list().active().filter("like:LAT").await?.len(),
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
        .forget(ExpireTag::new().manifest_digest(v1.clone()))
        .await?;
    sandbox.clock().advance(Duration::from_secs(15 * DAY));
    assert_refused(
        latest.restore(&v1).await,
        ErrorKind::NotFound,
        404,
        "Not Found",
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
    assert_refused(
        latest.point_to(&v2).await,
        ErrorKind::RepositoryReadOnly,
        503,
        "Repository is in read only or mirror mode: 2",
    );
    Ok(())
}

#[tokio::test]
async fn scopes_and_visibility_are_enforced() -> Result<()> {
    let sandbox = acme().await?;
    let (web, hidden) = ("acme/web", "acme/team/hidden");
    let anonymous = sandbox.anonymous()?;
    let wrong = Quay::builder()
        .base_url(sandbox.quay().base_url())
        .token("wrong")
        .build()?;
    for nobody in [&anonymous, &wrong] {
        assert_eq!(nobody.repository(web)?.get().await?.can_write, Some(false));
        assert_refused(
            nobody.repository(hidden)?.get().await,
            ErrorKind::TokenNotAccepted,
            401,
            "Requires authentication",
        );
        assert_refused(
            nobody.me().get().await,
            ErrorKind::TokenNotAccepted,
            401,
            "Requires authentication",
        );
        let write = nobody.repository(web)?.delete().await;
        assert_eq!(refused(write).1, Some(403));
        assert!(
            nobody
                .organization("acme")?
                .get()
                .await?
                .email
                .is_none_or(|e| e.is_empty())
        );
    }
    // What the owner may and the scope does not.
    let reader = sandbox.token("alice").scopes(["repo:read"]).quay()?;
    assert_eq!(reader.repository(hidden)?.tags().list().await?.len(), 1);
    assert_refused(
        reader.repository(hidden)?.tag("v1")?.delete().await,
        ErrorKind::ScopeMissing,
        403,
        "Unauthorized",
    );
    assert_refused(
        reader.me().get().await,
        ErrorKind::TokenNotAccepted,
        401,
        "Requires authentication",
    );
    // What the scope allows and the owner may not.
    let bob = sandbox.token("bob").quay()?;
    assert_refused(
        bob.repository(hidden)?.get().await,
        ErrorKind::ScopeMissing,
        403,
        "Unauthorized",
    );
    assert_refused(
        bob.repository("acme/nosuch")?.get().await,
        ErrorKind::ScopeMissing,
        403,
        "Unauthorized",
    );
    assert_refused(
        bob.superuser().users().list().await,
        ErrorKind::ScopeMissing,
        403,
        "Unauthorized",
    );
    assert_refused(
        bob.organization("acme")?.delete().await,
        ErrorKind::ScopeMissing,
        403,
        "Unauthorized",
    );
    let mine = CreateRepository::new("x", Visibility::Private, "");
    assert_eq!(
        bob.repositories().create(mine.clone()).await?.namespace,
        "bob"
    );
    assert_refused(
        bob.repositories()
            .create(mine.clone().namespace("acme"))
            .await,
        ErrorKind::ScopeMissing,
        403,
        "Unauthorized",
    );
    // Both: a creator creates, and owns what was created.
    let alice = sandbox.token("alice").quay()?;
    alice.repositories().create(mine.namespace("acme")).await?;
    alice.repository("acme/x")?.delete().await?;
    let names: Vec<String> = alice
        .repositories()
        .list("acme")
        .await?
        .into_iter()
        .map(|r| r.name)
        .collect();
    assert_eq!(
        names,
        ["web", "team/hidden"],
        "what was granted, and what is public"
    );
    // A superuser without the scope is a user as any other.
    let narrow = sandbox.token(Sandbox::ADMIN).scopes(["user:read"]).quay()?;
    assert_eq!(narrow.me().get().await?.super_user, None);
    assert_refused(
        narrow.repository(hidden)?.get().await,
        ErrorKind::ScopeMissing,
        403,
        "Unauthorized",
    );
    Ok(())
}

#[tokio::test]
async fn tokens_end_by_the_clock_of_the_sandbox() -> Result<()> {
    let sandbox = acme().await?;
    let alice = sandbox
        .token("alice")
        .lifetime(Duration::from_secs(60))
        .quay()?;
    alice.me().get().await?;
    sandbox.clock().advance(Duration::from_secs(61));
    assert!(
        alice
            .me()
            .get()
            .await
            .is_err_and(|e| e.is_token_not_accepted())
    );
    assert!(
        sandbox
            .token("nobody")
            .quay()
            .is_err_and(|e| e.kind() == ErrorKind::InvalidInput)
    );
    assert!(
        sandbox
            .token("alice")
            .scopes(["repo:reed"])
            .quay()
            .is_err_and(|e| e.message().contains("repo:reed"))
    );
    Ok(())
}

#[tokio::test]
async fn calls_go_wrong_as_often_as_they_are_told_to() -> Result<()> {
    let sandbox = acme().await?;
    let repositories = sandbox.quay().repositories();
    let create =
        |name: &str| repositories.create(CreateRepository::new(name, Visibility::Private, ""));
    sandbox
        .fail("createRepo")
        .times(2)
        .refuse(ErrorResponse::InvalidRequest("no".to_owned()));
    assert_eq!(refused(create("a").await).2, "no");
    assert_eq!(refused(create("a").await).2, "no");
    create("a").await?;
    sandbox
        .fail("createRepo")
        .with(Response::json(500, &json!({"message": "boom"})));
    assert_eq!(
        refused(create("b").await),
        (ErrorKind::Server, Some(500), "boom".to_owned())
    );
    // Answers that never came or broke off, of things that were done.
    sandbox.fail("createRepo").reset();
    assert_eq!(refused(create("c").await).0, ErrorKind::Connection);
    sandbox.fail("createRepo").truncated();
    let (kind, ..) = refused(create("d").await);
    assert!(
        matches!(kind, ErrorKind::Connection | ErrorKind::InvalidResponse),
        "{kind:?}"
    );
    let names: Vec<String> = sandbox
        .quay()
        .repositories()
        .list(Sandbox::ADMIN)
        .await?
        .into_iter()
        .map(|r| r.name)
        .collect();
    assert_eq!(names, ["a", "c", "d"]);
    // A server that is slow: longer than the caller waits.
    sandbox
        .fail("createRepo")
        .late()
        .delay(Duration::from_secs(30));
    let hasty = Quay::builder()
        .base_url(sandbox.quay().base_url())
        .token("sandbox-token")
        .timeout(Duration::from_millis(300))
        .build()?;
    let late = hasty
        .repositories()
        .create(CreateRepository::new("e", Visibility::Private, ""))
        .await;
    assert!(late.is_err_and(|e| e.is_timeout()));
    assert_eq!(sandbox.requests_of("createRepo").len(), 7);
    Ok(())
}

#[tokio::test]
async fn no_read_makes_the_sandbox_itself_fail() -> Result<()> {
    let sandbox = Sandbox::demo().await?;
    let client = reqwest::Client::new();
    for operation in OPERATIONS.iter().filter(|o| o.method() == "GET") {
        let path = operation
            .path()
            .replace("{repository}", "acme/web")
            .replace("{orgname}", "acme");
        // A quota that is no number makes Quay itself fail.
        let named = |part| match part {
            "{quota_id}" | "{limit_id}" => "1",
            part if part.starts_with('{') => "x",
            part => part,
        };
        let path = path.split('/').map(named).collect::<Vec<_>>().join("/");
        let url = format!("{}{path}", sandbox.quay().base_url());
        let status = client
            .get(url)
            .bearer_auth("sandbox-token")
            .send()
            .await
            .map(|r| r.status().as_u16());
        assert!(
            status.as_ref().is_ok_and(|s| *s != 500),
            "{}: {status:?}",
            operation.id()
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_seed_that_contradicts_itself_says_where() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    for (seed, what) in [
        (
            Seed::new().repository("acme/web"),
            "\"acme\", which does not exist",
        ),
        (
            Seed::new().user("alice").user("alice"),
            "already been taken",
        ),
        (
            Seed::new().organization(
                Organization::new("o1").team(Team::new("devs", TeamRole::Member).member("zoe")),
            ),
            "\"zoe\"",
        ),
        (
            Seed::new().organization(Organization::new("Bad Name")),
            "Invalid namespace",
        ),
    ] {
        let error = sandbox
            .seed(&seed)
            .err()
            .map(|e| e.message().to_owned())
            .unwrap_or_default();
        assert!(error.contains(what), "{error}");
    }
    assert!(
        Seed::from_json(r#"{"user": []}"#)
            .is_err_and(|e| e.message().contains("unknown field `user`"))
    );
    assert!(Sandbox::recorded().await?.seed(&Seed::new()).is_err());
    Ok(())
}

#[tokio::test]
async fn the_demo_is_worth_showing() -> Result<()> {
    let sandbox = Sandbox::demo().await?;
    let quay = sandbox.quay();
    let mut tags = 0;
    for namespace in ["acme", "globex"] {
        for repository in quay.repositories().list(namespace).await? {
            tags += quay
                .repository(format!("{namespace}/{}", repository.name))?
                .tags()
                .list()
                .await?
                .len();
        }
    }
    assert!(tags > 300, "{tags}");
    let index = quay
        .repository("globex/firmware")?
        .tag("latest")?
        .get_opt()
        .await?;
    assert_eq!(index.map(|t| t.is_manifest_list), Some(Some(true)));
    Ok(())
}
