//! Notices of the web UI for the caller.

use crate::testing::clock::rfc2822;
use crate::testing::http::api_request::ApiRequest;
use crate::testing::http::routes::{HandlerResult, Routes};
use crate::testing::state::State;
use crate::testing::state::notifications::Notice;
use crate::testing::state::owned::Owned;
use crate::testing::{ErrorResponse, Response};
use serde_json::{Value, json};

pub const ROUTES: Routes = &[
    ("listUserNotifications", list),
    ("getUserNotification", get),
    ("updateUserNotification", update),
];

const PAGE: &str = "Offset page number. (int)";
const LIMIT: &str = "Limit on the number of results (int)";

fn view(state: &State, row: &Owned<Notice>) -> Value {
    let namespace = row.owner.namespace();
    let organization = state
        .organizations
        .contains_key(namespace)
        .then_some(namespace);
    json!({
        "id": row.uuid, "organization": organization, "kind": row.data.kind, "created": rfc2822(row.data.created.unix_seconds()),
        "metadata": row.data.metadata, "dismissed": row.data.dismissed,
    })
}

/// Lists notices, the newest first. The server reads a page with one row more than it shows, and so
/// the next: the row at the border is never shown. Page 0 is page 1.
fn list(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let user = request.as_user_admin()?;
    let (page, limit) = (
        request.query_number("page", PAGE)?.unwrap_or(0),
        request.query_number("limit", LIMIT)?.unwrap_or(5),
    );
    if limit < 0 || page < 0 {
        return Err(ErrorResponse::Internal);
    }
    let (page, limit) = (
        usize::try_from(page).unwrap_or_default().max(1),
        usize::try_from(limit).unwrap_or_default(),
    );
    let mut rows: Vec<&Owned<Notice>> = state
        .notices
        .all()
        .filter(|row| !row.data.dismissed && state.is_namespace_admin(row.owner.namespace(), user))
        .collect();
    rows.reverse();
    rows.sort_by_key(|row| std::cmp::Reverse(row.data.created));
    let step = limit.saturating_add(1);
    let rows: Vec<Value> = rows
        .into_iter()
        .skip((page - 1).saturating_mul(step))
        .take(step)
        .map(|row| view(state, row))
        .collect();
    let additional = rows.len() > limit;
    Ok(Response::ok(
        json!({"notifications": rows.into_iter().take(limit).collect::<Vec<_>>(), "additional": additional}),
    ))
}

fn find(state: &State, request: &ApiRequest<'_>) -> Result<Owned<Notice>, ErrorResponse> {
    let user = request.as_user_admin()?;
    let row = state.notices.all().find(|row| {
        row.uuid == request.path("uuid") && state.is_namespace_admin(row.owner.namespace(), user)
    });
    row.cloned().ok_or(ErrorResponse::NotFound)
}

fn get(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    Ok(Response::ok(view(state, &find(state, request)?)))
}

fn update(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let dismissed = request.body()?.boolean("dismissed")?.unwrap_or(false);
    let mut row = find(state, request)?;
    row.data.dismissed = dismissed;
    if let Some(notice) = state.notices.get_mut(&row.owner, &row.uuid) {
        notice.dismissed = dismissed;
    }
    Ok(Response::ok(view(state, &row)))
}
