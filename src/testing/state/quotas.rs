//! How much a namespace may hold.

use super::State;

#[derive(Debug, Clone)]
pub struct Quota {
    pub id: u64,
    pub bytes: u64,
    /// In the order in which they were made.
    pub limits: Vec<QuotaLimit>,
}

/// From how many percent of a quota on something is done.
#[derive(Debug, Clone)]
pub struct QuotaLimit {
    pub id: u64,
    /// `Warning` or `Reject`.
    pub kind: &'static str,
    pub percent: u64,
}

/// Powers of 1024 beyond the byte.
const BINARY: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

/// A size as people write it, in bytes: `10 GiB`, `10GB`, `10G` or `10`. Without the `i` it is in
/// powers of 1000.
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

/// A size as Quay shows it: `10.0 GiB`.
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

impl State {
    /// How much the repositories of a namespace hold, in bytes.
    pub fn bytes_of(&self, namespace: &str) -> u64 {
        self.repositories_of(namespace)
            .into_iter()
            .map(|r| r.bytes())
            .sum()
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
