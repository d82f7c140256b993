//! OAuth applications of organizations, and the tokens that are issued for them.

use crate::testing::state::State;
use crate::testing::state::access::Caller;
use crate::testing::state::error::StateError;
use crate::testing::state::organizations::Organization;
use crate::testing::state::tokens::{OAuthToken, SCOPES};
use serde_json::{Value, json};
use std::time::Duration;

/// The name that Quay reserves.
const RESERVED: &str = "__quay_bootstrap_app";

#[derive(Debug, Clone, Default)]
pub struct Application {
    pub client_id: String,
    pub client_secret: String,
    pub name: String,
    pub description: String,
    pub application_uri: String,
    pub redirect_uri: String,
    pub avatar_email: Option<String>,
}

impl Application {
    fn check_name(&self) -> Result<(), StateError> {
        if self.name == RESERVED {
            Err(StateError::ReservedApplicationName)
        } else {
            Ok(())
        }
    }
}

impl State {
    /// Returns an application of an organization.
    pub fn application(
        &mut self,
        organization: &str,
        client_id: &str,
    ) -> Result<&mut Application, StateError> {
        self.organization_mut(organization)?
            .applications
            .iter_mut()
            .find(|a| a.client_id == client_id)
            .ok_or(StateError::NotFound)
    }

    /// Returns an application of any organization.
    pub fn any_application(&self, client_id: &str) -> Option<(&Organization, &Application)> {
        let mut all = self
            .organizations
            .values()
            .flat_map(|o| o.applications.iter().map(move |a| (o, a)));
        all.find(|(_, a)| a.client_id == client_id)
    }

    /// Creates an application with these settings; returns it with its id and secret.
    pub fn create_application(
        &mut self,
        organization: &str,
        settings: Application,
    ) -> Result<Application, StateError> {
        let application = Application {
            client_id: self.random_text(20),
            client_secret: self.random_text(40),
            ..settings
        };
        let applications = &mut self.organization_mut(organization)?.applications;
        application.check_name()?;
        applications.push(application.clone());
        Ok(application)
    }

    /// Replaces the settings of an application, which keeps its id and secret.
    pub fn update_application(
        &mut self,
        organization: &str,
        client_id: &str,
        settings: Application,
    ) -> Result<Application, StateError> {
        let application = self.application(organization, client_id)?;
        settings.check_name()?;
        *application = Application {
            client_id: application.client_id.clone(),
            client_secret: application.client_secret.clone(),
            ..settings
        };
        Ok(application.clone())
    }

    /// Deletes an application with its tokens.
    pub fn delete_application(
        &mut self,
        organization: &str,
        client_id: &str,
    ) -> Result<Application, StateError> {
        let applications = &mut self.organization_mut(organization)?.applications;
        let index = applications.iter().position(|a| a.client_id == client_id);
        let application = applications.remove(index.ok_or(StateError::NotFound)?);
        self.tokens
            .retain(|_, token| token.application.0 != client_id);
        Ok(application)
    }

    /// Issues a token of the caller for an application; returns it with its secret.
    ///
    /// `scope` is a list of scopes, separated by commas or spaces. The token can do no more than
    /// the one that the caller has.
    pub fn issue_application_token(
        &mut self,
        caller: &Caller,
        organization: &str,
        application: &Application,
        (name, scope): (&str, &str),
        lifetime: Duration,
    ) -> Result<(OAuthToken, String), StateError> {
        let name = name.trim();
        if name.is_empty() {
            return Err(StateError::EmptyTokenName);
        }
        let mut scopes: Vec<String> = Vec::new();
        for part in scope.split([',', ' ']).filter(|part| !part.is_empty()) {
            if !scopes.iter().any(|s| s == part) {
                scopes.push(part.to_owned());
            }
        }
        if scopes.is_empty() || scopes.iter().any(|s| !SCOPES.contains(&s.as_str())) {
            return Err(StateError::InvalidScope(scope.to_owned()));
        }
        let token = caller.token().ok_or_else(|| caller.denied())?;
        let is_superuser = self.users.get(&token.user).is_some_and(|u| u.superuser);
        let exceeds = |s: &String| !token.covers(s) || s == "super:user" && !is_superuser;
        if scopes.iter().any(exceeds) {
            return Err(caller.denied());
        }
        let (secret, expires) = (self.random_text(40), self.now().checked_add(lifetime));
        let of_application = (application.client_id.clone(), application.name.clone());
        let mut issued = self.new_token(&token.user, scopes, expires, of_application);
        issued.name = Some(name.to_owned());
        let metadata = json!({
            "oauth_token_uuid": issued.uuid, "scope": issued.scopes.join(" "),
            "token_display_name": name, "application_name": application.name,
            "auth_method": "OAuth", "client_id": application.client_id,
        });
        self.tokens.insert(secret.clone(), issued.clone());
        self.log(
            caller,
            "create_oauth_api_token",
            organization,
            None,
            metadata,
        );
        Ok((issued, secret))
    }

    /// Revokes a token of an application.
    pub fn revoke_application_token(
        &mut self,
        caller: &Caller,
        organization: &str,
        application: &Application,
        uuid: &str,
    ) -> Result<(), StateError> {
        let before = self.tokens.len();
        self.tokens
            .retain(|_, t| t.uuid != uuid || t.application.0 != application.client_id);
        if self.tokens.len() == before {
            return Err(StateError::NotFound);
        }
        let metadata: Value = json!({
            "oauth_token_uuid": uuid, "application_name": application.name,
            "client_id": application.client_id,
        });
        self.log(
            caller,
            "revoke_oauth_api_token",
            organization,
            None,
            metadata,
        );
        Ok(())
    }
}
