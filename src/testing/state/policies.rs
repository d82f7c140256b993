//! Policies of namespaces and repositories, by which tags are pruned or immutable.

use crate::testing::state::State;
use crate::testing::state::access::Caller;
use crate::testing::state::error::StateError;
use crate::testing::state::owned::Owner;
use regex_lite::Regex;
use serde_json::{Value, json};

/// The longest pattern of an immutability policy.
pub const MAX_PATTERN: usize = 256;

/// An autoprune policy.
///
/// The sandbox stores it, and does not delete tags by it.
#[derive(Debug, Clone, PartialEq)]
pub struct AutoPrunePolicy {
    pub method: String,
    pub value: Value,
    pub pattern: Option<String>,
    pub matches: bool,
}

/// An immutability policy: tags whose whole name a pattern matches, or all others, are immutable.
#[derive(Debug, Clone, PartialEq)]
pub struct ImmutabilityPolicy {
    pub pattern: String,
    pub matches: bool,
}

/// Compiles a pattern that has to match a whole name.
fn whole(pattern: &str) -> Result<Regex, regex_lite::Error> {
    Regex::new(pattern)?;
    Regex::new(&format!("^(?:{pattern})$"))
}

impl AutoPrunePolicy {
    fn check(&self) -> Result<(), StateError> {
        let is_span = |text: &str| {
            // The server accepts whitespace around the number.
            let number = text.strip_suffix(['s', 'm', 'h', 'd', 'w', 'y']);
            number.is_some_and(|number| number.trim().parse::<i64>().is_ok())
        };
        let is_valid = match self.method.as_str() {
            "number_of_tags" => self.value.as_i64().is_some_and(|count| count > 0),
            "creation_date" => self.value.as_str().is_some_and(is_span),
            _ => return Err(StateError::InvalidPruneMethod),
        };
        if !is_valid {
            return Err(StateError::InvalidPruneValue);
        }
        if self.pattern.as_deref() == Some("") {
            return Err(StateError::EmptyPrunePattern);
        }
        Ok(())
    }

    fn metadata(&self) -> Value {
        json!({
            "method": self.method, "value": self.value, "tag_pattern": self.pattern,
            "tag_pattern_matches": self.matches,
        })
    }
}

impl ImmutabilityPolicy {
    fn covers(&self, tag: &str) -> bool {
        whole(&self.pattern).is_ok_and(|pattern| pattern.is_match(tag)) == self.matches
    }

    fn metadata(&self) -> Value {
        json!({"tag_pattern": self.pattern, "tag_pattern_matches": self.matches})
    }
}

impl State {
    pub fn add_autoprune_policy(
        &mut self,
        caller: &Caller,
        owner: &Owner,
        policy: AutoPrunePolicy,
    ) -> Result<String, StateError> {
        self.require_owner(owner)?;
        policy.check()?;
        if self
            .autoprune_policies
            .of(owner)
            .any(|row| row.data == policy)
        {
            return Err(StateError::SamePolicyExists(owner.kind()));
        }
        let uuid = self.random_uuid();
        self.log_autoprune(caller, "create", owner, policy.metadata());
        self.autoprune_policies
            .add(owner.clone(), uuid.clone(), policy);
        Ok(uuid)
    }

    pub fn update_autoprune_policy(
        &mut self,
        caller: &Caller,
        owner: &Owner,
        uuid: &str,
        policy: AutoPrunePolicy,
    ) -> Result<(), StateError> {
        let found = self
            .autoprune_policies
            .get_mut(owner, uuid)
            .ok_or(StateError::NotFound)?;
        policy.check()?;
        let metadata = policy.metadata();
        *found = policy;
        self.log_autoprune(caller, "update", owner, metadata);
        Ok(())
    }

    pub fn delete_autoprune_policy(
        &mut self,
        caller: &Caller,
        owner: &Owner,
        uuid: &str,
    ) -> Result<(), StateError> {
        self.autoprune_policies
            .remove(owner, uuid)
            .ok_or(StateError::NotFound)?;
        self.log_autoprune(caller, "delete", owner, json!({"policy_uuid": uuid}));
        Ok(())
    }

    fn log_autoprune(&mut self, caller: &Caller, verb: &str, owner: &Owner, metadata: Value) {
        let kind = format!("{verb}_{}_autoprune_policy", owner.kind());
        self.log_policy(caller, &kind, owner, metadata);
    }

    fn log_policy(&mut self, caller: &Caller, kind: &str, owner: &Owner, mut metadata: Value) {
        metadata["namespace"] = owner.namespace().into();
        if let Some(name) = owner.name() {
            metadata["repo"] = name.into();
        }
        self.log(caller, kind, owner.namespace(), owner.name(), metadata);
    }

    /// Checks a policy. `uuid` is that of the policy that is changed, which may keep its pattern.
    fn check_immutability_policy(
        &self,
        owner: &Owner,
        policy: &ImmutabilityPolicy,
        uuid: Option<&str>,
    ) -> Result<(), StateError> {
        if policy.pattern.is_empty() {
            return Err(StateError::NoPattern);
        }
        if policy.pattern.chars().count() > MAX_PATTERN {
            return Err(StateError::PatternTooLong);
        }
        whole(&policy.pattern).map_err(|e| StateError::InvalidPattern(e.to_string()))?;
        if self
            .immutability_policies
            .of(owner)
            .any(|row| row.data.pattern == policy.pattern && Some(row.uuid.as_str()) != uuid)
        {
            return Err(StateError::PatternExists);
        }
        Ok(())
    }

    pub fn add_immutability_policy(
        &mut self,
        caller: &Caller,
        owner: &Owner,
        policy: ImmutabilityPolicy,
    ) -> Result<String, StateError> {
        if owner.name().is_some() {
            self.require_owner(owner)?;
        } else if self.organization_mirrors.first(owner).is_some() {
            return Err(StateError::PolicyOfMirror);
        }
        self.check_immutability_policy(owner, &policy, None)?;
        self.require_owner(owner)
            .map_err(|_| StateError::NoSuchNamespace(owner.namespace().to_owned()))?;
        let uuid = self.random_uuid();
        self.immutability_policies
            .add(owner.clone(), uuid.clone(), policy.clone());
        self.apply_policy(owner, &policy);
        let kind = "create_immutability_policy";
        self.log_policy(caller, kind, owner, policy.metadata());
        Ok(uuid)
    }

    pub fn update_immutability_policy(
        &mut self,
        caller: &Caller,
        owner: &Owner,
        uuid: &str,
        policy: ImmutabilityPolicy,
    ) -> Result<(), StateError> {
        let exists = self.immutability_policies.get(owner, uuid).is_some();
        // An empty pattern is noticed first.
        if !exists && !policy.pattern.is_empty() {
            return Err(StateError::NotFound);
        }
        self.check_immutability_policy(owner, &policy, Some(uuid))?;
        self.immutability_policies
            .get_mut(owner, uuid)
            .ok_or(StateError::NotFound)?
            .clone_from(&policy);
        self.apply_policy(owner, &policy);
        let kind = "update_immutability_policy";
        self.log_policy(caller, kind, owner, policy.metadata());
        Ok(())
    }

    /// Deletes a policy.
    ///
    /// The tags that it made immutable stay immutable.
    pub fn delete_immutability_policy(
        &mut self,
        caller: &Caller,
        owner: &Owner,
        uuid: &str,
    ) -> Result<(), StateError> {
        self.immutability_policies
            .remove(owner, uuid)
            .ok_or(StateError::NotFound)?;
        let metadata = json!({"policy_uuid": uuid});
        self.log_policy(caller, "delete_immutability_policy", owner, metadata);
        Ok(())
    }

    /// Returns true if a policy of the repository or its namespace covers a tag.
    pub fn is_immutable_by_policy(&self, (namespace, name): (&str, &str), tag: &str) -> bool {
        let owners = [
            Owner::repository((namespace, name)),
            Owner::namespace_of(namespace),
        ];
        owners.iter().any(|owner| {
            self.immutability_policies
                .of(owner)
                .any(|row| row.data.covers(tag))
        })
    }

    /// Makes the existing tags that a policy covers immutable, and removes their expiration.
    fn apply_policy(&mut self, owner: &Owner, policy: &ImmutabilityPolicy) {
        let now = self.now_ms();
        let mut count = 0;
        let is_in = |namespace: &str, name: &str| {
            owner.is_in(namespace) && owner.name().is_none_or(|n| n == name)
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
                "namespace": owner.namespace(), "tag_pattern": policy.pattern, "tag_pattern_matches": policy.matches, "count": count,
            });
            if let Some(name) = owner.name() {
                metadata["repo"] = name.into();
            }
            self.record(
                self.now(),
                "tags_made_immutable_by_policy",
                (owner.namespace(), owner.name()),
                None,
                metadata,
            );
        }
    }
}
