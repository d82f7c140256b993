//! The example `usage_logs` with `--follow`.

use super::{Result, folder, run_on, shop};
use quay_api::types::{Timestamp, Visibility};
use std::fs;
use std::time::Duration;

#[tokio::test]
async fn usage_logs_continues_from_the_mark_of_the_last_run() -> Result {
    let (sandbox, folder) = (shop().await?, folder("follow_log")?);
    let web = sandbox.quay().repository("shop/web")?;
    let logs = sandbox.quay().organization("shop")?.logs();
    let yesterday = Timestamp::now() - Duration::from_secs(86_400);
    let there = logs.follow(None).since(yesterday).await?.entries.len();
    web.set_description("one").await?;
    let run = async |most: usize| {
        let most = most.to_string();
        let mut arguments = vec!["--organization", "shop", "--days", "1", "--most", &most];
        arguments.extend(["--follow", "1", "--mark", "shop.mark"]);
        run_on(&sandbox, "usage_logs", &arguments, &folder).await
    };
    let first = run(there + 1).await?;
    first
        .ends_with(0)
        .prints(&["set_repo_description", &format!("{} entries", there + 1)]);
    assert!(fs::read_to_string(folder.join("shop.mark"))?.starts_with("quay-log=1&"));
    web.set_visibility(Visibility::Public).await?;
    let second = run(1).await?;
    second
        .ends_with(0)
        .prints(&["change_repo_visibility", "1 entries"]);
    assert!(
        !second.out.contains("set_repo_description"),
        "{}",
        second.out
    );
    Ok(())
}
