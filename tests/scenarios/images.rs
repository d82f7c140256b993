//! The content of manifests as types.

use crate::context::scenario;
use quay_api::types::ManifestDocument;

#[tokio::test]
async fn manifest_of_a_pushed_image_has_its_layers() {
    scenario(async |context| {
        let (_, repository) = context.organization_with_repository().await?;
        let digest = context.push(&repository, "latest").await?;
        let handle = repository.manifest(&digest)?;
        let manifest = handle.get().await?;
        let ManifestDocument::Image(image) = manifest.parsed()? else {
            panic!("not an image");
        };
        assert!(image.is_image());
        // The server lists the same layers in the same order.
        let listed = manifest.layers.unwrap_or_default();
        let listed = listed.into_iter().filter_map(|layer| layer.blob_digest);
        let parsed = image.layers.iter().map(|layer| layer.digest.clone());
        assert!(parsed.eq(listed));
        if let Some(size) = manifest.layers_compressed_size {
            assert_eq!(image.layers_size(), size);
        }
        let images = handle.images().await?;
        assert_eq!(images.len(), 1);
        assert_eq!(images[0].digest, digest);
        Ok(())
    })
    .await;
}
