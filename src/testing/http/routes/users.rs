//! The caller's own account, and what is known of others.

use super::{Outcome, Routes, views};
use crate::testing::http::call::Call;
use crate::testing::state::State;
use crate::testing::state::accounts::{Organization, User};
use crate::testing::state::tokens::SCOPES;
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

/// The members that a person may fill in.
const ABOUT: [&str; 4] = ["company", "family_name", "given_name", "location"];

fn me(world: &mut State, call: &Call<'_>) -> Outcome {
    let name = world
        .may_as_reader(call)
        .map_err(|_| ErrorResponse::NotLoggedIn)?;
    let user = world.users.get(name).ok_or(ErrorResponse::NotLoggedIn)?;
    Ok(Response::ok(view(world, call, user)))
}

fn someone(world: &mut State, call: &Call<'_>) -> Outcome {
    let user = world
        .users
        .get(call.path("username"))
        .ok_or(ErrorResponse::NoSuchThing)?;
    Ok(Response::ok(view(world, call, user)))
}

/// As much of a user as the caller may see.
fn view(world: &State, call: &Call<'_>, user: &User) -> Value {
    let mut view = json!({"anonymous": false, "username": user.name, "avatar": views::avatar(&user.name, &user.email, "user")});
    let is_me = call.user() == Some(&user.name);
    let is_admin = is_me && world.may_as_user(call).is_ok();
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
        views::add_quotas(world, &user.name, &mut view);
    }
    if is_me && world.may_as_reader(call).is_ok() {
        let mut member_of: Vec<&Organization> = world
            .organizations
            .values()
            .filter(|o| o.teams.values().any(|t| t.members.contains(&user.name)))
            .collect();
        member_of.sort_by_key(|o| o.id);
        let row = |organization: &&Organization| {
            let role = world.organization_role(call, &organization.name);
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
    if world.is_superuser(call) {
        view["super_user"] = is_me.into();
    }
    view
}

fn merge(view: &mut Value, more: Value) {
    if let (Value::Object(view), Value::Object(more)) = (view, more) {
        view.extend(more);
    }
}

fn create(world: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.body()?;
    let (name, password) = (body.required("username")?, body.required("password")?);
    if world.users.contains_key(name) {
        return Err(ErrorResponse::invalid("The username already exists"));
    }
    check_password(password)?;
    let user = world
        .create_user(name, body.text("email")?.unwrap_or_default())
        .map_err(as_request_error)?;
    user.verified = true;
    let user = user.clone();
    world.log(
        call,
        "user_create",
        name,
        None,
        json!({"email": user.email, "username": name}),
    );
    // The server shows the new user as if it had logged in.
    let token = world.new_token(
        name,
        SCOPES.iter().map(|s| (*s).to_owned()).collect(),
        None,
        Default::default(),
    );
    let parameters = call.parameters.clone();
    let as_new_user = Call {
        operation: call.operation,
        parameters,
        token: Some(token),
        received: call.received,
    };
    Ok(Response::ok(view(world, &as_new_user, &user)))
}

/// What the database layer refuses, in the shape that some operations give it.
fn as_request_error(refusal: ErrorResponse) -> ErrorResponse {
    match refusal {
        ErrorResponse::Message(400, Value::String(text)) => ErrorResponse::InvalidRequest(text),
        other => other,
    }
}

pub fn check_password(password: &str) -> Result<(), ErrorResponse> {
    let is_good = password.chars().count() > 7 && !password.contains(char::is_whitespace);
    is_good.then_some(()).ok_or_else(|| {
        ErrorResponse::invalid(
            "Invalid password, password must be at least 8 characters and contain no whitespace.",
        )
    })
}

fn change_me(world: &mut State, call: &Call<'_>) -> Outcome {
    let name = world.may_as_user(call)?;
    let body = call.body()?;
    let missing = || ErrorResponse::NotLoggedIn;
    if let Some(password) = body.text("password")? {
        check_password(password)?;
        world.log(call, "account_change_password", name, None, json!({}));
    }
    if let Some(invoice) = body.flag("invoice_email")? {
        world.users.get_mut(name).ok_or_else(missing)?.invoice_email = invoice;
        world.log(
            call,
            "user_change_invoicing",
            name,
            None,
            json!({"invoice_email": invoice}),
        );
    }
    if let Some(seconds) = body.natural("tag_expiration_s")? {
        world
            .users
            .get_mut(name)
            .ok_or_else(missing)?
            .tag_expiration = seconds;
        world.log(
            call,
            "user_change_tag_expiration",
            name,
            None,
            json!({"tag_expiration": seconds}),
        );
    }
    if body.get("invoice_email_address").is_some() {
        let address = body.text("invoice_email_address")?.map(str::to_owned);
        world
            .users
            .get_mut(name)
            .ok_or_else(missing)?
            .invoice_email_address
            .clone_from(&address);
        world.log(
            call,
            "user_change_invoicing",
            name,
            None,
            json!({"invoice_email_address": address}),
        );
    }
    let old_email = world.users.get(name).ok_or_else(missing)?.email.clone();
    if let Some(email) = body.text("email")?.filter(|email| *email != old_email) {
        if world.users.values().any(|u| u.email == email) {
            return Err(ErrorResponse::invalid("E-mail address already used"));
        }
        email.clone_into(&mut world.users.get_mut(name).ok_or_else(missing)?.email);
        world.log(
            call,
            "user_change_email",
            name,
            None,
            json!({"email": email, "old_email": old_email}),
        );
    }
    let about: Vec<_> = ABOUT
        .into_iter()
        .filter_map(|member| Some((member.to_owned(), body.get(member)?.clone())))
        .collect();
    if !about.is_empty() {
        world
            .users
            .get_mut(name)
            .ok_or_else(missing)?
            .about
            .extend(about.iter().cloned());
        world.log(
            call,
            "user_change_metadata",
            name,
            None,
            Value::Object(about.into_iter().collect()),
        );
    }
    let user = world.users.get(name).ok_or_else(missing)?;
    Ok(Response::ok(view(world, call, user)))
}

fn delete_me(world: &mut State, call: &Call<'_>) -> Outcome {
    let name = world.may_as_user(call)?;
    world.log(call, "user_delete", name, None, json!({"username": name}));
    world.delete_namespace(name);
    Ok(Response::no_content())
}
