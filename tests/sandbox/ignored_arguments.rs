//! Arguments that are newer than their operations. A server that does not know one ignores it, and
//! reports success. The result is correct nevertheless, or the call fails and names the argument.

use quay_api::testing::Sandbox;
use quay_api::testing::seed::{OrganizationSeed, RepositorySeed, Seed, TagSeed, UserSeed};
use quay_api::types::{
    AutoPruneMethod, ByteSize, CreateMirror, CreateOrganization, CreateRobot, MirrorRule,
    RepositoryState, SetAutoPrunePolicy, SetQuota, Timestamp, UpdateMirror, UpdateOrganization,
    UpdateTag,
};
use quay_api::{Error, ErrorKind, Quay, Result};

/// A server of a release, with a repository of three tags.
async fn server(release: &str) -> Result<Sandbox> {
    let sandbox = Sandbox::builder().release(release).start().await?;
    let web = ["v1", "v1.1", "latest"]
        .into_iter()
        .fold(RepositorySeed::new("acme/web"), |web, tag| {
            web.tag(TagSeed::new(tag, 1024))
        });
    let acme = OrganizationSeed::new("acme");
    sandbox.seed(&Seed::new().user("alice").organization(acme).repository(web))?;
    Ok(sandbox)
}

fn gib(number: i64) -> Option<ByteSize> {
    Some(ByteSize::from(number << 30))
}

/// The client, and one that may not read the discovery document.
fn clients(sandbox: &Sandbox) -> [Quay; 2] {
    let quay = sandbox.quay();
    [
        quay.clone(),
        quay.with(|call| call.consult_discovery(false)),
    ]
}

/// Checks that the call failed since the server lacks something, after or before a write.
#[track_caller]
fn assert_ignored<T: std::fmt::Debug>(result: Result<T>, field: &str) -> Error {
    let error = result.expect_err(field);
    assert_eq!(error.kind(), ErrorKind::FeatureDisabled, "{error:?}");
    assert!(error.to_string().contains(field), "{error}");
    error
}

/// Servers before 3.9 list every tag.
#[tokio::test]
async fn a_filter_of_tags_holds_on_every_release() -> Result<()> {
    for release in ["3.8", "3.9"] {
        let sandbox = server(release).await?;
        let tags = sandbox.quay().repository("acme/web")?.tags();
        let names = async |listing: quay_api::Result<Vec<quay_api::types::Tag>>| {
            let mut names: Vec<String> = listing?.into_iter().map(|tag| tag.name).collect();
            names.sort();
            Ok::<_, Error>(names)
        };
        assert_eq!(
            names(tags.list().named("v1").await).await?,
            ["v1"],
            "{release}"
        );
        let found = names(tags.list().name_contains("1").await).await?;
        assert_eq!(found, ["v1", "v1.1"], "{release}");
        let first: Vec<_> = tags.list().named("latest").page_size(1).await?;
        assert_eq!(first.len(), 1, "{release}");
    }
    Ok(())
}

/// Servers before 3.8.9 return all rows in one response.
#[tokio::test]
async fn the_lists_of_superusers_have_every_row_once() -> Result<()> {
    for release in ["3.8.0", "3.8.9"] {
        let sandbox = server(release).await?;
        let users = (0..7).map(|i| UserSeed::new(format!("user{i}")));
        sandbox.seed(&users.fold(Seed::new(), Seed::user))?;
        let superuser = sandbox.quay().superuser();
        let users = superuser.users().list().page_size(2).await?;
        assert_eq!(users.len(), 9, "{release}");
        let organizations = superuser.organizations().list().page_size(2).await?;
        assert_eq!(organizations.len(), 1, "{release}");
    }
    Ok(())
}

/// Servers before 3.12 take a number of bytes only, and ignore a string in a change.
#[tokio::test]
async fn a_quota_has_the_size_that_was_given_as_a_string() -> Result<()> {
    for release in ["3.8", "3.11", "3.12"] {
        let sandbox = server(release).await?;
        let quay = sandbox.quay();
        let quotas = quay.organization("acme")?.quotas();
        let id = quotas.create(SetQuota::new().limit("1 GiB")).await?.id;
        let quota = quay.organization("acme")?.quota(id.expect("an identifier"));
        assert_eq!(quota.get().await?.limit_bytes, gib(1), "{release}");
        quota.update(SetQuota::new().limit("3 GiB")).await?;
        assert_eq!(quota.get().await?.limit_bytes, gib(3), "{release}");
        quotas.ensure(SetQuota::new().limit("2 GiB")).await?;
        assert_eq!(quota.get().await?.limit_bytes, gib(2), "{release}");
        let alice = quay.superuser().user("alice")?;
        let created = alice
            .quotas()
            .create(SetQuota::new().limit("1 GiB"))
            .await?;
        let quota = alice.quota(created.id.expect("an identifier"));
        quota.update(SetQuota::new().limit("4 GiB")).await?;
        let now = quota.get().await?.limit_bytes;
        assert_eq!(now, gib(4), "{release}");
    }
    Ok(())
}

/// Servers before 3.13 store a policy that prunes tags of every name.
#[tokio::test]
async fn a_policy_that_would_lose_its_pattern_is_refused() -> Result<()> {
    let sandbox = server("3.12").await?;
    for quay in clients(&sandbox) {
        for policies in [
            quay.me().autoprune_policies(),
            quay.organization("acme")?.autoprune_policies(),
            quay.repository("acme/web")?.autoprune_policies(),
        ] {
            let policy = || SetAutoPrunePolicy::new(AutoPruneMethod::NumberOfTags, 20);
            let with_pattern = || policy().tag_pattern("^nightly-");
            assert_ignored(policies.create(with_pattern()).await, "tag_pattern");
            assert_ignored(
                policies.create_if_absent(with_pattern()).await,
                "tag_pattern",
            );
            assert_ignored(policies.ensure(with_pattern()).await, "tag_pattern");
            let exclusive = policy().tag_pattern("^v").tag_pattern_matches(false);
            assert_ignored(policies.create(exclusive).await, "tag_pattern");
            assert_eq!(
                policies.list().await?,
                [],
                "none that prunes everything is left"
            );
        }
        let policies = quay.repository("acme/web")?.autoprune_policies();
        let policy = SetAutoPrunePolicy::new(AutoPruneMethod::NumberOfTags, 20);
        let id = policies.create(policy.clone()).await?.uuid;
        let stored = quay.repository("acme/web")?.autoprune_policy(&id)?;
        let error = stored
            .update(policy.tag_pattern("^nightly-"))
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::FeatureDisabled, "{error:?}");
        stored.delete().await?;
    }
    Ok(())
}

/// Servers before 3.17, and those with the feature off, leave the tag as it is.
#[tokio::test]
async fn a_tag_that_stays_changeable_is_not_called_immutable() -> Result<()> {
    let off = Sandbox::builder().without_feature("FEATURE_IMMUTABLE_TAGS");
    let off = off.start().await?;
    off.seed(
        &Seed::new()
            .organization(OrganizationSeed::new("acme"))
            .repository(RepositorySeed::new("acme/web").tag(TagSeed::new("v1", 1024))),
    )?;
    for (sandbox, kind) in [
        (server("3.8").await?, ErrorKind::FeatureDisabled),
        (server("3.16").await?, ErrorKind::FeatureDisabled),
        (off, ErrorKind::Conflict),
    ] {
        for quay in clients(&sandbox) {
            let tag = quay.repository("acme/web")?.tag("v1")?;
            let error = tag
                .update(UpdateTag::new().immutable(true))
                .await
                .unwrap_err();
            assert_eq!(error.kind(), kind, "{error:?}");
            assert!(error.to_string().contains("immutable"), "{error}");
            let expiration = Timestamp::now().checked_add(std::time::Duration::from_secs(90_000));
            tag.set_expiration(expiration).await?;
            tag.update(UpdateTag::new().immutable(false)).await?;
        }
    }
    Ok(())
}

/// Servers before 3.18 know one address, and ignore the other.
#[tokio::test]
async fn an_organization_has_the_address_that_was_given() -> Result<()> {
    for release in ["3.8", "3.17", "3.18"] {
        let sandbox = server(release).await?;
        let quay = sandbox.quay();
        let (first, second) = ("first@example.com", "second@example.com");
        let organizations = quay.organizations();
        let one = organizations
            .create(CreateOrganization::new("one").contact_email(first))
            .await?;
        assert_eq!(one.email.as_deref(), Some(first), "{release}");
        let one = quay.organization("one")?;
        let now = one
            .update(UpdateOrganization::new().contact_email(second))
            .await?;
        assert_eq!(now.email.as_deref(), Some(second), "{release}");

        let both = CreateOrganization::new("two")
            .email(first)
            .contact_email(second);
        let two = organizations.create(both).await;
        let change = UpdateOrganization::new().email(first).contact_email(second);
        let changed = one.update(change).await;
        let cleared = one
            .update(UpdateOrganization::new().clear_contact_email())
            .await;
        if release == "3.18" {
            assert_eq!(two?.email.as_deref(), Some(second));
            assert_eq!(changed?.email.as_deref(), Some(second));
            assert_eq!(cleared?.email.as_deref(), Some(""));
        } else {
            for (result, field) in [
                (two, "contact_email"),
                (changed, "email"),
                (cleared, "email"),
            ] {
                assert!(
                    assert_ignored(result, field).may_have_been_done(),
                    "{release}"
                );
            }
        }
    }
    Ok(())
}

/// Servers before 3.15 have no time-out of mirrors, and those before 3.17 no architectures: they
/// fail when a mirror is created, and ignore them in a change.
#[tokio::test]
async fn a_mirror_has_what_was_asked_for_or_the_call_fails() -> Result<()> {
    for release in ["3.8", "3.14", "3.15", "3.17"] {
        let has_timeout = ["3.15", "3.17"].contains(&release);
        let timeout = |mirror: CreateMirror| mirror.skopeo_timeout_interval(600);
        let change = UpdateMirror::new().skopeo_timeout_interval(700);
        check_mirrors(release, timeout, change, has_timeout).await?;
        // From then on it needs a setting that is off in the sandbox, and is refused.
        if release != "3.17" {
            let filter = |mirror: CreateMirror| mirror.architecture_filter(["amd64"]);
            let change = UpdateMirror::new().architecture_filter(["arm64"]);
            check_mirrors(release, filter, change, false).await?;
        }
    }
    Ok(())
}

async fn check_mirrors(
    release: &str,
    with_later: fn(CreateMirror) -> CreateMirror,
    change: UpdateMirror,
    is_known: bool,
) -> Result<()> {
    for consults in [true, false] {
        let sandbox = server(release).await?;
        let quay = sandbox.quay().with(|call| call.consult_discovery(consults));
        let robots = quay.organization("acme")?.robots();
        robots.create("ci", CreateRobot::new()).await?;
        let web = quay.repository("acme/web")?;
        web.set_state(RepositoryState::Mirror).await?;
        let rule = MirrorRule::tags(["v*"]);
        let plain = CreateMirror::new("quay.io/coreos/etcd", Timestamp::now(), 86_400, rule)
            .robot_username("acme+ci");
        let what = format!("{release}, reads the document: {consults}");
        let created = web.mirror().create(with_later(plain.clone())).await;
        assert_eq!(created.is_ok(), is_known, "{what}: {created:?}");
        if let Err(error) = created {
            // Without the document, only the error of the server is known.
            if consults {
                assert_eq!(
                    error.kind(),
                    ErrorKind::FeatureDisabled,
                    "{what}: {error:?}"
                );
            }
            web.mirror().ensure(plain.clone()).await?;
        }
        let changed = web.mirror().update(change.clone()).await;
        assert_eq!(changed.is_ok(), is_known, "{what}: {changed:?}");
        if let Err(error) = changed {
            assert_eq!(error.kind(), ErrorKind::FeatureDisabled, "{what}: {error}");
        }
        let ensured = web.mirror().ensure(with_later(plain)).await;
        assert_eq!(ensured.is_ok(), is_known, "{what}: {ensured:?}");
    }
    Ok(())
}

/// Without the feature, the server takes the path for the name of a repository.
#[tokio::test]
async fn a_state_that_the_server_lacks_is_refused() -> Result<()> {
    let sandbox = Sandbox::builder()
        .without_feature("FEATURE_REPO_MIRROR")
        .start()
        .await?;
    sandbox.seed(
        &Seed::new()
            .organization(OrganizationSeed::new("acme"))
            .repository(RepositorySeed::new("acme/web")),
    )?;
    for quay in clients(&sandbox) {
        let web = quay.repository("acme/web")?;
        let error = web.set_state(RepositoryState::ReadOnly).await.unwrap_err();
        assert!(!error.is_not_found(), "{error:?}");
        assert_eq!(web.get().await?.state, Some(RepositoryState::Normal));
    }
    Ok(())
}
