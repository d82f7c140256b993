//! Guides: what to know beyond single methods.
//!
//! | guide | answers |
//! | --- | --- |
//! | [`authentication`] | which token, where it comes from, which scopes, and what Quay does with a bad one |
//! | [`errors`] | what an error says, what is tried again and what never |
//! | [`listings`] | streams, pages, going on later, many listings at once |
//! | [`testing`] | a Quay server in your own tests |
//! | [`self_hosted`] | certificates, proxies, addresses |
//! | [`versions`] | which operations came with which version of Quay, and what quay.io leaves out |

pub mod authentication {
    #![doc = include_str!("authentication.md")]
}
pub mod self_hosted {
    #![doc = include_str!("self_hosted.md")]
}
pub mod versions {
    #![doc = include_str!("versions.md")]
}
