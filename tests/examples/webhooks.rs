//! The example `webhook_receiver`.

use super::{Result, finish, folder, pointed_at, run, writes};
use quay_api::testing::Sandbox;

#[tokio::test]
async fn webhook_receiver_reacts_to_a_push_and_a_vulnerability() -> Result {
    let folder = folder("webhook_receiver")?;
    run("webhook_receiver", &[], &folder)
        .await?
        .ends_with(0)
        .prints(&[
            "notification of repo_push: created",
            "notification of vulnerability_found: created",
            "2 of 2 webhooks delivered",
            "pushed: acme/web:v4.0.0, 64 MiB",
            "vulnerable: acme/web (v4.0.0) has CVE-2024-3094, Critical; a fix is known: true",
            "stopped",
        ]);
    Ok(())
}

#[tokio::test]
async fn webhook_receiver_requires_a_secret_and_a_url_on_a_real_server() -> Result {
    let sandbox = Sandbox::demo().await?;
    let folder = folder("webhook_receiver_secret")?;
    let arguments = ["--url", "https://hooks.example.com/quay"];
    let mut command = pointed_at(&sandbox, "webhook_receiver", &arguments, &folder)?;
    command.env_remove("WEBHOOK_SECRET");
    let run = finish(command).await?;
    run.ends_with(1);
    assert!(run.err.contains("WEBHOOK_SECRET"), "{}", run.err);
    let mut command = pointed_at(&sandbox, "webhook_receiver", &[], &folder)?;
    command.env("WEBHOOK_SECRET", "0123456789abcdef");
    let run = finish(command).await?;
    run.ends_with(1);
    assert!(run.err.contains("--url is required"), "{}", run.err);
    assert_eq!(writes(&sandbox), 0);
    Ok(())
}
