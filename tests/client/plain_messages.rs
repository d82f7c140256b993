//! Messages that say what is known, and nothing else; and arguments that no server accepts.

use crate::support::server::{Server, ServerAction, response};
use quay_api::testing::{Response, Sandbox};
use quay_api::types::{AutoPruneMethod, CreateRobot, RepositorySummary, SetAutoPrunePolicy};
use quay_api::{ErrorKind, Result};
use serde_json::json;

#[tokio::test]
async fn a_missing_permission_is_not_said_to_be_a_missing_scope() -> Result<()> {
    let sandbox = Sandbox::demo().await?;
    // All scopes, and no permission.
    let alice = sandbox.token("alice").quay()?;
    let error = alice.superuser().users().list().await.unwrap_err();
    assert!(error.is_insufficient_scope() && error.is_forbidden());
    assert_eq!(error.required_scope(), Some("super:user"));
    assert!(
        error
            .to_string()
            .ends_with("needs a token of a superuser with the scope super:user)"),
        "{error}"
    );
    let hidden = alice.repository("globex/nosuch")?.get().await.unwrap_err();
    assert!(hidden.is_forbidden() && !hidden.is_not_found(), "{hidden}");
    assert!(
        hidden.to_string().ends_with(
            "(getRepo needs a token with the scope repo:read, whose user has the permission, or the \
             repository does not exist)"
        ),
        "{hidden}"
    );
    Ok(())
}

#[tokio::test]
async fn the_title_of_quays_own_page_is_left_out() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let quay = sandbox.quay().with(|call| call.no_retries());
    for (title, expected) in [
        ("Quay", "404: not found (the server has no such endpoint"),
        (
            "Red Hat Quay",
            "404: not found (the server has no such endpoint",
        ),
        ("No such host here", "404: No such host here (the server"),
    ] {
        let page = format!("<!DOCTYPE html>\n<html><head><title>{title}</title></head></html>");
        sandbox.respond_next(Response::text(404, "text/html; charset=utf-8", page));
        let error = quay.organization("acme")?.quotas().list().await;
        let error = error.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::FeatureDisabled);
        assert!(
            error
                .to_string()
                .starts_with(&format!("listOrganizationQuota acme: {expected}")),
            "{error}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_plain_404_names_what_does_not_exist() -> Result<()> {
    let sandbox = Sandbox::demo().await?;
    let quay = sandbox.quay();
    let missing = quay.organization("nosuch")?.get().await.unwrap_err();
    assert_eq!(
        missing.to_string(),
        "getOrganization nosuch: 404: there is no organization nosuch"
    );
    assert_eq!(missing.message(), "Not Found", "that of the server");
    // What is missing below it is not known.
    let mirror = quay
        .repository("acme/web")?
        .mirror()
        .get()
        .await
        .unwrap_err();
    assert!(
        !mirror.to_string().contains("there is no repository"),
        "{mirror}"
    );
    Ok(())
}

#[tokio::test]
async fn refuses_names_of_new_robots_that_no_server_accepts() -> Result<()> {
    let empty = ServerAction::Send(response(200, "application/json", "{}"));
    let server = Server::start([empty]).await;
    let quay = quay_api::Quay::builder()
        .base_url(server.url())
        .token("hunter2")
        .build()?;
    let acme = quay.organization("acme")?;
    for name in ["Bad Name", "acme+Bad", "a", "a__b"] {
        for robots in [acme.robots(), quay.me().robots()] {
            let Err(error) = robots.create(name, CreateRobot::new()).await else {
                panic!("{name} was accepted")
            };
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
        }
    }
    let aged = SetAutoPrunePolicy::new(AutoPruneMethod::CreationDate, 20);
    let error = acme.autoprune_policies().create(aged).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    assert_eq!(server.take_requests().len(), 0);
    // One that exists can be read and deleted, whatever its name.
    let _ = acme.robot("Bad")?.get().await;
    assert_eq!(server.take_requests().len(), 1);
    Ok(())
}

#[tokio::test]
async fn items_of_a_fan_out_are_names_of_repositories() -> Result<()> {
    let sandbox = Sandbox::demo().await?;
    let quay = sandbox.quay();
    let row = json!({"namespace": "acme", "name": "web", "is_public": true});
    let rows: Vec<RepositorySummary> = vec![serde_json::from_value(row).expect("a row")];
    let names = vec!["acme/web".to_owned()];
    let found = [
        quay_api::fan_out(&rows)
            .all(|row| Ok(quay.repository(row)?.tags().list()))
            .count_rows()
            .await?,
        quay_api::fan_out(&names)
            .all(|name| Ok(quay.repository(name)?.tags().list()))
            .count_rows()
            .await?,
        quay_api::fan_out(["acme/web"])
            .all(|name| Ok(quay.repository(name)?.tags().list()))
            .count_rows()
            .await?,
    ];
    assert!(found[0] > 0 && found.iter().all(|n| *n == found[0]));
    Ok(())
}

/// Counts the rows of a fan-out.
trait CountRows {
    fn count_rows(self) -> impl Future<Output = Result<usize>>;
}

impl<K, T> CountRows for quay_api::FanOutItems<'_, K, T> {
    async fn count_rows(self) -> Result<usize> {
        use futures::StreamExt;
        use futures::TryStreamExt;
        self.map(|(_, rows)| rows)
            .try_fold(0, async |sum, rows| Ok(sum + rows.len()))
            .await
    }
}
