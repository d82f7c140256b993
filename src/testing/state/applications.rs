//! What an organization has beside repositories and people: OAuth applications, and the registry
//! that it caches.

use super::State;
use crate::testing::ErrorResponse;

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

/// The registry that an organization is a cache of.
#[derive(Debug, Clone)]
pub struct ProxyCache {
    pub registry: String,
    /// After how many seconds a cached tag goes.
    pub expiration: u64,
    pub insecure: bool,
}

impl State {
    /// An application of an organization, if both are there.
    pub fn application(
        &mut self,
        organization: &str,
        client_id: &str,
    ) -> Result<&mut Application, ErrorResponse> {
        let organization = self
            .organizations
            .get_mut(organization)
            .ok_or(ErrorResponse::NotFound)?;
        organization
            .applications
            .iter_mut()
            .find(|a| a.client_id == client_id)
            .ok_or(ErrorResponse::NotFound)
    }

    /// Deletes an application, and its tokens with it.
    pub fn delete_application(
        &mut self,
        organization: &str,
        client_id: &str,
    ) -> Result<Application, ErrorResponse> {
        let applications = &mut self
            .organizations
            .get_mut(organization)
            .ok_or(ErrorResponse::NotFound)?
            .applications;
        let place = applications
            .iter()
            .position(|a| a.client_id == client_id)
            .ok_or(ErrorResponse::NotFound)?;
        let application = applications.remove(place);
        self.tokens
            .retain(|_, token| token.application.0 != client_id);
        Ok(application)
    }
}
