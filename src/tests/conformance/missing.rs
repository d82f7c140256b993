//! Operations that a server lacks: whatever it responds with, the error says that they are missing.

use super::case::Outcome;
use super::{Case, successes};
use crate::testing::{Exchange, Sandbox};
use crate::{OPERATIONS, Operation, Result};
use std::collections::{BTreeMap, BTreeSet};

/// Returns a recorded success of each operation.
fn one_each() -> BTreeMap<&'static str, Exchange> {
    let all = Exchange::COMMITTED.lines();
    let mut found = BTreeMap::new();
    for exchange in all.filter_map(|line| serde_json::from_str::<Exchange>(line).ok()) {
        let operation = OPERATIONS
            .iter()
            .find(|o| Some(o.id()) == exchange.operation_id.as_deref());
        if let Some(operation) = operation.filter(|_| exchange.status < 300) {
            found.entry(operation.id()).or_insert(exchange);
        }
    }
    found
}

/// Calls the operations that a sandbox lacks, and returns how many there were.
async fn check(
    name: &str,
    sandbox: &Sandbox,
    exchanges: &BTreeMap<&'static str, Exchange>,
    lacks: impl Fn(&Operation) -> bool,
) -> Result<usize> {
    let mut count = 0;
    for operation in OPERATIONS.iter().filter(|operation| lacks(operation)) {
        let id = operation.id();
        let Some(exchange) = exchanges.get(id) else {
            continue;
        };
        let quay = sandbox.quay().clone();
        let outcome = match Case::new(quay, exchange, id) {
            Ok(case) => case.call().await,
            Err(_) => panic!("{id} can't be called"),
        };
        let Ok(Outcome(Err(error), _)) = outcome else {
            panic!("{name}: {id} did not fail");
        };
        let status = error.status();
        println!(
            "missing: {name} | {id} | {} | {:?}",
            status.map_or_else(|| "not sent".to_owned(), |status| status.to_string()),
            error.kind()
        );
        assert!(error.is_feature_disabled(), "{name}: {id}: {error:?}");
        assert!(!error.may_have_been_done(), "{name}: {id}: {error:?}");
        count += 1;
    }
    let deleted = sandbox.requests_of("deleteRepository");
    assert!(deleted.is_empty(), "{name}: {deleted:?}");
    Ok(count)
}

#[tokio::test]
async fn operations_that_an_older_server_lacks_are_reported_as_missing() -> Result<()> {
    let exchanges = one_each();
    for (release, at_least) in [("3.8", 60), ("3.12", 40), ("3.15", 30), ("3.17.1", 15)] {
        let sandbox = Sandbox::builder().release(release).start().await?;
        let info = sandbox.quay().server().get().await?;
        let lacks = |operation: &Operation| info.has(operation) == Some(false);
        let count = check(release, &sandbox, &exchanges, lacks).await?;
        assert!(count >= at_least, "{release}: {count}");
    }
    Ok(())
}

#[tokio::test]
async fn operations_whose_feature_is_off_are_reported_as_missing() -> Result<()> {
    let exchanges = one_each();
    let settings: BTreeSet<&str> = OPERATIONS
        .iter()
        .flat_map(|operation| operation.features())
        .copied()
        .collect();
    for setting in settings {
        let sandbox = Sandbox::builder().without_feature(setting).start().await?;
        let lacks = |operation: &Operation| operation.features().contains(&setting);
        check(setting, &sandbox, &exchanges, lacks).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_server_with_everything_lacks_nothing() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let mut called = 0;
    for exchange in successes() {
        let id = exchange.operation_id.clone().unwrap_or_default();
        let Ok(case) = Case::new(sandbox.quay().clone(), &exchange, &id) else {
            continue;
        };
        if let Ok(Outcome(Err(error), _)) = case.call().await {
            assert!(!error.is_feature_disabled(), "{id}: {error:?}");
        }
        called += 1;
    }
    assert!(called > 200, "{called}");
    Ok(())
}
