//! The server as a whole.

mod authorization_url;
mod bootstrap;
mod discovery;
mod error_description;
mod info;
mod messages;
mod mirror_health;
mod public_application;
mod robot_token;
mod search;
mod user;

pub use crate::client::ServerInfo;
pub use authorization_url::AuthorizationUrl;
pub use bootstrap::BootstrapHandle;
pub use discovery::{Comparison, Difference, DiscoveryHandle};
pub use error_description::ErrorDescriptionHandle;
pub use info::ServerHandle;
pub use messages::{MessageHandle, MessagesHandle};
pub(crate) use mirror_health::read_health;
pub use mirror_health::{ListMirrorHealth, MirrorHealthHandle};
pub use public_application::PublicApplicationHandle;
pub use search::{FindEntities, SearchHandle, SearchRepositories};
pub use user::UserHandle;
