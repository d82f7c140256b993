//! Listings over a socket whose pages are mutated, and lead anywhere.

use super::{Finding, check_error, mutate};
use crate::testing::{Response, Sandbox};
use crate::{ErrorKind, Result};
use fastrand::Rng;
use futures::TryStreamExt;
use serde_json::json;
use std::sync::{Arc, Mutex, PoisonError};

/// Tokens that the server has. A listing that follows them ends when it comes to one for the second
/// time.
const TOKENS: [&str; 5] = ["", "a", "b", "c", "\u{202e}%2e&d"];

/// No listing below can have more pages: the numbered one is stopped there.
const MOST_PAGES: usize = 8;

pub struct Pages {
    runtime: tokio::runtime::Runtime,
    sandbox: Sandbox,
    /// What the server makes its pages of.
    rng: Arc<Mutex<Rng>>,
}

impl Pages {
    pub fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap_or_else(|e| panic!("{e}"));
        let sandbox = runtime
            .block_on(Sandbox::start())
            .unwrap_or_else(|e| panic!("{e}"));
        let rng = Arc::new(Mutex::new(Rng::with_seed(0)));
        let (first, second) = (Arc::clone(&rng), Arc::clone(&rng));
        sandbox.answer_with("listRepos", move |_| {
            let mut rng = first.lock().unwrap_or_else(PoisonError::into_inner);
            let rows: Vec<_> =
                (0..rng.usize(..3)).map(|_| json!({"namespace": "acme", "name": rng.u8(..3).to_string(), "is_public": true})).collect();
            let next = TOKENS[rng.usize(..TOKENS.len())];
            page(&mut rng, &json!({"repositories": rows, "next_page": next}))
        });
        sandbox.answer_with("listRepoTags", move |request| {
            let mut rng = second.lock().unwrap_or_else(PoisonError::into_inner);
            let asked: i64 = request
                .query("page")
                .and_then(|n| n.parse().ok())
                .unwrap_or(1);
            let number = if rng.u8(..4) == 0 { rng.i64(..) } else { asked };
            let rows: Vec<_> = (0..rng.usize(..3))
                .map(|_| json!({"name": rng.u8(..).to_string(), "reversion": false}))
                .collect();
            let has_more = rng.u8(..4) > 0;
            page(
                &mut rng,
                &json!({"tags": rows, "page": number, "has_additional": has_more}),
            )
        });
        Self {
            runtime,
            sandbox,
            rng,
        }
    }

    pub fn try_one(&self, rng: &mut Rng) -> Finding {
        *self.rng.lock().unwrap_or_else(PoisonError::into_inner) = Rng::with_seed(rng.u64(..));
        let outcome = self.runtime.block_on(self.list(rng.bool()));
        let asked = self.sandbox.forget().len();
        if asked > MOST_PAGES {
            return Err(format!("a listing asked for {asked} pages"));
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
                Ok("listing broken off")
            }
            Err(error) => Err(format!("{error:?}")),
        }
    }

    async fn list(&self, by_token: bool) -> Result<()> {
        let quay = self.sandbox.quay();
        match by_token {
            true => {
                quay.repositories()
                    .list("acme")
                    .pages()
                    .try_for_each(async |_| Ok(()))
                    .await
            }
            false => {
                quay.repository("acme/web")?
                    .tags()
                    .list()
                    .max_pages(MOST_PAGES)
                    .pages()
                    .try_for_each(async |_| Ok(()))
                    .await
            }
        }
    }
}

fn page(rng: &mut Rng, page: &serde_json::Value) -> Response {
    let body = match rng.u8(..4) {
        0 => String::from_utf8_lossy(&mutate::document(rng, page)).into_owned(),
        _ => page.to_string(),
    };
    Response::text(200, "application/json", body)
}
