//! Measures the cost of the crate compared with bare `reqwest`: the same calls over a kept-alive
//! connection, in alternating batches.
//!
//! Prints `ratio NAME VALUE`: the median over the pairs of batches of (time with the crate) / (time
//! with `reqwest`).

use quay_api::Quay;
use quay_api::testing::{Response, Sandbox};
use reqwest::header;
use serde::Deserialize;
use std::time::{Duration, Instant};

const PAIRS: usize = 21;
const CALLS: usize = 100;

/// The response of `getRepo`, as a type written by hand.
#[derive(Deserialize)]
#[allow(dead_code)]
struct Repository {
    namespace: String,
    name: String,
    kind: Option<String>,
    description: Option<String>,
    is_public: bool,
    is_organization: Option<bool>,
    is_starred: Option<bool>,
    is_free_account: Option<bool>,
    can_write: Option<bool>,
    can_admin: Option<bool>,
    state: Option<String>,
    status_token: Option<String>,
    tag_expiration_s: Option<i64>,
    trust_enabled: Option<bool>,
}

fn main() {
    let server = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    let sandbox = server.block_on(Sandbox::start()).expect("a port");
    let client = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let body = serde_json::json!({
        "namespace": "acme",
        "name": "app00",
        "kind": "image",
        "description": "# app00\n\nRevision 39 of the description.",
        "is_public": true,
        "is_organization": true,
        "is_starred": false,
        "status_token": "",
        "trust_enabled": false,
        "tag_expiration_s": 1209600,
        "is_free_account": false,
        "state": "NORMAL",
        "can_write": true,
        "can_admin": true,
    });
    let respond = || (0..CALLS).for_each(|_| sandbox.respond_next(Response::json(200, &body)));
    // The same headers, so that server and network do the same work.
    let headers = [
        (header::ACCEPT, "application/json"),
        (
            header::USER_AGENT,
            concat!("quay-api/", env!("CARGO_PKG_VERSION")),
        ),
        (
            header::HeaderName::from_static("x-requested-with"),
            "XMLHttpRequest",
        ),
    ];
    let headers = headers
        .into_iter()
        .map(|(name, value)| (name, header::HeaderValue::from_static(value)))
        .collect();
    let bare = reqwest::Client::builder()
        .default_headers(headers)
        .no_proxy()
        .build()
        .expect("a client");
    let quay = sandbox.quay().clone();
    let url = format!(
        "{}/api/v1/repository/acme/app00?includeTags=false",
        quay.base_url()
    );
    let mut ratios: Vec<f64> = (0..PAIRS)
        .map(|_| {
            respond();
            let crate_time = client.block_on(with_crate(&quay));
            respond();
            let bare_time = client.block_on(with_reqwest(&bare, &url));
            crate_time.as_secs_f64() / bare_time.as_secs_f64()
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    println!("ratio overhead.get_repo {:.3}", ratios[PAIRS / 2]);
}

async fn with_crate(quay: &Quay) -> Duration {
    let repository = quay.repository("acme/app00").expect("a name");
    let start = Instant::now();
    for _ in 0..CALLS {
        repository.get().await.expect("a response");
    }
    start.elapsed()
}

async fn with_reqwest(client: &reqwest::Client, url: &str) -> Duration {
    let start = Instant::now();
    for _ in 0..CALLS {
        let response = client
            .get(url)
            .bearer_auth("sandbox-token")
            .send()
            .await
            .expect("a response");
        response.json::<Repository>().await.expect("a repository");
    }
    start.elapsed()
}
