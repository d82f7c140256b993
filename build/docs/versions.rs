//! The tables of `src/guide/versions.md`, between the comments that name them. The prose around
//! them is written by hand.

use crate::build::spec::api::{Api, ApiOperation};
use crate::build::spec::release::OLDEST;
use std::collections::BTreeMap;
use std::fmt::{Display, Write};

type Table = fn(&Api) -> String;

const TABLES: [(&str, Table); 3] = [("since", since), ("listed", listed), ("features", features)];

/// Returns the guide with its tables written anew.
pub fn source(guide: &str, api: &Api) -> Result<String, String> {
    let mut guide = guide.to_owned();
    for (name, table) in TABLES {
        let start = format!("<!-- table: {name}, written by `cargo xtask operations` -->\n");
        let end = format!("<!-- end of table: {name} -->\n");
        let (before, rest) = guide
            .split_once(&start)
            .ok_or_else(|| format!("the guide lacks {start}"))?;
        let (_, after) = rest
            .split_once(&end)
            .ok_or_else(|| format!("the guide lacks {end}"))?;
        guide = format!("{before}{start}\n{}\n{end}{after}", table(api));
    }
    Ok(guide)
}

/// The operations by the release that brought them.
fn since(api: &Api) -> String {
    let oldest = OLDEST;
    let mut out =
        format!("| Quay | operations |\n| --- | --- |\n| {oldest} or before | all others |\n");
    rows(&mut out, api, |operation| operation.since);
    out
}

/// The operations that a server has, and does not list.
fn listed(api: &Api) -> String {
    let mut out = "| listed since | operations |\n| --- | --- |\n".to_owned();
    rows(&mut out, api, |operation| operation.listed);
    let never = api.operations.iter().filter(|o| !o.documented);
    let _ = writeln!(out, "| never | {} |", names(never));
    out
}

/// The operations by the setting of the server that they depend on.
fn features(api: &Api) -> String {
    let mut out = "| settings | operations |\n| --- | --- |\n".to_owned();
    rows(&mut out, api, |operation| {
        let features: Vec<_> = operation
            .features
            .iter()
            .map(|f| format!("`{f}`"))
            .collect();
        (!features.is_empty()).then(|| features.join(", "))
    });
    out
}

/// Writes a row for each key, with the operations that have it.
fn rows<K: Ord + Display>(out: &mut String, api: &Api, key: fn(&ApiOperation) -> Option<K>) {
    let mut operations: BTreeMap<K, Vec<&ApiOperation>> = BTreeMap::new();
    for operation in &api.operations {
        if let Some(key) = key(operation) {
            operations.entry(key).or_default().push(operation);
        }
    }
    for (key, operations) in operations {
        let _ = writeln!(out, "| {key} | {} |", names(operations));
    }
}

fn names<'a>(operations: impl IntoIterator<Item = &'a ApiOperation>) -> String {
    let names = operations.into_iter().map(|o| format!("`{}`", o.id));
    names.collect::<Vec<_>>().join(", ")
}
