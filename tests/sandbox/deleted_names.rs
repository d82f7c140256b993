//! Names of deleted namespaces, which a server frees some seconds later.

use crate::{acme, error_of};
use quay_api::types::CreateOrganization;
use quay_api::{Quay, Result};
use std::time::Duration;

async fn create(quay: &Quay, name: &str) -> Result<()> {
    let body = CreateOrganization::new(name).email("new@example.test");
    quay.organizations().create(body).await.map(drop)
}

#[tokio::test]
async fn name_of_a_deleted_namespace_is_free_some_seconds_later() -> Result<()> {
    let sandbox = acme().await?;
    // Stopped, so that the seconds pass only below.
    sandbox.clock().set(sandbox.clock().now());
    let quay = sandbox.quay();
    quay.organization("acme")?.delete().await?;
    quay.superuser().user("bob")?.delete().await?;
    for name in ["acme", "bob"] {
        let (_, status, message) = error_of(create(quay, name).await);
        assert_eq!(status, Some(400));
        assert_eq!(message, "Username is not available");
    }
    sandbox.clock().advance(Duration::from_secs(10));
    for name in ["acme", "bob"] {
        create(quay, name).await?;
        assert_eq!(quay.organization(name)?.get().await?.name, name);
    }
    Ok(())
}
