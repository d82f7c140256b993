//! Manifests as types: those that registries store, and invalid ones.

use quay_api::types::{ByteSize, Digest, Manifest, ManifestDocument, Platform};
use quay_api::{ErrorKind, Result};
use serde_json::{Value, json};

fn digest(digit: char) -> String {
    format!("sha256:{}", digit.to_string().repeat(64))
}

fn parse_text(text: &str) -> Result<ManifestDocument> {
    let manifest = json!({"digest": digest('0'), "manifest_data": text});
    let manifest: Manifest = serde_json::from_value(manifest).expect("a manifest");
    manifest.parsed()
}

fn parse(document: &Value) -> Result<ManifestDocument> {
    parse_text(&document.to_string())
}

fn entry(digit: char, platform: Value) -> Value {
    json!({
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "digest": digest(digit), "size": 424, "platform": platform,
    })
}

#[test]
fn reads_an_index_with_its_platforms_and_without_attestations() -> Result<()> {
    let mut attestation = entry('c', json!({"os": "unknown", "architecture": "unknown"}));
    attestation["annotations"] = json!({
        "vnd.docker.reference.type": "attestation-manifest",
        "vnd.docker.reference.digest": digest('a'),
    });
    let windows = json!({
        "os": "windows", "architecture": "amd64", "os.version": "10.0.20348.2113",
        "os.features": ["win32k"],
    });
    let manifests = json!([
        entry('a', json!({"os": "linux", "architecture": "amd64"})),
        entry(
            'b',
            json!({"os": "linux", "architecture": "arm64", "variant": "v8"})
        ),
        attestation,
        entry('d', windows),
        entry('e', Value::Null),
    ]);
    for media_type in [
        json!("application/vnd.oci.image.index.v1+json"),
        json!("application/vnd.docker.distribution.manifest.list.v2+json"),
        Value::Null,
    ] {
        let document = json!({
            "schemaVersion": 2, "mediaType": media_type, "manifests": manifests,
            "annotations": {"team": "web"}, "unknown": [1],
        });
        let document = parse(&document)?;
        let index = document.as_index().expect("an index");
        assert_eq!(
            (index.manifests.len(), document.media_type()),
            (5, media_type.as_str())
        );
        let images: Vec<_> = index
            .images()
            .map(|image| (image.digest.encoded().get(..1), image.platform.as_ref()))
            .map(|(digest, platform)| (digest, platform.map(ToString::to_string)))
            .collect();
        let platform = |text: &str| Some(text.to_owned());
        assert_eq!(
            images,
            [
                (Some("a"), platform("linux/amd64")),
                (Some("b"), platform("linux/arm64/v8")),
                (Some("d"), platform("windows/amd64")),
                (Some("e"), None),
            ]
        );
        let windows = index.manifests.get(3).and_then(|m| m.platform.as_ref());
        let details = |p: &Platform| (p.os_version.clone(), p.os_features.clone());
        assert_eq!(
            windows.map(details),
            Some((platform("10.0.20348.2113"), Some(vec!["win32k".to_owned()])))
        );
        assert_eq!(index.annotations.as_ref().map(|a| a.len()), Some(1));
    }
    Ok(())
}

#[test]
fn reads_an_image_with_its_configuration_and_layers() -> Result<()> {
    for (manifest, config) in [
        (
            Some("application/vnd.oci.image.manifest.v1+json"),
            "application/vnd.oci.image.config.v1+json",
        ),
        (
            Some("application/vnd.docker.distribution.manifest.v2+json"),
            "application/vnd.docker.container.image.v1+json",
        ),
        (None, "application/vnd.oci.image.config.v1+json"),
    ] {
        let mut document = json!({
            "schemaVersion": 2,
            "config": {"mediaType": config, "digest": digest('c'), "size": 1470},
            "layers": [
                {"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",
                 "digest": digest('1'), "size": 1000},
                {"mediaType": "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
                 "digest": digest('2'), "size": 24, "urls": ["https://example.com/layer"]},
            ],
            "subject": null,
        });
        if let Some(manifest) = manifest {
            document["mediaType"] = manifest.into();
        }
        let document = parse(&document)?;
        let image = document.as_image().expect("an image");
        assert!(image.is_image());
        assert_eq!(image.config_digest(), &digest('c').parse::<Digest>()?);
        assert_eq!(image.layers_size(), ByteSize::new(1024));
        assert_eq!(image.layers[1].urls.as_ref().map(Vec::len), Some(1));
    }
    Ok(())
}

#[test]
fn tolerates_artifacts_and_old_and_unknown_kinds() -> Result<()> {
    let artifacts = [
        // A chart, a signature of cosign, and an artifact of OCI 1.1 without layers.
        json!({"schemaVersion": 2, "layers": [],
            "config": {"mediaType": "application/vnd.cncf.helm.config.v1+json", "digest": digest('a'), "size": 2}}),
        json!({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "artifactType": "application/vnd.dev.cosign.artifact.sig.v1+json",
            "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": digest('a'), "size": 2},
            "layers": [], "subject": {"digest": digest('b'), "size": 7, "mediaType": "x/y"}}),
        json!({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": {"mediaType": "application/vnd.oci.empty.v1+json", "digest": digest('a'), "size": 2, "data": "e30="},
            "layers": null}),
    ];
    for artifact in &artifacts {
        let document = parse(artifact)?;
        assert!(
            document.as_image().is_some_and(|image| !image.is_image()),
            "{artifact}"
        );
    }
    let signed = json!({
        "schemaVersion": 1, "name": "acme/web", "tag": "v1", "architecture": "amd64",
        "fsLayers": [{"blobSum": digest('a')}, {"blobSum": digest('a')}],
        "history": [{"v1Compatibility": "{}"}, {"v1Compatibility": "{}"}],
        "signatures": [{"header": {}, "signature": "x", "protected": "y"}],
    });
    let ManifestDocument::Signed(signed) = parse(&signed)? else {
        panic!("not in schema 1");
    };
    assert_eq!(signed.fs_layers.len(), 2);
    let unknown = json!({"mediaType": "application/vnd.example.new.v9+json", "manifests": 7});
    let ManifestDocument::Other(other) = parse(&unknown)? else {
        panic!("not unknown");
    };
    assert_eq!(other.kind(), "application/vnd.example.new.v9+json");
    assert!(matches!(parse(&json!({}))?, ManifestDocument::Other(_)));
    Ok(())
}

#[test]
fn malformed_documents_are_errors_that_show_no_values() {
    let secret = "hunter2";
    for text in [
        String::new(),
        "null".into(),
        "[]".into(),
        "7".into(),
        secret.into(),
        format!("\"{secret}\""),
        format!("<html>{secret}</html>"),
        format!(r#"{{"manifests": "{secret}"}}"#),
        format!(r#"{{"manifests": [{{"digest": 7, "x": "{secret}"}}]}}"#),
        format!(r#"{{"manifests": [{{"annotations": {{"a": "{secret}"}}}}]}}"#),
        format!(r#"{{"config": "{secret}", "layers": []}}"#),
        format!(r#"{{"config": {{"size": "{secret}"}}, "layers": []}}"#),
        format!(r#"{{"fsLayers": [{{"blobSum": ["{secret}"]}}]}}"#),
        format!(r#"{{"config": {{}}, "annotations": {{"a": "{secret}"#),
        format!(r#"{{"manifests": []}} {secret}"#),
        "[".repeat(100_000),
    ] {
        let shown: String = text.chars().take(60).collect();
        let error = parse_text(&text).expect_err(&shown);
        assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{shown}");
        assert!(
            error.message().starts_with("the content of the manifest"),
            "{error}"
        );
        assert!(!format!("{error} {error:?}").contains(secret), "{error:?}");
    }
    let missing: Manifest =
        serde_json::from_value(json!({"digest": digest('0')})).expect("a manifest");
    assert!(missing.parsed().is_err());
    let error = parse_text(r#"{"manifests": [{"size": 1}]}"#).expect_err("no digest");
    assert!(error.message().contains("digest"), "{error}");
    assert_eq!(error.json_path(), Some("manifests[0]"));
}

/// Recorded responses of Quay servers.
const RECORDED: [&str; 4] = [
    include_str!("manifests/docker.json"),
    include_str!("manifests/helm.json"),
    include_str!("manifests/image.json"),
    include_str!("manifests/index.json"),
];

#[test]
fn recorded_manifests_are_read_with_nothing_lost() -> Result<()> {
    let media_type = "application/vnd.oci.image.index.v1+json";
    for text in RECORDED {
        let written = match parse_text(text)? {
            ManifestDocument::Image(image) => serde_json::to_value(image),
            ManifestDocument::Index(index) => {
                assert_eq!(index.media_type.as_deref(), Some(media_type));
                assert!(index.images().all(|image| image.platform.is_some()));
                serde_json::to_value(index)
            }
            other => panic!("{other:?}"),
        };
        let expected: Value = serde_json::from_str(text).expect("JSON");
        assert_eq!(written.expect("JSON"), expected);
    }
    Ok(())
}
