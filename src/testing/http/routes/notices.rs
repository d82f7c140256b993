//! What the caller is told.

use super::{Outcome, Routes};
use crate::testing::clock::rfc2822;
use crate::testing::http::call::Call;
use crate::testing::state::State;
use crate::testing::state::notifications::Notice;
use crate::testing::state::places::Row;
use crate::testing::{ErrorResponse, Response};
use serde_json::{Value, json};

pub const ROUTES: Routes = &[
    ("listUserNotifications", list),
    ("getUserNotification", get),
    ("updateUserNotification", update),
];

const PAGE: &str = "Offset page number. (int)";
const LIMIT: &str = "Limit on the number of results (int)";

fn view(world: &State, row: &Row<Notice>) -> Value {
    let namespace = row.place.namespace();
    let organization = world
        .organizations
        .contains_key(namespace)
        .then_some(namespace);
    json!({
        "id": row.uuid, "organization": organization, "kind": row.data.kind, "created": rfc2822(row.data.created.unix_seconds()),
        "metadata": row.data.metadata, "dismissed": row.data.dismissed,
    })
}

/// The newest first. A page is asked for with one row more than it shows, and so is the next: the
/// row at the border is never shown. Page 0 is page 1.
fn list(world: &mut State, call: &Call<'_>) -> Outcome {
    let user = world.may_as_user(call)?;
    let (page, limit) = (
        call.number("page", PAGE)?.unwrap_or(0),
        call.number("limit", LIMIT)?.unwrap_or(5),
    );
    if limit < 0 || page < 0 {
        return Err(ErrorResponse::Internal);
    }
    let (page, limit) = (
        usize::try_from(page).unwrap_or_default().max(1),
        usize::try_from(limit).unwrap_or_default(),
    );
    let mut rows: Vec<&Row<Notice>> = world
        .notices
        .all()
        .filter(|row| !row.data.dismissed && world.is_told(user, row.place.namespace()))
        .collect();
    rows.reverse();
    rows.sort_by_key(|row| std::cmp::Reverse(row.data.created));
    let step = limit.saturating_add(1);
    let rows: Vec<Value> = rows
        .into_iter()
        .skip((page - 1).saturating_mul(step))
        .take(step)
        .map(|row| view(world, row))
        .collect();
    let additional = rows.len() > limit;
    Ok(Response::ok(
        json!({"notifications": rows.into_iter().take(limit).collect::<Vec<_>>(), "additional": additional}),
    ))
}

fn find(world: &State, call: &Call<'_>) -> Result<Row<Notice>, ErrorResponse> {
    let user = world.may_as_user(call)?;
    let row = world
        .notices
        .all()
        .find(|row| row.uuid == call.path("uuid") && world.is_told(user, row.place.namespace()));
    row.cloned().ok_or(ErrorResponse::NotFound)
}

fn get(world: &mut State, call: &Call<'_>) -> Outcome {
    Ok(Response::ok(view(world, &find(world, call)?)))
}

fn update(world: &mut State, call: &Call<'_>) -> Outcome {
    let dismissed = call.body()?.flag("dismissed")?.unwrap_or(false);
    let mut row = find(world, call)?;
    row.data.dismissed = dismissed;
    if let Some(notice) = world.notices.get_mut(&row.place, &row.uuid) {
        notice.dismissed = dismissed;
    }
    Ok(Response::ok(view(world, &row)))
}
