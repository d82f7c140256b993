//! Tags and their history.

use crate::context::{assert_error, scenario};
use quay_api::api::GetRepository;
use quay_api::types::{ExpireTag, Tag, Timestamp, UpdateTag};
use quay_api::{ErrorKind, Result};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(86_400);

fn nothing() -> quay_api::types::Digest {
    format!("sha256:{}", "0".repeat(64))
        .parse()
        .expect("a digest")
}

/// The names of the tags, and true for those that are current.
fn told(tags: &[Tag]) -> Vec<(&str, bool)> {
    tags.iter()
        .map(|t| (t.name.as_str(), t.end_ts.is_none()))
        .collect()
}

#[tokio::test]
async fn empty_repository_has_no_tags() {
    scenario(async |context| {
        let (_, repository) = context.organization_with_repository().await?;
        assert_eq!(repository.tags().list().await?, []);
        assert_eq!(repository.tag("latest")?.get_opt().await?, None);
        assert_error(
            repository.tag("latest")?.delete().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        assert!(!repository.tag("latest")?.delete_if_exists().await?);
        assert_error(
            repository.tag("latest")?.point_to(&nothing()).await,
            404,
            ErrorKind::NotFound,
            "there is no manifest",
        );
        assert_error(
            repository.tag("latest")?.set_expiration(None).await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        assert_error(
            repository.tag("latest")?.restore(&nothing()).await,
            404,
            ErrorKind::NotFound,
            "there is no manifest",
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn lists_a_pushed_tag() {
    scenario(async |context| {
        let (_, repository) = context.organization_with_repository().await?;
        let digest = context.push(&repository, "latest").await?;
        let tags = repository.tags().list().await?;
        assert_eq!(told(&tags), [("latest", true)]);
        let tag = &tags[0];
        assert_eq!(tag.manifest_digest.as_ref(), Some(&digest));
        assert_eq!(
            (tag.is_manifest_list, tag.reversion, tag.expiration),
            (Some(false), Some(false), None)
        );
        assert!(
            tag.size.is_some_and(|size| size.bytes() > 0)
                && tag.last_modified.is_some()
                && tag.start_ts.is_some()
        );
        let seen = repository
            .get_with(GetRepository::new().with_tags())
            .await?
            .tags
            .unwrap_or_default();
        assert_eq!(seen["latest"].manifest_digest.as_ref(), Some(&digest));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn creates_and_moves_a_tag() {
    scenario(async |context| {
        let (_, repository) = context.organization_with_repository().await?;
        let (one, two) = (
            context.push(&repository, "one").await?,
            context.push(&repository, "two").await?,
        );
        assert_ne!(one, two);
        let tag = repository.tag("moving")?;
        tag.point_to(&one).await?;
        tag.point_to(&two).await?;
        assert_eq!(
            tag.get_opt()
                .await?
                .and_then(|t| t.manifest_digest)
                .as_ref(),
            Some(&two)
        );
        let history = repository.tags().list().named("moving").await?;
        assert_eq!(
            told(&history),
            [("moving", true), ("moving", false)],
            "newest first"
        );
        assert_eq!(history[1].manifest_digest.as_ref(), Some(&one));
        assert!(history[0].start_ts >= history[1].end_ts);
        assert_eq!(
            repository
                .tags()
                .list()
                .active()
                .named("moving")
                .await?
                .len(),
            1
        );
        assert_error(
            tag.point_to(&nothing()).await,
            404,
            ErrorKind::NotFound,
            "there is no manifest",
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn refuses_invalid_tag_names() {
    scenario(async |context| {
        let (_, repository) = context.organization_with_repository().await?;
        let digest = context.push(&repository, "latest").await?;
        for name in ["bad tag", "-dash", &"x".repeat(129)] {
            assert_error(
                repository.tag(name)?.point_to(&digest).await,
                400,
                ErrorKind::InvalidRequest,
                "Invalid tag: must match",
            );
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn tag_expires_at_its_expiration() {
    scenario(async |context| {
        let (_, repository) = context.organization_with_repository().await?;
        context.push(&repository, "latest").await?;
        let tag = repository.tag("latest")?;
        let tomorrow = Timestamp::now().checked_add(DAY).expect("tomorrow");
        tag.set_expiration(Some(tomorrow)).await?;
        let seen = tag.get_opt().await?.expect("it exists until then");
        assert_eq!(
            seen.expiration.map(Timestamp::unix_seconds),
            Some(tomorrow.unix_seconds())
        );
        assert_eq!(
            seen.end_ts.map(Timestamp::unix_seconds),
            Some(tomorrow.unix_seconds())
        );
        tag.set_expiration(None).await?;
        assert_eq!(
            tag.get_opt().await?.map(|t| (t.expiration, t.end_ts)),
            Some((None, None))
        );
        let yesterday = Timestamp::now().checked_sub(DAY).expect("yesterday");
        let refused = tag.set_expiration(Some(yesterday)).await;
        assert!(refused.is_err_and(|e| e.kind() == ErrorKind::InvalidInput));
        // The server refuses it as well.
        let path = format!("/api/v1/repository/{}/tag/latest", repository.name());
        let expiration = serde_json::json!({"expiration": yesterday.unix_seconds()});
        let sent = context.quay().request("PUT", path)?.json(&expiration);
        assert_error(sent.send_bytes().await, 400, ErrorKind::InvalidRequest, "");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn restores_a_deleted_tag_from_its_history() {
    scenario(async |context| {
        let (_, repository) = context.organization_with_repository().await?;
        let digest = context.push(&repository, "latest").await?;
        let tag = repository.tag("latest")?;
        tag.delete().await?;
        assert_eq!(tag.get_opt().await?, None);
        assert_eq!(told(&repository.tags().list().await?), [("latest", false)]);
        assert_error(tag.delete().await, 404, ErrorKind::NotFound, "Not Found");

        tag.restore(&digest).await?;
        let history = repository.tags().list().await?;
        assert_eq!(told(&history), [("latest", true), ("latest", false)]);
        assert_eq!(history[0].reversion, Some(true));
        assert_eq!(history[0].manifest_digest.as_ref(), Some(&digest));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn restoring_a_tag_requires_a_manifest() {
    scenario(async |context| {
        let (_, repository) = context.organization_with_repository().await?;
        let path = format!(
            "/api/v1/repository/{}/tag/latest/restore",
            repository.name()
        );
        let restored = context
            .quay()
            .request("POST", path)?
            .json(&serde_json::json!({}))
            .send_bytes()
            .await;
        assert_error(
            restored,
            400,
            ErrorKind::InvalidRequest,
            "Missing manifest_digest",
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn forgotten_tag_is_outside_the_time_machine() {
    scenario(async |context| {
        context.requires(&["removeTagFromTimemachine"]).await?;
        let (_, repository) = context.organization_with_repository().await?;
        let digest = context.push(&repository, "latest").await?;
        let tag = repository.tag("latest")?;
        let forget = || ExpireTag::new().manifest_digest(digest.as_str());
        assert_error(
            tag.delete_permanently(forget()).await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        tag.delete().await?;
        tag.delete_permanently(forget()).await?;
        // The server lists it until a worker removes it.
        for past in repository.tags().list().await? {
            let (now, end) = (Timestamp::now(), past.end_ts.expect("it ended"));
            assert!(
                now.since(end) >= 14 * DAY,
                "older than the time machine: {end}"
            );
        }
        let refused = tag.delete_permanently(ExpireTag::new()).await;
        assert!(refused.is_err_and(|e| e.kind() == ErrorKind::InvalidInput));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn immutable_tag_cannot_be_changed() {
    scenario(async |context| {
        context
            .requires(&["createRepositoryImmutabilityPolicy"])
            .await?;
        let (_, repository) = context.organization_with_repository().await?;
        let (digest, other) = (
            context.push(&repository, "stable").await?,
            context.push(&repository, "other").await?,
        );
        let tag = repository.tag("stable")?;
        tag.update(UpdateTag::new().immutable(true)).await?;
        assert_error(
            tag.delete().await,
            409,
            ErrorKind::TagImmutable,
            "Cannot delete immutable tag 'stable'",
        );
        assert_error(
            tag.point_to(&other).await,
            409,
            ErrorKind::TagImmutable,
            "immutable tag 'stable'",
        );
        assert_eq!(
            tag.get_opt()
                .await?
                .and_then(|t| t.manifest_digest)
                .as_ref(),
            Some(&digest)
        );
        tag.update(UpdateTag::new().immutable(false)).await?;
        tag.delete().await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn filters_tags_by_name() {
    scenario(async |context| {
        context
            .requires_release("3.9", "it ignores filters of tags")
            .await?;
        let (_, repository) = context.organization_with_repository().await?;
        let digest = context.push(&repository, "v1.0").await?;
        for name in ["v1.1", "v2.0", "other", "v1_1", "V1"] {
            repository.tag(name)?.point_to(&digest).await?;
        }
        let names = async |text: &str| -> Result<Vec<String>> {
            let mut names: Vec<_> = repository
                .tags()
                .list()
                .active()
                .name_contains(text)
                .await?
                .into_iter()
                .map(|t| t.name)
                .collect();
            names.sort();
            Ok(names)
        };
        assert_eq!(names("v1").await?, ["v1.0", "v1.1", "v1_1"]);
        assert_eq!(names("v1_1").await?, ["v1_1"]);
        assert_eq!(names("nothing").await?, Vec::<String>::new());
        let named = repository.tags().list().named("v1.1").await?;
        assert_eq!(named.len(), 1);
        for text in ["", "v1*"] {
            let refused = repository.tags().list().name_contains(text).await;
            assert!(refused.is_err_and(|e| e.kind() == ErrorKind::InvalidInput));
        }
        Ok(())
    })
    .await;
}
