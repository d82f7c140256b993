//! Build triggers, which are set up in the web UI.

use super::browser::{self, Login};
use super::{TestContext, TestResult, skip};
use quay_api::api::{OrganizationHandle, RepositoryHandle};
use quay_api::testing::seed::{RepositorySeed, Seed, TriggerSeed};

impl TestContext {
    /// Makes a private repository with a build trigger, and returns the trigger's identifier.
    pub async fn repository_with_trigger(
        &self,
        organization: &OrganizationHandle,
        name: &str,
    ) -> TestResult<(RepositoryHandle, String)> {
        if let Some(sandbox) = &self.sandbox {
            let path = format!("{}/{name}", organization.name());
            let trigger = TriggerSeed::new("custom-git", "git@example.test:app.git");
            let seed = RepositorySeed::new(&path).trigger(trigger);
            sandbox.seed(&Seed::new().repository(seed))?;
            let repository = self.quay.repository(path)?;
            let triggers = repository.triggers().list().await?;
            return Ok((repository, triggers[0].id.clone()));
        }
        let Ok(password) = std::env::var("QUAY_PASSWORD") else {
            return skip("a trigger requires QUAY_PASSWORD, the superuser's");
        };
        let repository = self.repository(organization, name).await?;
        let login = Login {
            name: &self.me().await?,
            password: &password.into(),
        };
        let id = browser::trigger(&self.quay, &login, repository.name().as_str()).await?;
        Ok((repository, id))
    }
}
