//! The context of a scenario: a server, unique names, and the removal of what was created.

mod browser;
mod raw;
mod registry;
mod result;
mod server;
mod triggers;

pub use raw::assert_status;
pub use result::{TestError, TestResult, assert_error, print_line, skip};

use browser::Login;
use futures::FutureExt;
use quay_api::api::{OrganizationHandle, RepositoryHandle};
use quay_api::testing::Sandbox;
use quay_api::testing::seed::TagSeed;
use quay_api::types::{
    CreateApplication, CreateApplicationToken, CreateMirror, CreateOrganization, CreateRepository,
    CreateUser, Digest, OrganizationAccount, Secret, UpdateUserAccount, UserAccount, Visibility,
};
use quay_api::{Quay, Result};
use std::hash::{BuildHasher, RandomState};
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::{Mutex, Once};
use std::time::Duration;

/// All scopes except for those of superusers.
pub const ALL_BUT_SUPERUSER: &str =
    "org:admin repo:admin repo:create repo:read repo:write user:admin user:read";

/// The operation that creates a token; a server without it authorizes applications in the web UI.
const CREATE_TOKEN: &str = "createOrganizationApplicationToken";

/// Runs a scenario and removes what it created, whether it succeeds, fails or panics.
pub async fn scenario(run: impl AsyncFnOnce(&TestContext) -> TestResult) {
    let context = TestContext::start()
        .await
        .unwrap_or_else(|e| panic!("there is no server to run against: {e}"));
    let ended = AssertUnwindSafe(run(&context)).catch_unwind().await;
    let left = context.clear().await;
    match ended {
        Err(panic) => resume_unwind(panic),
        Ok(Err(stop)) => context.missing_operation(stop).await.end(),
        Ok(Ok(())) => assert!(left.is_empty(), "left behind: {left:?}"),
    }
}

/// A server, and what the scenario created there.
pub struct TestContext {
    quay: Quay,
    /// `None` on a real server.
    sandbox: Option<Sandbox>,
    /// The suffix of all names, which is random.
    suffix: String,
    created: Mutex<Vec<Resource>>,
    /// The application of the scenario's tokens, if one was needed.
    application: Mutex<Option<TestApplication>>,
}

/// A resource that has to be removed in the end.
enum Resource {
    Organization(String),
    User(String),
    Repository(String),
    MyRobot(String),
    Message(String),
}

/// A user that the scenario created.
pub struct TestUser {
    pub name: String,
    pub email: String,
    pub password: Secret,
}

/// An application that can create tokens for the scenario.
#[derive(Clone)]
struct TestApplication {
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
            None => result::print_line(&format!("the scenarios run against {}", quay.base_url())),
            Some(_) => result::print_line(
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
            created: Mutex::default(),
            application: Mutex::default(),
        })
    }

    /// A client with all scopes, of a superuser.
    pub fn quay(&self) -> &Quay {
        &self.quay
    }

    pub fn is_real(&self) -> bool {
        self.sandbox.is_none()
    }

    /// Returns a name that only this scenario uses.
    pub fn name(&self, stem: &str) -> String {
        format!("{stem}-{}", self.suffix)
    }

    /// Returns the suffix of all names of this scenario.
    pub fn suffix(&self) -> &str {
        &self.suffix
    }

    /// Returns an email address that only this scenario uses.
    pub fn email(&self, stem: &str) -> String {
        format!("{stem}-{}@example.test", self.suffix)
    }

    /// The name of the superuser.
    pub async fn me(&self) -> Result<String> {
        Ok(self.quay.me().get().await?.username)
    }

    /// A registry to mirror. A real server requires a name that resolves, so this is its own name.
    /// The sandbox resolves no names, and rejects loopback addresses.
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
            created => Ok(created.map(drop)?),
        }
    }

    /// Returns a token of an identity provider that the server trusts. A real server has to trust
    /// one first, and the token of one of its identities is in the environment.
    pub fn identity_token(&self) -> TestResult<Secret> {
        const VARIABLE: &str = "QUAY_IDENTITY_TOKEN";
        match (&self.sandbox, std::env::var(VARIABLE)) {
            (Some(sandbox), _) => {
                let lifetime = Duration::from_secs(600);
                Ok(sandbox.identity_token("https://issuer.example.test", "job", lifetime))
            }
            (None, Ok(token)) => Ok(token.into()),
            (None, Err(_)) => skip(format!(
                "{VARIABLE} is not set: a token of an identity provider that the server trusts"
            )),
        }
    }

    fn track(&self, created: Resource) {
        self.created
            .lock()
            .expect("no test panicked while it held the lock")
            .push(created);
    }

    /// All users. A real server fails if another scenario deletes a user during the listing.
    pub async fn users(&self) -> Result<Vec<UserAccount>> {
        for _ in 0..10 {
            match self.quay.superuser().users().list().await {
                Err(error) if self.is_real() && error.status() == Some(500) => continue,
                listed => return listed,
            }
        }
        self.quay.superuser().users().list().await
    }

    /// All organizations, as [`users`](Self::users).
    pub async fn organizations(&self) -> Result<Vec<OrganizationAccount>> {
        for _ in 0..10 {
            match self.quay.superuser().organizations().list().await {
                Err(error) if self.is_real() && error.status() == Some(500) => continue,
                listed => return listed,
            }
        }
        self.quay.superuser().organizations().list().await
    }

    /// Creates an organization.
    pub async fn organization(&self, stem: &str) -> Result<OrganizationHandle> {
        let name = self.name(stem);
        self.track_organization(&name);
        self.quay
            .organizations()
            .create(CreateOrganization::new(&name).email(self.email(stem)))
            .await?;
        self.quay.organization(&name)
    }

    /// An organization that the scenario creates itself will be removed.
    pub fn track_organization(&self, name: &str) {
        self.track(Resource::Organization(name.to_owned()));
    }

    /// A user that the scenario creates itself will be removed.
    pub fn track_user(&self, name: &str) {
        self.track(Resource::User(name.to_owned()));
    }

    /// A repository of the superuser's own that the scenario creates itself will be removed.
    pub fn track_repository(&self, name: &str) {
        self.track(Resource::Repository(name.to_owned()));
    }

    /// A robot account of the superuser's own that the scenario creates itself will be removed.
    pub fn track_my_robot(&self, short: &str) {
        self.track(Resource::MyRobot(short.to_owned()));
    }

    /// A message that the scenario creates itself will be removed.
    pub fn track_message(&self, id: &str) {
        self.track(Resource::Message(id.to_owned()));
    }

    /// Creates a private repository in an organization of the scenario's.
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

    /// Creates an organization with one private repository.
    pub async fn organization_with_repository(
        &self,
    ) -> Result<(OrganizationHandle, RepositoryHandle)> {
        let organization = self.organization("org").await?;
        let repository = self.repository(&organization, "app").await?;
        Ok((organization, repository))
    }

    /// Creates a user.
    pub async fn user(&self, stem: &str) -> Result<TestUser> {
        let (name, email) = (self.name(stem), self.email(stem));
        self.track_user(&name);
        let created = self
            .quay
            .superuser()
            .users()
            .create(CreateUser::new(&name).email(&email))
            .await?;
        Ok(TestUser {
            name,
            email,
            password: created.password,
        })
    }

    /// A client with a token of the superuser's that has these scopes, separated by spaces.
    pub async fn with_scopes(&self, scopes: &str) -> TestResult<Quay> {
        if let Some(sandbox) = &self.sandbox {
            let token = sandbox.token(Sandbox::ADMIN).scopes(scopes.split(' '));
            return Ok(token.quay()?);
        }
        let application = self.application().await?;
        if self.lacks(CREATE_TOKEN).await?.is_some() {
            let Ok(password) = std::env::var("QUAY_PASSWORD") else {
                return skip("a token requires QUAY_PASSWORD, the superuser's");
            };
            let login = Login {
                name: &self.me().await?,
                password: &password.into(),
            };
            let token = browser::authorize(&self.quay, &login, &application, scopes).await?;
            return Ok(self.with_token(token)?);
        }
        let tokens = self
            .quay
            .organization(&application.organization)?
            .application(&application.client_id)?
            .tokens();
        let created = tokens
            .create(CreateApplicationToken::new("scenario", scopes))
            .await?;
        Ok(self.with_token(created.token)?)
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
    pub async fn acting_as(&self, user: &TestUser, scopes: &str) -> TestResult<Quay> {
        if let Some(sandbox) = &self.sandbox {
            return Ok(sandbox.token(&user.name).scopes(scopes.split(' ')).quay()?);
        }
        let application = self.application().await?;
        // Only owners can create tokens of an application. The token stays valid after they leave.
        let owners = self
            .quay
            .organization(&application.organization)?
            .team("owners")?;
        owners.members().create(&user.name).await?;
        let login = Login {
            name: &user.name,
            password: &user.password,
        };
        let token = match self.lacks(CREATE_TOKEN).await? {
            None => browser::token(&self.quay, &login, &application, scopes).await?,
            Some(_) => browser::authorize(&self.quay, &login, &application, scopes).await?,
        };
        owners.member(&user.name)?.delete().await?;
        Ok(self.with_token(token)?)
    }

    async fn application(&self) -> Result<TestApplication> {
        if let Some(application) = self
            .application
            .lock()
            .expect("no test panicked while it held the lock")
            .clone()
        {
            return Ok(application);
        }
        let organization = self.organization("keys").await?;
        let application = organization
            .applications()
            .create(CreateApplication::new("keys"))
            .await?;
        let application = TestApplication {
            organization: organization.name().to_owned(),
            client_id: application.client_id,
        };
        *self
            .application
            .lock()
            .expect("no test panicked while it held the lock") = Some(application.clone());
        Ok(application)
    }

    /// Pushes an image under a tag. Each tag of a repository has a different manifest.
    pub async fn push(&self, repository: &RepositoryHandle, tag: &str) -> TestResult<Digest> {
        self.push_labelled(repository, tag, &[]).await
    }

    /// The same with labels of the image.
    pub async fn push_labelled(
        &self,
        repository: &RepositoryHandle,
        tag: &str,
        labels: &[(&str, &str)],
    ) -> TestResult<Digest> {
        let Some(sandbox) = &self.sandbox else {
            return registry::push(&self.quay, repository.name(), tag, labels).await;
        };
        let image = TagSeed::new(tag, 4096);
        let image = labels
            .iter()
            .fold(image, |image, (key, value)| image.label(*key, *value));
        Ok(sandbox.push(repository.name().as_str(), &image)?)
    }

    /// Removes the created resources, newest first, and reports those that are left.
    async fn clear(&self) -> Vec<String> {
        let created = std::mem::take(
            &mut *self
                .created
                .lock()
                .expect("no test panicked while it held the lock"),
        );
        let mut left = Vec::new();
        for resource in created.into_iter().rev() {
            if let Err(error) = self.remove(&resource).await {
                left.push(format!("{}: {error}", resource.name()));
            }
        }
        if !left.is_empty() {
            result::print_line(&format!("left behind: {left:?}"));
        }
        left
    }

    async fn remove(&self, resource: &Resource) -> Result<bool> {
        match resource {
            Resource::Organization(name) => {
                self.quay
                    .superuser()
                    .organization(name)?
                    .delete_if_exists()
                    .await
            }
            Resource::User(name) => {
                let user = self.quay.superuser().user(name)?;
                // The server keeps a disabled one.
                if user
                    .get_opt()
                    .await?
                    .is_some_and(|user| user.enabled == Some(false))
                {
                    user.update(UpdateUserAccount::new().enabled(true)).await?;
                }
                user.delete_if_exists().await
            }
            Resource::Repository(name) => self
                .quay
                .repository(name.as_str())?
                .delete()
                .await
                .map(|()| true),
            Resource::MyRobot(short) => self.quay.me().robot(short)?.delete_if_exists().await,
            Resource::Message(id) => self.quay.message(id)?.delete_if_exists().await,
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
