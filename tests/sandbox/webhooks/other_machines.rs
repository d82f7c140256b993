//! A sandbox posts to this machine only.

use super::{HOST, SECRET, acme};
use quay_api::Result;
use quay_api::testing::seed::TagSeed;
use quay_api::types::NotificationEvent;
use quay_api::webhook::Receiver;
use std::net::SocketAddr;

#[tokio::test]
async fn posts_nothing_to_a_host_that_resolves_to_another_machine() -> Result<()> {
    let sandbox = acme().await?;
    // An address of the block for documentation, which no machine has.
    sandbox.resolve(HOST, SocketAddr::from(([192, 0, 2, 1], 80)));
    let receiver = Receiver::new(&format!("http://{HOST}/"), SECRET)?;
    let web = sandbox.quay().repository("acme/web")?;
    let notification = receiver.notification(NotificationEvent::RepoPush);
    web.notifications().create(notification).await?;
    sandbox.push("acme/web", &TagSeed::new("v9", 1024))?;
    let attempts = sandbox.webhooks().await?;
    let errors: Vec<_> = attempts.iter().map(|attempt| attempt.error()).collect();
    let expected = format!("the address of the host `{HOST}` is not one of this machine");
    assert_eq!(errors, [Some(expected.as_str())]);
    Ok(())
}
