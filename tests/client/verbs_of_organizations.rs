//! Collections and items of an organization: what `create` returns, what `get` finds in a list, and
//! which rows lead to which handles.

use crate::outcomes_account::{error_of, internal_error, respond};
use quay_api::testing::seed::{OrganizationSeed, Seed, TeamSeed, UserSeed};
use quay_api::testing::{Response, Sandbox};
use quay_api::types::*;
use quay_api::{Delivery, Result};
use serde_json::json;

async fn acme() -> Result<Sandbox> {
    let sandbox = Sandbox::start().await?;
    let organization = OrganizationSeed::new("acme")
        .team(TeamSeed::new("devs", TeamRole::Creator).member("alice"))
        .robot("ci");
    let seed = Seed::new()
        .user(UserSeed::new("alice"))
        .user("bob")
        .organization(organization);
    sandbox.seed(&seed)?;
    Ok(sandbox)
}

#[tokio::test]
async fn create_returns_the_created_resource() -> Result<()> {
    let sandbox = acme().await?;
    let acme = sandbox.quay().organization("acme")?;
    let size = || SetQuota::new().limit("10 GiB");
    let quota = acme.quotas().create_if_absent(size()).await?.expect("none");
    assert_eq!(acme.quotas().create_if_absent(size()).await?, None);
    let id = quota.id.expect("a quota of its own");
    assert_eq!(acme.quota(id).get().await?, quota);

    let limits = acme.quota(id).limits();
    let warning = |percent| CreateQuotaLimit::new(QuotaLimitType::Warning, percent);
    let limit = limits.create(warning(80)).await?;
    assert_eq!(limits.create_if_absent(warning(80)).await?, None);
    assert!(limits.create_if_absent(warning(90)).await?.is_some());
    assert_eq!(limit.limit_percent, 80);
    let handle = acme.quota(id).limit(limit.id.expect("a number"));
    assert_eq!(handle.get().await?, limit);
    assert!(handle.delete_if_exists().await?);
    assert!(!handle.delete_if_exists().await?);
    assert_eq!(handle.get_opt().await?, None);

    let cache = acme.proxy_cache();
    assert!(error_of(cache.get().await).is_not_found());
    let settings = cache.create(ProxyCache::new("docker.io/library")).await?;
    assert_eq!(settings.upstream_registry, "docker.io/library");
    assert_eq!(cache.get().await?, settings);

    let request = CreateOrganization::new("globex").email("globex@example.test");
    let globex = sandbox.quay().organizations().create(request).await?;
    assert_eq!(globex.name, "globex");
    assert_eq!(sandbox.quay().organization("globex")?.get().await?, globex);
    Ok(())
}

#[tokio::test]
async fn error_after_a_creation_names_the_created_resource() -> Result<()> {
    let sandbox = acme().await?;
    let quotas = sandbox.quay().organization("acme")?.quotas();
    for (response, is_conflict) in [
        (internal_error(), false),
        // Another caller deleted it in the meantime.
        (Response::json(200, &json!([])), true),
    ] {
        respond(
            &sandbox,
            "createOrganizationQuota",
            Response::json(201, &json!("Created")),
        );
        respond(&sandbox, "listOrganizationQuota", response);
        let error = error_of(quotas.create(SetQuota::new().limit_bytes(1)).await);
        assert_eq!(error.delivery(), Delivery::Responded);
        assert!(error.may_have_been_done());
        assert_eq!(error.is_conflict(), is_conflict);
        assert!(!error.is_not_found());
        let message = error.to_string();
        assert!(
            message.contains("the quota of acme was created"),
            "{message}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn creates_teams_that_are_absent() -> Result<()> {
    let sandbox = acme().await?;
    let acme = sandbox.quay().organization("acme")?;
    let request = || CreateTeam::new(TeamRole::Member).description("Operators");
    let created = acme.teams().create_if_absent("ops", request()).await?;
    assert_eq!(created.and_then(|team| team.new_team), Some(true));
    assert_eq!(acme.teams().create_if_absent("ops", request()).await?, None);
    let team = acme.team("ops")?.get().await?;
    assert_eq!(team.name, "ops");
    assert_eq!(team.description.as_deref(), Some("Operators"));
    assert_eq!(acme.team("nosuch")?.get_opt().await?, None);
    assert!(error_of(acme.team("nosuch")?.get().await).is_not_found());
    // If the organization is missing, nothing is known of the team.
    let nowhere = sandbox.quay().organization("nowhere")?.team("ops")?;
    assert!(error_of(nowhere.get_opt().await).is_not_found());

    let sync = acme.team("ops")?.sync();
    assert_eq!(sync.get_opt().await?, None);
    assert!(error_of(sync.get().await).is_not_found());
    Ok(())
}

#[tokio::test]
async fn team_members_are_added_once() -> Result<()> {
    let sandbox = acme().await?;
    let devs = sandbox.quay().organization("acme")?.team("devs")?;
    assert!(devs.members().create_if_absent("bob").await?.is_some());
    assert_eq!(devs.members().create_if_absent("bob").await?, None);
    assert_eq!(devs.members().create_if_absent("alice").await?, None);
    let writes = sandbox.requests_of("updateOrganizationTeamMember");
    assert_eq!(writes.len(), 1);
    let bob = devs.member("bob")?;
    assert_eq!(bob.get().await?.name.as_deref(), Some("bob"));
    assert!(bob.delete_if_exists().await?);
    assert!(!bob.delete_if_exists().await?);
    assert!(error_of(bob.get().await).is_not_found());
    // If the team is missing, nothing is known of its members.
    let nowhere = sandbox.quay().organization("acme")?.team("nosuch")?;
    assert!(error_of(nowhere.member("bob")?.get_opt().await).is_not_found());
    assert!(error_of(nowhere.member("bob")?.delete_if_exists().await).is_not_found());
    Ok(())
}

#[tokio::test]
async fn items_read_from_lists_return_not_found() -> Result<()> {
    let sandbox = acme().await?;
    let acme = sandbox.quay().organization("acme")?;
    let delegate = Delegate::new("devs", PrincipalKind::Team);
    let rule = CreateDefaultPermission::new(RepositoryRole::Read, delegate);
    let created = acme.default_permissions().create(rule).await?;
    let rule = acme.default_permission(&created.id)?;
    assert_eq!(rule.get().await?.role, RepositoryRole::Read);
    let changed = rule.set_role(RepositoryRole::Write).await?;
    assert_eq!(changed.role, RepositoryRole::Write);
    assert!(rule.delete_if_exists().await?);
    assert_eq!(rule.get_opt().await?, None);
    let error = error_of(rule.get().await);
    assert!(error.is_not_found());
    assert!(error.message().contains(&created.id), "{error}");

    let request = CreateApplication::new("automation");
    let application = acme.applications().create(request).await?;
    let application = acme.application(&application.client_id)?;
    let request = CreateApplicationToken::new("nightly", [Scope::RepoRead]);
    let uuid = application.tokens().create(request).await?.uuid;
    let token = application.token(&uuid)?;
    assert_eq!(token.get().await?.uuid, uuid);
    token.delete().await?;
    assert!(error_of(token.get().await).is_not_found());
    assert!(!token.delete_if_exists().await?);
    Ok(())
}

#[tokio::test]
async fn federation_is_deleted_if_it_exists() -> Result<()> {
    let sandbox = acme().await?;
    let federation = sandbox
        .quay()
        .organization("acme")?
        .robot("ci")?
        .federation();
    assert!(error_of(federation.delete().await).is_not_found());
    assert!(!federation.delete_if_exists().await?);
    assert!(sandbox.requests_of("deleteOrgRobotFederation").is_empty());
    let identity = RobotFederation::new("https://issuer.example.test", "me");
    assert_eq!(federation.set([identity]).await?.len(), 1);
    federation.delete().await?;
    assert_eq!(federation.get().await?, []);
    Ok(())
}

#[tokio::test]
async fn an_organization_lists_and_creates_its_own_repositories() -> Result<()> {
    let sandbox = acme().await?;
    let acme = sandbox.quay().organization("acme")?;
    let web = || CreateRepository::new("web", Visibility::Private, "");
    let created = acme.repositories().create(web()).await?;
    assert_eq!(created.namespace, "acme");
    assert_eq!(acme.repositories().create_if_absent(web()).await?, None);
    let listed = acme.repositories().list().await?;
    assert_eq!(listed.len(), 1);
    let found = acme.repository(&listed[0].name)?.get().await?;
    assert_eq!(found.name, "web");

    let sent = sandbox.requests().len();
    let elsewhere = web().namespace("globex");
    let error = error_of(acme.repositories().create(elsewhere).await);
    assert!(error.is_invalid_request());
    assert_eq!(error.message(), "`namespace` must be acme, got globex");
    assert_eq!(sandbox.requests().len(), sent);

    let mine = sandbox.quay().organizations().list().await?;
    assert!(
        mine.iter()
            .all(|organization| !organization.name.is_empty())
    );
    let request = CreateOrganization::new("mine").email("mine@example.test");
    sandbox.quay().organizations().create(request).await?;
    let names: Vec<String> = sandbox
        .quay()
        .organizations()
        .list()
        .await?
        .into_iter()
        .map(|organization| organization.name)
        .collect();
    assert!(names.contains(&"mine".to_owned()), "{names:?}");
    Ok(())
}
