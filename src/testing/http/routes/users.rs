//! The caller's own account, and public data of others.

use crate::testing::http::api_request::ApiRequest;
use crate::testing::http::routes::{HandlerResult, Routes, views};
use crate::testing::state::State;
use crate::testing::state::access::Caller;
use crate::testing::state::organizations::Organization;
use crate::testing::state::tokens::SCOPES;
use crate::testing::state::users::{User, check_password};
use crate::testing::{ErrorResponse, Response};
use crate::types::TeamRole;
use serde_json::{Value, json};

pub const ROUTES: Routes = &[
    ("getLoggedInUser", me),
    ("changeUserDetails", change_me),
    ("deleteCurrentUser", delete_me),
    ("createNewUser", create),
    ("getUserInformation", someone),
];

/// The fields that a user may fill in.
const ABOUT: [&str; 4] = ["company", "family_name", "given_name", "location"];

fn me(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let name = request
        .as_reader()
        .map_err(|_| ErrorResponse::NotLoggedIn)?;
    let user = state.users.get(name).ok_or(ErrorResponse::NotLoggedIn)?;
    Ok(Response::ok(view(state, &request.caller, user)))
}

fn someone(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let user = state
        .users
        .get(request.path("username"))
        .ok_or(ErrorResponse::NoSuchThing)?;
    Ok(Response::ok(view(state, &request.caller, user)))
}

/// Returns as much of a user as the caller may see.
fn view(state: &State, caller: &Caller, user: &User) -> Value {
    let mut view = json!({"anonymous": false, "username": user.name, "avatar": views::avatar(&user.name, &user.email, "user")});
    let is_me = caller.user() == Some(&user.name);
    let is_admin = is_me && caller.require_user_admin().is_ok();
    if is_admin {
        let more = json!({
            "can_create_repo": true, "is_me": true, "verified": user.verified, "email": user.email, "logins": [],
            "invoice_email": user.invoice_email, "invoice_email_address": user.invoice_email_address, "preferred_namespace": false,
            "tag_expiration_s": user.tag_expiration, "prompts": [], "is_free_account": true, "has_password_set": true,
        });
        merge(&mut view, more);
        for name in ABOUT {
            view[name] = user.about.get(name).cloned().unwrap_or_default();
        }
        views::add_quotas(state, &user.name, &mut view);
    }
    if is_me && caller.require_user_read().is_ok() {
        let mut member_of: Vec<&Organization> = state
            .organizations
            .values()
            .filter(|o| o.teams.values().any(|t| t.members.contains(&user.name)))
            .collect();
        member_of.sort_by_key(|o| o.id);
        let row = |organization: &&Organization| {
            let role = state.organization_role(caller, &organization.name);
            let can_create = role.as_ref().is_some_and(|r| *r >= TeamRole::Creator);
            let avatar = views::avatar(&organization.name, &organization.email, "org");
            let mut row = json!({"name": organization.name, "avatar": avatar, "can_create_repo": can_create, "public": false});
            if is_admin {
                merge(
                    &mut row,
                    json!({"is_org_admin": role == Some(TeamRole::Admin), "preferred_namespace": false}),
                );
            }
            row
        };
        view["organizations"] = member_of.iter().map(row).collect();
    }
    if state.is_superuser(caller) {
        view["super_user"] = is_me.into();
    }
    view
}

fn merge(view: &mut Value, more: Value) {
    if let (Value::Object(view), Value::Object(more)) = (view, more) {
        view.extend(more);
    }
}

fn create(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let body = request.body()?;
    let name = body.required_string("username")?;
    let password = body.required_string("password")?;
    let email = body.string("email")?.unwrap_or_default();
    let user = state
        .register_user(&request.caller, name, password, email)
        .map_err(|error| ErrorResponse::from(error).into_invalid_request())?;
    // The server shows the new user as if it had logged in.
    let scopes = SCOPES.iter().map(|s| (*s).to_owned()).collect();
    let token = state.new_token(name, scopes, None, Default::default());
    let caller = Caller::from(Some(token));
    Ok(Response::ok(view(state, &caller, &user)))
}

fn change_me(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let name = request.as_user_admin()?;
    let body = request.body()?;
    let caller = &request.caller;
    let missing = || ErrorResponse::NotLoggedIn;
    if let Some(password) = body.string("password")? {
        check_password(password)?;
        let user = state.users.get_mut(name).ok_or_else(missing)?;
        user.password = Some(password.into());
        state.log(caller, "account_change_password", name, None, json!({}));
    }
    if let Some(invoice) = body.boolean("invoice_email")? {
        state.users.get_mut(name).ok_or_else(missing)?.invoice_email = invoice;
        let metadata = json!({"invoice_email": invoice});
        state.log(caller, "user_change_invoicing", name, None, metadata);
    }
    if let Some(seconds) = body.unsigned("tag_expiration_s")? {
        let user = state.users.get_mut(name).ok_or_else(missing)?;
        user.tag_expiration = seconds;
        let metadata = json!({"tag_expiration": seconds});
        state.log(caller, "user_change_tag_expiration", name, None, metadata);
    }
    if body.get("invoice_email_address").is_some() {
        let address = body
            .nullable_string("invoice_email_address")?
            .map(str::to_owned);
        let user = state.users.get_mut(name).ok_or_else(missing)?;
        user.invoice_email_address.clone_from(&address);
        let metadata = json!({"invoice_email_address": address});
        state.log(caller, "user_change_invoicing", name, None, metadata);
    }
    let old_email = state.users.get(name).ok_or_else(missing)?.email.clone();
    if let Some(email) = body.string("email")?.filter(|email| *email != old_email) {
        state
            .change_email(name, email)
            .map_err(|error| ErrorResponse::from(error).into_invalid_request())?;
        let metadata = json!({"email": email, "old_email": old_email});
        state.log(caller, "user_change_email", name, None, metadata);
    }
    let about: Vec<_> = ABOUT
        .into_iter()
        .filter_map(|field| Some((field.to_owned(), body.get(field)?.clone())))
        .collect();
    if !about.is_empty() {
        let user = state.users.get_mut(name).ok_or_else(missing)?;
        user.about.extend(about.iter().cloned());
        let metadata = Value::Object(about.into_iter().collect());
        state.log(caller, "user_change_metadata", name, None, metadata);
    }
    let user = state.users.get(name).ok_or_else(missing)?;
    Ok(Response::ok(view(state, caller, user)))
}

fn delete_me(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let name = request.as_user_admin()?;
    state.delete_own_account(&request.caller, name)?;
    Ok(Response::no_content())
}
