//! Reports the storage that organizations and their repositories use, and its share of their
//! quotas, as a table and an SVG chart.
//!
//! - Requires: a token with the scopes `repo:read` and `user:read`, `org:admin` for the limits of
//!   quotas, and `super:user` for `--all`. It changes nothing.
//! - Prints: a line for each organization, and one for each of the largest repositories.
//! - Exit codes: 0 success, 1 failure, 2 usage error, 3 with `--warn-at` if an organization uses
//!   that share of its quota.
//!
//! ```sh
//! cargo run --example storage_report -- acme globex --chart storage.svg
//! QUAY_URL=https://quay.example.com QUAY_TOKEN=… \
//!     cargo run --example storage_report -- --all --warn-at 80
//! ```

#[macro_use]
mod support;
#[path = "support/bars.rs"]
mod bars;
#[path = "support/table.rs"]
mod table;

use anyhow::{Context, Result};
use bars::{AMBER, BLUE, Chart, RED};
use clap::Parser;
use futures::{StreamExt, TryStreamExt, future, stream};
use quay_api::Quay;
use quay_api::testing::Server;
use quay_api::types::{ByteSize, QuotaLimit, QuotaLimitType};
use std::cmp::Reverse;
use std::path::PathBuf;
use std::process::ExitCode;
use table::table;

/// Reports the storage of organizations and its share of their quotas
#[derive(Parser)]
#[command(after_help = support::SERVER)]
struct Options {
    /// The organizations; by default all of the token's user
    organizations: Vec<String>,
    /// All organizations of the server (superusers only)
    #[arg(long, conflicts_with = "organizations")]
    all: bool,
    /// Number of the largest repositories
    #[arg(long, value_name = "N", default_value_t = 10)]
    largest: usize,
    /// Exit with 3 if an organization uses this share
    #[arg(long, value_name = "PERCENT")]
    warn_at: Option<f64>,
    /// Also write an SVG chart
    #[arg(long, value_name = "FILE")]
    chart: Option<PathBuf>,
}

struct Usage {
    organization: String,
    /// `None` if the server does not count it.
    used: Option<ByteSize>,
    quota: Option<ByteSize>,
    /// The percentages at which the owners are warned, and at which pushes are rejected.
    limits: String,
    repositories: Vec<(String, ByteSize)>,
}

impl Usage {
    fn percent(&self) -> Option<f64> {
        let quota = self.quota.filter(|quota| quota.bytes() > 0)?;
        Some(self.used?.bytes() as f64 / quota.bytes() as f64 * 100.0)
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    support::exit_code(run(Options::parse()).await)
}

async fn run(options: Options) -> Result<ExitCode> {
    let server = Server::from_env_or_sandbox().await?;
    let quay = server.quay();
    let is_listed = options.organizations.is_empty();
    let organizations: Vec<String> = if options.all {
        let all = quay.superuser().organizations().list().await?;
        all.into_iter().map(|it| it.name).collect()
    } else if is_listed {
        let mine = quay.me().get().await?.organizations.unwrap_or_default();
        mine.into_iter().map(|it| it.name).collect()
    } else {
        options.organizations
    };
    let look = |name: String| async move {
        match usage(quay, &name).await {
            // The organization was deleted after it was listed.
            Err(error) if is_listed && error.is_not_found() => Ok(None),
            usage => usage
                .map(Some)
                .with_context(|| format!("organization {name}")),
        }
    };
    let looks = stream::iter(organizations).map(look).buffered(4);
    let usages: Vec<Usage> = looks.try_filter_map(future::ok).try_collect().await?;

    let header = "Organization|Repositories|Used|Quota|Share|Limits";
    let mut rows = table(header, 1..5);
    let mut quotas = Chart::new("Used share of the quotas", Some(100.0));
    for usage in &usages {
        let (used, quota) = (size(usage.used), size(usage.quota));
        let mut taken = "-".to_owned();
        if let Some(percent) = usage.percent() {
            taken = format!("{percent:.1} %");
            let color = match percent {
                100.0.. => RED,
                80.0.. => AMBER,
                _ => BLUE,
            };
            let note = format!("{percent:.0} %, {used} of {quota}");
            quotas.add(&usage.organization, vec![(percent, color)], note);
        }
        let repositories = usage.repositories.len().to_string();
        let name = &usage.organization;
        rows.add_row([name, &repositories, &used, &quota, &taken, &usage.limits]);
    }
    println!("{}\n", rows.trim_fmt());
    let all = usages.iter().flat_map(|usage| &usage.repositories);
    let mut largest: Vec<(String, ByteSize)> = all.cloned().collect();
    largest.sort_by_key(|(name, bytes)| (Reverse(*bytes), name.clone()));
    largest.truncate(options.largest);
    let mut rows = table("Largest repositories|Size", 1..2);
    let mut sizes = Chart::new("Largest repositories", None);
    for (name, bytes) in &largest {
        rows.add_row([name, &bytes.to_string()]);
        sizes.add(name, vec![(bytes.bytes() as f64, BLUE)], bytes);
    }
    println!("{}\n", rows.trim_fmt());
    if let Some(path) = &options.chart {
        bars::draw(path, &[quotas, sizes])?;
    }
    let mut code = ExitCode::SUCCESS;
    for usage in &usages {
        if let (Some(limit), Some(percent)) = (options.warn_at, usage.percent())
            && percent >= limit
        {
            let name = &usage.organization;
            println!("warning: {name} uses {percent:.0} % of its quota");
            code = ExitCode::from(3);
        }
    }
    Ok(code)
}

async fn usage(quay: &Quay, name: &str) -> quay_api::Result<Usage> {
    let organization = quay.organization(name)?;
    let found = organization.get().await?;
    support::note_if_outsider(&found);
    let report = found.quota_report;
    let quotas = match organization.quotas().list().await {
        // The server has no quotas, or the caller may not read them.
        Err(e) if e.is_feature_disabled() || e.is_not_found() || e.is_forbidden() => Vec::new(),
        quotas => quotas?,
    };
    let limit = |limit: &QuotaLimit| match &limit.type_ {
        QuotaLimitType::Warning => format!("warning {} %", limit.limit_percent),
        QuotaLimitType::Reject => format!("reject {} %", limit.limit_percent),
        other => format!("{other} {} %", limit.limit_percent),
    };
    let limits = quotas
        .iter()
        .flat_map(|quota| quota.limits.iter().flatten());
    let limits: Vec<String> = limits.map(limit).collect();
    let listed = quay.repositories().list().namespace(name).await?;
    let repositories = listed.into_iter().map(|repository| {
        let bytes = repository
            .quota_report
            .and_then(|report| report.quota_bytes);
        let bytes = bytes.unwrap_or(ByteSize::new(0));
        (format!("{name}/{}", repository.name), bytes)
    });
    let configured = quotas.iter().find_map(|quota| quota.limit_bytes);
    Ok(Usage {
        organization: name.to_owned(),
        used: report.as_ref().and_then(|report| report.quota_bytes),
        quota: configured.or_else(|| report.as_ref()?.configured_quota),
        limits: limits.join(", "),
        repositories: repositories.collect(),
    })
}

fn size(bytes: Option<ByteSize>) -> String {
    bytes.map_or_else(|| "-".to_owned(), |bytes| bytes.to_string())
}
