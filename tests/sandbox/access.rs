//! Scopes of tokens, visibility, and expired tokens.

use super::{acme, assert_error, error_of};
use quay_api::testing::Sandbox;
use quay_api::types::{CreateRepository, Visibility};
use quay_api::{ErrorKind, Quay, Result};
use std::time::Duration;

#[tokio::test]
async fn enforces_scopes_and_visibility() -> Result<()> {
    let sandbox = acme().await?;
    let (web, hidden) = ("acme/web", "acme/team/hidden");
    let anonymous = sandbox.anonymous()?;
    let wrong = Quay::builder()
        .base_url(sandbox.quay().base_url())
        .token("wrong")
        .build()?;
    for nobody in [&anonymous, &wrong] {
        assert_eq!(nobody.repository(web)?.get().await?.can_write, Some(false));
        assert_error(
            nobody.repository(hidden)?.get().await,
            ErrorKind::Unauthenticated,
            401,
            "Requires authentication",
        );
        assert_error(
            nobody.me().get().await,
            ErrorKind::Unauthenticated,
            401,
            "Requires authentication",
        );
        let write = nobody.repository(web)?.delete().await;
        assert_eq!(error_of(write).1, Some(403));
        assert!(
            nobody
                .organization("acme")?
                .get()
                .await?
                .email
                .is_none_or(|e| e.is_empty())
        );
    }
    // What the owner may and the scope does not.
    let reader = sandbox.token("alice").scopes(["repo:read"]).quay()?;
    assert_eq!(reader.repository(hidden)?.tags().list().await?.len(), 1);
    assert_error(
        reader.repository(hidden)?.tag("v1")?.delete().await,
        ErrorKind::InsufficientScope,
        403,
        "Unauthorized",
    );
    assert_error(
        reader.me().get().await,
        ErrorKind::Unauthenticated,
        401,
        "Requires authentication",
    );
    // What the scope allows and the owner may not.
    let bob = sandbox.token("bob").quay()?;
    assert_error(
        bob.repository(hidden)?.get().await,
        ErrorKind::InsufficientScope,
        403,
        "Unauthorized",
    );
    assert_error(
        bob.repository("acme/nosuch")?.get().await,
        ErrorKind::InsufficientScope,
        403,
        "Unauthorized",
    );
    assert_error(
        bob.superuser().users().list().await,
        ErrorKind::InsufficientScope,
        403,
        "Unauthorized",
    );
    assert_error(
        bob.organization("acme")?.delete().await,
        ErrorKind::InsufficientScope,
        403,
        "Unauthorized",
    );
    let mine = CreateRepository::new("x", Visibility::Private, "");
    assert_eq!(
        bob.repositories().create(mine.clone()).await?.namespace,
        "bob"
    );
    assert_error(
        bob.repositories()
            .create(mine.clone().namespace("acme"))
            .await,
        ErrorKind::InsufficientScope,
        403,
        "Unauthorized",
    );
    // Both: a creator creates, and owns what was created.
    let alice = sandbox.token("alice").quay()?;
    alice.repositories().create(mine.namespace("acme")).await?;
    alice.repository("acme/x")?.delete().await?;
    let names: Vec<String> = alice
        .repositories()
        .list()
        .namespace("acme")
        .await?
        .into_iter()
        .map(|r| r.name)
        .collect();
    assert_eq!(
        names,
        ["web", "team/hidden"],
        "what was granted, and what is public"
    );
    // A superuser without the scope is a user as any other.
    let narrow = sandbox.token(Sandbox::ADMIN).scopes(["user:read"]).quay()?;
    assert_eq!(narrow.me().get().await?.super_user, None);
    assert_error(
        narrow.repository(hidden)?.get().await,
        ErrorKind::InsufficientScope,
        403,
        "Unauthorized",
    );
    Ok(())
}

#[tokio::test]
async fn tokens_expire_by_the_clock_of_the_sandbox() -> Result<()> {
    let sandbox = acme().await?;
    let alice = sandbox
        .token("alice")
        .lifetime(Duration::from_secs(60))
        .quay()?;
    alice.me().get().await?;
    sandbox.clock().advance(Duration::from_secs(61));
    assert!(
        alice
            .me()
            .get()
            .await
            .is_err_and(|e| e.is_unauthenticated())
    );
    assert!(
        sandbox
            .token("nobody")
            .quay()
            .is_err_and(|e| e.kind() == ErrorKind::InvalidInput)
    );
    assert!(
        sandbox
            .token("alice")
            .scopes(["repo:reed"])
            .quay()
            .is_err_and(|e| e.message().contains("repo:reed"))
    );
    Ok(())
}
