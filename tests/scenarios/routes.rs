//! Paths that a server reads as another operation than their names suggest.

use crate::context::{assert_error, scenario};
use quay_api::types::Visibility;
use quay_api::{ErrorKind, Quay, Result};
use serde_json::{Value, json};

async fn send(quay: &Quay, method: &str, path: String, body: Option<Value>) -> Result<Vec<u8>> {
    let request = quay.request(method, path)?;
    let request = match &body {
        Some(body) => request.json(body),
        None => request,
    };
    request.send_bytes().await
}

#[tokio::test]
async fn path_that_ends_like_the_route_of_a_tag_is_that_tag() {
    scenario(async |context| {
        let quay = context.quay();
        let (organization, app) = context.organization_with_repository().await?;
        context.push(&app, "victim").await?;
        let nested = format!("{}/tag/victim", app.name());
        let refused = quay.repository(nested.as_str())?.delete().await;
        assert_eq!(refused.map_err(|e| e.kind()), Err(ErrorKind::InvalidInput));
        assert!(app.tag("victim")?.get_opt().await?.is_some());

        send(quay, "DELETE", format!("/api/v1/repository/{nested}"), None).await?;
        assert_eq!(app.tag("victim")?.get_opt().await?, None);

        // The settings of a missing repository `app/tag`, and no tag `mirror`.
        let path = format!("/api/v1/repository/{}/tag/changestate", app.name());
        let changed = send(quay, "PUT", path, Some(json!({"state": "NORMAL"}))).await;
        assert_error(changed, 404, ErrorKind::NotFound, "");

        // The server treats an encoded slash as a slash.
        let path = format!("/api/v1/organization/{}%2Frobots", organization.name());
        let robots: Value = quay.request("GET", path)?.send().await?;
        assert_eq!(robots, json!({"robots": []}));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn only_routes_of_the_same_method_match_a_path() {
    scenario(async |context| {
        let quay = context.quay();
        let (organization, app) = context.organization_with_repository().await?;
        let name = format!("{}/notification", app.name());
        let (_, short) = name.split_once('/').expect("a namespace");
        let body = quay_api::types::CreateRepository::new(short, Visibility::Private, "")
            .namespace(organization.name());
        quay.repositories().create(body).await?;
        let nested = quay.repository(name.as_str())?;
        // A GET of this path lists the notifications of the other repository.
        let read = nested.get().await;
        assert_eq!(
            read.map(drop).map_err(|e| e.kind()),
            Err(ErrorKind::InvalidInput)
        );
        let count = async || {
            Ok::<_, quay_api::Error>(
                quay.repositories()
                    .list()
                    .namespace(organization.name())
                    .await?
                    .len(),
            )
        };
        assert_eq!(count().await?, 2);
        nested.delete().await?;
        assert_eq!(count().await?, 1);
        assert_eq!(app.notifications().list().await?, []);
        Ok(())
    })
    .await;
}
