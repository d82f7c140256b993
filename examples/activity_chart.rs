//! Shows the activity in an organization or a repository: pulls, pushes, deletions and changes per
//! day, as a table and as an SVG chart.
//!
//! The server counts (its aggregated usage logs), so that a year costs a dozen requests. It takes a
//! month at a time, and so this asks month by month.
//!
//! The token needs the scope `org:admin`, or `repo:admin` for a repository.
//!
//! ```sh
//! cargo run --example activity_chart -- acme --days 90 --chart activity.svg
//! QUAY_URL=https://quay.example.com QUAY_TOKEN=… cargo run --example activity_chart -- acme/web
//! ```
//!
//! Exit codes: 0 done, 1 failed, 2 bad usage.

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
/// The longest span that the server counts at once.
const SPAN: u32 = 30;

/// Draws how much happens in an organization or a repository
#[derive(Parser)]
#[command(
    after_help = "Server: QUAY_URL and QUAY_TOKEN; an embedded one with demo data if QUAY_URL is \
                  not set."
)]
struct Options {
    /// An organization (acme) or a repository (acme/web)
    #[arg(default_value = "acme")]
    target: String,
    /// So many days, the last of them today or that of --until
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=3660))]
    days: u32,
    /// The last day, in UTC: 2026-11-24
    #[arg(long, value_name = "DATE")]
    until: Option<Timestamp>,
    /// Where the chart goes
    #[arg(long, value_name = "FILE", default_value = "activity.svg")]
    chart: PathBuf,
}

/// The groups that kinds of log entries are counted in, and their colors.
const GROUPS: [(&str, RGBColor); 4] = [
    ("pulls", RGBColor(0x4c, 0x8d, 0xd6)),
    ("pushes", RGBColor(0x43, 0xa0, 0x6c)),
    ("deletions", RGBColor(0xd6, 0x50, 0x4a)),
    ("other changes", RGBColor(0xb8, 0xa9, 0xc9)),
];

fn group(kind: &LogKind) -> usize {
    let name = kind.as_str();
    match name {
        _ if name.starts_with("pull_") => 0,
        _ if name.starts_with("push_") => 1,
        _ if name.contains("delete") || name.contains("remove") => 2,
        _ => 3,
    }
}

struct Day {
    date: Timestamp,
    counts: [i64; GROUPS.len()],
}

#[tokio::main]
async fn main() -> ExitCode {
    run(Options::parse()).await.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

async fn run(options: Options) -> Result<ExitCode> {
    let server = Server::from_env_or_sandbox().await?;
    let quay = server.quay();
    let logs = if options.target.contains('/') {
        quay.repository(options.target.as_str())?.logs()
    } else {
        quay.organization(&options.target)?.logs()
    };

    let last = options.until.unwrap_or_else(Timestamp::now);
    let day = |ago: u32| last.checked_sub(DAY * ago).context("that is too long ago");
    let mut days: Vec<Day> = (0..options.days)
        .rev()
        .map(|ago| {
            Ok(Day {
                date: day(ago)?,
                counts: [0; GROUPS.len()],
            })
        })
        .collect::<Result<_>>()?;
    let spans: Vec<Days> = days
        .chunks(SPAN as usize)
        .map(|span| Days::new(span[0].date, span[span.len() - 1].date))
        .collect();
    let counted: Vec<_> = stream::iter(spans)
        .map(|span| logs.aggregate(span))
        .buffered(4)
        .try_collect()
        .await?;
    for count in counted.into_iter().flatten() {
        if let Some(day) = days
            .iter_mut()
            .find(|day| day.date.date() == count.datetime.date())
        {
            day.counts[group(&count.kind)] += count.count;
        }
    }

    for (i, (name, _)) in GROUPS.iter().enumerate() {
        let busiest = days
            .iter()
            .max_by_key(|day| day.counts[i])
            .filter(|day| day.counts[i] > 0);
        let busiest = busiest.map_or_else(String::new, |day| {
            format!(", most on {}: {}", short_date(day.date), day.counts[i])
        });
        println!(
            "{name:<14} {:>6}{busiest}",
            days.iter().map(|day| day.counts[i]).sum::<i64>()
        );
    }
    let title = format!("Activity in {}", options.target);
    draw(&options.chart, &title, &days)
        .with_context(|| format!("{} can't be written", options.chart.display()))?;
    println!(
        "chart of {} days written to {}",
        days.len(),
        options.chart.display()
    );
    Ok(ExitCode::SUCCESS)
}

fn short_date(date: Timestamp) -> String {
    let (year, month, day) = date.date();
    format!("{year}-{month:02}-{day:02}")
}

/// A bar for each day, made of a piece for each group.
fn draw(path: &Path, title: &str, days: &[Day]) -> Result<()> {
    let failed = |e: DrawingAreaErrorKind<std::io::Error>| anyhow!("{e}");
    let highest = days
        .iter()
        .map(|day| day.counts.iter().sum::<i64>())
        .max()
        .unwrap_or(0)
        .max(1);
    let root = SVGBackend::new(path, (900, 360)).into_drawing_area();
    root.fill(&WHITE).map_err(failed)?;
    root.draw_text(title, &("sans-serif", 20).into_text_style(&root), (16, 14))
        .map_err(failed)?;
    let mut chart = ChartBuilder::on(&root)
        .margin(16)
        .margin_top(52)
        .set_label_area_size(LabelAreaPosition::Left, 48)
        .set_label_area_size(LabelAreaPosition::Bottom, 36)
        .build_cartesian_2d(0.0..days.len() as f64, 0.0..highest as f64 * 1.02)
        .map_err(failed)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .disable_x_axis()
        .light_line_style(TRANSPARENT)
        .y_labels(highest.min(6) as usize)
        .y_label_formatter(&|count| format!("{count:.0}"))
        .label_style(("sans-serif", 13))
        .axis_style(BLACK.mix(0.3))
        .draw()
        .map_err(failed)?;

    for (i, (_, color)) in GROUPS.iter().enumerate() {
        let piece = |(x, day): (usize, &Day)| {
            let below = day.counts[..i].iter().sum::<i64>() as f64;
            Rectangle::new(
                [
                    (x as f64 + 0.12, below),
                    (x as f64 + 0.88, below + day.counts[i] as f64),
                ],
                color.filled(),
            )
        };
        let pieces = days
            .iter()
            .enumerate()
            .filter(|(_, day)| day.counts[i] > 0)
            .map(piece);
        chart.draw_series(pieces).map_err(failed)?;
    }
    // About ten dates, each below the middle of its bar.
    let style = ("sans-serif", 13)
        .into_text_style(&root)
        .pos(Pos::new(HPos::Center, VPos::Top));
    for (x, day) in days.iter().enumerate().step_by(days.len().div_ceil(10)) {
        let (x, y) = chart.backend_coord(&(x as f64 + 0.5, 0.0));
        root.draw_text(&short_date(day.date)[5..], &style, (x, y + 8))
            .map_err(failed)?;
    }
    // The legend, on the line of the title.
    let style = ("sans-serif", 13)
        .into_text_style(&root)
        .pos(Pos::new(HPos::Left, VPos::Center));
    let mut x = 890;
    for (name, color) in GROUPS.iter().rev() {
        x -= 34 + 7 * name.len() as i32;
        root.draw(&Rectangle::new([(x, 18), (x + 12, 30)], color.filled()))
            .map_err(failed)?;
        root.draw_text(name, &style, (x + 18, 24)).map_err(failed)?;
    }
    root.present().map_err(failed)?;
    Ok(())
}
