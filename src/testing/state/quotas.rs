//! Quotas: the storage that a namespace may use.

use crate::testing::state::State;
use crate::testing::state::error::StateError;

#[derive(Debug, Clone)]
pub struct Quota {
    pub id: u64,
    pub bytes: u64,
    /// In the order in which they were created.
    pub limits: Vec<QuotaLimit>,
}

/// The share of a quota from which a namespace is warned or rejected.
#[derive(Debug, Clone)]
pub struct QuotaLimit {
    pub id: u64,
    /// `Warning` or `Reject`.
    pub kind: &'static str,
    pub percent: u64,
}

/// Powers of 1024 beyond the byte.
const BINARY: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

/// Parses a size such as `10 GiB`, `10GB`, `10G` or `10`, and returns it in bytes.
///
/// Without the `i`, units are powers of 1000.
pub fn bytes_of(text: &str) -> Option<u64> {
    let digits = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let unit = unit.strip_prefix(' ').unwrap_or(unit);
    let is_power = |u: &&str| *u == unit || u.strip_suffix('B') == Some(unit);
    let factor = match unit {
        "" | "B" => 1,
        _ => match BINARY.iter().position(is_power) {
            Some(power) => 1024_u64.checked_pow(u32::try_from(power).ok()? + 1)?,
            None => {
                let power = BINARY
                    .iter()
                    .position(|u| is_power(&u.replace('i', "").as_str()))?;
                1000_u64.checked_pow(u32::try_from(power).ok()? + 1)?
            }
        },
    };
    number.parse::<u64>().ok()?.checked_mul(factor)
}

/// Returns a size as Quay shows it: `10.0 GiB`.
pub fn shown(bytes: u64) -> String {
    let power = (1..=BINARY.len())
        .rev()
        .find(|power| bytes >= 1 << (10 * power));
    let unit = power
        .and_then(|power| BINARY.get(power - 1))
        .unwrap_or(&"Byte");
    format!(
        "{:.1} {unit}",
        bytes as f64 / 1024_f64.powi(i32::try_from(power.unwrap_or_default()).unwrap_or_default())
    )
}

/// Checks the size of a quota, which is above zero.
fn check_size(bytes: i64) -> Result<u64, StateError> {
    match u64::try_from(bytes) {
        Ok(bytes) if bytes > 0 => Ok(bytes),
        _ => Err(StateError::InvalidQuotaSize(bytes)),
    }
}

/// Checks the kind of a limit, in any case.
fn check_limit_kind(text: &str) -> Result<&'static str, StateError> {
    match text.to_lowercase().as_str() {
        "warning" => Ok("Warning"),
        "reject" => Ok("Reject"),
        _ => Err(StateError::InvalidLimitKind),
    }
}

fn check_threshold(percent: i64) -> Result<u64, StateError> {
    match u64::try_from(percent) {
        Ok(percent) if (1..=100).contains(&percent) => Ok(percent),
        _ => Err(StateError::InvalidThreshold),
    }
}

impl State {
    /// Returns the size of the repositories of a namespace, in bytes.
    pub fn bytes_of(&self, namespace: &str) -> u64 {
        self.repositories_of(namespace)
            .into_iter()
            .map(|r| r.bytes())
            .sum()
    }

    pub fn create_quota(&mut self, namespace: &str, bytes: i64) -> Result<u64, StateError> {
        if self.quotas.contains_key(namespace) {
            return Err(StateError::QuotaExists(namespace.to_owned()));
        }
        let (id, bytes) = (self.next_id(), check_size(bytes)?);
        let quota = Quota {
            id,
            bytes,
            limits: Vec::new(),
        };
        self.quotas.insert(namespace.to_owned(), quota);
        Ok(bytes)
    }

    /// Returns the quota of a namespace, which has to have this id.
    pub fn quota(&mut self, namespace: &str, id: u64) -> Result<&mut Quota, StateError> {
        self.quotas
            .get_mut(namespace)
            .filter(|quota| quota.id == id)
            .ok_or(StateError::NotFound)
    }

    /// Returns a limit of a quota.
    ///
    /// A limit of another quota is a separate error.
    pub fn quota_limit(
        &mut self,
        namespace: &str,
        quota: u64,
        id: u64,
    ) -> Result<&mut QuotaLimit, StateError> {
        let is_elsewhere = self
            .quotas
            .values()
            .any(|q| q.limits.iter().any(|l| l.id == id));
        let limits = &mut self.quota(namespace, quota)?.limits;
        let limit = limits.iter_mut().find(|l| l.id == id);
        limit.ok_or(if is_elsewhere {
            StateError::LimitOfOtherQuota
        } else {
            StateError::NotFound
        })
    }

    pub fn create_quota_limit(
        &mut self,
        namespace: &str,
        quota: u64,
        kind: &str,
        percent: i64,
    ) -> Result<(), StateError> {
        self.quota(namespace, quota)?;
        let threshold = check_threshold(percent);
        if percent != 0 {
            threshold.clone()?;
        }
        let kind = check_limit_kind(kind)?;
        let id = self.next_id();
        let limits = &mut self.quota(namespace, quota)?.limits;
        // Zero is compared with nothing: any limit of the kind counts as the same.
        let is_same = |l: &QuotaLimit| {
            l.kind == kind
                && threshold
                    .as_ref()
                    .map_or(true, |percent| l.percent == *percent)
        };
        if limits.iter().any(is_same) {
            return Err(StateError::LimitExists);
        }
        let percent = threshold.map_err(|_| StateError::ZeroThreshold)?;
        limits.push(QuotaLimit { id, kind, percent });
        Ok(())
    }
}

impl Quota {
    /// Returns the bytes that a percentage of it allows.
    pub fn allowed(&self, percent: u64) -> u64 {
        let bytes = u128::from(self.bytes) * u128::from(percent) / 100;
        u64::try_from(bytes).unwrap_or(u64::MAX)
    }

    /// Changes the size; returns the old one.
    pub fn resize(&mut self, bytes: i64) -> Result<u64, StateError> {
        let bytes = check_size(bytes)?;
        Ok(std::mem::replace(&mut self.bytes, bytes))
    }
}

impl QuotaLimit {
    pub fn change(&mut self, kind: Option<&str>, percent: Option<i64>) -> Result<(), StateError> {
        if let Some(kind) = kind {
            self.kind = check_limit_kind(kind)?;
        }
        if let Some(percent) = percent {
            self.percent = check_threshold(percent)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_and_shown_as_quay_does() {
        for (text, bytes, again) in [
            ("1 GiB", 1 << 30, "1.0 GiB"),
            ("1500", 1500, "1.5 KiB"),
            ("2000B", 2000, "2.0 KiB"),
            ("3 GB", 3_000_000_000, "2.8 GiB"),
            ("3G", 3_000_000_000, "2.8 GiB"),
            ("3Gi", 3 << 30, "3.0 GiB"),
            ("5", 5, "5.0 Byte"),
        ] {
            assert_eq!(
                (bytes_of(text), shown(bytes).as_str()),
                (Some(bytes), again)
            );
        }
        for text in ["much", "", "1  GiB", "-1", "1 YiB", "99 EiB"] {
            assert_eq!(bytes_of(text), None, "{text}");
        }
    }
}
