//! Properties of operations that the build script and the crate share. Both compile this file, so
//! it uses the standard library only.

/// How the server continues a listing. The crate's [`Listing`](crate::Listing) follows all of them,
/// and works around the defects of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Paging {
    /// With a token, `next_page`, that the response brings.
    Token,
    /// With the number of a page; the response says whether there are more.
    Page,
    /// With the number of a page; the response says that there are more even after the tenth, which
    /// is the last.
    Search,
    /// With the number of a page; a row is lost at each border, so all rows are requested at once.
    Notifications,
    /// With the number of a page; the response says how many rows there are.
    Total,
    /// With the number of a row; the response says whether there are more.
    Offset,
    /// Not at all: only the number of rows can be limited.
    Limit,
    /// With the number of a line; the response says how many there are.
    Lines,
}

/// What repeating a request does to the server, in HTTP's terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Idempotency {
    /// It only reads.
    Safe,
    /// A repetition changes nothing further.
    Idempotent,
    /// A repetition may have a further effect.
    NonIdempotent,
}

impl Idempotency {
    /// Returns what HTTP promises for a method, in upper case.
    pub fn of(method: &str) -> Self {
        match method {
            "GET" | "HEAD" | "OPTIONS" | "TRACE" => Self::Safe,
            "PUT" | "DELETE" => Self::Idempotent,
            _ => Self::NonIdempotent,
        }
    }
}
