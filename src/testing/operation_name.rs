//! Operations by their names, as tests write them.

use crate::{OPERATIONS, Operation};

/// Returns the operation of a name.
///
/// # Panics
///
/// Panics if no operation has the name, and suggests the nearest name. Otherwise a test with a typo
/// would wait for requests that never come, or succeed without testing anything.
#[track_caller]
#[expect(clippy::panic, reason = "a mistake in a test ends it where it is made")]
pub(super) fn operation(name: &str) -> &'static Operation {
    // No closure: the panic would be at its place, and not at the caller's.
    match Operation::find(name) {
        Some(operation) => operation,
        None => panic!(
            "no operation is named {name:?}; the nearest name is {:?}",
            nearest(name)
        ),
    }
}

/// Returns the name that has the most words of this one, and of those the most similar.
fn nearest(name: &str) -> &'static str {
    let wanted = words(name);
    let missing = |id: &str| {
        let words = words(id);
        let is_same = |wanted: &str, word: &str| {
            word.starts_with(wanted) || word.len() > 2 && wanted.starts_with(word)
        };
        let is_in = |wanted: &&String| words.iter().any(|word| is_same(wanted, word));
        wanted.len() - wanted.iter().filter(is_in).count()
    };
    let ids = OPERATIONS.iter().map(Operation::id);
    ids.min_by_key(|id| (missing(id), distance(name, id)))
        .unwrap_or_default()
}

/// Returns the words of a name, in lower case: `delete`, `full` and `tag` of `deleteFullTag`.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for c in name.chars() {
        match words.last_mut() {
            Some(word) if !c.is_uppercase() => word.push(c),
            _ => words.push(c.to_lowercase().collect()),
        }
    }
    words
}

/// Returns the number of characters to insert, delete or replace, regardless of case.
fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.to_ascii_lowercase(), b.to_ascii_lowercase());
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (index, in_a) in a.chars().enumerate() {
        let mut diagonal = index;
        row[0] = index + 1;
        for (column, in_b) in b.chars().enumerate() {
            let replaced = diagonal + usize::from(in_a != in_b);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_edits() {
        for (a, b, expected) in [
            ("", "", 0),
            ("", "abc", 3),
            ("kitten", "sitting", 3),
            ("ListRepoTags", "listRepoTags", 0),
            ("listRepoTag", "listRepoTags", 1),
        ] {
            assert_eq!(
                (distance(a, b), distance(b, a)),
                (expected, expected),
                "{a} {b}"
            );
        }
    }

    #[test]
    #[should_panic(
        expected = "no operation is named \"listRepoTag\"; the nearest name is \"listRepoTags\""
    )]
    fn names_the_nearest_operation() {
        operation("listRepoTag");
    }

    #[test]
    fn prefers_names_with_the_same_words() {
        for (name, expected) in [
            ("deleteTag", "deleteFullTag"),
            ("listTags", "listRepoTags"),
            ("ListRepoTags", "listRepoTags"),
            ("lstRepoTags", "listRepoTags"),
            ("getRepository", "getRepo"),
            ("createRobot", "createOrgRobot"),
        ] {
            assert_eq!(nearest(name), expected, "{name}");
        }
    }

    #[test]
    fn the_panic_is_at_the_line_of_the_caller() {
        use std::cell::Cell;
        use std::panic;
        thread_local!(static LINE: Cell<u32> = const { Cell::new(0) });

        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            LINE.set(info.location().map_or(0, panic::Location::line));
            before(info);
        }));
        let here = line!() + 1;
        let found = panic::catch_unwind(|| operation("deleteTag"));
        assert!(found.is_err());
        assert_eq!(LINE.get(), here);
    }
}
