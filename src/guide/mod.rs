//! Guides: what to know beyond single methods.
//!
//! | guide | what it explains |
//! | --- | --- |
//! | [`authentication`] | which token, where it comes from, which scopes, and what Quay does with a bad one |
//! | [`desired_state`] | setting things up again and again: `ensure`, what it compares and what it writes |
//! | [`errors`] | what an error says, what is retried and what is not |
//! | [`listings`] | streams, pages, resuming later, following a log, many listings at once |
//! | [`observability`] | reports, spans and events: metrics with and without `tracing` |
//! | [testing](https://docs.rs/quay-api/latest/quay_api/guide/testing/) | a Quay server in your own tests (with the feature `testing`) |
//! | [`self_hosted`] | certificates, proxies, addresses |
//! | [webhooks](https://docs.rs/quay-api/latest/quay_api/guide/webhooks/) | receiving what a server posts (its tests with the feature `testing`) |
//! | [`versions`] | which operations came with which version of Quay, and what quay.io leaves out |

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
