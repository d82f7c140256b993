//! Manifests and their labels.

use crate::context::{assert_error, scenario};
use quay_api::ErrorKind;
use quay_api::types::{CreateLabel, LabelMediaType, LabelSource};

#[tokio::test]
async fn reads_a_manifest() {
    scenario(async |context| {
        let (_, repository) = context.organization_with_repository().await?;
        let digest = context.push(&repository, "latest").await?;
        let manifest = repository.manifest(&digest)?.get().await?;
        assert_eq!(
            (manifest.digest.as_str(), manifest.is_manifest_list),
            (digest.as_str(), Some(false))
        );
        let data: serde_json::Value =
            serde_json::from_str(&manifest.manifest_data.unwrap_or_default()).expect("JSON");
        assert_eq!(data["schemaVersion"], 2);
        let layers = manifest.layers.unwrap_or_default();
        assert_eq!(layers.len(), data["layers"].as_array().map_or(0, Vec::len));
        assert!(layers.iter().all(|l| l.blob_digest.is_some()));
        assert_eq!(
            manifest.layers_compressed_size.is_some(),
            context.is_since("3.11").await?
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn missing_manifest_is_not_found() {
    scenario(async |context| {
        let (_, repository) = context.organization_with_repository().await?;
        let manifest = repository.manifest(format!("sha256:{}", "0".repeat(64)))?;
        assert_error(manifest.get().await, 404, ErrorKind::NotFound, "Not Found");
        assert_eq!(manifest.get_opt().await?, None);
        assert_error(
            manifest.labels().list().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        let label = CreateLabel::new("key", "value", LabelMediaType::TextPlain);
        assert_error(
            manifest.labels().create(label).await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn adds_reads_and_deletes_a_label() {
    scenario(async |context| {
        let (_, repository) = context.organization_with_repository().await?;
        let manifest = repository.manifest(context.push(&repository, "latest").await?)?;
        let labels = manifest.labels();
        let before = labels.list().await?;
        let added = labels
            .create(CreateLabel::new(
                "team",
                "platform",
                LabelMediaType::TextPlain,
            ))
            .await?;
        assert_eq!(
            (added.key.as_str(), added.value.as_str()),
            ("team", "platform")
        );
        assert_eq!(
            (&added.source_type, &added.media_type),
            (&Some(LabelSource::Api), &Some(LabelMediaType::TextPlain))
        );
        assert_eq!(manifest.label(&added.id)?.get().await?, added);
        let listed = labels.list().await?;
        assert_eq!(listed.len(), before.len() + 1);
        assert!(listed.contains(&added));
        manifest.label(&added.id)?.delete().await?;
        assert_eq!(labels.list().await?, before);
        assert_error(
            manifest.label(&added.id)?.get().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        assert_eq!(manifest.label(&added.id)?.get_opt().await?, None);
        assert_error(
            manifest.label(&added.id)?.delete().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        assert!(!manifest.label(&added.id)?.delete_if_exists().await?);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn refuses_reserved_and_invalid_labels() {
    scenario(async |context| {
        let (_, repository) = context.organization_with_repository().await?;
        let manifest = repository.manifest(context.push(&repository, "latest").await?)?;
        let labels = manifest.labels();
        let add = async |key: &str, value: &str| {
            labels
                .create(CreateLabel::new(key, value, LabelMediaType::TextPlain))
                .await
        };
        assert_error(
            add("com.docker.x", "1").await,
            400,
            ErrorKind::InvalidRequest,
            "Label has a reserved prefix",
        );
        assert_error(
            add("quay.expires-after", "2d").await,
            400,
            ErrorKind::InvalidRequest,
            "Label has a reserved prefix",
        );
        assert_error(
            add("bad key", "1").await,
            400,
            ErrorKind::InvalidRequest,
            "Label is of an invalid format",
        );
        let kind = LabelMediaType::from("text/html");
        let html = labels.create(CreateLabel::new("key", "value", kind)).await;
        assert_error(html, 400, ErrorKind::InvalidRequest, "");
        let data = labels
            .create(CreateLabel::new(
                "data",
                "{\"a\":1}",
                LabelMediaType::ApplicationJson,
            ))
            .await?;
        assert_eq!(data.media_type, Some(LabelMediaType::ApplicationJson));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn counts_pulls() {
    scenario(async |context| {
        context
            .requires(&["getTagPullStatistics", "getManifestPullStatistics"])
            .await?;
        let (_, repository) = context.organization_with_repository().await?;
        let digest = context.push(&repository, "latest").await?;
        let of_tag = repository.tag("latest")?.pull_statistics().await?;
        assert_eq!(
            (of_tag.tag_name.as_str(), of_tag.tag_pull_count),
            ("latest", 0)
        );
        assert_eq!(of_tag.current_manifest_digest.as_ref(), Some(&digest));
        let of_manifest = repository.manifest(&digest)?.pull_statistics().await?;
        assert_eq!(
            (
                of_manifest.manifest_digest.as_str(),
                of_manifest.manifest_pull_count
            ),
            (digest.as_str(), 0)
        );
        assert_error(
            repository.tag("nosuch")?.pull_statistics().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        Ok(())
    })
    .await;
}
