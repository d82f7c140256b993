//! Where things belong, so that they go, and are renamed, with it.

use super::State;

/// A namespace or a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    Namespace(String),
    Repository(String, String),
}

impl Place {
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

    /// The name of the repository, without its namespace.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Namespace(_) => None,
            Self::Repository(_, name) => Some(name),
        }
    }

    /// Whether it is this namespace or in it.
    pub fn is_in(&self, namespace: &str) -> bool {
        self.namespace() == namespace
    }
}

/// Something with an identifier, and where it belongs.
#[derive(Debug, Clone)]
pub struct Row<T> {
    pub place: Place,
    pub uuid: String,
    pub data: T,
}

/// Rows of one kind, oldest first.
#[derive(Debug, Clone)]
pub struct Rows<T>(Vec<Row<T>>);

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Rows<T> {
    pub fn all(&self) -> impl DoubleEndedIterator<Item = &Row<T>> {
        self.0.iter()
    }

    /// All of them, to be changed.
    pub fn all_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.0.iter_mut().map(|row| &mut row.data)
    }

    /// Those of a place itself, not of what is in it.
    pub fn of<'a>(&'a self, place: &'a Place) -> impl DoubleEndedIterator<Item = &'a Row<T>> {
        self.0.iter().filter(move |row| row.place == *place)
    }

    /// The first one of a place, for what there is one of.
    pub fn first(&self, place: &Place) -> Option<&T> {
        self.0
            .iter()
            .find(|row| row.place == *place)
            .map(|row| &row.data)
    }

    pub fn first_mut(&mut self, place: &Place) -> Option<&mut T> {
        self.0
            .iter_mut()
            .find(|row| row.place == *place)
            .map(|row| &mut row.data)
    }

    pub fn get(&self, place: &Place, uuid: &str) -> Option<&Row<T>> {
        self.0
            .iter()
            .find(|row| row.place == *place && row.uuid == uuid)
    }

    pub fn get_mut(&mut self, place: &Place, uuid: &str) -> Option<&mut T> {
        self.0
            .iter_mut()
            .find(|row| row.place == *place && row.uuid == uuid)
            .map(|row| &mut row.data)
    }

    pub fn add(&mut self, place: Place, uuid: String, data: T) {
        self.0.push(Row { place, uuid, data });
    }

    pub fn remove(&mut self, place: &Place, uuid: &str) -> Option<T> {
        let index = self
            .0
            .iter()
            .position(|row| row.place == *place && row.uuid == uuid)?;
        Some(self.0.remove(index).data)
    }

    pub fn forget(&mut self, is_gone: impl Fn(&Place) -> bool) {
        self.0.retain(|row| !is_gone(&row.place));
    }

    fn rename(&mut self, old: &str, new: &str) {
        for place in self.0.iter_mut().map(|row| &mut row.place) {
            match place {
                Place::Namespace(namespace) | Place::Repository(namespace, _)
                    if namespace == old =>
                {
                    new.clone_into(namespace)
                }
                _ => {}
            }
        }
    }
}

/// The same for the rows of every kind.
macro_rules! everywhere {
    ($world:ident, $rows:ident => $what:expr) => {{
        {
            let $rows = &mut $world.notifications;
            $what
        }
        {
            let $rows = &mut $world.notices;
            $what
        }
        {
            let $rows = &mut $world.autoprune_policies;
            $what
        }
        {
            let $rows = &mut $world.immutability_policies;
            $what
        }
        {
            let $rows = &mut $world.mirrors;
            $what
        }
        {
            let $rows = &mut $world.organization_mirrors;
            $what
        }
        {
            let $rows = &mut $world.builds;
            $what
        }
        {
            let $rows = &mut $world.triggers;
            $what
        }
    }};
}

impl State {
    /// Forgets what belonged to places that are gone.
    pub fn forget_places(&mut self, is_gone: impl Fn(&Place) -> bool) {
        everywhere!(self, rows => rows.forget(&is_gone));
    }

    /// Takes along what belongs to an organization that gets another name.
    pub fn rename_places(&mut self, old: &str, new: &str) {
        everywhere!(self, rows => rows.rename(old, new));
    }
}
