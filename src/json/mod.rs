//! Reading and writing JSON: the types of this crate implement [`decode::Decode`] and
//! [`encode::Encode`], and serde's traits by these.
//!
//! serde's derive is not used for them. It generates a reader per type and per format, which every
//! build pays for: for some 250 types, two thirds of the code of this crate. For each field, its
//! writers have an error path, and for optional fields a count and both of the cases.
//!
//! Here the code that depends on the type (which field goes where) and the code that depends on the
//! format meet in three small traits, [`decode::Place`], [`decode::MapAccess`] and
//! [`decode::SeqAccess`], so that each is compiled once; when writing, an error is kept until the
//! end. Flattened fields need no buffer, only strings are allocated, and an object can't be read
//! from an array.

pub(crate) mod decode;
pub(crate) mod encode;
pub(crate) mod sparse;
