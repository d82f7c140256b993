//! Following a usage log: each entry once, also with late and equal entries and broken marks.

mod long_ago;
mod marks;
mod model;
mod server;
mod streams;

use quay_api::types::LogEntry;

/// Returns the tags that entries are about, which tell them apart here.
fn tags(entries: &[LogEntry]) -> Vec<String> {
    let tag = |entry: &LogEntry| entry.metadata.tag().unwrap_or_default().to_owned();
    entries.iter().map(tag).collect()
}
