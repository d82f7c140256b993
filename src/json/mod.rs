//! Decoding and encoding of JSON.
//!
//! The types of this crate implement [`decode::Decode`] and [`encode::Encode`], and serde's traits
//! with these.
//!
//! serde's derive is not used for them. It generates a decoder for each type and format, which
//! makes every build slower: for some 250 types, they were two thirds of this crate's code. In its
//! encoders, each field has its own error path, and each optional field also a count and two
//! branches.
//!
//! Here, the code for each type (which field goes where) and the code for each format meet in three
//! small traits, [`decode::Place`], [`decode::MapAccess`] and [`decode::SeqAccess`]. Each side is
//! therefore compiled once. The encoder keeps an error until the end. Flattened fields need no
//! buffer, only strings are allocated, and an object can't be decoded from an array.

pub(crate) mod decode;
pub(crate) mod encode;
pub(crate) mod sparse;
