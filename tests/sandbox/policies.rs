//! Policies of tags: pruned by themselves, and not to be changed; and whom else a robot account is.

use super::{acme, assert_error, error_of};
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
    for (place, what) in [
        (quay.organization("acme")?.autoprune_policies(), "namespace"),
        (
            quay.repository("acme/web")?.autoprune_policies(),
            "repository",
        ),
        (quay.me().autoprune_policies(), "namespace"),
    ] {
        let created = place.create(monthly()).await?;
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
        assert_eq!(error_of(wrong).2, "Invalid value given for method type");
        place
            .update(
                &created.uuid,
                SetAutoPrunePolicy::new(AutoPruneMethod::NumberOfTags, 5),
            )
            .await?;
        assert_eq!(
            place.get(&created.uuid).await?.method,
            AutoPruneMethod::NumberOfTags
        );
        assert_eq!(place.list().await?.len(), 1);
        place.delete(&created.uuid).await?;
        assert!(!place.delete_if_exists(&created.uuid).await?);
    }
    Ok(())
}

#[tokio::test]
async fn immutability_policies_protect_old_and_new_tags() -> Result<()> {
    let sandbox = acme().await?;
    let web = sandbox.quay().repository("acme/web")?;
    let tags = web.tags().list().await?;
    let digest: Digest = tags[0]
        .manifest_digest
        .as_deref()
        .unwrap_or_default()
        .parse()?;
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
        .expire_at(
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
    policies.delete(&created.uuid).await?;
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
