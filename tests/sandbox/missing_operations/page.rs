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

An operation came with a release, and exists only while its settings are on. A server that lacks it
rarely says so: below `/api/v1/repository/` it reads the path as the name of a repository and runs
another operation, elsewhere servers before 3.14 fail. The crate returns an error for which
`is_feature_disabled()` is true, in all of these cases, also from `get_opt`, `delete_if_exists`,
`create_if_absent` and `ensure`.

A column of a release has the response of a server of that release that lacks the operation, since
it is older or a setting is off; it is empty if every server of that release has the operation.
*page* is HTML, *message* the short JSON error `{\"message\": …}`; other words are the title of the
long JSON error. *Runs* names the operation that the server runs in the place of the one that was
called. *Told by* says how the crate finds out:

- *response*: status and body are those of a missing route.
- *document*: the response is ambiguous, and the server's discovery document does not list the
  operation.
- *before*: the document is read before the request, which is not sent: the server would delete a
  repository.
- *caller*: the operation exists and refuses everyone, and another operation shows that the caller
  is a superuser.

Written by `UPDATE_GOLDEN=1 cargo test --test sandbox missing_operations` from the sandbox, each of
whose editions is called with every operation that it lacks; `since` and `feature` of the overlay
say which these are. Twenty-five of them were called on servers of releases 3.8.15, 3.12.21 and
3.15.7, which respond as the sandbox does.

The sandbox can't be every server: the settings are those of the newest release, while older ones
require fewer; a server between two patch releases counts as the newer one; and a proxy in front may
respond in place of the server. Without a discovery document, an ambiguous response keeps its own
kind. The registry that Quay has in Go lacks every operation but `deleteRepository`, and responds
with 404 and `{\"error\": \"not found\"}`, or with 405 to what it takes for the path of a repository.

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
    let _ = writeln!(page, "| operation | needs | {columns} | error | told by |");
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
