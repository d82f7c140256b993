//! Listings over a socket whose pages are mutated and lead anywhere.

use super::mutation::{Mutation, mutation};
use super::{Finding, check_error};
use crate::testing::seed::{OrganizationSeed, RepositorySeed, Seed};
use crate::testing::{Response, Sandbox};
use crate::{ErrorKind, Result};
use futures::TryStreamExt;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The page tokens of the server. A listing that follows them ends when it meets one for the second
/// time.
const TOKENS: &[&str] = &["", "a", "b", "c", "\u{202e}%2e&d"];

/// No listing below can have more pages: the numbered one is stopped there.
const MAX_PAGES: usize = 8;

#[derive(Debug, Clone)]
pub struct Input {
    is_by_token: bool,
    /// The pages in the order of the requests.
    pages: Vec<Page>,
}

#[derive(Debug, Clone)]
struct Page {
    rows: Vec<u8>,
    token: &'static str,
    /// The number that the page claims to have; without one, the requested number.
    number: Option<i64>,
    has_additional: bool,
    mutation: Option<Mutation>,
}

pub fn input() -> impl Strategy<Value = Input> {
    let page = (
        vec(any::<u8>(), 0..3),
        select(TOKENS),
        proptest::option::weighted(0.25, any::<i64>()),
        proptest::bool::weighted(0.75),
        proptest::option::weighted(0.25, mutation()),
    );
    let page = page.prop_map(|(rows, token, number, has_additional, mutation)| Page {
        rows,
        token,
        number,
        has_additional,
        mutation,
    });
    (any::<bool>(), vec(page, MAX_PAGES))
        .prop_map(|(is_by_token, pages)| Input { is_by_token, pages })
}

impl Page {
    fn response(self, page: &Value) -> Response {
        let body = match self.mutation {
            Some(mutation) => String::from_utf8_lossy(&mutation.apply(page)).into_owned(),
            None => page.to_string(),
        };
        Response::text(200, "application/json", body)
    }
}

/// The pages that the server has still to send; the last one is repeated.
#[derive(Clone, Default)]
struct Script(Arc<Mutex<Vec<Page>>>);

impl Script {
    fn lock(&self) -> MutexGuard<'_, Vec<Page>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next(&self) -> Option<Page> {
        let mut pages = self.lock();
        match pages.len() {
            0 | 1 => pages.first().cloned(),
            _ => Some(pages.remove(0)),
        }
    }
}

pub struct Listings {
    runtime: tokio::runtime::Runtime,
    sandbox: Sandbox,
    script: Script,
}

impl Listings {
    pub fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap_or_else(|e| panic!("{e}"));
        let sandbox = runtime
            .block_on(Sandbox::start())
            .unwrap_or_else(|e| panic!("{e}"));
        // An empty listing looks for what it is below.
        let seed = Seed::new()
            .organization(OrganizationSeed::new("acme"))
            .repository(RepositorySeed::new("acme/web"));
        sandbox.seed(&seed).unwrap_or_else(|e| panic!("{e}"));
        let script = Script::default();
        let (by_token, by_number) = (script.clone(), script.clone());
        let exhausted = || Response::text(500, "text/plain", "the script is empty");
        sandbox.respond_with("listRepos", move |_| {
            let Some(page) = by_token.next() else {
                return exhausted();
            };
            let row = |name: &u8| {
                let name = (name % 3).to_string();
                json!({"namespace": "acme", "name": name, "is_public": true})
            };
            let rows: Vec<_> = page.rows.iter().map(row).collect();
            let body = json!({"repositories": rows, "next_page": page.token});
            page.response(&body)
        });
        sandbox.respond_with("listRepoTags", move |request| {
            let Some(page) = by_number.next() else {
                return exhausted();
            };
            let requested = request.query("page").and_then(|n| n.parse().ok());
            let number = page.number.or(requested).unwrap_or(1);
            let row = |name: &u8| json!({"name": name.to_string(), "reversion": false});
            let rows: Vec<_> = page.rows.iter().map(row).collect();
            let has_more = page.has_additional;
            let body = json!({"tags": rows, "page": number, "has_additional": has_more});
            page.response(&body)
        });
        Self {
            runtime,
            sandbox,
            script,
        }
    }

    pub fn check(&self, input: Input) -> Finding {
        *self.script.lock() = input.pages;
        let outcome = self.runtime.block_on(self.list(input.is_by_token));
        let requests = self.sandbox.forget().len();
        // One or two of them look for what an empty listing is below.
        if requests > MAX_PAGES + 2 {
            return Err(format!("a listing requested {requests} pages"));
        }
        match outcome {
            Ok(()) => Ok("listed"),
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::ListingRestarted | ErrorKind::InvalidResponse
                ) =>
            {
                check_error(&error)?;
                Ok("listing stopped")
            }
            Err(error) => Err(format!("{error:?}")),
        }
    }

    async fn list(&self, is_by_token: bool) -> Result<()> {
        let quay = self.sandbox.quay();
        match is_by_token {
            true => {
                let pages = quay.repositories().list().namespace("acme").pages();
                pages.try_for_each(async |_| Ok(())).await
            }
            false => {
                let tags = quay.repository("acme/web")?.tags().list();
                let pages = tags.max_pages(MAX_PAGES).pages();
                pages.try_for_each(async |_| Ok(())).await
            }
        }
    }
}
