//! The examples `prune_tags` and `rotate_robot_tokens`.

#[cfg(unix)]
use super::interrupts::{interrupt, start_deleting};
use super::{Result, folder, run_on, shop, tags, writes};
use quay_api::testing::ErrorResponse;
use quay_api::testing::seed::{RepositorySeed, Seed, TagSeed};
use serde_json::{Value, json};
use std::fs;
use std::time::Duration;

#[tokio::test]
async fn prune_tags_deletes_by_count_age_and_name_only_with_apply() -> Result {
    let (sandbox, folder) = (shop().await?, folder("prune")?);
    sandbox
        .quay()
        .repository("shop/web")?
        .tag("v02")?
        .update(quay_api::types::UpdateTag::new().immutable(true))
        .await?;
    let before = writes(&sandbox);

    let ended = run_on(&sandbox, "prune_tags", &["shop", "--keep", "3"], &folder).await?;
    ended.ends_with(0).prints(&[
        "shop/web: 8 to delete, 4 to keep, 1 of them immutable",
        "8 tags would be deleted",
        "v01 ",
    ]);
    let ended = run_on(
        &sandbox,
        "prune_tags",
        &["shop/web", "--keep", "0", "--older-than", "9days"],
        &folder,
    )
    .await?;
    // Three tags are old enough, and one of them is immutable.
    ended.ends_with(0).prints(&["shop/web: 2 to delete"]);
    let ended = run_on(
        &sandbox,
        "prune_tags",
        &["shop/web", "--keep", "1", "--matching", "^v0[3-5]$"],
        &folder,
    )
    .await?;
    ended
        .ends_with(0)
        .prints(&["v03 ", "v04 ", "shop/web: 2 to delete, 1 to keep"]);
    assert_eq!(writes(&sandbox), before, "a dry run changes nothing");
    assert_eq!(tags(&sandbox, "shop/web").await?.len(), 12);

    // One deletion fails, and the others succeed; the next run deletes the remaining tag.
    sandbox
        .fail("deleteFullTag")
        .respond(ErrorResponse::ReadOnly);
    let arguments = ["shop/web", "--keep", "3", "--apply"];
    let ended = run_on(&sandbox, "prune_tags", &arguments, &folder).await?;
    ended
        .ends_with(1)
        .prints(&["7 tags deleted, 0 skipped, 1 failed"]);
    assert!(
        ended.err.contains("shop/web:v0") && ended.err.contains("read-only"),
        "{}",
        ended.err
    );
    run_on(&sandbox, "prune_tags", &arguments, &folder)
        .await?
        .ends_with(0)
        .prints(&["1 tags deleted, 0 skipped, 0 failed"]);
    run_on(&sandbox, "prune_tags", &arguments, &folder)
        .await?
        .ends_with(0)
        .prints(&["0 tags deleted"]);
    assert_eq!(
        tags(&sandbox, "shop/web").await?,
        ["v02", "v10", "v11", "v12"]
    );

    // A repository whose tags can't be read is skipped, and the others are pruned.
    sandbox.seed(
        &Seed::new().repository(
            RepositorySeed::new("shop/api")
                .tag(TagSeed::new("a", 1))
                .tag(TagSeed::new("b", 1)),
        ),
    )?;
    sandbox
        .fail("listRepoTags")
        .respond(ErrorResponse::NotFound);
    let ended = run_on(
        &sandbox,
        "prune_tags",
        &["shop", "--keep", "1", "--apply"],
        &folder,
    )
    .await?;
    ended.ends_with(1);
    assert!(
        ended
            .err
            .contains("skipped, because its tags can't be read"),
        "{}",
        ended.err
    );
    assert_ne!(
        tags(&sandbox, "shop/web").await?.len() == 4,
        tags(&sandbox, "shop/api").await?.len() == 2,
        "one of the two is skipped"
    );
    Ok(())
}

#[cfg(unix)]
#[tokio::test]
async fn prune_tags_stops_between_two_tags_on_ctrl_c() -> Result {
    let (sandbox, folder) = (shop().await?, folder("interrupt")?);
    // Slow enough for the signal to arrive during the deletions: it is sent after the first
    // request.
    sandbox
        .fail("deleteFullTag")
        .late()
        .delay(Duration::from_secs(1))
        .always();
    let arguments = ["shop/web", "--keep", "0", "--apply"];
    let (id, waiting) = start_deleting(&sandbox, "prune_tags", &arguments, &folder).await?;
    assert!(interrupt(&id)?);
    let output = waiting.await??;
    let printed = String::from_utf8(output.stdout)?;
    assert_eq!(output.status.code(), Some(1), "{printed}");
    let left = tags(&sandbox, "shop/web").await?.len();
    assert!((1..12).contains(&left), "{left} tags are left");
    assert!(
        printed.contains(&format!("{} tags deleted", 12 - left)),
        "{printed}"
    );
    assert!(
        printed.contains(&format!("stopped: {left} tags are left")),
        "{printed}"
    );
    Ok(())
}

#[cfg(unix)]
#[tokio::test]
async fn prune_tags_stops_immediately_on_a_second_ctrl_c() -> Result {
    let (sandbox, folder) = (shop().await?, folder("interrupt_twice")?);
    // The server does not respond during the test.
    sandbox
        .fail("deleteFullTag")
        .late()
        .delay(Duration::from_secs(3600))
        .always();
    let arguments = ["shop/web", "--keep", "0", "--apply"];
    let (id, waiting) = start_deleting(&sandbox, "prune_tags", &arguments, &folder).await?;
    // The signal is repeated until the program waits for the second one.
    while !waiting.is_finished() {
        interrupt(&id)?;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(waiting.await??.status.code(), Some(130));
    Ok(())
}

#[tokio::test]
async fn rotate_robot_tokens_writes_a_private_file_and_resumes() -> Result {
    let (sandbox, folder) = (shop().await?, folder("rotate")?);
    let shop = sandbox.quay().organization("shop")?;
    let token = async |name: &str| -> Result<String> {
        Ok(shop
            .robot(name)?
            .get()
            .await?
            .token
            .ok_or("no token")?
            .expose()
            .to_owned())
    };
    let (old_ci, old_deploy) = (token("ci").await?, token("deploy").await?);

    let ended = run_on(&sandbox, "rotate_robot_tokens", &["shop"], &folder).await?;
    ended
        .ends_with(0)
        .prints(&["shop+ci", "shop+deploy", "2 tokens would be rotated"]);
    run_on(
        &sandbox,
        "rotate_robot_tokens",
        &["shop", "--apply"],
        &folder,
    )
    .await?
    .ends_with(2);
    run_on(
        &sandbox,
        "rotate_robot_tokens",
        &["shop", "--robot", "nobody"],
        &folder,
    )
    .await?
    .ends_with(1);
    assert_eq!((writes(&sandbox), token("ci").await?), (0, old_ci.clone()));

    sandbox
        .fail("regenerateOrgRobotToken")
        .respond(ErrorResponse::ReadOnly);
    let arguments = ["shop", "--apply", "--to", "tokens.jsonl"];
    let ended = run_on(&sandbox, "rotate_robot_tokens", &arguments, &folder).await?;
    ended.ends_with(1);
    assert!(
        ended.err.contains("1 tokens rotated, 1 failed"),
        "{}",
        ended.err
    );
    // The file is not overwritten, and no token is rotated again.
    run_on(&sandbox, "rotate_robot_tokens", &arguments, &folder)
        .await?
        .ends_with(1);
    let ended = run_on(
        &sandbox,
        "rotate_robot_tokens",
        &[&arguments[..], &["--resume"]].concat(),
        &folder,
    )
    .await?;
    ended.ends_with(0);
    let (new_ci, new_deploy) = (token("ci").await?, token("deploy").await?);
    assert!(new_ci != old_ci && new_deploy != old_deploy);
    for secret in [&old_ci, &old_deploy, &new_ci, &new_deploy] {
        assert!(
            !ended.out.contains(secret.as_str()) && !ended.err.contains(secret.as_str()),
            "a token was shown"
        );
    }

    let path = folder.join("tokens.jsonl");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&path)?.permissions().mode() & 0o777, 0o600);
    }
    let lines: Vec<Value> = fs::read_to_string(path)?
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()?;
    let of = |robot: &str| {
        lines
            .iter()
            .filter(|l| l["robot"] == robot)
            .map(|l| l["token"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (of("shop+ci"), of("shop+deploy")),
        (vec![json!(new_ci)], vec![json!(new_deploy)])
    );

    // With -, standard output contains only the tokens.
    let ended = run_on(
        &sandbox,
        "rotate_robot_tokens",
        &["shop", "--robot", "ci", "--apply", "--to", "-"],
        &folder,
    )
    .await?;
    let line: Value = serde_json::from_str(&ended.ends_with(0).out)?;
    assert_eq!(
        (&line["robot"], &line["token"]),
        (&json!("shop+ci"), &json!(token("ci").await?))
    );
    Ok(())
}
