//! Manifests, labels, reports of scans, and how often images were pulled.

use super::{acme, assert_error, error_of};
use quay_api::api::GetSecurity;
use quay_api::testing::Sandbox;
use quay_api::testing::seed::{
    LogEntrySeed, OrganizationSeed, PackageSeed, RepositorySeed, ScanSeed, Seed, TagSeed,
    VulnerabilitySeed,
};
use quay_api::types::{
    ByteSize, CreateLabel, Digest, LabelMediaType, RepositoryState, ScanStatus, SecurityReport,
    Severity,
};
use quay_api::{ErrorKind, Quay, Result};
use std::time::Duration;

/// Returns the digest of a tag.
async fn digest(quay: &Quay, repository: &str, tag: &str) -> Result<Digest> {
    let found = quay.repository(repository)?.tag(tag)?.get_opt().await?;
    Ok(Digest::try_from(&found.and_then(|t| t.manifest_digest))?)
}

#[tokio::test]
async fn reads_the_manifests_of_an_index() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let tag = TagSeed::new("v1", 4000).platforms(2).label("version", "1");
    sandbox.seed(
        &Seed::new()
            .organization("acme")
            .repository(RepositorySeed::new("acme/web").tag(tag)),
    )?;
    let web = sandbox.quay().repository("acme/web")?;
    let index = web
        .manifest(&digest(sandbox.quay(), "acme/web", "v1").await?)?
        .get()
        .await?;
    assert_eq!((index.is_manifest_list, index.layers), (Some(true), None));
    let document: serde_json::Value =
        serde_json::from_str(&index.manifest_data.unwrap_or_default()).unwrap_or_default();
    let child: Digest = document["manifests"][1]["digest"]
        .as_str()
        .unwrap_or_default()
        .parse()?;
    let image = web.manifest(&child)?.get().await?;
    assert_eq!(
        (
            image.is_manifest_list,
            image.layers.map(|l| l.len()),
            image.layers_compressed_size
        ),
        (Some(false), Some(3), Some(ByteSize::new(2000)))
    );
    assert_eq!(web.manifest(&child)?.labels().list().await?[0].value, "1");
    // A manifest without a tag no longer exists.
    web.tag("v1")?.delete().await?;
    assert_error(
        web.manifest(&child)?.get().await,
        ErrorKind::NotFound,
        404,
        "Not Found",
    );
    Ok(())
}

#[tokio::test]
async fn adds_and_deletes_labels_as_quay_does() -> Result<()> {
    let sandbox = acme().await?;
    let web = sandbox.quay().repository("acme/web")?;
    let digest = digest(sandbox.quay(), "acme/web", "v1").await?;
    let manifest = web.manifest(&digest)?;
    let labels = manifest.labels();
    let team = labels
        .create(CreateLabel::new("team", "core", LabelMediaType::TextPlain))
        .await?;
    // A label without a type gets that of its value.
    let guessed = labels
        .create(CreateLabel::new("limits", "{\"cpu\": 2}", None))
        .await?;
    assert_eq!(guessed.media_type, Some(LabelMediaType::ApplicationJson));
    assert_eq!(manifest.label(&team.id)?.get().await?, team);
    assert_eq!(labels.list().await?.len(), 2);
    let reserved = labels
        .create(CreateLabel::new("quay.expires-after", "2d", None))
        .await;
    assert_eq!(
        error_of(reserved),
        (
            ErrorKind::InvalidRequest,
            Some(400),
            "Label has a reserved prefix".into()
        )
    );
    assert!(
        error_of(labels.create(CreateLabel::new("A B", "x", None)).await)
            .2
            .starts_with("Label is of an invalid format")
    );
    manifest.label(&team.id)?.delete().await?;
    assert!(!manifest.label(&team.id)?.delete_if_exists().await?);
    web.set_state(RepositoryState::ReadOnly).await?;
    assert_eq!(
        error_of(manifest.label(&guessed.id)?.delete().await).0,
        ErrorKind::RepositoryReadOnly
    );
    Ok(())
}

fn found(report: &SecurityReport) -> Vec<(String, Option<Severity>, Option<String>)> {
    let features = report
        .data
        .iter()
        .filter_map(|d| d.layer.as_ref())
        .flat_map(|l| l.features.iter().flatten());
    let vulnerabilities = features.flat_map(|f| f.vulnerabilities.iter().flatten());
    vulnerabilities
        .map(|v| (v.name.clone(), v.severity.clone(), v.fixed_by.clone()))
        .collect()
}

#[tokio::test]
async fn returns_seeded_scans_and_completes_queued_ones() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let openssl = || {
        let vulnerability =
            VulnerabilitySeed::new("CVE-2023-5363", Severity::High).fixed_by("3.0.12");
        PackageSeed::new("openssl", "3.0.11").vulnerability(vulnerability)
    };
    let repository = RepositorySeed::new("acme/web")
        .tag(
            TagSeed::new("done", 10).scan(
                ScanSeed::done()
                    .package(openssl())
                    .package(PackageSeed::new("bash", "5.2")),
            ),
        )
        .tag(TagSeed::new("queued", 10).scan(ScanSeed::queued().package(openssl())))
        .tag(TagSeed::new("slow", 10).scan(ScanSeed::queued()))
        .tag(TagSeed::new("odd", 10).scan(ScanSeed::done().status(ScanStatus::Unsupported)))
        .tag(TagSeed::new("plain", 10));
    sandbox.seed(&Seed::new().organization("acme").repository(repository))?;
    let web = sandbox.quay().repository("acme/web")?;
    let of = async |tag: &str| -> Result<SecurityReport> {
        web.manifest(&digest(sandbox.quay(), "acme/web", tag).await?)?
            .security()
            .await
    };
    let high = vec![(
        "CVE-2023-5363".to_owned(),
        Some(Severity::High),
        Some("3.0.12".to_owned()),
    )];
    assert_eq!(found(&of("done").await?), high);
    let without = web
        .manifest(&digest(sandbox.quay(), "acme/web", "done").await?)?
        .security_with(GetSecurity::new().without_vulnerabilities())
        .await?;
    assert_eq!(
        (without.status.clone(), found(&without)),
        (ScanStatus::Scanned, Vec::new())
    );
    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.push(of("queued").await?);
    }
    assert_eq!(
        seen.iter().map(|r| r.status.clone()).collect::<Vec<_>>(),
        [ScanStatus::Queued, ScanStatus::Queued, ScanStatus::Scanned]
    );
    assert_eq!((seen[0].data.is_some(), found(&seen[2])), (false, high));
    sandbox.clock().advance(Duration::from_secs(120));
    assert_eq!(of("slow").await?.status, ScanStatus::Scanned);
    assert_eq!(of("odd").await?.status, ScanStatus::Unsupported);
    assert_eq!(
        (of("plain").await?.status, found(&of("plain").await?)),
        (ScanStatus::Scanned, Vec::new())
    );
    Ok(())
}

#[tokio::test]
async fn counts_pulls_from_the_logs() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let pull = |tag: &str| {
        let mut entry = LogEntrySeed::new("pull_repo", "acme").repository("web");
        entry.metadata = Some(serde_json::json!({"tag": tag}));
        entry
    };
    let repository = RepositorySeed::new("acme/web")
        .tag(TagSeed::new("v1", 10).image("a"))
        .tag(TagSeed::new("latest", 10).image("a"));
    let seed = Seed::new()
        .organization(OrganizationSeed::new("acme"))
        .repository(repository)
        .log(pull("v1"))
        .log(pull("v1"))
        .log(pull("latest"));
    sandbox.seed(&seed)?;
    let web = sandbox.quay().repository("acme/web")?;
    let statistics = web.tag("v1")?.pull_statistics().await?;
    assert_eq!(
        (
            statistics.tag_pull_count,
            statistics.manifest_pull_count,
            statistics.last_tag_pull_date.is_some()
        ),
        (2, 3, true)
    );
    let manifest = web.manifest(&digest(sandbox.quay(), "acme/web", "v1").await?)?;
    assert_eq!(manifest.pull_statistics().await?.manifest_pull_count, 3);
    assert_error(
        web.tag("none")?.pull_statistics().await,
        ErrorKind::NotFound,
        404,
        "Not Found",
    );
    Ok(())
}

#[tokio::test]
async fn demo_has_security_reports() -> Result<()> {
    let sandbox = Sandbox::demo().await?;
    let mut severities = std::collections::BTreeSet::new();
    for name in ["acme/web", "acme/api", "acme/billing", "globex/telemetry"] {
        let manifest = sandbox
            .quay()
            .repository(name)?
            .manifest(&digest(sandbox.quay(), name, "latest").await?)?;
        severities.extend(
            found(&manifest.security().await?)
                .into_iter()
                .filter_map(|(_, severity, _)| severity.map(|s| s.to_string())),
        );
    }
    assert!(severities.len() >= 4, "{severities:?}");
    let gateway = sandbox
        .quay()
        .repository("globex/gateway")?
        .manifest(&digest(sandbox.quay(), "globex/gateway", "latest").await?)?;
    assert_eq!(gateway.security().await?.status, ScanStatus::Queued);
    Ok(())
}
