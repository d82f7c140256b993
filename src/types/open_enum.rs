//! Enums that keep unknown values.

use std::fmt;

/// A value of a newer server that this version of the crate does not know.
///
/// Its string is kept, and is serialized unchanged. The type is opaque, since a match on the string
/// would break when a later version adds a variant for the value.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnknownValue(String);

impl UnknownValue {
    pub(crate) fn new(value: String) -> Self {
        Self(value)
    }

    /// Returns the string as the server sent it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// Defines an open enum of strings: `Other` keeps any string that is not listed.
macro_rules! open_enum {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $wire:literal,)* }) => {
        $(#[$about])*
        ///
        /// A value that is not listed is kept as [`Other`](Self::Other). `as_str` returns any value
        /// as the server writes it. Values are ordered as they are listed here, and unknown values
        /// come before all known ones.
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            /// A value that this version does not know.
            Other($crate::types::UnknownValue),
            $($(#[$doc])* $variant,)*
        }

        impl $name {
            /// Returns the value as the server writes it.
            #[inline]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $wire,)*
                    Self::Other(unknown) => unknown.as_str(),
                }
            }
        }

        impl serde::Serialize for $name {
            #[inline]
            fn serialize<S: serde::Serializer>(
                &self,
                serializer: S,
            ) -> std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl $crate::json::decode::Decode for $name {
            const EXPECTED: &'static str = "a string";

            #[inline]
            fn decode(
                event: $crate::json::decode::JsonEvent<'_>,
            ) -> std::result::Result<Self, $crate::json::decode::JsonError> {
                event.string().map(Self::from)
            }
        }

        $crate::json::decode::deserialize_by_decode!($name);

        impl From<&str> for $name {
            #[inline]
            fn from(value: &str) -> Self {
                match value {
                    $($wire => Self::$variant,)*
                    _ => Self::Other($crate::types::UnknownValue::new(value.to_owned())),
                }
            }
        }

        impl From<String> for $name {
            #[inline]
            fn from(value: String) -> Self {
                Self::from(value.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::convert::Infallible;

            // A variant could have the name of `Self::Err`.
            #[inline]
            fn from_str(value: &str) -> std::result::Result<Self, std::convert::Infallible> {
                Ok(Self::from(value))
            }
        }

        impl From<$name> for String {
            #[inline]
            fn from(value: $name) -> Self {
                value.as_str().to_owned()
            }
        }

        impl AsRef<str> for $name {
            #[inline]
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

pub(crate) use open_enum;

#[cfg(test)]
mod tests {
    // Used by its path, as in generated code. A variant of any name does not break the expansion.
    crate::types::open_enum! {
        /// Names that are also those of the prelude.
        Prelude {
            None = "none",
            Some = "some",
            Ok = "ok",
            Err = "err",
            String = "string",
            Self_ = "Self",
        }
    }

    open_enum! {
        /// For this test.
        Severity {
            /// Not known to the scanner.
            Unknown = "Unknown",
            /// Low.
            Low = "low-ish",
        }
    }

    #[test]
    fn variants_may_have_any_name() {
        for text in ["none", "some", "ok", "err", "string", "Self", "else"] {
            assert_eq!(
                text.parse::<Prelude>().map(String::from),
                Ok(text.to_owned())
            );
        }
        assert!(
            Prelude::from("else") < Prelude::None,
            "unknown values come before known ones"
        );
    }

    #[test]
    fn known_and_unknown_values_round_trip() -> Result<(), serde_json::Error> {
        for (text, known) in [
            ("Unknown", true),
            ("low-ish", true),
            ("Low", false),
            ("", false),
            ("ü", false),
        ] {
            let value: Severity = serde_json::from_value(text.into())?;
            assert_eq!(matches!(value, Severity::Other(_)), !known, "{text}");
            assert_eq!((value.as_str(), value.to_string().as_str()), (text, text));
            assert_eq!(
                format!("{value:<9}|"),
                format!("{text:<9}|"),
                "it can be aligned in columns"
            );
            assert_eq!(serde_json::to_value(&value)?, text);
            assert_eq!(Severity::from(text), value);
        }
        assert!(serde_json::from_str::<Severity>("null").is_err());
        Ok(())
    }
}
