//! The images of an index, and the security reports of all of them.

use super::{acme, error_of};
use quay_api::api::ManifestHandle;
use quay_api::testing::seed::VulnerabilitySeed;
use quay_api::testing::seed::{PackageSeed, RepositorySeed, ScanSeed, Seed, TagSeed};
use quay_api::testing::{ErrorResponse, Response, Sandbox};
use quay_api::types::{Digest, ManifestDocument, ScanStatus, SecurityReport, Severity};
use quay_api::{ErrorKind, Result};
use serde_json::json;

/// Returns the manifest of the tag `v1` of `acme/web`.
async fn manifest(sandbox: &Sandbox) -> Result<ManifestHandle> {
    let web = sandbox.quay().repository("acme/web")?;
    let tag = web.tag("v1")?.get_opt().await?;
    web.manifest(Digest::try_from(&tag.and_then(|t| t.manifest_digest))?)
}

async fn index_of(platforms: u8) -> Result<Sandbox> {
    let sandbox = Sandbox::start().await?;
    let scan = ScanSeed::done().package(
        PackageSeed::new("openssl", "3.0.11")
            .vulnerability(VulnerabilitySeed::new("CVE-1", Severity::High).fixed_by("3.0.12"))
            .vulnerability(VulnerabilitySeed::new("CVE-2", Severity::Low)),
    );
    let tag = TagSeed::new("v1", 4000).platforms(platforms).scan(scan);
    let web = RepositorySeed::new("acme/web").tag(tag);
    sandbox.seed(&Seed::new().organization("acme").repository(web))?;
    Ok(sandbox)
}

#[tokio::test]
async fn reads_the_report_of_each_image_of_an_index() -> Result<()> {
    let sandbox = index_of(3).await?;
    let manifest = manifest(&sandbox).await?;
    // The index itself has no report.
    assert_eq!(manifest.security().await?.status, ScanStatus::Unsupported);
    let scanned = manifest.security_of_images().await?;
    let platforms: Vec<_> = scanned
        .iter()
        .filter_map(|s| s.image.platform.as_ref().map(ToString::to_string))
        .collect();
    assert_eq!(platforms, ["linux/amd64", "linux/arm64", "linux/ppc64le"]);
    for image in scanned {
        let report = image.report?;
        let found: Vec<_> = report
            .vulnerabilities()
            .map(|v| {
                (
                    v.package.name.as_str(),
                    v.name(),
                    v.severity(),
                    v.fixed_version(),
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                ("openssl", "CVE-1", Severity::High, Some("3.0.12")),
                ("openssl", "CVE-2", Severity::Low, None),
            ]
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_single_image_is_its_own_only_one() -> Result<()> {
    let sandbox = acme().await?;
    let manifest = manifest(&sandbox).await?;
    let images = manifest.images().await?;
    assert_eq!(images.len(), 1);
    assert_eq!(&images[0].digest, manifest.digest());
    let scanned = manifest.security_of_images().await?;
    assert!(scanned.len() == 1 && scanned[0].report.is_ok());
    let ManifestDocument::Image(image) = manifest.get().await?.parsed()? else {
        panic!("not an image");
    };
    assert_eq!(image.layers_size().bytes(), 1000);
    Ok(())
}

#[tokio::test]
async fn one_report_that_fails_hides_no_other() -> Result<()> {
    let sandbox = index_of(4).await?;
    let manifest = manifest(&sandbox).await?;
    let second = manifest.images().await?[1].digest.clone();
    sandbox.respond_with("getRepoManifestSecurity", move |request| {
        match request.path.contains(second.as_str()) {
            true => ErrorResponse::NotFound.into(),
            false => Response::json(200, &json!({"status": "queued", "data": null})),
        }
    });
    let scanned = manifest.security_of_images().await?;
    let outcomes: Vec<_> = scanned
        .into_iter()
        .map(|image| image.report.map(|r| r.status).map_err(|e| e.kind()))
        .collect();
    assert_eq!(
        outcomes,
        [
            Ok(ScanStatus::Queued),
            Err(ErrorKind::NotFound),
            Ok(ScanStatus::Queued),
            Ok(ScanStatus::Queued),
        ]
    );
    // The manifest itself is needed.
    sandbox
        .fail("getRepoManifest")
        .times(1)
        .respond(ErrorResponse::NotFound);
    assert_eq!(error_of(manifest.images().await).0, ErrorKind::NotFound);
    Ok(())
}

#[tokio::test]
async fn an_index_within_an_index_is_read_once_and_what_is_no_digest_fails_alone() -> Result<()> {
    let sandbox = index_of(2).await?;
    let manifest = manifest(&sandbox).await?;
    let children: Vec<Digest> = manifest
        .images()
        .await?
        .into_iter()
        .map(|i| i.digest)
        .collect();
    let [first, second] = &children[..] else {
        panic!("not two images");
    };
    let nested: Digest = format!("sha256:{}", "e".repeat(64)).parse()?;
    let index_type = "application/vnd.oci.image.index.v1+json";
    let itself = manifest.digest().to_string();
    let respond = {
        let (first, second, nested) = (first.to_string(), second.to_string(), nested.to_string());
        move |request: &quay_api::testing::RecordedRequest| {
            let index = |rows: serde_json::Value| {
                json!({"mediaType": index_type, "manifests": rows}).to_string()
            };
            let document = match request.path.contains(&nested) {
                // It lists the outer one, too.
                true => index(json!([
                    {"digest": first},
                    {"digest": itself, "mediaType": index_type},
                    {"digest": second},
                ])),
                false => index(json!([
                    {"digest": nested, "mediaType": index_type},
                    {"digest": "no digest"},
                    {"digest": nested, "mediaType": index_type},
                ])),
            };
            Response::json(200, &json!({"digest": "x", "manifest_data": document}))
        }
    };
    sandbox.respond_with("getRepoManifest", respond);
    let scanned = manifest.security_of_images().await?;
    let images: Vec<&str> = scanned.iter().map(|s| s.image.digest.as_str()).collect();
    assert_eq!(images, [first.as_str(), second.as_str(), "no digest"]);
    let are_read: Vec<bool> = scanned.iter().map(|s| s.report.is_ok()).collect();
    assert_eq!(are_read, [true, true, false]);
    Ok(())
}

#[test]
fn counts_severities_and_takes_an_empty_version_for_none() -> serde_json::Result<()> {
    let found = |name: &str, severity: &str, fixed_by: serde_json::Value| json!({"Name": name, "Severity": severity, "FixedBy": fixed_by});
    let report: SecurityReport = serde_json::from_value(json!({
        "status": "scanned",
        "data": {"Layer": {"Features": [
            {"Name": "a", "Version": "1", "Vulnerabilities": [
                found("CVE-1", "High", json!("")), found("CVE-2", "High", json!(" ")),
                found("CVE-3", "Critical", json!("2")), {"Name": "CVE-4"},
            ]},
            {"Name": "b"},
            {"Name": "c", "Vulnerabilities": [found("CVE-1", "Weird", json!(null))]},
        ]}},
    }))?;
    assert_eq!(report.packages().count(), 3);
    let counts = report.severity_counts();
    let worst_first: Vec<_> = counts.iter().rev().map(|(s, n)| (s.as_str(), *n)).collect();
    assert_eq!(
        worst_first,
        [("Critical", 1), ("High", 2), ("Unknown", 1), ("Weird", 1)]
    );
    let fixed: Vec<_> = report
        .vulnerabilities()
        .filter_map(|v| v.fixed_version())
        .collect();
    assert_eq!(fixed, ["2"]);
    let queued: SecurityReport = serde_json::from_value(json!({"status": "queued"}))?;
    assert_eq!(queued.vulnerabilities().count(), 0);
    assert!(queued.severity_counts().is_empty());
    Ok(())
}

#[tokio::test]
async fn a_push_replaces_the_tag_at_any_moment() -> Result<()> {
    let sandbox = index_of(1).await?;
    // Some of these pushes happen at the end of a millisecond.
    for size in 1..=500 {
        sandbox.push("acme/web", &TagSeed::new("v1", size))?;
    }
    let repository = sandbox.quay().repository("acme/web")?;
    assert_eq!(repository.tags().list().active().await?.len(), 1);
    Ok(())
}
