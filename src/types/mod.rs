//! The types of requests and responses.
//!
//! Names and values with a format ([`RepositoryName`], [`RobotName`], [`Digest`], [`Timestamp`],
//! [`Secret`], [`ByteSize`], [`Scopes`]) have their own types. Those that can be invalid are
//! validated when they are created, before anything is sent. The other types are the schemas of the
//! API: structs with public fields, which are `#[non_exhaustive]`. A schema that is sent has a
//! constructor with the required fields and a setter for each other field. A field that takes one
//! of a set of strings is an enum that keeps unknown values.

mod auto_prune;
mod byte_size;
mod clearable;
mod create_team;
pub(crate) mod date_formats;
mod digest;
mod docker_config;
mod expose;
mod ids;
mod invalid_value;
mod manifest_document;
mod models;
mod new_repository;
mod open_enum;
mod other_kind;
mod path_segment;
mod repository_name;
mod repository_rows;
mod robot_name;
mod robot_token;
mod scope;
mod scopes;
mod secret;
mod secret_value;
mod security_report;
mod sync_date;
mod text_value;
mod time_conversions;
mod timestamp;
mod vulnerability_level;

pub use byte_size::ByteSize;
pub use clearable::Clearable;
pub use create_team::CreateTeam;
pub use digest::Digest;
pub use docker_config::{DockerConfig, PullSecret};
pub use expose::Exposed;
pub use ids::{QuotaId, QuotaLimitId, SubscriptionId};
pub use invalid_value::InvalidValue;
pub use manifest_document::ManifestDocument;
pub use models::*;
pub use open_enum::UnknownValue;
pub use other_kind::OtherKind;
pub use repository_name::RepositoryName;
pub use robot_name::RobotName;
pub use robot_token::RobotToken;
pub use scope::Scope;
pub use scopes::Scopes;
pub use secret::Secret;
pub use secret_value::SecretValue;
pub use security_report::PackageVulnerability;
pub use sync_date::SyncDate;
pub use timestamp::Timestamp;

pub(crate) use auto_prune::check_auto_prune;
pub(crate) use expose::is_redacted;
pub(crate) use new_repository::check_new_repository;
pub(crate) use open_enum::open_enum;
pub(crate) use path_segment::check_segment;
pub(crate) use robot_name::check_short_robot_name;

/// Serializes a field including its secrets: `#[serde(with = "quay_api::types::exposed")]`.
///
/// [`Exposed`] serializes a whole value including its secrets.
pub mod exposed {
    pub use super::expose::{deserialize, serialize};
}
