//! Policies of namespaces and repositories: which tags are deleted by themselves, and which can't
//! be changed.

use super::State;
use super::places::Place;
use regex_lite::Regex;
use serde_json::{Value, json};

/// Which tags are deleted by themselves. The sandbox keeps the policy, and deletes no tag.
#[derive(Debug, Clone, PartialEq)]
pub struct AutoPrunePolicy {
    pub method: String,
    pub value: Value,
    pub pattern: Option<String>,
    pub matches: bool,
}

/// Which tags can't be changed: those whose whole name a pattern matches, or all others.
#[derive(Debug, Clone, PartialEq)]
pub struct ImmutabilityPolicy {
    pub pattern: String,
    pub matches: bool,
}

/// A pattern that has to match a whole name.
pub fn whole(pattern: &str) -> Result<Regex, regex_lite::Error> {
    Regex::new(pattern)?;
    Regex::new(&format!("^(?:{pattern})$"))
}

impl ImmutabilityPolicy {
    fn covers(&self, tag: &str) -> bool {
        whole(&self.pattern).is_ok_and(|pattern| pattern.is_match(tag)) == self.matches
    }
}

impl State {
    /// Whether a policy of the repository or its namespace covers a tag.
    pub fn is_immutable_by_policy(&self, (namespace, name): (&str, &str), tag: &str) -> bool {
        let places = [
            Place::repository((namespace, name)),
            Place::namespace_of(namespace),
        ];
        places.iter().any(|place| {
            self.immutability_policies
                .of(place)
                .any(|row| row.data.covers(tag))
        })
    }

    /// Makes the tags that there are immutable if a policy covers them; they do not end any more
    /// then.
    pub fn apply_policy(&mut self, place: &Place, policy: &ImmutabilityPolicy) {
        let now = self.now_ms();
        let mut count = 0;
        let is_in = |namespace: &str, name: &str| {
            place.is_in(namespace) && place.name().is_none_or(|n| n == name)
        };
        for repository in self
            .repositories
            .values_mut()
            .filter(|r| is_in(&r.namespace, &r.name))
        {
            for tag in repository
                .tags
                .iter_mut()
                .filter(|t| t.is_alive(now) && !t.immutable && policy.covers(&t.name))
            {
                (tag.immutable, tag.end) = (true, None);
                count += 1;
            }
        }
        if count > 0 {
            let mut metadata = json!({
                "namespace": place.namespace(), "tag_pattern": policy.pattern, "tag_pattern_matches": policy.matches, "count": count,
            });
            if let Some(name) = place.name() {
                metadata["repo"] = name.into();
            }
            self.record(
                self.now(),
                "tags_made_immutable_by_policy",
                (place.namespace(), place.name()),
                None,
                metadata,
            );
        }
    }
}
