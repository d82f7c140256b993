//! A Quay server in the process, for tests and for trying things out (feature `testing`).
//!
//! [`Sandbox`] speaks real HTTP on a free port of the loopback interface, and behaves as Quay does:
//! what is created can be listed, changed and deleted, a second creation is refused as Quay refuses
//! it, scopes and visibility are enforced, and usage logs are written. What it keeps no state of is
//! answered from exchanges that were recorded with a real server.
//!
//! A service that looks after tags, and its test:
//!
//! ```
//! use quay_api::testing::seed::{Organization, Repository, Seed, Tag};
//! use quay_api::testing::{ErrorResponse, Sandbox};
//! use quay_api::{Quay, Result};
//!
//! /// Deletes the tags of a repository that begin with `pr-`.
//! async fn sweep(quay: &Quay, repository: &str) -> Result<usize> {
//!     let repository = quay.repository(repository)?;
//!     let tags = repository.tags().list().active().await?;
//!     let old: Vec<_> = tags.into_iter().filter(|tag| tag.name.starts_with("pr-")).collect();
//!     for tag in &old {
//!         repository.tag(tag.name.as_str())?.delete().await?;
//!     }
//!     Ok(old.len())
//! }
//!
//! # async fn example() -> Result<()> {
//! let sandbox = Sandbox::start().await?;
//! let repository = Repository::new("acme/web").tag(Tag::new("v1", 1024)).tag(Tag::new("pr-7", 2048));
//! sandbox.seed(&Seed::new().organization(Organization::new("acme")).repository(repository))?;
//!
//! // It works, and it asks for no more than it needs.
//! assert_eq!(sweep(sandbox.quay(), "acme/web").await?, 1);
//! assert_eq!(sandbox.requests_of("deleteFullTag").len(), 1);
//! assert_eq!(sandbox.quay().repository("acme/web")?.tags().list().active().await?.len(), 1);
//!
//! // A token that may only read is told so.
//! sandbox.seed(&Seed::new().user("alice"))?;
//! let reader = sandbox.token("alice").scopes(["repo:read"]).quay()?;
//! assert!(sweep(&reader, "acme/web").await.unwrap_err().is_insufficient_scope());
//!
//! // And when the registry is read-only, that is what the service reports.
//! sandbox.seed(&Seed::new().repository(Repository::new("acme/api").tag(Tag::new("pr-8", 1024))))?;
//! sandbox.fail("deleteFullTag").refuse(ErrorResponse::ReadOnly);
//! assert_eq!(sweep(sandbox.quay(), "acme/api").await.unwrap_err().kind(), quay_api::ErrorKind::ReadOnly);
//! # Ok(())
//! # }
//! # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
//! ```

mod builder;
mod clock;
mod demo;
mod faults;
mod http;
mod new_token;
mod recordings;
pub mod seed;
mod server;
mod state;

pub use builder::SandboxBuilder;
pub use clock::Clock;
pub use faults::Fault;
pub use http::error_response::ErrorResponse;
pub use http::recorded_request::RecordedRequest;
pub use http::response::Response;
pub use new_token::NewToken;
#[cfg(test)]
pub(crate) use recordings::Exchange;
pub use server::Server;

use crate::types::{Digest, RepositoryName};
use crate::{Error, ErrorKind, Quay, Result};
use http::listener::{self, Shared};
use seed::Seed;
use state::State;
use state::release::Edition;
use state::tokens::SCOPES;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

/// The token that [`Sandbox::quay`] sends.
const TOKEN: &str = "sandbox-token";

/// A server that runs until it is dropped.
#[derive(Debug)]
pub struct Sandbox {
    quay: Quay,
    clock: Clock,
    shared: Arc<Shared>,
    server: AbortHandle,
}

impl Sandbox {
    /// The superuser that every sandbox has, and whose token [`quay`](Self::quay) sends.
    pub const ADMIN: &'static str = "quayadmin";

    /// Starts a server that is empty but for its superuser, on a free port of the loopback
    /// interface. It runs in the current tokio runtime.
    ///
    /// # Errors
    /// No port can be opened.
    pub async fn start() -> Result<Self> {
        Self::start_as(Edition::default()).await
    }

    /// Returns the settings of a server that is not the newest one with every feature.
    ///
    /// ```
    /// # async fn example() -> quay_api::Result<()> {
    /// use quay_api::testing::Sandbox;
    ///
    /// let sandbox = Sandbox::builder()
    ///     .release("3.12")
    ///     .without_feature("FEATURE_SECURITY_SCANNER")
    ///     .start()
    ///     .await?;
    /// assert_eq!(sandbox.quay().server().supports("getRepoManifestSecurity").await?, Some(false));
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
    /// ```
    pub fn builder() -> SandboxBuilder {
        SandboxBuilder::default()
    }

    async fn start_as(edition: Edition) -> Result<Self> {
        let clock = Clock::default();
        let mut state = State::new();
        state.edition = edition;
        state.clock = clock.clone();
        let admin = state.create_user(Self::ADMIN, "quayadmin@example.test");
        let admin = admin.map_err(|error| Error::new(ErrorKind::Other, error.to_string()))?;
        (admin.superuser, admin.verified) = (true, true);
        state.issue(
            TOKEN,
            Self::ADMIN,
            SCOPES.iter().map(|s| (*s).to_owned()),
            None,
        );
        Self::serve(Shared::new(Some(state)), clock).await
    }

    /// Starts a server with the data that the examples show: the organizations `acme` and `globex`
    /// with their teams, robot accounts, a dozen repositories with hundreds of tags, and the usage
    /// of the last ninety days.
    ///
    /// # Errors
    /// No port can be opened.
    ///
    /// ```
    /// # async fn example() -> quay_api::Result<()> {
    /// use quay_api::testing::Sandbox;
    ///
    /// let sandbox = Sandbox::demo().await?;
    /// let repositories = sandbox.quay().repositories().list("acme").await?;
    /// assert!(repositories.iter().any(|r| r.name == "web"));
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
    /// ```
    pub async fn demo() -> Result<Self> {
        let sandbox = Self::start().await?;
        sandbox.seed(&demo::seed(sandbox.clock().now()))?;
        Ok(sandbox)
    }

    /// Starts a server that has no state: whatever is asked for, the nearest of the exchanges that
    /// were recorded with a real server is the answer.
    ///
    /// # Errors
    /// No port can be opened.
    pub async fn recorded() -> Result<Self> {
        Self::serve(Shared::new(None), Clock::default()).await
    }

    async fn serve(shared: Shared, clock: Clock) -> Result<Self> {
        let no_port = |e: std::io::Error| {
            Error::new(
                ErrorKind::Connection,
                "no port can be opened for the sandbox",
            )
            .with_source(e)
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .map_err(no_port)?;
        let address = listener.local_addr().map_err(no_port)?;
        let quay = Quay::builder()
            .base_url(format!("http://{address}"))
            .token(TOKEN)
            .build()?;
        let shared = Arc::new(shared);
        let server = tokio::spawn(listener::accept(listener, Arc::clone(&shared))).abort_handle();
        Ok(Self {
            quay,
            clock,
            shared,
            server,
        })
    }

    /// A client of this server, with a superuser's token of all scopes.
    pub fn quay(&self) -> &Quay {
        &self.quay
    }

    /// A client of this server without a token.
    ///
    /// # Errors
    /// None that is known: the client of a sandbox can be made.
    pub fn anonymous(&self) -> Result<Quay> {
        Quay::anonymous(self.quay.base_url())
    }

    /// A token of a user, to be made.
    ///
    /// ```
    /// # async fn example() -> quay_api::Result<()> {
    /// use quay_api::testing::Sandbox;
    ///
    /// let sandbox = Sandbox::demo().await?;
    /// let alice = sandbox.token("alice").scopes(["user:read"]).quay()?;
    /// assert_eq!(alice.me().get().await?.username, "alice");
    /// assert!(alice.organization("acme")?.delete().await.unwrap_err().is_insufficient_scope());
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
    /// ```
    pub fn token(&self, user: impl Into<String>) -> NewToken<'_> {
        let base_url = self.quay.base_url().to_owned();
        NewToken {
            shared: &self.shared,
            base_url,
            user: user.into(),
            scopes: None,
            lifetime: None,
        }
    }

    /// The clock that the server goes by.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Adds data, past every check of rights. See [`seed`].
    ///
    /// # Errors
    /// Something exists already, or speaks of what does not; what comes before it in the seed is
    /// there then. Or the sandbox replays recordings.
    pub fn seed(&self, seed: &Seed) -> Result<()> {
        let state = self.shared.state.as_ref().ok_or_else(without_state)?;
        seed::apply(&mut lock(state), seed, Self::ADMIN)
    }

    /// Puts an image into a repository under a tag, as a push to the registry does, past every
    /// check of rights; gives its digest.
    ///
    /// # Errors
    /// There is no such repository. Or the sandbox replays recordings.
    ///
    /// ```
    /// # async fn example() -> quay_api::Result<()> {
    /// use quay_api::testing::Sandbox;
    /// use quay_api::testing::seed::Tag;
    ///
    /// let sandbox = Sandbox::demo().await?;
    /// let digest = sandbox.push("acme/web", &Tag::new("next", 1 << 20))?;
    /// let web = sandbox.quay().repository("acme/web")?;
    /// assert_eq!(web.manifest(&digest).get().await?.digest, digest.as_str());
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
    /// ```
    pub fn push(&self, repository: &str, tag: &seed::Tag) -> Result<Digest> {
        let state = self.shared.state.as_ref().ok_or_else(without_state)?;
        let digest = seed::push(
            &mut lock(state),
            &repository.parse::<RepositoryName>()?,
            tag,
            Self::ADMIN,
        )?;
        Ok(digest.parse::<Digest>()?)
    }

    /// Lets the next call of an operation, such as `listRepoTags`, go wrong.
    ///
    /// ```
    /// # async fn example() -> quay_api::Result<()> {
    /// use quay_api::testing::{ErrorResponse, Sandbox};
    /// use quay_api::types::CreateRobot;
    ///
    /// let sandbox = Sandbox::demo().await?;
    /// sandbox.fail("createOrgRobot").refuse(ErrorResponse::ReadOnly);
    /// let scanner = sandbox.quay().organization("acme")?.robot("scanner")?;
    /// assert_eq!(scanner.create(CreateRobot::new()).await.unwrap_err().status(), Some(503));
    /// scanner.create(CreateRobot::new()).await?;
    /// assert_eq!(sandbox.requests_of("createOrgRobot").len(), 2);
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
    /// ```
    pub fn fail(&self, operation: &str) -> Fault<'_> {
        self.shared.faults.plan(operation)
    }

    /// Answers the next request with this; several are used in turn. Requests for the discovery
    /// document do not count, since the client sends them
    /// [by itself](crate::QuayBuilder::consult_discovery): see [`answer_with`](Self::answer_with).
    pub fn answer_next(&self, response: Response) {
        lock(&self.shared.scripted).push_back(response);
    }

    /// Answers every call of an operation, such as `listRepoTags`, with what a function makes of
    /// the request.
    pub fn answer_with(
        &self,
        operation: &str,
        responder: impl Fn(&RecordedRequest) -> Response + Send + Sync + 'static,
    ) {
        lock(&self.shared.responders).insert(operation.to_owned(), Arc::new(responder));
    }

    /// The requests that were received so far: the newest 10,000, or fewer if they take more than
    /// 64 MiB. Older ones are dropped.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        lock(&self.shared.requests).all()
    }

    /// The requests of an operation, such as `listRepoTags`, among [`requests`](Self::requests).
    pub fn requests_of(&self, operation: &str) -> Vec<RecordedRequest> {
        let requests = self.requests();
        requests
            .into_iter()
            .filter(|r| r.operation().is_some_and(|o| o.id() == operation))
            .collect()
    }
}

#[cfg(test)]
impl Sandbox {
    /// The requests so far, which are forgotten together with the answers that were not given.
    pub(crate) fn forget(&self) -> Vec<RecordedRequest> {
        lock(&self.shared.scripted).clear();
        std::mem::take(&mut *lock(&self.shared.requests)).all()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The error of a sandbox that has no state.
fn without_state() -> Error {
    Error::invalid_input("a sandbox that replays recordings knows no users and no data")
}
