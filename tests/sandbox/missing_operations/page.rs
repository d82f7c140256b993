//! `docs/missing-operations.md`: what servers respond with that lack an operation, and what the
//! crate makes of it, as it was seen here.

use super::calls::NamedCall;
use super::{Edition, RELEASES, path, results};
use crate::plain_client;
use futures::stream::{self, StreamExt};
use quay_api::testing::Sandbox;
use quay_api::{Delivery, OPERATIONS, Operation, Result};
use reqwest::Client;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

const PAGE: &str = "docs/missing-operations.md";

const INTRODUCTION: &str = "\
# Operations that a server lacks

A release introduces an operation, and the operation exists only while its settings are on. The
response of a server that lacks an operation is often misleading. Below `/api/v1/repository/`, the
server reads the path as the name of a repository and runs another operation. Elsewhere, servers
before 3.14 respond with status 500. In all of these cases, the crate returns an error for which
`is_feature_disabled()` is true, also from `get_opt`, `delete_if_exists`, `create_if_absent` and
`ensure`.

The column of a release has the response of a server of that release that lacks the operation,
because it is older or a setting is off. The column is empty if every server of that release has
the operation. *page* is HTML, *message* is the short JSON error `{\"message\": …}`, and other
words are the title of the long JSON error. *runs* names the operation that the server runs
instead. *detected by* states how the crate recognizes the missing operation:

- *response*: status and body are those of a missing route.
- *document*: the response is ambiguous, and the server's discovery document does not list the
  operation.
- *before*: the client reads the document first and does not send the request, because the server
  would delete a repository.
- *caller*: the operation exists but rejects every caller, and another operation shows that the
  caller is a superuser.

`UPDATE_GOLDEN=1 cargo test --test sandbox missing_operations` writes this page. It calls each
edition of the sandbox with every operation that the edition lacks according to `since` and
`feature` in the overlay. Twenty-five of the operations were also called on servers of releases
3.8.15, 3.12.21 and 3.15.7, which respond as the sandbox does.

The sandbox differs from servers in three ways: it requires the settings of the newest release,
while older releases require fewer; it counts a server between two patch releases as the newer one;
and it has no proxy, which may respond in place of a server. Without a discovery document, the
error for an ambiguous response has the kind of that response. Quay's registry in Go lacks every
operation except `deleteRepository`. It responds with 404 and `{\"error\": \"not found\"}`, or with
405 to a path that it reads as that of a repository.

";

/// The responses to an operation on servers of a release.
#[derive(Default)]
struct Cell {
    responses: BTreeSet<String>,
    told_by: BTreeSet<&'static str>,
}

/// By operation and release.
type Rows = BTreeMap<&'static str, BTreeMap<&'static str, Cell>>;

/// The responses to the operations that an edition lacks.
struct Seen {
    edition: Edition,
    responses: Vec<(&'static str, String)>,
    results: Vec<(NamedCall, Result<String>)>,
}

async fn look(edition: Edition) -> Result<Seen> {
    let sandbox = edition.start().await?;
    // One client for all requests: making one takes longer than a request.
    let client = plain_client();
    let mut responses = Vec::new();
    for operation in OPERATIONS.iter().filter(|o| edition.is_looked_at(o)) {
        responses.push((operation.id(), respond(&client, &sandbox, operation).await));
    }
    let results = results(&edition, sandbox.quay()).await;
    assert!(
        sandbox.requests_of("discovery").len() < 2,
        "the document was read more than once: {edition:?}"
    );
    Ok(Seen {
        edition,
        responses,
        results,
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missing_operation_is_never_a_missing_object() -> Result<()> {
    let seen: Vec<Result<Seen>> = stream::iter(Edition::all())
        .map(look)
        .buffer_unordered(4)
        .collect()
        .await;
    let (mut rows, mut wrong) = (Rows::new(), Vec::new());
    for seen in seen {
        let seen = seen?;
        let release = seen.edition.release;
        for (operation, response) in seen.responses {
            let row = rows.entry(operation).or_default();
            row.entry(release).or_default().responses.insert(response);
        }
        for (call, result) in seen.results {
            let row = rows.entry(call.operation).or_default();
            let told_by = told_by(&result);
            row.entry(release).or_default().told_by.extend(told_by);
            if told_by.is_none() {
                wrong.push(format!("{:?} {}: {result:?}", seen.edition, call.code));
            }
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
    let page = write(&rows);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&file, &page).expect("it can be written");
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        committed == page,
        "{PAGE} is outdated: run `UPDATE_GOLDEN=1 cargo test --test sandbox missing_operations`"
    );
    Ok(())
}

/// Sends a request of an operation without the crate, and describes the response.
async fn respond(client: &Client, sandbox: &Sandbox, operation: &Operation) -> String {
    let method = operation.method().parse().expect("a method");
    let url = format!("{}{}", sandbox.quay().base_url(), path(operation));
    let mut request = client.request(method, url).bearer_auth("sandbox-token");
    if matches!(operation.method(), "POST" | "PUT") {
        request = request
            .header("content-type", "application/json")
            .body("{}");
    }
    let response = request.send().await.expect("a response");
    let status = response.status().as_u16();
    let is_page = response
        .headers()
        .get("content-type")
        .is_some_and(|t| t.as_bytes().starts_with(b"text/html"));
    let body: Value =
        serde_json::from_slice(&response.bytes().await.expect("a body")).unwrap_or_default();
    let shape = match (is_page, body["title"].as_str()) {
        (true, _) => "page",
        (false, Some(title)) => title,
        (false, None) if body["message"].is_string() => "message",
        (false, None) => "",
    };
    let runs = match operation.method() {
        _ if is_page || status == 405 => "",
        _ if !operation.path().starts_with("/api/v1/repository/") => "",
        "GET" => ", runs `getRepo`",
        "PUT" => ", runs `updateRepo`",
        "DELETE" => ", runs `deleteRepository`",
        _ => "",
    };
    format!("{status} {shape}").trim_end().to_owned() + runs
}

/// Returns how the crate found out that the operation is missing; `None` if it did not.
fn told_by(result: &Result<String>) -> Option<&'static str> {
    let error = result
        .as_ref()
        .err()
        .filter(|error| error.is_feature_disabled())?;
    Some(match error {
        error if error.delivery() == Delivery::NotSent => "before",
        error if error.message().contains("discovery document") => "document",
        error if error.message().contains("superuser") => "caller",
        _ => "response",
    })
}

fn write(rows: &Rows) -> String {
    let mut page = INTRODUCTION.to_owned();
    let columns = RELEASES.join(" | ");
    let _ = writeln!(
        page,
        "| operation | needs | {columns} | error | detected by |"
    );
    let _ = writeln!(page, "|{}", " --- |".repeat(RELEASES.len() + 4));
    for (id, cells) in rows {
        let operation = OPERATIONS.iter().find(|o| o.id() == *id).expect("one");
        let since = operation.since().map(str::to_owned);
        let features = operation
            .features()
            .iter()
            .map(|feature| format!("`{feature}`"));
        let needs: Vec<String> = since.into_iter().chain(features).collect();
        let responses = RELEASES.map(|release| {
            let seen = cells.get(release).map(|cell| &cell.responses);
            join(seen.into_iter().flatten())
        });
        let told_by: BTreeSet<&str> = cells
            .values()
            .flat_map(|cell| &cell.told_by)
            .copied()
            .collect();
        let error = match told_by.is_empty() {
            true => "no method, since no token can call it",
            false => "`FeatureDisabled`",
        };
        let _ = writeln!(
            page,
            "| `{id}`<br>`{}` | {} | {} | {error} | {} |",
            operation.method(),
            needs.join("<br>"),
            responses.join(" | "),
            join(told_by.into_iter()),
        );
    }
    page
}

fn join(texts: impl Iterator<Item = impl AsRef<str>>) -> String {
    let texts: Vec<String> = texts.map(|text| text.as_ref().to_owned()).collect();
    texts.join("; ")
}
