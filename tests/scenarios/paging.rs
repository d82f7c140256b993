//! Page sizes, and lists with a full page or one row more.

use crate::context::{assert_error, scenario};
use futures::TryStreamExt;
use quay_api::ErrorKind;
use quay_api::types::{CreateApplication, CreateApplicationToken};
use serde_json::Value;

#[tokio::test]
async fn lists_tags_in_pages_of_the_requested_size() {
    scenario(async |context| {
        let (_, repository) = context.organization_with_repository().await?;
        let digest = context.push(&repository, "t0").await?;
        for number in 1..5 {
            repository
                .tag(format!("t{number}"))?
                .point_to(&digest)
                .await?;
        }
        let page =
            async |page: &str, limit: &str| -> quay_api::Result<(Vec<String>, Value, Value)> {
                let path = format!("/api/v1/repository/{}/tag/", repository.name());
                let response: Value = context
                    .quay()
                    .request("GET", path)?
                    .query("page", page)
                    .query("limit", limit)
                    .send()
                    .await?;
                let rows = response["tags"].as_array().into_iter().flatten();
                Ok((
                    rows.map(|t| t["name"].as_str().unwrap_or_default().to_owned())
                        .collect(),
                    response["page"].clone(),
                    response["has_additional"].clone(),
                ))
            };
        let mut seen = Vec::new();
        for (number, length, more) in [("1", 2, true), ("2", 2, true), ("3", 1, false)] {
            let (names, answered, has_additional) = page(number, "2").await?;
            assert_eq!(
                (names.len(), answered.to_string().as_str(), has_additional),
                (length, number, Value::Bool(more))
            );
            seen.extend(names);
        }
        seen.sort();
        assert_eq!(seen, ["t0", "t1", "t2", "t3", "t4"]);
        assert_eq!(
            page("1", "5").await?.2,
            false,
            "a full page can be the last one"
        );
        assert_eq!(page("4", "2").await?, (vec![], 4.into(), false.into()));
        assert_eq!(
            page("0", "0").await?.1,
            1,
            "page and limit are at least one"
        );
        assert_eq!(page("0", "0").await?.0.len(), 1);
        assert_error(
            page("abc", "2").await,
            400,
            ErrorKind::InvalidRequest,
            "Page index",
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn lists_a_hundred_tags_per_page() {
    scenario(async |context| {
        let (_, repository) = context.organization_with_repository().await?;
        let digest = context.push(&repository, "t000").await?;
        for number in 1..101 {
            repository
                .tag(format!("t{number:03}"))?
                .point_to(&digest)
                .await?;
        }
        let pages: Vec<_> = repository
            .tags()
            .list()
            .active()
            .pages()
            .try_collect()
            .await?;
        assert_eq!(
            pages.iter().map(|p| p.rows().len()).collect::<Vec<_>>(),
            [100, 1]
        );
        let path = format!("/api/v1/repository/{}/tag/", repository.name());
        let many: Value = context
            .quay()
            .request("GET", path)?
            .query("limit", "1000")
            .send()
            .await?;
        assert_eq!(
            many["tags"].as_array().map(Vec::len),
            Some(100),
            "no page is larger"
        );
        let path = format!("/api/v1/repository/{}/tag/", repository.name());
        let some: Value = context.quay().request("GET", path)?.send().await?;
        assert_eq!(
            some["tags"].as_array().map(Vec::len),
            Some(50),
            "only without a page size"
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn lists_a_hundred_repositories_per_page() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        for number in 0..101 {
            context
                .repository(&organization, &format!("r{number:03}"))
                .await?;
        }
        let list = || {
            context
                .quay()
                .repositories()
                .list()
                .namespace(organization.name())
        };
        let pages: Vec<_> = list().pages().try_collect().await?;
        assert_eq!(
            pages
                .iter()
                .map(|p| (p.rows().len(), p.has_more()))
                .collect::<Vec<_>>(),
            [(100, true), (1, false)]
        );
        let mut names: Vec<_> = list().await?.into_iter().map(|r| r.name).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), 101, "each of them once");

        let first = async |token: &str| -> quay_api::Result<Value> {
            let request = context
                .quay()
                .request("GET", "/api/v1/repository")?
                .query("namespace", organization.name());
            request.query("next_page", token).send().await
        };
        let damaged = first("no-such-token").await?;
        assert_eq!(
            damaged["repositories"].as_array().map(Vec::len),
            Some(100),
            "a damaged token returns the first page"
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn lists_twenty_log_entries_per_page() {
    scenario(async |context| {
        context
            .requires_release("3.9", "it logs no changes of organizations and users")
            .await?;
        let (organization, repository) = context.organization_with_repository().await?;
        for number in 0..21 {
            repository.set_description(format!("{number}")).await?;
        }
        let pages: Vec<_> = repository.logs().list().pages().try_collect().await?;
        let sizes: Vec<_> = pages.iter().map(|p| p.rows().len()).collect();
        assert_eq!(
            sizes.iter().sum::<usize>(),
            22,
            "one for the repository itself: {sizes:?}"
        );
        assert_eq!(sizes[0], 20, "{sizes:?}");
        let all = organization.logs().list().await?;
        assert_eq!(all.len(), 23, "and one for the organization");
        let descriptions: Vec<i32> = all
            .iter()
            .filter_map(|e| e.metadata.description()?.parse().ok())
            .collect();
        assert_eq!(
            descriptions,
            (0..21).rev().collect::<Vec<_>>(),
            "each entry once, the newest first"
        );
        assert!(all.is_sorted_by(|newer, older| newer.datetime >= older.datetime));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn lists_fifty_tokens_per_page() {
    scenario(async |context| {
        context
            .requires(&["createOrganizationApplicationToken"])
            .await?;
        let organization = context.organization("org").await?;
        let application = organization
            .applications()
            .create(CreateApplication::new("many"))
            .await?;
        let tokens = organization.application(&application.client_id)?.tokens();
        for number in 0..51 {
            tokens
                .create(CreateApplicationToken::new(
                    format!("{number}"),
                    "user:read",
                ))
                .await?;
        }
        let pages: Vec<_> = tokens.list().pages().try_collect().await?;
        assert_eq!(
            pages.iter().map(|p| p.rows().len()).collect::<Vec<_>>(),
            [50, 1]
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn lists_users_in_pages_only_with_a_limit() {
    scenario(async |context| {
        let people = [
            context.user("one").await?,
            context.user("two").await?,
            context.user("three").await?,
        ];
        let ask = async |limit: Option<&str>, token: Option<&str>| -> quay_api::Result<Value> {
            let mut request = context.quay().request("GET", "/api/v1/superuser/users/")?;
            if let Some(limit) = limit {
                request = request.query("limit", limit);
            }
            if let Some(token) = token {
                request = request.query("next_page", token);
            }
            request.send().await
        };
        let names = |response: &Value| -> Vec<String> {
            response["users"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|u| u["username"].as_str().map(str::to_owned))
                .collect()
        };
        let all = ask(None, None).await?;
        assert!(all["next_page"].is_null());
        assert!(people.iter().all(|p| names(&all).contains(&p.name)));

        let mut seen = Vec::new();
        let mut token = None;
        loop {
            let page = ask(Some("2"), token.as_deref()).await?;
            assert!(names(&page).len() <= 2);
            seen.extend(names(&page));
            token = page["next_page"].as_str().map(str::to_owned);
            if token.is_none() {
                break;
            }
        }
        for user in &people {
            assert_eq!(seen.iter().filter(|name| **name == user.name).count(), 1);
        }
        assert_error(
            ask(Some("101"), None).await,
            400,
            ErrorKind::InvalidRequest,
            "Page limit cannot be above 100",
        );
        Ok(())
    })
    .await;
}
