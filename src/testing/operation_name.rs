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
    let found = OPERATIONS.iter().find(|operation| operation.id() == name);
    found.unwrap_or_else(|| {
        let nearest = OPERATIONS
            .iter()
            .map(Operation::id)
            .min_by_key(|id| distance(name, id))
            .unwrap_or_default();
        panic!("no operation is named {name:?}; the nearest name is {nearest:?}")
    })
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
}
