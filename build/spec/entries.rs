//! Entries with names, in the order in which they are written: some hundreds at most, so that
//! looking for one is going through them.

#[derive(Debug, Clone)]
pub struct Entries<T>(Vec<(String, T)>);

impl<T> Entries<T> {
    pub fn get(&self, name: &str) -> Option<&T> {
        self.iter()
            .find(|(known, _)| *known == name)
            .map(|(_, entry)| entry)
    }

    pub fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Adds one, whose name is not there yet.
    pub fn push(&mut self, name: String, entry: T) {
        self.0.push((name, entry));
    }

    pub fn iter(&self) -> impl Iterator<Item = (&String, &T)> + Clone {
        self.0.iter().map(|(name, entry)| (name, entry))
    }

    pub fn names(&self) -> impl Iterator<Item = &String> + Clone {
        self.0.iter().map(|(name, _)| name)
    }

    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.0.iter().map(|(_, entry)| entry)
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> From<Vec<(String, T)>> for Entries<T> {
    fn from(entries: Vec<(String, T)>) -> Self {
        Self(entries)
    }
}

impl<T> IntoIterator for Entries<T> {
    type Item = (String, T);
    type IntoIter = std::vec::IntoIter<(String, T)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
