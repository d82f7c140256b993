//! Numeric identifiers of resources.
//!
//! Each kind has its own type, so that one can't be passed for another.

use super::InvalidValue;
use crate::json::decode::{Decode, JsonError, JsonEvent, deserialize_by_decode};
use serde::Serialize;
use std::fmt;
use std::str::FromStr;

macro_rules! numeric_id {
    ($(#[$doc:meta])* $name:ident, $kind:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(i64);

        impl $name {
            /// Creates an identifier from a number.
            pub fn new(id: i64) -> Self {
                Self(id)
            }

            /// Returns the number.
            pub fn get(self) -> i64 {
                self.0
            }
        }

        impl From<i64> for $name {
            fn from(id: i64) -> Self {
                Self(id)
            }
        }

        impl From<$name> for i64 {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidValue;

            fn from_str(text: &str) -> Result<Self, InvalidValue> {
                match text.parse() {
                    Ok(id) => Ok(Self(id)),
                    Err(_) => Err(InvalidValue::new($kind, text, "it is not a whole number")),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl Decode for $name {
            const EXPECTED: &'static str = "a whole number";

            fn decode(event: JsonEvent<'_>) -> Result<Self, JsonError> {
                i64::decode(event).map(Self)
            }
        }

        deserialize_by_decode!($name);
    };
}

numeric_id! {
    /// The identifier of a storage quota.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::QuotaId;
    ///
    /// let id: QuotaId = "7".parse()?;
    /// let quota = quay.organization("acme")?.quota(id);
    /// assert_eq!(quota.id(), QuotaId::from(7));
    /// # Ok(())
    /// # }
    /// ```
    QuotaId, "quota identifier"
}

numeric_id! {
    /// The identifier of a limit of a storage quota.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::QuotaLimitId;
    ///
    /// let limit = quay.organization("acme")?.quota(7).limit(2);
    /// assert_eq!(limit.id(), QuotaLimitId::new(2));
    /// # Ok(())
    /// # }
    /// ```
    QuotaLimitId, "quota limit identifier"
}

numeric_id! {
    /// The identifier of a marketplace subscription.
    ///
    /// # Examples
    ///
    /// ```
    /// use quay_api::types::{SubscriptionId, SubscriptionReference};
    ///
    /// let id = SubscriptionId::new(12345678);
    /// let subscription = SubscriptionReference::new(id);
    /// assert_eq!(subscription.subscription_id.to_string(), "12345678");
    /// ```
    SubscriptionId, "subscription identifier"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn are_numbers_in_json() {
        let id: QuotaId = serde_json::from_str("7").expect("a number");
        assert_eq!(id, QuotaId::new(7));
        assert_eq!(serde_json::to_string(&id).expect("a number"), "7");
        assert_eq!((id.get(), i64::from(id)), (7, 7));
        for text in ["7.5", "\"7\"", "null", "18446744073709551615"] {
            assert!(serde_json::from_str::<QuotaId>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn parses_what_it_displays() {
        for text in ["0", "-1", "9223372036854775807"] {
            let parsed = text.parse::<QuotaLimitId>().map(|id| id.to_string());
            assert_eq!(parsed, Ok(text.to_owned()));
        }
        assert_eq!(format!("{:>3}", QuotaLimitId::new(2)), "  2");
        let invalid = "7 ".parse::<SubscriptionId>().map_err(|e| e.to_string());
        let message = r#"subscription identifier "7 " is not valid: it is not a whole number"#;
        assert_eq!(invalid, Err(message.to_owned()));
    }
}
