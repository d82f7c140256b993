//! Digests of manifests and blobs.

use super::InvalidValue;
use super::text_value::text_value;
use crate::json::decode::{Decode, JsonError, JsonEvent};
use std::fmt;
use std::str::FromStr;

/// The digest of a manifest or blob: `sha256:` and 64 hexadecimal digits.
///
/// Other algorithms are accepted in the format of the OCI specification. A string is validated when
/// it is parsed, and when a digest is deserialized on its own. A digest in a row of a response is
/// kept as the server sent it, so that an unusual digest does not fail a call. It is validated when
/// it is passed to a method, and by [`validate`](Self::validate).
///
/// # Examples
///
/// ```
/// use quay_api::types::Digest;
///
/// let hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
/// let digest: Digest = format!("sha256:{hash}").parse()?;
/// assert_eq!(digest.algorithm(), "sha256");
/// assert!("latest".parse::<Digest>().is_err());
/// assert!("sha256:e3b0".parse::<Digest>().is_err());
/// # Ok::<(), quay_api::types::InvalidValue>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(String);

impl Digest {
    /// Returns the hash function, such as `sha256`.
    pub fn algorithm(&self) -> &str {
        self.0
            .split_once(':')
            .map_or("", |(algorithm, _)| algorithm)
    }

    /// Returns the hash itself, hexadecimal for the usual algorithms.
    pub fn encoded(&self) -> &str {
        self.0.split_once(':').map_or("", |(_, encoded)| encoded)
    }
}

impl FromStr for Digest {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        let invalid = |reason: &str| Err(InvalidValue::new("digest", text, reason));
        let Some((algorithm, encoded)) = text.split_once(':') else {
            return invalid("it has no algorithm: it must be `algorithm:hash`");
        };
        let is_hex = |digits: usize| {
            encoded.len() == digits
                && encoded
                    .bytes()
                    .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        };
        let is_component = |part: &str| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        };
        match algorithm {
            "sha256" if !is_hex(64) => {
                invalid("its hash must be 64 hexadecimal digits in lower case")
            }
            "sha512" if !is_hex(128) => {
                invalid("its hash must be 128 hexadecimal digits in lower case")
            }
            _ if !algorithm.split(['+', '.', '_', '-']).all(is_component) => invalid(
                "its algorithm must consist of lower case letters and digits, with `+`, `.`, `_` or \
                 `-` between them",
            ),
            _ if encoded.is_empty()
                || !encoded
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"=_-".contains(&b)) =>
            {
                invalid(
                    "its hash must consist of letters, digits, `=`, `_` and `-`, and must not be \
                     empty",
                )
            }
            _ => Ok(Self(text.to_owned())),
        }
    }
}

text_value!(Digest);

impl TryFrom<&Option<Digest>> for Digest {
    type Error = InvalidValue;

    /// Returns the digest of a row, or an error if the row has no digest.
    fn try_from(digest: &Option<Digest>) -> Result<Self, InvalidValue> {
        match digest {
            Some(digest) => digest.as_str().parse(),
            None => Err(InvalidValue::new("digest", "", "the row has no digest")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_digests_only() {
        let hex = "0123456789abcdef".repeat(4);
        for valid in [
            format!("sha256:{hex}"),
            format!("sha512:{hex}{hex}"),
            "multihash+base58:QmRZxt2b1FVZPNqd8hsiykDL3TdBDeTSPX9Kv46HmX4Gx8".to_owned(),
        ] {
            assert_eq!(valid.parse::<Digest>().map(String::from), Ok(valid));
        }
        let upper = hex.to_uppercase();
        for invalid in [
            "",
            ":",
            "latest",
            "sha256:",
            "sha256:xyz",
            &format!("sha256:{upper}"),
            &format!("sha512:{hex}"),
            "SHA256:ab",
            "a b:cd",
            "md5:../x",
            "x:a/b",
        ] {
            assert!(invalid.parse::<Digest>().is_err(), "{invalid}");
        }
    }
}
