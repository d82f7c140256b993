//! Properties of operations that the build script and the crate share.
//!
//! Both compile this file, so it uses only the standard library.

/// The paging style of a listing.
///
/// [`Listing`](crate::Listing) supports all styles, and works around the defects of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Paging {
    /// The response has a page token, `next_page`.
    Token,
    /// Pages have numbers, and the response says whether another page follows.
    Page,
    /// Pages have numbers. The tenth is the last, although its response says that another follows.
    Search,
    /// Pages have numbers, but a row is lost between two pages, so one request asks for all rows.
    Notifications,
    /// Pages have numbers, and the response has the total number of rows.
    Total,
    /// Pages begin at the number of a row, and the response says whether another page follows.
    Offset,
    /// One page, whose number of rows can be limited.
    Limit,
    /// Pages begin at the number of a line, and the response has the total number of lines.
    Lines,
}

/// The effect of repeating a request, in HTTP's terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Idempotency {
    /// The request only reads.
    Safe,
    /// A repetition changes nothing further.
    Idempotent,
    /// A repetition may have a further effect.
    NonIdempotent,
}

impl Idempotency {
    /// Returns the idempotency that HTTP defines for a method in upper case.
    pub fn of(method: &str) -> Self {
        match method {
            "GET" | "HEAD" | "OPTIONS" | "TRACE" => Self::Safe,
            "PUT" | "DELETE" => Self::Idempotent,
            _ => Self::NonIdempotent,
        }
    }
}
