//! What requests and responses are made of.
//!
//! Names and values that are more than text ([`RepositoryName`], [`RobotName`], [`Digest`],
//! [`Timestamp`], [`Secret`], [`ByteSize`]) are checked when they are made, so that a mistake is
//! found before anything is sent. The rest are the schemas of the API: structs with public fields,
//! open to new ones; those that are sent have a constructor for what is required and a setter for
//! everything else. Closed sets of texts are enums that keep a value that they do not know.

mod byte_size;
mod clearable;
mod date_formats;
mod digest;
mod invalid;
mod models;
mod name;
mod open_enum;
mod repository_name;
mod robot_name;
mod scope;
mod secret;
mod sync_date;
mod timestamp;
mod variant;

pub use byte_size::ByteSize;
pub use clearable::Clearable;
pub use digest::Digest;
pub use invalid::InvalidValue;
pub use models::*;
pub use open_enum::UnknownValue;
pub use repository_name::RepositoryName;
pub use robot_name::RobotName;
pub use scope::Scope;
pub use secret::Secret;
pub use sync_date::SyncDate;
pub use timestamp::Timestamp;
pub use variant::OtherKind;

pub(crate) use name::check_segment;
pub(crate) use open_enum::open_enum;
