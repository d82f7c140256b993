//! One read of a log: its start, its mark, and its number of requests.

use super::server::Server;
use super::tags;
use quay_api::testing::seed::{LogEntrySeed, OrganizationSeed, RepositorySeed, Seed};
use quay_api::testing::{Response, Sandbox};
use quay_api::types::Timestamp;
use quay_api::{ErrorKind, LogMark, Quay, Result};
use serde_json::json;
use std::time::Duration;

const DAY: i64 = 86_400;

#[tokio::test]
async fn begins_now_or_at_a_given_second() -> Result<()> {
    let server = Server::start().await?;
    server.write(3600, "old");
    server.write(60, "older");
    server.write(0, "present");
    let first = server.logs().follow(None).await?;
    assert!(first.entries.is_empty(), "the log of before is not new");
    // In the same second as the first read, and late.
    server.write(0, "present");
    server.write(30, "late");
    let new = server.logs().follow(Some(first.mark)).await?;
    assert_eq!(tags(&new.entries), ["late", "present"]);

    let since = Timestamp::from_unix_seconds(server.log().now - 60).unwrap();
    let new = server.logs().follow(None).since(since).await?;
    assert_eq!(
        tags(&new.entries),
        ["older", "late", "present", "present"],
        "the second itself belongs to it"
    );
    let again = server.logs().follow(Some(new.mark)).since(since).await?;
    assert!(again.entries.is_empty(), "a mark counts for more");
    Ok(())
}

#[tokio::test]
async fn reads_a_recent_log_and_a_quiet_one_with_one_request() -> Result<()> {
    let server = Server::start().await?;
    for n in 0..200 {
        server.write(1000 + n, "before");
    }
    let mark = server.logs().follow(None).await?.mark;
    assert_eq!(server.sandbox.requests().len(), 1);
    server.write(0, "new");
    let mark = server.logs().follow(Some(mark)).await?.mark;
    assert_eq!(server.sandbox.requests().len(), 2);
    // A quiet month is one request too, whether entries come after it or not.
    for entries in [0, 1] {
        server.advance(31 * DAY);
        (0..entries).for_each(|_| server.write(0, "after"));
        let before = server.sandbox.requests().len();
        let new = server.logs().follow(Some(mark.clone())).await?;
        assert_eq!(new.entries.len(), entries);
        assert_eq!(
            server.windows(before)[0],
            (Some("03/10/2031".to_owned()), None),
            "the server knows which day it is"
        );
    }
    Ok(())
}

#[tokio::test]
async fn catches_up_in_windows_of_days_oldest_first() -> Result<()> {
    let server = Server::start().await?;
    let mark = server.logs().follow(None).await?.mark;
    for day in 0..40 {
        for n in 0..15 {
            server.write(n, &format!("{day}.{}", 14 - n));
        }
        server.advance(DAY);
    }
    let before = server.sandbox.requests().len();
    let new = server.logs().follow(Some(mark)).await?;
    let expected = (0..40).flat_map(|day| (0..15).map(move |n| format!("{day}.{n}")));
    assert_eq!(tags(&new.entries), expected.collect::<Vec<_>>());
    let windows = server.windows(before);
    let day = |day: &str| Some(day.to_owned());
    assert_eq!(windows[0], (day("03/10/2031"), None));
    assert_eq!(windows[1], (day("03/10/2031"), day("03/11/2031")));
    assert_eq!(windows[2], (day("03/12/2031"), day("03/13/2031")));
    assert_eq!(windows.last(), Some(&(day("04/19/2031"), None)));
    Ok(())
}

#[tokio::test]
async fn marks_stay_small() -> Result<()> {
    let server = Server::start().await?;
    let mut mark = server.logs().follow(None).await?.mark;
    for round in 0..20 {
        for n in 0..50 {
            server.write(0, &format!("{round}.{n}"));
        }
        server.advance(200);
        mark = server.logs().follow(Some(mark)).await?.mark;
        // Two rounds are within five minutes.
        assert!(
            mark.to_string().len() < 2200,
            "{} bytes",
            mark.to_string().len()
        );
    }
    Ok(())
}

#[tokio::test]
async fn yields_entries_that_a_page_skipped() -> Result<()> {
    let server = Server::start().await?;
    let mark = server.logs().follow(None).await?.mark;
    server.write(10, "one");
    server.write(10, "skipped");
    let entry = |tag: &str| {
        let date = Timestamp::from_unix_seconds(server.log().now - 10).unwrap();
        json!({"kind": "push_repo", "datetime": date.to_string(), "ip": "192.0.2.1",
               "metadata": {"repo": "web", "tag": tag},
               "performer": {"kind": "user", "name": "alice", "is_robot": false}})
    };
    let end = Timestamp::from_unix_seconds(server.log().now + DAY).unwrap();
    let page = json!({"logs": [entry("one")], "end_time": end.to_string()});
    server.sandbox.respond_next(Response::json(200, &page));
    let new = server.logs().follow(Some(mark)).await?;
    assert_eq!(tags(&new.entries), ["one"]);
    let new = server.logs().follow(Some(new.mark)).await?;
    assert_eq!(tags(&new.entries), ["skipped"]);
    Ok(())
}

fn acme() -> Seed {
    Seed::new()
        .user("alice")
        .organization(OrganizationSeed::new("acme").robot("ci"))
        .organization(OrganizationSeed::new("globex"))
        .repository(RepositorySeed::new("acme/web"))
        .repository(RepositorySeed::new("acme/api"))
}

fn entry(performer: &str) -> Seed {
    let entry = LogEntrySeed::new("pull_repo", "acme").repository("web");
    Seed::new().log(entry.performer(performer))
}

fn kinds(entries: &[quay_api::types::LogEntry]) -> Vec<&str> {
    entries.iter().map(|entry| entry.kind.as_str()).collect()
}

#[tokio::test]
async fn follows_every_log_and_rejects_marks_of_others() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    sandbox.seed(&acme())?;
    // A server whose clock is years behind.
    sandbox.clock().set("2021-05-05T23:59:58Z".parse()?);
    let quay: &Quay = sandbox.quay();
    let logs = || -> Result<_> {
        Ok([
            quay.organization("acme")?.logs(),
            quay.repository("acme/web")?.logs(),
            quay.superuser().logs(),
            quay.organization("globex")?.logs(),
            quay.repository("acme/api")?.logs(),
            quay.me().logs(),
        ])
    };
    let mut marks: Vec<LogMark> = Vec::new();
    for logs in logs()? {
        marks.push(logs.follow(None).await?.mark);
    }
    sandbox.clock().advance(Duration::from_secs(3));
    sandbox.seed(&entry("alice"))?;
    for (index, logs) in logs()?.into_iter().enumerate() {
        let new = logs.follow(Some(marks[index].clone())).await?;
        let expected: &[&str] = if index < 3 { &["pull_repo"] } else { &[] };
        assert_eq!(kinds(&new.entries), expected, "log {index}");
        let again = logs.follow(Some(new.mark)).await?;
        assert!(again.entries.is_empty(), "log {index}");
        for (other, mark) in marks
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != index)
        {
            let before = sandbox.requests().len();
            let error = logs.follow(Some(mark.clone())).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{other} at {index}");
            assert_eq!(sandbox.requests().len(), before);
        }
    }
    let of_alice = quay
        .organization("acme")?
        .logs()
        .follow(Some(marks[0].clone()));
    let error = of_alice.performed_by("alice").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    Ok(())
}

#[tokio::test]
async fn follows_one_performer() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    sandbox.seed(&acme())?;
    let (acme, web) = (
        sandbox.quay().organization("acme")?.logs(),
        sandbox.quay().repository("acme/web")?.logs(),
    );
    for logs in [acme, web] {
        let mark = logs.follow(None).performed_by("acme+ci").await?.mark;
        for performer in ["alice", "acme+ci", "alice", "acme+ci"] {
            sandbox.seed(&entry(performer))?;
        }
        let new = logs.follow(Some(mark)).performed_by("acme+ci").await?;
        assert_eq!(kinds(&new.entries), ["pull_repo"; 2]);
        let new = logs.follow(Some(new.mark)).performed_by("acme+ci").await?;
        assert!(new.entries.is_empty());
    }
    Ok(())
}

#[tokio::test]
async fn entries_of_deleted_performers_are_not_repeated() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    sandbox.seed(&acme())?;
    let acme = sandbox.quay().organization("acme")?;
    let mark = acme.logs().follow(None).await?.mark;
    sandbox.seed(&entry("acme+ci"))?;
    sandbox.seed(&entry("alice"))?;
    let new = acme.logs().follow(Some(mark)).await?;
    assert_eq!(kinds(&new.entries), ["pull_repo"; 2]);
    acme.robot("ci")?.delete().await?;
    sandbox.seed(&entry("alice"))?;
    let new = acme.logs().follow(Some(new.mark)).await?;
    let mut kinds = kinds(&new.entries);
    kinds.sort_unstable();
    assert_eq!(kinds, ["delete_robot", "pull_repo"]);
    assert!(new.entries.iter().all(|entry| entry.performer.is_some()));
    Ok(())
}

#[tokio::test]
async fn rejects_broken_marks_and_settings() -> Result<()> {
    let server = Server::start().await?;
    server.write(0, "a");
    let since = Timestamp::from_unix_seconds(server.log().now).unwrap();
    let mark = server.logs().follow(None).since(since).await?.mark;
    let text = mark.to_string();
    assert!(!text.contains(char::is_whitespace) && text.is_ascii());
    let json = serde_json::to_string(&mark).unwrap();
    assert_eq!(serde_json::from_str::<LogMark>(&json).unwrap(), mark);
    for broken in [
        "",
        "17",
        "quay-log=1",
        &text.replace("quay-log=1", "quay-log=9"),
        &text.replace("since=", "since=x"),
        &text.replace("seen=", "seen=x"),
        &text.replace("log=", "lag="),
    ] {
        assert!(broken.parse::<LogMark>().is_err(), "{broken}");
    }
    let before = server.sandbox.requests().len();
    let follow = || server.logs().follow(Some(mark.clone()));
    for (broken, rule) in [
        (follow().overlap(Duration::from_secs(86_401)), "`overlap`"),
        (follow().interval(Duration::ZERO), "`interval`"),
        (follow().performed_by(""), "performer"),
    ] {
        let error = broken.await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains(rule), "{error}");
    }
    assert_eq!(server.sandbox.requests().len(), before);
    Ok(())
}
