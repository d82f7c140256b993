//! Null, where a list or map was meant.

use serde::{Deserialize, Deserializer};

/// Reads null as the empty list or map.
pub(crate) fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[derive(Deserialize)]
    struct Answer {
        #[serde(deserialize_with = "null_as_default")]
        rows: Vec<i64>,
        #[serde(deserialize_with = "null_as_default")]
        by_name: BTreeMap<String, bool>,
    }

    #[test]
    fn null_is_empty_and_missing_is_not() -> Result<(), serde_json::Error> {
        let empty: Answer = serde_json::from_str(r#"{"rows": null, "by_name": null}"#)?;
        assert!(empty.rows.is_empty() && empty.by_name.is_empty());
        let full: Answer = serde_json::from_str(r#"{"rows": [1, 2], "by_name": {"a": true}}"#)?;
        assert_eq!((full.rows, full.by_name.get("a")), (vec![1, 2], Some(&true)));
        assert!(serde_json::from_str::<Answer>(r#"{"rows": []}"#).is_err());
        assert!(serde_json::from_str::<Answer>(r#"{"rows": {}, "by_name": {}}"#).is_err());
        Ok(())
    }
}
