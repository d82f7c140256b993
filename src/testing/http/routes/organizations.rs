//! Organizations and their settings.

use crate::testing::http::api_request::ApiRequest;
use crate::testing::http::routes::{HandlerResult, Routes, views};
use crate::testing::state::State;
use crate::testing::state::organizations::{Organization, check_contact_email};
use crate::testing::state::teams::Team;
use crate::testing::{ErrorResponse, Response};
use crate::types::TeamRole;
use serde_json::{Value, json};

pub const ROUTES: Routes = &[
    ("createOrganization", create),
    ("getOrganization", get),
    ("changeOrganizationDetails", change),
    ("deleteAdminedOrganization", delete),
];

/// Returns true if the server has an address for contact. An older one ignores it.
fn takes_contact(state: &State) -> bool {
    state.edition.is_since(Some("3.18"))
}

fn create(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    request.as_user_admin()?;
    let body = request.body()?;
    let name = body.required_string("name")?;
    let contact = match takes_contact(state) {
        true => body.string("contact_email")?,
        false => None,
    };
    let email = contact.or(body.string("email")?);
    state
        .register_organization(&request.caller, name, email)
        .map_err(|error| ErrorResponse::from(error).into_invalid_request())?;
    Ok(Response::created("Created".into()))
}

fn get(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let organization = state
        .organizations
        .get(request.path("orgname"))
        .ok_or(ErrorResponse::NotFound)?;
    Ok(Response::ok(view(state, request, organization)))
}

/// Returns as much of an organization as the caller may see.
pub fn view(state: &State, request: &ApiRequest<'_>, organization: &Organization) -> Value {
    let name = &organization.name;
    let role = state.organization_role(&request.caller, name);
    let (is_admin, is_member) = (role == Some(TeamRole::Admin), role.is_some());
    let email = if is_admin {
        organization.email.as_str()
    } else {
        ""
    };
    let avatar = views::avatar(name, &organization.email, "user");
    let mut view = json!({"name": name, "email": email, "avatar": avatar, "is_admin": is_admin, "is_member": is_member});
    if !is_member {
        return view;
    }
    let teams = organization.sorted_teams();
    let row = |team: &Team| {
        let can_view = is_admin || request.user().is_some_and(|user| team.has(user));
        let repositories = state
            .repositories_of(name)
            .into_iter()
            .filter(|r| r.teams.contains_key(&team.name))
            .count();
        json!({
            "name": team.name, "description": team.description, "role": team.role, "avatar": views::team_avatar(&team.name),
            "can_view": can_view, "repo_count": repositories, "member_count": team.members.len(), "is_synced": false,
        })
    };
    view["teams"] = Value::Object(
        teams
            .iter()
            .map(|team| (team.name.clone(), row(team)))
            .collect(),
    );
    view["ordered_teams"] = teams.iter().map(|team| team.name.as_str()).collect();
    if is_admin {
        view["invoice_email"] = organization.invoice_email.into();
        view["invoice_email_address"] = organization.invoice_email_address.clone().into();
        view["tag_expiration_s"] = organization.tag_expiration.into();
        view["is_free_account"] = true.into();
    }
    views::add_quotas(state, name, &mut view);
    view
}

fn change(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let body = request.body()?;
    let name = request.organization_as(state, TeamRole::Admin)?;
    let mut organization = state
        .organizations
        .get(name)
        .ok_or(ErrorResponse::NotFound)?
        .clone();
    let mut entries = Vec::new();
    if let Some(invoice) = body.boolean("invoice_email")? {
        organization.invoice_email = invoice;
        entries.push((
            "org_change_invoicing",
            json!({"invoice_email": invoice, "namespace": name}),
        ));
    }
    if body.get("invoice_email_address").is_some() {
        let address = body
            .nullable_string("invoice_email_address")?
            .map(str::to_owned);
        if address != organization.invoice_email_address {
            entries.push((
                "org_change_invoicing",
                json!({"invoice_email_address": address, "namespace": name}),
            ));
            organization.invoice_email_address = address;
        }
    }
    let takes_contact = takes_contact(state);
    if let Some(member) = ["contact_email", "email"]
        .into_iter()
        .filter(|m| *m == "email" || takes_contact)
        .find(|m| body.get(m).is_some())
    {
        let (new, old) = (
            match member {
                "contact_email" => body.nullable_string(member)?,
                _ => body.string(member)?,
            }
            .unwrap_or_default(),
            organization.email.clone(),
        );
        if new != old {
            check_contact_email(new)?;
            new.clone_into(&mut organization.email);
            entries.push((
                "org_change_email",
                json!({"email": new, "namespace": name, "old_email": old}),
            ));
        }
    }
    if let Some(seconds) = body.unsigned("tag_expiration_s")? {
        organization.tag_expiration = seconds;
        entries.push((
            "org_change_tag_expiration",
            json!({"tag_expiration": seconds, "namespace": name}),
        ));
    }
    let response = view(state, request, &organization);
    state.organizations.insert(name.to_owned(), organization);
    for (kind, metadata) in entries {
        state.log(&request.caller, kind, name, None, metadata);
    }
    Ok(Response::ok(response))
}

fn delete(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let name = request.organization_as(state, TeamRole::Admin)?;
    state.delete_organization(&request.caller, name)?;
    Ok(Response::no_content())
}
