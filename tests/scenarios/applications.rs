//! OAuth applications of an organization, and their tokens.

use crate::context::{assert_error, scenario};
use quay_api::ErrorKind;
use quay_api::types::{CreateApplication, CreateApplicationToken, Scope, UpdateApplication};
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn creates_updates_and_deletes_an_application() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        assert_eq!(organization.applications().list().await?, []);
        let created = organization
            .applications()
            .create(CreateApplication::new("deployer").description("Deploys"))
            .await?;
        assert_eq!(
            (created.name.as_str(), created.description.as_deref()),
            ("deployer", Some("Deploys"))
        );
        assert!(!created.client_id.is_empty() && created.client_secret.is_some());
        let application = organization.application(&created.client_id)?;
        assert_eq!(application.get().await?, created);
        assert_eq!(
            organization.applications().list().await?,
            std::slice::from_ref(&created)
        );
        let change = UpdateApplication::new(
            "deployer 2",
            "https://app.example.test/back",
            "https://app.example.test",
        );
        let changed = application
            .update(change.description("Deploys more"))
            .await?;
        assert_eq!(
            (changed.name.as_str(), changed.redirect_uri.as_deref()),
            ("deployer 2", Some("https://app.example.test/back"))
        );
        assert_eq!(application.get().await?, changed);
        let reset = application.reset_client_secret().await?;
        assert!(reset.client_secret.is_some() && reset.client_secret != created.client_secret);
        let public = context
            .anonymous()?
            .application(&created.client_id)?
            .get()
            .await?;
        assert_eq!(
            (public.name.as_str(), public.description.as_deref()),
            ("deployer 2", Some("Deploys more"))
        );
        application.delete().await?;
        assert_error(
            application.get().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        assert_eq!(application.get_opt().await?, None);
        assert_error(
            application.delete().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        assert_error(
            application.reset_client_secret().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        assert_error(
            context.quay().application(&created.client_id)?.get().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn two_applications_may_share_a_name() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let one = organization
            .applications()
            .create(CreateApplication::new("same"))
            .await?;
        let two = organization
            .applications()
            .create(CreateApplication::new("same"))
            .await?;
        assert_ne!(one.client_id, two.client_id);
        assert_eq!(organization.applications().list().await?.len(), 2);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn token_works_until_it_is_revoked() {
    scenario(async |context| {
        context
            .requires(&["createOrganizationApplicationToken"])
            .await?;
        let organization = context.organization("org").await?;
        let application = organization
            .applications()
            .create(CreateApplication::new("deployer"))
            .await?;
        let application = organization.application(&application.client_id)?;
        let tokens = application.tokens();
        assert_eq!(tokens.list().await?, []);
        let created = tokens
            .create(
                CreateApplicationToken::new(" reader ", "user:read,repo:read")
                    .lifetime(Duration::from_secs(5 * 86_400)),
            )
            .await?;
        assert_eq!(
            (created.name.as_deref(), created.created_by),
            (Some("reader"), Some(context.me().await?))
        );
        let mut scopes: Vec<_> = created.scope.into_iter().flatten().collect();
        scopes.sort_unstable();
        assert_eq!(scopes, [Scope::RepoRead, Scope::UserRead]);
        let lifetime = created
            .expires_at
            .expect("an end")
            .since(created.created.expect("a start"))
            .as_secs();
        assert!(lifetime.abs_diff(5 * 86_400) <= 5, "{lifetime}");

        let client = context.with_token(created.token.clone())?;
        assert_eq!(client.me().get().await?.username, context.me().await?);
        let listed = tokens.list().await?;
        assert_eq!(
            listed
                .iter()
                .map(|t| (&t.uuid, t.name.as_deref()))
                .collect::<Vec<_>>(),
            [(&created.uuid, Some("reader"))]
        );
        application.token(&created.uuid)?.delete().await?;
        assert!(
            client
                .me()
                .get()
                .await
                .is_err_and(|e| e.is_unauthenticated())
        );
        assert_eq!(tokens.list().await?, []);
        assert_error(
            application.token(&created.uuid)?.delete().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        assert!(!application.token(&created.uuid)?.delete_if_exists().await?);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn refuses_a_token_with_unknown_scopes() {
    scenario(async |context| {
        context
            .requires(&["createOrganizationApplicationToken"])
            .await?;
        let organization = context.organization("org").await?;
        let application = organization
            .applications()
            .create(CreateApplication::new("deployer"))
            .await?;
        let tokens = organization.application(&application.client_id)?.tokens();
        let create = async |name: &str, scope: &str| {
            tokens
                .create(CreateApplicationToken::new(name, scope))
                .await
        };
        assert_error(
            create("x", "repo:everything").await,
            400,
            ErrorKind::InvalidRequest,
            "Invalid scope: repo:everything",
        );
        assert_error(
            create("   ", "repo:read").await,
            400,
            ErrorKind::InvalidRequest,
            "",
        );
        let path = format!(
            "/api/v1/organization/{}/applications/{}/tokens",
            organization.name(),
            application.client_id
        );
        for expiration in [json!(0), json!(null)] {
            let request = context.quay().request("POST", &path)?;
            let token = json!({"name": "x", "scope": "repo:read", "expiration": expiration});
            assert_error(
                request.json(&token).send_bytes().await,
                400,
                ErrorKind::InvalidRequest,
                "",
            );
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn tokens_grant_no_more_than_their_own_scopes() {
    scenario(async |context| {
        context
            .requires(&["createOrganizationApplicationToken"])
            .await?;
        let organization = context.organization("org").await?;
        let application = organization
            .applications()
            .create(CreateApplication::new("deployer"))
            .await?;
        let lesser = context.with_scopes("org:admin").await?;
        let tokens = lesser
            .organization(organization.name())?
            .application(&application.client_id)?
            .tokens();
        tokens
            .create(CreateApplicationToken::new("same", "org:admin"))
            .await?;
        let more = tokens
            .create(CreateApplicationToken::new("more", "org:admin super:user"))
            .await;
        assert_error(more, 403, ErrorKind::InsufficientScope, "Unauthorized");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn deleting_an_application_revokes_its_tokens() {
    scenario(async |context| {
        context
            .requires(&["createOrganizationApplicationToken"])
            .await?;
        let organization = context.organization("org").await?;
        let created = organization
            .applications()
            .create(CreateApplication::new("deployer"))
            .await?;
        let application = organization.application(&created.client_id)?;
        let token = application
            .tokens()
            .create(CreateApplicationToken::new("x", "user:read"))
            .await?
            .token;
        let client = context.with_token(token)?;
        client.me().get().await?;
        application.delete().await?;
        assert!(
            client
                .me()
                .get()
                .await
                .is_err_and(|e| e.is_unauthenticated())
        );
        assert_error(
            application.tokens().list().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        Ok(())
    })
    .await;
}
