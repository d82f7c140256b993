//! Auto-prune policies.

use crate::context::{assert_error, assert_status, scenario};
use quay_api::ErrorKind;
use quay_api::types::{AutoPruneMethod, AutoPruneValue, SetAutoPrunePolicy};
use serde_json::json;

fn newest(count: i64) -> SetAutoPrunePolicy {
    SetAutoPrunePolicy::new(AutoPruneMethod::NumberOfTags, count)
}

#[tokio::test]
async fn creates_updates_and_deletes_a_policy_of_an_organization() {
    scenario(async |context| {
        context
            .requires(&["createOrganizationAutoPrunePolicy"])
            .await?;
        context
            .requires_release("3.13", "it ignores tag patterns")
            .await?;
        let organization = context.organization("org").await?;
        let policies = organization.autoprune_policies();
        assert_eq!(policies.list().await?, []);
        let id = policies.create(newest(10)).await?.uuid;
        let seen = organization.autoprune_policy(&id)?.get().await?;
        assert_eq!(
            (&seen.uuid, &seen.method),
            (&id, &AutoPruneMethod::NumberOfTags)
        );
        assert_eq!(seen.value, Some(AutoPruneValue::Count(10)));
        assert_eq!(
            (seen.tag_pattern.as_ref(), seen.tag_pattern_matches),
            (None, Some(true))
        );
        assert_eq!(policies.list().await?, [seen]);
        let aged = SetAutoPrunePolicy::new(AutoPruneMethod::CreationDate, "7d".to_owned())
            .tag_pattern("^dev-")
            .tag_pattern_matches(false);
        organization.autoprune_policy(&id)?.update(aged).await?;
        let seen = organization.autoprune_policy(&id)?.get().await?;
        assert_eq!(
            (seen.method, seen.value),
            (
                AutoPruneMethod::CreationDate,
                Some(AutoPruneValue::Age("7d".to_owned()))
            )
        );
        assert_eq!(
            (seen.tag_pattern.as_deref(), seen.tag_pattern_matches),
            (Some("^dev-"), Some(false))
        );
        organization.autoprune_policy(&id)?.delete().await?;
        assert_error(
            organization.autoprune_policy(&id)?.get().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        assert_eq!(organization.autoprune_policy(&id)?.get_opt().await?, None);
        assert_error(
            organization.autoprune_policy(&id)?.delete().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        assert!(
            !organization
                .autoprune_policy(&id)?
                .delete_if_exists()
                .await?
        );
        assert_error(
            organization.autoprune_policy(&id)?.update(newest(1)).await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn creates_updates_and_deletes_a_policy_of_a_repository() {
    scenario(async |context| {
        context
            .requires(&["createRepositoryAutoPrunePolicy"])
            .await?;
        context
            .requires_release("3.13", "it ignores tag patterns")
            .await?;
        let (organization, repository) = context.organization_with_repository().await?;
        let policies = repository.autoprune_policies();
        let id = policies
            .create(newest(5).tag_pattern("^nightly"))
            .await?
            .uuid;
        assert_eq!(policies.list().await?.len(), 1);
        assert_eq!(
            organization.autoprune_policies().list().await?,
            [],
            "the organization has no policy of the repository"
        );
        repository.autoprune_policy(&id)?.update(newest(6)).await?;
        assert_eq!(
            repository.autoprune_policy(&id)?.get().await?.value,
            Some(AutoPruneValue::Count(6))
        );
        repository.autoprune_policy(&id)?.delete().await?;
        assert_eq!(policies.list().await?, []);
        assert!(
            repository
                .autoprune_policy(&id)?
                .get()
                .await
                .is_err_and(|e| e.is_not_found())
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn refuses_a_duplicate_policy() {
    scenario(async |context| {
        context
            .requires_release("3.13", "a namespace has one policy")
            .await?;
        context
            .requires(&[
                "createOrganizationAutoPrunePolicy",
                "createRepositoryAutoPrunePolicy",
            ])
            .await?;
        let (organization, repository) = context.organization_with_repository().await?;
        organization.autoprune_policies().create(newest(10)).await?;
        let again = organization.autoprune_policies().create(newest(10)).await;
        assert_error(
            again,
            400,
            ErrorKind::AlreadyExists,
            "Existing policy with same values for this",
        );
        organization.autoprune_policies().create(newest(11)).await?;
        repository.autoprune_policies().create(newest(10)).await?;
        assert_error(
            repository.autoprune_policies().create(newest(10)).await,
            400,
            ErrorKind::AlreadyExists,
            "Existing policy with same values for this",
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn refuses_an_invalid_policy() {
    scenario(async |context| {
        context
            .requires(&["createOrganizationAutoPrunePolicy"])
            .await?;
        let organization = context.organization("org").await?;
        let policies = organization.autoprune_policies();
        let set = |method: &str, value: AutoPruneValue| {
            SetAutoPrunePolicy::new(AutoPruneMethod::from(method), value)
        };
        assert_error(
            policies.create(set("nosuch", 1.into())).await,
            400,
            ErrorKind::InvalidRequest,
            "",
        );
        assert_error(
            policies.create(newest(0)).await,
            400,
            ErrorKind::InvalidRequest,
            "",
        );
        assert_error(
            policies.create(newest(-1)).await,
            400,
            ErrorKind::InvalidRequest,
            "",
        );
        assert_error(
            policies
                .create(set("creation_date", "soon".to_owned().into()))
                .await,
            400,
            ErrorKind::InvalidRequest,
            "",
        );
        // The crate sends no value of the wrong type, which servers reject.
        let wrong = policies.create(set("creation_date", 7.into())).await;
        assert!(wrong.is_err_and(|error| error.status().is_none()));
        let path = format!("/organization/{}/autoprunepolicy/", organization.name());
        let body = json!({"method": "creation_date", "value": 7});
        assert_status(context.post(path, body).await, 400, "");
        assert_eq!(policies.list().await?, []);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn policies_belong_to_one_organization() {
    scenario(async |context| {
        context
            .requires(&["createOrganizationAutoPrunePolicy"])
            .await?;
        let (one, two) = (
            context.organization("one").await?,
            context.organization("two").await?,
        );
        let id = one.autoprune_policies().create(newest(10)).await?.uuid;
        assert_eq!(two.autoprune_policies().list().await?, []);
        assert_error(
            two.autoprune_policy(&id)?.delete().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        assert_eq!(one.autoprune_policies().list().await?.len(), 1);
        Ok(())
    })
    .await;
}
