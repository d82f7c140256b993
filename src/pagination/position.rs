//! The position in a listing, which can be stored as a string.

use super::checkpoint::Checkpoint;
use super::cursor::Cursor;
use super::paging_style::MAX_INDEX;
use super::row_key::{ListingId, Occurrence, RowKey};
use crate::types::InvalidValue;
use crate::{Error, Result};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;
use url::form_urlencoded;

/// The name and value of the first field: the version of the format.
const VERSION: (&str, &str) = ("quay-listing", "1");

/// The position in a listing after the last row or page that was yielded.
///
/// It can be stored as a string, in a file or a database, and passed to
/// [`Listing::resume_from`](super::Listing::resume_from) in this process or another one. It
/// identifies its listing by the server, the operation, the filters and the page size, and other
/// listings reject it. It contains no secret: the page token in it only identifies the
/// place in the listing.
///
/// # Examples
///
/// ```
/// use quay_api::ListingPosition;
///
/// let broken = "page 17".parse::<ListingPosition>();
/// assert!(broken.is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ListingPosition(String);

impl ListingPosition {
    /// Writes the position of a checkpoint, or of the end of the listing.
    pub(super) fn new(listing: ListingId, checkpoint: Option<&Checkpoint>) -> Self {
        let mut fields = form_urlencoded::Serializer::new(String::new());
        let mut field = |name: &str, value: &str| {
            fields.append_pair(name, value);
        };
        field(VERSION.0, VERSION.1);
        field("operation", listing.operation);
        field("listing", &format!("{:x}", listing.listing));
        match checkpoint {
            Some(checkpoint) => {
                checkpoint.cursor.write_fields(&mut field);
                field("row", &checkpoint.rows_yielded.to_string());
                if let Some(Occurrence { key, nth }) = checkpoint.last_row {
                    field("last", &format!("{}.{nth}", write_key(key)));
                }
                if let Some(key) = checkpoint.first_row {
                    field("front", &write_key(key));
                }
            }
            None => field("end", ""),
        }
        Self(fields.finish())
    }

    /// Returns the checkpoint of the position; `None` at the end of the listing.
    ///
    /// # Errors
    ///
    /// Returns an error if the position belongs to another listing. `start` is the cursor of the
    /// first page of this listing.
    pub(super) fn checkpoint(
        &self,
        listing: ListingId,
        start: &Cursor,
    ) -> Result<Option<Checkpoint>> {
        let fields = Fields::read(&self.0)?;
        let (own, operation) = (fields.get("operation"), listing.operation);
        if own != Some(operation) {
            let own = own.unwrap_or_default();
            return Err(Error::invalid_input(format!(
                "the position belongs to a listing of {own}, and can't be used for {operation}"
            )));
        }
        if fields.number("listing", 16) != Some(listing.listing) {
            let reason = "the server, the resource, a filter or the page size differs";
            return Err(Error::invalid_input(format!(
                "the position belongs to another listing of {operation}: {reason}"
            )));
        }
        let checkpoint = fields.checkpoint()?;
        match &checkpoint {
            Some(checkpoint) if !checkpoint.cursor.is_same_style(start) => Err(
                Error::invalid_input(format!("no page of {operation} begins at this position")),
            ),
            _ => Ok(checkpoint),
        }
    }
}

impl fmt::Display for ListingPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ListingPosition {
    type Err = InvalidValue;

    fn from_str(position: &str) -> Result<Self, InvalidValue> {
        Fields::read(position)?.checkpoint()?;
        Ok(Self(position.to_owned()))
    }
}

impl Serialize for ListingPosition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for ListingPosition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// The fields of a position.
struct Fields<'a> {
    position: &'a str,
    fields: HashMap<String, String>,
}

impl<'a> Fields<'a> {
    fn read(position: &'a str) -> Result<Self, InvalidValue> {
        let fields: HashMap<_, _> = form_urlencoded::parse(position.as_bytes())
            .into_owned()
            .collect();
        let reason = match fields.get(VERSION.0).map(String::as_str) {
            Some(version) if version == VERSION.1 => return Ok(Self { position, fields }),
            Some(_) => "it has a format of another version of this crate",
            None => "it is not the position of a listing",
        };
        Err(invalid(position, reason))
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(String::as_str)
    }

    fn number(&self, name: &str, radix: u32) -> Option<u64> {
        u64::from_str_radix(self.get(name)?, radix).ok()
    }

    fn checkpoint(&self) -> Result<Option<Checkpoint>, InvalidValue> {
        if self.get("end").is_some() {
            return Ok(None);
        }
        let broken = || {
            invalid(
                self.position,
                "one of its fields is missing, invalid or out of range",
            )
        };
        let last_row = self
            .get("last")
            .map(|row| read_occurrence(row).ok_or_else(broken))
            .transpose()?;
        let first_row = self
            .get("front")
            .map(|key| read_key(key).ok_or_else(broken))
            .transpose()?;
        Ok(Some(Checkpoint {
            cursor: Cursor::read_fields(|name| self.get(name)).ok_or_else(broken)?,
            rows_yielded: self
                .number("row", 10)
                .filter(|rows| *rows <= MAX_INDEX)
                .ok_or_else(broken)?,
            last_row,
            first_row,
        }))
    }
}

fn invalid(position: &str, reason: &'static str) -> InvalidValue {
    InvalidValue::new("position of a listing", position, reason)
}

/// Writes a key as `HASH` or `HASH.SECOND`.
fn write_key(key: RowKey) -> String {
    match key.second {
        Some(second) => format!("{:x}.{second}", key.hash),
        None => format!("{:x}", key.hash),
    }
}

fn read_key(key: &str) -> Option<RowKey> {
    let (hash, second) = match key.split_once('.') {
        Some((hash, second)) => (hash, Some(second.parse().ok()?)),
        None => (key, None),
    };
    let hash = u64::from_str_radix(hash, 16).ok()?;
    Some(RowKey::from_position(hash, second))
}

fn read_occurrence(row: &str) -> Option<Occurrence> {
    let (key, nth) = row.rsplit_once('.')?;
    Some(Occurrence {
        key: read_key(key)?,
        nth: nth
            .parse()
            .ok()
            .filter(|nth| (1..=MAX_INDEX).contains(nth))?,
    })
}
