//! Organizations and their settings.

use super::{Outcome, Routes, views};
use crate::testing::http::call::Call;
use crate::testing::state::State;
use crate::testing::state::accounts::{Organization, Team, is_email};
use crate::testing::{ErrorResponse, Response};
use crate::types::TeamRole;
use serde_json::{Value, json};

pub const ROUTES: Routes = &[
    ("createOrganization", create),
    ("getOrganization", get),
    ("changeOrganizationDetails", change),
    ("deleteAdminedOrganization", delete),
];

fn create(world: &mut State, call: &Call<'_>) -> Outcome {
    let owner = world.may_as_user(call)?;
    let body = call.body()?;
    let name = body.required("name")?;
    if world.is_namespace(name) {
        return Err(ErrorResponse::invalid(
            "A user or organization with this name already exists",
        ));
    }
    let email = body.text("contact_email")?.or(body.text("email")?);
    if email.is_some_and(|email| !email.is_empty() && !is_email(email)) {
        return Err(ErrorResponse::invalid("Invalid email address"));
    }
    world
        .create_organization(name, email.unwrap_or_default(), Some(owner))
        .map_err(|refusal| match refusal {
            ErrorResponse::Message(400, Value::String(text)) => ErrorResponse::InvalidRequest(text),
            other => other,
        })?;
    world.log(
        call,
        "org_create",
        name,
        None,
        json!({"email": email, "namespace": name}),
    );
    Ok(Response::created("Created".into()))
}

fn get(world: &mut State, call: &Call<'_>) -> Outcome {
    let organization = world
        .organizations
        .get(call.path("orgname"))
        .ok_or(ErrorResponse::NotFound)?;
    Ok(Response::ok(view(world, call, organization)))
}

/// As much of an organization as the caller may see.
pub fn view(world: &State, call: &Call<'_>, organization: &Organization) -> Value {
    let name = &organization.name;
    let role = world.organization_role(call, name);
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
    let mut teams: Vec<&Team> = organization.teams.values().collect();
    teams.sort_by_key(|t| t.id);
    let row = |team: &Team| {
        let can_view = is_admin
            || call
                .user()
                .is_some_and(|user| team.members.iter().any(|m| m == user));
        let repositories = world
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
    views::add_quotas(world, name, &mut view);
    view
}

fn change(world: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.body()?;
    let name = world.may_in(call, TeamRole::Admin)?;
    let mut organization = world
        .organizations
        .get(name)
        .ok_or(ErrorResponse::NotFound)?
        .clone();
    let mut entries = Vec::new();
    if let Some(invoice) = body.flag("invoice_email")? {
        organization.invoice_email = invoice;
        entries.push((
            "org_change_invoicing",
            json!({"invoice_email": invoice, "namespace": name}),
        ));
    }
    if body.get("invoice_email_address").is_some() {
        let address = body.text("invoice_email_address")?.map(str::to_owned);
        if address != organization.invoice_email_address {
            entries.push((
                "org_change_invoicing",
                json!({"invoice_email_address": address, "namespace": name}),
            ));
            organization.invoice_email_address = address;
        }
    }
    if let Some(member) = ["contact_email", "email"]
        .into_iter()
        .find(|m| body.get(m).is_some())
    {
        let (new, old) = (
            body.text(member)?.unwrap_or_default(),
            organization.email.clone(),
        );
        if new != old {
            if !new.is_empty() && !is_email(new) {
                return Err(ErrorResponse::invalid("Invalid email address"));
            }
            new.clone_into(&mut organization.email);
            entries.push((
                "org_change_email",
                json!({"email": new, "namespace": name, "old_email": old}),
            ));
        }
    }
    if let Some(seconds) = body.natural("tag_expiration_s")? {
        organization.tag_expiration = seconds;
        entries.push((
            "org_change_tag_expiration",
            json!({"tag_expiration": seconds, "namespace": name}),
        ));
    }
    let answer = view(world, call, &organization);
    world.organizations.insert(name.to_owned(), organization);
    for (kind, metadata) in entries {
        world.log(call, kind, name, None, metadata);
    }
    Ok(Response::ok(answer))
}

fn delete(world: &mut State, call: &Call<'_>) -> Outcome {
    let name = world.may_in(call, TeamRole::Admin)?;
    world
        .organizations
        .get(name)
        .ok_or(ErrorResponse::NotFound)?;
    world.log(call, "org_delete", name, None, json!({"namespace": name}));
    world.delete_namespace(name);
    Ok(Response::no_content())
}
