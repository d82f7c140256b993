//! Rows that belong to a namespace or a repository: they are deleted and renamed with it.

use crate::testing::state::State;
use crate::testing::state::error::StateError;

/// The namespace or the repository that something belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    Namespace(String),
    Repository(String, String),
}

impl Owner {
    pub fn namespace_of(name: &str) -> Self {
        Self::Namespace(name.to_owned())
    }

    pub fn repository((namespace, name): (&str, &str)) -> Self {
        Self::Repository(namespace.to_owned(), name.to_owned())
    }

    pub fn namespace(&self) -> &str {
        match self {
            Self::Namespace(name) | Self::Repository(name, _) => name,
        }
    }

    /// Returns the name of the repository, without its namespace.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Namespace(_) => None,
            Self::Repository(_, name) => Some(name),
        }
    }

    /// Returns true for a namespace and everything in it.
    pub fn is_in(&self, namespace: &str) -> bool {
        self.namespace() == namespace
    }

    /// Returns the kind of the owner, as audit logs name it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Namespace(_) => "namespace",
            Self::Repository(..) => "repository",
        }
    }
}

/// A value with an identifier and an owner.
#[derive(Debug, Clone)]
pub struct Owned<T> {
    pub owner: Owner,
    pub uuid: String,
    pub data: T,
}

/// Rows of one type, oldest first.
#[derive(Debug, Clone)]
pub struct OwnedList<T>(Vec<Owned<T>>);

impl<T> Default for OwnedList<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> OwnedList<T> {
    pub fn all(&self) -> impl DoubleEndedIterator<Item = &Owned<T>> {
        self.0.iter()
    }

    pub fn all_rows_mut(&mut self) -> impl Iterator<Item = &mut Owned<T>> {
        self.0.iter_mut()
    }

    pub fn all_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.0.iter_mut().map(|row| &mut row.data)
    }

    /// Returns the rows of this very owner: those of a namespace without those of its repositories.
    pub fn of<'a>(&'a self, owner: &'a Owner) -> impl DoubleEndedIterator<Item = &'a Owned<T>> {
        self.0.iter().filter(move |row| row.owner == *owner)
    }

    /// Returns the first row of an owner, where an owner has at most one.
    pub fn first(&self, owner: &Owner) -> Option<&T> {
        self.0
            .iter()
            .find(|row| row.owner == *owner)
            .map(|row| &row.data)
    }

    pub fn first_mut(&mut self, owner: &Owner) -> Option<&mut T> {
        self.0
            .iter_mut()
            .find(|row| row.owner == *owner)
            .map(|row| &mut row.data)
    }

    pub fn get(&self, owner: &Owner, uuid: &str) -> Option<&Owned<T>> {
        self.0
            .iter()
            .find(|row| row.owner == *owner && row.uuid == uuid)
    }

    /// Returns the row with this identifier in any repository.
    ///
    /// Quay finds some resources of repositories by their identifiers alone.
    pub fn of_any_repository(&self, uuid: &str) -> Option<&Owned<T>> {
        self.0
            .iter()
            .find(|row| row.owner.name().is_some() && row.uuid == uuid)
    }

    pub fn get_mut(&mut self, owner: &Owner, uuid: &str) -> Option<&mut T> {
        self.0
            .iter_mut()
            .find(|row| row.owner == *owner && row.uuid == uuid)
            .map(|row| &mut row.data)
    }

    pub fn add(&mut self, owner: Owner, uuid: String, data: T) {
        self.0.push(Owned { owner, uuid, data });
    }

    pub fn remove(&mut self, owner: &Owner, uuid: &str) -> Option<T> {
        let index = self
            .0
            .iter()
            .position(|row| row.owner == *owner && row.uuid == uuid)?;
        Some(self.0.remove(index).data)
    }

    /// Removes all rows of an owner.
    pub fn remove_of(&mut self, owner: &Owner) {
        self.0.retain(|row| row.owner != *owner);
    }
}

/// The operations on rows of any type when owners are deleted or renamed.
trait FollowsOwner {
    fn forget(&mut self, is_removed: &dyn Fn(&Owner) -> bool);
    fn rename(&mut self, old: &str, new: &str);
}

impl<T> FollowsOwner for OwnedList<T> {
    fn forget(&mut self, is_removed: &dyn Fn(&Owner) -> bool) {
        self.0.retain(|row| !is_removed(&row.owner));
    }

    fn rename(&mut self, old: &str, new: &str) {
        for row in &mut self.0 {
            let (Owner::Namespace(namespace) | Owner::Repository(namespace, _)) = &mut row.owner;
            if namespace == old {
                new.clone_into(namespace);
            }
        }
    }
}

impl State {
    /// Requires that the owner exists.
    pub fn require_owner(&self, owner: &Owner) -> Result<(), StateError> {
        let exists = match owner.name() {
            Some(name) => self.repository(owner.namespace(), name).is_some(),
            None => self.is_namespace(owner.namespace()),
        };
        if exists {
            Ok(())
        } else {
            Err(StateError::NotFound)
        }
    }

    /// Returns the lists of every type.
    fn owned_lists(&mut self) -> [&mut dyn FollowsOwner; 8] {
        [
            &mut self.notifications,
            &mut self.notices,
            &mut self.autoprune_policies,
            &mut self.immutability_policies,
            &mut self.mirrors,
            &mut self.organization_mirrors,
            &mut self.builds,
            &mut self.triggers,
        ]
    }

    /// Removes the rows of owners that do not exist any more.
    pub fn forget_owners(&mut self, is_removed: impl Fn(&Owner) -> bool) {
        for list in self.owned_lists() {
            list.forget(&is_removed);
        }
    }

    /// Renames the owner of everything in an organization.
    pub fn rename_owners(&mut self, old: &str, new: &str) {
        for list in self.owned_lists() {
            list.rename(old, new);
        }
    }
}
