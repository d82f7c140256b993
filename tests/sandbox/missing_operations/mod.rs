//! Every operation that some server lacks, on servers that lack it: whatever they respond with, the
//! crate says that the operation is missing, and never that an object is.

mod calls;
mod page;

use calls::NamedCall;
use futures::stream::{self, StreamExt};
use quay_api::testing::Sandbox;
use quay_api::testing::seed::{
    OrganizationSeed, RepositorySeed, Seed, TagSeed, TeamSeed, UserSeed,
};
use quay_api::types::TeamRole;
use quay_api::{Error, OPERATIONS, Operation, Quay, Result};
use std::collections::BTreeSet;

/// The releases that are looked at; the last one has everything.
const RELEASES: [&str; 5] = ["3.8", "3.10", "3.12", "3.15", "3.18"];

/// A server of a release, with all settings on or with one off.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Edition {
    release: &'static str,
    off: Option<&'static str>,
}

impl Edition {
    /// All editions that lack an operation.
    fn all() -> Vec<Self> {
        let settings: BTreeSet<&str> = OPERATIONS
            .iter()
            .flat_map(|operation| operation.features().iter().copied())
            .collect();
        let off = settings.into_iter().map(Some).chain([None]);
        let editions = off.flat_map(|off| RELEASES.map(|release| Self { release, off }));
        editions
            .filter(|edition| OPERATIONS.iter().any(|o| edition.is_looked_at(o)))
            .collect()
    }

    fn is_older_than(self, operation: &Operation) -> bool {
        let numbers = |text: &str| -> Vec<u32> {
            text.split('.')
                .map(|n| n.parse().expect("a number"))
                .collect()
        };
        // The sandbox is the newest patch of its release.
        operation
            .since()
            .is_some_and(|since| numbers(since)[..2] > numbers(self.release)[..])
    }

    /// Returns true for an operation that it lacks, if no edition with fewer reasons lacks it.
    fn is_looked_at(self, operation: &Operation) -> bool {
        match self.off {
            None => self.is_older_than(operation),
            Some(off) => !self.is_older_than(operation) && operation.features().contains(&off),
        }
    }

    async fn start(self) -> Result<Sandbox> {
        let builder = Sandbox::builder().release(self.release);
        let builder = match self.off {
            Some(setting) => builder.without_feature(setting),
            None => builder,
        };
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
async fn results(edition: Edition, quay: &Quay) -> Vec<(NamedCall, Result<String>)> {
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

/// Looks at the editions of the oldest and of the newest release, between which routes changed.
/// `look` returns what is wrong with one.
async fn on_oldest_and_newest<F>(look: impl Fn(Edition) -> F)
where
    F: Future<Output = Result<Vec<String>>>,
{
    let editions = Edition::all()
        .into_iter()
        .filter(|edition| [RELEASES[0], RELEASES[RELEASES.len() - 1]].contains(&edition.release));
    let wrong: Vec<String> = stream::iter(editions)
        .map(|edition| {
            let wrong = look(edition);
            async move {
                let wrong = wrong.await.expect("a sandbox");
                wrong
                    .into_iter()
                    .map(|text| format!("{edition:?} {text}"))
                    .collect::<Vec<_>>()
            }
        })
        .buffer_unordered(4)
        .map(stream::iter)
        .flatten()
        .collect()
        .await;
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

/// A client that may do less gets the same error, or that of another operation which the call
/// needs and which it may not run. The configuration exists, and is refused to it in any case.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missing_operation_is_no_missing_right() {
    on_oldest_and_newest(async |edition| {
        let sandbox = edition.start().await?;
        let mut wrong = Vec::new();
        for (who, quay) in [
            ("alice", sandbox.token("alice").quay()?),
            ("anonymous", sandbox.anonymous()?),
        ] {
            for (call, result) in results(edition, &quay).await {
                if edition.off == Some("FEATURE_SUPERUSER_CONFIGDUMP") {
                    continue;
                }
                let is_of_another =
                    |error: &Error| error.operation().is_none_or(|o| o.id() != call.operation);
                let is_right = result
                    .as_ref()
                    .is_err_and(|error| error.is_feature_disabled() || is_of_another(error));
                if !is_right {
                    wrong.push(format!("{who} {}: {result:?}", call.code));
                }
            }
        }
        Ok(wrong)
    })
    .await;
}

/// A repository at the path is what an older server reads, changes or deletes there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repository_at_the_path_of_a_missing_operation_is_left_alone() {
    on_oldest_and_newest(async |edition| {
        let sandbox = edition.start().await?;
        sandbox.seed(&repositories_at_paths())?;
        let list = || async {
            let repositories = sandbox
                .quay()
                .repositories()
                .list()
                .namespace("acme")
                .await?;
            Ok::<_, Error>(format!("{repositories:?}"))
        };
        let before = list().await?;
        let mut wrong: Vec<String> = results(edition, sandbox.quay())
            .await
            .iter()
            .filter(|(_, result)| !result.as_ref().is_err_and(Error::is_feature_disabled))
            .map(|(call, result)| format!("{}: {result:?}", call.code))
            .collect();
        if list().await? != before {
            wrong.push("repositories were changed".to_owned());
        }
        Ok(wrong)
    })
    .await;
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
