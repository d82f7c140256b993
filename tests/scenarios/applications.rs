//! OAuth applications of an organization, and their tokens.

use crate::context::{refused, scenario};
use quay_api::ErrorKind;
use quay_api::types::{CreateApplication, CreateApplicationToken, UpdateApplication};

#[tokio::test]
async fn an_application_is_made_changed_and_deleted() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        assert_eq!(organization.applications().list().await?, []);
        let made = organization
            .applications()
            .create(CreateApplication::new("deployer").description("Deploys"))
            .await?;
        assert_eq!(
            (made.name.as_str(), made.description.as_deref()),
            ("deployer", Some("Deploys"))
        );
        assert!(!made.client_id.is_empty() && made.client_secret.is_some());
        let application = organization.application(&made.client_id)?;
        assert_eq!(application.get().await?, made);
        assert_eq!(
            organization.applications().list().await?,
            std::slice::from_ref(&made)
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
        assert!(reset.client_secret.is_some() && reset.client_secret != made.client_secret);
        let public = context.anonymous()?.application(&made.client_id).await?;
        assert_eq!(
            (public.name.as_str(), public.description.as_deref()),
            ("deployer 2", Some("Deploys more"))
        );
        application.delete().await?;
        refused(
            application.get().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        assert_eq!(application.get_opt().await?, None);
        refused(
            application.delete().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        refused(
            application.reset_client_secret().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        refused(
            context.quay().application(&made.client_id).await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn two_applications_may_have_one_name() {
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
async fn a_token_works_until_it_is_revoked() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let application = organization
            .applications()
            .create(CreateApplication::new("deployer"))
            .await?;
        let tokens = organization.application(&application.client_id)?.tokens();
        assert_eq!(tokens.list().await?, []);
        let made = tokens
            .create(
                CreateApplicationToken::new(" reader ", "user:read,repo:read").expiration(3600.0),
            )
            .await?;
        assert_eq!(
            (made.name.as_deref(), made.created_by),
            (Some("reader"), Some(context.me().await?))
        );
        let mut scopes: Vec<_> = made.scope.iter().flat_map(|s| s.split(' ')).collect();
        scopes.sort_unstable();
        assert_eq!(scopes, ["repo:read", "user:read"]);
        let lifetime = made
            .expires_at
            .expect("an end")
            .since(made.created.expect("a start"))
            .as_secs();
        assert!((3595..=3605).contains(&lifetime), "{lifetime}");

        let client = context.with_token(made.token.clone())?;
        assert_eq!(client.me().get().await?.username, context.me().await?);
        let listed = tokens.list().await?;
        assert_eq!(
            listed
                .iter()
                .map(|t| (&t.uuid, t.name.as_deref()))
                .collect::<Vec<_>>(),
            [(&made.uuid, Some("reader"))]
        );
        tokens.revoke(&made.uuid).await?;
        assert!(
            client
                .me()
                .get()
                .await
                .is_err_and(|e| e.is_token_not_accepted())
        );
        assert_eq!(tokens.list().await?, []);
        refused(
            tokens.revoke(&made.uuid).await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        assert!(!tokens.revoke_if_exists(&made.uuid).await?);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_token_of_unknown_scopes_is_refused() {
    scenario(async |context| {
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
        refused(
            create("x", "repo:everything").await,
            400,
            ErrorKind::InvalidRequest,
            "Invalid scope: repo:everything",
        );
        refused(
            create("   ", "repo:read").await,
            400,
            ErrorKind::InvalidRequest,
            "",
        );
        refused(
            tokens
                .create(CreateApplicationToken::new("x", "repo:read").expiration(0.0))
                .await,
            400,
            ErrorKind::InvalidRequest,
            "",
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_token_gives_no_more_than_it_has() {
    scenario(async |context| {
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
        refused(more, 403, ErrorKind::ScopeMissing, "Unauthorized");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_deleted_application_takes_its_tokens_along() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let made = organization
            .applications()
            .create(CreateApplication::new("deployer"))
            .await?;
        let application = organization.application(&made.client_id)?;
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
                .is_err_and(|e| e.is_token_not_accepted())
        );
        refused(
            application.tokens().list().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        Ok(())
    })
    .await;
}
