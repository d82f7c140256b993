//! Usage logs: the entries of every change.

mod following;
mod organizations;
mod repositories;
mod users;

use crate::context::{assert_error, scenario};
use quay_api::ErrorKind;
use quay_api::api::Days;
use quay_api::types::*;
use serde_json::Value;
use std::time::Duration;

/// Returns the kinds of the entries of a log, sorted: entries of one second have no fixed order.
fn kinds(entries: &[LogEntry]) -> Vec<&str> {
    let mut kinds: Vec<_> = entries.iter().map(|e| e.kind.as_str()).collect();
    kinds.sort_unstable();
    kinds
}

/// Returns the metadata of the entry of a kind, without its nulls.
fn metadata(entries: &[LogEntry], kind: &str) -> Value {
    let entry = entries
        .iter()
        .find(|e| e.kind.as_str() == kind)
        .unwrap_or_else(|| panic!("no {kind} in {:?}", kinds(entries)));
    let mut value = serde_json::to_value(&entry.metadata).expect("metadata is JSON");
    value
        .as_object_mut()
        .expect("an object")
        .retain(|_, value| !value.is_null());
    value
}

/// Checks that the metadata of the entry of a kind contains these fields.
#[track_caller]
fn assert_metadata(entries: &[LogEntry], kind: &str, expected: Value) {
    let found = metadata(entries, kind);
    for (name, value) in expected.as_object().expect("an object") {
        assert_eq!(
            found.get(name).unwrap_or(&Value::Null),
            value,
            "{name} of {kind}: {found}"
        );
    }
}

#[tokio::test]
async fn filters_a_log_by_days_and_performer() {
    scenario(async |context| {
        context
            .requires_release("3.9", "it logs no changes of organizations and users")
            .await?;
        let organization = context.organization("org").await?;
        let day = |days: u64| {
            Timestamp::now()
                .checked_sub(Duration::from_secs(days * 86_400))
                .expect("a day")
        };
        let list = || organization.logs().list();
        assert_eq!(list().since(day(1)).await?.len(), 1);
        assert_eq!(list().since(day(9)).until(day(8)).await?.len(), 0);
        assert_eq!(list().performed_by(&context.me().await?).await?.len(), 1);
        let user = context.user("person").await?;
        assert_eq!(list().performed_by(&user.name).await?.len(), 0);
        let backwards = list()
            .since(day(1))
            .until(day(9))
            .await
            .expect_err("it ends before it begins");
        assert_eq!(
            (backwards.kind(), backwards.status()),
            (ErrorKind::InvalidInput, None),
            "the crate sends no request"
        );
        let path = format!("/api/v1/organization/{}/logs", organization.name());
        let request = context
            .quay()
            .request("GET", path)?
            .query("starttime", "12/02/2025")
            .query("endtime", "11/01/2025");
        assert_error(
            request.send_bytes().await,
            400,
            ErrorKind::InvalidRequest,
            "",
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn counts_log_entries_by_kind_and_day() {
    scenario(async |context| {
        context
            .requires_release("3.9", "it logs no changes of organizations and users")
            .await?;
        let (organization, repository) = context.organization_with_repository().await?;
        repository.set_description("one").await?;
        repository.set_description("two").await?;
        let yesterday = Timestamp::now()
            .checked_sub(Duration::from_secs(86_400))
            .expect("yesterday");
        let days = Days::new(yesterday, Timestamp::now());
        let mut counts: Vec<_> = repository
            .logs()
            .aggregate(days)
            .await?
            .into_iter()
            .map(|c| (c.kind.as_str().to_owned(), c.count))
            .collect();
        counts.sort();
        assert_eq!(
            counts,
            [
                ("create_repo".to_owned(), 1),
                ("set_repo_description".to_owned(), 2)
            ]
        );
        let whole: i64 = organization
            .logs()
            .aggregate(days)
            .await?
            .iter()
            .map(|c| c.count)
            .sum();
        assert_eq!(whole, 4);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn log_of_a_missing_repository_is_not_found() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let nowhere = context
            .quay()
            .repository(format!("{}/nosuch", organization.name()))?;
        assert_error(
            nowhere.logs().list().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        Ok(())
    })
    .await;
}
