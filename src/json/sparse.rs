//! Objects of a type with many optional fields of which each object has few.
//!
//! They are stored as a list of the present fields.

use crate::json::decode::{JsonError, JsonEvent, MapAccess, Place};

/// The number of fields that the first field allocates space for.
const INITIAL_FIELDS: usize = 8;
/// The number of bytes that the first string allocates space for.
const INITIAL_STRING_BYTES: usize = 128;

/// The present fields, in the order of the JSON. A linear search is the fastest for so small a
/// number. Most fields are strings, which share one buffer.
#[derive(Clone)]
pub(crate) struct Sparse<T> {
    fields: Vec<(u16, Stored<T>)>,
    strings: String,
}

#[derive(Clone)]
enum Stored<T> {
    String { start: usize, end: usize },
    Other(T),
}

/// The value of a field.
pub(crate) enum SparseValue<'a, T> {
    String(&'a str),
    Other(&'a T),
}

impl<T> Default for Sparse<T> {
    fn default() -> Self {
        Self {
            fields: Vec::new(),
            strings: String::new(),
        }
    }
}

impl<T: PartialEq> PartialEq for Sparse<T> {
    fn eq(&self, other: &Self) -> bool {
        self.fields.len() == other.fields.len()
            && self.fields.iter().all(|(number, _)| {
                (self.string(*number), self.other(*number))
                    == (other.string(*number), other.other(*number))
            })
    }
}

impl<T> Sparse<T> {
    fn stored(&self, number: u16) -> Option<&Stored<T>> {
        self.fields
            .iter()
            .find(|(known, _)| *known == number)
            .map(|(_, stored)| stored)
    }

    pub fn string(&self, number: u16) -> Option<&str> {
        match self.stored(number)? {
            Stored::String { start, end } => self.strings.get(*start..*end),
            Stored::Other(_) => None,
        }
    }

    pub fn other(&self, number: u16) -> Option<&T> {
        match self.stored(number)? {
            Stored::String { .. } => None,
            Stored::Other(value) => Some(value),
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = (usize, SparseValue<'_, T>)> {
        self.fields.iter().map(|(number, stored)| {
            let value = match stored {
                Stored::String { start, end } => {
                    SparseValue::String(self.strings.get(*start..*end).unwrap_or_default())
                }
                Stored::Other(value) => SparseValue::Other(value),
            };
            (usize::from(*number), value)
        })
    }

    fn set(&mut self, number: u16, stored: Stored<T>) {
        if self.fields.is_empty() {
            self.fields.reserve(INITIAL_FIELDS);
        }
        match self.fields.iter_mut().find(|(known, _)| *known == number) {
            Some((_, known)) => *known = stored,
            None => self.fields.push((number, stored)),
        }
    }

    /// Sets a field that is not a string.
    ///
    /// Null does not change it.
    pub fn set_other(&mut self, number: usize, value: Option<T>) {
        if let (Ok(number), Some(value)) = (u16::try_from(number), value) {
            self.set(number, Stored::Other(value));
        }
    }

    /// Decodes a field that is a string.
    ///
    /// Null does not change it.
    pub fn read_string(&mut self, number: usize, map: &mut dyn MapAccess) {
        let start = self.strings.len();
        let mut string = AppendString {
            buffer: &mut self.strings,
            is_present: false,
        };
        map.next_optional(&mut string);
        if let (Ok(number), true) = (u16::try_from(number), string.is_present) {
            self.set(
                number,
                Stored::String {
                    start,
                    end: self.strings.len(),
                },
            );
        }
    }
}

/// A place that appends a string to the buffer.
struct AppendString<'a> {
    buffer: &'a mut String,
    is_present: bool,
}

impl Place for AppendString<'_> {
    fn fill(&mut self, event: JsonEvent<'_>) -> Result<(), JsonError> {
        let string = event.string()?;
        if self.buffer.is_empty() {
            self.buffer.reserve(INITIAL_STRING_BYTES);
        }
        self.buffer.push_str(string);
        self.is_present = true;
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
    fn reads_and_writes_fields_in_their_order() -> Result<(), serde_json::Error> {
        let text = concat!(
            r#"{"tag":"v1","repo":"web","is_robot":true,"date/time":"2026-11-24T00:24:03Z","#,
            r#""docker_tags":["a"],"newer":[7]}"#
        );
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
    fn ignores_order_and_null_and_keeps_the_last_duplicate() -> Result<(), serde_json::Error> {
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
    fn takes_up_at_most_72_bytes() {
        assert!(
            size_of::<LogMetadata>() <= 72,
            "{}",
            size_of::<LogMetadata>()
        );
    }
}
