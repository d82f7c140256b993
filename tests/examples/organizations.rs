//! The examples for organizations (audit, set-up, copy, OAuth), and `watch_repository`.

use super::{Result, finish, folder, pointed_at, run, run_on, shop, writes};
use quay_api::testing::seed::Seed;
use quay_api::testing::{ErrorResponse, Sandbox};
use quay_api::types::{
    AutoPruneMethod, ByteSize, CreateDefaultPermission, CreateQuotaLimit, Delegate, PrincipalKind,
    QuotaLimitType, RepositoryRole, SetAutoPrunePolicy, SetImmutabilityPolicy,
};
use std::fs;

#[tokio::test]
async fn audit_permissions_finds_outsiders_and_robots_with_admin() -> Result {
    let (sandbox, folder) = (Sandbox::demo().await?, folder("audit")?);
    let ended = run_on(&sandbox, "audit_permissions", &["acme", "--check"], &folder).await?;
    ended.ends_with(0).prints(&[
        "base/jre",
        "@devs",
        "+deploy",
        "erin!",
        "outside collaborator: erin on search",
        "findings: 0",
    ]);

    sandbox.seed(&Seed::new().user("mallory"))?;
    let repository = sandbox.quay().repository("acme/web")?;
    repository
        .user_permission("mallory")?
        .set(RepositoryRole::Write)
        .await?;
    repository
        .user_permission("acme+ci")?
        .set(RepositoryRole::Admin)
        .await?;
    let before = writes(&sandbox);
    let ended = run_on(
        &sandbox,
        "audit_permissions",
        &["acme", "--check", "--csv", "audit.csv"],
        &folder,
    )
    .await?;
    ended.ends_with(3).prints(&[
        "mallory!",
        "finding: mallory has write on web",
        "finding: acme+ci has admin on web",
        "findings: 2",
    ]);
    assert_eq!(writes(&sandbox), before);
    let csv = fs::read_to_string(folder.join("audit.csv"))?;
    for line in [
        "repository,visibility,name,kind,role,through_team,outside",
        "web,public,mallory,user,write,,true",
        "web,public,acme+ci,robot,admin,,false",
        "web,public,devs,team,write,,false",
        "web,public,alice,user,write,devs,false",
        // A team with the role admin administers every repository.
        "billing,private,carol,user,admin,ops,false",
    ] {
        assert!(csv.lines().any(|l| l == line), "{line} is not in\n{csv}");
    }
    Ok(())
}

#[tokio::test]
async fn bootstrap_organization_changes_only_differences() -> Result {
    let (sandbox, folder) = (Sandbox::start().await?, folder("bootstrap")?);
    sandbox.seed(&Seed::new().user("alice").user("bob").user("carol"))?;
    let sample = run("bootstrap_organization", &["--sample"], &folder).await?;
    fs::write(folder.join("initech.toml"), &sample.ends_with(0).out)?;

    let ended = run_on(
        &sandbox,
        "bootstrap_organization",
        &["initech.toml"],
        &folder,
    )
    .await?;
    ended.ends_with(3).prints(&[
        "+ organization initech",
        "+ member of developers: alice",
        "+ initech+ci on initech/web: write",
        "17 differences",
    ]);
    assert_eq!(writes(&sandbox), 0, "a dry run changes nothing");
    let ended = run_on(
        &sandbox,
        "bootstrap_organization",
        &["initech.toml", "--apply"],
        &folder,
    )
    .await?;
    ended.ends_with(0).prints(&["17 changes made"]);
    let before = writes(&sandbox);
    for arguments in [&["initech.toml"][..], &["initech.toml", "--apply"]] {
        let ended = run_on(&sandbox, "bootstrap_organization", arguments, &folder).await?;
        ended
            .ends_with(0)
            .prints(&["nothing to do: initech matches initech.toml"]);
    }
    assert_eq!(writes(&sandbox), before);

    // Settings that were changed by hand are restored, and nothing else is changed.
    let web = sandbox.quay().repository("initech/web")?;
    web.team_permission("developers")?
        .set(RepositoryRole::Admin)
        .await?;
    web.set_description("Something else").await?;
    let ended = run_on(
        &sandbox,
        "bootstrap_organization",
        &["initech.toml", "--apply"],
        &folder,
    )
    .await?;
    ended.ends_with(0).prints(&[
        "~ repository initech/web: description",
        "~ team developers on initech/web: write",
        "2 changes made",
    ]);
    assert_eq!(
        web.team_permission("developers")?.role().await?,
        RepositoryRole::Write
    );

    // A failure is reported, and the other changes are made.
    sandbox
        .fail("changeTeamPermissions")
        .respond(ErrorResponse::ReadOnly);
    web.team_permission("developers")?.delete().await?;
    web.user_permission("initech+ci")?.delete().await?;
    let arguments = ["--apply", "initech.toml"];
    let ended = run_on(&sandbox, "bootstrap_organization", &arguments, &folder).await?;
    ended.ends_with(1).prints(&["1 changes made, 1 failed"]);
    let failure = "failed: team developers on initech/web: write: ";
    assert!(ended.err.contains(failure), "{}", ended.err);
    // On a real server, the file is required.
    let ended = run_on(&sandbox, "bootstrap_organization", &["--apply"], &folder).await?;
    assert!(
        ended.ends_with(1).err.contains("FILE is required"),
        "{}",
        ended.err
    );

    fs::write(
        folder.join("wrong.toml"),
        "organization = \"initech\"\nteems = 1\n",
    )?;
    let ended = run_on(&sandbox, "bootstrap_organization", &["wrong.toml"], &folder).await?;
    ended.ends_with(1);
    assert!(
        ended.err.contains("wrong.toml") && ended.err.contains("teems"),
        "{}",
        ended.err
    );
    Ok(())
}

#[tokio::test]
async fn copy_organization_copies_to_another_server() -> Result {
    let (source, target, folder) = (
        Sandbox::demo().await?,
        Sandbox::start().await?,
        folder("copy")?,
    );
    let devs = Delegate::new("devs", PrincipalKind::Team);
    let permission = CreateDefaultPermission::new(RepositoryRole::Write, devs);
    let acme = source.quay().organization("acme")?;
    acme.default_permissions().create(permission).await?;
    let policy = SetAutoPrunePolicy::new(AutoPruneMethod::NumberOfTags, 7).tag_pattern("^nightly-");
    acme.autoprune_policies().create(policy).await?;
    let policy = SetImmutabilityPolicy::new("^release-");
    acme.repository("web")?
        .immutability_policies()
        .create(policy)
        .await?;
    let quota = acme.quotas().list().await?[0].id.ok_or("no quota")?;
    let limit = CreateQuotaLimit::new(QuotaLimitType::Warning, 75);
    acme.quota(quota).limits().create(limit).await?;
    let before = writes(&source);
    // The target has no user carol.
    target.seed(
        &Seed::new()
            .user("alice")
            .user("bob")
            .user("dave")
            .user("erin"),
    )?;
    let copy = async |arguments: &[&str]| {
        let mut command = pointed_at(&source, "copy_organization", arguments, &folder)?;
        let token = target.token(Sandbox::ADMIN).secret()?;
        command
            .env("TARGET_URL", target.quay().base_url())
            .env("TARGET_TOKEN", token.expose());
        finish(command).await
    };
    let arguments = ["acme", "--as", "acme-copy", "--apply"];
    copy(&arguments[..3]).await?.ends_with(3).prints(&[
        "+ organization acme-copy",
        "+ repository acme-copy/base/jre: public",
        "+ team ops: admin",
        "+ autoprune policy of acme-copy: ^nightly-",
        "+ immutability policy of web: ^release-",
        "+ quota: 60 GiB",
    ]);
    assert_eq!(writes(&target), 0, "a dry run changes nothing");
    let ended = copy(&arguments).await?;
    ended.ends_with(1).prints(&["1 failed"]);
    assert!(
        ended.err.contains("failed: member of ops: carol: "),
        "{}",
        ended.err
    );

    target.seed(&Seed::new().user("carol"))?;
    copy(&arguments)
        .await?
        .ends_with(0)
        .prints(&["+ member of ops: carol", "1 changes made"]);
    let ended = copy(&arguments).await?;
    ended
        .ends_with(0)
        .prints(&["nothing to do: acme-copy has everything that acme has"]);
    let robot = target
        .quay()
        .repository("acme-copy/web")?
        .user_permission("acme-copy+deploy")?
        .get()
        .await?;
    assert_eq!(robot.role, RepositoryRole::Read);
    assert_eq!(
        target
            .quay()
            .organization("acme-copy")?
            .default_permissions()
            .list()
            .await?
            .len(),
        1
    );
    assert_eq!(writes(&source), before, "the source is only read");
    let copy = target.quay().organization("acme-copy")?;
    let policies = copy.autoprune_policies().list().await?;
    assert_eq!(policies[0].tag_pattern.as_deref(), Some("^nightly-"));
    assert_eq!(policies[0].value, Some(7.into()));
    let policies = copy.repository("web")?.immutability_policies();
    assert_eq!(policies.list().await?[0].tag_pattern, "^release-");
    let quotas = copy.quotas().list().await?;
    assert_eq!(quotas[0].limit_bytes, Some(ByteSize::new(60 << 30)));
    let limits = quotas[0].limits.as_deref().ok_or("no limits")?;
    assert_eq!(limits.len(), 1);
    assert_eq!(limits[0].limit_percent, 75);
    Ok(())
}

#[tokio::test]
async fn watch_repository_reports_created_moved_and_deleted_tags() -> Result {
    let (sandbox, folder) = (shop().await?, folder("watch")?);
    let arguments = ["shop/web", "--once", "--state", "web.json"];
    run_on(&sandbox, "watch_repository", &arguments, &folder)
        .await?
        .ends_with(0)
        .prints(&["12 tags seen for the first time"]);
    run_on(&sandbox, "watch_repository", &arguments, &folder)
        .await?
        .ends_with(0);

    let repository = sandbox.quay().repository("shop/web")?;
    let digest = async |tag: &str| -> Result<quay_api::types::Digest> {
        let tag = repository.tag(tag)?.get_opt().await?.ok_or("no such tag")?;
        Ok(tag.manifest_digest.ok_or("no digest")?)
    };
    let (one, twelve) = (digest("v01").await?, digest("v12").await?);
    repository.tag("latest")?.point_to(&twelve).await?;
    repository.tag("v11")?.point_to(&one).await?;
    repository.tag("v05")?.delete().await?;
    let ended = run_on(&sandbox, "watch_repository", &arguments, &folder).await?;
    ended
        .ends_with(3)
        .prints(&["+ latest sha256:", "~ v11 sha256:", "- v05"]);
    assert_eq!(ended.out.lines().count(), 3, "{}", ended.out);

    // A server that is unavailable for some time does not end it.
    sandbox.fail("listRepoTags").status(503).times(20);
    let ended = run_on(
        &sandbox,
        "watch_repository",
        &["shop/web", "--every", "100ms", "--for", "2s"],
        &folder,
    )
    .await?;
    ended.ends_with(0).prints(&["stopped: 0 changes seen"]);
    Ok(())
}

#[tokio::test]
async fn oauth_token_has_the_requested_lifetime() -> Result {
    let sandbox = Sandbox::demo().await?;
    sandbox.clock().set(sandbox.clock().now());
    let folder = folder("oauth")?;
    let arguments = [
        "token",
        "nightly",
        "--scope",
        "repo:read",
        "--file",
        "nightly.token",
        "--days",
        "5",
    ];
    run_on(&sandbox, "oauth", &arguments, &folder)
        .await?
        .ends_with(0)
        .prints(&["created the token nightly, which expires "]);
    let acme = sandbox.quay().organization("acme")?;
    let applications = acme.applications().list().await?;
    let application = applications
        .iter()
        .find(|application| application.name == "automation")
        .ok_or("no application")?;
    let tokens = acme
        .application(&application.client_id)?
        .tokens()
        .list()
        .await?;
    let token = tokens
        .iter()
        .find(|token| token.name.as_deref() == Some("nightly"))
        .ok_or("no token")?;
    let (Some(created), Some(end)) = (token.created, token.expires_at) else {
        return Err("a token without dates".into());
    };
    assert_eq!(end.since(created).as_secs(), 5 * 86_400);
    Ok(())
}
