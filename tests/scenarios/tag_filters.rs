//! The filter of the tag list, as the server interprets it.

use crate::context::{TestContext, TestResult, assert_status, scenario};
use quay_api::Result;
use quay_api::api::RepositoryHandle;

/// A repository with five tags.
async fn repository(context: &TestContext) -> TestResult<RepositoryHandle> {
    let (_, repository) = context.organization_with_repository().await?;
    let digest = context.push(&repository, "v1.0").await?;
    for name in ["v1_0", "V1.1", "other"] {
        repository.tag(name)?.point_to(&digest).await?;
    }
    Ok(repository)
}

/// The names of the tags that a filter lists, sorted.
async fn names(
    context: &TestContext,
    repository: &RepositoryHandle,
    filter: &str,
) -> Result<Vec<String>> {
    let path = format!("/repository/{}/tag/", repository.name());
    let query = [("onlyActiveTags", "true"), ("filter_tag_name", filter)];
    let page = context.raw("GET", path, &query, None).await?;
    let tags = page.map(|page| page["tags"].clone()).unwrap_or_default();
    let mut names: Vec<String> = tags
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|tag| tag["name"].as_str().map(str::to_owned))
        .collect();
    names.sort();
    Ok(names)
}

#[tokio::test]
async fn like_ignores_case_and_accepts_wildcards() {
    scenario(async |context| {
        context
            .requires_release("3.9", "it ignores filters of tags")
            .await?;
        let repository = repository(context).await?;
        for (filter, expected) in [
            ("like:V1", &["V1.1", "v1.0", "v1_0"][..]),
            ("like:v1_0", &["v1.0", "v1_0"]),
            ("like:v%0", &["v1.0", "v1_0"]),
            ("like:\\_", &["v1_0"]),
            ("like:", &["V1.1", "other", "v1.0", "v1_0"]),
        ] {
            assert_eq!(
                names(context, &repository, filter).await?,
                expected,
                "{filter}"
            );
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn equals_is_case_sensitive_and_accepts_no_wildcards() {
    scenario(async |context| {
        context
            .requires_release("3.9", "it ignores filters of tags")
            .await?;
        let repository = repository(context).await?;
        assert_eq!(names(context, &repository, "eq:v1_0").await?, ["v1_0"]);
        assert_eq!(names(context, &repository, "eq:v1.1").await?, [""; 0]);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn unknown_filter_operation_lists_every_tag() {
    scenario(async |context| {
        context
            .requires_release("3.9", "it ignores filters of tags")
            .await?;
        let repository = repository(context).await?;
        for filter in ["glob:v1*", "regex:^v1", "LIKE:v1", ":v1", ""] {
            let listed = names(context, &repository, filter).await?;
            assert_eq!(listed.len(), 4, "{filter:?}: {listed:?}");
        }
        let refused = names(context, &repository, "v1").await;
        assert_status(refused, 400, "Unsupported syntax for filter_tag_name");
        Ok(())
    })
    .await;
}
