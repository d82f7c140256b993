//! Every operation that some server lacks, on servers that lack it: whatever they respond with, the
//! crate says that the operation is missing, and never that an object is.

pub(crate) mod calls;
mod page;

use calls::NamedCall;
use quay_api::testing::seed::{
    OrganizationSeed, RepositorySeed, Seed, TagSeed, TeamSeed, UserSeed,
};
use quay_api::testing::{ErrorResponse, Sandbox};
use quay_api::types::TeamRole;
use quay_api::{Error, OPERATIONS, Operation, Quay, Result};
use std::collections::BTreeSet;

/// The releases that are looked at; the last one has everything.
const RELEASES: [&str; 5] = ["3.8", "3.10", "3.12", "3.15", "3.18"];

/// A server of a release, with all settings on or with some off.
#[derive(Debug, Clone)]
struct Edition {
    release: &'static str,
    off: BTreeSet<&'static str>,
}

fn settings() -> BTreeSet<&'static str> {
    let features = OPERATIONS.iter().flat_map(|o| o.features().iter().copied());
    features.collect()
}

impl Edition {
    /// All editions that lack an operation for one reason: the release, or one setting.
    fn all() -> Vec<Self> {
        let one = settings()
            .into_iter()
            .map(|setting| BTreeSet::from([setting]));
        let off = one.chain([BTreeSet::new()]);
        off.flat_map(|off| {
            RELEASES.map(|release| Self {
                release,
                off: off.clone(),
            })
        })
        .filter(|edition| OPERATIONS.iter().any(|o| edition.is_looked_at(o)))
        .collect()
    }

    /// The oldest and the newest release, between which routes changed, with all settings off.
    fn bare() -> [Self; 2] {
        [RELEASES[0], RELEASES[RELEASES.len() - 1]].map(|release| Self {
            release,
            off: settings(),
        })
    }

    fn is_older_than(&self, operation: &Operation) -> bool {
        let numbers = |text: &str| -> Vec<u32> {
            let numbers = text.split('.').map(|n| n.parse().expect("a number"));
            numbers.collect()
        };
        // The sandbox is the newest patch of its release.
        operation
            .since()
            .is_some_and(|since| numbers(since)[..2] > numbers(self.release)[..])
    }

    /// Returns true for an operation that it lacks. An edition with a setting off is not looked at
    /// for what it lacks by its release.
    fn is_looked_at(&self, operation: &Operation) -> bool {
        let is_off = operation.features().iter().any(|f| self.off.contains(f));
        match (self.is_older_than(operation), self.off.len()) {
            (is_older, 0) => is_older,
            (is_older, 1) => is_off && !is_older,
            (is_older, _) => is_off || is_older,
        }
    }

    async fn start(&self) -> Result<Sandbox> {
        let builder = Sandbox::builder().release(self.release);
        let off = self.off.iter().copied();
        let builder = off.fold(builder, |builder, setting| builder.without_feature(setting));
        let sandbox = builder.start().await?;
        sandbox.seed(&seed())?;
        Ok(sandbox)
    }
}

/// Everything that the calls name, so that nothing else can be missing.
fn seed() -> Seed {
    let organization = |name: &str| {
        OrganizationSeed::new(name)
            .robot("ci")
            .robot("plain")
            .team(TeamSeed::new("plain", TeamRole::Member))
    };
    Seed::new()
        .user(UserSeed::new("alice"))
        .organization(organization("acme").quota(1 << 30))
        .organization(organization("plain").quota(1 << 30))
        .repository(
            RepositorySeed::new("acme/web")
                .public()
                .tag(TagSeed::new("plain", 1024)),
        )
}

/// The path of a request of an operation, with the names of the calls.
fn path(operation: &Operation) -> String {
    let names = calls::names();
    let segments = operation.path().split('/').map(|segment| {
        match segment.strip_prefix('{').and_then(|s| s.strip_suffix('}')) {
            Some("quota_id" | "limit_id" | "subscription_id") => "1".to_owned(),
            Some(parameter) => names.of(parameter),
            None => segment.to_owned(),
        }
    });
    segments.collect::<Vec<_>>().join("/")
}

/// Repositories whose names are the paths of operations of a repository.
fn repositories_at_paths() -> Seed {
    let names: BTreeSet<String> = OPERATIONS
        .iter()
        .filter_map(|o| {
            path(o)
                .strip_prefix("/api/v1/repository/")
                .map(str::to_owned)
        })
        .filter(|name| name.matches('/').count() > 1 && !name.contains(':'))
        .map(|name| name.trim_end_matches('/').to_owned())
        .collect();
    names.iter().fold(Seed::new(), |seed, name| {
        seed.repository(RepositorySeed::new(name))
    })
}

/// Runs the calls of the operations that the edition lacks, and returns what each came to.
async fn results(edition: &Edition, quay: &Quay) -> Vec<(NamedCall, Result<String>)> {
    let lacking = |call: &NamedCall| {
        let operation = OPERATIONS.iter().find(|o| o.id() == call.operation);
        edition.is_looked_at(operation.expect("an operation"))
    };
    let mut results = Vec::new();
    for call in calls::all().into_iter().filter(lacking) {
        let result = (call.call)(quay.clone()).await;
        results.push((call, result));
    }
    results
}

/// A client that may do less gets the same error, or that of another operation which the call
/// needs and which it may not run.
#[tokio::test]
async fn a_missing_operation_is_no_missing_right() -> Result<()> {
    let mut wrong = Vec::new();
    for edition in Edition::bare() {
        let sandbox = edition.start().await?;
        for (who, quay) in [
            ("alice", sandbox.token("alice").quay()?),
            ("anonymous", sandbox.anonymous()?),
        ] {
            for (call, result) in results(&edition, &quay).await {
                let is_of_another =
                    |error: &Error| error.operation().is_none_or(|o| o.id() != call.operation);
                let is_right = result
                    .as_ref()
                    .is_err_and(|error| error.is_feature_disabled() || is_of_another(error));
                if !is_right {
                    let release = edition.release;
                    wrong.push(format!("{release} {who} {}: {result:?}", call.code));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

/// A repository at the path is what an older server reads, changes or deletes there. `is_known` is
/// false where the discovery document can't be read.
async fn is_left_alone(edition: &Edition, is_known: bool) -> Result<()> {
    let sandbox = edition.start().await?;
    sandbox.seed(&repositories_at_paths())?;
    if !is_known {
        sandbox.respond_with("discovery", |_| ErrorResponse::NotFound.into());
    }
    let list = async || {
        let repositories = sandbox
            .quay()
            .repositories()
            .list()
            .namespace("acme")
            .await?;
        Ok::<_, Error>(format!("{repositories:?}"))
    };
    let before = list().await?;
    let is_right = |(call, result): &(NamedCall, Result<String>)| match result {
        Err(error) if is_known => error.is_feature_disabled(),
        // What can't be known of a path without a repository.
        Err(_) => true,
        // The helper that looks for the object finds none.
        Ok(_) => !is_known && calls::may_find_nothing(call),
    };
    let results = results(edition, sandbox.quay()).await;
    let wrong: Vec<String> = results
        .iter()
        .filter(|result| !is_right(result))
        .map(|(call, result)| format!("{}: {result:?}", call.code))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(list().await?, before, "a repository was changed");
    Ok(())
}

#[tokio::test]
async fn a_repository_at_the_path_of_a_missing_operation_is_left_alone() -> Result<()> {
    for edition in Edition::bare() {
        is_left_alone(&edition, true).await?;
    }
    Ok(())
}

#[tokio::test]
async fn without_a_document_such_a_repository_is_left_alone_as_well() -> Result<()> {
    for edition in Edition::bare() {
        is_left_alone(&edition, false).await?;
    }
    Ok(())
}

/// Every operation that some server lacks is called, unless only a browser's session can.
#[test]
fn all_operations_that_may_be_missing_are_called() {
    let called: BTreeSet<&str> = calls::all().iter().map(|call| call.operation).collect();
    let missed: Vec<&str> = OPERATIONS
        .iter()
        .filter(|o| o.since().is_some() || !o.features().is_empty())
        .filter(|o| o.needs_session().is_none())
        .map(Operation::id)
        .filter(|id| !called.contains(id))
        .collect();
    assert!(missed.is_empty(), "{missed:?}");
}
