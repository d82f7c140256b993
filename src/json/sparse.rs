//! Objects that may have a great many members, of which each has a few: they are kept as a list,
//! instead of a place for each.

use crate::json::decode::{JsonError, JsonEvent, MapAccess, Place};

/// There is room for so many members, and so many bytes of text, from the beginning.
const USUAL: (usize, usize) = (8, 128);

/// The members that are there, as they came: of so few, the one that is looked for is found by
/// looking at each. Most are texts, which share one buffer.
#[derive(Clone)]
pub(crate) struct Sparse<T> {
    members: Vec<(u16, Held<T>)>,
    texts: String,
}

#[derive(Clone)]
enum Held<T> {
    Text { start: usize, end: usize },
    Other(T),
}

/// The value of a member.
pub(crate) enum Entry<'a, T> {
    Text(&'a str),
    Other(&'a T),
}

impl<T> Default for Sparse<T> {
    fn default() -> Self {
        Self {
            members: Vec::new(),
            texts: String::new(),
        }
    }
}

impl<T: PartialEq> PartialEq for Sparse<T> {
    fn eq(&self, other: &Self) -> bool {
        self.members.len() == other.members.len()
            && self.members.iter().all(|(number, _)| {
                (self.text(*number), self.other(*number))
                    == (other.text(*number), other.other(*number))
            })
    }
}

impl<T> Sparse<T> {
    fn held(&self, number: u16) -> Option<&Held<T>> {
        self.members
            .iter()
            .find(|(known, _)| *known == number)
            .map(|(_, held)| held)
    }

    pub fn text(&self, number: u16) -> Option<&str> {
        match self.held(number)? {
            Held::Text { start, end } => self.texts.get(*start..*end),
            Held::Other(_) => None,
        }
    }

    pub fn other(&self, number: u16) -> Option<&T> {
        match self.held(number)? {
            Held::Text { .. } => None,
            Held::Other(value) => Some(value),
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = (usize, Entry<'_, T>)> {
        self.members.iter().map(|(number, held)| {
            let entry = match held {
                Held::Text { start, end } => {
                    Entry::Text(self.texts.get(*start..*end).unwrap_or_default())
                }
                Held::Other(value) => Entry::Other(value),
            };
            (usize::from(*number), entry)
        })
    }

    fn set(&mut self, number: u16, held: Held<T>) {
        if self.members.is_empty() {
            self.members.reserve(USUAL.0);
        }
        match self.members.iter_mut().find(|(known, _)| *known == number) {
            Some((_, known)) => *known = held,
            None => self.members.push((number, held)),
        }
    }

    /// Sets a member that is no text; null leaves it as it was.
    pub fn set_other(&mut self, number: usize, value: Option<T>) {
        if let (Ok(number), Some(value)) = (u16::try_from(number), value) {
            self.set(number, Held::Other(value));
        }
    }

    /// Reads a member that is a text; null leaves it as it was.
    pub fn read_text(&mut self, number: usize, members: &mut dyn MapAccess) {
        let start = self.texts.len();
        let mut text = Text {
            texts: &mut self.texts,
            is_there: false,
        };
        members.optional(&mut text);
        if let (Ok(number), true) = (u16::try_from(number), text.is_there) {
            self.set(
                number,
                Held::Text {
                    start,
                    end: self.texts.len(),
                },
            );
        }
    }
}

/// A text that is appended to the others.
struct Text<'a> {
    texts: &'a mut String,
    is_there: bool,
}

impl Place for Text<'_> {
    fn fill(&mut self, event: JsonEvent<'_>) -> Result<(), JsonError> {
        let text = event.string()?;
        if self.texts.is_empty() {
            self.texts.reserve(USUAL.1);
        }
        self.texts.push_str(text);
        self.is_there = true;
        Ok(())
    }

    fn expected(&self) -> &'static str {
        "a string"
    }
}

#[cfg(test)]
mod tests {
    use crate::types::LogMetadata;
    use serde_json::{Value, json};

    #[test]
    fn members_are_found_and_written_as_they_came() -> Result<(), serde_json::Error> {
        let text = r#"{"tag":"v1","repo":"web","is_robot":true,"date/time":"2026-11-24T00:24:03Z","docker_tags":["a"],"newer":[7]}"#;
        let read: LogMetadata = serde_json::from_str(text)?;
        assert_eq!(
            (read.repo(), read.tag(), read.is_robot(), read.team()),
            (Some("web"), Some("v1"), Some(true), None)
        );
        assert_eq!(read.docker_tags().map(<[String]>::len), Some(1));
        assert_eq!(
            read.date_time().map(|moment| moment.to_string()).as_deref(),
            Some("2026-11-24T00:24:03Z")
        );
        assert_eq!(read.extra.get("newer"), Some(&json!([7])));
        assert_eq!(serde_json::to_string(&read)?, text);
        assert!(
            format!("{read:?}").starts_with(r#"LogMetadata { tag: "v1", repo: "web", "#),
            "{read:?}"
        );
        Ok(())
    }

    #[test]
    fn the_order_says_nothing_null_is_missing_and_the_last_one_counts()
    -> Result<(), serde_json::Error> {
        let read = |text: &str| serde_json::from_str::<LogMetadata>(text);
        let twice = read(r#"{"team": null, "repo": "a", "repo": "web", "tag": "v1"}"#)?;
        assert_eq!(read(r#"{"tag": "v1", "repo": "web"}"#)?, twice);
        assert_eq!(
            serde_json::to_string(&twice)?,
            r#"{"repo":"web","tag":"v1"}"#
        );
        assert_ne!(read(r#"{"tag": "v1"}"#)?, twice);
        assert_ne!(twice, read(r#"{"tag": "v1"}"#)?);
        assert_eq!(read("{}")?, LogMetadata::default());
        assert!(
            read(r#"{"tag": 7}"#)
                .is_err_and(|error| error.to_string().contains("expected a string"))
        );
        assert_eq!(
            serde_json::to_value(LogMetadata::default())?,
            Value::Object(serde_json::Map::new())
        );
        Ok(())
    }

    #[test]
    fn it_is_small() {
        assert!(
            size_of::<LogMetadata>() <= 72,
            "{}",
            size_of::<LogMetadata>()
        );
    }
}
