//! Dates in the metadata of usage logs.

use quay_api::types::LogMetadata;
use serde_json::json;

/// As a server of release 3.8 sent them.
#[test]
fn reads_the_old_expiration_of_a_tag_in_milliseconds_and_of_a_key_in_seconds() {
    for (tag_or_key, expected) in [
        (json!(1_795_718_375_030_i64), "2026-11-26T18:39:35.030Z"),
        (json!(1_900_000_000_i64), "2030-03-17T17:46:40Z"),
    ] {
        let metadata: LogMetadata =
            serde_json::from_value(json!({"old_expiration_date": tag_or_key}))
                .expect("the metadata of an entry");
        let date = metadata.old_expiration_date().expect("a date");
        assert_eq!(date, expected.parse().expect("a date"));
    }
}
