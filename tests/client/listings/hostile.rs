//! Invalid pages of a server, and invalid stored positions.

use super::pages::*;
use futures::StreamExt;
use quay_api::testing::{Response, Sandbox};
use quay_api::types::Timestamp;
use quay_api::{ErrorKind, ListingPosition, Result};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

fn repositories(numbers: impl IntoIterator<Item = usize>) -> Vec<Value> {
    let names = names(numbers);
    names.iter().map(|name| repository(name)).collect()
}

#[tokio::test]
async fn equal_rows_are_yielded_once_with_page_numbers_and_tokens() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let quay = sandbox.quay();
    // Row 105 of page 2 is repeated on page 4, and row 201 is twice on page 3.
    let page = |number: usize| -> Vec<usize> {
        let mut rows: Vec<usize> = ((number - 1) * 100..number * 100).collect();
        match number {
            3 => rows[0] = 201,
            4 => rows[50] = 105,
            _ => {}
        }
        rows
    };
    sandbox.respond_with("listRepoTags", move |received| {
        let number = number(received, "page", 1);
        let rows: Vec<Value> = names(page(number)).iter().map(|name| tag(name)).collect();
        let more = number < 5;
        Response::json(
            200,
            &json!({"tags": rows, "page": number, "has_additional": more}),
        )
    });
    let by_token = move |received: &quay_api::testing::RecordedRequest| {
        let number = number(received, "next_page", 1);
        let mut body = json!({"repositories": repositories(page(number))});
        if number < 5 {
            body["next_page"] = json!((number + 1).to_string());
        }
        Response::json(200, &body)
    };
    sandbox.respond_with("listRepos", by_token);
    sandbox.respond_with("listStarredRepos", by_token);
    let expected = names((0..500).filter(|n| *n != 200 && *n != 350));
    for concurrency in [1, 4] {
        let tags = quay.repository("acme/web")?.tags().list();
        let tags = tags.concurrency(concurrency).await?;
        let tags: Vec<String> = tags.into_iter().map(|tag| tag.name).collect();
        assert_eq!(tags, expected);
    }
    for listed in [
        quay.repositories().list().namespace("acme").await?,
        quay.me().starred().await?,
    ] {
        let listed: Vec<String> = listed.into_iter().map(|r| r.name).collect();
        assert_eq!(listed, expected);
    }
    Ok(())
}

#[tokio::test]
async fn continues_after_an_empty_page() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let quay = sandbox.quay();
    for concurrency in [1, 4] {
        let is_broken = Arc::new(AtomicBool::new(true));
        let (respond, broken) = (tags(&Names::many(450)), Arc::clone(&is_broken));
        sandbox.respond_with("listRepoTags", move |received| {
            match number(received, "page", 1) == 3 && broken.load(Ordering::SeqCst) {
                true => {
                    let body = json!({"tags": [], "page": 3, "has_additional": true});
                    Response::json(200, &body)
                }
                false => respond(received),
            }
        });
        let tags = quay.repository("acme/web")?.tags().list();
        let mut stream = tags.concurrency(concurrency).stream();
        let mut read = Vec::new();
        let error = loop {
            match stream.next().await {
                Some(Ok(tag)) => read.push(tag.name),
                Some(Err(error)) => break error,
                None => panic!("it ended as if nothing had happened"),
            }
        };
        assert_eq!(error.kind(), ErrorKind::InvalidResponse);
        assert_eq!(read, names(0..200));
        is_broken.store(false, Ordering::SeqCst);
        stream.resume();
        while let Some(tag) = stream.next().await {
            read.push(tag?.name);
        }
        assert_eq!(read, names(0..450));
    }
    // Lines of a build, whose next page is not known.
    let build = quay
        .repository("acme/web")?
        .build("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    sandbox.respond_with("getRepoBuildLogs", |received| {
        let start = number(received, "start", 0);
        Response::json(200, &json!({"start": start, "total": 5, "logs": []}))
    });
    let error = build.log_lines().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{error}");
    Ok(())
}

#[tokio::test]
async fn a_page_with_far_more_rows_than_requested_is_refused() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let quay = sandbox.quay();
    sandbox.respond_with("listRepoTags", |received| {
        let rows: Vec<Value> = names(0..5_000).iter().map(|name| tag(name)).collect();
        let page = number(received, "page", 1);
        Response::json(
            200,
            &json!({"tags": rows, "page": page, "has_additional": false}),
        )
    });
    for page_size in [1, 100] {
        let tags = quay.repository("acme/web")?.tags().list();
        let error = tags.page_size(page_size).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidResponse);
        let message = format!("a page has 5000 rows, but at most {page_size} were requested");
        assert!(error.to_string().contains(&message), "{error}");
    }
    // A server that ignores the parameter sends everything in one response.
    sandbox.respond_with("listAllUsers", |_| {
        let rows: Vec<Value> = names(0..5_000).iter().map(|name| user(name)).collect();
        Response::json(200, &json!({"users": rows}))
    });
    assert_eq!(quay.superuser().users().list().await?.len(), 5_000);
    Ok(())
}

#[tokio::test]
async fn any_number_of_quiet_days_ends() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let requests = Arc::new(AtomicUsize::new(0));
    let received = Arc::clone(&requests);
    sandbox.respond_with("listOrgLogs", move |request| {
        received.fetch_add(1, Ordering::SeqCst);
        let oldest = request.query("starttime").as_deref() == Some("01/01/0001");
        let entry = json!({
            "kind": "pull_repo",
            "datetime": "0001-01-01T12:00:00Z",
            "metadata": {},
            "ip": "192.0.2.1",
        });
        Response::json(
            200,
            &json!({"logs": if oldest { vec![entry] } else { vec![] }}),
        )
    });
    let day = |text: &str| text.parse::<Timestamp>().unwrap();
    let logs = sandbox.quay().organization("acme")?.logs().list();
    let logs = logs.since(day("0001-01-01")).until(day("2025-12-31"));
    assert_eq!(logs.await?.len(), 1);
    // More windows without entries than empty pages are accepted in one window.
    assert!(requests.load(Ordering::SeqCst) > 1_000);
    Ok(())
}

#[tokio::test]
async fn endless_notices_are_an_error() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    sandbox.respond_with("listUserNotifications", |_| {
        Response::json(200, &json!({"notifications": [], "additional": true}))
    });
    let error = sandbox.quay().me().notices().list().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
    assert!(requested(&sandbox) < 10);
    Ok(())
}

#[tokio::test]
async fn loses_no_starred_repository_while_stars_are_added_and_removed() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let rows = Names::many(350);
    let (served, nth) = (rows.clone(), AtomicUsize::new(0));
    sandbox.respond_with("listStarredRepos", move |received| {
        let from = received.query("next_page").unwrap_or_default();
        let mut all = served.lock();
        if nth.fetch_add(1, Ordering::SeqCst) == 1 {
            all.retain(|row| *row != name(5) && *row != name(99));
            all.push("row99999".to_owned());
        }
        let found: Vec<String> = all
            .iter()
            .filter(|n| **n >= from)
            .take(101)
            .cloned()
            .collect();
        let shown: Vec<Value> = found.iter().take(100).map(|n| repository(n)).collect();
        let mut body = json!({"repositories": shown});
        if let Some(next) = found.get(100) {
            body["next_page"] = json!(next);
        }
        Response::json(200, &body)
    });
    let starred = sandbox.quay().me().starred().await?;
    let mut expected = names(0..350);
    expected.push("row99999".to_owned());
    assert_eq!(
        starred.into_iter().map(|r| r.name).collect::<Vec<_>>(),
        expected
    );
    Ok(())
}

#[tokio::test]
async fn refuses_positions_out_of_range() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let tags = sandbox.quay().repository("acme/web")?.tags().list();
    let valid = tags.clone().stream().position().to_string();
    assert!(valid.contains("page=1&row=0"), "{valid}");
    for (from, to) in [
        ("page=1", "page=0"),
        ("page=1", "page=18446744073709551615"),
        ("page=1", "page=9223372036854775807"),
        ("page=1", "page=-1"),
        ("page=1", "offset=18446744073709551615"),
        ("page=1", "offset=x"),
        ("page=1", "page=x&start="),
        ("row=0", "row=18446744073709551615"),
        ("row=0", "row=0&last=1.18446744073709551615"),
        ("row=0", "row=0&last=1.0"),
        ("row=0", "row=0&last=1.9223372036854775808.1"),
        (
            "page=1",
            "since=2026-01-02&until=2026-01-01&oldest=2026-01-01",
        ),
    ] {
        let position = valid.replace(from, to);
        let error = position.parse::<ListingPosition>().unwrap_err();
        let expected = "one of its fields is missing, invalid or out of range";
        assert!(error.to_string().contains(expected), "{position}: {error}");
    }
    // Well-formed, but not a position of this listing.
    for cursor in ["offset=100", "start=", "token=a&given=1"] {
        let position: ListingPosition = valid.replace("page=1", cursor).parse().unwrap();
        let error = tags.clone().resume_from(position).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{cursor}: {error}");
    }
    assert_eq!(requested(&sandbox), 0);
    // As far as positions go, pages are requested as they are numbered.
    sandbox.respond_with("listRepoTags", super::pages::tags(&Names::many(5)));
    let position: ListingPosition = valid
        .replace("page=1", "page=281474976710656")
        .parse()
        .unwrap();
    assert!(tags.resume_from(position).await?.is_empty());
    let sent = sandbox.requests()[0].query("page");
    assert_eq!(sent.as_deref(), Some("281474976710656"));
    Ok(())
}
