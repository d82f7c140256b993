//! Applications, their tokens, and default permissions.

use super::{acme, assert_error, error_of};
use quay_api::testing::Sandbox;
use quay_api::types::{
    ActivatingUser, CreateApplication, CreateApplicationToken, CreateDefaultPermission,
    CreateRepository, Delegate, OrganizationApplication, PrincipalKind, RepositoryRole,
    UpdateApplication, Visibility,
};
use quay_api::{ErrorKind, Quay, Result};
use std::time::Duration;

#[tokio::test]
async fn application_tokens_have_their_scopes_only() -> Result<()> {
    let sandbox = acme().await?;
    let acme = sandbox.quay().organization("acme")?;
    let created = acme
        .applications()
        .create(CreateApplication::new("deployer").description("rolls out"))
        .await?;
    let application = acme.application(&created.client_id)?;
    let change = || UpdateApplication::new("deployer 2", "", "https://app.example.test");
    let changed = application.update(change()).await?;
    assert_eq!(
        (changed.name.as_str(), changed.description.as_deref()),
        ("deployer 2", Some("rolls out"))
    );
    // The server itself clears what is not named.
    let path = format!(
        "/api/v1/organization/acme/applications/{}",
        created.client_id
    );
    let request = sandbox.quay().request("PUT", path)?.json(&change());
    let changed: OrganizationApplication = request.send().await?;
    assert_eq!(changed.description.as_deref(), Some(""));
    assert_ne!(
        application.reset_client_secret().await?.client_secret,
        created.client_secret
    );
    let public = sandbox
        .anonymous()?
        .application(&created.client_id)?
        .get()
        .await?;
    assert_eq!(
        (public.name.as_str(), public.uri.as_deref()),
        ("deployer 2", Some("https://app.example.test"))
    );

    let tokens = application.tokens();
    let create = |name: &str, scope: &str| tokens.create(CreateApplicationToken::new(name, scope));
    assert_error(
        create("x", "repo:all").await,
        ErrorKind::InvalidRequest,
        400,
        "Invalid scope: repo:all",
    );
    assert_error(
        create("  ", "repo:read").await,
        ErrorKind::InvalidRequest,
        400,
        "'name' must not be empty",
    );
    let token = tokens
        .create(CreateApplicationToken::new(" reader ", "repo:read,user:read").expiration(3600.0))
        .await?;
    assert_eq!(
        (
            token.name.as_deref(),
            token.scope.as_ref().map(|scope| scope.as_str())
        ),
        (Some("reader"), Some("repo:read user:read"))
    );
    let client = Quay::builder()
        .base_url(sandbox.quay().base_url())
        .token(token.token.clone())
        .build()?;
    assert_eq!(client.me().get().await?.username, Sandbox::ADMIN);
    assert_error(
        client.repository("acme/web")?.set_description("x").await,
        ErrorKind::InsufficientScope,
        403,
        "Unauthorized",
    );
    // No token makes one that may more than itself.
    let owner = sandbox.token(Sandbox::ADMIN).scopes(["org:admin"]).quay()?;
    let narrow = owner
        .organization("acme")?
        .application(&created.client_id)?
        .tokens();
    assert_error(
        narrow
            .create(CreateApplicationToken::new("x", "repo:read"))
            .await,
        ErrorKind::InsufficientScope,
        403,
        "Unauthorized",
    );

    let listed = sandbox.quay().me().authorizations().list().await?;
    assert!(
        listed
            .iter()
            .any(|a| a.uuid == token.uuid && a.application.name == "deployer 2")
    );
    application.token(&token.uuid)?.delete().await?;
    assert!(
        client
            .me()
            .get()
            .await
            .is_err_and(|e| e.is_unauthenticated())
    );
    assert!(!application.token(&token.uuid)?.delete_if_exists().await?);
    let short = tokens
        .create(CreateApplicationToken::new("short", "user:read").expiration(60.0))
        .await?;
    sandbox.clock().advance(Duration::from_secs(61));
    assert_eq!(tokens.list().await?, []);
    for number in 0..51 {
        create(&format!("t{number:02}"), "user:read").await?;
    }
    let before = sandbox
        .requests_of("listOrganizationApplicationTokens")
        .len();
    let names: Vec<_> = tokens
        .list()
        .await?
        .into_iter()
        .filter_map(|t| t.name)
        .collect();
    assert_eq!(
        (names.len(), names[0].as_str(), names[50].as_str()),
        (51, "t50", "t00")
    );
    assert_eq!(
        sandbox
            .requests_of("listOrganizationApplicationTokens")
            .len(),
        before + 2
    );
    assert!(short.expires_at.is_some());

    let last = create("last", "user:read").await?;
    let client = Quay::builder()
        .base_url(sandbox.quay().base_url())
        .token(last.token)
        .build()?;
    application.delete().await?;
    assert!(
        client
            .me()
            .get()
            .await
            .is_err_and(|e| e.is_unauthenticated())
    );
    assert_error(
        application.tokens().list().await,
        ErrorKind::NotFound,
        404,
        "Not Found",
    );
    Ok(())
}

#[tokio::test]
async fn applies_default_permissions_to_new_repositories() -> Result<()> {
    let sandbox = acme().await?;
    let acme = sandbox.quay().organization("acme")?;
    let defaults = acme.default_permissions();
    let to = |name: &str, kind| {
        CreateDefaultPermission::new(RepositoryRole::Read, Delegate::new(name, kind))
    };
    let unknown = defaults.create(to("nosuch", PrincipalKind::User)).await;
    assert_error(
        unknown,
        ErrorKind::InvalidRequest,
        400,
        "Missing delegate user or team",
    );
    assert_eq!(
        error_of(defaults.create(to("nosuch", PrincipalKind::Team)).await).0,
        ErrorKind::NotFound
    );
    let created = defaults.create(to("devs", PrincipalKind::Team)).await?;
    assert_eq!(
        acme.default_permission(&created.id)?
            .set_role(RepositoryRole::Write)
            .await?
            .role,
        RepositoryRole::Write
    );
    let bobs = defaults.create(to("bob", PrincipalKind::User)).await?;
    defaults
        .create(to("acme+ci", PrincipalKind::User).activating_user(ActivatingUser::new("alice")))
        .await?;
    let create =
        |name: &str| CreateRepository::new(name, Visibility::Private, "").namespace("acme");
    sandbox.quay().repositories().create(create("one")).await?;
    sandbox
        .token("alice")
        .quay()?
        .repositories()
        .create(create("two"))
        .await?;
    let granted = async |name: &str| -> Result<Vec<String>> {
        let repository = sandbox.quay().repository(("acme", name))?;
        let devs = repository.team_permission("devs")?;
        assert_eq!(devs.role().await?, RepositoryRole::Write);
        assert_eq!(devs.get().await?.role, RepositoryRole::Write);
        let mut names: Vec<String> = repository
            .user_permissions()
            .list()
            .await?
            .into_iter()
            .map(|u| u.name)
            .collect();
        names.sort();
        Ok(names)
    };
    assert_eq!(granted("one").await?, ["bob", Sandbox::ADMIN]);
    assert_eq!(granted("two").await?, ["acme+ci", "alice", "bob"]);

    // Who goes takes them along.
    sandbox.quay().superuser().user("bob")?.delete().await?;
    assert!(defaults.list().await?.iter().all(|d| d.id != bobs.id));
    acme.team("devs")?.delete().await?;
    let left: Vec<String> = defaults
        .list()
        .await?
        .into_iter()
        .map(|d| d.delegate.name)
        .collect();
    assert_eq!(left, ["acme+ci"]);
    assert!(
        !acme
            .default_permission(&created.id)?
            .delete_if_exists()
            .await?
    );
    // A new name is one for robots, too.
    sandbox
        .quay()
        .superuser()
        .organization("acme")?
        .rename("initech")
        .await?;
    let renamed = sandbox
        .quay()
        .organization("initech")?
        .default_permissions()
        .list()
        .await?;
    assert_eq!(renamed[0].delegate.name, "initech+ci");
    Ok(())
}
