//! Tests of reading the overlay, and of joining it with a discovery document.

use super::diagnostic::Diagnostics;
use super::overlay::Overlay;
use super::{discovery, join};
use serde_json::json;

#[test]
fn diagnostics_name_file_entry_and_reason() {
    for (text, expected) in [
        (
            "[operations.x]\nheadline = \"\"",
            "operations.x.headline: unknown key",
        ),
        (
            "[operations.x]\nreturns = \"[Tag\"",
            "operations.x.returns: `[Tag` is not a type",
        ),
        (
            "[operations.x]\npaging = \"endless\"",
            "operations.x.paging: `endless` is not a paging style",
        ),
        (
            "[schemas.X.fields]\na = \"string\"",
            "schemas.X.fields.a: `string` is not `TYPE - description`",
        ),
        (
            "[schemas.X.fields]\na = \"string - \"",
            "is not `TYPE - description`",
        ),
        (
            "[operations.x]\nidempotency = \"once\"",
            "operations.x.idempotency: `once` is not `safe - reason`",
        ),
        (
            "[operations.x]\nidempotency = \"safe - \"",
            "operations.x.idempotency: `safe - ` has no reason",
        ),
        (
            "[operations.x]\nsince = \"3\"",
            "operations.x.since: `3` is not a release such as `3.11` or `3.17.2`",
        ),
        (
            "[operations.x]\nlisted = \"3.11.0\"",
            "operations.x.listed: `3.11.0` is not a release",
        ),
        (
            "[operations.x]\nfeature = \"mailing\"",
            "operations.x.feature: `mailing` is not the name of a setting",
        ),
        (
            "[operations.x]\ninternal = 1",
            "operations.x.internal: expected true or false, found 1",
        ),
        (
            "[operations.x]\nstatus = [7]",
            "operations.x.status: expected an HTTP status, found 7",
        ),
        (
            "[operations.x]\nsummary = 1.5",
            "operations.x.summary: expected a string, found float",
        ),
        (
            "[values.X]\ndescription = \"An x.\"",
            "values.X: requires `description` and `schema`",
        ),
        (
            "operations = \"none\"",
            "operations: expected a table, found `none`",
        ),
        ("[operations.x]\nsummary = \"X.\"\n[schemas", "line 3: "),
        ("[path]\ntag = \"A\"\ntag = \"B\"", "line 3: duplicate key"),
    ] {
        let diagnostic = Overlay::default().add("tag", text).err();
        let diagnostic = diagnostic.map(|d| d.to_string()).unwrap_or_default();
        assert!(
            diagnostic.starts_with("overlay/tag.toml: ") && diagnostic.contains(expected),
            "{text}: {diagnostic}"
        );
    }
}

#[test]
fn refuses_an_entry_in_two_files() {
    for (text, expected) in [
        (
            "[schemas.Tag]\ndescription = \"A tag.\"\nfields.name = \"string - Its name.\"",
            "overlay/team.toml: schema Tag: is defined in overlay/tag.toml as well",
        ),
        (
            "[operations.listTags]\nsummary = \"Lists tags.\"",
            "overlay/team.toml: listTags: is defined in overlay/tag.toml as well",
        ),
        (
            "[path]\ntag = \"Its name.\"",
            "overlay/team.toml: path.tag: is defined in another file as well",
        ),
    ] {
        let mut overlay = Overlay::default();
        assert!(overlay.add("tag", text).is_ok());
        let diagnostic = overlay.add("team", text).err().map(|d| d.to_string());
        assert_eq!(diagnostic.as_deref(), Some(expected));
    }
}

/// Returns the diagnostics of an overlay file `tag.toml` for one operation.
fn diagnostics(file: &str) -> Vec<String> {
    let document = json!({
        "swagger": "2.0",
        "paths": {"/api/v1/repository/{repository}/tag/{tag}": {
            "parameters": [
                {"name": "repository", "in": "path", "type": "string"},
                {"name": "tag", "in": "path", "type": "string"},
            ],
            "put": {
                "operationId": "changeTag", "tags": ["tag"],
                "parameters": [
                    {"name": "force", "in": "query", "type": "boolean"},
                    {"name": "body", "in": "body", "schema": {"$ref": "#/definitions/ChangeTag"}},
                ],
            },
        }},
        "definitions": {"ChangeTag": {"properties": {"digest": {}, "expiration": {}}}},
    });
    let mut overlay = Overlay::default();
    let common = "[path]\nrepository = \"Its name.\"\ntag = \"Its name.\"";
    let read = overlay
        .add("common", common)
        .and_then(|()| overlay.add("tag", file));
    let joined = read
        .map_err(Diagnostics::from)
        .and_then(|()| join(discovery::parse(&document)?, overlay));
    joined
        .err()
        .map(|d| d.0.iter().map(ToString::to_string).collect())
        .unwrap_or_default()
}

const OPERATION: &str = "
    [operations.changeTag]
    summary = \"Changes a tag.\"
    query.force = \"Whether to do it anyway.\"
    body = \"ChangeTag\"
    returns = \"acknowledgement\"
    status = [201]
";
const SCHEMA: &str = "
    [schemas.ChangeTag]
    description = \"A change.\"
    fields.digest = \"string - Where to.\"
    fields.expiration = \"integer? - Until when.\"
";

/// Asserts that the operation and its schema, with a part replaced, cause a diagnostic.
fn expect(replaced: &str, by: &str, expected: &str) {
    let file = format!("{OPERATION}{SCHEMA}");
    assert!(file.contains(replaced), "{replaced}");
    expect_of(&file.replacen(replaced, by, 1), expected);
}

fn expect_of(file: &str, expected: &str) {
    let diagnostics = diagnostics(file);
    assert!(
        diagnostics.iter().any(|d| d == expected),
        "{diagnostics:#?} lacks {expected}"
    );
}

#[test]
fn a_complete_overlay_has_no_diagnostics() {
    let file = format!("{OPERATION}{SCHEMA}");
    assert_eq!(diagnostics(&file), Vec::<String>::new());
}

#[test]
fn operations_and_entries_belong_together() {
    expect_of(
        "",
        "overlay/tag.toml: changeTag: the operation is in discovery.json, but has no entry here",
    );
    expect_of(
        &format!("{OPERATION}{SCHEMA}\n[operations.gone]\nsummary = \"Is gone.\""),
        "overlay/tag.toml: gone: discovery.json has no such operation; an operation that it lacks \
         requires method, path and tag",
    );
}

#[test]
fn parameters_exist_and_have_a_description() {
    expect(
        "query.force = \"Whether to do it anyway.\"",
        "",
        "overlay/tag.toml: changeTag: parameter force has no description",
    );
    expect(
        "query.force",
        "query.gone = \"Gone.\"\nquery.force",
        "overlay/tag.toml: changeTag: discovery.json has no query parameter gone",
    );
    expect(
        "query.force",
        "path.gone = \"Gone.\"\nquery.force",
        "overlay/tag.toml: changeTag: discovery.json has no path parameter gone",
    );
    expect(
        "query.force",
        "hidden.force = \"boolean - It.\"\nquery.force",
        "overlay/tag.toml: changeTag: query parameter force is in discovery.json: not hidden",
    );
}

#[test]
fn bodies_have_the_fields_of_the_document() {
    expect(
        "fields.expiration",
        "fields.expires",
        "overlay/tag.toml: changeTag: its body lacks expiration, which discovery.json has in \
         ChangeTag",
    );
    expect(
        "body = \"ChangeTag\"",
        "",
        "overlay/tag.toml: changeTag: discovery.json declares a body (ChangeTag), the entry none",
    );
    expect(
        "status",
        "body_differs = \"why\"\nstatus",
        "overlay/tag.toml: changeTag: has `body_differs`, but discovery.json declares the same \
         fields",
    );
}

#[test]
fn schemas_exist_once_and_are_used() {
    expect_of(
        OPERATION,
        "overlay/tag.toml: changeTag: there is no type ChangeTag",
    );
    expect(
        SCHEMA,
        &format!(
            "{SCHEMA}[schemas.Lonely]\ndescription = \"Unused.\"\nfields.a = \"string - It.\""
        ),
        "overlay/tag.toml: schema Lonely: no operation, webhook or document uses it",
    );
    expect(
        SCHEMA,
        &format!("{SCHEMA}fields.other = \"Gone? - It.\""),
        "overlay/tag.toml: schema ChangeTag.other: there is no type Gone",
    );
    expect(
        SCHEMA,
        &format!("{SCHEMA}values.a = \"It.\""),
        "overlay/tag.toml: schema ChangeTag: requires exactly one of fields, values, one_of and \
         variants",
    );
    expect(
        SCHEMA,
        &format!("{SCHEMA}fields.DIGEST = \"string - It.\""),
        "overlay/tag.toml: schema ChangeTag: two parts have the Rust name digest",
    );
    expect(
        "description = \"A change.\"",
        "description = \"A change.\"\nsparse = true",
        "overlay/tag.toml: schema ChangeTag: is sparse, which requires `extra`, no `flatten` and \
         optional fields only",
    );
}

#[test]
fn operations_are_complete() {
    expect(
        "returns = \"acknowledgement\"",
        "",
        "overlay/tag.toml: changeTag: has no `returns`",
    );
    expect(
        "[201]",
        "[404]",
        "overlay/tag.toml: changeTag: status 404 is not a success",
    );
    expect(
        "status",
        "paging = \"token\"\nstatus",
        "overlay/tag.toml: changeTag: `paging` and `rows` require each other",
    );
    expect(
        "status",
        "idempotency = \"idempotent - It is a PUT.\"\nstatus",
        "overlay/tag.toml: changeTag: its idempotency is that of PUT already",
    );
}

#[test]
fn releases_are_later_than_the_ones_that_they_follow() {
    expect(
        "status",
        "since = \"3.8\"\nstatus",
        "overlay/tag.toml: changeTag: `since` 3.8 says nothing: 3.8 is the oldest release",
    );
    expect(
        "status",
        "since = \"3.11\"\nlisted = \"3.11\"\nstatus",
        "overlay/tag.toml: changeTag: `listed` 3.11 is not later than the release that brought it",
    );
    let file =
        format!("{OPERATION}since = \"3.9\"\nlisted = \"3.17.2\"\nfeature = [\"A\"]{SCHEMA}");
    assert_eq!(diagnostics(&file), Vec::<String>::new());
}
