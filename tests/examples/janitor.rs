//! The example `registry_janitor`.

#[cfg(unix)]
use super::interrupts::{interrupt, start_deleting};
use super::{Result, folder, run, run_on, shop, tags, writes};
use quay_api::testing::ErrorResponse;
use quay_api::types::{ByteSize, UpdateTag, Visibility};
use std::fs;
use std::time::Duration;

const RULES: &str = r#"
organization = "shop"
immutable = ["^release-"]

[quota]
size = "1 GiB"
warn_at = 80
reject_at = 95

[[autoprune]]
tags = "^nightly-"
method = "number_of_tags"
value = 7

[[prune]]
repositories = ""
tags = "^v"
keep = 3
older_than = "5d"

[[prune]]
repositories = "^web$"
tags = "^v0[12]$"
keep = 0
older_than = "1d"
"#;

#[tokio::test]
async fn applies_the_rules_only_with_apply() -> Result {
    let (sandbox, folder) = (shop().await?, folder("janitor")?);
    fs::write(folder.join("shop.toml"), RULES)?;
    let shop = sandbox.quay().organization("shop")?;
    let web = shop.repository("web")?;
    web.tag("v02")?
        .update(UpdateTag::new().immutable(true))
        .await?;
    let before = writes(&sandbox);

    // Of twelve tags, three are kept, two more are too recent, and one is immutable.
    let ended = run_on(&sandbox, "registry_janitor", &["shop.toml"], &folder).await?;
    ended.ends_with(3).prints(&[
        "+ quota: 1 GiB",
        "+ autoprune policy of ^nightly-",
        "+ immutability policy of ^release-",
        "- shop/web:v01, pushed ",
        "9 differences; run with --apply to make the changes",
    ]);
    assert_eq!(writes(&sandbox), before, "a dry run changes nothing");
    assert!(
        !ended.out.contains("v02,") && !ended.out.contains("v08,"),
        "{}",
        ended.out
    );

    // One change fails: the others are made, and the next run makes it.
    sandbox
        .fail("deleteFullTag")
        .respond(ErrorResponse::ReadOnly);
    let arguments = ["--apply", "shop.toml"];
    let ended = run_on(&sandbox, "registry_janitor", &arguments, &folder).await?;
    ended
        .ends_with(1)
        .prints(&["+ limits of the quota", "9 changes made, 1 failed"]);
    assert!(ended.err.contains("failed: shop/web:v"), "{}", ended.err);
    run_on(&sandbox, "registry_janitor", &arguments, &folder)
        .await?
        .ends_with(0)
        .prints(&["1 changes made"]);
    let before = writes(&sandbox);
    run_on(&sandbox, "registry_janitor", &arguments, &folder)
        .await?
        .ends_with(0)
        .prints(&["nothing to do: shop matches shop.toml"]);
    assert_eq!(writes(&sandbox), before);

    let left = ["v02", "v08", "v09", "v10", "v11", "v12"];
    assert_eq!(tags(&sandbox, "shop/web").await?, left);
    let quotas = shop.quotas().list().await?;
    assert_eq!(quotas[0].limit_bytes, Some(ByteSize::new(1 << 30)));
    assert_eq!(quotas[0].limits.as_deref().map(<[_]>::len), Some(2));
    assert_eq!(shop.autoprune_policies().list().await?.len(), 1);
    assert_eq!(shop.immutability_policies().list().await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn reports_each_change_once() -> Result {
    let (sandbox, folder) = (shop().await?, folder("janitor_log")?);
    fs::write(folder.join("shop.toml"), "organization = \"shop\"")?;
    let web = sandbox.quay().repository("shop/web")?;
    let arguments = ["shop.toml", "--mark", "shop.mark"];
    let report = async || run_on(&sandbox, "registry_janitor", &arguments, &folder).await;

    web.set_visibility(Visibility::Public).await?;
    report()
        .await?
        .ends_with(0)
        .prints(&["change_repo_visibility web"]);
    web.set_description("Another one").await?;
    let ended = report().await?;
    ended
        .ends_with(0)
        .prints(&["set_repo_description web", "log: 1 changes"]);
    assert!(
        !ended.out.contains("change_repo_visibility"),
        "{}",
        ended.out
    );
    report()
        .await?
        .ends_with(0)
        .prints(&["log: 0 changes, 0 pushes and pulls"]);

    // A file that contains no mark is not overwritten.
    fs::write(folder.join("shop.mark"), "something else")?;
    let ended = report().await?;
    assert!(
        ended.ends_with(1).err.contains("the file of --mark"),
        "{}",
        ended.err
    );
    assert_eq!(
        fs::read_to_string(folder.join("shop.mark"))?,
        "something else"
    );
    Ok(())
}

#[cfg(unix)]
#[tokio::test]
async fn stops_between_two_changes_on_ctrl_c() -> Result {
    let (sandbox, folder) = (shop().await?, folder("janitor_interrupt")?);
    fs::write(folder.join("shop.toml"), RULES)?;
    // The signal arrives during the first deletion.
    let slow = sandbox.fail("deleteFullTag").late();
    slow.delay(Duration::from_secs(1)).always();
    let arguments = ["shop.toml", "--apply"];
    let (id, waiting) = start_deleting(&sandbox, "registry_janitor", &arguments, &folder).await?;
    assert!(interrupt(&id)?);
    let output = waiting.await??;
    let err = String::from_utf8(output.stderr)?;
    assert_eq!(output.status.code(), Some(1), "{err}");
    // The reported number is the number of changes.
    let left = tags(&sandbox, "shop/web").await?.len();
    let made = 4 + 12 - left;
    assert!((6..12).contains(&left), "{left} tags are left");
    assert!(
        err.contains(&format!("stopped after {made} changes")),
        "{err}"
    );
    Ok(())
}

#[tokio::test]
async fn keeps_the_tags_of_repositories_that_can_not_be_read() -> Result {
    let (sandbox, folder) = (shop().await?, folder("janitor_unread")?);
    fs::write(folder.join("shop.toml"), RULES)?;
    sandbox
        .fail("listRepoTags")
        .respond(ErrorResponse::NotFound)
        .always();
    let arguments = ["shop.toml", "--apply"];
    let ended = run_on(&sandbox, "registry_janitor", &arguments, &folder).await?;
    ended.ends_with(1).prints(&["4 changes made, 1 failed"]);
    assert!(ended.err.contains("failed: shop/web: "), "{}", ended.err);
    assert!(sandbox.requests_of("deleteFullTag").is_empty());
    Ok(())
}

#[tokio::test]
async fn refuses_unknown_and_incomplete_rules() -> Result {
    let (sandbox, folder) = (shop().await?, folder("janitor_rules")?);
    let wrong = [
        ("tag = \"^v\"", "tag"),
        (
            "[[prune]]\nrepositories = \"\"\ntags = \"(\"\nkeep = 0\nolder_than = \"1d\"",
            "regex",
        ),
        (
            "[[prune]]\nrepositories = \"\"\ntags = \"\"\nolder_than = \"1d\"",
            "keep",
        ),
        (
            "[[autoprune]]\nmethod = \"number_of_tags\"\nvalue = 3",
            "tags",
        ),
    ];
    for (rule, reason) in wrong {
        let text = format!("organization = \"shop\"\n{rule}\n");
        fs::write(folder.join("wrong.toml"), text)?;
        let ended = run_on(
            &sandbox,
            "registry_janitor",
            &["wrong.toml", "--apply"],
            &folder,
        )
        .await?;
        let err = &ended.ends_with(1).err;
        assert!(
            err.contains("wrong.toml is not valid") && err.contains(reason),
            "{err}"
        );
    }
    let ended = run_on(&sandbox, "registry_janitor", &["--apply"], &folder).await?;
    assert!(
        ended.ends_with(1).err.contains("FILE is required"),
        "{}",
        ended.err
    );
    assert_eq!(
        sandbox.requests().len(),
        0,
        "nothing is sent before the rules are read"
    );
    // The sample is valid: the embedded server runs it.
    run("registry_janitor", &[], &folder).await?.ends_with(3);
    Ok(())
}
