//! Repositories that a user starred.

use super::repositories::PAGE;
use super::{Outcome, Routes, paged};
use crate::testing::Response;
use crate::testing::http::call::Call;
use crate::testing::state::State;
use crate::testing::state::repositories::Repository;
use serde_json::{Value, json};

pub const ROUTES: Routes = &[
    ("listStarredRepos", list),
    ("createStar", add),
    ("deleteStar", remove),
];

fn list(world: &mut State, call: &Call<'_>) -> Outcome {
    let user = world.may_as_user(call)?;
    let mut starred: Vec<&Repository> = world
        .repositories
        .values()
        .filter(|r| r.stars.contains(user))
        .collect();
    starred.sort_by_key(|r| r.id);
    let row = |r: &Repository| json!({"namespace": r.namespace, "name": r.name, "description": r.description, "is_public": r.is_public()});
    let rows: Vec<(u64, Value)> = starred.into_iter().map(|r| (r.id, row(r))).collect();
    let (rows, next) = world.page(rows, |(id, _)| *id, PAGE, call.text("next_page").as_deref());
    Ok(paged(
        "repositories",
        rows.into_iter().map(|(_, row)| row).collect(),
        next,
    ))
}

/// A star on a repository that is not there is answered with null, and 200.
fn add(world: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.body()?;
    let (namespace, name) = (body.required("namespace")?, body.required("repository")?);
    let user = world.may_as_user(call)?;
    let Some(repository) = world.repository_mut(namespace, name) else {
        return Ok(Response::ok(Value::Null));
    };
    repository.stars.insert(user.to_owned());
    Ok(Response::created(
        json!({"namespace": namespace, "repository": name}),
    ))
}

fn remove(world: &mut State, call: &Call<'_>) -> Outcome {
    let user = world.may_as_user(call)?;
    let (namespace, name) = call.repository();
    let Some(repository) = world.repository_mut(namespace, name) else {
        return Ok(Response::ok(Value::Null));
    };
    repository.stars.remove(user);
    Ok(Response::no_content())
}
