//! Usage logs: windows of days, equal rows, stale tokens.

use futures::TryStreamExt;
use quay_api::testing::{RecordedRequest, Response, Sandbox};
use quay_api::types::{LogEntry, Timestamp};
use quay_api::{ErrorKind, Listing, ListingPosition, Result};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const DAY: i64 = 86_400;

fn day(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A log, newest first: the second of each entry, and a number that distinguishes it.
type Log = Arc<Mutex<Vec<(i64, u32)>>>;

fn moment(received: &RecordedRequest, parameter: &str) -> i64 {
    received
        .query(parameter)
        .unwrap()
        .parse::<Timestamp>()
        .unwrap()
        .unix_seconds()
}

/// Responses as Quay does: both days belong to it, 20 a page, and an empty page at the end.
fn server(log: &Log) -> impl Fn(&RecordedRequest) -> Response + Send + Sync + 'static {
    let log = Arc::clone(log);
    let nth = std::sync::atomic::AtomicUsize::new(0);
    move |received| {
        let (since, until) = (
            moment(received, "starttime"),
            moment(received, "endtime") + DAY,
        );
        let log = log.lock().unwrap();
        let found: Vec<&(i64, u32)> = log
            .iter()
            .filter(|(second, _)| (since..until).contains(second))
            .collect();
        // A token names a place in the log, which stays where it is when entries are added before
        // it.
        let left = received
            .query("next_page")
            .map(|token| token.split('-').next().unwrap().parse::<usize>().unwrap());
        let from = left.map_or(0, |left| found.len() - left);
        let rows: Vec<Value> = found
            .iter()
            .skip(from)
            .take(20)
            .map(|(second, id)| entry(*second, *id))
            .collect();
        let mut response = json!({"logs": rows});
        if !found.is_empty() && from < found.len() {
            // Never the same token twice.
            let nth = nth.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            response["next_page"] =
                json!(format!("{}-{nth}", found.len().saturating_sub(from + 20)));
        }
        Response::json(200, &response)
    }
}

fn entry(second: i64, id: u32) -> Value {
    let moment = Timestamp::from_unix_seconds(second).unwrap();
    json!({
        "kind": "pull_repo",
        "datetime": moment.to_string(),
        "metadata": {"tag": id.to_string()},
        "ip": "192.0.2.1",
    })
}

/// Returns the entries that were read, in the form that the log has.
fn ids(read: Vec<LogEntry>) -> Vec<(i64, u32)> {
    let id = |entry: &LogEntry| {
        serde_json::to_value(&entry.metadata).unwrap()["tag"]
            .as_str()
            .unwrap()
            .parse()
            .unwrap()
    };
    read.iter()
        .map(|entry| (entry.datetime.unix_seconds(), id(entry)))
        .collect()
}

/// Ten days in November, with entries at both ends of each day, and a burst of 60 in one second.
fn november() -> Vec<(i64, u32)> {
    let first = day("2026-11-01").unix_seconds();
    let mut log = Vec::new();
    for n in 0..10 {
        let midnight = first + n * DAY;
        log.extend([(midnight, 0), (midnight + DAY - 1, 1)]);
        log.extend((0..n as u32 * 7).map(|id| (midnight + 3600 + i64::from(id), id)));
    }
    log.extend((0..60).map(|id| (first + 5 * DAY + 7200 * 5, id)));
    log.sort_by_key(|(second, _)| std::cmp::Reverse(*second));
    log
}

fn listing(sandbox: &Sandbox) -> Result<Listing<quay_api::api::ListLogs>> {
    Ok(sandbox
        .quay()
        .organization("acme")?
        .logs()
        .list()
        .since(day("2026-11-01"))
        .until(day("2026-11-10T17:00:00Z")))
}

#[tokio::test]
async fn reads_long_ranges_in_windows_that_share_no_day() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let log: Log = Arc::new(Mutex::new(november()));
    sandbox.respond_with("listOrgLogs", server(&log));
    assert_eq!(ids(listing(&sandbox)?.await?), november());
    let mut windows: Vec<(String, String)> = sandbox
        .requests()
        .iter()
        .map(|r| (r.query("starttime").unwrap(), r.query("endtime").unwrap()))
        .collect();
    windows.dedup();
    let expected = [
        ("09", "10"),
        ("07", "08"),
        ("05", "06"),
        ("03", "04"),
        ("01", "02"),
    ];
    assert_eq!(
        windows,
        expected.map(|(since, until)| (format!("11/{since}/2026"), format!("11/{until}/2026")))
    );
    // An odd number of days, one day, and days without entries.
    let days = |since, until| {
        sandbox
            .quay()
            .organization("acme")
            .map(|acme| acme.logs().list().since(day(since)).until(day(until)))
    };
    let within = |since: &str, until: &str| {
        let (since, until) = (day(since).unix_seconds(), day(until).unix_seconds() + DAY);
        november()
            .into_iter()
            .filter(|(second, _)| (since..until).contains(second))
            .collect::<Vec<_>>()
    };
    for (since, until) in [
        ("2026-11-02", "2026-11-04"),
        ("2026-11-06", "2026-11-06"),
        ("2026-10-01", "2026-12-24"),
        ("2026-12-01", "2026-12-05"),
    ] {
        assert_eq!(
            ids(days(since, until)?.await?),
            within(since, until),
            "{since} to {until}"
        );
    }
    let error = days("2026-11-06", "2026-11-05")?.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    Ok(())
}

#[tokio::test]
async fn resumes_a_log_after_any_of_several_equal_entries() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let log: Log = Arc::new(Mutex::new(november()));
    sandbox.respond_with("listOrgLogs", server(&log));
    let all = november();
    for taken in (0..=all.len())
        .step_by(23)
        .chain([1, 19, 20, 21, 211, all.len()])
    {
        let mut stream = listing(&sandbox)?.stream();
        let mut read: Vec<LogEntry> = futures::StreamExt::take(&mut stream, taken)
            .try_collect()
            .await?;
        let position: ListingPosition = stream.position().to_string().parse().unwrap();
        // New entries of today.
        log.lock().unwrap().splice(
            0..0,
            [(day("2026-11-10T18:00:00Z").unix_seconds() + DAY / 5, 99)],
        );
        read.extend(listing(&sandbox)?.resume_from(position).await?);
        log.lock().unwrap().remove(0);
        let read: Vec<_> = ids(read).into_iter().filter(|(_, id)| *id != 99).collect();
        assert!(
            read == all,
            "after {taken}: {} of {}",
            read.len(),
            all.len()
        );
    }
    Ok(())
}

/// Returns a log of 40 entries in ten years, with a burst of 50 in one of them.
fn decade() -> Vec<(i64, u32)> {
    let last = day("2026-11-10").unix_seconds();
    let mut log: Vec<(i64, u32)> = (0..40)
        .map(|n| (last - i64::from(n) * 91 * DAY - 1, n))
        .collect();
    log.extend((0..50).map(|n| (last - 2000 * DAY + i64::from(n) * 60, 100 + n)));
    log.sort_by_key(|(second, _)| std::cmp::Reverse(*second));
    log
}

#[tokio::test]
async fn years_without_entries_take_few_requests() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    sandbox.respond_with("listOrgLogs", server(&Arc::new(Mutex::new(decade()))));
    let listing = || {
        let logs = sandbox.quay().organization("acme")?.logs().list();
        Ok::<_, quay_api::Error>(logs.since(day("1970-01-01")).until(day("2026-11-10")))
    };
    assert_eq!(ids(listing()?.await?), decade());
    // With a request for every two days, there would be more than 10,000.
    let requests = sandbox.requests().len();
    assert!(requests < 600, "{requests}");
    for taken in (0..=decade().len()).step_by(7) {
        let mut stream = listing()?.stream();
        let mut read: Vec<LogEntry> = futures::StreamExt::take(&mut stream, taken)
            .try_collect()
            .await?;
        let position: ListingPosition = stream.position().to_string().parse().unwrap();
        read.extend(listing()?.resume_from(position).await?);
        assert_eq!(ids(read), decade(), "after {taken}");
    }
    Ok(())
}

#[tokio::test]
async fn slow_readers_send_no_stale_token() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let log: Log = Arc::new(Mutex::new(november()));
    // As Quay does, a token that is too old is read as none: nothing here may depend on it.
    sandbox.respond_with("listOrgLogs", server(&log));
    for prefetch in [0, 1] {
        let mut stream = listing(&sandbox)?.prefetch(prefetch).stream();
        let mut read = Vec::new();
        while let Some(entry) = stream.try_next().await? {
            read.push(entry);
            // In the middle of the burst as well.
            if read.len() % 37 == 0 {
                let position: ListingPosition = stream.position().to_string().parse().unwrap();
                tokio::time::pause();
                tokio::time::advance(Duration::from_secs(3 * 86_400)).await;
                tokio::time::resume();
                assert!(!position.to_string().is_empty());
            }
        }
        assert_eq!(ids(read), november());
    }
    Ok(())
}

#[tokio::test]
async fn detects_a_restarted_log_but_accepts_equal_entries() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    // A thousand entries of one second that look the same.
    let second = day("2026-11-10").unix_seconds();
    let burst: Log = Arc::new(Mutex::new(vec![(second, 1); 1000]));
    sandbox.respond_with("listOrgLogs", server(&burst));
    assert_eq!(listing(&sandbox)?.await?.len(), 1000);
    // The third page repeats the first, after entries that were added in the meantime.
    for added in [0, 1, 5, 30] {
        let response = server(&Arc::new(Mutex::new(
            (0..200).map(|n| (second - i64::from(n) * 60, n)).collect(),
        )));
        let newer = server(&Arc::new(Mutex::new(
            (0..200 + added)
                .map(|n| (second + i64::from(added) * 60 - i64::from(n) * 60, n))
                .collect(),
        )));
        let count = std::sync::atomic::AtomicUsize::new(0);
        sandbox.respond_with("listOrgLogs", move |received| {
            let nth = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            if nth < 2 {
                return response(received);
            }
            let mut first = received.clone();
            if nth == 2 {
                first.path = first
                    .path
                    .split('&')
                    .filter(|part| !part.starts_with("next_page"))
                    .collect::<Vec<_>>()
                    .join("&");
            }
            newer(&first)
        });
        let mut stream = listing(&sandbox)?.stream();
        let mut read = 0;
        let error = loop {
            match stream.try_next().await {
                Ok(Some(_)) => read += 1,
                Ok(None) => panic!("it ended as if nothing had happened"),
                Err(error) => break error,
            }
        };
        assert_eq!(
            (error.kind(), read),
            (ErrorKind::ListingRestarted, 40),
            "with {added} added"
        );
    }
    Ok(())
}
