//! Which method of which handle calls an operation: read from the text of `src/api/`.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

/// By name of the generated method, the methods that call it, such as `TagsHandle::list`.
pub type Methods = BTreeMap<String, Vec<String>>;

/// Reads every file of a folder and of the folders in it.
pub fn read(folder: &Path) -> io::Result<Methods> {
    let mut methods = Methods::new();
    for text in sources(folder)? {
        scan(&text, &mut methods);
    }
    Ok(methods)
}

/// The text of every file of a folder and of the folders in it, sorted by path.
pub fn sources(folder: &Path) -> io::Result<Vec<String>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        paths.push(entry?.path());
    }
    paths.sort();
    let mut texts = Vec::new();
    for path in paths {
        match path.is_dir() {
            true => texts.extend(sources(&path)?),
            false => texts.push(fs::read_to_string(path)?),
        }
    }
    Ok(texts)
}

/// The text without comments, with each chain of calls on one line.
fn joined(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    for line in text.lines() {
        let code = line.trim_start();
        if code.starts_with("//") {
            continue;
        }
        match code.starts_with('.') {
            true => joined.push_str(code),
            false => {
                joined.push('\n');
                joined.push_str(line);
            }
        }
    }
    joined
}

/// Finds `.api().some_operation(` and what stands around it.
fn scan(text: &str, methods: &mut Methods) {
    let (mut owner, mut method) = (String::new(), String::new());
    let mut is_public = true;
    for line in joined(text).lines() {
        let code = line.trim_start();
        if let Some(rest) = line.strip_prefix("impl ") {
            let rest = rest.trim_end_matches([' ', '{']);
            // The request of a listing is reached through the listing.
            owner = rest
                .strip_prefix("ListRequest for ")
                .map_or_else(|| rest.to_owned(), |request| format!("Listing<{request}>"));
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
            impl ListRequest for ListTags {\n    fn page_request(&self) {\n        quay\n            .api()\n            .list_repo_tags()\n    }\n}\n";
        scan(text, &mut methods);
        let of = |name: &str| methods.get(name).map(|m| m.join(","));
        assert_eq!(of("delete_full_tag").as_deref(), Some("TagHandle::delete"));
        assert_eq!(of("helped").as_deref(), Some("TagHandle"));
        assert_eq!(of("list_repo_tags").as_deref(), Some("Listing<ListTags>"));
        assert_eq!(of("documented"), None);
    }
}
