//! Tests of what a discovery document says of a server.

use super::*;
use serde_json::json;

fn operation(id: &str) -> &'static Operation {
    Operation::find(id).unwrap_or_else(|| panic!("there is no {id}"))
}

/// Returns what a document with these paths says, and with that of the document itself.
fn served(mut paths: Value, definitions: Value) -> Option<ServedOperations> {
    paths["/api/v1/discovery"] = json!({"get": {"operationId": "discovery"}});
    let document = json!({"swagger": "2.0", "paths": paths, "definitions": definitions});
    ServedOperations::read(&document)
}

#[test]
fn an_operation_is_known_by_method_and_path() -> Result<(), &'static str> {
    let get = json!({"get": {"operationId": "renamed"}});
    let paths = json!({"/api/v1/organization/{name}/robots": get});
    let served = served(paths, json!({})).ok_or("no document")?;
    for (id, expected) in [
        ("getOrgRobots", Some(true)),
        ("discovery", Some(true)),
        ("getOrgRobot", Some(false)),
        // No document of any server lists it.
        ("initializeUser", None),
    ] {
        assert_eq!(served.has(operation(id)), expected, "{id}");
    }
    Ok(())
}

#[test]
fn a_path_without_operations_tells_nothing_of_those_that_were_listed_late()
-> Result<(), &'static str> {
    let empty = json!({"x-name": "endpoints.api.robot"});
    let paths = json!({
        "/api/v1/organization/{orgname}/robots/{robot_shortname}/federation": empty,
        "/api/v1/repository/{repository}/changetrust": empty,
        "/api/v1/user/": {"get": {"operationId": "getLoggedInUser"}},
    });
    let served = served(paths, json!({})).ok_or("no document")?;
    for (id, expected) in [
        ("getOrgRobotFederation", None),
        ("getUserRobotFederation", Some(false)),
        ("changeRepoTrust", Some(false)),
        ("createNewUser", Some(false)),
    ] {
        assert_eq!(served.has(operation(id)), expected, "{id}");
    }
    Ok(())
}

#[test]
fn reads_which_fields_a_body_has() -> Result<(), &'static str> {
    let body = |name: &str| {
        let schema = json!({"$ref": format!("#/definitions/{name}")});
        json!({"post": {"operationId": "x", "parameters": [{"name": "body", "in": "body", "schema": schema}]}})
    };
    let paths = json!({
        "/api/v1/repository/{repository}/mirror": body("CreateMirrorConfig"),
        "/api/v1/user/autoprunepolicy/": body("Nowhere"),
    });
    let definitions =
        json!({"CreateMirrorConfig": {"properties": {"skopeo_timeout_interval": {}}}});
    let served = served(paths, definitions).ok_or("no document")?;
    assert_eq!(
        served.lacks_fields,
        [("createRepoMirrorConfig", "architecture_filter")]
    );
    Ok(())
}

#[test]
fn a_document_that_does_not_list_itself_is_none() {
    let document = json!({"swagger": "2.0", "paths": {"/pets": {"get": {"operationId": "x"}}}});
    assert!(ServedOperations::read(&document).is_none());
}
