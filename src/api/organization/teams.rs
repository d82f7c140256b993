//! The teams of an organization.

use crate::api::TeamHandle;
use crate::api::shared::{Desired, Ensure, path_segment};
use crate::generated::params;
use crate::pagination::{Listing, SinglePage};
use crate::types::{CreateTeam, Organization, Team, UpdateTeam};
use crate::{Delivery, Error, ErrorKind, Quay, Result};
use futures::FutureExt;
use futures::future::BoxFuture;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The handle of an organization's teams:
/// [`OrganizationHandle::teams`](crate::api::OrganizationHandle::teams).
#[derive(Debug, Clone)]
pub struct TeamsHandle {
    pub(crate) quay: Quay,
    pub(crate) organization: Arc<str>,
}

impl TeamsHandle {
    /// Lists the teams of the organization.
    ///
    /// Scope: none. Endpoint: `GET /api/v1/organization/{orgname}`. The response is not paged.
    /// Operation: `getOrganization`.
    ///
    /// # Errors
    ///
    /// Reading the list returns an error for which [`is_not_found`](crate::Error::is_not_found) is
    /// true if the organization does not exist. It returns an error for which
    /// [`is_forbidden`](crate::Error::is_forbidden) is true if the server hides the teams from the
    /// caller. It hides them, with a success, from callers who are in none of the teams, and if the
    /// token is expired or lacks the scope `org:admin`.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// for team in quay.organization("acme")?.teams().list().await? {
    ///     println!("{} {:?}", team.name, team.member_count);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "getOrganization")]
    #[inline]
    pub fn list(&self) -> Listing<SinglePage<Team>> {
        let request = self.quay.api().get_organization(&self.organization);
        Listing::checked_page(&self.quay, request, |organization| {
            Ok(visible_teams(organization)?.into_values().collect())
        })
    }

    /// Creates a team, **or sets the role and description of the team if it exists**.
    ///
    /// The server has no operation that only creates a team. `new_team` of the response is true if
    /// the team was created. [`create_if_absent`](Self::create_if_absent) does not change an
    /// existing team.
    ///
    /// Scope: `org:admin`. Endpoint: `PUT /api/v1/organization/{orgname}/team/{teamname}`.
    /// Operation: `updateOrganizationTeam`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// organization does not exist, and an error for which
    /// [`is_invalid_request`](crate::Error::is_invalid_request) is true if the server does not
    /// allow the name.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::{CreateTeam, TeamRole};
    ///
    /// let teams = quay.organization("acme")?.teams();
    /// let request = CreateTeam::new(TeamRole::Member).description("Developers");
    /// let team = teams.create("devs", request).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "create team")]
    #[doc(alias = "updateOrganizationTeam")]
    pub async fn create(&self, name: impl AsRef<str>, team: CreateTeam) -> Result<Team> {
        let name = path_segment("team", name.as_ref())?;
        self.put(&name, team).await
    }

    /// Creates a team, or returns `None` if one of that name exists.
    ///
    /// The method reads first: if the team exists, nothing is written. Its role and description are
    /// not compared. If another caller creates the team between the two requests, this call sets
    /// its role and description, and `new_team` of the response is false.
    ///
    /// Scope: `org:admin`. Endpoints: `GET /api/v1/organization/{orgname}/team/{teamname}/members`,
    /// `PUT /api/v1/organization/{orgname}/team/{teamname}`.
    /// Operations: `getOrganizationTeamMembers`, `updateOrganizationTeam`.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`create`](Self::create).
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::{CreateTeam, TeamRole};
    ///
    /// let teams = quay.organization("acme")?.teams();
    /// let created = teams.create_if_absent("devs", CreateTeam::new(TeamRole::Member)).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "getOrganizationTeamMembers")]
    #[doc(alias = "updateOrganizationTeam")]
    pub async fn create_if_absent(
        &self,
        name: impl AsRef<str>,
        team: CreateTeam,
    ) -> Result<Option<Team>> {
        let handle = TeamHandle {
            quay: self.quay.clone(),
            organization: Arc::clone(&self.organization),
            team: path_segment("team", name.as_ref())?,
        };
        if handle.is_there().await? {
            return Ok(None);
        }
        self.put(&handle.team, team).await.map(Some)
    }

    /// Ensures that this team exists: creates or changes it if necessary.
    ///
    /// A team is identified by its name. Its role is compared, and also its description if the
    /// request contains one. Its members are not changed:
    /// [`TeamMembersHandle::ensure`](crate::api::TeamMembersHandle::ensure) does that. See [desired
    /// state](crate::guide::desired_state).
    ///
    /// Scope and endpoints: as for [`list`](Self::list) and [`create`](Self::create).
    ///
    /// # Errors
    ///
    /// Awaiting the result returns the errors of [`create`](Self::create).
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::{CreateTeam, TeamRole};
    ///
    /// let teams = quay.organization("acme")?.teams();
    /// let ensured = teams.ensure("devs", CreateTeam::new(TeamRole::Creator)).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn ensure(&self, name: impl AsRef<str>, team: CreateTeam) -> Ensure<Team> {
        self.ensure_team(name.as_ref().to_owned(), team)
    }

    #[inline]
    fn ensure_team(&self, name: String, team: CreateTeam) -> Ensure<Team> {
        Ensure::new(EnsureTeam {
            teams: self.clone(),
            name,
            team,
        })
    }

    async fn put(&self, name: &str, team: CreateTeam) -> Result<Team> {
        let mut body = UpdateTeam::new(team.role);
        // Without a description, the server would keep that of an existing team.
        body.description = Some(team.description.unwrap_or_default());
        let request = self
            .quay
            .api()
            .update_organization_team(params::UpdateOrganizationTeam {
                orgname: &self.organization,
                teamname: name,
                body: &body,
            });
        self.quay.send(request).await
    }
}

/// Returns the teams in a response, from which the server leaves them out if it hides them from the
/// caller.
pub(super) fn visible_teams(organization: Organization) -> Result<BTreeMap<String, Team>> {
    let name = organization.name;
    organization.teams.ok_or_else(|| {
        let message = format!(
            "the server hides the teams of {name} from the caller: it shows them to members of the \
             organization whose token is valid and has the scope org:admin"
        );
        Error::new(ErrorKind::Forbidden, message)
            .with_delivery(Delivery::Responded)
            .with_response_to("getOrganization", &[("orgname", &name)])
    })
}

struct EnsureTeam {
    teams: TeamsHandle,
    name: String,
    team: CreateTeam,
}

impl Desired for EnsureTeam {
    type Item = Team;

    #[inline]
    fn existing(&self) -> BoxFuture<'_, Result<Vec<Team>>> {
        async move {
            let TeamsHandle { quay, organization } = self.teams.clone();
            let handle = TeamHandle {
                quay,
                organization,
                team: path_segment("team", &self.name)?,
            };
            Ok(handle.get_opt().await?.into_iter().collect())
        }
        .boxed()
    }

    fn is_met(&self, found: &Team) -> bool {
        let description = found.description.as_deref().unwrap_or_default();
        let wanted = self.team.description.as_deref();
        found.role == self.team.role && wanted.is_none_or(|wanted| wanted == description)
    }

    #[inline]
    fn create(&self) -> BoxFuture<'_, Result<Team>> {
        self.teams.create(&self.name, self.team.clone()).boxed()
    }

    #[inline]
    fn update(&self, found: Team) -> BoxFuture<'_, Result<Team>> {
        async move {
            // `create` would clear a description that the request does not contain.
            let mut team = self.team.clone();
            team.description = team.description.or(found.description);
            self.teams.create(&self.name, team).await
        }
        .boxed()
    }
}
