//! Guides to topics that concern more than one method.
//!
//! | guide | topic |
//! | --- | --- |
//! | [`authentication`] | kinds of tokens, scopes, sources of tokens, and how Quay treats a bad one |
//! | [`desired_state`] | `ensure`: what it compares and what it writes |
//! | [`errors`] | the content of errors, and which requests are retried |
//! | [`listings`] | streams, pages, resuming, following a log, many listings concurrently |
//! | [`observability`] | reports, spans and events: metrics with and without `tracing` |
//! | [testing](https://docs.rs/quay-api/latest/quay_api/guide/testing/) | a Quay server for your own tests (page of the feature `testing`) |
//! | [`self_hosted`] | certificates, proxies, addresses |
//! | [webhooks](https://docs.rs/quay-api/latest/quay_api/guide/webhooks/) | receiving the events that a server sends (page of the feature `testing`, whose sandbox it uses) |
//! | [`versions`] | which release added which operation, and what quay.io does not offer |

pub mod authentication {
    #![doc = include_str!("authentication.md")]
}
pub mod desired_state {
    #![doc = include_str!("desired_state.md")]
}
pub mod errors {
    #![doc = include_str!("errors.md")]
}
pub mod listings {
    #![doc = include_str!("listings.md")]
}
pub mod observability {
    #![doc = include_str!("observability.md")]
}
pub mod self_hosted {
    #![doc = include_str!("self_hosted.md")]
}
#[cfg(feature = "testing")]
#[cfg_attr(docsrs, doc(cfg(feature = "testing")))]
pub mod testing {
    #![doc = include_str!("testing.md")]
}
pub mod versions {
    #![doc = include_str!("versions.md")]
}
#[cfg(feature = "testing")]
#[cfg_attr(docsrs, doc(cfg(feature = "testing")))]
pub mod webhooks {
    #![doc = include_str!("webhooks.md")]
}
