//! Where a scenario takes place: a server, names that nobody else has, and a broom.

mod browser;
mod outcome;
mod registry;

pub use outcome::{Stop, TestResult, refused, skip};

use futures::FutureExt;
use quay_api::api::{OrganizationHandle, RepositoryHandle};
use quay_api::testing::Sandbox;
use quay_api::testing::seed::Tag;
use quay_api::types::{
    CreateApplication, CreateApplicationToken, CreateMirror, CreateOrganization, CreateRepository,
    CreateUser, Digest, Secret, UserAccount, Visibility,
};
use quay_api::{Quay, Result};
use std::hash::{BuildHasher, RandomState};
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::{Mutex, Once};

/// The scopes of a token that may do everything but a superuser's work.
pub const ALL_BUT_SUPERUSER: &str =
    "org:admin repo:admin repo:create repo:read repo:write user:admin user:read";

/// Runs a scenario and removes what it made, whether it succeeds, fails or panics.
pub async fn scenario(run: impl AsyncFnOnce(&TestContext) -> TestResult) {
    let context = TestContext::start()
        .await
        .unwrap_or_else(|e| panic!("there is no server to run against: {e}"));
    let ended = AssertUnwindSafe(run(&context)).catch_unwind().await;
    let left = context.clear().await;
    match ended {
        Err(panic) => resume_unwind(panic),
        Ok(Err(stop)) => stop.end(context.is_real()),
        Ok(Ok(())) => assert!(left.is_empty(), "left behind: {left:?}"),
    }
}

/// A server, and what the scenario made there.
pub struct TestContext {
    quay: Quay,
    /// `None` on a real server.
    sandbox: Option<Sandbox>,
    /// What no name of anybody else ends in.
    suffix: String,
    made: Mutex<Vec<Resource>>,
    /// The application whose tokens are the scenario's, once one was needed.
    keys: Mutex<Option<Keys>>,
}

/// What has to be removed in the end.
enum Resource {
    Organization(String),
    User(String),
    Repository(String),
    MyRobot(String),
    Message(String),
}

/// A user that the scenario made.
pub struct TestUser {
    pub name: String,
    pub email: String,
    pub password: Secret,
}

/// An application whose tokens the scenario can make.
#[derive(Clone)]
struct Keys {
    organization: String,
    client_id: String,
}

impl TestContext {
    async fn start() -> Result<Self> {
        let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let (quay, sandbox) = if is_set("QUAY_URL") && is_set("QUAY_TOKEN") {
            (Quay::from_env()?, None)
        } else {
            let sandbox = Sandbox::start().await?;
            (sandbox.quay().clone(), Some(sandbox))
        };
        static SAID: Once = Once::new();
        SAID.call_once(|| match &sandbox {
            None => outcome::say(&format!("the scenarios run against {}", quay.base_url())),
            Some(_) => outcome::say(
                "the scenarios run against the sandbox: QUAY_URL and QUAY_TOKEN are not both set",
            ),
        });
        let suffix = format!(
            "{:010x}",
            RandomState::new().hash_one(std::process::id()) & 0xff_ffff_ffff
        );
        Ok(Self {
            quay,
            sandbox,
            suffix,
            made: Mutex::default(),
            keys: Mutex::default(),
        })
    }

    /// A client with all scopes, of a superuser.
    pub fn quay(&self) -> &Quay {
        &self.quay
    }

    pub fn is_real(&self) -> bool {
        self.sandbox.is_none()
    }

    /// A name that is this scenario's own.
    pub fn name(&self, stem: &str) -> String {
        format!("{stem}-{}", self.suffix)
    }

    /// What every name of this scenario ends in.
    pub fn suffix(&self) -> &str {
        &self.suffix
    }

    /// An address that is this scenario's own.
    pub fn email(&self, stem: &str) -> String {
        format!("{stem}-{}@example.test", self.suffix)
    }

    /// The name of the superuser.
    pub async fn me(&self) -> Result<String> {
        Ok(self.quay.me().get().await?.username)
    }

    /// A registry to mirror. A real server wants a name that it can resolve, and is offered its
    /// own; the sandbox resolves none, and takes no loopback address.
    pub fn other_registry(&self) -> &str {
        if !self.is_real() {
            return "registry.example.test";
        }
        let url = self.quay.base_url();
        url.split_once("://")
            .map_or(url, |(_, rest)| rest)
            .trim_end_matches('/')
    }

    /// Sets up a mirror, unless the server's rules forbid the registry that the scenario has to
    /// offer.
    pub async fn mirror(&self, repository: &RepositoryHandle, mirror: CreateMirror) -> TestResult {
        match repository.mirror().create(mirror).await {
            Err(error)
                if self.is_real()
                    && error.message().contains("registry location is not allowed") =>
            {
                skip(format!(
                    "{} may not be mirrored there",
                    self.other_registry()
                ))
            }
            made => Ok(made?),
        }
    }

    fn remember(&self, made: Resource) {
        self.made
            .lock()
            .expect("nobody panics while holding it")
            .push(made);
    }

    /// All users. A real server stumbles over a user who is deleted, by another scenario, while it
    /// lists them.
    pub async fn users(&self) -> Result<Vec<UserAccount>> {
        for _ in 0..10 {
            match self.quay.superuser().users().list().await {
                Err(error) if self.is_real() && error.status() == Some(500) => continue,
                listed => return listed,
            }
        }
        self.quay.superuser().users().list().await
    }

    /// Makes an organization.
    pub async fn organization(&self, stem: &str) -> Result<OrganizationHandle> {
        let name = self.name(stem);
        self.remember_organization(&name);
        self.quay
            .organizations()
            .create(CreateOrganization::new(&name).email(self.email(stem)))
            .await?;
        self.quay.organization(&name)
    }

    /// An organization that the scenario makes itself will be removed.
    pub fn remember_organization(&self, name: &str) {
        self.remember(Resource::Organization(name.to_owned()));
    }

    /// A user that the scenario makes itself will be removed.
    pub fn remember_user(&self, name: &str) {
        self.remember(Resource::User(name.to_owned()));
    }

    /// A repository of the superuser's own that the scenario makes itself will be removed.
    pub fn remember_repository(&self, name: &str) {
        self.remember(Resource::Repository(name.to_owned()));
    }

    /// A robot account of the superuser's own that the scenario makes itself will be removed.
    pub fn remember_my_robot(&self, short: &str) {
        self.remember(Resource::MyRobot(short.to_owned()));
    }

    /// A message that the scenario makes itself will be removed.
    pub fn remember_message(&self, id: &str) {
        self.remember(Resource::Message(id.to_owned()));
    }

    /// Makes a private repository in an organization of the scenario's.
    pub async fn repository(
        &self,
        organization: &OrganizationHandle,
        name: &str,
    ) -> Result<RepositoryHandle> {
        let body =
            CreateRepository::new(name, Visibility::Private, "").namespace(organization.name());
        self.quay.repositories().create(body).await?;
        self.quay
            .repository(format!("{}/{name}", organization.name()))
    }

    /// Makes an organization with one private repository.
    pub async fn stage(&self) -> Result<(OrganizationHandle, RepositoryHandle)> {
        let organization = self.organization("org").await?;
        let repository = self.repository(&organization, "app").await?;
        Ok((organization, repository))
    }

    /// Makes a user.
    pub async fn person(&self, stem: &str) -> Result<TestUser> {
        let (name, email) = (self.name(stem), self.email(stem));
        self.remember_user(&name);
        let made = self
            .quay
            .superuser()
            .users()
            .create(CreateUser::new(&name).email(&email))
            .await?;
        Ok(TestUser {
            name,
            email,
            password: made.password,
        })
    }

    /// A client with a token of the superuser's that has these scopes, parted by blanks.
    pub async fn with_scopes(&self, scopes: &str) -> Result<Quay> {
        if let Some(sandbox) = &self.sandbox {
            return sandbox
                .token(Sandbox::ADMIN)
                .scopes(scopes.split(' '))
                .quay();
        }
        let keys = self.keys().await?;
        let tokens = self
            .quay
            .organization(&keys.organization)?
            .application(&keys.client_id)?
            .tokens();
        let made = tokens
            .create(CreateApplicationToken::new("scenario", scopes))
            .await?;
        self.with_token(made.token)
    }

    /// A client with a token.
    pub fn with_token(&self, token: impl Into<Secret>) -> Result<Quay> {
        Quay::builder()
            .base_url(self.quay.base_url())
            .token(token)
            .build()
    }

    /// A client without a token.
    pub fn anonymous(&self) -> Result<Quay> {
        Quay::anonymous(self.quay.base_url())
    }

    /// A client with a token of another user that has these scopes.
    pub async fn acting_as(&self, person: &TestUser, scopes: &str) -> TestResult<Quay> {
        if let Some(sandbox) = &self.sandbox {
            return Ok(sandbox
                .token(&person.name)
                .scopes(scopes.split(' '))
                .quay()?);
        }
        let keys = self.keys().await?;
        // Only owners make tokens of an application; whoever made one keeps it.
        let owners = self
            .quay
            .organization(&keys.organization)?
            .team("owners")?
            .members();
        owners.add(&person.name).await?;
        let token = browser::token(&self.quay, person, &keys, scopes).await?;
        owners.remove(&person.name).await?;
        Ok(self.with_token(token)?)
    }

    async fn keys(&self) -> Result<Keys> {
        if let Some(keys) = self
            .keys
            .lock()
            .expect("nobody panics while holding it")
            .clone()
        {
            return Ok(keys);
        }
        let organization = self.organization("keys").await?;
        let application = organization
            .applications()
            .create(CreateApplication::new("keys"))
            .await?;
        let keys = Keys {
            organization: organization.name().to_owned(),
            client_id: application.client_id,
        };
        *self.keys.lock().expect("nobody panics while holding it") = Some(keys.clone());
        Ok(keys)
    }

    /// Puts an image there under a tag. Each tag of a repository gets a manifest of its own.
    pub async fn push(&self, repository: &RepositoryHandle, tag: &str) -> TestResult<Digest> {
        match &self.sandbox {
            None => registry::push(&self.quay, repository.name(), tag).await,
            Some(sandbox) => Ok(sandbox.push(repository.name().as_str(), &Tag::new(tag, 4096))?),
        }
    }

    /// Removes what was made, the newest first; tells what is left.
    async fn clear(&self) -> Vec<String> {
        let made = std::mem::take(&mut *self.made.lock().expect("nobody panics while holding it"));
        let mut left = Vec::new();
        for thing in made.into_iter().rev() {
            if let Err(error) = self.remove(&thing).await {
                left.push(format!("{}: {error}", thing.name()));
            }
        }
        if !left.is_empty() {
            outcome::say(&format!("left behind: {left:?}"));
        }
        left
    }

    async fn remove(&self, thing: &Resource) -> Result<bool> {
        match thing {
            Resource::Organization(name) => {
                self.quay
                    .superuser()
                    .organization(name)?
                    .delete_if_exists()
                    .await
            }
            Resource::User(name) => self.quay.superuser().user(name)?.delete_if_exists().await,
            Resource::Repository(name) => self
                .quay
                .repository(name.as_str())?
                .delete()
                .await
                .map(|()| true),
            Resource::MyRobot(short) => self.quay.me().robot(short)?.delete_if_exists().await,
            Resource::Message(id) => self.quay.messages().delete_if_exists(id).await,
        }
    }
}

impl Resource {
    fn name(&self) -> &str {
        match self {
            Self::Organization(name)
            | Self::User(name)
            | Self::Repository(name)
            | Self::MyRobot(name)
            | Self::Message(name) => name,
        }
    }
}
