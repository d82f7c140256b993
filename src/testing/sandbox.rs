//! A Quay server in the process of a test: its start, its data and the requests that it received.

use super::builder::SandboxBuilder;
use super::clock::Clock;
use super::faults::Fault;
use super::http::listener::{self, Shared};
use super::http::recorded_request::RecordedRequest;
use super::http::response::Response;
use super::new_token::NewToken;
use super::operation_name::operation;
use super::seed::{self, Seed};
use super::state::State;
use super::state::release::Edition;
use super::state::tokens::SCOPES;
use super::webhooks::{self, WebhookAttempt};
use super::{client, demo, lock};
use crate::http::runtime;
use crate::types::{Digest, RepositoryName};
use crate::{Error, ErrorKind, Quay, Result};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

/// The token that [`Sandbox::quay`] sends.
const TOKEN: &str = "sandbox-token";

/// A Quay server in the process of a test, which runs until it is dropped.
#[derive(Debug)]
pub struct Sandbox {
    quay: Quay,
    clock: Clock,
    pub(super) shared: Arc<Shared>,
    server: AbortHandle,
    webhooks: AbortHandle,
}

impl Sandbox {
    /// The name of the superuser of every sandbox, whose token [`quay`](Self::quay) sends.
    pub const ADMIN: &'static str = "quayadmin";

    /// The password of [`ADMIN`](Self::ADMIN), for HTTP Basic.
    pub const ADMIN_PASSWORD: &'static str = "sandbox-password";

    /// Starts a server without data, except for its superuser.
    ///
    /// The server listens on a free port of the loopback interface, and runs in the current tokio
    /// runtime.
    ///
    /// # Errors
    ///
    /// Returns an error if no port can be opened, or if the call is outside of a tokio runtime.
    pub async fn start() -> Result<Self> {
        Self::start_as(Edition::default()).await
    }

    /// Returns a builder of a server with another release or without some features.
    ///
    /// Without settings, the server is newer than any release and has all features.
    ///
    /// # Examples
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

    pub(super) async fn start_as(edition: Edition) -> Result<Self> {
        let clock = Clock::default();
        let mut state = State::new();
        let is_go_registry = edition.is_go_registry;
        state.edition = edition;
        state.clock = clock.clone();
        let admin = state.create_user(Self::ADMIN, "quayadmin@example.test");
        let admin = admin.map_err(|error| Error::new(ErrorKind::Other, error.to_string()))?;
        (admin.superuser, admin.verified) = (true, true);
        admin.password = Some(Self::ADMIN_PASSWORD.into());
        state.issue(
            TOKEN,
            Self::ADMIN,
            SCOPES.iter().map(|s| (*s).to_owned()),
            None,
        );
        let sandbox = Self::serve(Shared::new(Some(state)), clock).await?;
        match is_go_registry {
            true => sandbox.with_basic_auth(),
            false => Ok(sandbox),
        }
    }

    /// Replaces the client by one that sends the superuser's password.
    fn with_basic_auth(mut self) -> Result<Self> {
        self.quay = client(self.quay.base_url())
            .basic_auth(Self::ADMIN, Self::ADMIN_PASSWORD)
            .build()?;
        Ok(self)
    }

    /// Starts a server with the data of this crate's examples.
    ///
    /// The data are the organizations `acme` and `globex` with their teams, robot accounts, a dozen
    /// repositories with hundreds of tags, and the usage logs of the last ninety days.
    ///
    /// # Errors
    ///
    /// Returns an error if no port can be opened, or if the call is outside of a tokio runtime.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example() -> quay_api::Result<()> {
    /// use quay_api::testing::Sandbox;
    ///
    /// let sandbox = Sandbox::demo().await?;
    /// let repositories = sandbox.quay().repositories().list().namespace("acme").await?;
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

    /// Starts a server without state, which responds with recordings of a real server.
    ///
    /// Each request receives the response of the recorded request that is most similar to it.
    ///
    /// # Errors
    ///
    /// Returns an error if no port can be opened, or if the call is outside of a tokio runtime.
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
        runtime::check()?;
        let listener = runtime::guard(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))
            .await?
            .map_err(no_port)?;
        let address = listener.local_addr().map_err(no_port)?;
        if let Some(state) = &shared.state {
            lock(state).host = address.to_string();
        }
        let quay = client(&format!("http://{address}")).token(TOKEN).build()?;
        let shared = Arc::new(shared);
        let server = tokio::spawn(listener::accept(listener, Arc::clone(&shared))).abort_handle();
        let webhooks = tokio::spawn(webhooks::run(Arc::clone(&shared))).abort_handle();
        Ok(Self {
            quay,
            clock,
            shared,
            server,
            webhooks,
        })
    }

    /// Returns a client of this server, which sends a superuser's token with all scopes.
    ///
    /// If the sandbox is Quay's registry in Go, the client sends the password of
    /// [`ADMIN`](Self::ADMIN) instead.
    pub fn quay(&self) -> &Quay {
        &self.quay
    }

    /// Returns a client of this server without a token.
    ///
    /// # Errors
    ///
    /// Returns the errors of building a client, which are not expected for a sandbox.
    pub fn anonymous(&self) -> Result<Quay> {
        client(self.quay.base_url()).build()
    }

    /// Returns a builder of a token of a user.
    ///
    /// # Examples
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

    /// Returns the clock of the server.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Adds data without checking permissions: see [`seed`].
    ///
    /// # Errors
    ///
    /// Returns an error if a resource of the seed exists already, or refers to a resource that does
    /// not exist. The resources before it in the seed have been added in that case. Returns an
    /// error if the sandbox replays recordings.
    pub fn seed(&self, seed: &Seed) -> Result<()> {
        let state = self.shared.state.as_ref().ok_or_else(without_state)?;
        seed::apply(&mut lock(state), seed, Self::ADMIN)
    }

    /// Pushes an image with a tag to a repository, and returns the digest of its manifest.
    ///
    /// Permissions are not checked.
    ///
    /// # Errors
    ///
    /// Returns an error if the repository does not exist, or if the sandbox replays recordings.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example() -> quay_api::Result<()> {
    /// use quay_api::testing::Sandbox;
    /// use quay_api::testing::seed::TagSeed;
    ///
    /// let sandbox = Sandbox::demo().await?;
    /// let digest = sandbox.push("acme/web", &TagSeed::new("next", 1 << 20))?;
    /// let web = sandbox.quay().repository("acme/web")?;
    /// assert_eq!(web.manifest(&digest)?.get().await?.digest, digest.as_str());
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
    /// ```
    pub fn push(&self, repository: &str, tag: &seed::TagSeed) -> Result<Digest> {
        let state = self.shared.state.as_ref().ok_or_else(without_state)?;
        let digest = seed::push(
            &mut lock(state),
            &repository.parse::<RepositoryName>()?,
            tag,
            Self::ADMIN,
        )?;
        self.shared.webhooks.wake();
        Ok(digest.parse::<Digest>()?)
    }

    /// Waits until all webhooks that are due were posted, and returns the attempts, oldest first.
    ///
    /// The result contains the newest 10,000 attempts. A sandbox posts webhooks by itself, as a
    /// server does. This method also looks for tags that will expire, which a server does every few
    /// hours, and repeats attempts that failed at least half a minute ago by the
    /// [clock](Self::clock). The receiver of a webhook must not call this method before it
    /// responds.
    ///
    /// A sandbox only posts to this machine, and not to the hosts `localhost` and `127.0.0.1`, to
    /// which a server does not post either. It posts to `http://[::1]:PORT`, on Linux also to
    /// `http://127.0.0.2:PORT`, to an address of this machine in its network, and to any host name
    /// whose address [`resolve`](Self::resolve) sets.
    ///
    /// # Errors
    ///
    /// Returns an error if the sandbox replays recordings.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example() -> quay_api::Result<()> {
    /// use quay_api::testing::Sandbox;
    /// use quay_api::testing::seed::TagSeed;
    /// use quay_api::types::NotificationEvent;
    /// use quay_api::webhook::Receiver;
    ///
    /// let sandbox = Sandbox::demo().await?;
    /// let receiver = Receiver::new("http://hooks.example.test/", "9d1c7f3e5b8a4260")?;
    /// let notification = receiver.notification(NotificationEvent::RepoPush);
    /// sandbox.quay().repository("acme/web")?.notifications().create(notification).await?;
    /// sandbox.push("acme/web", &TagSeed::new("v9", 1024))?;
    ///
    /// let attempts = sandbox.webhooks().await?;
    /// assert_eq!(attempts[0].event(), &NotificationEvent::RepoPush);
    /// assert_eq!(attempts[0].body()["updated_tags"][0], "v9");
    /// assert!(!attempts[0].is_delivered(), "no address of the host is known");
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
    /// ```
    pub async fn webhooks(&self) -> Result<Vec<WebhookAttempt>> {
        let state = self.shared.state.as_ref().ok_or_else(without_state)?;
        lock(state).announce_expiries();
        webhooks::post_due(&self.shared).await;
        Ok(self.shared.webhooks.attempts())
    }

    /// Sets the address of a host name to which webhooks are posted.
    ///
    /// A port in the URL of a webhook takes precedence over the port of the address. Nothing is
    /// posted to an address of another machine: the attempt fails.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example() -> quay_api::Result<()> {
    /// use quay_api::testing::Sandbox;
    ///
    /// let sandbox = Sandbox::start().await?;
    /// let receiver = std::net::SocketAddr::from(([127, 0, 0, 1], 8080));
    /// sandbox.resolve("hooks.example.test", receiver);
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
    /// ```
    pub fn resolve(&self, host: &str, address: SocketAddr) {
        self.shared.webhooks.resolve(host, address);
    }

    /// Adds a fault of the next request of an operation, such as `listRepoTags`.
    ///
    /// The methods of the returned [`Fault`] set the kind of the fault and the number of requests.
    ///
    /// # Examples
    ///
    /// Several faults of an operation are used in the order in which they were planned, each for as
    /// many requests as it says. The documentation of each method names its operation.
    ///
    /// ```
    /// # async fn example() -> quay_api::Result<()> {
    /// use quay_api::testing::{ErrorResponse, Sandbox};
    /// use quay_api::types::CreateRobot;
    ///
    /// let sandbox = Sandbox::demo().await?;
    /// sandbox.fail("createOrgRobot").respond(ErrorResponse::ReadOnly);
    /// let robots = sandbox.quay().organization("acme")?.robots();
    /// let refused = robots.create("scanner", CreateRobot::new()).await;
    /// assert_eq!(refused.unwrap_err().status(), Some(503));
    /// robots.create("scanner", CreateRobot::new()).await?;
    /// assert_eq!(sandbox.requests_of("createOrgRobot").len(), 2);
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
    /// ```
    ///
    /// # Panics
    ///
    /// Panics if no operation has that name. The message contains the most similar name.
    #[track_caller]
    pub fn fail(&self, operation_name: &str) -> Fault<'_> {
        self.shared.faults.plan(operation(operation_name).id())
    }

    /// Removes all faults of [`fail`](Self::fail).
    ///
    /// [`Fault::clear`] removes one fault.
    pub fn clear_faults(&self) {
        self.shared.faults.clear();
    }

    /// Sets the response to the next request: a [`Response`] or one of Quay's error responses
    /// ([`ErrorResponse`](super::ErrorResponse)).
    ///
    /// If the method is called several times, the responses are used in this order.
    pub fn respond_next(&self, response: impl Into<Response>) {
        lock(&self.shared.scripted).push_back(response.into());
    }

    /// Sets a function that computes the response to each request of an operation, such as
    /// `listRepoTags`.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example() -> quay_api::Result<()> {
    /// use quay_api::testing::{Response, Sandbox};
    /// use serde_json::json;
    ///
    /// let sandbox = Sandbox::start().await?;
    /// sandbox.respond_with("listRepoTags", |_| {
    ///     let tags = json!([{"name": "v1"}]);
    ///     Response::json(200, &json!({"tags": tags, "page": 1, "has_additional": false}))
    /// });
    /// assert_eq!(sandbox.quay().repository("acme/web")?.tags().list().await?[0].name, "v1");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    ///
    /// Panics if no operation has that name. The message contains the most similar name.
    #[track_caller]
    pub fn respond_with(
        &self,
        operation_name: &str,
        responder: impl Fn(&RecordedRequest) -> Response + Send + Sync + 'static,
    ) {
        let id = operation(operation_name).id();
        lock(&self.shared.responders).insert(id, Arc::new(responder));
    }

    /// Removes the unused responses of [`respond_next`](Self::respond_next), and the functions of
    /// [`respond_with`](Self::respond_with).
    pub fn clear_responses(&self) {
        lock(&self.shared.scripted).clear();
        lock(&self.shared.responders).clear();
    }

    /// Returns the requests that the sandbox has received, oldest first.
    ///
    /// The sandbox keeps the newest 10,000 requests, and fewer if they take more than 64 MiB.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        lock(&self.shared.requests).all()
    }

    /// Returns the requests that the sandbox has received, and removes them.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example() -> quay_api::Result<()> {
    /// use quay_api::testing::Sandbox;
    ///
    /// let sandbox = Sandbox::demo().await?;
    /// sandbox.quay().me().get().await?;
    /// assert_eq!(sandbox.take_requests().len(), 1);
    /// assert!(sandbox.requests().is_empty());
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
    /// ```
    pub fn take_requests(&self) -> Vec<RecordedRequest> {
        lock(&self.shared.requests).take()
    }

    /// Returns the [`requests`](Self::requests) of one operation, such as `listRepoTags`.
    ///
    /// # Panics
    ///
    /// Panics if no operation has that name. The message contains the most similar name.
    #[track_caller]
    pub fn requests_of(&self, operation_name: &str) -> Vec<RecordedRequest> {
        let operation = operation(operation_name);
        let requests = self.requests();
        requests
            .into_iter()
            .filter(|request| request.operation() == Some(operation))
            .collect()
    }
}

#[cfg(test)]
impl Sandbox {
    /// Returns and removes the requests, and removes the responses that were not used.
    pub(crate) fn forget(&self) -> Vec<RecordedRequest> {
        lock(&self.shared.scripted).clear();
        self.take_requests()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.server.abort();
        self.webhooks.abort();
    }
}

/// Returns the error of a sandbox that has no state.
pub(super) fn without_state() -> Error {
    Error::invalid_input("a sandbox that replays recordings knows no users and no data")
}
