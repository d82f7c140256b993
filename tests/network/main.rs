//! The client on real sockets: requests, retries, faults of a server and of the network, and what
//! traces and other output show.

#[path = "../support/mod.rs"]
mod support;

mod call_settings;
mod certificate_chains;
mod certificates;
mod connections;
mod faults;
mod hostile;
mod long_jobs;
mod networks;
mod observability;
mod odd_servers;
mod odd_settings;
mod origins;
mod outcomes;
mod rate_limit;
mod redirects;
mod retries;
mod runtimes;
mod secrets;
mod token_sources;
mod tracing;
mod transport;

use quay_api::{Quay, Result};

/// Makes a call that is idempotent.
async fn call(quay: &Quay) -> Result<()> {
    quay.organization("acme")?
        .robot("ci")?
        .get()
        .await
        .map(drop)
}
