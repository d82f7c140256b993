//! Policies of tags (autopruning, immutability), and the identities of robot accounts.

use super::{acme, assert_error, error_of};
use quay_api::api::AutoPrunePolicyHandle;
use quay_api::types::{
    AutoPruneMethod, CreateRobot, Digest, RobotFederation, SetAutoPrunePolicy,
    SetImmutabilityPolicy,
};
use quay_api::{ErrorKind, Result};

#[tokio::test]
async fn refuses_duplicate_autoprune_policies() -> Result<()> {
    let sandbox = acme().await?;
    let quay = sandbox.quay();
    let monthly = || SetAutoPrunePolicy::new(AutoPruneMethod::CreationDate, String::from("30d"));
    let (organization, repository) = (quay.organization("acme")?, quay.repository("acme/web")?);
    let me = quay.me();
    type Item<'a> = &'a dyn Fn(&str) -> Result<AutoPrunePolicyHandle>;
    let items: [(_, Item, _); 3] = [
        (
            organization.autoprune_policies(),
            &|uuid| organization.autoprune_policy(uuid),
            "namespace",
        ),
        (
            repository.autoprune_policies(),
            &|uuid| repository.autoprune_policy(uuid),
            "repository",
        ),
        (
            me.autoprune_policies(),
            &|uuid| me.autoprune_policy(uuid),
            "namespace",
        ),
    ];
    for (place, policy, what) in items {
        let created = place.create(monthly()).await?;
        let policy = policy(&created.uuid)?;
        let again = format!(
            "Existing policy with same values for this {what}, duplicate policies are not permitted"
        );
        assert_error(
            place.create(monthly()).await,
            ErrorKind::AlreadyExists,
            400,
            &again,
        );
        assert_eq!(
            error_of(place.create(monthly().tag_pattern("")).await).2,
            "tag_pattern cannot be empty"
        );
        let wrong = place
            .create(SetAutoPrunePolicy::new(
                AutoPruneMethod::NumberOfTags,
                String::from("30d"),
            ))
            .await;
        assert_eq!(error_of(wrong).0, ErrorKind::InvalidInput);
        let wrong = SetAutoPrunePolicy::new(AutoPruneMethod::NumberOfTags, 0);
        assert_eq!(
            error_of(place.create(wrong).await).2,
            "Invalid value given for method type"
        );
        let five = SetAutoPrunePolicy::new(AutoPruneMethod::NumberOfTags, 5);
        policy.update(five).await?;
        assert_eq!(policy.get().await?.method, AutoPruneMethod::NumberOfTags);
        assert_eq!(place.list().await?.len(), 1);
        policy.delete().await?;
        assert!(!policy.delete_if_exists().await?);
    }
    Ok(())
}

#[tokio::test]
async fn immutability_policies_protect_old_and_new_tags() -> Result<()> {
    let sandbox = acme().await?;
    let web = sandbox.quay().repository("acme/web")?;
    let tags = web.tags().list().await?;
    let digest = Digest::try_from(&tags[0].manifest_digest)?;
    let policies = sandbox.quay().organization("acme")?.immutability_policies();
    let created = policies
        .create(SetImmutabilityPolicy::new("v[0-9]+"))
        .await?;
    let again = policies
        .create(SetImmutabilityPolicy::new("v[0-9]+").tag_pattern_matches(false))
        .await;
    assert_eq!(
        error_of(again).2,
        "A policy with the same tag_pattern already exists"
    );
    assert!(
        error_of(policies.create(SetImmutabilityPolicy::new("[")).await)
            .2
            .starts_with("Invalid regex pattern: ")
    );

    // Those that were there, and those to come; the whole name has to match.
    assert_error(
        web.tag("v1")?.delete().await,
        ErrorKind::TagImmutable,
        409,
        "Cannot delete immutable tag 'v1'",
    );
    web.tag("v3")?.point_to(&digest).await?;
    assert_error(
        web.tag("v3")?.point_to(&digest).await,
        ErrorKind::TagImmutable,
        409,
        "Cannot overwrite immutable tag 'v3'",
    );
    web.tag("v3-rc")?.point_to(&digest).await?;
    web.tag("v3-rc")?.delete().await?;
    let ending = web
        .tag("v3")?
        .set_expiration(
            sandbox
                .clock()
                .now()
                .checked_add(std::time::Duration::from_secs(90_000)),
        )
        .await;
    assert_eq!(
        error_of(ending).2,
        "Cannot set expiration on immutable tag 'v3'"
    );

    // What it made so stays so; what comes later is free.
    sandbox
        .quay()
        .organization("acme")?
        .immutability_policy(&created.uuid)?
        .delete()
        .await?;
    assert_eq!(error_of(web.tag("v3")?.delete().await).1, Some(409));
    web.tag("v4")?.point_to(&digest).await?;
    web.tag("v4")?.delete().await?;
    let all_but = web.immutability_policies();
    all_but
        .create(SetImmutabilityPolicy::new("latest").tag_pattern_matches(false))
        .await?;
    web.tag("latest")?.point_to(&digest).await?;
    web.tag("latest")?.delete().await?;
    web.tag("v5")?.point_to(&digest).await?;
    assert_eq!(error_of(web.tag("v5")?.delete().await).1, Some(409));
    Ok(())
}

#[tokio::test]
async fn manages_federated_identities_of_a_robot_account() -> Result<()> {
    let sandbox = acme().await?;
    let ci = sandbox.quay().organization("acme")?.robot("ci")?;
    assert!(ci.federation().get().await?.is_empty());
    let identity = || {
        RobotFederation::new(
            "https://token.actions.example.test",
            "repo:acme/web:ref:refs/heads/main",
        )
    };
    assert_eq!(
        ci.federation().set([identity()]).await?,
        ci.federation().get().await?
    );
    let wrong = ci
        .federation()
        .set([RobotFederation::new("example.test", "x")])
        .await;
    assert_eq!(
        error_of(wrong).2,
        "Issuer must be a URL (http:// or https://)"
    );
    assert_eq!(
        error_of(ci.federation().set([identity(), identity()]).await).2,
        "Duplicate federation config entry"
    );
    ci.federation().delete().await?;
    assert!(ci.federation().get().await?.is_empty());
    let me = sandbox.quay().me();
    let mine = me.robot("laptop")?;
    me.robots().create("laptop", CreateRobot::new()).await?;
    assert_eq!(mine.federation().set([identity()]).await?.len(), 1);
    Ok(())
}
