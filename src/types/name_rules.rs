//! The rules for names of what is created. Servers have had them since 3.8; what is older may have
//! other names, so these are not rules for reading and deleting.

use super::InvalidValue;

/// The maximum number of characters of most names.
const MAX_CHARS: usize = 255;

const MAX_TAG_CHARS: usize = 128;

/// Checks the name of a new organization, user, team or robot account (the short name of one).
pub(crate) fn check_new_name(kind: &'static str, name: &str) -> Result<(), InvalidValue> {
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(is_lower_or_digit);
    let reason = if !(2..=MAX_CHARS).contains(&name.len()) {
        "a new name has between 2 and 255 characters"
    } else if !name.split(['.', '_', '-']).all(is_word) {
        "a new name has letters from a to z in lower case and digits, with single `.`, `_` or `-` \
         between them"
    } else {
        return Ok(());
    };
    Err(InvalidValue::new(kind, name, reason))
}

/// Checks the name of a new repository, which has its namespace beside it.
pub(crate) fn check_new_repository(
    namespace: Option<&str>,
    name: &str,
) -> Result<(), InvalidValue> {
    let is_inner = |b: u8| is_lower_or_digit(b) || b"._-".contains(&b);
    let is_part = |part: &str| {
        part.bytes().next().is_some_and(is_lower_or_digit) && part.bytes().all(is_inner)
    };
    let reason = match (namespace, name.split_once('/')) {
        (None, Some((first, _))) => format!(
            "it has a slash in it, and no namespace is given: give {first:?} to `namespace`, or \
             the own name of the caller for a repository of this whole name"
        ),
        (Some(namespace), Some((first, rest))) if namespace == first => {
            format!("it begins with its namespace, which is given beside it: use {rest:?}")
        }
        _ if name.len() > MAX_CHARS => format!("it has more than {MAX_CHARS} characters"),
        _ if !name.split('/').all(is_part) => "a new repository has letters from a to z in lower \
             case, digits, `.`, `_` and `-` in its name, and begins with a letter or digit, also \
             after a slash"
            .to_owned(),
        _ => return Ok(()),
    };
    Err(InvalidValue::new("repository name", name, reason))
}

/// Checks the name of a tag that is created or changed.
pub(crate) fn check_new_tag(name: &str) -> Result<(), InvalidValue> {
    let is_word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let reason = if name.len() > MAX_TAG_CHARS {
        format!("it has more than {MAX_TAG_CHARS} characters")
    } else if !name.bytes().next().is_some_and(is_word)
        || !name.bytes().all(|b| is_word(b) || b".-".contains(&b))
    {
        "a tag has letters from a to z, digits, `_`, `.` and `-`, and does not begin with `.` or \
         `-`"
        .to_owned()
    } else {
        return Ok(());
    };
    Err(InvalidValue::new("tag", name, reason))
}

/// Checks the key of a label that is added.
pub(crate) fn check_new_label_key(key: &str) -> Result<(), InvalidValue> {
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(is_lower_or_digit);
    let reason = if key.len() > MAX_CHARS {
        "it has more than 255 characters"
    } else if !key.split(['.', '-']).all(is_word) {
        "a key has letters from a to z in lower case and digits, with single `.` or `-` between them"
    } else {
        return Ok(());
    };
    Err(InvalidValue::new("label", key, reason))
}

fn is_lower_or_digit(b: u8) -> bool {
    b.is_ascii_lowercase() || b.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_new_names_as_the_server_does() {
        let long = "a".repeat(255);
        for name in ["ab", "a1", "john.doe", "a_b-c.d", "42", &long] {
            assert_eq!(check_new_name("user name", name), Ok(()), "{name}");
        }
        let too_long = "a".repeat(256);
        for name in [
            "", "a", "Acme", "acme-", "-acme", "a--b", "a._b", "a b", "a+b", "é1", "a\n", &too_long,
        ] {
            assert!(check_new_name("user name", name).is_err(), "{name:?}");
        }
    }

    #[test]
    fn accepts_new_repositories_as_the_server_does() {
        for name in [
            "w", "w_b", "w.b", "web-", "web.", "w--b", "w..b", "a/b", "a/b-", "9",
        ] {
            assert_eq!(check_new_repository(Some("acme"), name), Ok(()), "{name}");
        }
        for name in [
            "", "Web", "-web", ".web", "_web", "w b", "w+b", "w:b", "w@b", "w~b", "a//b", "a/",
            "/a", "a/-b", "é", "web\n",
        ] {
            assert!(
                check_new_repository(Some("acme"), name).is_err(),
                "{name:?}"
            );
        }
        let reason = |namespace, name| {
            let error = check_new_repository(namespace, name).unwrap_err();
            error.to_string()
        };
        assert!(reason(None, "acme/web").contains("give \"acme\" to `namespace`"));
        assert!(reason(Some("acme"), "acme/web").contains("use \"web\""));
        assert_eq!(check_new_repository(None, "web"), Ok(()));
        assert_eq!(check_new_repository(Some("acme"), "globex/web"), Ok(()));
    }

    #[test]
    fn accepts_new_tags_and_labels_as_the_server_does() {
        let long = "a".repeat(128);
        for tag in ["v1.0", "_x", "Latest", "a-", &long] {
            assert_eq!(check_new_tag(tag), Ok(()), "{tag}");
        }
        let too_long = "a".repeat(129);
        for tag in ["", ".a", "-a", "a b", "a:b", "é", "a+b", &too_long] {
            assert!(check_new_tag(tag).is_err(), "{tag:?}");
        }
        for key in ["a", "com.example.team", "a-b", "9"] {
            assert_eq!(check_new_label_key(key), Ok(()), "{key}");
        }
        for key in ["", "A", "a_b", "a..b", "a.-b", "-a", "a.", "a b"] {
            assert!(check_new_label_key(key).is_err(), "{key:?}");
        }
    }
}
