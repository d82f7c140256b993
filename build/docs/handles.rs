//! Which method of which handle calls an operation: read from the text of `src/api/`.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

/// By name of the generated method, the methods that call it, such as `TagsHandle::list`.
pub type Methods = BTreeMap<String, Vec<String>>;

/// Reads every file of a folder.
pub fn read(folder: &Path) -> io::Result<Methods> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        files.push(entry?.path());
    }
    files.sort();
    let mut methods = Methods::new();
    for file in files {
        scan(&fs::read_to_string(file)?, &mut methods);
    }
    Ok(methods)
}

/// Finds `.api().some_operation(` and what stands around it.
fn scan(text: &str, methods: &mut Methods) {
    let (mut owner, mut method) = (String::new(), String::new());
    let mut is_public = true;
    for line in text.lines() {
        let code = line.trim_start();
        if code.starts_with("//") {
            continue;
        }
        if let Some(rest) = line.strip_prefix("impl ") {
            let rest = rest.trim_end_matches([' ', '{']);
            // A query is reached through the listing that it is part of.
            owner = rest
                .strip_prefix("Query for ")
                .map_or_else(|| rest.to_owned(), |query| format!("Listing<{query}>"));
        }
        if let Some((before, after)) = code.split_once("fn ") {
            is_public = before.starts_with("pub ") || owner.starts_with("Listing<");
            method = after
                .split(['(', '<'])
                .next()
                .unwrap_or_default()
                .to_owned();
        }
        for call in code.split(".api().").skip(1) {
            let name = call.split('(').next().unwrap_or_default();
            let found = match (owner.starts_with("Listing<"), is_public) {
                (true, _) => owner.clone(),
                (false, true) => format!("{owner}::{method}"),
                // A helper: the handle is enough.
                (false, false) => owner.clone(),
            };
            let known = methods.entry(name.to_owned()).or_default();
            if !known.contains(&found) {
                known.push(found);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_found_with_their_method() {
        let mut methods = Methods::new();
        let text = "impl TagHandle {\n    /// quay.api().documented(\n    pub async fn delete(&self) -> Result<()> {\n        \
            self.quay.send(self.quay.api().delete_full_tag(1)).await\n    }\n    async fn help(&self) {\n        quay.api().helped()\n    }\n}\n\
            impl Query for ListTags {\n    async fn fetch(&self) {\n        quay.api().list_repo_tags()\n    }\n}\n";
        scan(text, &mut methods);
        let of = |name: &str| methods.get(name).map(|m| m.join(","));
        assert_eq!(of("delete_full_tag").as_deref(), Some("TagHandle::delete"));
        assert_eq!(of("helped").as_deref(), Some("TagHandle"));
        assert_eq!(of("list_repo_tags").as_deref(), Some("Listing<ListTags>"));
        assert_eq!(of("documented"), None);
    }
}
