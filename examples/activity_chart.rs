//! Counts the activity in an organization or a repository: pulls, pushes, deletions and other
//! changes, from the aggregated usage logs of the server.
//!
//! - Requires: a token with the scope `org:admin`, or `repo:admin` for a repository.
//! - Prints: the number of each, and the busiest day. Writes an SVG chart with a bar for each day.
//! - Exit codes: 0 success, 1 failure, 2 usage error.
//!
//! ```sh
//! cargo run --example activity_chart -- acme --days 90 --chart activity.svg
//! QUAY_URL=https://quay.example.com QUAY_TOKEN=… cargo run --example activity_chart -- acme/web
//! ```

#[macro_use]
mod support;

use anyhow::{Context, Result, anyhow};
use clap::Parser;
use futures::{StreamExt, TryStreamExt, stream};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use quay_api::api::Days;
use quay_api::testing::Server;
use quay_api::types::{LogKind, Timestamp};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

const DAY: Duration = Duration::from_secs(86_400);
/// The most days that the server counts in one request.
const SPAN: u32 = 30;
/// The most bars of a chart: with more days than this, each bar is for several days.
const MAX_BARS: usize = 120;

/// Counts the activity in an organization or a repository, and draws a chart
#[derive(Parser)]
#[command(after_help = support::SERVER)]
struct Options {
    /// An organization (acme) or a repository (acme/web)
    #[arg(default_value = "acme")]
    target: String,
    /// The number of days to count
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=3660))]
    days: u32,
    /// The last day, in UTC: 2026-11-24; by default today
    #[arg(long, value_name = "DATE")]
    until: Option<Timestamp>,
    /// The SVG file to write
    #[arg(long, value_name = "FILE", default_value = "activity.svg")]
    chart: PathBuf,
}

type DrawError = DrawingAreaErrorKind<std::io::Error>;

/// The groups of kinds of log entries, and their colors.
const GROUPS: [(&str, RGBColor); 4] = [
    ("pulls", RGBColor(0x4c, 0x8d, 0xd6)),
    ("pushes", RGBColor(0x43, 0xa0, 0x6c)),
    ("deletions", RGBColor(0xd6, 0x50, 0x4a)),
    ("other changes", RGBColor(0xb8, 0xa9, 0xc9)),
];

fn group(kind: &LogKind) -> usize {
    match kind.as_str() {
        name if name.starts_with("pull_") => 0,
        name if name.starts_with("push_") => 1,
        name if name.contains("delete") || name.contains("remove") => 2,
        _ => 3,
    }
}

/// The entries of a day, or of several days from this one on.
#[derive(Clone, Copy)]
struct Count {
    date: Timestamp,
    groups: [i64; GROUPS.len()],
}

#[tokio::main]
async fn main() -> ExitCode {
    support::exit_code(run(Options::parse()).await)
}

async fn run(options: Options) -> Result<ExitCode> {
    let server = Server::from_env_or_sandbox().await?;
    let (quay, target) = (server.quay(), options.target.as_str());
    // The server reports no activity, and no error, for a missing organization.
    let logs = if target.contains('/') {
        quay.repository(target)?.get().await?;
        quay.repository(target)?.logs()
    } else {
        quay.organization(target)?.get().await?;
        quay.organization(target)?.logs()
    };

    let last = options.until.unwrap_or_else(Timestamp::now);
    let day = |ago: u32| {
        let date = last.checked_sub(DAY * ago).context("--days is too large")?;
        Ok(Count {
            date,
            groups: [0; GROUPS.len()],
        })
    };
    let mut days: Vec<Count> = (0..options.days).rev().map(day).collect::<Result<_>>()?;
    let span = |span: &[Count]| Days::new(span[0].date, span[span.len() - 1].date);
    let spans: Vec<Days> = days.chunks(SPAN as usize).map(span).collect();
    let counts = stream::iter(spans).map(|span| logs.aggregate(span));
    let counts: Vec<_> = counts.buffered(4).try_collect().await?;
    for count in counts.into_iter().flatten() {
        let date = count.datetime.date();
        if let Some(day) = days.iter_mut().find(|day| day.date.date() == date) {
            day.groups[group(&count.kind)] += count.count;
        }
    }

    for (i, (name, _)) in GROUPS.iter().enumerate() {
        let busiest = days.iter().max_by_key(|day| day.groups[i]);
        let busiest = match busiest.filter(|day| day.groups[i] > 0) {
            Some(day) => format!(", most on {}: {}", short_date(day.date), day.groups[i]),
            None => String::new(),
        };
        let sum: i64 = days.iter().map(|day| day.groups[i]).sum();
        println!("{name:<14} {sum:>6}{busiest}");
    }
    let chart = options.chart.display();
    let drawn = draw(&options.chart, target, &days);
    drawn.map_err(|error| anyhow!("{chart} can't be written: {error}"))?;
    println!("chart of {} days written to {chart}", days.len());
    Ok(ExitCode::SUCCESS)
}

fn short_date(date: Timestamp) -> String {
    let (year, month, day) = date.date();
    format!("{year}-{month:02}-{day:02}")
}

/// Draws a bar for each day, or for several, with a piece for each group.
fn draw(path: &Path, target: &str, days: &[Count]) -> Result<(), DrawError> {
    let days_per_bar = days.len().div_ceil(MAX_BARS);
    let sum = |days: &[Count]| Count {
        groups: std::array::from_fn(|i| days.iter().map(|day| day.groups[i]).sum()),
        ..days[0]
    };
    // Counted from the end, so that only the oldest bar can have fewer days.
    let mut bars: Vec<Count> = days.rchunks(days_per_bar).map(sum).collect();
    bars.reverse();
    let heights = bars.iter().map(|bar| bar.groups.iter().sum());
    let highest: i64 = heights.max().unwrap_or(0).max(1);
    let root = SVGBackend::new(path, (900, 360)).into_drawing_area();
    root.fill(&WHITE)?;
    let title = match days_per_bar {
        1 => format!("Activity in {target}, log entries per day"),
        days => format!("Activity in {target}, log entries per {days} days"),
    };
    let text = |size: u32, horizontal, vertical| {
        let style = ("sans-serif", size).into_text_style(&root);
        style.pos(Pos::new(horizontal, vertical))
    };
    root.draw_text(&title, &text(18, HPos::Left, VPos::Center), (16, 24))?;
    let mut chart = ChartBuilder::on(&root)
        .margin(16)
        .margin_top(52)
        .set_label_area_size(LabelAreaPosition::Left, 48)
        .set_label_area_size(LabelAreaPosition::Bottom, 24)
        .build_cartesian_2d(0.0..bars.len() as f64, 0.0..highest as f64 * 1.02)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .disable_x_axis()
        .light_line_style(TRANSPARENT)
        .y_labels(highest.min(6) as usize)
        .y_label_formatter(&|count| format!("{count:.0}"))
        .label_style(("sans-serif", 13))
        .axis_style(BLACK.mix(0.3))
        .draw()?;
    for (i, (_, color)) in GROUPS.iter().enumerate() {
        let piece = |(x, bar): (usize, &Count)| {
            let below = bar.groups[..i].iter().sum::<i64>() as f64;
            let (left, right) = (x as f64 + 0.12, x as f64 + 0.88);
            let corners = [(left, below), (right, below + bar.groups[i] as f64)];
            (bar.groups[i] > 0).then(|| Rectangle::new(corners, color.filled()))
        };
        chart.draw_series(bars.iter().enumerate().filter_map(piece))?;
    }
    // About eight dates, each below the middle of its bar.
    let style = text(13, HPos::Center, VPos::Top);
    for (x, bar) in bars.iter().enumerate().step_by(bars.len().div_ceil(8)) {
        let (x, y) = chart.backend_coord(&(x as f64 + 0.5, 0.0));
        root.draw_text(&short_date(bar.date), &style, (x, y + 8))?;
    }
    // The legend, on the line of the title.
    let (style, mut x) = (text(13, HPos::Left, VPos::Center), 890);
    for (name, color) in GROUPS.iter().rev() {
        x -= 34 + 7 * name.len() as i32;
        root.draw(&Rectangle::new([(x, 18), (x + 12, 30)], color.filled()))?;
        root.draw_text(name, &style, (x + 18, 24))?;
    }
    root.present()
}
