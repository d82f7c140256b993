//! Steps that many calls share: their arguments, their results, and awaiting a builder.

use crate::types::check_segment;
use crate::{Error, Result};
use std::sync::Arc;

/// Implements `IntoFuture` for a builder:
/// `impl_into_future!(Builder => Output, |builder| expression)`.
macro_rules! impl_into_future {
    ($builder:ty => $output:ty, |$value:ident| $call:expr) => {
        impl std::future::IntoFuture for $builder {
            type Output = $crate::Result<$output>;
            type IntoFuture = std::pin::Pin<Box<dyn Future<Output = Self::Output> + Send>>;

            // Compiled in the crate that awaits it, so that no other one pays for it.
            #[inline]
            fn into_future(self) -> Self::IntoFuture {
                let $value = self;
                Box::pin(async move { $call.await })
            }
        }
    };
}

pub(crate) use impl_into_future;

/// Checks a name that becomes one segment of a path.
pub(crate) fn path_segment(kind: &'static str, value: &str) -> Result<Arc<str>> {
    Ok(Arc::from(check_segment(kind, value)?))
}

/// Returns the value of a query parameter that is true, or left out.
pub(crate) fn query_flag(value: bool) -> Option<&'static str> {
    value.then_some("true")
}

/// Returns the value of a query parameter that is true or false.
pub(crate) fn query_bool(value: bool) -> Option<&'static str> {
    Some(if value { "true" } else { "false" })
}

/// Turns the error of a missing resource into `None`.
pub(crate) fn none_if_not_found<T>(result: Result<T>) -> Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if Error::is_not_found(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Turns the error of a resource that exists already into `None`.
pub(crate) fn none_if_exists<T>(result: Result<T>) -> Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.is_already_exists() => Ok(None),
        Err(error) => Err(error),
    }
}
