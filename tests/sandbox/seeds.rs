//! Seeds, and the demo data.

use quay_api::Result;
use quay_api::testing::Sandbox;
use quay_api::testing::seed::{OrganizationSeed, Seed, TeamSeed};
use quay_api::types::TeamRole;

#[tokio::test]
async fn names_the_contradiction_of_a_seed() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    for (seed, what) in [
        (
            Seed::new().repository("acme/web"),
            "\"acme\", which does not exist",
        ),
        (
            Seed::new().user("alice").user("alice"),
            "already been taken",
        ),
        (
            Seed::new().organization(
                OrganizationSeed::new("o1")
                    .team(TeamSeed::new("devs", TeamRole::Member).member("zoe")),
            ),
            "\"zoe\"",
        ),
        (
            Seed::new().organization(OrganizationSeed::new("Bad Name")),
            "Invalid namespace",
        ),
    ] {
        let error = sandbox
            .seed(&seed)
            .err()
            .map(|e| e.message().to_owned())
            .unwrap_or_default();
        assert!(error.contains(what), "{error}");
    }
    assert!(
        Seed::from_json(r#"{"user": []}"#)
            .is_err_and(|e| e.message().contains("unknown field `user`"))
    );
    assert!(Sandbox::recorded().await?.seed(&Seed::new()).is_err());
    Ok(())
}

#[tokio::test]
async fn demo_has_many_tags_and_an_index() -> Result<()> {
    let sandbox = Sandbox::demo().await?;
    let quay = sandbox.quay();
    let mut tags = 0;
    for namespace in ["acme", "globex"] {
        for repository in quay.repositories().list().namespace(namespace).await? {
            tags += quay
                .repository(format!("{namespace}/{}", repository.name))?
                .tags()
                .list()
                .await?
                .len();
        }
    }
    assert!(tags > 300, "{tags}");
    let index = quay
        .repository("globex/firmware")?
        .tag("latest")?
        .get_opt()
        .await?;
    assert_eq!(index.map(|t| t.is_manifest_list), Some(Some(true)));
    Ok(())
}
