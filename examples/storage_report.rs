//! Reports the storage that organizations and their repositories take, and what share of their
//! quotas that is: as a table and as an SVG chart.
//!
//! Without names it looks at all organizations of the token's user; with `--all`, which only a
//! superuser may, at all of the server.
//!
//! The token needs the scopes `repo:read` and `user:read`, for the limits of quotas `org:admin`,
//! and for `--all` `super:user`. Everything is only read.
//!
//! ```sh
//! cargo run --example storage_report -- acme globex --chart storage.svg
//! QUAY_URL=https://quay.example.com QUAY_TOKEN=… \
//!     cargo run --example storage_report -- --all --warn-at 80
//! ```
//!
//! Exit codes: 0 done, 1 failed, 2 bad usage, 3 with `--warn-at`: an organization has taken so much
//! of its quota.

use anyhow::{Context, Result, anyhow};
use clap::Parser;
use comfy_table::{CellAlignment, LineStyle, Table, presets::NOTHING};
use futures::{StreamExt, TryStreamExt, stream};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use quay_api::Quay;
use quay_api::testing::Server;
use quay_api::types::{ByteSize, QuotaLimitType};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Shows how much storage organizations take of their quotas
#[derive(Parser)]
#[command(
    after_help = "Server: QUAY_URL and QUAY_TOKEN; an embedded one with demo data if QUAY_URL is \
                  not set."
)]
struct Options {
    /// The organizations; all of the caller's unless named
    organizations: Vec<String>,
    /// All organizations of the server
    #[arg(long, conflicts_with = "organizations")]
    all: bool,
    /// So many of the largest repositories
    #[arg(long, default_value_t = 10)]
    largest: usize,
    /// End with 3 if an organization has taken this much of its quota
    #[arg(long, value_name = "PERCENT")]
    warn_at: Option<f64>,
    /// Also draw a chart
    #[arg(long, value_name = "FILE")]
    chart: Option<PathBuf>,
}

struct Usage {
    organization: String,
    /// Bytes; none where the server does not count.
    used: Option<i64>,
    quota: Option<i64>,
    /// The percentages at which its owners are warned, and at which pushes are rejected.
    limits: String,
    /// Names with bytes, the largest first.
    repositories: Vec<(String, i64)>,
}

impl Usage {
    fn percent(&self) -> Option<f64> {
        let quota = self.quota.filter(|quota| *quota > 0)?;
        Some(self.used? as f64 / quota as f64 * 100.0)
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    run(Options::parse()).await.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

async fn run(options: Options) -> Result<ExitCode> {
    let mut out = std::io::stdout();
    let server = Server::from_env_or_sandbox().await?;
    let quay = server.quay();

    let listed = options.organizations.is_empty();
    let organizations: Vec<String> = if options.all {
        quay.superuser()
            .organizations()
            .list()
            .await?
            .into_iter()
            .map(|organization| organization.name)
            .collect()
    } else if options.organizations.is_empty() {
        let mine = quay.me().get().await?.organizations.unwrap_or_default();
        mine.into_iter()
            .map(|organization| organization.name)
            .collect()
    } else {
        options.organizations
    };
    let look = |name: String| async move {
        match usage(quay, &name).await {
            // Deleted since it was listed.
            Err(error) if listed && error.is_not_found() => Ok(None),
            usage => usage
                .map(Some)
                .with_context(|| format!("organization {name}")),
        }
    };
    let usages: Vec<Option<Usage>> = stream::iter(organizations)
        .map(look)
        .buffered(4)
        .try_collect()
        .await?;
    let usages: Vec<Usage> = usages.into_iter().flatten().collect();

    writeln!(out, "{}\n", table_of_organizations(&usages).trim_fmt())?;
    let mut largest: Vec<(String, i64)> = usages
        .iter()
        .flat_map(|usage| usage.repositories.iter().cloned())
        .collect();
    largest.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    largest.truncate(options.largest);
    writeln!(out, "{}\n", table_of_repositories(&largest).trim_fmt())?;
    if let Some(path) = &options.chart {
        draw(path, &usages, &largest)
            .with_context(|| format!("{} can't be written", path.display()))?;
        writeln!(out, "chart written to {}", path.display())?;
    }
    let full: Vec<&Usage> = usages
        .iter()
        .filter(|u| {
            options
                .warn_at
                .zip(u.percent())
                .is_some_and(|(limit, taken)| taken >= limit)
        })
        .collect();
    for usage in &full {
        writeln!(
            out,
            "warning: {} has taken {:.0} % of its quota",
            usage.organization,
            usage.percent().unwrap_or_default()
        )?;
    }
    Ok(if full.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(3)
    })
}

async fn usage(quay: &Quay, name: &str) -> quay_api::Result<Usage> {
    let organization = quay.organization(name)?;
    let found = organization.get().await?;
    // The server does not reject a token that has expired: it treats the request as anonymous.
    if found.is_member == Some(false) {
        eprintln!(
            "note: the server does not take this token for a member's of {name}; if it has \
             expired, private repositories are missing here"
        );
    }
    let report = found.quota_report;
    // Servers without quotas, and those who may not see them.
    let quotas = match organization.quotas().list().await {
        Ok(quotas) => quotas,
        Err(error)
            if error.is_feature_disabled() || error.is_not_found() || error.is_forbidden() =>
        {
            Vec::new()
        }
        Err(error) => return Err(error),
    };
    let limit = |limit: quay_api::types::QuotaLimit| match limit.type_ {
        QuotaLimitType::Warning => format!("warning at {} %", limit.limit_percent),
        QuotaLimitType::Reject => format!("full at {} %", limit.limit_percent),
        other => format!("{other} at {} %", limit.limit_percent),
    };
    let limits: Vec<String> = quotas
        .iter()
        .flat_map(|quota| quota.limits.clone().unwrap_or_default())
        .map(limit)
        .collect();
    let mut repositories = Vec::new();
    let mut listed = quay.repositories().list().namespace(name).stream();
    while let Some(repository) = listed.try_next().await? {
        let bytes = repository
            .quota_report
            .and_then(|report| report.quota_bytes)
            .map_or(0, ByteSize::bytes);
        repositories.push((format!("{name}/{}", repository.name), bytes));
    }
    let configured = quotas
        .iter()
        .find_map(|quota| quota.limit_bytes)
        .or_else(|| report.as_ref()?.configured_quota);
    Ok(Usage {
        organization: name.to_owned(),
        used: report
            .and_then(|report| report.quota_bytes)
            .map(ByteSize::bytes),
        quota: configured.map(ByteSize::bytes),
        limits: limits.join(", "),
        repositories,
    })
}

fn table(header: impl IntoIterator<Item = &'static str>, numbers: std::ops::Range<usize>) -> Table {
    let mut table = Table::new();
    table
        .load_style(NOTHING.header_separator(LineStyle::none().fill('─').junction('─')))
        .set_header(header);
    let columns = table
        .column_iter_mut()
        .enumerate()
        .filter(|(i, _)| numbers.contains(i));
    columns.for_each(|(_, column)| column.set_cell_alignment(CellAlignment::Right));
    table
}

fn size(bytes: Option<i64>) -> String {
    bytes.map_or_else(|| "-".to_owned(), |bytes| ByteSize::new(bytes).to_string())
}

fn table_of_organizations(usages: &[Usage]) -> Table {
    let mut table = table(
        [
            "Organization",
            "Repositories",
            "Used",
            "Quota",
            "Taken",
            "Limits",
        ],
        1..5,
    );
    for usage in usages {
        let percent = usage
            .percent()
            .map_or_else(|| "-".to_owned(), |percent| format!("{percent:.1} %"));
        let repositories = usage.repositories.len().to_string();
        table.add_row([
            &usage.organization,
            &repositories,
            &size(usage.used),
            &size(usage.quota),
            &percent,
            &usage.limits,
        ]);
    }
    table
}

fn table_of_repositories(largest: &[(String, i64)]) -> Table {
    let mut table = table(["Largest repositories", "Size"], 1..2);
    largest.iter().for_each(|(name, bytes)| {
        table.add_row([name, &size(Some(*bytes))]);
    });
    table
}

/// A bar's name, its length and its label.
type Bar = (String, f64, String);

/// Draws the share of the quotas that is taken, and below it the largest repositories.
fn draw(path: &Path, usages: &[Usage], largest: &[(String, i64)]) -> Result<()> {
    let failed = |e: DrawingAreaErrorKind<std::io::Error>| anyhow!("{e}");
    let quota = |usage: &Usage| {
        let percent = usage.percent()?;
        Some((
            usage.organization.clone(),
            percent,
            format!(
                "{percent:.0} %, {} of {}",
                size(usage.used),
                size(usage.quota)
            ),
        ))
    };
    let quotas: Vec<Bar> = usages.iter().filter_map(quota).collect();
    let sizes: Vec<Bar> = largest
        .iter()
        .map(|(name, bytes)| (name.clone(), *bytes as f64, size(Some(*bytes))))
        .collect();
    let height = |bars: &[Bar]| {
        if bars.is_empty() {
            0
        } else {
            64 + 28 * bars.len() as u32
        }
    };
    let root = SVGBackend::new(path, (900, (height(&quotas) + height(&sizes)).max(64)))
        .into_drawing_area();
    root.fill(&WHITE).map_err(failed)?;
    let (above, below) = root.split_vertically(height(&quotas));
    draw_bars(&above, "Taken of the quotas", &quotas, Some(100.0)).map_err(failed)?;
    draw_bars(&below, "Largest repositories", &sizes, None).map_err(failed)?;
    root.present().map_err(failed)
}

type Area<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;

/// Draws bars: red beyond the limit, and amber near to it.
fn draw_bars(
    area: &Area<'_>,
    title: &str,
    bars: &[Bar],
    limit: Option<f64>,
) -> Result<(), DrawingAreaErrorKind<std::io::Error>> {
    if bars.is_empty() {
        return Ok(());
    }
    area.draw_text(title, &("sans-serif", 18).into_text_style(area), (16, 14))?;
    let longest = bars
        .iter()
        .map(|bar| bar.1)
        .chain(limit)
        .fold(f64::MIN_POSITIVE, f64::max);
    let mut chart = ChartBuilder::on(area)
        .margin_top(46)
        .margin_bottom(12)
        .set_label_area_size(LabelAreaPosition::Left, 180)
        .build_cartesian_2d(0.0..longest * 1.35, bars.len() as f64..0.0)?;
    let color = |value: f64| match limit.map(|limit| value / limit) {
        Some(taken) if taken >= 1.0 => RGBColor(0xc9, 0x3c, 0x37),
        Some(taken) if taken >= 0.8 => RGBColor(0xe8, 0xa3, 0x3d),
        _ => RGBColor(0x4c, 0x8d, 0xd6),
    };
    if let Some(limit) = limit {
        chart.draw_series([Rectangle::new(
            [(0.0, 0.0), (limit, bars.len() as f64)],
            BLACK.mix(0.06).filled(),
        )])?;
    }
    let shape = |(y, bar): (usize, &Bar)| {
        Rectangle::new(
            [(0.0, y as f64 + 0.18), (bar.1, y as f64 + 0.82)],
            color(bar.1).filled(),
        )
    };
    chart.draw_series(bars.iter().enumerate().map(shape))?;
    let name = ("sans-serif", 14)
        .into_text_style(area)
        .pos(Pos::new(HPos::Right, VPos::Center));
    let note = ("sans-serif", 13)
        .into_text_style(area)
        .pos(Pos::new(HPos::Left, VPos::Center));
    // The chart has coordinates of the whole picture; labels are drawn within this part of it.
    let (left, top) = area.get_base_pixel();
    for (i, (label, value, text)) in bars.iter().enumerate() {
        let (end, middle) = chart.backend_coord(&(*value, i as f64 + 0.5));
        area.draw_text(
            label,
            &name,
            (chart.backend_coord(&(0.0, 0.0)).0 - 8 - left, middle - top),
        )?;
        area.draw_text(text, &note, (end + 8 - left, middle - top))?;
    }
    Ok(())
}
