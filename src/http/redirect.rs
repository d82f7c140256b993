//! Where a redirect leads.

use crate::base_url::BaseUrl;
use http::header;
use url::Url;

/// A call is led on no more often than this.
pub(super) const MAX: usize = 5;

/// The address that a redirect gives, if it is one that is followed: it keeps the method, and stays
/// with the scheme, host and port of the server.
///
/// The HTTP library follows none: it would turn a write into a read (302), and its rules can't be
/// set on a client that the caller brings.
pub(super) fn followed(response: &reqwest::Response, asked: &Url, base: &BaseUrl) -> Option<Url> {
    if !matches!(response.status().as_u16(), 307 | 308) {
        return None;
    }
    let location = response.headers().get(header::LOCATION)?.to_str().ok()?;
    let target = asked.join(location).ok()?;
    let is_plain = target.username().is_empty() && target.password().is_none();
    (is_plain && base.is_origin_of(&target)).then_some(target)
}
