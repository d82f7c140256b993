//! The server as a whole.

mod authorization_url;
mod bootstrap;
mod discovery;
mod errors;
mod info;
mod messages;
mod mirror_health;
mod search;

pub use crate::client::ServerInfo;
pub use authorization_url::AuthorizationUrl;
pub use bootstrap::BootstrapHandle;
pub use discovery::{Comparison, Difference, DiscoveryHandle};
pub use errors::ErrorsHandle;
pub use info::ServerHandle;
pub use messages::MessagesHandle;
pub(crate) use mirror_health::read_health;
pub use mirror_health::{ListMirrorHealth, MirrorHealthHandle};
pub use search::{FindEntities, SearchHandle, SearchRepositories};
