//! The demo data: what is in it fits together.

use quay_api::Result;
use quay_api::testing::Sandbox;
use std::collections::BTreeMap;

#[tokio::test]
async fn robot_accounts_are_older_than_what_they_did() -> Result<()> {
    let sandbox = Sandbox::demo().await?;
    let mut used = 0;
    for name in ["acme", "globex"] {
        let organization = sandbox.quay().organization(name)?;
        let robots = organization.robots().list().await?;
        let robots: BTreeMap<String, _> = robots
            .into_iter()
            .map(|robot| (robot.name.to_string(), robot))
            .collect();
        let since = sandbox
            .clock()
            .now()
            .checked_sub(std::time::Duration::from_secs(100 * 86_400));
        let entries = organization
            .logs()
            .list()
            .since(since.expect("a date"))
            .await?;
        for entry in entries {
            let performer = entry
                .performer
                .map(|performer| performer.name)
                .unwrap_or_default();
            if !performer.contains('+') {
                continue;
            }
            let robot = robots.get(&performer);
            let robot = robot.unwrap_or_else(|| panic!("{performer} acts in {name}"));
            assert!(robot.created < Some(entry.datetime), "{robot:?}");
            assert!(robot.last_accessed >= Some(entry.datetime), "{robot:?}");
            used += 1;
        }
        for repository in sandbox.quay().repositories().list().namespace(name).await? {
            let tags = sandbox
                .quay()
                .repository(&repository)?
                .tags()
                .list()
                .await?;
            let oldest = tags.iter().filter_map(|tag| tag.start_ts).min();
            for robot in robots.values() {
                assert!(
                    oldest.is_none() || robot.created < oldest,
                    "{}: {robot:?}",
                    repository.name
                );
            }
        }
    }
    assert!(used > 100, "{used} entries of robot accounts");
    Ok(())
}
