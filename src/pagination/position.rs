//! Where a listing is, as a text that can be kept.

use super::cursor::{Cursor, Token, Window};
use super::fetcher::ResumePoint;
use super::row_key::{ListingId, Occurrence, RowKey};
use crate::types::{InvalidValue, Timestamp};
use crate::{Error, Result};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime};
use tokio::time::Instant;
use url::form_urlencoded;

/// The first field, whose value is the version of all others.
const VERSION: (&str, &str) = ("quay-listing", "1");

/// Where a listing is: after the last row, or page, that was given.
///
/// It is a text, to be kept in a file or a database and given to
/// [`Listing::resume_from`](super::Listing::resume_from) by the same process or another one. It
/// says which listing it is of (server, operation, filter, size of pages), and is refused by any
/// other. It holds no secret: the server's page token in it is good for nothing but the place in
/// the listing.
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
    pub(super) fn new(of: ListingId, resumption: Option<&ResumePoint>) -> Self {
        let mut fields = form_urlencoded::Serializer::new(String::new());
        fields.append_pair(VERSION.0, VERSION.1);
        fields
            .append_pair("operation", of.operation)
            .append_pair("listing", &format!("{:x}", of.listing));
        let mut field = |name: &str, value: &str| {
            fields.append_pair(name, value);
        };
        match resumption {
            Some(ResumePoint {
                at,
                row,
                last,
                front,
            }) => {
                match at {
                    Cursor::Start => field("start", ""),
                    Cursor::Number(number) => field("page", &number.to_string()),
                    Cursor::Offset(offset) => field("offset", &offset.to_string()),
                    Cursor::Token(_) => {}
                    Cursor::Days(Window {
                        oldest,
                        since,
                        until,
                        ..
                    }) => {
                        for (name, day) in [("oldest", oldest), ("since", since), ("until", until)]
                        {
                            field(name, &day.to_string());
                        }
                    }
                }
                if let Some(token) = at.token() {
                    field("token", &token.text);
                    field("given", &token.given.map_or(0, unix_seconds).to_string());
                }
                field("row", &row.to_string());
                if let Some(last) = last {
                    field("last", &format!("{}.{}", written(last.mark), last.nth));
                }
                if let Some(front) = front {
                    field("front", &written(*front));
                }
            }
            None => field("end", ""),
        }
        Self(fields.finish())
    }

    /// Where to go on in a listing; `None` at its end.
    pub(super) fn within(&self, listing: ListingId) -> Result<Option<ResumePoint>> {
        let fields = Fields::read(&self.0)?;
        if fields.get("operation") != Some(listing.operation) {
            let (own, wanted) = (
                fields.get("operation").unwrap_or_default(),
                listing.operation,
            );
            return Err(Error::invalid_input(format!(
                "the position belongs to a listing of {own}, and can't be used for {wanted}"
            )));
        }
        if fields.number("listing", 16) != Some(listing.listing) {
            let operation = listing.operation;
            let reason = "another server, another subject or filter, or another size of pages";
            return Err(Error::invalid_input(format!(
                "the position belongs to another listing of {operation}: {reason}"
            )));
        }
        Ok(fields.resumption()?)
    }
}

impl fmt::Display for ListingPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ListingPosition {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        Fields::read(text)?.resumption()?;
        Ok(Self(text.to_owned()))
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

/// A position taken apart.
struct Fields<'a> {
    text: &'a str,
    fields: HashMap<String, String>,
}

impl<'a> Fields<'a> {
    fn read(text: &'a str) -> Result<Self, InvalidValue> {
        let fields: HashMap<_, _> = form_urlencoded::parse(text.as_bytes())
            .into_owned()
            .collect();
        match fields.get(VERSION.0).map(String::as_str) {
            Some(version) if version == VERSION.1 => Ok(Self { text, fields }),
            Some(_) => Err(InvalidValue::new(
                "position of a listing",
                text,
                "it was written by another version of this library",
            )),
            None => Err(InvalidValue::new(
                "position of a listing",
                text,
                "it is none",
            )),
        }
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(String::as_str)
    }

    fn number(&self, name: &str, radix: u32) -> Option<u64> {
        u64::from_str_radix(self.get(name)?, radix).ok()
    }

    fn resumption(&self) -> Result<Option<ResumePoint>, InvalidValue> {
        if self.get("end").is_some() {
            return Ok(None);
        }
        let broken = || {
            InvalidValue::new(
                "position of a listing",
                self.text,
                "a part of it is missing or broken",
            )
        };
        let row = self.number("row", 10).ok_or_else(broken)?;
        let last = self
            .get("last")
            .map(|text| read_nth(text).ok_or_else(broken))
            .transpose()?;
        let front = self
            .get("front")
            .map(|text| read_mark(text).ok_or_else(broken))
            .transpose()?;
        Ok(Some(ResumePoint {
            at: self.at().ok_or_else(broken)?,
            row,
            last,
            front,
        }))
    }

    fn at(&self) -> Option<Cursor> {
        let token = match self.get("token") {
            Some(text) => Some(Token {
                text: text.to_owned(),
                given: instant(self.number("given", 10)?),
            }),
            None => None,
        };
        if self.get("since").is_some() {
            let day = |name| self.get(name)?.parse::<Timestamp>().ok();
            return Some(Cursor::Days(Window {
                oldest: day("oldest")?,
                since: day("since")?,
                until: day("until")?,
                token,
            }));
        }
        let number = self.number("page", 10).map(Cursor::Number);
        let start = || self.get("start").map(|_| Cursor::Start);
        number
            .or_else(|| self.number("offset", 10).map(Cursor::Offset))
            .or(token.map(Cursor::Token))
            .or_else(start)
    }
}

/// `HASH` or `HASH.SECOND`.
fn written(mark: RowKey) -> String {
    match mark.second {
        Some(second) => format!("{:x}.{second}", mark.hash),
        None => format!("{:x}", mark.hash),
    }
}

fn read_mark(text: &str) -> Option<RowKey> {
    let (hash, second) = match text.split_once('.') {
        Some((hash, second)) => (hash, Some(second.parse().ok()?)),
        None => (text, None),
    };
    Some(RowKey {
        hash: u64::from_str_radix(hash, 16).ok()?,
        second,
    })
}

fn read_nth(text: &str) -> Option<Occurrence> {
    let (mark, nth) = text.rsplit_once('.')?;
    Some(Occurrence {
        mark: read_mark(mark)?,
        nth: nth.parse().ok()?,
    })
}

/// The moment of an instant, which means nothing to another process.
fn unix_seconds(instant: Instant) -> u64 {
    let moment = SystemTime::now().checked_sub(instant.elapsed());
    moment
        .and_then(|moment| moment.duration_since(SystemTime::UNIX_EPOCH).ok())
        .map_or(0, |since| since.as_secs())
}

/// The instant of a moment; `None` if it is too long ago. What a wrong clock puts into the future
/// was now.
fn instant(unix_seconds: u64) -> Option<Instant> {
    let moment = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(unix_seconds))?;
    Instant::now().checked_sub(SystemTime::now().duration_since(moment).unwrap_or_default())
}
