//! The size of a storage quota in a form that all servers accept, and lookups of a quota.

use crate::api::shared::{missing, outcome};
use crate::pagination::{Listing, SinglePage};
use crate::types::{Quota, QuotaId, SetQuota};
use crate::{Error, Result};

/// Returns the quota that was created for a namespace, read from the list of its quotas.
pub(crate) async fn created(namespace: &str, quotas: Listing<SinglePage<Quota>>) -> Result<Quota> {
    let read = quotas.await.and_then(|quotas| {
        let found = quotas.into_iter().find(is_own);
        found.ok_or_else(|| missing("quota"))
    });
    outcome::read_created(read, &format!("the quota of {namespace}"))
}

/// Returns true if a namespace has its own quota.
pub(crate) async fn is_set(quotas: Listing<SinglePage<Quota>>) -> Result<bool> {
    Ok(quotas.await?.iter().any(is_own))
}

/// Checks the desired size before anything is sent, and returns the namespace's own quotas: none or
/// one.
pub(crate) async fn existing(
    desired: &SetQuota,
    quotas: Listing<SinglePage<Quota>>,
) -> Result<Vec<Quota>> {
    in_bytes(desired.clone())?;
    Ok(quotas.await?.into_iter().filter(is_own).collect())
}

/// Returns true if the quota has the desired size.
pub(crate) fn is_met(desired: &SetQuota, found: &Quota) -> bool {
    match in_bytes(desired.clone()) {
        Ok(desired) => desired.limit_bytes == found.limit_bytes,
        Err(_) => false,
    }
}

/// Returns the identifier of a namespace's own quota.
pub(crate) fn id(quota: &Quota) -> Result<QuotaId> {
    quota.id.ok_or_else(|| missing("quota"))
}

/// Returns false for the server's default quota.
fn is_own(quota: &Quota) -> bool {
    quota.id.is_some()
}

/// Returns the request with the size in bytes. When a quota is changed, the server ignores a size
/// of zero and a request without a size, and servers before 3.12 ignore a size with a unit. They
/// acknowledge all three with a success.
pub(crate) fn in_bytes(quota: SetQuota) -> Result<SetQuota> {
    let bytes = match (quota.limit_bytes, &quota.limit) {
        (Some(bytes), None) => bytes.bytes(),
        (None, Some(text)) => parse(text).ok_or_else(|| {
            Error::invalid_input(format!(
                "the `limit` of a quota must be a whole number with a unit, such as `10 GiB`, \
                 got {text:?}"
            ))
        })?,
        _ => {
            return Err(Error::invalid_input(
                "a quota must have either `limit_bytes` or `limit`",
            ));
        }
    };
    if bytes < 1 {
        return Err(Error::invalid_input(format!(
            "the size of a quota must be at least 1 byte, got {bytes}"
        )));
    }
    Ok(SetQuota::new().limit_bytes(bytes))
}

/// Parses a size as the server does: `10`, `10 GiB`, `10Gi`, `10 GB` or `10G`.
fn parse(text: &str) -> Option<i64> {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let unit = unit.strip_prefix(' ').unwrap_or(unit);
    let number: i64 = number.parse().ok()?;
    let (base, prefix) = match unit.as_bytes() {
        [] | [b'B'] => return Some(number),
        [prefix, b'i'] | [prefix, b'i', b'B'] => (1024_i64, prefix),
        [prefix] | [prefix, b'B'] => (1000_i64, prefix),
        _ => return None,
    };
    // A number of zettabytes does not fit in 64 bits.
    let power = b"KMGTPE".iter().position(|p| p == prefix)? as u32 + 1;
    number.checked_mul(base.checked_pow(power)?)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn reads_the_sizes_that_the_server_reads() {
        for (text, bytes) in [
            ("10", 10),
            ("10B", 10),
            ("10 KiB", 10 << 10),
            ("10Ki", 10 << 10),
            ("3 GB", 3_000_000_000),
            ("3G", 3_000_000_000),
            ("7 EiB", 7 << 60),
            ("0 MiB", 0),
        ] {
            assert_eq!(parse(text), Some(bytes), "{text}");
        }
        for text in [
            "",
            "GiB",
            "much",
            "-1 GiB",
            "1.5 GiB",
            "1  GiB",
            "1 gib",
            "8 EiB",
            "1 ZB",
            "1 iB",
            "1 BB",
            "99999999999999999999",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
