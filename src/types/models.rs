//! The schemas of the API.
//!
//! The build (`build/codegen/types.rs`) generates them from `overlay/`; the constructors that it
//! can't generate are here.

use super::Timestamp;
use crate::json::{decode, encode, sparse};
use std::time::Duration;

include!(concat!(env!("OUT_DIR"), "/types.rs"));

impl CreateApplicationToken {
    /// Sets the lifetime of the token, from 1 second to ten years.
    ///
    /// The default is ten years. It is sent in whole seconds: a fraction is dropped, so that the
    /// token never lives longer.
    ///
    /// # Examples
    ///
    /// ```
    /// use quay_api::types::{CreateApplicationToken, Scope};
    /// use std::time::Duration;
    ///
    /// let token = CreateApplicationToken::new("nightly", [Scope::RepoRead])
    ///     .lifetime(Duration::from_secs(30 * 86_400));
    /// ```
    #[must_use]
    pub fn lifetime(self, lifetime: Duration) -> Self {
        // Every lifetime that the server accepts is represented exactly by a float.
        self.expiration(lifetime.as_secs() as f64)
    }
}

/// Adds the setter of an expiration that is sent in seconds since 1970 (UTC).
macro_rules! expires_at {
    ($($request:ident, $new:literal;)*) => {$(
        impl $request {
            /// Sets when it expires.
            ///
            /// The time is sent in whole seconds: a fraction is dropped.
            ///
            /// # Examples
            ///
            /// ```
            /// use quay_api::types::Timestamp;
            /// use std::time::Duration;
            ///
            /// let in_a_month = Timestamp::now() + Duration::from_secs(30 * 86_400);
            #[doc = concat!("let request = quay_api::types::", $new, ".expires_at(in_a_month);")]
            /// ```
            #[must_use]
            pub fn expires_at(mut self, moment: Timestamp) -> Self {
                self.expiration = Some(moment.unix_seconds() as f64).into();
                self
            }
        }
    )*};
}

expires_at! {
    CreateServiceKey, "CreateServiceKey::new(\"builder\", None)";
    UpdateServiceKey, "UpdateServiceKey::new()";
    UpdateTag, "UpdateTag::new()";
}
