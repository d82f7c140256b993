//! Side effects of changes of tags: expirations, labels and immutability.

use crate::context::{TestContext, assert_status, scenario};
use quay_api::Result;
use quay_api::api::RepositoryHandle;
use quay_api::types::{Tag, Timestamp};
use serde_json::json;
use std::time::Duration;

const DAY: Duration = Duration::from_secs(86_400);

/// A change of a tag, in one request.
async fn change(
    context: &TestContext,
    repository: &RepositoryHandle,
    tag: &str,
    body: serde_json::Value,
) -> Result<Option<serde_json::Value>> {
    let path = format!("/repository/{}/tag/{tag}", repository.name());
    context.put(path, body).await
}

/// Tomorrow, in seconds since 1970.
fn tomorrow() -> i64 {
    Timestamp::now()
        .checked_add(DAY)
        .expect("tomorrow")
        .unix_seconds()
}

/// The lifetime of a tag in seconds.
fn lifetime(tag: &Tag) -> Option<u64> {
    Some(tag.end_ts?.since(tag.start_ts?).as_secs())
}

#[tokio::test]
async fn expiration_is_lost_if_a_manifest_comes_with_it() {
    scenario(async |context| {
        let (_, repository) = context.organization_with_repository().await?;
        let digest = context.push(&repository, "v1").await?;
        let body = json!({"manifest_digest": digest, "expiration": tomorrow()});
        let changed = change(context, &repository, "v1", body).await?;
        assert_eq!(changed, Some("Updated".into()));
        let tag = repository.tag("v1")?.get_opt().await?.expect("the tag");
        assert_eq!(tag.end_ts, None, "nothing of the expiration is left");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn new_tag_is_not_found_if_more_than_a_manifest_is_set() {
    scenario(async |context| {
        let (_, repository) = context.organization_with_repository().await?;
        let digest = context.push(&repository, "v1").await?;
        let mut all = vec![
            json!({"expiration": tomorrow()}),
            json!({"expiration": null}),
        ];
        // Older servers ignore the field.
        if context.is_since("3.17").await? {
            all.push(json!({"immutable": true}));
        }
        for more in all {
            let mut body = json!({"manifest_digest": digest});
            body.as_object_mut()
                .expect("an object")
                .extend(more.as_object().cloned().unwrap_or_default());
            let changed = change(context, &repository, "new", body).await;
            assert_status(changed, 404, "Not Found");
        }
        assert_eq!(repository.tag("new")?.get_opt().await?, None);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn label_of_an_image_makes_its_tags_expire() {
    scenario(async |context| {
        let (_, repository) = context.organization_with_repository().await?;
        let labels = [("quay.expires-after", "2h")];
        let digest = context.push_labelled(&repository, "v1", &labels).await?;
        let tag = repository.tag("moved")?;
        tag.point_to(&digest).await?;
        for name in ["v1", "moved"] {
            let seen = repository.tag(name)?.get_opt().await?.expect("the tag");
            assert_eq!(lifetime(&seen), Some(2 * 60 * 60), "{name}");
        }
        tag.set_expiration(None).await?;
        let seen = tag.get_opt().await?.expect("the tag");
        assert_eq!(seen.end_ts, None, "an expiration that is set wins");
        tag.delete().await?;
        tag.restore(&digest).await?;
        let seen = tag.get_opt().await?.expect("the tag");
        assert_eq!(lifetime(&seen), Some(2 * 60 * 60), "restored");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn label_of_an_image_makes_its_tags_immutable() {
    scenario(async |context| {
        context
            .requires(&["createRepositoryImmutabilityPolicy"])
            .await?;
        let (_, repository) = context.organization_with_repository().await?;
        let labels = [("quay.immutable", "true")];
        let digest = context.push_labelled(&repository, "v1", &labels).await?;
        repository.tag("moved")?.point_to(&digest).await?;
        for name in ["v1", "moved"] {
            let seen = repository.tag(name)?.get_opt().await?.expect("the tag");
            assert_eq!(seen.immutable, Some(true), "{name}");
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn expiration_is_a_number_of_seconds_since_1970() {
    scenario(async |context| {
        let (_, repository) = context.organization_with_repository().await?;
        context.push(&repository, "v1").await?;
        for expiration in [json!("2030-01-01"), json!(true)] {
            let changed = change(
                context,
                &repository,
                "v1",
                json!({"expiration": expiration}),
            )
            .await;
            assert_status(changed, 400, "is not of type 'number', 'null'");
        }
        // An hour after the beginning of 1970, and the year 10000.
        for expiration in [3600, 253_402_300_800_i64] {
            let body = json!({"expiration": expiration});
            let changed = change(context, &repository, "v1", body).await;
            assert_status(changed, 400, "could not understand");
        }
        let changed = change(context, &repository, "v1", json!({"expiration": 1e300})).await;
        assert_status(changed, 500, "");
        let tag = repository.tag("v1")?.get_opt().await?.expect("the tag");
        assert_eq!(tag.end_ts, None);
        Ok(())
    })
    .await;
}

/// The expirations of the current and the past versions of a tag, in seconds since 1970, newest
/// first.
async fn expirations(
    repository: &RepositoryHandle,
    tag: &str,
) -> Result<Vec<(Option<i64>, Option<quay_api::types::Digest>)>> {
    let history = repository.tags().list().named(tag).await?;
    let told = history.into_iter().map(|tag| {
        let expiration = tag.expiration.map(Timestamp::unix_seconds);
        (expiration, tag.manifest_digest)
    });
    Ok(told.collect())
}

#[tokio::test]
async fn expiration_of_a_tag_is_moved_in_place() {
    scenario(async |context| {
        let (_, repository) = context.organization_with_repository().await?;
        let digest = context.push(&repository, "v1").await?;
        let tag = repository.tag("v1")?;
        // Later, then earlier.
        for days in [1, 7, 2] {
            let expiration = Timestamp::now().checked_add(days * DAY).expect("a date");
            tag.set_expiration(Some(expiration)).await?;
            let moved = (Some(expiration.unix_seconds()), Some(digest.clone()));
            assert_eq!(expirations(&repository, "v1").await?, [moved]);
        }
        tag.set_expiration(None).await?;
        assert_eq!(
            expirations(&repository, "v1").await?,
            [(None, Some(digest))]
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn expiration_of_a_tag_ends_when_the_tag_is_moved() {
    scenario(async |context| {
        let (_, repository) = context.organization_with_repository().await?;
        let (one, two) = (
            context.push(&repository, "v1").await?,
            context.push(&repository, "v2").await?,
        );
        let tag = repository.tag("v1")?;
        let week = Timestamp::now().checked_add(7 * DAY).expect("a date");
        tag.set_expiration(Some(week)).await?;
        tag.point_to(&two).await?;
        let history = expirations(&repository, "v1").await?;
        assert_eq!(history.len(), 2);
        assert_eq!(history[0], (None, Some(two)), "it expires no more");
        assert_eq!(history[1].1, Some(one));
        assert!(
            history[1]
                .0
                .is_some_and(|ended| ended <= Timestamp::now().unix_seconds() + 60),
            "it expired when it was moved: {history:?}"
        );
        Ok(())
    })
    .await;
}
