//! The example `quickstart`.

use super::{Result, folder, run_on, shop};

#[tokio::test]
async fn quickstart_shows_active_tags_and_the_repository_of_each_log_entry() -> Result {
    let (sandbox, folder) = (shop().await?, folder("quickstart")?);
    let web = sandbox.quay().repository("shop/web")?;
    web.tag("v12")?.delete().await?;
    web.set_description("A description").await?;
    let arguments = ["--organization", "shop"];
    let ended = run_on(&sandbox, "quickstart", &arguments, &folder).await?;
    ended.ends_with(0).prints(&["shop+ci", "shop+deploy"]);
    let row = |text: &str| ended.out.lines().find(|line| line.contains(text));
    assert!(
        row("web:v11 ").is_some_and(|line| line.contains("1 MiB")),
        "{}",
        ended.out
    );
    assert!(
        row("web:v12 ").is_none(),
        "a deleted tag is shown\n{}",
        ended.out
    );
    let change = row("set_repo_description").ok_or("no row of the change")?;
    assert!(change.trim_end().ends_with(" web"), "{change}");
    Ok(())
}
