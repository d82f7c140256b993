//! Tags that are pushed again while an example deletes old tags.

use super::interrupts::start_deleting;
use super::{Result, folder, shop, tags};
use quay_api::testing::seed::TagSeed;
use std::fs;
use std::time::Duration;

/// Runs an example, pushes to its last tag during its first deletions, and returns its output.
async fn push_meanwhile(name: &str, arguments: &[&str], rules: &str) -> Result<String> {
    let (sandbox, folder) = (shop().await?, folder(name)?);
    fs::write(folder.join("shop.toml"), rules)?;
    // As many deletions as the example makes concurrently: the last tag comes later.
    let slow = sandbox.fail("deleteFullTag").late().times(4);
    slow.delay(Duration::from_secs(3));
    let (_, waiting) = start_deleting(&sandbox, name, arguments, &folder).await?;
    sandbox.push("shop/web", &TagSeed::new("v01", 77))?;
    let output = waiting.await??;
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    // The newest three are kept, and the tag that was pushed again.
    let left = tags(&sandbox, "shop/web").await?;
    assert_eq!(left, ["v01", "v10", "v11", "v12"]);
    assert_eq!(sandbox.requests_of("deleteFullTag").len(), 8);
    Ok(String::from_utf8(output.stdout)?)
}

#[tokio::test]
async fn prune_tags_keeps_a_tag_that_is_pushed_again() -> Result {
    let arguments = ["shop/web", "--keep", "3", "--apply"];
    let printed = push_meanwhile("prune_tags", &arguments, "").await?;
    assert!(
        printed.contains("8 tags deleted, 1 skipped, 0 failed"),
        "{printed}"
    );
    Ok(())
}

#[tokio::test]
async fn registry_janitor_keeps_a_tag_that_is_pushed_again() -> Result {
    let rules = r#"
        organization = "shop"
        [[prune]]
        repositories = "^web$"
        tags = "^v"
        keep = 3
        older_than = "1d"
    "#;
    let arguments = ["shop.toml", "--apply"];
    let printed = push_meanwhile("registry_janitor", &arguments, rules).await?;
    assert!(printed.contains("kept: it was pushed again"), "{printed}");
    Ok(())
}
