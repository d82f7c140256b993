//! Following a log since a time long before its first entry, or after the present.

use super::server::Server;
use super::tags;
use quay_api::types::Timestamp;
use quay_api::{ErrorKind, Result};
use std::time::Duration;

const DAY: i64 = 86_400;

/// Three years with an entry per week, and 150 entries on one day in the middle.
async fn sparse() -> Result<(Server, Vec<String>)> {
    let server = Server::start().await?;
    for week in 0..150 {
        server.write(0, &format!("week {week}"));
        if week == 75 {
            for n in 0..150 {
                server.write(0, &format!("burst {n}"));
            }
        }
        server.advance(7 * DAY);
    }
    let mut written = server.log().written();
    written.sort_by_key(|(second, _)| *second);
    let mut written: Vec<String> = written.into_iter().map(|(_, tag)| tag).collect();
    written.sort();
    Ok((server, written))
}

#[tokio::test]
async fn a_long_time_without_entries_takes_few_requests() -> Result<()> {
    let (server, written) = sparse().await?;
    let epoch = Timestamp::from_unix_seconds(0).unwrap();
    for since in [epoch, Timestamp::MIN] {
        let before = server.sandbox.requests().len();
        let new = server.logs().follow(None).since(since).await?;
        let mut found = tags(&new.entries);
        let dates = new.entries.iter().map(|entry| entry.datetime);
        assert!(dates.is_sorted(), "oldest first");
        found.sort();
        assert_eq!(found, written);
        let requests = server.sandbox.requests().len() - before;
        // With a request for every two days, there would be more than 11,000 since 1970.
        assert!(requests < 300, "{requests} requests since {since}");
        // A server can't read the year 0, and would respond with the last day only.
        for (start, end) in server.windows(before) {
            for date in [start, end].into_iter().flatten() {
                assert!(!date.ends_with("/0000"), "{date}");
            }
        }
        assert!(
            server
                .logs()
                .follow(Some(new.mark))
                .await?
                .entries
                .is_empty()
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_time_in_the_future_is_explained() -> Result<()> {
    let server = Server::start().await?;
    let error = server
        .logs()
        .follow(None)
        .since(Timestamp::MAX)
        .await
        .expect_err("the server rejects it");
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(
        error.message().contains("in the future, got 9999-12-31"),
        "{error}"
    );
    // Within the days that the server accepts, the entries from then on are new.
    let noon = Timestamp::from_unix_seconds(server.log().now).unwrap();
    let soon = noon + Duration::from_secs(3600);
    let new = server.logs().follow(None).since(soon).await?;
    server.advance(3599);
    server.write(0, "before");
    server.advance(1);
    server.write(0, "then");
    let new = server.logs().follow(Some(new.mark)).await?;
    assert_eq!(tags(&new.entries), ["then"]);
    Ok(())
}
